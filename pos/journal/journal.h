/* The till's journal: an append-only chain of lines in SQLite (docs/protocol/journal.md).
 *
 * INVARIANT: the stored sequences are 1 … tail.sequence without a gap, and each line's `previous` is the hash of the
 * line before. Lines are appended inside a transaction that the caller opens with journal_begin and ends with
 * journal_commit or journal_rollback, together with whatever tables follow from them: both become durable, or neither.
 *
 * One journal is used by one thread at a time (the till's lock). */
#pragma once

#include "common/records/journal_line.h"
#include "common/sqlite/database.h"

/* Where a chain ends: its last line's sequence and hash. Sequence 0 and 32 zero bytes: empty. */
struct journal_position {
    int64_t sequence;
    uint8_t hash[SHA256_SIZE];
};

struct journal {
    struct database *db; /* borrowed; must outlive the journal */
    char terminal[TERMINAL_ID_SIZE];
    struct journal_position tail;        /* what is durable */
    struct journal_position uncommitted; /* the end inside an open transaction */
    struct buffer scratch;
};

/* Read the end of the chain. TERMINAL is copied. Finish with journal_finish. */
enum status
journal_init(struct journal *journal, struct database *db, const char *terminal, struct error_detail *err) MUST_CHECK;
void journal_finish(struct journal *journal);

enum status journal_begin(struct journal *journal, struct error_detail *err) MUST_CHECK;

/* On STATUS_OK the lines since journal_begin survive a power cut. On failure they are rolled back. */
enum status journal_commit(struct journal *journal, struct error_detail *err) MUST_CHECK;
void journal_rollback(struct journal *journal);

/* Append one line; BODY is a canonical JSON object. *OUT (may be NULL) is the line as written; its body points into the
 * journal's scratch space until the next call. */
enum status journal_append(struct journal *journal, int64_t at_ms, struct civil_date business_date, const char *kind,
                           const struct buffer *body, struct journal_line *out, struct error_detail *err) MUST_CHECK;

/* Append the bytes of the stored lines AFTER+1 … to OUT, each followed by '\n', at most MAX_LINES and about MAX_BYTES.
 * *OUT_LAST is the last line's position (unchanged when there is none). May be called with another connection DB. */
enum status
journal_read_after(struct database *db, int64_t after, size_t max_lines, size_t max_bytes, struct buffer *out,
                   struct journal_position *out_last, struct error_detail *err) MUST_CHECK;

/* The bytes of one line, appended to OUT. STATUS_NOT_FOUND. */
enum status
journal_read_line(struct database *db, int64_t sequence, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* Walk at most MAX_LINES lines of the chain in DB from POSITION on ({0}: from line 1), and move POSITION to the last of them.
 * STATUS_CORRUPT as journal_verify. *OUT_IS_END: nothing stands behind. */
enum status journal_verify_some(struct database *db, const char *terminal, size_t max_lines,
                                struct journal_position *position, bool *out_is_end,
                                struct error_detail *err) MUST_CHECK;

/* Walk the whole chain in DB. STATUS_CORRUPT with the sequence in the message at the first line that does not continue
 * it. *OUT is the end of the chain. */
enum status journal_verify(struct database *db, const char *terminal, struct journal_position *out,
                           struct error_detail *err) MUST_CHECK;
