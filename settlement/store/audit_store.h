/* What the audit reads: rows as they stand, in the order of the journal, without any rule applied. Cursors over
 * different questions may be open at the same time; one question is open once. */
#pragma once

#include "settlement/store/store.h"

/* The questions, with their columns. Those over one till take its id as argument and come in the order of sequences. */
enum audit_question {
    AUDIT_TERMINALS,  /* terminal, municipality, place, public_key, head_sequence, head_hash, interpreted up to */
    AUDIT_RUNS,       /* first, last, signed_first, last_hash, signature, lines */
    AUDIT_SALES,      /* sequence, sale, receipt_number, business_date, received_on, method, brand, payment, total_yen,
                         voided_by, place, fiscal_year, municipality, cash_yen, reference_kind, reference_number */
    AUDIT_SALE_LINES, /* sequence, number, item, unit_price_yen, quantity, amount_yen, tax, account, section, issuer,
                         exemption, cash_yen, reduction_yen, list_price_yen (−1: none), facility, reduction,
                         reduction_granter, override_by, tariff, ticket */
    AUDIT_SALE_TAXES, /* sequence, tax, issuer, subject_yen, tax_yen */
    AUDIT_VOIDS,      /* sequence, sale_sequence, total_yen */
    AUDIT_PAYMENTS,   /* started_sequence, payment, sale, method, brand, amount_yen, state, state_sequence,
                         abandoned_by, sale_sequence, acquirer_reference, municipality, place, business_date, how,
                         resolved_on, approval_code, slip_number, cash_yen, rule, proved, proved_sequence */
    AUDIT_REVERSALS,  /* started_sequence, reversal, payment, amount_yen, state, state_sequence */
    AUDIT_DAYS,       /* opened_sequence, business_date, float_yen, closed_sequence, expected_cash_yen, ledger_cash_yen,
                         counted_cash_yen, difference_yen, masters_version */
    AUDIT_POSTINGS,   /* sequence, ledger, brand, account, section, tax, issuer, received_on, amount_yen,
                         municipality, place, business_date */
    AUDIT_PARKED,     /* sequence, kind, code */
    AUDIT_REFUNDS,    /* requested_sequence, 'refund', amount_yen, all else joined by the unit separator */
    AUDIT_FACTS,      /* rows that one line makes and no other changes: sequence, what (in the order of the alphabet
                         within a line), yen, all else joined by the unit separator */
    AUDIT_VISITS,     /* business_date, facility, category, count, municipality; in this order */
    AUDIT_STRANGERS, /* no argument; rows of derived tables whose terminal is not enrolled: table, terminal, sequence */
    AUDIT_DAILY_PAYMENTS,  /* no argument; daily_payment against the sales, where they differ: received_on, terminal,
                              place, method, brand, expected and found: amount_yen, void_yen, count, void_count */
    AUDIT_HOURLY_PAYMENTS, /* no argument; hourly_payment against the sales, where they differ: received_on, hour,
                              method, brand, expected and found: amount_yen, void_yen, count, void_count */
    AUDIT_DAILY_ITEMS,     /* no argument; daily_item against the sales' lines, where they differ: received_on, place,
                              item, method, brand, expected and found: amount_yen, void_yen, quantity, void_quantity */
    AUDIT_ASSESSMENT_SUMS, /* no argument; assessments whose parts do not add up: assessment, number, amount_yen,
                              Σ lines, Σ sources */
    AUDIT_ASSESSMENT_SOURCES, /* no argument; sources that no line of a sale bears out: assessment, terminal, sequence,
                                 claimed yen, yen of the sale's line */
    AUDIT_ASSESSMENT_TWICE,   /* no argument; lines of sales assessed for more than they are: terminal, sequence,
                                 amount_yen, assessed_yen */
    AUDIT_ASSESSMENT_LEFT, /* no argument; lines of sales of which 調定 hold another amount than was left of them, while
                              nothing of the day waits to be drafted, approved or judged: terminal, sequence, yen left
                              (0: voided; less what was paid back while the books were open), assessed_yen */
    AUDIT_ASSESSMENT_NUMBERS, /* no argument; fiscal years whose numbers have gaps: municipality, fiscal_year, count,
                                 highest */
    AUDIT_REFUNDS_ABOVE,      /* no argument; sales of which more was given back, or asked for, than they are: terminal,
                                 sequence, receipt_number, yen of the sale (0: voided), Σ refunds */
    AUDIT_REFUND_LINES_ABOVE, /* no argument; lines of sales of which more was given back, or asked for, than they are:
                                 terminal, sequence, receipt_number, line, amount_yen, Σ refunds */
    AUDIT_REFUNDS_TWICE,      /* no argument; what a till paid though the desk had taken it over and paid it: terminal,
                                 sequence, receipt number, yen, desk */
    AUDIT_REFUNDS_OF_NOTHING, /* no argument; refunds that were paid for a sale that nobody recorded: terminal,
                                 sequence, receipt_number, amount_yen */
    AUDIT_DRAWERS_SHARED,     /* no argument; drawers that two tills had open at one time: drawer, terminal,
                                 opened_sequence, and the other's */
    AUDIT_OPERATOR_ASSESSED, /* no argument; 利用料金 that stands in a 調定: terminal, sequence, amount_yen, operator */
    AUDIT_IMPORT_FILES, /* no argument; every imported file, a row for each of its parts in order: import, file_name,
                           sha256, bytes */
    AUDIT_IMPORT_SUMS,  /* no argument; statements whose lines are not their sum: import, file_name, amount_yen,
                           Σ lines, line_count, lines */
    AUDIT_MATCHES, /* no argument; matches of other yen than ours: terminal, sequence, import, line, our yen, yen of
                      the statement's line */
    AUDIT_PAYOUT_CREDITS, /* no argument; deposits whose credits are not the bank's lines: payout, credited_yen,
                             Σ bank lines */
    AUDIT_QUESTION_COUNT
};

struct audit_rows;

/* Begin QUESTION; TERMINAL is borrowed until the end and NULL where no argument is taken. Ends by itself after the last
 * row, or by audit_rows_end. */
enum status audit_rows_begin(struct store_txn *txn, enum audit_question question, const char *terminal,
                             struct audit_rows **out, struct error_detail *err) MUST_CHECK;
enum status audit_rows_next(struct audit_rows *rows, bool *out_has_row, struct error_detail *err) MUST_CHECK;
void audit_rows_end(struct audit_rows *rows); /* NULL is fine */

int64_t audit_int(const struct audit_rows *rows, int column);
const char *audit_text(const struct audit_rows *rows, int column);
const void *audit_blob(const struct audit_rows *rows, int column, size_t *out_length);
