/* What the payment terminal suite needs to handle an implementation. */
#pragma once

#include "drivers/payment_terminal/payment_terminal.h"

/* How the next sale goes. */
enum bench_sale {
    BENCH_APPROVES,
    BENCH_CENTER_REFUSES,
    BENCH_CENTER_UNREACHABLE,
    BENCH_DEFICIENT,
    BENCH_NO_CARD,
    BENCH_CANCELLED,
    BENCH_NOT_ALLOWED,
    BENCH_IN_DOUBT_CHARGED,
    BENCH_IN_DOUBT_FREE,
    BENCH_LOST_CHARGED, /* charged, the answer never comes */
    BENCH_LOST_FREE,    /* lost before it was seen */
    BENCH_WAITS         /* until it is aborted, for long */
};

struct terminal_bench {
    struct payment_terminal *terminal;
    void *context;
    uint32_t sequence_number; /* the last used */
    unsigned lost_ms;         /* how long to wait for an answer that will not come; 0: as usual */
    void (*next)(struct terminal_bench *bench, enum bench_sale sale);
    void (*touch)(struct terminal_bench *bench, const char *reference);   /* the card again: the truth shows */
    void (*present)(struct terminal_bench *bench, const char *reference); /* the next sale is approved, with the card of
                                                                              that in-doubt sale; brands are the same */
    void (*set_gone)(struct terminal_bench *bench, bool is_gone);

    /* What the centre's own book says was taken under REFERENCE and not given back. */
    int64_t (*charged_yen)(struct terminal_bench *bench, const char *reference);
};

/* A sale of 450 yen (visa, or transit_ic for TERMINAL_EMONEY) under REFERENCE. */
struct terminal_answer
bench_sell(struct terminal_bench *bench, const char *reference, const char *brand, unsigned timeout_ms);

int terminal_contract_run(const char *name, int (*set_up)(void **state), int (*tear_down)(void **state));
