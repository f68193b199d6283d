/* The arithmetic of a sale: amounts, total, and tax rounded once. */
#include "pos/checkout/sale.h"

#include <stdio.h>
#include <string.h>

enum {
    STANDARD_TAX_NUMERATOR = 10, /* 10% inside a price of 110 parts */
    STANDARD_TAX_DENOMINATOR = 110
};

const char *
tax_kind_word(enum tax_kind tax)
{
    return tax == TAX_EXEMPT ? "exempt" : "standard10";
}

bool
tax_kind_from_word(const char *word, enum tax_kind *out)
{
    if (strcmp(word, "exempt") == 0) {
        *out = TAX_EXEMPT;
    } else if (strcmp(word, "standard10") == 0) {
        *out = TAX_STANDARD10;
    } else {
        return false;
    }
    return true;
}

static const char *const method_words[] = {
    [METHOD_NONE] = "none",     [METHOD_CASH] = "cash",     [METHOD_QR] = "qr",
    [METHOD_EMONEY] = "emoney", [METHOD_CREDIT] = "credit",
};

const char *
payment_method_word(enum payment_method method)
{
    return method_words[method];
}

bool
payment_method_from_word(const char *word, enum payment_method *out)
{
    for (size_t i = 0; i < sizeof method_words / sizeof method_words[0]; i++) {
        if (strcmp(word, method_words[i]) == 0) {
            *out = (enum payment_method)i;
            return true;
        }
    }
    return false;
}

/* The row of LINE's rate and issuer, made when absent; NULL when there are too many. */
static struct tax_total *
tax_row(struct sale_content *content, const struct sale_line *line)
{
    for (size_t i = 0; i < content->tax_count; i++) {
        if (content->taxes[i].tax == line->tax && strcmp(content->taxes[i].issuer, line->issuer) == 0) {
            return &content->taxes[i];
        }
    }
    if (content->tax_count == TAX_TOTALS_MAX) {
        return NULL;
    }
    struct tax_total *row = &content->taxes[content->tax_count++];
    *row = (struct tax_total){.tax = line->tax};
    snprintf(row->issuer, sizeof row->issuer, "%s", line->issuer);
    return row;
}

static enum status
add_line(struct sale_content *content, struct sale_line *line, struct error_detail *err)
{
    enum status status = STATUS_OK;
    line->amount_yen = 0;
    if (!line->is_exempted) {
        status = yen_multiply(&line->amount_yen, line->unit_price_yen, line->quantity);
    }
    struct tax_total *row = status == STATUS_OK ? tax_row(content, line) : NULL;
    if (row == NULL || yen_add(&row->subject_yen, row->subject_yen, line->amount_yen) != STATUS_OK ||
        yen_add(&content->total_yen, content->total_yen, line->amount_yen) != STATUS_OK ||
        content->total_yen > PAYMENT_MAX_YEN) {
        error_set(err, "total_too_large", "一度にお会計できるのは9,999,999円までです。分けてお会計してください。");
        return STATUS_OVERFLOW;
    }
    return STATUS_OK;
}

enum status
sale_content_total(struct sale_content *content, struct error_detail *err)
{
    content->total_yen = 0;
    content->tax_count = 0;
    for (size_t i = 0; i < content->line_count; i++) {
        enum status status = add_line(content, &content->lines[i], err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    for (size_t i = 0; i < content->tax_count; i++) {
        struct tax_total *row = &content->taxes[i];
        row->tax_yen = 0;
        if (row->tax == TAX_STANDARD10) {
            enum status status =
                yen_fraction(&row->tax_yen, row->subject_yen, STANDARD_TAX_NUMERATOR, STANDARD_TAX_DENOMINATOR);
            if (status != STATUS_OK) {
                return status;
            }
        }
    }
    return STATUS_OK;
}
