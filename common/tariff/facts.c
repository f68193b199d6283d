/* The answers of a clerk, read strictly; sentences are for the clerk. */
#include "common/tariff/pricing.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
pricing_refuse(struct pricing *pricing, const char *code, const char *format, ...)
{
    if (pricing->status != STATUS_OK) {
        return;
    }
    char message[ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    pricing->status = STATUS_INVALID;
    error_set(pricing->err, code, "%s", message);
}

static bool
is_known(const struct pricing *pricing, const char *id)
{
    for (size_t i = 0; i < pricing->known_count; i++) {
        if (strcmp(pricing->known[i], id) == 0) {
            return true;
        }
    }
    return false;
}

const struct json_value *
fact_value(struct pricing *pricing, const char *id)
{
    if (!is_known(pricing, id)) {
        assert(pricing->known_count < FACTS_MAX);
        pricing->known[pricing->known_count++] = id;
    }
    const struct json_value *value = pricing->status == STATUS_OK ? json_member(pricing->facts, id) : NULL;
    return json_is_null(value) ? NULL : value;
}

bool
fact_is_given(struct pricing *pricing, const char *id)
{
    return fact_value(pricing, id) != NULL;
}

static int64_t
whole_number(struct pricing *pricing, const struct json_value *value, const char *label, int64_t min, int64_t max)
{
    int64_t number;
    if (!json_as_int(value, &number) || number < min || number > max) {
        pricing_refuse(pricing, "wrong_number", "「%.60s」は %lld から %lld の整数で入れてください。", label,
                       (long long)min, (long long)max);
        return min;
    }
    return number;
}

int64_t
fact_count(struct pricing *pricing, const char *id, const char *label, int64_t min, int64_t max, int64_t fallback)
{
    const struct json_value *value = fact_value(pricing, id);
    return value == NULL ? fallback : whole_number(pricing, value, label, min, max);
}

const char *
fact_text(struct pricing *pricing, const char *id, const char *label, const char *fallback)
{
    const struct json_value *value = fact_value(pricing, id);
    const char *text = "";
    if (value == NULL && fallback != NULL) {
        return fallback;
    }
    if (value == NULL) {
        pricing_refuse(pricing, "missing_answer", "「%.60s」を入れてください。", label);
    } else if (!json_as_text(value, &text)) {
        pricing_refuse(pricing, "wrong_answer", "「%.60s」を選び直してください。", label);
        text = "";
    }
    return text;
}

bool
fact_flag(struct pricing *pricing, const char *id, const char *label)
{
    bool flag = false;
    if (fact_is_given(pricing, id) && json_get_bool(pricing->facts, id, &flag, NULL) != STATUS_OK) {
        pricing_refuse(pricing, "wrong_answer", "「%.60s」は「はい」か「いいえ」(true か false)で入れてください。",
                       label);
    }
    return flag;
}

struct civil_date
fact_date(struct pricing *pricing, const char *id, const char *label, struct civil_date fallback)
{
    struct civil_date date = fallback;
    if (!fact_is_given(pricing, id)) {
        return date;
    }
    const char *text = fact_text(pricing, id, label, NULL);
    if (civil_date_parse(&date, text, strlen(text)) != STATUS_OK) {
        pricing_refuse(pricing, "wrong_date", "「%.60s」は実在する日を 2026-11-22 の形で入れてください。", label);
    }
    return date;
}

int64_t
fact_instant(struct pricing *pricing, const char *id, const char *label)
{
    enum { MINUTES_LENGTH = 16, SECONDS_LENGTH = 19 }; /* of "2026-11-22T10:03" and with ":11" */
    const char *text = fact_text(pricing, id, label, NULL);
    char whole[INSTANT_TEXT_SIZE];
    size_t length = strlen(text);
    if (length == MINUTES_LENGTH || length == SECONDS_LENGTH) {
        snprintf(whole, sizeof whole, "%s%s+09:00", text, length == MINUTES_LENGTH ? ":00" : "");
        text = whole;
    }
    int64_t instant_ms = 0;
    if (instant_parse(&instant_ms, text, strlen(text)) != STATUS_OK) {
        pricing_refuse(pricing, "wrong_time", "「%.60s」は日時を 2026-11-22T10:03 の形で入れてください。", label);
    }
    return instant_ms;
}

int64_t
fact_count_of(struct pricing *pricing, const char *id, const char *code, const char *label, int64_t max)
{
    const struct json_value *counts = fact_value(pricing, id);
    const struct json_value *value = json_member(counts, code);
    return json_is_null(value) ? 0 : whole_number(pricing, value, label, 0, max);
}

void
fact_check_object(struct pricing *pricing, const char *id, const char *label,
                  bool (*is_known_code)(const void *context, const char *code), const void *context)
{
    const struct json_value *object = fact_value(pricing, id);
    if (object != NULL && !json_is_object(object)) {
        pricing_refuse(pricing, "wrong_answer", "「%.60s」を入れ直してください。", label);
    }
    for (const struct json_value *item = json_first(object); item != NULL && pricing->status == STATUS_OK;
         item = json_next(item)) {
        if (!is_known_code(context, json_key(item))) {
            pricing_refuse(pricing, "unknown_code", "「%.60s」に %.40s という区分はありません。入れ直してください。",
                           label, json_key(item));
        }
    }
}

void
facts_finish(struct pricing *pricing)
{
    for (const struct json_value *item = json_first(pricing->facts); item != NULL; item = json_next(item)) {
        if (!is_known(pricing, json_key(item))) {
            pricing_refuse(pricing, "unknown_answer", "この料金に %.40s という入力はありません。入れ直してください。",
                           json_key(item));
        }
    }
}
