/* 調定・収納 of a fiscal year by 科目, 所属 and route: what was assessed, what has come, what is outstanding and why.
 * PURE. */
#pragma once

#include "settlement/arena/growing.h"
#include "settlement/collection/collection.h"

/* INVARIANT: assessed_yen = Σ stand_yen; after_closing_yen is part of what is not received, misses_closing_yen of what
 * is outstanding. `key` has neither day nor amount. */
struct collection_row {
    struct collection_part key;
    int64_t assessed_yen;
    int64_t stand_yen[COLLECTION_STAND_COUNT];
    int64_t misses_closing_yen; /* its money came, or is to come, after 出納閉鎖 */
};

/* One item of 収入未済: a payout, or what no statement has yet of a day. */
struct collection_open {
    struct collection_part part; /* amount_yen: what is outstanding */
    enum collection_stand stand;
    const char *payout; /* "" while no statement has it */
    const char *expected_on;
    bool is_computed; /* expected_on follows from the terms */
    bool misses_closing;
};

/* When ROUTE pays what was received on DAY, by the terms: writes "YYYY-MM-DD" to OUT (CIVIL_DATE_TEXT_SIZE). */
typedef void (*collection_pay_day)(const char *route, const char *day, char *out, void *context);

/* The result of one fiscal year. `rows` of struct collection_row by key, `open` of struct collection_open. */
struct year_table {
    struct growing rows;
    struct growing open;
};

/* ASSESSED is sorted by collection_part_compare with days. CLOSING and TODAY are days. End TABLE by year_table_finish,
 * also after a failure (STATUS_OVERFLOW). Texts are borrowed from the inputs, expected_on of what is computed from
 * ARENA. */
struct arena;
struct year_question {
    int fiscal_year;
    const char *closing; /* 出納閉鎖 */
    const char *today;
    collection_pay_day pay_day;
    void *context;
    struct arena *arena;
};
enum status
year_table_make(struct year_table *table, const struct year_question *question, const struct collection_part *assessed,
                size_t assessed_count, const struct collection_payout *payouts, size_t payout_count,
                struct error_detail *err) MUST_CHECK;
void year_table_finish(struct year_table *table);
