/* ZVT's messages: command, length, data; the data's fields ("BMP") and the containers (TLV) in them. Pure. */
#pragma once

#include "drivers/terminal_zvt/framing.h"

enum zvt_command {
    ZVT_REGISTRATION = 0x0600,
    ZVT_AUTHORISATION = 0x0601,
    ZVT_TURNOVER_TOTALS = 0x0610,
    ZVT_REVERSAL = 0x0630,
    ZVT_REFUND = 0x0631,
    ZVT_END_OF_DAY = 0x0650,
    ZVT_DIAGNOSIS = 0x0670,
    ZVT_ABORT = 0x06B0,
    ZVT_STATUS_ENQUIRY = 0x0501,
    /* what the terminal says */
    ZVT_STATUS_INFORMATION = 0x040F,
    ZVT_INTERMEDIATE_STATUS = 0x04FF,
    ZVT_COMPLETION = 0x060F,
    ZVT_BROKEN_OFF = 0x061E,
    ZVT_CONFIRMED = 0x8000,
    ZVT_REFUSED = 0x8400 /* its low byte says why */
};

enum zvt_field {
    ZVT_FIELD_SERVICE = 0x03,
    ZVT_FIELD_AMOUNT = 0x04,
    ZVT_FIELD_CONTAINER = 0x06,
    ZVT_FIELD_TIME = 0x0C,
    ZVT_FIELD_PAN = 0x22,
    ZVT_FIELD_TRACK2 = 0x23,
    ZVT_FIELD_TRACK3 = 0x24,
    ZVT_FIELD_RESULT = 0x27,
    ZVT_FIELD_TRACK1 = 0x2D,
    ZVT_FIELD_APPROVAL = 0x3B,
    ZVT_FIELD_TEXT = 0x3C,
    ZVT_FIELD_CURRENCY = 0x49,
    ZVT_FIELD_RECEIPT = 0x87,
    ZVT_FIELD_CARD_NAME = 0x8B,
    ZVT_FIELD_DATE = 0xAA
};

/* Containers of this project (docs/protocol/terminal-zvt.md). */
enum zvt_tag {
    ZVT_TAG_REFERENCE = 0xDF01,
    ZVT_TAG_BRAND = 0xDF02,
    ZVT_TAG_MEDIA = 0xDF03,
    ZVT_TAG_SALE = 0xDF04,
    ZVT_TAG_FLAGS = 0xDF05,
    ZVT_TAG_BALANCE = 0xDF06,
    ZVT_TAG_CENTRE_CODE = 0xDF07,
    ZVT_TAG_ACQUIRER_REFERENCE = 0xDF09,
    ZVT_TAG_RESULT = 0xDF0A,
    ZVT_TAG_AMOUNT = 0xDF0B,
    ZVT_TAG_AT = 0xDF0C,
    ZVT_TAG_KIND = 0xDF0D,
    ZVT_TAG_COUNT = 0xDF0E,
    ZVT_TAG_SUM = 0xDF0F,
    ZVT_TAG_TILL = 0xDF10,
    ZVT_TAG_EARLIER = 0xFF01,
    ZVT_TAG_TOTAL = 0xFF02,
    ZVT_TAG_LINE = 0xFF03
};

enum { ZVT_AMOUNT_BYTES = 6, ZVT_CURRENCY_YEN = 392 };

/* Bytes borrowed from a message. */
struct zvt_bytes {
    const uint8_t *at;
    size_t length;
};

/* ---- reading ---- */

/* Take a message apart; false when its length is not what it says. */
bool zvt_apdu_read(struct zvt_bytes message, unsigned *out_command, struct zvt_bytes *out_data);

/* Take the first field (or container) off *REST. False at the end, and, with *OUT_IS_SOUND false, where the bytes do
 * not read; a field that we do not know ends the reading so too, since its length is not known. */
bool zvt_field_next(struct zvt_bytes *rest, unsigned *out_tag, struct zvt_bytes *out, bool *out_is_sound);
bool zvt_tag_next(struct zvt_bytes *rest, unsigned *out_tag, struct zvt_bytes *out, bool *out_is_sound);

/* BCD digits, at most 18 of them; false for anything else. */
bool zvt_bcd_read(struct zvt_bytes bytes, int64_t *out);

/* ---- writing ---- */

void zvt_bcd_append(struct buffer *out, int64_t number, size_t bytes);
void zvt_tag_append(struct buffer *out, unsigned tag, const void *bytes, size_t length);
void zvt_tag_append_text(struct buffer *out, unsigned tag, const char *text);
void zvt_container_append(struct buffer *out, const struct buffer *tags); /* field 06; nothing when TAGS is empty */
void zvt_apdu_append(struct buffer *out, unsigned command, const struct buffer *data);
