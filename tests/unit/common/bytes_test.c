/* The bounded buffer holds to its bound and its invariant, encodings are strict, and files are whole or old. */
#include "common/bytes/buffer.h"
#include "common/bytes/encoding.h"

#include "tests/unit/common/failing_memory.h"
#include "tests/unit/common/scratch.h"
#include "tests/unit/common/seeded_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static void
assert_invariant(const struct buffer *buffer)
{
    assert_true(buffer->length <= buffer->capacity);
    assert_true(buffer->capacity <= buffer->limit);
    assert_true(buffer->data == NULL || buffer->data[buffer->length] == '\0');
}

static void
a_new_buffer_is_empty_text_and_owns_nothing(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 10);
    assert_string_equal(buffer_text(&buffer), "");
    assert_int_equal(buffer_check(&buffer, NULL), STATUS_OK);
    assert_null(buffer.data);
    assert_null(buffer_take(&buffer, NULL));
}

static void
everything_appended_stands_in_order(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 100);
    buffer_append(&buffer, "abc\0def", 7);
    buffer_append_text(&buffer, "窓");
    buffer_append_byte(&buffer, 0xFF);
    buffer_printf(&buffer, "%d円%s", 450, "");
    buffer_append(&buffer, NULL, 0);
    buffer_append_text(&buffer, "");
    buffer_printf(&buffer, "%s", "");
    static const char expected[] = "abc\0def窓\xff"
                                   "450円";
    assert_int_equal(buffer.length, sizeof expected - 1);
    assert_memory_equal(buffer.data, expected, sizeof expected);
    assert_invariant(&buffer);
    buffer_finish(&buffer);
}

static void
reserved_bytes_do_not_move_until_they_are_used_up(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 5000);
    buffer_append_text(&buffer, "a");
    buffer_reserve(&buffer, 4000);
    const char *place = buffer_text(&buffer);
    assert_string_equal(place, "a");
    while (buffer.length < 4000) {
        buffer_append_byte(&buffer, 'b');
    }
    assert_ptr_equal(buffer_text(&buffer), place);

    buffer_reserve(&buffer, 10);     /* less than there is: nothing changes */
    buffer_reserve(&buffer, 999999); /* cut to the limit, which is no failure */
    assert_int_equal(buffer.length, 4000);
    assert_int_equal(buffer_check(&buffer, NULL), STATUS_OK);
    buffer_finish(&buffer);
}

static void
a_buffer_takes_exactly_its_limit(void **state)
{
    (void)state;
    for (size_t limit = 1; limit < 600; limit += 37) {
        struct buffer buffer;
        buffer_init(&buffer, limit);
        for (size_t i = 0; i < limit; i++) {
            buffer_append_byte(&buffer, 'x');
            assert_invariant(&buffer);
        }
        assert_int_equal(buffer_check(&buffer, NULL), STATUS_OK);
        buffer_append_byte(&buffer, 'y');
        assert_int_equal(buffer_check(&buffer, NULL), STATUS_OVERFLOW);
        assert_int_equal(buffer.length, limit);
        assert_invariant(&buffer);
        buffer_finish(&buffer);
    }
}

static void
after_one_failure_nothing_more_is_appended(void **state)
{
    (void)state;
    struct buffer buffer;
    struct error_detail err;
    buffer_init(&buffer, 4);
    buffer_append_text(&buffer, "abc");
    buffer_append_text(&buffer, "defg");
    buffer_append_text(&buffer, "h");
    buffer_printf(&buffer, "%d", 1);
    assert_string_equal(buffer_text(&buffer), "abc");
    assert_int_equal(buffer_check(&buffer, &err), STATUS_OVERFLOW);
    assert_string_equal(err.code, "too_large");
    buffer_clear(&buffer);
    assert_int_equal(buffer_check(&buffer, NULL), STATUS_OK);
    buffer_append_text(&buffer, "h");
    assert_string_equal(buffer_text(&buffer), "h");
    buffer_finish(&buffer);
}

static void
formatted_text_that_does_not_fit_is_left_out_whole(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 8);
    buffer_append_text(&buffer, "ab");
    buffer_printf(&buffer, "%s", "1234567");
    assert_string_equal(buffer_text(&buffer), "ab");
    assert_int_equal(buffer_check(&buffer, NULL), STATUS_OVERFLOW);
    buffer_clear(&buffer);
    buffer_printf(&buffer, "%s", "12345678");
    assert_string_equal(buffer_text(&buffer), "12345678");
    assert_invariant(&buffer);
    buffer_finish(&buffer);
}

static void
the_front_can_be_dropped_and_the_end_cut(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 100);
    buffer_drop_front(&buffer, 0);
    buffer_truncate(&buffer, 0);
    buffer_append_text(&buffer, "abcdef");
    buffer_drop_front(&buffer, 2);
    assert_string_equal(buffer_text(&buffer), "cdef");
    buffer_truncate(&buffer, 3);
    assert_string_equal(buffer_text(&buffer), "cde");
    buffer_drop_front(&buffer, 3);
    assert_string_equal(buffer_text(&buffer), "");
    assert_invariant(&buffer);
    buffer_finish(&buffer);
}

static void
bytes_given_away_leave_an_empty_buffer_that_still_works(void **state)
{
    (void)state;
    struct buffer buffer;
    size_t length;
    buffer_init(&buffer, 100);
    buffer_append_text(&buffer, "first");
    char *bytes = buffer_take(&buffer, &length);
    assert_string_equal(bytes, "first");
    assert_int_equal(length, 5);
    assert_int_equal(buffer.length, 0);
    buffer_append_text(&buffer, "second");
    assert_string_equal(buffer_text(&buffer), "second");
    free(bytes);
    buffer_finish(&buffer);
    buffer_finish(&buffer);
}

/* Random appends, drops, cuts and clears against a plain array. */
static void
a_buffer_behaves_as_its_model(void **state)
{
    (void)state;
    enum { LIMIT = 700 };
    struct seeded_random random = {64};
    char model[LIMIT];
    size_t length = 0;
    bool has_failed = false;
    struct buffer buffer;
    buffer_init(&buffer, LIMIT);
    for (int i = 0; i < 20000; i++) {
        char piece[90];
        memset(piece, (int)seeded_between(&random, 'a', 'z'), sizeof piece);
        size_t count = (size_t)seeded_between(&random, 0, sizeof piece);
        switch (seeded_between(&random, 0, 5)) {
        case 0:
            count = count < length ? count : length;
            buffer_drop_front(&buffer, count);
            memmove(model, model + count, length - count);
            length -= count;
            break;
        case 1:
            count = count < length ? length - count : length;
            buffer_truncate(&buffer, count);
            length = count;
            break;
        case 2:
            if (has_failed) {
                buffer_clear(&buffer);
                length = 0;
                has_failed = false;
            }
            break;
        default:
            buffer_append(&buffer, piece, count);
            has_failed = has_failed || count > LIMIT - length;
            if (!has_failed) {
                memcpy(model + length, piece, count);
                length += count;
            }
            break;
        }
        assert_invariant(&buffer);
        assert_int_equal(buffer.has_failed, has_failed);
        assert_int_equal(buffer.length, length);
        assert_memory_equal(buffer_text(&buffer), model, length);
    }
    buffer_finish(&buffer);
}

static void
want_of_memory_is_a_failure_that_keeps_what_was_there(void **state)
{
    (void)state;
    for (unsigned failing = 1; failing < 8; failing++) {
        struct buffer buffer;
        buffer_init(&buffer, 100000);
        size_t appended = 0;
        memory_fail_from(failing);
        for (int i = 0; i < 1000; i++) {
            buffer_append_text(&buffer, "0123456789");
            buffer_printf(&buffer, "%d", 9);
            appended += buffer.has_failed ? 0 : 11;
        }
        memory_fail_from(0);
        assert_true(buffer.has_failed == (failing < 8) && buffer.length >= appended);
        assert_int_equal(buffer_check(&buffer, NULL), STATUS_OVERFLOW);
        assert_invariant(&buffer);
        buffer_finish(&buffer);
    }
}

static void
hexadecimal_is_written_in_lower_case_and_read_in_either(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x00, 0x01, 0x7F, 0x80, 0xAB, 0xFF};
    char text[13];
    uint8_t back[6];
    hex_encode(text, bytes, sizeof bytes);
    assert_string_equal(text, "00017f80abff");
    assert_int_equal(hex_decode(back, 6, text, 12), STATUS_OK);
    assert_memory_equal(back, bytes, 6);
    assert_int_equal(hex_decode(back, 6, "00017F80AbFf", 12), STATUS_OK);
    assert_memory_equal(back, bytes, 6);
    hex_encode(text, bytes, 0);
    assert_string_equal(text, "");
    assert_int_equal(hex_decode(back, 0, "", 0), STATUS_OK);
}

static void
what_is_not_hexadecimal_is_refused_and_writes_nothing(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "0", "000", "00000", "00g0", "0x00", " 000", "000 ", "00:0", "００"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint8_t out[2] = {7, 7};
        assert_int_equal(hex_decode(out, 2, wrong[i], strlen(wrong[i])), STATUS_INVALID);
        assert_int_equal(out[0], 7);
        assert_int_equal(out[1], 7);
    }
}

static void
base64_gives_the_vectors_of_rfc_4648(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[BASE64_SIZE(6)];
        char back[6];
        size_t length;
        base64_encode(text, cases[i][0], strlen(cases[i][0]));
        assert_string_equal(text, cases[i][1]);
        assert_int_equal(base64_decode(back, sizeof back, &length, text, strlen(text)), STATUS_OK);
        assert_int_equal(length, strlen(cases[i][0]));
        assert_memory_equal(back, cases[i][0], length);
    }
}

static void
base64_that_is_not_canonical_is_refused_and_writes_nothing(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "Z",    "Zg",   "Zg=",      "Zg===",    "====", "=",        "Z===", "Zh==",  "Zm9=", "Zm9v\n",
        "Zm 9", "Zm-_", "Zm9vZg=a", "Zg==Zg==", "Z=g=", "Zm9vYm=y", "＝",   "Zg=\n", "AAB=", "AAA=AAAA",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint8_t out[16] = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7};
        size_t length = 777;
        assert_int_equal(base64_decode(out, sizeof out, &length, wrong[i], strlen(wrong[i])), STATUS_INVALID);
        assert_int_equal(length, 777);
        for (size_t j = 0; j < sizeof out; j++) {
            assert_int_equal(out[j], 7);
        }
    }
}

static void
base64_of_random_bytes_is_read_back(void **state)
{
    (void)state;
    struct seeded_random random = {4648};
    for (size_t length = 0; length < 200; length++) {
        uint8_t bytes[200];
        uint8_t back[200];
        char text[BASE64_SIZE(200)];
        size_t read;
        for (size_t i = 0; i < length; i++) {
            bytes[i] = (uint8_t)seeded_next(&random);
        }
        base64_encode(text, bytes, length);
        assert_int_equal(strlen(text) + 1, BASE64_SIZE(length));
        assert_int_equal(base64_decode(back, length, &read, text, strlen(text)), STATUS_OK);
        assert_int_equal(read, length);
        assert_memory_equal(back, bytes, length);
        if (length > 0) {
            assert_int_equal(base64_decode(back, length - 1, &read, text, strlen(text)), STATUS_OVERFLOW);
        }
    }
}

static void
a_file_written_durably_is_read_back_with_its_mode(void **state)
{
    char path[SCRATCH_PATH_SIZE];
    scratch_path(*state, path, "file");
    struct buffer buffer;
    struct stat information;
    enum { SIZE = 200001 }; /* several read blocks and a rest */
    char *bytes = malloc(SIZE);
    assert_non_null(bytes);
    for (size_t i = 0; i < SIZE; i++) {
        bytes[i] = (char)(i * 7);
    }

    assert_int_equal(file_write_durably(path, "old", 3, 0644, NULL), STATUS_OK);
    assert_int_equal(file_write_durably(path, bytes, SIZE, 0600, NULL), STATUS_OK);

    buffer_init(&buffer, SIZE);
    assert_int_equal(buffer_read_file(&buffer, path, NULL), STATUS_OK);
    assert_int_equal(buffer.length, SIZE);
    assert_memory_equal(buffer.data, bytes, SIZE);
    assert_int_equal(stat(path, &information), 0);
    assert_int_equal(information.st_mode & 0777, 0600);
    assert_int_equal(scratch_count(((struct scratch *)*state)->folder), 1);
    buffer_finish(&buffer);
    free(bytes);
}

static void
a_file_larger_than_the_buffer_is_an_overflow(void **state)
{
    char path[SCRATCH_PATH_SIZE];
    struct buffer buffer;
    struct error_detail err;
    scratch_write(scratch_path(*state, path, "file"), "0123456789", 10);
    buffer_init(&buffer, 9);
    assert_int_equal(buffer_read_file(&buffer, path, &err), STATUS_OVERFLOW);
    assert_string_equal(err.code, "file_too_large");
    buffer_finish(&buffer);
    buffer_init(&buffer, 10);
    assert_int_equal(buffer_read_file(&buffer, path, NULL), STATUS_OK);
    assert_string_equal(buffer_text(&buffer), "0123456789");
    buffer_finish(&buffer);
}

static void
an_empty_file_is_read_as_nothing(void **state)
{
    char path[SCRATCH_PATH_SIZE];
    struct buffer buffer;
    assert_int_equal(file_write_durably(scratch_path(*state, path, "file"), "", 0, 0600, NULL), STATUS_OK);
    buffer_init(&buffer, 1);
    assert_int_equal(buffer_read_file(&buffer, path, NULL), STATUS_OK);
    assert_int_equal(buffer.length, 0);
    buffer_finish(&buffer);
}

static void
what_cannot_be_read_says_why_and_which(void **state)
{
    char path[SCRATCH_PATH_SIZE];
    struct buffer buffer;
    struct error_detail err;
    buffer_init(&buffer, 10);
    assert_int_equal(buffer_read_file(&buffer, scratch_path(*state, path, "absent"), &err), STATUS_NOT_FOUND);
    assert_non_null(strstr(err.message, "/absent: "));
    assert_int_equal(buffer_read_file(&buffer, ((struct scratch *)*state)->folder, &err), STATUS_IO);
    assert_non_null(strstr(err.message, ((struct scratch *)*state)->folder));
    buffer_finish(&buffer);
}

static void
a_write_that_fails_leaves_no_file_beside(void **state)
{
    char path[SCRATCH_PATH_SIZE];
    char below[SCRATCH_PATH_SIZE];
    struct error_detail err;
    assert_int_equal(mkdir(scratch_path(*state, path, "folder"), 0700), 0);
    scratch_write(scratch_path(*state, below, "folder/file"), "x", 1);

    assert_int_equal(file_write_durably(path, "new", 3, 0600, &err), STATUS_IO); /* a file cannot replace a folder */
    assert_non_null(strstr(err.message, path));
    assert_int_equal(scratch_count(((struct scratch *)*state)->folder), 1);

    assert_int_equal(file_write_durably(scratch_path(*state, path, "no/such/folder"), "x", 1, 0600, &err), STATUS_IO);
    assert_int_equal(scratch_count(((struct scratch *)*state)->folder), 1);
}

static void
a_path_that_is_too_long_is_refused(void **state)
{
    (void)state;
    char path[8000];
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_int_equal(file_write_durably(path, "x", 1, 0600, NULL), STATUS_INVALID);
}

static void
a_bare_name_is_written_in_the_current_folder(void **state)
{
    char before[SCRATCH_PATH_SIZE];
    char path[SCRATCH_PATH_SIZE];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(((struct scratch *)*state)->folder), 0);
    assert_int_equal(file_write_durably("bare", "x", 1, 0600, NULL), STATUS_OK);
    assert_int_equal(chdir(before), 0);
    assert_int_equal(access(scratch_path(*state, path, "bare"), F_OK), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_buffer_is_empty_text_and_owns_nothing),
        cmocka_unit_test(everything_appended_stands_in_order),
        cmocka_unit_test(reserved_bytes_do_not_move_until_they_are_used_up),
        cmocka_unit_test(a_buffer_takes_exactly_its_limit),
        cmocka_unit_test(after_one_failure_nothing_more_is_appended),
        cmocka_unit_test(formatted_text_that_does_not_fit_is_left_out_whole),
        cmocka_unit_test(the_front_can_be_dropped_and_the_end_cut),
        cmocka_unit_test(bytes_given_away_leave_an_empty_buffer_that_still_works),
        cmocka_unit_test(a_buffer_behaves_as_its_model),
        cmocka_unit_test(want_of_memory_is_a_failure_that_keeps_what_was_there),
        cmocka_unit_test(hexadecimal_is_written_in_lower_case_and_read_in_either),
        cmocka_unit_test(what_is_not_hexadecimal_is_refused_and_writes_nothing),
        cmocka_unit_test(base64_gives_the_vectors_of_rfc_4648),
        cmocka_unit_test(base64_that_is_not_canonical_is_refused_and_writes_nothing),
        cmocka_unit_test(base64_of_random_bytes_is_read_back),
        cmocka_unit_test_setup_teardown(a_file_written_durably_is_read_back_with_its_mode, scratch_setup,
                                        scratch_teardown),
        cmocka_unit_test_setup_teardown(a_file_larger_than_the_buffer_is_an_overflow, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(an_empty_file_is_read_as_nothing, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_says_why_and_which, scratch_setup, scratch_teardown),
        cmocka_unit_test_setup_teardown(a_write_that_fails_leaves_no_file_beside, scratch_setup, scratch_teardown),
        cmocka_unit_test(a_path_that_is_too_long_is_refused),
        cmocka_unit_test_setup_teardown(a_bare_name_is_written_in_the_current_folder, scratch_setup, scratch_teardown),
    };
    return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
