/* The audit of a whole till, one thing broken at a time: rows that were changed behind the ledger's back, lines in
 * which a till contradicts itself, and what only all tills together show. */
#include "settlement/audit/audit.h"

#include "settlement/ledger/ledger.h"
#include "tests/unit/settlement/core/findings_bench.h"
#include "tests/unit/settlement/core/whole_till.h"

#include <stdio.h>

static void
catch_up(struct bench *bench)
{
    struct error_detail err;
    struct ledger_advance advance;
    if (ledger_catch_up(bench->store, &advance, &err) != STATUS_OK) {
        fail_msg("the ledger failed: %s", err.message);
    }
}

static int
whole_setup(void **state)
{
    if (bench_setup(state) != 0) {
        return -1;
    }
    struct bench *bench = *state;
    struct maker maker;
    whole_till_make(&maker, bench->store);
    maker_send(&maker, bench->store);
    maker_finish(&maker);
    catch_up(bench);
    return 0;
}

static void
a_whole_till_has_no_findings(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct audit_report report;

    assert_int_equal(audit_run(bench->store, NULL, &report, &err), STATUS_OK);

    for (size_t i = 0; i < report.findings.kept; i++) {
        print_message("found: %s line %lld: %s\n", report.findings.list[i].code,
                      (long long)report.findings.list[i].sequence, report.findings.list[i].message);
    }
    assert_int_equal(report.findings.count, 0);
    assert_int_equal(report.parked, 0);
    assert_int_equal(report.revenue_yen, 1500 + 1550 + 300 + 660);
    audit_report_finish(&report);
}

/* --- rows that were changed
 * --------------------------------------------------------------------------------------------- */

struct change {
    const char *sql;
    struct demand demand; /* the one finding; of the first till */
};

#define AT(code, sequence, expected, found)                                                                            \
    {                                                                                                                  \
        code, "KO-11", sequence, expected, found                                                                       \
    }

static const struct change changes[] = {
    {"UPDATE sale_line SET override_by = 'sato' WHERE sequence = 11", AT("override_differs", LINE_SALE_C, 500, 500)},
    {"UPDATE sale_line SET list_price_yen = 300 WHERE sequence = 11", AT("override_differs", LINE_SALE_C, 500, 300)},
    {"UPDATE sale_line SET list_price_yen = NULL WHERE sequence = 11", AT("override_differs", LINE_SALE_C, 500, -1)},
    {"UPDATE sale_line SET reduction_granter = '市民課' WHERE sequence = 7",
     AT("reduction_differs", LINE_SALE_A, 500, 500)},
    {"UPDATE sale_line SET tariff = '' WHERE sequence = 7", AT("sale_line_differs", LINE_SALE_A, 1500, 1500)},
    {"UPDATE sale_line SET ticket = 'T-9' WHERE sequence = 10 AND number = 2",
     AT("sale_line_differs", LINE_SALE_B, 1100, 1100)},
    {"UPDATE sale SET reference_number = 'Y-1' WHERE sequence = 10", AT("sale_differs", LINE_SALE_B, 1550, 1550)},
    {"UPDATE payment SET cash_yen = 0 WHERE started_sequence = 8", AT("payment_differs", LINE_PAYMENT_B, 950, 950)},
    {"UPDATE refund SET reason = '別の理由' WHERE requested_sequence = 29",
     AT("refund_differs", LINE_REFUND_B, 950, 950)},
    {"UPDATE refund SET means = 'cash' WHERE requested_sequence = 29", AT("refund_differs", LINE_REFUND_B, 950, 950)},
    {"UPDATE refund SET state = 'requested', ended_on = '' WHERE requested_sequence = 30",
     AT("refund_differs", LINE_REFUND_C, 300, 300)},
    {"UPDATE refund SET amount_yen = 900 WHERE requested_sequence = 29", AT("refund_differs", LINE_REFUND_B, 950, 900)},
    {"DELETE FROM refund WHERE requested_sequence = 29", AT("refund_missing", LINE_REFUND_B, 950, 0)},
    {"UPDATE refund_line SET amount_yen = 901 WHERE line = 2", AT("refund_differs", LINE_REFUND_B, 950, 950)},
    {"UPDATE payment SET proved = 'not_charged', proved_sequence = 9 WHERE started_sequence = 8",
     AT("payment_differs", LINE_PAYMENT_B, 950, 950)},
    {"UPDATE cash_movement SET amount_yen = 4000 WHERE sequence = 15",
     AT("cash_movement_differs", LINE_CASH_IN, 5000, 4000)},
    {"UPDATE cash_movement SET approved_by = '' WHERE sequence = 16",
     AT("cash_movement_differs", LINE_CASH_OUT, 2000, 2000)},
    {"DELETE FROM cash_movement WHERE sequence = 21", AT("cash_movement_missing", LINE_FLOAT_RETURNED, 5000, 0)},
    {"INSERT INTO cash_movement SELECT terminal, 13, municipality, place, opened_sequence, business_date, at_ms, kind,"
     " 7, clerk, approved_by, reason FROM cash_movement WHERE sequence = 15",
     AT("cash_movement_unexpected", 13, 0, 7)},
    {"UPDATE cash_count SET total_yen = 40400 WHERE sequence = 24",
     AT("cash_count_differs", LINE_COUNT_CLOSE, 40390, 40400)},
    {"UPDATE cash_tally SET pieces = 5 WHERE sequence = 19 AND yen = 100",
     AT("cash_tally_differs", LINE_COUNT_HANDOVER, 45400, 45500)},
    {"DELETE FROM cash_tally WHERE sequence = 17", AT("cash_tally_missing", LINE_FLOAT_LENT, 10000, 0)},
    {"UPDATE shift_change SET to_clerk = 'sato'", AT("shift_change_differs", LINE_SHIFT, 45400, 45400)},
    {"UPDATE shift_change SET counted_cash_yen = 45401", AT("shift_change_differs", LINE_SHIFT, 45400, 45401)},
    {"UPDATE day_inspection SET expected_cash_yen = 1", AT("day_inspection_differs", LINE_INSPECTED, 45400, 1)},
    {"UPDATE business_day SET deposit_yen = 5000 WHERE closed_sequence = 25",
     AT("day_close_differs", LINE_CLOSED_1, 5390, 5000)},
    {"UPDATE business_day SET ledger_in_yen = 0 WHERE closed_sequence = 25",
     AT("day_close_differs", LINE_CLOSED_1, 5390, 5390)},
    {"UPDATE business_day SET difference_reason = '' WHERE closed_sequence = 25",
     AT("day_close_differs", LINE_CLOSED_1, 5390, 5390)},
    {"UPDATE ticket SET facility = 'arena' WHERE ticket = 'T-2'", AT("ticket_differs", LINE_TICKET_2, 0, 0)},
    {"UPDATE ticket_closing SET outcome = 'voided'", AT("ticket_closing_differs", LINE_TICKET_CLOSED, 0, 0)},
    {"UPDATE daily_entry SET count = 3", AT("daily_entry_differs", 0, 0, 0)},
    {"UPDATE daily_item SET reduction_yen = 400 WHERE reduction_yen = 500", {"daily_item_differs", "", 0, 1500, 1500}},
};

static void
whatever_row_is_changed_is_named_with_its_yen(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        void *own = NULL;
        assert_int_equal(whole_setup(&own), 0);
        struct bench *bench = own;
        const struct demand demands[] = {changes[i].demand, {NULL, NULL, 0, 0, 0}};

        change_file(bench->path, changes[i].sql);

        print_message("%s\n", changes[i].sql);
        assert_findings(bench, demands);
        bench_teardown(&own);
    }
}

static void
a_reduction_changed_in_the_books_is_found_in_yen(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE sale_line SET reduction_yen = 400 WHERE sequence = 7");

    assert_findings(bench,
                    DEMANDS(AT("reduction_differs", LINE_SALE_A, 500, 400), {"daily_item_differs", "", 0, 1500, 1500}));
}

static void
cash_moved_between_the_parts_of_a_sale_is_found_in_yen(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE sale SET cash_yen = 500 WHERE sequence = 10");
    assert_findings(
        bench, DEMANDS(AT("sale_cash_differs", LINE_SALE_B, 600, 500),
                       {"daily_payment_differs", "KO-11", 0, 2300, 2400}, {"hourly_payment_differs", "", 0, 2300, 2400},
                       {"daily_payment_differs", "KO-11", 0, 1050, 950}, {"hourly_payment_differs", "", 0, 1050, 950}));
    change_file(bench->path, "UPDATE sale SET cash_yen = 600 WHERE sequence = 10");

    change_file(bench->path, "UPDATE sale_line SET cash_yen = 50 WHERE sequence = 10 AND number = 2");
    assert_findings(bench, DEMANDS(AT("line_cash_differs", LINE_SALE_B, 150, 50),
                                   {"daily_item_differs", "", 0, 50, 150}, {"daily_item_differs", "", 0, 1050, 950}));
}

static void
a_line_moved_to_another_facility_is_found(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE sale_line SET facility = '' WHERE sequence = 39");

    assert_findings(bench, DEMANDS(AT("sale_line_differs", LINE_SALE_F, 660, 660),
                                   {"daily_item_differs", "", 0, 660, 0}, {"daily_item_differs", "", 0, 0, 660}));
}

static void
a_refund_netted_with_revenue_is_found_in_yen(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE posting SET ledger = 'revenue' WHERE sequence = 28 AND ledger = 'refund'");

    assert_findings(bench, DEMANDS(AT("posting_differs", LINE_REFUND_A_PAID, 500, 0),
                                   AT("posting_differs", LINE_REFUND_A_PAID, 0, 500)));
}

static void
a_refund_parked_by_hand_is_readable(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "INSERT INTO parked_line VALUES ('KO-11', 28, '072036', '2026-11-22', 'refund.paid', 'x',"
                             " 'x')");

    assert_findings(bench, DEMANDS(AT("parked_though_readable", LINE_REFUND_A_PAID, 0, 0)));
}

/* --- tills that contradict themselves
 * ----------------------------------------------------------------------------------- */

/* A till of its own with a day open on a float of 1,000円. */
static void
contradicting_begin(struct maker *maker, struct bench *bench, const char *terminal)
{
    maker_init(maker, terminal, "gym-1");
    maker_enrol(maker, bench->store);
    maker_enrolled(maker);
    maker_day_opened(maker, 70, 1000);
}

static void
contradicting_end(struct maker *maker, struct bench *bench)
{
    maker_send(maker, bench->store);
    maker_finish(maker);
    catch_up(bench);
}

/* 2 × 500円, with EXTRA members, for AMOUNT_YEN in cash. */
static void
line_with(struct maker *maker, const char *extra, int64_t amount_yen)
{
    char lines[1000];
    char paid[120];
    snprintf(lines, sizeof lines,
             "[{\"item\":\"a\",\"name\":\"A\",\"unit_price_yen\":500,\"quantity\":2,\"amount_yen\":%lld,\"tax\":"
             "\"exempt\",\"account\":\"1\",\"section\":\"s\",\"issuer\":\"g\",\"exemption\":null%s}]",
             (long long)amount_yen, extra);
    snprintf(paid, sizeof paid, "{\"method\":\"cash\",\"tendered_yen\":%lld,\"change_yen\":0}", (long long)amount_yen);
    whole_sale(maker, 980, lines, amount_yen, "[]", paid);
}

static void
a_reduction_above_the_price_is_named(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    contradicting_begin(&maker, bench, "C-1");
    line_with(&maker, ",\"reduction\":{\"rule\":\"r\",\"name\":\"R\",\"granter\":\"g\",\"yen\":1200}", 0);
    contradicting_end(&maker, bench);

    assert_findings(bench, DEMANDS({"reduction_too_large", "C-1", 3, 1000, 1200}));
}

static void
a_reduction_that_was_not_taken_off_is_named(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    contradicting_begin(&maker, bench, "C-1");
    line_with(&maker, ",\"reduction\":{\"rule\":\"r\",\"name\":\"R\",\"granter\":\"g\",\"yen\":200}", 1000);
    contradicting_end(&maker, bench);

    assert_findings(bench, DEMANDS({"line_amount_differs", "C-1", 3, 800, 1000}));
}

static void
a_price_put_in_place_without_approval_is_named(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    contradicting_begin(&maker, bench, "C-1");
    line_with(&maker, ",\"override\":{\"list_price_yen\":800,\"reason\":\"x\",\"approved_by\":\"\"}", 1000);
    contradicting_end(&maker, bench);

    assert_findings(bench, DEMANDS({"override_unapproved", "C-1", 3, 1600, 1000}));
}

static void
an_explanation_that_does_not_add_up_is_named(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    contradicting_begin(&maker, bench, "C-1");
    line_with(&maker,
              ",\"pricing\":{\"tariff\":\"t\",\"set\":1,\"facts\":{},\"rows\":[{\"text\":\"x\",\"yen\":1000},{\"text\":"
              "\"y\",\"yen\":-1}]}",
              1000);
    contradicting_end(&maker, bench);

    assert_findings(bench, DEMANDS({"pricing_differs", "C-1", 3, 1000, 999}));
}

static void
parts_of_a_mixed_payment_that_do_not_add_up_are_named(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    char payment[TEST_ID_SIZE];
    char paid[400];
    contradicting_begin(&maker, bench, "C-1");
    maker_payment_started(&maker, 990, 980, "paypay", 200);
    maker_payment_resolved(&maker, 990, "approved", "answer");
    snprintf(
        paid, sizeof paid,
        "{\"method\":\"qr\",\"brand\":\"paypay\",\"payment\":\"%s\",\"amount_yen\":200,\"cash\":{\"amount_yen\":90,"
        "\"tendered_yen\":90,\"change_yen\":0}}",
        test_id(payment, 990));
    whole_sale(&maker, 980,
               "[{\"item\":\"a\",\"name\":\"A\",\"unit_price_yen\":300,\"quantity\":1,\"amount_yen\":300,\"tax\":"
               "\"exempt\",\"account\":\"1\",\"section\":\"s\",\"issuer\":\"g\",\"exemption\":null}]",
               300, "[]", paid);
    contradicting_end(&maker, bench);

    assert_findings(bench, DEMANDS({"mixed_parts_differ", "C-1", 5, 300, 290}));
}

static void
expected_cash_that_is_off_is_named_at_inspection_handover_and_close(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    char day[TEST_ID_SIZE];
    contradicting_begin(&maker, bench, "C-1");
    test_id(day, 70);
    maker_line(
        &maker, "day.inspected",
        "{\"day\":\"%s\",\"clerk\":\"c\",\"number\":1,\"first_sequence\":2,\"last_sequence\":2,\"float_yen\":900,"
        "\"cash_in_yen\":1,\"cash_out_yen\":2,\"expected_cash_yen\":1010,\"zero_count\":0,\"totals\":[],"
        "\"unresolved\":[]}",
        day);
    maker_line(&maker, "shift.handed_over",
               "{\"day\":\"%s\",\"from\":\"a\",\"to\":\"b\",\"counted_cash_yen\":1000,\"expected_cash_yen\":1020,"
               "\"difference_yen\":-20,\"difference_reason\":null}",
               day);
    maker_day_closed(&maker, 70, 1000, 1030, 1000, "[]");
    contradicting_end(&maker, bench);

    assert_findings(bench, DEMANDS({"drawer_differs", "C-1", 3, 1000, 1010}, {"float_differs", "C-1", 3, 1000, 900},
                                   {"cash_in_differs", "C-1", 3, 0, 1}, {"cash_out_differs", "C-1", 3, 0, 2},
                                   {"drawer_differs", "C-1", 4, 1000, 1020}, {"drawer_differs", "C-1", 5, 1000, 1030}));
}

/* A close of 1,000円 with MEMBERS, after COUNTED_YEN was counted blindly. */
static void
close_with(struct bench *bench, int64_t counted_yen, const char *members)
{
    struct maker maker;
    char day[TEST_ID_SIZE];
    contradicting_begin(&maker, bench, "C-1");
    test_id(day, 70);
    maker_line(&maker, "cash.counted",
               "{\"day\":\"%s\",\"purpose\":\"close\",\"clerk\":\"c\",\"counts\":[{\"yen\":1,\"count\":%lld}],"
               "\"total_yen\":%lld}",
               day, (long long)counted_yen, (long long)counted_yen);
    maker_line(&maker, "day.closed",
               "{\"day\":\"%s\",\"clerk\":\"c\",\"first_sequence\":2,\"last_sequence\":3,\"float_yen\":1000,"
               "\"expected_cash_yen\":1000,\"counted_cash_yen\":1000,\"difference_yen\":0,\"difference_reason\":null,"
               "\"zero_count\":0,\"totals\":[],\"unresolved\":[]%s}",
               day, members);
    contradicting_end(&maker, bench);
}

static void
figures_of_a_close_that_its_lines_do_not_bear_out_are_named(void **state)
{
    struct bench *bench = *state;

    close_with(bench, 990, ",\"cash_in_yen\":30,\"cash_out_yen\":20,\"refund_cash_yen\":10");

    assert_findings(bench,
                    DEMANDS({"cash_in_differs", "C-1", 4, 0, 30}, {"cash_out_differs", "C-1", 4, 0, 20},
                            {"refund_cash_differs", "C-1", 4, 0, 10}, {"counted_cash_differs", "C-1", 4, 990, 1000}));
}

static void
a_deposit_that_is_not_what_was_counted_is_named(void **state)
{
    struct bench *bench = *state;

    close_with(bench, 1000, ",\"deposit_yen\":100");

    assert_findings(bench, DEMANDS({"deposit_differs", "C-1", 4, 0, 100}));
}

static void
notes_and_coins_that_are_not_what_was_counted_are_named(void **state)
{
    struct bench *bench = *state;

    close_with(bench, 1000, ",\"counts\":[{\"yen\":500,\"count\":1}]");

    assert_findings(bench, DEMANDS({"counts_differ", "C-1", 4, 500, 1000}));
}

static void
more_float_returned_than_was_lent_is_named(void **state)
{
    struct bench *bench = *state;

    close_with(bench, 1000, ",\"float_returned_yen\":1001");

    assert_findings(bench, DEMANDS({"float_differs", "C-1", 4, 1000, 1001}));
}

/* --- what only all tills together show
 * ---------------------------------------------------------------------------------- */

static void
refunds_of_one_line_above_it_are_found_in_yen(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    char refund[TEST_ID_SIZE];
    char sale[TEST_ID_SIZE];
    maker_init(&maker, "C-3", "gym-1");
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    maker_line(
        &maker, "refund.requested",
        "{\"refund\":\"%s\",\"sale\":\"%s\",\"receipt_number\":\"KO-11-20261121-0002\",\"amount_yen\":401,\"means\":"
        "\"cash\",\"reason\":\"x\",\"clerk\":\"c\",\"approved_by\":null,\"lines\":[{\"line\":1,\"amount_yen\":401}]}",
        test_id(refund, 840), test_id(sale, WHOLE_SALE_B));
    contradicting_end(&maker, bench);

    assert_findings(bench, DEMANDS(AT("refund_exceeds_line", LINE_SALE_B, 450, 451)));
}

/* Another till is asked for AMOUNT_YEN of SALE back, and pays it when IS_PAID. */
static void
refund_elsewhere(struct bench *bench, unsigned sale, const char *receipt_number, int64_t amount_yen, bool is_paid)
{
    struct maker maker;
    char refund[TEST_ID_SIZE];
    char sale_id[TEST_ID_SIZE];
    maker_init(&maker, "C-2", "gym-1");
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    maker_line(&maker, "refund.requested",
               "{\"refund\":\"%s\",\"sale\":\"%s\",\"receipt_number\":\"%s\",\"amount_yen\":%lld,\"means\":\"cash\","
               "\"reason\":\"x\",\"clerk\":\"c\",\"approved_by\":null}",
               test_id(refund, 830), test_id(sale_id, sale), receipt_number, (long long)amount_yen);
    if (is_paid) {
        maker_line(&maker, "refund.paid",
                   "{\"refund\":\"%s\",\"sale\":\"%s\",\"amount_yen\":%lld,\"means\":\"cash\",\"clerk\":\"c\","
                   "\"approved_by\":\"s\"}",
                   refund, sale_id, (long long)amount_yen);
    }
    maker_send(&maker, bench->store);
    maker_finish(&maker);
    catch_up(bench);
}

static void
refunds_of_two_tills_above_one_sale_are_found_in_yen(void **state)
{
    struct bench *bench = *state;

    refund_elsewhere(bench, WHOLE_SALE_A, "KO-11-20261121-0001", 1001, true);

    assert_findings(bench, DEMANDS(AT("refund_exceeds_sale", LINE_SALE_A, 1500, 1501)));
}

static void
refunds_up_to_the_sale_are_no_finding(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct audit_report report;

    refund_elsewhere(bench, WHOLE_SALE_A, "KO-11-20261121-0001", 1000, true);

    assert_int_equal(audit_run(bench->store, NULL, &report, &err), STATUS_OK);
    assert_int_equal(report.findings.count, 0);
    audit_report_finish(&report);
}

static void
a_refund_of_a_voided_sale_is_found_in_yen(void **state)
{
    struct bench *bench = *state;

    refund_elsewhere(bench, WHOLE_SALE_D, "KO-11-20261122-0001", 300, false);

    assert_findings(bench, DEMANDS(AT("refund_exceeds_sale", LINE_SALE_D, 0, 300)));
}

static void
money_given_back_for_a_sale_that_nobody_recorded_is_found(void **state)
{
    struct bench *bench = *state;

    refund_elsewhere(bench, 999, "KO-77-20261121-0001", 300, true);

    assert_findings(bench, DEMANDS({"refund_without_sale", "C-2", 3, 0, 300}));
}

static void
a_request_for_a_sale_that_has_not_come_in_yet_is_no_finding(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct audit_report report;

    refund_elsewhere(bench, 999, "KO-77-20261121-0001", 300, false);

    assert_int_equal(audit_run(bench->store, NULL, &report, &err), STATUS_OK);
    assert_int_equal(report.findings.count, 0);
    audit_report_finish(&report);
}

/* Masters VERSION in which the drawer D-1 is TERMINAL's. */
static void
masters_with_drawer(struct bench *bench, int version, const char *terminal)
{
    char sql[400];
    snprintf(sql, sizeof sql,
             "INSERT INTO masters (municipality, version, sha256, document, loaded_at_ms) VALUES ('072036', %d, 'x',"
             " CAST('{\"drawers\":[{\"code\":\"D-1\",\"terminal\":\"%s\"}]}' AS BLOB), 0)",
             version, terminal);
    change_file(bench->path, sql);
}

/* TERMINAL opens DAY by masters VERSION, AT_MS, and closes it when IS_CLOSED. */
static void
open_drawer(struct bench *bench, const char *terminal, unsigned day, int version, int64_t at_ms, bool is_closed)
{
    struct maker maker;
    maker_init(&maker, terminal, "gym-1");
    maker.at_ms = at_ms;
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    maker_line(&maker, "masters.applied", "{\"version\":%d,\"sha256\":\"00\"}", version);
    maker_day_opened(&maker, day, 0);
    if (is_closed) {
        maker_day_closed(&maker, day, 0, 0, 0, "[]");
    }
    maker_send(&maker, bench->store);
    maker_finish(&maker);
    catch_up(bench);
}

static void
one_drawer_open_on_two_tills_at_a_time_is_found(void **state)
{
    struct bench *bench = *state;
    masters_with_drawer(bench, 7, "D-A");
    masters_with_drawer(bench, 8, "D-B");
    open_drawer(bench, "D-A", 71, 7, INT64_C(1795305600000), false);
    open_drawer(bench, "D-B", 72, 8, INT64_C(1795305700000), false);

    assert_findings(bench, DEMANDS({"drawer_shared", "D-A", 3, 0, 0}));
}

static void
one_drawer_handed_from_till_to_till_is_no_finding(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct audit_report report;
    masters_with_drawer(bench, 7, "D-A");
    masters_with_drawer(bench, 8, "D-B");
    open_drawer(bench, "D-A", 71, 7, INT64_C(1795305600000), true);
    open_drawer(bench, "D-B", 72, 8, INT64_C(1795305700000), false);

    assert_int_equal(audit_run(bench->store, NULL, &report, &err), STATUS_OK);

    assert_int_equal(report.findings.count, 0);
    audit_report_finish(&report);
}

#define WHOLE(test) cmocka_unit_test_setup_teardown(test, whole_setup, bench_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WHOLE(a_whole_till_has_no_findings),
        cmocka_unit_test(whatever_row_is_changed_is_named_with_its_yen),
        WHOLE(a_reduction_changed_in_the_books_is_found_in_yen),
        WHOLE(cash_moved_between_the_parts_of_a_sale_is_found_in_yen),
        WHOLE(a_line_moved_to_another_facility_is_found),
        WHOLE(a_refund_netted_with_revenue_is_found_in_yen),
        WHOLE(a_refund_parked_by_hand_is_readable),
        WHOLE(a_reduction_above_the_price_is_named),
        WHOLE(a_reduction_that_was_not_taken_off_is_named),
        WHOLE(a_price_put_in_place_without_approval_is_named),
        WHOLE(an_explanation_that_does_not_add_up_is_named),
        WHOLE(parts_of_a_mixed_payment_that_do_not_add_up_are_named),
        WHOLE(expected_cash_that_is_off_is_named_at_inspection_handover_and_close),
        WHOLE(figures_of_a_close_that_its_lines_do_not_bear_out_are_named),
        WHOLE(a_deposit_that_is_not_what_was_counted_is_named),
        WHOLE(notes_and_coins_that_are_not_what_was_counted_are_named),
        WHOLE(more_float_returned_than_was_lent_is_named),
        WHOLE(refunds_of_two_tills_above_one_sale_are_found_in_yen),
        WHOLE(refunds_of_one_line_above_it_are_found_in_yen),
        WHOLE(refunds_up_to_the_sale_are_no_finding),
        WHOLE(a_refund_of_a_voided_sale_is_found_in_yen),
        WHOLE(money_given_back_for_a_sale_that_nobody_recorded_is_found),
        WHOLE(a_request_for_a_sale_that_has_not_come_in_yet_is_no_finding),
        WHOLE(one_drawer_open_on_two_tills_at_a_time_is_found),
        WHOLE(one_drawer_handed_from_till_to_till_is_no_finding),
    };
    return cmocka_run_group_tests_name("settlement whole till audit", tests, NULL, NULL);
}
