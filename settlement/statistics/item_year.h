/* Items of a fiscal year, month by month, beside the same months of the year before (同月比). PURE. */
#pragma once

#include "settlement/statistics/usage.h"

#include "settlement/arena/growing.h"

enum { ITEM_CODE_SIZE = 65, ITEM_YEAR_ROWS_MAX = 20000 /* the items of a city */ };

/* Of one item. [0] is the year asked for, [1] the one before it. */
struct item_year_row {
    char item[ITEM_CODE_SIZE];
    struct usage_sum months[2][USAGE_MONTHS];
    struct usage_sum total[2];
    int64_t zero_quantity; /* 0円 issues of the year asked for; in no other sum */
};

/* INVARIANT: `all` is Σ rows. */
struct item_year {
    int fiscal_year;
    struct growing rows; /* of struct item_year_row, in the order in which they came */
    struct item_year_row all;
};

void item_year_init(struct item_year *year, int fiscal_year);
void item_year_finish(struct item_year *year);

/* Add a month of ITEM; all months of an item come in a row. STATUS_INVALID for a month of neither year,
 * STATUS_OVERFLOW for too many items. */
enum status item_year_add(struct item_year *year, const char *item, const char *month, int64_t quantity,
                          int64_t zero_quantity, int64_t amount_yen, struct error_detail *err) MUST_CHECK;
