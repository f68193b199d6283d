/* The scanning thread: whatever is scanned goes to the till, and is forgotten. */
#include "common/log/log.h"
#include "common/signing/signing.h"
#include "pos/peripherals/peripherals_parts.h"

#include <time.h>

enum {
    WAIT_MS = 1000,
    GONE_PAUSE_MS = 1000 /* between looks at a scanner that is unplugged */
};

static void
pause_ms(unsigned ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}

void *
scanning_main(void *context)
{
    struct peripherals *peripherals = context;
    struct scanned_code code;
    bool was_gone = false;
    while (!atomic_load(&peripherals->is_stopping)) {
        struct error_detail err;
        enum status status = scanner_wait(peripherals->devices.scanner, WAIT_MS, &code, &err);
        if (status == STATUS_OK) {
            struct error_detail ignored; /* the till shows the sentence on the screen */
            enum status taken = till_scan(peripherals->devices.till, code.text, &ignored);
            (void)taken;
            secret_wipe(&code, sizeof code);
        } else if (status != STATUS_NOT_FOUND) {
            if (!was_gone) {
                log_failure(LOG_LEVEL_WARNING, "scanner", "waiting for a code", status, &err);
            }
            pause_ms(GONE_PAUSE_MS);
        }
        was_gone = status != STATUS_OK && status != STATUS_NOT_FOUND;
    }
    return NULL;
}
