/* Cards of the simulated reader: one of each scheme, a phone that holds two, and one that holds nothing. Pure. */
#pragma once

#include "drivers/felica/felica.h"

struct sample_service {
    uint16_t system, service;
    uint8_t block_count;
    const uint8_t (*blocks)[FELICA_BLOCK_SIZE];
};

struct sample_card {
    const char *word; /* "transit", "edy", "nanaco", "waon", "phone", "empty" */
    uint8_t id[FELICA_ID_SIZE];
    const struct sample_service *services;
    size_t service_count;
};

/* NULL when there is none of that name. */
const struct sample_card *sample_card_find(const char *word);

/* What CARD answers to COMMAND; false: nothing. */
bool sample_card_answer(const struct sample_card *card, const struct felica_frame *command, struct felica_frame *out);
