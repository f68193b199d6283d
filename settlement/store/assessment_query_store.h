/* Reading 調定 for screens and files. Rows are borrowed for the visit; anything but STATUS_OK from a visitor ends the
 * walk and is returned. */
#pragma once

#include "settlement/assessment/record.h"
#include "settlement/store/store.h"

/* NULL and 0 filter nothing. Newest 調定年月日 first; continue behind (`after_day`, `after_id`). */
struct assessment_query {
    const char *municipality;
    int64_t id;
    const char *state;
    int64_t fiscal_year;
    const char *from, *to; /* of 調定年月日 */
    const char *section;
    const char *account;
    const char *route;
    const char *kind;
    const char *after_day;
    int64_t after_id;
    int64_t limit;
};

typedef enum status (*assessment_visitor)(const struct assessment_record *record, void *context);

enum status assessment_each(struct store_txn *txn, const struct assessment_query *query, assessment_visitor visit,
                            void *context, struct error_detail *err) MUST_CHECK;

/* 増額 and 減額 of ORIGINAL, oldest first; the records of EXPORT_ID by number. */
enum status assessment_corrections_each(struct store_txn *txn, int64_t original, assessment_visitor visit,
                                        void *context, struct error_detail *err) MUST_CHECK;
enum status assessment_exported_each(struct store_txn *txn, int64_t export_id, assessment_visitor visit, void *context,
                                     struct error_detail *err) MUST_CHECK;

/* Count and amount (減額 negative) by state, under the filters of QUERY but `state`. */
struct assessment_total {
    enum assessment_state state;
    int64_t count;
    int64_t amount_yen;
};
enum status assessment_totals(struct store_txn *txn, const struct assessment_query *query,
                              struct assessment_total out[ASSESSMENT_STATE_COUNT], struct error_detail *err) MUST_CHECK;

/* The same of what waits for somebody in MUNICIPALITY: all that is not exported. Costs what waits, never the history.
 */
enum status
assessment_waiting_totals(struct store_txn *txn, const char *municipality,
                          struct assessment_total out[ASSESSMENT_STATE_COUNT], struct error_detail *err) MUST_CHECK;

typedef enum status (*assessment_line_visitor)(int64_t number, const struct assessment_line *line, void *context);
enum status assessment_line_each(struct store_txn *txn, int64_t id, assessment_line_visitor visit, void *context,
                                 struct error_detail *err) MUST_CHECK;

/* The sale behind a line: what a figure is walked back to. */
struct assessment_evidence {
    int64_t line; /* of the breakdown */
    const char *terminal;
    int64_t sequence;
    int64_t number; /* line of the sale */
    const char *sale;
    const char *receipt_number;
    const char *item;
    const char *name;
    int64_t quantity;
    int64_t amount_yen;
    int64_t tax_yen;
    const char *method;
    const char *brand;
};
typedef enum status (*assessment_evidence_visitor)(const struct assessment_evidence *evidence, void *context);

/* Of record ID, of its LINE only unless 0, behind the place AFTER (NULL: from the beginning). */
struct assessment_place {
    int64_t line;
    const char *terminal;
    int64_t sequence;
    int64_t number;
};
enum status
assessment_evidence_each(struct store_txn *txn, int64_t id, int64_t line, const struct assessment_place *after,
                         int64_t limit, assessment_evidence_visitor visit, void *context,
                         struct error_detail *err) MUST_CHECK;

/* Money kept out of every 調定: `reason` is a payment's state or the word of assessment_held. */
struct held_money {
    const char *reason;
    const char *payment;
    const char *sale;
    const char *terminal;
    int64_t sequence;
    const char *business_date;
    const char *brand;
    int64_t amount_yen;
};
typedef enum status (*held_money_visitor)(const struct held_money *held, void *context);
enum status held_money_each(struct store_txn *txn, const char *municipality, int64_t limit, held_money_visitor visit,
                            void *context, struct error_detail *err) MUST_CHECK;
enum status held_money_total(struct store_txn *txn, const char *municipality, int64_t *out_count, int64_t *out_yen,
                             struct error_detail *err) MUST_CHECK;

/* Days up to TO on which something came in since they were drafted. */
enum status assessment_undrafted_days(struct store_txn *txn, const char *municipality, const char *to,
                                      int64_t *out_count, struct error_detail *err) MUST_CHECK;
