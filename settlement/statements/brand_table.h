/* The brands of one file: from the bytes in the file to our name and a small number, without converting the same word
 * twice. */
#pragma once

#include "settlement/statements/layout_plan.h"

enum {
    BRAND_CACHE_SLOTS = 64, /* power of two; an acquirer has some twenty brands */
    BRANDS_MAX = 1024,      /* a column with more different values is not a brand column */
    BRAND_SLOTS = 4096      /* power of two; a quarter full at most, since several values may mean one brand */
};

struct brand_slot {
    struct text_view written; /* at == NULL: free */
    uint16_t index;
};

/* INVARIANT: names[0 … count) are different; written_count ≤ BRANDS_MAX slots are taken. `cache` holds some of the
 * slots, each at the place of its hash. */
struct brand_table {
    struct brand_slot slots[BRAND_SLOTS];
    struct brand_slot cache[BRAND_CACHE_SLOTS];
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

/* The words of a file's brands differ in their first or last bytes. */
static inline unsigned
brand_table_cache_place(struct text_view written)
{
    uint32_t edges = 0;
    if (written.length >= 4) {
        edges = bytes_load_4(written.at) ^ bytes_load_4(written.at + written.length - 4) * 3;
    } else {
        for (size_t i = 0; i < written.length; i++) {
            edges = edges << 8 | (unsigned char)written.at[i];
        }
    }
    return (edges + (uint32_t)written.length) * 2654435769U >> 26;
}

/* The brand that WRITTEN means, if that was asked before and not displaced since: NULL when brand_table_find has to
 * look. */
static inline const struct brand_slot *
brand_table_recall(const struct brand_table *table, struct text_view written)
{
    const struct brand_slot *slot = &table->cache[brand_table_cache_place(written)];
    return slot->written.at != NULL && text_view_equals(slot->written, written) ? slot : NULL;
}
