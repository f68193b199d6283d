/* Instants as ISO 8601 text. */
#include "common/clock/civil.h"

#include <assert.h>
#include <stdio.h>

enum { MINUTE_MS = 60 * 1000, JST_OFFSET_MINUTES = 9 * 60 };

#define FIRST_INSTANT_MS INT64_C(-2209021200000) /* 1900-01-01T00:00:00.000+09:00 */
#define LAST_INSTANT_MS INT64_C(7258085999999)   /* 2199-12-31T23:59:59.999+09:00 */

bool
instant_is_valid(int64_t instant_ms)
{
    return instant_ms >= FIRST_INSTANT_MS && instant_ms <= LAST_INSTANT_MS;
}

const char *
instant_format(char out[INSTANT_TEXT_SIZE], int64_t instant_ms)
{
    struct civil_date date = civil_date_at(instant_ms);
    int64_t midnight_ms = (civil_date_to_days(date) * 24 * 60 - JST_OFFSET_MINUTES) * MINUTE_MS;
    unsigned in_day = (unsigned)(instant_ms - midnight_ms);
    snprintf(out, INSTANT_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03u+09:00", (unsigned)date.year % 10000U,
             (unsigned)date.month % 100U, (unsigned)date.day % 100U, in_day / 3600000U % 100U, in_day / MINUTE_MS % 60U,
             in_day / 1000U % 60U, in_day % 1000U);
    return out;
}

/* A reader that remembers its first failure. */
struct cursor {
    const char *at;
    const char *end;
    bool has_failed;
};

static int
take_digits(struct cursor *cursor, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (cursor->at == cursor->end || *cursor->at < '0' || *cursor->at > '9') {
            cursor->has_failed = true;
            return 0;
        }
        value = value * 10 + (*cursor->at++ - '0');
    }
    return value;
}

static bool
take_char(struct cursor *cursor, char wanted)
{
    if (cursor->at != cursor->end && *cursor->at == wanted) {
        cursor->at++;
        return true;
    }
    return false;
}

static void
need_char(struct cursor *cursor, char wanted)
{
    if (!take_char(cursor, wanted)) {
        cursor->has_failed = true;
    }
}

/* ".123456" → 123; digits beyond milliseconds are read and dropped. */
static int
take_fraction_ms(struct cursor *cursor)
{
    int value = 0;
    int count = 0;
    while (cursor->at != cursor->end && *cursor->at >= '0' && *cursor->at <= '9' && count < 9) {
        if (count < 3) {
            value = value * 10 + (*cursor->at - '0');
        }
        cursor->at++;
        count++;
    }
    if (count == 0) {
        cursor->has_failed = true;
    }
    for (; count < 3; count++) {
        value *= 10;
    }
    return value;
}

static int
take_offset_minutes(struct cursor *cursor)
{
    if (take_char(cursor, 'Z')) {
        return 0;
    }
    bool is_west = take_char(cursor, '-');
    if (!is_west) {
        need_char(cursor, '+');
    }
    int hours = take_digits(cursor, 2);
    need_char(cursor, ':');
    int minutes = take_digits(cursor, 2);
    if (hours > 14 || minutes > 59) { /* no place on Earth is farther from UTC */
        cursor->has_failed = true;
    }
    return (is_west ? -1 : 1) * (hours * 60 + minutes);
}

enum status
instant_parse(int64_t *out_ms, const char *text, size_t length)
{
    struct cursor cursor = {.at = text, .end = text + length};
    struct civil_date date;
    date.year = take_digits(&cursor, 4);
    need_char(&cursor, '-');
    date.month = take_digits(&cursor, 2);
    need_char(&cursor, '-');
    date.day = take_digits(&cursor, 2);
    need_char(&cursor, 'T');
    int hour = take_digits(&cursor, 2);
    need_char(&cursor, ':');
    int minute = take_digits(&cursor, 2);
    need_char(&cursor, ':');
    int second = take_digits(&cursor, 2);
    int ms = take_char(&cursor, '.') ? take_fraction_ms(&cursor) : 0;
    int offset_minutes = take_offset_minutes(&cursor);
    if (cursor.has_failed || cursor.at != cursor.end || !civil_date_is_valid(date) || hour > 23 || minute > 59 ||
        second > 59) {
        return STATUS_INVALID;
    }
    int64_t minutes = civil_date_to_days(date) * 24 * 60 + hour * 60 + minute - offset_minutes;
    int64_t instant_ms = minutes * MINUTE_MS + second * 1000 + ms;
    if (!instant_is_valid(instant_ms)) {
        return STATUS_INVALID;
    }
    *out_ms = instant_ms;
    return STATUS_OK;
}
