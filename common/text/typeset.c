/* Cleaning, measuring, breaking. The one idea: after cleaning, every character is one column (ASCII, half-width kana,
 * ¥) or two (all others, 〓 included), and the encoder agrees; tests/unit/pos/receipt_typeset_test.c compares the two
 * for every character that exists. */
#include "common/text/typeset.h"

#include "common/text/utf8.h"

#include <assert.h>
#include <string.h>

enum {
    COMBINING_DAKUTEN = 0x3099,
    COMBINING_HANDAKUTEN = 0x309A,
    COMBINING_MARK_BYTES = 3,
    REPLACEMENT = 0xFFFD,
    YEN_SIGN = 0xA5,
    YEN_ON_PAPER = '\\',
    KATAKANA_FROM_HIRAGANA = 0x60,
    WIDOW_MAX_COLUMNS = 4 /* two kanji alone on a row look like a mistake */
};

static void
append_character(struct buffer *out, uint32_t c)
{
    char utf8[4];
    size_t length = 0;
    if (c < 0x80) {
        utf8[length++] = (char)c;
    } else if (c < 0x800) {
        utf8[length++] = (char)(0xC0 | c >> 6);
    } else if (c < 0x10000) {
        utf8[length++] = (char)(0xE0 | c >> 12);
        utf8[length++] = (char)(0x80 | (c >> 6 & 0x3F));
    } else {
        utf8[length++] = (char)(0xF0 | c >> 18);
        utf8[length++] = (char)(0x80 | (c >> 12 & 0x3F));
        utf8[length++] = (char)(0x80 | (c >> 6 & 0x3F));
    }
    if (c >= 0x80) {
        utf8[length++] = (char)(0x80 | (c & 0x3F));
    }
    buffer_append(out, utf8, length);
}

/* Marks that take no place and that no printer knows: joiners, directions, tags. */
static bool
is_invisible(uint32_t c)
{
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) ||
           c == 0xFEFF || (c >= 0xE0000 && c <= 0xE0FFF);
}

/* Control, line break or a space of another width. U+0080–U+00A0 would be graphics in the printer's code page. */
static bool
is_blank(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c <= 0xA0) || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029;
}

/* Private characters that CP932 maps to single bytes which are no character at all: 0xA0, 0xFD–0xFF. */
static bool
is_treacherous(uint32_t c)
{
    return c >= 0xF8F0 && c <= 0xF8F3;
}

/* The kana that BASE and a combining MARK make; 0 when there is none. */
static uint32_t
composed_kana(uint32_t base, uint32_t mark)
{
    const uint32_t shift = base >= 0x30A1 && base <= 0x30F6 ? KATAKANA_FROM_HIRAGANA : 0;
    const uint32_t hiragana = base - shift;
    if (hiragana >= 0x306F && hiragana <= 0x307B && (hiragana - 0x306F) % 3 == 0) { /* は ひ ふ へ ほ */
        return base + (mark == COMBINING_DAKUTEN ? 1 : 2);
    }
    if (mark != COMBINING_DAKUTEN) {
        return 0;
    }
    const bool before_small_tsu = hiragana >= 0x304B && hiragana <= 0x3061 && hiragana % 2 == 1; /* か … ち */
    const bool after_small_tsu = hiragana >= 0x3064 && hiragana <= 0x3068 && hiragana % 2 == 0;  /* つ て と */
    if (before_small_tsu || after_small_tsu) {
        return base + 1;
    }
    return hiragana == 0x3046 ? 0x3094 + shift : 0; /* う → ゔ */
}

/* The combining dakuten or handakuten that TEXT begins with; 0 for anything else. */
static uint32_t
combining_mark(const char *text)
{
    if ((unsigned char)text[0] != 0xE3 || (unsigned char)text[1] != 0x82) {
        return 0;
    }
    const unsigned char last = (unsigned char)text[2];
    return last == 0x99 ? COMBINING_DAKUTEN : last == 0x9A ? COMBINING_HANDAKUTEN : 0;
}

/* Whether a kanji ends right before AT: the only character that a variation selector means anything to. */
static bool
follows_kanji(const char *begin, const char *at)
{
    const char *start = at;
    while (start > begin && at - start < 4 && (start == at || ((unsigned char)*start & 0xC0) == 0x80)) {
        start--;
    }
    if (start == at) {
        return false;
    }
    const uint32_t c = utf8_next(&start, at);
    return start == at &&
           ((c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF));
}

/* What stands on paper for C, which stands at AT of the text that begins at BEGIN; 0 for nothing. */
static uint32_t
clean_character(uint32_t c, const char *begin, const char *at)
{
    if (is_blank(c)) {
        return ' ';
    }
    if (utf8_is_variation_selector(c)) {
        return follows_kanji(begin, at) ? c : 0;
    }
    if (is_invisible(c)) {
        return 0;
    }
    if (c == YEN_SIGN) {
        return YEN_ON_PAPER;
    }
    return is_treacherous(c) || utf8_columns(c) == 0 ? REPLACEMENT : c;
}

/* Bytes of the character at TEXT if it is one of those that a receipt is made of and that need no cleaning: printable
 * ASCII, or U+3000 … U+9FFF (kana and kanji) without a combining mark on it. 0 for any other. */
static size_t
plain_character(const char *text, const char *end)
{
    const unsigned char *bytes = (const unsigned char *)text;
    if (text == end) {
        return 0;
    }
    if (bytes[0] >= ' ' && bytes[0] <= '~') {
        return 1;
    }
    const bool is_kana_or_kanji = bytes[0] >= 0xE3 && bytes[0] <= 0xE9 && end - text >= 3 &&
                                  (bytes[1] & 0xC0) == 0x80 && (bytes[2] & 0xC0) == 0x80;
    return is_kana_or_kanji && combining_mark(text) == 0 && (end - text < 6 || combining_mark(text + 3) == 0) ? 3 : 0;
}

/* The run of plain characters that TEXT begins with. */
static struct typeset_row
plain_run(const char *text, const char *end)
{
    struct typeset_row run = {0};
    for (size_t size = plain_character(text, end); size > 0; size = plain_character(text + run.length, end)) {
        run.length += size;
        run.columns += size == 1 ? 1 : 2;
    }
    return run;
}

size_t
typeset_clean(struct buffer *out, const char *text)
{
    return typeset_clean_part(out, text, strlen(text));
}

size_t
typeset_clean_part(struct buffer *out, const char *text, size_t length)
{
    const char *const begin = text;
    const char *const end = text + length;
    size_t columns = 0;
    while (text < end) {
        const struct typeset_row plain = plain_run(text, end);
        if (plain.length > 0) {
            buffer_append(out, text, plain.length);
            columns += plain.columns;
            text += plain.length;
            continue;
        }
        const char *const start = text;
        const uint32_t c = utf8_next(&text, end);
        const uint32_t mark = end - text >= COMBINING_MARK_BYTES ? combining_mark(text) : 0;
        const uint32_t composed = mark != 0 ? composed_kana(c, mark) : 0;
        const uint32_t clean = composed != 0 ? composed : clean_character(c, begin, start);
        if (clean == c && c != REPLACEMENT) {
            buffer_append(out, start, (size_t)(text - start));
        } else if (clean != 0) {
            append_character(out, clean);
        }
        columns += clean != 0 ? utf8_columns(clean) : 0;
        text += composed != 0 ? COMBINING_MARK_BYTES : 0;
    }
    return columns;
}

size_t
typeset_columns(const char *text)
{
    return utf8_text_columns(text);
}

static bool
is_one_of(uint32_t c, const char *set)
{
    const char *end = set + strlen(set);
    while (set < end) {
        if (utf8_next(&set, end) == c) {
            return true;
        }
    }
    return false;
}

static bool
must_not_begin_row(uint32_t c)
{
    static const char set[] =
        "、。，．,.・：；:;？！?!゛゜ー―」』】〕〉》）)]}ぁぃぅぇぉっゃゅょァィゥェォッャュョヶ々〜～％%";
    return is_one_of(c, set);
}

static bool
must_not_end_row(uint32_t c)
{
    return is_one_of(c, "「『【〔〈《（([{＠@№");
}

/* Part of a run that stays together: a number with its sign, an ASCII word, a reference. */
static bool
is_word_character(uint32_t c)
{
    return c > ' ' && c < 0x7F;
}

static bool
is_katakana(uint32_t c)
{
    return (c >= 0x30A1 && c <= 0x30FA) || c == 0x30FC || (c >= 0xFF66 && c <= 0xFF9F);
}

static bool
is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool
is_kanji(uint32_t c)
{
    return c >= 0x3400 && c <= 0x9FFF;
}

static bool
may_break_between(uint32_t before, uint32_t after)
{
    if (utf8_is_variation_selector(after)) {
        return false;
    }
    if (is_word_character(before) && is_word_character(after)) {
        return before == '-' && after != YEN_ON_PAPER; /* ids break behind their dashes, "-¥10" does not */
    }
    if ((is_katakana(before) && is_katakana(after)) || (is_digit(before) && is_kanji(after))) {
        return false;
    }
    return !must_not_begin_row(after) && !must_not_end_row(before);
}

/* Text whose parts may be enlarged: byte OFFSET of what the spans measure is its first. */
struct scaled {
    const struct typeset_span *spans; /* NULL: nothing is enlarged */
    size_t offset;
};

static unsigned
factor_at(const struct scaled *scaled, size_t at, size_t *span)
{
    if (scaled->spans == NULL) {
        return 1;
    }
    while (scaled->spans[*span].end <= scaled->offset + at) {
        (*span)++;
    }
    return scaled->spans[*span].factor;
}

/* Where TEXT must break; whole when it fits. */
static struct typeset_row
find_break(const char *text, const char *end, const struct scaled *scaled, size_t columns)
{
    const char *cursor = text;
    struct typeset_row good = {0}; /* the last place where a break is allowed */
    size_t used = 0;
    size_t span = 0;
    uint32_t before = 0;
    while (cursor < end) {
        const char *after = cursor;
        const uint32_t c = utf8_next(&after, end);
        const size_t at = (size_t)(cursor - text);
        const size_t wanted = (size_t)utf8_columns(c) * factor_at(scaled, at, &span);
        if (before != 0 && may_break_between(before, c)) {
            good = (struct typeset_row){at, at, used};
        }
        if (used + wanted > columns) {
            /* What allows no break in half a row or more (a long reference, a row of dots) is broken where it ends. */
            return good.columns * 2 >= columns ? good : (struct typeset_row){at, at, used};
        }
        used += wanted;
        before = c;
        cursor = after;
    }
    return (struct typeset_row){(size_t)(end - text), (size_t)(end - text), used};
}

struct typeset_row
typeset_break(const char *text, size_t columns)
{
    return typeset_break_scaled(text, strlen(text), NULL, 0, columns);
}

struct typeset_row
typeset_break_scaled(const char *text, size_t length, const struct typeset_span *spans, size_t offset, size_t columns)
{
    assert(columns >= 2);

    const struct scaled scaled = {spans, offset};
    struct typeset_row row = find_break(text, text + length, &scaled, columns);
    if (row.length == length) {
        return row;
    }
    while (row.next < length && text[row.next] == ' ') {
        row.next++;
    }
    size_t span = 0;
    while (row.length > 0 && text[row.length - 1] == ' ') {
        row.length--;
        span = 0;
        row.columns -= factor_at(&scaled, row.length, &span);
    }
    return row;
}

/* Rows that TEXT takes within COLUMNS, and what the last one takes. */
static size_t
count_rows(const char *text, size_t columns, size_t *out_last)
{
    size_t rows = 0;
    *out_last = 0;
    while (*text != '\0') {
        const struct typeset_row row = typeset_break(text, columns);
        *out_last = row.columns;
        text += row.next;
        rows++;
    }
    return rows;
}

size_t
typeset_rows(const char *text, size_t columns)
{
    size_t last;
    return count_rows(text, columns, &last);
}

size_t
typeset_balanced_columns(const char *text, size_t columns)
{
    const size_t rows = typeset_rows(text, columns);
    if (rows <= 1) {
        return columns;
    }
    size_t width = typeset_columns(text) / rows;
    width = width < 2 ? 2 : width;
    while (width < columns && typeset_rows(text, width) > rows) {
        width++;
    }
    return width;
}

size_t
typeset_unwidowed_columns(const char *text, size_t columns)
{
    size_t last;
    const size_t rows = count_rows(text, columns, &last);
    if (rows <= 1 || last > WIDOW_MAX_COLUMNS) {
        return columns;
    }
    if (rows == 2) {
        return typeset_balanced_columns(text, columns);
    }
    for (size_t width = columns - 1; width > columns / 2 && count_rows(text, width, &last) == rows; width--) {
        if (last > WIDOW_MAX_COLUMNS) {
            return width;
        }
    }
    return columns;
}
