/* Small pieces are cut from chunks; a piece larger than a chunk has one of its own. */
#include "settlement/arena/arena.h"

#include "settlement/arena/growing.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    LARGE_BYTES = 2 * 1024 * 1024, /* a huge page on every 64-bit system that matters here */
    CHUNK_BYTES = 64 * 1024,       /* some thousand texts; little waste in a small import */
    ALIGNMENT = alignof(max_align_t)
};

/* INVARIANT: used ≤ size. The bytes follow the struct. The newest chunk is first; only it is cut from. */
struct arena_chunk {
    struct arena_chunk *next;
    size_t size;
    size_t used;
    alignas(max_align_t) char bytes[];
};

void
arena_init(struct arena *arena, size_t limit)
{
    assert(limit >= 1);

    *arena = (struct arena){.limit = limit};
}

void
arena_finish(struct arena *arena)
{
    struct arena_chunk *chunk = arena->chunks;
    while (chunk != NULL) {
        struct arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    arena->chunks = NULL;
    arena->taken = 0;
}

/* Large chunks begin at a huge page's border, so that no part of them is left to small pages. */
static struct arena_chunk *
allocate_chunk(size_t size)
{
    size_t whole = sizeof(struct arena_chunk) + size;
    if (whole < LARGE_BYTES) {
        return malloc(whole);
    }
    whole = (whole + LARGE_BYTES - 1) / LARGE_BYTES * LARGE_BYTES;
    struct arena_chunk *chunk = aligned_alloc(LARGE_BYTES, whole);
    if (chunk != NULL) {
        memory_prefer_huge_pages(chunk, whole);
    }
    return chunk;
}

/* IS_OPEN: the next pieces are cut from it. */
static struct arena_chunk *
add_chunk(struct arena *arena, size_t size, bool is_open)
{
    struct arena_chunk *chunk = allocate_chunk(size);
    if (chunk == NULL) {
        return NULL;
    }
    chunk->size = size;
    chunk->used = 0;
    /* A chunk for one large piece goes behind the open one, whose rest would be lost otherwise. */
    if (!is_open && arena->chunks != NULL) {
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
    } else {
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    return chunk;
}

void *
arena_take(struct arena *arena, size_t bytes)
{
    if (bytes > SIZE_MAX / 2 || bytes > arena->limit - arena->taken) {
        return NULL;
    }
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct arena_chunk *chunk = arena->chunks;
    if (chunk == NULL || chunk->size - chunk->used < rounded) {
        bool is_large = rounded > CHUNK_BYTES;
        chunk = add_chunk(arena, is_large ? rounded : CHUNK_BYTES, !is_large);
        if (chunk == NULL) {
            return NULL;
        }
    }
    void *piece = chunk->bytes + chunk->used;
    chunk->used += rounded;
    arena->taken += bytes;
    return piece;
}

void
arena_reserve(struct arena *arena, size_t bytes)
{
    const struct arena_chunk *open = arena->chunks;
    bool is_there = open != NULL && open->size - open->used >= bytes;
    if (!is_there && bytes > CHUNK_BYTES && bytes <= arena->limit - arena->taken) {
        (void)add_chunk(arena, bytes + CHUNK_BYTES, /* is_open= */ true); /* some more: pieces are rounded up */
    }
}

void *
arena_take_array(struct arena *arena, size_t count, size_t size)
{
    assert(size > 0);

    return count <= SIZE_MAX / size ? arena_take(arena, count * size) : NULL;
}

char *
arena_copy(struct arena *arena, const void *bytes, size_t length)
{
    char *copy = arena_take(arena, length + 1);
    if (copy != NULL) {
        memcpy(copy, bytes, length);
        copy[length] = '\0';
    }
    return copy;
}
