/* The scanner suite on the simulated scanner. */
#include "drivers/simulated/control.h"
#include "tests/contract/scanner_bench.h"

#include <stdlib.h>

static void
show(struct scanner_bench *bench, const char *text)
{
    simulated_scanner_show(bench->scanner, text);
}

static void
set_gone(struct scanner_bench *bench, bool is_gone)
{
    simulated_scanner_unplug(bench->scanner, is_gone);
}

static int
set_up(void **state)
{
    struct scanner_bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL || simulated_scanner_open(&bench->scanner, NULL) != STATUS_OK) {
        free(bench);
        return -1;
    }
    bench->show = show;
    bench->set_gone = set_gone;
    *state = bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct scanner_bench *bench = *state;
    scanner_close(bench->scanner);
    free(bench);
    return 0;
}

int
main(void)
{
    return scanner_contract_run("scanner: simulated", set_up, tear_down);
}
