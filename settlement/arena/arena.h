/* Memory taken piece by piece and given back all at once.
 *
 * INVARIANT: `taken` ≤ `limit`; every piece stays where it is until arena_finish. One thread at a time. */
#pragma once

#include "common/outcome/status.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks;
    size_t taken; /* bytes asked for so far */
    size_t limit;
};

/* LIMIT in bytes, ≥ 1. Allocates nothing. */
void arena_init(struct arena *arena, size_t limit);

/* Frees every piece. The arena may be used again after arena_init. */
void arena_finish(struct arena *arena);

/* BYTES bytes, aligned for any type, not cleared; NULL when the limit or memory does not suffice. 0 bytes is a valid
 * piece. Large pieces ask for huge pages: hash tables are read at random, and page tables would cost as much again. */
void *arena_take(struct arena *arena, size_t bytes);

/* COUNT elements of SIZE bytes, as arena_take; also NULL when the product does not fit. */
void *arena_take_array(struct arena *arena, size_t count, size_t size);

/* See to it that pieces of BYTES in all will come from one block: fewer pages to ask the kernel for. Only a hint. */
void arena_reserve(struct arena *arena, size_t bytes);

/* A copy of LENGTH bytes followed by a NUL, or NULL. */
char *arena_copy(struct arena *arena, const void *bytes, size_t length);
