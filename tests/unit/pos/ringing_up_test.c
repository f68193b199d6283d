/* Ringing up with everything that masters can say: tariffs, reductions, other prices, policies, barcodes. */
#include "till_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct till_stage stage;

static int
open_stage(void **state)
{
    (void)state;
    char *masters = till_stage_read_file("tests/fixtures/till/checkout-masters.json");
    till_stage_open(&stage, masters);
    free(masters);
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
assert_state_has(const char *text)
{
    if (strstr(till_stage_state(&stage), text) == NULL) {
        fail_msg("no %s in %s", text, till_stage_state(&stage));
    }
}

static void
assert_refused(enum status status, const char *code)
{
    assert_int_not_equal(status, STATUS_OK);
    if (strcmp(stage.err.code, code) != 0) {
        fail_msg("%s was wanted, %s came: %s", code, stage.err.code, stage.err.message);
    }
}

static void
assert_done(enum status status)
{
    if (status != STATUS_OK) {
        fail_msg("%s: %s", stage.err.code, stage.err.message);
    }
}

static const char *
basket_id(void)
{
    static char id[IDENTITY_TEXT_SIZE];
    const char *at = strstr(till_stage_state(&stage), "\"basket\":{\"id\":\"");
    assert_non_null(at);
    snprintf(id, sizeof id, "%.36s", at + 16);
    return id;
}

static void
add(const char *item)
{
    assert_done(till_add_item(stage.till, item, 1, &stage.err));
}

/* ITEM with FACTS as JSON, REDUCTION (may be NULL) granted by GRANTER, in the place of set REPLACED. */
static enum status
put_case(const char *item, const char *facts, const char *reduction, const char *granter, int64_t replaced)
{
    struct json_value *value = NULL;
    struct case_input input = {.item = item};
    assert_done(json_parse(&value, facts, strlen(facts), &stage.err));
    input.facts = value;
    if (reduction != NULL) {
        input.granted[input.granted_count++] = (struct granted_choice){reduction, granter};
    }
    enum status status = till_put_case(stage.till, &input, replaced, &stage.err);
    json_free(value);
    return status;
}

static const char *
price_case(const char *item, const char *facts)
{
    static struct buffer out;
    struct json_value *value = NULL;
    buffer_finish(&out);
    buffer_init(&out, 512 * 1024);
    assert_done(json_parse(&value, facts, strlen(facts), &stage.err));
    const struct case_input input = {.item = item, .facts = value};
    assert_done(till_price_case(stage.till, &input, &out, &stage.err));
    json_free(value);
    return buffer_text(&out);
}

static void
a_group_of_twenty_is_one_set_with_its_explanation_and_is_edited_and_removed_as_a_whole(void **state)
{
    (void)state;
    add("a");
    assert_done(put_case("museum", "{\"persons\":{\"adult\":18,\"child\":2}}", NULL, NULL, 0));
    assert_state_has("\"name\":\"観覧料 一般(団体)\",\"unit_price_yen\":150,\"quantity\":18,\"amount_yen\":2700");
    assert_state_has("\"facility\":\"museum\"");
    assert_state_has("\"pricing\":{\"tariff\":\"josetsu\",\"set\":1,\"facts\":{\"persons\":{\"adult\":18,\"child\":2}},"
                     "\"rows\":[{\"text\":\"一般(団体20人以上) 150円 × 18\",\"yen\":2700}]}");
    assert_state_has("\"pricing\":{\"tariff\":\"josetsu\",\"set\":1,\"facts\":{},\"rows\":[");
    assert_state_has("\"total_yen\":3000");

    assert_done(put_case("museum", "{\"persons\":{\"adult\":2}}", NULL, NULL, 1));
    assert_state_has("\"name\":\"観覧料 一般\",\"unit_price_yen\":200,\"quantity\":2");
    assert_state_has("\"total_yen\":700");
    assert_refused(till_set_quantity(stage.till, 2, 5, &stage.err), "priced_by_tariff");
    assert_refused(till_add_item(stage.till, "museum", 1, &stage.err), "case_needed");

    assert_done(till_remove_line(stage.till, 2, &stage.err));
    assert_state_has("\"count\":1,\"total_yen\":300");
}

static void
a_case_without_a_price_says_why_and_changes_nothing(void **state)
{
    (void)state;
    assert_non_null(strstr(price_case("museum", "{\"persons\":{\"adult\":2}}"), "\"total_yen\":400"));
    assert_non_null(strstr(price_case("museum", "{\"persons\":{}}"), "\"fault\":{\"code\":\"missing_answer\""));
    assert_non_null(strstr(price_case("a", "{}"), "\"fault\":{\"code\":\"fixed_price\""));
    assert_non_null(strstr(price_case("nothing", "{}"), "\"fault\":{\"code\":\"no_such_item\""));

    assert_refused(put_case("museum", "{\"persons\":{}}", NULL, NULL, 0), "missing_answer");
    assert_refused(put_case("museum", "{\"persons\":{\"adult\":1}}", NULL, NULL, 3), "no_such_line");
    assert_state_has("\"lines\":[]");
}

static void
reductions_of_a_tariff_follow_its_parts_and_need_who_granted_them(void **state)
{
    (void)state;
    static const char facts[] = "{\"use\":{\"main\":[\"am\"]},\"air\":{\"main\":1},\"equipment\":{\"mic\":2}}";

    assert_refused(put_case("hall", facts, "school", NULL, 0), "granter_needed");
    assert_refused(put_case("hall", facts, "school", "商工会", 0), "granter_needed");
    assert_refused(put_case("hall", facts, "token", NULL, 0), "no_such_reduction");
    assert_refused(put_case("museum", "{\"persons\":{\"adult\":1}}", "school", "市長", 0), "no_such_reduction");
    assert_done(put_case("hall", facts, "school", "教育委員会", 0));

    assert_state_has(
        "\"reduction\":{\"rule\":\"school\",\"name\":\"学校行事\",\"granter\":\"教育委員会\",\"yen\":16000}");
}

static void
questions_tell_what_is_asked_and_which_reductions_there_are(void **state)
{
    (void)state;
    struct buffer out;
    buffer_init(&out, 512 * 1024);

    assert_done(till_write_questions(stage.till, "hall", &out, &stage.err));
    assert_non_null(strstr(buffer_text(&out), "\"questions\":{\"tariff\":\"hall\""));
    assert_non_null(strstr(buffer_text(&out),
                           "\"reductions\":[{\"code\":\"school\",\"name\":\"学校行事\",\"granters\":["
                           "\"教育委員会\",\"市長\"]}]"));
    buffer_clear(&out);
    assert_done(till_write_questions(stage.till, "towel", &out, &stage.err));
    assert_non_null(strstr(buffer_text(&out), "\"price_yen\":250,\"questions\":null"));
    assert_non_null(strstr(buffer_text(&out), "\"code\":\"token\""));
    buffer_clear(&out);
    assert_refused(till_write_questions(stage.till, "nothing", &out, &stage.err), "no_such_item");
    buffer_finish(&out);
}

static void
a_percentage_follows_the_quantity_and_a_fixed_amount_stays_within_the_line(void **state)
{
    (void)state;
    add("towel");
    assert_done(till_set_reduction(stage.till, 1, "school", "市長", &stage.err));
    assert_state_has("\"amount_yen\":120,");
    assert_done(till_set_quantity(stage.till, 1, 4, &stage.err));
    assert_state_has("\"total_yen\":480");

    assert_done(till_set_reduction(stage.till, 1, "token", NULL, &stage.err));
    assert_state_has("\"granter\":\"会館\"");
    assert_done(till_set_reduction(stage.till, 1, NULL, NULL, &stage.err));
    assert_state_has("\"total_yen\":1000");
    add("a");
    assert_refused(till_set_reduction(stage.till, 2, "token", NULL, &stage.err), "no_such_reduction");
}

static enum status
override(size_t line, const char *item, int64_t price_yen, const char *reason, const char *clerk, const char *pin)
{
    char basket[IDENTITY_TEXT_SIZE];
    snprintf(basket, sizeof basket, "%s", basket_id());
    const struct price_change change = {basket, item, price_yen, reason};
    const struct approval approval = {clerk, pin};
    return till_override_price(stage.till, line, &change, &approval, &stage.err);
}

static void
another_price_needs_the_policy_a_reason_and_a_supervisor_and_is_taken_back(void **state)
{
    (void)state;
    add("a");
    add("b");

    assert_refused(override(2, "b", 100, "汚損", "suzuki", "2222"), "override_forbidden");
    assert_refused(override(1, "a", 0, "汚損", "suzuki", "2222"), "price");
    assert_non_null(strstr(stage.err.message, "1円から"));
    assert_refused(override(1, "a", 10000000, "汚損", "suzuki", "2222"), "price");
    assert_non_null(strstr(stage.err.message, "9,999,999円まで"));
    assert_refused(override(1, "a", 100, "", "suzuki", "2222"), "reason_needed");
    assert_refused(override(1, "a", 100, "汚損", NULL, NULL), "approval_needed");
    assert_refused(override(1, "a", 100, "汚損", "sato", "1111"), "not_a_supervisor");
    assert_refused(override(1, "a", 100, "汚損", "suzuki", "1111"), "wrong_pin");
    assert_refused(override(1, "b", 100, "汚損", "suzuki", "2222"), "other_basket");
    assert_state_has("\"total_yen\":750");

    assert_done(override(1, "a", 100, "汚損", "suzuki", "2222"));
    assert_state_has("\"override\":{\"list_price_yen\":300,\"reason\":\"汚損\",\"approved_by\":\"suzuki\","
                     "\"approved_by_name\":\"鈴木\"}");
    assert_done(override(1, "a", 150, "やはり", "suzuki", "2222"));
    assert_state_has("\"list_price_yen\":300,\"reason\":\"やはり\"");
    add("a"); /* at the list price: a line of its own */
    assert_state_has("\"total_yen\":900");
    assert_done(till_restore_price(stage.till, 1, &stage.err));
    assert_state_has("\"total_yen\":1050");
}

static void
an_exemption_is_for_the_items_it_names(void **state)
{
    (void)state;
    add("towel");
    assert_refused(till_set_exemption(stage.till, 1, "official", "公用請求", &stage.err), "exemption_forbidden");
    assert_done(till_set_exemption(stage.till, 1, "law", "生活保護", &stage.err));
    assert_state_has("\"total_yen\":0");
}

/* Which baskets may be paid how. */
static const struct {
    const char *items[3];
    const char *allowed; /* methods without a refusal */
    bool can_mix;
} policy_examples[] = {
    {{"a"}, "cash qr emoney credit", true},
    {{"b"}, "cash", false},
    {{"card"}, "credit", false},
    {{"a", "b"}, "cash", false},
    {{"a", "card"}, "credit", false},
    {{"b", "card"}, "", false},
    {{"a", "towel"}, "cash qr emoney credit", true},
};

static void
check_policy(const char *allowed, bool can_mix)
{
    static const char *const methods[] = {"cash", "qr", "emoney", "credit"};
    for (size_t i = 0; i < 4; i++) {
        char wanted[64];
        bool is_allowed = strstr(allowed, methods[i]) != NULL;
        snprintf(wanted, sizeof wanted, "{\"method\":\"%s\",\"refusal\":%s", methods[i], is_allowed ? "null}" : "\"");
        assert_state_has(wanted);
    }
    assert_state_has(can_mix ? "\"can_mix\":true" : "\"can_mix\":false");
}

static void
a_basket_may_be_paid_as_all_of_its_items_may(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof policy_examples / sizeof policy_examples[0]; i++) {
        assert_done(till_clear_basket(stage.till, &stage.err));
        for (size_t k = 0; k < 3 && policy_examples[i].items[k] != NULL; k++) {
            add(policy_examples[i].items[k]);
        }
        check_policy(policy_examples[i].allowed, policy_examples[i].can_mix);
    }
}

static void
the_item_that_forbids_a_method_is_named_and_a_free_one_forbids_nothing(void **state)
{
    (void)state;
    add("a");
    add("card");
    assert_refused(till_pay_cash(stage.till, basket_id(), 10000, &stage.err), "method_forbidden");
    assert_non_null(strstr(stage.err.message, "「カード専用」は現金ではお支払いいただけません。クレジットをご案内"));
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM sale"), 0);

    assert_done(till_set_exemption(stage.till, 2, "law", "生活保護", &stage.err));
    assert_done(till_pay_cash(stage.till, basket_id(), 300, &stage.err));
}

/* What a barcode does; "" for a code that is rung up. */
static const struct {
    const char *code;
    const char *refusal;
    const char *in_state;
} scan_examples[] = {
    {"210000012345", "", "\"reference\":{\"kind\":\"application\",\"number\":\"0000012345\"}"},
    {"91001A34500000077", "slip_amount", "\"kind\":\"fault\""},
    {"91001234500000077", "", "\"unit_price_yen\":12345,\"quantity\":1"},
    {"91000000000000077", "slip_price", "\"lines\":[]"},
    {"92000045000000077", "", "\"name\":\"戸籍\",\"unit_price_yen\":450"},
    {"92000046000000077", "slip_price", "\"lines\":[]"},
    {"4901234567894", "", "\"kind\":\"unknown\""},
    {"930000000077", "slip_needed", "\"lines\":[]"}, /* names the item, not the amount */
    {"220000054321", "", "\"kind\":\"case\",\"id\":\"museum\""},
};

static void
barcodes_of_forms_and_slips_ring_up_what_they_say_or_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof scan_examples / sizeof scan_examples[0]; i++) {
        assert_done(till_clear_basket(stage.till, &stage.err));
        enum status status = till_scan(stage.till, scan_examples[i].code, &stage.err);
        if (scan_examples[i].refusal[0] != '\0') {
            assert_refused(status, scan_examples[i].refusal);
            assert_state_has("\"kind\":\"fault\"");
        } else {
            assert_done(status);
        }
        assert_state_has(scan_examples[i].in_state);
    }
    assert_state_has("\"lines\":[]"); /* the last waits for its case */
}

static void
a_slip_is_paid_once_and_papers_of_two_people_are_not_mixed_up(void **state)
{
    (void)state;
    assert_done(till_scan(stage.till, "91001234500000077", &stage.err));
    assert_refused(till_scan(stage.till, "91001234500000077", &stage.err), "slip_twice");
    assert_refused(till_scan(stage.till, "91002000000000088", &stage.err), "other_reference");
    assert_refused(till_scan(stage.till, "210000012345", &stage.err), "other_reference");
    assert_state_has("\"count\":1,\"total_yen\":12345");
    assert_done(till_pay_cash(stage.till, basket_id(), 12345, &stage.err));

    assert_refused(till_scan(stage.till, "91001234500000077", &stage.err), "slip_paid");
    assert_non_null(strstr(stage.err.message, "KO-01-20261122-0001"));
    assert_done(till_scan(stage.till, "91002000000000088", &stage.err));
}

static void
what_only_a_slip_prices_is_never_rung_up_for_nothing(void **state)
{
    (void)state;
    struct buffer out;
    buffer_init(&out, 512 * 1024);
    const struct item_query query = {.text = "nofu", .limit = 9};
    assert_done(till_write_items(stage.till, &query, &out, &stage.err));
    assert_non_null(strstr(buffer_text(&out), "\"price_yen\":0,\"price_on_slip\":true"));
    buffer_finish(&out);

    assert_refused(till_add_item(stage.till, "nofu", 1, &stage.err), "slip_needed");
    assert_non_null(strstr(stage.err.message, "「納付書」の金額は用紙に書かれています。用紙のバーコードを読み取るか"));
    assert_state_has("\"lines\":[]");
    assert_refused(put_case("nofu", "{}", NULL, NULL, 0), "fixed_price");

    add("free"); /* 0円 by the masters, and on no slip: an issue without a fee */
    assert_done(till_pay_none(stage.till, basket_id(), &stage.err));
}

static void
one_slip_is_one_line_under_its_own_number(void **state)
{
    (void)state;
    assert_done(till_scan(stage.till, "91001234500000077", &stage.err));

    assert_refused(till_set_quantity(stage.till, 1, 2, &stage.err), "one_slip");
    assert_done(till_set_quantity(stage.till, 1, 1, &stage.err));
    assert_refused(till_set_reference(stage.till, NULL, NULL, &stage.err), "number_of_slip");
    assert_refused(till_set_reference(stage.till, "slip", "00000088", &stage.err), "number_of_slip");
    assert_state_has("\"count\":1,\"total_yen\":12345,\"reference\":{\"kind\":\"slip\",\"number\":\"00000077\"}");

    assert_done(till_remove_line(stage.till, 1, &stage.err));
    assert_state_has("\"reference\":null");
}

static void
a_reservation_is_written_down_with_the_sale(void **state)
{
    (void)state;
    add("a");
    assert_refused(till_set_reference(stage.till, "reservation", "", &stage.err), "reference_number");
    assert_refused(till_set_reference(stage.till, "mood", "1", &stage.err), "reference_kind");
    assert_done(till_set_reference(stage.till, "reservation", "R-1", &stage.err));
    assert_done(till_set_reference(stage.till, "reservation", "R-2026-15", &stage.err));
    assert_done(till_pay_cash(stage.till, basket_id(), 300, &stage.err));

    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM sale WHERE reference_kind = 'reservation' AND"
                                              " reference_number = 'R-2026-15'"),
                     1);
}

int
main(void)
{
#define STAGED(test) cmocka_unit_test_setup_teardown(test, open_stage, close_stage)
    const struct CMUnitTest tests[] = {
        STAGED(a_group_of_twenty_is_one_set_with_its_explanation_and_is_edited_and_removed_as_a_whole),
        STAGED(a_case_without_a_price_says_why_and_changes_nothing),
        STAGED(reductions_of_a_tariff_follow_its_parts_and_need_who_granted_them),
        STAGED(questions_tell_what_is_asked_and_which_reductions_there_are),
        STAGED(a_percentage_follows_the_quantity_and_a_fixed_amount_stays_within_the_line),
        STAGED(another_price_needs_the_policy_a_reason_and_a_supervisor_and_is_taken_back),
        STAGED(an_exemption_is_for_the_items_it_names),
        STAGED(a_basket_may_be_paid_as_all_of_its_items_may),
        STAGED(the_item_that_forbids_a_method_is_named_and_a_free_one_forbids_nothing),
        STAGED(barcodes_of_forms_and_slips_ring_up_what_they_say_or_nothing),
        STAGED(a_slip_is_paid_once_and_papers_of_two_people_are_not_mixed_up),
        STAGED(what_only_a_slip_prices_is_never_rung_up_for_nothing),
        STAGED(one_slip_is_one_line_under_its_own_number),
        STAGED(a_reservation_is_written_down_with_the_sale),
    };
#undef STAGED
    return cmocka_run_group_tests(tests, NULL, NULL);
}
