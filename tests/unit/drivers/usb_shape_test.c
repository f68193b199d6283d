/* What USB devices say of themselves is read as far as it is there, and never further. */
#include "drivers/transport/usb_shape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CONFIGURATION(interfaces) 9, 2, 0, 0, interfaces, 1, 0, 0xc0, 50
#define INTERFACE(number, alternate, endpoints, class, protocol)                                                       \
    9, 4, number, alternate, endpoints, class, 1, protocol, 0
#define BULK(address) 7, 5, address, 2, 64, 0, 0
#define INTERRUPT(address) 7, 5, address, 3, 8, 0, 10

static void
endpoints_are_read_from_the_descriptors(void **state)
{
    (void)state;
    const uint8_t usual[] = {CONFIGURATION(1), INTERFACE(0, 0, 2, 7, 2), BULK(0x01), BULK(0x82)};
    const uint8_t turned[] = {CONFIGURATION(1), INTERFACE(3, 0, 2, 7, 2), BULK(0x86), BULK(0x05)};
    struct usb_printer_interface found;

    assert_true(usb_find_printer_interface(usual, sizeof usual, false, &found));
    assert_int_equal(found.number, 0);
    assert_int_equal(found.out, 0x01);
    assert_int_equal(found.in, 0x82);
    assert_true(found.is_printer_class);
    assert_false(found.has_alternates);
    assert_true(usb_find_printer_interface(turned, sizeof turned, false, &found));
    assert_int_equal(found.number, 3);
    assert_int_equal(found.out, 0x05);
    assert_int_equal(found.in, 0x86);
}

static void
the_best_of_several_alternates_is_taken(void **state)
{
    (void)state;
    const uint8_t device[] = {CONFIGURATION(1),
                              INTERFACE(1, 0, 1, 7, 1),
                              BULK(0x01),
                              INTERFACE(1, 1, 2, 7, 2),
                              BULK(0x01),
                              BULK(0x81),
                              INTERFACE(1, 2, 2, 7, 4),
                              BULK(0x02),
                              BULK(0x82)};
    struct usb_printer_interface found;

    assert_true(usb_find_printer_interface(device, sizeof device, false, &found));

    assert_int_equal(found.alternate, 1);
    assert_int_equal(found.in, 0x81);
    assert_true(found.has_alternates);
}

static void
other_languages_and_other_devices_are_no_printers(void **state)
{
    (void)state;
    const uint8_t ipp[] = {CONFIGURATION(1), INTERFACE(0, 0, 2, 7, 4), BULK(0x01), BULK(0x82)};
    const uint8_t packets[] = {CONFIGURATION(1), INTERFACE(0, 0, 2, 7, 3), BULK(0x01), BULK(0x82)};
    const uint8_t keyboard[] = {CONFIGURATION(1), INTERFACE(0, 0, 1, 3, 1), INTERRUPT(0x81)};
    const uint8_t no_way_out[] = {CONFIGURATION(1), INTERFACE(0, 0, 1, 7, 2), BULK(0x81)};
    struct usb_printer_interface found;

    assert_false(usb_find_printer_interface(ipp, sizeof ipp, true, &found));
    assert_false(usb_find_printer_interface(packets, sizeof packets, true, &found));
    assert_false(usb_find_printer_interface(keyboard, sizeof keyboard, true, &found));
    assert_false(usb_find_printer_interface(no_way_out, sizeof no_way_out, true, &found));
}

static void
a_vendors_own_interface_counts_only_when_the_vendor_is_trusted(void **state)
{
    (void)state;
    const uint8_t device[] = {CONFIGURATION(1), INTERFACE(0, 0, 3, 0xff, 0xff), INTERRUPT(0x83), BULK(0x01),
                              BULK(0x82)};
    struct usb_printer_interface found;

    assert_false(usb_find_printer_interface(device, sizeof device, false, &found));
    assert_true(usb_find_printer_interface(device, sizeof device, true, &found));
    assert_int_equal(found.out, 0x01);
    assert_int_equal(found.in, 0x82);
    assert_false(found.is_printer_class);
}

static void
a_one_way_printer_has_no_endpoint_in(void **state)
{
    (void)state;
    const uint8_t device[] = {CONFIGURATION(1), INTERFACE(0, 0, 1, 7, 1), BULK(0x02)};
    struct usb_printer_interface found;

    assert_true(usb_find_printer_interface(device, sizeof device, false, &found));

    assert_int_equal(found.out, 0x02);
    assert_int_equal(found.in, 0);
}

static void
descriptors_that_are_cut_off_or_lie_are_survived(void **state)
{
    (void)state;
    const uint8_t device[] = {CONFIGURATION(1), INTERFACE(0, 0, 2, 7, 2), BULK(0x01), BULK(0x82)};
    const uint8_t endless[] = {9, 2, 0, 0, 1, 1, 0, 0, 0, 0, 4, 0, 0};
    const uint8_t overlong[] = {CONFIGURATION(1), 200, 4, 0, 0};
    struct usb_printer_interface found;

    for (size_t length = 0; length < sizeof device - 7; length++) {
        assert_true(!usb_find_printer_interface(device, length, false, &found) || found.in == 0);
    }
    assert_false(usb_find_printer_interface(endless, sizeof endless, true, &found));
    assert_false(usb_find_printer_interface(overlong, sizeof overlong, true, &found));
}

static bool
parse(const char *text, struct usb_device_id *out)
{
    char bytes[512] = {0};
    const size_t length = strlen(text);
    bytes[1] = (char)(length + 2);
    memcpy(bytes + 2, text, length);
    return usb_parse_device_id(bytes, length + 2, out);
}

static void
device_ids_are_read_in_both_spellings(void **state)
{
    (void)state;
    struct usb_device_id id;

    assert_true(parse("MFG:EPSON;CMD:ESC/POS;MDL:TM-m30III;CLS:PRINTER;", &id));
    assert_string_equal(id.maker, "EPSON");
    assert_string_equal(id.model, "TM-m30III");
    assert_true(usb_device_id_has_escpos(&id));
    assert_true(parse("manufacturer: Star ;\r\nCOMMAND SET: STAR,ESC/POS;MODEL:TSP100", &id));
    assert_string_equal(id.maker, "Star");
    assert_string_equal(id.model, "TSP100");
    assert_true(usb_device_id_has_escpos(&id));
}

static void
another_language_is_not_taken_for_escpos(void **state)
{
    (void)state;
    struct usb_device_id id;

    assert_true(parse("MFG:EPSON;CMD:ESCPL2,BDC,D4;MDL:EW-452A;", &id));
    assert_false(usb_device_id_has_escpos(&id));
    assert_true(parse("MFG:X;CMD:ESC/POSITION;", &id));
    assert_false(usb_device_id_has_escpos(&id));
    assert_true(parse("MFG:X;", &id));
    assert_false(usb_device_id_has_escpos(&id));
}

static void
what_is_no_device_id_is_told_apart(void **state)
{
    (void)state;
    struct usb_device_id id;

    assert_false(usb_parse_device_id("", 0, &id));
    assert_false(usb_parse_device_id("\0\2", 2, &id));
    assert_false(parse("hello", &id));
    assert_false(parse(";;;;", &id));
    assert_true(parse("MDL:\x01\xff;", &id));
    assert_string_equal(id.model, "??");
}

static void
a_long_name_is_cut(void **state)
{
    (void)state;
    struct usb_device_id id;
    char text[300] = "MDL:";
    memset(text + 4, 'x', 200);

    assert_true(parse(text, &id));

    assert_int_equal(strlen(id.model), USB_TEXT_SIZE - 1);
}

static void
ids_are_four_hexadecimal_digits_twice(void **state)
{
    (void)state;
    uint16_t vendor = 0, product = 0;

    assert_true(usb_parse_ids("04b8:0E15", &vendor, &product));
    assert_int_equal(vendor, 0x04b8);
    assert_int_equal(product, 0x0e15);
    assert_false(usb_parse_ids("4b8:0202", &vendor, &product));
    assert_false(usb_parse_ids("04b8-0202", &vendor, &product));
    assert_false(usb_parse_ids("04b8:02g2", &vendor, &product));
    assert_false(usb_parse_ids("04b8:02022", &vendor, &product));
    assert_false(usb_parse_ids("", &vendor, &product));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endpoints_are_read_from_the_descriptors),
        cmocka_unit_test(the_best_of_several_alternates_is_taken),
        cmocka_unit_test(other_languages_and_other_devices_are_no_printers),
        cmocka_unit_test(a_vendors_own_interface_counts_only_when_the_vendor_is_trusted),
        cmocka_unit_test(a_one_way_printer_has_no_endpoint_in),
        cmocka_unit_test(descriptors_that_are_cut_off_or_lie_are_survived),
        cmocka_unit_test(device_ids_are_read_in_both_spellings),
        cmocka_unit_test(another_language_is_not_taken_for_escpos),
        cmocka_unit_test(what_is_no_device_id_is_told_apart),
        cmocka_unit_test(a_long_name_is_cut),
        cmocka_unit_test(ids_are_four_hexadecimal_digits_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
