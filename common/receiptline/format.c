/* Values as text. Written out by hand: a receipt has fifty of them, and printf is the slow part of a paper. */
#include "common/receiptline/program.h"

#include "common/text/typeset.h"

#include <string.h>

enum { MS_PER_SECOND = 1000, SECONDS_PER_DAY = 24 * 60 * 60, JST_OFFSET_SECONDS = 9 * 60 * 60, TEXT_SIZE = 96 };

/* Text under way, and the columns that it takes. */
struct writing {
    char text[TEXT_SIZE];
    size_t length, columns;
};

/* ASCII, a column a byte. */
static void
put(struct writing *out, const char *text)
{
    while (*text != '\0') {
        out->text[out->length++] = *text++;
        out->columns++;
    }
}

/* Kana and kanji, two columns for three bytes. */
static void
put_wide(struct writing *out, const char *text)
{
    const size_t length = strlen(text);
    memcpy(out->text + out->length, text, length);
    out->length += length;
    out->columns += length / 3 * 2;
}

static void
put_number(struct writing *out, int64_t number, unsigned least_digits, bool is_grouped)
{
    char digits[32];
    size_t count = 0;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0 || count < least_digits);
    for (size_t i = count; i > 0; i--) {
        out->text[out->length++] = digits[i - 1];
        out->columns++;
        if (is_grouped && i > 1 && i % 3 == 1) {
            put(out, ",");
        }
    }
}

/* The yen sign goes out as the byte that a Japanese printer draws it for. */
static void
put_yen(struct writing *out, int64_t yen, enum format format)
{
    put(out, yen < 0 ? "-" : format == FORMAT_SIGNED && yen > 0 ? "+" : "");
    put(out, format == FORMAT_NUMBER || format == FORMAT_PLAIN ? "" : "\\");
    put_number(out, yen, 1, format != FORMAT_PLAIN);
}

static void
put_date(struct writing *out, struct civil_date date, enum format format)
{
    static const char *const weekdays[] = {"日", "月", "火", "水", "木", "金", "土"};
    if (format == FORMAT_SLASH || format == FORMAT_ISO) {
        const char *separator = format == FORMAT_SLASH ? "/" : "-";
        put_number(out, date.year, 4, false);
        put(out, separator);
        put_number(out, date.month, 2, false);
        put(out, separator);
        put_number(out, date.day, 2, false);
        return;
    }
    if (format == FORMAT_ERA) {
        const struct era_year era = civil_date_era(date);
        put_wide(out, era.era);
        if (era.year == 1) {
            put_wide(out, "元");
        } else {
            put_number(out, era.year, 1, false);
        }
    } else {
        put_number(out, date.year, 4, false);
    }
    put_wide(out, "年");
    put_number(out, date.month, 1, false);
    put_wide(out, "月");
    put_number(out, date.day, 1, false);
    put_wide(out, "日");
    if (format == FORMAT_DEFAULT) {
        put(out, "(");
        put_wide(out, weekdays[civil_date_weekday(date)]);
        put(out, ")");
    }
}

static void
put_moment(struct writing *out, int64_t instant_ms, enum format format)
{
    if (format == FORMAT_DEFAULT || format == FORMAT_MINUTE) {
        put_date(out, civil_date_at(instant_ms), format == FORMAT_MINUTE ? FORMAT_DATE : FORMAT_DEFAULT);
        put(out, " ");
    } else if (format != FORMAT_TIME && format != FORMAT_SECOND) {
        put_date(out, civil_date_at(instant_ms), format);
        return;
    }
    const int64_t seconds = (instant_ms / MS_PER_SECOND + JST_OFFSET_SECONDS) % SECONDS_PER_DAY;
    put_number(out, seconds / 3600, 2, false);
    put(out, ":");
    put_number(out, seconds / 60 % 60, 2, false);
    if (format == FORMAT_SECOND) {
        put(out, ":");
        put_number(out, seconds % 60, 2, false);
    }
}

static void
pad(struct buffer *out, size_t count)
{
    static const char spaces[] = "                                                                ";
    _Static_assert(sizeof spaces > RECEIPTLINE_COLUMNS_MAX, "as wide as a pad can be");
    buffer_append(out, spaces, count);
}

/* Append LENGTH bytes of clean TEXT of COLUMNS in the columns that FIELD wants. */
static size_t
append_padded(struct buffer *out, const struct field *field, const char *text, size_t length, size_t columns)
{
    const size_t missing = columns < field->pad_columns ? field->pad_columns - columns : 0;
    pad(out, field->is_padded_left ? missing : 0);
    buffer_append(out, text, length);
    pad(out, field->is_padded_left ? 0 : missing);
    return columns + missing;
}

static size_t
append_text(struct buffer *out, const struct field *field, const char *text)
{
    if (field->pad_columns == 0) {
        return typeset_clean(out, text);
    }
    struct buffer clean;
    buffer_init(&clean, RECEIPTLINE_ROW_MAX_BYTES);
    const size_t columns = typeset_clean(&clean, text);
    const size_t padded = append_padded(out, field, buffer_text(&clean), clean.length, columns);
    buffer_finish(&clean);
    return padded;
}

size_t
program_format(struct buffer *out, const struct field *field, const struct receiptline_value *value, bool *out_empty)
{
    struct writing text = {.length = 0};
    switch ((enum receiptline_kind)field->name.kind) {
    case RECEIPTLINE_TEXT:
    case RECEIPTLINE_PARAGRAPH:
        *out_empty = value->text == NULL || value->text[0] == '\0';
        return append_text(out, field, value->text == NULL ? "" : value->text);
    case RECEIPTLINE_YEN:
        *out_empty = value->number == 0;
        put_yen(&text, value->number, (enum format)field->format);
        break;
    case RECEIPTLINE_NUMBER:
        *out_empty = value->number == 0;
        put(&text, value->number < 0 ? "-" : "");
        put_number(&text, value->number, 1, field->format != FORMAT_PLAIN);
        break;
    case RECEIPTLINE_DATE:
        *out_empty = !civil_date_is_valid(value->date);
        if (!*out_empty) {
            put_date(&text, value->date, (enum format)field->format);
        }
        break;
    case RECEIPTLINE_MOMENT:
        *out_empty = value->number == 0 || !instant_is_valid(value->number);
        if (!*out_empty) {
            put_moment(&text, value->number, (enum format)field->format);
        }
        break;
    case RECEIPTLINE_FLAG:
    case RECEIPTLINE_LIST:
        *out_empty = true;
        break;
    }
    return append_padded(out, field, text.text, text.length, text.columns);
}
