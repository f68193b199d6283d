/* Shares and ratios in tenths of a per cent (‰), rounded once, half up (四捨五入). No floating point. PURE. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* PART of WHOLE: writes 0 … to OUT. PART may be more than WHOLE (同月比). False, and nothing written, when there is no
 * such share: of nothing, of less than nothing, or beyond SHARE_MAX (a table that is broken; the audit finds it). */
#define SHARE_MAX INT64_C(4000000000000000) /* yen; leaves room for the rounding's factor */
bool share_per_mille(int64_t *out, int64_t part, int64_t whole);

/* "43.2%"; "－" when there is no share (IS_KNOWN false). Returns OUT. */
enum { SHARE_TEXT_SIZE = 32 };
const char *share_words(char out[SHARE_TEXT_SIZE], bool is_known, int64_t per_mille);
