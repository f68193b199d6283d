/* What statistics are made of: sums by month, hour, item and facility out of the daily tables, so that their cost grows
 * with the days asked for and not with the sales behind them; payouts by the day of their payments; and staff time as
 * the city entered it. Rows are borrowed for the visit; anything but STATUS_OK from a visitor ends the walk and is
 * returned. Days are inclusive. Voided sales are left out everywhere. */
#pragma once

#include "settlement/store/sale_store.h"

/* Add SALE to the sums of its hour, or take the sale in line SALE_SEQUENCE out again: its void is counted beside it. */
enum status hourly_payment_add(struct store_txn *txn, const struct sale_row *sale, struct error_detail *err) MUST_CHECK;
enum status hourly_payment_add_void(struct store_txn *txn, const char *terminal, int64_t sale_sequence,
                                    struct error_detail *err) MUST_CHECK;

struct statistics_period {
    const char *municipality;
    const char *from;
    const char *to;
};

/* How citizens paid in a month. `method` "none": 0円 issues. By month, method, brand. */
struct usage_row {
    const char *month; /* "2026-11" */
    const char *method;
    const char *brand;
    int64_t count;
    int64_t amount_yen;
};
typedef enum status (*usage_visitor)(const struct usage_row *row, void *context, struct error_detail *err);
enum status usage_each(struct store_txn *txn, const struct statistics_period *period, usage_visitor visit,
                       void *context, struct error_detail *err) MUST_CHECK;

/* The same of a day's hour, without brands and without 0円 issues. */
struct hour_row {
    const char *received_on;
    int64_t hour;
    bool is_cash;
    int64_t count;
    int64_t amount_yen;
};
typedef enum status (*hour_visitor)(const struct hour_row *row, void *context, struct error_detail *err);
enum status hour_each(struct store_txn *txn, const struct statistics_period *period, hour_visitor visit, void *context,
                      struct error_detail *err) MUST_CHECK;

/* What was sold for no facility, by item and month. */
struct item_month_row {
    const char *item;
    const char *month;
    int64_t quantity; /* paid for */
    int64_t zero_quantity;
    int64_t amount_yen;
};
typedef enum status (*item_month_visitor)(const struct item_month_row *row, void *context, struct error_detail *err);
enum status item_month_each(struct store_txn *txn, const struct statistics_period *period, item_month_visitor visit,
                            void *context, struct error_detail *err) MUST_CHECK;

/* What was sold for a facility ("": for none), by facility. */
struct facility_row {
    const char *facility;
    const char *last_on; /* the last day with a sale, for the facility's name */
    int64_t cash_quantity;
    int64_t cash_yen;
    int64_t cashless_quantity;
    int64_t cashless_yen;
    int64_t zero_quantity;
};
typedef enum status (*facility_visitor)(const struct facility_row *row, void *context, struct error_detail *err);
enum status facility_each(struct store_txn *txn, const struct statistics_period *period, facility_visitor visit,
                          void *context, struct error_detail *err) MUST_CHECK;

/* Refunds that were paid, by the month in which they were. */
struct refund_month_row {
    const char *month;
    int64_t count;
    int64_t amount_yen;
};
typedef enum status (*refund_month_visitor)(const struct refund_month_row *row, void *context,
                                            struct error_detail *err);
enum status refund_month_each(struct store_txn *txn, const struct statistics_period *period, refund_month_visitor visit,
                              void *context, struct error_detail *err) MUST_CHECK;

/* Payments in statements, by the day (days since 1970 in Japan) on which the company accepted them and the payout that
 * they are in. `credited_on`: the day on which the bank had credited all of it; "" while it has not. */
struct deposit_row {
    const char *trustee;
    int64_t accepted_day;
    const char *credited_on;
    int64_t count;
    int64_t amount_yen;
};
typedef enum status (*deposit_visitor)(const struct deposit_row *row, void *context, struct error_detail *err);

/* FROM_MS ≤ accepted < TO_MS. Reads the lines of the files with days in the period: this is no sum. */
enum status deposit_each(struct store_txn *txn, const struct statistics_period *period, int64_t from_ms, int64_t to_ms,
                         deposit_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* One work of a fiscal year: what it took before and takes now. */
struct time_saving_row {
    int64_t id;
    int64_t fiscal_year;
    const char *work;
    int64_t before_seconds; /* of one case */
    int64_t after_seconds;
    int64_t cases;
    const char *basis;
    int64_t at_ms;
    const char *login;
    const char *name; /* of the person; only when read */
};
typedef enum status (*time_saving_visitor)(const struct time_saving_row *row, void *context, struct error_detail *err);

/* The entries that stand, of FISCAL_YEAR, or of all for 0; by year and work. */
enum status time_saving_each(struct store_txn *txn, const char *municipality, int64_t fiscal_year,
                             time_saving_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Whether an entry about WORK stands already. */
enum status time_saving_is_there(struct store_txn *txn, const char *municipality, int64_t fiscal_year, const char *work,
                                 bool *out, struct error_detail *err) MUST_CHECK;
enum status time_saving_add(struct store_txn *txn, const char *municipality, const struct time_saving_row *row,
                            int64_t *out_id, struct error_detail *err) MUST_CHECK;

/* STATUS_NOT_FOUND "not_found" when ID does not stand in MUNICIPALITY. */
enum status time_saving_take_back(struct store_txn *txn, const char *municipality, int64_t id, const char *login,
                                  const char *reason, int64_t now_ms, struct error_detail *err) MUST_CHECK;
