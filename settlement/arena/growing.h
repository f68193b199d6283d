/* One array that grows while it is filled, for counts that only the end of a file tells. */
#pragma once

#include "common/outcome/status.h"

/* INVARIANT: count ≤ capacity ≤ limit, in elements of `size` bytes. */
struct growing {
    void *elements;
    size_t size;
    size_t count;
    size_t capacity;
    size_t limit;
};

/* SIZE in bytes, LIMIT in elements, both ≥ 1. Room for EXPECTED elements is taken at once (0: no idea yet); memory that
 * is never touched costs nothing. */
void growing_init(struct growing *growing, size_t size, size_t limit, size_t expected);
void growing_finish(struct growing *growing);

/* Room for one more element, not cleared, counted at once. NULL when the limit or memory does not suffice. Earlier
 * elements may move. */
void *growing_add(struct growing *growing);

/* Tell the kernel that BYTES bytes at AT would do better on huge pages. A hint: nothing happens where it cannot help.
 */
void memory_prefer_huge_pages(void *at, size_t bytes);
