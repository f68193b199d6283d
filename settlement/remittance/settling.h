/* Lets the bank's lines speak of the 払込 that were confirmed: the shell around bank_match.h. What was said before is
 * written again where it is another now, and nowhere else. */
#pragma once

#include "settlement/catalogue/catalogue.h"
#include "settlement/store/store.h"
#include "settlement/terms/bank_calendar.h"

/* Bank lines of the days FROM … TO came or went, or a 払込 that was paid on one of them was confirmed or taken back.
 * Inside a write transaction for MUNICIPALITY. */
enum status remittance_settle(struct store_txn *txn, const char *municipality, const struct catalogue *catalogue,
                              const struct bank_calendar *calendar, struct civil_date from, struct civil_date to,
                              struct error_detail *err) MUST_CHECK;

/* The same for every day of imports after AFTER_IMPORT; 0: of all there are. */
enum status
remittance_settle_new(struct store_txn *txn, const char *municipality, const struct catalogue *catalogue,
                      const struct bank_calendar *calendar, int64_t after_import, struct error_detail *err) MUST_CHECK;
