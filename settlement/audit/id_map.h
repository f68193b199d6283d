/* From a text (an id, a receipt number) to a number, for one till. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

struct id_entry {
    uint8_t key[16];
    int64_t value; /* > 0; 0 is an empty place */
};

/* INVARIANT: capacity is 0 or a power of two, at least twice `count`. */
struct id_map {
    struct id_entry *entries;
    size_t capacity;
    size_t count;
};

void id_map_finish(struct id_map *map);

/* The number under ID, 0 when there is none. */
int64_t id_map_find(const struct id_map *map, const char *id);

/* Put VALUE (> 0) under ID, which is not there yet. False without memory. */
bool id_map_put(struct id_map *map, const char *id, int64_t value);
