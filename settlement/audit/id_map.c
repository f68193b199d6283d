/* Open addressing, linear probing. */
#include "settlement/audit/id_map.h"

#include "common/signing/signing.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 1024 };

/* Half a SHA-256 of the text: nobody can make two texts that meet. */
static void
key_of(uint8_t out[16], const char *text)
{
    uint8_t hash[SHA256_SIZE];
    sha256(hash, text, strlen(text));
    memcpy(out, hash, 16);
}

static size_t
place_of(const struct id_map *map, const uint8_t key[16])
{
    size_t place;
    memcpy(&place, key, sizeof place); /* the key is a hash already */
    place &= map->capacity - 1;
    while (map->entries[place].value != 0 && memcmp(map->entries[place].key, key, 16) != 0) {
        place = (place + 1) & (map->capacity - 1);
    }
    return place;
}

static bool
grow(struct id_map *map)
{
    struct id_map larger = {.capacity = map->capacity == 0 ? FIRST_CAPACITY : map->capacity * 2, .count = map->count};
    larger.entries = calloc(larger.capacity, sizeof *larger.entries);
    if (larger.entries == NULL) {
        return false;
    }
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->entries[i].value != 0) {
            larger.entries[place_of(&larger, map->entries[i].key)] = map->entries[i];
        }
    }
    free(map->entries);
    *map = larger;
    return true;
}

void
id_map_finish(struct id_map *map)
{
    free(map->entries);
    *map = (struct id_map){0};
}

int64_t
id_map_find(const struct id_map *map, const char *id)
{
    if (map->capacity == 0) {
        return 0;
    }
    uint8_t key[16];
    key_of(key, id);
    return map->entries[place_of(map, key)].value;
}

bool
id_map_put(struct id_map *map, const char *id, int64_t value)
{
    assert(value > 0);

    if (2 * (map->count + 1) > map->capacity && !grow(map)) {
        return false;
    }
    struct id_entry entry = {.value = value};
    key_of(entry.key, id);
    map->entries[place_of(map, entry.key)] = entry;
    map->count++;
    return true;
}
