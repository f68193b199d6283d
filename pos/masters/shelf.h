/* The shelf: what a place sells, as one sorted table of keys and values in pages, out of which a till takes a row at a
 * time.
 *
 * A till must start as fast with 20,000 items as with 20, and must sell nothing by a row that was altered on its disk.
 * So the document is cut once, when it is applied (extract.c), into pages of some kilobytes. A directory in memory
 * holds each page's first key and its SHA-256; the directory stands in the head of the extract, whose own hash stands
 * in the journal
 * (`masters.applied`). A lookup finds the page by its first key, reads that page alone, and checks it before it looks
 * in.
 *
 * Keys are words with a space between; their first letter says what they are:
 *
 *     i CODE FROM        an item's row, as in the document
 *     t CODE FROM        a tariff's row, the same
 *     c code CODE FROM   → CODE FROM TO   by the code in small letters
 *     k kana CODE FROM   → CODE FROM TO   by the folded kana
 *     g NN NNNNNN        → CODE FROM TO   the NN-th category of the place, in the document's order
 *     p TARIFF NNNNNN    → CODE FROM TO   the items of a tariff, in the document's order
 *     u FORM TARIFF FROM → TARIFF         the tariffs of a form
 *     f NNNNNN           → CODE FROM TO   the favourites, in the document's order
 *     s NNNNNN           → CODE FROM TO name kana   all items, folded, to be walked by a search for a part of a name
 *
 * FROM and TO are dates; "0000-00-00" is since ever, "9999-99-99" without end. */
#pragma once

#include "common/signing/signing.h"
#include "common/sqlite/database.h"

enum {
    SHELF_KEY_SIZE = 512,
    SHELF_PAGE_BYTES = 16 * 1024, /* a page is closed when it exceeds this */
    SHELF_PAGE_MAX = 512 * 1024,  /* one row that is larger has a page of its own; beyond this it is refused */
    SHELF_PAGES_MAX = 8192,
    SHELF_CACHED_PAGES = 8 /* the last ones used: adding an item reads one page, a list of keys two at a time */
};

/* A page as the directory knows it. */
struct shelf_page {
    char *first_key;
    uint8_t hash[SHA256_SIZE];
};

struct masters_shelf;

/* A shelf whose pages are parts 1 … PAGE_COUNT of masters VERSION in DB (borrowed; used under the till's lock). Takes
 * PAGES, even on failure. */
enum status shelf_create(struct masters_shelf **out, struct database *db, int64_t version, struct shelf_page *pages,
                         size_t page_count, struct error_detail *err) MUST_CHECK;
void shelf_destroy(struct masters_shelf *shelf);
void shelf_pages_destroy(struct shelf_page *pages, size_t page_count);

/* Whether a page was found altered since the shelf was opened. */
bool shelf_is_damaged(const struct masters_shelf *shelf);

/* Check page INDEX against the directory; *OUT_HAS_MORE is false after the last one. STATUS_CORRUPT. */
enum status
shelf_check_page(struct masters_shelf *shelf, size_t index, bool *out_has_more, struct error_detail *err) MUST_CHECK;

/* An entry; key and value are borrowed until the next step of any cursor of this shelf. */
struct shelf_entry {
    const char *key; /* not NUL-terminated, as the value */
    size_t key_length;
    const char *value;
    size_t value_length;
};

/* Walks the entries whose keys begin with a prefix, in order. */
struct shelf_cursor {
    struct masters_shelf *shelf;
    char prefix[SHELF_KEY_SIZE];
    size_t page;
    size_t offset;
};

void shelf_seek(struct shelf_cursor *cursor, struct masters_shelf *shelf, const char *prefix);

/* The next entry; *OUT_HAS_ENTRY is false after the last. STATUS_CORRUPT "masters_damaged" when its page was altered.
 */
enum status shelf_next(struct shelf_cursor *cursor, struct shelf_entry *out, bool *out_has_entry,
                       struct error_detail *err) MUST_CHECK;

/* An entry as a page holds it: two bytes of the key's length, four of the value's, most significant first, then both.
 */
enum { SHELF_ENTRY_HEAD = 6 };
