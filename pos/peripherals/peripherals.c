/* Starting and stopping the device threads. */
#include "pos/peripherals/peripherals.h"

#include "pos/peripherals/peripherals_parts.h"

#include <stdlib.h>

static void
close_devices(const struct peripherals_options *devices)
{
    scanner_close(devices->scanner);
    cash_drawer_close(devices->drawer); /* before the printer that it may hang on */
    printer_close(devices->printer);
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
    peripherals->devices = *options;
    peripherals->has_printing = pthread_create(&peripherals->printing, NULL, printing_main, peripherals) == 0;
    peripherals->has_scanning = options->scanner != NULL && peripherals->has_printing &&
                                pthread_create(&peripherals->scanning, NULL, scanning_main, peripherals) == 0;
    if (!peripherals->has_printing || (options->scanner != NULL && !peripherals->has_scanning)) {
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
    if (peripherals->has_printing) {
        pthread_join(peripherals->printing, NULL);
    }
    close_devices(&peripherals->devices);
    free(peripherals);
}
