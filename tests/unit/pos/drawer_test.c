/* The drawer's cash under days that nobody planned: whatever the order of sales, voids, refunds, moves, counts,
 * hand-overs and restarts, what must lie in the drawer is float + cash sales − voids + in − out − refunds, each line
 * belongs to exactly one close, and the tables follow from the journal. */
#include "till_stage.h"

#include "pos/till/cash.h"
#include "pos/till/drawer.h"
#include "pos/till/refold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DAY_MS INT64_C(86400000)

enum { SEEDS = 4, STEPS = 150, SALES_MAX = 400, APPROVAL_ABOVE_YEN = 5000 };

/* What the test knows by itself. */
struct model {
    int64_t float_yen;
    int64_t expected_yen;
    struct {
        char sale[IDENTITY_TEXT_SIZE];
        int64_t total_yen;
        int day;
        bool is_gone; /* voided, or refunded */
    } sales[SALES_MAX];
    size_t sale_count;
    int day;
    int closes;
    const char *clerk;
};

static struct till_stage stage;
static struct model model;
static uint64_t random_state;
static char masters[8192];
static const struct approval supervisor = {.clerk = "suzuki", .pin = "2222"};

static unsigned
below(unsigned sides)
{
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(random_state >> 33) % sides;
}

static void
must(enum status status)
{
    if (status != STATUS_OK) {
        fail_msg("%s: %s", stage.err.code, stage.err.message);
    }
}

/* Refused because the drawer does not hold it, in words that help nobody to count towards a figure. */
static void
must_not_be_in_drawer(enum status status)
{
    assert_int_equal(status, STATUS_REFUSED);
    assert_string_equal(stage.err.code, "not_in_drawer");
    assert_null(strpbrk(stage.err.message, "0123456789"));
}

static struct cash_count
counted(int64_t yen)
{
    struct cash_count count = {.has_pieces = true, .total_yen = yen};
    for (size_t i = 0; i < DENOMINATION_COUNT; i++) {
        count.pieces[i] = yen / denominations_yen[i];
        yen %= denominations_yen[i];
    }
    return count;
}

static void
basket_id(char out[IDENTITY_TEXT_SIZE])
{
    const char *at = strstr(till_stage_state(&stage), "\"basket\":{\"id\":\"");
    assert_non_null(at);
    snprintf(out, IDENTITY_TEXT_SIZE, "%.36s", at + 16);
}

static void
sell(void)
{
    if (model.sale_count == SALES_MAX) {
        return;
    }
    int64_t quantity = 1 + (int64_t)below(5);
    bool is_free = below(6) == 0;
    char *sale = model.sales[model.sale_count].sale;
    must(till_add_item(stage.till, below(2) == 0 ? "a" : "b", quantity, &stage.err));
    if (is_free) {
        must(till_set_exemption(stage.till, 1, "official", "公用請求", &stage.err));
    }
    basket_id(sale);
    const char *at = strstr(till_stage_state(&stage), "\"total_yen\":");
    int64_t total_yen = strtoll(at + 12, NULL, 10);
    if (is_free) {
        must(till_pay_none(stage.till, sale, &stage.err));
        assert_int_equal(total_yen, 0);
    } else {
        must(till_pay_cash(stage.till, sale, total_yen + (int64_t)below(3) * 500, &stage.err));
    }
    model.sales[model.sale_count].total_yen = total_yen;
    model.sales[model.sale_count].day = model.day;
    model.sales[model.sale_count].is_gone = false;
    model.sale_count++;
    model.expected_yen += total_yen;
}

static void
take_back(void)
{
    char refund[IDENTITY_TEXT_SIZE];
    if (model.sale_count == 0) {
        return;
    }
    size_t i = below((unsigned)model.sale_count);
    if (model.sales[i].is_gone) {
        return;
    }
    if (model.sales[i].day == model.day) {
        must(till_void_sale(stage.till, model.sales[i].sale, "打ち間違い", &stage.err));
    } else if (model.sales[i].total_yen > 0) {
        bool is_there = model.sales[i].total_yen <= model.expected_yen;
        const struct refund_request request = {.sale = model.sales[i].sale,
                                               .remainder_yen = model.sales[i].total_yen,
                                               .means = "cash",
                                               .reason = "申請の取下げ"};
        must(till_request_refund(stage.till, &request, refund, &stage.err));
        if (!is_there) {
            must_not_be_in_drawer(till_pay_refund(stage.till, refund, &supervisor, &stage.err));
            must(till_withdraw_refund(stage.till, refund, "現金がない", &stage.err));
            return;
        }
        must(till_pay_refund(stage.till, refund, &supervisor, &stage.err));
    } else {
        return;
    }
    model.sales[i].is_gone = true;
    model.expected_yen -= model.sales[i].total_yen;
}

static void
move(void)
{
    int64_t amount_yen = 1 + (int64_t)below(APPROVAL_ABOVE_YEN + 200);
    struct cash_count count = counted(amount_yen);
    switch (below(4)) {
    case 0:
        must(till_move_float(stage.till, true, &count, NULL, &stage.err));
        model.float_yen += amount_yen;
        model.expected_yen += amount_yen;
        break;
    case 1:
        if (amount_yen <= model.float_yen && amount_yen > model.expected_yen) {
            must_not_be_in_drawer(till_move_float(stage.till, false, &count, NULL, &stage.err));
        } else if (amount_yen <= model.float_yen) {
            must(till_move_float(stage.till, false, &count, "戻し", &stage.err));
            model.float_yen -= amount_yen;
            model.expected_yen -= amount_yen;
        } else {
            assert_int_equal(till_move_float(stage.till, false, &count, NULL, &stage.err), STATUS_REFUSED);
        }
        break;
    case 2:
        must(till_move_cash(stage.till, true, amount_yen, "拾得", &supervisor, &stage.err));
        model.expected_yen += amount_yen;
        break;
    default:
        if (amount_yen > model.expected_yen) {
            must_not_be_in_drawer(till_move_cash(stage.till, false, amount_yen, "払込", &supervisor, &stage.err));
            break;
        }
        must(till_move_cash(stage.till, false, amount_yen, "払込", &supervisor, &stage.err));
        model.expected_yen -= amount_yen;
        break;
    }
}

static int64_t
about_expected(void)
{
    int64_t yen = model.expected_yen + (int64_t)below(3) * 10 - 10;
    return yen < 0 ? 0 : yen;
}

static void
look(void)
{
    int64_t line;
    struct cash_count count = counted(about_expected());
    switch (below(3)) {
    case 0:
        must(till_inspect(stage.till, &count, &line, &stage.err));
        break;
    case 1:
        must(till_open_drawer(stage.till, "両替", &stage.err));
        break;
    default:
        must(till_record_count(stage.till, COUNT_HANDOVER, &count, &stage.err));
        model.clerk = strcmp(model.clerk, "sato") == 0 ? "suzuki" : "sato";
        must(till_hand_over(stage.till, 0, model.clerk, strcmp(model.clerk, "sato") == 0 ? "1111" : "2222", "検査",
                            &stage.err));
        break;
    }
}

static void
close_and_open(void)
{
    struct cash_count count = counted(about_expected());
    struct cash_count next = counted((int64_t)below(30) * 1000);
    stage.clock.now_ms += below(2) == 0 ? DAY_MS : 0; /* a close after midnight, too */
    must(till_record_count(stage.till, COUNT_CLOSE, &count, &stage.err));
    must(till_close_counted(stage.till, 0, "検査", -1, &stage.err));
    stage.clock.now_ms += DAY_MS;
    must(till_open_day_counted(stage.till, &next, &stage.err));
    model.day++;
    model.closes++;
    model.float_yen = next.total_yen;
    model.expected_yen = next.total_yen;
}

static void
restart(void)
{
    till_stage_reopen(&stage);
    must(till_sign_in(stage.till, model.clerk, strcmp(model.clerk, "sato") == 0 ? "1111" : "2222", &stage.err));
}

static void
take_a_step(void)
{
    unsigned way = below(40);
    if (way < 18) {
        sell();
    } else if (way < 25) {
        take_back();
    } else if (way < 33) {
        move();
    } else if (way < 37) {
        look();
    } else if (way < 39) {
        close_and_open();
    } else {
        restart();
    }
}

static struct drawer_figures
figures_now(void)
{
    struct drawer_figures figures;
    till_lock(stage.till);
    enum status status = drawer_figures_now(stage.till, &figures, &stage.err);
    till_unlock(stage.till, false);
    must(status);
    return figures;
}

static void
tables_follow_from_the_journal(void)
{
    struct database *db = NULL;
    struct journal_position end;
    must(database_open(&db, stage.database, DATABASE_READ_WRITE, NULL, &stage.err));
    must(journal_verify(db, "KO-01", &end, &stage.err));
    must(till_check_fold(db, &stage.err));
    database_close(db);
}

/* Ranges of the closes follow one another without a gap, up to the open day. */
static void
every_line_belongs_to_one_close(void)
{
    assert_int_equal(
        till_stage_query(&stage,
                         "SELECT COUNT(*) FROM (SELECT json_extract(CAST(line AS TEXT), '$.body.first_sequence')"
                         " AS first, json_extract(CAST(line AS TEXT), '$.body.last_sequence') AS last, sequence,"
                         " LAG(sequence, 1, 0) OVER (ORDER BY sequence) AS before FROM journal_line"
                         " WHERE json_extract(CAST(line AS TEXT), '$.kind') = 'day.closed')"
                         " WHERE first <> before + 1 OR last <> sequence - 1"),
        0);
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM business_day WHERE state = 'closed'"),
                     model.closes);
    assert_int_equal(till_stage_query(&stage, "SELECT COALESCE(MAX(number), 0) FROM business_day"), model.closes);
}

static void
begin(uint64_t seed)
{
    size_t length = strlen(till_stage_masters);
    random_state = seed * 2 + 1;
    snprintf(masters, sizeof masters, "%.*s,\"settings\":{\"cash_approval_yen\":%d}}", (int)length - 1,
             till_stage_masters, APPROVAL_ABOVE_YEN);
    till_stage_open(&stage, masters);
    model = (struct model){.float_yen = 20000, .expected_yen = 20000, .clerk = "sato"};
}

static void
expected_cash_is_float_and_sales_less_voids_and_moves_and_refunds_in_any_order(void **state)
{
    (void)state;
    int closes = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        begin(seed);
        for (int i = 0; i < STEPS; i++) {
            take_a_step();

            struct drawer_figures figures = figures_now();
            if (figures.expected_cash_yen != model.expected_yen || figures.float_yen != model.float_yen) {
                fail_msg("seed %d, step %d: %lld must lie there, the till says %lld", (int)seed, i,
                         (long long)model.expected_yen, (long long)figures.expected_cash_yen);
            }
        }
        every_line_belongs_to_one_close();
        tables_follow_from_the_journal();
        closes += model.closes;
        till_stage_close(&stage);
    }
    assert_true(closes > SEEDS); /* otherwise no day was tried to its end */
}

static void
a_sale_behind_the_close_belongs_to_the_next_one(void **state)
{
    (void)state;
    begin(1);
    struct cash_count count = counted(20000);
    must(till_record_count(stage.till, COUNT_CLOSE, &count, &stage.err));
    must(till_close_counted(stage.till, 0, NULL, -1, &stage.err));
    must(till_sign_out(stage.till, &stage.err)); /* a line between two days */
    must(till_sign_in(stage.till, "sato", "1111", &stage.err));
    int64_t closed = till_stage_query(&stage, "SELECT closed_sequence FROM business_day");
    stage.clock.now_ms += DAY_MS;
    must(till_open_day_counted(stage.till, &count, &stage.err));

    assert_int_equal(figures_now().first_sequence, closed + 1);

    till_stage_close(&stage);
}

static void
a_day_goes_on_after_midnight_under_its_own_date_and_is_closed_once(void **state)
{
    (void)state;
    begin(1);
    sell();
    stage.clock.now_ms += DAY_MS;
    struct cash_count count = counted(model.expected_yen);
    assert_int_equal(till_add_item(stage.till, "a", 1, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "day_is_over");

    must(till_record_count(stage.till, COUNT_CLOSE, &count, &stage.err));
    must(till_close_counted(stage.till, 0, NULL, -1, &stage.err));

    assert_int_equal(till_close_counted(stage.till, 0, NULL, -1, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "day_not_open");
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM journal_line WHERE"
                                              " json_extract(CAST(line AS TEXT), '$.kind') = 'day.closed' AND"
                                              " json_extract(CAST(line AS TEXT), '$.business_date') = '2026-11-22'"),
                     1);
    must(till_open_day_counted(stage.till, &count, &stage.err)); /* and today's begins */
    till_stage_close(&stage);
}

static void
a_clock_that_jumps_back_opens_no_day_by_itself(void **state)
{
    (void)state;
    begin(1);
    struct cash_count count = counted(20000);
    must(till_record_count(stage.till, COUNT_CLOSE, &count, &stage.err));
    must(till_close_counted(stage.till, 0, NULL, -1, &stage.err));
    stage.clock.now_ms -= 3 * DAY_MS;

    assert_int_equal(till_open_day_counted(stage.till, &count, &stage.err), STATUS_UNAUTHORIZED);

    assert_string_equal(stage.err.code, "approval_needed");
    till_stage_close(&stage);
}

static void
nothing_leaves_a_drawer_that_does_not_hold_it(void **state)
{
    (void)state;
    char refund[IDENTITY_TEXT_SIZE];
    begin(1);
    must(till_add_item(stage.till, "a", 1, &stage.err));
    char sale[IDENTITY_TEXT_SIZE];
    basket_id(sale);
    must(till_pay_cash(stage.till, sale, 300, &stage.err)); /* 20,300 lie there */
    must_not_be_in_drawer(till_move_cash(stage.till, false, 20301, "払込", &supervisor, &stage.err));
    must(till_move_cash(stage.till, false, 20300, "払込", &supervisor, &stage.err));

    struct cash_count count = counted(1000);
    must_not_be_in_drawer(till_move_float(stage.till, false, &count, NULL, &stage.err));
    count = counted(0);
    must(till_record_count(stage.till, COUNT_CLOSE, &count, &stage.err));
    must(till_close_counted(stage.till, 0, NULL, -1, &stage.err));
    stage.clock.now_ms += DAY_MS;
    must(till_open_day_counted(stage.till, &count, &stage.err));
    const struct refund_request request = {
        .sale = sale, .remainder_yen = 300, .means = "cash", .reason = "申請の取下げ"};
    must(till_request_refund(stage.till, &request, refund, &stage.err));
    must_not_be_in_drawer(till_pay_refund(stage.till, refund, &supervisor, &stage.err));
    must(till_move_cash(stage.till, true, 300, "還付のため", &supervisor, &stage.err));
    must(till_pay_refund(stage.till, refund, &supervisor, &stage.err));

    assert_int_equal(figures_now().expected_cash_yen, 0);
    till_stage_close(&stage);
}

static void
no_more_goes_back_as_float_than_was_counted(void **state)
{
    (void)state;
    begin(1); /* 20,000 were lent */
    struct cash_count count = counted(12000);
    must(till_record_count(stage.till, COUNT_CLOSE, &count, &stage.err));
    assert_int_equal(till_close_counted(stage.till, 0, "不明", 12001, &stage.err), STATUS_INVALID);
    assert_string_equal(stage.err.code, "float");

    must(till_close_counted(stage.till, 0, "不明", -1, &stage.err));

    assert_int_equal(till_stage_query(&stage, "SELECT json_extract(CAST(line AS TEXT), '$.body.float_returned_yen')"
                                              " FROM journal_line WHERE"
                                              " json_extract(CAST(line AS TEXT), '$.kind') = 'day.closed'"),
                     12000);
    till_stage_close(&stage);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expected_cash_is_float_and_sales_less_voids_and_moves_and_refunds_in_any_order),
        cmocka_unit_test(nothing_leaves_a_drawer_that_does_not_hold_it),
        cmocka_unit_test(no_more_goes_back_as_float_than_was_counted),
        cmocka_unit_test(a_sale_behind_the_close_belongs_to_the_next_one),
        cmocka_unit_test(a_day_goes_on_after_midnight_under_its_own_date_and_is_closed_once),
        cmocka_unit_test(a_clock_that_jumps_back_opens_no_day_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
