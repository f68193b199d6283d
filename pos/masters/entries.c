/* Gathering, sorting, paging. */
#include "pos/masters/entries.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_BLOCK_BYTES = 256 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t used;
    size_t size;
    char bytes[];
};

char *
entries_text(struct entries *entries, size_t length)
{
    struct arena_block *block = entries->arena;
    if (block == NULL || block->size - block->used < length) {
        size_t size = length > ARENA_BLOCK_BYTES ? length : ARENA_BLOCK_BYTES;
        block = malloc(sizeof *block + size);
        if (block == NULL) {
            entries->has_failed = true;
            return NULL;
        }
        *block = (struct arena_block){.next = entries->arena, .size = size};
        entries->arena = block;
    }
    char *text = block->bytes + block->used;
    block->used += length;
    return text;
}

void
entries_add(struct entries *entries, const char *key, const char *value, size_t value_length)
{
    if (entries->count == entries->capacity) {
        size_t capacity = entries->capacity * 2 + 1024;
        struct entry *rows = realloc(entries->rows, capacity * sizeof *rows);
        if (rows == NULL) {
            entries->has_failed = true;
            return;
        }
        entries->rows = rows;
        entries->capacity = capacity;
    }
    size_t key_length = strlen(key);
    char *kept = entries_text(entries, key_length);
    if (kept == NULL) {
        return;
    }
    memcpy(kept, key, key_length);
    entries->rows[entries->count++] = (struct entry){kept, value, (uint32_t)key_length, (uint32_t)value_length};
}

void
entries_finish(struct entries *entries)
{
    while (entries->arena != NULL) {
        struct arena_block *next = entries->arena->next;
        free(entries->arena);
        entries->arena = next;
    }
    free(entries->rows);
    *entries = (struct entries){0};
}

static int
compare_entries(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    size_t common = left->key_length < right->key_length ? left->key_length : right->key_length;
    int order = memcmp(left->key, right->key, common);
    return order != 0 ? order : left->key_length < right->key_length ? -1 : left->key_length > right->key_length;
}

static void
append_entry(struct buffer *page, const struct entry *entry)
{
    const unsigned char head[SHELF_ENTRY_HEAD] = {
        (unsigned char)(entry->key_length >> 8),    (unsigned char)entry->key_length,
        (unsigned char)(entry->value_length >> 24), (unsigned char)(entry->value_length >> 16),
        (unsigned char)(entry->value_length >> 8),  (unsigned char)entry->value_length,
    };
    buffer_append(page, head, sizeof head);
    buffer_append(page, entry->key, entry->key_length);
    buffer_append(page, entry->value, entry->value_length);
}

/* Put the full page, and say so in the directory. */
static enum status
close_page(struct buffer *page, const struct entry *first, size_t part, const struct extract_sink *sink,
           struct json_writer *directory, struct error_detail *err)
{
    char hash[SHA256_TEXT_SIZE];
    enum status status = buffer_check(page, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (part > SHELF_PAGES_MAX) {
        error_set(err, "too_many_rows", "the masters hold more than a till can keep");
        return STATUS_OVERFLOW;
    }
    sha256_text(hash, buffer_text(page), page->length);
    json_begin_array(directory, NULL);
    json_text_n(directory, NULL, first->key, first->key_length);
    json_text(directory, NULL, hash);
    json_end_array(directory);
    status = sink->put(sink->context, part, buffer_text(page), page->length, err);
    buffer_clear(page);
    return status;
}

static enum status
two_alike(const struct entry *entry, struct error_detail *err)
{
    error_set(err, "two_rows_alike", "two rows of the masters stand under one code and day: \"%.*s\"",
              (int)entry->key_length, entry->key);
    return STATUS_INVALID;
}

enum status
entries_write(struct entries *entries, const struct extract_sink *sink, struct buffer *directory,
              struct error_detail *err)
{
    struct json_writer writer;
    struct buffer page;
    const struct entry *first = entries->rows;
    size_t part = 1;
    enum status status = STATUS_OK;
    if (entries->has_failed) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    if (entries->count > 1) {
        qsort(entries->rows, entries->count, sizeof *entries->rows, compare_entries);
    }
    buffer_init(&page, SHELF_PAGE_MAX);
    json_writer_init(&writer, directory);
    json_begin_array(&writer, NULL);
    for (size_t i = 0; i < entries->count && status == STATUS_OK; i++) {
        const struct entry *entry = &entries->rows[i];
        if (i > 0 && compare_entries(&entries->rows[i - 1], entry) == 0) {
            status = two_alike(entry, err);
            break;
        }
        first = page.length == 0 ? entry : first;
        append_entry(&page, entry);
        if (page.length >= SHELF_PAGE_BYTES) {
            status = close_page(&page, first, part++, sink, &writer, err);
        }
    }
    if (status == STATUS_OK && page.length > 0) {
        status = close_page(&page, first, part, sink, &writer, err);
    }
    json_end_array(&writer);
    buffer_finish(&page);
    return status == STATUS_OK ? json_finish(&writer, err) : status;
}
