/* The extract of the masters at the size of a large city: found by code, category and search; never sold when altered.
 */
#include "pos/masters/extract.h"
#include "pos/masters/fold.h"
#include "pos/masters/shelf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ITEMS = 3000, DOCUMENT_MAX = 4 * 1024 * 1024 };

static const struct civil_date today = {2027, 4, 1};

struct shelf_stage {
    struct database *db;
    struct buffer document;
    struct extract_identity identity;
    struct masters *masters;
};

static enum status
put_part(void *context, size_t part, const void *bytes, size_t length, struct error_detail *err)
{
    struct statement *insert;
    enum status status =
        database_statement(context, "INSERT OR REPLACE INTO masters_part VALUES (3, ?1, ?2)", &insert, err);
    if (status == STATUS_OK) {
        statement_bind_int(insert, 1, (int64_t)part);
        statement_bind_blob(insert, 2, bytes, length);
        status = statement_run(insert, err);
    }
    return status;
}

static void
begin_document(struct buffer *out)
{
    buffer_append_text(
        out, "{\"version\":3,\"municipality\":{\"code\":\"072036\",\"name\":\"郡山市\"},\"issuers\":[],"
             "\"exemptions\":[],\"brands\":[],\"clerks\":[],"
             "\"places\":[{\"code\":\"p\",\"name\":\"窓口\",\"categories\":[\"証明\",\"施設\"]}],\"items\":[");
}

static void
append_item(struct buffer *out, unsigned number, const char *from, const char *more)
{
    buffer_printf(
        out,
        "%s{\"code\":\"item-%05u\",\"name\":\"第%u号の証明書\",\"kana\":\"だい%uごうのしょうめいしょ\",\"category\":"
        "\"%s\",\"price_yen\":%u,\"tax\":\"exempt\",\"account\":\"a\",\"section\":\"s\",\"issuer\":\"g\","
        "\"valid_from\":\"%s\"%s}",
        out->data[out->length - 1] == '[' ? "" : ",", number, number, number, number % 2 == 0 ? "証明" : "施設",
        number + 1, from, more);
}

static enum status
cut(struct shelf_stage *stage, struct error_detail *err)
{
    const struct extract_sink sink = {.put = put_part, .context = stage->db};
    return extract_write(buffer_text(&stage->document), stage->document.length, "p", &sink, &stage->identity, err);
}

static void
open_database(struct shelf_stage *stage)
{
    struct error_detail err;
    *stage = (struct shelf_stage){0};
    buffer_init(&stage->document, DOCUMENT_MAX);
    assert_int_equal(database_open(&stage->db, ":memory:", DATABASE_READ_WRITE, NULL, &err), STATUS_OK);
    assert_int_equal(database_execute(stage->db,
                                      "CREATE TABLE masters_part (version, part, bytes, PRIMARY KEY (version, part))",
                                      &err),
                     STATUS_OK);
    begin_document(&stage->document);
}

static int
open_stage(void **state)
{
    struct error_detail err;
    struct shelf_stage *stage = malloc(sizeof *stage);
    *state = stage;
    open_database(stage);
    for (unsigned i = 0; i < ITEMS; i++) {
        append_item(&stage->document, i, "2020-04-01", i % 500 == 0 ? ",\"favourite\":true" : "");
    }
    append_item(&stage->document, ITEMS, "2027-04-01", ",\"valid_to\":\"2027-04-30\"");
    buffer_append_text(&stage->document, "]}");
    assert_int_equal(cut(stage, &err), STATUS_OK);
    assert_int_equal(masters_open(&stage->masters, stage->db, 3, stage->identity.head_sha256, &err), STATUS_OK);
    return 0;
}

static int
close_stage(void **state)
{
    struct shelf_stage *stage = *state;
    masters_destroy(stage->masters);
    database_close(stage->db);
    buffer_finish(&stage->document);
    free(stage);
    return 0;
}

static void
execute(struct shelf_stage *stage, const char *sql)
{
    struct error_detail err;
    if (database_execute(stage->db, sql, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
}

static void
every_item_of_a_large_catalogue_is_found_by_its_code(void **state)
{
    struct shelf_stage *stage = *state;
    for (unsigned i = 0; i <= ITEMS; i++) {
        char code[16];
        struct master_item item;
        struct error_detail err;
        snprintf(code, sizeof code, "item-%05u", i);

        assert_int_equal(masters_item(stage->masters, code, today, &item, &err), STATUS_OK);
        assert_int_equal(item.price_yen, i + 1);
    }
}

static void
a_code_that_only_begins_like_one_is_not_sold(void **state)
{
    struct shelf_stage *stage = *state;
    static const char *const codes[] = {"item", "item-0000", "item-000011", "", "item-00001 2020", "zzz"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        struct master_item item;
        struct error_detail err;

        assert_int_equal(masters_item(stage->masters, codes[i], today, &item, &err), STATUS_NOT_FOUND);
    }
}

static size_t
find(struct shelf_stage *stage, struct item_query query, struct master_item *out, bool *out_has_more)
{
    size_t count = 0;
    struct error_detail err;
    if (masters_find_items(stage->masters, &query, today, out, &count, out_has_more, &err) != STATUS_OK) {
        fail_msg("%s", err.message);
    }
    return count;
}

static void
a_category_is_listed_page_by_page_in_the_documents_order(void **state)
{
    struct master_item found[200];
    struct item_query query = {.category = "証明", .limit = 200};
    bool has_more = true;
    unsigned expected = 0;
    while (has_more) {
        size_t count = find(*state, query, found, &has_more);
        for (size_t i = 0; i < count; i++, expected += 2) {
            assert_int_equal(found[i].price_yen, expected + 1);
        }
        query.offset += count;
    }
    assert_int_equal(expected, ITEMS + 2);
}

static void
favourites_are_listed_alone(void **state)
{
    struct master_item found[20];
    bool has_more;

    assert_int_equal(find(*state, (struct item_query){.favourites_only = true, .limit = 20}, found, &has_more), 6);
    assert_false(has_more);
    assert_string_equal(found[1].code, "item-00500");
}

static void
a_search_finds_by_code_by_kana_and_by_a_part_of_the_name(void **state)
{
    const struct {
        const char *text;
        const char *first;
        size_t count;
    } cases[] = {
        {"item-00042", "item-00042", 1},
        {"ITEM-00042", "item-00042", 1},
        {"だい42ごう", "item-00042", 1},
        {"ダイ４２ゴウ", "item-00042", 1},
        {"ﾀﾞｲ42ｺﾞｳ", "item-00042", 1},
        {"2999号の", "item-02999", 1},
        {"第2999", "item-02999", 1},
        {"2999ごうのしょう", "item-02999", 1},
        {"2020", "item-02020", 1},
        {"ない", NULL, 0},
        {"ー", NULL, 0},
        {"04-01", NULL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct master_item found[5];
        bool has_more;

        size_t count = find(*state, (struct item_query){.text = cases[i].text, .limit = 5}, found, &has_more);

        if (count != cases[i].count) {
            fail_msg("\"%s\" found %zu", cases[i].text, count);
        }
        if (count > 0) {
            assert_string_equal(found[0].code, cases[i].first);
        }
    }
}

static void
a_search_that_fits_much_says_that_there_is_more(void **state)
{
    struct master_item found[5];
    bool has_more = false;

    assert_int_equal(find(*state, (struct item_query){.text = "だい", .limit = 5}, found, &has_more), 5);
    assert_true(has_more);
}

static void
what_is_not_valid_on_the_day_is_not_found(void **state)
{
    struct shelf_stage *stage = *state;
    struct master_item found[2];
    size_t count = 9;
    bool has_more;
    struct error_detail err;
    const struct item_query query = {.text = "item-03000", .limit = 2};

    assert_int_equal(
        masters_find_items(stage->masters, &query, (struct civil_date){2027, 3, 31}, found, &count, &has_more, &err),
        STATUS_OK);
    assert_int_equal(count, 0);
    assert_int_equal(
        masters_find_items(stage->masters, &query, (struct civil_date){2027, 4, 30}, found, &count, &has_more, &err),
        STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(
        masters_find_items(stage->masters, &query, (struct civil_date){2027, 5, 1}, found, &count, &has_more, &err),
        STATUS_OK);
    assert_int_equal(count, 0);
}

static void
an_altered_page_is_never_sold_by_and_the_others_are(void **state)
{
    struct shelf_stage *stage = *state;
    struct master_item item;
    struct error_detail err;
    execute(stage,
            "UPDATE masters_part SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"price_yen\":1001,',"
            " '\"price_yen\":0001,') AS BLOB) WHERE part > 0 AND instr(bytes, CAST('\"price_yen\":1001,' AS BLOB))");
    masters_destroy(stage->masters);
    assert_int_equal(masters_open(&stage->masters, stage->db, 3, stage->identity.head_sha256, &err), STATUS_OK);

    assert_int_equal(masters_item(stage->masters, "item-01000", today, &item, &err), STATUS_CORRUPT);
    assert_true(masters_are_damaged(stage->masters));
    assert_int_equal(masters_item(stage->masters, "item-02500", today, &item, &err), STATUS_OK);
}

static void
a_page_that_is_gone_or_in_anothers_place_is_found_by_looking_at_all(void **state)
{
    static const char *const damages[] = {
        "DELETE FROM masters_part WHERE part = 5",
        "UPDATE masters_part SET bytes = (SELECT bytes FROM masters_part WHERE part = 6) WHERE part = 5",
        "UPDATE masters_part SET bytes = x'' WHERE part = 5",
    };
    struct shelf_stage *stage = *state;
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        struct error_detail err;
        size_t damaged = 0;
        bool has_more = true;
        assert_int_equal(cut(stage, &err), STATUS_OK);
        masters_destroy(stage->masters);
        assert_int_equal(masters_open(&stage->masters, stage->db, 3, stage->identity.head_sha256, &err), STATUS_OK);
        execute(stage, damages[i]);

        for (size_t index = 0; has_more; index++) {
            damaged += masters_check_piece(stage->masters, index, &has_more, &err) == STATUS_CORRUPT ? 1 : 0;
        }

        assert_int_equal(damaged, 1);
    }
}

static void
an_altered_head_is_not_opened(void **state)
{
    struct shelf_stage *stage = *state;
    struct masters *masters = NULL;
    struct error_detail err;
    execute(stage, "UPDATE masters_part SET bytes = CAST(replace(CAST(bytes AS TEXT), '証明', '証名') AS BLOB)"
                   " WHERE part = 0");

    assert_int_equal(masters_open(&masters, stage->db, 3, stage->identity.head_sha256, &err), STATUS_CORRUPT);
    execute(stage, "DELETE FROM masters_part WHERE part = 0");
    assert_int_equal(masters_open(&masters, stage->db, 3, stage->identity.head_sha256, &err), STATUS_NOT_FOUND);
}

static void
the_same_document_gives_the_same_extract(void **state)
{
    struct shelf_stage *stage = *state;
    struct error_detail err;
    char before[SHA256_TEXT_SIZE];
    memcpy(before, stage->identity.head_sha256, sizeof before);

    assert_int_equal(cut(stage, &err), STATUS_OK);

    assert_string_equal(stage->identity.head_sha256, before);
}

static void
a_document_that_cannot_be_sold_by_is_refused_with_its_place(void **state)
{
    const struct {
        const char *text;
        enum status status;
        const char *part;
    } cases[] = {
        {"", STATUS_INVALID, "line 1"},
        {"[]", STATUS_INVALID, "version"},
        {"{\"version\":0}", STATUS_INVALID, "version"},
        {"{\"version\":1,\"version\":2}", STATUS_INVALID, "version"},
        {"{\"version\":1}", STATUS_INVALID, "places"},
        {"{\"version\":1,\"places\":{}}", STATUS_INVALID, "places"},
        {"{\"version\":1,\"places\":[{\"code\":\"q\",\"name\":\"q\"}]}", STATUS_NOT_FOUND, "\"p\""},
        {"{\"version\":1,\"places\":[{\"code\":\"p\",\"name\":\"p\"}],\"items\":[{\"code\":\"a\"}]}", STATUS_INVALID,
         "items[0]"},
        {"{\"version\":1,\"places\":[{\"code\":\"p\",\"name\":\"p\"}],\"items\":[{\"code\":\"a\",\"code\":\"b\"}]}",
         STATUS_INVALID, "items[0]"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct shelf_stage stage;
        struct error_detail err = {0};
        open_database(&stage);
        buffer_clear(&stage.document);
        buffer_append_text(&stage.document, cases[i].text);

        enum status status = cut(&stage, &err);

        if (status != cases[i].status || strstr(err.message, cases[i].part) == NULL) {
            fail_msg("%s: %d %s", cases[i].text, (int)status, err.message);
        }
        database_close(stage.db);
        buffer_finish(&stage.document);
    }
}

static void
two_rows_of_one_code_and_day_are_refused(void **state)
{
    struct shelf_stage stage;
    struct error_detail err;
    (void)state;
    open_database(&stage);
    append_item(&stage.document, 1, "2020-04-01", "");
    append_item(&stage.document, 1, "2020-04-01", "");
    buffer_append_text(&stage.document, "]}");

    assert_int_equal(cut(&stage, &err), STATUS_INVALID);
    database_close(stage.db);
    buffer_finish(&stage.document);
}

static void
kana_width_and_case_do_not_matter_to_a_search(void **state)
{
    static const char *const cases[][2] = {
        {"コセキ", "こせき"},
        {"ｺｾｷ", "こせき"},
        {"ｶﾞｷﾞﾊﾟﾋﾟｳﾞ", "がぎぱぴゔ"},
        {"ＡＢＣ１２", "abc12"},
        {"ヴァイオリン", "ゔぁいおりん"},
        {"スケート", "すけと"},
        {"美術館・常設(大人)", "美術館常設大人"},
        {"か\xE3\x82\x99", "が"},
        {"a b　c-d", "abcd"},
        {"戸籍", "戸籍"},
        {"ﾞあﾞ", "あ"},
        {"", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char folded[64];

        text_fold(folded, sizeof folded, cases[i][0]);

        assert_string_equal(folded, cases[i][1]);
    }
    char small[5];
    assert_int_equal(text_fold(small, sizeof small, "あい"), 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_item_of_a_large_catalogue_is_found_by_its_code, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_code_that_only_begins_like_one_is_not_sold, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_category_is_listed_page_by_page_in_the_documents_order, open_stage,
                                        close_stage),
        cmocka_unit_test_setup_teardown(favourites_are_listed_alone, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_search_finds_by_code_by_kana_and_by_a_part_of_the_name, open_stage,
                                        close_stage),
        cmocka_unit_test_setup_teardown(a_search_that_fits_much_says_that_there_is_more, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(what_is_not_valid_on_the_day_is_not_found, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(an_altered_page_is_never_sold_by_and_the_others_are, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_page_that_is_gone_or_in_anothers_place_is_found_by_looking_at_all, open_stage,
                                        close_stage),
        cmocka_unit_test_setup_teardown(an_altered_head_is_not_opened, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(the_same_document_gives_the_same_extract, open_stage, close_stage),
        cmocka_unit_test(a_document_that_cannot_be_sold_by_is_refused_with_its_place),
        cmocka_unit_test(two_rows_of_one_code_and_day_are_refused),
        cmocka_unit_test(kana_width_and_case_do_not_matter_to_a_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
