/* What an invoice must hold: issuers and their registration numbers, lines, totals per rate and the tax inside them.
 * The same on a receipt and on the slip that takes it back, which makes that one a 適格返還請求書. */
#include "pos/receipt/form.h"

#include <stdio.h>
#include <string.h>

enum { TAX_INDENT = 3, /* under the words behind a mark and a space */ ASIDE_SIZE = 40 };

static const struct master_issuer *
find_issuer(const struct receipt_input *input, const char *code)
{
    for (size_t i = 0; i < input->issuer_count; i++) {
        if (strcmp(input->issuers[i].code, code) == 0) {
            return &input->issuers[i];
        }
    }
    return NULL;
}

static void
print_issuer(struct page *page, const struct receipt_input *input, const char *code)
{
    char number[NAME_SIZE] = "";
    const struct master_issuer *issuer = find_issuer(input, code);
    if (issuer != NULL && issuer->registration_number[0] != '\0') {
        snprintf(number, sizeof number, "登録番号 %s", issuer->registration_number);
    }
    page_pair(page, 0, issuer != NULL ? issuer->name : code, number);
}

/* The rows of the invoice for ISSUER, each under the mark of its lines: they are the marks' legend too. */
static void
print_taxes(struct page *page, const struct sale_content *content, const char *issuer)
{
    for (size_t i = 0; i < content->tax_count; i++) {
        const struct tax_total *row = &content->taxes[i];
        if (strcmp(row->issuer, issuer) != 0 || row->subject_yen == 0) {
            continue;
        }
        if (row->tax == TAX_STANDARD10) {
            form_amount(page, 0, "内 10%対象計(税込)", row->subject_yen);
            form_amount(page, TAX_INDENT, "うち消費税等", row->tax_yen);
        } else {
            form_amount(page, 0, "非 非課税計", row->subject_yen);
        }
    }
}

static bool
is_first_of_issuer(const struct sale_content *content, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(content->lines[i].issuer, content->lines[index].issuer) == 0) {
            return false;
        }
    }
    return true;
}

static size_t
count_issuers(const struct sale_content *content)
{
    size_t count = 0;
    for (size_t i = 0; i < content->line_count; i++) {
        count += is_first_of_issuer(content, i);
    }
    return count;
}

static int64_t
issuer_subtotal(const struct sale_content *content, const char *issuer)
{
    int64_t sum_yen = 0; /* at most total_yen, by the sale's invariant */
    for (size_t i = 0; i < content->tax_count; i++) {
        if (strcmp(content->taxes[i].issuer, issuer) == 0) {
            sum_yen += content->taxes[i].subject_yen;
        }
    }
    return sum_yen;
}

static void
print_total(struct page *page, const struct sale_content *content, const char *label)
{
    char amount[AMOUNT_SIZE];
    char aside[ASIDE_SIZE];
    int64_t pieces = 0;
    for (size_t i = 0; i < content->line_count; i++) {
        pieces += content->lines[i].quantity;
    }
    snprintf(aside, sizeof aside, " %lld点", (long long)pieces);
    page_total(page, label, aside, amount_text(amount, content->total_yen));
}

/* A block for each issuer, with its own lines, totals and taxes; a subtotal only where there are several. */
void
form_content(struct page *page, const struct receipt_input *input, const char *total_label)
{
    const struct sale_content *content = &input->sale->content;
    const bool has_several = count_issuers(content) > 1;
    for (size_t i = 0; i < content->line_count; i++) {
        const char *issuer = content->lines[i].issuer;
        if (!is_first_of_issuer(content, i)) {
            continue;
        }
        if (i > 0) {
            page_rule(page);
        }
        print_issuer(page, input, issuer);
        page_rule(page);
        form_lines(page, input->sale, issuer);
        if (has_several || content->total_yen != 0) {
            page_rule(page);
        }
        if (has_several) {
            form_amount(page, 0, "小計", issuer_subtotal(content, issuer));
        }
        print_taxes(page, content, issuer);
    }
    page_heavy_rule(page);
    print_total(page, content, total_label);
}
