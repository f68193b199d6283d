/* What was sold: an invoice must hold issuers with their registration numbers, lines, totals per rate and the tax
 * inside them, as the sale fixed them (消費税法57条の4). The same on a receipt and on the slip that takes it back,
 * which makes that one a 適格返還請求書. */
#include "pos/receipt/fill.h"

#include <string.h>

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

static const char *
facility_name(const struct receipt_input *input, const char *code)
{
    for (size_t i = 0; i < input->facility_count; i++) {
        if (strcmp(input->facilities[i].code, code) == 0) {
            return input->facilities[i].name;
        }
    }
    return code;
}

static void
fill_pricing(struct fill *fill, const struct sale_content *content, const struct line_pricing *pricing,
             struct receiptline_value *list)
{
    struct receiptline_value *row = fill_rows(fill, list, pricing->row_count, PAPERS_PRICING_NAME_COUNT);
    for (size_t i = 0; row != NULL && i < pricing->row_count; i++, row += PAPERS_PRICING_NAME_COUNT) {
        const struct pricing_row *source = &content->rows[pricing->first_row + i];
        row[PAPERS_AT_PRICING_TEXT].text = source->text;
        row[PAPERS_AT_PRICING_AMOUNT].number = source->yen;
    }
}

static void
fill_line(struct fill *fill, const struct receipt_input *input, const struct sale_content *content,
          const struct sale_line *line, struct receiptline_value *row)
{
    const bool is_taxed = line->tax == TAX_STANDARD10;
    row[PAPERS_AT_LINE_NAME].text = line->name;
    row[PAPERS_AT_LINE_UNIT_PRICE].number = line->unit_price_yen;
    row[PAPERS_AT_LINE_QUANTITY].number = line->quantity;
    row[PAPERS_AT_LINE_AMOUNT].number = line->amount_yen;
    row[PAPERS_AT_LINE_MARK].text = line->is_exempted ? "免" : is_taxed ? "内" : "非";
    row[PAPERS_AT_LINE_IS_TAXED].number = is_taxed;
    row[PAPERS_AT_LINE_FACILITY].text = facility_name(input, line->facility);
    row[PAPERS_AT_LINE_TICKET].text = line->ticket;
    if (line->is_exempted) {
        row[PAPERS_AT_LINE_EXEMPTION].text = line->exemption.name;
        row[PAPERS_AT_LINE_EXEMPTION_REASON].text = line->exemption.reason;
    }
    if (line->reduction.rule[0] != '\0') {
        row[PAPERS_AT_LINE_REDUCTION].text = line->reduction.name;
        row[PAPERS_AT_LINE_REDUCTION_GRANTER].text = line->reduction.granter;
        row[PAPERS_AT_LINE_REDUCTION_AMOUNT].number = -line->reduction.yen;
    }
    if (line->override.approved_by[0] != '\0') {
        row[PAPERS_AT_LINE_LIST_PRICE].number = line->override.list_price_yen;
        row[PAPERS_AT_LINE_OVERRIDE_REASON].text = line->override.reason;
    }
    fill_pricing(fill, content, &line->pricing, &row[PAPERS_AT_LINE_PRICING]);
}

/* The lines of ISSUER (NULL: of all) as LIST. */
static void
fill_lines(struct fill *fill, const struct receipt_input *input, const struct sale_content *content, const char *issuer,
           struct receiptline_value *list)
{
    size_t count = 0;
    for (size_t i = 0; i < content->line_count; i++) {
        count += issuer == NULL || strcmp(content->lines[i].issuer, issuer) == 0;
    }
    struct receiptline_value *row = fill_rows(fill, list, count, PAPERS_LINE_NAME_COUNT);
    for (size_t i = 0; row != NULL && i < content->line_count; i++) {
        if (issuer == NULL || strcmp(content->lines[i].issuer, issuer) == 0) {
            fill_line(fill, input, content, &content->lines[i], row);
            row += PAPERS_LINE_NAME_COUNT;
        }
    }
}

/* The rows of the invoice for ISSUER; those of nothing but exempted lines have nothing to say. Returns their sum. */
static int64_t
fill_taxes(struct fill *fill, const struct sale_content *content, const char *issuer, struct receiptline_value *list)
{
    struct receiptline_value *row = fill_rows(fill, list, content->tax_count, PAPERS_TAX_NAME_COUNT);
    int64_t sum_yen = 0; /* at most total_yen, by the sale's invariant */
    list->rows.count = 0;
    for (size_t i = 0; row != NULL && i < content->tax_count; i++) {
        const struct tax_total *total = &content->taxes[i];
        if (strcmp(total->issuer, issuer) != 0 || total->subject_yen == 0) {
            continue;
        }
        row[PAPERS_AT_TAX_IS_TAXED].number = total->tax == TAX_STANDARD10;
        row[PAPERS_AT_TAX_SUBJECT].number = total->subject_yen;
        row[PAPERS_AT_TAX_AMOUNT].number = total->tax_yen;
        sum_yen += total->subject_yen;
        row += PAPERS_TAX_NAME_COUNT;
        list->rows.count++;
    }
    return sum_yen;
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

static void
fill_issuer(struct fill *fill, const struct receipt_input *input, const struct sale_content *content, const char *code,
            struct receiptline_value *row)
{
    const struct master_issuer *issuer = find_issuer(input, code);
    row[PAPERS_AT_ISSUER_NAME].text = issuer != NULL ? issuer->name : code;
    row[PAPERS_AT_ISSUER_REGISTRATION].text = issuer != NULL ? issuer->registration_number : "";
    fill_lines(fill, input, content, code, &row[PAPERS_AT_ISSUER_LINES]);
    row[PAPERS_AT_ISSUER_SUBTOTAL].number = fill_taxes(fill, content, code, &row[PAPERS_AT_ISSUER_TAXES]);
}

static void
fill_issuers(struct fill *fill, const struct receipt_input *input, const struct sale_content *content)
{
    size_t count = 0;
    for (size_t i = 0; i < content->line_count; i++) {
        count += is_first_of_issuer(content, i);
    }
    struct receiptline_value *list = &fill->values[PAPERS_AT_ISSUERS];
    struct receiptline_value *row = fill_rows(fill, list, count, PAPERS_ISSUER_NAME_COUNT);
    fill->values[PAPERS_AT_ISSUER_COUNT].number = (int64_t)count;
    for (size_t i = 0; row != NULL && i < content->line_count; i++) {
        if (is_first_of_issuer(content, i)) {
            fill_issuer(fill, input, content, content->lines[i].issuer, row);
            row[PAPERS_AT_ISSUER_IS_FIRST].number = i == 0;
            row += PAPERS_ISSUER_NAME_COUNT;
        }
    }
}

void
fill_content(struct fill *fill, const struct receipt_input *input, const struct sale_content *content)
{
    struct receiptline_value *values = fill->values;
    int64_t pieces = 0;
    for (size_t i = 0; i < content->line_count; i++) {
        pieces += content->lines[i].quantity;
    }
    values[PAPERS_AT_PIECES].number = pieces;
    values[PAPERS_AT_TOTAL].number = content->total_yen;
    values[PAPERS_AT_REFERENCE_KIND].text = content->reference.kind;
    values[PAPERS_AT_REFERENCE_NUMBER].text = content->reference.number;
    fill_issuers(fill, input, content);
    if (content->line_count > 0) { /* the same rows again, for papers that do not part them by issuer */
        fill_lines(fill, input, content, NULL, &values[PAPERS_AT_LINES]);
    }
}

void
fill_sale(struct fill *fill, const struct receipt_input *input)
{
    const struct sale *sale = input->sale;
    struct receiptline_value *values = fill->values;
    /* Paid on another day than recorded: a payment that was unknown at first, or a business day past midnight. */
    const bool is_same_day =
        input->at_ms != 0 && civil_date_compare(civil_date_at(input->at_ms), sale->received_on) == 0;
    values[PAPERS_AT_RECEIPT_NUMBER].text = sale->receipt_number;
    values[PAPERS_AT_RECEIVED_ON].date = sale->received_on;
    values[PAPERS_AT_IS_RECORDED_LATER].number = !is_same_day;
    fill_content(fill, input, &sale->content);
}
