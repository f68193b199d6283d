/* A check is what makes the sum of what it checks zero. */
#include "drivers/port100_reader/frame.h"

#include <assert.h>
#include <string.h>

enum { HEAD = 8, TAIL = 2, LENGTH_AT = 5, LENGTH_CHECK_AT = 7, SHORT_HEAD = 5 };

static const uint8_t start[] = {0x00, 0x00, 0xFF, 0xFF, 0xFF};
static const uint8_t nak[PORT100_ACK_SIZE] = {0x00, 0x00, 0xFF, 0xFF, 0x00, 0x00};
static const uint8_t error_start[SHORT_HEAD] = {0x00, 0x00, 0xFF, 0x01, 0xFF};
const uint8_t port100_ack[PORT100_ACK_SIZE] = {0x00, 0x00, 0xFF, 0x00, 0xFF, 0x00};

static uint8_t
sum(const uint8_t *bytes, size_t length)
{
    unsigned total = 0;
    for (size_t i = 0; i < length; i++) {
        total += bytes[i];
    }
    return (uint8_t)total;
}

static uint8_t
check_of(const uint8_t *bytes, size_t length)
{
    return (uint8_t)(0u - sum(bytes, length));
}

size_t
port100_frame_write(uint8_t out[PORT100_FRAME_MAX], const uint8_t *data, size_t length)
{
    assert(length >= 1);
    assert(length <= PORT100_DATA_MAX);
    memcpy(out, start, sizeof start);
    out[LENGTH_AT] = (uint8_t)length;
    out[LENGTH_AT + 1] = (uint8_t)(length >> 8);
    out[LENGTH_CHECK_AT] = check_of(out + LENGTH_AT, 2);
    memcpy(out + HEAD, data, length);
    out[HEAD + length] = check_of(data, length);
    out[HEAD + length + 1] = 0;
    return HEAD + length + TAIL;
}

enum port100_kind
port100_frame_read(const uint8_t *frame, size_t length, const uint8_t **out_data, size_t *out_length)
{
    if (length == PORT100_ACK_SIZE && memcmp(frame, port100_ack, PORT100_ACK_SIZE) == 0) {
        return PORT100_ACK;
    }
    if (length == PORT100_ACK_SIZE && memcmp(frame, nak, PORT100_ACK_SIZE) == 0) {
        return PORT100_NAK;
    }
    if (length >= SHORT_HEAD && memcmp(frame, error_start, SHORT_HEAD) == 0) {
        return PORT100_ERROR;
    }
    if (length < HEAD + 1 + TAIL || memcmp(frame, start, sizeof start) != 0 || sum(frame + LENGTH_AT, 3) != 0) {
        return PORT100_DAMAGED;
    }
    const size_t data_length = frame[LENGTH_AT] | (size_t)frame[LENGTH_AT + 1] << 8;
    if (data_length == 0 || length != HEAD + data_length + TAIL || sum(frame + HEAD, data_length + 1) != 0 ||
        frame[length - 1] != 0) {
        return PORT100_DAMAGED;
    }
    *out_data = frame + HEAD;
    *out_length = data_length;
    return PORT100_DATA;
}
