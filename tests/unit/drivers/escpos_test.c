/* The encoder says exactly what Epson's reference says: golden bytes, and nothing that a text could smuggle in. */
#include "drivers/escpos/encoder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct bench {
    struct buffer bytes;
    struct escpos printer;
};

static int
set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL) {
        return -1;
    }
    buffer_init(&bench->bytes, 64 * 1024);
    escpos_init(&bench->printer, &bench->bytes, 48);
    *state = bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *bench = *state;
    buffer_finish(&bench->bytes);
    free(bench);
    return 0;
}

static void
assert_bytes(struct bench *bench, const void *expected, size_t length)
{
    assert_int_equal(escpos_finish(&bench->printer, NULL), STATUS_OK);
    assert_int_equal(bench->bytes.length, length);
    assert_memory_equal(bench->bytes.data, expected, length);
}

#define ASSERT_BYTES(bench, literal) assert_bytes(bench, literal, sizeof(literal) - 1)

static void
a_job_begins_by_resetting_and_choosing_japanese(void **state)
{
    struct bench *bench = *state;

    escpos_begin(&bench->printer);

    ASSERT_BYTES(bench, "\x1b@"
                        "\x1c"
                        "C\x01"
                        "\x1c&"
                        "\x1bt\x01"
                        "\x1bR\x08"
                        "\x1cS\x00\x00");
}

static void
text_goes_out_as_cp932(void **state)
{
    struct bench *bench = *state;

    escpos_line(&bench->printer, "窓口 ｶﾅ ¥450 髙");

    ASSERT_BYTES(bench, "\x91\x8b\x8c\xfb \xb6\xc5 \\450 \xfb\xfc\n");
    assert_int_equal(bench->printer.replaced, 0);
}

static void
a_character_outside_cp932_prints_as_a_mark_and_is_counted(void **state)
{
    struct bench *bench = *state;

    escpos_text(&bench->printer, "𠮷田");

    ASSERT_BYTES(bench, "\x81\xac\x93\x63");
    assert_int_equal(bench->printer.replaced, 1);
}

static void
no_text_can_carry_a_command(void **state)
{
    struct bench *bench = *state;

    escpos_text(&bench->printer, "a\x1b@b\x10\x04\x01"
                                 "c\x7f\td");

    ASSERT_BYTES(bench, "a?@b???c??d");
}

static void
a_newline_breaks_text_but_not_a_pair(void **state)
{
    struct bench *bench = *state;
    bench->printer.columns = 8;

    escpos_text(&bench->printer, "a\nb\n");
    escpos_pair(&bench->printer, "c\nd", "e");

    ASSERT_BYTES(bench, "a\nb\nc?d    e\n");
}

static void
malformed_utf8_fails_the_job_and_prints_nothing_of_it(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;

    escpos_text(&bench->printer, "ok");
    escpos_text(&bench->printer, "bad \xff text");

    assert_int_equal(escpos_finish(&bench->printer, &err), STATUS_INVALID);
    assert_string_equal(buffer_text(&bench->bytes), "ok");
}

static void
a_full_buffer_fails_the_job(void **state)
{
    (void)state;
    struct buffer small;
    struct escpos printer;
    buffer_init(&small, 4);
    escpos_init(&printer, &small, 48);

    escpos_line(&printer, "12345");

    assert_int_equal(escpos_finish(&printer, NULL), STATUS_OVERFLOW);
    buffer_finish(&small);
}

static void
a_pair_fills_the_line_by_printed_columns(void **state)
{
    struct bench *bench = *state;
    bench->printer.columns = 16;

    escpos_pair(&bench->printer, "合計ｶﾅ", "¥1,200");

    ASSERT_BYTES(bench, "\x8d\x87\x8c\x76\xb6\xc5    \\1,200\n");
}

static void
a_pair_at_double_width_counts_double_columns(void **state)
{
    struct bench *bench = *state;
    bench->printer.columns = 16;

    escpos_size(&bench->printer, 2, 1);
    escpos_pair(&bench->printer, "ab", "cd");

    ASSERT_BYTES(bench, "\x1d!\x10"
                        "ab    cd\n");
}

static void
a_pair_that_does_not_fit_takes_a_second_line(void **state)
{
    struct bench *bench = *state;
    bench->printer.columns = 8;

    escpos_pair(&bench->printer, "abcdef", "12");

    ASSERT_BYTES(bench, "abcdef\n      12\n");
}

static void
the_right_side_stands_apart_by_a_column_at_least(void **state)
{
    struct bench *bench = *state;
    bench->printer.columns = 8;

    escpos_pair(&bench->printer, "abcde", "12");

    ASSERT_BYTES(bench, "abcde 12\n");
}

static void
text_columns_are_those_that_the_printer_counts(void **state)
{
    (void)state;

    assert_int_equal(escpos_text_columns(""), 0);
    assert_int_equal(escpos_text_columns("abc"), 3);
    assert_int_equal(escpos_text_columns("ｶﾅ"), 2);
    assert_int_equal(escpos_text_columns("窓口①"), 6);
    assert_int_equal(escpos_text_columns("𠮷"), 2);
}

static void
a_rule_crosses_the_paper(void **state)
{
    struct bench *bench = *state;
    bench->printer.columns = 6;

    escpos_rule(&bench->printer);

    ASSERT_BYTES(bench, "\x84\x9f\x84\x9f\x84\x9f\n");
}

static void
style_and_paper_commands_are_epsons(void **state)
{
    struct bench *bench = *state;

    escpos_size(&bench->printer, 2, 2);
    escpos_emphasised(&bench->printer, true);
    escpos_emphasised(&bench->printer, false);
    escpos_align(&bench->printer, ESCPOS_CENTER);
    escpos_feed(&bench->printer, 3);
    escpos_cut(&bench->printer);
    escpos_drawer_pulse(&bench->printer, ESCPOS_DRAWER_1, 100, 5000);
    escpos_drawer_pulse_now(&bench->printer, ESCPOS_DRAWER_2);
    escpos_clear_buffers(&bench->printer);

    ASSERT_BYTES(bench, "\x1d!\x11"
                        "\x1b"
                        "E\x01"
                        "\x1b"
                        "E\x00"
                        "\x1b"
                        "a\x01"
                        "\x1b"
                        "d\x03"
                        "\x1dVB\x00"
                        "\x1bp\x00\x32\xff"
                        "\x10\x14\x01\x01\x01"
                        "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08");
}

static void
a_qr_code_is_stored_and_printed_in_five_commands(void **state)
{
    struct bench *bench = *state;

    escpos_qr(&bench->printer, "AB", 2, 4, ESCPOS_QR_M);

    ASSERT_BYTES(bench, "\x1d(k\x04\x00\x31\x41\x32\x00"
                        "\x1d(k\x03\x00\x31\x43\x04"
                        "\x1d(k\x03\x00\x31\x45\x31"
                        "\x1d(k\x05\x00\x31\x50\x30"
                        "AB"
                        "\x1d(k\x03\x00\x31\x51\x30");
}

static void
code128_uses_set_c_for_even_runs_of_digits(void **state)
{
    struct bench *bench = *state;

    escpos_code128(&bench->printer, "012399", 64, 2, true);

    ASSERT_BYTES(bench, "\x1dh\x40\x1dw\x02\x1dH\x02\x1dk\x49\x05{C\x01\x17\x63");
}

static void
code128_uses_set_b_and_doubles_braces(void **state)
{
    struct bench *bench = *state;

    escpos_code128(&bench->printer, "A{1", 64, 2, false);

    ASSERT_BYTES(bench, "\x1dh\x40\x1dw\x02\x1dH\x00\x1dk\x49\x06{BA{{1");
}

static void
codes_that_cannot_be_printed_fail_the_job(void **state)
{
    struct bench *bench = *state;
    static const char long_text[ESCPOS_QR_MAX_BYTES + 1] = {0};

    escpos_qr(&bench->printer, long_text, sizeof long_text, 4, ESCPOS_QR_L);
    assert_int_equal(escpos_finish(&bench->printer, NULL), STATUS_INVALID);

    escpos_init(&bench->printer, &bench->bytes, 48);
    escpos_code128(&bench->printer, "窓口", 64, 2, false);
    assert_int_equal(escpos_finish(&bench->printer, NULL), STATUS_INVALID);

    escpos_init(&bench->printer, &bench->bytes, 48);
    escpos_raster(&bench->printer, (const uint8_t *)"", ESCPOS_RASTER_MAX_WIDTH_BYTES + 1, 1);
    assert_int_equal(escpos_finish(&bench->printer, NULL), STATUS_INVALID);
    assert_int_equal(bench->bytes.length, 0);
}

static void
a_raster_carries_its_size_before_its_dots(void **state)
{
    struct bench *bench = *state;

    escpos_raster(&bench->printer, (const uint8_t *)"\xf0\x0f\xaa\x55", 2, 2);

    ASSERT_BYTES(bench, "\x1dv0\x00\x02\x00\x02\x00\xf0\x0f\xaa\x55");
}

static void
the_end_of_a_job_is_asked_for_twice(void **state)
{
    struct bench *bench = *state;

    escpos_request_end_of_job(&bench->printer, 62 * 62 + 1);

    ASSERT_BYTES(bench, "\x1d(H\x06\x00\x30\x30"
                        "0101"
                        "\x1dr\x01");
}

static void
job_tags_are_four_printable_characters_for_any_job(void **state)
{
    (void)state;
    char tag[ESCPOS_JOB_TAG_SIZE];

    assert_string_equal(escpos_job_tag(tag, 0), "0000");
    assert_string_equal(escpos_job_tag(tag, 61), "000z");
    assert_int_equal(strlen(escpos_job_tag(tag, UINT64_MAX)), 4);
}

static void
requests_for_status_and_reports_are_epsons(void **state)
{
    struct bench *bench = *state;

    escpos_request_status(&bench->printer, 4);
    escpos_report_changes(&bench->printer, true);
    escpos_report_changes(&bench->printer, false);

    ASSERT_BYTES(bench, "\x10\x04\x04\x1d"
                        "a\x0e\x1d"
                        "a\x00");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_job_begins_by_resetting_and_choosing_japanese),
        TEST(text_goes_out_as_cp932),
        TEST(a_character_outside_cp932_prints_as_a_mark_and_is_counted),
        TEST(no_text_can_carry_a_command),
        TEST(a_newline_breaks_text_but_not_a_pair),
        TEST(malformed_utf8_fails_the_job_and_prints_nothing_of_it),
        TEST(a_full_buffer_fails_the_job),
        TEST(a_pair_fills_the_line_by_printed_columns),
        TEST(a_pair_at_double_width_counts_double_columns),
        TEST(a_pair_that_does_not_fit_takes_a_second_line),
        TEST(the_right_side_stands_apart_by_a_column_at_least),
        TEST(text_columns_are_those_that_the_printer_counts),
        TEST(a_rule_crosses_the_paper),
        TEST(style_and_paper_commands_are_epsons),
        TEST(a_qr_code_is_stored_and_printed_in_five_commands),
        TEST(code128_uses_set_c_for_even_runs_of_digits),
        TEST(code128_uses_set_b_and_doubles_braces),
        TEST(codes_that_cannot_be_printed_fail_the_job),
        TEST(a_raster_carries_its_size_before_its_dots),
        TEST(the_end_of_a_job_is_asked_for_twice),
        TEST(job_tags_are_four_printable_characters_for_any_job),
        TEST(requests_for_status_and_reports_are_epsons),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
