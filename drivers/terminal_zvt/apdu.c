/* The lengths of the fields are ZVT's own table: a number of bytes, or LL or LLL digits (F0 to F9 each) before them. */
#include "drivers/terminal_zvt/apdu.h"

#include <assert.h>
#include <string.h>

enum { LL = -2, LLL = -3, TLV = -1 };

static const struct field_length {
    uint8_t tag;
    int8_t length;
} field_lengths[] = {
    {0x01, 1},  {0x02, 1},   {0x03, 1},  {0x04, 6},  {0x05, 1},  {0x06, TLV}, {0x0B, 3},   {0x0C, 3},  {0x0D, 2},
    {0x0E, 2},  {0x17, 2},   {0x19, 1},  {0x22, LL}, {0x23, LL}, {0x24, LLL}, {0x27, 1},   {0x29, 4},  {0x2A, 15},
    {0x2D, LL}, {0x2E, LLL}, {0x37, 3},  {0x3A, 2},  {0x3B, 8},  {0x3C, LLL}, {0x3D, 3},   {0x49, 2},  {0x60, LLL},
    {0x87, 2},  {0x88, 3},   {0x8A, 1},  {0x8B, LL}, {0x8C, 1},  {0x92, LLL}, {0x9A, LLL}, {0xA0, 1},  {0xA7, LL},
    {0xAA, 3},  {0xAF, LLL}, {0xBA, 5},  {0xD0, 1},  {0xD1, LL}, {0xD2, 1},   {0xD3, 1},   {0xF1, LL}, {0xF2, LL},
    {0xF3, LL}, {0xF4, LL},  {0xF5, LL}, {0xF6, LL}, {0xF7, LL}, {0xF8, LL},
};

static bool
split(struct zvt_bytes *rest, size_t length, struct zvt_bytes *out)
{
    if (length > rest->length) {
        return false;
    }
    *out = (struct zvt_bytes){rest->at, length};
    rest->at += length;
    rest->length -= length;
    return true;
}

bool
zvt_apdu_read(struct zvt_bytes message, unsigned *out_command, struct zvt_bytes *out_data)
{
    struct zvt_bytes head, rest = message;
    if (!split(&rest, 3, &head)) {
        return false;
    }
    size_t length = head.at[2];
    if (length == 0xff) {
        struct zvt_bytes longer;
        if (!split(&rest, 2, &longer)) {
            return false;
        }
        length = (size_t)longer.at[0] | (size_t)longer.at[1] << 8;
    }
    if (rest.length != length) {
        return false;
    }
    *out_command = (unsigned)head.at[0] << 8 | head.at[1];
    *out_data = rest;
    return true;
}

/* BER: one byte below 128, or the number of bytes that follow; two are enough for any message. */
static bool
read_tlv_length(struct zvt_bytes *rest, size_t *out)
{
    struct zvt_bytes first, more;
    if (!split(rest, 1, &first)) {
        return false;
    }
    if (first.at[0] < 0x80) {
        *out = first.at[0];
        return true;
    }
    if ((first.at[0] != 0x81 && first.at[0] != 0x82) || !split(rest, first.at[0] - 0x80U, &more)) {
        return false;
    }
    *out = 0;
    for (size_t i = 0; i < more.length; i++) {
        *out = *out << 8 | more.at[i];
    }
    return true;
}

static bool
read_digits_length(struct zvt_bytes *rest, size_t digits, size_t *out)
{
    struct zvt_bytes bytes;
    if (!split(rest, digits, &bytes)) {
        return false;
    }
    *out = 0;
    for (size_t i = 0; i < digits; i++) {
        if (bytes.at[i] < 0xf0 || bytes.at[i] > 0xf9) {
            return false;
        }
        *out = *out * 10 + (bytes.at[i] & 0x0fU);
    }
    return true;
}

static bool
read_field_length(unsigned tag, struct zvt_bytes *rest, size_t *out)
{
    for (size_t i = 0; i < sizeof field_lengths / sizeof field_lengths[0]; i++) {
        const int length = field_lengths[i].length;
        if (field_lengths[i].tag != tag) {
            continue;
        }
        if (length >= 0) {
            *out = (size_t)length;
            return true;
        }
        return length == TLV ? read_tlv_length(rest, out) : read_digits_length(rest, (size_t)-length, out);
    }
    return false;
}

bool
zvt_field_next(struct zvt_bytes *rest, unsigned *out_tag, struct zvt_bytes *out, bool *out_is_sound)
{
    struct zvt_bytes tag;
    size_t length = 0;
    *out_is_sound = true;
    if (!split(rest, 1, &tag)) {
        return false;
    }
    *out_tag = tag.at[0];
    *out_is_sound = read_field_length(tag.at[0], rest, &length) && split(rest, length, out);
    return *out_is_sound;
}

bool
zvt_tag_next(struct zvt_bytes *rest, unsigned *out_tag, struct zvt_bytes *out, bool *out_is_sound)
{
    struct zvt_bytes byte;
    size_t length = 0;
    *out_is_sound = true;
    if (!split(rest, 1, &byte)) {
        return false;
    }
    *out_tag = byte.at[0];
    *out_is_sound = false;
    if ((byte.at[0] & 0x1f) == 0x1f) {
        if (!split(rest, 1, &byte) || (byte.at[0] & 0x80) != 0) {
            return false; /* tags of three bytes are in no table */
        }
        *out_tag = *out_tag << 8 | byte.at[0];
    }
    *out_is_sound = read_tlv_length(rest, &length) && split(rest, length, out);
    return *out_is_sound;
}

bool
zvt_bcd_read(struct zvt_bytes bytes, int64_t *out)
{
    enum { BYTES_MAX = 9 };
    int64_t number = 0;
    if (bytes.length == 0 || bytes.length > BYTES_MAX) {
        return false;
    }
    for (size_t i = 0; i < bytes.length; i++) {
        const unsigned high = bytes.at[i] >> 4, low = bytes.at[i] & 0x0fU;
        if (high > 9 || low > 9) {
            return false;
        }
        number = number * 100 + (int64_t)(high * 10 + low);
    }
    *out = number;
    return true;
}

void
zvt_bcd_append(struct buffer *out, int64_t number, size_t bytes)
{
    uint8_t digits[9] = {0};
    assert(bytes <= sizeof digits);
    assert(number >= 0);
    for (size_t i = bytes; i > 0; i--) {
        digits[i - 1] = (uint8_t)(number % 10 + number / 10 % 10 * 16);
        number /= 100;
    }
    assert(number == 0);
    buffer_append(out, digits, bytes);
}

static void
append_tlv_length(struct buffer *out, size_t length)
{
    assert(length <= 0xffff);
    if (length >= 0x80) {
        buffer_append_byte(out, length < 0x100 ? 0x81U : 0x82U);
    }
    if (length >= 0x100) {
        buffer_append_byte(out, (unsigned)(length >> 8));
    }
    buffer_append_byte(out, (unsigned)(length & 0xff));
}

void
zvt_tag_append(struct buffer *out, unsigned tag, const void *bytes, size_t length)
{
    assert(tag > 0xff && tag <= 0xffff);
    buffer_append_byte(out, tag >> 8);
    buffer_append_byte(out, tag & 0xffU);
    append_tlv_length(out, length);
    buffer_append(out, bytes, length);
}

void
zvt_tag_append_text(struct buffer *out, unsigned tag, const char *text)
{
    zvt_tag_append(out, tag, text, strlen(text));
}

void
zvt_container_append(struct buffer *out, const struct buffer *tags)
{
    if (tags->length > 0) {
        buffer_append_byte(out, ZVT_FIELD_CONTAINER);
        append_tlv_length(out, tags->length);
        buffer_append(out, tags->data, tags->length);
    }
}

void
zvt_apdu_append(struct buffer *out, unsigned command, const struct buffer *data)
{
    const size_t length = data != NULL ? data->length : 0;
    buffer_append_byte(out, command >> 8);
    buffer_append_byte(out, command & 0xffU);
    if (length < 0xff) {
        buffer_append_byte(out, (unsigned)length);
    } else {
        buffer_append_byte(out, 0xff);
        buffer_append_byte(out, (unsigned)(length & 0xff));
        buffer_append_byte(out, (unsigned)(length >> 8 & 0xff));
    }
    if (length > 0) {
        buffer_append(out, data->data, length);
    }
}
