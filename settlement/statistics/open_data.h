/* オープンデータ: the two tables of a fiscal year that anybody may have. PURE.
 *
 * Months by brand (sales), and facilities by cash or not (pieces); each with its totals. Nothing about a sale, an hour,
 * an item or a person is in them. Small counts are left out with their yen, and so is what would tell them
 * (suppression.h).
 *
 * The tables share three totals in yen: cash, cashless, all. While all three stand in both, each table is a matter of
 * its own. When one of them would be left out in either, the facilities are withheld: two tables with a secret in
 * common would have to be judged as one. */
#pragma once

#include "settlement/statistics/reading.h"
#include "settlement/statistics/suppression.h"

/* Cells row by row, totals last; what `choice` leaves out must not be shown. */
struct open_table {
    struct suppression choice;
    struct usage_sum *cells;
    size_t row_count;    /* with totals; 0: there is nothing to publish */
    size_t column_count; /* with totals */
};

enum { OPEN_CASH, OPEN_CASHLESS, OPEN_FACILITY_COLUMNS }; /* then the total */

struct open_data {
    struct open_table months;     /* twelve rows; a column per brand of the year, in its order */
    struct open_table facilities; /* a row per facility, in their order; OPEN_… columns */
    bool is_withheld;             /* the facilities must not be published this year */
};

/* YEAR and FACILITIES are of the same fiscal year. STATUS_NO_MEMORY, STATUS_OVERFLOW. End OUT by open_data_finish, also
 * after a failure. */
enum status open_data_make(struct open_data *out, const struct usage_year *year, const struct growing *facilities,
                           int64_t threshold, struct error_detail *err) MUST_CHECK;
void open_data_finish(struct open_data *data);

/* The cell, or NULL when it is left out. */
const struct usage_sum *open_table_cell(const struct open_table *table, size_t row, size_t column);
