/* UTF-8. */
#include "common/text/utf8.h"

#include <string.h>

/* Decode one character of at most LENGTH bytes (≥ 1); its length, or 0 when malformed. */
static size_t
decode(const char *text, size_t length, uint32_t *out)
{
    const unsigned char *bytes = (const unsigned char *)text;
    unsigned first = bytes[0];
    if (first < 0x80) {
        *out = first;
        return 1;
    }
    size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || size > length) {
        return 0;
    }
    uint32_t code_point = first & (0x7FU >> size);
    for (size_t i = 1; i < size; i++) {
        if ((bytes[i] & 0xC0) != 0x80) {
            return 0;
        }
        code_point = code_point << 6 | (bytes[i] & 0x3FU);
    }
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code_point < smallest[size] || code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
        return 0;
    }
    *out = code_point;
    return size;
}

bool
utf8_is_valid(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        /* Journals are mostly ASCII, and intake checks each of their bytes: eight at a time where none has its top bit.
         */
        uint64_t word;
        if (length - at >= sizeof word) {
            memcpy(&word, text + at, sizeof word);
            if ((word & UINT64_C(0x8080808080808080)) == 0) {
                at += sizeof word;
                continue;
            }
        }
        uint32_t ignored;
        size_t size = decode(text + at, length - at, &ignored);
        if (size == 0) {
            return false;
        }
        at += size;
    }
    return true;
}

uint32_t
utf8_next(const char **cursor, const char *end)
{
    uint32_t code_point;
    size_t size = decode(*cursor, (size_t)(end - *cursor), &code_point);
    if (size == 0) {
        *cursor += 1;
        return UTF8_REPLACEMENT;
    }
    *cursor += size;
    return code_point;
}

size_t
utf8_count(const char *text)
{
    const char *end = text + strlen(text);
    size_t count = 0;
    while (text < end) {
        utf8_next(&text, end);
        count++;
    }
    return count;
}

bool
utf8_is_variation_selector(uint32_t code_point)
{
    return (code_point >= 0xFE00 && code_point <= 0xFE0F) || (code_point >= 0xE0100 && code_point <= 0xE01EF);
}

unsigned
utf8_columns(uint32_t code_point)
{
    enum { DELETE = 0x7F, YEN_SIGN = 0xA5, OVERLINE = 0x203E };
    if (code_point < 0x20 || code_point == DELETE || utf8_is_variation_selector(code_point)) {
        return 0;
    }
    bool is_half_kana = code_point >= 0xFF61 && code_point <= 0xFF9F;
    /* JIS X 0201 has ¥ and ‾ where ASCII has \ and ~: they are printed from those bytes. */
    bool is_half = code_point < DELETE || is_half_kana || code_point == YEN_SIGN || code_point == OVERLINE;
    /* A Japanese ROM draws every other character of CP932 in a full cell, Greek and Cyrillic included. */
    return is_half ? 1 : 2;
}

size_t
utf8_text_columns(const char *text)
{
    const char *end = text + strlen(text);
    size_t columns = 0;
    while (text < end) {
        columns += utf8_columns(utf8_next(&text, end));
    }
    return columns;
}

size_t
utf8_prefix(const char *text, size_t length, size_t limit)
{
    if (length <= limit) {
        return length;
    }
    size_t cut = limit;
    while (cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80) {
        cut--;
    }
    return cut;
}
