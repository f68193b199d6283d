/* The scanner suite on a HID POS scanner that the kernel itself believes in: reports go through usbhid to /dev/hidraw*,
 * and an unplugged one is gone from /dev as well. And of a keyboard what only a kernel can show: that it is grabbed.
 * The suite itself needs codes longer than the kernel keeps for a reader that is not there yet. */
#include "drivers/hid_pos_scanner/hid_pos_scanner.h"
#include "drivers/keyboard_scanner/keyboard_scanner.h"
#include "tests/contract/scanner_bench.h"
#include "tests/kernel/gadget.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    PATIENCE_MS = 60 * 1000,
    SOON_MS = 500,
    LONG_MS = 10 * 60 * 1000,
    REPORT_BYTES = 62,
    REPORT_DATA = 5,
    REPORT_DATA_BYTES = 56,
    REPORT_CONTINUED = 61,
    KEYS_BYTES = 8,
    SHIFT = 0x02
};

/* Report id 2: a byte count, three symbology characters, 56 bytes of data, and a bit for "continued". */
static const uint8_t scanner_descriptor[] = {
    0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x85, 0x02, 0x09, 0x12, 0xA1, 0x02, 0x15, 0x00, 0x26, 0xFF,
    0x00, 0x75, 0x08, 0x95, 0x01, 0x05, 0x01, 0x09, 0x3B, 0x81, 0x02, 0x95, 0x03, 0x05, 0x8C, 0x09,
    0xFB, 0x09, 0xFC, 0x09, 0xFD, 0x81, 0x02, 0x95, 0x38, 0x09, 0xFE, 0x82, 0x02, 0x01, 0x25, 0x01,
    0x75, 0x01, 0x95, 0x01, 0x09, 0xFF, 0x81, 0x02, 0x75, 0x07, 0x81, 0x03, 0xC0, 0xC0};

/* The keyboard of the HID specification's appendix E.6, without its lamps. */
static const uint8_t keyboard_descriptor[] = {0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0x05, 0x07, 0x19, 0xE0, 0x29, 0xE7,
                                              0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0x95, 0x01,
                                              0x75, 0x08, 0x81, 0x03, 0x95, 0x06, 0x75, 0x08, 0x15, 0x00, 0x25, 0x65,
                                              0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xC0};

/* A gadget with one HID function, and the file that reports are written to. FILLER says nothing. */
struct gun {
    struct gadget gadget;
    char path[32];
    void (*show)(struct gun *gun, const char *text);
    const uint8_t *filler;
    size_t report_bytes;
};

static void
send_report(const struct gun *gun, const uint8_t *report, size_t length)
{
    const int descriptor = open(gun->path, O_WRONLY | O_CLOEXEC);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, report, length), length);
    close(descriptor);
}

/* Wait until the host has dealt with all reports so far. The host asks for a report when it has dealt with the one
 * before, and a write waits until the report before was asked for: so two more. */
static void
await_dealt_with(const struct gun *gun)
{
    send_report(gun, gun->filler, gun->report_bytes);
    send_report(gun, gun->filler, gun->report_bytes);
}

static void
show_as_report(struct gun *gun, const char *text)
{
    const size_t length = strlen(text);
    for (size_t at = 0; at < length; at += REPORT_DATA_BYTES) {
        uint8_t report[REPORT_BYTES] = {2};
        const size_t left = length - at;
        const size_t taken = left < REPORT_DATA_BYTES ? left : REPORT_DATA_BYTES;
        report[1] = (uint8_t)taken;
        memcpy(report + 2, "]Q1", 3);
        memcpy(report + REPORT_DATA, text + at, taken);
        report[REPORT_CONTINUED] = left > REPORT_DATA_BYTES;
        send_report(gun, report, sizeof report);
    }
    await_dealt_with(gun);
}

/* USB's number of the key that types CHARACTER on a keyboard for English, and its modifiers. */
static uint8_t
find_usage(char character, uint8_t *out_modifiers)
{
    static const char plain[] = "\n\033\b\t -=[]\\#;'`,./", shifted[] = "\n\033\b\t _+{}|~:\"~<>?",
                      digits[] = ")!@#$%^&*(";
    enum { USAGE_A = 0x04, USAGE_1 = 0x1E, USAGE_0 = 0x27, USAGE_ENTER = 0x28 };
    const char *found = NULL;
    *out_modifiers = 0;
    if (character == '\r') {
        return USAGE_ENTER;
    }
    if (character >= 'a' && character <= 'z') {
        return (uint8_t)(USAGE_A + (character - 'a'));
    }
    if (character >= '0' && character <= '9') {
        return character == '0' ? USAGE_0 : (uint8_t)(USAGE_1 + (character - '1'));
    }
    found = strchr(plain, character);
    if (found != NULL) {
        return (uint8_t)(USAGE_ENTER + (found - plain));
    }
    *out_modifiers = SHIFT;
    if (character >= 'A' && character <= 'Z') {
        return (uint8_t)(USAGE_A + (character - 'A'));
    }
    found = strchr(digits, character);
    if (found != NULL) {
        return found == digits ? USAGE_0 : (uint8_t)(USAGE_1 + (found - digits - 1));
    }
    found = strchr(shifted, character);
    assert_non_null(found);
    return (uint8_t)(USAGE_ENTER + (found - shifted));
}

static void
type_character(const struct gun *gun, char character)
{
    static const uint8_t released[KEYS_BYTES] = {0};
    uint8_t keys[KEYS_BYTES] = {0};
    keys[2] = find_usage(character, &keys[0]);
    send_report(gun, keys, sizeof keys);
    send_report(gun, released, sizeof released);
}

static void
type(const struct gun *gun, const char *text)
{
    for (; *text != '\0'; text++) {
        type_character(gun, *text);
    }
    await_dealt_with(gun);
}

/* Only short codes: the kernel keeps 64 events for its reader, a character is six of them, or ten with Shift. */
static void
show_as_keys(struct gun *gun, const char *text)
{
    type(gun, text);
    type(gun, "\r");
}

static const uint8_t other_report[REPORT_BYTES] = {5}, no_keys[KEYS_BYTES] = {0};
static struct gun hid_pos = {.show = show_as_report, .filler = other_report, .report_bytes = REPORT_BYTES};
static struct gun keyboard = {.show = show_as_keys, .filler = no_keys, .report_bytes = KEYS_BYTES};

static void
show(struct scanner_bench *bench, const char *text)
{
    struct gun *gun = bench->context;
    gun->show(gun, text);
}

/* Until the scanner's node is there and open: what comes before, the kernel throws away. */
static void
await_open(struct scanner_bench *bench)
{
    enum { LOOKS_MAX = 1000 };
    struct scanned_code code;
    for (unsigned i = 0; scanner_wait(bench->scanner, SOON_MS, &code, NULL) == STATUS_DEVICE_GONE; i++) {
        assert_true(i < LOOKS_MAX);
        usleep(10 * 1000);
    }
}

static void
set_gone(struct scanner_bench *bench, bool is_gone)
{
    struct gun *gun = bench->context;
    if (is_gone) {
        gadget_unplug(&gun->gadget);
    } else {
        gadget_plug(&gun->gadget);
        await_open(bench);
    }
}

static int
set_up(void **state, struct gun *gun, struct scanner *scanner)
{
    struct scanner_bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL) {
        return -1;
    }
    *bench = (struct scanner_bench){.scanner = scanner, .context = gun, .show = show, .set_gone = set_gone};
    *state = bench;
    gadget_plug(&gun->gadget);
    await_open(bench);
    return 0;
}

static int
set_up_hid_pos(void **state)
{
    struct hid_pos_scanner_options options = {.gap_ms = LONG_MS, .keep_ms = LONG_MS};
    struct scanner *scanner = NULL;
    assert_int_equal(device_match_read(&options.device, "0c2e:0b61", NULL), STATUS_OK);
    return hid_pos_scanner_open(&options, &scanner, NULL) == STATUS_OK ? set_up(state, &hid_pos, scanner) : -1;
}

static int
set_up_keyboard(void **state)
{
    struct keyboard_scanner_options options = {
        .layout = KEYBOARD_US, .framing = {.suffix = "\r", .gap_ms = LONG_MS}, .keep_ms = LONG_MS};
    struct scanner *scanner = NULL;
    assert_int_equal(device_match_read(&options.device, "05f9:2203", NULL), STATUS_OK);
    return keyboard_scanner_open(&options, &scanner, NULL) == STATUS_OK ? set_up(state, &keyboard, scanner) : -1;
}

static int
tear_down(void **state)
{
    struct scanner_bench *bench = *state;
    struct gun *gun = bench->context;
    scanner_close(bench->scanner);
    gadget_unplug(&gun->gadget);
    free(bench);
    return 0;
}

/* Another reader of the keyboard's node, as the screen's is. */
static int
open_beside(void)
{
    char path[64], name[64] = "";
    for (unsigned i = 0; i < 32; i++) {
        snprintf(path, sizeof path, "/dev/input/event%u", i);
        const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (descriptor >= 0 && ioctl(descriptor, EVIOCGNAME(sizeof name), name) > 0 &&
            strstr(name, "Example Wedge") != NULL) {
            return descriptor;
        }
        if (descriptor >= 0) {
            close(descriptor);
        }
    }
    return -1;
}

static void
what_the_scanner_types_reaches_nobody_else_until_it_is_given_back(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    struct input_event event;
    const int beside = open_beside();
    assert_true(beside >= 0);

    show(bench, "90008118");
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
    assert_string_equal(code.text, "90008118");
    assert_int_equal(read(beside, &event, sizeof event), -1);
    assert_int_equal(errno, EAGAIN);

    scanner_close(bench->scanner);
    bench->scanner = NULL;
    show(bench, "1");
    assert_int_equal(poll(&(struct pollfd){.fd = beside, .events = POLLIN}, 1, PATIENCE_MS), 1);
    close(beside);
}

static void
half_a_code_at_unplugging_is_no_part_of_the_next(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    type(bench->context, "12345");
    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, NULL), STATUS_NOT_FOUND);

    gadget_unplug(&keyboard.gadget);
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_DEVICE_GONE);
    set_gone(bench, false);
    show(bench, "67890");

    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
    assert_string_equal(code.text, "67890");
}

static void
make(struct gun *gun, const char *function, unsigned controller, const struct gadget_names *names,
     const uint8_t *descriptor, size_t descriptor_length, const char *report_length)
{
    char number[32];
    gadget_create(&gun->gadget, function, controller, names);
    gadget_make_function(&gun->gadget, function);
    gadget_set(&gun->gadget, function, "report_length", report_length, strlen(report_length));
    gadget_set(&gun->gadget, function, "report_desc", descriptor, descriptor_length);
    gadget_use_function(&gun->gadget, function);
    gadget_get(&gun->gadget, function, "dev", number, sizeof number);
    assert_non_null(strchr(number, ':'));
    snprintf(gun->path, sizeof gun->path, "/dev/hidg%ld", strtol(strchr(number, ':') + 1, NULL, 10));
}

/* Which of the two: "hid-pos" or "keyboard". */
int
main(int argc, char **argv)
{
    const struct gadget_names scanner = {
        .vendor = 0x0C2E, .product = 0x0B61, .maker = "Example", .model = "HID POS", .serial = "S1"};
    const struct gadget_names wedge = {
        .vendor = 0x05F9, .product = 0x2203, .maker = "Example", .model = "Wedge", .serial = "S2"};
    const struct CMUnitTest own[] = {
        cmocka_unit_test_setup_teardown(what_the_scanner_types_reaches_nobody_else_until_it_is_given_back,
                                        set_up_keyboard, tear_down),
        cmocka_unit_test_setup_teardown(half_a_code_at_unplugging_is_no_part_of_the_next, set_up_keyboard, tear_down),
    };
    assert_int_equal(argc, 2);
    if (strcmp(argv[1], "hid-pos") == 0) {
        make(&hid_pos, "hid.0", 1, &scanner, scanner_descriptor, sizeof scanner_descriptor, "62");
        return scanner_contract_run("scanner: HID POS on the kernel's hidraw", set_up_hid_pos, tear_down);
    }
    make(&keyboard, "hid.1", 2, &wedge, keyboard_descriptor, sizeof keyboard_descriptor, "8");
    return cmocka_run_group_tests_name("scanner: keyboard, on the kernel's evdev", own, NULL, NULL);
}
