/* Divides a line of a sale that was paid partly in cash between the two routes of its 調定. Pure.
 *
 * Which yen the cash paid is the ledger's (tender_split.h): all lines before one, a part of that one, none behind it.
 * Here the tax and the quantity follow: tax       in proportion, the cash part rounded down; the rest is the other
 * part's. So both add up to the line's tax, and no part holds more tax than money. quantity  whole units that a part
 * pays any yen of. A unit that both pay is counted in both: each route has a 納付 of its own. Sales and reports count
 * it once. */
#pragma once

#include <stdint.h>

/* INVARIANT: 0 ≤ tax_yen ≤ amount_yen; quantity ≥ 1, or 0 for a part that paid nothing. */
struct line_part {
    int64_t quantity;
    int64_t amount_yen;
    int64_t tax_yen;
};

/* WHOLE is the line (amount_yen ≤ 10^10, quantity ≤ 10^5, tax_yen ≤ 10^8), 0 ≤ CASH_YEN ≤ its amount. A line of 0円 is
 * the rest's. */
void mixed_part_divide(struct line_part *out_cash, struct line_part *out_rest, const struct line_part *whole,
                       int64_t cash_yen);
