/* Masters as CSV files: what goes out and comes in again changes nothing, in both encodings; what a spreadsheet does to
 * a file is understood; what cannot be read is said with its line and column. */
#include "settlement/masters/csv_file.h"
#include "settlement/masters/masters.h"

#include "common/signing/signing.h"
#include "common/text/cp932.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Rows that try every kind of member, and texts that are hard on CSV and on CP932. */
static const char hard[] =
    "{\"version\":1,\"municipality\":{\"code\":\"072036\",\"name\":\"郡山市\"},"
    "\"issuers\":[{\"code\":\"g\",\"name\":\"=cmd|' /C calc'!A0\",\"registration_number\":\"\"},"
    "{\"code\":\"h\",\"name\":\"'-5\",\"registration_number\":\"T9000020072036\",\"note\":\"''\"}],"
    "\"accounts\":[{\"code\":\"A1\",\"fund\":{\"code\":\"01\",\"name\":\"一般会計\"},\"kan\":{\"code\":\"14\",\"name\":"
    "\"使, 用\\\"料\\\"\"},"
    "\"kou\":{\"code\":\"1\",\"name\":\"x\"},\"moku\":{\"code\":\"1\",\"name\":\"x\"},\"setsu\":{\"code\":\"1\","
    "\"name\":\"x\"},\"saisetsu\":null}],"
    "\"sections\":[{\"code\":\"s\",\"name\":\"𠮷田課 〜 髙﨑\",\"sample\":true},{\"code\":\"t\",\"name\":\" 空白 \"}],"
    "\"facilities\":[{\"code\":\"f\",\"name\":\"施設\",\"section\":\"s\",\"revenue\":\"usage_fee\",\"valid_from\":"
    "\"2026-04-01\"}],"
    "\"places\":[{\"code\":\"p\",\"name\":\"窓口\",\"section\":\"s\",\"categories\":[\"a|b\",\"c\\\\d\",\"証明\"],"
    "\"receipt_note\":\"一行目\\n二行目\",\"facilities\":[]},"
    "{\"code\":\"q\",\"name\":\"窓口2\",\"section\":\"s\",\"categories\":[],\"receipt_note\":\"\"},"
    "{\"code\":\"r\",\"name\":\"窓口3\",\"section\":\"s\",\"categories\":[\"[]\"],\"facilities\":[\"f\"]}],"
    "\"drawers\":[{\"code\":\"d\",\"name\":\"1号\",\"place\":\"p\",\"terminal\":\"KO-01\"}],"
    "\"items\":[{\"code\":\"i\",\"name\":\"品目\",\"kana\":\"\",\"category\":\"証明\",\"price_yen\":0,\"tax\":"
    "\"exempt\","
    "\"account\":\"A1\",\"section\":\"s\",\"issuer\":\"g\",\"valid_from\":\"2026-04-01\",\"valid_to\":\"2027-03-31\","
    "\"favourite\":false},"
    "{\"code\":\"i\",\"name\":\"品目\",\"kana\":\"ひんもく\",\"category\":\"証明\",\"tariff\":\"t\",\"tax\":"
    "\"standard10\","
    "\"account\":\"A1\",\"section\":\"s\",\"issuer\":\"g\",\"facility\":\"f\",\"valid_from\":\"2027-04-01\","
    "\"favourite\":true}],"
    "\"tariffs\":[{\"code\":\"t\",\"name\":\"料金\",\"form\":\"fixed\",\"valid_from\":\"2026-04-01\",\"price_yen\":200,"
    "\"unit\":\"\\\"枚\\\"\"}],"
    "\"reductions\":[{\"code\":\"r\",\"name\":\"減免\",\"granters\":[\"課\"],\"rates\":[{\"part\":\"all\",\"percent\":"
    "50}],"
    "\"valid_from\":\"2026-04-01\"}],"
    "\"exemptions\":[{\"code\":\"e\",\"name\":\"公用\",\"reasons\":[\"x\",\"y\"]}],"
    "\"policies\":[{\"code\":\"p\",\"name\":\"方針\",\"methods\":[\"cash\",\"qr\"],\"mixed_payment\":false,\"price_"
    "override\":true,"
    "\"refund\":\"none\",\"refund_means\":[],\"receipt_title\":\"usage\",\"shop_copy\":false,\"valid_from\":\"2026-04-"
    "01\"}],"
    "\"brands\":[{\"code\":\"b\",\"name\":\"ブランド\",\"method\":\"qr\",\"trustee\":\"T\",\"can_void\":true,\"code_"
    "prefixes\":[\"01\",\"-2\"],"
    "\"valid_from\":\"2026-04-01\"}],"
    "\"trustees\":[{\"code\":\"T\",\"name\":\"受託\",\"kana\":\"ｼﾞﾕﾀｸ\",\"layout\":\"l\"}],"
    "\"terms\":[{\"code\":\"t\",\"name\":\"取決め\",\"trustee\":\"T\",\"brand\":\"b\",\"closing\":\"monthly\","
    "\"closing_day\":15,\"pay_after\":1,\"pay_day\":31,\"holiday\":\"before\",\"statement_days\":3,\"deposit\":"
    "\"net\",\"fee_rate\":35640,\"fee_rounding\":\"half_up\",\"fee_unit\":\"payout\",\"valid_from\":\"2026-04-01\"}],"
    "\"bank_holidays\":[{\"code\":\"2026-11-23\",\"name\":\"勤労感謝の日\"}],"
    "\"scan_rules\":[{\"code\":\"s\",\"name\":\"納付書\",\"prefix\":\"0\",\"length\":10,\"item\":null,\"item_from\":2,"
    "\"item_length\":3,"
    "\"check\":\"none\"}],"
    "\"templates\":[{\"form\":\"receipt\",\"columns\":48,\"markup\":\"{w:*}\\n\\\"領収書\\\",|^^^x|\\n-\\n\",\"valid_"
    "from\":\"2026-04-01\"},"
    "{\"form\":\"receipt\",\"markup\":\"=\",\"valid_from\":\"2026-04-01\"}],"
    "\"clerks\":[{\"code\":\"c\",\"name\":\"職員\",\"pin_hash\":\"scrypt$1$1$1$00$00\",\"role\":\"clerk\",\"places\":["
    "\"p\",\"q\"]}],"
    "\"quick_tender_yen\":[],\"settings\":{\"day_start_minutes\":0,\"idle_lock_minutes\":1}}";

struct desk {
    struct json_value *document;
    struct overlay_row *rows;
    size_t count;
    const struct table *table;
};

static void
open_table(struct desk *desk, struct json_value *document, const struct table *table)
{
    const struct json_value *list = json_member(document, table->key);
    *desk = (struct desk){.document = document, .table = table};
    desk->rows = calloc(json_count(list) + 1, sizeof *desk->rows);
    for (const struct json_value *row = json_first(list); row != NULL; row = json_next(row)) {
        desk->rows[desk->count] = (struct overlay_row){.value = row, .published = row};
        masters_row_key(table, row, desk->rows[desk->count].key);
        desk->count++;
    }
}

static struct json_value *
parse(const char *text, size_t length)
{
    struct json_value *document;
    struct error_detail err;
    if (json_parse(&document, text, length, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    return document;
}

/* Every table of DOCUMENT, out and in again. */
static void
assert_identity(struct json_value *document, bool is_cp932)
{
    for (size_t i = 0; i < masters_table_count; i++) {
        struct desk desk;
        struct buffer file;
        struct csv_import import;
        struct error_detail err;
        size_t replaced;
        open_table(&desk, document, &masters_tables[i]);
        buffer_init(&file, CSV_FILE_MAX_BYTES);
        assert_int_equal(csv_export(&file, desk.table, desk.rows, desk.count, is_cp932, &replaced, &err), STATUS_OK);
        enum status status = csv_import(&import, desk.table, desk.rows, desk.count, file.data, file.length,
                                        /* replaces = */ true, &err);
        if (status != STATUS_OK || import.fault_count > 0 || import.count > 0 || import.same != desk.count) {
            fail_msg("%s (%s): %s, %zu faults (%s), %zu edits, %zu of %zu the same\n%s", desk.table->key,
                     is_cp932 ? "cp932" : "utf8", status == STATUS_OK ? "ok" : err.message, import.fault_count,
                     import.fault_count > 0 ? import.faults[0].message : "", import.count, import.same, desk.count,
                     is_cp932 ? "" : file.data);
        }
        csv_import_finish(&import);
        buffer_finish(&file);
        free(desk.rows);
    }
}

static void
what_goes_out_and_comes_in_again_changes_nothing(void **state)
{
    (void)state;
    struct json_value *document = parse(hard, sizeof hard - 1);

    assert_identity(document, false);
    assert_identity(document, true);

    json_free(document);
}

static void
the_sample_goes_out_and_in_unchanged(void **state)
{
    (void)state;
    struct buffer text;
    struct error_detail err;
    buffer_init(&text, JSON_TEXT_MAX_BYTES);
    assert_int_equal(buffer_read_file(&text, MADOGUCHI_SOURCE_DIR "/settlement/masters/sample/koriyama.json", &err),
                     STATUS_OK);
    struct json_value *document = parse(text.data, text.length);

    assert_identity(document, false);
    assert_identity(document, true);

    json_free(document);
    buffer_finish(&text);
}

static void
no_pin_goes_out(void **state)
{
    (void)state;
    struct json_value *document = parse(hard, sizeof hard - 1);
    struct desk desk;
    struct buffer file;
    struct error_detail err;
    size_t replaced;
    open_table(&desk, document, masters_table("clerks"));
    buffer_init(&file, CSV_FILE_MAX_BYTES);

    assert_int_equal(csv_export(&file, desk.table, desk.rows, desk.count, false, &replaced, &err), STATUS_OK);

    assert_null(strstr(file.data, "scrypt"));
    assert_non_null(strstr(file.data, "PIN[pin]"));
    buffer_finish(&file);
    free(desk.rows);
    json_free(document);
}

/* Import TEXT into KIND of the hard document. */
struct tried {
    struct json_value *document;
    struct desk desk;
    struct csv_import import;
    enum status status;
    struct error_detail err;
};

static void
try_import(struct tried *tried, const char *kind, const char *text, bool replaces)
{
    tried->document = parse(hard, sizeof hard - 1);
    open_table(&tried->desk, tried->document, masters_table(kind));
    tried->status = csv_import(&tried->import, tried->desk.table, tried->desk.rows, tried->desk.count, text,
                               strlen(text), replaces, &tried->err);
}

static void
end_import(struct tried *tried)
{
    csv_import_finish(&tried->import);
    free(tried->desk.rows);
    json_free(tried->document);
}

static void
assert_row(const struct csv_edit *edit, const char *wanted)
{
    struct buffer text;
    struct error_detail err;
    buffer_init(&text, 8192);
    assert_int_equal(json_write_canonical(edit->row, &text, &err), STATUS_OK);
    assert_string_equal(buffer_text(&text), wanted);
    buffer_finish(&text);
}

static void
a_file_with_few_columns_changes_only_those(void **state)
{
    (void)state;
    struct tried tried;

    try_import(&tried, "sections", "コード,名称[name]\r\ns,市民課\r\nnew,新しい課\r\n", false);

    assert_int_equal(tried.status, STATUS_OK);
    assert_int_equal(tried.import.fault_count, 0);
    assert_int_equal(tried.import.changed, 1);
    assert_int_equal(tried.import.added, 1);
    assert_int_equal(tried.import.removed, 0);
    assert_row(&tried.import.edits[0], "{\"code\":\"s\",\"name\":\"市民課\",\"sample\":true}");
    assert_int_equal(tried.import.edits[0].line, 2);
    assert_row(&tried.import.edits[1], "{\"code\":\"new\",\"name\":\"新しい課\"}");
    assert_null(tried.import.edits[1].edit.key);
    end_import(&tried);
}

static void
what_a_file_leaves_out_goes_only_when_it_replaces(void **state)
{
    (void)state;
    struct tried tried;

    try_import(&tried, "sections", "code,name\ns,市民課\n", true);

    assert_int_equal(tried.import.removed, 1);
    assert_int_equal(tried.import.count, 2);
    assert_null(tried.import.edits[1].edit.row);
    assert_string_equal(tried.import.edits[1].edit.key, "t");
    end_import(&tried);
}

static void
what_a_spreadsheet_makes_of_days_numbers_and_words_is_understood(void **state)
{
    (void)state;
    struct tried tried;

    try_import(&tried, "items",
               "\xEF\xBB\xBFコード,名称,よみ,分類,単価,消費税,歳入科目,所属,発行者,適用開始日,よく使う\n"
               "new,品,ひん,証明,\"1,200円\",非課税,A1,s,g,2027/4/1,○\n",
               false);

    assert_int_equal(tried.status, STATUS_OK);
    assert_int_equal(tried.import.fault_count, 0);
    assert_row(
        &tried.import.edits[0],
        "{\"code\":\"new\",\"name\":\"品\",\"kana\":\"ひん\",\"category\":\"証明\",\"price_yen\":1200,\"tax\":"
        "\"exempt\","
        "\"account\":\"A1\",\"section\":\"s\",\"issuer\":\"g\",\"valid_from\":\"2027-04-01\",\"favourite\":true}");
    end_import(&tried);
}

static void
a_cp932_file_is_known_by_its_bytes(void **state)
{
    (void)state;
    struct tried tried;
    struct buffer file;
    struct error_detail err;
    buffer_init(&file, 4096);
    static const char text[] = "コード,名称\r\nnew,能表予\r\n"; /* whose second bytes are 0x5C */
    assert_int_equal(cp932_from_utf8(&file, text, sizeof text - 1, NULL, &err), STATUS_OK);

    try_import(&tried, "sections", buffer_text(&file), false);

    assert_true(tried.import.is_cp932);
    assert_row(&tried.import.edits[0], "{\"code\":\"new\",\"name\":\"能表予\"}");
    end_import(&tried);
    buffer_finish(&file);
}

static void
a_typed_pin_is_hashed_and_an_empty_cell_keeps_the_old_one(void **state)
{
    (void)state;
    struct tried tried;

    try_import(&tried, "clerks", "code,name,pin,role,places\nc,改姓,,clerk,p|q\nnew,新人,4711,責任者,[]\n", false);

    assert_int_equal(tried.import.fault_count, 0);
    assert_row(&tried.import.edits[0],
               "{\"code\":\"c\",\"name\":\"改姓\",\"pin_hash\":\"scrypt$1$1$1$00$00\",\"role\":\"clerk\","
               "\"places\":[\"p\",\"q\"]}");
    const char *hash;
    assert_true(json_as_text(json_member(tried.import.edits[1].row, "pin_hash"), &hash));
    assert_true(password_is_right(hash, "4711"));
    const char *role;
    assert_true(json_as_text(json_member(tried.import.edits[1].row, "role"), &role));
    assert_string_equal(role, "supervisor");
    end_import(&tried);
}

static void
cells_that_cannot_be_read_are_named_by_line_and_column(void **state)
{
    (void)state;
    struct tried tried;

    try_import(&tried, "items",
               "コード,名称,単価,適用開始日,よく使う\n"
               "a,\"二行の\n名称\",abc,2027-04-01,\n"
               "b,名称,100,2027-04-01,たぶん\n"
               "i,名称,100,2026-04-01,\n"
               "i,名称,200,2026-04-01,\n",
               false);

    assert_int_equal(tried.status, STATUS_OK);
    assert_int_equal(tried.import.fault_count, 3);
    assert_int_equal(tried.import.faults[0].line, 2);
    assert_int_equal(tried.import.faults[0].column, 3);
    assert_string_equal(tried.import.faults[0].message, "整数にしてください。");
    assert_int_equal(tried.import.faults[1].line, 4);
    assert_int_equal(tried.import.faults[1].column, 5);
    assert_int_equal(tried.import.faults[2].line, 6);
    assert_non_null(strstr(tried.import.faults[2].message, "二度"));
    end_import(&tried);
}

static void
files_that_are_no_such_csv_are_refused_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
        unsigned line, column;
    } cases[] = {
        {"", "見出しの行に「コード[code]」がありません", 1, 0},
        {"名称\nx\n", "見出しの行に「コード[code]」がありません", 1, 0},
        {"コード,名称,重さ\n", "3列目の見出し「重さ」", 1, 3},
        {"コード,名称,name\n", "見出し「name」が二度", 1, 3},
        {"コード,名称\na,\"b\n", "2行目 3文字目: 引用符（\"）が閉じていません", 2, 3},
        {"コード,名称\na,\"b\"c\n", "2行目 6文字目: 引用符（\"）の後には", 2, 6},
        {"コード,名称\na,b\"c\n", "2行目 4文字目: 引用符（\"）は、セルの先頭にだけ", 2, 4},
        {"code,name\na,\xFF\xFE\n", "2行目あたりに、UTF-8でもCP932", 2, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tried tried;
        try_import(&tried, "sections", cases[i].text, false);
        if (tried.status != STATUS_INVALID || strncmp(tried.err.message, cases[i].said, strlen(cases[i].said)) != 0 ||
            tried.err.line != cases[i].line || tried.err.column != cases[i].column) {
            fail_msg("case %zu: %s %u:%u %s", i, status_word(tried.status), tried.err.line, tried.err.column,
                     tried.err.message);
        }
        end_import(&tried);
    }
}

static void
any_cut_of_a_file_is_read_or_refused_and_never_an_error_of_ours(void **state)
{
    (void)state;
    struct json_value *document = parse(hard, sizeof hard - 1);
    struct desk desk;
    struct buffer file;
    struct error_detail err;
    size_t replaced;
    open_table(&desk, document, masters_table("places"));
    buffer_init(&file, CSV_FILE_MAX_BYTES);
    assert_int_equal(csv_export(&file, desk.table, desk.rows, desk.count, true, &replaced, &err), STATUS_OK);

    for (size_t length = 0; length <= file.length; length++) {
        struct csv_import import;
        char *cut = malloc(length + 1); /* its own memory, so that a step beyond is seen */
        memcpy(cut, file.data, length);
        enum status status = csv_import(&import, desk.table, desk.rows, desk.count, cut, length, true, &err);
        assert_true(status == STATUS_OK || status == STATUS_INVALID);
        csv_import_finish(&import);
        free(cut);
    }
    buffer_finish(&file);
    free(desk.rows);
    json_free(document);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_out_and_comes_in_again_changes_nothing),
        cmocka_unit_test(the_sample_goes_out_and_in_unchanged),
        cmocka_unit_test(no_pin_goes_out),
        cmocka_unit_test(a_file_with_few_columns_changes_only_those),
        cmocka_unit_test(what_a_file_leaves_out_goes_only_when_it_replaces),
        cmocka_unit_test(what_a_spreadsheet_makes_of_days_numbers_and_words_is_understood),
        cmocka_unit_test(a_cp932_file_is_known_by_its_bytes),
        cmocka_unit_test(a_typed_pin_is_hashed_and_an_empty_cell_keeps_the_old_one),
        cmocka_unit_test(cells_that_cannot_be_read_are_named_by_line_and_column),
        cmocka_unit_test(files_that_are_no_such_csv_are_refused_with_their_place),
        cmocka_unit_test(any_cut_of_a_file_is_read_or_refused_and_never_an_error_of_ours),
    };
    return cmocka_run_group_tests_name("settlement masters csv", tests, NULL, NULL);
}
