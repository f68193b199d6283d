/* How amounts and dates may be written, as tables. */
#include "statement_support.h"

#include "settlement/statements/loose_date.h"
#include "settlement/statements/number_form.h"

#include <string.h>

static const struct number_form plain = {.divide_by = 1};
static const struct number_form loose = {.divide_by = 1,
                                         .decimals = 2,
                                         .group = ',',
                                         .allows_plus = true,
                                         .allows_spaces = true,
                                         .allows_parentheses = true,
                                         .allows_trailing_minus = true,
                                         .negatives = {{"▲", 3}},
                                         .negative_count = 1,
                                         .unit = {"円", 3}};
static const struct number_form hundredths = {.divide_by = 100};
static const struct number_form rounded = {.divide_by = 1, .decimals = 3, .rounding = NUMBER_HALF_UP};
static const struct number_form cut = {.divide_by = 1, .decimals = 3, .rounding = NUMBER_DOWN};

static const struct {
    const struct number_form *form;
    const char *text;
    enum status status;
    int64_t yen;
} numbers[] = {
    {&plain, "450", STATUS_OK, 450},
    {&plain, "-450", STATUS_OK, -450},
    {&plain, "+450", STATUS_INVALID, 0},
    {&plain, "1,000", STATUS_INVALID, 0},
    {&plain, "450.00", STATUS_INVALID, 0},
    {&plain, "", STATUS_INVALID, 0},
    {&plain, "-", STATUS_INVALID, 0},
    {&plain, "1000000000000001", STATUS_OVERFLOW, 0},
    {&plain, "99999999999999999999999999", STATUS_OVERFLOW, 0},
    {&loose, " 1,234,567円 ", STATUS_OK, 1234567},
    {&loose, "1234567", STATUS_OK, 1234567},
    {&loose, "12,34", STATUS_INVALID, 0},
    {&loose, "1,234,56", STATUS_INVALID, 0},
    {&loose, ",123", STATUS_INVALID, 0},
    {&loose, "▲1,000", STATUS_OK, -1000},
    {&loose, "(1,000)", STATUS_OK, -1000},
    {&loose, "1,000-", STATUS_OK, -1000},
    {&loose, "-▲1", STATUS_INVALID, 0},
    {&loose, "(-1)", STATUS_INVALID, 0},
    {&loose, "+5", STATUS_OK, 5},
    {&loose, "450.00", STATUS_OK, 450},
    {&loose, "450.5", STATUS_REFUSED, 0},
    {&loose, "450.", STATUS_INVALID, 0},
    {&loose, "450.000", STATUS_INVALID, 0},
    {&loose, "1e3", STATUS_INVALID, 0},
    {&hundredths, "45000", STATUS_OK, 450},
    {&hundredths, "45001", STATUS_REFUSED, 0},
    {&rounded, "0.499", STATUS_OK, 0},
    {&rounded, "0.5", STATUS_OK, 1},
    {&rounded, "-0.5", STATUS_OK, -1},
    {&cut, "-1.999", STATUS_OK, -1},
};

static void
amounts_are_read_as_their_form_says_and_nothing_else_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        int64_t yen = 0;
        enum status status = number_read(numbers[i].form, text_view_of(numbers[i].text), &yen);
        if (status != numbers[i].status || (status == STATUS_OK && yen != numbers[i].yen)) {
            fail_msg("%zu \"%s\": status %d, %lld", i, numbers[i].text, status, (long long)yen);
        }
    }
}

static const struct {
    const char *pattern;
    const char *text;
    struct civil_date date; /* year 0: refused */
    int64_t time_ms;
} dates[] = {
    {"GGE年M月D日", "令和8年11月22日", {2026, 11, 22}, 0},
    {"GGE年M月D日", "令和元年5月1日", {2019, 5, 1}, 0},
    {"GGE年M月D日", "令和元年4月30日", {0, 0, 0}, 0}, /* still 平成 */
    {"GGE年M月D日", "平成31年4月30日", {2019, 4, 30}, 0},
    {"GGE年M月D日", "平成31年5月1日", {0, 0, 0}, 0},
    {"GGE年M月D日", "慶応4年1月1日", {0, 0, 0}, 0},
    {"GE.M.D", "R8.2.29", {0, 0, 0}, 0},
    {"GE.M.D", "r10.2.29", {2028, 2, 29}, 0},
    {"GE.M.D", "S64.1.7", {1989, 1, 7}, 0},
    {"GE.M.D", "S64.1.8", {0, 0, 0}, 0},
    {"EE年MM月DD日", "08年11月22日", {2026, 11, 22}, 0},
    {"YYMMDD", "261122", {2026, 11, 22}, 0},
    {"YYYY年M月D日 h時m分", "2026年1月2日 3時4分", {2026, 1, 2}, 11040000},
    {"M/D/YYYY h:mm:ss", "1/2/2026 13:00:59", {2026, 1, 2}, 46859000},
    {"M/D/YYYY h:mm:ss", "1/2/2026 24:00:00", {0, 0, 0}, 0},
    {"M/D/YYYY", "1/2/2026 ", {0, 0, 0}, 0},
    {"M/D/YYYY", "1/2/26", {0, 0, 0}, 0},
};

static void
dates_of_loose_form_are_read_when_the_day_exists_in_its_era(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        struct loose_date format;
        struct civil_date date = {0};
        int64_t time_ms = 0;
        assert_int_equal(loose_date_parse(&format, dates[i].pattern), STATUS_OK);
        enum status status = loose_date_read(&format, text_view_of(dates[i].text), TEST_NOT_AFTER, &date, &time_ms);
        bool is_refused = dates[i].date.year == 0;
        if ((status != STATUS_OK) != is_refused ||
            (!is_refused && (civil_date_compare(date, dates[i].date) != 0 || time_ms != dates[i].time_ms))) {
            fail_msg("%zu \"%s\": status %d, %d-%d-%d %lld", i, dates[i].text, status, date.year, date.month, date.day,
                     (long long)time_ms);
        }
    }
}

static void
a_date_pattern_without_a_day_or_with_a_part_twice_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",           "M/D",   "YYYY/M",     "YYYY/M/D/D",
                                      "GGYYYY/M/D", "G/M/D", "YYYY/M/D m", "YYYY/M/D x"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct loose_date format;
        if (loose_date_parse(&format, bad[i]) == STATUS_OK) {
            fail_msg("\"%s\" was accepted", bad[i]);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_are_read_as_their_form_says_and_nothing_else_is),
        cmocka_unit_test(dates_of_loose_form_are_read_when_the_day_exists_in_its_era),
        cmocka_unit_test(a_date_pattern_without_a_day_or_with_a_part_twice_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
