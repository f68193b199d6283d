/* ZVT's serial frames: DLE STX message DLE ETX CRC, a DLE of the message doubled, the CRC over message and ETX. Pure.
 */
#pragma once

#include "common/bytes/buffer.h"

#include <stdint.h>

enum {
    ZVT_APDU_MAX_BYTES = 4096, /* longest message either side has reason to send: totals of every brand */
    ZVT_ACK = 0x06,
    ZVT_NAK = 0x15
};

/* CRC-16, polynomial 0x1021 with bits in the order of the line, from 0, over BYTES and the ETX that follows them. */
uint16_t zvt_crc(const void *bytes, size_t length);

/* Append the frame of a message. */
void zvt_frame_append(struct buffer *out, const void *bytes, size_t length);

enum zvt_event {
    ZVT_EVENT_NONE,    /* more bytes are needed */
    ZVT_EVENT_ACK,     /* … */
    ZVT_EVENT_NAK,     /* … between frames */
    ZVT_EVENT_MESSAGE, /* `message` is whole */
    ZVT_EVENT_DAMAGED  /* a frame whose CRC is wrong, that broke off, or is too long: answer NAK */
};

/* INVARIANT: `length` ≤ ZVT_APDU_MAX_BYTES. */
struct zvt_receiver {
    int state;
    uint8_t message[ZVT_APDU_MAX_BYTES];
    size_t length;
    uint16_t crc;
};

void zvt_receiver_reset(struct zvt_receiver *receiver); /* also wipes what was received */

/* The next byte of the line. After ZVT_EVENT_MESSAGE the message stands until the next byte. Noise between frames is
 * dropped. */
enum zvt_event zvt_receiver_take(struct zvt_receiver *receiver, uint8_t byte);
