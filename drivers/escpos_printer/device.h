/* The printer's own struct, which the drawer on it shares. Inside this folder only. */
#pragma once

#include "drivers/escpos/model.h"
#include "drivers/escpos_printer/session.h"
#include "drivers/monitor/monitor.h"
#include "drivers/printer/printer_driver.h"

/* Whether the model really answers GS ( H: learnt from its first jobs. */
enum job_tags { JOB_TAGS_UNTRIED, JOB_TAGS_KNOWN, JOB_TAGS_ABSENT };

struct escpos_printer {
    struct printer base;
    struct monitor monitor; /* guards `is_taken` */
    bool is_taken;          /* one of printer and drawer talks; what follows belongs to it */
    struct printer_session session;
    const struct escpos_model *configured; /* NULL: to be found out */
    const struct escpos_model *model;      /* NULL: not found out yet */
    enum job_tags job_tags;
    bool was_opened_in_error; /* the cover, while the printer reported an error: somebody is mending it */
    bool has_remains;         /* a job broke off: part of it may wait in the printer's buffer */
};

/* PRINTER as one of ours (asserted). */
struct escpos_printer *escpos_printer_of(struct printer *printer);

/* What is known of its model; the cautious row while nothing is. */
const struct escpos_model *escpos_printer_model(const struct escpos_printer *self);

/* Take the turn and reach the printer. STATUS_BUSY when the other does not finish in time, STATUS_DEVICE_GONE. */
enum status escpos_printer_begin(struct escpos_printer *self, int64_t deadline_ms, struct error_detail *err) MUST_CHECK;

/* Give the turn back; only after an escpos_printer_begin that succeeded. STATUS is how the conversation went: after one
 * that failed nothing of it may be heard later. */
void escpos_printer_end(struct escpos_printer *self, enum status status);

/* job.c: the way of one job. *OUT_OUTCOME is written always. */
enum status
escpos_printer_run_job(struct escpos_printer *self, uint64_t job_id, const void *bytes, size_t length,
                       int64_t deadline_ms, enum print_outcome *out_outcome, struct error_detail *err) MUST_CHECK;
