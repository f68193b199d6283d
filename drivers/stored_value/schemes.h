/* What each scheme brings; for this folder only. */
#pragma once

#include "drivers/stored_value/stored_value.h"

struct stored_value_reader {
    const char *name;
    const char *word;
    struct stored_value_layout layout;
    int64_t (*balance)(const uint8_t block[FELICA_BLOCK_SIZE]);
    /* False: the block holds no use. What it says is checked by the caller. */
    bool (*use)(const uint8_t block[FELICA_BLOCK_SIZE], struct stored_value_use *out);
    uint8_t first, step; /* which history blocks hold uses */
};

extern const struct stored_value_reader transit_reader;
extern const struct stored_value_reader edy_reader;
extern const struct stored_value_reader nanaco_reader;
extern const struct stored_value_reader waon_reader;

/* COUNT (1 … 4) bytes as a number. */
uint32_t big_endian(const uint8_t *bytes, size_t count);
uint32_t little_endian(const uint8_t *bytes, size_t count);

/* COUNT (1 … 25) bits from bit FIRST, the highest bit of the first byte being 0, within a block. */
uint32_t bits_of(const uint8_t block[FELICA_BLOCK_SIZE], size_t first, size_t count);
