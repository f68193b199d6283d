/* The shelf: a few slots, the least recently held one makes room. A book that is held while its slot is needed leaves
 * the shelf and is freed by its last holder. */
#include "settlement/masters/book.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    SLOTS = 3 /* the current version, the one before, one more; a document of 20,000 items takes some 60 MiB parsed */
};

/* INVARIANT (under the shelf's lock): `holders` counts those who hold it; it is freed when it is neither held nor on
 * the shelf. */
struct shelved {
    struct masters_book book; /* first, so that a book is its shelved */
    struct json_value *document;
    unsigned holders;
    bool is_on_shelf;
    uint64_t held_at; /* of `turn`, for choosing which one goes */
};

struct masters_shelf {
    pthread_mutex_t lock;
    struct shelved *slots[SLOTS];
    uint64_t turn;
    size_t held;
};

enum status
masters_shelf_create(struct masters_shelf **out, struct error_detail *err)
{
    struct masters_shelf *shelf = calloc(1, sizeof *shelf);
    if (shelf == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    pthread_mutex_init(&shelf->lock, NULL);
    *out = shelf;
    return STATUS_OK;
}

static void
free_shelved(struct shelved *shelved)
{
    if (shelved != NULL) {
        json_free(shelved->document);
        free(shelved);
    }
}

void
masters_shelf_destroy(struct masters_shelf *shelf)
{
    if (shelf == NULL) {
        return;
    }
    assert(shelf->held == 0);
    for (size_t i = 0; i < SLOTS; i++) {
        free_shelved(shelf->slots[i]);
    }
    pthread_mutex_destroy(&shelf->lock);
    free(shelf);
}

/* Under the lock. */
static struct shelved *
hold(struct masters_shelf *shelf, struct shelved *shelved)
{
    shelved->holders++;
    shelved->held_at = ++shelf->turn;
    shelf->held++;
    return shelved;
}

static struct shelved *
find_and_hold(struct masters_shelf *shelf, const struct masters_version *version)
{
    struct shelved *found = NULL;
    pthread_mutex_lock(&shelf->lock);
    for (size_t i = 0; i < SLOTS && found == NULL; i++) {
        struct shelved *at = shelf->slots[i];
        if (at != NULL && at->book.version.version == version->version &&
            strcmp(at->book.version.municipality, version->municipality) == 0) {
            found = hold(shelf, at);
        }
    }
    pthread_mutex_unlock(&shelf->lock);
    return found;
}

/* Put SHELVED on the shelf and hold it. Two that were parsed at the same time may both stand there; the older one goes
 * in its turn. */
static void
shelve_and_hold(struct masters_shelf *shelf, struct shelved *shelved)
{
    pthread_mutex_lock(&shelf->lock);
    size_t slot = 0;
    for (size_t i = 0; i < SLOTS; i++) {
        if (shelf->slots[i] == NULL) {
            slot = i;
            break;
        }
        if (shelf->slots[i]->held_at < shelf->slots[slot]->held_at) {
            slot = i;
        }
    }
    struct shelved *leaving = shelf->slots[slot];
    if (leaving != NULL) {
        leaving->is_on_shelf = false;
        if (leaving->holders > 0) {
            leaving = NULL; /* its last holder frees it */
        }
    }
    shelf->slots[slot] = shelved;
    shelved->is_on_shelf = true;
    hold(shelf, shelved);
    pthread_mutex_unlock(&shelf->lock);
    free_shelved(leaving);
}

static enum status
find_version(struct store_txn *txn, const char *municipality, int64_t version, struct masters_version *out,
             struct buffer *document, struct error_detail *err)
{
    return version == 0 ? masters_current(txn, municipality, out, document, err)
                        : masters_find(txn, municipality, version, out, document, err);
}

static enum status
read_book(struct store_txn *txn, const char *municipality, int64_t version, struct shelved **out,
          struct error_detail *err)
{
    struct buffer text;
    buffer_init(&text, JSON_TEXT_MAX_BYTES);
    struct shelved *shelved = calloc(1, sizeof *shelved);
    enum status status = STATUS_OK;
    if (shelved == NULL) {
        error_set(err, "no_memory", "out of memory");
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        status = find_version(txn, municipality, version, &shelved->book.version, &text, err);
    }
    if (status == STATUS_OK) {
        status = json_parse(&shelved->document, buffer_text(&text), text.length, err);
    }
    buffer_finish(&text);
    if (status != STATUS_OK) {
        free_shelved(shelved);
        return status;
    }
    shelved->book.document = shelved->document;
    *out = shelved;
    return STATUS_OK;
}

enum status
masters_book_hold(struct masters_shelf *shelf, struct store_txn *txn, const char *municipality, int64_t version,
                  const struct masters_book **out, struct error_detail *err)
{
    struct masters_version wanted;
    struct shelved *shelved = NULL;
    enum status status = find_version(txn, municipality, version, &wanted, NULL, err);
    if (status != STATUS_OK) {
        return status;
    }
    shelved = find_and_hold(shelf, &wanted);
    if (shelved == NULL) {
        status = read_book(txn, municipality, wanted.version, &shelved, err);
        if (status != STATUS_OK) {
            return status;
        }
        shelve_and_hold(shelf, shelved);
    }
    *out = &shelved->book;
    return STATUS_OK;
}

void
masters_book_release(struct masters_shelf *shelf, const struct masters_book *book)
{
    if (book == NULL) {
        return;
    }
    struct shelved *shelved = (struct shelved *)(uintptr_t)(const void *)book;
    pthread_mutex_lock(&shelf->lock);
    shelf->held--;
    bool is_last = --shelved->holders == 0 && !shelved->is_on_shelf;
    pthread_mutex_unlock(&shelf->lock);
    if (is_last) {
        free_shelved(shelved);
    }
}
