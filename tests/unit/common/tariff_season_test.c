/* Season tickets: 自転車等駐車場 by the month, to the end of the fiscal year, for students, begun in mid-month. */
#include "tests/unit/common/tariff_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "{'code':'churin','name':'定期','valid_from':'2026-04-01','form':'season',"
#define PERIODS                                                                                                        \
    "'periods':[{'code':'1m','name':'1か月','months':1},{'code':'3m','name':'3か月','months':3},"                  \
    "{'code':'fy','name':'年度末まで','until':'fiscal_year_end'}],"
#define CLASSES                                                                                                        \
    "'classes':[{'code':'bike','name':'自転車 一般','monthly_yen':2000,'prices_yen':{'3m':5700}},"                \
    "{'code':'student','name':'自転車 学生','monthly_yen':1300,'fiscal_year_maximum_yen':9000},"                  \
    "{'code':'moped','name':'原付','prices_yen':{'1m':3000},'periods':['1m']}]"
#define BY_MONTH HEAD PERIODS CLASSES "}"
#define FROM_16TH                                                                                                      \
    HEAD "'mid_month':{'rule':'from_day','from_day':16,'percent':50}," PERIODS                                         \
         "'classes':[{'code':'bike','name':'自転車','monthly_yen':2050,'prices_yen':{'3m':5700}}]}"
#define DAILY                                                                                                          \
    HEAD "'mid_month':{'rule':'daily'}," PERIODS                                                                       \
         "'classes':[{'code':'bike','name':'自転車','monthly_yen':{'in':2000,'out':3000}}],'factors':["             \
         "{'code':'home','name':'住所','choices':[{'code':'in','name':'市内'},{'code':'out','name':'市外'}]}]}"
#define BY_DAY HEAD "'start':'day'," PERIODS "'classes':[{'code':'bike','name':'自転車','monthly_yen':2000}]}"

static const struct {
    const char *row;
    const char *facts;
    const char *day;
    const char *expected;
} examples[] = {
    {BY_MONTH, "{'class':'bike','period':'1m'}", "2026-11-22",
     "自転車 一般 1か月: 1×2000=2000 {自転車 一般 月2,000円 × 1か月: 2000; "
     "有効期間 2026年11月22日から2026年11月30日まで: 0}\ntotal 2000"},
    {BY_MONTH, "{'class':'bike','period':'3m','starts_on':'2026-12-01','quantity':2}", "2026-11-22",
     "自転車 一般 3か月: 2×5700=11400 {自転車 一般 3か月 5,700円 × 2: 11400; "
     "有効期間 2026年12月1日から2027年2月28日まで: 0}\ntotal 11400"},
    {BY_MONTH, "{'class':'student','period':'fy','starts_on':'2026-11-01'}", "2026-11-22",
     "自転車 学生 年度末まで: 1×6500=6500 {自転車 学生 月1,300円 × 5か月: 6500; "
     "有効期間 2026年11月1日から2027年3月31日まで: 0}\ntotal 6500"},
    {BY_MONTH, "{'class':'student','period':'fy','starts_on':'2026-04-01'}", "2026-04-01",
     "自転車 学生 年度末まで: 1×9000=9000 {自転車 学生 月1,300円 × 12か月: 15600; 年度の上限 9,000円を適用: -6600; "
     "有効期間 2026年4月1日から2027年3月31日まで: 0}\ntotal 9000"},
    {BY_MONTH, "{'class':'student','period':'fy','starts_on':'2027-03-31'}", "2027-03-31",
     "自転車 学生 年度末まで: 1×1300=1300 {自転車 学生 月1,300円 × 1か月: 1300; "
     "有効期間 2027年3月31日から2027年3月31日まで: 0}\ntotal 1300"},
    {BY_MONTH, "{'class':'moped','period':'3m'}", "2026-11-22",
     "invalid not_offered: 原付 に 3か月 の定期券はありません。期間を選び直してください。"},
    {BY_MONTH, "{'period':'3m'}", "2026-11-22", "invalid missing_answer: 「区分」を入れてください。"},
    {BY_MONTH, "{'class':'bike'}", "2026-11-22", "invalid missing_answer: 「期間」を入れてください。"},
    {BY_MONTH, "{'class':'bike','period':'1m','starts_on':'2026-10-31'}", "2026-11-22",
     "invalid wrong_date: 開始日は 2026年11月1日 から 2027年1月23日 までです。入れ直してください。"},
    {FROM_16TH, "{'class':'bike','period':'1m','starts_on':'2026-11-15'}", "2026-11-01",
     "自転車 1か月: 1×2050=2050 {自転車 月2,050円 × 1か月: 2050; 有効期間 2026年11月15日から2026年11月30日まで: 0}\n"
     "total 2050"},
    {FROM_16TH, "{'class':'bike','period':'1m','starts_on':'2026-11-16'}", "2026-11-01",
     "自転車 1か月: 1×1020=1020 {自転車 月2,050円 × 1か月: 2050; 1か月目は 16日からなので 50%: -1030; "
     "有効期間 2026年11月16日から2026年11月30日まで: 0}\ntotal 1020"},
    {FROM_16TH, "{'class':'bike','period':'3m','starts_on':'2026-11-30'}", "2026-11-01",
     "自転車 3か月: 1×4670=4670 {自転車 3か月 5,700円: 5700; 1か月目は 16日からなので 50%: -1030; "
     "有効期間 2026年11月30日から2027年1月31日まで: 0}\ntotal 4670"},
    {DAILY, "{'class':'bike','period':'1m','starts_on':'2028-02-20','home':'out'}", "2028-02-01",
     "自転車 1か月(市外): 1×1030=1030 {自転車 月3,000円 × 1か月: 3000; 1か月目は 10日分(29日のうち): -1970; "
     "有効期間 2028年2月20日から2028年2月29日まで: 0}\ntotal 1030"},
    {BY_DAY, "{'class':'bike','period':'1m','starts_on':'2026-11-22'}", "2026-11-22",
     "自転車 1か月: 1×2000=2000 {自転車 月2,000円 × 1か月: 2000; 有効期間 2026年11月22日から2026年12月21日まで: 0}\n"
     "total 2000"},
    {BY_DAY, "{'class':'bike','period':'1m','starts_on':'2027-01-31'}", "2027-01-20",
     "自転車 1か月: 1×2000=2000 {自転車 月2,000円 × 1か月: 2000; 有効期間 2027年1月31日から2027年2月28日まで: 0}\n"
     "total 2000"},
    {BY_DAY, "{'class':'bike','period':'1m','starts_on':'2199-12-31'}", "2199-12-31",
     "自転車 1か月: 1×2000=2000 {自転車 月2,000円 × 1か月: 2000; 有効期間 2199年12月31日から2199年12月31日まで: 0}\n"
     "total 2000"},
};

static void
a_season_ticket_costs_its_months(void **state)
{
    (void)state;
    char out[CASE_TEXT_SIZE];
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        assert_string_equal(case_price(examples[i].row, examples[i].facts, examples[i].day, NULL, out),
                            examples[i].expected);
    }
}

static void
a_wrong_row_is_refused_by_the_name_of_its_member(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        const char *begins;
    } rows[] = {
        {HEAD "'periods':[]}", "periods: "},
        {HEAD "'periods':[{'code':'a','name':'x'}]}", "periods[0].months: "},
        {HEAD "'periods':[{'code':'a','name':'x','months':13}]}", "periods[0].months: "},
        {HEAD "'periods':[{'code':'a','name':'x','until':'year_end'}]}", "periods[0].until: "},
        {HEAD PERIODS "'classes':[{'code':'a','name':'x'}]}", "classes[0].prices_yen: "},
        {HEAD PERIODS "'classes':[{'code':'a','name':'x','monthly_yen':1,'periods':['2m']}]}", "classes[0].periods: "},
        {HEAD PERIODS "'classes':[{'code':'a','name':'x','monthly_yen':1,'prices_yen':{'2m':1}}]}",
         "classes[0].prices_yen.2m: "},
        {HEAD "'mid_month':{'rule':'daily'}," PERIODS
              "'classes':[{'code':'a','name':'x','prices_yen':{'1m':1,'3m':1,'fy':1}}]}",
         "classes[0].monthly_yen: "},
        {HEAD "'mid_month':{'rule':'from_day'}," PERIODS "'classes':[]}", "mid_month.from_day: "},
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
        cmocka_unit_test(a_season_ticket_costs_its_months),
        cmocka_unit_test(a_wrong_row_is_refused_by_the_name_of_its_member),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
