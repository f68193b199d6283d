/* The printer's answers, by the bits of Epson's reference. */
#include "drivers/escpos/reply.h"

#include <assert.h>
#include <string.h>

enum {
    REPORT_BYTES = 4,
    XON = 0x11,
    XOFF = 0x13,
    BLOCK_BEGIN = 0x37,     /* process id, and other blocks of the GS ( H family */
    BLOCK_JOB = 0x22,       /* second byte of a process id block */
    NAME_BLOCK_BEGIN = 0x5f /* GS I: a name */
};

static bool
matches(unsigned char byte, unsigned char mask, unsigned char value)
{
    return (byte & mask) == value;
}

static enum escpos_reply_kind
begin(struct escpos_reply_reader *reader, unsigned char byte)
{
    reader->length = 0;
    reader->bytes[reader->length++] = byte;
    if (byte == BLOCK_BEGIN || byte == NAME_BLOCK_BEGIN) {
        reader->pending = ESCPOS_REPLY_JOB;
        return ESCPOS_REPLY_NONE;
    }
    if (matches(byte, 0x93, 0x12)) {
        return ESCPOS_REPLY_STATUS;
    }
    if (matches(byte, 0x93, 0x10)) {
        reader->pending = ESCPOS_REPLY_REPORT;
        return ESCPOS_REPLY_NONE;
    }
    if (matches(byte, 0x90, 0x00)) {
        return ESCPOS_REPLY_SENSOR;
    }
    reader->strange_count += byte != XON && byte != XOFF ? 1 : 0;
    return ESCPOS_REPLY_NONE;
}

static enum escpos_reply_kind
continue_report(struct escpos_reply_reader *reader, unsigned char byte)
{
    if (!matches(byte, 0x90, 0x00)) {
        /* Not a second byte: the report was cut short, and this begins something else. */
        reader->pending = ESCPOS_REPLY_NONE;
        return begin(reader, byte);
    }
    reader->bytes[reader->length++] = byte;
    if (reader->length < REPORT_BYTES) {
        return ESCPOS_REPLY_NONE;
    }
    reader->pending = ESCPOS_REPLY_NONE;
    return ESCPOS_REPLY_REPORT;
}

static enum escpos_reply_kind
continue_block(struct escpos_reply_reader *reader, unsigned char byte)
{
    if (byte != 0) {
        if (reader->length < ESCPOS_BLOCK_MAX_BYTES) {
            reader->bytes[reader->length] = byte;
        }
        reader->length++;
        if (reader->length > ESCPOS_BLOCK_MAX_BYTES) {
            reader->pending = ESCPOS_REPLY_NONE;
        }
        return ESCPOS_REPLY_NONE;
    }
    reader->pending = ESCPOS_REPLY_NONE;
    if (reader->length == 2 + 4 && reader->bytes[0] == BLOCK_BEGIN && reader->bytes[1] == BLOCK_JOB) {
        memmove(reader->bytes, reader->bytes + 2, 4);
        return ESCPOS_REPLY_JOB;
    }
    if (reader->bytes[0] == NAME_BLOCK_BEGIN && reader->length > 1 && reader->length < ESCPOS_BLOCK_MAX_BYTES) {
        const unsigned length = reader->length - 1;
        for (unsigned i = 0; i < length; i++) {
            const unsigned char each = reader->bytes[i + 1];
            reader->bytes[i] = each >= ' ' && each <= '~' ? each : '?';
        }
        reader->bytes[length] = '\0';
        return ESCPOS_REPLY_NAME;
    }
    return ESCPOS_REPLY_NONE;
}

enum escpos_reply_kind
escpos_reply_feed(struct escpos_reply_reader *reader, unsigned char byte)
{
    switch (reader->pending) {
    case ESCPOS_REPLY_REPORT:
        return continue_report(reader, byte);
    case ESCPOS_REPLY_JOB:
        return continue_block(reader, byte);
    case ESCPOS_REPLY_NONE:
    case ESCPOS_REPLY_STATUS:
    case ESCPOS_REPLY_SENSOR:
    case ESCPOS_REPLY_NAME:
        break;
    }
    return begin(reader, byte);
}

void
escpos_state_from_status(struct printer_state *state, unsigned n, unsigned char byte)
{
    assert(n >= 1 && n <= 4);
    state->is_known = true;
    switch (n) {
    case 1:
        state->is_online = (byte & 0x08) == 0;
        break;
    case 2:
        state->cover_is_open = (byte & 0x04) != 0;
        state->paper_is_out = state->paper_is_out || (byte & 0x20) != 0;
        state->needs_attention = state->needs_attention || (byte & 0x40) != 0;
        break;
    case 3:
        state->cutter_has_failed = (byte & 0x08) != 0;
        state->needs_attention = state->needs_attention || (byte & 0x64) != 0;
        break;
    default:
        state->paper_is_near_end = (byte & 0x0c) != 0;
        state->paper_is_out = state->paper_is_out || (byte & 0x60) != 0;
        break;
    }
}

void
escpos_state_from_report(struct printer_state *state, const unsigned char bytes[4])
{
    state->is_known = true;
    state->is_online = (bytes[0] & 0x08) == 0;
    state->cover_is_open = (bytes[0] & 0x20) != 0;
    state->cutter_has_failed = (bytes[1] & 0x08) != 0;
    state->needs_attention = (bytes[1] & 0x64) != 0;
    state->paper_is_near_end = (bytes[2] & 0x03) != 0;
    state->paper_is_out = (bytes[2] & 0x0c) != 0;
}

bool
escpos_drawer_pin_is_high(unsigned char status_1)
{
    return (status_1 & 0x04) != 0;
}
