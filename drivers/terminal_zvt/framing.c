/* One byte at a time: what was begun and not ended is damaged when a new frame begins inside it. */
#include "drivers/terminal_zvt/framing.h"

#include "common/signing/signing.h"

#include <string.h>

enum { DLE = 0x10, STX = 0x02, ETX = 0x03 };

enum { BETWEEN, SEEN_DLE, IN_MESSAGE, IN_MESSAGE_DLE, AT_CRC_LOW, AT_CRC_HIGH };

static uint16_t
crc_add(uint16_t crc, uint8_t byte)
{
    unsigned value = crc ^ (unsigned)byte;
    for (int bit = 0; bit < 8; bit++) {
        value = (value & 1U) != 0 ? value >> 1 ^ 0x8408U : value >> 1;
    }
    return (uint16_t)value;
}

uint16_t
zvt_crc(const void *bytes, size_t length)
{
    const uint8_t *byte = bytes;
    uint16_t crc = 0;
    for (size_t i = 0; i < length; i++) {
        crc = crc_add(crc, byte[i]);
    }
    return crc_add(crc, ETX);
}

void
zvt_frame_append(struct buffer *out, const void *bytes, size_t length)
{
    const uint8_t *byte = bytes;
    const uint16_t crc = zvt_crc(bytes, length);
    buffer_append_byte(out, DLE);
    buffer_append_byte(out, STX);
    for (size_t i = 0; i < length; i++) {
        if (byte[i] == DLE) {
            buffer_append_byte(out, DLE);
        }
        buffer_append_byte(out, byte[i]);
    }
    buffer_append_byte(out, DLE);
    buffer_append_byte(out, ETX);
    buffer_append_byte(out, crc & 0xffU);
    buffer_append_byte(out, (unsigned)crc >> 8);
}

void
zvt_receiver_reset(struct zvt_receiver *receiver)
{
    secret_wipe(receiver, sizeof *receiver);
    receiver->state = BETWEEN;
}

static enum zvt_event
begin(struct zvt_receiver *receiver)
{
    receiver->state = IN_MESSAGE;
    receiver->length = 0;
    return ZVT_EVENT_NONE;
}

static enum zvt_event
keep(struct zvt_receiver *receiver, uint8_t byte)
{
    if (receiver->length == sizeof receiver->message) {
        receiver->state = BETWEEN;
        return ZVT_EVENT_DAMAGED;
    }
    receiver->message[receiver->length++] = byte;
    receiver->state = IN_MESSAGE;
    return ZVT_EVENT_NONE;
}

static enum zvt_event
take_after_dle(struct zvt_receiver *receiver, uint8_t byte)
{
    if (byte == DLE) {
        return keep(receiver, byte);
    }
    if (byte == ETX) {
        receiver->state = AT_CRC_LOW;
        return ZVT_EVENT_NONE;
    }
    if (byte == STX) {
        (void)begin(receiver); /* the frame before broke off: it comes again when it is not acknowledged */
        return ZVT_EVENT_NONE;
    }
    receiver->state = BETWEEN;
    return ZVT_EVENT_DAMAGED;
}

enum zvt_event
zvt_receiver_take(struct zvt_receiver *receiver, uint8_t byte)
{
    switch (receiver->state) {
    case SEEN_DLE:
        if (byte == STX) {
            return begin(receiver);
        }
        receiver->state = byte == DLE ? SEEN_DLE : BETWEEN;
        return ZVT_EVENT_NONE;
    case IN_MESSAGE:
        if (byte == DLE) {
            receiver->state = IN_MESSAGE_DLE;
            return ZVT_EVENT_NONE;
        }
        return keep(receiver, byte);
    case IN_MESSAGE_DLE:
        return take_after_dle(receiver, byte);
    case AT_CRC_LOW:
        receiver->crc = byte;
        receiver->state = AT_CRC_HIGH;
        return ZVT_EVENT_NONE;
    case AT_CRC_HIGH:
        receiver->state = BETWEEN;
        return (receiver->crc | byte << 8) == zvt_crc(receiver->message, receiver->length) ? ZVT_EVENT_MESSAGE
                                                                                           : ZVT_EVENT_DAMAGED;
    default:
        break;
    }
    receiver->state = byte == DLE ? SEEN_DLE : BETWEEN;
    return byte == ZVT_ACK ? ZVT_EVENT_ACK : byte == ZVT_NAK ? ZVT_EVENT_NAK : ZVT_EVENT_NONE;
}
