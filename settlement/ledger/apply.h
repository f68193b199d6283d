/* An effect meets what is known: checked against earlier lines, then written. The shell around the pure part. */
#pragma once

#include "settlement/ledger/effect.h"
#include "settlement/store/ledger_store.h"

/* Apply EFFECT of LINE inside TXN and keep TILL in step. STATUS_REFUSED when it contradicts earlier lines, with a
 * sentence for finance staff in ERR: the caller undoes what was written and parks the line. Other failures are the
 * store's. */
enum status ledger_apply(struct store_txn *txn, const struct effect *effect, const struct journal_line *line,
                         struct ledger_terminal *till, struct error_detail *err) MUST_CHECK;
