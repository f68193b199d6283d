/* Frames of the RC-S380: 00 00 FF FF FF, length (little-endian) and its check, data and its check, 00. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PORT100_DATA_MAX = 290, /* as the reader takes */
    PORT100_FRAME_MAX = PORT100_DATA_MAX + 10,
    PORT100_ACK_SIZE = 6
};

extern const uint8_t port100_ack[PORT100_ACK_SIZE];

enum port100_kind {
    PORT100_DAMAGED,
    PORT100_ACK,
    PORT100_NAK,   /* 00 00 FF FF 00 00: the reader wants the frame again */
    PORT100_ERROR, /* the reader did not understand */
    PORT100_DATA
};

/* The frame around LENGTH (1 … PORT100_DATA_MAX) bytes; its length. */
size_t port100_frame_write(uint8_t out[PORT100_FRAME_MAX], const uint8_t *data, size_t length);

/* What the LENGTH bytes are. For PORT100_DATA, *OUT_DATA borrows from FRAME. */
enum port100_kind port100_frame_read(const uint8_t *frame, size_t length, const uint8_t **out_data, size_t *out_length);
