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

/* What LINE costs before an exemption. */
static enum status
price_line(const struct sale_content *content, const struct sale_line *line, int64_t *out_yen, struct error_detail *err)
{
    const struct line_pricing *pricing = &line->pricing;
    enum status status = yen_multiply(out_yen, line->unit_price_yen, line->quantity);
    if (status != STATUS_OK) {
        return status;
    }
    if (line->reduction.yen < 0 || line->reduction.yen > *out_yen) {
        error_set(err, "reduction_too_large", "減免の額が料金を超えています。減免を入れ直してください。");
        return STATUS_INVALID;
    }
    *out_yen -= line->reduction.yen;
    if (pricing->tariff[0] == '\0') {
        return STATUS_OK;
    }
    int64_t explained = 0;
    for (size_t i = 0; i < pricing->row_count && status == STATUS_OK; i++) {
        status = yen_add(&explained, explained, content->rows[pricing->first_row + i].yen);
    }
    if (status == STATUS_OK && explained != *out_yen) {
        error_set(err, "pricing_differs", "料金の計算の内訳が料金と合いません。料金を入れ直してください。");
        status = STATUS_INVALID;
    }
    return status;
}

static enum status
add_line(struct sale_content *content, struct sale_line *line, struct error_detail *err)
{
    enum status status = price_line(content, line, &line->amount_yen, err);
    if (status == STATUS_INVALID) {
        return status;
    }
    if (line->is_exempted) {
        line->amount_yen = 0;
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

int64_t
sale_cashless_yen(const struct sale *sale)
{
    return sale->content.total_yen - sale->payment.cash_part_yen;
}

void
sale_content_remove_line(struct sale_content *content, size_t index)
{
    const struct line_pricing gone = content->lines[index].pricing;
    const size_t after = gone.first_row + gone.row_count;
    if (gone.row_count > 0) {
        memmove(&content->rows[gone.first_row], &content->rows[after],
                (content->row_count - after) * sizeof content->rows[0]);
        content->row_count -= gone.row_count;
    }
    content->line_count--;
    memmove(&content->lines[index], &content->lines[index + 1],
            (content->line_count - index) * sizeof content->lines[0]);
    for (size_t i = index; i < content->line_count; i++) {
        if (content->lines[i].pricing.row_count > 0) {
            content->lines[i].pricing.first_row -= gone.row_count;
        }
    }
}

enum status
sale_content_add_row(struct sale_content *content, const char *text, int64_t yen, struct error_detail *err)
{
    if (content->row_count == PRICING_ROWS_MAX) {
        error_set(err, "too_many_rows", "料金の内訳が多すぎます。分けてお会計してください。");
        return STATUS_OVERFLOW;
    }
    struct line_pricing *pricing = &content->lines[content->line_count - 1].pricing;
    if (pricing->row_count++ == 0) {
        pricing->first_row = content->row_count;
    }
    struct pricing_row *row = &content->rows[content->row_count++];
    snprintf(row->text, sizeof row->text, "%s", text);
    row->yen = yen;
    return STATUS_OK;
}
