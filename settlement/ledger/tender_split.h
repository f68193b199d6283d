/* Which part of a sale the cash paid, when a policy allowed cash beside a cashless payment. Pure.
 *
 * Cash covers the lines in their order: all of the first, then all of the second …, until it is spent; the line at
 * which it ends is split by yen, and what follows was paid by the brand. So the parts add up to the sale, line by line,
 * and the same sale is always split alike. A sale paid in one way is its own special case. */
#pragma once

#include "settlement/store/sale_store.h"

/* Set cash_yen of the COUNT lines, whose amounts are ≥ 0 and come to at least CASH_YEN ≥ 0. Then Σ cash_yen = CASH_YEN.
 */
void tender_split(struct sale_line_row *lines, size_t count, int64_t cash_yen);
