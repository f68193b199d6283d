/* One upload as it came: is it an unbroken run of one till's lines, and did that till sign it? Pure; no I/O. */
#pragma once

#include "common/records/journal_line.h"

enum {
    UPLOAD_LINES_MAX = 500,             /* docs/protocol/journal.md */
    UPLOAD_MAX_BYTES = 4 * 1024 * 1024, /* the same */
};

/* A run that upload_read found to be whole and signed. `lines` is borrowed from the caller's body. */
struct upload {
    char terminal[TERMINAL_ID_SIZE];
    int64_t first;
    int64_t last;
    uint8_t previous[SHA256_SIZE];  /* what line `first` says about the line before it */
    uint8_t last_hash[SHA256_SIZE]; /* of line `last` */
    uint8_t signature[SIGNATURE_SIZE];
    uint8_t public_key[PUBLIC_KEY_SIZE]; /* under which the signature is right */
    const char *lines;
    size_t length;
};

/* Read BODY as lines of TERMINAL and check, in this order: each is a journal line and ends with a newline
 * ("not_a_journal_line"), they are this terminal's, gapless, and each carries the hash of the one before
 * ("broken_chain"), SIGNATURE is PUBLIC_KEY's over them ("bad_signature"). STATUS_INVALID for the first two,
 * STATUS_OVERFLOW ("too_many_lines"), STATUS_UNAUTHORIZED for the signature. */
enum status upload_read(struct upload *out, const char *terminal, const char *body, size_t length,
                        const uint8_t public_key[PUBLIC_KEY_SIZE], const uint8_t signature[SIGNATURE_SIZE],
                        struct error_detail *err) MUST_CHECK;

/* Line SEQUENCE (first ≤ SEQUENCE ≤ last) of the upload, without the newline. Borrowed. */
const char *upload_line(const struct upload *upload, int64_t sequence, size_t *out_length);
