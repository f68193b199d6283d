/* Ids sort by their making, whatever the clock does; codes are checked to the last digit. */
#include "common/identity/identity.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOVEMBER_2026_MS INT64_C(1795309391123)

/* The 48-bit time stamp in an id. */
static int64_t
stamp_of(const char *id)
{
    char digits[13];
    memcpy(digits, id, 8);
    memcpy(digits + 8, id + 9, 5);
    digits[12] = '\0';
    return (int64_t)strtoull(digits, NULL, 16);
}

static void
an_id_is_a_lower_case_uuid_of_version_7_with_its_time(void **state)
{
    (void)state;
    char id[IDENTITY_TEXT_SIZE];

    assert_int_equal(identity_new(id, NOVEMBER_2026_MS, NULL), STATUS_OK);

    assert_true(identity_is_valid(id));
    assert_int_equal(id[14], '7');
    assert_non_null(strchr("89ab", id[19]));
    assert_int_equal(stamp_of(id), NOVEMBER_2026_MS);
}

static void
ids_rise_while_the_clock_stands_still_jumps_back_and_jumps_forth(void **state)
{
    (void)state;
    char last[IDENTITY_TEXT_SIZE] = "";
    int64_t now_ms = NOVEMBER_2026_MS + 1000;
    for (int i = 0; i < 20000; i++) {
        char id[IDENTITY_TEXT_SIZE];
        now_ms += i % 1000 == 999 ? 5000 : i % 1500 == 1499 ? -86400000 : 0;
        assert_int_equal(identity_new(id, now_ms, NULL), STATUS_OK);
        assert_true(identity_is_valid(id));
        assert_true(strcmp(id, last) > 0);
        memcpy(last, id, sizeof id);
    }
}

static void
a_clock_before_1970_does_not_break_the_form(void **state)
{
    (void)state;
    char id[IDENTITY_TEXT_SIZE];
    assert_int_equal(identity_new(id, -1, NULL), STATUS_OK);
    assert_true(identity_is_valid(id));
}

enum { MAKERS = 4, IDS_PER_MAKER = 5000 };

struct maker {
    pthread_t thread;
    char ids[IDS_PER_MAKER][IDENTITY_TEXT_SIZE];
};

static void *
make_ids(void *context)
{
    struct maker *maker = context;
    for (int i = 0; i < IDS_PER_MAKER; i++) {
        if (identity_new(maker->ids[i], NOVEMBER_2026_MS, NULL) != STATUS_OK) {
            maker->ids[i][0] = '\0';
        }
    }
    return NULL;
}

static int
compare_texts(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void
ids_made_in_several_threads_never_meet(void **state)
{
    (void)state;
    struct maker *makers = calloc(MAKERS, sizeof *makers);
    assert_non_null(makers);
    for (int i = 0; i < MAKERS; i++) {
        assert_int_equal(pthread_create(&makers[i].thread, NULL, make_ids, &makers[i]), 0);
    }
    for (int i = 0; i < MAKERS; i++) {
        pthread_join(makers[i].thread, NULL);
    }
    enum { ALL = MAKERS * IDS_PER_MAKER };
    char(*all)[IDENTITY_TEXT_SIZE] = calloc(ALL, sizeof *all);
    assert_non_null(all);
    for (int i = 0; i < MAKERS; i++) {
        for (int j = 0; j < IDS_PER_MAKER; j++) {
            assert_true(identity_is_valid(makers[i].ids[j]));
            assert_true(j == 0 || strcmp(makers[i].ids[j], makers[i].ids[j - 1]) > 0);
            memcpy(all[i * IDS_PER_MAKER + j], makers[i].ids[j], IDENTITY_TEXT_SIZE);
        }
    }
    qsort(all, ALL, sizeof *all, compare_texts);
    for (int i = 1; i < ALL; i++) {
        /* Stamp, counter and version alone already differ: uniqueness does not rest on the random part. */
        assert_int_not_equal(memcmp(all[i], all[i - 1], 18), 0);
    }
    free(all);
    free(makers);
}

static void
only_lower_case_uuids_are_ids(void **state)
{
    (void)state;
    assert_true(identity_is_valid("01920000-0000-7000-8000-0123456789ab"));
    static const char *const wrong[] = {
        "",
        "01920000-0000-7000-8000-0123456789a",
        "01920000-0000-7000-8000-0123456789abc",
        "01920000-0000-7000-8000-0123456789AB",
        "01920000-0000-7000-8000-0123456789ag",
        "0192000-00000-7000-8000-0123456789ab",
        "01920000x0000-7000-8000-0123456789ab",
        "{1920000-0000-7000-8000-0123456789ab",
        "019200000000700080000123456789abcdef",
        " 1920000-0000-7000-8000-0123456789ab",
        "../../../../../../../../etc/passwd--",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(identity_is_valid(wrong[i]));
    }
}

static void
terminal_ids_are_short_and_of_plain_characters(void **state)
{
    (void)state;
    static const char *const right[] = {"KO-01", "A", "0", "0123456789ABCDEF", "KO-", "A--B"};
    static const char *const wrong[] = {"",      "-KO",  "ko-01", "KO 01", "0123456789ABCDEFG",
                                        "KO_01", "窓口", "KO/01", "KO.01", "KO-01\n"};
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        assert_true(terminal_id_is_valid(right[i]));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(terminal_id_is_valid(wrong[i]));
    }
}

static void
municipality_codes_have_a_right_check_digit(void **state)
{
    (void)state;
    /* 札幌市, 郡山市, 千代田区, 新宿区, 大阪市, 那覇市 */
    static const char *const right[] = {"011002", "072036", "131016", "131041", "271004", "472018"};
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        assert_true(municipality_code_is_valid(right[i]));
        for (char digit = '0'; digit <= '9'; digit++) {
            char other[MUNICIPALITY_CODE_SIZE];
            memcpy(other, right[i], sizeof other);
            other[5] = digit;
            assert_int_equal(municipality_code_is_valid(other), digit == right[i][5]);
        }
    }
    static const char *const wrong[] = {"", "07203", "0720360", "07203x", "07203 ", "O72036", "-72036"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(municipality_code_is_valid(wrong[i]));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_a_lower_case_uuid_of_version_7_with_its_time),
        cmocka_unit_test(ids_rise_while_the_clock_stands_still_jumps_back_and_jumps_forth),
        cmocka_unit_test(a_clock_before_1970_does_not_break_the_form),
        cmocka_unit_test(ids_made_in_several_threads_never_meet),
        cmocka_unit_test(only_lower_case_uuids_are_ids),
        cmocka_unit_test(terminal_ids_are_short_and_of_plain_characters),
        cmocka_unit_test(municipality_codes_have_a_right_check_digit),
    };
    return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
