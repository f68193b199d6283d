/* A sale as the journal carries it: members in the order of docs/protocol/journal.md. */
#include "pos/checkout/sale.h"

#include <stdio.h>
#include <string.h>

static const char *
or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static void
write_line(const struct sale_line *line, struct json_writer *writer)
{
    json_begin_object(writer, NULL);
    json_text(writer, "item", line->item);
    json_text(writer, "name", line->name);
    json_int(writer, "unit_price_yen", line->unit_price_yen);
    json_int(writer, "quantity", line->quantity);
    json_int(writer, "amount_yen", line->amount_yen);
    json_text(writer, "tax", tax_kind_word(line->tax));
    json_text(writer, "account", line->account);
    json_text(writer, "section", line->section);
    json_text(writer, "issuer", line->issuer);
    if (line->is_exempted) {
        json_begin_object(writer, "exemption");
        json_text(writer, "rule", line->exemption.rule);
        json_text(writer, "name", line->exemption.name);
        json_text(writer, "reason", line->exemption.reason);
        json_end_object(writer);
    } else {
        json_null(writer, "exemption");
    }
    json_end_object(writer);
}

void
sale_content_write(const struct sale_content *content, struct json_writer *writer)
{
    json_begin_array(writer, "lines");
    for (size_t i = 0; i < content->line_count; i++) {
        write_line(&content->lines[i], writer);
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
        json_int(writer, "amount_yen", sale->content.total_yen);
        json_text(writer, "accepted_at", or_null(accepted_at));
        json_text(writer, "acquirer_reference", or_null(payment->acquirer_reference));
        json_text(writer, "approval_code", or_null(payment->approval_code));
        json_text(writer, "slip_number", or_null(payment->slip_number));
        json_text(writer, "masked_number", or_null(payment->masked_number));
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
    json_end_object(writer);
}

/* Read a text member into OUT of SIZE bytes. */
static enum status
read_text(const struct json_value *object, const char *key, char *out, size_t size, struct error_detail *err)
{
    const char *text;
    enum status status = json_get_text(object, key, size - 1, &text, err);
    if (status == STATUS_OK) {
        snprintf(out, size, "%s", text);
    }
    return status;
}

static enum status
read_optional_text(const struct json_value *object, const char *key, char *out, size_t size, struct error_detail *err)
{
    const char *text;
    enum status status = json_get_text_or(object, key, size - 1, "", &text, err);
    if (status == STATUS_OK) {
        snprintf(out, size, "%s", text);
    }
    return status;
}

static enum status
unknown_word(const char *key, const char *word, struct error_detail *err)
{
    error_set(err, "wrong_member", "\"%s\" is \"%s\", which is not known", key, word);
    return STATUS_INVALID;
}

static enum status
read_exemption(struct sale_line *line, const struct json_value *object, struct error_detail *err)
{
    const struct json_value *exemption = json_member(object, "exemption");
    line->is_exempted = !json_is_null(exemption);
    if (!line->is_exempted) {
        return STATUS_OK;
    }
    enum status status = read_text(exemption, "rule", line->exemption.rule, CODE_SIZE, err);
    if (status == STATUS_OK) {
        status = read_text(exemption, "name", line->exemption.name, NAME_SIZE, err);
    }
    if (status == STATUS_OK) {
        status = read_text(exemption, "reason", line->exemption.reason, REASON_SIZE, err);
    }
    return status;
}

/* One text member of a line: where it goes and how large it may be. */
struct text_member {
    const char *key;
    char *out;
    size_t size;
};

static enum status
read_line(struct sale_line *line, const struct json_value *object, struct error_detail *err)
{
    const char *tax;
    const struct text_member texts[] = {
        {"item", line->item, CODE_SIZE},       {"name", line->name, NAME_SIZE},
        {"account", line->account, CODE_SIZE}, {"section", line->section, CODE_SIZE},
        {"issuer", line->issuer, CODE_SIZE},
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == STATUS_OK; i++) {
        status = read_text(object, texts[i].key, texts[i].out, texts[i].size, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(object, "unit_price_yen", 0, PAYMENT_MAX_YEN, &line->unit_price_yen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(object, "quantity", 1, BASKET_QUANTITY_MAX, &line->quantity, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(object, "amount_yen", 0, PAYMENT_MAX_YEN, &line->amount_yen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text(object, "tax", CODE_SIZE, &tax, err);
    }
    if (status == STATUS_OK && !tax_kind_from_word(tax, &line->tax)) {
        status = unknown_word("tax", tax, err);
    }
    return status == STATUS_OK ? read_exemption(line, object, err) : status;
}

/* Whether what the record says of itself is what its lines give. */
static enum status
check_sums(const struct sale_content *read, struct error_detail *err)
{
    static _Thread_local struct sale_content computed; /* large; a copy of READ with everything computed anew */
    computed = *read;
    enum status status = sale_content_total(&computed, err);
    if (status != STATUS_OK) {
        return status;
    }
    bool is_same = computed.total_yen == read->total_yen && computed.tax_count == read->tax_count;
    for (size_t i = 0; is_same && i < read->line_count; i++) {
        is_same = computed.lines[i].amount_yen == read->lines[i].amount_yen;
    }
    for (size_t i = 0; is_same && i < read->tax_count; i++) {
        is_same = computed.taxes[i].tax == read->taxes[i].tax &&
                  computed.taxes[i].subject_yen == read->taxes[i].subject_yen &&
                  computed.taxes[i].tax_yen == read->taxes[i].tax_yen &&
                  strcmp(computed.taxes[i].issuer, read->taxes[i].issuer) == 0;
    }
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
    enum status status = json_get_text(object, "tax", CODE_SIZE, &word, err);
    if (status == STATUS_OK && !tax_kind_from_word(word, &out->tax)) {
        status = unknown_word("tax", word, err);
    }
    if (status == STATUS_OK) {
        status = read_text(object, "issuer", out->issuer, CODE_SIZE, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(object, "subject_yen", 0, PAYMENT_MAX_YEN, &out->subject_yen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(object, "tax_yen", 0, PAYMENT_MAX_YEN, &out->tax_yen, err);
    }
    return status;
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
        status = read_line(&out->lines[out->line_count++], item, err);
    }
    for (item = json_first(taxes); item != NULL && status == STATUS_OK; item = json_next(item)) {
        status = read_tax(&out->taxes[out->tax_count++], item, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(object, "total_yen", 0, PAYMENT_MAX_YEN, &out->total_yen, err);
    }
    return status == STATUS_OK ? check_sums(out, err) : status;
}

static enum status
read_cashless(struct sale_payment *out, const struct json_value *object, struct error_detail *err)
{
    char accepted_at[INSTANT_TEXT_SIZE];
    enum status status = read_text(object, "brand", out->brand, CODE_SIZE, err);
    if (status == STATUS_OK) {
        status = read_text(object, "payment", out->payment, IDENTITY_TEXT_SIZE, err);
    }
    const struct text_member texts[] = {
        {"accepted_at", accepted_at, sizeof accepted_at},
        {"acquirer_reference", out->acquirer_reference, REFERENCE_SIZE},
        {"approval_code", out->approval_code, REFERENCE_SIZE},
        {"slip_number", out->slip_number, REFERENCE_SIZE},
        {"masked_number", out->masked_number, REFERENCE_SIZE},
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == STATUS_OK; i++) {
        status = read_optional_text(object, texts[i].key, texts[i].out, texts[i].size, err);
    }
    if (status == STATUS_OK && accepted_at[0] != '\0' &&
        instant_parse(&out->accepted_at_ms, accepted_at, strlen(accepted_at)) != STATUS_OK) {
        status = unknown_word("accepted_at", accepted_at, err);
    }
    return status;
}

static enum status
read_payment(struct sale_payment *out, const struct json_value *object, struct error_detail *err)
{
    const char *word;
    enum status status = json_get_text(object, "method", CODE_SIZE, &word, err);
    if (status == STATUS_OK && !payment_method_from_word(word, &out->method)) {
        return unknown_word("method", word, err);
    }
    if (status != STATUS_OK || out->method == METHOD_NONE) {
        return status;
    }
    if (out->method != METHOD_CASH) {
        return read_cashless(out, object, err);
    }
    status = json_get_int(object, "tendered_yen", 0, YEN_LIMIT, &out->tendered_yen, err);
    if (status == STATUS_OK) {
        status = json_get_int(object, "change_yen", 0, YEN_LIMIT, &out->change_yen, err);
    }
    return status;
}

enum status
sale_read(struct sale *out, const struct json_value *body, struct error_detail *err)
{
    const char *received_on;
    const struct json_value *payment;
    *out = (struct sale){0};
    enum status status = read_text(body, "sale", out->id, IDENTITY_TEXT_SIZE, err);
    if (status == STATUS_OK) {
        status = read_text(body, "receipt_number", out->receipt_number, RECEIPT_NUMBER_SIZE, err);
    }
    if (status == STATUS_OK) {
        status = read_text(body, "clerk", out->clerk, CODE_SIZE, err);
    }
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
    return status == STATUS_OK ? read_payment(&out->payment, payment, err) : status;
}
