/* Edits in memory: what an import would do, before anything is taken. */
#include "settlement/masters/overlay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status
no_memory(struct error_detail *err)
{
    error_set(err, "no_memory", "out of memory");
    return STATUS_NO_MEMORY;
}

static int
compare_changes(const void *a, const void *b)
{
    const struct overlay_change *left = a;
    const struct overlay_change *right = b;
    int order = strcmp(left->kind, right->kind);
    return order != 0 ? order : strcmp(left->key, right->key);
}

/* Among the sorted ones: no row is tried twice. */
static struct overlay_change *
find_change(struct overlay *overlay, const char *kind, const char *key)
{
    struct overlay_change wanted = {.kind = (char *)(uintptr_t)kind, .key = (char *)(uintptr_t)key};
    return overlay->settled_count > 0
               ? bsearch(&wanted, overlay->changes, overlay->settled_count, sizeof wanted, compare_changes)
               : NULL;
}

static enum status
add_change(struct overlay *overlay, const char *kind, const char *key, struct overlay_change **out,
           struct error_detail *err)
{
    if (overlay->change_count == overlay->capacity) {
        size_t capacity = overlay->capacity == 0 ? 16 : 2 * overlay->capacity;
        struct overlay_change *grown = realloc(overlay->changes, capacity * sizeof *grown);
        if (grown == NULL) {
            return no_memory(err);
        }
        overlay->changes = grown;
        overlay->capacity = capacity;
    }
    struct overlay_change *change = &overlay->changes[overlay->change_count++];
    *change = (struct overlay_change){.kind = strdup(kind), .key = strdup(key)};
    *out = change;
    return change->kind != NULL && change->key != NULL ? STATUS_OK : no_memory(err);
}

/* ROW in normal form as TEXT and parsed. */
static enum status
take_row(const struct table *table, const struct json_value *row, char **out_text, struct json_value **out,
         struct error_detail *err)
{
    struct buffer text;
    buffer_init(&text, JSON_TEXT_MAX_BYTES);
    enum status status = masters_row_normalise(table, row, &text, err);
    if (status == STATUS_OK) {
        status = json_parse(out, buffer_text(&text), text.length, err);
    }
    if (status == STATUS_OK && (*out_text = strdup(buffer_text(&text))) == NULL) {
        status = no_memory(err);
    }
    buffer_finish(&text);
    return status;
}

enum status
overlay_try(struct overlay *overlay, const struct table *table, const char *key, const struct json_value *published,
            const struct json_value *row, char out_key[MASTERS_ROW_KEY_SIZE], struct error_detail *err)
{
    enum status status = STATUS_OK;
    struct overlay_change *change = NULL;
    if (key == NULL) {
        snprintf(out_key, MASTERS_ROW_KEY_SIZE, "+new%zu", overlay->change_count);
    } else {
        snprintf(out_key, MASTERS_ROW_KEY_SIZE, "%s", key);
        change = find_change(overlay, table->key, key);
    }
    if (change == NULL) {
        status = add_change(overlay, table->key, out_key, &change, err);
        if (status == STATUS_OK && published != NULL) {
            status = take_row(table, published, &change->before_text, &change->before, err);
        }
    } else {
        free(change->after_text);
        change->tried_over = change->after; /* rows that were laid before still show it */
        change->after_text = NULL;
        change->after = NULL;
    }
    return status == STATUS_OK && row != NULL ? take_row(table, row, &change->after_text, &change->after, err) : status;
}

void
overlay_settle(struct overlay *overlay)
{
    if (overlay->change_count > 0) {
        qsort(overlay->changes, overlay->change_count, sizeof *overlay->changes, compare_changes);
    }
    overlay->settled_count = overlay->change_count;
}
