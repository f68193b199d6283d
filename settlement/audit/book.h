/* What one till's journal says, worked out by the audit alone: this folder includes nothing of ledger/.
 *
 * Where the ledger keeps balances and states while it goes, the audit writes down facts and decides at the end; the two
 * agree because the journal means one thing, not because they share a line of code. */
#pragma once

#include "common/clock/civil.h"
#include "common/records/journal_line.h"
#include "settlement/arena/arena.h"
#include "settlement/arena/growing.h"
#include "settlement/audit/finding.h"
#include "settlement/audit/id_map.h"

/* One line of a sale, and one row of its taxes. */
struct book_line {
    const char *item, *tax, *account, *section, *issuer, *exemption;
    int64_t unit_price_yen, quantity, amount_yen;
    int64_t cash_yen;                                                                     /* of amount_yen */
    const char *facility, *reduction, *reduction_granter, *override_by, *tariff, *ticket; /* "": none */
    int64_t reduction_yen;
    int64_t list_price_yen; /* −1: the price is the list's */
};
struct book_tax {
    const char *tax, *issuer;
    int64_t subject_yen, tax_yen;
};

struct book_sale {
    int64_t sequence;
    const char *id, *receipt_number, *method, *brand, *payment, *reference_kind, *reference_number;
    struct civil_date business_date, received_on;
    int64_t total_yen, cash_yen;
    int64_t voided_by; /* 0: stands */
    size_t first_line, line_count, first_tax, tax_count;
};

struct book_payment {
    int64_t started_sequence;
    const char *id, *sale, *method, *brand, *state, *acquirer_reference;
    const char *how, *approval_code, *slip_number; /* "" until resolved */
    const char *rule, *proved;                     /* of a payment in doubt, and what became of a sale in doubt; "" */
    int64_t proved_sequence;
    struct civil_date business_date, resolved_on; /* resolved_on: year 0 until resolved */
    int64_t amount_yen, cash_yen;
    int64_t state_sequence;
    int64_t abandoned_by;  /* 0: not given up */
    int64_t sale_sequence; /* 0: paid nothing */
};

struct book_reversal {
    int64_t started_sequence;
    const char *id, *payment, *sale, *state;
    int64_t amount_yen;
    int64_t state_sequence;
};

struct book_void {
    int64_t sequence, sale_sequence, total_yen;
};

struct book_day {
    int64_t opened_sequence, closed_sequence; /* closed 0: open */
    const char *id;
    struct civil_date business_date;
    int64_t float_yen;
    int64_t expected_cash_yen; /* as the till says */
    int64_t drawer_yen;        /* as its own lines say */
    int64_t counted_cash_yen;
    int64_t masters_version;
    int64_t float_now_yen, in_yen, out_yen, refund_yen; /* by the lines so far */
    int64_t closing_count_yen;                          /* newest blind count for the close; −1: none */
};

struct book_refund {
    int64_t requested_sequence, state_sequence, amount_yen;
    const char *id, *sale, *receipt_number, *means, *reason, *clerk, *approved_by, *state;
    const char *ended_on, *ended_by, *ended_approved_by, *ended_means, *ended_reason;
    const char *takes_over; /* the till's request that the desk carries out; "" */
    const char *run;   /* how far the till's own refund is: "", running, unknown, refused */
    const char *lines; /* "1:300,2:100"; "" when the till does not tell */
    struct civil_date business_date;
};

/* A line that is one row, or one set of rows, of a table: what the row must say, column by column. Refunds get theirs
 * at the end, because later lines change them. */
struct book_fact {
    int64_t sequence, amount_yen;
    const char *table;
    const char *text; /* columns of audit_store.c, joined by FACT_SEPARATOR */
};
#define FACT_SEPARATOR "\x1f"

struct book_visit {
    struct civil_date business_date;
    const char *facility, *category;
    int64_t count;
};

/* One entry of the double entry. */
struct book_entry {
    int64_t sequence;
    const char *ledger, *brand, *account, *section, *tax, *issuer;
    struct civil_date received_on, business_date;
    int64_t amount_yen;
};

/* A line that counts for nothing, because it contradicts itself or the lines before. */
struct book_refusal {
    int64_t sequence;
};

/* INVARIANT: every array is in the order of the journal; texts live in `texts`. */
struct book {
    char terminal[TERMINAL_ID_SIZE];
    char municipality[MUNICIPALITY_CODE_SIZE];
    char place[33];
    struct arena texts;
    struct growing sales, lines, taxes, payments, reversals, voids, days, refunds, facts, visits, entries, refusals;
    struct id_map sale_ids, payment_ids, reversal_ids, refund_ids, receipts, tickets; /* value: index + 1 */
    int64_t open_day; /* index + 1 into days; 0: closed */
    int64_t masters_version;
    int64_t drawer_yen;
    int64_t line_count;
    bool has_failed; /* no memory */
    struct findings *findings;
};

void book_init(struct book *book, struct findings *findings);
void book_finish(struct book *book);

/* Take LINE into the book. What it says about the till's own earlier claims (the drawer at the close, the totals of the
 * day) is compared at once. */
void book_take(struct book *book, const struct journal_line *line);

/* Whether lines of KIND are weighed: it must not be parked without a reason that the book sees too. */
bool book_weighs(const char *kind);

/* Element INDEX of ARRAY as TYPE. */
#define BOOK_AT(array, type, index) (&((type *)(array).elements)[index])
