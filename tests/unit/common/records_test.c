/* The journal line to the byte: what is written, what its hash is, and everything that must not pass for one. */
#include "common/records/journal_line.h"

#include "common/bytes/encoding.h"

#include "tests/unit/common/seeded_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define FIRST_HASH "267a6449739c62ded75f4b6078fcbe82aba2d4c542352ec5c52da451a85da260"
#define SECOND_HASH "686c568acfe4599dc84c81bb32714761f5167bcf05b00274db1709715351516b"
#define EMPTY_HASH "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* Written down from docs/protocol/journal.md, and hashed with another program (sha256sum). */
static const char FIRST_LINE[] =
    "{\"sequence\":1,\"previous\":\"" ZEROS "\",\"terminal\":\"KO-01\",\"at\":\"2026-11-22T10:03:11.123+09:00\","
    "\"business_date\":\"2026-11-22\",\"kind\":\"day.opened\",\"body\":{\"day\":"
    "\"01920000-0000-7000-8000-0123456789ab\",\"clerk\":\"07\",\"float_yen\":30000}}";
static const char SECOND_LINE[] =
    "{\"sequence\":2,\"previous\":\"" FIRST_HASH "\",\"terminal\":\"KO-01\",\"at\":\"2026-11-22T10:04:00.000+09:00\","
    "\"business_date\":\"2026-11-22\",\"kind\":\"clerk.signed_in\",\"body\":{\"clerk\":\"窓口\"}}";

static struct journal_line
first_line(void)
{
    static const char body[] =
        "{\"day\":\"01920000-0000-7000-8000-0123456789ab\",\"clerk\":\"07\",\"float_yen\":30000}";
    return (struct journal_line){
        .sequence = 1,
        .terminal = "KO-01",
        .at_ms = INT64_C(1795309391123),
        .business_date = {2026, 11, 22},
        .kind = "day.opened",
        .body = body,
        .body_length = sizeof body - 1,
    };
}

static void
a_line_is_written_as_its_golden_bytes(void **state)
{
    (void)state;
    struct journal_line line = first_line();
    struct buffer out;
    buffer_init(&out, 1000);
    buffer_append_text(&out, "before\n");
    assert_int_equal(journal_line_write(&line, &out, NULL), STATUS_OK);
    assert_string_equal(buffer_text(&out) + 7, FIRST_LINE);
    buffer_finish(&out);
}

static void
a_line_hashes_to_its_golden_hash_and_the_next_line_carries_it(void **state)
{
    (void)state;
    uint8_t hash[SHA256_SIZE];
    char text[SHA256_TEXT_SIZE];
    struct journal_line line = first_line();
    struct buffer out;

    journal_line_hash(hash, FIRST_LINE, sizeof FIRST_LINE - 1);
    hex_encode(text, hash, sizeof hash);
    assert_string_equal(text, FIRST_HASH);

    line.sequence = 2;
    memcpy(line.previous, hash, sizeof hash);
    line.at_ms = INT64_C(1795309440000);
    memcpy(line.kind, "clerk.signed_in", 16);
    line.body = "{\"clerk\":\"窓口\"}";
    line.body_length = strlen(line.body);
    buffer_init(&out, 1000);
    assert_int_equal(journal_line_write(&line, &out, NULL), STATUS_OK);
    assert_string_equal(buffer_text(&out), SECOND_LINE);
    journal_line_hash(hash, out.data, out.length);
    hex_encode(text, hash, sizeof hash);
    assert_string_equal(text, SECOND_HASH);
    buffer_finish(&out);
}

static void
a_line_is_read_to_its_last_field(void **state)
{
    (void)state;
    struct journal_line line;
    char previous[SHA256_TEXT_SIZE];

    assert_int_equal(journal_line_read(&line, SECOND_LINE, sizeof SECOND_LINE - 1, NULL), STATUS_OK);

    hex_encode(previous, line.previous, SHA256_SIZE);
    assert_int_equal(line.sequence, 2);
    assert_string_equal(previous, FIRST_HASH);
    assert_string_equal(line.terminal, "KO-01");
    assert_int_equal(line.at_ms, INT64_C(1795309440000));
    assert_int_equal(civil_date_compare(line.business_date, (struct civil_date){2026, 11, 22}), 0);
    assert_string_equal(line.kind, "clerk.signed_in");
    assert_int_equal(line.body_length, strlen("{\"clerk\":\"窓口\"}"));
    assert_memory_equal(line.body, "{\"clerk\":\"窓口\"}", line.body_length);
}

static void
a_line_of_a_kind_yet_unknown_is_read(void **state)
{
    (void)state;
    struct journal_line line = first_line();
    struct journal_line read;
    struct buffer out;
    buffer_init(&out, 1000);
    memcpy(line.kind, "abcdefghijklmnopqrst.uvwxyz_abcd", 33);
    assert_int_equal(journal_line_write(&line, &out, NULL), STATUS_OK);
    assert_int_equal(journal_line_read(&read, out.data, out.length, NULL), STATUS_OK);
    assert_string_equal(read.kind, line.kind);
    buffer_finish(&out);
}

static enum status
read_text(const char *text)
{
    struct journal_line line = {.sequence = 777};
    struct error_detail err = {0};
    enum status status = journal_line_read(&line, text, strlen(text), &err);
    if (status != STATUS_OK) {
        assert_int_equal(line.sequence, 777);
        assert_true(err.message[0] != '\0');
    }
    return status;
}

/* FIRST_LINE with the first FROM replaced by TO. */
static enum status
read_with(const char *from, const char *to)
{
    char text[2000];
    const char *place = strstr(FIRST_LINE, from);
    assert_non_null(place);
    size_t before = (size_t)(place - FIRST_LINE);
    memcpy(text, FIRST_LINE, before);
    size_t used = before;
    memcpy(text + used, to, strlen(to));
    used += strlen(to);
    memcpy(text + used, place + strlen(from), strlen(place + strlen(from)) + 1);
    return read_text(text);
}

static void
a_line_with_members_in_another_order_is_refused(void **state)
{
    (void)state;
    assert_int_equal(read_text("{\"previous\":\"" ZEROS "\",\"sequence\":1,\"terminal\":\"KO-01\","
                               "\"at\":\"2026-11-22T10:03:11.123+09:00\",\"business_date\":\"2026-11-22\","
                               "\"kind\":\"day.opened\",\"body\":{}}"),
                     STATUS_INVALID);
    assert_int_equal(read_text("{\"sequence\":1,\"previous\":\"" ZEROS "\",\"terminal\":\"KO-01\","
                               "\"at\":\"2026-11-22T10:03:11.123+09:00\",\"business_date\":\"2026-11-22\","
                               "\"body\":{},\"kind\":\"day.opened\"}"),
                     STATUS_INVALID);
}

static void
a_line_with_white_space_is_refused(void **state)
{
    (void)state;
    assert_int_equal(read_with("{\"sequence\"", "{ \"sequence\""), STATUS_INVALID);
    assert_int_equal(read_with("{\"sequence\"", " {\"sequence\""), STATUS_INVALID);
    assert_int_equal(read_with("\":1,", "\": 1,"), STATUS_INVALID);
    assert_int_equal(read_with("\"body\":{", "\"body\": {"), STATUS_INVALID);
    assert_int_equal(read_with("30000}}", "30000} }"), STATUS_INVALID);
    assert_int_equal(read_with("30000}}", "30000}}\n"), STATUS_INVALID);
    assert_int_equal(read_with("30000}}", "30000}} "), STATUS_INVALID);
}

static void
a_line_with_a_newline_or_another_control_character_inside_is_refused(void **state)
{
    (void)state;
    assert_int_equal(read_with("30000", "30000\n"), STATUS_INVALID);
    assert_int_equal(read_with("\"07\"", "\"0\n7\""), STATUS_INVALID);
    assert_int_equal(read_with("\"07\"", "\"0\\\n7\""), STATUS_INVALID); /* behind a backslash, too */
    assert_int_equal(read_with("\"07\"", "\"0\r7\""), STATUS_INVALID);
    assert_int_equal(read_with("\"07\"", "\"0\t7\""), STATUS_INVALID);
}

static void
a_line_with_a_nul_inside_is_refused_wherever_it_stands(void **state)
{
    (void)state;
    enum { LENGTH = sizeof FIRST_LINE - 1 };
    for (size_t i = 0; i < LENGTH; i++) {
        char text[LENGTH];
        struct journal_line line;
        memcpy(text, FIRST_LINE, LENGTH);
        text[i] = '\0';
        assert_int_equal(journal_line_read(&line, text, LENGTH, NULL), STATUS_INVALID);
    }
    /* Longer than the id that it would be taken for. */
    static const char hidden[] =
        "{\"sequence\":1,\"previous\":\"" ZEROS "\",\"terminal\":\"KO-01\0X\",\"at\":"
        "\"2026-11-22T10:03:11.123+09:00\",\"business_date\":\"2026-11-22\",\"kind\":\"day.opened\",\"body\":{}}";
    struct journal_line line;
    assert_int_equal(journal_line_read(&line, hidden, sizeof hidden - 1, NULL), STATUS_INVALID);
}

static void
a_line_cut_anywhere_is_refused(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof FIRST_LINE - 1; length++) {
        struct journal_line line;
        char *exact = malloc(length + 1);
        assert_non_null(exact);
        memcpy(exact, FIRST_LINE, length);
        assert_int_equal(journal_line_read(&line, exact, length, NULL), STATUS_INVALID);
        free(exact);
    }
}

static void
a_sequence_is_a_canonical_number_from_1(void **state)
{
    (void)state;
    assert_int_equal(read_with(":1,", ":9007199254740991,"), STATUS_OK);
    static const char *const wrong[] = {
        ":0,",
        ":-1,",
        ":01,",
        ":+1,",
        ":1.0,",
        ":1e0,",
        ":,",
        ":1 ,",
        ":\"1\",",
        ":null,",
        ":0x1,",
        ":9007199254740992,",
        ":99999999999999999,",
        ":18446744073709551617,",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(read_with(":1,", wrong[i]), STATUS_INVALID);
    }
}

static void
a_previous_hash_is_64_lower_case_digits(void **state)
{
    (void)state;
    assert_int_equal(read_with(ZEROS, FIRST_HASH), STATUS_OK);
    static const char *const wrong[] = {
        "",
        "00",
        ("0" ZEROS),
        "267A6449739c62ded75f4b6078fcbe82aba2d4c542352ec5c52da451a85da260",
        "g67a6449739c62ded75f4b6078fcbe82aba2d4c542352ec5c52da451a85da260",
        "267a6449739c62ded75f4b6078fcbe82aba2d4c542352ec5c52da451a85da26\\",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(read_with(ZEROS, wrong[i]), STATUS_INVALID);
    }
}

static void
a_terminal_is_a_terminal_id(void **state)
{
    (void)state;
    assert_int_equal(read_with("KO-01", "0123456789ABCDEF"), STATUS_OK);
    static const char *const wrong[] = {"", "ko-01", "-KO", "0123456789ABCDEFG", "KO 01", "KO\\u002d01", "窓口"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(read_with("KO-01", wrong[i]), STATUS_INVALID);
    }
}

static void
times_have_one_form(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "2026-11-22T01:03:11.123Z",
        "2026-11-22T10:03:11+09:00",
        "2026-11-22T10:03:11.1230+09:00",
        "2026-11-22T02:03:11.123+01:00",
        "2026-11-31T10:03:11.123+09:00",
        "2026-11-22T25:03:11.123+09:00",
        "2200-01-01T00:00:00.000+09:00",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(read_with("2026-11-22T10:03:11.123+09:00", wrong[i]), STATUS_INVALID);
    }
    static const char *const wrong_dates[] = {"\"\"",         "\"2026-11-31\"", "\"2026-1-22\"",
                                              "\"20261122\"", "\"1899-12-31\"", "\"2026-11-22 \""};
    for (size_t i = 0; i < sizeof wrong_dates / sizeof wrong_dates[0]; i++) {
        assert_int_equal(read_with("\"2026-11-22\"", wrong_dates[i]), STATUS_INVALID);
    }
}

static void
a_kind_is_lower_case_words(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "", "Day.opened", "day opened", "day.opened2", "abcdefghijklmnopqrstuvwxyzabcdefg", "日"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(read_with("day.opened", wrong[i]), STATUS_INVALID);
    }
}

static void
a_body_is_one_object_that_ends_the_line(void **state)
{
    (void)state;
    static const char *const right[] = {"{}", "{\"a\":\"}\"}", "{\"a\":\"\\\"}\"}", "{\"a\":[{},[]]}",
                                        "{\"a\":\"\\\\\"}"};
    static const char *const wrong[] = {"",
                                        "{",
                                        "}",
                                        "[]",
                                        "1",
                                        "null",
                                        "{}{}",
                                        "{},{}",
                                        "{}}",
                                        "{{}",
                                        "{\"a\":[}",
                                        "\"{}\"",
                                        "{\"}",
                                        "{\"a\":\"\\\"}",
                                        "{},\"extra\":1",
                                        "{}\xFF",
                                        "{\"\xE3\x81\":1}"};
    for (size_t i = 0; i < sizeof right / sizeof right[0] + sizeof wrong / sizeof wrong[0]; i++) {
        bool is_right = i < sizeof right / sizeof right[0];
        char text[1000];
        snprintf(text, sizeof text,
                 "{\"sequence\":1,\"previous\":\"" ZEROS "\",\"terminal\":\"KO-01\",\"at\":"
                 "\"2026-11-22T10:03:11.123+09:00\",\"business_date\":\"2026-11-22\",\"kind\":\"a\",\"body\":%s}",
                 is_right ? right[i] : wrong[i - sizeof right / sizeof right[0]]);
        assert_int_equal(read_text(text), is_right ? STATUS_OK : STATUS_INVALID);
    }
}

static void
the_place_of_the_fault_is_told(void **state)
{
    (void)state;
    struct journal_line line;
    struct error_detail err;
    static const char text[] = "{\"sequence\":1,\"previouS\":\"" ZEROS "\"}";
    assert_int_equal(journal_line_read(&line, text, sizeof text - 1, &err), STATUS_INVALID);
    assert_string_equal(err.code, "not_a_journal_line");
    assert_int_equal(err.column, 14);
}

/* Whatever single byte is changed: the line is refused, or it still has the one form that a writer gives it. */
static void
every_line_that_is_read_is_written_back_byte_for_byte(void **state)
{
    (void)state;
    enum { LENGTH = sizeof SECOND_LINE - 1 };
    struct seeded_random random = {6};
    struct buffer out;
    size_t taken = 0;
    buffer_init(&out, 10000);
    for (int round = 0; round < 60000; round++) {
        char text[LENGTH];
        struct journal_line line;
        memcpy(text, SECOND_LINE, LENGTH);
        for (int64_t count = seeded_between(&random, 0, 2); count > 0; count--) {
            text[seeded_between(&random, 0, LENGTH - 1)] = (char)seeded_between(&random, 0, 127);
        }
        if (journal_line_read(&line, text, LENGTH, NULL) != STATUS_OK) {
            continue;
        }
        taken++;
        buffer_clear(&out);
        assert_int_equal(journal_line_write(&line, &out, NULL), STATUS_OK);
        assert_int_equal(out.length, LENGTH);
        assert_memory_equal(out.data, text, LENGTH);
    }
    assert_true(taken > 10000);
    buffer_finish(&out);
}

static void
assert_not_written(struct journal_line line, enum status expected)
{
    struct buffer out;
    buffer_init(&out, 200000);
    buffer_append_text(&out, "before\n");
    assert_int_equal(journal_line_write(&line, &out, NULL), expected);
    assert_string_equal(buffer_text(&out), "before\n");
    buffer_finish(&out);
}

/* A line that its own reader refuses must not come to stand in a journal: nothing behind it could be sent. */
static void
a_line_that_could_not_be_read_is_not_written(void **state)
{
    (void)state;
    struct journal_line line = first_line();
    line.sequence = 0;
    assert_not_written(line, STATUS_INVALID);
    line.sequence = JOURNAL_SEQUENCE_MAX + 1;
    assert_not_written(line, STATUS_INVALID);
    line = first_line();
    memcpy(line.terminal, "ko-01", 6);
    assert_not_written(line, STATUS_INVALID);
    line = first_line();
    line.kind[0] = '\0';
    assert_not_written(line, STATUS_INVALID);
    static const char *const bodies[] = {"", "[]", "null", "{\n}", "{", "{}}", "{\"a\":\"\xFF\"}"};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        line = first_line();
        line.body = bodies[i];
        line.body_length = strlen(bodies[i]);
        assert_not_written(line, STATUS_INVALID);
    }
}

static void
a_line_is_at_most_64_kibibytes(void **state)
{
    (void)state;
    char *body = malloc(JOURNAL_LINE_MAX_BYTES + 1);
    assert_non_null(body);
    struct journal_line line = first_line();
    size_t envelope = sizeof FIRST_LINE - 1 - line.body_length;
    size_t most = JOURNAL_LINE_MAX_BYTES - envelope;
    memset(body, 'x', JOURNAL_LINE_MAX_BYTES + 1);
    memcpy(body, "{\"a\":\"", 6);
    memcpy(body + most - 2, "\"}", 2);
    line.body = body;
    line.body_length = most;
    struct buffer out;
    struct journal_line read;
    buffer_init(&out, 200000);
    assert_int_equal(journal_line_write(&line, &out, NULL), STATUS_OK);
    assert_int_equal(out.length, JOURNAL_LINE_MAX_BYTES);
    assert_int_equal(journal_line_read(&read, out.data, out.length, NULL), STATUS_OK);
    buffer_append_byte(&out, ' ');
    assert_int_equal(journal_line_read(&read, out.data, out.length, NULL), STATUS_OVERFLOW);
    buffer_finish(&out);

    memcpy(body + most - 2, "x\"}", 3);
    line.body_length = most + 1;
    assert_not_written(line, STATUS_OVERFLOW);
    free(body);
}

static void
a_full_buffer_holds_no_part_of_a_line(void **state)
{
    (void)state;
    struct journal_line line = first_line();
    struct buffer out;
    buffer_init(&out, 100);
    buffer_append_text(&out, "before\n");
    assert_int_equal(journal_line_write(&line, &out, NULL), STATUS_OVERFLOW);
    assert_string_equal(buffer_text(&out), "before\n");
    buffer_finish(&out);
}

static void
an_upload_is_signed_over_its_terminal_its_range_and_its_last_hash(void **state)
{
    (void)state;
    struct buffer out;
    uint8_t hash[SHA256_SIZE];
    journal_line_hash(hash, SECOND_LINE, sizeof SECOND_LINE - 1);
    buffer_init(&out, 1000);
    assert_int_equal(journal_upload_statement(&out, "KO-01", 1, 2, hash, NULL), STATUS_OK);
    assert_string_equal(buffer_text(&out), "madoguchi-journal-v1\nKO-01\n1\n2\n" SECOND_HASH "\n");
    buffer_finish(&out);
}

static void
a_request_is_signed_over_its_method_path_time_and_body(void **state)
{
    (void)state;
    struct buffer out;
    buffer_init(&out, 1000);
    assert_int_equal(
        signed_request_statement(&out, "KO-01", "GET", "/v1/masters", INT64_C(1795309391123), NULL, 0, NULL),
        STATUS_OK);
    assert_string_equal(buffer_text(&out),
                        "madoguchi-request-v1\nKO-01\nGET\n/v1/masters\n1795309391123\n" EMPTY_HASH "\n");
    buffer_clear(&out);
    assert_int_equal(signed_request_statement(&out, "KO-01", "POST", "/", 0, "{\"a\":1}", 7, NULL), STATUS_OK);
    assert_string_equal(buffer_text(&out), "madoguchi-request-v1\nKO-01\nPOST\n/\n0\n"
                                           "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862\n");
    buffer_finish(&out);
}

/* A newline in a part would let one signature stand for two statements ("%0A" in a request's path). */
static void
a_statement_with_a_line_break_in_a_part_is_refused(void **state)
{
    (void)state;
    struct buffer out;
    uint8_t hash[SHA256_SIZE] = {0};
    buffer_init(&out, 1000);
    assert_int_equal(signed_request_statement(&out, "KO-01", "GET", "/v1/masters\n1", 0, NULL, 0, NULL),
                     STATUS_INVALID);
    assert_int_equal(signed_request_statement(&out, "KO-01", "GE\nT", "/", 0, NULL, 0, NULL), STATUS_INVALID);
    assert_int_equal(signed_request_statement(&out, "KO\n01", "GET", "/", 0, NULL, 0, NULL), STATUS_INVALID);
    assert_int_equal(journal_upload_statement(&out, "KO-01\n1", 1, 2, hash, NULL), STATUS_INVALID);
    assert_int_equal(out.length, 0);
    buffer_finish(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_written_as_its_golden_bytes),
        cmocka_unit_test(a_line_hashes_to_its_golden_hash_and_the_next_line_carries_it),
        cmocka_unit_test(a_line_is_read_to_its_last_field),
        cmocka_unit_test(a_line_of_a_kind_yet_unknown_is_read),
        cmocka_unit_test(a_line_with_members_in_another_order_is_refused),
        cmocka_unit_test(a_line_with_white_space_is_refused),
        cmocka_unit_test(a_line_with_a_newline_or_another_control_character_inside_is_refused),
        cmocka_unit_test(a_line_with_a_nul_inside_is_refused_wherever_it_stands),
        cmocka_unit_test(a_line_cut_anywhere_is_refused),
        cmocka_unit_test(a_sequence_is_a_canonical_number_from_1),
        cmocka_unit_test(a_previous_hash_is_64_lower_case_digits),
        cmocka_unit_test(a_terminal_is_a_terminal_id),
        cmocka_unit_test(times_have_one_form),
        cmocka_unit_test(a_kind_is_lower_case_words),
        cmocka_unit_test(a_body_is_one_object_that_ends_the_line),
        cmocka_unit_test(the_place_of_the_fault_is_told),
        cmocka_unit_test(every_line_that_is_read_is_written_back_byte_for_byte),
        cmocka_unit_test(a_line_that_could_not_be_read_is_not_written),
        cmocka_unit_test(a_line_is_at_most_64_kibibytes),
        cmocka_unit_test(a_full_buffer_holds_no_part_of_a_line),
        cmocka_unit_test(an_upload_is_signed_over_its_terminal_its_range_and_its_last_hash),
        cmocka_unit_test(a_request_is_signed_over_its_method_path_time_and_body),
        cmocka_unit_test(a_statement_with_a_line_break_in_a_part_is_refused),
    };
    return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
