/* Long work is counted, shown in words, ended at its next safe point and nowhere else, and listed for its own city. */
#include "settlement/work/works.h"

#include "common/bytes/scratch_file.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { UNITS = 20000 };

static void
a_step_is_told_in_words_with_its_part(void **state)
{
    (void)state;
    struct work work;
    char text[WORK_TEXT_SIZE];
    work_init(&work, WORK_IMPORT);
    assert_string_equal(work_text(text, &work), "準備");
    assert_int_equal(work_percent(&work), -1);
    work_begin_step(&work, WORK_STORE, 3000000);
    assert_int_equal(work_reach(&work, 1200000, NULL), STATUS_OK);
    assert_string_equal(work_text(text, &work), "取込 1,200,000 / 3,000,000 行 (40%)");
    assert_int_equal(work_reach(&work, 2999999, NULL), STATUS_OK);
    assert_int_equal(work_percent(&work), 99);
    assert_int_equal(work_advance(&work, 7, NULL), STATUS_OK);
    assert_string_equal(work_text(text, &work), "取込 3,000,000 / 3,000,000 行 (100%)");
    work_begin_step(&work, WORK_COLLECT, 0);
    assert_int_equal(work_advance(&work, 1234, NULL), STATUS_OK);
    assert_string_equal(work_text(text, &work), "照合(読込み) 1,234 件");
    work_begin_step(&work, WORK_JUDGE, INT64_C(300) * 1024 * 1024);
    assert_int_equal(work_reach(&work, INT64_C(120) * 1024 * 1024, NULL), STATUS_OK);
    assert_string_equal(work_text(text, &work), "確認 120 / 300 MB (40%)");
}

static void
a_wish_to_end_is_heard_at_the_next_safe_point(void **state)
{
    (void)state;
    struct work work;
    struct error_detail err;
    work_init(&work, WORK_RECONCILE);
    assert_int_equal(work_advance(&work, 1, &err), STATUS_OK);
    work_cancel(&work);
    assert_int_equal(atomic_load(&work.state), WORK_RUNNING);
    assert_int_equal(work_advance(&work, 0, &err), STATUS_CANCELLED);
    assert_string_equal(err.code, "cancelled");
    work_end(&work, STATUS_CANCELLED);
    assert_int_equal(atomic_load(&work.state), WORK_CANCELLED);
    assert_int_equal(work_advance(NULL, 1, &err), STATUS_OK);
    work_cancel(NULL);
}

static void
the_list_shows_a_city_its_own_work_and_ends_only_what_runs(void **state)
{
    (void)state;
    struct works *works = NULL;
    struct error_detail err;
    struct work_row rows[WORKS_MAX];
    const struct actor sato = {.login = "sato", .municipality = "072036"};
    const struct actor other = {.login = "kato", .municipality = "131016"};
    assert_int_equal(works_create(&works, &err), STATUS_OK);
    struct work *first = works_begin(works, WORK_IMPORT, &sato, "large.csv", 1000);
    struct work *second = works_begin(works, WORK_RECONCILE, &other, NULL, 2000);
    works_set_waiting(works, first, 7);

    assert_int_equal(works_list(works, "072036", rows, WORKS_MAX), 1);
    assert_string_equal(rows[0].subject, "large.csv");
    assert_int_equal(rows[0].waiting, 7);
    int64_t id = rows[0].id;
    assert_int_equal(works_cancel(works, "131016", id, &err), STATUS_NOT_FOUND);
    assert_int_equal(works_cancel(works, "072036", id, &err), STATUS_OK);
    assert_int_equal(work_advance(first, 1, &err), STATUS_CANCELLED);
    works_end(works, first, STATUS_CANCELLED, &err, 3000);
    assert_int_equal(works_cancel(works, "072036", id, &err), STATUS_REFUSED);
    assert_string_equal(err.code, "wrong_state");
    assert_int_equal(works_list(works, "072036", rows, WORKS_MAX), 1);
    assert_int_equal(rows[0].state, WORK_CANCELLED);
    assert_string_equal(rows[0].sentence, "中止しました。");

    works_cancel_all(works);
    assert_int_equal(work_advance(second, 1, &err), STATUS_CANCELLED);
    works_end(works, second, STATUS_CANCELLED, &err, 4000);
    works_destroy(works);
}

static void
the_work_of_a_night_is_shown_and_ends_with_the_service_only(void **state)
{
    (void)state;
    struct works *works = NULL;
    struct error_detail err;
    struct work_row row;
    const struct actor night = {.login = "nightly", .municipality = "072036"};
    assert_int_equal(works_create(&works, &err), STATUS_OK);
    struct work *work = works_begin(works, WORK_NIGHTLY, &night, NULL, 1000);
    work_begin_step(work, WORK_COPY, 0);

    assert_int_equal(works_list(works, "072036", &row, 1), 1);
    assert_string_equal(work_kind_name(row.kind), "夜間処理");
    assert_int_equal(works_cancel(works, "072036", row.id, &err), STATUS_REFUSED);
    assert_non_null(strstr(err.message, "夜間処理"));
    assert_int_equal(work_advance(work, 1, &err), STATUS_OK);
    works_cancel_all(works);
    assert_int_equal(work_advance(work, 1, &err), STATUS_CANCELLED);
    works_end(works, work, STATUS_CANCELLED, &err, 3000);
    works_destroy(works);
}

static void
places_are_taken_again_and_what_finds_none_is_not_watched(void **state)
{
    (void)state;
    struct works *works = NULL;
    struct error_detail err;
    struct work *running[WORKS_MAX];
    struct work_row rows[WORKS_MAX];
    const struct actor sato = {.login = "sato", .municipality = "072036"};
    assert_int_equal(works_create(&works, &err), STATUS_OK);
    for (int i = 0; i < 3 * WORKS_MAX; i++) {
        works_end(works, works_begin(works, WORK_AUDIT, &sato, NULL, 1), STATUS_OK, NULL, 2);
    }
    for (int i = 0; i < WORKS_MAX; i++) {
        running[i] = works_begin(works, WORK_IMPORT, &sato, NULL, 1);
        assert_non_null(running[i]);
    }
    assert_null(works_begin(works, WORK_IMPORT, &sato, NULL, 1));
    works_end(works, NULL, STATUS_OK, NULL, 2);
    assert_int_equal(works_list(works, "072036", rows, WORKS_MAX), WORKS_MAX);
    assert_int_equal(rows[0].id, 4 * WORKS_MAX);
    for (int i = 0; i < WORKS_MAX; i++) {
        works_end(works, running[i], STATUS_OK, NULL, 2);
    }
    works_destroy(works);
}

static void *
work_until_cancelled(void *context)
{
    struct works *works = context;
    const struct actor sato = {.login = "sato", .municipality = "072036"};
    struct error_detail err;
    struct work *work = works_begin(works, WORK_IMPORT, &sato, "large.csv", 1);
    work_begin_step(work, WORK_STORE, UNITS);
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        status = work_advance(work, 1, &err);
    }
    works_end(works, work, status, &err, 2);
    return NULL;
}

static void
one_thread_works_while_others_look_and_cancel(void **state)
{
    (void)state;
    struct works *works = NULL;
    struct error_detail err;
    struct work_row row = {0};
    pthread_t thread;
    assert_int_equal(works_create(&works, &err), STATUS_OK);
    assert_int_equal(pthread_create(&thread, NULL, work_until_cancelled, works), 0);
    while (works_list(works, "072036", &row, 1) == 0 || row.done < UNITS) {
    }
    assert_int_equal(row.percent, 100);
    assert_int_equal(works_cancel(works, "072036", row.id, &err), STATUS_OK);
    pthread_join(thread, NULL);
    assert_int_equal(works_list(works, "072036", &row, 1), 1);
    assert_int_equal(row.state, WORK_CANCELLED);
    works_destroy(works);
}

static void
a_scratch_file_gives_back_what_was_put_in(void **state)
{
    (void)state;
    struct scratch_file file;
    struct error_detail err;
    assert_int_equal(scratch_file_open(&file, &err), STATUS_OK);
    assert_int_equal(scratch_file_append(&file, "one ", 4, &err), STATUS_OK);
    assert_int_equal(scratch_file_append(&file, "two", 3, &err), STATUS_OK);
    assert_int_equal(scratch_file_map(&file, &err), STATUS_OK);
    assert_int_equal(file.length, 7);
    assert_memory_equal(file.bytes, "one two", 7);
    scratch_file_close(&file);
    assert_null(file.bytes);
    scratch_file_close(&file);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_told_in_words_with_its_part),
        cmocka_unit_test(a_wish_to_end_is_heard_at_the_next_safe_point),
        cmocka_unit_test(the_list_shows_a_city_its_own_work_and_ends_only_what_runs),
        cmocka_unit_test(the_work_of_a_night_is_shown_and_ends_with_the_service_only),
        cmocka_unit_test(places_are_taken_again_and_what_finds_none_is_not_watched),
        cmocka_unit_test(one_thread_works_while_others_look_and_cancel),
        cmocka_unit_test(a_scratch_file_gives_back_what_was_put_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
