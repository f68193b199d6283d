/* 領収書: what the citizen bought, from whom, at which tax, and how it was paid. */
#include "pos/receipt/form.h"

#include <stdio.h>
#include <string.h>

enum { TAX_INDENT = 3, /* under the words behind a mark and a space */ ASIDE_SIZE = 40 };

static const char *
title_of(const struct receipt_input *input)
{
    switch (input->sale->payment.method) {
    case METHOD_NONE:
        return "ご利用明細書"; /* nothing was received */
    case METHOD_CASH:
        break;
    case METHOD_QR:
    case METHOD_EMONEY:
    case METHOD_CREDIT:
        return input->is_usage_titled ? "ご利用明細兼領収書" : "領　収　書";
    }
    return "領　収　書";
}

static void
print_reference(struct page *page, const struct receipt_input *input)
{
    const struct sale *sale = input->sale;
    const bool is_free = sale->payment.method == METHOD_NONE;
    char day[DATE_SIZE];
    form_field(page, 0, is_free ? "整理番号" : "領収書番号", sale->receipt_number);
    if (input->at_ms != 0 && civil_date_compare(civil_date_at(input->at_ms), sale->received_on) == 0) {
        form_moment(page, is_free ? "取扱日時" : "領収日時", input->at_ms);
    } else {
        /* Paid on another day than recorded: a payment that was unknown at first, or a business day past midnight. */
        form_field(page, 0, is_free ? "取扱日" : "領収日", date_text(day, sale->received_on));
        form_moment(page, "記録日時", input->at_ms);
    }
    form_field(page, 0, "取扱者", input->clerk_name);
}

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
print_total(struct page *page, const struct sale_content *content)
{
    char amount[AMOUNT_SIZE];
    char aside[ASIDE_SIZE];
    int64_t pieces = 0;
    for (size_t i = 0; i < content->line_count; i++) {
        pieces += content->lines[i].quantity;
    }
    snprintf(aside, sizeof aside, " %lld点", (long long)pieces);
    page_total(page, "合計", aside, amount_text(amount, content->total_yen));
}

/* A block for each issuer, with its own lines, totals and taxes; a subtotal only where there are several. */
static void
print_content(struct page *page, const struct receipt_input *input)
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
        if (issuer_subtotal(content, issuer) != 0) {
            page_rule(page);
        }
        if (has_several) {
            form_amount(page, 0, "小計", issuer_subtotal(content, issuer));
        }
        print_taxes(page, content, issuer);
    }
    page_heavy_rule(page);
    print_total(page, content);
}

static const char *
closing_words(const struct receipt_input *input)
{
    if (input->note[0] != '\0') {
        return input->note;
    }
    return input->sale->payment.method == METHOD_NONE ? "ご利用ありがとうございました。"
                                                      : "領収書は大切に保管してください。";
}

void
form_sale(struct page *page, const struct receipt_input *input)
{
    const enum payment_method method = input->sale->payment.method;
    form_head(page, input, title_of(input));
    print_reference(page, input);
    page_rule(page);
    print_content(page, input);
    page_rule(page);
    form_payment(page, input->sale, input->brand_name);
    page_rule(page);
    if (method != METHOD_NONE) {
        page_center(page, method == METHOD_CASH ? "上記の金額を領収しました。" : "電子決済により領収しました。");
    }
    page_space(page);
    page_code(page, input->sale->receipt_number);
    form_foot(page, input, closing_words(input));
}
