/* One sale or one statement line as the matcher sees it: 64 bytes, a cache line, and borrowed texts. */
#pragma once

#include "settlement/statements/statement_line.h"

/* INVARIANT: reference_hash is match_hash of the reference; an empty text is absent. `id` is unique within its side
 * and gives the order among equals: a line number, a row id. A refund or void is a negative amount. */
struct match_item {
    const char *reference;          /* ours: the merchant's */
    const char *acquirer_reference; /* theirs */
    const char *terminal;
    int64_t amount_yen;
    int64_t accepted_at_ms; /* INSTANT_ABSENT: unknown */
    uint64_t id;
    uint32_t reference_hash;
    uint16_t reference_length;
    uint16_t acquirer_length;
    uint16_t brand; /* index into the side's brands */
    uint8_t terminal_length;
    uint8_t is_training;
};

enum { MATCH_REFERENCE_MAX_BYTES = UINT16_MAX, MATCH_TERMINAL_MAX_BYTES = UINT8_MAX };

/* All items of one side. Borrowed. */
struct match_side {
    const struct match_item *items;
    size_t count;
    const struct text_view *brands; /* UTF-8; an empty name is an unknown brand */
    size_t brand_count;
    bool ids_are_lines; /* ids are line numbers of a file, ascending; the evidence may name them */
    const struct text_view *slips; /* 伝票番号, by item; NULL when no item has one: most files pay nothing for it */
};

/* A hash of 32 well-mixed bits, by words of eight bytes of which the last may overlap the one before. */
static inline uint32_t
match_hash(struct text_view text)
{
    const uint64_t factor = UINT64_C(0x9FB21C651E98DF25);
    uint64_t hash = text.length * factor;
    if (text.length >= 8) {
        for (size_t i = 0; i + 8 < text.length; i += 8) {
            hash = (hash ^ bytes_load_8(text.at + i)) * factor;
            hash ^= hash >> 35;
        }
        hash ^= bytes_load_8(text.at + text.length - 8);
    } else {
        uint64_t word = 0;
        for (size_t i = 0; i < text.length; i++) {
            word = word << 8 | (unsigned char)text.at[i];
        }
        hash ^= word;
    }
    hash *= factor;
    hash ^= hash >> 32;
    return (uint32_t)((hash * factor) >> 32);
}

/* Set the texts of ITEM, which stay borrowed. False, and nothing set, when one is too long. */
static inline bool
match_item_set_texts(struct match_item *item, struct text_view reference, struct text_view acquirer_reference,
                     struct text_view terminal)
{
    if (reference.length > MATCH_REFERENCE_MAX_BYTES || acquirer_reference.length > MATCH_REFERENCE_MAX_BYTES ||
        terminal.length > MATCH_TERMINAL_MAX_BYTES) {
        return false;
    }
    item->reference = reference.at;
    item->reference_length = (uint16_t)reference.length;
    item->reference_hash = match_hash(reference);
    item->acquirer_reference = acquirer_reference.at;
    item->acquirer_length = (uint16_t)acquirer_reference.length;
    item->terminal = terminal.at;
    item->terminal_length = (uint8_t)terminal.length;
    return true;
}

static inline struct text_view
match_item_reference(const struct match_item *item)
{
    return (struct text_view){item->reference, item->reference_length};
}

static inline struct text_view
match_item_acquirer_reference(const struct match_item *item)
{
    return (struct text_view){item->acquirer_reference, item->acquirer_length};
}

static inline struct text_view
match_item_terminal(const struct match_item *item)
{
    return (struct text_view){item->terminal, item->terminal_length};
}

/* The day in Japan at the instant, in days since 1970-01-01. */
static inline int64_t
match_day_of(int64_t instant_ms)
{
    const int64_t shifted_ms = instant_ms + INT64_C(9) * 60 * 60 * 1000;
    const int64_t day_ms = INT64_C(24) * 60 * 60 * 1000;
    return shifted_ms >= 0 ? shifted_ms / day_ms : -((day_ms - 1 - shifted_ms) / day_ms);
}
