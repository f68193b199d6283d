/* A file that a person gave in the browser, kept before the work on it begins:
 *
 *   kept ──taken in (import_file)──────────────▶ gone from the list; the import has its bytes
 *    │ ───refused, or discarded by a person────▶ gone with its bytes
 *    └────cancelled, killed, power lost────────▶ waits: a person begins the work again, or discards it
 */
#pragma once

#include "common/bytes/scratch_file.h"
#include "common/signing/signing.h"
#include "settlement/imports/import_file.h"

/* A waiting file, opened for work: its bytes are in a scratch file. */
struct waiting_file {
    int64_t id;
    char layout[IMPORT_LAYOUT_NAME_SIZE];
    char file_name[IMPORT_FILE_NAME_MAX_BYTES + 1];
    char *reason; /* owned; "" when none was given */
    int64_t supersedes;
    uint8_t sha256[SHA256_SIZE];
    struct scratch_file bytes;
};

/* Keep the file of REQUEST, in a transaction of its own. The same bytes again are one waiting file, asked for as now.
 */
enum status waiting_file_keep(struct store *store, const struct actor *actor, const struct import_request *request,
                              int64_t now_ms, int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* Open waiting file ID. STATUS_NOT_FOUND; STATUS_IO. On STATUS_OK it is owed waiting_file_close. */
enum status waiting_file_open(struct waiting_file *out, struct store *store, const char *municipality, int64_t id,
                              struct error_detail *err) MUST_CHECK;
void waiting_file_close(struct waiting_file *file);

/* Take file ID off the list, and its bytes away unless they were taken in. WHAT: the deed's word in the access log, or
 * NULL when nobody decided it (the file was refused). STATUS_NOT_FOUND. */
enum status waiting_file_discard(struct store *store, const struct actor *actor, int64_t id, const char *what,
                                 int64_t now_ms, struct error_detail *err) MUST_CHECK;
