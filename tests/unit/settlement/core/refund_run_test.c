/* Refunds that a till carries out itself, in ledger and audit: begun once, for what was asked, by the sale's payment.
 */
#include "settlement/ledger/ledger.h"
#include "tests/unit/settlement/core/findings_bench.h"
#include "tests/unit/settlement/core/journal_maker.h"

#include <stdio.h>

enum { SALE = 2, OTHER_SALE = 4, PAYMENT = 1, OTHER_PAYMENT = 3, REFUND = 500 };

#define assert_query(bench, sql, expected) assert_int_equal(query_file((bench)->path, sql), expected)

static void
sell(struct maker *maker, unsigned sale, unsigned payment)
{
    maker_payment_started(maker, payment, sale, "paypay", 200);
    maker_payment_resolved(maker, payment, "approved", "answer");
    maker_qr_sale(maker, sale, payment, "paypay", 1, "2026-11-22");
}

/* Two sales of 200 yen, and a request to give the first back. */
static void
begin(struct bench *bench, struct maker *maker)
{
    char refund[TEST_ID_SIZE];
    char sale[TEST_ID_SIZE];
    maker_init(maker, "KO-01", "shimin-1");
    maker_enrol(maker, bench->store);
    maker_enrolled(maker);
    sell(maker, SALE, PAYMENT);
    sell(maker, OTHER_SALE, OTHER_PAYMENT);
    maker_line(maker, "refund.requested",
               "{\"refund\":\"%s\",\"sale\":\"%s\",\"receipt_number\":\"R-1\",\"amount_yen\":200,\"means\":\"gateway\","
               "\"reason\":\"x\",\"clerk\":\"sato\",\"approved_by\":null,\"lines\":null}",
               test_id(refund, REFUND), test_id(sale, SALE));
}

static void
start(struct maker *maker, unsigned sale, unsigned payment, int64_t yen)
{
    char refund[TEST_ID_SIZE];
    char sale_id[TEST_ID_SIZE];
    char payment_id[TEST_ID_SIZE];
    maker_line(maker, "refund.started",
               "{\"refund\":\"%s\",\"sale\":\"%s\",\"payment\":\"%s\",\"amount_yen\":%lld,\"clerk\":\"sato\","
               "\"approved_by\":\"suzuki\"}",
               test_id(refund, REFUND), test_id(sale_id, sale), test_id(payment_id, payment), (long long)yen);
}

static void
go_on(struct maker *maker, const char *kind)
{
    char refund[TEST_ID_SIZE];
    maker_line(maker, kind, "{\"refund\":\"%s\",\"cause\":\"no_answer\"}", test_id(refund, REFUND));
}

static void
book(struct bench *bench, struct maker *maker)
{
    struct error_detail err;
    struct ledger_advance advance;
    maker_send(maker, bench->store);
    if (ledger_catch_up(bench->store, &advance, &err) != STATUS_OK) {
        fail_msg("the ledger failed: %s", err.message);
    }
}

static void
assert_last_is_parked(struct bench *bench, struct maker *maker, const char *code)
{
    char sql[160];
    book(bench, maker);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM parked_line WHERE code = '%s' AND sequence = %lld", code,
             (long long)maker->sequence);
    assert_query(bench, sql, 1);
    assert_query(bench, "SELECT count(*) FROM parked_line", 1);
    maker_finish(maker);
}

static void
a_run_for_other_yen_than_were_asked_for_is_parked(void **state)
{
    struct maker maker;
    begin(*state, &maker);
    start(&maker, SALE, PAYMENT, 199);
    assert_last_is_parked(*state, &maker, "refund_differs");
}

static void
a_run_for_another_sale_is_parked(void **state)
{
    struct maker maker;
    begin(*state, &maker);
    start(&maker, OTHER_SALE, OTHER_PAYMENT, 200);
    assert_last_is_parked(*state, &maker, "refund_differs");
}

static void
a_run_by_the_payment_of_another_sale_is_parked(void **state)
{
    struct maker maker;
    begin(*state, &maker);
    start(&maker, SALE, OTHER_PAYMENT, 200);
    assert_last_is_parked(*state, &maker, "refund_differs");
}

static void
a_run_that_begins_twice_is_parked(void **state)
{
    struct maker maker;
    begin(*state, &maker);
    start(&maker, SALE, PAYMENT, 200);
    start(&maker, SALE, PAYMENT, 200);
    assert_last_is_parked(*state, &maker, "refund_run_known");
}

static void
a_run_that_never_began_cannot_be_unknown(void **state)
{
    struct maker maker;
    begin(*state, &maker);
    go_on(&maker, "refund.unknown");
    assert_last_is_parked(*state, &maker, "refund_not_running");
}

/* A store that is older than the column has it empty: the audit says so, and a rebuild derives it. */
static void
how_far_a_run_is_comes_from_the_journal_again_after_a_migration(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct ledger_advance advance;
    struct maker maker;
    begin(bench, &maker);
    const int64_t requested = maker.sequence;
    start(&maker, SALE, PAYMENT, 200);
    go_on(&maker, "refund.unknown");
    book(bench, &maker);
    assert_findings(bench, DEMANDS_OF_NOTHING);
    assert_query(bench, "SELECT count(*) FROM refund WHERE run = 'unknown'", 1);
    change_file(bench->path, "UPDATE refund SET run = ''");

    assert_findings(bench, DEMANDS({"refund_differs", "KO-01", requested, 200, 200}));

    assert_int_equal(ledger_rebuild(bench->store, &advance, &err), STATUS_OK);
    assert_query(bench, "SELECT count(*) FROM refund WHERE run = 'unknown'", 1);
    assert_findings(bench, DEMANDS_OF_NOTHING);
    maker_finish(&maker);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_for_other_yen_than_were_asked_for_is_parked, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_run_for_another_sale_is_parked, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_run_by_the_payment_of_another_sale_is_parked, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_run_that_begins_twice_is_parked, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_run_that_never_began_cannot_be_unknown, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(how_far_a_run_is_comes_from_the_journal_again_after_a_migration, bench_setup,
                                        bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
