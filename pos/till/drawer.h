/* What lies in the drawer by the record; for this folder only. Under the till's lock. */
#pragma once

#include "pos/till/cash.h"
#include "pos/till/till_parts.h"

enum {
    FLOAT_MAX_YEN = 10000000,  /* no drawer is lent more */
    DRAWER_MAX_YEN = 100000000 /* no drawer holds more; a sum above it is a slip of the fingers */
};

/* Sums over the lines FIRST … LAST. INVARIANT: expected = float + cash sales + in − out − refunds. */
struct drawer_figures {
    int64_t first_sequence;
    int64_t last_sequence;
    int64_t float_yen;      /* lent at the end */
    int64_t cash_sales_yen; /* less voids; the cash part of mixed payments too */
    int64_t cash_in_yen;
    int64_t cash_out_yen;
    int64_t refund_cash_yen;
    int64_t expected_cash_yen;
    int64_t zero_count;    /* sales at 0円, voided ones left out */
    int64_t no_sale_count; /* times that the drawer was opened without a sale */
};

/* The day that would be opened now (day_clock.c). */
struct day_opening {
    bool is_possible;       /* no day is open, and none was ever opened under `date` */
    bool needs_approval;    /* a supervisor's: `date` lies far behind the last day's, or before it */
    struct civil_date date; /* by the clock */
};
enum status day_opening_now(struct till *till, struct day_opening *out, struct error_detail *err) MUST_CHECK;

/* `approval_needed`, with both dates. */
void day_opening_ask(const struct till *till, const struct day_opening *opening, struct error_detail *err);

/* The members of the state that say the same. */
enum status day_opening_write(struct till *till, struct json_writer *writer, struct error_detail *err) MUST_CHECK;

/* Of the open day: from the line behind the last close, so that every line of a till belongs to exactly one close, to
 * its present end. */
enum status drawer_figures_now(struct till *till, struct drawer_figures *out, struct error_detail *err) MUST_CHECK;

/* Of lines that are past; FLOAT_YEN is what was lent at their end. */
enum status drawer_figures_of(struct till *till, int64_t first, int64_t last, int64_t float_yen,
                              struct drawer_figures *out, struct error_detail *err) MUST_CHECK;

/* The members `totals` and `unresolved` of day.inspected and day.closed. */
enum status drawer_write_totals(struct till *till, const struct drawer_figures *figures, struct json_writer *writer,
                                struct error_detail *err) MUST_CHECK;
enum status drawer_write_unresolved(struct till *till, struct json_writer *writer, struct error_detail *err) MUST_CHECK;

/* A row of table cash_count. */
struct recorded_count {
    int64_t sequence;
    enum count_purpose purpose;
    char clerk[CODE_SIZE];
    int64_t at_ms;
    struct cash_count count;
};

/* The newest count of the open day for a hand-over or the close, if it still stands: no cash has moved since, and it
 * has not been used. STATUS_NOT_FOUND `no_count`. */
enum status drawer_standing_count(struct till *till, struct recorded_count *out, struct error_detail *err) MUST_CHECK;

/* The standing count that a command names: COUNT is its sequence, 0 for whichever stands. */
enum status drawer_find_count(struct till *till, enum count_purpose purpose, int64_t count, struct recorded_count *out,
                              struct error_detail *err) MUST_CHECK;

/* The count of line SEQUENCE, a cash.counted. */
enum status
drawer_load_count(struct till *till, int64_t sequence, struct recorded_count *out, struct error_detail *err) MUST_CHECK;

/* Write cash.counted, inside an open transaction. DAY is the id of its day. */
enum status drawer_record_count(struct till *till, const char *day, enum count_purpose purpose,
                                const struct cash_count *count, struct error_detail *err) MUST_CHECK;

/* Whether commands on the drawer may be given: not behind, a clerk, a day that is open. */
enum status drawer_check(const struct till *till, struct error_detail *err) MUST_CHECK;

/* The same for COUNT, while no payment runs that may still bring cash. */
enum status
drawer_check_can_count(const struct till *till, const struct cash_count *count, struct error_detail *err) MUST_CHECK;

/* Whether AMOUNT_YEN may leave the open drawer: no more than must lie there by the record. STATUS_REFUSED
 * `not_in_drawer`, in words that name no figure, so that the next count stays blind. */
enum status drawer_check_holds(struct till *till, int64_t amount_yen, struct error_detail *err) MUST_CHECK;

/* A reason that is needed when DIFFERENCE_YEN is not 0. REASON may be NULL; *OUT is it, or NULL for none. */
enum status
drawer_check_reason(int64_t difference_yen, const char *reason, const char **out, struct error_detail *err) MUST_CHECK;

/* Write drawer.opened, inside an open transaction, and ask for it after the commit. */
enum status drawer_record_opened(struct till *till, const char *reason, struct error_detail *err) MUST_CHECK;
void drawer_kick(struct till *till);

/* Print FORM about the newest line. */
void drawer_print_line(struct till *till, enum paper_form form);

/* The body of the line SEQUENCE, parsed: json_free. *OUT_LINE as far as it does not point into the bytes. */
enum status drawer_read_body(struct till *till, int64_t sequence, struct journal_line *out_line,
                             struct json_value **out, struct error_detail *err) MUST_CHECK;

/* For the papers: the body of the line that SUBJECT numbers, a KIND, and its time into TASK; STATUS_NOT_FOUND. The name
 * of the clerk that member KEY tells, "" for none. The pieces of COUNT. */
enum status drawer_read_subject(struct till *till, const char *subject, const char *kind, struct print_task *task,
                                struct json_value **out, struct error_detail *err) MUST_CHECK;
void drawer_name_clerk(const struct till *till, const struct json_value *body, const char *key, char out[NAME_SIZE]);
void
drawer_receipt_counts(const struct cash_count *count, struct receipt_count out[RECEIPT_COUNTS_MAX], size_t *out_count);

/* The members `count` and `papers` of the state's day, and whether more cash lies there than the masters want. */
enum status drawer_write_state(struct till *till, struct json_writer *writer, struct error_detail *err) MUST_CHECK;
bool drawer_is_over_limit(struct till *till);
