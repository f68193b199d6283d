/* FeliCa frames for finding a card and reading what it shows to everybody. Pure.
 *
 * A frame begins with its own length. Source: JIS X 6319-4 as public readers (nfcpy, metrodroid) use it. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

enum {
    FELICA_ID_SIZE = 8, /* IDm */
    FELICA_BLOCK_SIZE = 16,
    FELICA_FRAME_SIZE = 255,
    FELICA_READ_BLOCKS_MAX = 4, /* at once: every card in use takes four */
    FELICA_COMMAND_POLLING = 0x00,
    FELICA_COMMAND_READ = 0x06,
    FELICA_ANY_SYSTEM = 0xFFFF,
    FELICA_TRANSIT_SYSTEM = 0x0003,
    FELICA_COMMON_SYSTEM = 0xFE00 /* Edy, nanaco, WAON */
};

struct felica_frame {
    uint8_t bytes[FELICA_FRAME_SIZE];
    size_t length;
};

/* Which system answers, and who it is. */
void felica_polling_write(struct felica_frame *out, uint16_t system);

/* STATUS_INVALID when ANSWER is no answer to a polling. */
enum status felica_polling_read(uint8_t out_id[FELICA_ID_SIZE], const struct felica_frame *answer,
                                struct error_detail *err) MUST_CHECK;

/* COUNT (1 … FELICA_READ_BLOCKS_MAX) blocks of SERVICE from block FIRST. */
void felica_read_write(struct felica_frame *out, const uint8_t id[FELICA_ID_SIZE], uint16_t service, uint8_t first,
                       uint8_t count);

/* The COUNT blocks that were asked for. STATUS_NOT_FOUND when the card refuses (it has no such service or block),
 * STATUS_INVALID when ANSWER is another card's, or damaged. */
enum status felica_read_read(uint8_t out[][FELICA_BLOCK_SIZE], const struct felica_frame *answer,
                             const uint8_t id[FELICA_ID_SIZE], uint8_t count, struct error_detail *err) MUST_CHECK;
