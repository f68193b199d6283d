/* What matching reads and keeps: our payments and their lines that are open, and pairs. Rows are borrowed for the
 * visit; anything but STATUS_OK from a visitor ends the walk and is returned. */
#pragma once

#include "settlement/statements/statement_line.h"
#include "settlement/store/store.h"

/* "sale": a payment; "void": its cancellation. */
enum book_part { BOOK_SALE, BOOK_VOID };
const char *book_part_word(enum book_part part);

/* A payment or cancellation of ours, as the ledger has it now. */
struct book_row {
    const char *terminal;
    int64_t sequence; /* of payment.started */
    enum book_part part;
    const char *payment;
    const char *acquirer_reference;
    const char *slip; /* 伝票番号; "" when unknown, and of a cancellation, which has one of its own */
    const char *brand;
    const char *state; /* of the payment */
    const char *business_date;
    int64_t amount_yen;     /* negative for a cancellation */
    int64_t accepted_at_ms; /* INSTANT_ABSENT: not known */
    bool has_sale;          /* it paid a sale.recorded */
    bool is_voided;         /* its sale was cancelled; of a new one its part BOOK_VOID tells, which is new too */
    bool is_carried;        /* stands in the open list, with this due day */
    const char *due_on;
};
typedef enum status (*book_visitor)(const struct book_row *row, void *context, struct error_detail *err);

/* Where matching stands for MUNICIPALITY; zeros before the first run. */
struct matching_state {
    int64_t run;
    int64_t import;
    int64_t newest_import; /* that there is, seen or not; only when read */
    char due_day[CIVIL_DATE_TEXT_SIZE];
    bool must_rescan;
};
enum status matching_state_read(struct store_txn *txn, const char *municipality, struct matching_state *out,
                                struct error_detail *err) MUST_CHECK;
enum status matching_state_write(struct store_txn *txn, const char *municipality, const struct matching_state *state,
                                 struct error_detail *err) MUST_CHECK;

/* The open items, then what came in since the last run (with MUST_RESCAN: all that is in no pair). */
enum status book_open_each(struct store_txn *txn, const char *municipality, book_visitor visit, void *context,
                           struct error_detail *err) MUST_CHECK;
enum status book_new_each(struct store_txn *txn, const char *municipality, bool must_rescan, book_visitor visit,
                          void *context, struct error_detail *err) MUST_CHECK;

/* The payment with this id, or those with this reference of the acquirer (part BOOK_SALE), whatever their state. */
enum status book_find(struct store_txn *txn, const char *municipality, const char *payment, book_visitor visit,
                      void *context, struct error_detail *err) MUST_CHECK;
enum status book_find_by_acquirer(struct store_txn *txn, const char *municipality, const char *acquirer_reference,
                                  book_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* The line that (TERMINAL, SEQUENCE, PART) is paired with; *OUT_IMPORT 0 when it is in no pair. *OUT_IS_IN_PIECES: a
 * person said that it is several lines, or one of several payments of the line; then it is the first. */
enum status matched_line_of(struct store_txn *txn, const char *terminal, int64_t sequence, enum book_part part,
                            int64_t *out_import, int64_t *out_line, bool *out_is_in_pieces,
                            struct error_detail *err) MUST_CHECK;

/* Journal positions up to which items were seen: read with the items, written with the results. */
typedef enum status (*position_visitor)(const char *terminal, int64_t sequence, void *context,
                                        struct error_detail *err);
enum status matching_positions_each(struct store_txn *txn, const char *municipality, position_visitor visit,
                                    void *context, struct error_detail *err) MUST_CHECK;
enum status matching_position_set(struct store_txn *txn, const char *terminal, int64_t sequence,
                                  struct error_detail *err) MUST_CHECK;

/* Statement lines that are open, then those of imports after AFTER_IMPORT up to *OUT_LAST_IMPORT. Fees are left out. */
typedef enum status (*their_line_visitor)(int64_t import, const struct statement_line *line, bool is_carried,
                                          void *context, struct error_detail *err);
enum status their_open_each(struct store_txn *txn, const char *municipality, their_line_visitor visit, void *context,
                            struct error_detail *err) MUST_CHECK;
enum status
their_new_each(struct store_txn *txn, const char *municipality, int64_t after_import, int64_t *out_last_import,
               their_line_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
enum status their_line_read(struct store_txn *txn, int64_t import, int64_t line, their_line_visitor visit,
                            void *context, struct error_detail *err) MUST_CHECK;

/* Keeping the results. */
struct matched_row {
    int64_t import;
    int64_t line;
    const char *terminal;
    int64_t sequence;
    enum book_part part;
    const char *matched_by;
    int64_t run;
};
enum status matched_add(struct store_txn *txn, const char *municipality, const struct matched_row *row,
                        struct error_detail *err) MUST_CHECK;
enum status open_item_put(struct store_txn *txn, const char *municipality, const char *terminal, int64_t sequence,
                          enum book_part part, const char *due_on, struct error_detail *err) MUST_CHECK;
enum status open_item_remove(struct store_txn *txn, const char *terminal, int64_t sequence, enum book_part part,
                             struct error_detail *err) MUST_CHECK;
enum status open_line_put(struct store_txn *txn, const char *municipality, int64_t import, int64_t line,
                          struct error_detail *err) MUST_CHECK;
/* STATUS_CORRUPT when it is not open: a line must not be matched twice. */
enum status open_line_remove(struct store_txn *txn, int64_t import, int64_t line, struct error_detail *err) MUST_CHECK;

/* A run that has ended. */
struct run_row {
    int64_t id;
    int64_t at_ms;
    const char *login;
    int64_t sale_count;
    int64_t line_count;
    int64_t bank_line_count;
    int64_t matched_count;
    int64_t matched_yen;
    int64_t credited_count;
    int64_t opened_count;
    int64_t cleared_count;
    int64_t open_count;
    int64_t milliseconds;
};
enum status
run_add(struct store_txn *txn, const char *municipality, struct run_row *row, struct error_detail *err) MUST_CHECK;
/* The counts of a run that was added. */
enum status run_update(struct store_txn *txn, const struct run_row *row, struct error_detail *err) MUST_CHECK;

typedef enum status (*run_visitor)(const struct run_row *row, void *context);
enum status run_each(struct store_txn *txn, const char *municipality, int64_t before_id, int64_t limit,
                     run_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
