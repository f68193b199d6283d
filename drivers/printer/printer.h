/* Receipt printers (UnifiedPOS POSPrinter), for callers.
 *
 * A printer takes finished bytes of ESC/POS as a numbered job (a driver of another language translates) and says how
 * the job ended.
 * The three endings are kept apart because a clerk acts differently on each: printed, not printed (send it again),
 * unknown (look at the paper; reprint is marked 再発行). A printer is used by one thread at a time. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

struct printer;

/* What the sensors say. A printer that cannot tell leaves `is_known` false and the rest zero. */
struct printer_state {
    bool is_known;
    bool is_online;
    bool cover_is_open;
    bool paper_is_out;
    bool paper_is_near_end;
    bool cutter_has_failed;
    bool needs_attention; /* any error the printer reports that is not one of the above */
};

enum print_outcome {
    PRINT_DONE,     /* the printer acknowledged the end of the job */
    PRINT_NOT_DONE, /* nothing of the job came out; sending it again is safe */
    PRINT_UNKNOWN   /* some or all of it may have come out */
};

/* What the printer can do, so that layout fits it. Constant while it is open. */
struct printer_capabilities {
    unsigned columns;    /* half-width characters of font A per line: 32, 42 or 48 */
    unsigned width_dots; /* printable width */
    bool has_cutter;
    bool has_drawer_port;
};

const char *printer_name(const struct printer *printer);
struct printer_capabilities printer_capabilities(const struct printer *printer);

/* Ask the sensors; waits at most TIMEOUT_MS. STATUS_DEVICE_GONE when it is switched off or unplugged, STATUS_IO when it
 * does not answer, or not as a printer does; STATUS_BUSY, STATUS_UNAUTHORIZED and STATUS_NO_MEMORY as transport_begin.
 */
enum status printer_query(struct printer *printer, unsigned timeout_ms, struct printer_state *out,
                          struct error_detail *err) MUST_CHECK;

/* Print LENGTH bytes as job JOB_ID (for messages and the printer's acknowledgement). Waits at most TIMEOUT_MS in all.
 * *OUT_OUTCOME is written whatever the status. STATUS_PAPER_OUT, STATUS_COVER_OPEN, STATUS_DEVICE_GONE, STATUS_IO and
 * STATUS_BUSY (offline for another reason) explain an outcome other than PRINT_DONE. Before it sends anything it asks
 * for the state, so that "no paper" is PRINT_NOT_DONE. */
enum status printer_print(struct printer *printer, uint64_t job_id, const void *bytes, size_t length,
                          unsigned timeout_ms, enum print_outcome *out_outcome, struct error_detail *err) MUST_CHECK;

/* NULL is fine. */
void printer_close(struct printer *printer);

const char *print_outcome_word(enum print_outcome outcome); /* "printed", "not_printed", "unknown" */
