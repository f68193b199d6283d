/* What a scanned string is. Nothing is guessed: a code that fits no brand, or two, says so. */
#pragma once

#include "common/outcome/status.h"

enum scanned_kind {
    SCANNED_JPQR,          /* a citizen's JPQR code; the gateway knows whose */
    SCANNED_EMV,           /* a citizen's EMVCo code */
    SCANNED_BARCODE,       /* digits of a one-dimensional payment code; see the candidates */
    SCANNED_MERCHANT_CODE, /* a shop's code: the wrong side of a payment */
    SCANNED_NOTHING_KNOWN
};

enum { CODE_CANDIDATES_MAX = 8 };

/* One row of the table of one-dimensional codes: who begins how. Sources are observations, no official table is public;
 * hence data, with the day it was seen. */
struct code_prefix {
    const char *prefix; /* digits */
    unsigned min_digits;
    unsigned max_digits; /* 0: any */
    const char *brand;   /* code of the masters */
};

struct classification {
    enum scanned_kind kind;
    const char *candidates[CODE_CANDIDATES_MAX]; /* brands, borrowed from the table */
    size_t candidate_count;                      /* 1: sure; 0: nobody's; more: cannot be told apart */
};

/* Classify the LENGTH characters of TEXT by TABLE: among rows that fit, the longest prefix wins. */
void classify_code(const char *text, size_t length, const struct code_prefix *table, size_t count,
                   struct classification *out);

/* The sentence for a clerk; "" when there is exactly one candidate, or the gateway will tell. */
const char *classification_advice(const struct classification *classification);
