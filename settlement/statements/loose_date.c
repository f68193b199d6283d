/* Pattern and text are walked together. An era with its name must be the era of that day: 令和1年4月30日 does not
 * exist. */
#include "settlement/statements/loose_date.h"

#include "settlement/statements/date_format.h"

#include <ctype.h>
#include <stdio.h>

enum part { PART_YEAR, PART_ERA, PART_ERA_YEAR, PART_MONTH, PART_DAY, PART_HOUR, PART_MINUTE, PART_SECOND, PART_COUNT };

static const struct {
    const char *letters;
    enum part part;
    unsigned min_digits;
    unsigned max_digits;
} parts_of[] = {
    /* longer ones first */
    {"YYYY", PART_YEAR, 4, 4},   {"YY", PART_YEAR, 2, 2},    {"GG", PART_ERA, 0, 0},    {"G", PART_ERA, 0, 0},
    {"EE", PART_ERA_YEAR, 2, 2}, {"E", PART_ERA_YEAR, 1, 2}, {"MM", PART_MONTH, 2, 2},  {"M", PART_MONTH, 1, 2},
    {"DD", PART_DAY, 2, 2},      {"D", PART_DAY, 1, 2},      {"hh", PART_HOUR, 2, 2},   {"h", PART_HOUR, 1, 2},
    {"mm", PART_MINUTE, 2, 2},   {"m", PART_MINUTE, 1, 2},   {"ss", PART_SECOND, 2, 2}, {"s", PART_SECOND, 1, 2},
};

static const struct {
    const char *name;
    char letter;
    int first_year; /* year 1 */
} eras[] = {
    {"令和", 'R', 2019}, {"平成", 'H', 1989}, {"昭和", 'S', 1926}, {"大正", 'T', 1912}, {"明治", 'M', 1868},
};

static int
find_part(const char *pattern)
{
    for (size_t i = 0; i < sizeof parts_of / sizeof parts_of[0]; i++) {
        if (strncmp(pattern, parts_of[i].letters, strlen(parts_of[i].letters)) == 0) {
            return (int)i;
        }
    }
    return -1;
}

enum status
loose_date_parse(struct loose_date *out, const char *pattern)
{
    unsigned seen = 0;
    size_t length = strlen(pattern);
    if (length == 0 || length >= LOOSE_PATTERN_MAX_BYTES) {
        return STATUS_INVALID;
    }
    for (const char *at = pattern; *at != '\0';) {
        int index = find_part(at);
        bool is_letter = isalpha((unsigned char)*at) != 0;
        if ((index < 0 && is_letter && *at != 'T') || (index >= 0 && (seen >> parts_of[index].part & 1U) != 0)) {
            return STATUS_INVALID;
        }
        seen |= index >= 0 ? 1U << parts_of[index].part : 0U;
        at += index >= 0 ? strlen(parts_of[index].letters) : 1;
    }
    bool has_one_year = (seen >> PART_YEAR & 1U) != (seen >> PART_ERA_YEAR & 1U);
    bool has_era = (seen >> PART_ERA & 1U) != 0;
    bool has_day = (seen >> PART_MONTH & 1U) != 0 && (seen >> PART_DAY & 1U) != 0;
    bool time_fits = ((seen >> PART_MINUTE & 1U) == 0 || (seen >> PART_HOUR & 1U) != 0) &&
                     ((seen >> PART_SECOND & 1U) == 0 || (seen >> PART_MINUTE & 1U) != 0);
    if (!has_one_year || !has_day || !time_fits || (has_era && (seen >> PART_ERA_YEAR & 1U) == 0)) {
        return STATUS_INVALID;
    }
    *out = (struct loose_date){.has_era_name = has_era};
    memcpy(out->pattern, pattern, length + 1);
    return STATUS_OK;
}

/* The index of the era that TEXT begins with, or −1. */
static int
take_era(struct text_view *text, bool is_name)
{
    for (size_t i = 0; i < sizeof eras / sizeof eras[0]; i++) {
        size_t length = is_name ? strlen(eras[i].name) : 1;
        bool is_it = text->length >= length && (is_name ? memcmp(text->at, eras[i].name, length) == 0
                                                        : toupper((unsigned char)text->at[0]) == eras[i].letter);
        if (is_it) {
            *text = (struct text_view){text->at + length, text->length - length};
            return (int)i;
        }
    }
    return -1;
}

/* A number of MIN to MAX digits at the front of TEXT, or −1. */
static int
take_number(struct text_view *text, unsigned min, unsigned max)
{
    int value = 0;
    unsigned digits = 0;
    while (digits < max && digits < text->length && isdigit((unsigned char)text->at[digits]) != 0) {
        value = value * 10 + (text->at[digits] - '0');
        digits++;
    }
    *text = (struct text_view){text->at + digits, text->length - digits};
    return digits >= min ? value : -1;
}

/* The value of one part, −1 when TEXT does not go on so. */
static int
take_part(struct text_view *text, int index)
{
    static const char first[] = "元";
    if (parts_of[index].part == PART_ERA) {
        return take_era(text, strlen(parts_of[index].letters) == 2);
    }
    if (parts_of[index].part == PART_ERA_YEAR && text->length >= strlen(first) &&
        memcmp(text->at, first, strlen(first)) == 0) {
        *text = (struct text_view){text->at + strlen(first), text->length - strlen(first)};
        return 1;
    }
    int value = take_number(text, parts_of[index].min_digits, parts_of[index].max_digits);
    return value >= 0 && strcmp(parts_of[index].letters, "YY") == 0 ? value + 2000 : value;
}

static enum status
find_date(const struct loose_date *format, const int values[PART_COUNT], struct civil_date not_after,
          struct civil_date *out)
{
    if (values[PART_ERA_YEAR] >= 0 && !format->has_era_name) {
        char digits[16];
        snprintf(digits, sizeof digits, "%02d%02d%02d", values[PART_ERA_YEAR] % 100, values[PART_MONTH] % 100,
                 values[PART_DAY] % 100);
        return date_read_era(out, digits, not_after);
    }
    bool has_era = values[PART_ERA_YEAR] >= 0;
    struct civil_date date = {
        .year = has_era ? eras[values[PART_ERA]].first_year + values[PART_ERA_YEAR] - 1 : values[PART_YEAR],
        .month = values[PART_MONTH],
        .day = values[PART_DAY],
    };
    if (!civil_date_is_valid(date) || (has_era && civil_date_era(date).letter != eras[values[PART_ERA]].letter)) {
        return STATUS_INVALID;
    }
    *out = date;
    return STATUS_OK;
}

enum status
loose_date_read(const struct loose_date *format, struct text_view text, struct civil_date not_after,
                struct civil_date *out_date, int64_t *out_time_ms)
{
    int values[PART_COUNT] = {-1, -1, -1, -1, -1, -1, -1, -1};
    const char *at = format->pattern;
    while (*at != '\0') {
        int index = find_part(at);
        if (index < 0) {
            if (text.length == 0 || text.at[0] != *at) {
                return STATUS_INVALID;
            }
            text = (struct text_view){text.at + 1, text.length - 1};
            at++;
            continue;
        }
        values[parts_of[index].part] = take_part(&text, index);
        if (values[parts_of[index].part] < 0) {
            return STATUS_INVALID;
        }
        at += strlen(parts_of[index].letters);
    }
    int hour = values[PART_HOUR] > 0 ? values[PART_HOUR] : 0;
    int minute = values[PART_MINUTE] > 0 ? values[PART_MINUTE] : 0;
    int second = values[PART_SECOND] > 0 ? values[PART_SECOND] : 0;
    if (text.length > 0 || hour > 23 || minute > 59 || second > 59) {
        return STATUS_INVALID;
    }
    *out_time_ms = (((int64_t)hour * 60 + minute) * 60 + second) * 1000;
    return find_date(format, values, not_after, out_date);
}
