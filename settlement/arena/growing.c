/* Growth by half: large blocks are moved by the C library with page tables, not with copies. */
#include "settlement/arena/growing.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { FIRST_CAPACITY = 256, HUGE_PAGE_BYTES = 2 * 1024 * 1024 };

void
memory_prefer_huge_pages(void *at, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    uintptr_t first = ((uintptr_t)at + HUGE_PAGE_BYTES - 1) / HUGE_PAGE_BYTES * HUGE_PAGE_BYTES;
    uintptr_t last = ((uintptr_t)at + bytes) / HUGE_PAGE_BYTES * HUGE_PAGE_BYTES;
    if (first < last) {
        (void)madvise((char *)at + (first - (uintptr_t)at), (size_t)(last - first), MADV_HUGEPAGE);
    }
#else
    (void)at;
    (void)bytes;
#endif
}

void
growing_init(struct growing *growing, size_t size, size_t limit, size_t expected)
{
    assert(size >= 1);
    assert(limit >= 1);

    *growing = (struct growing){.size = size, .limit = limit, .capacity = 0};
    if (expected > limit) {
        expected = limit;
    }
    if (expected > 0 && expected <= SIZE_MAX / size) {
        growing->elements = malloc(expected * size);
        growing->capacity = growing->elements != NULL ? expected : 0;
        memory_prefer_huge_pages(growing->elements, growing->capacity * size);
    }
}

void
growing_finish(struct growing *growing)
{
    free(growing->elements);
    growing->elements = NULL;
    growing->count = 0;
    growing->capacity = 0;
}

static bool
grow(struct growing *growing)
{
    size_t capacity = growing->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : growing->capacity + growing->capacity / 2;
    if (capacity > growing->limit) {
        capacity = growing->limit;
    }
    if (capacity <= growing->capacity || capacity > SIZE_MAX / growing->size) {
        return false;
    }
    void *moved = realloc(growing->elements, capacity * growing->size);
    if (moved == NULL) {
        return false;
    }
    growing->elements = moved;
    growing->capacity = capacity;
    memory_prefer_huge_pages(moved, capacity * growing->size);
    return true;
}

void *
growing_add(struct growing *growing)
{
    if (growing->count == growing->capacity && !grow(growing)) {
        return NULL;
    }
    return (char *)growing->elements + growing->size * growing->count++;
}
