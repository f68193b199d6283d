/* The scanning thread: whatever is scanned goes to the till, and is forgotten; or to the test of the scanner, when
 * somebody waits for it there. */
#include "common/log/log.h"
#include "common/signing/signing.h"
#include "pos/peripherals/peripherals_parts.h"
#include "pos/peripherals/scan_summary.h"

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

/* A citizen's payment goes before a test that was begun earlier. */
static bool
is_for_test(struct peripherals *peripherals)
{
    return health_test_runs(peripherals->health, PERIPHERAL_SCANNER) && !till_waits_for_code(peripherals->devices.till);
}

static void
take(struct peripherals *peripherals, const struct scanned_code *code)
{
    char summary[SCAN_SUMMARY_SIZE];
    if (is_for_test(peripherals)) {
        health_end_test(peripherals->health, PERIPHERAL_SCANNER, TEST_PASSED,
                        scan_summary(code->text, code->length, summary));
        return;
    }
    struct error_detail ignored; /* the till shows the sentence on the screen */
    enum status taken = till_scan(peripherals->devices.till, code->text, &ignored);
    (void)taken;
}

/* A test that is waited for in vain, or in which something came that cannot be read. */
static void
fail_test(struct peripherals *peripherals, enum status status)
{
    if (!health_test_runs(peripherals->health, PERIPHERAL_SCANNER)) {
        return;
    }
    if (status != STATUS_NOT_FOUND) {
        health_end_test(peripherals->health, PERIPHERAL_SCANNER, TEST_FAILED,
                        status == STATUS_INVALID || status == STATUS_OVERFLOW
                            ? "コードを正しく読み取れませんでした。もう一度読み取ってください。"
                            : "スキャナーにつながりません。ケーブルを差し直してください。");
    } else if (peripherals_monotonic_ms() >= atomic_load(&peripherals->scan_test_until_ms)) {
        health_end_test(peripherals->health, PERIPHERAL_SCANNER, TEST_FAILED,
                        "30秒のあいだに何も読み取れませんでした。コードに近づけてもう一度試してください。");
    }
}

/* A code that cannot be read says nothing against the scanner. */
static bool
is_there(enum status status)
{
    return status == STATUS_OK || status == STATUS_NOT_FOUND || status == STATUS_INVALID || status == STATUS_OVERFLOW;
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
        health_report_reached(peripherals->health, PERIPHERAL_SCANNER, is_there(status) ? STATUS_OK : status);
        if (status == STATUS_OK) {
            take(peripherals, &code);
            secret_wipe(&code, sizeof code);
        } else {
            fail_test(peripherals, status);
        }
        if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
            if (!was_gone) {
                log_failure(LOG_LEVEL_WARNING, "scanner", "waiting for a code", status, &err);
            }
            pause_ms(GONE_PAUSE_MS);
        }
        was_gone = status != STATUS_OK && status != STATUS_NOT_FOUND;
    }
    return NULL;
}
