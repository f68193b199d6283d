/* Balances and last uses of stored-value cards. Pure.
 *
 * A balance read so is what the card shows to everybody, unsigned: good for telling a citizen, never for booking. */
#pragma once

#include "common/outcome/status.h"
#include "drivers/felica/felica.h"

#include <stdint.h>

enum {
    STORED_VALUE_USES_MAX = 20,
    STORED_VALUE_BLOCKS_MAX = 20,
    STORED_VALUE_MAX_YEN = 100000 /* no scheme lets a card hold more; above it the block means something else */
};

enum stored_value_scheme { STORED_VALUE_TRANSIT, STORED_VALUE_EDY, STORED_VALUE_NANACO, STORED_VALUE_WAON };
enum { STORED_VALUE_SCHEMES = STORED_VALUE_WAON + 1 };

enum stored_value_kind { STORED_VALUE_PAID, STORED_VALUE_CHARGED, STORED_VALUE_OTHER };

/* INVARIANT: a date that exists; 0 ≤ balance_yen ≤ STORED_VALUE_MAX_YEN; amount_yen −1 where the card does not keep it.
 */
struct stored_value_use {
    enum stored_value_kind kind;
    unsigned year, month, day;
    bool has_time;
    unsigned hour, minute;
    int64_t amount_yen;
    int64_t balance_yen;
};

/* Newest use first. */
struct stored_value {
    enum stored_value_scheme scheme;
    int64_t balance_yen;
    struct stored_value_use uses[STORED_VALUE_USES_MAX];
    size_t use_count;
};

/* The memory that a scheme is read from. Reading is over at the first block that the card refuses. */
struct stored_value_layout {
    uint16_t system;
    uint16_t balance_service; /* one block, 0 */
    uint16_t history_service;
    uint8_t history_blocks; /* at most STORED_VALUE_BLOCKS_MAX */
};

const struct stored_value_layout *stored_value_layout(enum stored_value_scheme scheme);

/* "交通系IC", "楽天Edy" …, and "transit", "edy" … for programs. Static strings. */
const char *stored_value_name(enum stored_value_scheme scheme);
const char *stored_value_word(enum stored_value_scheme scheme);

/* BALANCE is the balance block (NULL when the card refuses it: then the newest use tells), HISTORY the HISTORY_COUNT
 * blocks that came, one behind the other. Blocks that are empty or mean nothing are passed over. STATUS_INVALID when no
 * sound balance is there. */
enum status
stored_value_read(struct stored_value *out, enum stored_value_scheme scheme, const uint8_t balance[FELICA_BLOCK_SIZE],
                  const uint8_t *history, size_t history_count, struct error_detail *err) MUST_CHECK;
