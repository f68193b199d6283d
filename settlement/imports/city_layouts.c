/* Compiled anew for each use: a layout is a few kilobytes, and files come a few times a day. */
#include "settlement/imports/city_layouts.h"

#include "settlement/store/layout_use_store.h"

#include <stdlib.h>
#include <string.h>

struct search {
    struct city_layout *out;
    struct error_detail *err;
};

static enum status
take(const struct layout_row *row, void *context)
{
    struct search *search = context;
    struct city_layout *out = search->out;
    enum status status = layout_create(&out->owned, row->descriptor, strlen(row->descriptor), search->err);
    if (status != STATUS_OK) {
        return status;
    }
    out->name = strdup(row->name);
    out->title = strdup(layout_title(out->owned));
    out->version = row->version;
    return out->name != NULL && out->title != NULL ? STATUS_OK : STATUS_NO_MEMORY;
}

enum status
city_layout_find(struct city_layout *out, struct store_txn *txn, const char *municipality,
                 const struct layouts *layouts, const char *name, struct error_detail *err)
{
    struct search search = {.out = out, .err = err};
    *out = (struct city_layout){0};
    enum status status = layout_in_use_each(txn, municipality, name, take, &search, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (out->owned != NULL) {
        out->entry = (struct layout_entry){
            .name = out->name, .title = out->title, .encoding = layout_encoding(out->owned), .layout = out->owned};
        return STATUS_OK;
    }
    const struct layout_entry *entry = layouts_find(layouts, name);
    if (entry == NULL) {
        error_set(err, "unknown_layout", "「%.60s」という書式はありません。", name);
        return STATUS_INVALID;
    }
    out->entry = *entry;
    return STATUS_OK;
}

enum status
city_layout_load(struct city_layout *out, struct store *store, const char *municipality, const struct layouts *layouts,
                 const char *name, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    *out = (struct city_layout){0};
    enum status status = store_begin_read_for(store, municipality, &txn, err);
    if (status == STATUS_OK) {
        status = city_layout_find(out, txn, municipality, layouts, name, err);
    }
    store_end(txn);
    return status;
}

void
city_layout_finish(struct city_layout *layout)
{
    layout_destroy(layout->owned);
    free(layout->name);
    free(layout->title);
    *layout = (struct city_layout){0};
}
