/* One step of the fold: how a kind of line changes the tables. */
#pragma once

#include "common/json/reader.h"
#include "pos/journal/journal.h"

/* BODY is LINE's body, parsed. Returns STATUS_INVALID when the body is not what the kind demands. */
typedef enum status (*projection_step)(struct database *db, const struct journal_line *line,
                                       const struct json_value *body, struct error_detail *err);

/* One column of a row: a text or integer member of the body, or a constant. */
struct projection_column {
    const char *key; /* member of the body; NULL: `text` or `number` below */
    bool is_integer;
    bool is_optional; /* NULL when absent */
    const char *text;
    int64_t number;
};

#define COUNT(columns) (sizeof(columns) / sizeof((columns)[0]))

/* Run SQL with the columns bound in order. WANTED_CHANGES 0: any number of rows may change; otherwise another number is
 * STATUS_REFUSED: the line speaks of something that is not there, or is over. */
enum status
projection_run(struct database *db, const char *sql, const struct json_value *body,
               const struct projection_column *columns, size_t count, int64_t wanted_changes, struct error_detail *err);

enum status
project_enrolled(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status project_masters_applied(struct database *, const struct journal_line *, const struct json_value *,
                                    struct error_detail *);
enum status
project_day_opened(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status
project_day_closed(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status project_payment_started(struct database *, const struct journal_line *, const struct json_value *,
                                    struct error_detail *);
enum status project_payment_presented(struct database *, const struct journal_line *, const struct json_value *,
                                      struct error_detail *) MUST_CHECK;
enum status project_payment_unknown(struct database *, const struct journal_line *, const struct json_value *,
                                    struct error_detail *);
enum status project_payment_in_doubt(struct database *, const struct journal_line *, const struct json_value *,
                                     struct error_detail *);
enum status project_payment_abandoned(struct database *, const struct journal_line *, const struct json_value *,
                                      struct error_detail *);
enum status project_payment_proved(struct database *, const struct journal_line *, const struct json_value *,
                                   struct error_detail *);
enum status project_payment_resolved(struct database *, const struct journal_line *, const struct json_value *,
                                     struct error_detail *);
enum status
project_sale_recorded(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status
project_sale_voided(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status project_reversal_started(struct database *, const struct journal_line *, const struct json_value *,
                                     struct error_detail *);
enum status project_reversal_unknown(struct database *, const struct journal_line *, const struct json_value *,
                                     struct error_detail *);
enum status project_reversal_resolved(struct database *, const struct journal_line *, const struct json_value *,
                                      struct error_detail *);
enum status
project_print_started(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status project_print_finished(struct database *, const struct journal_line *, const struct json_value *,
                                   struct error_detail *);
enum status project_refund_requested(struct database *, const struct journal_line *, const struct json_value *,
                                     struct error_detail *);
enum status
project_refund_paid(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status project_refund_started(struct database *, const struct journal_line *, const struct json_value *,
                                   struct error_detail *);
enum status project_refund_unknown(struct database *, const struct journal_line *, const struct json_value *,
                                   struct error_detail *);
enum status project_refund_refused(struct database *, const struct journal_line *, const struct json_value *,
                                   struct error_detail *);
enum status project_refund_withdrawn(struct database *, const struct journal_line *, const struct json_value *,
                                     struct error_detail *);
enum status
project_papers_wanted(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status project_receipt_unwanted(struct database *, const struct journal_line *, const struct json_value *,
                                     struct error_detail *);

enum status
project_basket_held(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status project_basket_recalled(struct database *, const struct journal_line *, const struct json_value *,
                                    struct error_detail *);
enum status project_basket_discarded(struct database *, const struct journal_line *, const struct json_value *,
                                     struct error_detail *);

enum status
project_float_moved(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status
project_cash_moved(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status
project_cash_refunded(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status
project_cash_counted(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status
project_day_inspected(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status project_shift_handed_over(struct database *, const struct journal_line *, const struct json_value *,
                                      struct error_detail *);
enum status
project_drawer_opened(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status
project_ticket_issued(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status project_ticket_corrected(struct database *, const struct journal_line *, const struct json_value *,
                                     struct error_detail *);
enum status
project_ticket_closed(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status
project_tickets_paid(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
enum status project_tickets_unpaid(struct database *, const struct journal_line *, const struct json_value *,
                                   struct error_detail *);
enum status
project_entry_counted(struct database *, const struct journal_line *, const struct json_value *, struct error_detail *);
