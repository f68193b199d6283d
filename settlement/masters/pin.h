/* A clerk's PIN on its way into the masters. */
#pragma once

#include "common/signing/signing.h"

enum { PIN_DIGITS_MIN = 4, PIN_DIGITS_MAX = 12 };

/* Hash PIN. STATUS_INVALID "wrong_pin" unless it is PIN_DIGITS_MIN to PIN_DIGITS_MAX digits. */
enum status masters_hash_pin(char out[PASSWORD_HASH_TEXT_SIZE], const char *pin, struct error_detail *err) MUST_CHECK;
