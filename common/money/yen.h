/* Integer yen. There is no other money in this program, and no floating point anywhere near it.
 *
 * An amount is an int64_t whose name ends in `_yen`. The bound is 10^15 (a quadrillion yen, about ten times Japan's
 * annual tax revenue): every sum that this program makes fits, JSON numbers (doubles, exact to 2^53) carry it
 * unchanged, and whatever exceeds it is damage or an attack, answered with STATUS_OVERFLOW. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

#define YEN_LIMIT INT64_C(1000000000000000)

enum {
    YEN_TEXT_SIZE = 32 /* "-1,000,000,000,000,000" and a NUL, rounded up */
};

/* Whether AMOUNT_YEN is within ±YEN_LIMIT. */
bool yen_is_valid(int64_t amount_yen);

/* *OUT = A + B. STATUS_OVERFLOW, with *OUT untouched, when an operand or the sum is outside ±YEN_LIMIT. */
enum status yen_add(int64_t *out_yen, int64_t a_yen, int64_t b_yen) MUST_CHECK;

/* *OUT = A − B, as yen_add. */
enum status yen_subtract(int64_t *out_yen, int64_t a_yen, int64_t b_yen) MUST_CHECK;

/* *OUT = UNIT × COUNT, as yen_add. */
enum status yen_multiply(int64_t *out_yen, int64_t unit_yen, int64_t count) MUST_CHECK;

/* *OUT = floor(|A| × NUMERATOR / DENOMINATOR) with the sign of A: how a percentage or the tax inside a price is taken
 * (10% inside: 10/110). NUMERATOR ≥ 0, DENOMINATOR > 0, both ≤ 1,000,000. STATUS_OVERFLOW outside ±YEN_LIMIT. */
enum status yen_fraction(int64_t *out_yen, int64_t a_yen, int64_t numerator, int64_t denominator) MUST_CHECK;

/* Strict: optional '-', then 1–16 ASCII digits, nothing else ("-0" and leading zeros are read; "+5", "1,000" and " 5"
 * are STATUS_INVALID). LENGTH bytes at TEXT; needs no NUL. Outside ±YEN_LIMIT, or more digits: STATUS_OVERFLOW. */
enum status yen_parse(int64_t *out_yen, const char *text, size_t length) MUST_CHECK;

/* "1,234" / "-450", the way amounts stand on screens and papers. Returns OUT. */
const char *yen_format(char out[YEN_TEXT_SIZE], int64_t amount_yen);

/* "1234" / "-450": no separators, for files. Returns OUT. */
const char *yen_format_plain(char out[YEN_TEXT_SIZE], int64_t amount_yen);
