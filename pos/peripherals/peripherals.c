/* Starting and stopping the device threads. */
#include "pos/peripherals/peripherals.h"

#include "pos/peripherals/peripherals_parts.h"

#include <stdlib.h>
#include <time.h>

static void
close_devices(const struct peripherals_options *devices)
{
    card_reader_close(devices->card_reader);
    scanner_close(devices->scanner);
    line_display_close(devices->display);
    cash_drawer_close(devices->drawer); /* before the printer that it may hang on */
    printer_close(devices->printer);
}

int64_t
peripherals_monotonic_ms(void)
{
    const struct clock_source clock = clock_system();
    return clock_monotonic_ms(&clock);
}

static bool
start(pthread_t *out, bool *out_runs, void *(*run)(void *), struct peripherals *peripherals)
{
    *out_runs = pthread_create(out, NULL, run, peripherals) == 0;
    return *out_runs;
}

enum status
peripherals_start(struct peripherals **out, const struct peripherals_options *options, struct error_detail *err)
{
    struct peripherals *peripherals = calloc(1, sizeof *peripherals);
    if (peripherals == NULL) {
        close_devices(options);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    pthread_mutex_init(&peripherals->card_lock, NULL);
    peripherals->devices = *options;
    enum status status = health_create(&peripherals->health, options->till, clock_system(), err);
    if (status != STATUS_OK) {
        peripherals_stop(peripherals);
        return status;
    }
    const bool all_run = start(&peripherals->printing, &peripherals->has_printing, printing_main, peripherals) &&
                         (options->scanner == NULL ||
                          start(&peripherals->scanning, &peripherals->has_scanning, scanning_main, peripherals)) &&
                         (options->display == NULL || start(&peripherals->displaying, &peripherals->has_displaying,
                                                            displaying_main, peripherals)) &&
                         (options->card_reader == NULL ||
                          start(&peripherals->watching, &peripherals->has_watching, watching_main, peripherals));
    if (!all_run) {
        peripherals_stop(peripherals);
        error_set(err, "no_thread", "the device threads could not be started");
        return STATUS_IO;
    }
    *out = peripherals;
    return STATUS_OK;
}

void
peripherals_stop(struct peripherals *peripherals)
{
    if (peripherals == NULL) {
        return;
    }
    atomic_store(&peripherals->is_stopping, true);
    if (peripherals->has_scanning) {
        scanner_interrupt(peripherals->devices.scanner);
        pthread_join(peripherals->scanning, NULL);
    }
    if (peripherals->has_displaying) {
        pthread_join(peripherals->displaying, NULL);
    }
    if (peripherals->has_printing) {
        pthread_join(peripherals->printing, NULL);
    }
    if (peripherals->has_watching) {
        pthread_join(peripherals->watching, NULL);
    }
    close_devices(&peripherals->devices);
    health_destroy(peripherals->health);
    pthread_mutex_destroy(&peripherals->card_lock);
    free(peripherals);
}

struct health *
peripherals_health(struct peripherals *peripherals)
{
    return peripherals->health;
}
