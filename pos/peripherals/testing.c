/* Tests of the devices, begun here and ended by the thread that has the device. */
#include "pos/peripherals/peripherals_parts.h"

enum { SCAN_WAIT_MS = 30 * 1000 };

static bool
has_device(const struct peripherals_options *devices, enum peripheral peripheral)
{
    switch (peripheral) {
    case PERIPHERAL_PRINTER:
        return devices->printer != NULL;
    case PERIPHERAL_DRAWER:
        return devices->drawer != NULL;
    case PERIPHERAL_SCANNER:
        return devices->scanner != NULL;
    case PERIPHERAL_DISPLAY:
        return devices->display != NULL;
    case PERIPHERAL_CARD_READER: /* tested by an inquiry */
    case PERIPHERALS:
        return false;
    }
    return false;
}

static enum status
begin(struct peripherals *peripherals, enum peripheral peripheral, struct error_detail *err)
{
    struct till *till = peripherals->devices.till;
    char terminal[TERMINAL_ID_SIZE];
    char place[CODE_SIZE];
    if (peripheral == PERIPHERAL_PRINTER) {
        till_identity(till, terminal, place);
        return till_request_paper(till, FORM_TEST, terminal, err);
    }
    if (peripheral == PERIPHERAL_DRAWER) {
        return till_open_drawer(till, "機器の点検", err);
    }
    if (peripheral == PERIPHERAL_SCANNER) {
        atomic_store(&peripherals->scan_test_until_ms, peripherals_monotonic_ms() + SCAN_WAIT_MS);
    }
    return STATUS_OK;
}

enum status
peripherals_test(struct peripherals *peripherals, enum peripheral peripheral, struct error_detail *err)
{
    if (!has_device(&peripherals->devices, peripheral)) {
        error_set(err, "no_such_device", "このレジには、この機器が設定されていません。");
        return STATUS_NOT_FOUND;
    }
    if (peripheral == PERIPHERAL_SCANNER && till_waits_for_code(peripherals->devices.till)) {
        error_set(err, "payment_waits", "お客様のコードの読み取り待ちです。会計が終わってから点検してください。");
        return STATUS_REFUSED;
    }
    if (!health_begin_test(peripherals->health, peripheral)) {
        error_set(err, "test_runs", "この機器は点検中です。");
        return STATUS_BUSY;
    }
    struct error_detail reason = {0};
    const enum status status = begin(peripherals, peripheral, &reason);
    if (status != STATUS_OK) {
        health_end_test(peripherals->health, peripheral, TEST_FAILED, reason.message);
        if (err != NULL) {
            *err = reason;
        }
    }
    return status;
}

void
peripherals_stop_scan_test(struct peripherals *peripherals)
{
    if (health_test_runs(peripherals->health, PERIPHERAL_SCANNER)) {
        health_end_test(peripherals->health, PERIPHERAL_SCANNER, TEST_NEVER, "");
    }
}
