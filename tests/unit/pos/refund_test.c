/* Refunds: never above what is left, never twice, never against the rule; under races and restarts too. */
#include "till_stage.h"

#include "pos/till/refold.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)

static struct till_stage stage;
static const struct approval supervisor = {.clerk = "suzuki", .pin = "2222"};

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

static void
must(enum status status)
{
    if (status != STATUS_OK) {
        fail_msg("%s: %s", stage.err.code, stage.err.message);
    }
}

/* The value of the first member KEY after TEXT's first MARK. */
static void
member_of(const char *text, const char *mark, const char *key, char *out, size_t size)
{
    char pattern[64];
    snprintf(pattern, sizeof pattern, "\"%s\":\"", key);
    const char *at = strstr(text, mark);
    assert_non_null(at);
    at = strstr(at, pattern);
    assert_non_null(at);
    at += strlen(pattern);
    snprintf(out, size, "%.*s", (int)strcspn(at, "\""), at);
}

/* Sell three 住民票 (300 each) and one 戸籍 (450) for cash: 1,350 yen. */
static void
sell(char sale[IDENTITY_TEXT_SIZE])
{
    char basket[IDENTITY_TEXT_SIZE];
    must(till_add_item(stage.till, "a", 3, &stage.err));
    must(till_add_item(stage.till, "b", 1, &stage.err));
    member_of(till_stage_state(&stage), "\"basket\":{", "id", basket, sizeof basket);
    must(till_pay_cash(stage.till, basket, 1350, &stage.err));
    memcpy(sale, basket, IDENTITY_TEXT_SIZE);
}

static void
next_day(void)
{
    stage.clock.now_ms += DAY_MS;
    must(till_close_day(stage.till, 0, "検査", &stage.err));
    must(till_open_day(stage.till, 20000, &stage.err));
}

static enum status
ask(const char *sale, int64_t remainder_yen, const struct refund_part *parts, size_t count,
    char refund[IDENTITY_TEXT_SIZE])
{
    const struct refund_request request = {.sale = sale,
                                           .remainder_yen = remainder_yen,
                                           .means = "cash",
                                           .reason = "申請の取下げ",
                                           .parts = parts,
                                           .part_count = count};
    return till_request_refund(stage.till, &request, refund, &stage.err);
}

static int64_t
not_withdrawn_yen(void)
{
    return till_stage_query(&stage, "SELECT COALESCE(SUM(amount_yen), 0) FROM refund WHERE state <> 'withdrawn'");
}

static void
tables_follow_from_the_journal(void)
{
    struct database *db = NULL;
    must(database_open(&db, stage.database, DATABASE_READ_WRITE, NULL, &stage.err));
    must(till_check_fold(db, &stage.err));
    database_close(db);
}

static void
a_whole_sale_goes_back_on_a_later_day_and_stays_a_sale(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    char refund[IDENTITY_TEXT_SIZE];
    sell(sale);
    next_day();

    must(ask(sale, 1350, NULL, 0, refund));
    must(till_pay_refund(stage.till, refund, &supervisor, &stage.err));

    assert_int_equal(till_stage_query(&stage, "SELECT SUM(amount_yen) FROM refund WHERE state = 'paid'"), 1350);
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM sale WHERE state = 'sold'"), 1);
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM journal_line WHERE CAST(line AS TEXT) LIKE"
                                              " '%\"kind\":\"refund.paid\"%\"approved_by\":\"suzuki\"%'"),
                     1);
    tables_follow_from_the_journal();
}

static void
parts_of_lines_go_back_until_nothing_is_left_of_them(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    char refund[IDENTITY_TEXT_SIZE];
    sell(sale);
    next_day();

    must(ask(sale, 1350, &(struct refund_part){.line = 1, .amount_yen = 600}, 1, refund));
    assert_int_equal(ask(sale, 750, &(struct refund_part){.line = 1, .amount_yen = 301}, 1, refund), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "more_than_left");
    assert_int_equal(ask(sale, 750, &(struct refund_part){.line = 1, .amount_yen = 0}, 1, refund), STATUS_INVALID);
    assert_string_equal(stage.err.code, "refund_amount");
    must(ask(sale, 750, &(struct refund_part){.line = 1, .amount_yen = 300}, 1, refund));
    must(ask(sale, 450, NULL, 0, refund)); /* the rest is the other line */
    assert_int_equal(ask(sale, 0, NULL, 0, refund), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "nothing_left");

    assert_int_equal(not_withdrawn_yen(), 1350);
    assert_int_equal(till_stage_query(&stage, "SELECT SUM(amount_yen) FROM refund_line WHERE line = 2"), 450);
    tables_follow_from_the_journal();
}

static void
lines_that_are_not_there_or_come_twice_are_refused(void **state)
{
    (void)state;
    static const struct refund_part twice[] = {{.line = 1, .amount_yen = 100}, {.line = 1, .amount_yen = 100}};
    static const struct refund_part wrong[] = {{.line = 0, .amount_yen = 100},
                                               {.line = 3, .amount_yen = 100},
                                               {.line = 1, .amount_yen = 0},
                                               {.line = 1, .amount_yen = -100},
                                               {.line = 1, .amount_yen = INT64_MAX}};
    char sale[IDENTITY_TEXT_SIZE];
    char refund[IDENTITY_TEXT_SIZE];
    sell(sale);
    next_day();

    assert_int_not_equal(ask(sale, 1350, twice, 2, refund), STATUS_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_not_equal(ask(sale, 1350, &wrong[i], 1, refund), STATUS_OK);
    }

    assert_int_equal(not_withdrawn_yen(), 0);
}

static void
a_sale_of_today_is_voided_instead(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    char refund[IDENTITY_TEXT_SIZE];
    sell(sale);

    assert_int_equal(ask(sale, 1350, NULL, 0, refund), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "void_instead");
    must(till_void_sale(stage.till, sale, "打ち間違い", &stage.err));
    next_day();
    assert_int_equal(ask(sale, 1350, NULL, 0, refund), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "already_voided");
}

static void
the_same_request_sent_again_does_not_ask_twice(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    char refund[IDENTITY_TEXT_SIZE];
    sell(sale);
    next_day();
    const struct refund_part part = {.line = 1, .amount_yen = 300};

    must(ask(sale, 1350, &part, 1, refund));
    assert_int_equal(ask(sale, 1350, &part, 1, refund), STATUS_REFUSED);

    assert_string_equal(stage.err.code, "other_remainder");
    assert_int_equal(not_withdrawn_yen(), 300);
}

static void
cash_comes_out_once_and_only_with_a_supervisor(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    char refund[IDENTITY_TEXT_SIZE];
    sell(sale);
    next_day();
    must(ask(sale, 1350, NULL, 0, refund));

    assert_int_equal(till_pay_refund(stage.till, refund, &(struct approval){0}, &stage.err), STATUS_UNAUTHORIZED);
    assert_int_equal(
        till_pay_refund(stage.till, refund, &(struct approval){.clerk = "sato", .pin = "1111"}, &stage.err),
        STATUS_UNAUTHORIZED);
    must(till_pay_refund(stage.till, refund, &supervisor, &stage.err));
    assert_int_equal(till_pay_refund(stage.till, refund, &supervisor, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "already_paid");
    assert_int_equal(till_withdraw_refund(stage.till, refund, "思い直し", &stage.err), STATUS_REFUSED);

    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM journal_line WHERE CAST(line AS TEXT) LIKE"
                                              " '%\"kind\":\"refund.paid\"%'"),
                     1);
}

static void
a_request_taken_back_can_be_made_anew_but_not_paid(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    char first[IDENTITY_TEXT_SIZE];
    char second[IDENTITY_TEXT_SIZE];
    sell(sale);
    next_day();
    must(ask(sale, 1350, NULL, 0, first));

    must(till_withdraw_refund(stage.till, first, "お客様の申し出", &stage.err));
    assert_int_equal(till_pay_refund(stage.till, first, &supervisor, &stage.err), STATUS_REFUSED);
    must(ask(sale, 1350, NULL, 0, second));
    must(till_pay_refund(stage.till, second, &supervisor, &stage.err));

    assert_int_equal(not_withdrawn_yen(), 1350);
    tables_follow_from_the_journal();
}

static void
what_finance_carries_out_is_not_paid_here_nor_taken_back_on_another_day(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    char refund[IDENTITY_TEXT_SIZE];
    sell(sale);
    next_day();
    struct refund_request request = {.sale = sale, .remainder_yen = 1350, .means = "gateway", .reason = "申請の取下げ"};

    assert_int_equal(till_request_refund(stage.till, &request, refund, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "means_not_allowed"); /* paid in cash: nothing went through a gateway */
    request.means = "bank_transfer";
    must(till_request_refund(stage.till, &request, refund, &stage.err));
    assert_int_equal(till_pay_refund(stage.till, refund, &supervisor, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "not_cash");
    next_day();
    assert_int_equal(till_withdraw_refund(stage.till, refund, "思い直し", &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "with_finance");
}

/* Item a by a policy that gives nothing back, item b by one that gives cash back. */
static const char masters_with_policies[] =
    "{\"version\":1,\"municipality\":{\"code\":\"072036\",\"name\":\"郡山市\"},"
    "\"issuers\":[{\"code\":\"general\",\"name\":\"郡山市\",\"registration_number\":\"T9000020072036\"}],"
    "\"places\":[{\"code\":\"p1\",\"name\":\"窓口\",\"section\":\"s\",\"categories\":[\"c\"]}],"
    "\"items\":["
    "{\"code\":\"a\",\"name\":\"住民票\",\"kana\":\"えい\",\"category\":\"c\",\"price_yen\":300,\"tax\":\"exempt\","
    "\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\",\"policy\":\"final\"},"
    "{\"code\":\"b\",\"name\":\"体育館\",\"kana\":\"びい\",\"category\":\"c\",\"price_yen\":450,\"tax\":\"exempt\","
    "\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\",\"policy\":\"gym\"}],"
    "\"policies\":[{\"code\":\"final\",\"name\":\"手数料条例第5条\",\"methods\":[\"cash\"],\"mixed_payment\":false,"
    "\"price_override\":false,\"refund\":\"none\",\"refund_means\":[],\"receipt_title\":\"receipt\",\"shop_copy\":"
    "false},"
    "{\"code\":\"gym\",\"name\":\"使用料規則\",\"methods\":[\"cash\"],\"mixed_payment\":false,"
    "\"price_override\":false,\"refund\":\"later\",\"refund_means\":[\"cash\"],\"receipt_title\":\"receipt\","
    "\"shop_copy\":false}],"
    "\"exemptions\":[],\"brands\":[],"
    "\"clerks\":[{\"code\":\"sato\",\"name\":\"佐藤\",\"role\":\"clerk\",\"pin_hash\":\"@1111@\"},"
    "{\"code\":\"suzuki\",\"name\":\"鈴木\",\"role\":\"supervisor\",\"pin_hash\":\"@2222@\"}]}";

static int
open_stage_with_policies(void **state)
{
    (void)state;
    till_stage_open(&stage, masters_with_policies);
    return 0;
}

static void
what_an_ordinance_keeps_does_not_go_back_and_says_by_which_rule(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    char refund[IDENTITY_TEXT_SIZE];
    sell(sale);
    next_day();

    assert_int_equal(ask(sale, 1350, &(struct refund_part){.line = 1, .amount_yen = 300}, 1, refund), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "no_refund");
    assert_non_null(strstr(stage.err.message, "手数料条例第5条"));
    struct refund_request request = {
        .sale = sale, .remainder_yen = 1350, .means = "bank_transfer", .reason = "申請の取下げ"};
    assert_int_equal(till_request_refund(stage.till, &request, refund, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "means_not_allowed");
    must(ask(sale, 1350, NULL, 0, refund)); /* all that may go back is the other line */
    assert_int_equal(not_withdrawn_yen(), 450);
    assert_int_equal(ask(sale, 900, NULL, 0, refund), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "nothing_left");
}

/* A small generator of its own, so that a failure can be repeated. */
static uint32_t
next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* Whatever is asked, paid and taken back, in whatever order and across restarts: never more than was paid in. */
static void
refunds_together_never_exceed_the_sale(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    char refunds[8][IDENTITY_TEXT_SIZE];
    size_t count = 0;
    uint32_t seed = 20261122;
    sell(sale);
    next_day();

    for (int i = 0; i < 120; i++) {
        uint32_t choice = next_random(&seed) % 8;
        if (choice < 5) {
            const struct refund_part part = {.line = next_random(&seed) % 3,
                                             .amount_yen = (int64_t)(next_random(&seed) % 700)};
            char refund[IDENTITY_TEXT_SIZE];
            if (ask(sale, 1350 - not_withdrawn_yen(), &part, 1, refund) == STATUS_OK) {
                memcpy(refunds[count++ % 8], refund, sizeof refund);
            }
        } else if (choice < 7 && count > 0) {
            enum status ignored = till_withdraw_refund(
                stage.till, refunds[next_random(&seed) % (count < 8 ? count : 8)], "お客様の申し出", &stage.err);
            (void)ignored; /* refused when it was withdrawn before */
        } else if (i % 40 == 39) {
            till_stage_reopen(&stage);
            must(till_sign_in(stage.till, "sato", "1111", &stage.err));
        }
        assert_in_range(not_withdrawn_yen(), 0, 1350);
        assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM (SELECT line, SUM(refund_line.amount_yen) AS"
                                                  " yen FROM refund_line JOIN refund USING (refund) WHERE state <>"
                                                  " 'withdrawn' GROUP BY line) WHERE yen > CASE line WHEN 1 THEN 900"
                                                  " ELSE 450 END"),
                         0);
    }
    assert_true(count > 8);
    tables_follow_from_the_journal();
}

enum { RACERS = 8 };

struct race {
    char sale[IDENTITY_TEXT_SIZE];
    int accepted[RACERS];
};

struct racer {
    struct race *race;
    int number;
};

/* Each asks for 300 of line 1, with the remainder that would be right after 0, 1, 2 … accepted requests. */
static void *
race_for_a_refund(void *context)
{
    struct racer *racer = context;
    for (int i = 0; i < 20; i++) {
        char refund[IDENTITY_TEXT_SIZE];
        struct error_detail err;
        const struct refund_part part = {.line = 1, .amount_yen = 300};
        const struct refund_request request = {.sale = racer->race->sale,
                                               .remainder_yen = 1350 - 300 * (i % 4),
                                               .means = "cash",
                                               .reason = "同時",
                                               .parts = &part,
                                               .part_count = 1};
        if (till_request_refund(stage.till, &request, refund, &err) == STATUS_OK) {
            racer->race->accepted[racer->number]++;
        }
    }
    return NULL;
}

static void
racing_requests_are_accepted_as_often_as_there_is_money_left(void **state)
{
    (void)state;
    struct race race = {0};
    struct racer racers[RACERS];
    pthread_t threads[RACERS];
    sell(race.sale);
    next_day();

    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.race = &race, .number = i};
        assert_int_equal(pthread_create(&threads[i], NULL, race_for_a_refund, &racers[i]), 0);
    }
    int accepted = 0;
    for (int i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        accepted += race.accepted[i];
    }

    assert_int_equal(accepted, 3); /* 900 yen of line 1 */
    assert_int_equal(not_withdrawn_yen(), 900);
    tables_follow_from_the_journal();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_whole_sale_goes_back_on_a_later_day_and_stays_a_sale, open_stage,
                                        close_stage),
        cmocka_unit_test_setup_teardown(parts_of_lines_go_back_until_nothing_is_left_of_them, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(lines_that_are_not_there_or_come_twice_are_refused, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_sale_of_today_is_voided_instead, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(the_same_request_sent_again_does_not_ask_twice, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(cash_comes_out_once_and_only_with_a_supervisor, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_request_taken_back_can_be_made_anew_but_not_paid, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(what_finance_carries_out_is_not_paid_here_nor_taken_back_on_another_day,
                                        open_stage, close_stage),
        cmocka_unit_test_setup_teardown(what_an_ordinance_keeps_does_not_go_back_and_says_by_which_rule,
                                        open_stage_with_policies, close_stage),
        cmocka_unit_test_setup_teardown(refunds_together_never_exceed_the_sale, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(racing_requests_are_accepted_as_often_as_there_is_money_left, open_stage,
                                        close_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
