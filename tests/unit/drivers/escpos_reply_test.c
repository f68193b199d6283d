/* A printer's answers are told apart by their bits, in whatever order and pieces they come. */
#include "drivers/escpos/reply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static enum escpos_reply_kind
feed_all(struct escpos_reply_reader *reader, const char *bytes, size_t length)
{
    enum escpos_reply_kind last = ESCPOS_REPLY_NONE;
    for (size_t i = 0; i < length; i++) {
        last = escpos_reply_feed(reader, (unsigned char)bytes[i]);
    }
    return last;
}

static void
each_kind_of_answer_is_recognised(void **state)
{
    (void)state;
    struct escpos_reply_reader reader = {0};

    assert_int_equal(escpos_reply_feed(&reader, 0x16), ESCPOS_REPLY_STATUS);
    assert_int_equal(reader.bytes[0], 0x16);
    assert_int_equal(escpos_reply_feed(&reader, 0x0c), ESCPOS_REPLY_SENSOR);
    assert_int_equal(reader.bytes[0], 0x0c);
    assert_int_equal(feed_all(&reader, "\x14\x00\x0c\x0f", 4), ESCPOS_REPLY_REPORT);
    assert_memory_equal(reader.bytes, "\x14\x00\x0c\x0f", 4);
    assert_int_equal(feed_all(&reader, "\x37\x22\x30\x30\x41\x7a\x00", 7), ESCPOS_REPLY_JOB);
    assert_memory_equal(reader.bytes, "00Az", 4);
}

static void
flow_control_and_other_blocks_say_nothing(void **state)
{
    (void)state;
    struct escpos_reply_reader reader = {0};

    assert_int_equal(feed_all(&reader, "\x11\x13", 2), ESCPOS_REPLY_NONE);
    assert_int_equal(feed_all(&reader, "\x37\x25\x00", 3), ESCPOS_REPLY_NONE);
    assert_int_equal(escpos_reply_feed(&reader, 0x12), ESCPOS_REPLY_STATUS);
}

static void
a_name_is_told_as_text(void **state)
{
    (void)state;
    struct escpos_reply_reader reader = {0};

    assert_int_equal(feed_all(&reader, "_TM-T88V\x00", 9), ESCPOS_REPLY_NAME);
    assert_string_equal(reader.bytes, "TM-T88V");
    assert_int_equal(feed_all(&reader, "_\x01\xff\x00", 4), ESCPOS_REPLY_NAME);
    assert_string_equal(reader.bytes, "??");
    assert_int_equal(feed_all(&reader, "_\x00", 2), ESCPOS_REPLY_NONE);
}

static void
a_report_cut_short_does_not_swallow_what_follows(void **state)
{
    (void)state;
    struct escpos_reply_reader reader = {0};

    assert_int_equal(feed_all(&reader, "\x14\x00", 2), ESCPOS_REPLY_NONE);
    assert_int_equal(escpos_reply_feed(&reader, 0x12), ESCPOS_REPLY_STATUS);
}

static void
a_block_without_end_is_dropped(void **state)
{
    (void)state;
    struct escpos_reply_reader reader = {0};

    escpos_reply_feed(&reader, 0x37);
    for (int i = 0; i < 10 * ESCPOS_BLOCK_MAX_BYTES; i++) {
        assert_int_not_equal(escpos_reply_feed(&reader, 0x7f), ESCPOS_REPLY_JOB);
    }
    assert_int_equal(escpos_reply_feed(&reader, 0x12), ESCPOS_REPLY_STATUS);
}

static void
any_bytes_at_all_are_survived(void **state)
{
    (void)state;
    struct escpos_reply_reader reader = {0};
    uint32_t random = 1;

    for (int i = 0; i < 100000; i++) {
        random = random * 1664525 + 1013904223;
        escpos_reply_feed(&reader, (unsigned char)(random >> 24));
    }
}

static void
the_four_status_bytes_make_a_state(void **state)
{
    (void)state;
    struct printer_state ready = {0};
    struct printer_state paper_out = {0};
    struct printer_state broken = {0};

    escpos_state_from_status(&ready, 1, 0x16);
    escpos_state_from_status(&ready, 2, 0x12);
    escpos_state_from_status(&ready, 3, 0x12);
    escpos_state_from_status(&ready, 4, 0x1e);
    escpos_state_from_status(&paper_out, 1, 0x1e);
    escpos_state_from_status(&paper_out, 2, 0x32);
    escpos_state_from_status(&paper_out, 4, 0x72);
    escpos_state_from_status(&broken, 2, 0x56);
    escpos_state_from_status(&broken, 3, 0x1a);

    assert_true(ready.is_known && ready.is_online && ready.paper_is_near_end);
    assert_false(ready.paper_is_out || ready.cover_is_open || ready.cutter_has_failed || ready.needs_attention);
    assert_true(paper_out.paper_is_out);
    assert_false(paper_out.is_online || paper_out.cover_is_open);
    assert_true(broken.cover_is_open && broken.cutter_has_failed && broken.needs_attention);
}

static void
a_report_makes_a_state(void **state)
{
    (void)state;
    struct printer_state open = {0};
    struct printer_state out = {0};

    escpos_state_from_report(&open, (const unsigned char[]){0x3c, 0x00, 0x00, 0x0f});
    escpos_state_from_report(&out, (const unsigned char[]){0x1c, 0x08, 0x0f, 0x0f});

    assert_true(open.is_known && open.cover_is_open && !open.is_online);
    assert_true(out.paper_is_out && out.paper_is_near_end && out.cutter_has_failed);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_answer_is_recognised),
        cmocka_unit_test(flow_control_and_other_blocks_say_nothing),
        cmocka_unit_test(a_name_is_told_as_text),
        cmocka_unit_test(a_report_cut_short_does_not_swallow_what_follows),
        cmocka_unit_test(a_block_without_end_is_dropped),
        cmocka_unit_test(any_bytes_at_all_are_survived),
        cmocka_unit_test(the_four_status_bytes_make_a_state),
        cmocka_unit_test(a_report_makes_a_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
