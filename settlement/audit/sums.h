/* What spans tills: daily sums against sales, 調定 against the lines of sales they were made of, matches against
 * payments and the lines of statements, deposits against the bank's lines. */
#pragma once

#include "settlement/audit/finding.h"
#include "settlement/store/audit_store.h"

enum status audit_sums(struct store_txn *txn, struct findings *findings, struct error_detail *err) MUST_CHECK;
