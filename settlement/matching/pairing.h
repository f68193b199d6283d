/* From what was collected to pairs and classes: the pure matcher, asked twice.
 *
 * First with all that is open and new. What is left is few, and some of it shares a reference with pairs of earlier
 * runs (a statement line for the second time, a cancellation of a payment that was paired long ago). These pairs are
 * looked up, put beside it as decided, and the matcher is asked again about the rest; so a run never reads the history,
 * and still a duplicate is called a duplicate. */
#pragma once

#include "settlement/matching/collected.h"
#include "settlement/reconciliation/matcher.h"

/* Indexes into the collected items and lines. Of a payment in several pieces all pairs but the first are further ones:
 * of the same payment, or of the same line. */
struct pair {
    uint32_t item;
    uint32_t line;
    enum match_key key;
    bool is_further_line;
    bool is_further_payment;
};

/* A row of the matcher, in collected indexes (MATCH_NONE where there is none), with its sentence. */
struct open_row {
    enum match_class class;
    uint32_t item;
    uint32_t line;
    uint32_t related_line; /* the line that the evidence points to */
    const char *sentence;
};

/* INVARIANT: `pairs` are new ones only, in no order that matters; the arrays live in the collected arena. */
struct pairing {
    struct growing pairs; /* struct pair */
    struct growing rows;  /* struct open_row */
};

void pairing_init(struct pairing *pairing);
void pairing_finish(struct pairing *pairing);

/* Pair what was collected; may add companions to COLLECTED, which TXN is for. Rows are those that people should see on
 * TODAY ("YYYY-MM-DD"). */
enum status pair_collected(struct pairing *out, struct collected *collected, struct store_txn *txn,
                           const char *municipality, const char *today, struct error_detail *err) MUST_CHECK;
