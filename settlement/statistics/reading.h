/* Reads the figures of a fiscal year out of the store. Voids are out everywhere; what else counts, `definitions` says.
 * Each call is for one subject, in the caller's transaction. */
#pragma once

#include "settlement/arena/growing.h"
#include "settlement/statistics/deposit_days.h"
#include "settlement/statistics/hour_grid.h"
#include "settlement/statistics/item_year.h"
#include "settlement/statistics/usage.h"
#include "settlement/store/store.h"

enum {
    STATISTICS_YEAR_FIRST = 2000,
    STATISTICS_YEAR_LAST = 2198, /* days end with 2199 */
    STATISTICS_FACILITIES_MAX = 2000,
    STATISTICS_COMPANIES_MAX = 64
};

/* "2026-04-01" … "2027-03-31" of 2026. */
struct statistics_days {
    char from[CIVIL_DATE_TEXT_SIZE];
    char to[CIVIL_DATE_TEXT_SIZE];
};
void statistics_days_of(struct statistics_days *out, int fiscal_year);

enum status usage_read(struct usage_year *year, struct store_txn *txn, const char *municipality, int fiscal_year,
                       struct error_detail *err) MUST_CHECK;

/* YEAR is begun here; end it by item_year_finish, also after a failure. */
enum status item_year_read(struct item_year *year, struct store_txn *txn, const char *municipality, int fiscal_year,
                           struct error_detail *err) MUST_CHECK;

enum status hour_grid_read(struct hour_grid *grid, struct store_txn *txn, const char *municipality, int fiscal_year,
                           struct error_detail *err) MUST_CHECK;

/* What was sold for one facility; "" is what was sold for none. Counts are pieces, not sales. */
struct facility_sum {
    char facility[ITEM_CODE_SIZE];
    char last_on[CIVIL_DATE_TEXT_SIZE]; /* the last day with a sale: names are as of then */
    struct usage_sum cash;
    struct usage_sum cashless;
    int64_t zero_count;
};
/* OUT of struct facility_sum, by code, is begun here: growing_finish, also after a failure. */
enum status facilities_read(struct growing *out, struct store_txn *txn, const char *municipality, int fiscal_year,
                            struct error_detail *err) MUST_CHECK;
struct facility_sum facilities_total(const struct growing *facilities);

/* Days to deposit, by company (指定納付受託者), of payments that it accepted in the year. */
struct company_days {
    char trustee[ITEM_CODE_SIZE];
    struct deposit_days days;
};
/* OUT of struct company_days, by code, is begun here: growing_finish, also after a failure. */
enum status deposits_read(struct growing *out, struct store_txn *txn, const char *municipality, int fiscal_year,
                          struct error_detail *err) MUST_CHECK;
