/* Business days under a clock that was wrong: a day far from the last one is opened only with a supervisor, and after
 * the clock is repaired a supervisor brings the till back to today. */
#include "till_stage.h"

#include "pos/till/cash.h"
#include "pos/till/drawer.h"
#include "pos/till/refold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)
#define TEN_YEARS_MS (3653 * DAY_MS) /* 2026-11-22 … 2036-11-22 */

static struct till_stage stage;
static const struct cash_count some_float = {.total_yen = 20000};
static const struct approval supervisor = {.clerk = "suzuki", .pin = "2222"};

static void
must(enum status status)
{
    if (status != STATUS_OK) {
        fail_msg("%s: %s", stage.err.code, stage.err.message);
    }
}

static int
open_stage(void **state)
{
    (void)state;
    till_stage_open(&stage, till_stage_masters); /* 2026-11-22 is open */
    return 0;
}

static int
close_stage(void **state)
{
    (void)state;
    till_stage_close(&stage);
    return 0;
}

static void
close_day(void)
{
    must(till_record_count(stage.till, COUNT_CLOSE, &some_float, &stage.err));
    must(till_close_counted(stage.till, 0, "検査", -1, &stage.err));
}

static void
sell(void)
{
    char basket[IDENTITY_TEXT_SIZE];
    must(till_add_item(stage.till, "a", 1, &stage.err));
    const char *at = strstr(till_stage_state(&stage), "\"basket\":{\"id\":\"");
    assert_non_null(at);
    snprintf(basket, sizeof basket, "%.36s", at + 16);
    must(till_pay_cash(stage.till, basket, 300, &stage.err));
}

static void
assert_sold_under(const char *receipt_number)
{
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM sale WHERE receipt_number = '%s'", receipt_number);
    assert_int_equal(till_stage_query(&stage, sql), 1);
}

static void
must_ask_for_a_supervisor(const char *last, const char *by_clock)
{
    assert_int_equal(till_open_day_counted(stage.till, &some_float, &stage.err), STATUS_UNAUTHORIZED);
    assert_string_equal(stage.err.code, "approval_needed");
    assert_non_null(strstr(stage.err.message, last));
    assert_non_null(strstr(stage.err.message, by_clock));
}

static void
tables_follow_from_the_journal(void)
{
    struct database *db = NULL;
    struct journal_position end;
    must(database_open(&db, stage.database, DATABASE_READ_WRITE, NULL, &stage.err));
    must(journal_verify(db, "KO-01", &end, &stage.err));
    must(till_check_fold(db, &stage.err));
    database_close(db);
}

static void
a_day_within_two_weeks_of_the_last_needs_nobody(void **state)
{
    (void)state;
    close_day();
    stage.clock.now_ms += 14 * DAY_MS;

    must(till_open_day_counted(stage.till, &some_float, &stage.err));

    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM journal_line WHERE"
                                              " json_extract(CAST(line AS TEXT), '$.kind') = 'day.opened' AND"
                                              " json_extract(CAST(line AS TEXT), '$.body.approved_by') IS NOT NULL"),
                     0);
}

static void
a_day_far_behind_the_last_is_opened_by_a_supervisor_who_is_told_both_dates(void **state)
{
    (void)state;
    const struct approval by_clerk = {.clerk = "sato", .pin = "1111"};
    close_day();
    stage.clock.now_ms += 15 * DAY_MS;

    must_ask_for_a_supervisor("2026年11月22日", "2026年12月7日");
    assert_non_null(strstr(till_stage_state(&stage), "\"opening_on\":\"2026-12-07\",\"opening_needs_approval\":true"));
    assert_int_equal(till_open_day_approved(stage.till, &some_float, &by_clerk, &stage.err), STATUS_UNAUTHORIZED);
    assert_string_equal(stage.err.code, "not_a_supervisor");

    must(till_open_day_approved(stage.till, &some_float, &supervisor, &stage.err));
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM journal_line WHERE"
                                              " json_extract(CAST(line AS TEXT), '$.kind') = 'day.opened' AND"
                                              " json_extract(CAST(line AS TEXT), '$.body.approved_by') = 'suzuki'"),
                     1);
}

static void
after_a_clock_that_was_ahead_a_supervisor_brings_the_till_back_to_today(void **state)
{
    (void)state;
    sell();
    close_day();
    stage.clock.now_ms += TEN_YEARS_MS;
    must(till_open_day_approved(stage.till, &some_float, &supervisor, &stage.err));
    sell();
    stage.clock.now_ms -= TEN_YEARS_MS - DAY_MS; /* repaired, on the 23rd */
    sell();                                      /* of the day that is open, until it is closed */
    close_day();

    must_ask_for_a_supervisor("2036年11月22日", "2026年11月23日");
    must(till_open_day_approved(stage.till, &some_float, &supervisor, &stage.err));
    sell();
    till_stage_reopen(&stage); /* the newest day is the one opened last, whatever its date */
    must(till_sign_in(stage.till, "sato", "1111", &stage.err));
    sell();

    assert_sold_under("KO-01-20261122-0001");
    assert_sold_under("KO-01-20361122-0001");
    assert_sold_under("KO-01-20361122-0002");
    assert_sold_under("KO-01-20261123-0001");
    assert_sold_under("KO-01-20261123-0002");
    close_day();
    stage.clock.now_ms += DAY_MS;
    must(till_open_day_counted(stage.till, &some_float, &stage.err)); /* the next morning is like any other */
    sell();
    assert_sold_under("KO-01-20261124-0001");
    tables_follow_from_the_journal();
}

static void
no_supervisor_opens_a_date_twice(void **state)
{
    (void)state;
    close_day();
    stage.clock.now_ms += 2 * DAY_MS;
    must(till_open_day_counted(stage.till, &some_float, &stage.err));
    close_day();
    stage.clock.now_ms -= 2 * DAY_MS;

    assert_int_equal(till_open_day_approved(stage.till, &some_float, &supervisor, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "day_is_closed");
    assert_non_null(strstr(till_stage_state(&stage), "\"opening_on\":null"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_day_within_two_weeks_of_the_last_needs_nobody, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_day_far_behind_the_last_is_opened_by_a_supervisor_who_is_told_both_dates,
                                        open_stage, close_stage),
        cmocka_unit_test_setup_teardown(after_a_clock_that_was_ahead_a_supervisor_brings_the_till_back_to_today,
                                        open_stage, close_stage),
        cmocka_unit_test_setup_teardown(no_supervisor_opens_a_date_twice, open_stage, close_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
