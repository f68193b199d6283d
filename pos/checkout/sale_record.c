/* A sale as the journal carries it: members in the order of docs/protocol/journal.md. */
#include "pos/checkout/sale_line_record.h"

#include <stdlib.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static const char *
or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

void
sale_content_write(const struct sale_content *content, struct json_writer *writer)
{
    json_begin_array(writer, "lines");
    for (size_t i = 0; i < content->line_count; i++) {
        sale_line_write(content, &content->lines[i], writer);
    }
    json_end_array(writer);
    json_int(writer, "total_yen", content->total_yen);
    json_begin_array(writer, "taxes");
    for (size_t i = 0; i < content->tax_count; i++) {
        json_begin_object(writer, NULL);
        json_text(writer, "tax", tax_kind_word(content->taxes[i].tax));
        json_text(writer, "issuer", content->taxes[i].issuer);
        json_int(writer, "subject_yen", content->taxes[i].subject_yen);
        json_int(writer, "tax_yen", content->taxes[i].tax_yen);
        json_end_object(writer);
    }
    json_end_array(writer);
    if (content->reference.kind[0] != '\0') {
        json_begin_object(writer, "reference");
        json_text(writer, "kind", content->reference.kind);
        json_text(writer, "number", content->reference.number);
        json_end_object(writer);
    }
}

void
cash_part_write(const struct sale_payment *payment, struct json_writer *writer)
{
    if (payment->cash_part_yen > 0) {
        json_begin_object(writer, "cash");
        json_int(writer, "amount_yen", payment->cash_part_yen);
        json_int(writer, "tendered_yen", payment->tendered_yen);
        json_int(writer, "change_yen", payment->change_yen);
        json_end_object(writer);
    }
}

static void
write_payment(const struct sale *sale, struct json_writer *writer)
{
    const struct sale_payment *payment = &sale->payment;
    json_begin_object(writer, "payment");
    json_text(writer, "method", payment_method_word(payment->method));
    if (payment->method == METHOD_CASH) {
        json_int(writer, "tendered_yen", payment->tendered_yen);
        json_int(writer, "change_yen", payment->change_yen);
    } else if (payment->method != METHOD_NONE) {
        char accepted_at[INSTANT_TEXT_SIZE] = "";
        if (payment->accepted_at_ms != 0) {
            instant_format(accepted_at, payment->accepted_at_ms);
        }
        json_text(writer, "brand", payment->brand);
        json_text(writer, "payment", payment->payment);
        json_int(writer, "amount_yen", sale_cashless_yen(sale));
        json_text(writer, "accepted_at", or_null(accepted_at));
        json_text(writer, "acquirer_reference", or_null(payment->acquirer_reference));
        json_text(writer, "approval_code", or_null(payment->approval_code));
        json_text(writer, "slip_number", or_null(payment->slip_number));
        json_text(writer, "masked_number", or_null(payment->masked_number));
        cash_part_write(payment, writer);
    }
    json_end_object(writer);
}

void
sale_write(const struct sale *sale, struct json_writer *writer)
{
    char received_on[CIVIL_DATE_TEXT_SIZE];
    json_begin_object(writer, NULL);
    json_text(writer, "sale", sale->id);
    json_text(writer, "receipt_number", sale->receipt_number);
    json_text(writer, "received_on", civil_date_format(received_on, sale->received_on));
    json_text(writer, "clerk", sale->clerk);
    sale_content_write(&sale->content, writer);
    write_payment(sale, writer);
    if (sale->has_shop_copy) {
        json_bool(writer, "shop_copy", true);
    }
    json_end_object(writer);
}

/* Whether what the record says of itself is what its lines give. */
static enum status
check_sums(const struct sale_content *read, struct error_detail *err)
{
    struct sale_content *computed = malloc(sizeof *computed); /* a copy of READ with everything computed anew */
    if (computed == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    *computed = *read;
    enum status status = sale_content_total(computed, err);
    if (status != STATUS_OK) {
        free(computed);
        return status;
    }
    bool is_same = computed->total_yen == read->total_yen && computed->tax_count == read->tax_count;
    for (size_t i = 0; is_same && i < read->line_count; i++) {
        is_same = computed->lines[i].amount_yen == read->lines[i].amount_yen;
    }
    for (size_t i = 0; is_same && i < read->tax_count; i++) {
        is_same = computed->taxes[i].tax == read->taxes[i].tax &&
                  computed->taxes[i].subject_yen == read->taxes[i].subject_yen &&
                  computed->taxes[i].tax_yen == read->taxes[i].tax_yen &&
                  strcmp(computed->taxes[i].issuer, read->taxes[i].issuer) == 0;
    }
    free(computed);
    if (!is_same) {
        error_set(err, "sums_differ", "the amounts, total and taxes do not follow from the lines");
        return STATUS_CORRUPT;
    }
    return STATUS_OK;
}

static enum status
read_tax(struct tax_total *out, const struct json_value *object, struct error_detail *err)
{
    const char *word;
    const struct text_member issuer = {"issuer", out->issuer, CODE_SIZE};
    enum status status = json_get_text(object, "tax", CODE_SIZE, &word, err);
    if (status == STATUS_OK && !tax_kind_from_word(word, &out->tax)) {
        status = unknown_word("tax", word, err);
    }
    if (status == STATUS_OK) {
        status = read_texts(object, &issuer, 1, true, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(object, "subject_yen", 0, PAYMENT_MAX_YEN, &out->subject_yen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(object, "tax_yen", 0, PAYMENT_MAX_YEN, &out->tax_yen, err);
    }
    return status;
}

static enum status
read_reference(struct sale_reference *out, const struct json_value *reference, struct error_detail *err)
{
    const struct text_member texts[] = {
        {"kind", out->kind, CODE_SIZE},
        {"number", out->number, EXTERNAL_NUMBER_SIZE},
    };
    return json_is_null(reference) ? STATUS_OK : read_texts(reference, texts, COUNT_OF(texts), true, err);
}

enum status
sale_content_read(struct sale_content *out, const struct json_value *object, struct error_detail *err)
{
    const struct json_value *lines;
    const struct json_value *taxes;
    enum status status = json_get_array(object, "lines", &lines, err);
    if (status == STATUS_OK) {
        status = json_get_array(object, "taxes", &taxes, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (json_count(lines) > BASKET_LINES_MAX || json_count(taxes) > TAX_TOTALS_MAX) {
        error_set(err, "too_many_lines", "a sale has at most %d lines and %d tax rows", BASKET_LINES_MAX,
                  TAX_TOTALS_MAX);
        return STATUS_OVERFLOW;
    }
    *out = (struct sale_content){0};
    const struct json_value *item;
    for (item = json_first(lines); item != NULL && status == STATUS_OK; item = json_next(item)) {
        status = sale_line_read(out, item, err);
    }
    for (item = json_first(taxes); item != NULL && status == STATUS_OK; item = json_next(item)) {
        status = read_tax(&out->taxes[out->tax_count++], item, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(object, "total_yen", 0, PAYMENT_MAX_YEN, &out->total_yen, err);
    }
    if (status == STATUS_OK) {
        status = read_reference(&out->reference, json_member(object, "reference"), err);
    }
    return status == STATUS_OK ? check_sums(out, err) : status;
}

/* Cash as tendered: the change must follow from what was due. */
static enum status
read_tender(struct sale_payment *out, const struct json_value *object, int64_t due_yen, struct error_detail *err)
{
    enum status status = json_get_int(object, "tendered_yen", 0, YEN_LIMIT, &out->tendered_yen, err);
    if (status == STATUS_OK) {
        status = json_get_int(object, "change_yen", 0, YEN_LIMIT, &out->change_yen, err);
    }
    if (status == STATUS_OK && out->tendered_yen - out->change_yen != due_yen) {
        error_set(err, "sums_differ", "the tendered cash less the change is not what was due");
        status = STATUS_CORRUPT;
    }
    return status;
}

enum status
cash_part_read(struct sale_payment *out, const struct json_value *cash, struct error_detail *err)
{
    if (json_is_null(cash)) {
        return STATUS_OK;
    }
    enum status status = json_get_int(cash, "amount_yen", 1, PAYMENT_MAX_YEN, &out->cash_part_yen, err);
    return status == STATUS_OK ? read_tender(out, cash, out->cash_part_yen, err) : status;
}

static enum status
read_cashless(struct sale_payment *out, const struct json_value *object, int64_t total_yen, struct error_detail *err)
{
    char accepted_at[INSTANT_TEXT_SIZE];
    int64_t amount_yen;
    const struct text_member required[] = {
        {"brand", out->brand, CODE_SIZE},
        {"payment", out->payment, IDENTITY_TEXT_SIZE},
    };
    const struct text_member optional[] = {
        {"accepted_at", accepted_at, sizeof accepted_at},
        {"acquirer_reference", out->acquirer_reference, REFERENCE_SIZE},
        {"approval_code", out->approval_code, REFERENCE_SIZE},
        {"slip_number", out->slip_number, REFERENCE_SIZE},
        {"masked_number", out->masked_number, REFERENCE_SIZE},
    };
    enum status status = read_texts(object, required, COUNT_OF(required), true, err);
    if (status == STATUS_OK) {
        status = read_texts(object, optional, COUNT_OF(optional), false, err);
    }
    if (status == STATUS_OK && accepted_at[0] != '\0' &&
        instant_parse(&out->accepted_at_ms, accepted_at, strlen(accepted_at)) != STATUS_OK) {
        status = unknown_word("accepted_at", accepted_at, err);
    }
    if (status == STATUS_OK) {
        status = cash_part_read(out, json_member(object, "cash"), err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(object, "amount_yen", 0, PAYMENT_MAX_YEN, &amount_yen, err);
    }
    if (status == STATUS_OK && amount_yen + out->cash_part_yen != total_yen) {
        error_set(err, "sums_differ", "the parts of the payment do not give the total");
        status = STATUS_CORRUPT;
    }
    return status;
}

static enum status
read_payment(struct sale_payment *out, const struct json_value *object, int64_t total_yen, struct error_detail *err)
{
    const char *word;
    enum status status = json_get_text(object, "method", CODE_SIZE, &word, err);
    if (status == STATUS_OK && !payment_method_from_word(word, &out->method)) {
        return unknown_word("method", word, err);
    }
    if (status != STATUS_OK || out->method == METHOD_NONE) {
        return status;
    }
    return out->method == METHOD_CASH ? read_tender(out, object, total_yen, err)
                                      : read_cashless(out, object, total_yen, err);
}

enum status
sale_read(struct sale *out, const struct json_value *body, struct error_detail *err)
{
    const char *received_on;
    const struct json_value *payment;
    *out = (struct sale){0};
    const struct text_member texts[] = {
        {"sale", out->id, IDENTITY_TEXT_SIZE},
        {"receipt_number", out->receipt_number, RECEIPT_NUMBER_SIZE},
        {"clerk", out->clerk, CODE_SIZE},
    };
    enum status status = read_texts(body, texts, COUNT_OF(texts), true, err);
    if (status == STATUS_OK) {
        status = json_get_text(body, "received_on", CIVIL_DATE_TEXT_SIZE, &received_on, err);
    }
    if (status == STATUS_OK && civil_date_parse(&out->received_on, received_on, strlen(received_on)) != STATUS_OK) {
        status = unknown_word("received_on", received_on, err);
    }
    if (status == STATUS_OK) {
        status = sale_content_read(&out->content, body, err);
    }
    if (status == STATUS_OK) {
        status = json_get_object(body, "payment", &payment, err);
    }
    if (status == STATUS_OK) {
        status = json_get_bool_or(body, "shop_copy", false, &out->has_shop_copy, err);
    }
    return status == STATUS_OK ? read_payment(&out->payment, payment, out->content.total_yen, err) : status;
}
