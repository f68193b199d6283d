/* ZVT's bytes against published ones: frames of the ecrterm project's tests, status informations of Portalum.Zvt's;
 * then what lies, and what shows a card. */
#include "drivers/terminal_zvt/request.h"
#include "drivers/terminal_zvt/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* "10 02 06 …" into BYTES; their number. */
static size_t
from_hex(const char *hex, uint8_t *bytes, size_t size)
{
    size_t count = 0;
    unsigned byte = 0;
    int used = 0;
    while (sscanf(hex, " %2x%n", &byte, &used) == 1) {
        assert_true(count < size);
        bytes[count++] = (uint8_t)byte;
        hex += used;
    }
    return count;
}

static const char *const published[] = {
    "10 02 06 00 06 12 34 56 BA 09 78 10 03 24 C3",
    "10 02 06 93 03 12 34 56 10 03 CA A4",
    "10 02 06 01 0A 04 00 00 00 01 10 10 00 49 09 78 10 03 F2 FF", /* a DLE in the amount */
    "10 02 06 70 00 10 03 D9 F9",
    "10 02 80 00 00 10 03 F5 1F",
    "10 02 84 9C 00 10 03 C3 41",
    "10 02 06 18 00 10 03 56 3A",
    "10 02 05 01 03 12 34 56 10 03 E0 43",
    "10 02 06 D1 19 00 47 65 73 61 6D 74 20 20 20 20 20 20 30 20 20 20 20 20 20 20 30 2C 30 30 10 03 B5 AB",
};

static enum zvt_event
take_all(struct zvt_receiver *receiver, const uint8_t *bytes, size_t length)
{
    enum zvt_event last = ZVT_EVENT_NONE;
    for (size_t i = 0; i < length; i++) {
        assert_int_equal(last, ZVT_EVENT_NONE);
        last = zvt_receiver_take(receiver, bytes[i]);
    }
    return last;
}

static void
published_frames_are_read_and_written_byte_for_byte(void **state)
{
    (void)state;
    static struct zvt_receiver receiver;

    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        uint8_t bytes[64];
        const size_t length = from_hex(published[i], bytes, sizeof bytes);
        struct buffer out;
        buffer_init(&out, 256);
        zvt_receiver_reset(&receiver);
        assert_int_equal(take_all(&receiver, bytes, length), ZVT_EVENT_MESSAGE);
        zvt_frame_append(&out, receiver.message, receiver.length);
        assert_int_equal(out.length, length);
        assert_memory_equal(out.data, bytes, length);
        buffer_finish(&out);
    }
}

static void
any_flipped_bit_of_a_frame_is_noticed(void **state)
{
    (void)state;
    static struct zvt_receiver receiver;
    uint8_t good[64];
    const size_t length = from_hex(published[2], good, sizeof good);

    for (size_t bit = 0; bit < length * 8; bit++) {
        uint8_t bytes[64];
        memcpy(bytes, good, length);
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        zvt_receiver_reset(&receiver);
        for (size_t i = 0; i < length; i++) {
            assert_int_not_equal(zvt_receiver_take(&receiver, bytes[i]), ZVT_EVENT_MESSAGE);
        }
    }
}

static void
a_frame_that_broke_off_does_not_spoil_the_next(void **state)
{
    (void)state;
    static struct zvt_receiver receiver;
    uint8_t bytes[64];
    const size_t length = from_hex(published[4], bytes, sizeof bytes);

    for (size_t cut = 1; cut < length - 3; cut++) {
        zvt_receiver_reset(&receiver);
        for (size_t i = 0; i < cut; i++) {
            (void)zvt_receiver_take(&receiver, bytes[i]);
        }
        enum zvt_event last = ZVT_EVENT_NONE;
        for (int times = 0; times < 2 && last != ZVT_EVENT_MESSAGE; times++) { /* the second time at the latest */
            for (size_t i = 0; i < length; i++) {
                last = zvt_receiver_take(&receiver, bytes[i]);
            }
        }
        assert_int_equal(last, ZVT_EVENT_MESSAGE);
    }
}

static void
requests_have_the_published_shape(void **state)
{
    (void)state;
    static const uint8_t head[] = {0x06, 0x01, 0x37, 0x04, 0, 0, 0, 0, 0x10, 0x00, 0x49, 0x03, 0x92, 0x06};
    struct terminal_request request = {.amount_yen = 1000, .brand = "transit_ic", .media = TERMINAL_EMONEY};
    struct buffer out;
    buffer_init(&out, ZVT_APDU_MAX_BYTES);
    snprintf(request.reference, sizeof request.reference, "sale-1");

    zvt_request_sale(&out, &request);

    assert_int_equal(out.length, 3 + (unsigned char)out.data[2]);
    assert_memory_equal(out.data, head, 2);
    assert_memory_equal(out.data + 3, head + 3, sizeof head - 3);
    buffer_finish(&out);
}

/* ---- what a status information says ---- */

static enum status
read_hex(const char *hex, enum zvt_asked asked, const char *reference, struct terminal_answer *out)
{
    uint8_t bytes[512];
    unsigned command = 0;
    struct zvt_bytes data;
    struct error_detail err;
    const size_t length = from_hex(hex, bytes, sizeof bytes);
    assert_true(zvt_apdu_read((struct zvt_bytes){bytes, length}, &command, &data));
    assert_int_equal(command, ZVT_STATUS_INFORMATION);
    return zvt_status_read(data, asked, reference, out, &err);
}

/* These name no reference of ours, and are not in yen: read whole, and believed of nothing. */
static void
published_status_informations_read_whole_and_are_nobodys(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "04 0F 1E 27 6C 29 28 00 48 69 3C F0 F1 F9 41 62 62 72 75 63 68 20 64 75 72 63 68 20 4B 75 6E 64 65",
        "04 0F 18 27 FF 29 28 00 48 69 3C F0 F1 F3 42 65 74 72 61 67 20 66 61 6C 73 63 68",
        "04 0F 65 27 00 0C 23 13 55 0D 10 29 0E 99 99 22 F0 F8 EE EE EE EE EE EE 47 71 A0 01 29 00 00 00 06 87 00 08 "
        "0B "
        "00 00 00 8A 06 8B F1 F1 4D 41 53 54 45 52 43 41 52 44 00 06 2E 2F 08 1F 12 01 02 1F 10 01 00 60 1B 43 07 A0 "
        "00 "
        "00 00 04 10 10 44 10 44 65 62 69 74 20 4D 61 73 74 65 72 63 61 72 64 1F 2B 04 10 01 50 08",
    };
    struct terminal_answer answer;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(read_hex(rows[i], ZVT_ASKED_SALE, "sale-1", &answer), STATUS_NOT_FOUND);
    }
    /* Nobody asks under an empty reference (the door refuses it); here it shows that an approval in euros is none. */
    assert_int_equal(read_hex("04 0F 0C 27 00 04 00 00 00 00 20 40 49 09 78", ZVT_ASKED_SALE, "", &answer),
                     STATUS_INVALID);
}

/* Three messages of Portalum.Zvt's tests: a sale over 10.00, an acknowledgement, and a sale that was stopped. The last
 * is published without its end; its length says so, and with the length of what is there it reads up to the cut. */
static void
published_messages_without_frames_are_written_and_read(void **state)
{
    (void)state;
    static const uint8_t sale[] = {0x06, 0x01, 0x07, 0x04, 0, 0, 0, 0, 0x10, 0x00};
    static const uint8_t acknowledgement[] = {0x80, 0x00, 0x00};
    static const char stopped[] =
        "04 0F 44 27 6C 04 00 00 00 00 12 00 49 09 78 0C 11 33 39 0D 08 17 22 F0 F0 0B 00 00 00 "
        "19 60 29 52 50 02 95 8B F0 F1 00";
    struct buffer out, data;
    uint8_t bytes[64];
    unsigned command = 0;
    struct zvt_bytes content;
    struct terminal_answer answer;
    struct error_detail err;
    buffer_init(&out, ZVT_APDU_MAX_BYTES);
    buffer_init(&data, ZVT_APDU_MAX_BYTES);

    buffer_append_byte(&data, ZVT_FIELD_AMOUNT);
    zvt_bcd_append(&data, 1000, ZVT_AMOUNT_BYTES);
    zvt_apdu_append(&out, ZVT_AUTHORISATION, &data);
    assert_int_equal(out.length, sizeof sale);
    assert_memory_equal(out.data, sale, sizeof sale);

    buffer_clear(&out);
    zvt_request_plain(&out, ZVT_CONFIRMED);
    assert_int_equal(out.length, sizeof acknowledgement);
    assert_memory_equal(out.data, acknowledgement, sizeof acknowledgement);

    const size_t length = from_hex(stopped, bytes, sizeof bytes);
    assert_false(zvt_apdu_read((struct zvt_bytes){bytes, length}, &command, &content));
    bytes[2] = (uint8_t)(length - 3);
    assert_true(zvt_apdu_read((struct zvt_bytes){bytes, length}, &command, &content));
    assert_int_equal(command, ZVT_STATUS_INFORMATION);
    assert_int_not_equal(zvt_status_read(content, ZVT_ASKED_SALE, "sale-1", &answer, &err), STATUS_OK);
    buffer_finish(&data);
    buffer_finish(&out);
}

struct built {
    struct buffer data, tags;
};

/* A status information about "sale-1" with RESULT and AMOUNT_YEN; further fields and containers are the test's. */
static void
build(struct built *built, unsigned result, int64_t amount_yen, unsigned flags)
{
    const uint8_t flag_byte = (uint8_t)flags;
    buffer_init(&built->data, ZVT_APDU_MAX_BYTES);
    buffer_init(&built->tags, ZVT_APDU_MAX_BYTES);
    buffer_append_byte(&built->data, ZVT_FIELD_RESULT);
    buffer_append_byte(&built->data, result);
    buffer_append_byte(&built->data, ZVT_FIELD_AMOUNT);
    zvt_bcd_append(&built->data, amount_yen, ZVT_AMOUNT_BYTES);
    buffer_append_byte(&built->data, ZVT_FIELD_CURRENCY);
    zvt_bcd_append(&built->data, ZVT_CURRENCY_YEN, 2);
    zvt_tag_append_text(&built->tags, ZVT_TAG_REFERENCE, "sale-1");
    zvt_tag_append(&built->tags, ZVT_TAG_FLAGS, &flag_byte, 1);
}

static enum status
read_built(struct built *built, enum zvt_asked asked, struct terminal_answer *out)
{
    struct error_detail err = {0};
    zvt_container_append(&built->data, &built->tags);
    const struct zvt_bytes data = {(const uint8_t *)built->data.data, built->data.length};
    memset(out, 0, sizeof *out);
    enum status status = zvt_status_read(data, asked, "sale-1", out, &err);
    assert_null(strstr(err.message, "4111"));
    buffer_finish(&built->data);
    buffer_finish(&built->tags);
    return status;
}

static enum terminal_result
result_of(unsigned code, enum zvt_asked asked, unsigned flags)
{
    struct built built;
    struct terminal_answer answer;
    build(&built, code, 450, flags);
    return read_built(&built, asked, &answer) == STATUS_OK ? answer.result : TERMINAL_UNKNOWN;
}

static void
every_result_code_means_what_the_table_says_and_no_other_proves_anything(void **state)
{
    (void)state;
    enum { IN_DOUBT = 2, IN_PROGRESS = 4, NOT_FOUND = 8, REFUND = 16 };

    assert_int_equal(result_of(0x00, ZVT_ASKED_SALE, 0), TERMINAL_APPROVED);
    assert_int_equal(result_of(0x05, ZVT_ASKED_SALE, 0), TERMINAL_CENTER_ERROR);
    assert_int_equal(result_of(0x64, ZVT_ASKED_SALE, 0), TERMINAL_NO_CARD);
    assert_int_equal(result_of(0x6C, ZVT_ASKED_SALE, 0), TERMINAL_CANCELLED);
    assert_int_equal(result_of(0x71, ZVT_ASKED_SALE, 0), TERMINAL_DEFICIENT);
    assert_int_equal(result_of(0x9C, ZVT_ASKED_SALE, 0), TERMINAL_BUSY);
    assert_int_equal(result_of(0x9C, ZVT_ASKED_STATUS, 0), TERMINAL_IN_PROGRESS);
    assert_int_equal(result_of(0xA3, ZVT_ASKED_SALE, 0), TERMINAL_COMMUNICATION_ERROR);
    assert_int_equal(result_of(0xC5, ZVT_ASKED_SALE, 0), TERMINAL_NOT_ALLOWED);
    assert_int_equal(result_of(0xA1, ZVT_ASKED_SALE, 0), TERMINAL_UNKNOWN); /* no answer from the centre */
    assert_int_equal(result_of(0x66, ZVT_ASKED_SALE, 0), TERMINAL_UNKNOWN);
    assert_int_equal(result_of(0xFF, ZVT_ASKED_SALE, 0), TERMINAL_UNKNOWN);
    assert_int_equal(result_of(0xFF, ZVT_ASKED_SALE, IN_DOUBT), TERMINAL_IN_DOUBT);
    assert_int_equal(result_of(0x9C, ZVT_ASKED_STATUS, IN_PROGRESS), TERMINAL_IN_PROGRESS);
    assert_int_equal(result_of(0xB5, ZVT_ASKED_STATUS, NOT_FOUND), TERMINAL_NOT_FOUND);
    assert_int_equal(result_of(0xB5, ZVT_ASKED_SALE, NOT_FOUND), TERMINAL_UNKNOWN);
    assert_int_equal(result_of(0x00, ZVT_ASKED_SALE, REFUND), TERMINAL_UNKNOWN);
    assert_int_equal(result_of(0x00, ZVT_ASKED_REFUND, 0), TERMINAL_UNKNOWN);
    assert_int_equal(result_of(0x00, ZVT_ASKED_REFUND, REFUND), TERMINAL_APPROVED);
}

static void
an_approval_without_a_sound_amount_is_invalid(void **state)
{
    (void)state;
    struct built built;
    struct terminal_answer answer;

    build(&built, 0, 0, 0);
    assert_int_equal(read_built(&built, ZVT_ASKED_SALE, &answer), STATUS_INVALID);
    build(&built, 0, INT64_C(10000000), 0);
    assert_int_equal(read_built(&built, ZVT_ASKED_SALE, &answer), STATUS_INVALID);
}

static void
append_field(struct built *built, unsigned tag, size_t digits, const void *bytes, size_t length)
{
    buffer_append_byte(&built->data, tag);
    buffer_append_byte(&built->data, digits == 3 ? 0xf0 : 0xf0 + (unsigned)length / 10);
    if (digits == 3) {
        buffer_append_byte(&built->data, 0xf0 + (unsigned)length / 10);
    }
    buffer_append_byte(&built->data, 0xf0 + (unsigned)length % 10);
    buffer_append(&built->data, bytes, length);
}

static void
a_card_number_anywhere_refuses_the_whole_answer(void **state)
{
    (void)state;
    static const uint8_t pan[] = {0x41, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11};
    static const uint8_t track[] = {0x41, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0xD2, 0x61, 0x22, 0x01};
    static const char text[] = "KARTE 4111-1111-1111-1111 OK";
    struct built built;
    struct terminal_answer answer;

    build(&built, 0, 450, 0);
    append_field(&built, ZVT_FIELD_PAN, 2, pan, sizeof pan);
    assert_int_equal(read_built(&built, ZVT_ASKED_SALE, &answer), STATUS_REFUSED);
    build(&built, 0, 450, 0);
    append_field(&built, ZVT_FIELD_TRACK2, 2, track, sizeof track);
    assert_int_equal(read_built(&built, ZVT_ASKED_SALE, &answer), STATUS_REFUSED);
    build(&built, 0, 450, 0);
    append_field(&built, ZVT_FIELD_TEXT, 3, text, strlen(text));
    assert_int_equal(read_built(&built, ZVT_ASKED_SALE, &answer), STATUS_REFUSED);
    build(&built, 0, 450, 0);
    append_field(&built, 0x8B, 2, text, strlen(text));
    assert_int_equal(read_built(&built, ZVT_ASKED_SALE, &answer), STATUS_REFUSED);
    build(&built, 0, 450, 0);
    zvt_tag_append_text(&built.tags, 0x1F16, text);
    assert_int_equal(read_built(&built, ZVT_ASKED_SALE, &answer), STATUS_REFUSED);
    build(&built, 0, 450, 0);
    zvt_tag_append_text(&built.tags, ZVT_TAG_CENTRE_CODE, "4111111111111111");
    assert_int_equal(read_built(&built, ZVT_ASKED_SALE, &answer), STATUS_REFUSED);
}

static void
a_masked_number_is_kept_as_a_mask(void **state)
{
    (void)state;
    static const uint8_t masked[] = {0x43, 0x21, 0x12, 0xEE, 0xEE, 0xEE, 0x12, 0x34};
    struct built built;
    struct terminal_answer answer;
    build(&built, 0, 450, 0);
    append_field(&built, ZVT_FIELD_PAN, 2, masked, sizeof masked);

    assert_int_equal(read_built(&built, ZVT_ASKED_SALE, &answer), STATUS_OK);

    assert_string_equal(answer.masked_number, "432112xxxxxx1234");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_frames_are_read_and_written_byte_for_byte),
        cmocka_unit_test(any_flipped_bit_of_a_frame_is_noticed),
        cmocka_unit_test(a_frame_that_broke_off_does_not_spoil_the_next),
        cmocka_unit_test(requests_have_the_published_shape),
        cmocka_unit_test(published_status_informations_read_whole_and_are_nobodys),
        cmocka_unit_test(published_messages_without_frames_are_written_and_read),
        cmocka_unit_test(every_result_code_means_what_the_table_says_and_no_other_proves_anything),
        cmocka_unit_test(an_approval_without_a_sound_amount_is_invalid),
        cmocka_unit_test(a_card_number_anywhere_refuses_the_whole_answer),
        cmocka_unit_test(a_masked_number_is_kept_as_a_mask),
    };
    return cmocka_run_group_tests_name("zvt", tests, NULL, NULL);
}
