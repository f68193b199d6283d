/* What the peripherals are made of; for this folder only. */
#pragma once

#include "pos/peripherals/peripherals.h"

#include <pthread.h>
#include <stdatomic.h>

struct peripherals {
    struct peripherals_options devices;
    pthread_t printing, scanning;
    bool has_printing, has_scanning;
    atomic_bool is_stopping;
};

void *printing_main(void *context);
void *scanning_main(void *context);
