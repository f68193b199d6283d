/* What terminals in Japan can do with each brand, as data: till and drivers look it up here and nowhere else.
 *
 * It says what is possible at all. A city's masters may allow less (`can_void`), never more. */
#pragma once

#include <stdbool.h>

struct brand_operations {
    const char *brand; /* brand code of the masters */
    bool can_void;     /* AuthorizeVoid / CancelValue: the whole sale goes back */
    bool can_refund;   /* AuthorizeRefund: a part of it, or a sale of a day before */
    bool has_balance;  /* prepaid: the card answers with what is left on it */
    bool runs_again;   /* nothing is stored on the card: the centre itself ends a doubt when asked to take back */
};

/* The row of BRAND. A brand without one (a new credit brand, say) is taken to allow what credit cards do: its terminal
 * says no by itself where that is wrong. Never NULL. */
const struct brand_operations *brand_operations_of(const char *brand);
