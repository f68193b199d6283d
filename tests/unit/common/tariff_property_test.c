/* What must hold of every case of every form, tried with seeded random rows and answers: results keep their promises,
 * the order of answers does not matter, nobody pays less for more, and a reduction never takes more than there is. */
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

enum { ROUNDS = 400, ROW_SIZE = 4096, FACTS_SIZE = 1024, ANSWERS_MAX = 12 };

/* A case: a row, and its answers one by one, so that they can be given in another order. */
struct random_case {
    char row[ROW_SIZE];
    char answers[ANSWERS_MAX][256];
    size_t answer_count;
};

static int
number(struct seeded_random *random, int first, int last)
{
    return (int)seeded_between(random, first, last);
}

#define ANSWER(given, ...) snprintf((given)->answers[(given)->answer_count++], sizeof(given)->answers[0], __VA_ARGS__)

/* Factors, days and rounding, as a row may have them. */
static int
print_common(struct seeded_random *random, char *out, size_t size)
{
    static const char *const modes[] = {"down", "up", "nearest"};
    static const char *const days[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat", "holiday"};
    return snprintf(out, size,
                    "'rounding':{'to_yen':%d,'mode':'%s'},'reduction_rounding':{'to_yen':%d,'mode':'%s'},"
                    "'factors':[{'code':'home','name':'住所','choices':[{'code':'in','name':'市内'},{'code':'out',"
                    "'name':'市外','percent':%d}]}],'holidays':['2026-11-23'],"
                    "'days':[{'name':'日','weekdays':['%s'],'percent':%d}],",
                    number(random, 1, 100), modes[number(random, 0, 2)], number(random, 1, 100),
                    modes[number(random, 0, 2)], number(random, 0, 300), days[number(random, 0, 7)],
                    number(random, 0, 2) * 60);
}

#define HEAD "{'code':'t','name':'x','valid_from':'2026-04-01',"

static void
make_steps(struct seeded_random *random, struct random_case *given)
{
    char common[1024];
    print_common(random, common, sizeof common);
    snprintf(given->row, sizeof given->row,
             HEAD
             "'form':'steps',%s'unit':'筆','first':{'count':%d,'yen':%d},'steps':[{'every':%d,'yen':%d,'up_to':40},"
             "{'every':%d,'yen':%d}]}",
             common, number(random, 1, 9), number(random, 0, 999), number(random, 1, 9), number(random, 0, 99),
             number(random, 1, 9), number(random, 0, 99));
    ANSWER(given, "'count':%d", number(random, 1, 99));
    ANSWER(given, "'copies':%d", number(random, 1, 9));
}

static void
make_persons(struct seeded_random *random, struct random_case *given)
{
    char common[1024];
    print_common(random, common, sizeof common);
    snprintf(given->row, sizeof given->row,
             HEAD "'form':'persons',%s'group':{'from':%d},'categories':[{'code':'a','name':'一般','price_yen':{'in':%d,"
                  "'out':%d},'group_price_yen':%d},{'code':'b','name':'子','price_yen':%d}],'certificates':["
                  "{'code':'c','name':'手帳','helpers':2},{'code':'h','name':'半額','percent':%d}]}",
             common, number(random, 2, 30), number(random, 0, 999), number(random, 0, 999), number(random, 0, 999),
             number(random, 0, 999), number(random, 0, 100));
    int holders = number(random, 0, 3);
    ANSWER(given, "'persons':{'a':%d,'b':%d,'c':%d,'c.helper':%d}", number(random, 1, 40), number(random, 0, 40),
           holders, number(random, 0, 2 * holders));
}

static void
make_rooms(struct seeded_random *random, struct random_case *given)
{
    char common[1024];
    print_common(random, common, sizeof common);
    snprintf(given->row, sizeof given->row,
             HEAD "'form':'bands',%s'bands':[{'code':'am','name':'午前','from':'09:00','to':'12:00'},{'code':'pm',"
                  "'name':'午後','from':'12:00','to':'17:00'}],'rooms':[{'code':'r','name':'室','prices_yen':{'am':%d,"
                  "'pm':%d},'hourly':{'yen':%d},'air':{'percent':%d}},{'code':'s','name':'庭','prices_yen':{'pm':%d}}],"
                  "'equipment':[{'code':'e','name':'器','price_yen':%d,'per':'band'}]}",
             common, number(random, 0, 99999), number(random, 0, 99999), number(random, 0, 9999),
             number(random, 1, 100), number(random, 0, 99999), number(random, 0, 9999));
    ANSWER(given, "'used_on':'2026-11-%02d'", number(random, 1, 30));
    ANSWER(given, number(random, 0, 1) ? "'use':{'r':['am','pm'],'s':['pm']}" : "'use':{'s':['pm'],'r':['pm','am']}");
    ANSWER(given, "'hours':{'r':%d}", number(random, 0, 3));
    ANSWER(given, "'air':{'r':%d}", number(random, 0, 1));
    ANSWER(given, "'equipment':{'e':%d}", number(random, 0, 9));
}

static void
make_season(struct seeded_random *random, struct random_case *given)
{
    snprintf(given->row, sizeof given->row,
             HEAD
             "'form':'season','rounding':{'to_yen':%d},'mid_month':{'rule':'%s'},'periods':[{'code':'m','name':'月',"
             "'months':%d},{'code':'f','name':'年度','until':'fiscal_year_end'}],'factors':[{'code':'home',"
             "'name':'住所','choices':[{'code':'in','name':'市内'},{'code':'out','name':'市外','percent':150}]}],"
             "'classes':[{'code':'b','name':'自転車','monthly_yen':%d,'fiscal_year_maximum_yen':%d}]}",
             number(random, 1, 100), number(random, 0, 1) ? "daily" : "full", number(random, 1, 12),
             number(random, 0, 9999), number(random, 1, 50000));
    ANSWER(given, "'class':'b'");
    ANSWER(given, "'period':'%s'", number(random, 0, 1) ? "m" : "f");
    ANSWER(given, "'starts_on':'2026-11-%02d'", number(random, 1, 30));
    ANSWER(given, "'quantity':%d", number(random, 1, 9));
}

static void
make_parking(struct seeded_random *random, struct random_case *given)
{
    snprintf(given->row, sizeof given->row,
             HEAD
             "'form':'parking','free_minutes':%d,'rates':[{'unit_minutes':%d,'yen':%d,'from':'08:00','to':'20:00'},"
             "{'unit_minutes':%d,'yen':%d,'from':'20:00','to':'08:00','maximum_yen':%d}],'daily_maximum_yen':%d,"
             "'day':'%s','lost_ticket_yen':%d,'grace_minutes':20}",
             number(random, 0, 120), number(random, 1, 120), number(random, 0, 300), number(random, 1, 120),
             number(random, 0, 300), number(random, 1, 900), number(random, 1, 2000),
             number(random, 0, 1) ? "midnight" : "24h", number(random, 0, 3000));
    int day = number(random, 1, 20);
    ANSWER(given, "'entered_at':'2026-11-%02dT%02d:%02d'", day, number(random, 0, 23), number(random, 0, 59));
    ANSWER(given, "'prepaid_at':'2026-11-%02dT%02d:%02d'", day + 1, number(random, 0, 23), number(random, 0, 59));
    ANSWER(given, "'prepaid_yen':%d", number(random, 0, 900));
    ANSWER(given, "'left_at':'2026-11-%02dT%02d:%02d'", number(random, day + 2, 30), number(random, 0, 23),
           number(random, 0, 59));
    ANSWER(given, "'lost_ticket':%s", number(random, 0, 3) == 0 ? "true" : "false");
}

static void
make_case(struct seeded_random *random, struct random_case *given)
{
    static void (*const makers[])(struct seeded_random * random, struct random_case * given) = {
        make_steps, make_persons, make_rooms, make_season, make_parking,
    };
    size_t maker = (size_t)number(random, 0, (int)(sizeof makers / sizeof makers[0]) - 1);
    *given = (struct random_case){.answer_count = 0};
    makers[maker](random, given);
    if (strstr(given->row, "'factors'") != NULL) {
        ANSWER(given, "'home':'%s'", number(random, 0, 1) ? "in" : "out");
    }
}

/* The answers as facts, from number FIRST on and around. */
static void
join_answers(const struct random_case *given, size_t first, char out[FACTS_SIZE])
{
    size_t length = (size_t)snprintf(out, FACTS_SIZE, "{");
    for (size_t i = 0; i < given->answer_count; i++) {
        length += (size_t)snprintf(out + length, FACTS_SIZE - length, "%s%s", i > 0 ? "," : "",
                                   given->answers[(first + i) % given->answer_count]);
    }
    snprintf(out + length, FACTS_SIZE - length, "}");
}

static void
the_order_of_answers_does_not_matter(void **state)
{
    (void)state;
    struct seeded_random random = {11};
    struct random_case given;
    char facts[FACTS_SIZE];
    char one[CASE_TEXT_SIZE];
    char other[CASE_TEXT_SIZE];
    for (int i = 0; i < ROUNDS; i++) {
        make_case(&random, &given);
        join_answers(&given, 0, facts);
        case_price(given.row, facts, "2026-11-22", NULL, one); /* checks what every result promises */
        if (strncmp(one, "overflow", 8) != 0 && strstr(one, "total ") == NULL) {
            fail_msg("%s for %s in %s", one, facts, given.row);
        }
        join_answers(&given, (size_t)number(&random, 1, (int)given.answer_count), facts);
        assert_string_equal(case_price(given.row, facts, "2026-11-22", NULL, other), one);
    }
}

/* The number behind "total ". */
static int64_t
total_of(const char *text)
{
    const char *total = strstr(text, "total ");
    return total != NULL ? strtoll(total + 6, NULL, 10) : -1;
}

static void
a_reduction_never_makes_dearer_nor_less_than_nothing(void **state)
{
    (void)state;
    struct seeded_random random = {12};
    struct random_case given;
    char facts[FACTS_SIZE];
    char reductions[512];
    char text[CASE_TEXT_SIZE];
    for (int i = 0; i < ROUNDS; i++) {
        make_case(&random, &given);
        join_answers(&given, 0, facts);
        int64_t whole_yen = total_of(case_price(given.row, facts, "2026-11-22", NULL, text));
        if (number(&random, 0, 1)) {
            snprintf(reductions, sizeof reductions,
                     "[{'code':'r','name':'減','granters':['課'],'valid_from':'2026-04-01','rates':[{'part':'all',"
                     "'percent':%d}]}]",
                     number(&random, 1, 100));
        } else {
            snprintf(
                reductions, sizeof reductions,
                "[{'code':'r','name':'減','granters':['課'],'valid_from':'2026-04-01','rates':[{'part':'all','yen':%d,"
                "'per':'%s'}]}]",
                number(&random, 1, 5000), number(&random, 0, 1) ? "use" : "unit");
        }
        int64_t reduced_yen = total_of(case_price(given.row, facts, "2026-11-22", reductions, text));
        assert_true(whole_yen < 0 || (reduced_yen >= 0 && reduced_yen <= whole_yen));
    }
}

/* One more of what is counted never costs less (a group price may: its people are left out here). */
static void
more_never_costs_less(void **state)
{
    (void)state;
    struct seeded_random random = {13};
    struct random_case given;
    for (int i = 0; i < ROUNDS / 20; i++) {
        given = (struct random_case){.answer_count = 0};
        make_steps(&random, &given);
        struct tariff *tariff = case_tariff(given.row);
        int64_t before_yen = 0;
        for (int count = 1; count < 120; count++) {
            char facts[FACTS_SIZE];
            snprintf(facts, sizeof facts, "{'count':%d}", count);
            int64_t yen = case_total(tariff, facts, "2026-11-20");
            assert_true(yen >= before_yen);
            before_yen = yen;
        }
        tariff_destroy(tariff);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_order_of_answers_does_not_matter),
        cmocka_unit_test(a_reduction_never_makes_dearer_nor_less_than_nothing),
        cmocka_unit_test(more_never_costs_less),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
