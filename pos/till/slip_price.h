/* Items whose price stands on a payment slip only (masters_price_is_on_slip): what may not be done with them, so that
 * nothing is sold for 0円 that has a price. Under the till's lock. */
#pragma once

#include "pos/till/till_parts.h"

/* STATUS_REFUSED `slip_needed` when ITEM is rung up by its key, by search or by a form that says no amount. */
enum status
slip_price_check_item(const struct till *till, const struct master_item *item, struct error_detail *err) MUST_CHECK;

/* STATUS_REFUSED `one_slip` when QUANTITY makes more of LINE than slips were read. */
enum status slip_price_check_quantity(const struct till *till, const struct sale_line *line, int64_t quantity,
                                      struct error_detail *err) MUST_CHECK;

/* Whether CONTENT may be paid: STATUS_REFUSED `slip_needed` when a line of such an item has no price and nobody changed
 * or waived it. Such a line can only come from a basket that was held before the masters knew the slip. */
enum status slip_price_check_content(const struct till *till, const struct sale_content *content,
                                     struct error_detail *err) MUST_CHECK;

/* Whether a line of CONTENT was priced by a slip, so that its number belongs to it. */
bool slip_price_is_in(const struct till *till, const struct sale_content *content);
