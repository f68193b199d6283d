/* A job for any printer becomes one for each model, and what comes out on paper is the same. */
#include "drivers/escpos/encoder.h"
#include "drivers/escpos/model.h"
#include "drivers/escpos_printer/adapt.h"
#include "drivers/paper/paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { COLUMNS = 48 };

static struct buffer
make_job(void)
{
    struct buffer bytes;
    struct escpos printer;
    buffer_init(&bytes, 64 * 1024);
    escpos_init(&printer, &bytes, COLUMNS);
    escpos_begin(&printer);
    escpos_line(&printer, "領収書 ﾌﾟｰﾙ 能ソ表");
    escpos_qr(&printer, "https://example.jp/領収", 25, 4, ESCPOS_QR_M);
    escpos_code128(&printer, "A-1234567", 60, 2, /* has_text= */ true);
    escpos_align(&printer, ESCPOS_CENTER);
    escpos_barcode(&printer, ESCPOS_EAN13, "4901234567894", 50, 2, /* has_text= */ false);
    escpos_align(&printer, ESCPOS_RIGHT);
    escpos_qr(&printer, "right", 5, 3, ESCPOS_QR_L);
    escpos_align(&printer, ESCPOS_LEFT);
    escpos_size(&printer, 2, 2);
    escpos_pair(&printer, "合計", "¥450");
    escpos_size(&printer, 1, 1);
    escpos_cut(&printer);
    assert_int_equal(escpos_finish(&printer, NULL), STATUS_OK);
    return bytes;
}

static struct buffer
adapt(const struct escpos_model *model, const struct buffer *job)
{
    struct buffer out;
    buffer_init(&out, ADAPTED_JOB_MAX_BYTES);
    assert_int_equal(printer_job_adapt(model, job->data, job->length, &out, NULL), STATUS_OK);
    return out;
}

static bool
contains(const struct buffer *bytes, const char *stretch, size_t length)
{
    for (size_t i = 0; i + length <= bytes->length; i++) {
        if (memcmp(bytes->data + i, stretch, length) == 0) {
            return true;
        }
    }
    return false;
}

static void
a_complete_model_gets_the_job_as_it_is(void **state)
{
    (void)state;
    struct buffer job = make_job();

    struct buffer out = adapt(escpos_model_find("tm-m30"), &job);

    assert_int_equal(out.length, job.length);
    assert_memory_equal(out.data, job.data, job.length);
    buffer_finish(&out);
    buffer_finish(&job);
}

/* The picture of the sheet that BYTES make. */
static struct buffer
picture_of(const struct buffer *bytes)
{
    struct paper *paper = NULL;
    struct buffer png;
    buffer_init(&png, PAPER_PNG_MAX_BYTES);
    assert_int_equal(paper_create(&paper, COLUMNS, NULL), STATUS_OK);
    paper_feed(paper, bytes->data, bytes->length);
    assert_int_equal(paper_report(paper)->unknown_commands, 0);
    assert_int_equal(paper_png(paper, 0, &png, NULL), STATUS_OK);
    paper_destroy(paper);
    return png;
}

static void
codes_as_pictures_look_like_the_codes_that_printers_draw(void **state)
{
    (void)state;
    struct escpos_model model = *escpos_model_find("mute");
    model.cutting = ESCPOS_CUTS_AFTER_FEED; /* so that the sheets end alike */
    struct buffer job = make_job();

    struct buffer out = adapt(&model, &job);

    assert_false(contains(&out, "\x1d(k", 3));
    assert_false(contains(&out, "\x1dk", 2));
    assert_true(contains(&out, "\x1dv0", 3));
    struct buffer native = picture_of(&job), drawn = picture_of(&out);
    assert_int_equal(native.length, drawn.length);
    assert_memory_equal(native.data, drawn.data, native.length);
    buffer_finish(&native);
    buffer_finish(&drawn);
    buffer_finish(&out);
    buffer_finish(&job);
}

static void
each_model_is_cut_as_it_can(void **state)
{
    (void)state;
    struct buffer job = make_job();
    struct buffer at_once = adapt(escpos_model_find("generic-80"), &job);
    struct buffer torn = adapt(escpos_model_find("generic-58"), &job);

    assert_memory_equal(at_once.data + at_once.length - 6,
                        "\x1b"
                        "d\x04\x1dV\x01",
                        6);
    assert_memory_equal(torn.data + torn.length - 3,
                        "\x1b"
                        "d\x04",
                        3);
    buffer_finish(&at_once);
    buffer_finish(&torn);
    buffer_finish(&job);
}

static void
bytes_that_are_no_commands_pass(void **state)
{
    (void)state;
    /* A picture with a cut in it, a kanji whose second byte is a backslash, a command that breaks off. */
    static const char job[] = "\x1dv0\0\x01\0\x03\0\x1dV\x01\x94\x5c\x83\x5c\x1b\x07\x1d(k\x10";
    struct buffer in, out;
    buffer_init(&in, sizeof job);
    buffer_append(&in, job, sizeof job - 1);

    out = adapt(escpos_model_find("mute"), &in);

    assert_int_equal(out.length, in.length);
    assert_memory_equal(out.data, in.data, in.length);
    buffer_finish(&out);
    buffer_finish(&in);
}

static void
models_are_known_by_what_they_call_themselves(void **state)
{
    (void)state;

    assert_string_equal(escpos_model_identify("TM-m30III")->name, "tm-m30");
    assert_string_equal(escpos_model_identify("TM-T88VII")->name, "tm-t88");
    assert_string_equal(escpos_model_identify("TM-T88IV")->name, "tm-t88iv");
    assert_string_equal(escpos_model_identify("CT-S751")->name, "citizen");
    assert_null(escpos_model_identify("LBP6230"));
    assert_null(escpos_model_identify(""));
    assert_null(escpos_model_find("auto"));
}

static void
every_row_can_be_found_and_makes_sense(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct escpos_model *model; (model = escpos_model_at(count)) != NULL; count++) {
        assert_ptr_equal(escpos_model_find(model->name), model);
        assert_true(model->columns == 32 || model->columns == 42 || model->columns == 48);
        assert_true(model->has_status || model->acknowledgement == ESCPOS_ACK_NONE);
        assert_true(model->has_status || !model->reports_changes);
        for (size_t i = 0; model->identities[i] != NULL; i++) {
            assert_ptr_equal(escpos_model_identify(model->identities[i]), model);
        }
    }
    assert_in_range(count, 8, 50);
    assert_true(escpos_model_unknown()->acknowledgement > ESCPOS_ACK_JOB);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_complete_model_gets_the_job_as_it_is),
        cmocka_unit_test(codes_as_pictures_look_like_the_codes_that_printers_draw),
        cmocka_unit_test(each_model_is_cut_as_it_can),
        cmocka_unit_test(bytes_that_are_no_commands_pass),
        cmocka_unit_test(models_are_known_by_what_they_call_themselves),
        cmocka_unit_test(every_row_can_be_found_and_makes_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
