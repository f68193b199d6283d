/* Files are written here as the companies write them, and go through the doors of the program. */
#include "tests/unit/settlement/core/good_books.h"

#include "common/clock/clock.h"
#include "common/text/cp932.h"
#include "settlement/access/staff.h"
#include "settlement/assessment/exporting.h"
#include "settlement/imports/import_file.h"
#include "settlement/ledger/ledger.h"
#include "settlement/matching/afresh.h"
#include "settlement/matching/deed.h"
#include "settlement/matching/pair_deed.h"
#include "settlement/matching/reconcile.h"
#include "tests/unit/settlement/core/good_city.h"

#include <stdio.h>
#include <stdlib.h>

#define NOW_MS INT64_C(1796860800000) /* 2026-12-10 09:00 JST */

static const struct actor sato = {
    .id = 1, .login = "sato", .name = "佐藤", .role = ROLE_FINANCE, .municipality = "072036", .address = "::1"};
static const struct actor ito = {
    .id = 2, .login = "ito", .name = "伊藤", .role = ROLE_APPROVER, .municipality = "072036", .address = "::1"};

static void
must(enum status status, const struct error_detail *err, const char *what)
{
    if (status != STATUS_OK) {
        fprintf(stderr, "good books: %s: %s\n", what, err->message);
        abort();
    }
}

void
good_books_take_in(struct bench *bench, const char *layout, const char *name, const void *bytes, size_t length)
{
    struct error_detail err;
    struct import_result result;
    struct layouts *layouts;
    must(layouts_load(&layouts, NULL, &err), &err, "layouts");
    struct import_request request = {
        .layout = layouts_find(layouts, layout), .file_name = name, .bytes = bytes, .length = length};
    must(import_file(bench->store, &sato, &request, NOW_MS, &result, &err), &err, name);
    layouts_destroy(layouts);
}

static void
take_in_statement(struct bench *bench)
{
    char paypay_400[TEST_ID_SIZE];
    char held_1000[TEST_ID_SIZE];
    struct buffer text;
    struct buffer bytes;
    struct error_detail err;
    buffer_init(&text, 4000);
    buffer_init(&bytes, 4000);
    buffer_append_text(&text, "加盟店取引ID,決済会社取引ID,ブランド,端末番号,取引日時,取引区分,取引金額,手数料,"
                              "入金予定日,入金番号\r\n");
    buffer_printf(&text, "%s,Q%09u,paypay,KO-01,2026/11/21 10:00:00,売上,400,8,2026/12/01,P1\r\n",
                  test_id(paypay_400, PAYMENT_400), PAYMENT_400);
    buffer_append_text(&text, ",X1,paypay,KO-01,2026/11/21 11:00:00,売上,600,12,2026/12/01,P1\r\n");
    buffer_append_text(&text, "ffffffff-ffff-7fff-8fff-ffffffffffff,X2,paypay,KO-01,2026/11/21 12:00:00,売上,999,19,"
                              "2026/12/01,P1\r\n");
    buffer_printf(&text, "%s,X3,edy,KO-01,2026/11/22 10:00:00,売上,1010,20,2026/12/02,P2\r\n",
                  test_id(held_1000, PAYMENT_HELD_1000));
    buffer_printf(&text, ",Q%09u,merpay,KO-01,2026/11/21 13:00:00,売上,200,4,2026/12/02,P2\r\n", PAYMENT_200);
    buffer_append_text(&text, "合計,5,3209\r\n");
    must(cp932_from_utf8(&bytes, buffer_text(&text), text.length, NULL, &err), &err, "cp932");
    good_books_take_in(bench, "aggregator-daily", "day.csv", buffer_text(&bytes), bytes.length);
    buffer_finish(&text);
    buffer_finish(&bytes);
}

/* 全銀 03: records of 200 bytes. */
static void
take_in_bank(struct bench *bench)
{
    struct buffer file;
    buffer_init(&file, 8192);
    buffer_printf(&file, "1030%s%s%s0001%-15s001%-15s0001%010d%-40s11%014d%71s\r\n", "081202", "081202", "081202",
                  "BANK", "KORIYAMA", 1234567, "KORIYAMASHI", 0, "");
    buffer_printf(&file, "2%08d%s%s111%012d%012d%012d %07d000%010d%-48s%-15s%-15s%-20s%-20s \r\n", 1, "081201",
                  "081201", 1999, 0, 0, 0, 0, "MIHON", "BANK", "HONTEN", "FURIKOMI", "P1");
    buffer_printf(&file, "2%08d%s%s111%012d%012d%012d %07d000%010d%-48s%-15s%-15s%-20s%-20s \r\n", 2, "081202",
                  "081202", 770, 0, 0, 0, 0, "MIHON", "BANK", "HONTEN", "FURIKOMI", "P2");
    buffer_printf(&file, "8%06d%013d%06d%013d1%014d%07d%139s\r\n", 2, 2769, 0, 0, 2769, 2, "");
    buffer_printf(&file, "9%010d%05d%184s\r\n", 5, 1, "");
    good_books_take_in(bench, "zengin-03", "bank.txt", buffer_text(&file), file.length);
    buffer_finish(&file);
}

void
good_books_reconcile(struct bench *bench)
{
    good_books_reconcile_watched(bench, NULL);
}

void
good_books_reconcile_watched(struct bench *bench, struct work *work)
{
    struct error_detail err;
    struct run_row run;
    struct manual_clock still = {.now_ms = NOW_MS};
    struct clock_source clock = clock_manual(&still);
    must(reconcile_watched(bench->store, &sato, &clock, work, &run, &err), &err, "reconcile");
}

void
good_books_rebuild(struct bench *bench)
{
    struct error_detail err;
    struct ledger_advance advance;
    struct afresh_result afresh;
    struct manual_clock still = {.now_ms = NOW_MS};
    struct clock_source clock = clock_manual(&still);
    must(ledger_rebuild(bench->store, &advance, &err), &err, "rebuild");
    must(matching_rebuild(bench->store, &sato, &clock, NULL, &afresh, &err), &err, "rebuild matching");
}

static void
decide(struct bench *bench)
{
    struct error_detail err;
    int64_t ignored;
    struct pair_decision pair = {
        .terminal = "KO-01",
        .sequence = query_file(bench->path, "SELECT started_sequence FROM payment WHERE amount_yen = 600"),
        .part = BOOK_SALE,
        .import = 1,
        .line = 3,
        .reason = "同じ時刻の同じ額"};
    must(pair_decide(bench->store, &sato, &pair, NOW_MS - 1000, &ignored, &err), &err, "pair");
    struct deed deed = {.kind = DEED_RESOLVE,
                        .id = query_file(bench->path, "SELECT discrepancy FROM discrepancy WHERE class ="
                                                      " 'statement_only' AND amount_yen = 999"),
                        .version = 1,
                        .resolution = RESOLUTION_SUSPENSE,
                        .text = "照会中"};
    must(deed_do(bench->store, &sato, &deed, NOW_MS, &err), &err, "resolve");
    deed.kind = DEED_CONFIRM;
    must(deed_do(bench->store, &ito, &deed, NOW_MS, &err), &err, "confirm");
}

static void
assess_and_export(struct bench *bench)
{
    struct error_detail err;
    int64_t id;
    bool is_new;
    change_file(
        bench->path,
        "DROP TRIGGER assessment_begins_as_draft; DROP TRIGGER assessment_line_is_not_added;"
        "DROP TRIGGER assessment_source_is_not_added;"
        "INSERT INTO assessment (assessment, municipality, version, state, fiscal_year, serial, assessed_on,"
        " drafted_on, kind, account, fund_code, fund_name, kan_code, kan_name, kou_code, kou_name, moku_code,"
        " moku_name, setsu_code, setsu_name, saisetsu_code, saisetsu_name, section, section_name, route,"
        " route_name, tax, count, zero_count, sale_count, amount_yen, tax_yen, summary, content_sha256,"
        " proposed_by, proposed_at_ms, approved_by, approved_at_ms) VALUES (1, '072036', 1, 'approved', 2026, 1,"
        " '2026-11-22', '2026-11-23', 'original', '14020101', '01', '一般会計', '14', '使用料及び手数料', '02',"
        " '手数料', '01', '総務手数料', '01', '戸籍\"手数料\"', '', '', 'shimin', '市民課', 'cash', '窓口現金',"
        " 'exempt', 3, 0, 1, 1350, 0, '戸籍全部事項証明ほか', zeroblob(32), 'sato', 1, 'ito', 1);"
        "INSERT INTO assessment_line VALUES (1, 1, 'koseki-zenbu', '戸籍全部事項証明', 3, 450, 1350, 0);"
        "INSERT INTO assessment_source VALUES (1, 1, 'KO-02', 4, 1, 's', 3, 1350, 0);");
    must(assessment_export(bench->store, &sato, NULL, 0, 2026, NOW_MS, &id, &is_new, &err), &err, "export");
}

void
good_books_add_person(struct bench *bench, const struct actor *person)
{
    struct error_detail err;
    const struct actor console = {.login = "cli", .municipality = "072036"};
    struct staff_row row = {.actor = *person, .password_hash = "x", .is_active = true};
    struct store_txn *txn = NULL;
    must(store_begin_write(bench->store, &txn, &err), &err, "people");
    must(staff_add(txn, &row, 1, "cli", &row.actor.id, &err), &err, "people");
    must(staff_record(txn, &console, "user_added", NULL, &row, "", 1, &err), &err, "people");
    must(store_commit(txn, &err), &err, "people");
    store_end(txn);
}

void
good_books_make(struct bench *bench)
{
    struct error_detail err;
    struct ledger_advance advance;
    struct city city;
    city_make(&city, bench->store);
    city_finish(&city);
    must(ledger_catch_up(bench->store, &advance, &err), &err, "ledger");
    good_books_add_person(bench, &sato);
    good_books_add_person(bench, &ito);
    take_in_statement(bench);
    take_in_bank(bench);
    good_books_reconcile(bench);
    decide(bench);
    good_books_reconcile(bench);
    assess_and_export(bench);
}

void
good_books_unlock(struct bench *bench)
{
    static const char *const triggers[] = {
        "import_is_not_changed",
        "import_is_not_deleted",
        "file_part_is_not_changed",
        "file_part_is_not_deleted",
        "discrepancy_resolution_stays",
        "discrepancy_suspense_needs_a_second",
        "discrepancy_needs_an_approver",
        "discrepancy_is_not_deleted",
        "access_log_is_not_changed",
        "access_log_is_not_deleted",
        "assessment_is_frozen",
        "assessment_line_is_not_changed",
        "assessment_export_is_not_changed",
        "assessment_export_file_is_not_changed",
        "assessment_export_file_is_not_deleted",
        "staff_is_not_deleted",
        "staff_login_stays",
        "staff_keeps_an_administrator",
    };
    for (size_t i = 0; i < sizeof triggers / sizeof triggers[0]; i++) {
        char sql[120];
        snprintf(sql, sizeof sql, "DROP TRIGGER %s", triggers[i]);
        change_file(bench->path, sql);
    }
}
