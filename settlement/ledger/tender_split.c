/* Cash, line by line. */
#include "settlement/ledger/tender_split.h"

#include <assert.h>

void
tender_split(struct sale_line_row *lines, size_t count, int64_t cash_yen)
{
    assert(cash_yen >= 0);

    int64_t left_yen = cash_yen;
    for (size_t i = 0; i < count; i++) {
        lines[i].cash_yen = left_yen < lines[i].amount_yen ? left_yen : lines[i].amount_yen;
        left_yen -= lines[i].cash_yen;
    }
    assert(left_yen == 0);
}
