/* Hexadecimal and base64. */
#include "common/bytes/encoding.h"

void
hex_encode(char *out, const void *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *source = bytes;
    for (size_t i = 0; i < length; i++) {
        *out++ = digits[source[i] >> 4];
        *out++ = digits[source[i] & 15];
    }
    *out = '\0';
}

/* The value of a digit and 16, so that 0 is left for what is no digit. */
static const uint8_t hex_values[256] = {
    ['0'] = 16, ['1'] = 17, ['2'] = 18, ['3'] = 19, ['4'] = 20, ['5'] = 21, ['6'] = 22, ['7'] = 23,
    ['8'] = 24, ['9'] = 25, ['a'] = 26, ['b'] = 27, ['c'] = 28, ['d'] = 29, ['e'] = 30, ['f'] = 31,
    ['A'] = 26, ['B'] = 27, ['C'] = 28, ['D'] = 29, ['E'] = 30, ['F'] = 31,
};

enum status
hex_decode(void *out, size_t length, const char *text, size_t text_length)
{
    if (text_length / 2 != length || text_length % 2 != 0) {
        return STATUS_INVALID;
    }
    const unsigned char *digits = (const unsigned char *)text;
    for (size_t i = 0; i < text_length; i++) {
        if (hex_values[digits[i]] == 0) {
            return STATUS_INVALID;
        }
    }
    uint8_t *target = out;
    for (size_t i = 0; i < length; i++) {
        target[i] = (uint8_t)((hex_values[digits[2 * i]] & 15) << 4 | (hex_values[digits[2 * i + 1]] & 15));
    }
    return STATUS_OK;
}

void
base64_encode(char *out, const void *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *source = bytes;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned word = (unsigned)source[i] << 16;
        word |= left > 1 ? (unsigned)source[i + 1] << 8 : 0;
        word |= left > 2 ? (unsigned)source[i + 2] : 0;
        *out++ = digits[word >> 18 & 63];
        *out++ = digits[word >> 12 & 63];
        *out++ = left > 1 ? digits[word >> 6 & 63] : '=';
        *out++ = left > 2 ? digits[word & 63] : '=';
    }
    *out = '\0';
}

static int
base64_value(char digit)
{
    if (digit >= 'A' && digit <= 'Z') {
        return digit - 'A';
    }
    if (digit >= 'a' && digit <= 'z') {
        return digit - 'a' + 26;
    }
    if (digit >= '0' && digit <= '9') {
        return digit - '0' + 52;
    }
    if (digit == '+') {
        return 62;
    }
    return digit == '/' ? 63 : -1;
}

/* Whether TEXT is the one canonical form of some bytes; *OUT_PADDING is how many '=' end it. */
static bool
is_canonical_base64(const char *text, size_t text_length, size_t *out_padding)
{
    if (text_length % 4 != 0) {
        return false;
    }
    size_t padding = 0;
    while (padding < 2 && padding < text_length && text[text_length - 1 - padding] == '=') {
        padding++;
    }
    for (size_t i = 0; i < text_length - padding; i++) {
        if (base64_value(text[i]) < 0) {
            return false;
        }
    }
    /* The bits that padding hides must be zero, or two texts would stand for the same bytes. */
    unsigned hidden = padding == 2 ? 0xF : padding == 1 ? 0x3 : 0;
    *out_padding = padding;
    return hidden == 0 || ((unsigned)base64_value(text[text_length - 1 - padding]) & hidden) == 0;
}

enum status
base64_decode(void *out, size_t capacity, size_t *out_length, const char *text, size_t text_length)
{
    size_t padding;
    if (!is_canonical_base64(text, text_length, &padding)) {
        return STATUS_INVALID;
    }
    size_t length = text_length / 4 * 3 - padding;
    if (length > capacity) {
        return STATUS_OVERFLOW;
    }
    uint8_t *target = out;
    unsigned word = 0;
    size_t written = 0;
    for (size_t i = 0; i < text_length; i++) {
        unsigned value = i >= text_length - padding ? 0 : (unsigned)base64_value(text[i]);
        word = (word << 6 | value) & 0xFFFFFF;
        if (i % 4 == 3) {
            for (int shift = 16; shift >= 0 && written < length; shift -= 8) {
                target[written++] = (uint8_t)(word >> shift);
            }
        }
    }
    *out_length = length;
    return STATUS_OK;
}
