/* Yen: nothing wraps, nothing rounds by surprise, and text is read strictly. */
#include "common/money/yen.h"

#include "tests/unit/common/seeded_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PROPERTY_ROUNDS = 200000 };

static const int64_t UNTOUCHED = 777;

/* The edges at which arithmetic of this kind breaks. */
static const int64_t edges[] = {
    INT64_MIN,
    INT64_MIN + 1,
    -YEN_LIMIT - 1,
    -YEN_LIMIT,
    -YEN_LIMIT + 1,
    -INT64_C(3037000500),
    -2,
    -1,
    0,
    1,
    2,
    110,
    1000000,
    INT64_C(3037000499),
    INT64_C(3037000500),
    YEN_LIMIT - 1,
    YEN_LIMIT,
    YEN_LIMIT + 1,
    INT64_MAX - 1,
    INT64_MAX,
};
enum { EDGE_COUNT = sizeof edges / sizeof edges[0] };

__extension__ typedef __int128 wide; /* the oracle: no product or sum of two int64_t overflows it */

static bool
fits(wide value)
{
    return value >= -YEN_LIMIT && value <= YEN_LIMIT;
}

/* STATUS and OUT are what an operation on valid or invalid operands must answer when the true result is EXPECTED. */
static void
assert_answer(enum status status, int64_t out, bool operands_are_valid, wide expected)
{
    if (operands_are_valid && fits(expected)) {
        assert_int_equal(status, STATUS_OK);
        assert_true(out == expected);
    } else {
        assert_int_equal(status, STATUS_OVERFLOW);
        assert_true(out == UNTOUCHED);
    }
}

static void
check_arithmetic(int64_t a, int64_t b)
{
    bool are_valid = yen_is_valid(a) && yen_is_valid(b);
    int64_t out = UNTOUCHED;
    enum status status = yen_add(&out, a, b);
    assert_answer(status, out, are_valid, (wide)a + b);
    out = UNTOUCHED;
    status = yen_subtract(&out, a, b);
    assert_answer(status, out, are_valid, (wide)a - b);
    out = UNTOUCHED;
    status = yen_multiply(&out, a, b);
    assert_answer(status, out, yen_is_valid(a), (wide)a * b);
}

static void
arithmetic_at_every_edge_is_exact_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < EDGE_COUNT; i++) {
        for (size_t j = 0; j < EDGE_COUNT; j++) {
            check_arithmetic(edges[i], edges[j]);
        }
    }
}

static void
arithmetic_on_random_amounts_is_exact_or_refused(void **state)
{
    (void)state;
    struct seeded_random random = {20261122};
    for (int i = 0; i < PROPERTY_ROUNDS; i++) {
        /* Shifts give every magnitude the same chance. */
        int64_t a = (int64_t)seeded_next(&random) >> seeded_between(&random, 0, 63);
        int64_t b = (int64_t)seeded_next(&random) >> seeded_between(&random, 0, 63);
        check_arithmetic(a, b);
    }
}

static void
the_limits_themselves_are_valid_and_one_yen_more_is_not(void **state)
{
    (void)state;
    assert_true(yen_is_valid(YEN_LIMIT));
    assert_true(yen_is_valid(-YEN_LIMIT));
    assert_false(yen_is_valid(YEN_LIMIT + 1));
    assert_false(yen_is_valid(-YEN_LIMIT - 1));
    assert_false(yen_is_valid(INT64_MIN));
    assert_false(yen_is_valid(INT64_MAX));
}

static void
check_fraction(int64_t a, int64_t numerator, int64_t denominator)
{
    int64_t out = UNTOUCHED;
    enum status status = yen_fraction(&out, a, numerator, denominator);
    wide magnitude = a < 0 ? -(wide)a : a;
    wide expected = magnitude * numerator / denominator;
    assert_answer(status, out, yen_is_valid(a), a < 0 ? -expected : expected);
}

static void
a_fraction_at_every_edge_is_exact_or_refused(void **state)
{
    (void)state;
    static const int64_t factors[] = {0, 1, 2, 3, 7, 8, 10, 100, 108, 110, 127, 999999, 1000000};
    const size_t count = sizeof factors / sizeof factors[0];
    for (size_t i = 0; i < EDGE_COUNT; i++) {
        for (size_t n = 0; n < count; n++) {
            for (size_t d = 1; d < count; d++) {
                check_fraction(edges[i], factors[n], factors[d]);
            }
        }
    }
}

static void
a_fraction_of_random_amounts_is_exact_or_refused(void **state)
{
    (void)state;
    struct seeded_random random = {208};
    for (int i = 0; i < PROPERTY_ROUNDS; i++) {
        int64_t a = seeded_between(&random, -YEN_LIMIT, YEN_LIMIT) >> seeded_between(&random, 0, 49);
        check_fraction(a, seeded_between(&random, 0, 1000000), seeded_between(&random, 1, 1000000));
    }
}

/* q·n just below 2^63 and a rest on top: the sum, not the product, is what overflows. */
static void
a_fraction_whose_parts_overflow_only_in_their_sum_is_refused(void **state)
{
    (void)state;
    for (int64_t numerator = 1000000; numerator > 999000; numerator--) {
        for (int64_t denominator = 2; denominator <= 108; denominator++) {
            int64_t whole = INT64_MAX / numerator;
            int64_t amount = whole * denominator + denominator - 1;
            if (yen_is_valid(amount)) {
                check_fraction(amount, numerator, denominator);
            }
        }
    }
}

static void
the_tax_inside_a_price_is_rounded_down_on_both_sides_of_zero(void **state)
{
    (void)state;
    static const struct {
        int64_t price, tax;
    } cases[] = {{0, 0}, {1, 0}, {10, 0}, {11, 1}, {450, 40}, {109, 9}, {110, 10}, {1000, 90}, {-450, -40}, {-10, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t tax;
        assert_int_equal(yen_fraction(&tax, cases[i].price, 10, 110), STATUS_OK);
        assert_int_equal(tax, cases[i].tax);
    }
}

static void
text_is_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum status status;
        int64_t value;
    } cases[] = {
        {"0", STATUS_OK, 0},
        {"450", STATUS_OK, 450},
        {"-450", STATUS_OK, -450},
        {"-0", STATUS_OK, 0},
        {"007", STATUS_OK, 7},
        {"0000000000000450", STATUS_OK, 450},
        {"1000000000000000", STATUS_OK, YEN_LIMIT},
        {"-1000000000000000", STATUS_OK, -YEN_LIMIT},
        {"1000000000000001", STATUS_OVERFLOW, 0},
        {"-1000000000000001", STATUS_OVERFLOW, 0},
        {"9999999999999999", STATUS_OVERFLOW, 0},
        {"99999999999999999999999999", STATUS_OVERFLOW, 0},
        {"00000000000000450", STATUS_OVERFLOW, 0},
        {"", STATUS_INVALID, 0},
        {"-", STATUS_INVALID, 0},
        {"--1", STATUS_INVALID, 0},
        {"+5", STATUS_INVALID, 0},
        {"1,000", STATUS_INVALID, 0},
        {" 5", STATUS_INVALID, 0},
        {"5 ", STATUS_INVALID, 0},
        {"5.0", STATUS_INVALID, 0},
        {"1e3", STATUS_INVALID, 0},
        {"0x10", STATUS_INVALID, 0},
        {"５００", STATUS_INVALID, 0},
        {"¥5", STATUS_INVALID, 0},
        {"9999999999999999999999999x", STATUS_INVALID, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t value = UNTOUCHED;
        assert_int_equal(yen_parse(&value, cases[i].text, strlen(cases[i].text)), cases[i].status);
        assert_int_equal(value, cases[i].status == STATUS_OK ? cases[i].value : UNTOUCHED);
    }
}

static void
text_needs_no_nul_and_takes_none(void **state)
{
    (void)state;
    static const char bytes[] = {'4', '5', '0', '9'};
    int64_t value;
    assert_int_equal(yen_parse(&value, bytes, 3), STATUS_OK);
    assert_int_equal(value, 450);
    assert_int_equal(yen_parse(&value, "45\0", 3), STATUS_INVALID);
}

static void
amounts_stand_with_separators_on_screens_and_papers(void **state)
{
    (void)state;
    static const struct {
        int64_t amount;
        const char *text, *plain;
    } cases[] = {
        {0, "0", "0"},
        {7, "7", "7"},
        {450, "450", "450"},
        {-450, "-450", "-450"},
        {1000, "1,000", "1000"},
        {-1000, "-1,000", "-1000"},
        {999999, "999,999", "999999"},
        {1000000, "1,000,000", "1000000"},
        {YEN_LIMIT, "1,000,000,000,000,000", "1000000000000000"},
        {-YEN_LIMIT, "-1,000,000,000,000,000", "-1000000000000000"},
        {INT64_MIN, "-9,223,372,036,854,775,808", "-9223372036854775808"}, /* damage still fits its buffer */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[YEN_TEXT_SIZE];
        assert_string_equal(yen_format(out, cases[i].amount), cases[i].text);
        assert_string_equal(yen_format_plain(out, cases[i].amount), cases[i].plain);
    }
}

static void
every_plain_text_is_read_back_as_its_amount(void **state)
{
    (void)state;
    struct seeded_random random = {7};
    for (int i = 0; i < PROPERTY_ROUNDS; i++) {
        int64_t amount = seeded_between(&random, -YEN_LIMIT, YEN_LIMIT) >> seeded_between(&random, 0, 49);
        char out[YEN_TEXT_SIZE];
        int64_t read;
        yen_format_plain(out, amount);
        assert_int_equal(yen_parse(&read, out, strlen(out)), STATUS_OK);
        assert_true(read == amount);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arithmetic_at_every_edge_is_exact_or_refused),
        cmocka_unit_test(arithmetic_on_random_amounts_is_exact_or_refused),
        cmocka_unit_test(the_limits_themselves_are_valid_and_one_yen_more_is_not),
        cmocka_unit_test(a_fraction_at_every_edge_is_exact_or_refused),
        cmocka_unit_test(a_fraction_of_random_amounts_is_exact_or_refused),
        cmocka_unit_test(a_fraction_whose_parts_overflow_only_in_their_sum_is_refused),
        cmocka_unit_test(the_tax_inside_a_price_is_rounded_down_on_both_sides_of_zero),
        cmocka_unit_test(text_is_read_strictly),
        cmocka_unit_test(text_needs_no_nul_and_takes_none),
        cmocka_unit_test(amounts_stand_with_separators_on_screens_and_papers),
        cmocka_unit_test(every_plain_text_is_read_back_as_its_amount),
    };
    return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
