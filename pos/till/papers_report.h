/* The rows of 現金払込書 and 収納日報; for this folder only. */
#pragma once

#include "pos/till/till_parts.h"

/* Add up what the sales of TASK's day brought, by facility, account and item, into its day's rows. Voided sales are
 * left out. Beyond DAY_ROWS_MAX kinds the last row holds the rest. */
enum status papers_add_report(struct till *till, struct print_task *task, struct error_detail *err) MUST_CHECK;
