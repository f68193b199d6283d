/* Which sales fit a search; for this folder only. */
#pragma once

#include "pos/till/till_parts.h"

enum {
    SEARCH_LIMIT_MAX = 200,                /* a page; more is asked for with `before` */
    FOUND_MAX = 2 * (SEARCH_LIMIT_MAX + 1) /* two readings of one text */
};

struct found_sales {
    int64_t sequences[FOUND_MAX]; /* of the lines sale.recorded, newest first */
    size_t count;                 /* at most the limit */
    bool has_more;
};

enum status sales_find(struct till *till, const struct sale_search *search, struct found_sales *out,
                       struct error_detail *err) MUST_CHECK;
