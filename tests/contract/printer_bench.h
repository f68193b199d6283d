/* What the printer suite needs to handle an implementation. */
#pragma once

#include "common/bytes/buffer.h"
#include "drivers/printer/printer.h"

enum bench_condition { BENCH_READY, BENCH_PAPER_OUT, BENCH_NEAR_END, BENCH_COVER_OPEN, BENCH_OFFLINE, BENCH_JAMMED };
enum bench_break { BENCH_PAPER_ENDS, BENCH_JAMS, BENCH_VANISHES };

struct printer_bench {
    struct printer *printer;
    void *context;
    void (*set)(struct printer_bench *bench, enum bench_condition condition);
    void (*set_gone)(struct printer_bench *bench, bool is_gone);

    /* Let this happen in the middle of the next job, which is large. */
    void (*break_next)(struct printer_bench *bench, enum bench_break how);

    /* How often MARK came out on paper so far. */
    size_t (*count)(struct printer_bench *bench, const char *mark);
};

/* Run the suite; SET_UP makes a bench in *state, TEAR_DOWN frees it. Returns the number of failures. */
int printer_contract_run(const char *name, int (*set_up)(void **state), int (*tear_down)(void **state));
