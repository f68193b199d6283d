/* Two parts of one line. */
#include "settlement/assessment/mixed_part.h"

#include <assert.h>

void
mixed_part_divide(struct line_part *out_cash, struct line_part *out_rest, const struct line_part *whole,
                  int64_t cash_yen)
{
    assert(cash_yen >= 0 && cash_yen <= whole->amount_yen);
    assert(whole->tax_yen >= 0 && whole->tax_yen <= whole->amount_yen);

    if (cash_yen == 0 || cash_yen == whole->amount_yen) {
        *out_cash = cash_yen > 0 ? *whole : (struct line_part){0};
        *out_rest = cash_yen > 0 ? (struct line_part){0} : *whole;
        return;
    }
    int64_t untouched = whole->quantity * cash_yen / whole->amount_yen; /* units that the cash paid wholly */
    int64_t has_shared = whole->quantity * cash_yen % whole->amount_yen != 0;
    int64_t tax_yen = whole->tax_yen * cash_yen / whole->amount_yen;
    *out_cash = (struct line_part){.quantity = untouched + has_shared, .amount_yen = cash_yen, .tax_yen = tax_yen};
    *out_rest = (struct line_part){.quantity = whole->quantity - untouched,
                                   .amount_yen = whole->amount_yen - cash_yen,
                                   .tax_yen = whole->tax_yen - tax_yen};
}
