/* A seeded generator for property tests: the same numbers in every run (xorshift64*). */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct seeded_random {
    uint64_t state; /* not 0 */
};

static inline uint64_t
seeded_next(struct seeded_random *random)
{
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return random->state * UINT64_C(2685821657736338717);
}

/* A number of FIRST … LAST. */
static inline int64_t
seeded_between(struct seeded_random *random, int64_t first, int64_t last)
{
    return first + (int64_t)(seeded_next(random) % (uint64_t)(last - first + 1));
}
