/* The masters as a till reads them: what is valid when, which policy, what a slip's barcode says. */
#include "pos/masters/masters.h"

#include "common/tariff/tariff.h"
#include "pos/masters/extract.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char document[] =
    "{\"version\":7,\"municipality\":{\"code\":\"072036\",\"name\":\"郡山市\"},"
    "\"issuers\":[{\"code\":\"general\",\"name\":\"郡山市\",\"registration_number\":\"T9000020072036\"}],"
    "\"places\":[{\"code\":\"gate\",\"name\":\"入口\",\"section\":\"s\",\"categories\":[\"入場\",\"証明\"],"
    "\"facilities\":[\"museum\"],\"policy\":\"counter\"},"
    "{\"code\":\"other\",\"name\":\"別\",\"section\":\"s\",\"categories\":[\"ほか\"]}],"
    "\"facilities\":[{\"code\":\"museum\",\"name\":\"美術館\",\"section\":\"s\",\"revenue\":\"usage_fee\","
    "\"valid_from\":\"2020-04-01\",\"valid_to\":\"2027-03-31\"},"
    "{\"code\":\"museum\",\"name\":\"美術館\",\"section\":\"s\",\"revenue\":\"operator_fee\",\"operator\":\"みほん\","
    "\"valid_from\":\"2027-04-01\"},"
    "{\"code\":\"rink\",\"name\":\"スケート場\",\"section\":\"s\",\"revenue\":\"usage_fee\",\"valid_from\":\"2020-04-"
    "01\"}],"
    "\"drawers\":[{\"code\":\"d1\",\"name\":\"1番\",\"place\":\"gate\",\"terminal\":\"KO-01\"}],"
    "\"items\":["
    "{\"code\":\"adult\",\"name\":\"一般\",\"kana\":\"いっぱん\",\"category\":\"入場\",\"price_yen\":200,\"tax\":"
    "\"standard10\","
    "\"account\":\"a\",\"section\":\"s\",\"issuer\":\"general\",\"facility\":\"museum\",\"valid_from\":\"2020-04-01\","
    "\"valid_to\":\"2027-03-31\",\"favourite\":true},"
    "{\"code\":\"adult\",\"name\":\"一般\",\"kana\":\"いっぱん\",\"category\":\"入場\",\"price_yen\":300,\"tax\":"
    "\"standard10\","
    "\"account\":\"a\",\"section\":\"s\",\"issuer\":\"general\",\"facility\":\"museum\",\"valid_from\":\"2027-04-01\","
    "\"favourite\":true,\"policy\":\"strict\"},"
    "{\"code\":\"skate\",\"name\":\"滑走\",\"kana\":\"かっそう\",\"category\":\"入場\",\"price_yen\":400,\"tax\":"
    "\"standard10\","
    "\"account\":\"a\",\"section\":\"s\",\"issuer\":\"general\",\"facility\":\"rink\",\"valid_from\":\"2020-04-01\"},"
    "{\"code\":\"koseki\",\"name\":\"戸籍全部事項証明\",\"name_en\":\"Family "
    "Register\",\"kana\":\"こせきぜんぶじこうしょうめい\",\"category\":"
    "\"証明\","
    "\"price_yen\":450,\"tax\":\"exempt\",\"account\":\"a\",\"section\":\"s\",\"issuer\":\"general\","
    "\"valid_from\":\"2020-04-01\"},"
    "{\"code\":\"elsewhere\",\"name\":\"別\",\"kana\":\"べつ\",\"category\":\"ほか\",\"price_yen\":1,\"tax\":"
    "\"exempt\","
    "\"account\":\"a\",\"section\":\"s\",\"issuer\":\"general\",\"valid_from\":\"2020-04-01\"}],"
    "\"exemptions\":[{\"code\":\"official\",\"name\":\"公用\",\"reasons\":[\"庁内\"],\"items\":[\"koseki\"]},"
    "{\"code\":\"law\",\"name\":\"法定免除\",\"reasons\":[\"法律\"]},"
    "{\"code\":\"away\",\"name\":\"別\",\"reasons\":[\"別\"],\"places\":[\"other\"]}],"
    "\"policies\":[{\"code\":\"counter\",\"name\":\"窓口\",\"methods\":[\"cash\",\"credit\"],\"mixed_payment\":false,"
    "\"price_override\":true,\"refund\":\"same_day\",\"refund_means\":[\"cash\"],\"receipt_title\":\"receipt\","
    "\"shop_copy\":true,\"valid_from\":\"2020-04-01\"},"
    "{\"code\":\"strict\",\"name\":\"不還付\",\"methods\":[\"cash\"],\"mixed_payment\":true,\"price_override\":false,"
    "\"refund\":\"none\",\"refund_means\":[],\"receipt_title\":\"usage\",\"shop_copy\":false,"
    "\"valid_from\":\"2027-04-01\"}],"
    "\"brands\":[{\"code\":\"pay\",\"name\":\"Pay\",\"name_ko\":\"페이\",\"method\":\"qr\",\"can_void\":true,\"code_"
    "prefixes\":[\"9000\"],"
    "\"valid_from\":\"2021-01-04\",\"valid_to\":\"2027-03-31\"}],"
    "\"scan_rules\":["
    "{\"code\":\"form\",\"name\":\"申請書\",\"prefix\":\"21\",\"length\":13,\"item\":\"koseki\",\"reference_from\":3,"
    "\"reference_length\":10,\"check\":\"mod10_w3\"},"
    "{\"code\":\"slip\",\"name\":\"納付書\",\"prefix\":\"97\",\"length\":20,\"item\":null,\"item_from\":3,\"item_"
    "length\":6,"
    "\"amount_from\":9,\"amount_length\":7,\"reference_from\":16,\"reference_length\":5,\"check\":\"none\"},"
    "{\"code\":\"eleven\",\"name\":\"旧納付書\",\"prefix\":\"55\",\"length\":8,\"item\":\"koseki\",\"check\":\"mod11\"}"
    "],"
    "\"tariffs\":[{\"code\":\"entry\",\"name\":\"観覧料\",\"form\":\"fixed\",\"price_yen\":200,"
    "\"valid_from\":\"2020-04-01\",\"valid_to\":\"2027-03-31\"},"
    "{\"code\":\"entry\",\"name\":\"新観覧料\",\"form\":\"fixed\",\"price_yen\":300,"
    "\"valid_from\":\"2027-04-01\"}],"
    "\"reductions\":[{\"code\":\"half\",\"name\":\"半額\",\"granters\":[\"市長\"],"
    "\"rates\":[{\"part\":\"all\",\"percent\":50}],\"valid_from\":\"2027-04-01\"}],"
    "\"templates\":[{\"form\":\"receipt\",\"markup\":\"for all\",\"valid_from\":\"2020-04-01\"},"
    "{\"form\":\"receipt\",\"columns\":32,\"markup\":\"narrow\",\"valid_from\":\"2027-04-01\"}],"
    "\"clerks\":[{\"code\":\"sato\",\"name\":\"佐藤\",\"pin_hash\":\"x\",\"role\":\"supervisor\",\"places\":[\"gate\"]}"
    ","
    "{\"code\":\"away\",\"name\":\"別\",\"pin_hash\":\"x\",\"role\":\"clerk\",\"places\":[\"other\"]}],"
    "\"quick_tender_yen\":[1000,5000],"
    "\"settings\":{\"day_start_minutes\":240,\"idle_lock_minutes\":15,\"cash_limit_yen\":100000}}";

static const struct civil_date last_of_march = {2027, 3, 31};
static const struct civil_date first_of_april = {2027, 4, 1};

static struct database *db;

static enum status
put_part(void *context, size_t part, const void *bytes, size_t length, struct error_detail *err)
{
    struct statement *insert;
    enum status status =
        database_statement(context, "INSERT OR REPLACE INTO masters_part VALUES (7, ?1, ?2)", &insert, err);
    if (status == STATUS_OK) {
        statement_bind_int(insert, 1, (int64_t)part);
        statement_bind_blob(insert, 2, bytes, length);
        status = statement_run(insert, err);
    }
    return status;
}

static int
read_masters(void **state)
{
    struct error_detail err;
    struct masters *masters = NULL;
    struct extract_identity identity;
    struct extract_sink sink = {.put = put_part};
    if (database_open(&db, ":memory:", DATABASE_READ_WRITE, NULL, &err) != STATUS_OK ||
        database_execute(db, "CREATE TABLE masters_part (version, part, bytes, PRIMARY KEY (version, part))", &err) !=
            STATUS_OK) {
        return -1;
    }
    sink.context = db;
    if (extract_write(document, sizeof document - 1, "gate", &sink, &identity, &err) != STATUS_OK ||
        masters_open(&masters, db, 7, identity.head_sha256, &err) != STATUS_OK) {
        print_error("%s\n", err.message);
        return -1;
    }
    *state = masters;
    return 0;
}

static int
destroy_masters(void **state)
{
    masters_destroy(*state);
    database_close(db);
    return 0;
}

static void
a_price_of_the_first_of_april_begins_on_that_business_date(void **state)
{
    struct master_item item;
    struct error_detail err;

    assert_int_equal(masters_item(*state, "adult", last_of_march, &item, &err), STATUS_OK);
    assert_int_equal(item.price_yen, 200);
    assert_int_equal(masters_item(*state, "adult", first_of_april, &item, &err), STATUS_OK);
    assert_int_equal(item.price_yen, 300);
}

static void
a_place_sells_its_categories_and_its_facilities_only(void **state)
{
    struct master_item item;
    struct error_detail err;

    assert_int_equal(masters_item(*state, "elsewhere", first_of_april, &item, &err), STATUS_NOT_FOUND);
    assert_int_equal(masters_item(*state, "skate", first_of_april, &item, &err), STATUS_NOT_FOUND);
    assert_int_equal(masters_item(*state, "koseki", first_of_april, &item, &err), STATUS_OK);
}

static void
names_in_other_languages_are_there_where_the_document_has_them(void **state)
{
    const struct masters *all = *state;
    struct master_item item;
    struct error_detail err;

    assert_int_equal(masters_item(all, "koseki", last_of_march, &item, &err), STATUS_OK);
    assert_string_equal(item.names.en, "Family Register");
    assert_string_equal(item.names.zh, "");
    assert_string_equal(masters_brand(all, "pay", last_of_march)->names.ko, "페이");
    assert_string_equal(all->place.names.en, "");
}

static void
what_was_sold_once_is_found_when_it_is_sold_no_more(void **state)
{
    struct master_item item;
    struct error_detail err;
    const struct civil_date before = {2019, 1, 1};

    assert_int_equal(masters_item(*state, "adult", before, &item, &err), STATUS_NOT_FOUND);
    assert_int_equal(masters_item_ever(*state, "adult", before, &item, &err), STATUS_OK);
    assert_int_equal(item.price_yen, 300);
    assert_int_equal(masters_item_ever(*state, "adult", last_of_march, &item, &err), STATUS_OK);
    assert_int_equal(item.price_yen, 200);
}

static void
the_policy_is_the_items_then_the_places_then_the_built_in_one(void **state)
{
    struct master_item item = {.policy = "strict"};

    assert_string_equal(masters_policy_of(*state, &item, first_of_april)->code, "strict");
    assert_string_equal(masters_policy_of(*state, &item, last_of_march)->code, "counter");
    assert_string_equal(masters_policy_of(*state, NULL, first_of_april)->code, "counter");
    const struct master_policy *policy = masters_policy_of(*state, NULL, (struct civil_date){2019, 1, 1});
    assert_string_equal(policy->code, "standard");
    assert_int_equal(policy->refund, REFUND_LATER);
    assert_int_equal(policy->methods, 1u << METHOD_CASH | 1u << METHOD_QR | 1u << METHOD_EMONEY | 1u << METHOD_CREDIT);
}

static void
a_policy_says_what_may_be_done(void **state)
{
    const struct master_policy *policy = masters_policy_of(*state, NULL, first_of_april);

    assert_int_equal(policy->methods, 1u << METHOD_CASH | 1u << METHOD_CREDIT);
    assert_true(policy->allows_price_override);
    assert_false(policy->allows_mixed_payment);
    assert_int_equal(policy->refund, REFUND_SAME_DAY);
    assert_int_equal(policy->refund_means, REFUND_CASH);
    assert_true(policy->has_shop_copy);
}

static void
a_facility_changes_hands_on_a_date(void **state)
{
    assert_int_equal(masters_facility(*state, "museum", last_of_march)->revenue, REVENUE_USAGE_FEE);
    assert_int_equal(masters_facility(*state, "museum", first_of_april)->revenue, REVENUE_OPERATOR_FEE);
    assert_string_equal(masters_facility(*state, "museum", first_of_april)->operator_name, "みほん");
    assert_null(masters_facility(*state, "rink", first_of_april));
}

static void
an_exemption_for_some_items_is_for_no_other(void **state)
{
    const struct master_exemption *official = masters_exemption(*state, "official");

    assert_true(master_exemption_covers(official, "koseki"));
    assert_false(master_exemption_covers(official, "adult"));
    assert_true(master_exemption_covers(masters_exemption(*state, "law"), "adult"));
    assert_null(masters_exemption(*state, "away"));
    assert_null(masters_clerk(*state, "away"));
}

static void
a_drawer_belongs_to_one_terminal(void **state)
{
    assert_string_equal(masters_drawer_of(*state, "KO-01")->code, "d1");
    assert_null(masters_drawer_of(*state, "KO-02"));
    assert_string_equal(masters_drawer(*state, "d1")->terminal, "KO-01");
}

static void
a_template_for_the_width_comes_before_one_for_all(void **state)
{
    assert_string_equal(masters_template(*state, "receipt", 32, first_of_april), "narrow");
    assert_string_equal(masters_template(*state, "receipt", 48, first_of_april), "for all");
    assert_string_equal(masters_template(*state, "receipt", 32, last_of_march), "for all");
    assert_null(masters_template(*state, "close", 48, first_of_april));
}

static void
a_tariff_and_a_reduction_begin_on_their_day(void **state)
{
    struct tariff *tariff = NULL;
    struct error_detail err;

    assert_int_equal(masters_tariff(*state, "entry", last_of_march, &tariff, &err), STATUS_OK);
    assert_string_equal(tariff_name(tariff), "観覧料");
    tariff_destroy(tariff);
    assert_int_equal(masters_tariff(*state, "entry", first_of_april, &tariff, &err), STATUS_OK);
    assert_string_equal(tariff_name(tariff), "新観覧料");
    tariff_destroy(tariff);
    assert_int_equal(masters_tariff(*state, "none", first_of_april, &tariff, &err), STATUS_NOT_FOUND);
    assert_null(masters_reduction(*state, "half", last_of_march));
    assert_string_equal(tariff_reduction_name(masters_reduction(*state, "half", first_of_april)), "半額");
}

static void
settings_are_read(void **state)
{
    const struct masters *masters = *state;

    assert_int_equal(masters->day_start_minutes, 240);
    assert_int_equal(masters->idle_lock_minutes, 15);
    assert_int_equal(masters->cash_limit_yen, 100000);
}

static void
a_form_says_which_item_and_which_application(void **state)
{
    struct scanned_slip slip;
    struct error_detail err;

    /* 2 1 0 0 1 2 3 4 5 6 7 8: 3·(8+6+4+2+0+1) + (7+5+3+1+0+2) = 63 + 18 = 81 → 9 */
    assert_int_equal(masters_scan(*state, "2100123456789", first_of_april, &slip, &err), STATUS_OK);
    assert_string_equal(slip.item.code, "koseki");
    assert_false(slip.has_amount);
    assert_string_equal(slip.reference, "0012345678");
}

static void
a_slip_carries_item_and_amount(void **state)
{
    struct scanned_slip slip;
    struct error_detail err;

    assert_int_equal(masters_scan(*state, "97koseki000123400042", first_of_april, &slip, &err), STATUS_OK);
    assert_string_equal(slip.item.code, "koseki");
    assert_true(slip.has_amount);
    assert_int_equal(slip.amount_yen, 1234);
    assert_string_equal(slip.reference, "00042");
}

static void
what_cannot_be_read_from_a_slip_is_said(void **state)
{
    const struct {
        const char *code;
        enum status status;
        const char *why;
    } cases[] = {
        {"2100123456780", STATUS_INVALID, "slip_check"},          {"21001234x6789", STATUS_INVALID, "slip_check"},
        {"97koseki0001x3400042", STATUS_INVALID, "slip_amount"},  {"97xxxxxx000123400042", STATUS_INVALID, "slip_item"},
        {"900081810000000017", STATUS_NOT_FOUND, "no_scan_rule"}, {"", STATUS_NOT_FOUND, "no_scan_rule"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scanned_slip slip;
        struct error_detail err;

        assert_int_equal(masters_scan(*state, cases[i].code, first_of_april, &slip, &err), cases[i].status);
        assert_string_equal(err.code, cases[i].why);
    }
}

static void
the_check_digit_of_modulus_eleven_is_weighted_two_to_seven(void **state)
{
    struct scanned_slip slip;
    struct error_detail err;

    /* 5 5 1 2 3 4 5: 2·5 + 3·4 + 4·3 + 5·2 + 6·1 + 7·5 + 2·5 = 95; 95 mod 11 = 7; 11 − 7 = 4 */
    assert_int_equal(masters_scan(*state, "55123454", first_of_april, &slip, &err), STATUS_OK);
    assert_int_equal(masters_scan(*state, "55123455", first_of_april, &slip, &err), STATUS_INVALID);
}

static void
a_search_finds_what_is_sold_on_the_day(void **state)
{
    struct master_item found[4];
    size_t count;
    bool has_more;
    struct error_detail err;
    struct item_query query = {.text = "こせき", .limit = 4};

    assert_int_equal(masters_find_items(*state, &query, first_of_april, found, &count, &has_more, &err), STATUS_OK);
    assert_int_equal(count, 1);
    assert_string_equal(found[0].code, "koseki");
    query = (struct item_query){.category = "入場", .limit = 4};
    assert_int_equal(masters_find_items(*state, &query, first_of_april, found, &count, &has_more, &err), STATUS_OK);
    assert_int_equal(count, 1);
    assert_int_equal(found[0].price_yen, 300);
    query = (struct item_query){.limit = 1};
    assert_int_equal(masters_find_items(*state, &query, first_of_april, found, &count, &has_more, &err), STATUS_OK);
    assert_true(has_more);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_price_of_the_first_of_april_begins_on_that_business_date),
        cmocka_unit_test(a_place_sells_its_categories_and_its_facilities_only),
        cmocka_unit_test(names_in_other_languages_are_there_where_the_document_has_them),
        cmocka_unit_test(what_was_sold_once_is_found_when_it_is_sold_no_more),
        cmocka_unit_test(the_policy_is_the_items_then_the_places_then_the_built_in_one),
        cmocka_unit_test(a_policy_says_what_may_be_done),
        cmocka_unit_test(a_facility_changes_hands_on_a_date),
        cmocka_unit_test(an_exemption_for_some_items_is_for_no_other),
        cmocka_unit_test(a_drawer_belongs_to_one_terminal),
        cmocka_unit_test(a_template_for_the_width_comes_before_one_for_all),
        cmocka_unit_test(a_tariff_and_a_reduction_begin_on_their_day),
        cmocka_unit_test(settings_are_read),
        cmocka_unit_test(a_form_says_which_item_and_which_application),
        cmocka_unit_test(a_slip_carries_item_and_amount),
        cmocka_unit_test(what_cannot_be_read_from_a_slip_is_said),
        cmocka_unit_test(the_check_digit_of_modulus_eleven_is_weighted_two_to_seven),
        cmocka_unit_test(a_search_finds_what_is_sold_on_the_day),
    };
    return cmocka_run_group_tests(tests, read_masters, destroy_masters);
}
