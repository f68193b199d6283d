/* Patterns become offsets once; reading a date is then a few subtractions per digit. */
#include "settlement/statements/date_format.h"

#include <assert.h>
#include <stdint.h>

enum {
    MINUTE_MS = 60 * 1000,
    DAY_MINUTES = 24 * 60,
    FIRST_DAY = -25566, /* 1900-01-02, in days since 1970-01-01 */
    LAST_DAY = 84004    /* 2199-12-30 */
};

static const struct {
    const char *letters;
    enum date_part part;
} letters_of[] = {
    {"YYYY", DATE_YEAR}, {"EE", DATE_ERA_YEAR}, {"MM", DATE_MONTH},  {"DD", DATE_DAY},
    {"hh", DATE_HOUR},   {"mm", DATE_MINUTE},   {"ss", DATE_SECOND},
};

static bool
is_letter(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* The part whose letters begin at TEXT, by index into letters_of; −1 when none does. */
static int
find_letters(const char *text)
{
    for (size_t i = 0; i < sizeof letters_of / sizeof letters_of[0]; i++) {
        if (strncmp(text, letters_of[i].letters, strlen(letters_of[i].letters)) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static bool
is_complete(const struct date_format *format)
{
    bool has_one_year = (format->at[DATE_YEAR] >= 0) != (format->at[DATE_ERA_YEAR] >= 0);
    bool has_day = format->at[DATE_MONTH] >= 0 && format->at[DATE_DAY] >= 0;
    bool minute_fits = format->at[DATE_MINUTE] < 0 || format->at[DATE_HOUR] >= 0;
    bool second_fits = format->at[DATE_SECOND] < 0 || format->at[DATE_MINUTE] >= 0;
    return has_one_year && has_day && minute_fits && second_fits;
}

/* Set day_length and day_literals. */
static void
find_day_part(struct date_format *format)
{
    size_t time_start = format->length;
    size_t day_end = 0;
    for (int part = 0; part < DATE_PART_COUNT; part++) {
        size_t at = (size_t)format->at[part];
        if (format->at[part] >= 0 && part >= DATE_HOUR) {
            time_start = at < time_start ? at : time_start;
        } else if (format->at[part] >= 0) {
            day_end = at + 1 > day_end ? at + 1 : day_end;
        }
    }
    format->day_length = day_end <= time_start ? time_start : 0;
    while (format->day_literals < format->literal_count &&
           format->literals[format->day_literals] < format->day_length) {
        format->day_literals++;
    }
    format->has_plain_time =
        format->day_length > 0 && format->has_time && strcmp(format->pattern + format->day_length, "hh:mm:ss") == 0;
}

static enum status
refuse_pattern(const char *pattern, struct error_detail *err)
{
    error_set(
        err, "layout_invalid",
        "日付の形 \"%s\" は使えません。YYYY（または和暦の EE）, MM, DD, hh, mm, ss を一度ずつと区切りの記号で書くか、"
        "\"iso8601\" としてください。",
        pattern);
    return STATUS_INVALID;
}

enum status
date_format_parse(struct date_format *out, const char *pattern, struct error_detail *err)
{
    struct date_format format = {.length = strlen(pattern)};
    memset(format.at, -1, sizeof format.at);
    if (strcmp(pattern, "iso8601") == 0) {
        /* The common form is read by its offsets, the others by instant_parse. */
        enum status status = date_format_parse(out, "YYYY-MM-DDThh:mm:ss", err);
        out->is_iso8601 = true;
        return status;
    }
    if (format.length == 0 || format.length >= sizeof format.pattern) {
        return refuse_pattern(pattern, err);
    }
    memcpy(format.pattern, pattern, format.length);
    for (size_t i = 0; i < format.length;) {
        int index = find_letters(pattern + i);
        if (index >= 0 && format.at[letters_of[index].part] < 0) {
            format.at[letters_of[index].part] = (signed char)i;
            i += strlen(letters_of[index].letters);
        } else if (index < 0 && (unsigned char)pattern[i] < 0x80 && (!is_letter(pattern[i]) || pattern[i] == 'T')) {
            format.literals[format.literal_count++] = (unsigned char)i;
            i++;
        } else {
            return refuse_pattern(pattern, err);
        }
    }
    if (!is_complete(&format)) {
        return refuse_pattern(pattern, err);
    }
    format.has_time = format.at[DATE_HOUR] >= 0;
    find_day_part(&format);
    *out = format;
    return STATUS_OK;
}

void
date_reader_init(struct date_reader *reader, struct civil_date not_after, int offset_minutes)
{
    assert(civil_date_is_valid(not_after));

    *reader = (struct date_reader){.not_after = not_after, .offset_minutes = offset_minutes};
}

/* Two digits as a number; adds to *BAD when one is not a digit. */
static inline unsigned
two_digits(const char *at, unsigned *bad)
{
    unsigned tens = (unsigned)(unsigned char)at[0] - '0';
    unsigned ones = (unsigned)(unsigned char)at[1] - '0';
    *bad |= (tens > 9) | (ones > 9);
    return tens * 10 + ones;
}

/* From literal FIRST on, every byte of TEXT between the digits is the pattern's. */
static inline bool
literals_agree(const struct date_format *format, unsigned first, const char *text)
{
    unsigned differing = 0;
    for (unsigned i = first; i < format->literal_count; i++) {
        unsigned at = format->literals[i];
        differing |= text[at] != format->pattern[at];
    }
    return differing == 0;
}

enum status
date_read_era(struct civil_date *out, const char digits[6], struct civil_date not_after)
{
    struct civil_date date = {0};
    enum status status = civil_date_parse_era(&date, digits, not_after);
    if (status == STATUS_OK && date.year < not_after.year - ERA_DATE_YEARS_BACK) {
        return STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        *out = date;
    }
    return status;
}

/* The parts at TEXT, format->length bytes long; a date that does not exist is STATUS_INVALID. */
static enum status
read_date(const struct date_reader *reader, const struct date_format *format, const char *text, struct civil_date *out)
{
    if (format->at[DATE_ERA_YEAR] >= 0) {
        char digits[6];
        memcpy(digits, text + format->at[DATE_ERA_YEAR], 2);
        memcpy(digits + 2, text + format->at[DATE_MONTH], 2);
        memcpy(digits + 4, text + format->at[DATE_DAY], 2);
        return date_read_era(out, digits, reader->not_after);
    }
    unsigned bad = 0;
    const char *year = text + format->at[DATE_YEAR];
    struct civil_date date = {
        .year = (int)(two_digits(year, &bad) * 100 + two_digits(year + 2, &bad)),
        .month = (int)two_digits(text + format->at[DATE_MONTH], &bad),
        .day = (int)two_digits(text + format->at[DATE_DAY], &bad),
    };
    if (bad != 0 || !civil_date_is_valid(date)) {
        return STATUS_INVALID;
    }
    *out = date;
    return STATUS_OK;
}

/* Make CACHE hold the day at TEXT (format->length bytes), and check every literal. */
static enum status
find_day(const struct date_reader *reader, const struct date_format *format, struct date_cache *cache, const char *text)
{
    bool is_cached =
        cache->format == format && format->day_length > 0 && bytes_equal(cache->text, text, format->day_length);
    if (!literals_agree(format, is_cached ? format->day_literals : 0, text)) {
        return STATUS_INVALID;
    }
    if (is_cached) {
        return STATUS_OK;
    }
    struct civil_date date;
    enum status status = read_date(reader, format, text, &date);
    if (status == STATUS_OK) {
        cache->format = format;
        memcpy(cache->text, text, format->day_length);
        cache->date = date;
        cache->days = civil_date_to_days(date);
        cache->is_inner = cache->days > FIRST_DAY && cache->days < LAST_DAY - 1;
    }
    return status;
}

enum status
date_read(const struct date_reader *reader, const struct date_format *format, struct date_cache *cache,
          struct text_view text, struct civil_date *out)
{
    if (format->is_iso8601) {
        int64_t instant_ms;
        enum status status = instant_read(reader, format, cache, text, &instant_ms);
        if (status == STATUS_OK) {
            *out = civil_date_at(instant_ms);
        }
        return status;
    }
    if (text.length != format->length || find_day(reader, format, cache, text.at) != STATUS_OK) {
        return STATUS_INVALID;
    }
    *out = cache->date;
    return STATUS_OK;
}

/* Milliseconds since midnight, or −1. Minutes without seconds and hours without minutes are legal. */
static int64_t
read_time_ms(const struct date_format *format, const char *text)
{
    if (!format->has_time) {
        return 0;
    }
    unsigned bad = 0;
    unsigned hour = two_digits(text + format->at[DATE_HOUR], &bad);
    unsigned minute = format->at[DATE_MINUTE] >= 0 ? two_digits(text + format->at[DATE_MINUTE], &bad) : 0;
    unsigned second = format->at[DATE_SECOND] >= 0 ? two_digits(text + format->at[DATE_SECOND], &bad) : 0;
    bad |= (hour > 23) | (minute > 59) | (second > 59);
    return bad != 0 ? -1 : ((int64_t)hour * 60 + minute) * MINUTE_MS + (int64_t)second * 1000;
}

/* An offset may push the first or last day of the calendar over its edge. */
static bool
has_day_in_japan(int64_t instant_ms)
{
    const int64_t day_ms = (int64_t)DAY_MINUTES * MINUTE_MS;
    return instant_ms >= FIRST_DAY * day_ms && instant_ms < LAST_DAY * day_ms;
}

/* The digits at TEXT (format->length bytes) as an instant. */
static enum status
read_instant(const struct date_reader *reader, const struct date_format *format, struct date_cache *cache,
             const char *text, int64_t *out_ms)
{
    if (find_day(reader, format, cache, text) != STATUS_OK) {
        return STATUS_INVALID;
    }
    int64_t time_ms = read_time_ms(format, text);
    int64_t instant_ms = (cache->days * DAY_MINUTES - reader->offset_minutes) * MINUTE_MS + time_ms;
    if (time_ms < 0 || !has_day_in_japan(instant_ms)) {
        return STATUS_INVALID;
    }
    *out_ms = instant_ms;
    return STATUS_OK;
}

enum status
instant_read(const struct date_reader *reader, const struct date_format *format, struct date_cache *cache,
             struct text_view text, int64_t *out_ms)
{
    if (!format->is_iso8601) {
        return text.length == format->length ? read_instant(reader, format, cache, text.at, out_ms) : STATUS_INVALID;
    }
    if (text.length > format->length) {
        (void)find_day(reader, format, cache, text.at); /* for instant_read_quickly, next time */
    }
    int64_t instant_ms;
    if (instant_parse(&instant_ms, text.at, text.length) != STATUS_OK || !has_day_in_japan(instant_ms)) {
        return STATUS_INVALID;
    }
    *out_ms = instant_ms;
    return STATUS_OK;
}
