/* What the peripherals are made of; for this folder only. */
#pragma once

#include "pos/peripherals/peripherals.h"

#include <pthread.h>
#include <stdatomic.h>

struct peripherals {
    struct peripherals_options devices;
    struct health *health;
    pthread_t printing, scanning, displaying, watching;
    bool has_printing, has_scanning, has_displaying, has_watching;
    atomic_bool is_stopping;

    pthread_mutex_t card_lock; /* held while the reader is talked to */
    atomic_bool is_inquiring;

    atomic_int_least64_t scan_test_until_ms; /* monotonic */
};

void *printing_main(void *context);
void *scanning_main(void *context);
void *displaying_main(void *context);
void *watching_main(void *context);

/* Milliseconds that only grow. */
int64_t peripherals_monotonic_ms(void);
