/* What tickets.c, tickets_view.c and papers_ticket.c share; for this folder only. */
#pragma once

#include "pos/till/tickets.h"
#include "pos/till/till_parts.h"

enum {
    PRICED_MAX_BYTES = 64 * 1024, /* a priced case: a few lines with their rows */
    TICKET_LABEL_SIZE = 61,     /* up to 20 kanji: a number plate with its place */
    CLOCK_TOLERANCE_MS = 120000 /* two minutes: below what any tariff charges for, above what clocks drift */
};

struct ticket_row {
    char ticket[TICKET_NUMBER_SIZE];
    bool is_known; /* in our tables; else told by its digits alone */
    int64_t sequence;
    char facility[CODE_SIZE];
    char item[CODE_SIZE]; /* "" when the digits fit no item, or two */
    int64_t entered_ms;
    char label[TICKET_LABEL_SIZE];
    char state[STATE_WORD_SIZE];
    bool is_corrected;
    int64_t paid_ms; /* the newest payment that was not voided; 0 none */
    int64_t paid_yen;
};

/* Under the lock. STATUS_INVALID when TICKET is none. */
enum status
load_ticket(struct till *till, const char *ticket, struct ticket_row *out, struct error_detail *err) MUST_CHECK;

/* Why the time of ROW cannot be believed, as a sentence for the clerk; NULL when it can. *OUT_SUGGESTED_MS is the entry
 * that the clock which does not jump tells, 0 when it tells none. */
const char *ticket_clock_doubt(struct till *till, const struct ticket_row *row, int64_t *out_suggested_ms);

/* "2026-11-22T10:03", as tariffs take it. */
enum { MINUTE_TEXT_SIZE = 17 };
const char *minute_text(char out[MINUTE_TEXT_SIZE], int64_t instant_ms);
