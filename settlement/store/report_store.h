/* Sums for reports, from the daily tables: the cost does not grow with the number of sales. Rows are borrowed for the
 * visit; anything but STATUS_OK from a visitor ends the walk and is returned. Days are inclusive. */
#pragma once

#include "settlement/store/store.h"

struct report_query {
    const char *municipality;
    const char *from;
    const char *to;
    const char *place;    /* NULL: all */
    const char *facility; /* NULL: all; "" is what was sold for no facility */
};

/* What was sold of one item for one facility at one place. Voided sales are left out of everything but the void_…. */
struct item_sum {
    const char *received_on; /* last day in the period, for the facility's name */
    const char *facility;
    const char *place;
    const char *item;
    int64_t unit_price_yen;
    int64_t quantity;      /* paid for */
    int64_t zero_quantity; /* 0円: 減免 of all, 公用, 無料開放 */
    int64_t amount_yen;
    int64_t cash_yen; /* of amount_yen */
    int64_t reduction_yen;
    int64_t void_quantity;
    int64_t void_yen;
};
typedef enum status (*item_sum_visitor)(const struct item_sum *sum, void *context);
enum status item_sum_each(struct store_txn *txn, const struct report_query *query, item_sum_visitor visit,
                          void *context, struct error_detail *err) MUST_CHECK;

/* How citizens paid, by brand. */
struct brand_sum {
    const char *method;
    const char *brand;
    int64_t count;
    int64_t amount_yen;
};
typedef enum status (*brand_sum_visitor)(const struct brand_sum *sum, void *context);
enum status brand_sum_each(struct store_txn *txn, const struct report_query *query, brand_sum_visitor visit,
                           void *context, struct error_detail *err) MUST_CHECK;

/* Visitors by facility and category. */
struct entry_sum {
    const char *facility;
    const char *category;
    int64_t count;
};
typedef enum status (*entry_sum_visitor)(const struct entry_sum *sum, void *context);
enum status entry_sum_each(struct store_txn *txn, const struct report_query *query, entry_sum_visitor visit,
                           void *context, struct error_detail *err) MUST_CHECK;

/* Tickets issued in the period, by facility and item, and what became of them until now. */
struct ticket_sum {
    const char *facility;
    const char *item;
    int64_t issued;
    int64_t paid;
    int64_t left; /* without paying: within the free time, or after paying elsewhere */
    int64_t voided;
};
typedef enum status (*ticket_sum_visitor)(const struct ticket_sum *sum, void *context);
enum status ticket_sum_each(struct store_txn *txn, const struct report_query *query, ticket_sum_visitor visit,
                            void *context, struct error_detail *err) MUST_CHECK;

/* Refunds that were paid in the period, by means. */
struct refund_sum {
    const char *means;
    int64_t count;
    int64_t amount_yen;
};
typedef enum status (*refund_sum_visitor)(const struct refund_sum *sum, void *context);
enum status refund_sum_each(struct store_txn *txn, const struct report_query *query, refund_sum_visitor visit,
                            void *context, struct error_detail *err) MUST_CHECK;

/* 利用料金 by facility, operator, day and route. */
struct operator_sum {
    const char *facility;
    const char *operator_name;
    const char *received_on;
    const char *route;
    int64_t count; /* lines of sales */
    int64_t quantity;
    int64_t amount_yen;
    int64_t tax_yen;
};
typedef enum status (*operator_sum_visitor)(const struct operator_sum *sum, void *context);
enum status operator_sum_each(struct store_txn *txn, const struct report_query *query, operator_sum_visitor visit,
                              void *context, struct error_detail *err) MUST_CHECK;
