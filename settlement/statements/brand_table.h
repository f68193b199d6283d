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

/* INVARIANT: names[0 … count) are different; written_count ≤ BRANDS_MAX slots are taken. */
struct brand_table {
    struct brand_slot slots[BRAND_SLOTS];
    struct brand_slot last;
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
