/* What the scanner suite needs to handle an implementation. */
#pragma once

#include "drivers/scanner/scanner.h"

struct scanner_bench {
    struct scanner *scanner;
    void *context;
    void (*show)(struct scanner_bench *bench, const char *text); /* hold a code before it; any thread */
    void (*set_gone)(struct scanner_bench *bench, bool is_gone);
};

int scanner_contract_run(const char *name, int (*set_up)(void **state), int (*tear_down)(void **state));
