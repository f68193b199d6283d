/* Code scanners, for implementers. Callers include scanner.h. */
#pragma once

#include "drivers/scanner/scanner.h"

/* All entries are required. `interrupt` may come from another thread. The repeat window is applied by scanner_wait().
 */
struct scanner_driver {
    const char *name;
    enum status (*wait)(struct scanner *scanner, unsigned timeout_ms, struct scanned_code *out,
                        struct error_detail *err);
    void (*interrupt)(struct scanner *scanner);
    void (*close)(struct scanner *scanner);
};

/* First member of every implementation's struct. `last_…` belong to scanner_wait() and hold a digest, not the code. */
struct scanner {
    const struct scanner_driver *driver;
    unsigned char last_digest[32];
    int64_t last_at_ms;
    bool has_last;
};
