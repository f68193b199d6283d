/* Deposits of a month: one credit for two payouts, one transfer of a pay day without a name, small ones that are
 * carried over, one below zero, and days by the terms. The audit computes all of it again; one thing is broken at a
 * time. */
#include "common/text/cp932.h"
#include "settlement/store/masters_store.h"
#include "tests/unit/settlement/core/derived_tables.h"
#include "tests/unit/settlement/core/findings_bench.h"
#include "tests/unit/settlement/core/good_books.h"
#include "tests/unit/settlement/core/journal_maker.h"

#include <stdio.h>
#include <stdlib.h>

enum { DEMANDS_MAX = 8 };

static const char masters[] =
    "{\"bank_holidays\":[{\"code\":\"2026-11-23\",\"name\":\"勤労感謝の日\"}],\"brands\":[{\"code\":\"paypay\","
    "\"trustee\":\"AGG\",\"valid_from\":\"2020-01-01\"}],\"municipality\":"
    "{\"code\":\"072036\",\"name\":\"郡山市\"},\"terms\":[{\"carry_negative\":true,\"closing\":\"daily\",\"code\":"
    "\"agg\","
    "\"deposit\":\"gross\",\"fee_rate\":20000,\"fee_rounding\":\"floor\",\"fee_unit\":\"line\",\"holiday\":\"after\","
    "\"minimum_yen\":500,\"name\":\"みほん\",\"pay_after\":2,"
    "\"statement_days\":1,\"together\":true,\"trustee\":\"AGG\",\"valid_from\":\"2020-01-01\"}],\"trustees\":"
    "[{\"code\":\"AGG\",\"kana\":\"MIHON\",\"layout\":\"aggregator-daily\",\"name\":\"みほん\"}],\"version\":1}";

/* Yen, day of the payment in November, pay day, payout. */
struct sold {
    int yen;
    int day;
    const char *due_on;
    const char *payout;
};

static void
take_in_statement(struct bench *bench, const char *name, const struct sold *sold, size_t count)
{
    struct buffer text, bytes;
    struct error_detail err;
    int total = 0;
    buffer_init(&text, 4000);
    buffer_init(&bytes, 4000);
    buffer_append_text(&text, "加盟店取引ID,決済会社取引ID,ブランド,端末番号,取引日時,取引区分,取引金額,手数料,"
                              "入金予定日,入金番号\r\n");
    for (size_t i = 0; i < count; i++) {
        buffer_printf(&text, ",%s-%zu,paypay,KO-01,2026/11/%02d 10:00:00,%s,%d,%d,%s,%s\r\n", name, i, sold[i].day,
                      sold[i].yen < 0 ? "返金" : "売上", sold[i].yen, sold[i].yen / 50 + (sold[i].yen == 2000 ? 3 : 0),
                      sold[i].due_on, sold[i].payout); /* 2 %, and of one 3 yen more */
        total += sold[i].yen;
    }
    buffer_printf(&text, "合計,%zu,%d\r\n", count, total);
    assert_int_equal(cp932_from_utf8(&bytes, buffer_text(&text), text.length, NULL, &err), STATUS_OK);
    good_books_take_in(bench, "aggregator-daily", name, buffer_text(&bytes), bytes.length);
    buffer_finish(&text);
    buffer_finish(&bytes);
}

/* 全銀 03: 3,600 yen of 1 December that name P2, and 2,300 yen of the 3rd that name nothing. */
static void
take_in_bank(struct bench *bench)
{
    static const char credit[] = "2%08d%s%s111%012d%012d%012d %07d000%010d%-48s%-15s%-15s%-20s%-20s \r\n";
    struct buffer file;
    buffer_init(&file, 8192);
    buffer_printf(&file, "1030%s%s%s0001%-15s001%-15s0001%010d%-40s11%014d%71s\r\n", "081203", "081203", "081203",
                  "BANK", "KORIYAMA", 1234567, "KORIYAMASHI", 0, "");
    buffer_printf(&file, credit, 1, "081201", "081201", 3600, 0, 0, 0, 0, "MIHON", "BANK", "HONTEN", "FURIKOMI", "P2");
    buffer_printf(&file, credit, 2, "081203", "081203", 2300, 0, 0, 0, 0, "MIHON", "BANK", "HONTEN", "FURIKOMI", "");
    buffer_printf(&file, "8%06d%013d%06d%013d1%014d%07d%139s\r\n", 2, 5900, 0, 0, 5900, 2, "");
    buffer_printf(&file, "9%010d%05d%184s\r\n", 5, 1, "");
    good_books_take_in(bench, "zengin-03", "bank.txt", buffer_text(&file), file.length);
    buffer_finish(&file);
}

static int
books_setup(void **state)
{
    static const struct sold first[] = {
        {600, 20, "2026/12/01", "P1"}, {300, 21, "2026/12/02", "P3"}, {-500, 24, "2026/12/09", "P5"}};
    static const struct sold second[] = {{3000, 20, "2026/12/01", "P2"}, {2000, 22, "2026/12/03", "P4"}};
    if (bench_setup(state) != 0) {
        return -1;
    }
    struct bench *bench = *state;
    struct error_detail err;
    struct store_txn *txn = NULL;
    const struct masters_version version = {
        .municipality = "072036", .version = 1, .sha256 = "0", .loaded_at_ms = 1, .proposed_by = "cli"};
    assert_int_equal(store_begin_write(bench->store, &txn, &err), STATUS_OK);
    assert_int_equal(masters_put(txn, &version, masters, strlen(masters), &err), STATUS_OK);
    assert_int_equal(store_commit(txn, &err), STATUS_OK);
    store_end(txn);
    take_in_bank(bench);
    good_books_reconcile(bench);
    take_in_statement(bench, "first.csv", first, sizeof first / sizeof first[0]);
    good_books_reconcile(bench); /* each by itself: what one run knows is not all */
    take_in_statement(bench, "second.csv", second, sizeof second / sizeof second[0]);
    good_books_reconcile(bench);
    return 0;
}

/* What is rebuilt from everything is what came of it piece by piece, and the audit agrees with both. */
static void
assert_as_if_at_once(struct bench *bench)
{
    struct buffer before, after;
    buffer_init(&before, 1000000);
    buffer_init(&after, 1000000);
    assert_findings(bench, DEMANDS_OF_NOTHING);
    matching_tables_text(bench->path, &before);

    good_books_rebuild(bench);

    matching_tables_text(bench->path, &after);
    assert_string_equal(buffer_text(&before), buffer_text(&after));
    buffer_finish(&before);
    buffer_finish(&after);
}

/* A run that reads, and a file that comes in when it has read. */
struct crossing {
    struct bench *bench;
    int files; /* that came in so */
};

static void
let_a_file_come_in(const struct work *work, void *context)
{
    static const struct sold late[] = {{700, 23, "2026/12/04", "P6"}, {800, 23, "2026/12/04", "P7"}};
    struct crossing *crossing = context;
    if (atomic_load(&work->step) == WORK_PAIR && crossing->files == 0) {
        crossing->files = 1;
        take_in_statement(crossing->bench, "late.csv", late, sizeof late / sizeof late[0]);
    }
}

static void
a_file_that_comes_in_while_a_run_reads_is_added_up_once(void **state)
{
    static const struct sold early[] = {{1200, 23, "2026/12/04", "P6"}};
    struct bench *bench = *state;
    struct work work;
    struct crossing crossing = {.bench = bench};
    take_in_statement(bench, "early.csv", early, 1);
    work_init(&work, WORK_RECONCILE);
    work.observe = let_a_file_come_in;
    work.context = &crossing;
    good_books_reconcile_watched(bench, &work);
    assert_int_equal(crossing.files, 1);
    good_books_reconcile(bench);
    assert_int_equal(query_file(bench->path, "SELECT amount_yen FROM payout WHERE payout = 'P6'"), 1900);
    assert_as_if_at_once(bench);
}

static void
deposits_that_came_piece_by_piece_are_as_if_all_had_come_at_once(void **state)
{
    struct bench *bench = *state;
    static const struct sold third[] = {{700, 20, "2026/12/01", "P6"}, {-100, 22, "2026/12/02", "P7"}};
    assert_int_equal(query_file(bench->path, "SELECT count(*) FROM payout_credit"), 3);
    assert_int_equal(query_file(bench->path, "SELECT sum(expected_yen) FROM payout"), 5900);
    assert_int_equal(query_file(bench->path, "SELECT sum(carry_yen) FROM payout"), 500); /* P5 has no taker yet */
    assert_as_if_at_once(bench);

    take_in_statement(bench, "third.csv", third, sizeof third / sizeof third[0]);
    good_books_reconcile(bench);

    /* P6 is due with P1 and P2: their credit is not the sum any more, and is P2's, which it names. P7 makes P4 less. */
    assert_int_equal(query_file(bench->path, "SELECT credited_yen FROM payout WHERE payout = 'P2'"), 3600);
    assert_int_equal(query_file(bench->path, "SELECT credited_yen FROM payout WHERE payout = 'P1'"), 0);
    assert_int_equal(query_file(bench->path, "SELECT expected_yen FROM payout WHERE payout = 'P4'"), 2200);
    assert_int_equal(query_file(bench->path, "SELECT count(*) FROM open_credit"), 1); /* 2,300 of no payout */
    assert_as_if_at_once(bench);
}

static const struct break_of {
    const char *sql;
    struct demand demands[DEMANDS_MAX]; /* ends with a NULL code */
} breaks[] = {
    /* Portions. */
    {"UPDATE payout_credit SET amount_yen = 601 WHERE payout = 'P1'",
     {{"credit_differs", "", 0, 600, 601}, {"payout_credit_differs", "", 0, 601, 600}}},
    {"DELETE FROM payout_credit WHERE payout = 'P1'",
     {{"credit_differs", "", 0, 3600, 3000},
      {"payout_credit_differs", "", 0, 0, 600},
      {"payout_credit_differs", "", 0, 3600, 3000}}},
    {"INSERT INTO payout_credit SELECT import, line, municipality, trustee, 'P3', 300 FROM payout_credit"
     " WHERE payout = 'P1'; UPDATE payout SET credited_yen = 300 WHERE payout = 'P3'",
     {{"credit_differs", "", 0, 0, 600},
      {"credit_differs", "", 0, 3600, 3000},
      {"credit_differs", "", 0, 0, 300},
      {"payout_expectation_differs", "", 0, 300, 0},
      {"carry_over_differs", "", 0, 0, -300},
      {"payout_expectation_differs", "", 0, 2000, 2300},
      {"carry_over_differs", "", 0, 0, 300}}},
    {"DROP TRIGGER masters_are_not_changed; UPDATE masters SET document = CAST(replace(CAST(document AS TEXT), "
     "'together', 'to_gethr') AS BLOB)",
     {{"credit_without_terms", "", 0, 0, 2300}}},
    /* Carry-over. */
    {"UPDATE payout SET carry_yen = -299 WHERE payout = 'P3'", {{"carry_over_differs", "", 0, -300, -299}}},
    {"UPDATE payout SET carried_to = 'P1' WHERE payout = 'P3'", {{"carry_over_differs", "", 0, -300, -300}}},
    {"UPDATE payout SET carried_to = '', is_carried = 0, carry_yen = 0, expected_yen = 300 WHERE payout = 'P3'",
     {{"payout_expectation_differs", "", 0, 0, 300},
      {"carry_over_differs", "", 0, -300, 0},
      {"deposit_unheard_of", "", 0, 300, 0}}},
    {"UPDATE payout SET carry_yen = 0, expected_yen = 2000 WHERE payout = 'P4'",
     {{"payout_expectation_differs", "", 0, 2300, 2000},
      {"carry_over_differs", "", 0, 300, 0},
      {"credit_differs", "", 0, 2000, 2300}}},
    {"UPDATE payout SET is_carried = 0, carry_yen = 0, expected_yen = -500 WHERE payout = 'P5'",
     {{"payout_expectation_differs", "", 0, 0, -500}, {"carry_over_differs", "", 0, 500, 0}}},
    {"DROP TRIGGER masters_are_not_changed; UPDATE masters SET document = CAST(replace(CAST(document AS TEXT), "
     "'\"minimum_yen\":500', '\"minimum_yen\":200')"
     " AS BLOB)",
     {{"payout_expectation_differs", "", 0, 300, 0},
      {"carry_over_differs", "", 0, 0, -300},
      {"payout_expectation_differs", "", 0, 2000, 2300},
      {"carry_over_differs", "", 0, 0, 300}}},
    /* Fees: one line states 3 yen more than was agreed. */
    {"UPDATE discrepancy SET amount_yen = 4 WHERE class = 'fee_differs'", {{"fee_difference_differs", "", 0, 3, 4}}},
    {"UPDATE discrepancy SET subject = 'x' WHERE class = 'fee_differs'", {{"fee_difference_unheard", "", 0, 3, 0}}},
    {"UPDATE discrepancy SET subject = 'fee:3:P2:paypay:20000' WHERE class = 'fee_differs'",
     {{"fee_difference_unheard", "", 0, 3, 0}, {"fee_difference_differs", "", 0, 0, 3}}},
    /* Days. */
    {"UPDATE payout SET payable_on = '2026-12-08' WHERE payout = 'P5'", {{"payout_day_differs", "", 0, 0, 0}}},
};

/* PostgreSQL takes no bytes for text. A copy of a database takes its time there: a test run makes every third break, and
 * all of them when MADOGUCHI_EVERY_BREAK is set. */
static bool
is_made_on_postgresql(size_t number)
{
    bool is_asked = number % 3 == 0 || getenv("MADOGUCHI_EVERY_BREAK") != NULL;
    return is_asked && strstr(breaks[number].sql, "AS BLOB") == NULL;
}

static void
copy_file(const char *from, const char *to)
{
    char bytes[65536];
    size_t length;
    FILE *in = fopen(from, "rb");
    FILE *out = fopen(to, "wb");
    assert_non_null(in);
    assert_non_null(out);
    while ((length = fread(bytes, 1, sizeof bytes, in)) > 0) {
        assert_int_equal(fwrite(bytes, 1, length, out), length);
    }
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

static void
whatever_is_broken_in_a_deposit_is_named_with_its_yen(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    char good[SCRATCH_PATH_SIZE];
    snprintf(good, sizeof good, "%s", bench->path);
    store_close(bench->store); /* the file is whole now */
    bench->store = NULL;
    scratch_path(&bench->scratch, bench->path, "broken.db");
    for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++) {
        if (test_is_postgresql() && !is_made_on_postgresql(i)) {
            continue;
        }
        if (test_is_postgresql()) {
            test_store_copy(good, bench->path);
        } else {
            copy_file(good, bench->path);
        }
        assert_int_equal(store_open(&bench->store, bench->path, &err), STATUS_OK);

        change_file(bench->path, breaks[i].sql);

        print_message("%s\n", breaks[i].sql);
        assert_findings(bench, breaks[i].demands);
        store_close(bench->store);
        bench->store = NULL;
    }
    test_store_drop(good);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_that_comes_in_while_a_run_reads_is_added_up_once, books_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(deposits_that_came_piece_by_piece_are_as_if_all_had_come_at_once, books_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(whatever_is_broken_in_a_deposit_is_named_with_its_yen, books_setup,
                                        bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
