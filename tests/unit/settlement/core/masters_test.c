/* The masters document: the sample is right, and each rule that is broken is named with its place. */
#include "settlement/masters/masters.h"

#include "common/signing/signing.h"
#include "tests/unit/settlement/core/journal_maker.h"
#include "tests/unit/settlement/core/store_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char sample_path[] = MADOGUCHI_SOURCE_DIR "/settlement/masters/sample/koriyama.json";

static void
read_sample(struct buffer *out)
{
    struct error_detail err;
    buffer_init(out, 1024 * 1024);
    assert_int_equal(buffer_read_file(out, sample_path, &err), STATUS_OK);
}

/* Validate the sample with FROM replaced by TO at its first place; "" when it is right, else the message. */
static const char *
with(const char *from, const char *to)
{
    static struct error_detail err;
    struct buffer sample;
    struct buffer changed;
    struct json_value *document = NULL;
    read_sample(&sample);
    const char *at = strstr(sample.data, from);
    if (at == NULL) {
        fail_msg("the sample has no %s", from);
    }
    buffer_init(&changed, 2 * 1024 * 1024);
    buffer_append(&changed, sample.data, (size_t)(at - sample.data));
    buffer_append_text(&changed, to);
    buffer_append_text(&changed, at + strlen(from));
    enum status status = json_parse(&document, changed.data, changed.length, &err);
    if (status == STATUS_OK) {
        status = masters_validate(document, &err);
    }
    json_free(document);
    buffer_finish(&changed);
    buffer_finish(&sample);
    return status == STATUS_OK ? "" : err.message;
}

static void
assert_begins(const char *message, const char *beginning)
{
    if (strncmp(message, beginning, strlen(beginning)) != 0) {
        fail_msg("\"%s\" does not begin with \"%s\"", message, beginning);
    }
}

static void
the_sample_is_right(void **state)
{
    (void)state;

    assert_string_equal(with("\"version\": 1", "\"version\": 1"), "");
}

static void
each_broken_rule_is_named_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *message;
    } cases[] = {
        {"\"version\": 1", "\"version\": 0", "version: 1から"},
        {"\"version\": 1,", "", "version: ありません"},
        {"\"version\"", "\"versoin\": 1, \"version\"", "versoin: この名前の項目はありません"},
        {"\"072036\"", "\"072037\"", "municipality.code: 全国地方公共団体コード"},
        {"T9000020072036", "T8000020072036", "issuers[0].registration_number: "},
        {"\"kou\": {\"code\": \"02\", ", "\"kou\": {", "accounts[0].kou.code: ありません"},
        {"\"section\": \"shimin\", \"categories\"", "\"section\": \"nowhere\", \"categories\"",
         "places[0].section: 「nowhere」は所属にありません"},
        {"\"price_yen\": 300", "\"price_yen\": 300.5", "items[0].price_yen: 0から9999999までの整数"},
        {"\"price_yen\": 300", "\"price_yen\": -1", "items[0].price_yen: 0から9999999までの整数"},
        {"\"tax\": \"exempt\"", "\"tax\": \"reduced8\"",
         "items[0].tax: 「reduced8」は使えません。次のどれかにしてください: exempt、standard10"},
        {"\"account\": \"14020102\", \"section\"", "\"account\": \"14020199\", \"section\"",
         "items[0].account: 「14020199」は歳入科目にありません"},
        {"\"code\": \"juminhyo-kisai\"", "\"code\": \"juminhyo\"", "items[1].valid_from: 「juminhyo」の期間が1行目"},
        {"\"valid_from\": \"2026-04-01\", \"valid_to\": null",
         "\"valid_from\": \"2026-04-01\", \"valid_to\": \"2026-03-31\"",
         "items[0].valid_to: 適用開始日（2026-04-01）より前です"},
        {"\"valid_from\": \"2026-04-01\"", "\"valid_from\": \"2026-02-30\"", "items[0].valid_from: "},
        {"\"code\": \"joseki\"", "\"code\": \"除籍\"", "items[5].code: "},
        {"\"favourite\": true", "\"favourite\": 1", "items[0].favourite: true か false"},
        {"\"favourite\": true", "\"favorite\": true", "items[0].favorite: この名前の項目はありません"},
        {"\"places\": [\"shimin-1\"], \"sample\"", "\"places\": [\"shimin-9\"], \"sample\"",
         "exemptions[0].places: 「shimin-9」は窓口にありません"},
        {"\"method\": \"qr\"", "\"method\": \"barcode\"", "brands[0].method: "},
        {"\"trustee\": \"AGG\"", "\"trustee\": \"XYZ\"", "brands[0].trustee: 「XYZ」は指定納付受託者にありません"},
        {"\"can_void\": true, ", "", "brands[0].can_void: ありません"},
        {"\"code\": \"dbarai\"", "\"code\": \"paypay\"", "brands[1].valid_from: 「paypay」の期間が1行目"},
        {"\"pin_hash\": \"scrypt$", "\"pin_hash\": \"md5$", "clerks[0].pin_hash: "},
        {"\"code\": \"suzuki\"", "\"code\": \"sato\"", "clerks[1].code: 「sato」は1行目にもあります"},
        {"\"role\": \"clerk\"", "\"role\": \"chief\"", "clerks[0].role: "},
        {"[500, 1000, 5000, 10000]", "[500, 1000, 5000, 10000, 1, 2, 3]", "quick_tender_yen: 6個まで"},
        {"[500, 1000, 5000, 10000]", "[0]", "quick_tender_yen: 1から"},
        {"\"idle_lock_minutes\": 15", "\"idle_lock_minutes\": 0", "settings.idle_lock_minutes: "},
        {"\"sections\": [", "\"sections\": {}, \"x\": [", "x: この名前の項目はありません"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_begins(with(cases[i].from, cases[i].to), cases[i].message);
    }
}

static void
two_rows_of_a_code_that_follow_each_other_are_right(void **state)
{
    (void)state;

    assert_string_equal(
        with("\"code\": \"juminhyo-kisai\", \"name\": \"住民票記載事項証明\", \"name_en\": \"Certificate of Residence "
             "Record Entries\", \"name_zh\": \"住民票记载事项证明\", \"name_ko\": \"주민표 기재사항 증명\", \"kana\": "
             "\"じゅうみんひょうきさいじこうしょうめい\", \"category\": \"住民票・戸籍\", \"price_yen\": 300, \"tax\": "
             "\"exempt\", \"account\": \"14020102\", \"section\": \"shimin\", \"issuer\": \"general\", "
             "\"valid_from\": \"2026-04-01\", \"valid_to\": null",
             "\"code\": \"juminhyo\", \"name\": \"住民票の写し\", \"kana\": \"\", \"category\": \"住民票・戸籍\", "
             "\"price_yen\": 200, \"tax\": \"exempt\", \"account\": \"14020102\", \"section\": \"shimin\", "
             "\"issuer\": \"general\", \"valid_from\": \"2020-04-01\", \"valid_to\": \"2026-03-31\""),
        "");
}

static void
the_demo_pins_open_the_sample(void **state)
{
    (void)state;
    static const char *const pins[] = {"1111", "2222", "3333"};
    struct error_detail err;
    struct buffer sample;
    struct json_value *document;
    read_sample(&sample);
    assert_int_equal(json_parse(&document, sample.data, sample.length, &err), STATUS_OK);

    for (size_t i = 0; i < 3; i++) {
        const char *hash;
        assert_true(json_as_text(json_member(json_element(json_member(document, "clerks"), i), "pin_hash"), &hash));
        assert_true(password_is_right(hash, pins[i]));
        assert_false(password_is_right(hash, "9999"));
    }
    json_free(document);
    buffer_finish(&sample);
}

static enum status
load(struct bench *bench, const struct buffer *text, bool *out_is_new, struct error_detail *err)
{
    struct store_txn *txn;
    struct masters_version version;
    assert_int_equal(store_begin_write(bench->store, &txn, err), STATUS_OK);
    enum status status = masters_load(txn, text->data, text->length, 1, &version, out_is_new, err);
    if (status == STATUS_OK) {
        assert_string_equal(version.municipality, "072036");
        assert_int_equal(store_commit(txn, err), STATUS_OK);
    }
    store_end(txn);
    return status;
}

static void
a_version_is_published_once_and_never_changed(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct buffer text;
    bool is_new;
    read_sample(&text);

    assert_int_equal(load(bench, &text, &is_new, &err), STATUS_OK);
    assert_true(is_new);
    assert_int_equal(load(bench, &text, &is_new, &err), STATUS_OK);
    assert_false(is_new);
    char *price = strstr(text.data, "\"price_yen\": 300");
    price[13] = '4';
    assert_int_equal(load(bench, &text, &is_new, &err), STATUS_CONFLICT);
    assert_string_equal(err.code, "old_version");
    char *version = strstr(text.data, "\"version\": 1");
    version[11] = '2';
    assert_int_equal(load(bench, &text, &is_new, &err), STATUS_OK);
    assert_true(is_new);

    assert_int_equal(query_file(bench->path, "SELECT count(*) FROM masters"), 2);
    buffer_finish(&text);
}

static void
a_place_is_checked_once_masters_are_there(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct buffer text;
    struct store_txn *txn;
    bool is_new;
    read_sample(&text);
    assert_int_equal(store_begin_read(bench->store, &txn, &err), STATUS_OK);
    assert_int_equal(masters_check_place(txn, "072036", "anywhere", &err), STATUS_OK);
    store_end(txn);

    assert_int_equal(load(bench, &text, &is_new, &err), STATUS_OK);

    assert_int_equal(store_begin_read(bench->store, &txn, &err), STATUS_OK);
    assert_int_equal(masters_check_place(txn, "072036", "museum-1", &err), STATUS_OK);
    assert_int_equal(masters_check_place(txn, "072036", "anywhere", &err), STATUS_INVALID);
    store_end(txn);
    buffer_finish(&text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_is_right),
        cmocka_unit_test(each_broken_rule_is_named_with_its_place),
        cmocka_unit_test(two_rows_of_a_code_that_follow_each_other_are_right),
        cmocka_unit_test(the_demo_pins_open_the_sample),
        cmocka_unit_test_setup_teardown(a_version_is_published_once_and_never_changed, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_place_is_checked_once_masters_are_there, bench_setup, bench_teardown),
    };
    return cmocka_run_group_tests_name("settlement masters", tests, NULL, NULL);
}
