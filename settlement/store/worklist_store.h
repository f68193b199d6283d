/* The work list's own rows: comments, what is expected, what is taken back, and which payment people say is which line.
 * Rows are borrowed for the visit; anything but STATUS_OK from a visitor ends the walk and is returned. */
#pragma once

#include "settlement/store/matching_store.h"

struct comment_row {
    int64_t at_ms;
    const char *login;
    const char *name; /* of the person */
    const char *text;
};
typedef enum status (*comment_visitor)(const struct comment_row *row, void *context);

enum status comment_add(struct store_txn *txn, const char *municipality, int64_t discrepancy,
                        const struct comment_row *comment, struct error_detail *err) MUST_CHECK;
/* Oldest first. */
enum status comment_each(struct store_txn *txn, int64_t discrepancy, comment_visitor visit, void *context,
                         struct error_detail *err) MUST_CHECK;

/* An open one is expected to clear by itself until ON, which is its deadline too; "" expects nothing any more and
 * leaves the deadline DUE_ON. A new version. */
enum status discrepancy_set_expected(struct store_txn *txn, int64_t id, const char *on, const char *due_on,
                                     struct error_detail *err) MUST_CHECK;

/* LOGIN asks to take back what was resolved; LOGIN "" stops asking. A new version. */
enum status discrepancy_set_undo_asked(struct store_txn *txn, int64_t id, const char *login, const char *reason,
                                       int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* resolved → open. CONFIRMED_BY is the second person where money was to move, else "". What matching had put aside is
 * carried on again. */
enum status
discrepancy_take_back(struct store_txn *txn, int64_t id, const char *confirmed_by, struct error_detail *err) MUST_CHECK;

/* Payment (or cancellation) and line: one (`is_pair`), or not. */
struct pair_decision {
    int64_t id; /* when read */
    const char *terminal;
    int64_t sequence; /* of payment.started */
    enum book_part part;
    int64_t import;
    int64_t line;
    bool is_pair;
    int64_t at_ms;
    const char *login;
    const char *reason;
};
typedef enum status (*pair_decision_visitor)(const struct pair_decision *row, void *context, struct error_detail *err);

/* STATUS_CONFLICT when the same is decided already. */
enum status pair_decision_add(struct store_txn *txn, const char *municipality, const struct pair_decision *decision,
                              int64_t *out_id, struct error_detail *err) MUST_CHECK;
/* STATUS_NOT_FOUND when it does not stand (any more). */
enum status pair_decision_undo(struct store_txn *txn, const char *municipality, int64_t id, const char *login,
                               const char *reason, int64_t now_ms, struct error_detail *err) MUST_CHECK;
/* Those that stand, whose payment or line is in no pair: matching asks them all. */
enum status pair_decision_open_each(struct store_txn *txn, const char *municipality, pair_decision_visitor visit,
                                    void *context, struct error_detail *err) MUST_CHECK;
/* Those that stand about one payment (SEQUENCE ≠ 0) or one line. */
enum status pair_decision_about_each(struct store_txn *txn, const char *municipality, const char *terminal,
                                     int64_t sequence, int64_t import, int64_t line, pair_decision_visitor visit,
                                     void *context, struct error_detail *err) MUST_CHECK;

/* The one with this ID, when it stands. STATUS_NOT_FOUND. */
enum status pair_decision_find(struct store_txn *txn, const char *municipality, int64_t id, pair_decision_visitor visit,
                               void *context, struct error_detail *err) MUST_CHECK;

/* Whether the payment and the line of PAIR are in matching's open lists. */
enum status open_pair_find(struct store_txn *txn, const char *municipality, const struct pair_decision *pair,
                           bool *out_is_payment_open, bool *out_is_line_open, struct error_detail *err) MUST_CHECK;

/* Take a pair apart: both are open again. STATUS_NOT_FOUND when they are no pair. */
enum status matched_remove(struct store_txn *txn, const char *municipality, const char *terminal, int64_t sequence,
                           enum book_part part, int64_t import, int64_t line, const char *due_on,
                           struct error_detail *err) MUST_CHECK;

/* A side that may belong to what is open on the other, with what the two have in common. Texts "" and times
 * INSTANT_ABSENT where unknown. */
struct partner_row {
    const char *terminal; /* of the payment; of a line as its company writes it */
    int64_t sequence;     /* of a payment */
    enum book_part part;
    int64_t import, line; /* of a line */
    const char *payment;  /* our reference, as that side has it */
    const char *acquirer_reference;
    const char *brand;
    int64_t amount_yen;
    int64_t accepted_at_ms;
};
typedef enum status (*partner_visitor)(const struct partner_row *row, void *context);

enum { PARTNERS_MAX = 5 /* to look at side by side; more is a search */ };

/* Open lines, or open payments, that may belong to SELF, which is of the other side: of its reference of ours and its
 * sign first, then of its yen or its acquirer's reference; nearest in time first; at most PARTNERS_MAX. */
enum status partner_lines_each(struct store_txn *txn, const char *municipality, const struct partner_row *self,
                               partner_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
enum status partner_payments_each(struct store_txn *txn, const char *municipality, const struct partner_row *self,
                                  partner_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Open lines, or open payments, that may each be a piece of SELF, which is of the other side: of its sign and smaller;
 * those of its reference first, then the nearest in time; at most PIECES_MAX. */
enum { PIECES_MAX = 50 /* as many as a decision may name */ };
enum status piece_lines_each(struct store_txn *txn, const char *municipality, const struct partner_row *self,
                             partner_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
enum status piece_payments_each(struct store_txn *txn, const char *municipality, const struct partner_row *self,
                                partner_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* What stands open itself: the payment (SEQUENCE ≠ 0) or the line (IMPORT ≠ 0). Nothing is visited when it is not
 * open. */
enum status partner_self(struct store_txn *txn, const char *municipality, const struct partner_row *key,
                         partner_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
