/* The layout of a name as one city means it: the version of its own that two people put to use, or else the program's.
 */
#pragma once

#include "settlement/imports/layouts.h"
#include "settlement/store/store.h"

/* INVARIANT: `entry` borrows from here or from the layouts that were asked. */
struct city_layout {
    struct layout_entry entry;
    struct layout *owned;
    char *name;
    char *title;
    int64_t version; /* 0: not the city's */
};

/* STATUS_INVALID "unknown_layout" when neither has it. OUT: city_layout_finish, also after an error. */
enum status city_layout_find(struct city_layout *out, struct store_txn *txn, const char *municipality,
                             const struct layouts *layouts, const char *name, struct error_detail *err) MUST_CHECK;
/* The same with a transaction of its own. */
enum status city_layout_load(struct city_layout *out, struct store *store, const char *municipality,
                             const struct layouts *layouts, const char *name, struct error_detail *err) MUST_CHECK;
void city_layout_finish(struct city_layout *layout);
