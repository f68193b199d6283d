/* Lines of large files on their way in, piece by piece: how far each file is. What the pieces are for is in
 * imports/staging.h.
 *
 *   open ──taken over by its import, or given up──▶ over ──its lines removed, piece by piece──▶ gone */
#pragma once

#include "common/signing/signing.h"
#include "settlement/store/store.h"

/* Which reading of which file; texts are borrowed. */
struct staging_key {
    const char *municipality;
    uint8_t sha256[SHA256_SIZE];
    const char *layout;
    int64_t layout_version; /* of a city's own layout; 0: the program's */
};

struct staging_row {
    int64_t id; /* 0: there is none */
    int64_t line_count;
    uint64_t mark; /* reading_mark of these lines */
};

/* The open staging of KEY; id 0 when there is none. */
enum status staging_find(struct store_txn *txn, const struct staging_key *key, struct staging_row *out,
                         struct error_detail *err) MUST_CHECK;

/* Begin one without lines. STATUS_CONFLICT when KEY has an open one. */
enum status staging_begin(struct store_txn *txn, const struct staging_key *key, uint64_t mark, int64_t now_ms,
                          int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* ROW's lines stand there now. */
enum status staging_reach(struct store_txn *txn, const struct staging_row *row, int64_t now_ms,
                          struct error_detail *err) MUST_CHECK;

/* The open staging with this id again, as others have left it; id 0 when it is over. */
enum status
staging_again(struct store_txn *txn, int64_t id, struct staging_row *out, struct error_detail *err) MUST_CHECK;

/* The highest line number that stands there; 0: none. */
enum status staging_last_line(struct store_txn *txn, int64_t id, int64_t *out, struct error_detail *err) MUST_CHECK;

/* No line of it is needed any more. */
enum status staging_end(struct store_txn *txn, int64_t id, struct error_detail *err) MUST_CHECK;
/* The same for every open one of the file with DIGEST. */
enum status staging_end_file(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE],
                             struct error_detail *err) MUST_CHECK;
/* The same for open ones of files that do not wait (waiting_store.h) and that nobody went on with since BEFORE_MS; the
 * bytes of their files go too, unless they were taken in. */
enum status staging_end_old(struct store_txn *txn, const char *municipality, int64_t before_ms,
                            struct error_detail *err) MUST_CHECK;

/* Remove about LINES lines of one that is over, or, when it has none left, its row. *OUT_MORE: some may be left. */
enum status staging_remove_piece(struct store_txn *txn, const char *municipality, int64_t lines, bool *out_more,
                                 struct error_detail *err) MUST_CHECK;

/* The lines that stand for the file with DIGEST in its open staging that is furthest; 0: none. */
enum status staging_lines_of(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE],
                             int64_t *out, struct error_detail *err) MUST_CHECK;
