/* Records other than the sale: a payment in doubt, a closed day. */
#include "pos/receipt/document_parts.h"

#include <stdio.h>
#include <string.h>

#define COUNT_MAX INT64_C(10000000) /* sales of a till in a day, beyond anything that happens */
#define SEQUENCE_MAX INT64_C(9007199254740991)

enum status
document_read_texts(const struct json_value *object, const struct document_text *texts, size_t count,
                    struct error_detail *err)
{
    for (size_t i = 0; i < count; i++) {
        const char *text;
        enum status status = texts[i].is_required
                                 ? json_get_text(object, texts[i].key, texts[i].size - 1, &text, err)
                                 : json_get_text_or(object, texts[i].key, texts[i].size - 1, "", &text, err);
        if (status != STATUS_OK) {
            return status;
        }
        snprintf(texts[i].out, texts[i].size, "%s", text);
    }
    return STATUS_OK;
}

static enum status
wrong_text(const char *key, const char *text, struct error_detail *err)
{
    error_set(err, "wrong_member", "\"%s\" is \"%s\", which cannot be read", key, text);
    return STATUS_INVALID;
}

enum status
document_read_instant(const struct json_value *object, const char *key, int64_t *out_ms, struct error_detail *err)
{
    const char *text;
    enum status status = json_get_text_or(object, key, 2 * INSTANT_TEXT_SIZE, "", &text, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out_ms = 0;
    return text[0] == '\0' || instant_parse(out_ms, text, strlen(text)) == STATUS_OK ? STATUS_OK
                                                                                     : wrong_text(key, text, err);
}

enum status
document_read_date(const struct json_value *object, const char *key, struct civil_date *out, struct error_detail *err)
{
    const char *text;
    enum status status = json_get_text_or(object, key, CIVIL_DATE_TEXT_SIZE, "", &text, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out = (struct civil_date){0};
    return text[0] == '\0' || civil_date_parse(out, text, strlen(text)) == STATUS_OK ? STATUS_OK
                                                                                     : wrong_text(key, text, err);
}

static enum status
read_method(const struct json_value *object, enum payment_method *out, struct error_detail *err)
{
    const char *word;
    enum status status = json_get_text(object, "method", CODE_SIZE, &word, err);
    if (status == STATUS_OK && !payment_method_from_word(word, out)) {
        return wrong_text("method", word, err);
    }
    return status;
}

const char *
document_brand_name(const struct json_value *root, const char *code)
{
    const struct json_value *item = json_first(json_member(root, "brands"));
    for (; item != NULL; item = json_next(item)) {
        const char *text;
        const char *name;
        if (json_as_text(json_member(item, "code"), &text) && strcmp(text, code) == 0 &&
            json_as_text(json_member(item, "name"), &name)) {
            return name;
        }
    }
    return "";
}

enum status
document_read_in_doubt(struct receipt_in_doubt *out, char out_brand[CODE_SIZE], const struct json_value *object,
                       struct error_detail *err)
{
    const struct document_text texts[] = {
        {"payment", out->payment, sizeof out->payment, .is_required = true},
        {"brand", out_brand, CODE_SIZE, .is_required = false},
        {"acquirer_reference", out->acquirer_reference, sizeof out->acquirer_reference, .is_required = false},
        {"guidance", out->guidance, sizeof out->guidance, .is_required = false},
    };
    enum status status = document_read_texts(object, texts, sizeof texts / sizeof texts[0], err);
    if (status == STATUS_OK && !identity_is_valid(out->payment)) {
        status = wrong_text("payment", out->payment, err);
    }
    if (status == STATUS_OK) {
        status = read_method(object, &out->method, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(object, "amount_yen", 1, PAYMENT_MAX_YEN, &out->amount_yen, err);
    }
    return status;
}

/* An integer member and where it goes. */
struct integer_member {
    const char *key;
    int64_t min;
    int64_t max;
    int64_t *out;
};

static enum status
read_integers(const struct json_value *object, const struct integer_member *integers, size_t count,
              struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = json_get_int(object, integers[i].key, integers[i].min, integers[i].max, integers[i].out, err);
    }
    return status;
}

static enum status
read_total(struct receipt_day_total *out, const struct json_value *root, const struct json_value *object,
           struct error_detail *err)
{
    const struct document_text brand = {"brand", out->brand, sizeof out->brand, .is_required = false};
    const struct integer_member integers[] = {
        {"count", 0, COUNT_MAX, &out->count},
        {"amount_yen", 0, YEN_LIMIT / RECEIPT_DAY_TOTALS_MAX, &out->amount_yen},
        {"void_count", 0, COUNT_MAX, &out->void_count},
        {"void_yen", 0, YEN_LIMIT / RECEIPT_DAY_TOTALS_MAX, &out->void_yen},
    };
    enum status status = read_method(object, &out->method, err);
    if (status == STATUS_OK) {
        status = document_read_texts(object, &brand, 1, err);
    }
    if (status == STATUS_OK) {
        status = read_integers(object, integers, sizeof integers / sizeof integers[0], err);
    }
    if (status == STATUS_OK && out->brand[0] != '\0') {
        snprintf(out->brand_name, sizeof out->brand_name, "%s", document_brand_name(root, out->brand));
    }
    return status;
}

static enum status
read_totals(struct receipt_day *out, const struct json_value *root, const struct json_value *body,
            struct error_detail *err)
{
    const struct json_value *totals;
    enum status status = json_get_array(body, "totals", &totals, err);
    if (status == STATUS_OK && json_count(totals) > RECEIPT_DAY_TOTALS_MAX) {
        error_set(err, "too_many", "\"totals\" has more than %d rows", RECEIPT_DAY_TOTALS_MAX);
        return STATUS_OVERFLOW;
    }
    if (status != STATUS_OK) {
        return status;
    }
    for (const struct json_value *item = json_first(totals); item != NULL && status == STATUS_OK;
         item = json_next(item)) {
        status = read_total(&out->totals[out->total_count++], root, item, err);
    }
    if (status != STATUS_OK) {
        error_prefix(err, "totals[%zu]: ", out->total_count - 1);
    }
    return status;
}

static enum status
read_unresolved(struct receipt_day *out, const struct json_value *body, struct error_detail *err)
{
    const struct json_value *array;
    enum status status = json_get_array(body, "unresolved", &array, err);
    if (status != STATUS_OK) {
        return status;
    }
    for (const struct json_value *item = json_first(array); item != NULL; item = json_next(item)) {
        const char *payment;
        if (!json_as_text(item, &payment) || !identity_is_valid(payment)) {
            error_set(err, "wrong_member", "\"unresolved\"[%zu] must be a payment id", out->unresolved_count);
            return STATUS_INVALID;
        }
        if (out->unresolved_count < RECEIPT_DAY_UNRESOLVED_MAX) {
            snprintf(out->unresolved[out->unresolved_count], IDENTITY_TEXT_SIZE, "%s", payment);
        }
        out->unresolved_count++;
    }
    return STATUS_OK;
}

enum status
document_read_day(struct receipt_day *out, const struct json_value *root, const struct json_value *body,
                  const char **out_clerk, struct error_detail *err)
{
    const struct integer_member integers[] = {
        {"first_sequence", 1, SEQUENCE_MAX, &out->first_sequence},
        {"last_sequence", 1, SEQUENCE_MAX, &out->last_sequence},
        {"float_yen", 0, YEN_LIMIT, &out->float_yen},
        {"expected_cash_yen", -YEN_LIMIT, YEN_LIMIT, &out->expected_cash_yen},
        {"counted_cash_yen", 0, YEN_LIMIT, &out->counted_cash_yen},
        {"difference_yen", -YEN_LIMIT, YEN_LIMIT, &out->difference_yen},
        {"zero_count", 0, COUNT_MAX, &out->zero_count},
    };
    const struct document_text reason = {"difference_reason", out->difference_reason, sizeof out->difference_reason,
                                         .is_required = false};
    enum status status = json_get_text_or(body, "clerk", CODE_SIZE, "", out_clerk, err);
    if (status == STATUS_OK) {
        status = read_integers(body, integers, sizeof integers / sizeof integers[0], err);
    }
    if (status == STATUS_OK) {
        status = document_read_texts(body, &reason, 1, err);
    }
    if (status == STATUS_OK) {
        status = read_totals(out, root, body, err);
    }
    return status == STATUS_OK ? read_unresolved(out, body, err) : status;
}
