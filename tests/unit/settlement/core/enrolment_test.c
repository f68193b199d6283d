/* One-time codes: once, for a day, for one key. */
#include "settlement/enrolment/enrolment.h"

#include "tests/unit/settlement/core/journal_maker.h"
#include "tests/unit/settlement/core/store_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW_MS INT64_C(1795305600000)

static enum status
make(struct bench *bench, const char *terminal, const char *place, char out[ENROLMENT_CODE_TEXT_SIZE],
     struct error_detail *err)
{
    struct store_txn *txn;
    int64_t expires_at_ms;
    struct enrolment_offer offer = {
        .municipality = "072036", .terminal = terminal, .place = place, .created_by = "test", .now_ms = NOW_MS};
    assert_int_equal(store_begin_write(bench->store, &txn, err), STATUS_OK);
    enum status status = enrolment_make_code(txn, &offer, out, &expires_at_ms, err);
    if (status == STATUS_OK) {
        assert_int_equal(expires_at_ms, NOW_MS + INT64_C(86400000));
        assert_int_equal(store_commit(txn, err), STATUS_OK);
    }
    store_end(txn);
    return status;
}

static enum status
use(struct bench *bench, const char *code, const uint8_t key[PUBLIC_KEY_SIZE], int64_t now_ms, struct error_detail *err)
{
    struct store_txn *txn;
    struct terminal terminal;
    struct enrolment_request request = {.code = code, .public_key = key, .software = "test", .now_ms = now_ms};
    assert_int_equal(store_begin_write(bench->store, &txn, err), STATUS_OK);
    enum status status = enrolment_use_code(txn, &request, &terminal, err);
    if (status == STATUS_OK) {
        assert_string_equal(terminal.terminal, "KO-01");
        assert_string_equal(terminal.place, "shimin-1");
        assert_memory_equal(terminal.public_key, key, PUBLIC_KEY_SIZE);
        assert_int_equal(store_commit(txn, err), STATUS_OK);
    }
    store_end(txn);
    return status;
}

static const uint8_t key_a[PUBLIC_KEY_SIZE] = {1};
static const uint8_t key_b[PUBLIC_KEY_SIZE] = {2};

static void
a_code_is_good_until_its_last_millisecond(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    char code[ENROLMENT_CODE_TEXT_SIZE];
    assert_int_equal(make(bench, "KO-01", "shimin-1", code, &err), STATUS_OK);

    assert_int_equal(use(bench, code, key_a, NOW_MS + ENROLMENT_CODE_LIFE_MS, &err), STATUS_UNAUTHORIZED);
    assert_string_equal(err.code, "expired_code");
    assert_int_equal(use(bench, code, key_a, NOW_MS + ENROLMENT_CODE_LIFE_MS - 1, &err), STATUS_OK);
}

static void
the_same_key_is_answered_again_even_after_a_day_and_another_never(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    char code[ENROLMENT_CODE_TEXT_SIZE];
    assert_int_equal(make(bench, "KO-01", "shimin-1", code, &err), STATUS_OK);
    assert_int_equal(use(bench, code, key_a, NOW_MS, &err), STATUS_OK);

    assert_int_equal(use(bench, code, key_a, NOW_MS + 2 * ENROLMENT_CODE_LIFE_MS, &err), STATUS_OK);
    assert_int_equal(use(bench, code, key_b, NOW_MS, &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "used_code");
}

static void
a_till_that_never_sent_a_line_may_enrol_anew_and_then_has_the_new_key(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    char code[ENROLMENT_CODE_TEXT_SIZE];
    assert_int_equal(make(bench, "KO-01", "shimin-1", code, &err), STATUS_OK);
    assert_int_equal(use(bench, code, key_a, NOW_MS, &err), STATUS_OK);

    assert_int_equal(make(bench, "KO-01", "shimin-1", code, &err), STATUS_OK);
    assert_int_equal(use(bench, code, key_b, NOW_MS, &err), STATUS_OK);

    assert_int_equal(
        query_file(bench->path, test_is_postgresql()
                                    ? "SELECT count(*) FROM terminal WHERE get_byte(public_key, 0) = 2"
                                    : "SELECT count(*) FROM terminal WHERE substr(public_key, 1, 1) = x'02'"),
        1);
}

static void
an_id_with_lines_gets_no_code_and_an_old_code_for_it_is_refused(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    char code[ENROLMENT_CODE_TEXT_SIZE];
    char other[ENROLMENT_CODE_TEXT_SIZE];
    struct maker maker;
    assert_int_equal(make(bench, "KO-01", "shimin-1", code, &err), STATUS_OK);
    maker_init(&maker, "KO-01", "shimin-1");
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    maker_send(&maker, bench->store);

    assert_int_equal(make(bench, "KO-01", "shimin-1", other, &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "terminal_in_use");
    assert_int_equal(use(bench, code, key_b, NOW_MS, &err), STATUS_CONFLICT);
    maker_finish(&maker);
}

static void
what_is_no_terminal_or_place_is_refused(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    char code[ENROLMENT_CODE_TEXT_SIZE];

    assert_int_equal(make(bench, "ko 01", "shimin-1", code, &err), STATUS_INVALID);
    assert_int_equal(make(bench, "KO-01", "", code, &err), STATUS_INVALID);
    assert_int_equal(make(bench, "KO-01", "a-place-whose-code-is-far-too-long", code, &err), STATUS_INVALID);
}

static void
codes_are_twelve_letters_without_look_alikes_and_never_the_same(void **state)
{
    enum { CODES = 300 };
    struct bench *bench = *state;
    struct error_detail err;
    static char codes[CODES][ENROLMENT_CODE_TEXT_SIZE];

    for (size_t i = 0; i < CODES; i++) {
        assert_int_equal(make(bench, "KO-01", "shimin-1", codes[i], &err), STATUS_OK);
        assert_int_equal(strlen(codes[i]), 14);
        assert_int_equal(strspn(codes[i], "0123456789ABCDEFGHJKMNPQRSTVWXYZ-"), 14);
        assert_true(codes[i][4] == '-' && codes[i][9] == '-');
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(codes[i], codes[j]);
        }
    }
    assert_int_equal(query_file(bench->path, "SELECT count(*) FROM enrolment_code"), 1);
}

static void
a_code_is_read_in_lower_case_without_hyphens_and_with_look_alikes(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    char code[ENROLMENT_CODE_TEXT_SIZE];
    char typed[ENROLMENT_CODE_TEXT_SIZE];
    assert_int_equal(make(bench, "KO-01", "shimin-1", code, &err), STATUS_OK);
    size_t length = 0;
    for (size_t i = 0; code[i] != '\0'; i++) {
        if (code[i] != '-') {
            char letter = code[i] == '0' ? 'O' : code[i] == '1' ? 'l' : code[i];
            typed[length++] = letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
        }
    }
    typed[length] = '\0';

    assert_int_equal(use(bench, typed, key_a, NOW_MS, &err), STATUS_OK);
}

int
main(void)
{
#define IN_EMPTY(test) cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        IN_EMPTY(a_code_is_good_until_its_last_millisecond),
        IN_EMPTY(the_same_key_is_answered_again_even_after_a_day_and_another_never),
        IN_EMPTY(a_till_that_never_sent_a_line_may_enrol_anew_and_then_has_the_new_key),
        IN_EMPTY(an_id_with_lines_gets_no_code_and_an_old_code_for_it_is_refused),
        IN_EMPTY(what_is_no_terminal_or_place_is_refused),
        IN_EMPTY(codes_are_twelve_letters_without_look_alikes_and_never_the_same),
        IN_EMPTY(a_code_is_read_in_lower_case_without_hyphens_and_with_look_alikes),
    };
    return cmocka_run_group_tests_name("settlement enrolment", tests, NULL, NULL);
}
