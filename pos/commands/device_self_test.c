/* One line for each device: passed (the device proved it), look (a person must see whether it did), failed, or none. */
#include "pos/commands/device_self_test.h"

#include "common/clock/clock.h"
#include "common/signing/signing.h"
#include "drivers/payment_terminal/payment_terminal.h"
#include "pos/commands/commands.h"
#include "pos/commands/devices.h"
#include "pos/commands/exclusive.h"
#include "pos/peripherals/peripherals.h"
#include "pos/peripherals/scan_summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    PRINT_TIMEOUT_MS = 30 * 1000,
    DRAWER_TIMEOUT_MS = 3000,
    DRAWER_LOOKS = 10,
    DRAWER_PAUSE_MS = 200,
    SCAN_WAIT_MS = 30 * 1000,
    CARD_WAIT_MS = 30 * 1000,
    DISPLAY_TIMEOUT_MS = 2000,
    TERMINAL_TIMEOUT_MS = 5000
};

enum result { RESULT_NONE, RESULT_PASSED, RESULT_LOOK, RESULT_FAILED };

static enum result
tell(const char *device, enum result result, const char *sentence)
{
    static const char *const words[] = {
        [RESULT_NONE] = "none", [RESULT_PASSED] = "passed", [RESULT_LOOK] = "look", [RESULT_FAILED] = "failed"};
    printf("%-9s %-7s %s\n", device, words[result], sentence);
    fflush(stdout);
    return result;
}

static enum result
not_configured(const char *device)
{
    return tell(device, RESULT_NONE, "not configured");
}

static enum result
failed(const char *device, const struct error_detail *err)
{
    return tell(device, RESULT_FAILED, err->message);
}

static enum status
print_page(struct printer *printer, struct error_detail *err)
{
    const struct clock_source clock = clock_system();
    enum print_outcome outcome;
    struct buffer bytes;
    struct print_task *task = calloc(1, sizeof *task);
    if (task == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    task->form = FORM_TEST;
    task->at_ms = clock_now_ms(&clock);
    snprintf(task->subject, sizeof task->subject, "self-test");
    snprintf(task->terminal, sizeof task->terminal, "SELF-TEST");
    snprintf(task->municipality_name, sizeof task->municipality_name, "窓口");
    snprintf(task->place_name, sizeof task->place_name, "機器の点検");
    snprintf(task->clerk_name, sizeof task->clerk_name, "設置担当者");
    buffer_init(&bytes, RECEIPT_MAX_BYTES);
    enum status status =
        paper_of_task(task, NULL, printer_capabilities(printer).columns, clock_now_ms(&clock), &bytes, err);
    if (status == STATUS_OK) {
        status = printer_print(printer, 1, buffer_text(&bytes), bytes.length, PRINT_TIMEOUT_MS, &outcome, err);
    }
    buffer_finish(&bytes);
    free(task);
    return status;
}

static enum result
try_printer(const struct devices *devices)
{
    struct error_detail err = {0};
    if (print_page(devices->printer, &err) != STATUS_OK) {
        return failed("printer", &err);
    }
    return tell("printer", RESULT_PASSED, "the test page came out; see that its letters and its code are clear");
}

static enum result
try_drawer(const struct devices *devices)
{
    const struct timespec pause = {.tv_nsec = DRAWER_PAUSE_MS * 1000000};
    struct error_detail err = {0};
    enum drawer_position position = DRAWER_CLOSED;
    if (devices->drawer == NULL) {
        return not_configured("drawer");
    }
    if (cash_drawer_open(devices->drawer, DRAWER_TIMEOUT_MS, &err) != STATUS_OK) {
        return failed("drawer", &err);
    }
    for (int i = 0; i < DRAWER_LOOKS && position == DRAWER_CLOSED; i++) {
        nanosleep(&pause, NULL);
        if (cash_drawer_query(devices->drawer, DRAWER_TIMEOUT_MS, &position, &err) != STATUS_OK) {
            return failed("drawer", &err);
        }
    }
    return position == DRAWER_OPENED ? tell("drawer", RESULT_PASSED, "its contact says that it opened")
           : position == DRAWER_CLOSED
               ? tell("drawer", RESULT_FAILED, "the pulse was sent, and its contact says that it is still shut")
               : tell("drawer", RESULT_LOOK, "the pulse was sent; it has no contact: see whether it opened");
}

static enum result
try_scanner(const struct devices *devices)
{
    char summary[SCAN_SUMMARY_SIZE];
    struct error_detail err = {0};
    struct scanned_code code;
    if (devices->scanner == NULL) {
        return not_configured("scanner");
    }
    fputs("scan any code within 30 seconds\n", stderr);
    const enum status status = scanner_wait(devices->scanner, SCAN_WAIT_MS, &code, &err);
    if (status != STATUS_OK) {
        return failed("scanner", &err);
    }
    scan_summary(code.text, code.length, summary);
    secret_wipe(&code, sizeof code);
    return tell("scanner", RESULT_PASSED, summary);
}

static enum result
try_display(const struct devices *devices)
{
    static const struct line_display_row rows[LINE_DISPLAY_ROWS] = {
        {.left = "表示の点検", .left_kana = "ひょうじのてんけん", .right = "012"},
        {.left = "ｱｲｳｴｵ ABC", .left_kana = "", .right = "¥1,234,567"},
    };
    struct error_detail err = {0};
    if (devices->display == NULL) {
        return not_configured("display");
    }
    if (line_display_show(devices->display, rows, DISPLAY_TIMEOUT_MS, &err) != STATUS_OK) {
        return failed("display", &err);
    }
    return tell("display", RESULT_LOOK, "it was told to show 表示の点検 and 1,234,567");
}

static enum result
try_reader(const struct devices *devices)
{
    struct error_detail err = {0};
    struct card_inquiry card;
    char sentence[80];
    if (devices->card_reader == NULL) {
        return not_configured("reader");
    }
    enum status status = card_reader_check(devices->card_reader, &err);
    if (status == STATUS_OK) {
        fputs("lay a card on the reader within 30 seconds\n", stderr);
        status = card_reader_inquire(devices->card_reader, CARD_WAIT_MS, &card, &err);
    }
    if (status != STATUS_OK) {
        return failed("reader", &err);
    }
    snprintf(sentence, sizeof sentence, "a card was read, with %zu balance(s)", card.value_count);
    secret_wipe(&card, sizeof card);
    return tell("reader", RESULT_PASSED, sentence);
}

static enum result
try_terminal(const struct config *config)
{
    struct error_detail err = {0};
    struct payment_terminal *terminal = NULL;
    enum status status = terminal_device_open(&terminal, config, "SELF-TEST", &err);
    if (status == STATUS_OK && terminal == NULL) {
        return not_configured("terminal");
    }
    if (status == STATUS_OK) {
        status = payment_terminal_check(terminal, TERMINAL_TIMEOUT_MS, &err);
        payment_terminal_close(terminal);
    }
    return status == STATUS_OK ? tell("terminal", RESULT_PASSED, "it is ready, and reaches its centre; no money moved")
                               : failed("terminal", &err);
}

static const struct {
    const char *name;
    enum result (*run)(const struct devices *devices);
} tests[] = {{"printer", try_printer}, {"drawer", try_drawer}, {"scanner", try_scanner},
             {"display", try_display}, {"reader", try_reader}, {"terminal", NULL /* no device of `devices` */}};

bool
device_self_test_knows(const char *device)
{
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        if (strcmp(tests[i].name, device) == 0) {
            return true;
        }
    }
    return false;
}

static int
run_tests(const struct config *config, const struct devices *devices, const char *device)
{
    int exit_code = EXIT_DONE;
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        const bool is_meant = device[0] == '\0' || strcmp(tests[i].name, device) == 0;
        if (!is_meant) {
            continue;
        }
        const enum result result = tests[i].run != NULL ? tests[i].run(devices) : try_terminal(config);
        const bool is_missing = result == RESULT_NONE && device[0] != '\0'; /* it was asked for by name */
        exit_code = result == RESULT_FAILED || is_missing ? EXIT_FOUND : exit_code;
    }
    return exit_code;
}

int
device_self_test(const struct config *config, const char *device)
{
    struct devices devices = {0};
    struct exclusive held;
    struct error_detail err = {0};
    enum status status = exclusive_hold(&held, config, &err);
    if (status == STATUS_BUSY) {
        exclusive_release(&held);
        fputs("madoguchi-pos device: レジが動いています。レジの画面の「要確認」→「機器の点検」(Shift+F5)で試すか、"
              "レジを止めてからもう一度実行してください。\n",
              stderr);
        return EXIT_SYSTEM;
    }
    if (status == STATUS_OK) {
        status = devices_open(&devices, config, &err);
    }
    const int exit_code = status == STATUS_OK ? run_tests(config, &devices, device) : fail_with("device", status, &err);
    devices_close(&devices);
    exclusive_release(&held);
    return exit_code;
}
