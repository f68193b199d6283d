/* Bodies of sales and voids. A sale must agree with itself to the yen, or it is not booked: its lines with its total,
 * its taxes with its lines (one rounding per rate and issuer), its payment with its total. */
#include "common/money/yen.h"
#include "settlement/ledger/effect_readers.h"
#include "settlement/ledger/tender_split.h"

#include <stdlib.h>
#include <string.h>

enum { RECEIPT_NUMBER_MAX_BYTES = 40 };

static const char *const tax_words[] = {"exempt", "standard10", NULL};
static const char *const method_words[] = {"cash", "qr", "emoney", "credit", "none", NULL};

/* Read the lines and compare their sum with the total. */
static enum status
read_lines(struct sale_effect *sale, const struct json_value *body, struct error_detail *err)
{
    const struct json_value *list;
    enum status status = json_get_array(body, "lines", &list, err);
    if (status != STATUS_OK) {
        return status;
    }
    sale->lines = calloc(json_count(list) + 1, sizeof *sale->lines);
    if (sale->lines == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    int64_t sum_yen = 0;
    for (const struct json_value *row = json_first(list); row != NULL && status == STATUS_OK; row = json_next(row)) {
        status = effect_read_sale_line(&sale->lines[sale->line_count], row, err);
        if (status == STATUS_OK) {
            status = yen_add(&sum_yen, sum_yen, sale->lines[sale->line_count++].amount_yen);
        }
    }
    if (status == STATUS_OK && (sale->line_count == 0 || sum_yen != sale->total_yen)) {
        error_set(err, "wrong_sum", "明細の合計%lld円が、売上の合計%lld円と一致しません。", (long long)sum_yen,
                  (long long)sale->total_yen);
        return STATUS_INVALID;
    }
    return status;
}

/* Σ of the lines of one tax and issuer. */
static int64_t
subject_of(const struct sale_effect *sale, const char *tax, const char *issuer)
{
    int64_t sum_yen = 0;
    for (size_t i = 0; i < sale->line_count; i++) {
        if (strcmp(sale->lines[i].tax, tax) == 0 && strcmp(sale->lines[i].issuer, issuer) == 0) {
            sum_yen += sale->lines[i].amount_yen; /* within the total, which was checked */
        }
    }
    return sum_yen;
}

static enum status
check_tax(const struct sale_effect *sale, const struct sale_tax_row *tax, struct error_detail *err)
{
    int64_t subject_yen = subject_of(sale, tax->tax, tax->issuer);
    int64_t tax_yen = 0;
    enum status status = STATUS_OK;
    if (strcmp(tax->tax, "standard10") == 0) {
        status = yen_fraction(&tax_yen, subject_yen, 10, 110);
    }
    if (status == STATUS_OK && (tax->subject_yen != subject_yen || tax->tax_yen != tax_yen)) {
        error_set(err, "wrong_tax",
                  "税の内訳(対象%lld円・税%lld円)が、明細から求めた値(対象%lld円・税%lld円)と一致しません。",
                  (long long)tax->subject_yen, (long long)tax->tax_yen, (long long)subject_yen, (long long)tax_yen);
        return STATUS_INVALID;
    }
    return status;
}

static bool
has_tax_row(const struct sale_effect *sale, const struct sale_line_row *line)
{
    for (size_t i = 0; i < sale->tax_count; i++) {
        if (strcmp(sale->taxes[i].tax, line->tax) == 0 && strcmp(sale->taxes[i].issuer, line->issuer) == 0) {
            return true;
        }
    }
    return false;
}

static enum status
read_taxes(struct sale_effect *sale, const struct json_value *body, struct error_detail *err)
{
    const struct json_value *list;
    enum status status = json_get_array(body, "taxes", &list, err);
    if (status != STATUS_OK) {
        return status;
    }
    sale->taxes = calloc(json_count(list) + 1, sizeof *sale->taxes);
    if (sale->taxes == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (const struct json_value *row = json_first(list); row != NULL && status == STATUS_OK; row = json_next(row)) {
        struct sale_tax_row *tax = &sale->taxes[sale->tax_count++];
        struct member_reader reader = {.object = row, .err = err};
        body_word(&reader, "tax", tax_words, &tax->tax);
        body_text(&reader, "issuer", CODE_MAX_BYTES, &tax->issuer);
        body_yen(&reader, "subject_yen", 0, &tax->subject_yen);
        body_yen(&reader, "tax_yen", 0, &tax->tax_yen);
        status = reader.status == STATUS_OK ? check_tax(sale, tax, err) : reader.status;
    }
    for (size_t i = 0; i < sale->line_count && status == STATUS_OK; i++) {
        const struct sale_line_row *line = &sale->lines[i];
        if (strcmp(line->tax, "standard10") == 0 && line->amount_yen > 0 && !has_tax_row(sale, line)) {
            error_set(err, "wrong_tax", "課税の明細「%s」に対する税の内訳がありません。", line->name);
            status = STATUS_INVALID;
        }
    }
    return status;
}

static enum status
read_cash(const struct sale_effect *sale, const struct json_value *payment, struct error_detail *err)
{
    int64_t tendered_yen = 0;
    int64_t change_yen = 0;
    struct member_reader reader = {.object = payment, .err = err};
    body_yen(&reader, "tendered_yen", 0, &tendered_yen);
    body_yen(&reader, "change_yen", 0, &change_yen);
    if (reader.status == STATUS_OK && tendered_yen - change_yen != sale->total_yen) {
        body_refuse(&reader, "wrong_sum", "預り%lld円からつり%lld円を引いた額が、合計%lld円と一致しません。",
                    (long long)tendered_yen, (long long)change_yen, (long long)sale->total_yen);
    }
    return reader.status;
}

/* A cashless payment, and the cash beside it where a policy allows both. */
static enum status
read_cashless(struct sale_effect *sale, const struct json_value *payment, struct error_detail *err)
{
    int64_t amount_yen = 0;
    int64_t sum_yen = 0;
    struct member_reader reader = {.object = payment, .err = err};
    body_text(&reader, "brand", CODE_MAX_BYTES, &sale->brand);
    body_id(&reader, "payment", &sale->payment);
    body_yen(&reader, "amount_yen", 1, &amount_yen);
    body_cash_part(&reader, &sale->cash_yen);
    if (reader.status == STATUS_OK) {
        reader.status = yen_add(&sum_yen, amount_yen, sale->cash_yen);
    }
    if (reader.status == STATUS_OK && sum_yen != sale->total_yen) {
        body_refuse(&reader, "wrong_sum", "決済額%lld円と現金%lld円の和が、合計%lld円と一致しません。",
                    (long long)amount_yen, (long long)sale->cash_yen, (long long)sale->total_yen);
    }
    return reader.status;
}

static enum status
read_how_paid(struct sale_effect *sale, const struct json_value *body, struct error_detail *err)
{
    const struct json_value *payment;
    enum status status = json_get_object(body, "payment", &payment, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct member_reader reader = {.object = payment, .err = err};
    sale->brand = sale->payment = "";
    sale->cash_yen = 0;
    body_word(&reader, "method", method_words, &sale->method);
    if (reader.status != STATUS_OK) {
        return reader.status;
    }
    if (strcmp(sale->method, "cash") == 0) {
        sale->cash_yen = sale->total_yen;
        return read_cash(sale, payment, err);
    }
    if (strcmp(sale->method, "none") == 0) {
        if (sale->total_yen != 0) {
            body_refuse(&reader, "wrong_sum", "支払方法がないのに、合計が%lld円です。", (long long)sale->total_yen);
        }
        return reader.status;
    }
    return read_cashless(sale, payment, err);
}

static enum status
read_reference(struct sale_effect *sale, const struct json_value *body, struct error_detail *err)
{
    static const char *const words[] = {"reservation", "application", "slip", NULL};
    struct member_reader reader = {.object = body, .err = err};
    const struct json_value *reference = body_object_or_none(&reader, "reference");
    sale->reference_kind = sale->reference_number = "";
    if (reference == NULL) {
        return reader.status;
    }
    struct member_reader inner = {.object = reference, .err = err};
    body_word(&inner, "kind", words, &sale->reference_kind);
    body_text(&inner, "number", REFERENCE_MAX_BYTES, &sale->reference_number);
    return inner.status;
}

enum status
effect_read_sale_recorded(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct sale_effect *sale = &effect->sale;
    const char *received_on = "";
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "sale", &sale->sale);
    body_text(&reader, "receipt_number", RECEIPT_NUMBER_MAX_BYTES, &sale->receipt_number);
    body_text(&reader, "received_on", CIVIL_DATE_TEXT_SIZE - 1, &received_on);
    body_text(&reader, "clerk", CODE_MAX_BYTES, &sale->clerk);
    body_yen(&reader, "total_yen", 0, &sale->total_yen);
    if (reader.status == STATUS_OK &&
        civil_date_parse(&sale->received_on, received_on, strlen(received_on)) != STATUS_OK) {
        body_refuse(&reader, "wrong_body", "received_onが日付ではありません。");
    }
    enum status status = reader.status;
    if (status == STATUS_OK) {
        status = read_lines(sale, body, err);
    }
    if (status == STATUS_OK) {
        status = read_taxes(sale, body, err);
    }
    if (status == STATUS_OK) {
        status = read_how_paid(sale, body, err);
    }
    if (status == STATUS_OK) {
        status = read_reference(sale, body, err);
    }
    if (status == STATUS_OK) {
        tender_split(sale->lines, sale->line_count, sale->cash_yen);
    }
    return status;
}

enum status
effect_read_sale_voided(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct void_effect *voided = &effect->voided;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "sale", &voided->sale);
    body_text(&reader, "receipt_number", RECEIPT_NUMBER_MAX_BYTES, &voided->receipt_number);
    body_text(&reader, "clerk", CODE_MAX_BYTES, &voided->clerk);
    body_text(&reader, "reason", SENTENCE_MAX_BYTES, &voided->reason);
    body_yen(&reader, "total_yen", 0, &voided->total_yen);
    body_word(&reader, "method", method_words, &voided->method);
    return reader.status;
}
