/* Steps and persons, by the published examples. */
#include "tests/unit/common/tariff_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* "5筆まで300円、1筆増すごとに50円" */
#define PARCELS                                                                                                                 \
    "{'code':'hyoka','name':'土地評価証明','valid_from':'2026-04-01','form':'steps','unit':'筆','count_label':'筆数'," \
    "'copies_unit':'通','first':{'count':5,'yen':300},'steps':[{'every':1,'yen':50}]}"
#define COPIES                                                                                                         \
    "{'code':'kopi','name':'写し','valid_from':'2026-04-01','form':'steps','unit':'枚',"                            \
    "'first':{'count':10,'yen':200},'steps':[{'every':5,'yen':100,'up_to':30},{'every':10,'yen':150,'up_to':60}],"     \
    "'maximum_yen':900}"

static const struct {
    const char *row;
    const char *facts;
    const char *expected;
} step_examples[] = {
    {PARCELS, "{}", "1筆: 1×300=300 {5筆まで 300円: 300}\ntotal 300"},
    {PARCELS, "{'count':5}", "5筆: 1×300=300 {5筆まで 300円: 300}\ntotal 300"},
    {PARCELS, "{'count':6}", "6筆: 1×350=350 {5筆まで 300円: 300; 6筆から 1筆ごとに50円 × 1: 50}\ntotal 350"},
    {PARCELS, "{'count':12,'copies':2}",
     "12筆: 2×650=1300 {5筆まで 300円 × 2: 600; 6筆から 1筆ごとに50円 × 7 × 2: 700}\ntotal 1300"},
    {COPIES, "{'count':11}", "11枚: 1×300=300 {10枚まで 200円: 200; 11枚から 5枚ごとに100円 × 1: 100}\ntotal 300"},
    {COPIES, "{'count':30}", "30枚: 1×600=600 {10枚まで 200円: 200; 11枚から 5枚ごとに100円 × 4: 400}\ntotal 600"},
    {COPIES, "{'count':60}",
     "60枚: 1×900=900 {10枚まで 200円: 200; 11枚から 5枚ごとに100円 × 4: 400; 31枚から 10枚ごとに150円 × 3: 450; "
     "上限 900円を適用: -150}\ntotal 900"},
    {COPIES, "{'count':61}", "invalid wrong_number: 「数」は 1 から 60 の整数で入れてください。"},
    {PARCELS, "{'count':99999,'copies':999}",
     "overflow too_dear: 料金が 9,999,999円 を超えます。入力を確かめ、正しければ分けて会計してください。"},
};

static void
steps_are_begun_in_full_and_stop_at_the_maximum(void **state)
{
    (void)state;
    char out[CASE_TEXT_SIZE];
    for (size_t i = 0; i < sizeof step_examples / sizeof step_examples[0]; i++) {
        assert_string_equal(case_price(step_examples[i].row, step_examples[i].facts, "2026-11-22", NULL, out),
                            step_examples[i].expected);
    }
}

/* 美術館常設展 */
#define MUSEUM                                                                                                         \
    "{'code':'josetsu','name':'常設展','valid_from':'2026-04-01','form':'persons','group':{'from':20},"             \
    "'categories':[{'code':'adult','name':'一般','price_yen':200,'group_price_yen':150},"                            \
    "{'code':'student','name':'高校・大学生','price_yen':100,'group_price_yen':70},"                             \
    "{'code':'child','name':'小中学生','price_yen':0},{'code':'senior','name':'65歳以上','price_yen':0}],"      \
    "'certificates':[{'code':'techo','name':'障害者手帳','helpers':1}],"                                          \
    "'holidays':['2026-11-03'],'days':[{'name':'文化の日 無料','weekdays':['holiday'],'percent':0}]}"
/* スケート場 */
#define RINK                                                                                                           \
    "{'code':'rink','name':'滑走料','valid_from':'2026-04-01','form':'persons','categories':["                      \
    "{'code':'adult','name':'一般','price_yen':400},{'code':'high','name':'高校生','price_yen':300},"             \
    "{'code':'junior','name':'中学生以下','price_yen':200}]}"
/* Halves, as other cities have them. */
#define POOL                                                                                                              \
    "{'code':'pool','name':'プール','valid_from':'2026-04-01','form':'persons','group':{'from':10,'counts':'paying'}," \
    "'categories':[{'code':'adult','name':'一般','price_yen':{'in':350,'out':500},'group_price_yen':300},"              \
    "{'code':'infant','name':'幼児','price_yen':0}],'certificates':[{'code':'half','name':'手帳','percent':50,"       \
    "'helpers':2,'helper_percent':50,'helper_category':'adult'}],"                                                        \
    "'factors':[{'code':'home','name':'住所','choices':[{'code':'in','name':'市内'},{'code':'out','name':'市外'}]}]}"

static const struct {
    const char *row;
    const char *facts;
    const char *day;
    const char *expected;
} person_examples[] = {
    {MUSEUM, "{'persons':{'adult':2,'student':1,'child':3,'senior':1}}", "2026-11-22",
     "一般: 2×200=400 {一般 200円 × 2: 400}\n高校・大学生: 1×100=100 {高校・大学生 100円: 100}\n"
     "小中学生: 3×0=0 {小中学生 0円 × 3: 0}\n65歳以上: 1×0=0 {65歳以上 0円: 0}\ntotal 500"},
    {MUSEUM, "{'persons':{'adult':19}}", "2026-11-22", "一般: 19×200=3800 {一般 200円 × 19: 3800}\ntotal 3800"},
    {MUSEUM, "{'persons':{'adult':20}}", "2026-11-22",
     "一般(団体): 20×150=3000 {一般(団体20人以上) 150円 × 20: 3000}\ntotal 3000"},
    /* The whole party makes the group. */
    {MUSEUM, "{'persons':{'student':15,'child':4,'techo':1}}", "2026-11-22",
     "高校・大学生(団体): 15×70=1050 {高校・大学生(団体20人以上) 70円 × 15: 1050}\n"
     "小中学生: 4×0=0 {小中学生 0円 × 4: 0}\n障害者手帳: 1×0=0 {障害者手帳 0円: 0}\ntotal 1050"},
    {MUSEUM, "{'persons':{'techo':2,'techo.helper':2}}", "2026-11-22",
     "障害者手帳: 2×0=0 {障害者手帳 0円 × 2: 0}\n障害者手帳 介助者: 2×0=0 {障害者手帳 介助者 0円 × 2: 0}\ntotal 0"},
    {MUSEUM, "{'persons':{'adult':1,'techo':1,'techo.helper':2}}", "2026-11-22",
     "invalid too_many_helpers: 障害者手帳の介助者は障害者手帳をお持ちの方1人につき1人までです。"
     "ほかの方は一般などの人数に入れてください。"},
    {MUSEUM, "{'persons':{'adult':2}}", "2026-11-03",
     "一般: 2×0=0 {一般 200円 × 2: 400; 文化の日 無料: -400}\ntotal 0"},
    {MUSEUM, "{'persons':{}}", "2026-11-22", "invalid missing_answer: 人数を入れてください。"},
    {MUSEUM, "{'persons':{'adlut':1}}", "2026-11-22",
     "invalid unknown_code: 「人数」に adlut という区分はありません。入れ直してください。"},
    {MUSEUM, "{'persons':{'adult':-1}}", "2026-11-22",
     "invalid wrong_number: 「一般」は 0 から 999 の整数で入れてください。"},
    {MUSEUM, "{'persons':5}", "2026-11-22", "invalid wrong_answer: 「人数」を入れ直してください。"},
    {RINK, "{'persons':{'adult':2,'high':1,'junior':3}}", "2026-11-22",
     "一般: 2×400=800 {一般 400円 × 2: 800}\n高校生: 1×300=300 {高校生 300円: 300}\n"
     "中学生以下: 3×200=600 {中学生以下 200円 × 3: 600}\ntotal 1700"},
    {POOL, "{'persons':{'half.adult':1,'half.helper':2},'home':'out'}", "2026-11-22",
     "一般 手帳(市外): 1×250=250 {一般 500円: 500; 手帳 50%: -250}\n"
     "手帳 介助者(市外): 2×250=500 {一般 500円 × 2: 1000; 手帳 50% × 2: -500}\ntotal 750"},
    {POOL, "{'persons':{'half.adult':1}}", "2026-11-22",
     "一般 手帳: 1×170=170 {一般 350円: 350; 手帳 50%: -180}\ntotal 170"},
    /* Nine pay: no group, however many come along. */
    {POOL, "{'persons':{'adult':9,'infant':30}}", "2026-11-22",
     "一般: 9×350=3150 {一般 350円 × 9: 3150}\n幼児: 30×0=0 {幼児 0円 × 30: 0}\ntotal 3150"},
    {POOL, "{'persons':{'adult':10},'home':'out'}", "2026-11-22",
     "一般(団体): 10×300=3000 {一般(団体10人以上) 300円 × 10: 3000}\ntotal 3000"},
};

static void
people_pay_by_category_group_certificate_and_day(void **state)
{
    (void)state;
    char out[CASE_TEXT_SIZE];
    for (size_t i = 0; i < sizeof person_examples / sizeof person_examples[0]; i++) {
        assert_string_equal(
            case_price(person_examples[i].row, person_examples[i].facts, person_examples[i].day, NULL, out),
            person_examples[i].expected);
    }
}

/* 東部体育館: five bands, Saturday morning free; the amounts are the test's. */
#define GYM                                                                                                             \
    "{'code':'gym','name':'個人利用','valid_from':'2026-04-01','form':'persons','categories':["                     \
    "{'code':'adult','name':'一般','price_yen':200},{'code':'child','name':'小中学生','price_yen':50}],'bands':[" \
    "{'code':'b1','name':'9〜12時','from':'09:00','to':'12:00'},{'code':'b2','name':'12〜15時','from':'12:00',"     \
    "'to':'15:00'},{'code':'b3','name':'15〜17時','from':'15:00','to':'17:00'},{'code':'b4','name':'17〜19時',"     \
    "'from':'17:00','to':'19:00'},{'code':'b5','name':'19〜21時','from':'19:00','to':'21:00'}],"                      \
    "'days':[{'name':'土曜無料開放','weekdays':['sat'],'bands':['b1'],'percent':0}]}"

static void
a_free_morning_is_free_in_its_band_on_its_weekday(void **state)
{
    (void)state;
    char out[CASE_TEXT_SIZE];
    /* 2026-11-21 is a Saturday. */
    assert_string_equal(case_price(GYM, "{'persons':{'adult':2},'bands':['b1','b2']}", "2026-11-21", NULL, out),
                        "一般 9〜12時: 2×0=0 {一般 200円 × 2: 400; 土曜無料開放: -400}\n"
                        "一般 12〜15時: 2×200=400 {一般 200円 × 2: 400}\ntotal 400");
    assert_string_equal(case_price(GYM, "{'persons':{'adult':2},'bands':['b1']}", "2026-11-22", NULL, out),
                        "一般 9〜12時: 2×200=400 {一般 200円 × 2: 400}\ntotal 400");
    assert_string_equal(case_price(GYM, "{'persons':{'adult':2}}", "2026-11-22", NULL, out),
                        "invalid missing_answer: 時間帯を選んでください。");
    assert_string_equal(case_price(GYM, "{'persons':{'adult':2},'bands':['b9']}", "2026-11-22", NULL, out),
                        "invalid wrong_answer: 「時間帯」を選び直してください。");
}

static void
a_wrong_row_is_refused_by_the_name_of_its_member(void **state)
{
    (void)state;
#define P "{'code':'t','name':'x','valid_from':'2026-04-01','form':'persons',"
#define A "{'code':'a','name':'一般','price_yen':1}"
#define S "{'code':'t','name':'x','valid_from':'2026-04-01','form':'steps','unit':'筆',"
    static const struct {
        const char *row;
        const char *begins;
    } rows[] = {
        {P "'categories':[]}", "categories: "},
        {P "'categories':[" A "," A "]}", "categories[1].code: "},
        {P "'categories':[{'code':'a','name':'一般'}]}", "categories[0].price_yen: "},
        {P "'categories':[{'code':'a','name':'一般','price_yen':1,'group_price_yen':1}]}",
         "categories[0].group_price_yen: "},
        {P "'group':{'from':1},'categories':[" A "]}", "group.from: "},
        {P "'categories':[" A "],'certificates':[{'code':'a','name':'手帳'}]}", "certificates[0].code: "},
        {P "'categories':[" A "],'certificates':[{'code':'b','name':'手帳','helpers':1,'helper_percent':50}]}",
         "certificates[0].helper_category: "},
        {P "'categories':[" A "],'bands':[{'code':'b','name':'朝','from':'12:00','to':'09:00'}]}", "bands[0].to: "},
        {P "'categories':[" A "],'bands':[{'code':'b','name':'朝','from':'9:00','to':'12:00'}]}", "bands[0].from: "},
        {P "'categories':[" A "],'days':[{'name':'x','percent':0,'weekdays':['sat'],'bands':['b']}]}",
         "days[0].bands: "},
        {P "'categories':[" A "],'days':[{'name':'x','percent':0,'weekdays':['sat'],'categories':['b']}]}",
         "days[0].categories: "},
        {P "'categories':[" A "],'factors':[{'code':'f','name':'x','parts':['room'],'choices':[{'code':'b',"
           "'name':'y'},{'code':'c','name':'z'}]}]}",
         "factors[0].parts: "},
        {S "'first':{'count':5}}", "first.yen: "},
        {S "'first':{'count':5,'yen':1},'steps':[{'every':1,'yen':1},{'every':1,'yen':1}]}", "steps[1].up_to: "},
        {S "'first':{'count':5,'yen':1},'steps':[{'every':1,'yen':1,'up_to':5}]}", "steps[0].up_to: "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char message[ERROR_MESSAGE_SIZE];
        case_row_error(rows[i].row, message);
        if (strncmp(message, rows[i].begins, strlen(rows[i].begins)) != 0) {
            fail_msg("\"%s\" for %s", message, rows[i].row);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_begun_in_full_and_stop_at_the_maximum),
        cmocka_unit_test(people_pay_by_category_group_certificate_and_day),
        cmocka_unit_test(a_free_morning_is_free_in_its_band_on_its_weekday),
        cmocka_unit_test(a_wrong_row_is_refused_by_the_name_of_its_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
