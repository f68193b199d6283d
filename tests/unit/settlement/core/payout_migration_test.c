/* Deposits of a store as it was before terms and portions (0019, 0021): every row is there afterwards, means what it
 * meant, and matching goes on from it. */
#include "tests/unit/settlement/core/good_books.h"
#include "tests/unit/settlement/core/journal_maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct migration settlement_migrations_sqlite[];
extern const struct migration settlement_migrations_postgresql[];

enum { BEFORE_TERMS = 18 };

/* P1 is paid, P2 is short by 100, P3 has not come and no statement names its day; the bank has lines for the first two.
 */
static const char rows[] =
    "INSERT INTO import (import, municipality, layout, kind, trustee, file_name, sha256, imported_at_ms, imported_by,"
    " line_count, fee_line_count, amount_yen, fee_yen, first_on, last_on, byte_count, bytes) VALUES (1, '072036',"
    " 'zengin-03', 'bank', '', 'bank.txt', %s, 1, 'sato', 2, 0, 1400, 0, '2026-12-01', '2026-12-02', 1, %s);"
    "INSERT INTO bank_line (import, line, direction, booked_on, value_on, amount_yen, inquiry_number, transaction_code,"
    " payer_code, payer_kana, sending_bank, sending_branch, summary, edi, account_bank, account_branch, account_kind,"
    " account_number) VALUES (1, 2, 'in', '2026-12-01', '2026-12-01', 1000, '', '', '', 'MIHON', '', '', '', 'P1', '',"
    " '', '', ''), (1, 3, 'in', '2026-12-02', '2026-12-02', 400, '', '', '', 'MIHON', '', '', '', 'P2', '', '', '', "
    "'');"
    "INSERT INTO payout (municipality, trustee, payout, due_on, first_on, line_count, amount_yen, fee_yen, "
    "credited_yen,"
    " credited_on) VALUES ('072036', 'AGG', 'P1', '2026-12-01', '2026-11-20', 3, 1000, 20, 1000, '2026-12-01'),"
    " ('072036', 'AGG', 'P2', '2026-12-02', '2026-11-21', 2, 500, 10, 400, '2026-12-02'),"
    " ('072036', 'AGG', 'P3', '', '2026-11-22', 1, 70, 1, 0, '');"
    "INSERT INTO payout_credit (import, line, municipality, trustee, payout, amount_yen) VALUES"
    " (1, 2, '072036', 'AGG', 'P1', 1000), (1, 3, '072036', 'AGG', 'P2', 400);"
    "INSERT INTO matching_state (municipality, run, import, due_day, rescan) VALUES ('072036', 0, 1, '2026-12-09', 0)";

static int
older_setup(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL || scratch_make(&bench->scratch) != 0) {
        return -1;
    }
    scratch_path(&bench->scratch, bench->path, "settlement.db");
    *state = bench;
    return 0;
}

/* An empty database without tables under PATH. */
static void
make_empty(const char *path)
{
    char cluster[256];
    char name[64];
    char sql[160];
    if (!test_cluster(cluster)) {
        return;
    }
    snprintf(name, sizeof name, "older_%d", (int)getpid());
    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE template0", name);
    test_cluster_run(cluster, sql);
    test_store_name(path, cluster, name);
}

static void
make_older(const char *path)
{
    struct database *db;
    struct error_detail err;
    char sql[4000];
    make_empty(path);
    const struct migration *migrations =
        test_is_postgresql() ? settlement_migrations_postgresql : settlement_migrations_sqlite;
    snprintf(sql, sizeof sql, rows, test_is_postgresql() ? "decode(repeat('00', 32), 'hex')" : "zeroblob(32)",
             test_is_postgresql() ? "decode('00', 'hex')" : "zeroblob(1)");
    if (store_database_open(&db, path, &err) != STATUS_OK ||
        database_migrate(db, migrations, BEFORE_TERMS, &err) != STATUS_OK ||
        database_execute(db, sql, &err) != STATUS_OK) {
        fail_msg("the older store: %s", err.message);
    }
    database_close(db);
}

static void
deposits_of_an_older_store_mean_what_they_meant_and_are_gone_on_with(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    make_older(bench->path);

    if (store_open(&bench->store, bench->path, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }

    assert_int_equal(query_file(bench->path, "SELECT count(*) FROM payout WHERE expected_yen = amount_yen AND"
                                             " payable_on = due_on AND carry_yen = 0 AND is_carried = 0"
                                             " AND carried_to = ''"),
                     3);
    assert_int_equal(query_file(bench->path, "SELECT count(*) FROM payout_credit WHERE (line, payout, amount_yen) IN"
                                             " ((2, 'P1', 1000), (3, 'P2', 400)) AND municipality = '072036'"),
                     2);
    change_file(bench->path, "INSERT INTO payout_credit VALUES (1, 3, '072036', 'AGG', 'P3', 1);" /* two of one line */
                             "DELETE FROM payout_credit WHERE payout = 'P3'");

    good_books_reconcile(bench);

    assert_int_equal(query_file(bench->path, "SELECT sum(credited_yen) FROM payout"), 1400);
    assert_int_equal(query_file(bench->path, "SELECT count(*) FROM payout WHERE payout = 'P3' AND payable_on ="
                                             " '2027-01-28' AND expected_yen = 70"),
                     1); /* 67 days after its first payment */
    assert_int_equal(query_file(bench->path, "SELECT sum(amount_yen) FROM discrepancy WHERE subject = 'payout:AGG:P2'"
                                             " AND state = 'open'"),
                     100);
    assert_int_equal(query_file(bench->path, "SELECT count(*) FROM discrepancy"), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(deposits_of_an_older_store_mean_what_they_meant_and_are_gone_on_with,
                                        older_setup, bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
