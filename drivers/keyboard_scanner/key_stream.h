/* Codes out of the input events of a scanner that types. Pure: time is a parameter.
 *
 * Digits by Alt and the number pad, and letters by Caps Lock, are not understood: a scanner must be told to use shift.
 */
#pragma once

#include "drivers/code_stream/code_scanner.h"
#include "drivers/code_stream/framing.h"
#include "drivers/keyboard_scanner/keymap.h"

#include <linux/input.h>
#include <stdint.h>

struct key_stream {
    enum keyboard_layout layout;
    struct framing framing;
    bool left_shift, right_shift;
    unsigned other_modifiers; /* how many of Ctrl, Alt and Meta are held */
    bool is_behind;           /* the kernel has lost events, and says when it has caught up */
    uint8_t event[sizeof(struct input_event)];
    size_t event_length; /* of an event that was read in part */
};

void key_stream_init(struct key_stream *stream, enum keyboard_layout layout, const struct framing_options *framing);

/* Nothing is held, nothing has come: after the device was opened. */
void key_stream_reset(struct key_stream *stream);

/* BYTES as read from an event device, at NOW_MS; what becomes complete goes into SLOT. */
void
key_stream_put(struct key_stream *stream, const void *bytes, size_t length, int64_t now_ms, struct code_slot *slot);
