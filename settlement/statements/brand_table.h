/* The brands of one file: from the bytes in the file to our name and a small number, without converting the same word
 * twice. */
#pragma once

#include "settlement/statements/layout_plan.h"

enum {
    BRANDS_MAX = 1024, /* a column with more different values is not a brand column */
    BRAND_SLOTS = 4096 /* power of two; a quarter full at most, since several values may mean one brand */
};

struct brand_slot {
    struct text_view written; /* at == NULL: free */
    uint16_t index;
};

/* INVARIANT: names[0 … count) are different; written_count ≤ BRANDS_MAX slots are taken, each at the place of its hash
 * or behind it without a gap. */
struct brand_table {
    struct brand_slot slots[BRAND_SLOTS];
    struct text_view names[BRANDS_MAX];
    unsigned count;
    unsigned written_count;
};

/* The brand that WRITTEN (bytes of the file, borrowed for the table's life) means by FIELD. Names and conversions are
 * kept in ARENA. STATUS_INVALID for a value that the layout refuses, STATUS_OVERFLOW for too many. */
enum status brand_table_find(struct brand_table *table, const struct field_plan *field, enum text_encoding encoding,
                             struct arena *arena, struct text_view written, uint16_t *out_index,
                             struct error_detail *err) MUST_CHECK;

/* The index of NAME (UTF-8, kept), for a constant brand. */
enum status brand_table_name(struct brand_table *table, struct text_view name, uint16_t *out_index,
                             struct error_detail *err) MUST_CHECK;

/* The slot that holds WRITTEN, or the free one where it belongs. The words of a file's brands differ in their first or
 * last bytes, so that these are hash enough. */
static inline unsigned
brand_table_place(const struct brand_table *table, struct text_view written)
{
    uint32_t edges = 0;
    if (written.length >= 4) {
        edges = bytes_load_4(written.at) ^ bytes_load_4(written.at + written.length - 4) * 3;
    } else {
        for (size_t i = 0; i < written.length; i++) {
            edges = edges << 8 | (unsigned char)written.at[i];
        }
    }
    unsigned place = (edges + (uint32_t)written.length) * 2654435769U >> 20;
    while (table->slots[place].written.at != NULL && !text_view_equals(table->slots[place].written, written)) {
        place = (place + 1) & (BRAND_SLOTS - 1);
    }
    return place;
}

/* The brand that WRITTEN means, if that was asked before: NULL when brand_table_find has to look. */
static inline const struct brand_slot *
brand_table_recall(const struct brand_table *table, struct text_view written)
{
    const struct brand_slot *slot = &table->slots[brand_table_place(table, written)];
    return slot->written.at != NULL ? slot : NULL;
}
