/* Journal lines as they came, in runs of exact bytes, and the evidence of forks. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/identity/identity.h"
#include "common/signing/signing.h"
#include "settlement/store/store.h"

/* The lines first … last of a till, each ended by a newline: the part of one upload that was new. The signature is the
 * till's over (terminal, signed_first, last, last_hash). `lines` is borrowed. */
struct journal_run {
    int64_t arrival; /* order of coming in, over all tills; given by journal_append */
    char municipality[MUNICIPALITY_CODE_SIZE];
    char terminal[TERMINAL_ID_SIZE];
    int64_t first;
    int64_t last;
    int64_t signed_first;
    uint8_t last_hash[SHA256_SIZE];
    uint8_t signature[SIGNATURE_SIZE];
    int64_t received_at_ms;
    const char *lines;
    size_t length;
};

/* Store RUN and move its till's head. RUN must begin right behind the head (the caller has looked in the same
 * transaction). */
enum status journal_append(struct store_txn *txn, const struct journal_run *run, struct error_detail *err) MUST_CHECK;

/* How many lines all tills have sent. */
enum status journal_line_count(struct store_txn *txn, int64_t *out_count, struct error_detail *err) MUST_CHECK;

/* The first run that came in after ARRIVAL; *OUT_FOUND is false when there is none. LINES receives its bytes (cleared
 * first; limit at least JOURNAL_RUN_MAX_BYTES), OUT->lines points there. */
enum status journal_next_run(struct store_txn *txn, int64_t arrival, struct journal_run *out, struct buffer *lines,
                             bool *out_found, struct error_detail *err) MUST_CHECK;

/* The run that holds line SEQUENCE of TERMINAL, or STATUS_NOT_FOUND. LINES as in journal_next_run. */
enum status journal_run_of(struct store_txn *txn, const char *terminal, int64_t sequence, struct journal_run *out,
                           struct buffer *lines, struct error_detail *err) MUST_CHECK;

enum {
    JOURNAL_RUN_MAX_BYTES = 4 * 1024 * 1024 /* the largest upload */
};

/* The bytes of line SEQUENCE of TERMINAL without the newline, appended to OUT, and when it came. STATUS_NOT_FOUND. */
enum status journal_line_of(struct store_txn *txn, const char *terminal, int64_t sequence, struct buffer *out,
                            int64_t *out_received_at_ms, struct error_detail *err) MUST_CHECK;

/* Walk lines: each call gives the next one without its newline. False after the last; bytes after the last newline are
 * not a line. */
struct line_cursor {
    const char *at;
    const char *end;
};
bool line_cursor_next(struct line_cursor *cursor, const char **out_line, size_t *out_length);

/* Two lines under one sequence: what a till signed against what it had sent before. All borrowed. */
struct fork {
    const char *municipality;
    const char *terminal;
    int64_t sequence; /* the first that differs */
    const char *known_line;
    size_t known_length;
    int64_t offered_first;
    int64_t offered_last;
    const uint8_t *offered_hash; /* SHA256_SIZE bytes: of the last offered line */
    const char *offered_lines;
    size_t offered_length;
    const uint8_t *signature; /* SIGNATURE_SIZE bytes */
    int64_t received_at_ms;
};
enum status fork_put(struct store_txn *txn, const struct fork *fork, struct error_detail *err) MUST_CHECK;

/* How many forks of TERMINAL are on record, and the sequence of the newest (0: none). */
enum status fork_count(struct store_txn *txn, const char *terminal, int64_t *out_count, int64_t *out_newest_sequence,
                       struct error_detail *err) MUST_CHECK;
