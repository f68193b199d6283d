/* The later kinds of masters: a small document that has all of them is right, and each rule that spans members or rows
 * is named with its place and says what to do. */
#include "settlement/masters/masters.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char whole[] =
    "{\"version\":2,\"municipality\":{\"code\":\"072036\",\"name\":\"郡山市\"},\n"
    "\"issuers\":[{\"code\":\"general\",\"name\":\"郡山市\",\"registration_number\":\"\"}],\n"
    "\"accounts\":[{\"code\":\"A1\",\"fund\":{\"code\":\"01\",\"name\":\"一般会計\"},\"kan\":{\"code\":\"14\",\"name\":"
    "\"使用料\"},"
    "\"kou\":{\"code\":\"01\",\"name\":\"使用料\"},\"moku\":{\"code\":\"09\",\"name\":\"教育\"},"
    "\"setsu\":{\"code\":\"01\",\"name\":\"美術館\"}}],\n"
    "\"sections\":[{\"code\":\"art\",\"name\":\"美術館\"}],\n"
    "\"facilities\":[{\"code\":\"museum\",\"name\":\"市立美術館\",\"section\":\"art\",\"revenue\":\"usage_fee\","
    "\"valid_from\":\"2020-04-01\",\"valid_to\":\"2027-03-31\"},"
    "{\"code\":\"museum\",\"name\":\"市立美術館\",\"section\":\"art\",\"revenue\":\"operator_fee\",\"operator\":"
    "\"文化財団\","
    "\"valid_from\":\"2027-04-01\"}],\n"
    "\"places\":[{\"code\":\"gate\",\"name\":\"美術館 券売\",\"section\":\"art\",\"categories\":[\"観覧料\"],"
    "\"facilities\":[\"museum\"],\"policy\":\"no-refund\"}],\n"
    "\"drawers\":[{\"code\":\"d1\",\"name\":\"1号\",\"place\":\"gate\",\"terminal\":\"KO-01\"},"
    "{\"code\":\"d2\",\"name\":\"2号\",\"place\":\"gate\",\"terminal\":\"KO-02\"}],\n"
    "\"items\":[{\"code\":\"tour\",\"name\":\"見学\",\"kana\":\"\",\"category\":\"観覧料\",\"price_yen\":200,"
    "\"tax\":\"standard10\",\"account\":\"A1\",\"section\":\"art\",\"issuer\":\"general\",\"facility\":\"museum\","
    "\"policy\":\"no-refund\",\"valid_from\":\"2026-04-01\"},"
    "{\"code\":\"show\",\"name\":\"観覧\",\"kana\":\"\",\"category\":\"観覧料\",\"tariff\":\"show-fee\","
    "\"tax\":\"standard10\",\"account\":\"A1\",\"section\":\"art\",\"issuer\":\"general\",\"facility\":\"museum\","
    "\"valid_from\":\"2026-04-01\"}],\n"
    "\"tariffs\":[{\"code\":\"show-fee\",\"name\":\"観覧料\",\"form\":\"fixed\",\"price_yen\":200,"
    "\"valid_from\":\"2026-04-01\",\"valid_to\":\"2027-03-31\"},"
    "{\"code\":\"show-fee\",\"name\":\"観覧料\",\"form\":\"fixed\",\"price_yen\":250,\"valid_from\":\"2027-04-01\"}],\n"
    "\"reductions\":[{\"code\":\"school\",\"name\":\"学校行事\",\"granters\":[\"美術館\"],"
    "\"rates\":[{\"part\":\"all\",\"percent\":50}],\"items\":[\"tour\"],\"valid_from\":\"2026-04-01\"}],\n"
    "\"exemptions\":[{\"code\":\"free\",\"name\":\"公用\",\"reasons\":[\"市の利用\"],\"items\":[\"tour\"]}],\n"
    "\"policies\":[{\"code\":\"no-refund\",\"name\":\"還付なし\",\"methods\":[\"cash\",\"qr\"],\"mixed_payment\":true,"
    "\"price_override\":false,\"refund\":\"none\",\"refund_means\":[],\"receipt_title\":\"receipt\",\"shop_copy\":"
    "false,"
    "\"valid_from\":\"2026-04-01\"}],\n"
    "\"brands\":[],\"trustees\":[{\"code\":\"T\",\"name\":\"受託\",\"kana\":\"ｼﾞﾕﾀｸ\",\"layout\":\"l\"}],\n"
    "\"terms\":[{\"code\":\"t\",\"name\":\"取決め\",\"trustee\":\"T\",\"closing\":\"monthly\",\"pay_after\":1,\"pay_"
    "day\":10,"
    "\"holiday\":\"before\",\"statement_days\":3,\"deposit\":\"net\",\"fee_rate\":20000,\"fee_rounding\":\"floor\","
    "\"fee_unit\":\"line\",\"valid_from\":\"2026-04-01\"}],\n"
    "\"bank_holidays\":[{\"code\":\"2026-11-23\",\"name\":\"勤労感謝の日\"}],\n"
    "\"scan_rules\":[{\"code\":\"slip\",\"name\":\"納付書\",\"prefix\":\"91\",\"length\":20,\"item\":\"tour\","
    "\"amount_from\":11,\"amount_length\":6,\"reference_from\":3,\"reference_length\":8,\"check\":\"mod10_w3\"},"
    "{\"code\":\"form\",\"name\":\"申込書\",\"prefix\":\"A\",\"length\":12,\"item\":null,"
    "\"item_from\":2,\"item_length\":4,\"check\":\"none\"}],\n"
    "\"templates\":[{\"form\":\"receipt\",\"columns\":48,\"markup\":\"x\",\"valid_from\":\"2026-04-01\"},"
    "{\"form\":\"receipt\",\"columns\":32,\"markup\":\"x\",\"valid_from\":\"2026-04-01\"},"
    "{\"form\":\"receipt\",\"markup\":\"x\",\"valid_from\":\"2026-04-01\"}],\n"
    "\"clerks\":[],\"quick_tender_yen\":[1000],\n"
    "\"settings\":{\"day_start_minutes\":0,\"idle_lock_minutes\":15,\"cash_limit_yen\":300000}}\n";

/* What is found in the document with FROM replaced by TO at its first place. */
static void
examine(const char *from, const char *to, struct remarks *remarks)
{
    struct buffer changed;
    struct json_value *document = NULL;
    struct error_detail err;
    const char *at = strstr(whole, from);
    if (at == NULL) {
        fail_msg("the document has no %s", from);
    }
    buffer_init(&changed, 64 * 1024);
    buffer_append(&changed, whole, (size_t)(at - whole));
    buffer_append_text(&changed, to);
    buffer_append_text(&changed, at + strlen(from));
    remarks_init(remarks);
    if (masters_examine(&document, changed.data, changed.length, remarks, &err) != STATUS_OK) {
        fail_msg("%s: %s", to, err.message);
    }
    json_free(document);
    buffer_finish(&changed);
}

static bool
was_said(const struct remarks *remarks, bool is_warning, const char *beginning)
{
    for (size_t i = 0; i < remarks->count; i++) {
        char text[REMARK_PATH_SIZE + REMARK_MESSAGE_SIZE + 2];
        char path[REMARK_PATH_SIZE];
        snprintf(text, sizeof text, "%s: %s", remark_path(&remarks->rows[i], path), remarks->rows[i].message);
        if (remarks->rows[i].is_warning == is_warning && strncmp(text, beginning, strlen(beginning)) == 0) {
            return true;
        }
        print_message("  said: %s\n", text);
    }
    return false;
}

static void
a_document_with_every_kind_is_right(void **state)
{
    (void)state;
    struct remarks remarks;

    examine("\"version\":2", "\"version\":2", &remarks);

    assert_int_equal(remarks.count, 0);
    remarks_finish(&remarks);
}

static void
the_later_kinds_may_be_left_out(void **state)
{
    (void)state;
    static const char *const keys[] = {"\"drawers\":[", "\"scan_rules\":[", "\"templates\":[", "\"terms\":[",
                                       "\"bank_holidays\":["};
    struct remarks remarks;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *from = strstr(whole, keys[i]);
        const char *end = strstr(from, "],\n") + 3;
        char part[4096];
        snprintf(part, sizeof part, "%.*s", (int)(end - from), from);
        examine(part, "", &remarks);
        assert_int_equal(remarks.count, 0);
        remarks_finish(&remarks);
    }
}

static void
each_broken_rule_is_named_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *said;
    } cases[] = {
        {"\"price_yen\":200,\"tax\"", "\"tax\"", "items[0].price_yen: 単価か料金表のどちらかが必要です"},
        {"\"price_yen\":200,\"tax\"", "\"price_yen\":200,\"tariff\":\"show-fee\",\"tax\"",
         "items[0].tariff: 単価と料金表は両方"},
        {"\"tariff\":\"show-fee\"", "\"tariff\":\"nothing\"", "items[1].tariff: 「nothing」は料金表にありません"},
        {"\"facility\":\"museum\",\"policy\"", "\"facility\":\"zoo\",\"policy\"",
         "items[0].facility: 「zoo」は施設にありません"},
        {"\"facility\":\"museum\",\"policy\":\"no-refund\"", "\"policy\":\"loose\"",
         "items[0].policy: 「loose」は取扱方針に"},
        {"\"issuer\":\"general\",\"facility\":\"museum\",\"valid_from\":\"2026-04-01\"",
         "\"issuer\":\"general\",\"valid_from\":\"2020-04-01\",\"valid_to\":\"2020-09-30\"",
         "items[1].tariff: 「show-fee」は、この行の期間には一日も"},
        {"\"operator\":\"文化財団\",", "", "facilities[1].operator: 利用料金の施設には、指定管理者"},
        {"\"valid_to\":\"2027-03-31\"},{\"code\":\"museum\"", "\"valid_to\":\"2027-04-01\"},{\"code\":\"museum\"",
         "facilities[1].valid_from: 「museum」の期間が1行目"},
        {"\"revenue\":\"usage_fee\"", "\"revenue\":\"gift\"", "facilities[0].revenue: 「gift」は使えません"},
        {"\"facilities\":[\"museum\"]", "\"facilities\":[\"zoo\"]", "places[0].facilities: 「zoo」は施設にありません"},
        {"\"terminal\":\"KO-02\"", "\"terminal\":\"KO-01\"",
         "drawers[1].terminal: 端末「KO-01」はドロア「d1」のものです"},
        {"\"terminal\":\"KO-02\"", "\"terminal\":\"ko 2\"", "drawers[1].terminal: 「ko 2」は端末の番号ではありません"},
        {"\"place\":\"gate\",\"terminal\":\"KO-01\"", "\"place\":\"door\",\"terminal\":\"KO-01\"",
         "drawers[0].place: 「door」は窓口"},
        {"\"price_yen\":250", "\"price_yen\":-1", "tariffs[1].price_yen: "},
        {"\"price_yen\":250", "\"prise_yen\":250", "tariffs[1]."},
        {"\"form\":\"fixed\",\"price_yen\":250", "\"form\":\"guess\",\"price_yen\":250", "tariffs[1].form: "},
        {"\"price_yen\":250,\"valid_from\":\"2027-04-01\"", "\"price_yen\":250,\"valid_from\":\"2027-03-31\"",
         "tariffs[1].valid_from: 「show-fee」の期間が1行目"},
        {"\"percent\":50", "\"percent\":101", "reductions[0].rates[0].percent: 1から100まで"},
        {"\"percent\":50", "\"percent\":50,\"yen\":10", "reductions[0].rates[0].percent: 減免率か減免額"},
        {"[{\"part\":\"all\",\"percent\":50}]", "[]", "reductions[0].rates: 少なくとも1個"},
        {"[{\"part\":\"all\",\"percent\":50}]", "[{\"part\":\"all\",\"percent\":50},{\"part\":\"all\",\"yen\":5}]",
         "reductions[0].rates[1].part: 「all」が二度"},
        {"\"granters\":[\"美術館\"]", "\"granters\":[]", "reductions[0].granters: 減免を決める所属"},
        {"\"percent\":50}],\"items\":[\"tour\"]", "\"percent\":50}],\"items\":[\"zoo\"]",
         "reductions[0].items: 「zoo」は品目に"},
        {"[\"市の利用\"],\"items\":[\"tour\"]", "[\"市の利用\"],\"items\":[\"zoo\"]",
         "exemptions[0].items: 「zoo」は品目に"},
        {"\"methods\":[\"cash\",\"qr\"]", "\"methods\":[]", "policies[0].methods: 少なくとも1個"},
        {"\"methods\":[\"cash\",\"qr\"]", "\"methods\":[\"cash\",\"cash\"]", "policies[0].methods: 同じものが二度"},
        {"\"methods\":[\"cash\",\"qr\"]", "\"methods\":[\"cash\",\"cheque\"]",
         "policies[0].methods: 「cheque」は使えません"},
        {"\"methods\":[\"cash\",\"qr\"]", "\"methods\":[\"qr\"]", "policies[0].mixed_payment: 現金との併用には"},
        {"\"pay_after\":1", "\"pay_after\":0", "terms[0].pay_day: 入金日が締め日より前です"},
        {"\"fee_rounding\":\"floor\",", "", "terms[0].fee_rounding: 手数料率を書くときは"},
        {"\"fee_rate\":20000", "\"fee_rate\":200001", "terms[0].fee_rate: "},
        {"\"closing\":\"monthly\"", "\"closing\":\"weekly\"", "terms[0].closing: 「weekly」は使えません"},
        {"\"code\":\"2026-11-23\"", "\"code\":\"2026-11-31\"", "bank_holidays[0].code: 「2026-11-31」は日付では"},
        {"\"refund\":\"none\"", "\"refund\":\"later\"", "policies[0].refund_means: 後日も還付するなら"},
        {"\"name\":\"見学\"",
         "\"name\":\"見学\",\"name_en\":\"0123456789012345678901234567890123456789012345678901234567890123456789"
         "012345678901234567890123456789012345678901234567890\"",
         "items[0].name_en: "},
        {"\"name\":\"見学\"", "\"name\":\"見学\",\"name_zh\":7", "items[0].name_zh: "},
        {"\"name\":\"見学\"", "\"name\":\"見学\",\"name_fr\":\"visite\"", "items[0].name_fr: "},
        {"\"shop_copy\":false", "\"shop_copy\":0", "policies[0].shop_copy: true か false"},
        {"\"amount_from\":11", "\"amount_from\":16", "scan_rules[0].amount_length: コードの桁数（20桁）からはみ出"},
        {"\"amount_from\":11,", "", "scan_rules[0].amount_from: 開始桁と桁数は、両方"},
        {"\"amount_from\":11,\"amount_length\":6", "\"amount_from\":15,\"amount_length\":6",
         "scan_rules[0].amount_length: 最後の桁は検査数字"},
        {"\"reference_from\":3", "\"reference_from\":5", "scan_rules[0].reference_from: 金額の位置と番号の位置"},
        {"\"item_from\":2,\"item_length\":4,", "", "scan_rules[1].item: 品目を選ぶか"},
        {"\"item\":null", "\"item\":\"tour\"", "scan_rules[1].item_from: 品目を選んだときは"},
        {"\"prefix\":\"A\",\"length\":12", "\"prefix\":\"9\",\"length\":20",
         "scan_rules[0].prefix: 同じコードが「form」の規則にも"},
        {"\"check\":\"none\"", "\"check\":\"luhn\"", "scan_rules[1].check: 「luhn」は使えません"},
        {"\"columns\":48", "\"columns\":40", "templates[0].columns: 桁数は 32、42、48"},
        {"\"columns\":48", "\"columns\":32", "templates[1].valid_from: 「receipt」の期間が1行目"},
        {"{\"form\":\"receipt\",\"markup\"", "{\"form\":\"receipts\",\"markup\"",
         "templates[2].form: 「receipts」は使えません"},
        {"\"cash_limit_yen\":300000", "\"cash_limit_yen\":0", "settings.cash_limit_yen: 1から"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct remarks remarks;
        examine(cases[i].from, cases[i].to, &remarks);
        if (!was_said(&remarks, false, cases[i].said)) {
            fail_msg("case %zu: nobody said \"%s\"", i, cases[i].said);
        }
        remarks_finish(&remarks);
    }
}

static void
what_may_be_meant_is_a_warning(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *said;
    } cases[] = {
        {"\"price_yen\":250,\"valid_from\":\"2027-04-01\"", "\"price_yen\":250,\"valid_from\":\"2027-05-01\"",
         "items[1].tariff: 2027-04-01には「show-fee」がなく"},
        {"\"categories\":[\"観覧料\"]", "\"categories\":[\"その他\"]", "items[0].category: どの窓口のキーにも出ません"},
        {"\"refund_means\":[]", "\"refund_means\":[\"cash\"]", "policies[0].refund_means: 後日の還付をしない方針"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct remarks remarks;
        examine(cases[i].from, cases[i].to, &remarks);
        if (!was_said(&remarks, true, cases[i].said)) {
            fail_msg("case %zu: nobody said \"%s\"", i, cases[i].said);
        }
        assert_int_equal(remarks.error_count, 0);
        remarks_finish(&remarks);
    }
}

static void
every_error_of_a_document_is_found_at_once_and_has_its_line(void **state)
{
    (void)state;
    struct remarks remarks;
    struct json_value *document = NULL;
    struct error_detail err;
    static const char text[] = "{\n  \"version\": 0,\n  \"items\": [\n    {\"code\": \"a b\"},\n    7\n  ]\n}\n";
    unsigned line = 0;
    unsigned column = 0;
    remarks_init(&remarks);

    assert_int_equal(masters_examine(&document, text, sizeof text - 1, &remarks, &err), STATUS_OK);

    assert_true(was_said(&remarks, false, "version: "));
    assert_true(was_said(&remarks, false, "items[0].code: "));
    assert_true(was_said(&remarks, false, "items[0].name: ありません"));
    assert_true(was_said(&remarks, false, "items[1]: "));
    assert_true(was_said(&remarks, false, "settings: "));
    for (size_t i = 0; i < remarks.count; i++) {
        if (strcmp(remarks.rows[i].member, "code") == 0 && remarks.rows[i].place.index == 0) {
            masters_place_in_file(&remarks.rows[i], text, sizeof text - 1, &line, &column);
        }
    }
    assert_int_equal(line, 4);
    assert_int_equal(column, 14);
    json_free(document);
    remarks_finish(&remarks);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_with_every_kind_is_right),
        cmocka_unit_test(the_later_kinds_may_be_left_out),
        cmocka_unit_test(each_broken_rule_is_named_with_its_place),
        cmocka_unit_test(what_may_be_meant_is_a_warning),
        cmocka_unit_test(every_error_of_a_document_is_found_at_once_and_has_its_line),
    };
    return cmocka_run_group_tests_name("settlement masters rules", tests, NULL, NULL);
}
