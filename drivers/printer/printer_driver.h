/* Receipt printers, for implementers. Callers include printer.h. */
#pragma once

#include "drivers/printer/printer.h"

/* What a driver provides. All calls come from one thread at a time; none blocks longer than its timeout.
 * All entries are required. */
struct printer_driver {
    const char *name; /* "escpos" */
    enum status (*query)(struct printer *printer, unsigned timeout_ms, struct printer_state *out,
                         struct error_detail *err);
    enum status (*print)(struct printer *printer, uint64_t job_id, const void *bytes, size_t length,
                         unsigned timeout_ms, enum print_outcome *out_outcome, struct error_detail *err);
    void (*close)(struct printer *printer); /* frees the implementation's struct; never fails */
};

/* First member of every implementation's struct. */
struct printer {
    const struct printer_driver *driver;
    struct printer_capabilities capabilities;
};

/* What STATE says against printing, as a status and a sentence for the clerk: STATUS_COVER_OPEN, STATUS_PAPER_OUT,
 * STATUS_BUSY; STATUS_OK when nothing does. Every driver refuses in the same words by this. */
enum status printer_state_refuses(const struct printer_state *state, struct error_detail *err) MUST_CHECK;
