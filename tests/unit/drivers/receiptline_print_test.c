/* Papers as they come out of a printer: the built-in templates with their samples, characters that a printer lacks,
 * codes and pictures. */
#include "drivers/receiptline/print.h"

#include "drivers/paper/draw.h"
#include "drivers/paper/paper.h"
#include "drivers/receiptline/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const unsigned widths[] = {48, 42, 32};

/* MARKUP without values, printed. */
static void
print_markup(const char *markup, unsigned columns, enum receiptline_medium medium, struct buffer *out)
{
    struct receiptline_template *template = NULL;
    struct error_detail err = {0};
    if (receiptline_compile(&template, NULL, 0, markup, strlen(markup), &err) != STATUS_OK ||
        receiptline_preview(template, NULL, columns, medium, out, &err) != STATUS_OK) {
        fail_msg("%s: %s", markup, err.message);
    }
    receiptline_destroy(template);
}

static bool
has_bytes(const struct buffer *bytes, const char *wanted, size_t length)
{
    for (size_t i = 0; i + length <= bytes->length; i++) {
        if (memcmp(bytes->data + i, wanted, length) == 0) {
            return true;
        }
    }
    return false;
}

#define assert_bytes(bytes, wanted) assert_true(has_bytes(bytes, wanted, sizeof(wanted) - 1))

static size_t
count_of(const char *paper, const char *words)
{
    size_t count = 0;
    for (const char *found = strstr(paper, words); found != NULL; found = strstr(found + 1, words)) {
        count++;
    }
    return count;
}

/* Renewed with: madoguchi-pos receipt --sample FORM --as text --columns N --out FORM.N.txt, and then read. */
static void
every_paper_with_its_sample_prints_as_it_was_approved(void **state)
{
    (void)state;
    struct buffer paper, golden;
    for (int form = 0; form < PAPERS_FORM_COUNT; form++) {
        for (size_t w = 0; w < 3; w++) {
            char path[512];
            struct error_detail err = {0};
            buffer_init(&paper, PAPER_TEXT_MAX_BYTES);
            buffer_init(&golden, PAPER_TEXT_MAX_BYTES);
            snprintf(path, sizeof path, "%s/tests/fixtures/papers/%s.%u.txt", MADOGUCHI_SOURCE_DIR,
                     papers_form_word((enum papers_form)form), widths[w]);
            if (buffer_read_file(&golden, path, &err) != STATUS_OK ||
                receiptline_preview_sample((enum papers_form)form, NULL, 0, widths[w], RECEIPTLINE_AS_TEXT, &paper,
                                           &err) != STATUS_OK) {
                fail_msg("%s: %s", path, err.message);
            }
            assert_string_equal(buffer_text(&paper), buffer_text(&golden));
            buffer_finish(&paper);
            buffer_finish(&golden);
        }
    }
}

/* The sample of FORM with MEMBERS put before its own, as text. */
static void
print_sample_with(enum papers_form form, const char *members, struct buffer *out)
{
    struct receiptline_template *template = NULL;
    struct papers_record *record = NULL;
    struct error_detail err = {0};
    struct buffer json;
    size_t length, sample_length;
    const char *markup = papers_template(form, &length);
    const char *sample = papers_sample(form, &sample_length);
    buffer_init(&json, 64 * 1024);
    buffer_printf(&json, "{%s,%s", members, strchr(sample, '{') + 1);
    if (papers_compile(&template, form, markup, length, &err) != STATUS_OK ||
        papers_record_read(&record, form, buffer_text(&json), json.length, &err) != STATUS_OK ||
        receiptline_preview(template, papers_record_values(record), 48, RECEIPTLINE_AS_TEXT, out, &err) != STATUS_OK) {
        fail_msg("%s: %s", papers_form_word(form), err.message);
    }
    papers_record_destroy(record);
    receiptline_destroy(template);
    buffer_finish(&json);
}

static void
every_paper_of_training_says_so_twice_and_every_copy_which_it_is(void **state)
{
    (void)state;
    for (int form = 0; form < PAPERS_FORM_COUNT; form++) {
        struct buffer paper;
        buffer_init(&paper, PAPER_TEXT_MAX_BYTES);
        print_sample_with((enum papers_form)form, "\"is_training\":true", &paper);
        assert_int_equal(count_of(buffer_text(&paper), "【訓練】"), 2);
        assert_int_equal(count_of(buffer_text(&paper), "再発行"), 0);
        buffer_clear(&paper);
        print_sample_with((enum papers_form)form, "\"copy\":12", &paper);
        assert_int_equal(count_of(buffer_text(&paper), "訓練"), 0);
        assert_int_equal(count_of(buffer_text(&paper), "【再発行 12回目】"), 1);
        buffer_finish(&paper);
    }
}

static void
a_sample_that_speaks_of_what_the_paper_does_not_know_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *json, *words;
    } cases[] = {{"{\"payment\":\"x\"}", "\"payment\" is no name of this paper"},
                 {"{\"issuers\":[{},{\"name\":\"x\"}]}", "issuers[1]: \"name\" is no name of this paper"},
                 {"{\"received_on\":\"2026-02-30\"}", "\"received_on\" is \"2026-02-30\", which is no date"},
                 {"{\"total\":\"450\"}", "total"},
                 {"[]", "a record must be an object"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct papers_record *record = NULL;
        struct error_detail err = {0};
        assert_int_not_equal(papers_record_read(&record, PAPERS_RECEIPT, cases[i].json, strlen(cases[i].json), &err),
                             STATUS_OK);
        assert_null(record);
        if (strstr(err.message, cases[i].words) == NULL) {
            fail_msg("%s: %s", cases[i].json, err.message);
        }
    }
}

static void
a_preview_names_what_is_wrong_with_a_template(void **state)
{
    (void)state;
    struct buffer out;
    struct error_detail err = {0};
    buffer_init(&out, 1024);
    assert_int_equal(receiptline_preview_sample(PAPERS_TICKET, "x\n[[totl]]", 10, 48, RECEIPTLINE_AS_TEXT, &out, &err),
                     STATUS_INVALID);
    assert_string_equal(err.message, "2行3桁: 「totl」という名前はありません");
    assert_int_equal(err.line, 2);
    assert_int_equal(receiptline_preview_sample(PAPERS_TICKET, NULL, 0, 40, RECEIPTLINE_AS_TEXT, &out, &err),
                     STATUS_INVALID);
    buffer_finish(&out);
}

/* ---- characters that a Japanese ROM lacks --------------------------------------------------------------------------
 */

static void
a_character_that_the_printer_lacks_is_drawn_and_defined_once(void **state)
{
    (void)state;
    struct buffer bytes, text;
    buffer_init(&bytes, RECEIPTLINE_PAPER_MAX_BYTES);
    buffer_init(&text, PAPER_TEXT_MAX_BYTES);

    print_markup("|𠮷野家\n|葛\xF3\xA0\x84\x80城と葛城\n|𠮷", 48, RECEIPTLINE_AS_ESCPOS, &bytes);

    /* Before the line that needs it; the second 𠮷 is known, and the plain 葛 is the ROM's. */
    assert_bytes(&bytes, "\x1c\x32\xec\x40");
    assert_bytes(&bytes, "\x1c\x32\xec\x41");
    assert_false(has_bytes(&bytes, "\x1c\x32\xec\x42", 4));
    assert_bytes(&bytes, "\n\xec\x40\n");
    assert_bytes(&bytes, "\xec\x41\x8f\xe9\x82\xc6\x8a\x8b\x8f\xe9\n");

    print_markup("|𠮷野家\n|葛\xF3\xA0\x84\x80城と葛城\n|𠮷 한국어", 48, RECEIPTLINE_AS_TEXT, &text);
    assert_string_equal(buffer_text(&text), "𠮷野家\n葛\xF3\xA0\x84\x80城と葛城\n𠮷 한국어\n");
    buffer_finish(&bytes);
    buffer_finish(&text);
}

static void
what_no_font_has_prints_as_a_geta_mark(void **state)
{
    (void)state;
    struct buffer bytes;
    buffer_init(&bytes, RECEIPTLINE_PAPER_MAX_BYTES);
    print_markup("|a\xF4\x8F\xBF\xBD"
                 "b",
                 48, RECEIPTLINE_AS_ESCPOS, &bytes); /* U+10FFFD, private */
    assert_bytes(&bytes, "a\x81\xac"
                         "b\n");
    assert_false(has_bytes(&bytes, "\x1c\x32", 2));
    buffer_finish(&bytes);
}

static void
a_printer_is_taught_no_more_than_it_can_learn(void **state)
{
    (void)state;
    char markup[2048] = "|";
    struct buffer text;
    buffer_init(&text, PAPER_TEXT_MAX_BYTES);
    for (unsigned c = 0; c < 96; c++) { /* Hangul 가 … */
        const unsigned code = 0xAC00 + c;
        const char character[] = {(char)(0xE0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3F)),
                                  (char)(0x80 | (code & 0x3F)), '\0'};
        strcat(markup, character);
    }
    print_markup(markup, 48, RECEIPTLINE_AS_TEXT, &text);
    assert_int_equal(count_of(buffer_text(&text), "〓"), 2);
    buffer_finish(&text);
}

static void
a_drawn_glyph_has_the_shape_of_its_character(void **state)
{
    (void)state;
    uint8_t plain[PAPER_GLYPH_BYTES], variant[PAPER_GLYPH_BYTES], again[PAPER_GLYPH_BYTES];
    assert_true(paper_draw_glyph("葛", 3, plain));
    assert_true(paper_draw_glyph("葛\xF3\xA0\x84\x80", 7, variant));
    assert_true(paper_draw_glyph("葛\xF3\xA0\x84\x80", 7, again));
    assert_memory_equal(variant, again, sizeof variant);
    assert_memory_not_equal(plain, variant, sizeof variant);
    unsigned dots = 0;
    for (size_t i = 0; i < sizeof plain; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            dots += plain[i] >> bit & 1;
        }
    }
    assert_true(dots > 60 && dots < 400); /* strokes, not a block */
    assert_false(paper_draw_glyph("", 0, plain));
}

/* ---- codes and pictures ------------------------------------------------------------------------------------------ */

static void
codes_go_out_as_the_printers_reference_says(void **state)
{
    (void)state;
    static const struct {
        const char *markup, *bytes;
        size_t length;
    } cases[] = {
#define CASE(markup, bytes) {markup, bytes, sizeof(bytes) - 1}
        CASE("{c:4901234567894;o:jan,hri}", "\x1dh\x48\x1dw\x02\x1dH\x02\x1dkC\x0c"
                                            "490123456789"),
        CASE("{c:12345670;o:ean}", "\x1dkD\x07"
                                   "1234567"),
        CASE("{c:036000291452;o:upc}", "\x1dkA\x0b"
                                       "03600029145"),
        CASE("{c:01234565;o:upc}", "\x1dkB\x0b"
                                   "01234500006"),
        CASE("{c:ABC-1;o:code39}", "\x1dkE\x05"
                                   "ABC-1"),
        CASE("{c:123456;o:itf}", "\x1dkF\x06"
                                 "123456"),
        CASE("{c:A123B;o:nw7}", "\x1dkG\x05"
                                "A123B"),
        CASE("{c:Code93;o:code93}", "\x1dkH\x06"
                                    "Code93"),
        CASE("{c:1234}", "\x1dkI\x04"
                         "{C\x0c\x22"),
        CASE("{c:AB12345678cd}", "\x1dkI\x0e"
                                 "{BAB{C\x0c\x22\x38\x4e{B"
                                 "cd"),
        CASE("{c:x;o:qrcode,5,q}", "\x1d(k\x03\0\x31\x43\x05\x1d(k\x03\0\x31\x45\x32\x1d(k\x04\0\x31\x50\x30"
                                   "x"),
#undef CASE
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer bytes;
        buffer_init(&bytes, RECEIPTLINE_PAPER_MAX_BYTES);
        print_markup(cases[i].markup, 48, RECEIPTLINE_AS_ESCPOS, &bytes);
        if (!has_bytes(&bytes, cases[i].bytes, cases[i].length)) {
            fail_msg("%s", cases[i].markup);
        }
        buffer_finish(&bytes);
    }
}

/* 8 × 2, the left half black; 16 × 16, half grey; 512 × 1, black. */
#define HALF_BLACK "iVBORw0KGgoAAAANSUhEUgAAAAgAAAACAQAAAABN76BAAAAADElEQVR42mPgZ+AHAABAAB+89SCaAAAAAElFTkSuQmCC"
#define HALF_GREY "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAAAAAA6mKC9AAAAD0lEQVR42mNoQAMMI1sAAAUMgAHjM1mKAAAAAElFTkSuQmCC"
#define WIDE "iVBORw0KGgoAAAANSUhEUgAAAgAAAAABAQAAAACAwCvbAAAADElEQVR42mNgoBAAAABBAAEodTPOAAAAAElFTkSuQmCC"

static void
a_logo_is_printed_as_dots(void **state)
{
    (void)state;
    struct buffer bytes;
    buffer_init(&bytes, RECEIPTLINE_PAPER_MAX_BYTES);
    print_markup("{image:" HALF_BLACK "}", 48, RECEIPTLINE_AS_ESCPOS, &bytes);
    assert_bytes(&bytes, "\x1b\x61\x01\x1dv0\0\x01\0\x02\0\xf0\xf0");

    buffer_clear(&bytes);
    print_markup("{image:" WIDE "}", 48, RECEIPTLINE_AS_ESCPOS, &bytes);
    assert_bytes(&bytes, "\x1dv0\0\x40\0\x01\0\xff");
    buffer_clear(&bytes);
    print_markup("{image:" WIDE "}", 32, RECEIPTLINE_AS_ESCPOS, &bytes); /* 384 dots: half as large */
    assert_bytes(&bytes, "\x1dv0\0\x20\0\x01\0\xff");

    buffer_clear(&bytes);
    print_markup("{image:" HALF_GREY "}", 48, RECEIPTLINE_AS_ESCPOS, &bytes);
    const char *raster = NULL;
    for (size_t i = 0; raster == NULL && i + 40 < bytes.length; i++) {
        raster = memcmp(bytes.data + i, "\x1dv0\0\x02\0\x10\0", 8) == 0 ? bytes.data + i + 8 : NULL;
    }
    assert_non_null(raster);
    unsigned dots = 0;
    for (size_t i = 0; i < 32; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            dots += (unsigned char)raster[i] >> bit & 1;
        }
    }
    assert_true(dots > 110 && dots < 146); /* of 256: every other one */
    buffer_finish(&bytes);
}

static void
a_picture_that_is_none_makes_no_paper(void **state)
{
    (void)state;
    struct receiptline_template *template = NULL;
    struct error_detail err = {0};
    struct buffer bytes;
    /* A header that promises eight by eight, and nothing behind it. */
    static const char markup[] = "{image:iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQAAAAA=}";
    buffer_init(&bytes, RECEIPTLINE_PAPER_MAX_BYTES);
    assert_int_equal(receiptline_compile(&template, NULL, 0, markup, sizeof markup - 1, &err), STATUS_OK);
    assert_int_equal(receiptline_print(template, NULL, 48, &bytes, &err), STATUS_INVALID);
    assert_true(err.message[0] != '\0');
    receiptline_destroy(template);
    buffer_finish(&bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_paper_with_its_sample_prints_as_it_was_approved),
        cmocka_unit_test(every_paper_of_training_says_so_twice_and_every_copy_which_it_is),
        cmocka_unit_test(a_sample_that_speaks_of_what_the_paper_does_not_know_is_refused),
        cmocka_unit_test(a_preview_names_what_is_wrong_with_a_template),
        cmocka_unit_test(a_character_that_the_printer_lacks_is_drawn_and_defined_once),
        cmocka_unit_test(what_no_font_has_prints_as_a_geta_mark),
        cmocka_unit_test(a_printer_is_taught_no_more_than_it_can_learn),
        cmocka_unit_test(a_drawn_glyph_has_the_shape_of_its_character),
        cmocka_unit_test(codes_go_out_as_the_printers_reference_says),
        cmocka_unit_test(a_logo_is_printed_as_dots),
        cmocka_unit_test(a_picture_that_is_none_makes_no_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
