/* A key counts when it goes down; how long it is held does not matter. */
#include "drivers/keyboard_scanner/key_stream.h"

#include "common/signing/signing.h"

#include <string.h>

enum { VALUE_UP = 0, VALUE_DOWN = 1 };

void
key_stream_init(struct key_stream *stream, enum keyboard_layout layout, const struct framing_options *framing)
{
    *stream = (struct key_stream){.layout = layout};
    framing_init(&stream->framing, framing);
}

void
key_stream_reset(struct key_stream *stream)
{
    framing_reset(&stream->framing);
    secret_wipe(stream->event, sizeof stream->event);
    stream->event_length = 0;
    stream->left_shift = false;
    stream->right_shift = false;
    stream->other_modifiers = 0;
    stream->is_behind = false;
}

/* Keys that change others, or nothing that we read. */
static bool
take_modifier(struct key_stream *stream, unsigned key, bool is_down)
{
    switch (key) {
    case KEY_LEFTSHIFT:
        stream->left_shift = is_down;
        return true;
    case KEY_RIGHTSHIFT:
        stream->right_shift = is_down;
        return true;
    case KEY_LEFTCTRL:
    case KEY_RIGHTCTRL:
    case KEY_LEFTALT:
    case KEY_RIGHTALT:
    case KEY_LEFTMETA:
    case KEY_RIGHTMETA:
        if (is_down) {
            stream->other_modifiers++;
        } else if (stream->other_modifiers > 0) {
            stream->other_modifiers--;
        }
        return true;
    case KEY_NUMLOCK: /* pressed around digits by some scanners; our number pad is always digits */
        return true;
    default:
        return false;
    }
}

static void
take_key(struct key_stream *stream, unsigned key, bool is_down, int64_t now_ms, struct code_slot *slot)
{
    struct scanned_code code;
    if (take_modifier(stream, key, is_down) || !is_down) {
        return;
    }
    const bool is_plain = stream->other_modifiers == 0;
    const char character =
        is_plain ? keymap_character(stream->layout, key, stream->left_shift || stream->right_shift) : '\0';
    if (character == '\0') {
        framing_spoil(&stream->framing);
        return;
    }
    code_slot_put(slot, framing_put(&stream->framing, character, now_ms, &code), &code);
    secret_wipe(&code, sizeof code);
}

static void
take_event(struct key_stream *stream, const struct input_event *event, int64_t now_ms, struct code_slot *slot)
{
    if (event->type == EV_SYN && event->code == SYN_DROPPED) {
        stream->is_behind = true;
        stream->left_shift = stream->right_shift = false;
        stream->other_modifiers = 0;
        framing_spoil(&stream->framing);
    } else if (event->type == EV_SYN && event->code == SYN_REPORT) {
        stream->is_behind = false;
    } else if (event->type == EV_KEY && !stream->is_behind &&
               (event->value == VALUE_DOWN || event->value == VALUE_UP)) {
        take_key(stream, event->code, event->value == VALUE_DOWN, now_ms, slot);
    }
}

void
key_stream_put(struct key_stream *stream, const void *bytes, size_t length, int64_t now_ms, struct code_slot *slot)
{
    const uint8_t *next = bytes;
    while (length > 0) {
        const size_t missing = sizeof stream->event - stream->event_length;
        const size_t count = length < missing ? length : missing;
        memcpy(stream->event + stream->event_length, next, count);
        stream->event_length += count;
        next += count;
        length -= count;
        if (stream->event_length == sizeof stream->event) {
            struct input_event event;
            memcpy(&event, stream->event, sizeof event);
            stream->event_length = 0;
            take_event(stream, &event, now_ms, slot);
        }
    }
}
