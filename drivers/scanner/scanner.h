/* Code scanners (UnifiedPOS Scanner), for callers.
 *
 * A scanner delivers complete codes; the same code again within SCANNER_REPEAT_WINDOW_MS is one scan (scanners read
 * twice within milliseconds). What a citizen's phone shows is a one-time payment code: callers use it and forget it,
 * and never log or store it. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

struct scanner;

enum {
    SCANNER_CODE_SIZE = 1025, /* the longest payment code (EMVCo CPM, base64) is under 700 characters */
    SCANNER_REPEAT_WINDOW_MS = 1000
};

struct scanned_code {
    char text[SCANNER_CODE_SIZE]; /* printable ASCII, 1 … SCANNER_CODE_SIZE − 1 characters */
    size_t length;
};

const char *scanner_name(const struct scanner *scanner);

/* Wait up to TIMEOUT_MS for a code. STATUS_NOT_FOUND when none came, STATUS_DEVICE_GONE, STATUS_OVERFLOW (a code too
 * long was dropped whole), STATUS_INVALID (characters no code has). Codes scanned while nobody waits are kept, at most
 * one, for SCANNER_REPEAT_WINDOW_MS. */
enum status scanner_wait(struct scanner *scanner, unsigned timeout_ms, struct scanned_code *out,
                         struct error_detail *err) MUST_CHECK;

/* Make a scanner_wait of another thread return STATUS_NOT_FOUND soon. The only call allowed from a second thread. */
void scanner_interrupt(struct scanner *scanner);
void scanner_close(struct scanner *scanner); /* NULL is fine */
