/* The scanner suite on a HID POS scanner of umockdev, and the faults that only it can have. */
#include "drivers/hid_pos_scanner/hid_pos_scanner.h"
#include "tests/contract/scanner_bench.h"
#include "tests/contract/support/mock_node.h"

#include <errno.h>
#include <linux/hidraw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <cmocka.h>

enum {
    PATIENCE_MS = 30 * 1000,
    SOON_MS = 50,
    LONG_MS = 10 * 60 * 1000, /* no pause of a slow machine is longer */
    REPORT_BYTES = 62,
    REPORT_DATA = 5,
    REPORT_DATA_BYTES = 56,
    REPORT_CONTINUED = 61
};

/* A scanner with report id 2: a byte count, three symbology characters, 56 bytes of data, and a bit for "continued". */
static const uint8_t scanner_descriptor[] = {
    0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x85, 0x02, 0x09, 0x12, 0xA1, 0x02, 0x15, 0x00, 0x26, 0xFF,
    0x00, 0x75, 0x08, 0x95, 0x01, 0x05, 0x01, 0x09, 0x3B, 0x81, 0x02, 0x95, 0x03, 0x05, 0x8C, 0x09,
    0xFB, 0x09, 0xFC, 0x09, 0xFD, 0x81, 0x02, 0x95, 0x38, 0x09, 0xFE, 0x82, 0x02, 0x01, 0x25, 0x01,
    0x75, 0x01, 0x95, 0x01, 0x09, 0xFF, 0x81, 0x02, 0x75, 0x07, 0x81, 0x03, 0xC0, 0xC0};
static const uint8_t mouse_descriptor[] = {0x05, 0x01, 0x09, 0x02, 0xA1, 0x01, 0x09, 0x30,
                                           0x75, 0x08, 0x95, 0x01, 0x81, 0x06, 0xC0};

struct gun {
    struct mock_node node;
    const uint8_t *descriptor;
    size_t descriptor_length;
    unsigned vendor, product;
};

static gboolean
answer(UMockdevIoctlClient *client, gulong request, UMockdevIoctlData *argument, void *context)
{
    static const char name[] = "Example HID POS";
    const struct gun *gun = context;
    UMockdevIoctlData *data = umockdev_ioctl_data_resolve(argument, 0, _IOC_SIZE(request), NULL);
    glong result = 0;
    if (data == NULL) {
        return FALSE;
    }
    if (request == HIDIOCGRAWINFO) {
        const struct hidraw_devinfo numbers = {
            .bustype = 3, .vendor = (short)gun->vendor, .product = (short)gun->product};
        memcpy(data->data, &numbers, sizeof numbers);
    } else if (request == HIDIOCGRDESCSIZE) {
        const int size = (int)gun->descriptor_length;
        memcpy(data->data, &size, sizeof size);
    } else if (request == HIDIOCGRDESC) {
        memcpy(data->data + offsetof(struct hidraw_report_descriptor, value), gun->descriptor, gun->descriptor_length);
    } else if (_IOC_NR(request) == _IOC_NR(HIDIOCGRAWNAME(0)) && _IOC_SIZE(request) >= sizeof name) {
        memcpy(data->data, name, sizeof name);
        result = sizeof name;
    } else {
        g_object_unref(data);
        return FALSE;
    }
    umockdev_ioctl_client_complete(client, result, 0);
    g_object_unref(data);
    return TRUE;
}

static void
build_report(uint8_t report[REPORT_BYTES], const char *data, size_t length, bool is_continued)
{
    memset(report, 0, REPORT_BYTES);
    report[0] = 2;
    report[1] = (uint8_t)length;
    memcpy(report + 2, "]Q1", 3);
    memcpy(report + REPORT_DATA, data, length);
    report[REPORT_CONTINUED] = is_continued;
}

static void
show(struct scanner_bench *bench, const char *text)
{
    struct gun *gun = bench->context;
    const size_t length = strlen(text);
    for (size_t at = 0; at < length; at += REPORT_DATA_BYTES) {
        uint8_t report[REPORT_BYTES];
        const size_t left = length - at;
        build_report(report, text + at, left < REPORT_DATA_BYTES ? left : REPORT_DATA_BYTES, left > REPORT_DATA_BYTES);
        mock_node_send(&gun->node, report, sizeof report);
    }
}

static void
set_gone(struct scanner_bench *bench, bool is_gone)
{
    struct gun *gun = bench->context;
    if (is_gone) {
        mock_node_unplug(&gun->node);
    } else {
        mock_node_plug_in(&gun->node);
    }
}

static int
set_up(void **state)
{
    const struct hid_pos_scanner_options options = {.gap_ms = LONG_MS, .keep_ms = LONG_MS};
    struct scanner_bench *bench = calloc(1, sizeof *bench);
    struct gun *gun = calloc(1, sizeof *gun);
    if (bench == NULL || gun == NULL || hid_pos_scanner_open(&options, &bench->scanner, NULL) != STATUS_OK) {
        return -1;
    }
    *gun = (struct gun){
        .node = {.answer = answer, .context = gun, .subsystem = "hidraw", .folder = "", .prefix = "hidraw"},
        .descriptor = scanner_descriptor,
        .descriptor_length = sizeof scanner_descriptor,
        .vendor = 0x0C2E,
        .product = 0x0B61};
    mock_node_create(&gun->node);
    mock_node_plug_in(&gun->node);
    bench->context = gun;
    bench->show = show;
    bench->set_gone = set_gone;
    *state = bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct scanner_bench *bench = *state;
    struct gun *gun = bench->context;
    scanner_close(bench->scanner);
    mock_node_destroy(&gun->node);
    free(gun);
    free(bench);
    return 0;
}

static void
half_a_code_at_unplugging_is_no_part_of_the_next(void **state)
{
    struct scanner_bench *bench = *state;
    struct gun *gun = bench->context;
    struct scanned_code code;
    uint8_t report[REPORT_BYTES];
    build_report(report, "the first half", strlen("the first half"), true);
    mock_node_send(&gun->node, report, sizeof report);
    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, NULL), STATUS_NOT_FOUND);

    set_gone(bench, true);
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_DEVICE_GONE);
    set_gone(bench, false);
    show(bench, "another");

    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
    assert_string_equal(code.text, "another");
}

static void
a_report_that_contradicts_itself_is_refused_and_the_next_is_read(void **state)
{
    struct scanner_bench *bench = *state;
    struct gun *gun = bench->context;
    struct scanned_code code;
    uint8_t report[REPORT_BYTES];
    build_report(report, "too much is claimed", 19, false);
    report[1] = 200;
    mock_node_send(&gun->node, report, sizeof report);

    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_INVALID);
    show(bench, "fine");
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
}

static void
a_report_that_is_cut_short_is_refused(void **state)
{
    struct scanner_bench *bench = *state;
    struct gun *gun = bench->context;
    struct scanned_code code;
    uint8_t report[REPORT_BYTES];
    build_report(report, "cut", 3, false);
    mock_node_send(&gun->node, report, 20);

    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_INVALID);
}

static void
reports_of_another_kind_are_passed_over(void **state)
{
    struct scanner_bench *bench = *state;
    struct gun *gun = bench->context;
    struct scanned_code code;
    uint8_t status_report[REPORT_BYTES] = {0x05, 0xFF, 0xFF};
    mock_node_send(&gun->node, status_report, sizeof status_report);
    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, NULL), STATUS_NOT_FOUND);
}

static void
what_lay_there_too_long_pays_for_nobody(void **state)
{
    struct scanner_bench *bench = *state;
    const struct hid_pos_scanner_options options = {.gap_ms = LONG_MS, .keep_ms = 0};
    struct scanned_code code;
    struct scanner *strict = NULL;
    assert_int_equal(hid_pos_scanner_open(&options, &strict, NULL), STATUS_OK);
    assert_int_equal(scanner_wait(strict, SOON_MS, &code, NULL), STATUS_NOT_FOUND);
    g_usleep(5000); /* more than 0 ms */

    show(bench, "of the citizen before");

    assert_int_equal(scanner_wait(strict, SOON_MS, &code, NULL), STATUS_NOT_FOUND);
    scanner_close(strict);
}

static void
only_the_configured_scanner_is_read(void **state)
{
    struct scanner_bench *bench = *state;
    struct hid_pos_scanner_options options = {.gap_ms = LONG_MS, .keep_ms = LONG_MS};
    struct scanned_code code;
    struct scanner *other = NULL;
    assert_int_equal(device_match_read(&options.device, "0c2e:0b62", NULL), STATUS_OK);
    assert_int_equal(hid_pos_scanner_open(&options, &other, NULL), STATUS_OK);
    assert_int_equal(scanner_wait(other, SOON_MS, &code, NULL), STATUS_DEVICE_GONE);
    scanner_close(other);

    assert_int_equal(device_match_read(&options.device, "Example HID POS", NULL), STATUS_OK);
    assert_int_equal(hid_pos_scanner_open(&options, &other, NULL), STATUS_OK);
    show(bench, "by name");
    assert_int_equal(scanner_wait(other, PATIENCE_MS, &code, NULL), STATUS_OK);
    scanner_close(other);
}

static void
a_mouse_is_no_scanner(void **state)
{
    struct scanner_bench *bench = *state;
    struct gun *gun = bench->context;
    struct scanned_code code;
    set_gone(bench, true);
    gun->descriptor = mouse_descriptor;
    gun->descriptor_length = sizeof mouse_descriptor;
    set_gone(bench, false);
    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, NULL), STATUS_DEVICE_GONE);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest own[] = {
        TEST(half_a_code_at_unplugging_is_no_part_of_the_next),
        TEST(a_report_that_contradicts_itself_is_refused_and_the_next_is_read),
        TEST(a_report_that_is_cut_short_is_refused),
        TEST(reports_of_another_kind_are_passed_over),
        TEST(what_lay_there_too_long_pays_for_nobody),
        TEST(only_the_configured_scanner_is_read),
        TEST(a_mouse_is_no_scanner),
    };
#undef TEST
    return scanner_contract_run("scanner: HID POS", set_up, tear_down) + cmocka_run_group_tests(own, NULL, NULL);
}
