/* Who is who: ids made by the till, and the codes that name terminals and municipalities. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

enum {
    IDENTITY_TEXT_SIZE = 37,   /* UUID text and a NUL */
    TERMINAL_ID_SIZE = 17,     /* 1–16 of [0-9A-Z-] */
    MUNICIPALITY_CODE_SIZE = 7 /* 全国地方公共団体コード, 6 digits */
};

/* A new UUIDv7 (RFC 9562): 48 bits of INSTANT_MS, then a counter and random bits, so that ids made later sort later
 * within a process even when the clock stands still or jumps back. Safe from any thread.
 * STATUS_IO when the system gives no random bytes. */
enum status identity_new(char out[IDENTITY_TEXT_SIZE], int64_t instant_ms, struct error_detail *err) MUST_CHECK;

/* Whether TEXT is a lower-case UUID in 8-4-4-4-12 form. */
bool identity_is_valid(const char *text);

/* Whether TEXT is a terminal id: 1–16 characters of A–Z, 0–9 and '-', beginning with a letter or digit. */
bool terminal_id_is_valid(const char *text);

/* Terminal ids with this prefix are those of training tills; no live terminal may have one. */
#define TRAINING_TERMINAL_PREFIX "TR-"
bool terminal_id_is_for_training(const char *text);

/* Terminal ids with this prefix are the finance desk's own journals in the settlement service; no till may have one. */
#define DESK_TERMINAL_PREFIX "DESK-"
bool terminal_id_is_of_desk(const char *text);

/* Whether TEXT is six digits with a right check digit (総務省 全国地方公共団体コード: weights 6,5,4,3,2, modulo 11). */
bool municipality_code_is_valid(const char *text);
