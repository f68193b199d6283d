/* Dates and times of fixed width, described by a pattern such as "YYYY/MM/DD hh:mm:ss". */
#pragma once

#include "common/clock/civil.h"
#include "settlement/statements/text_view.h"

enum {
    DATE_FORMAT_MAX_BYTES = 40, /* "YYYY-MM-DDThh:mm:ss.sss+09:00" and some words; longer is not a date */
    DATE_JST_OFFSET_MINUTES = 9 * 60
};

enum date_part {
    DATE_YEAR,     /* YYYY */
    DATE_ERA_YEAR, /* EE: two digits of a Japanese era, as banks write it */
    DATE_MONTH,    /* MM */
    DATE_DAY,      /* DD */
    DATE_HOUR,     /* hh, 00–23 */
    DATE_MINUTE,   /* mm */
    DATE_SECOND,   /* ss */
    DATE_PART_COUNT
};

enum {
    /* No statement is older; and less than the 30 years between the same year of 平成 and 令和, so that a day that does
     * not exist in one is not taken for one of the other: 310501 from a bank that went on counting 平成 would be one of
     * 1956, 080229 one of 1996. */
    ERA_DATE_YEARS_BACK = 29
};

/* civil_date_parse_era, within ERA_DATE_YEARS_BACK of NOT_AFTER. */
enum status date_read_era(struct civil_date *out, const char digits[6], struct civil_date not_after) MUST_CHECK;

/* INVARIANT: at[part] is the offset of its digits, or −1; the bytes at literals[0 … literal_count) must equal
 * `pattern`'s, and these are all. Year (of one kind), month and day are present; minutes need hours, seconds need
 * minutes. `is_iso8601`: the rest describes its usual form, and instant_parse decides about any other. */
struct date_format {
    char pattern[DATE_FORMAT_MAX_BYTES];
    size_t length;
    signed char at[DATE_PART_COUNT];
    unsigned char literals[DATE_FORMAT_MAX_BYTES];
    unsigned literal_count;
    size_t day_length;     /* the day is in the first bytes of the text, the time after them; 0: they are mixed */
    unsigned day_literals; /* how many literals are within day_length */
    bool is_iso8601;
    bool has_time;
    bool has_plain_time; /* "hh:mm:ss" follows the day and ends the pattern */
};

/* PATTERN: letters YYYY or EE, MM, DD, hh, mm, ss, each once; or "iso8601"; other characters stand for themselves
 * (ASCII that is not a letter, and 'T'). STATUS_INVALID with a sentence. */
enum status date_format_parse(struct date_format *out, const char *pattern, struct error_detail *err) MUST_CHECK;

/* The last day that one field had: most lines of a file share it, and comparing bytes is cheaper than reading them.
 * INVARIANT: the first day_length bytes of `text` were read as `date` by `format`; NULL: nothing yet. */
struct date_cache {
    const struct date_format *format;
    char text[DATE_FORMAT_MAX_BYTES];
    struct civil_date date;
    int64_t days;
    bool is_inner; /* so far from the calendar's edges that no offset leaves it */
};

/* What a reader needs besides the text. */
struct date_reader {
    struct civil_date not_after; /* of the possible eras, the newest that gives no later day */
    int offset_minutes;          /* of times without an offset of their own: 540 for Japan */
};

void date_reader_init(struct date_reader *reader, struct civil_date not_after, int offset_minutes);

/* The day in TEXT. CACHE begins as zeros. STATUS_INVALID when TEXT has another form or the day does not exist. */
enum status date_read(const struct date_reader *reader, const struct date_format *format, struct date_cache *cache,
                      struct text_view text, struct civil_date *out) MUST_CHECK;

/* The instant in TEXT: midnight when FORMAT has no time. Its day in Japan is a valid civil date. */
enum status instant_read(const struct date_reader *reader, const struct date_format *format, struct date_cache *cache,
                         struct text_view text, int64_t *out_ms) MUST_CHECK;

/* "hh:mm:ss" at TEXT as milliseconds since midnight, or −1: eight bytes in one word. */
static inline int64_t
date_plain_time_ms(const char *text)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    const uint64_t colons = UINT64_C(0x00003A00003A0000);
    const uint64_t digit_bytes = UINT64_C(0xFFFF00FFFF00FFFF);
    uint64_t word = bytes_load_8(text);
    uint64_t digits = (word ^ UINT64_C(0x3030303030303030)) & digit_bytes; /* 0 … 9 where it was a digit */
    uint64_t too_large = (digits + UINT64_C(0x7676767676767676)) | digits;
    uint64_t numbers = digits * 10 + (digits >> 8); /* each first digit's byte holds its number */
    unsigned hour = (unsigned)numbers & 0xFF;
    unsigned minute = (unsigned)(numbers >> 24) & 0xFF;
    unsigned second = (unsigned)(numbers >> 48) & 0xFF;
    bool is_bad = ((word ^ colons) & ~digit_bytes) != 0 || (too_large & UINT64_C(0x8080808080808080)) != 0;
#else
    unsigned hour = (unsigned)((text[0] - '0') * 10 + text[1] - '0');
    unsigned minute = (unsigned)((text[3] - '0') * 10 + text[4] - '0');
    unsigned second = (unsigned)((text[6] - '0') * 10 + text[7] - '0');
    bool is_bad = text[2] != ':' || text[5] != ':';
    for (unsigned i = 0; i < 8; i++) {
        is_bad = is_bad || (i != 2 && i != 5 && (text[i] < '0' || text[i] > '9'));
    }
#endif
    if (is_bad || hour > 23 || minute > 59 || second > 59) {
        return -1;
    }
    return (((int64_t)hour * 60 + minute) * 60 + second) * 1000;
}

/* Whether TEXT begins with the day in CACHE. */
static inline bool
date_is_cached(const struct date_format *format, const struct date_cache *cache, struct text_view text)
{
    return cache->format == format && text.length >= format->day_length &&
           bytes_equal(cache->text, text.at, format->day_length);
}

/* ".mmm" at TEXT in milliseconds, or −1. */
static inline int
date_fraction_ms(const char *text)
{
    unsigned hundreds = (unsigned)(unsigned char)text[1] - '0';
    unsigned tens = (unsigned)(unsigned char)text[2] - '0';
    unsigned ones = (unsigned)(unsigned char)text[3] - '0';
    bool is_bad = text[0] != '.' || hundreds > 9 || tens > 9 || ones > 9;
    return is_bad ? -1 : (int)(hundreds * 100 + tens * 10 + ones);
}

/* instant_read for the usual case: the day before, and a plain time; in ISO 8601 "…ss+09:00" and "…ss.mmm+09:00", which
 * is what journals and exports write. False, with *OUT_MS undefined, when instant_read has to look. */
static inline bool
instant_read_quickly(const struct date_reader *reader, const struct date_format *format, const struct date_cache *cache,
                     struct text_view text, int64_t *out_ms)
{
    if (!format->has_plain_time || !cache->is_inner || !date_is_cached(format, cache, text)) {
        return false;
    }
    int offset_minutes = reader->offset_minutes;
    int fraction_ms = 0;
    size_t more = text.length - format->length;
    if (format->is_iso8601) {
        bool has_fraction = more == 10;
        if ((!has_fraction && more != 6) || !bytes_equal(text.at + text.length - 6, "+09:00", 6)) {
            return false;
        }
        offset_minutes = DATE_JST_OFFSET_MINUTES;
        fraction_ms = has_fraction ? date_fraction_ms(text.at + format->length) : 0;
    } else if (more != 0) {
        return false;
    }
    int64_t time_ms = date_plain_time_ms(text.at + format->day_length);
    *out_ms = cache->days * INT64_C(86400000) - offset_minutes * INT64_C(60000) + time_ms + fraction_ms;
    return time_ms >= 0 && fraction_ms >= 0;
}
