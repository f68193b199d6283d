/* What the card reader suite needs to handle an implementation. */
#pragma once

#include "drivers/card_reader/card_reader.h"

struct card_reader_bench {
    struct card_reader *reader;
    void *context;
    /* Lay a card: "transit", "edy", "nanaco", "phone", "empty"; NULL takes it away. It leaves after ANSWERS FeliCa
     * answers; a negative number: it stays. Any thread. */
    void (*lay)(struct card_reader_bench *bench, const char *card, int answers);
    void (*set_gone)(struct card_reader_bench *bench, bool is_gone);
};

int card_reader_contract_run(const char *name, int (*set_up)(void **state), int (*tear_down)(void **state));
