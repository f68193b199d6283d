/* A small table, read once at start. */
#include "settlement/imports/layouts.h"

#include "common/bytes/buffer.h"
#include "settlement/imports/shipped.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What an entry shows to others, owned here. */
struct owned {
    struct layout *layout;
};

/* INVARIANT: entries[i] borrows from owned[i]. */
struct layouts {
    struct layout_entry entries[LAYOUTS_MAX];
    struct owned owned[LAYOUTS_MAX];
    size_t count;
};

static void
owned_finish(struct owned *owned)
{
    layout_destroy(owned->layout);
    *owned = (struct owned){0};
}

/* Add the layout, or replace the one of its name. */
static enum status
add(struct layouts *layouts, const char *json, size_t length, struct error_detail *err)
{
    struct owned owned = {0};
    enum status status = layout_create(&owned.layout, json, length, err);
    if (status != STATUS_OK) {
        return status;
    }
    const char *name = layout_name(owned.layout);
    size_t at = 0;
    while (at < layouts->count && strcmp(layouts->entries[at].name, name) != 0) {
        at++;
    }
    if (at == LAYOUTS_MAX) {
        error_set(err, "too_many_layouts", "more than %d layouts", LAYOUTS_MAX);
        status = STATUS_OVERFLOW;
    }
    if (status != STATUS_OK) {
        owned_finish(&owned);
        return status;
    }
    owned_finish(&layouts->owned[at]);
    layouts->count += at == layouts->count ? 1 : 0;
    layouts->owned[at] = owned;
    layouts->entries[at] = (struct layout_entry){.name = name,
                                                 .title = layout_title(owned.layout),
                                                 .encoding = layout_encoding(owned.layout),
                                                 .layout = owned.layout};
    return STATUS_OK;
}

static enum status
add_file(struct layouts *layouts, const char *folder, const char *name, struct error_detail *err)
{
    char path[1200];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        error_set(err, "path_too_long", "%s: the name is too long", name);
        return STATUS_INVALID;
    }
    struct buffer file;
    buffer_init(&file, LAYOUT_MAX_BYTES);
    enum status status = buffer_read_file(&file, path, err);
    if (status == STATUS_OK) {
        status = add(layouts, buffer_text(&file), file.length, err);
        if (status != STATUS_OK) {
            error_prefix(err, "%s: ", path);
        }
    }
    buffer_finish(&file);
    return status;
}

static bool
ends_with_json(const char *name)
{
    size_t length = strlen(name);
    return length > 5 && name[0] != '.' && strcmp(name + length - 5, ".json") == 0;
}

static enum status
add_folder(struct layouts *layouts, const char *folder, struct error_detail *err)
{
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        error_set(err, "no_folder", "%s: the folder of layouts cannot be read", folder);
        return STATUS_NOT_FOUND;
    }
    enum status status = STATUS_OK;
    for (struct dirent *entry = readdir(directory); status == STATUS_OK && entry != NULL; entry = readdir(directory)) {
        if (ends_with_json(entry->d_name)) {
            status = add_file(layouts, folder, entry->d_name, err);
        }
    }
    closedir(directory);
    return status;
}

enum status
layouts_load(struct layouts **out, const char *folder, struct error_detail *err)
{
    struct layouts *layouts = calloc(1, sizeof *layouts);
    if (layouts == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < shipped_layouts_count; i++) {
        status = add(layouts, shipped_layouts[i].json, shipped_layouts[i].length, err);
    }
    if (status == STATUS_OK && folder != NULL && folder[0] != '\0') {
        status = add_folder(layouts, folder, err);
    }
    if (status != STATUS_OK) {
        layouts_destroy(layouts);
        return status;
    }
    *out = layouts;
    return STATUS_OK;
}

void
layouts_destroy(struct layouts *layouts)
{
    if (layouts == NULL) {
        return;
    }
    for (size_t i = 0; i < layouts->count; i++) {
        owned_finish(&layouts->owned[i]);
    }
    free(layouts);
}

size_t
layouts_count(const struct layouts *layouts)
{
    return layouts->count;
}

const struct layout_entry *
layouts_at(const struct layouts *layouts, size_t index)
{
    return &layouts->entries[index];
}

const struct layout_entry *
layouts_find(const struct layouts *layouts, const char *name)
{
    for (size_t i = 0; i < layouts->count; i++) {
        if (strcmp(layouts->entries[i].name, name) == 0) {
            return &layouts->entries[i];
        }
    }
    return NULL;
}

const char *
layouts_shipped_text(const char *name)
{
    for (size_t i = 0; i < shipped_layouts_count; i++) {
        if (strcmp(shipped_layouts[i].name, name) == 0) {
            return shipped_layouts[i].json;
        }
    }
    return NULL;
}
