/* The entries of an extract while it is made: gathered in any order, then sorted and written as pages. For this folder.
 */
#pragma once

#include "pos/masters/extract.h"
#include "pos/masters/shelf.h"

/* A key in the arena; a value in the arena or in the document, which is borrowed. */
struct entry {
    const char *key;
    const char *value;
    uint32_t key_length;
    uint32_t value_length;
};

/* INVARIANT: once `has_failed`, nothing more is taken and entries_write says so. */
struct entries {
    struct entry *rows;
    size_t count;
    size_t capacity;
    struct arena_block *arena;
    bool has_failed;
};

/* Memory of the entries' texts, freed with them. NULL when there is none. */
char *entries_text(struct entries *entries, size_t length);

/* VALUE is borrowed until entries_finish. */
void entries_add(struct entries *entries, const char *key, const char *value, size_t value_length);
void entries_finish(struct entries *entries);

/* Sort them and put them into SINK as pages from 1; the directory, a JSON array of [first key, hash], into DIRECTORY.
 */
enum status entries_write(struct entries *entries, const struct extract_sink *sink, struct buffer *directory,
                          struct error_detail *err) MUST_CHECK;
