/* Cash drawers, for implementers. Callers include cash_drawer.h. */
#pragma once

#include "drivers/cash_drawer/cash_drawer.h"

/* All entries are required and are called from one thread at a time. */
struct cash_drawer_driver {
    const char *name;
    bool hangs_on_printer; /* it is reached when its printer is, and not otherwise */
    enum status (*open)(struct cash_drawer *drawer, unsigned timeout_ms, struct error_detail *err);
    enum status (*query)(struct cash_drawer *drawer, unsigned timeout_ms, enum drawer_position *out,
                         struct error_detail *err);
    void (*close)(struct cash_drawer *drawer);
};

/* First member of every implementation's struct. */
struct cash_drawer {
    const struct cash_drawer_driver *driver;
};
