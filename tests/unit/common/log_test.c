/* No card number reaches the log, no reference is harmed on the way, and a message is one line. */
#include "common/log/log.h"
#include "common/text/utf8.h"

#include "tests/unit/common/scratch.h"
#include "tests/unit/common/seeded_random.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The brands' own test numbers. */
static const struct {
    const char *text, *scrubbed;
} cards[] = {
    {"4111111111111111", "xxxxxxxxxxxx1111"},
    {"4111 1111 1111 1111", "xxxx xxxx xxxx 1111"},
    {"4111-1111-1111-1111", "xxxx-xxxx-xxxx-1111"},
    {"5555555555554444", "xxxxxxxxxxxx4444"},
    {"2223003122003222", "xxxxxxxxxxxx3222"},
    {"378282246310005", "xxxxxxxxxxx0005"},
    {"3782 822463 10005", "xxxx xxxxxx x0005"},
    {"3782-822463-10005", "xxxx-xxxxxx-x0005"},
    {"3530111333300000", "xxxxxxxxxxxx0000"},
    {"3530 1113 3330 0000", "xxxx xxxx xxxx 0000"},
    {"30569309025904", "xxxxxxxxxx5904"},
    {"3056 930902 5904", "xxxx xxxxxx 5904"},
    {"6011111111111117", "xxxxxxxxxxxx1117"},
    {"6200000000000005", "xxxxxxxxxxxx0005"},
    {"620000 0000000005", "xxxxxx xxxxxx0005"},
    {"6205500000000000004", "xxxxxxxxxxxxxxx0004"},
    {"6205 5000 0000 0000 004", "xxxx xxxx xxxx xxx0 004"},
    {"620550 0000000000004", "xxxxxx xxxxxxxxx0004"},
    {"4222222222222", "xxxxxxxxx2222"},
};
enum { CARDS = sizeof cards / sizeof cards[0] };

static void
assert_scrubbed(const char *text, const char *expected, size_t expected_count)
{
    char copy[500];
    snprintf(copy, sizeof copy, "%s", text);
    assert_int_equal(card_number_is_present(copy, strlen(copy)), expected_count > 0);
    size_t count = card_numbers_scrub(copy);
    assert_string_equal(copy, expected);
    assert_int_equal(count, expected_count);
    assert_false(card_number_is_present(copy, strlen(copy)));
}

static void
card_numbers_are_scrubbed_in_every_form_cards_have(void **state)
{
    (void)state;
    for (size_t i = 0; i < CARDS; i++) {
        assert_scrubbed(cards[i].text, cards[i].scrubbed, 1);
    }
}

static void
card_numbers_are_scrubbed_wherever_they_stand(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
    } places[] = {
        {"card ", " declined"}, {"pan=", "&x=1"},  {"{\"pan\":\"", "\"}"},
        {"PAN", "JPY"},         {"番号", "番"},    {"(", ")"},
        {"450 ", ""},           {"", " 450"},      {"1-", "-1"},
        {"%B", "^NAME^2612"},   {";", "=2612201"}, {"", "D26122010"},
        {"- ", " -"},           {"--", "--"},      {"0x", "h"},
        {"20261122 ", ""},      {"", " 20261122"}, {"", "-20261122-0001"},
        {"01920000-", "-1"},
    };
    for (size_t i = 0; i < CARDS; i++) {
        for (size_t j = 0; j < sizeof places / sizeof places[0]; j++) {
            char text[200], expected[200];
            bool is_grouped = strpbrk(cards[i].text, " -") != NULL;
            bool is_digit_near = (places[j].before[0] != '\0' && strpbrk(places[j].before, "0123456789") != NULL) ||
                                 strpbrk(places[j].after, "0123456789") != NULL;
            if (is_grouped && is_digit_near) {
                continue; /* where the groups begin or end is then open; see below */
            }
            snprintf(text, sizeof text, "%s%s%s", places[j].before, cards[i].text, places[j].after);
            snprintf(expected, sizeof expected, "%s%s%s", places[j].before, cards[i].scrubbed, places[j].after);
            assert_scrubbed(text, expected, 1);
        }
    }
}

static void
a_card_number_in_groups_is_found_among_other_numbers(void **state)
{
    (void)state;
    assert_scrubbed("sale 12 4111 1111 1111 1111 at 10", "sale 12 xxxx xxxx xxxx 1111 at 10", 1);
    assert_scrubbed("2026-11-22 4111-1111-1111-1111", "2026-11-22 xxxx-xxxx-xxxx-1111", 1);
    assert_scrubbed("4111 1111 1111 1111 20261122", "xxxx xxxx xxxx 1111 20261122", 1);
    assert_scrubbed("0001 4111 1111 1111 1111", "0001 xxxx xxxx xxxx 1111", 1);
    assert_scrubbed("4111111111111111 5555555555554444", "xxxxxxxxxxxx1111 xxxxxxxxxxxx4444", 2);
    assert_scrubbed("4111 1111 1111 1111, 5555 5555 5555 4444", "xxxx xxxx xxxx 1111, xxxx xxxx xxxx 4444", 2);
}

static void
numbers_with_a_wrong_check_digit_stay(void **state)
{
    (void)state;
    static const char *const texts[] = {"4111111111111112", "4111 1111 1111 1112", "378282246310006",
                                        "3530111333300001", "5555-5555-5555-4445"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_scrubbed(texts[i], texts[i], 0);
    }
}

static void
masked_numbers_stay(void **state)
{
    (void)state;
    static const char *const texts[] = {"411111xxxxxx1111", "411111******1111", "************1111",
                                        "4111-11xx-xxxx-1111"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_scrubbed(texts[i], texts[i], 0);
    }
}

static void
the_digits_of_a_card_are_found_however_they_are_written(void **state)
{
    (void)state;
    static const char *const cards_in_disguise[] = {
        "4111111111111111",
        "4111.1111.1111.1111",
        "41111111 11111111",
        "4111  1111  1111  1111",
        "4/1/1/1/1/1/1/1/1/1/1/1/1/1/1/1",
        "４１１１１１１１１１１１１１１１",
        "４１１１　1111　１１１１　1111",
        "no 4111_1111_1111_1111",
        "3782.822463.10005x",
    };
    static const char *const others[] = {
        "",
        "A12345",
        "C000000124",
        "4111111111111112",                     /* no check digit of a card's */
        "9999999999999995",                     /* begins as no card */
        "4111111111111111222222",               /* longer than any */
        "4111A1111B1111C1111",                  /* letters: a name of its own */
        "41111111-1111-7111-8111-111111111111", /* a UUID */
        "４１１１",
        "\xef\xbc",
        "\xef",
    };
    for (size_t i = 0; i < sizeof cards_in_disguise / sizeof cards_in_disguise[0]; i++) {
        assert_true(card_digits_are_present(cards_in_disguise[i]));
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_false(card_digits_are_present(others[i]));
    }
}

static void
numbers_that_are_no_cards_stay_whatever_their_check_digit(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0000000000000000",     /* a filler */
        "000000000000",         /* too short */
        "411111111116",         /* 12 digits, Luhn-valid */
        "41111111111111111113", /* 20 digits, Luhn-valid */
        "1795309391127",        /* ms since 1970, Luhn-valid */
        "20261122100318",       /* YYYYMMDDHHMMSS, Luhn-valid */
        "9999999999999995",     /* begins as no card */
        "7600000000000008",
        "2026 1122 1003 1106",
        "2026-11-22 10:03:11.123",
        "450 1200 3000 12",
        "03-1234-5678",
        "1,234,567,890,123,456",
        "+09:00",
        "91912345678901234567890123456789012345678901", /* a payment slip's GS1-128 */
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_scrubbed(texts[i], texts[i], 0);
    }
}

/* Digits only, the worst that a UUID can be; whatever stands beside it. */
static void
no_uuid_is_ever_harmed(void **state)
{
    (void)state;
    static const char *const alphabets[] = {"0123456789", "3456", "0123456789abcdef", "4a", "0123456789ABCDEF"};
    static const char *const places[] = {"%s",     "sale %s", "%s: 4111", "{\"payment\":\"%s\"}",
                                         "4 %s 4", "a-%s",    "5-%s-5"};
    struct seeded_random random = {9562};
    for (int round = 0; round < 20000; round++) {
        const char *alphabet = alphabets[round % 5];
        char uuid[37];
        for (size_t i = 0; i < 36; i++) {
            uuid[i] = alphabet[seeded_between(&random, 0, (int64_t)strlen(alphabet) - 1)];
        }
        uuid[8] = uuid[13] = uuid[18] = uuid[23] = '-';
        uuid[36] = '\0';
        for (size_t j = 0; j < sizeof places / sizeof places[0]; j++) {
            const char *split = strstr(places[j], "%s");
            char text[100];
            snprintf(text, sizeof text, "%.*s%s%s", (int)(split - places[j]), places[j], uuid, split + 2);
            assert_scrubbed(text, text, 0);
        }
    }
    /* As 4-4-4-4 this would be 4111-1111-1111-1111 with a right check digit. */
    assert_scrubbed("abcd4111-1111-1111-1111-abcdefabcdef", "abcd4111-1111-1111-1111-abcdefabcdef", 0);
    assert_scrubbed("41111111-1111-1111-1111-111111111111", "41111111-1111-1111-1111-111111111111", 0);
}

static void
no_receipt_number_is_ever_harmed(void **state)
{
    (void)state;
    static const char *const terminals[] = {"KO-01", "A",   "4",          "4111", "41111111",    "4111-11111",
                                            "KO-4",  "5-5", "KO-4111-11", "0001", "41111111111", "3056-930902"};
    struct seeded_random random = {2026};
    for (int round = 0; round < 20000; round++) {
        char text[100];
        snprintf(text, sizeof text, "receipt %s-20%02d%02d%02d-%04d voided", terminals[round % 12],
                 (int)seeded_between(&random, 20, 99), (int)seeded_between(&random, 1, 12),
                 (int)seeded_between(&random, 1, 31), (int)seeded_between(&random, 0, 9999));
        assert_scrubbed(text, text, 0);
    }
}

static void
no_hash_or_signature_is_ever_harmed(void **state)
{
    (void)state;
    struct seeded_random random = {256};
    for (int round = 0; round < 20000; round++) {
        static const size_t lengths[] = {64, 128};
        size_t length = lengths[round % 2];
        char text[140];
        for (size_t i = 0; i < length; i++) {
            text[i] = "0123456789012345678901234567890123456789abcdef"[seeded_between(&random, 0, 45)];
        }
        text[length] = '\0';
        assert_scrubbed(text, text, 0);
    }
}

static void
random_text_is_scrubbed_within_its_bounds_and_stays_scrubbed(void **state)
{
    (void)state;
    struct seeded_random random = {13};
    for (int round = 0; round < 50000; round++) {
        char text[60];
        size_t length = (size_t)seeded_between(&random, 0, sizeof text - 1);
        for (size_t i = 0; i < length; i++) {
            text[i] = "0123456789345666 -ax"[seeded_between(&random, 0, 19)];
        }
        text[length] = '\0';
        size_t present = card_number_is_present(text, length);
        size_t count = card_numbers_scrub(text);
        assert_int_equal(present, count > 0);
        assert_int_equal(strlen(text), length);
    }
    assert_false(card_number_is_present("", 0));
    assert_false(card_number_is_present("4111111111111111", 15)); /* the last digit is not ours to read */
}

/* What goes to stderr meanwhile ends in a file. */
struct capture {
    int before;
    int file;
};

static struct capture
begin_capture(void **state)
{
    char path[SCRATCH_PATH_SIZE];
    struct capture capture = {.before = dup(STDERR_FILENO)};
    capture.file = open(scratch_path(*state, path, "log"), O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
    assert_true(capture.file >= 0);
    dup2(capture.file, STDERR_FILENO);
    return capture;
}

static const char *
end_capture(struct capture capture)
{
    static char text[1 << 20];
    dup2(capture.before, STDERR_FILENO);
    close(capture.before);
    ssize_t length = pread(capture.file, text, sizeof text - 1, 0);
    close(capture.file);
    assert_true(length >= 0);
    text[length] = '\0';
    return text;
}

static void
a_line_has_priority_subject_and_message(void **state)
{
    struct capture capture = begin_capture(state);
    log_line(LOG_LEVEL_ERROR, "till KO-01", "%d lines sent", 3);
    log_line(LOG_LEVEL_INFO, "till KO-01", "窓口");
    assert_string_equal(end_capture(capture), "<3>till KO-01: 3 lines sent\n<6>till KO-01: 窓口\n");
}

static void
lines_above_the_level_are_dropped(void **state)
{
    struct capture capture = begin_capture(state);
    log_line(LOG_LEVEL_DEBUG, "a", "dropped");
    log_set_level(LOG_LEVEL_DEBUG);
    log_line(LOG_LEVEL_DEBUG, "b", "kept");
    log_set_level(LOG_LEVEL_ERROR);
    log_line(LOG_LEVEL_WARNING, "c", "dropped");
    log_line(LOG_LEVEL_ERROR, "d", "kept");
    log_set_level(LOG_LEVEL_INFO);
    assert_string_equal(end_capture(capture), "<7>b: kept\n<3>d: kept\n");
}

static void
a_failure_says_what_failed_why_and_with_which_status(void **state)
{
    struct error_detail err;
    error_set(&err, "disk_full", "no space left");
    struct capture capture = begin_capture(state);
    log_failure(LOG_LEVEL_ERROR, "till KO-01", "append", STATUS_IO, &err);
    log_failure(LOG_LEVEL_ERROR, "till KO-01", "append", STATUS_BUSY, NULL);
    assert_string_equal(end_capture(capture), "<3>till KO-01: append: no space left [io, disk_full]\n"
                                              "<3>till KO-01: append:  [busy, ]\n");
}

static void
control_characters_cannot_forge_a_second_line(void **state)
{
    static const char *const forged[] = {"\n<0>kernel: x", "\r\n<0>x",   "\x0b<0>x",   "\x1b[2J<0>x", "\xC2\x85<0>x",
                                         "\302\2332J<0>x", "\u2028<0>x", "\u2029<0>x", "\x7f<0>x"};
    for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++) {
        struct capture capture = begin_capture(state);
        log_line(LOG_LEVEL_INFO, forged[i], "%s", forged[i]);
        const char *text = end_capture(capture);
        assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
        for (const char *at = text; at[1] != '\0'; at++) {
            assert_true((unsigned char)*at >= 0x20 && *at != 0x7F);
        }
        assert_null(strstr(text, "\xC2\x85"));
        assert_null(strstr(text, "\xC2\x9B"));
        assert_null(strstr(text, "\u2028"));
        assert_null(strstr(text, "\u2029"));
    }
}

static void
bytes_that_are_not_utf8_do_not_turn_the_line_into_a_blob(void **state)
{
    struct capture capture = begin_capture(state);
    log_line(LOG_LEVEL_INFO, "a\xFF", "%s", "窓\xE3\x81口\x80");
    assert_string_equal(end_capture(capture), "<6>a?: 窓??口?\n");
}

static void
a_card_number_is_scrubbed_from_subject_and_message(void **state)
{
    struct capture capture = begin_capture(state);
    log_line(LOG_LEVEL_INFO, "card 4111111111111111", "%s and 5555\t5555\n5555 4444", "4111-1111-1111-1111");
    assert_string_equal(end_capture(capture),
                        "<6>card xxxxxxxxxxxx1111: xxxx-xxxx-xxxx-1111 and xxxx xxxx xxxx 4444\n");
}

static void
a_long_line_is_cut_at_a_character_and_shows_no_part_of_a_card_number(void **state)
{
    for (size_t filler = 1990; filler < 2060; filler++) {
        char text[2300];
        memset(text, '.', filler);
        snprintf(text + filler, sizeof text - filler, "4111 1111 1111 1111 %s", "窓口窓口窓口窓口窓口窓口窓口窓口");
        struct capture capture = begin_capture(state);
        log_line(LOG_LEVEL_INFO, "a", "%s", text);
        const char *line = end_capture(capture);
        assert_true(strlen(line) <= 2048);
        assert_true(strlen(line) >= 2040 || filler < 2020);
        assert_int_equal(line[strlen(line) - 1], '\n');
        assert_true(utf8_is_valid(line, strlen(line)));
        assert_null(strstr(line, ".4"));
    }
}

static void
a_subject_that_fills_the_line_leaves_no_room_for_harm(void **state)
{
    char text[5000];
    memset(text, 's', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t length = 2035; length < 2130; length++) {
        struct capture capture = begin_capture(state);
        log_line(LOG_LEVEL_INFO, text + sizeof text - 1 - length, "%s", text);
        assert_int_equal(strlen(end_capture(capture)), 2048);
    }
}

static void *
log_in_thread(void *context)
{
    const char *subject = context;
    for (int i = 0; i < 500; i++) {
        log_line(LOG_LEVEL_INFO, subject, "%04d %s", i, "0123456789012345678901234567890123456789");
    }
    return NULL;
}

static void
lines_of_several_threads_stay_whole(void **state)
{
    static char subjects[4][8] = {"one", "two", "three", "four"};
    pthread_t threads[4];
    struct capture capture = begin_capture(state);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, log_in_thread, subjects[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    const char *text = end_capture(capture);
    int next[4] = {0};
    for (int line = 0; line < 2000; line++) {
        char subject[9];
        int number;
        int length = 0;
        assert_int_equal(
            sscanf(text, "<6>%8[a-z]: %d 0123456789012345678901234567890123456789%n", subject, &number, &length), 2);
        assert_true(length > 0 && text[length] == '\n');
        text += length + 1;
        for (size_t i = 0; i < 4; i++) {
            if (strcmp(subject, subjects[i]) == 0) {
                assert_int_equal(number, next[i]);
                next[i]++;
            }
        }
    }
    assert_string_equal(text, "");
}

#define WITH_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(card_numbers_are_scrubbed_in_every_form_cards_have),
        cmocka_unit_test(card_numbers_are_scrubbed_wherever_they_stand),
        cmocka_unit_test(a_card_number_in_groups_is_found_among_other_numbers),
        cmocka_unit_test(numbers_with_a_wrong_check_digit_stay),
        cmocka_unit_test(masked_numbers_stay),
        cmocka_unit_test(the_digits_of_a_card_are_found_however_they_are_written),
        cmocka_unit_test(numbers_that_are_no_cards_stay_whatever_their_check_digit),
        cmocka_unit_test(no_uuid_is_ever_harmed),
        cmocka_unit_test(no_receipt_number_is_ever_harmed),
        cmocka_unit_test(no_hash_or_signature_is_ever_harmed),
        cmocka_unit_test(random_text_is_scrubbed_within_its_bounds_and_stays_scrubbed),
        WITH_A_FOLDER(a_line_has_priority_subject_and_message),
        WITH_A_FOLDER(lines_above_the_level_are_dropped),
        WITH_A_FOLDER(a_failure_says_what_failed_why_and_with_which_status),
        WITH_A_FOLDER(control_characters_cannot_forge_a_second_line),
        WITH_A_FOLDER(bytes_that_are_not_utf8_do_not_turn_the_line_into_a_blob),
        WITH_A_FOLDER(a_card_number_is_scrubbed_from_subject_and_message),
        WITH_A_FOLDER(a_long_line_is_cut_at_a_character_and_shows_no_part_of_a_card_number),
        WITH_A_FOLDER(a_subject_that_fills_the_line_leaves_no_room_for_harm),
        WITH_A_FOLDER(lines_of_several_threads_stay_whole),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
