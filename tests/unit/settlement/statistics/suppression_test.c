/* Small counts of published tables: what is left out, and that nobody computes it from what stands. The second is tried
 * by an attacker of its own: elimination over all sums of a table, which knows nothing of circles. */
#include "settlement/statistics/suppression.h"
#include "tests/unit/common/seeded_random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 4, COLUMNS = 4, ROUNDS = 3000, UNKNOWN_MAX = ROWS * COLUMNS, SUMS = ROWS + COLUMNS };

static void
fill(struct suppression *table, size_t rows, size_t columns, const int64_t *parts)
{
    struct error_detail err;
    assert_int_equal(suppression_init(table, rows + 1, columns + 1, SUPPRESSION_THRESHOLD, &err), STATUS_OK);
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            suppression_add(table, r, c, parts[r * columns + c]);
        }
    }
}

static size_t
left_out_count(const struct suppression *table)
{
    size_t count = 0;
    for (size_t i = 0; i < table->row_count * table->column_count; i++) {
        count += table->is_left_out[i] ? 1 : 0;
    }
    return count;
}

static void
large_counts_and_zeros_stand(void **state)
{
    (void)state;
    struct suppression table;
    fill(&table, 2, 2, (const int64_t[]){10, 0, 200, 30});

    suppression_choose(&table);

    assert_int_equal(left_out_count(&table), 0);
    assert_true(suppression_is_safe(&table));
    suppression_finish(&table);
}

/* 3 is small; without the other three of a circle it is its row's total less 100. The cheapest are 20, 30 and 40. */
static void
a_small_count_goes_with_three_others_so_that_no_total_tells_it(void **state)
{
    (void)state;
    struct suppression table;
    fill(&table, 3, 3, (const int64_t[]){3, 20, 100, 30, 40, 100, 100, 100, 100});

    suppression_choose(&table);

    assert_true(suppression_is_left_out(&table, 0, 0));
    assert_true(suppression_is_left_out(&table, 0, 1));
    assert_true(suppression_is_left_out(&table, 1, 0));
    assert_true(suppression_is_left_out(&table, 1, 1));
    assert_int_equal(left_out_count(&table), 4);
    assert_true(suppression_is_safe(&table));
    suppression_finish(&table);
}

/* Zeros stand, so that "two cells, together 2" would be "one each". */
static void
two_ones_are_not_left_alone_with_their_sum(void **state)
{
    (void)state;
    struct suppression table;
    fill(&table, 2, 3, (const int64_t[]){1, 1, 98, 60, 70, 80});

    suppression_choose(&table);

    assert_true(suppression_is_left_out(&table, 0, 0));
    assert_true(suppression_is_left_out(&table, 0, 1));
    assert_true(suppression_is_left_out(&table, 0, 2) || suppression_is_left_out(&table, 0, 3));
    assert_true(suppression_is_safe(&table));
    suppression_finish(&table);
}

/* A facility that sold 3 times in all, by one way: itself, its total, and a circle through another row. */
static void
a_row_that_is_small_as_a_whole_goes_with_its_total(void **state)
{
    (void)state;
    struct suppression table;
    fill(&table, 2, 2, (const int64_t[]){3, 0, 100, 50});

    suppression_choose(&table);

    assert_true(suppression_is_left_out(&table, 0, 0));
    assert_true(suppression_is_left_out(&table, 0, 2));
    assert_false(suppression_is_left_out(&table, 0, 1)); /* zero */
    assert_true(suppression_is_left_out(&table, 1, 0));
    assert_true(suppression_is_left_out(&table, 1, 2));
    assert_true(suppression_is_safe(&table));
    suppression_finish(&table);
}

static void
a_city_that_sold_three_times_publishes_nothing_of_it(void **state)
{
    (void)state;
    struct suppression table;
    fill(&table, 2, 2, (const int64_t[]){3, 0, 0, 0});

    suppression_choose(&table);

    assert_int_equal(left_out_count(&table), 4);
    assert_true(suppression_is_safe(&table));
    suppression_finish(&table);
}

static void
what_another_table_leaves_out_is_protected_here_too(void **state)
{
    (void)state;
    struct suppression table;
    fill(&table, 2, 2, (const int64_t[]){100, 200, 300, 400});

    suppression_leave_out(&table, 2, 0);
    assert_false(suppression_is_safe(&table));
    suppression_choose(&table);

    assert_true(suppression_is_left_out(&table, 2, 0));
    assert_int_equal(left_out_count(&table), 4);
    assert_true(suppression_is_safe(&table));
    suppression_finish(&table);
}

/* ---- the attacker ------------------------------------------------------------------------------------------------ */

/* SUMS equations in as many unknowns as cells are left out; modulo a prime larger than any of its pivots needs. Returns
 * whether unknown WHICH is determined: adding "WHICH = something" to the equations does not raise their rank. */
static const int64_t prime = 1000003;

static int64_t
power(int64_t base, int64_t exponent)
{
    int64_t result = 1;
    for (; exponent > 0; exponent /= 2, base = base * base % prime) {
        result = exponent % 2 != 0 ? result * base % prime : result;
    }
    return result;
}

static size_t
rank_of(int64_t sums[SUMS + 1][UNKNOWN_MAX], size_t rows, size_t columns)
{
    size_t rank = 0;
    for (size_t c = 0; c < columns && rank < rows; c++) {
        size_t pivot = rank;
        while (pivot < rows && sums[pivot][c] == 0) {
            pivot++;
        }
        if (pivot == rows) {
            continue;
        }
        for (size_t k = 0; k < columns; k++) {
            const int64_t kept = sums[rank][k];
            sums[rank][k] = sums[pivot][k];
            sums[pivot][k] = kept;
        }
        const int64_t inverse = power(sums[rank][c], prime - 2);
        for (size_t r = rank + 1; r < rows; r++) {
            const int64_t factor = sums[r][c] * inverse % prime;
            for (size_t k = 0; k < columns; k++) {
                sums[r][k] = ((sums[r][k] - factor * sums[rank][k]) % prime + prime) % prime;
            }
        }
        rank++;
    }
    return rank;
}

static void
write_sums(const struct suppression *table, int64_t sums[SUMS + 1][UNKNOWN_MAX])
{
    size_t unknown = 0;
    memset(sums, 0, sizeof(int64_t[SUMS + 1][UNKNOWN_MAX]));
    for (size_t r = 0; r < ROWS; r++) {
        for (size_t c = 0; c < COLUMNS; c++) {
            if (suppression_is_left_out(table, r, c)) {
                sums[r][unknown] = c == COLUMNS - 1 ? prime - 1 : 1;
                sums[ROWS + c][unknown] = r == ROWS - 1 ? prime - 1 : 1;
                unknown++;
            }
        }
    }
}

static bool
is_determined(const struct suppression *table, size_t which, size_t unknowns)
{
    int64_t sums[SUMS + 1][UNKNOWN_MAX];
    write_sums(table, sums);
    const size_t without = rank_of(sums, SUMS, unknowns);
    write_sums(table, sums);
    sums[SUMS][which] = 1;
    return rank_of(sums, SUMS + 1, unknowns) == without;
}

static void
elimination_over_all_sums_finds_no_cell_of_random_tables(void **state)
{
    (void)state;
    struct seeded_random random = {20261123};
    size_t seen = 0, primary = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct suppression table;
        int64_t parts[(ROWS - 1) * (COLUMNS - 1)];
        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
            const int64_t kind = seeded_between(&random, 0, 3);
            parts[i] = kind == 0 ? 0 : seeded_between(&random, 0, kind == 1 ? 11 : 399);
        }
        fill(&table, ROWS - 1, COLUMNS - 1, parts);

        suppression_choose(&table);

        const size_t unknowns = left_out_count(&table);
        for (size_t which = 0; which < unknowns; which++) {
            assert_false(is_determined(&table, which, unknowns));
        }
        assert_true(suppression_is_safe(&table));
        seen += unknowns;
        primary += unknowns > 0 ? 1 : 0;
        suppression_finish(&table);
    }
    assert_true(seen > ROUNDS && primary > ROUNDS / 4); /* there was something to find */
}

static void
the_attacker_finds_what_is_left_out_alone(void **state)
{
    (void)state;
    struct suppression table;
    fill(&table, ROWS - 1, COLUMNS - 1, (const int64_t[]){3, 20, 100, 30, 40, 100, 100, 100, 100});

    suppression_leave_out(&table, 0, 0);

    assert_true(is_determined(&table, 0, 1));
    assert_false(suppression_is_safe(&table));
    suppression_finish(&table);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_counts_and_zeros_stand),
        cmocka_unit_test(a_small_count_goes_with_three_others_so_that_no_total_tells_it),
        cmocka_unit_test(two_ones_are_not_left_alone_with_their_sum),
        cmocka_unit_test(a_row_that_is_small_as_a_whole_goes_with_its_total),
        cmocka_unit_test(a_city_that_sold_three_times_publishes_nothing_of_it),
        cmocka_unit_test(what_another_table_leaves_out_is_protected_here_too),
        cmocka_unit_test(elimination_over_all_sums_finds_no_cell_of_random_tables),
        cmocka_unit_test(the_attacker_finds_what_is_left_out_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
