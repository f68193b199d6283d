/* The interpreter prints what a printer would: the encoder's output, an independent product's output, and any bytes. */
#include "drivers/escpos/encoder.h"
#include "drivers/paper/paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct bench {
    struct paper *paper;
    struct buffer text;
};

static int
set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL || paper_create(&bench->paper, 32, NULL) != STATUS_OK) {
        free(bench);
        return -1;
    }
    buffer_init(&bench->text, PAPER_TEXT_MAX_BYTES);
    *state = bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *bench = *state;
    paper_destroy(bench->paper);
    buffer_finish(&bench->text);
    free(bench);
    return 0;
}

#define FEED(bench, literal) paper_feed((bench)->paper, literal, sizeof(literal) - 1)

static const char *
text_of(struct bench *bench, size_t index)
{
    buffer_clear(&bench->text);
    assert_int_equal(paper_text(bench->paper, index, &bench->text, NULL), STATUS_OK);
    return buffer_text(&bench->text);
}

static void
assert_understood(const struct bench *bench)
{
    const struct paper_report *report = paper_report(bench->paper);
    assert_string_equal(report->first_unknown, "");
    assert_int_equal(report->unknown_commands, 0);
    assert_int_equal(report->unknown_characters, 0);
    assert_int_equal(report->dropped, 0);
}

static void
everything_the_encoder_writes_is_understood(void **state)
{
    struct bench *bench = *state;
    struct buffer bytes;
    struct escpos printer;
    buffer_init(&bytes, 64 * 1024);
    escpos_init(&printer, &bytes, 32);

    escpos_begin(&printer);
    escpos_align(&printer, ESCPOS_CENTER);
    escpos_size(&printer, 2, 2);
    escpos_line(&printer, "領収証書");
    escpos_size(&printer, 1, 1);
    escpos_align(&printer, ESCPOS_LEFT);
    escpos_emphasised(&printer, true);
    escpos_pair(&printer, "住民票の写し", "¥300");
    escpos_emphasised(&printer, false);
    escpos_rule(&printer);
    escpos_feed(&printer, 2);
    escpos_line(&printer, "ｶﾅ 𠮷田 髙﨑①");
    escpos_qr(&printer, "https://example.jp/", 19, 3, ESCPOS_QR_M);
    escpos_code128(&printer, "KO-01-7", 40, 2, true);
    escpos_raster(&printer, (const uint8_t *)"\xff\x81\x81\xff", 1, 4);
    escpos_request_status(&printer, 1);
    escpos_report_changes(&printer, true);
    escpos_cut(&printer);
    escpos_drawer_pulse(&printer, ESCPOS_DRAWER_1, 100, 100);
    escpos_drawer_pulse_now(&printer, ESCPOS_DRAWER_1);
    escpos_clear_buffers(&printer);
    escpos_request_end_of_job(&printer, 1);
    assert_int_equal(escpos_finish(&printer, NULL), STATUS_OK);
    paper_feed(bench->paper, bytes.data, bytes.length);

    assert_understood(bench);
    assert_int_equal(paper_report(bench->paper)->cuts, 1);
    assert_int_equal(paper_report(bench->paper)->drawer_pulses, 1);
    assert_string_equal(text_of(bench, 0), "        領収証書\n"
                                           "住民票の写し                ¥300\n"
                                           "────────────────\n"
                                           "\n"
                                           "\n"
                                           "ｶﾅ 〓田 髙﨑①\n"
                                           "[QR https://example.jp/]\n"
                                           "[CODE128 KO-01-7]\n"
                                           "     KO-01-7\n"
                                           "[image 8x4]\n");
    buffer_finish(&bytes);
}

static void
the_output_of_an_independent_product_reads_as_that_product_shows_it(void **state)
{
    (void)state;
    struct bench bench = {0};
    struct buffer bytes;
    buffer_init(&bytes, 64 * 1024);
    buffer_init(&bench.text, PAPER_TEXT_MAX_BYTES);
    assert_int_equal(paper_create(&bench.paper, 48, NULL), STATUS_OK);
    assert_int_equal(buffer_read_file(&bytes, MADOGUCHI_SOURCE_DIR "/tests/fixtures/escpos/receiptline.bin", NULL),
                     STATUS_OK);

    paper_feed(bench.paper, bytes.data, bytes.length);

    assert_int_equal(paper_report(bench.paper)->unknown_commands, 0);
    assert_string_equal(text_of(&bench, 0), "                      [image 48x48]\n"
                                            "              窓口市役所\n"
                                            "   2026年11月22日 10:03 領収書No.000123\n"
                                            "╭────────────────────────────────┬──┬──────────╮\n"
                                            "│                    住民票の写し│x│      ¥300│\n"
                                            "│                  印鑑登録証明書│2│¥600      │\n"
                                            "│                       下線 反転│1│¥1        │\n"
                                            "╰────────────────────────────────┴──┴──────────╯\n"
                                            "                             合計 ¥900\n"
                                            "                    [image 75x75]\n"
                                            "                [EAN-13 4901234567894]\n"
                                            "                 4901234567894\n"
                                            "            [CODE128 MADO-000123]\n"
                                            "                  MADO-000123\n"
                                            "              [CODE39 ABC123]\n"
                                            "             半角ｶﾅ ﾃｽﾄ\n"
                                            "                 空白\n");
    paper_destroy(bench.paper);
    buffer_finish(&bench.text);
    buffer_finish(&bytes);
}

static void
the_pieces_in_which_bytes_come_do_not_matter(void **state)
{
    struct bench *bench = *state;
    static const char job[] = "\x1b@\x1c"
                              "C\x01\x91\x8b\x8c\xfb\n\x1d(k\x04\x00\x31P0x\x1d(k\x03\x00\x31Q0\x1dVB\x00";

    paper_feed(bench->paper, job, sizeof job - 1);
    for (size_t i = 0; i < sizeof job - 1; i++) {
        paper_feed(bench->paper, &job[i], 1);
    }

    assert_int_equal(paper_sheet_count(bench->paper), 2);
    assert_string_equal(text_of(bench, 0), "窓口\n[QR x]\n");
    assert_string_equal(text_of(bench, 1), "窓口\n[QR x]\n");
    assert_understood(bench);
}

static void
kanji_need_the_shift_jis_setting(void **state)
{
    struct bench *bench = *state;

    FEED(bench, "\x1b@\x91\x8b\n");

    assert_int_equal(paper_report(bench->paper)->unknown_characters, 2);
}

static void
kanji_in_jis_need_the_kanji_mode(void **state)
{
    struct bench *bench = *state;

    FEED(bench, "\x1b@\x41\x6b\x1c&\x41\x6b\x38\x7d\x1c.\x41\n");

    assert_string_equal(text_of(bench, 0), "Ak窓口A\n");
}

static void
the_yen_sign_needs_the_japanese_set(void **state)
{
    struct bench *bench = *state;

    FEED(bench, "\\\x1bR\x08\\\n");

    assert_string_equal(text_of(bench, 0), "\\¥\n");
}

static void
a_kanji_is_never_split_over_two_lines(void **state)
{
    struct bench *bench = *state;

    FEED(bench, "\x1c"
                "C\x01"
                "1234567890123456789012345678901\x91\x8b\n");

    assert_string_equal(text_of(bench, 0), "1234567890123456789012345678901\n窓\n");
}

static void
a_line_that_is_just_full_makes_no_blank_line(void **state)
{
    struct bench *bench = *state;

    FEED(bench, "12345678901234567890123456789012\nnext\n");

    assert_string_equal(text_of(bench, 0), "12345678901234567890123456789012\nnext\n");
}

static void
alignment_is_only_taken_at_the_beginning_of_a_line(void **state)
{
    struct bench *bench = *state;

    FEED(bench, "left\x1b"
                "a\x02 still\n\x1b"
                "a\x02right\n");

    assert_string_equal(text_of(bench, 0), "left still\n                           right\n");
}

static void
cuts_separate_sheets_and_the_last_may_hang_out(void **state)
{
    struct bench *bench = *state;

    FEED(bench, "one\n\x1dV\x00two\n\x1b"
                "i\x1dVA\x10three\n");

    assert_int_equal(paper_sheet_count(bench->paper), 3);
    assert_string_equal(text_of(bench, 1), "two\n");
    assert_string_equal(text_of(bench, PAPER_LAST_SHEET), "three\n");
    assert_int_equal(paper_text(bench->paper, 3, &bench->text, NULL), STATUS_NOT_FOUND);
}

static void
only_the_newest_sheets_are_kept(void **state)
{
    struct bench *bench = *state;
    char line[16];

    for (int i = 0; i < PAPER_SHEETS_MAX + 5; i++) {
        snprintf(line, sizeof line,
                 "%d\n\x1b"
                 "i",
                 i);
        paper_feed(bench->paper, line, strlen(line));
    }

    assert_int_equal(paper_sheet_count(bench->paper), PAPER_SHEETS_MAX);
    assert_int_equal(paper_report(bench->paper)->sheets_thrown_away, 5);
    assert_string_equal(text_of(bench, 0), "5\n");
}

static void
tearing_forgets_half_a_command_and_all_settings(void **state)
{
    struct bench *bench = *state;

    FEED(bench, "\x1b"
                "a\x02half\n\x1dv0\x00\x08\x00\xff\x00");
    paper_tear(bench->paper);
    FEED(bench, "whole\n");

    assert_string_equal(text_of(bench, 0), "                            half\n");
    assert_string_equal(text_of(bench, 1), "whole\n");
    assert_int_equal(paper_report(bench->paper)->cuts, 0);
}

static void
what_is_not_known_is_counted_and_named(void **state)
{
    struct bench *bench = *state;

    FEED(bench, "\x1bZ\x1dqa\x1b\x99\n");

    assert_int_equal(paper_report(bench->paper)->unknown_commands, 3);
    assert_string_equal(paper_report(bench->paper)->first_unknown, "ESC Z");
    assert_string_equal(text_of(bench, 0), "a\n");
}

static void
a_code_that_is_wrong_is_not_drawn(void **state)
{
    struct bench *bench = *state;

    FEED(bench, "\x1dk\x02"
                "4901234567890\x00"
                "\x1dkI\x03{D1"
                "\x1dkE\x03"
                "a-1"
                "\x1dkF\x03"
                "123"
                "\x1dkF\x02"
                "1A"
                "\x1dkG\x03"
                "123"
                "\x1dkG\x05"
                "A1B2C"
                "end\n");

    assert_int_equal(paper_report(bench->paper)->unknown_commands, 7);
    assert_string_equal(text_of(bench, 0), "end\n");
}

static void
a_command_larger_than_can_be_kept_is_skipped_whole(void **state)
{
    struct bench *bench = *state;
    static const char zeros[65536] = {0};

    FEED(bench, "\x1d"
                "8L\x00\x00\x20\x00"); /* 2 MiB to come */
    for (int i = 0; i < 32; i++) {
        paper_feed(bench->paper, zeros, sizeof zeros);
    }
    FEED(bench, "after\n");

    assert_string_equal(text_of(bench, 0), "after\n");
    assert_true(paper_report(bench->paper)->dropped > 0);
}

static void
an_endless_roll_is_bounded(void **state)
{
    struct bench *bench = *state;

    for (int i = 0; i < 100000; i++) {
        FEED(bench, "line\n\x1bJ\xff");
    }

    assert_true(paper_report(bench->paper)->dropped > 0);
    assert_int_equal(paper_sheet_count(bench->paper), 1);
}

static void
any_bytes_at_all_are_survived(void **state)
{
    struct bench *bench = *state;
    static const unsigned char prefixes[] = {0x1b, 0x1d, 0x1c, 0x10, 0x0a};
    uint32_t random = 20261122;

    for (int i = 0; i < 300000; i++) {
        random = random * 1664525 + 1013904223;
        const unsigned char drawn = (unsigned char)(random >> 24);
        const unsigned char byte = random % 7 == 0 ? prefixes[drawn % sizeof prefixes] : drawn;
        paper_feed(bench->paper, &byte, 1);
    }

    for (size_t i = 0; i < paper_sheet_count(bench->paper); i++) {
        buffer_clear(&bench->text);
        (void)!paper_text(bench->paper, i, &bench->text, NULL);
        buffer_finish(&bench->text);
        buffer_init(&bench->text, PAPER_PNG_MAX_BYTES);
        if (i < 3) { /* drawing takes its time */
            (void)!paper_png(bench->paper, i, &bench->text, NULL);
        }
    }
}

static unsigned
big_endian(const char *bytes)
{
    const unsigned char *b = (const unsigned char *)bytes;
    return (unsigned)b[0] << 24 | (unsigned)b[1] << 16 | (unsigned)b[2] << 8 | b[3];
}

static void
a_sheet_becomes_a_png_as_wide_as_the_paper(void **state)
{
    struct bench *bench = *state;
    struct buffer png;
    buffer_init(&png, PAPER_PNG_MAX_BYTES);

    FEED(bench, "\x1c"
                "C\x01\x1d!\x11\x91\x8b\x8c\xfb\n\x1d!\x00\x1d"
                "B\x01inverse\x1d"
                "B\x00\x1b-\x02line\x1bM\x01small\n");
    assert_int_equal(paper_png(bench->paper, 0, &png, NULL), STATUS_OK);

    assert_memory_equal(png.data, "\x89PNG\r\n\x1a\n", 8);
    assert_int_equal(big_endian(png.data + 16), 464);
    assert_true(big_endian(png.data + 20) > 78);
    buffer_finish(&png);
}

static void
a_png_that_does_not_fit_is_an_overflow(void **state)
{
    struct bench *bench = *state;
    struct buffer png;
    buffer_init(&png, 100);

    FEED(bench, "text\n");

    assert_int_equal(paper_png(bench->paper, 0, &png, NULL), STATUS_OVERFLOW);
    buffer_finish(&png);
}

/* zbarimg (package zbar-tools) reads the picture as a citizen's phone would. */
static void
codes_on_the_picture_can_be_read(void **state)
{
    struct bench *bench = *state;
    char path[] = "/tmp/madoguchi-paper-XXXXXX";
    char command[128];
    char read[256] = {0};
    struct buffer png;
    if (system("command -v zbarimg >/dev/null 2>&1") != 0) {
        skip();
    }
    buffer_init(&png, PAPER_PNG_MAX_BYTES);
    int file = mkstemp(path);
    assert_true(file >= 0);

    FEED(bench, "\x1d(k\x03\x00\x31\x43\x05\x1d(k\x0d\x00\x31P0receipt/12\x1d(k\x03\x00\x31Q0\n\n"
                "\x1dw\x02\x1dkI\x09{BKO-01-7\n\n"
                "\x1dkI\x05{C\x01\x17\x63\n\n"
                "\x1dk\x02"
                "490123456789\x00"
                "\n\n\x1dk\x04MADO-39 $%\x00"
                "\n\n\x1dkF\x0a"
                "0123456789"
                "\n\n\x1dkG\x0a"
                "A12-34$56B"
                "\n\n\x1dkD\x07"
                "4912345\n\n");
    assert_int_equal(paper_png(bench->paper, 0, &png, NULL), STATUS_OK);
    assert_int_equal(write(file, png.data, png.length), (ssize_t)png.length);
    close(file);
    snprintf(command, sizeof command, "zbarimg -q --raw --nodbus %s", path);
    FILE *pipe = popen(command, "r");
    size_t got = fread(read, 1, sizeof read - 1, pipe);
    pclose(pipe);
    unlink(path);

    assert_true(got > 0);
    assert_non_null(strstr(read, "receipt/12\n"));
    assert_non_null(strstr(read, "KO-01-7\n"));
    assert_non_null(strstr(read, "012399\n"));
    assert_non_null(strstr(read, "4901234567894\n"));
    assert_non_null(strstr(read, "MADO-39 $%\n"));
    assert_non_null(strstr(read, "0123456789\n"));
    assert_non_null(strstr(read, "A12-34$56B\n"));
    assert_non_null(strstr(read, "49123456\n"));
    buffer_finish(&png);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(everything_the_encoder_writes_is_understood),
        cmocka_unit_test(the_output_of_an_independent_product_reads_as_that_product_shows_it),
        TEST(the_pieces_in_which_bytes_come_do_not_matter),
        TEST(kanji_need_the_shift_jis_setting),
        TEST(kanji_in_jis_need_the_kanji_mode),
        TEST(the_yen_sign_needs_the_japanese_set),
        TEST(a_kanji_is_never_split_over_two_lines),
        TEST(a_line_that_is_just_full_makes_no_blank_line),
        TEST(alignment_is_only_taken_at_the_beginning_of_a_line),
        TEST(cuts_separate_sheets_and_the_last_may_hang_out),
        TEST(only_the_newest_sheets_are_kept),
        TEST(tearing_forgets_half_a_command_and_all_settings),
        TEST(what_is_not_known_is_counted_and_named),
        TEST(a_code_that_is_wrong_is_not_drawn),
        TEST(a_command_larger_than_can_be_kept_is_skipped_whole),
        TEST(an_endless_roll_is_bounded),
        TEST(any_bytes_at_all_are_survived),
        TEST(a_sheet_becomes_a_png_as_wide_as_the_paper),
        TEST(a_png_that_does_not_fit_is_an_overflow),
        TEST(codes_on_the_picture_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
