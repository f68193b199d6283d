/* What the peripherals are made of; for this folder only. */
#pragma once

#include "pos/peripherals/peripherals.h"

#include <pthread.h>
#include <stdatomic.h>

struct peripherals {
    struct peripherals_options devices;
    pthread_t printing, scanning, displaying;
    bool has_printing, has_scanning, has_displaying;
    atomic_bool is_stopping;
};

void *printing_main(void *context);
void *scanning_main(void *context);
void *displaying_main(void *context);
