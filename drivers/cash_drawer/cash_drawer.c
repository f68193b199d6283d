/* The door to cash drawers: checks, bounds the time, dispatches. */
#include "drivers/cash_drawer/cash_drawer_driver.h"

#include <assert.h>

enum {
    DRAWER_TIMEOUT_MAX_MS = 10 * 1000 /* a clerk who waits longer takes the key */
};

static unsigned
bounded(unsigned timeout_ms)
{
    return timeout_ms < DRAWER_TIMEOUT_MAX_MS ? timeout_ms : DRAWER_TIMEOUT_MAX_MS;
}

const char *
cash_drawer_name(const struct cash_drawer *drawer)
{
    assert(drawer != NULL);
    return drawer->driver->name;
}

bool
cash_drawer_hangs_on_printer(const struct cash_drawer *drawer)
{
    assert(drawer != NULL);
    return drawer->driver->hangs_on_printer;
}

enum status
cash_drawer_open(struct cash_drawer *drawer, unsigned timeout_ms, struct error_detail *err)
{
    assert(drawer != NULL);
    return drawer->driver->open(drawer, bounded(timeout_ms), err);
}

enum status
cash_drawer_query(struct cash_drawer *drawer, unsigned timeout_ms, enum drawer_position *out, struct error_detail *err)
{
    assert(drawer != NULL);
    assert(out != NULL);

    enum drawer_position position = DRAWER_UNKNOWN;
    enum status status = drawer->driver->query(drawer, bounded(timeout_ms), &position, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out = position;
    return STATUS_OK;
}

void
cash_drawer_close(struct cash_drawer *drawer)
{
    if (drawer != NULL) {
        drawer->driver->close(drawer);
    }
}
