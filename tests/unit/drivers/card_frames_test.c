/* Frames and APDUs of card readers, against published vectors (nfcpy's tests; a public program for the RC-S300). */
#include "drivers/felica/felica.h"
#include "drivers/pcsc_reader/transparent.h"
#include "drivers/port100_reader/frame.h"

#include "common/bytes/encoding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t id[FELICA_ID_SIZE] = {0x01, 0x01, 0x0A, 0x10, 0x8E, 0x1B, 0xAD, 0x39};

static size_t
bytes_of(uint8_t *out, const char *hex)
{
    const size_t length = strlen(hex) / 2;
    assert_int_equal(hex_decode(out, length, hex, strlen(hex)), STATUS_OK);
    return length;
}

static void
a_frame_is_as_nfcpy_publishes_it(void **state)
{
    (void)state;
    uint8_t frame[PORT100_FRAME_MAX], published[PORT100_FRAME_MAX];
    static const struct {
        const char *data, *frame;
    } vectors[] = {{"3132", "0000FFFFFF0200FE31329D00"},
                   {"D62A01", "0000FFFFFF0300FDD62A01FF00"},
                   {"D60600", "0000FFFFFF0300FDD606002400"},
                   {"D60001010F01", "0000FFFFFF0600FAD60001010F011800"}};
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        uint8_t data[16];
        const uint8_t *found = NULL;
        size_t found_length = 0;
        const size_t data_length = bytes_of(data, vectors[i].data);
        const size_t length = bytes_of(published, vectors[i].frame);
        assert_int_equal(port100_frame_write(frame, data, data_length), length);
        assert_memory_equal(frame, published, length);
        assert_int_equal(port100_frame_read(published, length, &found, &found_length), PORT100_DATA);
        assert_int_equal(found_length, data_length);
        assert_memory_equal(found, data, data_length);
    }
}

static void
a_frame_with_any_byte_changed_is_no_data(void **state)
{
    (void)state;
    uint8_t frame[PORT100_FRAME_MAX];
    const uint8_t *found = NULL;
    size_t found_length = 0;
    const size_t length = bytes_of(frame, "0000FFFFFF0600FAD60001010F011800");
    for (size_t i = 0; i < length; i++) {
        frame[i] ^= 0x10;
        assert_int_not_equal(port100_frame_read(frame, length, &found, &found_length), PORT100_DATA);
        frame[i] ^= 0x10;
        assert_int_not_equal(port100_frame_read(frame, i, &found, &found_length), PORT100_DATA);
    }
}

static void
the_short_frames_are_told_apart(void **state)
{
    (void)state;
    static const uint8_t nak[] = {0, 0, 0xFF, 0xFF, 0, 0}, error[] = {0, 0, 0xFF, 1, 0xFF, 0x7F, 0x81, 0};
    const uint8_t *found = NULL;
    size_t length = 0;
    assert_int_equal(port100_frame_read(port100_ack, PORT100_ACK_SIZE, &found, &length), PORT100_ACK);
    assert_int_equal(port100_frame_read(nak, sizeof nak, &found, &length), PORT100_NAK);
    assert_int_equal(port100_frame_read(error, sizeof error, &found, &length), PORT100_ERROR);
    assert_int_equal(port100_frame_read(port100_ack, 3, &found, &length), PORT100_DAMAGED);
}

static void
a_polling_through_pcsc_has_the_objects_that_an_rc_s300_is_sent(void **state)
{
    (void)state;
    struct felica_frame command;
    struct apdu apdu;
    uint8_t published[64];
    felica_polling_write(&command, FELICA_ANY_SYSTEM);
    command.bytes[4] = 1; /* the published one asks for the system code as well */
    transparent_write(&apdu, &command, 100);
    const size_t length = bytes_of(published, "FFC20001115F4604A0860100958200060600FFFF010000");
    assert_int_equal(apdu.length, length);
    assert_memory_equal(apdu.bytes, published, length);

    /* The reader's own escape command, of another public program, carries the same 17 bytes of data objects. */
    uint8_t escape[32];
    const size_t escape_length = bytes_of(escape, "FF5000010000115F4604A0860100958200060600FFFF0100000000");
    assert_int_equal(escape_length, 7 + 17 + 3);
    assert_memory_equal(apdu.bytes + 5, escape + 7, 17);
}

static void
an_answer_through_pcsc_is_found_between_the_other_objects(void **state)
{
    (void)state;
    struct felica_frame answer;
    uint8_t bytes[128], found[FELICA_ID_SIZE];
    size_t length = bytes_of(bytes, "C003009000920100960200009714140101010A108E1BAD39100B4B428485D0FF00039000");
    assert_int_equal(transparent_read(&answer, bytes, length, NULL), STATUS_OK);
    assert_int_equal(felica_polling_read(found, &answer, NULL), STATUS_OK);
    assert_memory_equal(found, id, sizeof id);

    length = bytes_of(bytes, "C0030164019000");
    assert_int_equal(transparent_read(&answer, bytes, length, NULL), STATUS_NOT_FOUND);
    length = bytes_of(bytes, "6A82");
    assert_int_equal(transparent_read(&answer, bytes, length, NULL), STATUS_REFUSED);
    length = bytes_of(bytes, "C00300900097FF9000");
    assert_int_equal(transparent_read(&answer, bytes, length, NULL), STATUS_INVALID);
}

static void
a_reading_names_card_service_and_blocks(void **state)
{
    (void)state;
    struct felica_frame command;
    uint8_t wanted[64];
    felica_read_write(&command, id, 0x090F, 4, 2);
    const size_t length = bytes_of(wanted, "120601010A108E1BAD39010F090280048005");
    assert_int_equal(command.length, length);
    assert_memory_equal(command.bytes, wanted, length);
}

static void
an_answer_of_another_card_or_length_is_not_taken(void **state)
{
    (void)state;
    uint8_t blocks[1][FELICA_BLOCK_SIZE];
    struct felica_frame answer = {0};
    answer.length = bytes_of(answer.bytes, "1D0701010A108E1BAD39000001160100020E98E376E37D2E2200008000");
    assert_int_equal(felica_read_read(blocks, &answer, id, 1, NULL), STATUS_OK);
    assert_int_equal(blocks[0][15], 0x00);
    assert_int_equal(blocks[0][14], 0x80);

    answer.bytes[5] ^= 1;
    assert_int_equal(felica_read_read(blocks, &answer, id, 1, NULL), STATUS_INVALID);
    answer.bytes[5] ^= 1;
    answer.length--;
    assert_int_equal(felica_read_read(blocks, &answer, id, 1, NULL), STATUS_INVALID);
    answer.bytes[0] = (uint8_t)answer.length;
    assert_int_equal(felica_read_read(blocks, &answer, id, 1, NULL), STATUS_INVALID);

    answer.length = bytes_of(answer.bytes, "0C0701010A108E1BAD3901A6");
    assert_int_equal(felica_read_read(blocks, &answer, id, 1, NULL), STATUS_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_as_nfcpy_publishes_it),
        cmocka_unit_test(a_frame_with_any_byte_changed_is_no_data),
        cmocka_unit_test(the_short_frames_are_told_apart),
        cmocka_unit_test(a_polling_through_pcsc_has_the_objects_that_an_rc_s300_is_sent),
        cmocka_unit_test(an_answer_through_pcsc_is_found_between_the_other_objects),
        cmocka_unit_test(a_reading_names_card_service_and_blocks),
        cmocka_unit_test(an_answer_of_another_card_or_length_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
