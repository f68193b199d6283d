/* The card reader suite on the simulated reader. */
#include "drivers/simulated/control.h"
#include "tests/contract/card_reader_bench.h"

#include <stdlib.h>

static void
lay(struct card_reader_bench *bench, const char *card, int answers)
{
    simulated_card_reader_lay(bench->reader, card);
    if (card != NULL && answers >= 0) {
        simulated_card_reader_lose_after(bench->reader, (unsigned)answers);
    }
}

static void
set_gone(struct card_reader_bench *bench, bool is_gone)
{
    simulated_card_reader_unplug(bench->reader, is_gone);
}

static int
set_up(void **state)
{
    struct card_reader_bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL || simulated_card_reader_open(&bench->reader, NULL) != STATUS_OK) {
        free(bench);
        return -1;
    }
    bench->lay = lay;
    bench->set_gone = set_gone;
    *state = bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct card_reader_bench *bench = *state;
    card_reader_close(bench->reader);
    free(bench);
    return 0;
}

int
main(void)
{
    return card_reader_contract_run("card reader: simulated", set_up, tear_down);
}
