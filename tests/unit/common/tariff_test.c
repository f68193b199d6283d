/* What all tariffs share: strict rows, factors, days, reductions, and answers. Shown on the simplest form. */
#include "tests/unit/common/tariff_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "'code':'t','name':'料金','valid_from':'2026-04-01'"
#define FIXED "{" HEAD ",'form':'fixed','price_yen':450}"

/* A row, a case, and what comes of it. */
struct example {
    const char *row;
    const char *facts;
    const char *day;
    const char *reductions;
    const char *expected;
};

static void
check_examples(const struct example *examples, size_t count)
{
    char out[CASE_TEXT_SIZE];
    for (size_t i = 0; i < count; i++) {
        const struct example *example = &examples[i];
        assert_string_equal(case_price(example->row, example->facts, example->day, example->reductions, out),
                            example->expected);
    }
}

static void
a_fixed_price_is_multiplied_by_the_quantity(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {FIXED, "{}", "2026-11-22", NULL, ": 1×450=450 {450円: 450}\ntotal 450"},
        {FIXED, "{'quantity':3}", "2026-11-22", NULL, ": 3×450=1350 {450円 × 3: 1350}\ntotal 1350"},
    };
    check_examples(examples, sizeof examples / sizeof examples[0]);
}

static void
an_answer_that_cannot_be_is_told_to_the_clerk(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {FIXED, "{'quantity':0}", "2026-11-22", NULL,
         "invalid wrong_number: 「数量」は 1 から 999 の整数で入れてください。"},
        {FIXED, "{'quantity':'3'}", "2026-11-22", NULL,
         "invalid wrong_number: 「数量」は 1 から 999 の整数で入れてください。"},
        {FIXED, "{'quantity':1,'persons':{}}", "2026-11-22", NULL,
         "invalid unknown_answer: この料金に persons という入力はありません。入れ直してください。"},
        {FIXED, "[]", "2026-11-22", NULL, "invalid wrong_answer: 入力の形が違います。入れ直してください。"},
    };
    check_examples(examples, sizeof examples / sizeof examples[0]);
}

#define RESIDENCE                                                                                                      \
    "'factors':[{'code':'residence','name':'住所','choices':[{'code':'in','name':'市内'},"                         \
    "{'code':'out','name':'市外','percent':150}]}]"
#define BY_PERCENT "{" HEAD ",'form':'fixed','price_yen':330," RESIDENCE "}"
#define BY_PRICE "{" HEAD ",'form':'fixed','price_yen':{'in':330,'out':500}," RESIDENCE "}"
#define WEEKENDS                                                                                                       \
    "{" HEAD ",'form':'fixed','price_yen':330," RESIDENCE ",'holidays':['2026-11-23'],"                                \
    "'days':[{'name':'市民の日','dates':['2026-11-22'],'percent':0},"                                              \
    "{'name':'土日祝','weekdays':['sat','sun','holiday'],'percent':120}]}"

static void
factors_multiply_or_replace_a_price_and_round_once(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {BY_PERCENT, "{'quantity':2}", "2026-11-20", NULL, ": 2×330=660 {330円 × 2: 660}\ntotal 660"},
        {BY_PERCENT, "{'quantity':2,'residence':'out'}", "2026-11-20", NULL,
         "(市外): 2×490=980 {330円 × 2: 660; 市外 150%: 320}\ntotal 980"},
        {BY_PRICE, "{'residence':'out'}", "2026-11-20", NULL, "(市外): 1×500=500 {(市外) 500円: 500}\ntotal 500"},
        {BY_PERCENT, "{'residence':'abroad'}", "2026-11-20", NULL,
         "invalid unknown_code: 「住所」を選び直してください。"},
        /* 330 × 1.5 × 1.2 = 594 → 590; rounding at each step would have made 580 of it. */
        {WEEKENDS, "{'residence':'out'}", "2026-11-21", NULL,
         "(市外): 1×590=590 {330円: 330; 市外 150%: 160; 土日祝 120%: 100}\ntotal 590"},
        {WEEKENDS, "{}", "2026-11-22", NULL, ": 1×0=0 {330円: 330; 市民の日: -330}\ntotal 0"},
        {WEEKENDS, "{}", "2026-11-23", NULL, ": 1×390=390 {330円: 330; 土日祝 120%: 60}\ntotal 390"},
        {WEEKENDS, "{}", "2026-11-24", NULL, ": 1×330=330 {330円: 330}\ntotal 330"},
    };
    check_examples(examples, sizeof examples / sizeof examples[0]);
}

#define REDUCTION(rates)                                                                                                         \
    "[{'code':'r1','name':'障がい者団体','granters':['障がい福祉課'],'valid_from':'2026-04-01','valid_to':'2027-03-" \
    "31',"                                                                                                                       \
    "'rates':" rates "}]"

static void
reductions_round_down_to_ten_yen_and_never_below_zero(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {FIXED, "{'quantity':2}", "2026-11-22", REDUCTION("[{'part':'all','percent':50}]"),
         ": 2×450−460=440 {450円 × 2: 900; 減免 障がい者団体 50%引: -460}\ntotal 440"},
        {"{" HEAD ",'form':'fixed','price_yen':450,'reduction_rounding':{'to_yen':1}}", "{}", "2026-11-22",
         REDUCTION("[{'part':'price','percent':33}]"),
         ": 1×450−149=301 {450円: 450; 減免 障がい者団体 33%引: -149}\ntotal 301"},
        {FIXED, "{'quantity':2}", "2026-11-22", REDUCTION("[{'part':'price','yen':100}]"),
         ": 2×450−200=700 {450円 × 2: 900; 減免 障がい者団体: -200}\ntotal 700"},
        {FIXED, "{'quantity':2}", "2026-11-22", REDUCTION("[{'part':'price','yen':500,'per':'use'}]"),
         ": 2×450−500=400 {450円 × 2: 900; 減免 障がい者団体: -500}\ntotal 400"},
        {FIXED, "{}", "2026-11-22", REDUCTION("[{'part':'all','yen':9000}]"),
         ": 1×450−450=0 {450円: 450; 減免 障がい者団体: -450}\ntotal 0"},
        {FIXED, "{}", "2026-11-22", REDUCTION("[{'part':'room','percent':50}]"),
         "invalid reduction_does_not_fit: "
         "減免「障がい者団体」はこの料金には当てはまりません。減免を選び直してください。"},
        {FIXED, "{}", "2027-04-01", REDUCTION("[{'part':'all','percent':50}]"),
         "invalid reduction_not_valid: 減免「障がい者団体」は今日は使えません。有効期間を確かめてください。"},
    };
    check_examples(examples, sizeof examples / sizeof examples[0]);
}

static void
a_wrong_row_is_refused_by_the_name_of_its_member(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        const char *begins;
    } rows[] = {
        {"[]", ": "},
        {"{}", "code: "},
        {"{'code':'a b'}", "code: "},
        {"{'code':'t','name':''}", "name: "},
        {"{'code':'t','name':'料金'}", "valid_from: "},
        {"{'code':'t','name':'料金','valid_from':'2026-02-29'}", "valid_from: "},
        {"{" HEAD ",'valid_to':'2026-03-31'}", "valid_to: "},
        {"{" HEAD "}", "form: "},
        {"{" HEAD ",'form':'free'}", "form: "},
        {"{" HEAD ",'form':'fixed'}", "price_yen: "},
        {"{" HEAD ",'form':'fixed','price_yen':-1}", "price_yen: "},
        {"{" HEAD ",'form':'fixed','price_yen':10000000}", "price_yen: "},
        {"{" HEAD ",'form':'fixed','price_yen':4.5}", "price_yen: "},
        {"{" HEAD ",'form':'fixed','price_yen':1,'prise_yen':1}", "prise_yen: "},
        {"{" HEAD ",'form':'fixed','price_yen':1,'sample':1}", "sample: "},
        {"{" HEAD ",'form':'fixed','price_yen':1,'rounding':{'to_yen':0}}", "rounding.to_yen: "},
        {"{" HEAD ",'form':'fixed','price_yen':1,'rounding':{'mode':'off'}}", "rounding.mode: "},
        {"{" HEAD ",'form':'fixed','price_yen':{'in':1}," RESIDENCE "}", "price_yen: "},
        {"{" HEAD ",'form':'fixed','price_yen':1,'factors':[{'code':'quantity','name':'x'}]}", "factors[0].code: "},
        {"{" HEAD ",'form':'fixed','price_yen':1,'factors':[{'code':'a','name':'x','choices':[{'code':'b',"
         "'name':'y'},{'code':'b','name':'z'}]}]}",
         "factors[0].choices[1].code: "},
        {"{" HEAD ",'form':'fixed','price_yen':1,'days':[{'name':'x','percent':0}]}", "days[0].weekdays: "},
        {"{" HEAD ",'form':'fixed','price_yen':1,'days':[{'name':'x','percent':0,'weekdays':['day']}]}",
         "days[0].weekdays: "},
        {"{" HEAD ",'form':'fixed','price_yen':1,'days':[{'name':'x','percent':0,'dates':['2026-13-01']}]}",
         "days[0].dates: "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char message[ERROR_MESSAGE_SIZE];
        case_row_error(rows[i].row, message);
        if (strncmp(message, rows[i].begins, strlen(rows[i].begins)) != 0) {
            fail_msg("\"%s\" for %s", message, rows[i].row);
        }
    }
}

static void
a_tariff_is_valid_from_its_first_to_its_last_day(void **state)
{
    (void)state;
    struct tariff *tariff = case_tariff("{'code':'t','name':'料金','valid_from':'2026-04-01','valid_to':'2027-03-31',"
                                        "'form':'fixed','price_yen':450}");
    assert_false(tariff_is_valid_on(tariff, (struct civil_date){2026, 3, 31}));
    assert_true(tariff_is_valid_on(tariff, (struct civil_date){2026, 4, 1}));
    assert_true(tariff_is_valid_on(tariff, (struct civil_date){2027, 3, 31}));
    assert_false(tariff_is_valid_on(tariff, (struct civil_date){2027, 4, 1}));
    assert_string_equal(tariff_code(tariff), "t");
    assert_string_equal(tariff_name(tariff), "料金");
    assert_string_equal(tariff_form_name(tariff), "fixed");
    tariff_destroy(tariff);
    tariff_destroy(NULL);
}

static void
what_must_be_asked_is_said_with_ranges_and_defaults(void **state)
{
    (void)state;
    struct buffer out;
    struct tariff *tariff = case_tariff(BY_PERCENT);
    buffer_init(&out, CASE_TEXT_SIZE);
    assert_int_equal(tariff_questions(tariff, (struct civil_date){2026, 11, 22}, &out, NULL), STATUS_OK);
    assert_string_equal(
        buffer_text(&out),
        "{\"tariff\":\"t\",\"name\":\"料金\",\"form\":\"fixed\",\"parts\":[\"price\"],\"questions\":["
        "{\"id\":\"quantity\",\"kind\":\"count\",\"label\":\"数量\",\"hint\":\"\",\"required\":false,\"unit\":\"\","
        "\"min\":1,\"max\":999,\"default\":1},"
        "{\"id\":\"residence\",\"kind\":\"choice\",\"label\":\"住所\",\"hint\":\"\",\"required\":false,\"choices\":["
        "{\"code\":\"in\",\"name\":\"市内\",\"hint\":\"\"},{\"code\":\"out\",\"name\":\"市外\",\"hint\":\"\"}],"
        "\"default\":\"in\"}]}");
    buffer_finish(&out);
    tariff_destroy(tariff);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fixed_price_is_multiplied_by_the_quantity),
        cmocka_unit_test(an_answer_that_cannot_be_is_told_to_the_clerk),
        cmocka_unit_test(factors_multiply_or_replace_a_price_and_round_once),
        cmocka_unit_test(reductions_round_down_to_ten_yen_and_never_below_zero),
        cmocka_unit_test(a_wrong_row_is_refused_by_the_name_of_its_member),
        cmocka_unit_test(a_tariff_is_valid_from_its_first_to_its_last_day),
        cmocka_unit_test(what_must_be_asked_is_said_with_ranges_and_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
