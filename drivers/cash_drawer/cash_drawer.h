/* Cash drawers (UnifiedPOS CashDrawer), for callers. Used by one thread at a time. */
#pragma once

#include "common/outcome/status.h"

struct cash_drawer;

enum drawer_position {
    DRAWER_CLOSED,
    DRAWER_OPENED,
    DRAWER_UNKNOWN /* no sensor */
};

const char *cash_drawer_name(const struct cash_drawer *drawer);

/* Whether it is opened through the receipt printer; else it has a port of its own. */
bool cash_drawer_hangs_on_printer(const struct cash_drawer *drawer);

/* Kick it open. STATUS_OK says that the pulse was sent, not that the drawer moved. STATUS_DEVICE_GONE, STATUS_IO. */
enum status cash_drawer_open(struct cash_drawer *drawer, unsigned timeout_ms, struct error_detail *err) MUST_CHECK;
enum status cash_drawer_query(struct cash_drawer *drawer, unsigned timeout_ms, enum drawer_position *out,
                              struct error_detail *err) MUST_CHECK;
void cash_drawer_close(struct cash_drawer *drawer); /* closes the device handle, not the drawer; NULL is fine */
