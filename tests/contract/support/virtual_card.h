/* FeliCa cards for tests: what a reader's other side does. Shares nothing with the product; its blocks are published
 * dumps. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VIRTUAL_ANSWER_MAX = 255 };

/* "transit", "edy", "nanaco", "phone" (all three), "empty". */
struct virtual_card {
    const char *kind; /* NULL: no card */
    int answers_left; /* it leaves after so many; negative: it stays */
};

extern const uint8_t virtual_card_id[8];

/* The answer of CARD to a FeliCa COMMAND that begins with its length; its length, or 0 for silence. */
size_t
virtual_card_answer(struct virtual_card *card, const uint8_t *command, size_t length, uint8_t out[VIRTUAL_ANSWER_MAX]);
