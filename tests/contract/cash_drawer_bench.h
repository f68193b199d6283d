/* What the cash drawer suite needs to handle an implementation. */
#pragma once

#include "drivers/cash_drawer/cash_drawer.h"

struct cash_drawer_bench {
    struct cash_drawer *drawer;
    void *context;
    void (*set_open)(struct cash_drawer_bench *bench, bool is_open); /* by hand */
    void (*set_gone)(struct cash_drawer_bench *bench, bool is_gone);
    size_t (*kicks)(struct cash_drawer_bench *bench); /* pulses that reached the solenoid so far */
};

int cash_drawer_contract_run(const char *name, int (*set_up)(void **state), int (*tear_down)(void **state));
