/* A full disk is named to the clerk, nothing is sold on it, and it is forgotten once there is room. */
#include "till_stage.h"

#include "pos/till/till_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { SALES_UNTIL_FULL_MAX = 500 /* a page of the database holds some lines */ };

static struct till_stage stage;

static int
open_stage(void **state)
{
    (void)state;
    till_stage_open(&stage, till_stage_masters);
    return 0;
}

static int
close_stage(void **state)
{
    (void)state;
    till_stage_close(&stage);
    return 0;
}

static enum status
sell_for_cash(void)
{
    char basket[IDENTITY_TEXT_SIZE];
    memcpy(basket, stage.till->basket.id, sizeof basket);
    if (stage.till->basket.content.line_count == 0) {
        assert_int_equal(till_add_item(stage.till, "a", 1, &stage.err), STATUS_OK);
        memcpy(basket, stage.till->basket.id, sizeof basket);
    }
    return till_pay_cash(stage.till, basket, 300, &stage.err);
}

static void
limit_pages(const char *sql)
{

    till_lock(stage.till);
    int64_t limit;
    assert_int_equal(database_query_int(stage.till->db, sql, &limit, &stage.err), STATUS_OK);
    till_unlock(stage.till, false);
}

static void
a_full_disk_is_named_and_takes_no_money(void **state)
{
    (void)state;
    limit_pages("PRAGMA max_page_count = 1"); /* never below what there is */
    enum status status = STATUS_OK;
    int64_t sold = 0;
    while (sold < SALES_UNTIL_FULL_MAX && (status = sell_for_cash()) == STATUS_OK) {
        sold++;
    }

    assert_int_not_equal(status, STATUS_OK);
    assert_string_equal(stage.err.code, "disk_full");
    assert_non_null(strstr(stage.err.message, "ディスクがいっぱい"));
    assert_non_null(strstr(stage.err.message, "受け渡しをせず"));
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM sale"), sold);

    limit_pages("PRAGMA max_page_count = 1000000");
    assert_int_equal(sell_for_cash(), STATUS_OK);
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM sale"), sold + 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_full_disk_is_named_and_takes_no_money, open_stage, close_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
