/* What journal lines mean: figures of a small city, contradictions that are parked, and a rebuild that changes nothing.
 */
#include "settlement/ledger/ledger.h"

#include "common/sqlite/database.h"
#include "settlement/ledger/effect.h"
#include "settlement/ledger/ledger_thread.h"
#include "settlement/ledger/postings.h"
#include "tests/unit/settlement/core/derived_tables.h"
#include "tests/unit/settlement/core/good_city.h"
#include "tests/unit/settlement/core/store_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void
catch_up(struct bench *bench)
{
    struct error_detail err;
    struct ledger_advance advance;
    if (ledger_catch_up(bench->store, &advance, &err) != STATUS_OK) {
        fail_msg("the ledger failed: %s", err.message);
    }
}

static int
city_setup(void **state)
{
    if (bench_setup(state) != 0) {
        return -1;
    }
    struct bench *bench = *state;
    struct city city;
    city_make(&city, bench->store);
    city_finish(&city);
    catch_up(bench);
    return 0;
}

#define assert_query(bench, sql, expected) assert_int_equal(query_file((bench)->path, sql), expected)

static void
the_postings_of_every_line_sum_to_zero(void **state)
{
    struct bench *bench = *state;

    assert_query(bench,
                 "SELECT count(*) FROM (SELECT 1 FROM posting GROUP BY terminal, sequence HAVING"
                 " sum(amount_yen) <> 0) AS wrong",
                 0);
    assert_query(bench, "SELECT count(DISTINCT terminal || sequence) FROM posting", 14);
}

static void
revenue_is_what_citizens_paid_and_were_not_given_back(void **state)
{
    struct bench *bench = *state;

    assert_query(bench, "SELECT -sum(amount_yen) FROM posting WHERE ledger = 'revenue'", 450 + 400 + 600 + 1350);
    assert_query(bench, "SELECT -sum(amount_yen) FROM posting WHERE ledger = 'revenue' AND account = '14020101'",
                 450 + 1350);
    assert_query(bench, "SELECT -sum(amount_yen) FROM posting WHERE ledger = 'revenue' AND tax = 'standard10'",
                 400 + 600);
}

static void
a_late_sale_belongs_to_the_day_the_citizen_paid(void **state)
{
    struct bench *bench = *state;

    assert_query(bench,
                 "SELECT sum(amount_yen) FROM posting WHERE ledger = 'receivable' AND brand = 'paypay' AND"
                 " received_on = '2026-11-21'",
                 400 + 600);
    assert_query(bench,
                 "SELECT count(*) FROM sale WHERE business_date = '2026-11-22' AND received_on = '2026-11-21'"
                 " AND total_yen = 600",
                 1);
    assert_query(bench,
                 "SELECT amount_yen - void_yen FROM daily_payment WHERE received_on = '2026-11-21' AND"
                 " brand = 'paypay'",
                 1000);
}

static void
money_in_doubt_or_refused_is_nobodys_revenue(void **state)
{
    struct bench *bench = *state;

    assert_query(bench,
                 "SELECT count(*) FROM payment WHERE state = 'in_doubt' AND amount_yen = 200 AND"
                 " acquirer_reference = 'E0001'",
                 1);
    assert_query(bench, "SELECT count(*) FROM payment WHERE state = 'declined'", 1);
    assert_query(bench,
                 "SELECT count(*) FROM posting WHERE sequence IN (SELECT state_sequence FROM payment WHERE state"
                 " IN ('in_doubt', 'declined')) AND terminal = 'KO-01'",
                 0);
}

static void
money_that_must_go_back_is_held_and_owed_by_the_trustee(void **state)
{
    struct bench *bench = *state;

    assert_query(bench, "SELECT sum(amount_yen) FROM posting WHERE ledger = 'held'", -1000);
    assert_query(bench, "SELECT sum(amount_yen) FROM posting WHERE ledger = 'receivable' AND brand = 'edy'", 1000);
    assert_query(bench, "SELECT abandoned_by > 0 FROM payment WHERE state = 'held'", 1);
}

static void
a_void_takes_back_every_entry_of_its_sale(void **state)
{
    struct bench *bench = *state;

    assert_query(bench, "SELECT count(*) FROM sale WHERE voided_by <> 0", 2);
    assert_query(bench, "SELECT sum(amount_yen) FROM posting WHERE brand = 'merpay'", 0);
    assert_query(bench, "SELECT void_yen FROM daily_payment WHERE brand = 'merpay'", 200);
    assert_query(bench, "SELECT void_quantity FROM daily_item WHERE item = 'koseki-zenbu' AND place = 'shimin-1'", 2);
    assert_query(bench, "SELECT count(*) FROM reversal WHERE state = 'reversed' AND amount_yen = 200", 1);
}

static void
the_brand_that_only_the_answer_named_is_kept(void **state)
{
    struct bench *bench = *state;

    assert_query(bench, "SELECT count(*) FROM payment WHERE brand = 'merpay' AND sale_sequence > 0", 1);
}

static void
the_drawer_is_empty_after_the_close_and_the_difference_is_booked(void **state)
{
    struct bench *bench = *state;

    assert_query(bench, "SELECT sum(amount_yen) FROM posting WHERE ledger = 'drawer'", 0);
    assert_query(bench, "SELECT sum(amount_yen) FROM posting WHERE ledger = 'float'", 0);
    assert_query(bench, "SELECT sum(amount_yen) FROM posting WHERE ledger = 'over_short'", -10);
    assert_query(bench, "SELECT sum(amount_yen) FROM posting WHERE ledger = 'vault'", 450 + 10 + 1350);
    assert_query(bench, "SELECT count(*) FROM business_day WHERE expected_cash_yen = ledger_cash_yen", 3);
    assert_query(bench, "SELECT sum(drawer_yen) FROM ledger_terminal", 0);
}

static void
an_issue_for_nothing_is_counted_and_never_booked(void **state)
{
    struct bench *bench = *state;

    assert_query(bench, "SELECT count FROM daily_payment WHERE method = 'none'", 1);
    assert_query(bench, "SELECT quantity FROM daily_item WHERE exemption = 'official' AND amount_yen = 0", 2);
    assert_query(bench,
                 "SELECT count(*) FROM posting AS p JOIN sale AS s USING (terminal, sequence) WHERE"
                 " s.method = 'none'",
                 0);
}

static void
a_kind_that_is_not_known_is_parked_and_blocks_nothing(void **state)
{
    struct bench *bench = *state;

    assert_query(bench, "SELECT count(*) FROM parked_line", 1);
    assert_query(bench, "SELECT count(*) FROM parked_line WHERE code = 'unknown_kind' AND kind = 'weather.observed'",
                 1);
    assert_query(bench,
                 "SELECT count(*) FROM ledger_terminal JOIN terminal USING (terminal) WHERE sequence ="
                 " head_sequence",
                 2);
}

/* --- rebuild ---------------------------------------------------------------------------------------------------------
 */

/* The hash of every derived row, all columns. */
static void
hash_derived(const struct bench *bench, char out[SHA256_TEXT_SIZE])
{
    derived_tables_hash(bench->path, out);
}

static void
a_rebuild_makes_the_same_rows(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct ledger_advance advance;
    char before[SHA256_TEXT_SIZE];
    char after[SHA256_TEXT_SIZE];
    hash_derived(bench, before);

    assert_int_equal(ledger_rebuild(bench->store, &advance, &err), STATUS_OK);

    hash_derived(bench, after);
    assert_string_equal(before, after);
    assert_int_equal(advance.parked, 1);
    change_file(bench->path, "UPDATE sale SET total_yen = 451 WHERE total_yen = 450");
    hash_derived(bench, after);
    assert_string_not_equal(before, after);
    assert_int_equal(ledger_rebuild(bench->store, &advance, &err), STATUS_OK);
    hash_derived(bench, after);
    assert_string_equal(before, after);
}

static void
two_tills_that_claim_one_sale_are_rebuilt_with_the_same_winner(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct ledger_advance advance;
    struct maker first;
    struct maker second;
    maker_init(&first, "KO-02", "museum-1");
    maker_init(&second, "KO-01", "shimin-1");
    maker_enrol(&first, bench->store);
    maker_enrol(&second, bench->store);
    maker_enrolled(&first);
    maker_cash_sale(&first, 100, 1);
    maker_enrolled(&second);
    maker_cash_sale(&second, 100, 1);
    maker_send(&first, bench->store);
    maker_send(&second, bench->store);
    catch_up(bench);
    assert_query(bench, "SELECT count(*) FROM sale WHERE terminal = 'KO-02'", 1);
    assert_query(bench, "SELECT count(*) FROM parked_line WHERE terminal = 'KO-01' AND code = 'sale_known'", 1);
    char before[SHA256_TEXT_SIZE];
    char after[SHA256_TEXT_SIZE];
    hash_derived(bench, before);

    assert_int_equal(ledger_rebuild(bench->store, &advance, &err), STATUS_OK);

    hash_derived(bench, after);
    assert_string_equal(before, after);
    maker_finish(&first);
    maker_finish(&second);
}

/* --- contradictions: each is parked by its own code, and the next line goes on
 * ----------------------------------------- */

static void
assert_parked(struct bench *bench, struct maker *maker, const char *code)
{
    char sql[200];
    maker_cash_sale(maker, 999, 1);
    maker_send(maker, bench->store);
    catch_up(bench);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM parked_line WHERE code = '%s' AND sequence = %lld", code,
             (long long)maker->sequence - 1);
    assert_query(bench, sql, 1);
    assert_query(bench, "SELECT count(*) FROM parked_line", 1);
    snprintf(sql, sizeof sql, "SELECT count(*) FROM sale WHERE sequence = %lld", (long long)maker->sequence);
    assert_query(bench, sql, 1);
    maker_finish(maker);
}

static void
begin(struct bench *bench, struct maker *maker)
{
    maker_init(maker, "KO-01", "shimin-1");
    maker_enrol(maker, bench->store);
    maker_enrolled(maker);
}

static void
a_sale_recorded_twice_is_booked_once(void **state)
{
    struct maker maker;
    begin(*state, &maker);
    maker_cash_sale(&maker, 1, 1);
    maker_cash_sale(&maker, 1, 1);
    assert_parked(*state, &maker, "sale_known");
}

static void
a_receipt_number_used_twice_is_parked(void **state)
{
    struct maker maker;
    begin(*state, &maker);
    maker_cash_sale(&maker, 1, 1);
    maker.receipt_serial--;
    maker_cash_sale(&maker, 2, 1);
    assert_parked(*state, &maker, "receipt_known");
}

static void
a_cashless_sale_without_an_approved_payment_is_parked(void **state)
{
    struct maker maker;
    begin(*state, &maker);
    maker_payment_started(&maker, 1, 2, "paypay", 200);
    maker_qr_sale(&maker, 2, 1, "paypay", 1, "2026-11-22");
    assert_parked(*state, &maker, "payment_not_approved");
}

static void
a_cashless_sale_of_another_amount_than_its_payment_is_parked(void **state)
{
    struct maker maker;
    begin(*state, &maker);
    maker_payment_started(&maker, 1, 2, "paypay", 400);
    maker_payment_resolved(&maker, 1, "approved", "answer");
    maker_qr_sale(&maker, 2, 1, "paypay", 1, "2026-11-22");
    assert_parked(*state, &maker, "payment_differs");
}

/* PayPay was asked for, and the network says that merpay was charged. */
static void
charge_another_brand(struct bench *bench, struct maker *maker, const char *result)
{
    char id[TEST_ID_SIZE];
    begin(bench, maker);
    maker_payment_started(maker, 1, 2, "paypay", 200);
    maker_line(maker, "payment.resolved",
               "{\"payment\":\"%s\",\"result\":\"%s\",\"reason\":null,\"how\":\"answer\",\"acquirer_reference\":null,"
               "\"approval_code\":null,\"slip_number\":null,\"masked_number\":null,\"accepted_at\":null,\"brand\":"
               "\"merpay\"}",
               test_id(id, 1), result);
}

static void
a_sale_is_booked_to_the_brand_that_was_charged(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    charge_another_brand(bench, &maker, "approved");
    maker_qr_sale(&maker, 2, 1, "merpay", 1, "2026-11-22");
    maker_send(&maker, bench->store);
    catch_up(bench);
    assert_query(bench, "SELECT count(*) FROM payment WHERE brand = 'merpay' AND sale_sequence > 0", 1);
    assert_query(bench, "SELECT count(*) FROM posting WHERE ledger = 'receivable' AND brand = 'merpay'", 1);
    assert_query(bench, "SELECT count(*) FROM parked_line", 0);
    maker_finish(&maker);
}

static void
a_sale_by_the_brand_that_was_not_charged_is_parked(void **state)
{
    struct maker maker;
    charge_another_brand(*state, &maker, "approved");
    maker_qr_sale(&maker, 2, 1, "paypay", 1, "2026-11-22");
    assert_parked(*state, &maker, "payment_differs");
}

static void
money_that_is_held_is_held_by_the_brand_that_was_charged(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    charge_another_brand(bench, &maker, "held");
    maker_send(&maker, bench->store);
    catch_up(bench);
    assert_query(bench, "SELECT count(*) FROM posting WHERE ledger = 'held' AND brand = 'merpay'", 1);
    maker_finish(&maker);
}

static void
a_payment_with_two_ends_keeps_the_first(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    begin(bench, &maker);
    maker_payment_started(&maker, 1, 2, "paypay", 400);
    maker_payment_resolved(&maker, 1, "declined", "answer");
    maker_payment_resolved(&maker, 1, "held", "inquiry");
    assert_parked(bench, &maker, "payment_resolved");
    assert_query(bench, "SELECT count(*) FROM payment WHERE state = 'declined'", 1);
    assert_query(bench, "SELECT count(*) FROM posting WHERE ledger = 'held'", 0);
}

static void
a_void_of_an_earlier_day_is_parked(void **state)
{
    struct maker maker;
    begin(*state, &maker);
    maker_cash_sale(&maker, 1, 1);
    maker.business_date.day++;
    maker_voided(&maker, 1, "KO-01-20261122-0001", 450, "cash");
    assert_parked(*state, &maker, "void_too_late");
}

static void
a_sale_is_voided_once(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    begin(bench, &maker);
    maker_cash_sale(&maker, 1, 1);
    maker_voided(&maker, 1, "KO-01-20261122-0001", 450, "cash");
    maker_voided(&maker, 1, "KO-01-20261122-0001", 450, "cash");
    assert_parked(bench, &maker, "sale_is_void");
    assert_query(bench, "SELECT sum(amount_yen) FROM posting WHERE ledger = 'drawer'", 450);
}

static void
a_void_of_another_amount_is_parked(void **state)
{
    struct maker maker;
    begin(*state, &maker);
    maker_cash_sale(&maker, 1, 1);
    maker_voided(&maker, 1, "KO-01-20261122-0001", 451, "cash");
    assert_parked(*state, &maker, "void_differs");
}

static void
a_second_day_opened_in_an_open_day_is_parked(void **state)
{
    struct maker maker;
    begin(*state, &maker);
    maker_day_opened(&maker, 1, 1000);
    maker_day_opened(&maker, 2, 1000);
    assert_parked(*state, &maker, "day_is_open");
}

static void
a_day_that_is_not_open_cannot_be_closed(void **state)
{
    struct maker maker;
    begin(*state, &maker);
    maker_day_opened(&maker, 1, 1000);
    maker_day_closed(&maker, 2, 1000, 1000, 1000, "[]");
    assert_parked(*state, &maker, "day_not_open");
}

static void
an_enrolment_line_of_another_place_is_parked(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    maker_init(&maker, "KO-01", "shimin-1");
    maker_enrol(&maker, bench->store);
    snprintf(maker.place, sizeof maker.place, "museum-1");
    maker_enrolled(&maker);
    assert_parked(bench, &maker, "wrong_enrolment");
}

/* A sale body whose members a test sets one by one. */
struct sale_figures {
    long long amount_yen, total_yen, subject_yen, tax_yen, tendered_yen;
};

static const char *
read_sale(struct sale_figures figures, struct error_detail *err)
{
    static char body[1000];
    char id[TEST_ID_SIZE];
    snprintf(
        body, sizeof body,
        "{\"sale\":\"%s\",\"receipt_number\":\"A-1\",\"received_on\":\"2026-11-22\",\"clerk\":\"sato\",\"lines\":[{"
        "\"item\":\"a\",\"name\":\"A\",\"unit_price_yen\":105,\"quantity\":3,\"amount_yen\":%lld,\"tax\":"
        "\"standard10\",\"account\":\"1\",\"section\":\"s\",\"issuer\":\"g\",\"exemption\":null}],\"total_yen\":"
        "%lld,\"taxes\":[{\"tax\":\"standard10\",\"issuer\":\"g\",\"subject_yen\":%lld,\"tax_yen\":%lld}],"
        "\"payment\":{\"method\":\"cash\",\"tendered_yen\":%lld,\"change_yen\":0}}",
        test_id(id, 1), figures.amount_yen, figures.total_yen, figures.subject_yen, figures.tax_yen,
        figures.tendered_yen);
    struct journal_line line = {
        .sequence = 1, .kind = "sale.recorded", .body = body, .body_length = strlen(body), .terminal = "KO-01"};
    struct effect effect;
    if (effect_read(&effect, &line, err) != STATUS_OK) {
        return err->code;
    }
    effect_finish(&effect);
    return "";
}

static void
a_sale_that_does_not_agree_with_itself_to_the_yen_is_not_read(void **state)
{
    (void)state;
    struct error_detail err;

    assert_string_equal(read_sale((struct sale_figures){315, 315, 315, 28, 315}, &err), "");
    assert_string_equal(read_sale((struct sale_figures){314, 314, 314, 28, 314}, &err), "wrong_sum");
    assert_string_equal(read_sale((struct sale_figures){315, 316, 315, 28, 316}, &err), "wrong_sum");
    assert_string_equal(read_sale((struct sale_figures){315, 315, 314, 28, 315}, &err), "wrong_tax");
    assert_string_equal(read_sale((struct sale_figures){315, 315, 315, 29, 315}, &err), "wrong_tax");
    assert_string_equal(read_sale((struct sale_figures){315, 315, 315, 28, 314}, &err), "wrong_sum");
}

static void
an_amount_that_no_till_can_take_is_damage(void **state)
{
    (void)state;
    struct error_detail err;
    long long limit_yen = 10000000000;
    struct journal_line line = {.sequence = 1, .kind = "day.opened"};
    char id[TEST_ID_SIZE];
    char body[200];
    struct effect effect;

    for (long long excess_yen = 0; excess_yen <= 1; excess_yen++) {
        snprintf(body, sizeof body, "{\"day\":\"%s\",\"clerk\":\"sato\",\"float_yen\":%lld}", test_id(id, 1),
                 limit_yen + excess_yen);
        line.body = body;
        line.body_length = strlen(body);
        enum status status = effect_read(&effect, &line, &err);
        assert_int_equal(status, excess_yen == 0 ? STATUS_OK : STATUS_OVERFLOW);
        if (status == STATUS_OK) {
            effect_finish(&effect);
        }
    }
}

static void
a_body_with_a_member_missing_is_not_read_whichever_it_is(void **state)
{
    (void)state;
    static const char *const whole =
        "{\"payment\":\"01934f00-0000-7000-8000-000000000001\",\"sale\":\"01934f00-0000-7000-8000-000000000002\","
        "\"method\":\"qr\",\"amount_yen\":100,\"clerk\":\"sato\"}";
    static const char *const keys[] = {"\"payment\"", "\"sale\"", "\"method\"", "\"amount_yen\"", "\"clerk\""};
    struct effect effect;
    struct error_detail err;
    struct journal_line line = {.sequence = 1, .kind = "payment.started", .body = whole, .body_length = strlen(whole)};
    assert_int_equal(effect_read(&effect, &line, &err), STATUS_OK);
    effect_finish(&effect);

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char body[300];
        snprintf(body, sizeof body, "%s", whole);
        memcpy(strstr(body, keys[i]) + 1, "x", 1);
        line.body = body;
        assert_int_equal(effect_read(&effect, &line, &err), STATUS_INVALID);
    }
}

static void
closing_entries_balance_for_any_count(void **state)
{
    (void)state;

    for (int64_t counted_yen = 0; counted_yen < 3000; counted_yen += 7) {
        struct posting_list list;
        postings_of_closing(&list, 1000, 1500, counted_yen);
        int64_t sum_yen = 0;
        for (size_t i = 0; i < list.count; i++) {
            sum_yen += list.entries[i].amount_yen;
            assert_true(list.entries[i].amount_yen != 0);
        }
        assert_int_equal(sum_yen, 0);
        assert_int_equal(postings_sum(&list, LEDGER_DRAWER), -1500);
    }
}

/* --- the thread ------------------------------------------------------------------------------------------------------
 */

static void
ignore_advance(const struct ledger_advance *advance, void *context)
{
    (void)advance;
    (void)context;
}

static void
the_thread_interprets_what_waits_and_what_comes(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct maker maker;
    struct ledger_thread *thread;
    begin(bench, &maker);
    maker_cash_sale(&maker, 1, 1);
    maker_send(&maker, bench->store);
    assert_int_equal(ledger_thread_start(&thread, bench->store, ignore_advance, NULL, &err), STATUS_OK);
    maker_cash_sale(&maker, 2, 1);
    maker_send(&maker, bench->store);
    ledger_thread_wake(thread);

    for (int i = 0; i < 500 && query_file(bench->path, "SELECT count(*) FROM sale") < 2; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }

    assert_query(bench, "SELECT count(*) FROM sale", 2);
    ledger_thread_stop(thread);
    maker_finish(&maker);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_postings_of_every_line_sum_to_zero, city_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(revenue_is_what_citizens_paid_and_were_not_given_back, city_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(a_late_sale_belongs_to_the_day_the_citizen_paid, city_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(money_in_doubt_or_refused_is_nobodys_revenue, city_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(money_that_must_go_back_is_held_and_owed_by_the_trustee, city_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(a_void_takes_back_every_entry_of_its_sale, city_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(the_brand_that_only_the_answer_named_is_kept, city_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(the_drawer_is_empty_after_the_close_and_the_difference_is_booked, city_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(an_issue_for_nothing_is_counted_and_never_booked, city_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_kind_that_is_not_known_is_parked_and_blocks_nothing, city_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(a_rebuild_makes_the_same_rows, city_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(two_tills_that_claim_one_sale_are_rebuilt_with_the_same_winner, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(a_sale_recorded_twice_is_booked_once, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_receipt_number_used_twice_is_parked, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_cashless_sale_without_an_approved_payment_is_parked, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(a_cashless_sale_of_another_amount_than_its_payment_is_parked, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(a_sale_is_booked_to_the_brand_that_was_charged, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_sale_by_the_brand_that_was_not_charged_is_parked, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(money_that_is_held_is_held_by_the_brand_that_was_charged, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(a_payment_with_two_ends_keeps_the_first, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_void_of_an_earlier_day_is_parked, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_sale_is_voided_once, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_void_of_another_amount_is_parked, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_second_day_opened_in_an_open_day_is_parked, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_day_that_is_not_open_cannot_be_closed, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(an_enrolment_line_of_another_place_is_parked, bench_setup, bench_teardown),
        cmocka_unit_test(a_sale_that_does_not_agree_with_itself_to_the_yen_is_not_read),
        cmocka_unit_test(an_amount_that_no_till_can_take_is_damage),
        cmocka_unit_test(a_body_with_a_member_missing_is_not_read_whichever_it_is),
        cmocka_unit_test(closing_entries_balance_for_any_count),
        cmocka_unit_test_setup_teardown(the_thread_interprets_what_waits_and_what_comes, bench_setup, bench_teardown),
    };
    return cmocka_run_group_tests_name("settlement ledger", tests, NULL, NULL);
}
