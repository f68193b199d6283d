/* Finding a sale again: every way in which a citizen can describe one, page by page, over several days. */
#include "till_stage.h"

#include "common/json/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)

enum { FOUND_BYTES = 1024 * 1024 };

static struct till_stage stage;
static char found[2048]; /* "0002 0001 " of the last search, and "+" when there are more */

static void
must(enum status status)
{
    if (status != STATUS_OK) {
        fail_msg("%s: %s", stage.err.code, stage.err.message);
    }
}

static void
sell(const char *item, int64_t quantity, int64_t tendered_yen)
{
    char basket[IDENTITY_TEXT_SIZE];
    must(till_add_item(stage.till, item, quantity, &stage.err));
    const char *at = strstr(till_stage_state(&stage), "\"basket\":{\"id\":\"");
    assert_non_null(at);
    snprintf(basket, sizeof basket, "%.36s", at + strlen("\"basket\":{\"id\":\""));
    must(till_pay_cash(stage.till, basket, tendered_yen, &stage.err));
}

/* Day 1 (11/22): 0001 300円 10:03, 0002 450円 11:03, 0003 600円 12:03. Day 2 (11/23): 0001 300円, 0002 900円, the
 * second voided. */
static int
open_stage(void **state)
{
    (void)state;
    till_stage_open(&stage, till_stage_masters);
    sell("a", 1, 300);
    stage.clock.now_ms += HOUR_MS;
    sell("b", 1, 450);
    stage.clock.now_ms += HOUR_MS;
    sell("a", 2, 600);
    stage.clock.now_ms += DAY_MS - 2 * HOUR_MS;
    must(till_close_day(stage.till, 0, "検査", &stage.err));
    must(till_open_day(stage.till, 0, &stage.err));
    sell("a", 1, 1000);
    sell("b", 2, 900);
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
search(struct sale_search wanted)
{
    struct buffer json;
    struct json_value *answer = NULL;
    bool has_more;
    wanted.limit = wanted.limit != 0 ? wanted.limit : 50;
    buffer_init(&json, FOUND_BYTES);
    enum status status = till_write_sales(stage.till, &wanted, &json, &stage.err);
    found[0] = '\0';
    if (status == STATUS_OK) {
        must(json_parse(&answer, buffer_text(&json), json.length, &stage.err));
        const struct json_value *sales = json_member(answer, "sales");
        for (const struct json_value *sale = json_first(sales); sale != NULL; sale = json_next(sale)) {
            const char *number;
            must(json_get_text(sale, "receipt_number", 40, &number, &stage.err));
            snprintf(found + strlen(found), sizeof found - strlen(found), "%s ", number + strlen("KO-01-202611"));
        }
        must(json_get_bool(answer, "has_more", &has_more, &stage.err));
        strcat(found, has_more ? "+" : "");
        json_free(answer);
    }
    buffer_finish(&json);
    return status;
}

#define ANY_TIME .from_minute = -1, .to_minute = -1

static void
without_a_wish_the_newest_come_first_page_by_page(void **state)
{
    (void)state;
    must(search((struct sale_search){ANY_TIME, .limit = 2}));
    assert_string_equal(found, "23-0002 23-0001 +");
    must(search((struct sale_search){ANY_TIME, .limit = 2, .before = "KO-01-20261123-0001"}));
    assert_string_equal(found, "22-0003 22-0002 +");
    must(search((struct sale_search){ANY_TIME, .limit = 2, .before = "KO-01-20261122-0002"}));
    assert_string_equal(found, "22-0001 ");
    assert_int_equal(search((struct sale_search){ANY_TIME, .before = "KO-01-20261122-9999"}), STATUS_NOT_FOUND);
}

static void
a_number_is_a_serial_or_an_amount_and_a_whole_one_is_exact(void **state)
{
    (void)state;
    must(search((struct sale_search){ANY_TIME, .text = "300"}));
    assert_string_equal(found, "23-0001 22-0001 ");
    must(search((struct sale_search){ANY_TIME, .text = "0002"}));
    assert_string_equal(found, "23-0002 22-0002 ");
    must(search((struct sale_search){ANY_TIME, .text = "¥900"}));
    assert_string_equal(found, "23-0002 ");
    must(search((struct sale_search){ANY_TIME, .text = "450円"}));
    assert_string_equal(found, "22-0002 ");
    must(search((struct sale_search){ANY_TIME, .text = "3円"})); /* an amount, and so no serial */
    assert_string_equal(found, "");
    must(search((struct sale_search){ANY_TIME, .text = "20261122-0003"}));
    assert_string_equal(found, "22-0003 ");
    must(search((struct sale_search){ANY_TIME, .text = "ko-01-20261122-0003"}));
    assert_string_equal(found, "22-0003 ");
}

static void
words_are_looked_for_in_the_lines(void **state)
{
    (void)state;
    must(search((struct sale_search){ANY_TIME, .text = "戸籍"}));
    assert_string_equal(found, "23-0002 22-0002 ");
    must(search((struct sale_search){ANY_TIME, .text = "'; DROP TABLE sale"}));
    assert_string_equal(found, "");
    must(search((struct sale_search){ANY_TIME, .text = "%"}));
    assert_string_equal(found, "");
}

static void
day_time_method_and_state_narrow_it_down(void **state)
{
    (void)state;
    const struct civil_date first = {2026, 11, 22};
    const struct civil_date second = {2026, 11, 23};
    const struct civil_date later = {2026, 12, 1};
    must(search((struct sale_search){ANY_TIME, .to = first}));
    assert_string_equal(found, "22-0003 22-0002 22-0001 ");
    must(search((struct sale_search){ANY_TIME, .from = second}));
    assert_string_equal(found, "23-0002 23-0001 ");
    must(search((struct sale_search){ANY_TIME, .from = later}));
    assert_string_equal(found, "");
    must(search((struct sale_search){.from = first, .to = first, .from_minute = 11 * 60, .to_minute = 11 * 60 + 59}));
    assert_string_equal(found, "22-0002 ");
    must(search((struct sale_search){ANY_TIME, .method = "cash", .text = "300"}));
    assert_string_equal(found, "23-0001 22-0001 ");
    must(search((struct sale_search){ANY_TIME, .brand = "paypay"}));
    assert_string_equal(found, "");
}

static void
what_was_voided_or_goes_back_is_found_as_such(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    char refund[IDENTITY_TEXT_SIZE];
    struct buffer json;
    buffer_init(&json, FOUND_BYTES);
    must(till_write_sale(stage.till, "KO-01-20261123-0002", &json, &stage.err));
    snprintf(sale, sizeof sale, "%.36s", strstr(buffer_text(&json), "\"sale\":\"") + 8);
    must(till_void_sale(stage.till, sale, "打ち間違い", &stage.err));
    buffer_clear(&json);
    must(till_write_sale(stage.till, "KO-01-20261122-0002", &json, &stage.err));
    snprintf(sale, sizeof sale, "%.36s", strstr(buffer_text(&json), "\"sale\":\"") + 8);
    buffer_finish(&json);
    must(till_request_refund(
        stage.till,
        &(struct refund_request){.sale = sale, .remainder_yen = 450, .means = "cash", .reason = "申請の取下げ"}, refund,
        &stage.err));

    must(search((struct sale_search){ANY_TIME, .state = "voided"}));
    assert_string_equal(found, "23-0002 ");
    must(search((struct sale_search){ANY_TIME, .state = "refunded"}));
    assert_string_equal(found, "22-0002 ");
    must(search((struct sale_search){ANY_TIME, .state = "sold", .limit = 2}));
    assert_string_equal(found, "23-0001 22-0003 +");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_a_wish_the_newest_come_first_page_by_page, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_number_is_a_serial_or_an_amount_and_a_whole_one_is_exact, open_stage,
                                        close_stage),
        cmocka_unit_test_setup_teardown(words_are_looked_for_in_the_lines, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(day_time_method_and_state_narrow_it_down, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(what_was_voided_or_goes_back_is_found_as_such, open_stage, close_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
