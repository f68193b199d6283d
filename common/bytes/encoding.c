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

static int
hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    return digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

enum status
hex_decode(void *out, size_t length, const char *text, size_t text_length)
{
    if (text_length / 2 != length || text_length % 2 != 0) {
        return STATUS_INVALID;
    }
    for (size_t i = 0; i < text_length; i++) {
        if (hex_value(text[i]) < 0) {
            return STATUS_INVALID;
        }
    }
    uint8_t *target = out;
    for (size_t i = 0; i < length; i++) {
        unsigned high = (unsigned)hex_value(text[2 * i]);
        unsigned low = (unsigned)hex_value(text[2 * i + 1]);
        target[i] = (uint8_t)(high << 4 | low);
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
