/* What is left of a sale to give back, for the finance desk. */
#pragma once

#include "settlement/store/sale_store.h"

/* A sale of MUNICIPALITY; `sequence` 0 in OUT: there is none. */
enum status sale_of_city(struct store_txn *txn, const char *municipality, const char *sale, struct sale_facts *out,
                         struct error_detail *err) MUST_CHECK;

/* Texts are borrowed for the visit. */
struct refundable_line {
    int64_t number;
    const char *item;
    const char *name;
    const char *place; /* of the sale */
    int64_t amount_yen;
    int64_t left_yen; /* less what was given back or is asked for; never below 0 */
};
typedef enum status (*refundable_line_visitor)(const struct refundable_line *line, void *context);

/* The lines of SALE in their order. *OUT_LEFT_YEN: what is left of the whole sale, before the visits. EXCEPT_REFUND (or
 * NULL) counts for nothing. */
enum status refundable_each(struct store_txn *txn, const char *sale, const char *except_refund, int64_t *out_left_yen,
                            refundable_line_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Which lines a request means, in their order; none where its till does not tell. */
typedef enum status (*refund_part_visitor)(int64_t line, int64_t amount_yen, void *context);
enum status refund_part_each(struct store_txn *txn, const char *terminal, int64_t requested_sequence,
                             refund_part_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
