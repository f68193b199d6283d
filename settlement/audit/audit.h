/* The audit: recomputes from the journals alone, on a code path of its own, and names every difference in yen.
 *
 * It trusts nothing that is derived. It shares with the ledger the journal line's envelope, the arithmetic of yen and
 * the hash, and no rule; the two meet only in the tables, which it reads. */
#pragma once

#include "settlement/audit/finding.h"
#include "settlement/store/store.h"
#include "settlement/work/work.h"

struct audit_report {
    struct findings findings;
    int64_t terminals;
    int64_t lines;
    int64_t sales;
    int64_t revenue_yen; /* by the journals: what citizens paid and were not given back on the day */
    int64_t parked;      /* lines that say nothing to this program, or contradict themselves */
    int64_t waiting;     /* lines that the ledger has not interpreted yet; not compared */
};

/* Compare everything in STORE, as it stands at one moment; imported files are read again by the shipped layouts and
 * those of LAYOUTS_FOLDER (NULL: none). STATUS_OK whatever was found; the caller owes audit_report_finish. */
enum status audit_run(struct store *store, const char *layouts_folder, struct audit_report *out,
                      struct error_detail *err) MUST_CHECK;
/* The same, watched (work.h). STATUS_CANCELLED: there is no report. */
enum status audit_run_watched(struct store *store, const char *layouts_folder, struct work *work,
                              struct audit_report *out, struct error_detail *err) MUST_CHECK;
void audit_report_finish(struct audit_report *report);
