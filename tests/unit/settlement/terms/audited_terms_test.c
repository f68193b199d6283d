/* The audit reads terms by itself. Two readings of the same rule must give the same days, whatever the terms. */
#include "settlement/audit/audited_terms.h"

#include "common/bytes/buffer.h"
#include "common/clock/civil.h"
#include "common/money/yen.h"
#include "settlement/terms/terms.h"
#include "tests/unit/common/seeded_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { ROUNDS = 1500, DAYS = 8 };

static const char *const closings[] = {"daily", "semimonthly", "monthly"};
static const char *const rolls[] = {"before", "after", "none"};

static int64_t
day_of(int year, int month, int day)
{
    return civil_date_to_days((struct civil_date){year, month, day});
}

static void
write_document(struct buffer *out, const struct terms *terms, int64_t holiday)
{
    char day[CIVIL_DATE_TEXT_SIZE];
    buffer_printf(
        out,
        "{\"terms\":[{\"code\":\"t\",\"trustee\":\"AGG\",\"closing\":\"%s\",\"closing_day\":%d,\"pay_after\":%d,"
        "\"pay_day\":%d,\"holiday\":\"%s\",\"deposit\":\"gross\",\"valid_from\":\"2020-01-01\"}],"
        "\"bank_holidays\":[{\"code\":\"%s\",\"name\":\"x\"}]}",
        closings[terms->closing], terms->closing_day, terms->pay_after, terms->pay_day, rolls[terms->roll],
        civil_date_format(day, civil_date_from_days(holiday)));
}

static void
the_audit_and_matching_find_the_same_pay_days(void **state)
{
    (void)state;
    struct seeded_random random = {11};
    for (int round = 0; round < ROUNDS; round++) {
        struct terms terms = {.closing = (enum terms_closing)seeded_between(&random, TERMS_DAILY, TERMS_MONTHLY),
                              .closing_day = (int)seeded_between(&random, 1, 31),
                              .pay_after = (int)seeded_between(&random, 0, 4),
                              .pay_day = (int)seeded_between(&random, 1, 31),
                              .roll = (enum bank_roll)seeded_between(&random, BANK_ROLL_BEFORE, BANK_ROLL_NONE)};
        int64_t begin = day_of(2026, 1, 1) + seeded_between(&random, 0, 1500);
        int64_t holiday = begin + seeded_between(&random, 0, 40);
        const struct bank_calendar calendar = {.holidays = &holiday, .count = 1};
        struct buffer text;
        struct json_value *document;
        struct error_detail err;
        buffer_init(&text, 4000);
        write_document(&text, &terms, holiday);
        assert_int_equal(json_parse(&document, buffer_text(&text), text.length, &err), STATUS_OK);
        struct audited_terms audited = audited_terms_of(document);
        for (int64_t day = begin; day < begin + DAYS; day++) {
            struct civil_date closing = terms_closing_of(&terms, civil_date_from_days(day));

            struct audited_payment payment = audited_payment_of(&audited, "AGG", day);

            assert_true(payment.has_terms);
            assert_int_equal(payment.pay_day, civil_date_to_days(terms_pay_day(&terms, &calendar, closing)));
        }
        json_free(document);
        buffer_finish(&text);
    }
}

static void
the_audit_and_matching_find_the_same_fees(void **state)
{
    (void)state;
    static const char *const roundings[] = {"floor", "half_up", "ceiling"};
    struct seeded_random random = {12};
    for (int round = 0; round < ROUNDS; round++) {
        const struct terms terms = {.has_fee = true,
                                    .fee_rate = seeded_between(&random, 0, FEE_RATE_MAX),
                                    .rounding = (enum fee_rounding)seeded_between(&random, FEE_FLOOR, FEE_CEILING)};
        int64_t yen = seeded_between(&random, -1, 1) * seeded_between(&random, 0, round % 2 == 0 ? 5000 : YEN_LIMIT);
        char text[600];
        struct json_value *document;
        struct error_detail err;
        int length =
            snprintf(text, sizeof text,
                     "{\"brands\":[{\"code\":\"visa\",\"trustee\":\"AGG\",\"valid_from\":\"2020-01-01\"}],"
                     "\"terms\":[{\"trustee\":\"AGG\",\"fee_rate\":1,\"fee_rounding\":\"floor\","
                     "\"valid_from\":\"2020-01-01\"},{\"trustee\":\"AGG\",\"brand\":\"visa\",\"fee_rate\":%lld,"
                     "\"fee_rounding\":\"%s\",\"valid_from\":\"2020-01-01\"}]}",
                     (long long)terms.fee_rate, roundings[terms.rounding]);
        assert_int_equal(json_parse(&document, text, (size_t)length, &err), STATUS_OK);
        struct audited_terms audited = audited_terms_of(document);
        struct audited_fee fee;

        assert_true(audited_fee_of(&audited, "visa", day_of(2026, 3, 2), &fee));

        assert_int_equal(fee.rate, terms.fee_rate);
        assert_int_equal(audited_fee_yen(&fee, yen), terms_fee(&terms, yen));
        assert_false(audited_fee_of(&audited, "edy", day_of(2026, 3, 2), &fee));
        json_free(document);
    }
}

static void
where_the_terms_of_a_company_differ_nothing_is_said_of_its_transfers(void **state)
{
    (void)state;
    static const char two[] =
        "{\"terms\":[{\"trustee\":\"AGG\",\"closing\":\"daily\",\"pay_after\":1,\"holiday\":\"none\",\"deposit\":"
        "\"net\","
        "\"together\":true,\"minimum_yen\":500,\"carry_negative\":true,\"valid_from\":\"2020-01-01\"},"
        "{\"trustee\":\"AGG\",\"brand\":\"visa\",\"closing\":\"daily\",\"pay_after\":3,\"holiday\":\"none\","
        "\"deposit\":\"gross\",\"minimum_yen\":600,\"valid_from\":\"2026-01-01\"}],\"bank_holidays\":[]}";
    struct json_value *document;
    struct error_detail err;
    assert_int_equal(json_parse(&document, two, sizeof two - 1, &err), STATUS_OK);
    struct audited_terms audited = audited_terms_of(document);

    struct audited_payment both = audited_payment_of(&audited, "AGG", day_of(2026, 3, 2));
    struct audited_payment one = audited_payment_of(&audited, "AGG", day_of(2025, 12, 29));
    struct audited_payment none = audited_payment_of(&audited, "CARD", day_of(2026, 3, 2));

    assert_false(both.is_net || both.is_together || both.carries_negative);
    assert_int_equal(both.minimum_yen, 0);
    assert_int_equal(both.pay_day, day_of(2026, 3, 5)); /* the latest */
    assert_true(one.is_net && one.is_together && one.carries_negative);
    assert_int_equal(one.minimum_yen, 500);
    assert_int_equal(one.pay_day, day_of(2025, 12, 30));
    assert_false(none.has_terms || none.is_net || none.is_together || none.carries_negative);
    json_free(document);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_audit_and_matching_find_the_same_pay_days),
        cmocka_unit_test(the_audit_and_matching_find_the_same_fees),
        cmocka_unit_test(where_the_terms_of_a_company_differ_nothing_is_said_of_its_transfers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
