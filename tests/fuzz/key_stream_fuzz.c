/* Any bytes as the stream of an event device, and again as text of a serial scanner: whatever comes out is a code. */
#include "drivers/keyboard_scanner/key_stream.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>
#include <string.h>

static void
check_slot(struct code_slot *slot)
{
    if (!slot->is_full) {
        return;
    }
    if (slot->status == STATUS_OK) {
        if (slot->code.length == 0 || slot->code.length >= SCANNER_CODE_SIZE ||
            strlen(slot->code.text) != slot->code.length) {
            abort();
        }
    } else if (slot->status != STATUS_INVALID && slot->status != STATUS_OVERFLOW) {
        abort();
    }
    slot->is_full = false;
}

static void
as_events(enum keyboard_layout layout, const uint8_t *bytes, size_t length)
{
    const struct framing_options options = {.suffix = "\r", .gap_ms = 1000};
    struct key_stream stream;
    struct code_slot slot = {0};
    key_stream_init(&stream, layout, &options);
    for (size_t at = 0; at < length;) { /* in pieces of every size, as reads give them */
        const size_t left = length - at;
        const size_t piece = 1 + at % 53;
        const size_t count = piece < left ? piece : left;
        key_stream_put(&stream, bytes + at, count, (int64_t)at, &slot);
        check_slot(&slot);
        at += count;
    }
}

static void
as_text(const uint8_t *bytes, size_t length)
{
    const struct framing_options options = {.prefix = "\x02", .suffix = "\r\n", .gap_ms = 1000};
    struct framing framing;
    struct code_slot slot = {0};
    struct scanned_code code;
    framing_init(&framing, &options);
    for (size_t i = 0; i < length; i++) {
        code_slot_put(&slot, framing_put(&framing, (char)bytes[i], (int64_t)i * 7, &code), &code);
        check_slot(&slot);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    as_events(KEYBOARD_US, bytes, length);
    as_events(KEYBOARD_JP, bytes, length);
    as_text(bytes, length);
    return 0;
}
