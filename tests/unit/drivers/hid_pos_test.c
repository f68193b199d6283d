/* Report descriptors of scanners, and codes that come in several reports. */
#include "drivers/hid_pos_scanner/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Report id 2, 64 bytes, three bytes after the data that all say "continued". */
static const uint8_t padded[] = {0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x09, 0x12, 0xA1, 0x02, 0x85, 0x02, 0x15, 0x00,
                                 0x26, 0xFF, 0x00, 0x75, 0x08, 0x95, 0x01, 0x05, 0x01, 0x09, 0x3B, 0x81, 0x02, 0x95,
                                 0x03, 0x05, 0x8C, 0x09, 0xFB, 0x09, 0xFC, 0x09, 0xFD, 0x81, 0x02, 0x95, 0x38, 0x09,
                                 0xFE, 0x82, 0x02, 0x01, 0x95, 0x03, 0x09, 0xFF, 0x81, 0x02, 0xC0, 0xC0};

/* No report ids, a vendor's report of buttons pushed aside by Push and Pop, a "continued" bit behind three others, and
 * no count. */
static const uint8_t uncounted[] = {0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0xA4, 0x05, 0x09, 0x75, 0x01,
                                    0x95, 0x03, 0x19, 0x01, 0x29, 0x03, 0x81, 0x02, 0xB4, 0x75, 0x01,
                                    0x95, 0x01, 0x09, 0xFF, 0x81, 0x02, 0x95, 0x04, 0x81, 0x03, 0x75,
                                    0x08, 0x95, 0x08, 0x0B, 0xFE, 0x00, 0x8C, 0x00, 0x81, 0x02, 0xC0};

static void
the_data_is_found_behind_count_and_symbology(void **state)
{
    (void)state;
    struct hid_scanner_layout layout;
    assert_int_equal(hid_scanner_layout_find(&layout, padded, sizeof padded, NULL), STATUS_OK);
    assert_true(layout.has_report_id);
    assert_int_equal(layout.report_id, 2);
    assert_int_equal(layout.report_length, 64);
    assert_int_equal(layout.count.offset, 1);
    assert_int_equal(layout.count.length, 1);
    assert_int_equal(layout.data.offset, 5);
    assert_int_equal(layout.data.length, 56);
    assert_int_equal(layout.continued_offset, 61);
    assert_int_equal(layout.continued_mask, 0xFF);
}

static void
a_descriptor_without_ids_and_counts_is_read_too(void **state)
{
    (void)state;
    struct hid_scanner_layout layout;
    assert_int_equal(hid_scanner_layout_find(&layout, uncounted, sizeof uncounted, NULL), STATUS_OK);
    assert_false(layout.has_report_id);
    assert_int_equal(layout.report_length, 9);
    assert_int_equal(layout.count.length, 0);
    assert_int_equal(layout.data.offset, 1);
    assert_int_equal(layout.data.length, 8);
    assert_int_equal(layout.continued_offset, 0);
    assert_int_equal(layout.continued_mask, 0x08);
}

static void
every_beginning_of_a_descriptor_is_refused_or_has_no_scanner(void **state)
{
    (void)state;
    const size_t data_ends = 43; /* the input item of the data */
    for (size_t length = 0; length < data_ends; length++) {
        struct hid_scanner_layout layout;
        struct error_detail err = {0};
        assert_int_not_equal(hid_scanner_layout_find(&layout, padded, length, &err), STATUS_OK);
        assert_true(strlen(err.message) > 0);
    }
}

static void
data_that_is_not_on_whole_bytes_is_refused(void **state)
{
    (void)state;
    static const uint8_t shifted[] = {0x05, 0x8C, 0x75, 0x01, 0x95, 0x01, 0x81, 0x03,
                                      0x75, 0x08, 0x95, 0x08, 0x09, 0xFE, 0x81, 0x02};
    struct hid_scanner_layout layout;
    assert_int_equal(hid_scanner_layout_find(&layout, shifted, sizeof shifted, NULL), STATUS_INVALID);
}

static void
a_report_that_claims_to_be_huge_is_refused(void **state)
{
    (void)state;
    static const uint8_t huge[] = {0x05, 0x8C, 0x77, 0xFF, 0xFF, 0xFF, 0xFF, 0x97,
                                   0xFF, 0xFF, 0xFF, 0xFF, 0x09, 0xFE, 0x81, 0x02};
    struct hid_scanner_layout layout;
    assert_int_equal(hid_scanner_layout_find(&layout, huge, sizeof huge, NULL), STATUS_INVALID);
}

static struct hid_assembly
assembly_of(const uint8_t *descriptor, size_t length)
{
    struct hid_scanner_layout layout;
    struct hid_assembly assembly;
    assert_int_equal(hid_scanner_layout_find(&layout, descriptor, length, NULL), STATUS_OK);
    hid_assembly_init(&assembly, &layout, 1000);
    return assembly;
}

/* One report of the padded kind. */
static enum status
put(struct hid_assembly *assembly, const char *text, bool is_continued, int64_t now_ms, struct scanned_code *out)
{
    uint8_t report[64] = {2, (uint8_t)strlen(text), ']', 'Q', '1'};
    memcpy(report + 5, text, strlen(text));
    report[61] = is_continued;
    return hid_assembly_put(assembly, report, sizeof report, now_ms, out);
}

static void
a_code_in_three_reports_is_one(void **state)
{
    (void)state;
    struct hid_assembly assembly = assembly_of(padded, sizeof padded);
    struct scanned_code code;
    assert_int_equal(put(&assembly, "hQVDUFYw", true, 0, &code), STATUS_NOT_FOUND);
    assert_int_equal(put(&assembly, "MWFh", true, 900, &code), STATUS_NOT_FOUND);
    assert_int_equal(put(&assembly, "Yg==\r\n", false, 1800, &code), STATUS_OK);
    assert_string_equal(code.text, "hQVDUFYwMWFhYg==");
}

static void
a_code_whose_rest_did_not_come_is_dropped(void **state)
{
    (void)state;
    struct hid_assembly assembly = assembly_of(padded, sizeof padded);
    struct scanned_code code;
    assert_int_equal(put(&assembly, "half", true, 0, &code), STATUS_NOT_FOUND);
    assert_int_equal(put(&assembly, "another", false, 1001, &code), STATUS_OK);
    assert_string_equal(code.text, "another");
}

static void
a_damaged_part_spoils_the_whole_code_and_no_other(void **state)
{
    (void)state;
    struct hid_assembly assembly = assembly_of(padded, sizeof padded);
    struct scanned_code code;
    uint8_t bad[64] = {2, 57};
    bad[61] = 1;
    assert_int_equal(put(&assembly, "one", true, 0, &code), STATUS_NOT_FOUND);
    assert_int_equal(hid_assembly_put(&assembly, bad, sizeof bad, 0, &code), STATUS_NOT_FOUND);
    assert_int_equal(put(&assembly, "three", false, 0, &code), STATUS_INVALID);
    assert_int_equal(put(&assembly, "next", false, 0, &code), STATUS_OK);
}

static void
a_code_longer_than_any_is_dropped_whole(void **state)
{
    (void)state;
    struct hid_assembly assembly = assembly_of(padded, sizeof padded);
    struct scanned_code code;
    for (int i = 0; i < 100; i++) {
        assert_int_equal(put(&assembly, "12345678901234567890123456789012345678901234567890", true, 0, &code),
                         STATUS_NOT_FOUND);
    }
    assert_int_equal(put(&assembly, "end", false, 0, &code), STATUS_OVERFLOW);
    assert_int_equal(put(&assembly, "next", false, 0, &code), STATUS_OK);
}

static void
without_a_count_the_data_ends_with_a_nul(void **state)
{
    (void)state;
    struct hid_assembly assembly = assembly_of(uncounted, sizeof uncounted);
    struct scanned_code code;
    static const uint8_t first[9] = {0x08, '1', '2', '3', '4', '5', '6', '7', '8'};
    static const uint8_t last[9] = {0x00, '9', 0, 'x', 'x', 'x', 'x', 'x', 'x'};
    assert_int_equal(hid_assembly_put(&assembly, first, sizeof first, 0, &code), STATUS_NOT_FOUND);
    assert_int_equal(hid_assembly_put(&assembly, last, sizeof last, 0, &code), STATUS_OK);
    assert_string_equal(code.text, "123456789");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_data_is_found_behind_count_and_symbology),
        cmocka_unit_test(a_descriptor_without_ids_and_counts_is_read_too),
        cmocka_unit_test(every_beginning_of_a_descriptor_is_refused_or_has_no_scanner),
        cmocka_unit_test(data_that_is_not_on_whole_bytes_is_refused),
        cmocka_unit_test(a_report_that_claims_to_be_huge_is_refused),
        cmocka_unit_test(a_code_in_three_reports_is_one),
        cmocka_unit_test(a_code_whose_rest_did_not_come_is_dropped),
        cmocka_unit_test(a_damaged_part_spoils_the_whole_code_and_no_other),
        cmocka_unit_test(a_code_longer_than_any_is_dropped_whole),
        cmocka_unit_test(without_a_count_the_data_ends_with_a_nul),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
