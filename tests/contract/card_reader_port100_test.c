/* The card reader suite on an RC-S380 of umockdev, and the faults that only it can have. The reader's side is written
 * after nfcpy's tests and shares nothing with the driver. */
#include "drivers/port100_reader/port100_reader.h"
#include "tests/contract/card_reader_bench.h"
#include "tests/contract/support/mock_usb.h"
#include "tests/contract/support/virtual_card.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATIENCE_MS = 60 * 1000, SOON_MS = 50, STAYS = -1 };

enum garbling { GARBLING_NONE, GARBLING_CHECK, GARBLING_LENGTH, GARBLING_CODE, GARBLING_NO_ACK };

struct pasori {
    struct mock_usb usb;
    struct virtual_card card; /* under usb.lock */
    enum garbling garbling;   /* of the next answer; under usb.lock */
    bool is_field_on;
};

static void
send_data(struct pasori *pasori, const uint8_t *data, size_t length)
{
    uint8_t frame[300] = {0, 0, 0xFF, 0xFF, 0xFF};
    unsigned check = 0;
    frame[5] = (uint8_t)length;
    frame[6] = (uint8_t)(length >> 8);
    frame[7] = (uint8_t)(0x200 - frame[5] - frame[6]);
    for (size_t i = 0; i < length; i++) {
        frame[8 + i] = data[i];
        check += data[i];
    }
    frame[8 + length] = (uint8_t)(0u - check);
    size_t sent = length + 10;
    frame[8 + length] = (uint8_t)(frame[8 + length] + (pasori->garbling == GARBLING_CHECK ? 1 : 0));
    sent -= pasori->garbling == GARBLING_LENGTH ? 4 : 0;
    if (pasori->garbling == GARBLING_CHECK || pasori->garbling == GARBLING_LENGTH) {
        pasori->garbling = GARBLING_NONE;
    }
    mock_usb_send(&pasori->usb, frame, sent);
}

static void
communicate(struct pasori *pasori, const uint8_t *command, size_t length)
{
    uint8_t answer[7 + VIRTUAL_ANSWER_MAX] = {0xD7, 0x05, 0, 0, 0, 0, 0x08};
    const size_t said =
        pasori->is_field_on ? virtual_card_answer(&pasori->card, command + 2, length - 2, answer + 7) : 0;
    answer[1] = pasori->garbling == GARBLING_CODE ? 0x07 : 0x05;
    if (said == 0) {
        answer[2] = 0x80; /* nobody answered in time */
    }
    send_data(pasori, answer, said == 0 ? 6 : 7 + said);
    pasori->garbling = GARBLING_NONE;
}

static void
receive(struct mock_usb *usb, const uint8_t *bytes, size_t length)
{
    static const uint8_t ack[] = {0, 0, 0xFF, 0, 0xFF, 0}, failure[] = {0, 0, 0xFF, 1, 0xFF, 0x7F, 0x81, 0};
    struct pasori *pasori = usb->context;
    if (length == sizeof ack && memcmp(bytes, ack, length) == 0) {
        return; /* whatever was under way is broken off */
    }
    if (length < 12 || bytes[8] != 0xD6) {
        mock_usb_send(usb, failure, sizeof failure);
        return;
    }
    if (pasori->garbling == GARBLING_NO_ACK) {
        pasori->garbling = GARBLING_NONE;
    } else {
        mock_usb_send(usb, ack, sizeof ack);
    }
    const uint8_t done[] = {0xD7, (uint8_t)(bytes[9] + 1), 0};
    switch (bytes[9]) {
    case 0x04:
        communicate(pasori, bytes + 10, length - 12);
        break;
    case 0x06:
        pasori->is_field_on = false;
        send_data(pasori, done, sizeof done);
        break;
    case 0x00:
        pasori->is_field_on = true;
        send_data(pasori, done, sizeof done);
        break;
    default:
        send_data(pasori, done, sizeof done);
        break;
    }
}

static void
lay(struct card_reader_bench *bench, const char *card, int answers)
{
    struct pasori *pasori = bench->context;
    g_mutex_lock(&pasori->usb.lock);
    pasori->card = (struct virtual_card){.kind = card, .answers_left = answers};
    g_mutex_unlock(&pasori->usb.lock);
}

static void
set_gone(struct card_reader_bench *bench, bool is_gone)
{
    struct pasori *pasori = bench->context;
    if (is_gone) {
        mock_usb_unplug(&pasori->usb);
    } else {
        mock_usb_plug_in(&pasori->usb);
    }
}

static int
set_up(void **state)
{
    struct card_reader_bench *bench = calloc(1, sizeof *bench);
    struct pasori *pasori = calloc(1, sizeof *pasori);
    if (bench == NULL || pasori == NULL || port100_reader_open(&bench->reader, NULL) != STATUS_OK) {
        return -1;
    }
    pasori->usb.vendor = 0x054C;
    pasori->usb.product = 0x06C3;
    pasori->usb.receive = receive;
    pasori->usb.context = pasori;
    mock_usb_create(&pasori->usb);
    mock_usb_plug_in(&pasori->usb);
    bench->context = pasori;
    bench->lay = lay;
    bench->set_gone = set_gone;
    *state = bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct card_reader_bench *bench = *state;
    struct pasori *pasori = bench->context;
    card_reader_close(bench->reader);
    mock_usb_destroy(&pasori->usb);
    free(pasori);
    free(bench);
    return 0;
}

static void
expect(struct card_reader_bench *bench, enum status wanted)
{
    struct card_inquiry inquiry;
    struct error_detail err = {0};
    const enum status status = card_reader_inquire(bench->reader, PATIENCE_MS, &inquiry, &err);
    if (status != wanted) {
        fail_msg("%s instead of %s: %s", status_word(status), status_word(wanted), err.message);
    }
}

static void
answers_that_are_garbled_are_no_balances_and_the_next_card_is_read(void **state)
{
    struct card_reader_bench *bench = *state;
    struct pasori *pasori = bench->context;
    static const enum garbling all[] = {GARBLING_CHECK, GARBLING_LENGTH, GARBLING_CODE, GARBLING_NO_ACK};
    lay(bench, "edy", STAYS);
    expect(bench, STATUS_OK);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        g_mutex_lock(&pasori->usb.lock);
        pasori->garbling = all[i];
        g_mutex_unlock(&pasori->usb.lock);
        expect(bench, STATUS_IO);
        expect(bench, STATUS_OK);
    }
}

static void
a_stalled_pipe_is_cleared(void **state)
{
    struct card_reader_bench *bench = *state;
    struct pasori *pasori = bench->context;
    lay(bench, "edy", STAYS);
    mock_usb_set_fault(&pasori->usb, MOCK_USB_STALLS);
    expect(bench, STATUS_IO);
    expect(bench, STATUS_OK);
}

static void
a_reader_that_says_nothing_is_given_up_and_tried_again(void **state)
{
    struct card_reader_bench *bench = *state;
    struct pasori *pasori = bench->context;
    lay(bench, "edy", STAYS);
    expect(bench, STATUS_OK);
    mock_usb_set_fault(&pasori->usb, MOCK_USB_NAKS);
    expect(bench, STATUS_IO);
    mock_usb_set_fault(&pasori->usb, MOCK_USB_FINE);
    expect(bench, STATUS_OK);
}

static void
a_reader_that_is_pulled_out_while_it_is_written_to_is_gone(void **state)
{
    struct card_reader_bench *bench = *state;
    struct pasori *pasori = bench->context;
    lay(bench, "edy", STAYS);
    expect(bench, STATUS_OK);
    mock_usb_set_fault(&pasori->usb, MOCK_USB_VANISHES);
    expect(bench, STATUS_DEVICE_GONE);
    mock_usb_set_fault(&pasori->usb, MOCK_USB_FINE);
    set_gone(bench, true);
    set_gone(bench, false);
    expect(bench, STATUS_OK);
}

static void
what_an_earlier_program_left_unread_is_no_answer(void **state)
{
    struct card_reader_bench *bench = *state;
    struct pasori *pasori = bench->context;
    static const uint8_t stale[] = {0xD7, 0x2B, 0x00};
    lay(bench, "edy", STAYS);
    g_mutex_lock(&pasori->usb.lock);
    send_data(pasori, stale, sizeof stale);
    send_data(pasori, stale, sizeof stale);
    g_mutex_unlock(&pasori->usb.lock);
    expect(bench, STATUS_OK);
}

static void
a_reader_that_another_program_holds_is_left_alone(void **state)
{
    struct card_reader_bench *bench = *state;
    struct pasori *pasori = bench->context;
    lay(bench, "edy", STAYS);
    mock_usb_set_fault(&pasori->usb, MOCK_USB_HELD);
    expect(bench, STATUS_BUSY);
    mock_usb_set_fault(&pasori->usb, MOCK_USB_FINE);
    expect(bench, STATUS_OK);
}

static void
the_field_is_off_between_inquiries(void **state)
{
    struct card_reader_bench *bench = *state;
    struct pasori *pasori = bench->context;
    lay(bench, "edy", STAYS);
    expect(bench, STATUS_OK);
    g_mutex_lock(&pasori->usb.lock);
    assert_false(pasori->is_field_on);
    g_mutex_unlock(&pasori->usb.lock);
    expect(bench, STATUS_OK);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest own[] = {
        TEST(answers_that_are_garbled_are_no_balances_and_the_next_card_is_read),
        TEST(a_stalled_pipe_is_cleared),
        TEST(a_reader_that_says_nothing_is_given_up_and_tried_again),
        TEST(a_reader_that_is_pulled_out_while_it_is_written_to_is_gone),
        TEST(what_an_earlier_program_left_unread_is_no_answer),
        TEST(a_reader_that_another_program_holds_is_left_alone),
        TEST(the_field_is_off_between_inquiries),
    };
#undef TEST
    return card_reader_contract_run("card reader: RC-S380", set_up, tear_down) +
           cmocka_run_group_tests(own, NULL, NULL);
}
