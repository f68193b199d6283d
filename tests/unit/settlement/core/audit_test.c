/* The audit, tested by breaking one thing at a time in a good database: it must name exactly that, in exact yen. */
#include "settlement/audit/audit.h"

#include "settlement/ledger/ledger.h"
#include "tests/unit/settlement/core/findings_bench.h"
#include "tests/unit/settlement/core/good_city.h"
#include "tests/unit/settlement/core/store_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int
city_setup(void **state)
{
    struct error_detail err;
    struct ledger_advance advance;
    if (bench_setup(state) != 0) {
        return -1;
    }
    struct bench *bench = *state;
    struct city city;
    city_make(&city, bench->store);
    city_finish(&city);
    return ledger_catch_up(bench->store, &advance, &err) == STATUS_OK ? 0 : -1;
}

static void
a_good_database_has_no_findings(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct audit_report report;

    assert_int_equal(audit_run(bench->store, NULL, &report, &err), STATUS_OK);

    assert_int_equal(report.findings.count, 0);
    assert_int_equal(report.terminals, 2);
    assert_int_equal(report.sales, 7);
    assert_int_equal(report.revenue_yen, 450 + 400 + 600 + 1350);
    assert_int_equal(report.parked, 1);
    assert_int_equal(report.waiting, 0);
    assert_int_equal(report.lines, query_file(bench->path, "SELECT sum(head_sequence) FROM terminal"));
    audit_report_finish(&report);
}

static void
lines_that_the_ledger_has_not_seen_are_waiting_and_no_difference(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct audit_report report;
    struct maker maker;
    maker_init(&maker, "KO-03", "shimin-1");
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    maker_cash_sale(&maker, 500, 1);
    maker_send(&maker, bench->store);

    assert_int_equal(audit_run(bench->store, NULL, &report, &err), STATUS_OK);

    assert_int_equal(report.findings.count, 0);
    assert_int_equal(report.waiting, 2);
    audit_report_finish(&report);
    maker_finish(&maker);
}

/* --- the journal
 * ------------------------------------------------------------------------------------------------------ */

static void
a_changed_amount_in_a_stored_line_breaks_chain_signature_and_books(void **state)
{
    struct bench *bench = *state;

    /* Line 5 says 450; its bytes now say 850, consistently within the line. */
    change_file(bench->path,
                "UPDATE journal_run SET lines = CAST(replace(replace(CAST(lines AS TEXT),"
                " '\"quantity\":1,\"amount_yen\":450', '\"quantity\":1,\"amount_yen\":850'), 'XX', '') AS BLOB)"
                " WHERE terminal = 'KO-01' AND first = 1");

    /* The line contradicts itself now, so that by the journal there is no such sale: drawers and totals miss 450. */
    assert_findings(
        bench, DEMANDS({"chain_broken", "KO-01", 6, 0, 0}, {"line_amount_differs", "KO-01", 5, 450, 850},
                       {"sale_unexpected", "KO-01", 5, 0, 450}, {"sale_line_differs", "KO-01", 5, 0, 450},
                       {"sale_tax_differs", "KO-01", 5, 0, 0}, {"posting_differs", "KO-01", 5, 0, 450},
                       {"posting_differs", "KO-01", 5, 0, -450}, {"receipt_gap", "KO-01", 8, 0, 0},
                       {"till_total_differs", "KO-01", 27, 0, 450}, {"till_total_differs", "KO-01", 27, 1500, 1950},
                       {"drawer_differs", "KO-01", 27, 30000, 30450}, {"drawer_differs", "KO-01", 38, 29550, 30000},
                       {"day_differs", "KO-01", 4, 30460, 30460}, {"day_differs", "KO-01", 28, 30000, 30000}));
}

static void
a_changed_name_in_a_stored_line_breaks_the_chain_only(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE journal_run SET lines = CAST(replace(CAST(lines AS TEXT), '全部事項', '全郡事項')"
                             " AS BLOB) WHERE terminal = 'KO-02' AND first = 3");

    assert_findings(bench, DEMANDS({"chain_broken", "KO-02", 5, 0, 0}));
}

static void
a_changed_last_line_of_an_upload_does_not_fit_its_signature(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE journal_run SET lines = CAST(replace(CAST(lines AS TEXT), '\"unresolved\":[]',"
                             " '\"unresolved\":[ ]') AS BLOB) WHERE terminal = 'KO-02' AND first = 3");

    assert_findings(bench, DEMANDS({"signature_wrong", "KO-02", 6, 0, 0}, {"head_differs", "KO-02", 6, 0, 0}));
}

static void
another_signature_is_noticed(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE journal_run SET signature = (SELECT signature FROM journal_run WHERE terminal ="
                             " 'KO-02' AND first = 1) WHERE terminal = 'KO-01' AND first = 1");

    assert_findings(bench, DEMANDS({"signature_wrong", "KO-01", 12, 0, 0}));
}

static void
a_removed_run_leaves_a_gap_and_what_it_recorded(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "DELETE FROM journal_run WHERE terminal = 'KO-02' AND first = 3");

    assert_findings(bench,
                    DEMANDS({"head_differs", "KO-02", 6, 0, 0}, {"sale_unexpected", "KO-02", 4, 0, 1350},
                            {"sale_line_differs", "KO-02", 4, 0, 1350}, {"sale_tax_differs", "KO-02", 4, 0, 0},
                            {"posting_differs", "KO-02", 4, 0, 1350}, {"posting_differs", "KO-02", 4, 0, -1350},
                            {"posting_differs", "KO-02", 6, 0, 1350}, {"posting_differs", "KO-02", 6, 0, -1350},
                            {"day_differs", "KO-02", 2, 0, 1350}, {"day_close_unexpected", "KO-02", 6, 0, 1350}));
}

static void
a_head_that_is_not_the_last_line_is_noticed(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE terminal SET head_hash = zeroblob(32) WHERE terminal = 'KO-02'");

    assert_findings(bench, DEMANDS({"head_differs", "KO-02", 6, 0, 0}));
}

/* --- the ledger
 * ------------------------------------------------------------------------------------------------------- */

static void
a_changed_total_of_a_sale_is_found_in_yen(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE sale SET total_yen = 451 WHERE terminal = 'KO-01' AND sequence = 5");

    assert_findings(bench,
                    DEMANDS({"sale_differs", "KO-01", 5, 450, 451}, {"daily_payment_differs", "KO-01", 0, 451, 450},
                            {"hourly_payment_differs", "", 0, 451, 450}));
}

static void
a_removed_sale_is_missing_with_all_its_yen(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "DELETE FROM sale WHERE terminal = 'KO-02' AND sequence = 4");

    assert_findings(bench,
                    DEMANDS({"sale_missing", "KO-02", 4, 1350, 0}, {"daily_payment_differs", "KO-02", 0, 0, 1350},
                            {"hourly_payment_differs", "", 0, 0, 1350}, {"daily_item_differs", "", 0, 0, 1350}));
}

static void
a_sale_that_no_till_recorded_is_unexpected(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path,
                "INSERT INTO sale SELECT terminal, 3, municipality, place, 'x', 'x', business_date,"
                " received_on, fiscal_year, 0, clerk, method, brand, payment, 77, 0, 77, '', '' FROM sale WHERE"
                " terminal = 'KO-02' AND sequence = 4");

    assert_findings(bench,
                    DEMANDS({"sale_unexpected", "KO-02", 3, 0, 77}, {"daily_payment_differs", "KO-02", 0, 1427, 1350},
                            {"hourly_payment_differs", "", 0, 1427, 1350}));
}

static void
a_sale_moved_to_another_fiscal_year_is_noticed(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE sale SET fiscal_year = 2025 WHERE terminal = 'KO-02'");

    assert_findings(bench, DEMANDS({"sale_date_differs", "KO-02", 4, 1350, 1350}));
}

static void
a_sale_moved_to_another_brand_is_noticed(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE sale SET brand = 'aupay' WHERE terminal = 'KO-01' AND sequence = 12");

    assert_findings(bench,
                    DEMANDS({"sale_differs", "KO-01", 12, 400, 400}, {"daily_payment_differs", "KO-01", 0, 400, 0},
                            {"hourly_payment_differs", "", 0, 400, 0}, {"daily_payment_differs", "KO-01", 0, 600, 1000},
                            {"hourly_payment_differs", "", 0, 600, 1000}, {"daily_item_differs", "", 0, 400, 0},
                            {"daily_item_differs", "", 0, 600, 1000}));
}

static void
a_line_of_a_sale_under_another_account_is_noticed(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE sale_line SET account = '14020102' WHERE terminal = 'KO-02'");

    assert_findings(bench, DEMANDS({"sale_line_differs", "KO-02", 4, 1350, 1350},
                                   {"daily_item_differs", "", 0, 0, 1350}, {"daily_item_differs", "", 0, 1350, 0}));
}

static void
a_yen_of_tax_is_noticed(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE sale_tax SET tax_yen = 37 WHERE terminal = 'KO-01' AND sequence = 12 AND tax ="
                             " 'standard10'");

    assert_findings(bench, DEMANDS({"sale_tax_differs", "KO-01", 12, 36, 37}));
}

static void
a_void_that_was_forgotten_is_found_with_the_sale_that_stands_again(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "DELETE FROM sale_void WHERE terminal = 'KO-01' AND sequence = 9");
    assert_findings(bench, DEMANDS({"void_missing", "KO-01", 9, 900, 0}));

    change_file(bench->path, "UPDATE sale SET voided_by = 0 WHERE terminal = 'KO-01' AND voided_by = 9");
    assert_findings(bench,
                    DEMANDS({"void_missing", "KO-01", 9, 900, 0}, {"void_differs", "KO-01", 8, 0, 900},
                            {"daily_payment_differs", "KO-01", 0, 1350, 450},
                            {"hourly_payment_differs", "", 0, 1350, 450}, {"daily_item_differs", "", 0, 1350, 450}));
}

static void
a_sale_voided_by_nobody_is_found(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE sale SET voided_by = 5 WHERE terminal = 'KO-02'");

    assert_findings(bench,
                    DEMANDS({"void_differs", "KO-02", 4, 1350, 0}, {"daily_payment_differs", "KO-02", 0, 0, 1350},
                            {"hourly_payment_differs", "", 0, 0, 1350}, {"daily_item_differs", "", 0, 0, 1350}));
}

static void
money_in_doubt_declared_approved_is_noticed(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE payment SET state = 'approved' WHERE state = 'in_doubt'");

    assert_findings(bench, DEMANDS({"payment_state_differs", "KO-01", 22, 200, 200}));
}

static void
a_forgotten_payment_is_missing(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "DELETE FROM payment WHERE state = 'held'");

    assert_findings(bench, DEMANDS({"payment_missing", "KO-01", 31, 1000, 0}));
}

static void
a_changed_amount_of_a_payment_is_noticed(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE payment SET amount_yen = 40 WHERE amount_yen = 400");

    assert_findings(bench, DEMANDS({"payment_differs", "KO-01", 10, 400, 40}));
}

static void
a_reversal_declared_refused_is_noticed(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE reversal SET state = 'refused'");

    assert_findings(bench, DEMANDS({"reversal_differs", "KO-01", 16, 200, 200}));
}

static void
a_posting_of_another_amount_differs_and_no_longer_balances(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE posting SET amount_yen = -440 WHERE terminal = 'KO-01' AND sequence = 5 AND ledger"
                             " = 'revenue'");

    assert_findings(bench,
                    DEMANDS({"posting_differs", "KO-01", 5, -450, -440}, {"posting_unbalanced", "KO-01", 5, 0, 10}));
}

static void
revenue_moved_between_accounts_balances_and_is_found(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE posting SET account = '14020102' WHERE terminal = 'KO-01' AND sequence = 5 AND"
                             " ledger = 'revenue'");

    assert_findings(bench, DEMANDS({"posting_differs", "KO-01", 5, -450, 0}, {"posting_differs", "KO-01", 5, 0, -450}));
}

static void
revenue_moved_to_another_day_is_found(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE posting SET received_on = '2027-04-01' WHERE terminal = 'KO-02' AND ledger ="
                             " 'revenue'");

    assert_findings(bench,
                    DEMANDS({"posting_differs", "KO-02", 4, -1350, 0}, {"posting_differs", "KO-02", 4, 0, -1350}));
}

static void
a_doubled_pair_of_postings_is_found(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path,
                "INSERT INTO posting SELECT terminal, sequence, number + 10, municipality, place, ledger,"
                " brand, account, section, tax, issuer, received_on, business_date, amount_yen FROM posting"
                " WHERE terminal = 'KO-02' AND sequence = 4");

    assert_findings(
        bench, DEMANDS({"posting_differs", "KO-02", 4, 1350, 2700}, {"posting_differs", "KO-02", 4, -1350, -2700}));
}

static void
a_day_counted_differently_is_found(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE business_day SET counted_cash_yen = 1340, difference_yen = -10 WHERE terminal ="
                             " 'KO-02'");

    assert_findings(bench, DEMANDS({"day_differs", "KO-02", 2, 1350, 1340}));
}

static void
a_daily_sum_that_is_off_by_one_yen_is_found(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE daily_payment SET amount_yen = amount_yen + 1 WHERE terminal = 'KO-02'");

    assert_findings(bench, DEMANDS({"daily_payment_differs", "KO-02", 0, 1350, 1351}));
}

static void
a_sale_counted_in_another_hour_is_found_in_both(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path,
                "UPDATE hourly_payment SET hour = 17 WHERE received_on = '2026-11-22' AND method = 'cash'");

    assert_findings(bench,
                    DEMANDS({"hourly_payment_differs", "", 0, 1350, 0}, {"hourly_payment_differs", "", 0, 0, 1350}));
}

static void
a_daily_count_of_free_issues_that_is_off_is_found(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE daily_item SET quantity = 3 WHERE exemption = 'official'");

    assert_findings(bench, DEMANDS({"daily_item_differs", "", 0, 0, 0}));
}

static void
a_sale_that_was_parked_by_hand_is_readable(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "INSERT INTO parked_line VALUES ('KO-02', 4, '072036', '2026-11-22', 'sale.recorded', 'x',"
                             " 'x')");

    assert_findings(bench, DEMANDS({"parked_though_readable", "KO-02", 4, 0, 0}));
}

static void
rows_of_a_till_that_nobody_enrolled_are_found(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "INSERT INTO posting SELECT 'KO-99', sequence, number, municipality, place, ledger, brand,"
                             " account, section, tax, issuer, received_on, business_date, amount_yen FROM posting WHERE"
                             " terminal = 'KO-02' AND sequence = 4 AND number = 1");

    assert_findings(bench, DEMANDS({"terminal_unknown", "KO-99", 4, 0, 0}));
}

static void
rows_moved_to_another_city_are_found(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE posting SET municipality = '131016' WHERE terminal = 'KO-02' AND sequence = 4 AND"
                             " ledger = 'revenue'");
    assert_findings(bench,
                    DEMANDS({"posting_differs", "KO-02", 4, -1350, 0}, {"posting_differs", "KO-02", 4, 0, -1350}));
}

static void
a_reference_of_another_payment_is_noticed(void **state)
{
    struct bench *bench = *state;

    change_file(bench->path, "UPDATE payment SET acquirer_reference = 'Q000000999' WHERE amount_yen = 400");

    assert_findings(bench, DEMANDS({"payment_differs", "KO-01", 10, 400, 400}));
}

/* --- 調定: rows of the finance side, made by hand; the triggers that would refuse them are taken away first
 * ------------ */

static void
drop_triggers(struct bench *bench)
{
    static const char *const triggers[] = {
        "assessment_begins_as_draft",   "assessment_is_approved",         "assessment_is_frozen",
        "assessment_line_is_not_added", "assessment_line_is_not_changed", "assessment_source_is_not_added",
    };
    for (size_t i = 0; i < sizeof triggers / sizeof triggers[0]; i++) {
        char sql[120];
        snprintf(sql, sizeof sql, "DROP TRIGGER IF EXISTS %s", triggers[i]);
        change_file(bench->path, sql);
    }
}

/* An approved 調定 number SERIAL of 1,350円 for the sale of KO-02, with one line and one source of SOURCE_YEN. */
static void
assess(struct bench *bench, int serial, int64_t amount_yen, int64_t source_yen, const char *received_on)
{
    char sql[2000];
    snprintf(sql, sizeof sql,
             "INSERT INTO assessment (assessment, municipality, version, state, fiscal_year, serial, assessed_on,"
             " drafted_on, kind, account, fund_code, fund_name, kan_code, kan_name, kou_code, kou_name, moku_code,"
             " moku_name, setsu_code, setsu_name, saisetsu_code, saisetsu_name, section, section_name, route,"
             " route_name, tax, count, zero_count, sale_count, amount_yen, tax_yen, summary, content_sha256,"
             " proposed_by, proposed_at_ms, approved_by, approved_at_ms) VALUES (%d, '072036', 1, 'approved', 2026, %d,"
             " '%s', '2026-11-23', 'original', '14020101', '', '', '', '', '', '', '', '', '', '', '', '', 'shimin',"
             " '', 'cash%d', '', 'exempt', 3, 0, 1, %lld, 0, '', zeroblob(32), 'a', 1, 'b', 1);"
             "INSERT INTO assessment_line VALUES (%d, 1, 'koseki-zenbu', '', 3, 450, %lld, 0);"
             "INSERT INTO assessment_source VALUES (%d, 1, 'KO-02', 4, 1, 's', 3, %lld, 0);",
             serial, serial, received_on, serial, (long long)amount_yen, serial, (long long)amount_yen, serial,
             (long long)source_yen);
    change_file(bench->path, sql);
}

static void
a_right_assessment_is_no_finding(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct audit_report report;
    drop_triggers(bench);
    assess(bench, 1, 1350, 1350, "2026-11-22");

    assert_int_equal(audit_run(bench->store, NULL, &report, &err), STATUS_OK);

    assert_int_equal(report.findings.count, 0);
    audit_report_finish(&report);
}

static void
an_assessment_above_its_sales_is_found_in_yen(void **state)
{
    struct bench *bench = *state;
    drop_triggers(bench);
    assess(bench, 1, 1400, 1350, "2026-11-22");

    assert_findings(bench, DEMANDS({"assessment_sum_differs", "", 0, 1350, 1400}));
}

static void
an_assessment_of_more_than_was_sold_is_found_at_its_sale(void **state)
{
    struct bench *bench = *state;
    drop_triggers(bench);
    assess(bench, 1, 1800, 1800, "2026-11-22");

    assert_findings(bench, DEMANDS({"assessment_source_differs", "KO-02", 4, 1350, 1800},
                                   {"assessed_twice", "KO-02", 4, 1350, 1800}));
}

static void
a_sale_assessed_twice_is_found(void **state)
{
    struct bench *bench = *state;
    drop_triggers(bench);
    assess(bench, 1, 1350, 1350, "2026-11-22");
    assess(bench, 2, 1350, 1350, "2026-11-22");

    assert_findings(bench, DEMANDS({"assessed_twice", "KO-02", 4, 1350, 2700}));
}

static void
an_assessment_for_another_day_than_its_sale_is_found(void **state)
{
    struct bench *bench = *state;
    drop_triggers(bench);
    assess(bench, 1, 1350, 1350, "2026-11-23");

    assert_findings(bench, DEMANDS({"assessment_source_differs", "KO-02", 4, 1350, 1350}));
}

static void
a_number_left_out_is_found(void **state)
{
    struct bench *bench = *state;
    drop_triggers(bench);
    assess(bench, 2, 1350, 1350, "2026-11-22");

    assert_findings(bench, DEMANDS({"assessment_number_gap", "", 0, 0, 0}));
}

/* --- what the till itself said
 * ------------------------------------------------------------------------------------------ */

/* A till whose day is closed with EXPECTED and TOTALS, after one cash sale of 450 with a float of 1,000. */
static void
close_day(struct bench *bench, int64_t expected_yen, const char *totals)
{
    struct error_detail err;
    struct ledger_advance advance;
    struct maker maker;
    maker_init(&maker, "KO-01", "shimin-1");
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    maker_day_opened(&maker, 1, 1000);
    maker_cash_sale(&maker, 2, 1);
    maker_day_closed(&maker, 1, 1000, expected_yen, expected_yen, totals);
    maker_send(&maker, bench->store);
    assert_int_equal(ledger_catch_up(bench->store, &advance, &err), STATUS_OK);
    assert_int_equal(advance.parked, 0);
    maker_finish(&maker);
}

static void
a_close_that_expects_other_cash_than_its_own_lines_is_found(void **state)
{
    struct bench *bench = *state;

    close_day(bench, 1350,
              "[{\"method\":\"cash\",\"brand\":null,\"count\":1,\"amount_yen\":450,\"void_count\":0,\"void_yen\":0}]");

    assert_findings(bench, DEMANDS({"drawer_differs", "KO-01", 4, 1450, 1350}));
}

static void
a_close_whose_totals_leave_a_sale_out_is_found(void **state)
{
    struct bench *bench = *state;

    close_day(bench, 1450, "[]");

    assert_findings(bench, DEMANDS({"till_total_differs", "KO-01", 4, 450, 0}));
}

static void
a_receipt_number_left_out_is_found(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct ledger_advance advance;
    struct maker maker;
    maker_init(&maker, "KO-01", "shimin-1");
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    maker_cash_sale(&maker, 1, 1);
    maker.receipt_serial++;
    maker_cash_sale(&maker, 2, 1);
    maker_cash_sale(&maker, 3, 1);
    maker_send(&maker, bench->store);
    assert_int_equal(ledger_catch_up(bench->store, &advance, &err), STATUS_OK);

    assert_findings(bench, DEMANDS({"receipt_gap", "KO-01", 3, 0, 0}));
    maker_finish(&maker);
}

static void
a_sale_parked_because_another_till_has_its_id_is_missing_in_yen(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct ledger_advance advance;
    struct maker first;
    struct maker second;
    maker_init(&first, "KO-01", "shimin-1");
    maker_init(&second, "KO-02", "museum-1");
    maker_enrol(&first, bench->store);
    maker_enrol(&second, bench->store);
    maker_enrolled(&first);
    maker_cash_sale(&first, 1, 1);
    maker_enrolled(&second);
    maker_cash_sale(&second, 1, 2);
    maker_send(&first, bench->store);
    maker_send(&second, bench->store);
    assert_int_equal(ledger_catch_up(bench->store, &advance, &err), STATUS_OK);

    assert_findings(bench,
                    DEMANDS({"sale_missing", "KO-02", 2, 900, 0}, {"sale_line_differs", "KO-02", 2, 900, 0},
                            {"sale_tax_differs", "KO-02", 2, 0, 0}, {"posting_differs", "KO-02", 2, 900, 0},
                            {"posting_differs", "KO-02", 2, -900, 0}, {"parked_though_readable", "KO-02", 2, 0, 0}));
    maker_finish(&first);
    maker_finish(&second);
}

int
main(void)
{
#define IN_CITY(test) cmocka_unit_test_setup_teardown(test, city_setup, bench_teardown)
#define IN_EMPTY(test) cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)
    const struct CMUnitTest tests[] = {
        IN_CITY(a_good_database_has_no_findings),
        IN_CITY(lines_that_the_ledger_has_not_seen_are_waiting_and_no_difference),
        IN_CITY(a_changed_amount_in_a_stored_line_breaks_chain_signature_and_books),
        IN_CITY(a_changed_name_in_a_stored_line_breaks_the_chain_only),
        IN_CITY(a_changed_last_line_of_an_upload_does_not_fit_its_signature),
        IN_CITY(another_signature_is_noticed),
        IN_CITY(a_removed_run_leaves_a_gap_and_what_it_recorded),
        IN_CITY(a_head_that_is_not_the_last_line_is_noticed),
        IN_CITY(a_changed_total_of_a_sale_is_found_in_yen),
        IN_CITY(a_removed_sale_is_missing_with_all_its_yen),
        IN_CITY(a_sale_that_no_till_recorded_is_unexpected),
        IN_CITY(a_sale_moved_to_another_fiscal_year_is_noticed),
        IN_CITY(a_sale_moved_to_another_brand_is_noticed),
        IN_CITY(a_line_of_a_sale_under_another_account_is_noticed),
        IN_CITY(a_yen_of_tax_is_noticed),
        IN_CITY(a_void_that_was_forgotten_is_found_with_the_sale_that_stands_again),
        IN_CITY(a_sale_voided_by_nobody_is_found),
        IN_CITY(money_in_doubt_declared_approved_is_noticed),
        IN_CITY(a_forgotten_payment_is_missing),
        IN_CITY(a_changed_amount_of_a_payment_is_noticed),
        IN_CITY(a_reversal_declared_refused_is_noticed),
        IN_CITY(a_posting_of_another_amount_differs_and_no_longer_balances),
        IN_CITY(revenue_moved_between_accounts_balances_and_is_found),
        IN_CITY(revenue_moved_to_another_day_is_found),
        IN_CITY(a_doubled_pair_of_postings_is_found),
        IN_CITY(a_day_counted_differently_is_found),
        IN_CITY(a_daily_sum_that_is_off_by_one_yen_is_found),
        IN_CITY(a_sale_counted_in_another_hour_is_found_in_both),
        IN_CITY(a_daily_count_of_free_issues_that_is_off_is_found),
        IN_CITY(a_sale_that_was_parked_by_hand_is_readable),
        IN_CITY(rows_of_a_till_that_nobody_enrolled_are_found),
        IN_CITY(rows_moved_to_another_city_are_found),
        IN_CITY(a_reference_of_another_payment_is_noticed),
        IN_CITY(a_right_assessment_is_no_finding),
        IN_CITY(an_assessment_above_its_sales_is_found_in_yen),
        IN_CITY(an_assessment_of_more_than_was_sold_is_found_at_its_sale),
        IN_CITY(a_sale_assessed_twice_is_found),
        IN_CITY(an_assessment_for_another_day_than_its_sale_is_found),
        IN_CITY(a_number_left_out_is_found),
        IN_EMPTY(a_close_that_expects_other_cash_than_its_own_lines_is_found),
        IN_EMPTY(a_close_whose_totals_leave_a_sale_out_is_found),
        IN_EMPTY(a_receipt_number_left_out_is_found),
        IN_EMPTY(a_sale_parked_because_another_till_has_its_id_is_missing_in_yen),
    };
    return cmocka_run_group_tests_name("settlement audit", tests, NULL, NULL);
}
