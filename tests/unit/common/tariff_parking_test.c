/* Parking: the published car park, other rules of the field, and what must hold of every stay. */
#include "tests/unit/common/seeded_random.h"
#include "tests/unit/common/tariff_case.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "{'code':'p','name':'駐車場','valid_from':'2026-04-01','form':'parking',"
/* 麓山地区立体駐車場: two hours free, then 100円 for 30 minutes, at most 1,000円 a day. Grace and lost ticket are ours.
 */
#define HAYAMA                                                                                                         \
    HEAD "'free_minutes':120,'rates':[{'unit_minutes':30,'yen':100}],'daily_maximum_yen':1000,'day':'midnight',"       \
         "'grace_minutes':15,'lost_ticket_yen':1000}"
/* The same by 24 hours from the entry. */
#define BY_24_HOURS                                                                                                    \
    HEAD "'free_minutes':120,'rates':[{'unit_minutes':30,'yen':100}],'daily_maximum_yen':1000,'day':'24h'}"
/* Free only for short stays, first hour, night rate with a maximum, dearer weekends, a validation. */
#define STATION                                                                                                        \
    HEAD "'free_minutes':20,'free':'within','first':{'minutes':60,'yen':200},'rates':["                                \
         "{'unit_minutes':30,'yen':150,'from':'08:00','to':'20:00'},"                                                  \
         "{'unit_minutes':60,'yen':100,'from':'20:00','to':'08:00','maximum_yen':500}],"                               \
         "'special_days':{'weekdays':['sat','sun'],'rates':[{'unit_minutes':30,'yen':200}],'daily_maximum_yen':1600}," \
         "'validations':[{'code':'library','name':'図書館','minutes':60}]}"

static const struct {
    const char *row;
    const char *facts;
    const char *expected;
} examples[] = {
    {HAYAMA, "{'entered_at':'2026-11-20T10:00','left_at':'2026-11-20T12:00'}",
     "2時間: 1×0=0 {11/20 10:00 入庫、11/20 12:00 出庫(2時間): 0; 最初の2時間 無料: 0}\ntotal 0"},
    {HAYAMA, "{'entered_at':'2026-11-20T10:00:59.999+09:00','left_at':'2026-11-20T12:00:01+09:00'}",
     "2時間: 1×0=0 {11/20 10:00 入庫、11/20 12:00 出庫(2時間): 0; 最初の2時間 無料: 0}\ntotal 0"},
    {HAYAMA, "{'entered_at':'2026-11-20T10:00','left_at':'2026-11-20T12:01'}",
     "2時間1分: 1×100=100 {11/20 10:00 入庫、11/20 12:01 出庫(2時間1分): 0; 最初の2時間 無料: 0; "
     "30分ごと100円 × 1: 100}\ntotal 100"},
    {HAYAMA, "{'entered_at':'2026-11-20T10:00','left_at':'2026-11-20T13:10'}",
     "3時間10分: 1×300=300 {11/20 10:00 入庫、11/20 13:10 出庫(3時間10分): 0; 最初の2時間 無料: 0; "
     "30分ごと100円 × 3: 300}\ntotal 300"},
    {HAYAMA, "{'entered_at':'2026-11-20T08:00','left_at':'2026-11-20T20:00'}",
     "12時間: 1×1000=1000 {11/20 8:00 入庫、11/20 20:00 出庫(12時間): 0; 最初の2時間 無料: 0; "
     "30分ごと100円 × 20: 2000; 1日最大 1,000円を適用: -1000}\ntotal 1000"},
    /* Midnight begins a new day; the two free hours are not given again. */
    {HAYAMA, "{'entered_at':'2026-11-20T22:00','left_at':'2026-11-21T01:00'}",
     "3時間: 1×200=200 {11/20 22:00 入庫、11/21 1:00 出庫(3時間): 0; 最初の2時間 無料: 0; 30分ごと100円 × 2: 200}\n"
     "total 200"},
    {HAYAMA, "{'entered_at':'2026-11-20T12:00','left_at':'2026-11-22T12:00'}",
     "2日: 1×3000=3000 {11/20 12:00 入庫、11/22 12:00 出庫(2日): 0; 最初の2時間 無料: 0; "
     "30分ごと100円 × 92: 9200; 1日最大 1,000円を適用(3日): -6200}\ntotal 3000"},
    {BY_24_HOURS, "{'entered_at':'2026-11-20T12:00','left_at':'2026-11-22T12:00'}",
     "2日: 1×2000=2000 {11/20 12:00 入庫、11/22 12:00 出庫(2日): 0; 最初の2時間 無料: 0; "
     "30分ごと100円 × 92: 9200; 1日最大 1,000円を適用(2日): -7200}\ntotal 2000"},
    /* Paid at noon, left within the grace, and after it. */
    {HAYAMA,
     "{'entered_at':'2026-11-20T09:00','left_at':'2026-11-20T12:15','prepaid_at':'2026-11-20T12:00','prepaid_yen':200}",
     "3時間15分: 1×0=0 {11/20 9:00 入庫、11/20 12:15 出庫(3時間15分): 0; 最初の2時間 無料: 0; "
     "30分ごと100円 × 3: 300; 11/20 12:00 事前精算済み、15分以内の出庫: -300}\ntotal 0"},
    {HAYAMA,
     "{'entered_at':'2026-11-20T09:00','left_at':'2026-11-20T12:16','prepaid_at':'2026-11-20T12:00','prepaid_yen':200}",
     "3時間16分: 1×100=100 {11/20 9:00 入庫、11/20 12:16 出庫(3時間16分): 0; 最初の2時間 無料: 0; "
     "30分ごと100円 × 3: 300; 11/20 12:00 事前精算分を差引: -200}\ntotal 100"},
    {HAYAMA,
     "{'entered_at':'2026-11-20T09:00','left_at':'2026-11-20T12:16','prepaid_at':'2026-11-20T12:00','prepaid_yen':900}",
     "3時間16分: 1×0=0 {11/20 9:00 入庫、11/20 12:16 出庫(3時間16分): 0; 最初の2時間 無料: 0; "
     "30分ごと100円 × 3: 300; 11/20 12:00 事前精算分を差引: -300}\ntotal 0"},
    {HAYAMA, "{'lost_ticket':true}", "駐車券紛失: 1×1000=1000 {駐車券紛失 1,000円: 1000}\ntotal 1000"},
    {HAYAMA, "{'lost_ticket':true,'entered_at':'2026-11-20T10:00','left_at':'2026-11-20T13:00'}",
     "駐車券紛失: 1×1000=1000 {11/20 10:00 入庫、11/20 13:00 出庫(3時間): 0; 最初の2時間 無料: 0; "
     "30分ごと100円 × 2: 200; 駐車券紛失 1,000円を適用: 800}\ntotal 1000"},
    {HAYAMA, "{'lost_ticket':true,'entered_at':'2026-11-19T10:00','left_at':'2026-11-20T13:00'}",
     "1日3時間: 1×2000=2000 {11/19 10:00 入庫、11/20 13:00 出庫(1日3時間): 0; 最初の2時間 無料: 0; "
     "30分ごと100円 × 50: 5000; 1日最大 1,000円を適用(2日): -3000}\ntotal 2000"},
    /* 2026-11-20 is a Friday. */
    {STATION, "{'entered_at':'2026-11-20T10:00','left_at':'2026-11-20T10:20'}",
     "20分: 1×0=0 {11/20 10:00 入庫、11/20 10:20 出庫(20分): 0; 最初の20分 無料: 0}\ntotal 0"},
    {STATION, "{'entered_at':'2026-11-20T10:00','left_at':'2026-11-20T10:21'}",
     "21分: 1×200=200 {11/20 10:00 入庫、11/20 10:21 出庫(21分): 0; 最初の1時間 200円: 200}\ntotal 200"},
    {STATION, "{'entered_at':'2026-11-20T10:00','left_at':'2026-11-20T11:20','validation':'library'}",
     "1時間20分: 1×0=0 {11/20 10:00 入庫、11/20 11:20 出庫(1時間20分): 0; 最初の1時間20分 無料 図書館: 0}\ntotal 0"},
    {STATION, "{'entered_at':'2026-11-20T18:50','left_at':'2026-11-21T02:00'}",
     "7時間10分: 1×1550=1550 {11/20 18:50 入庫、11/21 2:00 出庫(7時間10分): 0; 最初の1時間 200円: 200; "
     "30分ごと150円 × 1: 150; 1時間ごと100円 × 4: 400; 30分ごと200円 × 4: 800}\n"
     "total 1550"},
    {STATION, "{'entered_at':'2026-11-18T20:00','left_at':'2026-11-19T08:00'}",
     "12時間: 1×700=700 {11/18 20:00 入庫、11/19 8:00 出庫(12時間): 0; 最初の1時間 200円: 200; "
     "1時間ごと100円 × 11: 1100; 時間帯の最大料金を適用: -600}\ntotal 700"},
    {HAYAMA, "{'entered_at':'2026-11-20T11:00','left_at':'2026-11-20T10:00'}",
     "invalid left_before_entry: 出庫(11/20 10:00)が入庫(11/20 11:00)より前です。時計を確かめ、正しい日時を入れ直して"
     "ください。分からないときは駐車券紛失で精算してください。"},
    {HAYAMA, "{'entered_at':'1926-11-20T11:00','left_at':'2026-11-20T10:00'}",
     "invalid too_long: 駐車が10年を超えています。入庫日時の年を確かめて入れ直してください。"},
    {HAYAMA,
     "{'entered_at':'2026-11-20T09:00','left_at':'2026-11-20T12:16','prepaid_at':'2026-11-20T13:00','prepaid_yen':1}",
     "invalid wrong_prepayment: "
     "事前精算の日時が入庫から出庫までの間にありません。精算の控えを確かめて入れ直してください。"},
    {HAYAMA, "{'entered_at':'2026-11-20T09:00','left_at':'2026-11-20T12:16','prepaid_yen':1}",
     "invalid missing_answer: 「事前精算した日時」も入れてください。"},
    {HAYAMA, "{'left_at':'2026-11-20T12:16'}", "invalid missing_answer: 「入庫日時」を入れてください。"},
    {HAYAMA, "{'entered_at':'20日の朝','left_at':'2026-11-20T12:16'}",
     "invalid wrong_time: 「入庫日時」は日時を 2026-11-22T10:03 の形で入れてください。"},
    {BY_24_HOURS, "{'lost_ticket':true}", "invalid missing_answer: 「入庫日時」を入れてください。"},
};

static void
stays_cost_what_the_car_park_says(void **state)
{
    (void)state;
    char out[CASE_TEXT_SIZE];
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        assert_string_equal(case_price(examples[i].row, examples[i].facts, "2026-11-20", NULL, out),
                            examples[i].expected);
    }
}

static const int64_t MINUTE_MS = 60000;

static int64_t
stay_total(const struct tariff *tariff, int64_t entry_ms, int64_t exit_ms)
{
    char facts[160];
    char entry[INSTANT_TEXT_SIZE];
    char left[INSTANT_TEXT_SIZE];
    snprintf(facts, sizeof facts, "{'entered_at':'%s','left_at':'%s'}", instant_format(entry, entry_ms),
             instant_format(left, exit_ms));
    return case_total(tariff, facts, "2026-11-20");
}

/* Every minute of three days for a few entries, then random stays up to years. */
static void
a_longer_stay_never_costs_less(void **state)
{
    (void)state;
    static const char *const rows[] = {HAYAMA, BY_24_HOURS, STATION};
    struct seeded_random random = {20261120};
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        struct tariff *tariff = case_tariff(rows[r]);
        for (int i = 0; i < 4; i++) {
            int64_t entry_ms = INT64_C(1795000000000) + seeded_between(&random, 0, 7 * 1440) * MINUTE_MS;
            int64_t before = 0;
            for (int64_t minutes = 0; minutes < 3 * 1440; minutes += 1 + i) {
                int64_t total = stay_total(tariff, entry_ms, entry_ms + minutes * MINUTE_MS);
                assert_true(total >= before);
                before = total;
            }
        }
        for (int i = 0; i < 200; i++) {
            int64_t entry_ms = INT64_C(1795000000000) + seeded_between(&random, 0, 366 * 1440) * MINUTE_MS;
            int64_t first = seeded_between(&random, 0, 3 * 366 * 1440);
            int64_t second = first + seeded_between(&random, 0, 1440);
            int64_t less = stay_total(tariff, entry_ms, entry_ms + first * MINUTE_MS);
            int64_t more = stay_total(tariff, entry_ms, entry_ms + second * MINUTE_MS);
            assert_true(less >= 0 && less <= more);
        }
        tariff_destroy(tariff);
    }
}

/* Ten years, a yen a minute and no maximum: 5,270,400 units, and one that is dearer than a sale can be. */
static void
a_car_of_years_has_a_price_or_a_sentence(void **state)
{
    (void)state;
    char out[CASE_TEXT_SIZE];
    const char *facts = "{'entered_at':'2026-11-20T00:00','left_at':'2036-11-27T00:00'}";
    assert_non_null(strstr(case_price(HEAD "'rates':[{'unit_minutes':1,'yen':1}]}", facts, "2026-11-20", NULL, out),
                           "1分ごと1円 × 5270400: 5270400"));
    assert_non_null(strstr(case_price(HAYAMA, facts, "2026-11-20", NULL, out), "total 3660000"));
    assert_string_equal(case_price(HEAD "'rates':[{'unit_minutes':1,'yen':9999999}]}", facts, "2026-11-20", NULL, out),
                        "overflow too_dear: "
                        "料金が 9,999,999円 を超えます。入力を確かめ、正しければ分けて会計してください。");
}

static void
every_minute_of_the_day_has_exactly_one_rate(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        const char *message;
    } rows[] = {
        {HEAD "'rates':[]}", "rates: [ ] の中に 1 から 4 件を書いてください"},
        {HEAD "'rates':[{'unit_minutes':30,'yen':1,'from':'08:00','to':'20:00'}]}",
         "rates: 0:00 の料金がありません。1日のすべての時刻に料金を書いてください"},
        {HEAD "'rates':[{'unit_minutes':30,'yen':1,'from':'08:00','to':'20:00'},"
              "{'unit_minutes':30,'yen':1,'from':'19:59','to':'08:00'}]}",
         "rates: 19:59 に2つの料金があります。from と to を確かめてください"},
        {HEAD "'rates':[{'unit_minutes':30,'yen':1,'from':'08:00'}]}", "rates[0].to: 必要な項目がありません"},
        {HEAD "'rates':[{'unit_minutes':30,'yen':1}],'special_days':{'weekdays':['sat'],'rates':[]}}",
         "special_days.rates: [ ] の中に 1 から 4 件を書いてください"},
        {HEAD "'rates':[{'unit_minutes':30,'yen':1}],'validations':[{'code':'none','name':'x','minutes':1}]}",
         "validations[0].code: ほかの認証と同じコードか、none です。別のコードにしてください"},
        {HEAD "'rates':[{'unit_minutes':30,'yen':1}],'days':[]}",
         "days: ここには書けない項目です。綴りを確かめてください"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char message[ERROR_MESSAGE_SIZE];
        assert_string_equal(case_row_error(rows[i].row, message), rows[i].message);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stays_cost_what_the_car_park_says),
        cmocka_unit_test(a_longer_stay_never_costs_less),
        cmocka_unit_test(a_car_of_years_has_a_price_or_a_sentence),
        cmocka_unit_test(every_minute_of_the_day_has_exactly_one_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
