/* One pass; the result is at most half as large again. */
#include "settlement/statements/utf16.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct source {
    const unsigned char *bytes;
    size_t length;
    size_t at;
    bool is_big;
};

static unsigned
take_unit(struct source *source)
{
    unsigned first = source->bytes[source->at];
    unsigned second = source->bytes[source->at + 1];
    source->at += 2;
    return source->is_big ? first << 8 | second : second << 8 | first;
}

/* The next character, or 0xFFFFFFFF when it is none. */
static uint32_t
take_character(struct source *source)
{
    unsigned unit = take_unit(source);
    if (unit < 0xD800 || unit > 0xDFFF) {
        return unit;
    }
    if (unit > 0xDBFF || source->length - source->at < 2) {
        return UINT32_MAX;
    }
    unsigned low = take_unit(source);
    return low >= 0xDC00 && low <= 0xDFFF ? 0x10000U + ((unit - 0xD800U) << 10) + (low - 0xDC00U) : UINT32_MAX;
}

static size_t
put_character(char *out, uint32_t character)
{
    if (character < 0x80) {
        out[0] = (char)character;
        return 1;
    }
    if (character < 0x800) {
        out[0] = (char)(0xC0 | character >> 6);
        out[1] = (char)(0x80 | (character & 0x3F));
        return 2;
    }
    if (character < 0x10000) {
        out[0] = (char)(0xE0 | character >> 12);
        out[1] = (char)(0x80 | (character >> 6 & 0x3F));
        out[2] = (char)(0x80 | (character & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | character >> 18);
    out[1] = (char)(0x80 | (character >> 12 & 0x3F));
    out[2] = (char)(0x80 | (character >> 6 & 0x3F));
    out[3] = (char)(0x80 | (character & 0x3F));
    return 4;
}

enum status
utf16_to_utf8(const char *bytes, size_t length, char **out, size_t *out_length, struct error_detail *err)
{
    bool is_little = length >= 2 && memcmp(bytes, "\xFF\xFE", 2) == 0;
    bool is_big = length >= 2 && memcmp(bytes, "\xFE\xFF", 2) == 0;
    if ((!is_little && !is_big) || length % 2 != 0) {
        error_set_at(err, 1, 1, "statement_encoding",
                     "utf-16 のファイルではありません（先頭の印がないか、長さが奇数です）。書式の encoding を確かめて"
                     "ください。");
        return STATUS_INVALID;
    }
    struct source source = {(const unsigned char *)bytes, length, 2, is_big};
    char *text = malloc(length / 2 * 3 + 1);
    if (text == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t used = 0;
    unsigned line = 1;
    while (source.at < length) {
        uint32_t character = take_character(&source);
        if (character == UINT32_MAX) {
            error_set_at(err, line, 1, "statement_encoding", "utf-16 の文字として読めない部分があります。");
            free(text);
            return STATUS_INVALID;
        }
        line += character == '\n' ? 1 : 0;
        used += put_character(text + used, character);
    }
    *out = text;
    *out_length = used;
    return STATUS_OK;
}
