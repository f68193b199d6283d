/* Files that a person gave and that are not taken in: their bytes are kept (file_store.h), so that the work on them can
 * be begun again after a cancel, a power cut or a restart. */
#pragma once

#include "settlement/store/file_store.h"

/* Texts are borrowed. */
struct waiting_row {
    int64_t id;
    uint8_t sha256[SHA256_SIZE];
    const char *layout;
    const char *file_name;
    int64_t byte_count;
    int64_t supersedes; /* the import whose place it is to take; 0: none */
    const char *reason;
    int64_t given_at_ms;
    const char *given_by;
};

/* Put it on the list; what was asked with the same bytes before is replaced. Gives the id. */
enum status waiting_put(struct store_txn *txn, const char *municipality, const struct waiting_row *row, int64_t *out_id,
                        struct error_detail *err) MUST_CHECK;

/* Take it off, when it is there. Its bytes stay: file_drop. */
enum status waiting_remove(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE],
                           struct error_detail *err) MUST_CHECK;

/* Oldest first, at most LIMIT; only ID unless 0. Borrowed for the visit. */
typedef enum status (*waiting_visitor)(const struct waiting_row *row, void *context);
enum status waiting_each(struct store_txn *txn, const char *municipality, int64_t id, int64_t limit,
                         waiting_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
