/* Published documents, parsed once and read by many: what a version says never changes, so a screen that asks again and
 * again does not wait for 20,000 items to be parsed each time. */
#pragma once

#include "common/json/reader.h"
#include "settlement/store/masters_store.h"

/* One version, held until masters_book_release. Everything in it may be read from any thread. */
struct masters_book {
    struct masters_version version;
    const struct json_value *document;
};

/* The documents kept at hand. *OUT is given: masters_shelf_destroy, when no book is held any more (asserted). */
struct masters_shelf;
enum status masters_shelf_create(struct masters_shelf **out, struct error_detail *err) MUST_CHECK;
void masters_shelf_destroy(struct masters_shelf *shelf);

/* VERSION of MUNICIPALITY (0: the current one). STATUS_NOT_FOUND "no_masters" or "not_found". */
enum status masters_book_hold(struct masters_shelf *shelf, struct store_txn *txn, const char *municipality,
                              int64_t version, const struct masters_book **out, struct error_detail *err) MUST_CHECK;

/* NULL is fine. */
void masters_book_release(struct masters_shelf *shelf, const struct masters_book *book);
