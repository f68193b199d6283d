/* Tickets of a car park, above all what a clock that jumps may not do. */
#include "pos/till/tickets.h"

#include "common/clock/civil.h"
#include "common/json/reader.h"
#include "till_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS (60 * MINUTE_MS)

static const char masters[] =
    "{\"version\":1,\"municipality\":{\"code\":\"072036\",\"name\":\"郡山市\"},"
    "\"issuers\":[{\"code\":\"general\",\"name\":\"郡山市\",\"registration_number\":\"T9000020072036\"}],"
    "\"facilities\":[{\"code\":\"hayama\",\"name\":\"麓山地区立体駐車場\",\"section\":\"s\",\"revenue\":\"usage_fee\","
    "\"valid_from\":\"2026-04-01\"}],"
    "\"places\":[{\"code\":\"p1\",\"name\":\"出口\",\"section\":\"s\",\"categories\":[\"c\"],\"facilities\":["
    "\"hayama\"]}],"
    "\"tariffs\":[{\"code\":\"hayama-p\",\"name\":\"麓山駐車場\",\"form\":\"parking\",\"free_minutes\":120,"
    "\"rates\":[{\"unit_minutes\":30,\"yen\":100}],\"daily_maximum_yen\":1000,\"grace_minutes\":20,"
    "\"lost_ticket_yen\":1000,\"valid_from\":\"2026-04-01\"}],"
    "\"items\":["
    "{\"code\":\"a\",\"name\":\"回数券\",\"kana\":\"かいすうけん\",\"category\":\"c\",\"price_yen\":300,\"tax\":"
    "\"standard10\","
    "\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\"},"
    "{\"code\":\"park\",\"name\":\"駐車料金\",\"kana\":\"ちゅうしゃりょうきん\",\"category\":\"c\",\"tariff\":\"hayama-"
    "p\","
    "\"tax\":\"standard10\",\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\",\"facility\":\"hayama\"}],"
    "\"exemptions\":[],\"brands\":[],"
    "\"clerks\":[{\"code\":\"sato\",\"name\":\"佐藤\",\"role\":\"clerk\",\"pin_hash\":\"@1111@\"}]}";

static struct till_stage stage;

static int
open_stage(void **state)
{
    (void)state;
    till_stage_open(&stage, masters);
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
issue(char out[TICKET_NUMBER_SIZE])
{
    if (till_issue_ticket(stage.till, "park", "郡山 500 あ 12-34", out, &stage.err) != STATUS_OK) {
        fail_msg("issuing: %s", stage.err.message);
    }
}

static void
wait_ms(int64_t ms)
{
    stage.clock.now_ms += ms;
}

/* Somebody sets the clock; no time passes. */
static void
set_clock(int64_t by_ms)
{
    stage.clock.now_ms += by_ms;
    stage.clock.jumped_ms += by_ms;
}

static const char *
view(const char *ticket)
{
    static char text[16 * 1024];
    struct buffer out;
    buffer_init(&out, sizeof text);
    if (till_write_ticket(stage.till, ticket, &out, &stage.err) != STATUS_OK) {
        fail_msg("viewing: %s", stage.err.message);
    }
    snprintf(text, sizeof text, "%s", buffer_text(&out));
    buffer_finish(&out);
    return text;
}

static void
assert_view_has(const char *ticket, const char *text)
{
    if (strstr(view(ticket), text) == NULL) {
        fail_msg("no %s in %s", text, view(ticket));
    }
}

static void
a_ticket_knows_its_minutes_and_survives_a_restart(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE];
    issue(ticket);
    wait_ms(3 * HOUR_MS);
    till_stage_reopen(&stage);
    assert_view_has(ticket, "\"state\":\"inside\"");
    assert_view_has(ticket, "\"minutes\":180");
    assert_view_has(ticket, "\"item\":\"park\"");
    assert_view_has(ticket, "\"label\":\"郡山 500 あ 12-34\"");
    assert_view_has(ticket, "\"clock_doubt\":null");
}

static void
no_two_tickets_have_one_number(void **state)
{
    (void)state;
    char tickets[20][TICKET_NUMBER_SIZE];
    for (size_t i = 0; i < 20; i++) {
        issue(tickets[i]);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(tickets[i], tickets[k]);
        }
    }
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM ticket"), 20);
}

static void
a_clock_that_was_set_back_makes_the_entry_a_question_for_the_clerk(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE];
    issue(ticket);
    wait_ms(HOUR_MS);
    set_clock(-5 * HOUR_MS); /* the battery is empty, or somebody set it */
    assert_view_has(ticket, "入庫の時刻が今より後です");
}

static void
a_clock_that_was_set_forward_does_not_make_a_stay_longer_in_silence(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE];
    issue(ticket);
    wait_ms(90 * MINUTE_MS);
    set_clock(24 * HOUR_MS + 30 * MINUTE_MS);
    assert_view_has(ticket, "この端末の時計が変わりました");
    /* 90 minutes before now: 2026-11-23T10:33 */
    assert_view_has(ticket, "\"suggested_entered_at\":\"2026-11-23T10:33");
}

static void
the_clerk_says_the_time_with_a_reason_and_the_doubt_is_over(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE];
    issue(ticket);
    wait_ms(90 * MINUTE_MS);
    set_clock(5 * HOUR_MS); /* 16:33 */
    assert_int_equal(till_correct_ticket(stage.till, ticket, "2026-11-22T15:00", "", &stage.err), STATUS_REFUSED);
    assert_int_equal(till_correct_ticket(stage.till, ticket, "2026-11-22T16:34", "時計ずれ", &stage.err),
                     STATUS_INVALID);
    assert_int_equal(till_correct_ticket(stage.till, ticket, "2026-11-22T15:00", "時計ずれ", &stage.err), STATUS_OK);
    assert_view_has(ticket, "\"clock_doubt\":null");
    assert_view_has(ticket, "\"minutes\":93");
    assert_view_has(ticket, "\"is_corrected\":true");
}

static void
a_ticket_of_another_till_is_known_by_its_digits(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE];
    const struct ticket_number number = {.entered_ms = stage.clock.now_ms - HOUR_MS,
                                         .item_mark = ticket_item_mark("park"),
                                         .terminal_mark = ticket_terminal_mark("KO-99"),
                                         .serial = 7};
    assert_int_equal(ticket_number_write(&number, ticket, &stage.err), STATUS_OK);
    assert_view_has(ticket, "\"is_known\":false");
    assert_view_has(ticket, "\"item\":\"park\"");
    assert_view_has(ticket, "\"minutes\":60");
    assert_int_equal(till_close_ticket(stage.till, ticket, "left", NULL, &stage.err), STATUS_OK);
    assert_view_has(ticket, "\"state\":\"left\"");
    assert_int_equal(till_close_ticket(stage.till, ticket, "left", NULL, &stage.err), STATUS_REFUSED);
}

static void
a_misread_number_is_refused_with_what_to_do(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE];
    struct buffer out;
    issue(ticket);
    ticket[10] = ticket[10] == '0' ? '1' : '0';
    buffer_init(&out, 4096);
    assert_int_equal(till_write_ticket(stage.till, ticket, &out, &stage.err), STATUS_INVALID);
    assert_non_null(strstr(stage.err.message, "もう一度読み取って"));
    buffer_finish(&out);
}

static void
only_a_car_park_issues_tickets(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE];
    assert_int_equal(till_issue_ticket(stage.till, "a", NULL, ticket, &stage.err), STATUS_REFUSED);
    assert_int_equal(till_issue_ticket(stage.till, "nothing", NULL, ticket, &stage.err), STATUS_NOT_FOUND);
}

static void
voiding_a_ticket_needs_a_reason(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE];
    issue(ticket);
    assert_int_equal(till_close_ticket(stage.till, ticket, "voided", NULL, &stage.err), STATUS_REFUSED);
    assert_int_equal(till_close_ticket(stage.till, ticket, "voided", "発券の誤り", &stage.err), STATUS_OK);
    assert_view_has(ticket, "\"state\":\"voided\"");
}

static int64_t
basket_total(void)
{
    const char *at = strstr(till_stage_state(&stage), "\"basket\":{");
    at = at != NULL ? strstr(at, "\"total_yen\":") : NULL;
    assert_non_null(at);
    return strtoll(at + strlen("\"total_yen\":"), NULL, 10);
}

static void
pay_cash(int64_t tendered_yen)
{
    char basket[IDENTITY_TEXT_SIZE];
    const char *at = strstr(till_stage_state(&stage), "\"basket\":{\"id\":\"");
    assert_non_null(at);
    snprintf(basket, sizeof basket, "%s", at + strlen("\"basket\":{\"id\":\""));
    if (till_pay_cash(stage.till, basket, tendered_yen, &stage.err) != STATUS_OK) {
        fail_msg("paying: %s", stage.err.message);
    }
}

static void
a_stay_is_rung_up_once_paid_before_leaving_and_charged_again_after_the_grace(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE];
    issue(ticket);
    wait_ms(3 * HOUR_MS + 5 * MINUTE_MS);
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, NULL, &stage.err), STATUS_OK);
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, NULL, &stage.err), STATUS_OK); /* read twice: one line */
    assert_int_equal(basket_total(), 300);
    pay_cash(300);
    assert_view_has(ticket, "\"paid_yen\":300");
    wait_ms(10 * MINUTE_MS);
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, NULL, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "nothing_to_pay");
    wait_ms(40 * MINUTE_MS);
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, NULL, &stage.err), STATUS_OK);
    assert_int_equal(basket_total(), 100);
    pay_cash(100);
    assert_int_equal(till_close_ticket(stage.till, ticket, "left", NULL, &stage.err), STATUS_OK);
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, NULL, &stage.err), STATUS_REFUSED);
}

static void
a_free_stay_has_nothing_to_pay_and_a_lost_ticket_has(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE];
    struct json_value *facts = NULL;
    issue(ticket);
    wait_ms(HOUR_MS);
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, NULL, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "nothing_to_pay");
    assert_int_equal(json_parse(&facts, "{\"lost_ticket\":true}", 20, &stage.err), STATUS_OK);
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, facts, &stage.err), STATUS_OK);
    assert_int_equal(basket_total(), 1000);
    json_free(facts);
}

static void
a_voided_payment_of_a_ticket_is_owed_again(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE], sale[IDENTITY_TEXT_SIZE];
    issue(ticket);
    wait_ms(3 * HOUR_MS);
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, NULL, &stage.err), STATUS_OK);
    pay_cash(200);
    const char *at = strstr(till_stage_state(&stage), "\"last_sale\":{\"sale\":\"");
    assert_non_null(at);
    snprintf(sale, sizeof sale, "%s", at + strlen("\"last_sale\":{\"sale\":\""));
    assert_int_equal(till_void_sale(stage.till, sale, "誤り", &stage.err), STATUS_OK);
    assert_view_has(ticket, "\"paid_yen\":0");
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, NULL, &stage.err), STATUS_OK);
    assert_int_equal(basket_total(), 200);
}

static void
a_stay_in_doubt_is_not_rung_up(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE];
    issue(ticket);
    wait_ms(HOUR_MS);
    set_clock(5 * HOUR_MS);
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, NULL, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "clock_doubtful");
    assert_int_equal(basket_total(), 0);
}

static void
entries_add_up_by_category_and_never_fall_below_zero(void **state)
{
    (void)state;
    assert_int_equal(till_count_entry(stage.till, "hayama", "adult", 3, &stage.err), STATUS_OK);
    assert_int_equal(till_count_entry(stage.till, "hayama", "adult", 2, &stage.err), STATUS_OK);
    assert_int_equal(till_count_entry(stage.till, "hayama", "adult", -1, &stage.err), STATUS_OK);
    assert_int_equal(till_count_entry(stage.till, "hayama", "adult", -5, &stage.err), STATUS_REFUSED);
    assert_int_equal(till_count_entry(stage.till, "hayama", "dogs", 1, &stage.err), STATUS_INVALID);
    assert_int_equal(till_count_entry(stage.till, "museum", "adult", 1, &stage.err), STATUS_NOT_FOUND);
    assert_int_equal(till_stage_query(&stage, "SELECT SUM(count) FROM entry_count"), 4);
}

static void
basket_id(char out[IDENTITY_TEXT_SIZE])
{
    const char *at = strstr(till_stage_state(&stage), "\"basket\":{\"id\":\"");
    assert_non_null(at);
    snprintf(out, IDENTITY_TEXT_SIZE, "%s", at + strlen("\"basket\":{\"id\":\""));
}

static void
a_ticket_in_a_held_basket_is_not_paid_twice(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE], basket[IDENTITY_TEXT_SIZE], hold[IDENTITY_TEXT_SIZE];
    issue(ticket);
    wait_ms(3 * HOUR_MS);
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, NULL, &stage.err), STATUS_OK);
    basket_id(basket);
    assert_int_equal(till_hold_basket(stage.till, basket, "前の車", &stage.err), STATUS_OK);
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, NULL, &stage.err), STATUS_OK);
    pay_cash(200);
    const char *at = strstr(till_stage_state(&stage), "\"hold\":\"");
    assert_non_null(at);
    snprintf(hold, sizeof hold, "%s", at + strlen("\"hold\":\""));
    assert_int_equal(till_recall_basket(stage.till, hold, &stage.err), STATUS_OK);
    basket_id(basket);
    assert_int_equal(till_pay_cash(stage.till, basket, 200, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "ticket_paid");
    assert_view_has(ticket, "\"paid_yen\":200");
}

static void
an_old_price_of_a_stay_is_asked_anew(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE], basket[IDENTITY_TEXT_SIZE];
    issue(ticket);
    wait_ms(3 * HOUR_MS);
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, NULL, &stage.err), STATUS_OK);
    assert_int_equal(basket_total(), 200);
    wait_ms(HOUR_MS);
    basket_id(basket);
    assert_int_equal(till_pay_cash(stage.till, basket, 200, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "price_is_old");
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, NULL, &stage.err), STATUS_OK);
    assert_int_equal(basket_total(), 400);
    pay_cash(400);
}

static void
a_car_that_owes_does_not_leave(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE];
    issue(ticket);
    wait_ms(3 * HOUR_MS);
    assert_int_equal(till_close_ticket(stage.till, ticket, "left", NULL, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "still_due");
    assert_non_null(strstr(stage.err.message, "200円"));
    assert_view_has(ticket, "\"state\":\"inside\"");
    assert_int_equal(till_ring_up_ticket(stage.till, ticket, NULL, &stage.err), STATUS_OK);
    pay_cash(200);
    wait_ms(10 * MINUTE_MS);
    assert_int_equal(till_close_ticket(stage.till, ticket, "left", NULL, &stage.err), STATUS_OK);
    assert_view_has(ticket, "\"state\":\"left\"");
}

static void
a_request_cannot_say_what_the_ticket_says(void **state)
{
    static const char *const facts[] = {"{\"left_at\":\"2026-11-22T10:04\"}", "{\"entered_at\":\"2026-11-22T10:04\"}",
                                        "{\"prepaid_yen\":200,\"prepaid_at\":\"2026-11-22T10:04\"}"};
    (void)state;
    char ticket[TICKET_NUMBER_SIZE];
    issue(ticket);
    wait_ms(3 * HOUR_MS);
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        struct json_value *extra = NULL;
        assert_int_equal(json_parse(&extra, facts[i], strlen(facts[i]), &stage.err), STATUS_OK);
        assert_int_equal(till_ring_up_ticket(stage.till, ticket, extra, &stage.err), STATUS_REFUSED);
        assert_string_equal(stage.err.code, "fact_of_ticket");
        json_free(extra);
    }
    assert_int_equal(basket_total(), 0);
}

static void
an_entry_is_not_corrected_to_another_decade(void **state)
{
    (void)state;
    char ticket[TICKET_NUMBER_SIZE];
    issue(ticket);
    assert_int_equal(till_correct_ticket(stage.till, ticket, "1970-01-01T00:00", "誤り", &stage.err), STATUS_INVALID);
    assert_string_equal(stage.err.code, "entered_at");
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, open_stage, close_stage)
    const struct CMUnitTest tests[] = {
        TEST(a_ticket_knows_its_minutes_and_survives_a_restart),
        TEST(no_two_tickets_have_one_number),
        TEST(a_clock_that_was_set_back_makes_the_entry_a_question_for_the_clerk),
        TEST(a_clock_that_was_set_forward_does_not_make_a_stay_longer_in_silence),
        TEST(the_clerk_says_the_time_with_a_reason_and_the_doubt_is_over),
        TEST(a_ticket_of_another_till_is_known_by_its_digits),
        TEST(a_misread_number_is_refused_with_what_to_do),
        TEST(only_a_car_park_issues_tickets),
        TEST(voiding_a_ticket_needs_a_reason),
        TEST(a_stay_is_rung_up_once_paid_before_leaving_and_charged_again_after_the_grace),
        TEST(a_free_stay_has_nothing_to_pay_and_a_lost_ticket_has),
        TEST(a_voided_payment_of_a_ticket_is_owed_again),
        TEST(a_stay_in_doubt_is_not_rung_up),
        TEST(a_ticket_in_a_held_basket_is_not_paid_twice),
        TEST(an_old_price_of_a_stay_is_asked_anew),
        TEST(a_car_that_owes_does_not_leave),
        TEST(a_request_cannot_say_what_the_ticket_says),
        TEST(an_entry_is_not_corrected_to_another_decade),
        TEST(entries_add_up_by_category_and_never_fall_below_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
