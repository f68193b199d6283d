/* A file of timings. */
#include "pos/payment/brand_timing.h"

#include "common/json/reader.h"

#include <stdio.h>

enum { YEAR_DAYS = 366, DAY_SECONDS = 24 * 60 * 60, OFFSET_MAX_MINUTES = 14 * 60 };

static const int64_t year_ms = (int64_t)YEAR_DAYS * DAY_SECONDS * 1000;

static enum status
read_number(const struct json_value *row, const char *key, int64_t min, int64_t max, int64_t *out,
            struct error_detail *err)
{
    return json_get_int(row, key, min, max, out, err);
}

static enum status
read_int(const struct json_value *row, const char *key, int64_t min, int64_t max, int *out, struct error_detail *err)
{
    int64_t number;
    enum status status = json_get_int(row, key, min, max, &number, err);
    if (status == STATUS_OK) {
        *out = (int)number;
    }
    return status;
}

static enum status
read_row(const struct json_value *row, struct brand_timing *out, struct error_detail *err)
{
    const char *adapter;
    const char *brand;
    *out = (struct brand_timing){0};
    enum status status = json_get_text(row, "adapter", CODE_SIZE - 1, &adapter, err);
    if (status == STATUS_OK) {
        status = json_get_text_or(row, "brand", CODE_SIZE - 1, "", &brand, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    snprintf(out->adapter, sizeof out->adapter, "%s", adapter);
    snprintf(out->brand, sizeof out->brand, "%s", brand);
    const struct {
        const char *key;
        int64_t min;
        int64_t *out;
    } times[] = {
        {"first_wait_ms", 0, &out->first_wait_ms}, {"poll_ms", 1, &out->poll_ms},
        {"budget_ms", 0, &out->budget_ms},         {"earliest_cancel_ms", 0, &out->earliest_cancel_ms},
        {"cancel_for_ms", 0, &out->cancel_for_ms},
    };
    for (size_t i = 0; i < sizeof times / sizeof times[0] && status == STATUS_OK; i++) {
        status = read_number(row, times[i].key, times[i].min, year_ms, times[i].out, err);
    }
    const struct {
        const char *key;
        int64_t min;
        int64_t max;
        int *out;
    } numbers[] = {
        {"cancel_days", 0, YEAR_DAYS, &out->cancel_days},
        {"cancel_until_s", 0, DAY_SECONDS, &out->cancel_until_s},
        {"utc_offset_minutes", -OFFSET_MAX_MINUTES, OFFSET_MAX_MINUTES, &out->utc_offset_minutes},
        {"refund_days", 0, 10 * YEAR_DAYS, &out->refund_days},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && status == STATUS_OK; i++) {
        status = read_int(row, numbers[i].key, numbers[i].min, numbers[i].max, numbers[i].out, err);
    }
    return status;
}

enum status
brand_timings_read(struct brand_timing out[BRAND_TIMINGS_MAX], size_t *out_count, const char *text, size_t length,
                   struct error_detail *err)
{
    struct json_value *document = NULL;
    const struct json_value *rows = NULL;
    struct error_detail reason;
    size_t count = 0;
    enum status status = json_parse(&document, text, length, err);
    if (status == STATUS_OK) {
        status = json_get_array(document, "timings", &rows, err);
    }
    if (status == STATUS_OK && json_count(rows) > BRAND_TIMINGS_MAX) {
        error_set(err, "too_many_timings", "at most %d timings", BRAND_TIMINGS_MAX);
        status = STATUS_OVERFLOW;
    }
    const struct json_value *row = status == STATUS_OK ? json_first(rows) : NULL;
    for (; row != NULL && status == STATUS_OK; row = json_next(row)) {
        status = read_row(row, &out[count], &reason);
        count++;
        if (status != STATUS_OK) {
            error_set(err, "timing", "timings, row %zu: %s", count, reason.message);
        }
    }
    if (status == STATUS_OK) {
        *out_count = count;
    }
    json_free(document);
    return status;
}
