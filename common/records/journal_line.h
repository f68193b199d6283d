/* The journal line: one event at a till, as the exact bytes that are hashed, signed, sent and kept for ever.
 *
 *   {"sequence":12,"previous":"<64 hex>","terminal":"KO-01","at":"2026-11-22T10:03:11.123+09:00",
 *    "business_date":"2026-11-22","kind":"sale.recorded","body":{…}}          (one line, canonical JSON, no newline)
 *
 * `sequence` is gapless from 1; `previous` is the SHA-256 of the bytes of the line before (64 zeros for the first).
 * docs/protocol/journal.md describes every kind and body. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/clock/civil.h"
#include "common/identity/identity.h"
#include "common/signing/signing.h"

enum {
    JOURNAL_LINE_MAX_BYTES = 64 * 1024, /* a sale of several hundred positions; bounds every reader */
    JOURNAL_KIND_SIZE = 33              /* lower-case words joined by '.' and '_' */
};

#define JOURNAL_SEQUENCE_MAX INT64_C(9007199254740991) /* 2^53 − 1 */

/* The envelope. `previous` is raw bytes; `body` points into the line it was read from. */
struct journal_line {
    int64_t sequence; /* 1 … JOURNAL_SEQUENCE_MAX */
    uint8_t previous[SHA256_SIZE];
    char terminal[TERMINAL_ID_SIZE];
    int64_t at_ms;
    struct civil_date business_date;
    char kind[JOURNAL_KIND_SIZE];
    const char *body; /* a JSON object in canonical form, borrowed */
    size_t body_length;
};

/* Append the bytes of LINE to OUT (no newline). STATUS_OVERFLOW beyond JOURNAL_LINE_MAX_BYTES or OUT's limit;
 * STATUS_INVALID for a line that journal_line_read would refuse. Nothing is appended then. */
enum status
journal_line_write(const struct journal_line *line, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* Read the envelope of LENGTH bytes, strictly: members in order, nothing more, nothing less, no control character
 * inside; journal_line_write would give the same bytes. The body is located (its brackets add up, it ends the line) but
 * not interpreted. STATUS_INVALID, STATUS_OVERFLOW. */
enum status
journal_line_read(struct journal_line *out, const char *bytes, size_t length, struct error_detail *err) MUST_CHECK;

/* The hash that the next line carries in `previous`. */
void journal_line_hash(uint8_t out[SHA256_SIZE], const char *bytes, size_t length);

/* The bytes that a till signs when it uploads lines FIRST … LAST, the last of which hashes to LAST_HASH:
 * "madoguchi-journal-v1\nTERMINAL\nFIRST\nLAST\nHEX\n". STATUS_INVALID, with nothing appended, when a part holds a
 * control character. */
enum status journal_upload_statement(struct buffer *out, const char *terminal, int64_t first, int64_t last,
                                     const uint8_t last_hash[SHA256_SIZE], struct error_detail *err) MUST_CHECK;

/* The bytes that a till signs when it asks for something: "madoguchi-request-v1\nTERMINAL\nMETHOD\nPATH\nAT_MS\nHEX\n",
 * HEX being the SHA-256 of the request's body. STATUS_INVALID as above. */
enum status
signed_request_statement(struct buffer *out, const char *terminal, const char *method, const char *path, int64_t at_ms,
                         const void *body, size_t body_length, struct error_detail *err) MUST_CHECK;
