/* Which brand a payment was charged to.
 *
 * The clerk presses a brand, or the code's digits suggest one; the network knows. Who owes the city the money follows
 * from it, so the network's word wins, and the journal keeps both: payment.started has what was asked for,
 * payment.resolved what was charged where that is another. A word that is no brand of ours is not taken: nobody could
 * be asked for the money. */
#include "pos/till/till_parts.h"

#include "common/log/log.h"

#include <string.h>

void
payment_believe_brand(struct till *till, const struct payment_row *row, struct payment_answer *answer)
{
    const bool has_moved = answer->result == PAYMENT_APPROVED || answer->result == PAYMENT_REVERSED ||
                           answer->result == PAYMENT_CANNOT || answer->result == PAYMENT_IN_DOUBT;
    if (!has_moved) {
        answer->brand[0] = '\0'; /* nothing was charged */
    }
    if (answer->brand[0] == '\0' || row->brand[0] == '\0' || strcmp(answer->brand, row->brand) == 0) {
        return;
    }
    const struct master_brand *charged =
        till->masters != NULL ? masters_brand(till->masters, answer->brand, till_business_date(till)) : NULL;
    if (charged == NULL || charged->method != row->method) {
        log_line(LOG_LEVEL_WARNING, row->payment,
                 "the network says that another brand than %s was charged, but none that we have: %s is kept",
                 row->brand, row->brand);
        answer->brand[0] = '\0';
        return;
    }
    log_line(LOG_LEVEL_WARNING, row->payment, "%s was asked for and %s was charged, as the network says: sold as that",
             row->brand, answer->brand);
}
