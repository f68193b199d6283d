/* Which cells of a published table of counts are left out, so that nobody is recognised in them. PURE.
 *
 * A table has rows and columns of parts, and its last row and last column are their totals. A count of 1 … threshold −
 * 1 is left out (primary). So are further cells (secondary), until
 *
 *   - no cell that is left out follows from the cells that stand, by adding and subtracting, and
 *   - the cells left out of one row or column, whose total stands, are together at least the threshold,
 *     because zeros stand: two ones with a known sum of 2 would be no secret.
 *
 * WHY THE FIRST IS ENOUGH: each cell stands in one row's sum and one column's. With rows and columns as points and the
 * cells left out as lines between them, a cell is determined by the others if and only if its line is a bridge (is in
 * no circle): along a circle, 1 can be added and taken away in turn without changing any sum. Signs of totals do not
 * matter: they change both at a point, or neither.
 *
 * Zeros are never left out: that nobody came says nothing about anybody. */
#pragma once

#include "common/outcome/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SUPPRESSION_THRESHOLD = 10,  /* the default that the city's guideline of published counts leaves open; named here */
    SUPPRESSION_ROWS_MAX = 400,  /* facilities of a prefecture's service, with the total */
    SUPPRESSION_COLUMNS_MAX = 80 /* brands, cash, total */
};

/* INVARIANT: counts[r × column_count + c] ≥ 0, totals included; rows, columns ≥ 2. */
struct suppression {
    size_t row_count;    /* with the row of totals, which is the last */
    size_t column_count; /* with the column of totals, which is the last */
    int64_t threshold;
    int64_t *counts;
    bool *is_left_out;
};

/* A table of zeros. STATUS_NO_MEMORY, STATUS_OVERFLOW. End by suppression_finish, also after a failure. */
enum status suppression_init(struct suppression *table, size_t row_count, size_t column_count, int64_t threshold,
                             struct error_detail *err) MUST_CHECK;
void suppression_finish(struct suppression *table);

/* Add COUNT to a part and to its three totals. */
void suppression_add(struct suppression *table, size_t row, size_t column, int64_t count);

/* Leave a cell out for a reason outside the table (another table that shares it does). A zero stays. */
void suppression_leave_out(struct suppression *table, size_t row, size_t column);

/* Choose. May be called again after suppression_leave_out; nothing comes back. */
void suppression_choose(struct suppression *table);

bool suppression_is_left_out(const struct suppression *table, size_t row, size_t column);

/* Whether the two rules above hold: what the choice is checked by, in tests and before publishing. */
bool suppression_is_safe(const struct suppression *table);
