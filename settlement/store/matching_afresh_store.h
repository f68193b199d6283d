/* Taking away what machines wrote in matching, so that it can be made again. */
#pragma once

#include "settlement/store/store.h"

/* Where matching stands in each municipality: the day of its last run. Borrowed for the visit. */
typedef enum status (*matching_day_visitor)(const char *municipality, const char *day, void *context);
enum status matching_days_each(struct store_txn *txn, matching_day_visitor visit, void *context,
                               struct error_detail *err) MUST_CHECK;

/* Empty pairs, open lists, deposits and positions. What people wrote stays: discrepancies with their resolutions and
 * comments, decisions about pairs; so does the list of runs. Of MUNICIPALITY alone unless NULL. */
enum status matching_empty(struct store_txn *txn, const char *municipality, struct error_detail *err) MUST_CHECK;
