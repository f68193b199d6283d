/* Which version of a layout reads files: proposed by one person, put to use by a second. */
#pragma once

#include "settlement/store/layout_store.h"

/* Texts are borrowed. */
struct layout_use_row {
    int64_t id;
    const char *name;
    int64_t version;         /* of the city's own; 0: the program's, or none */
    const char *state;       /* "proposed", "done", "refused", "before" (saved when one person was enough) */
    const char *file_name;   /* what it was tried out on, "" */
    const char *file_sha256; /* "" */
    const char *trial;       /* what was read there: a JSON object, "" */
    const char *proposed_by;
    const char *proposed_by_name; /* only when read */
    int64_t proposed_at_ms;
    const char *reason;
    const char *decided_by;
    const char *decided_by_name; /* only when read */
    int64_t decided_at_ms;
    const char *decided_reason;
};

enum status layout_use_add(struct store_txn *txn, const char *municipality, const struct layout_use_row *row,
                           int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* Propose version VERSION anew: what it was tried out on comes from the use that it had first. */
enum status layout_use_add_again(struct store_txn *txn, const char *municipality, const struct layout_use_row *row,
                                 int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* STATE: "done" or "refused". */
enum status layout_use_decide(struct store_txn *txn, int64_t id, const char *state, const char *login, int64_t at_ms,
                              const char *reason, struct error_detail *err) MUST_CHECK;

/* ROW is borrowed for the visit; anything but STATUS_OK ends the walk and is returned. */
typedef enum status (*layout_use_visitor)(const struct layout_use_row *row, void *context);

/* Newest first: only ID unless 0, only NAME and STATE unless NULL. `trial` is read with ID alone. */
enum status
layout_use_each(struct store_txn *txn, const char *municipality, int64_t id, const char *name, const char *state,
                int64_t limit, layout_use_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* How many wait for their second person. */
enum status layout_use_waiting_count(struct store_txn *txn, const char *municipality, int64_t *out,
                                     struct error_detail *err) MUST_CHECK;

/* The version of each name, or of NAME alone, that reads files now. What is the program's is left out. */
enum status layout_in_use_each(struct store_txn *txn, const char *municipality, const char *name, layout_visitor visit,
                               void *context, struct error_detail *err) MUST_CHECK;

/* The use of NAME that waits for its second person, or 0; the version in use; whether the city has VERSION. */
enum status
layout_use_stand(struct store_txn *txn, const char *municipality, const char *name, int64_t version,
                 int64_t *out_waiting, int64_t *out_in_use, bool *out_has_version, struct error_detail *err) MUST_CHECK;
