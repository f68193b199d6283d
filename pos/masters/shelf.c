/* Reading pages: found by their first key, checked by their hash, kept a little while. */
#include "pos/masters/shelf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* INVARIANT: a page whose `bytes` are there was checked. */
struct cached_page {
    size_t index;
    char *bytes;
    size_t length;
};

struct masters_shelf {
    struct database *db;
    int64_t version;
    struct shelf_page *pages; /* by first key */
    size_t page_count;
    bool is_damaged;
    struct cached_page cached[SHELF_CACHED_PAGES];
    size_t oldest;
};

void
shelf_pages_destroy(struct shelf_page *pages, size_t page_count)
{
    for (size_t i = 0; pages != NULL && i < page_count; i++) {
        free(pages[i].first_key);
    }
    free(pages);
}

enum status
shelf_create(struct masters_shelf **out, struct database *db, int64_t version, struct shelf_page *pages,
             size_t page_count, struct error_detail *err)
{
    struct masters_shelf *shelf = calloc(1, sizeof *shelf);
    if (shelf == NULL) {
        shelf_pages_destroy(pages, page_count);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    shelf->db = db;
    shelf->version = version;
    shelf->pages = pages;
    shelf->page_count = page_count;
    *out = shelf;
    return STATUS_OK;
}

void
shelf_destroy(struct masters_shelf *shelf)
{
    if (shelf == NULL) {
        return;
    }
    for (size_t i = 0; i < SHELF_CACHED_PAGES; i++) {
        free(shelf->cached[i].bytes);
    }
    shelf_pages_destroy(shelf->pages, shelf->page_count);
    free(shelf);
}

bool
shelf_is_damaged(const struct masters_shelf *shelf)
{
    return shelf->is_damaged;
}

static enum status
damaged(struct masters_shelf *shelf, struct error_detail *err)
{
    shelf->is_damaged = true;
    error_set(err, "masters_damaged",
              "この端末に保存された商品の登録が壊れています。自動で直しています。直るまで、ほかの商品は販売できます。");
    return STATUS_CORRUPT;
}

/* The page's bytes out of the database, checked. *OUT is given. */
static enum status
read_page(struct masters_shelf *shelf, size_t index, char **out, size_t *out_length, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    uint8_t hash[SHA256_SIZE];
    enum status status =
        database_statement(shelf->db, "SELECT bytes FROM masters_part WHERE version = ?1 AND part = ?2", &row, err);
    if (status == STATUS_OK) {
        statement_bind_int(row, 1, shelf->version);
        statement_bind_int(row, 2, (int64_t)index + 1);
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK) {
        return status == STATUS_CORRUPT ? damaged(shelf, err) : status;
    }
    if (!has_row) {
        return damaged(shelf, err);
    }
    size_t length;
    const void *bytes = statement_column_blob(row, 0, &length);
    sha256(hash, bytes, length);
    char *copy = NULL;
    if (memcmp(hash, shelf->pages[index].hash, SHA256_SIZE) != 0) {
        status = damaged(shelf, err);
    } else if ((copy = malloc(length + 1)) == NULL) {
        error_set(err, "no_memory", "out of memory");
        status = STATUS_NO_MEMORY;
    } else {
        memcpy(copy, bytes, length);
        *out = copy;
        *out_length = length;
    }
    statement_reset(row);
    return status;
}

static enum status
find_page(struct masters_shelf *shelf, size_t index, const struct cached_page **out, struct error_detail *err)
{
    for (size_t i = 0; i < SHELF_CACHED_PAGES; i++) {
        if (shelf->cached[i].bytes != NULL && shelf->cached[i].index == index) {
            *out = &shelf->cached[i];
            return STATUS_OK;
        }
    }
    char *bytes;
    size_t length;
    enum status status = read_page(shelf, index, &bytes, &length, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct cached_page *page = &shelf->cached[shelf->oldest];
    shelf->oldest = (shelf->oldest + 1) % SHELF_CACHED_PAGES;
    free(page->bytes);
    *page = (struct cached_page){index, bytes, length};
    *out = page;
    return STATUS_OK;
}

enum status
shelf_check_page(struct masters_shelf *shelf, size_t index, bool *out_has_more, struct error_detail *err)
{
    char *bytes = NULL;
    size_t length;
    *out_has_more = index + 1 < shelf->page_count;
    if (index >= shelf->page_count) {
        return STATUS_OK;
    }
    enum status status = read_page(shelf, index, &bytes, &length, err);
    free(bytes);
    return status;
}

/* The last page whose first key is not after KEY: where an entry with that key begins, if there is one. */
static size_t
page_of_key(const struct masters_shelf *shelf, const char *key)
{
    size_t low = 0;
    size_t high = shelf->page_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(shelf->pages[middle].first_key, key) <= 0) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

void
shelf_seek(struct shelf_cursor *cursor, struct masters_shelf *shelf, const char *prefix)
{
    assert(strlen(prefix) < SHELF_KEY_SIZE);
    *cursor = (struct shelf_cursor){.shelf = shelf};
    snprintf(cursor->prefix, sizeof cursor->prefix, "%s", prefix);
    cursor->page = page_of_key(shelf, prefix);
}

/* Decode the entry at OFFSET. False when the page ends there; a page that was checked is whole. */
static bool
read_entry(const struct cached_page *page, size_t offset, struct shelf_entry *out)
{
    if (offset + SHELF_ENTRY_HEAD > page->length) {
        return false;
    }
    const unsigned char *head = (const unsigned char *)page->bytes + offset;
    out->key = page->bytes + offset + SHELF_ENTRY_HEAD;
    out->key_length = (size_t)head[0] << 8 | head[1];
    out->value = out->key + out->key_length;
    out->value_length = (size_t)head[2] << 24 | (size_t)head[3] << 16 | (size_t)head[4] << 8 | head[5];
    return out->key_length + out->value_length <= page->length - offset - SHELF_ENTRY_HEAD;
}

static int
compare_with_prefix(const struct shelf_entry *entry, const char *prefix, size_t length)
{
    size_t common = entry->key_length < length ? entry->key_length : length;
    int order = memcmp(entry->key, prefix, common);
    return order != 0 ? order : entry->key_length < length ? -1 : 0;
}

enum status
shelf_next(struct shelf_cursor *cursor, struct shelf_entry *out, bool *out_has_entry, struct error_detail *err)
{
    const size_t prefix_length = strlen(cursor->prefix);
    *out_has_entry = false;
    while (cursor->page < cursor->shelf->page_count) {
        const struct cached_page *page;
        enum status status = find_page(cursor->shelf, cursor->page, &page, err);
        if (status != STATUS_OK) {
            return status;
        }
        while (read_entry(page, cursor->offset, out)) {
            int order = compare_with_prefix(out, cursor->prefix, prefix_length);
            if (order > 0) {
                return STATUS_OK;
            }
            cursor->offset += SHELF_ENTRY_HEAD + out->key_length + out->value_length;
            if (order == 0) {
                *out_has_entry = true;
                return STATUS_OK;
            }
        }
        cursor->page++;
        cursor->offset = 0;
    }
    return STATUS_OK;
}
