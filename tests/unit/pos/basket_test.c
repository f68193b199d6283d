/* The basket: sets of lines that a tariff priced, lines changed by hand, and sums that always follow. */
#include "pos/checkout/basket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct basket basket;
static struct error_detail err;

static int
start(void **state)
{
    (void)state;
    return basket_init(&basket, 1, &err) == STATUS_OK ? 0 : -1;
}

static struct sale_line
line_of(const char *item, int64_t price_yen, int64_t quantity)
{
    struct sale_line line = {.unit_price_yen = price_yen, .quantity = quantity, .tax = TAX_STANDARD10};
    snprintf(line.item, sizeof line.item, "%s", item);
    snprintf(line.name, sizeof line.name, "%s", item);
    snprintf(line.issuer, sizeof line.issuer, "general");
    return line;
}

static void
add(const char *item, int64_t price_yen, int64_t quantity)
{
    struct sale_line line = line_of(item, price_yen, quantity);
    assert_int_equal(basket_add(&basket, &line, &err), STATUS_OK);
}

/* A set of COUNT lines of ITEM, 100 yen each, two rows a line, in the place of REPLACED. */
static enum status
put(const char *item, size_t count, int64_t replaced)
{
    static struct sale_line lines[BASKET_LINES_MAX];
    static struct pricing_row rows[2 * BASKET_LINES_MAX];
    assert_true(count <= BASKET_LINES_MAX);
    for (size_t i = 0; i < count; i++) {
        lines[i] = line_of(item, 100, (int64_t)i + 1);
        snprintf(lines[i].pricing.tariff, CODE_SIZE, "museum");
        snprintf(lines[i].pricing.facts, FACTS_SIZE, i == 0 ? "{\"persons\":3}" : "{}");
        lines[i].pricing.row_count = 2;
        rows[2 * i] = (struct pricing_row){"一般", 150 * ((int64_t)i + 1)};
        rows[2 * i + 1] = (struct pricing_row){"団体", -50 * ((int64_t)i + 1)};
    }
    const struct basket_set set = {.lines = lines, .line_count = count, .rows = rows};
    return basket_put_set(&basket, &set, replaced, &err);
}

/* Everything that must hold of a basket at any time. */
static void
check_sound(void)
{
    const struct sale_content *content = &basket.content;
    int64_t total_yen = 0;
    size_t rows = 0;
    for (size_t i = 0; i < content->line_count; i++) {
        const struct sale_line *line = &content->lines[i];
        int64_t amount = line->is_exempted ? 0 : line->unit_price_yen * line->quantity - line->reduction.yen;
        assert_int_equal(line->amount_yen, amount);
        total_yen += line->amount_yen;
        if (line->pricing.row_count > 0) {
            assert_int_equal(line->pricing.first_row, rows);
            rows += line->pricing.row_count;
        }
        assert_int_equal(line->pricing.tariff[0] != '\0', line->pricing.set > 0);
    }
    assert_int_equal(content->total_yen, total_yen);
    assert_int_equal(content->row_count, rows);
}

static void
a_set_comes_in_as_a_whole_and_is_removed_as_a_whole(void **state)
{
    (void)state;
    add("a", 300, 1);
    assert_int_equal(put("museum", 3, 0), STATUS_OK);
    add("b", 450, 1);
    check_sound();
    assert_int_equal(basket.content.line_count, 5);
    assert_int_equal(basket.content.total_yen, 300 + 600 + 450);

    assert_int_equal(basket_remove(&basket, 2, &err), STATUS_OK);

    check_sound();
    assert_int_equal(basket.content.line_count, 2);
    assert_string_equal(basket.content.lines[1].item, "b");
}

static void
an_edited_set_stays_where_it_was_and_keeps_its_number(void **state)
{
    (void)state;
    assert_int_equal(put("museum", 2, 0), STATUS_OK);
    assert_int_equal(put("rink", 1, 0), STATUS_OK);
    add("a", 300, 1);

    assert_int_equal(put("museum", 3, 1), STATUS_OK);

    check_sound();
    assert_int_equal(basket.content.line_count, 5);
    assert_int_equal(basket.content.lines[2].pricing.set, 1);
    assert_string_equal(basket.content.lines[2].item, "museum");
    assert_int_equal(basket.content.lines[3].pricing.set, 2);
    assert_string_equal(basket.content.lines[0].pricing.facts, "{\"persons\":3}");
    assert_int_equal(put("museum", 1, 7), STATUS_NOT_FOUND);
    check_sound();
}

static void
a_line_that_a_tariff_priced_is_not_changed_by_hand(void **state)
{
    (void)state;
    struct sale_line line;
    assert_int_equal(put("museum", 1, 0), STATUS_OK);

    assert_int_equal(basket_line_to_change(&basket, 0, &line, &err), STATUS_REFUSED);

    assert_string_equal(err.code, "priced_by_tariff");
}

static void
the_same_item_under_another_price_or_a_reduction_is_a_line_of_its_own(void **state)
{
    (void)state;
    struct sale_line line;
    add("a", 300, 2);
    assert_int_equal(basket_line_to_change(&basket, 0, &line, &err), STATUS_OK);
    line.reduction = (struct reduction){"school", "学校行事", "教育委員会", 100};
    assert_int_equal(basket_replace(&basket, 0, &line, &err), STATUS_OK);
    add("a", 300, 1);
    add("a", 250, 1);

    check_sound();
    assert_int_equal(basket.content.line_count, 3);
    assert_int_equal(basket.content.total_yen, 500 + 300 + 250);
}

static void
a_basket_belongs_to_one_slip_until_it_is_empty(void **state)
{
    (void)state;
    const struct sale_reference first = {"slip", "100"};
    const struct sale_reference second = {"slip", "200"};
    add("a", 300, 1);
    assert_int_equal(basket_set_reference(&basket, &first, &err), STATUS_OK);

    assert_int_equal(basket_set_reference(&basket, &first, &err), STATUS_OK);
    assert_int_equal(basket_set_reference(&basket, &second, &err), STATUS_REFUSED);
    assert_int_equal(basket_remove(&basket, 0, &err), STATUS_OK);
    assert_int_equal(basket_set_reference(&basket, &second, &err), STATUS_OK);

    assert_string_equal(basket.content.reference.number, "200");
}

/* A line as long as lines get; a hundred of them would be more than a journal line. */
static void
what_could_not_be_recorded_does_not_get_into_the_basket(void **state)
{
    (void)state;
    struct sale_line line = line_of("a", 300, 1);
    memset(line.name, 'n', NAME_SIZE - 1);
    memset(line.reduction.name, 'r', NAME_SIZE - 1);
    memset(line.reduction.granter, 'g', NAME_SIZE - 1);
    memset(line.override.reason, 'o', REASON_SIZE - 1);
    memset(line.override.approved_by, 's', CODE_SIZE - 1);
    memset(line.reduction.rule, 'x', CODE_SIZE - 1);
    line.reduction.yen = 1;
    enum status status = STATUS_OK;
    size_t kept = 0;
    while (status == STATUS_OK && kept < BASKET_LINES_MAX) {
        status = basket_add(&basket, &line, &err);
        kept += status == STATUS_OK ? 1 : 0;
    }

    assert_int_equal(status, STATUS_OVERFLOW);
    assert_string_equal(err.code, "basket_full");
    assert_int_equal(basket.content.line_count, kept);
    struct buffer record;
    struct json_writer writer;
    buffer_init(&record, BASKET_RECORD_MAX_BYTES);
    json_writer_init(&writer, &record);
    json_begin_object(&writer, NULL);
    sale_content_write(&basket.content, &writer);
    json_end_object(&writer);
    assert_int_equal(json_finish(&writer, &err), STATUS_OK);
    buffer_finish(&record);
}

static uint64_t random_state;

static unsigned
below(unsigned sides)
{
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(random_state >> 33) % sides;
}

static enum status
change_by_hand(size_t index)
{
    struct sale_line line;
    enum status status = basket_line_to_change(&basket, index, &line, &err);
    if (status != STATUS_OK) {
        return status;
    }
    line.quantity = (int64_t)below(1100);
    bool is_reduced = below(2) == 0;
    line.reduction =
        is_reduced ? (struct reduction){"r", "減免", "課長", 1 + (int64_t)below(500)} : (struct reduction){0};
    return basket_replace(&basket, index, &line, &err);
}

static enum status
random_change(void)
{
    static const struct exemption official = {"official", "公用", "公用請求"};
    static const char *const items[] = {"a", "b", "c", "d"};
    size_t index = below((unsigned)basket.content.line_count + 2);
    struct sale_line line = line_of(items[below(4)], 50 + (int64_t)below(3) * 100, 1 + (int64_t)below(4));
    switch (below(7)) {
    case 0:
    case 1:
        return basket_add(&basket, &line, &err);
    case 2:
        return put("museum", 1 + below(6), 0);
    case 3:
        return put("rink", 1 + below(6), 1 + (int64_t)below(4));
    case 4:
        return basket_remove(&basket, index, &err);
    case 5:
        return basket_set_exemption(&basket, index, below(2) == 0 ? &official : NULL, &err);
    default:
        return change_by_hand(index);
    }
}

static void
under_any_changes_the_total_is_the_sum_of_the_lines_and_a_refused_change_changes_nothing(void **state)
{
    (void)state;
    static struct basket before;
    size_t done = 0;
    for (unsigned seed = 1; seed <= 20; seed++) {
        random_state = seed;
        assert_int_equal(basket_init(&basket, 1, &err), STATUS_OK);
        for (int i = 0; i < 150; i++) {
            before = basket;
            if (random_change() == STATUS_OK) {
                done++;
            } else {
                assert_memory_equal(&before, &basket, sizeof basket);
            }
            check_sound();
        }
    }
    assert_true(done > 1000); /* otherwise nothing was tried */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_set_comes_in_as_a_whole_and_is_removed_as_a_whole, start),
        cmocka_unit_test_setup(an_edited_set_stays_where_it_was_and_keeps_its_number, start),
        cmocka_unit_test_setup(a_line_that_a_tariff_priced_is_not_changed_by_hand, start),
        cmocka_unit_test_setup(the_same_item_under_another_price_or_a_reduction_is_a_line_of_its_own, start),
        cmocka_unit_test_setup(a_basket_belongs_to_one_slip_until_it_is_empty, start),
        cmocka_unit_test_setup(what_could_not_be_recorded_does_not_get_into_the_basket, start),
        cmocka_unit_test_setup(under_any_changes_the_total_is_the_sum_of_the_lines_and_a_refused_change_changes_nothing,
                               start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
