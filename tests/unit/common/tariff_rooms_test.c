/* Rooms by bands: what a hall's office sees in a week. */
#include "tests/unit/common/tariff_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BANDS                                                                                                          \
    "'bands':[{'code':'am','name':'午前','from':'09:00','to':'12:00'},{'code':'pm','name':'午後','from':'13:00',"  \
    "'to':'17:00'},{'code':'night','name':'夜間','from':'18:00','to':'22:00'},{'code':'all','name':'全日',"        \
    "'from':'09:00','to':'22:00'}]"
#define HALL                                                                                                           \
    "{'code':'hall','name':'大ホール','valid_from':'2026-04-01','form':'bands'," BANDS ",'rooms':["                    \
    "{'code':'main','name':'大ホール','prices_yen':{'am':20000,'pm':30000,'night':35000,'all':80000},"             \
    "'hourly':{'yen':9000},'air':{'percent':50}},"                                                                     \
    "{'code':'small','name':'小会議室','prices_yen':{'am':{'in':500,'out':1000},'pm':{'in':700,'out':1400}},"      \
    "'air':{'band_yen':100}},"                                                                                         \
    "{'code':'court','name':'テニスコート','hourly':{'minutes':120,'yen':600},'air':{'hour_yen':200}}],"         \
    "'equipment':[{'code':'piano','name':'ピアノ','price_yen':5000,'max':2},"                                       \
    "{'code':'mic','name':'マイク','unit':'本','price_yen':300,'per':'band'}],"                                    \
    "'factors':[{'code':'residence','name':'住所','parts':['room'],'choices':[{'code':'in','name':'市内'},"        \
    "{'code':'out','name':'市外','percent':150}]},"                                                                  \
    "{'code':'fee','name':'入場料','parts':['room'],'choices':[{'code':'none','name':'なし'},"                    \
    "{'code':'paid','name':'入場料あり','percent':200}]}],"                                                       \
    "'holidays':['2026-11-23'],"                                                                                       \
    "'days':[{'name':'土曜無料開放','weekdays':['sat'],'bands':['am'],'categories':['small'],'percent':0},"      \
    "{'name':'土日祝','weekdays':['sat','sun','holiday'],'parts':['room'],'percent':120}]}"

static const struct {
    const char *facts;
    const char *expected;
} examples[] = {
    {"{'use':{'main':['pm','am']}}", "大ホール 午前: 1×20000=20000 {大ホール 午前 9:00〜12:00 20,000円: 20000}\n"
                                     "大ホール 午後: 1×30000=30000 {大ホール 午後 13:00〜17:00 30,000円: 30000}\n"
                                     "total 50000"},
    {"{'use':{'main':['am'],'small':['am']},'air':{'main':1,'small':1},'equipment':{'piano':1,'mic':2}}",
     "大ホール 午前: 1×20000=20000 {大ホール 午前 9:00〜12:00 20,000円: 20000}\n"
     "大ホール 午前 冷暖房: 1×10000=10000 {大ホール 午前 冷暖房 20,000円の50%: 10000}\n"
     "小会議室 午前: 1×500=500 {小会議室 午前 9:00〜12:00 500円: 500}\n"
     "小会議室 午前 冷暖房: 1×100=100 {小会議室 午前 冷暖房 100円: 100}\n"
     "ピアノ: 1×5000=5000 {ピアノ 5,000円: 5000}\n"
     "マイク: 2×300=600 {マイク 2本・1区分 300円 × 2: 600}\ntotal 36200"},
    {"{'use':{'main':['am','pm']},'equipment':{'mic':2}}",
     "大ホール 午前: 1×20000=20000 {大ホール 午前 9:00〜12:00 20,000円: 20000}\n"
     "大ホール 午後: 1×30000=30000 {大ホール 午後 13:00〜17:00 30,000円: 30000}\n"
     "マイク: 4×300=1200 {マイク 2本・2区分 300円 × 4: 1200}\ntotal 51200"},
    {"{'use':{'main':['night']},'hours':{'main':1},'residence':'out','fee':'paid'}",
     "大ホール 夜間(市外・入場料あり): 1×105000=105000 {大ホール 夜間 18:00〜22:00 35,000円: 35000; 市外 150%: 17500; "
     "入場料あり 200%: 52500}\n"
     "大ホール 時間延長(市外・入場料あり): 1×27000=27000 {大ホール 時間延長 60分 9,000円: 9000; 市外 150%: 4500; "
     "入場料あり 200%: 13500}\ntotal 132000"},
    /* A price of its own stands in place of the percentage. */
    {"{'use':{'small':['am']},'residence':'out'}",
     "小会議室 午前(市外): 1×1000=1000 {小会議室 午前 9:00〜12:00(市外) 1,000円: 1000}\ntotal 1000"},
    {"{'hours':{'court':2},'air':{'court':3}}",
     "テニスコート 時間延長: 2×600=1200 {テニスコート 時間延長 120分 600円 × 2: 1200}\n"
     "テニスコート 冷暖房: 3×200=600 {テニスコート 冷暖房 1時間 200円 × 3: 600}\ntotal 1800"},
    {"{'used_on':'2026-11-21','use':{'small':['am','pm']}}",
     "小会議室 午前: 1×0=0 {小会議室 午前 9:00〜12:00 500円: 500; 土曜無料開放: -500}\n"
     "小会議室 午後: 1×840=840 {小会議室 午後 13:00〜17:00 700円: 700; 土日祝 120%: 140}\ntotal 840"},
    {"{'used_on':'2026-11-23','use':{'small':['am']}}",
     "小会議室 午前: 1×600=600 {小会議室 午前 9:00〜12:00 500円: 500; 土日祝 120%: 100}\ntotal 600"},
    {"{'equipment':{'piano':1}}", "ピアノ: 1×5000=5000 {ピアノ 5,000円: 5000}\ntotal 5000"},
    {"{}", "invalid missing_answer: 部屋と時間帯を選んでください。"},
    {"{'use':{'main':['am','all']}}",
     "invalid bands_overlap: 午前 と 全日 は時間が重なります。どちらかを外してください。"},
    {"{'use':{'main':['am','am']}}", "invalid wrong_answer: 「大ホールの時間帯」を選び直してください。"},
    {"{'use':{'main':'am'}}", "invalid wrong_answer: 「大ホールの時間帯」を選び直してください。"},
    {"{'use':{'small':['night']}}",
     "invalid not_let: 小会議室 は 夜間 の料金がありません。時間帯を選び直してください。"},
    {"{'hours':{'small':1}}", "invalid not_let: 小会議室 は時間単位の料金がありません。時間帯を選んでください。"},
    {"{'use':{'mian':['am']}}",
     "invalid unknown_code: 「部屋と時間帯」に mian という区分はありません。入れ直してください。"},
    {"{'air':{'main':1}}", "invalid air_without_room: 大ホール の冷暖房には、使う時間帯も選んでください。"},
    {"{'use':{'main':['am']},'air':{'main':2}}",
     "invalid wrong_number: 「冷暖房」は 0 から 1 の整数で入れてください。"},
    {"{'equipment':{'mic':1}}",
     "invalid equipment_without_band: マイク は時間帯ごとの料金です。使う時間帯も選んでください。"},
    {"{'equipment':{'piano':3}}", "invalid wrong_number: 「ピアノ」は 0 から 2 の整数で入れてください。"},
    {"{'used_on':'2062-11-20','use':{'main':['am']}}",
     "invalid wrong_date: 「使用日」が今日から離れすぎています。年を確かめてください。"},
};

static void
rooms_are_priced_by_band_factor_day_air_and_equipment(void **state)
{
    (void)state;
    char out[CASE_TEXT_SIZE];
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        assert_string_equal(case_price(HALL, examples[i].facts, "2026-11-20", NULL, out), examples[i].expected);
    }
}

/* 市民文化センター: 80% of the hall, 20% of equipment, by one decision. */
static void
a_reduction_takes_its_own_part_off_hall_and_equipment(void **state)
{
    (void)state;
    char out[CASE_TEXT_SIZE];
    const char *reductions = "[{'code':'bunka','name':'文化団体','granters':['文化振興課'],'valid_from':'2026-04-01',"
                             "'rates':[{'part':'room','percent':80},{'part':'equipment','percent':20}]}]";
    assert_string_equal(
        case_price(HALL, "{'use':{'main':['am']},'air':{'main':1},'equipment':{'piano':1}}", "2026-11-20", reductions,
                   out),
        "大ホール 午前: 1×20000−16000=4000 {大ホール 午前 9:00〜12:00 20,000円: 20000; 減免 文化団体 80%引: -16000}\n"
        "大ホール 午前 冷暖房: 1×10000=10000 {大ホール 午前 冷暖房 20,000円の50%: 10000}\n"
        "ピアノ: 1×5000−1000=4000 {ピアノ 5,000円: 5000; 減免 文化団体 20%引: -1000}\ntotal 18000");
}

static void
two_reductions_may_not_meet_in_one_line(void **state)
{
    (void)state;
    char out[CASE_TEXT_SIZE];
#define R(code, rates)                                                                                                 \
    "{'code':'" code "','name':'" code "','granters':['課'],'valid_from':'2026-04-01','rates':[" rates "]}"
    assert_string_equal(
        case_price(HALL, "{'use':{'main':['am']},'equipment':{'piano':1}}", "2026-11-20",
                   "[" R("a", "{'part':'room','percent':50}") "," R("b", "{'part':'equipment','percent':50}") "]", out),
        "大ホール 午前: 1×20000−10000=10000 {大ホール 午前 9:00〜12:00 20,000円: 20000; 減免 a 50%引: "
        "-10000}\nピアノ: 1×5000−2500=2500 {ピアノ 5,000円: 5000; 減免 b 50%引: -2500}\ntotal 12500");
    assert_string_equal(
        case_price(HALL, "{'use':{'main':['am']}}", "2026-11-20",
                   "[" R("a", "{'part':'room','percent':50}") "," R("b", "{'part':'all','percent':50}") "]", out),
        "refused reductions_meet: 1つの料金に減免は1つだけです。減免を1つにしてください。");
    /* A sum for the whole use goes from line to line until it is used up. */
    assert_string_equal(case_price(HALL, "{'use':{'small':['am','pm']}}", "2026-11-20",
                                   "[" R("c", "{'part':'room','yen':600,'per':'use'}") "]", out),
                        "小会議室 午前: 1×500−500=0 {小会議室 午前 9:00〜12:00 500円: 500; 減免 c: -500}\n"
                        "小会議室 午後: 1×700−100=600 {小会議室 午後 13:00〜17:00 700円: 700; 減免 c: -100}\ntotal 600");
}

static void
a_wrong_row_is_refused_by_the_name_of_its_member(void **state)
{
    (void)state;
#define B "{'code':'t','name':'x','valid_from':'2026-04-01','form':'bands'," BANDS ","
    static const struct {
        const char *row;
        const char *begins;
    } rows[] = {
        {B "'rooms':[]}", "rooms: "},
        {B "'rooms':[{'code':'a','name':'x'}]}", "rooms[0].prices_yen: "},
        {B "'rooms':[{'code':'a','name':'x','prices_yen':{'noon':1}}]}", "rooms[0].prices_yen.noon: "},
        {B "'rooms':[{'code':'a','name':'x','prices_yen':{'am':'1'}}]}", "rooms[0].prices_yen.am: "},
        {B "'rooms':[{'code':'a','name':'x','prices_yen':5}]}", "rooms[0].prices_yen: "},
        {B "'rooms':[{'code':'a','name':'x','hourly':{'minutes':0,'yen':1}}]}", "rooms[0].hourly.minutes: "},
        {B "'rooms':[{'code':'a','name':'x','hourly':{'yen':1},'air':{'percent':1,'hour_yen':2}}]}",
         "rooms[0].air.percent: "},
        {B "'rooms':[{'code':'a','name':'x','hourly':{'yen':1}},{'code':'a','name':'y','hourly':{'yen':1}}]}",
         "rooms[1].code: "},
        {B "'rooms':[{'code':'a','name':'x','hourly':{'yen':1}}],'equipment':[{'code':'a','name':'y','price_yen':1}]}",
         "equipment[0].code: "},
        {B "'rooms':[{'code':'a','name':'x','hourly':{'yen':1}}],'equipment':[{'code':'b','name':'y','price_yen':1,"
           "'per':'day'}]}",
         "equipment[0].per: "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char message[ERROR_MESSAGE_SIZE];
        case_row_error(rows[i].row, message);
        if (strncmp(message, rows[i].begins, strlen(rows[i].begins)) != 0) {
            fail_msg("\"%s\" for %s", message, rows[i].row);
        }
    }
}

/* Forty lines are what a result holds: forty-one are told, not cut. */
static void
more_lines_than_a_result_holds_are_refused(void **state)
{
    (void)state;
    char row[8 * 1024];
    char facts[4 * 1024];
    char out[CASE_TEXT_SIZE];
    size_t row_length = (size_t)snprintf(row, sizeof row,
                                         "{'code':'t','name':'x','valid_from':'2026-04-01',"
                                         "'form':'bands'," BANDS ",'rooms':[");
    size_t facts_length = (size_t)snprintf(facts, sizeof facts, "{'use':{");
    for (int i = 0; i < 21; i++) {
        row_length +=
            (size_t)snprintf(row + row_length, sizeof row - row_length,
                             "%s{'code':'r%d','name':'室%d','prices_yen':{'am':10,'pm':20}}", i > 0 ? "," : "", i, i);
        facts_length += (size_t)snprintf(facts + facts_length, sizeof facts - facts_length, "%s'r%d':['am'%s]",
                                         i > 0 ? "," : "", i, i < 20 ? ",'pm'" : "");
    }
    snprintf(row + row_length, sizeof row - row_length, "]}");
    snprintf(facts + facts_length, sizeof facts - facts_length, "}}");
    assert_string_equal(case_price(row, facts, "2026-11-20", NULL, out),
                        "overflow too_many_lines: 明細が 40 行を超えます。2回に分けて会計してください。");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rooms_are_priced_by_band_factor_day_air_and_equipment),
        cmocka_unit_test(a_reduction_takes_its_own_part_off_hall_and_equipment),
        cmocka_unit_test(two_reductions_may_not_meet_in_one_line),
        cmocka_unit_test(a_wrong_row_is_refused_by_the_name_of_its_member),
        cmocka_unit_test(more_lines_than_a_result_holds_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
