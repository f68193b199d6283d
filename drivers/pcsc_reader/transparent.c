/* Data objects are walked by their lengths; those that are not known are passed over. */
#include "drivers/pcsc_reader/transparent.h"

#include <assert.h>
#include <string.h>

enum {
    HEADER = 5, /* class, instruction, two parameters, length */
    STATUS_WORD = 2,
    TAG_RESULT = 0xC0,
    TAG_ANSWER = 0x97,
    TAG_HAS_SECOND_BYTE = 0x1F,
    LENGTH_IN_ONE_BYTE = 0x81,
    LENGTH_IN_TWO_BYTES = 0x82,
    RESULT_BYTES = 3
};

void
transparent_write(struct apdu *out, const struct felica_frame *command, unsigned timeout_ms)
{
    const unsigned bounded_ms = timeout_ms < TRANSPARENT_TIMEOUT_MAX_MS ? timeout_ms : TRANSPARENT_TIMEOUT_MAX_MS;
    const uint32_t timer_us = bounded_ms * 1000u;
    const uint8_t objects[] = {0x5F,
                               0x46,
                               4,
                               (uint8_t)timer_us,
                               (uint8_t)(timer_us >> 8),
                               (uint8_t)(timer_us >> 16),
                               (uint8_t)(timer_us >> 24),
                               0x95,
                               LENGTH_IN_TWO_BYTES,
                               0,
                               (uint8_t)command->length};
    assert(sizeof objects + command->length <= UINT8_MAX);
    const uint8_t header[HEADER] = {0xFF, 0xC2, 0x00, 0x01, (uint8_t)(sizeof objects + command->length)};
    memcpy(out->bytes, header, HEADER);
    memcpy(out->bytes + HEADER, objects, sizeof objects);
    memcpy(out->bytes + HEADER + sizeof objects, command->bytes, command->length);
    out->length = HEADER + sizeof objects + command->length;
    out->bytes[out->length++] = 0; /* any length of answer */
}

struct object {
    unsigned tag; /* the first byte; objects with longer tags are of no interest here */
    const uint8_t *value;
    size_t length;
};

/* The object at *AT, which moves behind it. False when it is cut off. */
static bool
next_object(const uint8_t *bytes, size_t length, size_t *at, struct object *out)
{
    size_t i = *at;
    out->tag = bytes[i++];
    if ((out->tag & TAG_HAS_SECOND_BYTE) == TAG_HAS_SECOND_BYTE) {
        i++;
    }
    if (i >= length) {
        return false;
    }
    size_t value_length = bytes[i++];
    const size_t more = value_length == LENGTH_IN_ONE_BYTE ? 1 : value_length == LENGTH_IN_TWO_BYTES ? 2 : 0;
    if (value_length > 0x7F && more == 0) {
        return false;
    }
    if (more > 0) {
        if (more > length - i) {
            return false;
        }
        value_length = more == 1 ? bytes[i] : (size_t)bytes[i] << 8 | bytes[i + 1];
        i += more;
    }
    if (value_length > length - i) {
        return false;
    }
    out->value = bytes + i;
    out->length = value_length;
    *at = i + value_length;
    return true;
}

static enum status
senseless(struct error_detail *err)
{
    error_set(err, "card_reader_answer", "カードリーダーの応答を読めませんでした。もう一度かざしてください。");
    return STATUS_INVALID;
}

enum status
transparent_read(struct felica_frame *out, const uint8_t *answer, size_t length, struct error_detail *err)
{
    struct object result = {0}, data = {0}, object = {0};
    if (length < STATUS_WORD) {
        return senseless(err);
    }
    const size_t end = length - STATUS_WORD;
    if (answer[end] != 0x90 || answer[end + 1] != 0) {
        error_set(err, "card_reader_refused", "このカードリーダーでは残高を読めません。");
        return STATUS_REFUSED;
    }
    for (size_t at = 0; at < end;) {
        if (!next_object(answer, end, &at, &object)) {
            return senseless(err);
        }
        result = object.tag == TAG_RESULT ? object : result;
        data = object.tag == TAG_ANSWER ? object : data;
    }
    if (result.length < RESULT_BYTES) {
        return senseless(err);
    }
    if (result.value[0] != 0 || result.value[1] != 0x90) {
        return STATUS_NOT_FOUND; /* a warning or error of the exchange: the card did not answer, or not whole */
    }
    if (data.length < 2 || data.length > sizeof out->bytes) {
        return senseless(err);
    }
    memcpy(out->bytes, data.value, data.length);
    out->length = data.length;
    return STATUS_OK;
}
