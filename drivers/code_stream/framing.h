/* Complete codes out of a stream of characters: between the configured prefix and suffix, whole or not at all.
 *
 * Pure: time is a parameter. What lies in the framing is a payment code: framing_reset wipes it. */
#pragma once

#include "drivers/scanner/scanner.h"

enum {
    FRAMING_AFFIX_SIZE = 17 /* 16 characters: as many as scanners can be told to send */
};

/* INVARIANT: both are NUL-terminated; `suffix` is not empty, for nothing else says that a code is complete. */
struct framing_options {
    char prefix[FRAMING_AFFIX_SIZE]; /* "": none. What does not begin so is not ours: STATUS_INVALID */
    char suffix[FRAMING_AFFIX_SIZE];
    unsigned gap_ms; /* a code whose characters pause for longer is broken off, and dropped */
};

enum { FRAMING_GAP_MS = 1000 /* a scanner at 1200 baud sends 120 characters a second */ };

struct framing {
    struct framing_options options;
    char text[SCANNER_CODE_SIZE + 2 * FRAMING_AFFIX_SIZE];
    size_t length;
    int64_t last_ms;
    bool is_too_long;
    bool is_spoiled;
};

void framing_init(struct framing *framing, const struct framing_options *options);

/* Forget what has come so far. */
void framing_reset(struct framing *framing);

/* What comes until the next suffix (or a pause) is not a code: something was lost. */
void framing_spoil(struct framing *framing);

/* The next CHARACTER, at NOW_MS. STATUS_OK: *OUT is a complete code, without prefix and suffix. STATUS_NOT_FOUND: not
 * yet. STATUS_OVERFLOW, STATUS_INVALID: a code ended that was too long, or spoiled, or not printable, or without the
 * prefix; nothing of it is left. Line ends before a code are skipped. */
enum status framing_put(struct framing *framing, char character, int64_t now_ms, struct scanned_code *out) MUST_CHECK;

/* Read an affix as a configuration file writes it: printable ASCII, \r \n \t \\ and \xHH. STATUS_INVALID, also when it
 * is longer than 16 characters or contains a NUL. */
enum status framing_affix_read(char out[FRAMING_AFFIX_SIZE], const char *written, struct error_detail *err) MUST_CHECK;
