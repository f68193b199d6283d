/* reconcile-files from end to end: files in, files out, exit codes. */
#include "settlement/reconciliation/reconcile_files.h"

#include "common/bytes/buffer.h"
#include "common/json/reader.h"
#include "common/text/cp932.h"
#include "tests/unit/common/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SALES_HEADER "reference,acquirer_reference,brand,terminal,accepted_at,amount\n"
#define STATEMENT_HEADER                                                                                                                   \
    "\"明細番号\",\"加盟店取引ID\",\"決済会社取引ID\",\"ブランド\",\"端末番号\",\"取引日時\",\"取引区分\"," \
    "\"取引金額\","                                                                                                                    \
    "\"手数料\",\"入金予定日\",\"入金番号\"\r\n"
#define LINE(number, reference, acquirer, brand, time, kind, amount)                                                   \
    "\"" number "\",\"" reference "\",\"" acquirer "\",\"" brand "\",\"KO-01\",\"2026/11/22 " time "\",\"" kind        \
    "\",\"" amount "\",\"9\",\"2026/11/24\",\"P1\"\r\n"

#define LAYOUT MADOGUCHI_SOURCE_DIR "/settlement/statements/layouts/aggregator-daily.json"

/* A folder with the two files, and where the result goes. */
struct desk {
    struct scratch scratch;
    char sales[512];
    char statement[512];
    char out[512];
};

static void
desk_init(struct desk *desk, const char *sales, const char *statement)
{
    assert_int_equal(scratch_make(&desk->scratch), 0);
    snprintf(desk->sales, sizeof desk->sales, "%s/s.csv", desk->scratch.folder);
    snprintf(desk->statement, sizeof desk->statement, "%s/t.csv", desk->scratch.folder);
    snprintf(desk->out, sizeof desk->out, "%s/out", desk->scratch.folder);
    scratch_write(desk->sales, sales, strlen(sales));
    struct buffer bytes;
    buffer_init(&bytes, 1024 * 1024);
    assert_int_equal(cp932_from_utf8(&bytes, statement, strlen(statement), NULL, NULL), STATUS_OK);
    scratch_write(desk->statement, buffer_text(&bytes), bytes.length);
    buffer_finish(&bytes);
}

static enum status
run(const struct desk *desk, unsigned thread_count, struct error_detail *err)
{
    struct reconcile_files_request request = {.sales = desk->sales,
                                              .statement = desk->statement,
                                              .layout = LAYOUT,
                                              .folder = desk->out,
                                              .thread_count = thread_count};
    return reconcile_files(&request, NULL, err);
}

static void
expect_file(const struct desk *desk, const char *name, const char *wanted)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", desk->out, name);
    struct buffer seen;
    buffer_init(&seen, 1024 * 1024);
    assert_int_equal(buffer_read_file(&seen, path, NULL), STATUS_OK);
    assert_string_equal(buffer_text(&seen), wanted);
    buffer_finish(&seen);
}

static const char sales_text[] = SALES_HEADER "pay-1,Q1,paypay,KO-01,2026-11-22T10:03:11.500+09:00,450\n"
                                              "\"pay,2\",Q2,visa,KO-01,2026-11-22T01:04:00Z,750\n"
                                              "pay-3,Q3,visa,KO-01,2026-11-22T10:05:00+09:00,300\n"
                                              "pay-4,Q4,visa,KO-01,2026-11-22T10:06:00+09:00,-300\n"
                                              "pay-5,Q5,visa,KO-01,2026-11-22T10:07:00+09:00,100\n";
static const char statement_text[] = STATEMENT_HEADER LINE("1", "pay,2", "Q2", "visa", "10:04:02", "売上", "750")
    LINE("2", "", "Q1", "paypay", "10:03:11", "売上", "450") LINE("3", "pay-3", "Q3", "jcb", "10:05:00", "売上", "330")
        LINE("4", "pay-4", "Q4", "visa", "10:06:00", "返金", "-300")
            LINE("5", "pay-9", "Q9", "visa", "18:00:00", "売上", "5") "\"合計\",\"5\",\"1235\"\r\n";

static void
matches_and_discrepancies_are_written_with_their_evidence(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 2; threads++) {
        struct desk desk;
        struct error_detail err = {0};
        desk_init(&desk, sales_text, statement_text);

        if (run(&desk, threads, &err) != STATUS_OK) {
            fail_msg("%s", err.message);
        }

        expect_file(&desk, "matches.csv",
                    "reference,line,amount,by\n\"pay,2\",2,750,reference\npay-1,3,450,acquirer_reference\n"
                    "pay-4,5,-300,reference\n");
        expect_file(
            &desk, "discrepancies.csv",
            "class,reference,line,sale_amount,statement_amount,evidence\n"
            "POSのみ,pay-5,,100,,POSにあり、明細にない。POS: 2026-11-22 10:07:00 端末KO-01 visa 100円 取引ID pay-5 "
            "決済会社ID Q5。\n"
            "明細のみ,pay-9,6,,5,明細にあり、POSにない。明細6行目: 2026-11-22 18:00:00 端末KO-01 visa 5円 取引ID pay-9 "
            "決済会社ID Q9。\n"
            "金額相違,pay-3,4,300,330,明細が30円多い。POS: 2026-11-22 10:05:00 端末KO-01 visa 300円 取引ID pay-3 "
            "決済会社ID Q3。明細4行目: 2026-11-22 10:05:00 端末KO-01 jcb 330円 取引ID pay-3 決済会社ID Q3。\n"
            "ブランド相違,pay-3,4,300,330,同じ取引で、ブランドが違う。POS: 2026-11-22 10:05:00 端末KO-01 visa 300円 "
            "取引ID "
            "pay-3 決済会社ID Q3。明細4行目: 2026-11-22 10:05:00 端末KO-01 jcb 330円 取引ID pay-3 決済会社ID Q3。\n");
        assert_int_equal(scratch_count(desk.out), 3);
        scratch_remove_folder(desk.scratch.folder);
    }
}

static int64_t
summary_number(const struct json_value *summary, const char *object, const char *key)
{
    int64_t number = -1;
    assert_true(json_as_int(json_member(json_member(summary, object), key), &number));
    return number;
}

static void
the_summary_adds_up(void **state)
{
    (void)state;
    struct desk desk;
    struct error_detail err = {0};
    desk_init(&desk, sales_text, statement_text);
    assert_int_equal(run(&desk, 2, &err), STATUS_OK);
    char path[600];
    snprintf(path, sizeof path, "%s/summary.json", desk.out);
    struct buffer text;
    buffer_init(&text, 1024 * 1024);
    assert_int_equal(buffer_read_file(&text, path, NULL), STATUS_OK);
    struct json_value *summary = NULL;

    assert_int_equal(json_parse(&summary, text.data, text.length, &err), STATUS_OK);

    assert_int_equal(summary_number(summary, "sales", "count"), 5);
    assert_int_equal(summary_number(summary, "sales", "yen"), 1300);
    assert_int_equal(summary_number(summary, "statement", "yen"), 1235);
    assert_int_equal(summary_number(summary, "matches", "count"), 3);
    assert_int_equal(summary_number(summary, "matches", "sale_yen"), 900);
    assert_int_equal(summary_number(summary, "matched_by", "acquirer_reference"), 1);
    const struct json_value *classes = json_member(summary, "classes");
    assert_int_equal(json_count(classes), 10);
    assert_int_equal(summary_number(classes, "POSのみ", "sale_yen"), 100);
    assert_int_equal(summary_number(classes, "金額相違", "statement_yen"), 330);
    assert_int_equal(summary_number(classes, "ブランド相違", "remarks"), 1);
    json_free(summary);
    buffer_finish(&text);
    scratch_remove_folder(desk.scratch.folder);
}

static void
a_run_that_fails_leaves_the_old_result_alone(void **state)
{
    (void)state;
    struct desk desk;
    struct error_detail err = {0};
    desk_init(&desk, sales_text, statement_text);
    assert_int_equal(mkdir(desk.out, 0755), 0);
    char path[600];
    snprintf(path, sizeof path, "%s/matches.csv", desk.out);
    scratch_write(path, "old\n", 4);
    scratch_write(desk.sales, "reference,amount\n", 17);

    assert_int_equal(run(&desk, 2, &err), STATUS_INVALID);

    expect_file(&desk, "matches.csv", "old\n");
    assert_int_equal(scratch_count(desk.out), 1);
    scratch_remove_folder(desk.scratch.folder);
}

/* The command line with SALES and STATEMENT; returns the exit code. */
static int
command(const struct desk *desk, const char *layout, const char *out)
{
    char words[8][600];
    const char *const given[8] = {"--sales",  desk->sales, "--statement", desk->statement,
                                  "--format", layout,      "--out",       out};
    char *pointers[8];
    for (size_t i = 0; i < 8; i++) {
        snprintf(words[i], sizeof words[i], "%s", given[i]);
        pointers[i] = words[i];
    }
    return reconcile_files_command(8, pointers);
}

static void
exit_codes_tell_usage_input_and_disk_apart(void **state)
{
    (void)state;
    struct desk desk;
    desk_init(&desk, sales_text, statement_text);
    assert_int_equal(command(&desk, LAYOUT, desk.out), 0);
    assert_int_equal(reconcile_files_command(0, NULL), 2);
    char unknown[] = "--sideways";
    assert_int_equal(reconcile_files_command(1, (char *[]){unknown}), 2);
    assert_int_equal(command(&desk, "/nonexistent/F.json", desk.out), 3);
    assert_int_equal(command(&desk, desk.sales, desk.out), 3);
    assert_int_equal(command(&desk, MADOGUCHI_SOURCE_DIR "/settlement/statements/layouts/zengin-03.json", desk.out), 3);
    assert_int_equal(command(&desk, LAYOUT, "/nonexistent/folder/out"), 4);
    assert_int_equal(command(&desk, LAYOUT, desk.sales), 4);
    scratch_write(desk.statement, "", 0);
    assert_int_equal(command(&desk, LAYOUT, desk.out), 3);
    assert_int_equal(unlink(desk.statement), 0);
    assert_int_equal(command(&desk, LAYOUT, desk.out), 3);
    scratch_remove_folder(desk.scratch.folder);
}

static void
an_error_in_the_input_begins_with_file_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *sales;
        const char *place;
    } table[] = {
        {SALES_HEADER "pay-1,Q1,paypay,KO-01,2026-11-22T10:03:11+09:00,4x0\n", "s.csv:2:49: "},
        {SALES_HEADER "pay-1,Q1,paypay,KO-01,2026-11-22 10:03:11,450\n", "s.csv:2:23: "},
        {SALES_HEADER "pay-1,Q1,paypay,KO-01,2026-11-22T10:03:11+09:00\n", "s.csv:2:48: "},
        {"reference,amount\n", "s.csv:1:1: "},
        {"", "s.csv:1:1: "},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct desk desk;
        struct error_detail err = {0};
        desk_init(&desk, table[i].sales, statement_text);
        assert_int_not_equal(run(&desk, 2, &err), STATUS_OK);
        char wanted[600];
        snprintf(wanted, sizeof wanted, "%s/%s", desk.scratch.folder, table[i].place);
        if (strncmp(err.message, wanted, strlen(wanted)) != 0) {
            fail_msg("wanted %s, got %s", wanted, err.message);
        }
        assert_int_equal(access(desk.out, F_OK), -1);
        scratch_remove_folder(desk.scratch.folder);
    }
}

static void
a_statement_without_trailer_is_refused_whole(void **state)
{
    (void)state;
    struct desk desk;
    struct error_detail err = {0};
    desk_init(&desk, sales_text, STATEMENT_HEADER LINE("1", "pay-3", "Q3", "visa", "10:05:00", "売上", "300"));
    assert_int_equal(run(&desk, 2, &err), STATUS_INVALID);
    assert_string_equal(err.code, "statement_incomplete");
    assert_non_null(strstr(err.message, "明細ファイル不完全"));
    scratch_remove_folder(desk.scratch.folder);
}

static void
sales_marked_as_training_are_found_in_the_statement(void **state)
{
    (void)state;
    struct desk desk;
    struct error_detail err = {0};
    desk_init(
        &desk,
        "training,reference,acquirer_reference,brand,terminal,accepted_at,amount\n"
        "1,pay-3,Q3,visa,KO-01,2026-11-22T10:05:00+09:00,300\n,pay-4,Q4,visa,KO-01,2026-11-22T10:05:00+09:00,1\n",
        STATEMENT_HEADER LINE("1", "pay-3", "Q3", "visa", "10:05:00", "売上", "300") "\"合計\",\"1\",\"300\"\r\n");
    assert_int_equal(run(&desk, 2, &err), STATUS_OK);
    expect_file(&desk, "matches.csv", "reference,line,amount,by\n");
    char path[600];
    snprintf(path, sizeof path, "%s/discrepancies.csv", desk.out);
    struct buffer seen;
    buffer_init(&seen, 1024 * 1024);
    assert_int_equal(buffer_read_file(&seen, path, NULL), STATUS_OK);
    assert_non_null(strstr(buffer_text(&seen), "訓練取引の混入,pay-3,2,300,300,"));
    buffer_finish(&seen);
    scratch_remove_folder(desk.scratch.folder);
}

enum { MANY = 100000 };

static void
many_rows_come_out_in_order_with_any_number_of_threads(void **state)
{
    (void)state;
    struct desk desk;
    struct error_detail err = {0};
    desk_init(&desk, SALES_HEADER, STATEMENT_HEADER);
    FILE *sales = fopen(desk.sales, "ab");
    FILE *statement = fopen(desk.statement, "ab");
    for (int i = 0; i < MANY; i++) {
        int other = (int)((int64_t)i * 7919 % MANY);
        fprintf(sales, "r%d,,visa,K,2026-11-22T10:05:00+09:00,%d\n", i, i % 900 + 1);
        fprintf(statement,
                "\"%d\",\"r%d\",\"\",\"visa\",\"K\",\"2026/11/22 10:05:00\",\"\x94\x84\x8F\xE3\",\"%d\",\"0\","
                "\"2026/11/24\",\"P1\"\r\n",
                i, other, other % 900 + 1);
    }
    int64_t sum = 0;
    for (int i = 0; i < MANY; i++) {
        sum += i % 900 + 1;
    }
    fprintf(statement, "\"\x8D\x87\x8C\x76\",\"%d\",\"%lld\"\r\n", MANY, (long long)sum);
    fclose(sales);
    fclose(statement);
    for (unsigned threads = 1; threads <= 2; threads++) {
        if (run(&desk, threads, &err) != STATUS_OK) {
            fail_msg("%s", err.message);
        }
        char path[600];
        snprintf(path, sizeof path, "%s/matches.csv", desk.out);
        FILE *rows = fopen(path, "rb");
        char row[128];
        assert_non_null(fgets(row, sizeof row, rows));
        for (int i = 0; i < MANY; i++) {
            int other = (int)((int64_t)i * 7919 % MANY);
            char wanted[128];
            snprintf(wanted, sizeof wanted, "r%d,%d,%d,reference\n", other, i + 2, other % 900 + 1);
            assert_non_null(fgets(row, sizeof row, rows));
            assert_string_equal(row, wanted);
        }
        assert_null(fgets(row, sizeof row, rows));
        fclose(rows);
    }
    scratch_remove_folder(desk.scratch.folder);
}

static void
a_file_with_more_lines_than_its_beginning_promised_is_followed_as_well(void **state)
{
    (void)state;
    struct desk desk;
    struct error_detail err = {0};
    desk_init(&desk, SALES_HEADER, STATEMENT_HEADER);
    FILE *sales = fopen(desk.sales, "ab");
    FILE *statement = fopen(desk.statement, "ab");
    for (int i = 0; i < MANY; i++) { /* the first hundred lines have a kilobyte each */
        fprintf(sales, "%0*d,,visa,K,2026-11-22T10:05:00+09:00,1\n", i < 100 ? 1000 : 1, i);
        fprintf(statement,
                "\"%d\",\"%0*d\",\"\",\"visa\",\"K\",\"2026/11/22 10:05:00\",\"\x94\x84\x8F\xE3\",\"1\",\"0\","
                "\"2026/11/24\",\"P1\"\r\n",
                i, i < 100 ? 1000 : 1, i);
    }
    fprintf(statement, "\"\x8D\x87\x8C\x76\",\"%d\",\"%d\"\r\n", MANY, MANY);
    fclose(sales);
    fclose(statement);
    struct buffer summary;
    buffer_init(&summary, 64 * 1024);
    struct reconcile_files_request request = {
        .sales = desk.sales, .statement = desk.statement, .layout = LAYOUT, .folder = desk.out, .thread_count = 2};

    assert_int_equal(reconcile_files(&request, &summary, &err), STATUS_OK);

    assert_non_null(strstr(buffer_text(&summary), "\"matches\":{\"count\":100000,"));
    buffer_finish(&summary);
    scratch_remove_folder(desk.scratch.folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_and_discrepancies_are_written_with_their_evidence),
        cmocka_unit_test(the_summary_adds_up),
        cmocka_unit_test(a_run_that_fails_leaves_the_old_result_alone),
        cmocka_unit_test(exit_codes_tell_usage_input_and_disk_apart),
        cmocka_unit_test(an_error_in_the_input_begins_with_file_line_and_column),
        cmocka_unit_test(a_statement_without_trailer_is_refused_whole),
        cmocka_unit_test(sales_marked_as_training_are_found_in_the_statement),
        cmocka_unit_test(many_rows_come_out_in_order_with_any_number_of_threads),
        cmocka_unit_test(a_file_with_more_lines_than_its_beginning_promised_is_followed_as_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
