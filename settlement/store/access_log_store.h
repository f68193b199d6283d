/* The append-only record of decisions: who, when, what, and what stood there before and after. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/store.h"

/* Texts are borrowed; NULL counts as "". `object` is "assessment:17", "discrepancy:4" … */
struct access_entry {
    int64_t id;
    int64_t at_ms;
    const char *municipality;
    const char *login;
    const char *name; /* of the person; only when read */
    const char *address;
    const char *what;
    const char *object;
    const char *before;
    const char *after;
    const char *reason;
};

/* Record that ACTOR did WHAT to OBJECT, in the same transaction as the deed. */
enum status access_log_append(struct store_txn *txn, const struct actor *actor, int64_t now_ms,
                              const struct access_entry *entry, struct error_detail *err) MUST_CHECK;

/* ENTRY is borrowed for the call; anything but STATUS_OK ends the walk and is returned. */
typedef enum status (*access_entry_visitor)(const struct access_entry *entry, void *context);

/* Which entries; NULL and 0 filter nothing. Newest first, those before `before_id`. */
struct access_log_query {
    const char *municipality;
    const char *login;
    const char *object;
    int64_t from_ms, to_ms; /* from ≤ at < to */
    int64_t before_id;
    int64_t limit;
};
enum status access_log_each(struct store_txn *txn, const struct access_log_query *query, access_entry_visitor visit,
                            void *context, struct error_detail *err) MUST_CHECK;
