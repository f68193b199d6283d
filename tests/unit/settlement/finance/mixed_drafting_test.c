/* 調定 of what a whole till sells: a sale paid in two ways stands in two 調定 that add up to it, a reduction stands
 * apart in the breakdown, and an operator's 利用料金 stands in none. */
#include "settlement/assessment/approval.h"
#include "settlement/assessment/drafting.h"
#include "settlement/assessment/mixed_part.h"
#include "settlement/audit/audit.h"
#include "settlement/ledger/ledger.h"
#include "tests/unit/common/seeded_random.h"
#include "tests/unit/settlement/core/findings_bench.h"
#include "tests/unit/settlement/core/good_books.h"
#include "tests/unit/settlement/core/whole_till.h"

#include <stdio.h>

#define assert_query(bench, sql, expected) assert_int_equal(query_file((bench)->path, sql), expected)

static void
catch_up(struct bench *bench)
{
    struct error_detail err;
    struct ledger_advance advance;
    if (ledger_catch_up(bench->store, &advance, &err) != STATUS_OK) {
        fail_msg("the ledger failed: %s", err.message);
    }
}

/* --- one line
 * ----------------------------------------------------------------------------------------------------------- */

static void
parts_of_a_line_add_up_to_it_and_hold_no_more_tax_than_money(void **state)
{
    (void)state;
    struct seeded_random random = {.state = 600};
    for (int round = 0; round < 5000; round++) {
        struct line_part whole = {.quantity = seeded_between(&random, 1, 30),
                                  .amount_yen = seeded_between(&random, 1, 20000)};
        whole.tax_yen = seeded_between(&random, 0, 1) == 0 ? 0 : whole.amount_yen / 11;
        int64_t cash_yen = seeded_between(&random, 0, whole.amount_yen);
        struct line_part cash;
        struct line_part rest;

        mixed_part_divide(&cash, &rest, &whole, cash_yen);

        assert_int_equal(cash.amount_yen, cash_yen);
        assert_int_equal(cash.amount_yen + rest.amount_yen, whole.amount_yen);
        assert_int_equal(cash.tax_yen + rest.tax_yen, whole.tax_yen);
        assert_true(cash.tax_yen >= 0 && cash.tax_yen <= cash.amount_yen);
        assert_true(rest.tax_yen >= 0 && rest.tax_yen <= rest.amount_yen);
        assert_true((cash.quantity >= 1) == (cash.amount_yen > 0) && (rest.quantity >= 1) == (rest.amount_yen > 0));
        int64_t counted = cash.quantity + rest.quantity;
        assert_true(counted == whole.quantity || counted == whole.quantity + 1);
    }
}

static void
a_unit_that_both_parts_pay_is_counted_in_both(void **state)
{
    (void)state;
    const struct line_part whole = {.quantity = 3, .amount_yen = 900, .tax_yen = 81};
    struct line_part cash;
    struct line_part rest;

    mixed_part_divide(&cash, &rest, &whole, 600);
    assert_int_equal(cash.quantity, 2);
    assert_int_equal(rest.quantity, 1);
    assert_int_equal(cash.tax_yen, 54);
    assert_int_equal(rest.tax_yen, 27);

    mixed_part_divide(&cash, &rest, &whole, 650);
    assert_int_equal(cash.quantity, 3);
    assert_int_equal(rest.quantity, 1);
}

static void
a_line_of_nothing_is_the_rests(void **state)
{
    (void)state;
    const struct line_part whole = {.quantity = 2};
    struct line_part cash;
    struct line_part rest;

    mixed_part_divide(&cash, &rest, &whole, 0);

    assert_int_equal(cash.quantity, 0);
    assert_int_equal(rest.quantity, 2);
}

/* --- a whole till
 * ------------------------------------------------------------------------------------------------------- */

/* The gym is the city's; the arena is its operator's from 2026-11-22 on. */
#define ACCOUNT(code)                                                                                                     \
    "{\"code\":\"" code "\",\"fund\":{\"code\":\"01\",\"name\":\"一般会計\"},\"kan\":{\"code\":\"14\",\"name\":\"使" \
    "用料及び手数料\"},\"kou\":null,\"moku\":null,\"setsu\":null,\"saisetsu\":null}"
static const char masters[] = "{\"accounts\":[" ACCOUNT("14010901") "," ACCOUNT("14010902") "," ACCOUNT(
    "14020101") "],\"sections\":[{\"code\":\"sports\",\"name\":\"スポーツ振興課\"},{\"code\":\"shimin\",\"name\":"
                "\"市民課\"}],\"brands\":[{\"code\":\"paypay\",\"trustee\":\"AGG\"}],\"trustees\":[{\"code\":"
                "\"AGG\",\"name\":\"みほん決済\"}],\"facilities\":[{\"code\":\"gym\",\"name\":\"体育館\","
                "\"section\":\"sports\",\"revenue\":\"usage_fee\",\"valid_from\":\"2020-04-01\"},{\"code\":"
                "\"arena\",\"name\":\"アリーナ\",\"section\":\"sports\",\"revenue\":\"usage_fee\",\"valid_from\":"
                "\"2020-04-01\",\"valid_to\":\"2026-11-21\"},{\"code\":\"arena\",\"name\":\"アリーナ\",\"section\":"
                "\"sports\",\"revenue\":\"operator_fee\",\"operator\":\"みほん管理株式会社\",\"valid_from\":"
                "\"2026-11-22\"}]}";

#define NOW_MS INT64_C(1795500000000) /* 2026-11-24 in Japan */

static const struct actor finance = {
    .id = 1, .login = "hanako", .name = "花子", .role = ROLE_FINANCE, .municipality = "072036"};
static const struct actor approver = {
    .id = 2, .login = "taro", .name = "太郎", .role = ROLE_APPROVER, .municipality = "072036"};

static void
load_masters(struct bench *bench)
{
    char sql[4000];
    snprintf(sql, sizeof sql,
             "INSERT INTO masters (municipality, version, sha256, document, loaded_at_ms) VALUES ('072036', 1, 'x',"
             " CAST('%s' AS BLOB), 0)",
             masters);
    change_file(bench->path, sql);
    good_books_add_person(bench, &finance);
    good_books_add_person(bench, &approver);
}

static struct drafting_result
draft(struct bench *bench)
{
    struct error_detail err;
    struct drafting_result result;
    if (assessment_draft_until(bench->store, &finance, (struct civil_date){2026, 11, 23}, NOW_MS, &result, &err) !=
        STATUS_OK) {
        fail_msg("drafting failed: %s", err.message);
    }
    return result;
}

static int
whole_setup(void **state)
{
    if (bench_setup(state) != 0) {
        return -1;
    }
    struct bench *bench = *state;
    struct maker maker;
    load_masters(bench);
    whole_till_make(&maker, bench->store);
    maker_send(&maker, bench->store);
    maker_finish(&maker);
    catch_up(bench);
    return 0;
}

/* Propose and approve every draft. */
static void
approve_all(struct bench *bench)
{
    struct error_detail err;
    struct assessment_choice choices[20];
    size_t count = 0;
    for (int64_t id = 1; id < 100 && count < 20; id++) {
        char sql[120];
        snprintf(sql, sizeof sql, "SELECT version FROM assessment WHERE assessment = %lld AND state = 'draft'",
                 (long long)id);
        int64_t version = query_file(bench->path, sql);
        if (version > 0) {
            choices[count++] = (struct assessment_choice){.id = id, .version = version};
        }
    }
    assert_int_equal(assessment_propose(bench->store, &finance, choices, count, NULL, NOW_MS, &err), STATUS_OK);
    for (size_t i = 0; i < count; i++) {
        char sql[120];
        snprintf(sql, sizeof sql, "SELECT version FROM assessment WHERE assessment = %lld", (long long)choices[i].id);
        choices[i].version = query_file(bench->path, sql);
    }
    if (assessment_approve(bench->store, &approver, choices, count, NOW_MS, &err) != STATUS_OK) {
        fail_msg("approving failed: %s", err.message);
    }
}

static void
assert_no_findings(struct bench *bench)
{
    struct error_detail err;
    struct audit_report report;
    assert_int_equal(audit_run(bench->store, NULL, &report, &err), STATUS_OK);
    for (size_t i = 0; i < report.findings.kept; i++) {
        print_message("found: %s: %s\n", report.findings.list[i].code, report.findings.list[i].message);
    }
    assert_int_equal(report.findings.count, 0);
    audit_report_finish(&report);
}

static void
a_mixed_sale_stands_in_the_assessment_of_each_route(void **state)
{
    struct bench *bench = *state;

    struct drafting_result result = draft(bench);

    assert_int_equal(result.created, 4);
    assert_query(bench, "SELECT amount_yen FROM assessment WHERE route = 'cash' AND account = '14010901'", 1500 + 150);
    assert_query(bench, "SELECT tax_yen FROM assessment WHERE route = 'cash' AND account = '14010901'", 136 + 13);
    assert_query(bench, "SELECT amount_yen FROM assessment WHERE route = 'AGG' AND count = 2", 950);
    assert_query(bench, "SELECT tax_yen FROM assessment WHERE route = 'AGG'", 87);
    assert_query(bench, "SELECT amount_yen FROM assessment WHERE account = '14020101' AND route = 'cash'", 450);
    assert_query(bench, "SELECT amount_yen FROM assessment WHERE account = '14010902'", 300);
    assert_query(bench, "SELECT sum(amount_yen) FROM assessment", 1500 + 1550 + 300);
}

static void
what_is_reduced_or_divided_stands_apart_in_the_breakdown(void **state)
{
    struct bench *bench = *state;

    draft(bench);

    assert_query(bench, "SELECT amount_yen FROM assessment_line WHERE name = '会議室(減免: 障害者減免)'", 1500);
    assert_query(bench,
                 "SELECT l.amount_yen FROM assessment_line AS l JOIN assessment USING (assessment) WHERE l.name ="
                 " '体育館(現金併用)' AND route = 'cash'",
                 150);
    assert_query(bench, "SELECT count(*) FROM assessment_line WHERE name = '戸籍全部事項証明' AND count = 1", 1);
}

static void
an_operators_money_is_in_no_assessment_and_listed_for_it(void **state)
{
    struct bench *bench = *state;

    struct drafting_result result = draft(bench);

    assert_int_equal(result.operator_count, 1);
    assert_int_equal(result.operator_yen, 660);
    assert_int_equal(result.held_count, 0);
    assert_query(bench,
                 "SELECT amount_yen FROM operator_revenue WHERE facility = 'arena' AND operator = 'みほん管理株式会社'"
                 " AND route = 'cash' AND tax_yen = 60",
                 660);
    assert_query(bench, "SELECT count(*) FROM assessment WHERE assessed_on = '2026-11-22'", 0);
    assert_query(bench, "SELECT count(*) FROM assessment_held", 0);
}

static void
drafting_again_changes_nothing(void **state)
{
    struct bench *bench = *state;
    draft(bench);
    change_file(bench->path, "INSERT INTO assessment_day VALUES ('072036', '2026-11-21'), ('072036', '2026-11-22')");

    struct drafting_result again = draft(bench);

    assert_int_equal(again.created + again.remade + again.removed, 0);
    assert_query(bench, "SELECT count(*) FROM operator_revenue", 1);
}

static void
approved_parts_are_held_by_their_assessments_and_the_audit_agrees(void **state)
{
    struct bench *bench = *state;
    draft(bench);

    approve_all(bench);
    assert_query(bench, "SELECT sum(amount_yen) FROM assessment",
                 1500 + 1550 + 300); /* 500 of it were paid back: not netted */
    struct drafting_result again = draft(bench);
    assert_int_equal(again.created, 1); /* … but taken out by a 減額, once the 調定 was approved */
    assert_query(bench, "SELECT amount_yen FROM assessment WHERE kind = 'decrease' AND route = 'cash'", 500);
    approve_all(bench);
    change_file(bench->path, "INSERT INTO assessment_day VALUES ('072036', '2026-11-21')");
    again = draft(bench);

    assert_int_equal(again.created + again.remade + again.removed, 0);
    assert_query(bench, "SELECT count(*) FROM assessment WHERE state = 'approved'", 5);
    assert_no_findings(bench);
}

static void
a_refund_that_no_decrease_takes_out_is_found_by_the_audit(void **state)
{
    struct bench *bench = *state;
    draft(bench);
    approve_all(bench);
    assert_no_findings(bench); /* its day waits to be drafted */

    change_file(bench->path, "DELETE FROM assessment_day");

    assert_findings(bench, DEMANDS({"assessment_left_differs", "KO-11", LINE_SALE_A, 1000, 1500}));
}

static void
what_goes_back_after_the_books_closed_changes_no_assessment(void **state)
{
    struct bench *bench = *state;
    draft(bench);
    approve_all(bench);

    change_file(bench->path, "UPDATE refund SET ended_on = '2027-05-31' WHERE state = 'paid'");
    assert_int_equal(draft(bench).created, 1);
    assert_query(bench, "SELECT amount_yen FROM assessment WHERE kind = 'decrease' AND state = 'draft'", 500);
    change_file(bench->path, "UPDATE refund SET ended_on = '2027-06-01' WHERE state = 'paid';"
                             "INSERT INTO assessment_day VALUES ('072036', '2026-11-21')");
    struct drafting_result later = draft(bench);

    assert_int_equal(later.created, 0);
    assert_query(bench, "SELECT count(*) FROM assessment WHERE kind = 'decrease'", 0);
}

static void
a_part_moved_to_the_other_route_is_found_by_the_audit(void **state)
{
    struct bench *bench = *state;
    draft(bench);
    approve_all(bench);
    change_file(bench->path, "DROP TRIGGER assessment_source_is_not_changed");

    change_file(bench->path, "UPDATE assessment_source SET amount_yen = 160 WHERE amount_yen = 150");

    assert_findings(bench, DEMANDS({"assessment_sum_differs", "", 0, 1660, 1650},
                                   {"assessment_source_differs", "KO-11", LINE_SALE_B, 150, 160},
                                   {"assessed_twice", "KO-11", LINE_SALE_B, 1100, 1110}));
}

static void
operators_money_in_an_assessment_is_found_by_the_audit(void **state)
{
    struct bench *bench = *state;
    draft(bench);
    approve_all(bench);

    change_file(bench->path, "INSERT INTO operator_revenue SELECT '072036', '2026-11-21', 'KO-11', 7, 1, 'cash', 'gym',"
                             " 'みほん管理', 'gym-room', 2, 1500, 136");

    assert_findings(bench, DEMANDS({"operator_revenue_assessed", "KO-11", LINE_SALE_A, 0, 1500}));
}

/* --- corrections
 * --------------------------------------------------------------------------------------------------------- */

static void
a_mixed_sale_voided_after_approval_is_taken_out_of_both_routes(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    load_masters(bench);
    maker_init(&maker, "KO-14", "gym-1");
    maker.business_date.day = 21;
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    whole_mixed_sale(&maker, 500, 501);
    maker_send(&maker, bench->store);
    catch_up(bench);
    draft(bench);
    approve_all(bench);
    maker_voided(&maker, 500, "KO-14-20261121-0001", 1550, "qr");
    maker_send(&maker, bench->store);
    maker_finish(&maker);
    catch_up(bench);

    struct drafting_result result = draft(bench);

    assert_int_equal(result.created, 3);
    assert_query(bench, "SELECT sum(amount_yen) FROM assessment WHERE kind = 'decrease' AND route = 'cash'", 600);
    assert_query(bench, "SELECT sum(amount_yen) FROM assessment WHERE kind = 'decrease' AND route = 'AGG'", 950);
    approve_all(bench);
    change_file(bench->path, "INSERT INTO assessment_day VALUES ('072036', '2026-11-21')");
    result = draft(bench);
    assert_int_equal(result.created + result.remade + result.removed, 0);
    assert_no_findings(bench);
}

static void
one_part_waits_for_its_trustee_while_the_other_is_drafted(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    load_masters(bench);
    change_file(bench->path, "DROP TRIGGER masters_are_not_changed; UPDATE masters SET document ="
                             " CAST(replace(CAST(document AS TEXT), '\"paypay\"', '\"aupay\"') AS BLOB)");
    maker_init(&maker, "KO-14", "gym-1");
    maker.business_date.day = 21;
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    whole_mixed_sale(&maker, 500, 501);
    maker_send(&maker, bench->store);
    maker_finish(&maker);
    catch_up(bench);

    struct drafting_result result = draft(bench);

    assert_int_equal(result.held_yen, 950);
    assert_query(bench, "SELECT sum(amount_yen) FROM assessment", 600);
    assert_query(bench, "SELECT amount_yen FROM assessment_held WHERE reason = 'no_trustee'", 950);
}

#define WHOLE(test) cmocka_unit_test_setup_teardown(test, whole_setup, bench_teardown)
#define EMPTY(test) cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_of_a_line_add_up_to_it_and_hold_no_more_tax_than_money),
        cmocka_unit_test(a_unit_that_both_parts_pay_is_counted_in_both),
        cmocka_unit_test(a_line_of_nothing_is_the_rests),
        WHOLE(a_mixed_sale_stands_in_the_assessment_of_each_route),
        WHOLE(what_is_reduced_or_divided_stands_apart_in_the_breakdown),
        WHOLE(an_operators_money_is_in_no_assessment_and_listed_for_it),
        WHOLE(drafting_again_changes_nothing),
        WHOLE(approved_parts_are_held_by_their_assessments_and_the_audit_agrees),
        WHOLE(a_refund_that_no_decrease_takes_out_is_found_by_the_audit),
        WHOLE(what_goes_back_after_the_books_closed_changes_no_assessment),
        WHOLE(a_part_moved_to_the_other_route_is_found_by_the_audit),
        WHOLE(operators_money_in_an_assessment_is_found_by_the_audit),
        EMPTY(a_mixed_sale_voided_after_approval_is_taken_out_of_both_routes),
        EMPTY(one_part_waits_for_its_trustee_while_the_other_is_drafted),
    };
    return cmocka_run_group_tests_name("settlement mixed drafting", tests, NULL, NULL);
}
