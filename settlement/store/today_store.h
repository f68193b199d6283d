/* The sums of the morning page that no other list has. */
#pragma once

#include "settlement/store/store.h"

/* Sales received on a day by one method. What was voided is in the void members only. */
struct method_sum {
    const char *method;
    int64_t count;
    int64_t amount_yen;
    int64_t void_count;
    int64_t void_yen;
};
typedef enum status (*method_sum_visitor)(const struct method_sum *sum, void *context);
enum status method_sum_each(struct store_txn *txn, const char *municipality, const char *day, method_sum_visitor visit,
                            void *context, struct error_detail *err) MUST_CHECK;

/* Tills whose day is still open although it began on DAY or earlier and before TODAY. */
typedef enum status (*unclosed_visitor)(const char *terminal, const char *business_date, void *context);
enum status unclosed_each(struct store_txn *txn, const char *municipality, const char *day, const char *today,
                          unclosed_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Drawers that were counted on DAY and did not hold what they should: how many, and the sum of the differences. */
enum status cash_difference(struct store_txn *txn, const char *municipality, const char *day, int64_t *out_count,
                            int64_t *out_yen, struct error_detail *err) MUST_CHECK;

/* Whether a payment by BRAND that stands was received after AFTER and up to TO ("YYYY-MM-DD"). */
enum status brand_was_used(struct store_txn *txn, const char *municipality, const char *brand, const char *after,
                           const char *to, bool *out, struct error_detail *err) MUST_CHECK;

/* Sales with an amount that stand, were received before TODAY, on a day that waits to be drafted (again), and lie in no
 * 調定. */
enum status undrafted_sale_count(struct store_txn *txn, const char *municipality, const char *today, int64_t *out,
                                 struct error_detail *err) MUST_CHECK;
