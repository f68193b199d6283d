/* What the lines of a whole till mean in the books: figures, contradictions that are parked, and a rebuild. */
#include "settlement/ledger/ledger.h"
#include "settlement/ledger/tender_split.h"
#include "tests/unit/common/seeded_random.h"
#include "tests/unit/settlement/core/derived_tables.h"
#include "tests/unit/settlement/core/store_bench.h"
#include "tests/unit/settlement/core/whole_till.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define assert_query(bench, sql, expected) assert_int_equal(query_file((bench)->path, sql), expected)

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
whole_setup(void **state)
{
    if (bench_setup(state) != 0) {
        return -1;
    }
    struct bench *bench = *state;
    struct maker maker;
    whole_till_make(&maker, bench->store);
    maker_send(&maker, bench->store);
    maker_finish(&maker);
    catch_up(bench);
    return 0;
}

/* --- the split of cash
 * ---------------------------------------------------------------------------------------------- */

static void
cash_covers_the_lines_in_order_and_splits_the_last_one_by_yen(void **state)
{
    (void)state;
    struct sale_line_row lines[] = {{.amount_yen = 450}, {.amount_yen = 0}, {.amount_yen = 1100}, {.amount_yen = 300}};

    tender_split(lines, 4, 600);

    assert_int_equal(lines[0].cash_yen, 450);
    assert_int_equal(lines[1].cash_yen, 0);
    assert_int_equal(lines[2].cash_yen, 150);
    assert_int_equal(lines[3].cash_yen, 0);
}

static void
every_split_adds_up_and_never_exceeds_a_line(void **state)
{
    (void)state;
    struct seeded_random random = {.state = 20261121};
    for (int round = 0; round < 2000; round++) {
        struct sale_line_row lines[12] = {{0}};
        size_t count = (size_t)seeded_between(&random, 1, 12);
        int64_t total_yen = 0;
        for (size_t i = 0; i < count; i++) {
            lines[i].amount_yen = seeded_between(&random, 0, 3) == 0 ? 0 : seeded_between(&random, 1, 5000);
            total_yen += lines[i].amount_yen;
        }
        int64_t cash_yen = seeded_between(&random, 0, total_yen);

        tender_split(lines, count, cash_yen);

        int64_t sum_yen = 0;
        size_t partial = 0;
        for (size_t i = 0; i < count; i++) {
            assert_true(lines[i].cash_yen >= 0 && lines[i].cash_yen <= lines[i].amount_yen);
            sum_yen += lines[i].cash_yen;
            partial += lines[i].cash_yen > 0 && lines[i].cash_yen < lines[i].amount_yen;
        }
        assert_int_equal(sum_yen, cash_yen);
        assert_true(partial <= 1);
    }
}

/* --- the days of a whole till
 * --------------------------------------------------------------------------------------- */

static void
nothing_of_a_whole_till_is_parked(void **state)
{
    struct bench *bench = *state;

    assert_query(bench, "SELECT count(*) FROM parked_line", 0);
    assert_query(bench, "SELECT sequence FROM ledger_terminal WHERE terminal = 'KO-11'", LINE_CLOSED_2);
    assert_query(bench,
                 "SELECT count(*) FROM (SELECT 1 FROM posting GROUP BY terminal, sequence HAVING"
                 " sum(amount_yen) <> 0) AS wrong",
                 0);
}

static void
a_reduction_is_kept_with_its_rule_and_granter_and_never_assessed_as_revenue(void **state)
{
    struct bench *bench = *state;

    assert_query(bench,
                 "SELECT reduction_yen FROM sale_line WHERE sequence = 7 AND reduction = 'disabled'"
                 " AND reduction_granter = '障がい福祉課' AND tariff = 'gym-2026' AND facility = 'gym'",
                 500);
    assert_query(bench, "SELECT -sum(amount_yen) FROM posting WHERE sequence = 7 AND ledger = 'revenue'", 1500);
    assert_query(bench,
                 "SELECT reduction_yen FROM daily_item WHERE item = 'gym-room' AND facility = 'gym'"
                 " AND exemption = ''",
                 500);
}

static void
a_price_that_was_put_in_place_keeps_the_list_price_and_who_allowed_it(void **state)
{
    struct bench *bench = *state;

    assert_query(bench,
                 "SELECT list_price_yen FROM sale_line WHERE sequence = 11 AND override_by = 'suzuki'"
                 " AND override_reason = '精算機の故障' AND unit_price_yen = 300",
                 500);
    assert_query(bench, "SELECT count(*) FROM sale_line WHERE list_price_yen IS NOT NULL", 1);
}

static void
a_mixed_sale_is_booked_in_the_drawer_and_with_the_trustee(void **state)
{
    struct bench *bench = *state;

    assert_query(bench, "SELECT amount_yen FROM posting WHERE sequence = 10 AND ledger = 'drawer'", 600);
    assert_query(bench, "SELECT amount_yen FROM posting WHERE sequence = 10 AND ledger = 'receivable'", 950);
    assert_query(bench, "SELECT cash_yen FROM sale_line WHERE sequence = 10 AND number = 1", 450);
    assert_query(bench, "SELECT cash_yen FROM sale_line WHERE sequence = 10 AND number = 2", 150);
    assert_query(bench, "SELECT amount_yen FROM payment WHERE started_sequence = 8 AND cash_yen = 600", 950);
}

static void
the_sums_of_the_day_split_a_mixed_sale_and_count_it_once(void **state)
{
    struct bench *bench = *state;

    assert_query(bench,
                 "SELECT amount_yen FROM daily_payment WHERE received_on = '2026-11-21' AND method = 'cash' AND"
                 " count = 2",
                 1500 + 300 + 600);
    assert_query(bench,
                 "SELECT amount_yen FROM daily_payment WHERE received_on = '2026-11-21' AND brand = 'paypay' AND"
                 " count = 1",
                 950);
    assert_query(bench,
                 "SELECT amount_yen FROM daily_item WHERE received_on = '2026-11-21' AND item = 'gym-hour' AND method ="
                 " 'cash' AND quantity = 0",
                 150);
    assert_query(bench,
                 "SELECT amount_yen FROM daily_item WHERE received_on = '2026-11-21' AND item = 'gym-hour' AND brand ="
                 " 'paypay' AND quantity = 2",
                 950);
    assert_query(bench,
                 "SELECT amount_yen FROM daily_item WHERE received_on = '2026-11-21' AND item = 'koseki-zenbu' AND"
                 " method = 'cash' AND quantity = 1",
                 450);
}

static void
a_voided_mixed_sale_leaves_no_money_anywhere(void **state)
{
    struct bench *bench = *state;

    assert_query(bench, "SELECT sum(amount_yen) FROM posting WHERE sequence IN (34, 37) AND ledger = 'drawer'", 0);
    assert_query(bench, "SELECT count(*) FROM sale WHERE sequence = 34 AND voided_by = 37", 1);
    assert_query(bench,
                 "SELECT sum(amount_yen - void_yen) FROM daily_item WHERE received_on = '2026-11-22' AND item <>"
                 " 'arena'",
                 0);
    assert_query(bench,
                 "SELECT sum(quantity - void_quantity) FROM daily_item WHERE received_on = '2026-11-22' AND"
                 " exemption = '' AND item <> 'arena'",
                 0);
    assert_query(bench,
                 "SELECT void_yen FROM daily_payment WHERE received_on = '2026-11-22' AND method = 'cash' AND"
                 " void_count = 0",
                 600);
}

static void
a_refund_that_was_paid_has_an_account_of_its_own(void **state)
{
    struct bench *bench = *state;

    assert_query(bench, "SELECT amount_yen FROM posting WHERE sequence = 28 AND ledger = 'refund'", 500);
    assert_query(bench, "SELECT amount_yen FROM posting WHERE sequence = 28 AND ledger = 'drawer'", -500);
    assert_query(bench, "SELECT -sum(amount_yen) FROM posting WHERE sequence = 7 AND ledger = 'revenue'", 1500);
    assert_query(bench,
                 "SELECT count(*) FROM refund WHERE state = 'paid' AND ended_means = 'cash' AND"
                 " ended_approved_by = 'suzuki' AND ended_on = '2026-11-22'",
                 1);
}

static void
a_request_waits_and_a_withdrawn_one_does_not(void **state)
{
    struct bench *bench = *state;

    assert_query(bench, "SELECT sum(amount_yen) FROM refund WHERE state = 'requested' AND means = 'gateway'", 950);
    assert_query(bench, "SELECT amount_yen FROM refund_line WHERE requested_sequence = 29 AND line = 2", 900);
    assert_query(bench, "SELECT count(*) FROM refund WHERE state = 'withdrawn' AND ended_reason = '申出の取下げ'", 1);
    assert_query(bench, "SELECT count(*) FROM posting WHERE sequence IN (29, 30, 31)", 0);
}

static void
a_refund_by_another_means_than_cash_leaves_the_drawer_alone(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    char refund[TEST_ID_SIZE];
    char sale[TEST_ID_SIZE];
    maker_init(&maker, "KO-12", "gym-1");
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    /* The sale is another till's: no order between tills is needed. */
    maker_line(&maker, "refund.requested",
               "{\"refund\":\"%s\",\"sale\":\"%s\",\"receipt_number\":\"KO-11-20261121-0001\",\"amount_yen\":700,"
               "\"means\":\"gateway\",\"reason\":\"x\",\"clerk\":\"sato\"}",
               test_id(refund, 810), test_id(sale, WHOLE_SALE_A));
    maker_line(&maker, "refund.paid",
               "{\"refund\":\"%s\",\"sale\":\"%s\",\"amount_yen\":700,\"means\":\"gateway\",\"clerk\":\"sato\","
               "\"approved_by\":\"suzuki\"}",
               refund, sale);
    maker_send(&maker, bench->store);
    maker_finish(&maker);

    catch_up(bench);

    assert_query(bench, "SELECT count(*) FROM parked_line", 0);
    assert_query(bench, "SELECT amount_yen FROM posting WHERE terminal = 'KO-12' AND ledger = 'refund_transit'", -700);
    assert_query(bench, "SELECT drawer_yen FROM ledger_terminal WHERE terminal = 'KO-12'", 0);
}

/* A payment in doubt that counts as a sale (nanaco), and what the next touch says: RESULT. */
static void
send_sale_in_doubt(struct bench *bench, const char *rule, const char *result)
{
    struct maker maker;
    char payment[TEST_ID_SIZE];
    char paid[300];
    maker_init(&maker, "KO-13", "gym-1");
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    maker_payment_started(&maker, 990, 980, "nanaco", 300);
    maker_line(&maker, "payment.in_doubt", "{\"payment\":\"%s\",\"acquirer_reference\":null,\"rule\":\"%s\"}",
               test_id(payment, 990), rule);
    maker_payment_resolved(&maker, 990, "approved", "touch");
    snprintf(paid, sizeof paid, "{\"method\":\"qr\",\"brand\":\"nanaco\",\"payment\":\"%s\",\"amount_yen\":300}",
             payment);
    whole_sale(&maker, 980,
               "[{\"item\":\"a\",\"name\":\"A\",\"unit_price_yen\":300,\"quantity\":1,\"amount_yen\":300,\"tax\":"
               "\"exempt\",\"account\":\"1\",\"section\":\"s\",\"issuer\":\"g\",\"exemption\":null}]",
               300, "[]", paid);
    maker_line(&maker, "payment.proved", "{\"payment\":\"%s\",\"result\":\"%s\",\"how\":\"touch\"}", payment, result);
    maker_line(&maker, "payment.proved", "{\"payment\":\"%s\",\"result\":\"%s\",\"how\":\"touch\"}", payment, result);
    maker_send(&maker, bench->store);
    maker_finish(&maker);
    catch_up(bench);
}

static void
a_sale_in_doubt_that_was_not_charged_stands_and_is_marked_once(void **state)
{
    struct bench *bench = *state;

    send_sale_in_doubt(bench, "counts_as_sale", "not_charged");

    assert_query(bench, "SELECT proved_sequence FROM payment WHERE terminal = 'KO-13' AND proved = 'not_charged'", 6);
    assert_query(bench, "SELECT count(*) FROM sale WHERE terminal = 'KO-13' AND voided_by = 0", 1);
    assert_query(bench, "SELECT sequence FROM parked_line WHERE terminal = 'KO-13'", 7);
}

static void
only_a_payment_that_counted_as_a_sale_is_proved(void **state)
{
    struct bench *bench = *state;

    send_sale_in_doubt(bench, "touch_proves", "charged");

    assert_query(bench, "SELECT count(*) FROM parked_line WHERE terminal = 'KO-13'", 2);
    assert_query(bench, "SELECT count(*) FROM payment WHERE proved <> ''", 0);
}

static void
cash_that_moves_without_a_sale_is_booked_and_expected(void **state)
{
    struct bench *bench = *state;

    assert_query(bench, "SELECT sum(amount_yen) FROM posting WHERE ledger = 'cash_other'", -5000 + 2000);
    assert_query(bench, "SELECT sum(amount_yen) FROM posting WHERE ledger = 'float' AND sequence <= 25",
                 -30000 - 10000 + 5000 + 35000);
    assert_query(bench, "SELECT ledger_cash_yen FROM day_inspection WHERE expected_cash_yen = 45400", 45400);
    assert_query(bench, "SELECT ledger_cash_yen FROM shift_change WHERE to_clerk = 'ito'", 45400);
    assert_query(bench, "SELECT expected_yen FROM cash_count WHERE purpose = 'close'", 40400);
    assert_query(bench, "SELECT sum(yen * pieces) FROM cash_tally WHERE sequence = 25", 40390);
}

static void
the_close_tells_what_is_paid_in_and_what_was_missing(void **state)
{
    struct bench *bench = *state;

    assert_query(bench,
                 "SELECT deposit_yen FROM business_day WHERE closed_sequence = 25 AND number = 1 AND close_float_yen ="
                 " 35000 AND ledger_float_yen = 35000 AND ledger_in_yen = 5000 AND ledger_out_yen = 2000",
                 5390);
    assert_query(bench, "SELECT sum(amount_yen) FROM posting WHERE sequence = 25 AND ledger = 'over_short'", 10);
    assert_query(bench, "SELECT sum(amount_yen) FROM posting WHERE sequence = 25 AND ledger = 'vault'", 5390);
    assert_query(bench, "SELECT ledger_refund_yen FROM business_day WHERE closed_sequence = 41", 500);
    assert_query(bench, "SELECT drawer_yen FROM ledger_terminal WHERE terminal = 'KO-11'", 0);
}

static void
tickets_and_visitors_are_kept_without_money(void **state)
{
    struct bench *bench = *state;

    assert_query(bench, "SELECT count FROM daily_entry WHERE facility = 'gym' AND category = 'child'", 2);
    assert_query(bench, "SELECT count(*) FROM ticket WHERE label <> ''", 1);
    assert_query(bench, "SELECT count(*) FROM ticket_closing WHERE outcome = 'left' AND ticket = 'T-1'", 1);
    assert_query(bench, "SELECT count(*) FROM sale_line WHERE ticket = 'T-1'", 1);
}

static void
a_rebuild_of_a_whole_till_makes_the_same_rows(void **state)
{
    struct bench *bench = *state;
    struct error_detail err;
    struct ledger_advance advance;
    char before[SHA256_TEXT_SIZE];
    char after[SHA256_TEXT_SIZE];
    derived_tables_hash(bench->path, before);
    change_file(bench->path, "UPDATE refund SET amount_yen = 1");
    change_file(bench->path, "DELETE FROM daily_entry");

    assert_int_equal(ledger_rebuild(bench->store, &advance, &err), STATUS_OK);

    derived_tables_hash(bench->path, after);
    assert_string_equal(before, after);
}

/* --- lines that contradict themselves
 * ------------------------------------------------------------------------------- */

struct wrong_line {
    const char *what;  /* for the message */
    const char *extra; /* of a line of 2 × 500円 */
    int64_t amount_yen;
    const char *code;
};

/* A cash sale of one line of 2 × 500円 with EXTRA members, of AMOUNT_YEN. Each on a till of its own. */
static void
send_line(struct bench *bench, int number, const char *extra, int64_t amount_yen, const char *exemption)
{
    struct maker maker;
    char terminal[TERMINAL_ID_SIZE];
    char lines[1500];
    char taxes[300];
    char payment[200];
    snprintf(terminal, sizeof terminal, "W-%d", number);
    maker_init(&maker, terminal, "gym-1");
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    snprintf(lines, sizeof lines,
             "[{\"item\":\"a\",\"name\":\"A\",\"unit_price_yen\":500,\"quantity\":2,\"amount_yen\":%lld,\"tax\":"
             "\"exempt\",\"account\":\"1\",\"section\":\"s\",\"issuer\":\"g\",\"exemption\":%s%s}]",
             (long long)amount_yen, exemption, extra);
    snprintf(taxes, sizeof taxes, "[{\"tax\":\"exempt\",\"issuer\":\"g\",\"subject_yen\":%lld,\"tax_yen\":0}]",
             (long long)amount_yen);
    snprintf(payment, sizeof payment, "{\"method\":\"cash\",\"tendered_yen\":%lld,\"change_yen\":0}",
             (long long)amount_yen);
    whole_sale(&maker, 900 + (unsigned)number, lines, amount_yen, taxes, payment);
    maker_send(&maker, bench->store);
    maker_finish(&maker);
}

static void
a_line_that_contradicts_its_price_is_parked_with_a_reason(void **state)
{
    struct bench *bench = *state;
    static const struct wrong_line lines[] = {
        {"a reduction above the price", ",\"reduction\":{\"rule\":\"r\",\"name\":\"R\",\"granter\":\"g\",\"yen\":1001}",
         0, "reduction_too_large"},
        {"a reduction of nothing", ",\"reduction\":{\"rule\":\"r\",\"name\":\"R\",\"granter\":\"g\",\"yen\":0}", 1000,
         NULL},
        {"a reduction that was not taken off",
         ",\"reduction\":{\"rule\":\"r\",\"name\":\"R\",\"granter\":\"g\",\"yen\":100}", 1000, "wrong_sum"},
        {"a reduction without a granter", ",\"reduction\":{\"rule\":\"r\",\"name\":\"R\",\"yen\":100}", 900, NULL},
        {"a reduction that is a number", ",\"reduction\":100", 900, "wrong_body"},
        {"a price put in place by nobody",
         ",\"override\":{\"list_price_yen\":600,\"reason\":\"x\",\"approved_by\":\"\"}", 1000, "override_unapproved"},
        {"a price put in place without a supervisor", ",\"override\":{\"list_price_yen\":600,\"reason\":\"x\"}", 1000,
         "override_unapproved"},
        {"rows that do not add up",
         ",\"pricing\":{\"tariff\":\"t\",\"set\":1,\"facts\":{},\"rows\":[{\"text\":\"x\",\"yen\":999}]}", 1000,
         "wrong_sum"},
        {"rows without words", ",\"pricing\":{\"tariff\":\"t\",\"set\":1,\"facts\":{},\"rows\":[{\"yen\":1000}]}", 1000,
         NULL},
        {"pricing without rows", ",\"pricing\":{\"tariff\":\"t\",\"set\":1,\"facts\":{}}", 1000, NULL},
        {"a set of no number", ",\"pricing\":{\"tariff\":\"t\",\"set\":0,\"facts\":{},\"rows\":[]}", 1000, NULL},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        char sql[300];
        send_line(bench, (int)i, lines[i].extra, lines[i].amount_yen, "null");

        catch_up(bench);

        snprintf(sql, sizeof sql, "SELECT count(*) FROM parked_line WHERE terminal = 'W-%zu' AND %s%s%s", i,
                 lines[i].code != NULL ? "code = '" : "reason <> ''", lines[i].code != NULL ? lines[i].code : "",
                 lines[i].code != NULL ? "'" : "");
        if (query_file(bench->path, sql) != 1) {
            fail_msg("%s was not parked as it should be", lines[i].what);
        }
    }
    assert_query(bench, "SELECT count(*) FROM sale WHERE terminal LIKE 'W-%'", 0);
}

static void
lines_that_explain_themselves_are_booked(void **state)
{
    struct bench *bench = *state;
    static const char reduced[] = ",\"reduction\":{\"rule\":\"r\",\"name\":\"R\",\"granter\":\"g\",\"yen\":1000},"
                                  "\"pricing\":{\"tariff\":\"t\",\"set\":2,\"facts\":{},\"rows\":[{\"text\":\"全額\","
                                  "\"yen\":1000},{\"text\":\"減免\",\"yen\":-1000}]}";
    static const char exempted[] = "{\"rule\":\"official\",\"name\":\"公用\",\"reason\":\"x\"}";

    send_line(bench, 50, reduced, 0, "null");
    send_line(bench, 51, ",\"facility\":null,\"reduction\":null,\"override\":null,\"pricing\":null", 1000, "null");
    send_line(bench, 52, "", 0, exempted);
    send_line(bench, 53, "", 1000, exempted); /* under an exemption nothing is due */
    catch_up(bench);

    assert_query(bench, "SELECT count(*) FROM sale WHERE terminal IN ('W-50', 'W-51', 'W-52')", 3);
    assert_query(bench, "SELECT quantity FROM daily_item WHERE item = 'a' AND exemption = 'r' AND amount_yen = 0", 2);
    assert_query(bench, "SELECT count(*) FROM parked_line WHERE terminal = 'W-53' AND code = 'wrong_sum'", 1);
}

/* --- lines of cash, refunds and gates that contradict themselves or the lines before
 * -------------------------------- */

struct wrong_fact {
    const char *kind;
    const char *body; /* %s is the open day's id */
};

static void
facts_that_contradict_themselves_are_parked_and_move_no_cash(void **state)
{
    struct bench *bench = *state;
    static const struct wrong_fact facts[] = {
        {"cash.counted",
         "{\"day\":\"%s\",\"purpose\":\"close\",\"clerk\":\"c\",\"counts\":[{\"yen\":1000,\"count\":1}],"
         "\"total_yen\":1001}"},
        {"cash.counted", "{\"day\":\"%s\",\"purpose\":\"close\",\"clerk\":\"c\",\"counts\":[{\"yen\":300,\"count\":1}],"
                         "\"total_yen\":300}"},
        {"cash.counted", "{\"day\":\"%s\",\"purpose\":\"close\",\"clerk\":\"c\",\"counts\":[{\"yen\":10,\"count\":1},{"
                         "\"yen\":10,\"count\":1}],\"total_yen\":20}"},
        {"cash.counted", "{\"day\":\"%s\",\"purpose\":\"close\",\"clerk\":\"c\",\"counts\":{},\"total_yen\":0}"},
        {"cash.counted", "{\"day\":\"%s\",\"purpose\":\"close\",\"clerk\":\"c\",\"counts\":[]}"},
        {"cash.counted", "{\"day\":\"%s\",\"purpose\":\"lunch\",\"clerk\":\"c\",\"counts\":[],\"total_yen\":0}"},
        {"cash.moved", "{\"day\":\"%s\",\"direction\":\"up\",\"amount_yen\":1,\"reason\":\"x\",\"clerk\":\"c\"}"},
        {"cash.moved", "{\"day\":\"%s\",\"direction\":\"in\",\"amount_yen\":0,\"reason\":\"x\",\"clerk\":\"c\"}"},
        {"cash.moved", "{\"day\":\"%s\",\"direction\":\"out\",\"amount_yen\":1,\"clerk\":\"c\"}"},
        {"cash.moved", "{\"day\":\"01934f00-0000-7000-8000-00000000ffff\",\"direction\":\"in\",\"amount_yen\":1,"
                       "\"reason\":\"%s\",\"clerk\":\"c\"}"},
        {"float.moved",
         "{\"day\":\"%s\",\"direction\":\"lent\",\"amount_yen\":900,\"clerk\":\"c\",\"counts\":[{\"yen\":"
         "1000,\"count\":1}]}"},
        {"shift.handed_over", "{\"day\":\"%s\",\"from\":\"a\",\"to\":\"b\",\"counted_cash_yen\":5,"
                              "\"expected_cash_yen\":4,\"difference_yen\":2}"},
        {"day.inspected", "{\"day\":\"%s\",\"clerk\":\"c\",\"number\":1}"},
        {"refund.paid", "{\"refund\":\"%s\",\"sale\":\"01934f00-0000-7000-8000-000000000001\",\"amount_yen\":1,"
                        "\"means\":\"cash\",\"clerk\":\"c\",\"approved_by\":\"s\"}"},
        {"refund.withdrawn", "{\"refund\":\"%s\",\"clerk\":\"c\",\"reason\":\"x\"}"},
        {"refund.requested", "{\"refund\":\"%s\",\"sale\":\"01934f00-0000-7000-8000-000000000001\",\"receipt_number\":"
                             "\"R\",\"amount_yen\":10,\"means\":\"cash\",\"reason\":\"x\",\"clerk\":\"c\",\"lines\":[{"
                             "\"line\":1,\"amount_yen\":9}]}"},
        {"refund.requested", "{\"refund\":\"%s\",\"sale\":\"01934f00-0000-7000-8000-000000000001\",\"receipt_number\":"
                             "\"R\",\"amount_yen\":10,\"means\":\"cash\",\"reason\":\"x\",\"clerk\":\"c\",\"lines\":[{"
                             "\"line\":2,\"amount_yen\":5},{\"line\":1,\"amount_yen\":5}]}"},
        {"payment.proved", "{\"payment\":\"%s\",\"result\":\"charged\",\"how\":\"touch\"}"},
        {"refund.requested", "{\"refund\":\"%s\",\"sale\":\"01934f00-0000-7000-8000-000000000001\",\"receipt_number\":"
                             "\"R\",\"amount_yen\":0,\"means\":\"cash\",\"reason\":\"x\",\"clerk\":\"c\"}"},
        {"refund.requested", "{\"refund\":\"%s\",\"sale\":\"01934f00-0000-7000-8000-000000000001\",\"receipt_number\":"
                             "\"R\",\"amount_yen\":1,\"means\":\"points\",\"reason\":\"x\",\"clerk\":\"c\"}"},
        {"ticket.issued", "{\"ticket\":\"%s\",\"facility\":\"f\",\"item\":\"i\",\"clerk\":\"c\"}"},
        {"ticket.closed", "{\"ticket\":\"%s\",\"outcome\":\"lost\",\"clerk\":\"c\"}"},
        {"entry.counted", "{\"facility\":\"%s\",\"category\":\"c\",\"count\":100001,\"clerk\":\"c\"}"},
    };
    char day[TEST_ID_SIZE];
    struct maker maker;
    maker_init(&maker, "W-90", "gym-1");
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    maker_day_opened(&maker, 60, 0);
    test_id(day, 60);
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        char body[600];
        size_t at = (size_t)(strstr(facts[i].body, "%s") - facts[i].body);
        snprintf(body, sizeof body, "%.*s%s%s", (int)at, facts[i].body, day, facts[i].body + at + 2);
        maker_line(&maker, facts[i].kind, "%s", body);
    }
    maker_send(&maker, bench->store);
    maker_finish(&maker);

    catch_up(bench);

    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        char sql[200];
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM parked_line WHERE terminal = 'W-90' AND sequence = %zu"
                 " AND reason <> ''",
                 i + 3);
        if (query_file(bench->path, sql) != 1) {
            fail_msg("line %zu (%s) was not parked: %s", i + 3, facts[i].kind, facts[i].body);
        }
    }
    assert_query(bench, "SELECT drawer_yen FROM ledger_terminal WHERE terminal = 'W-90'", 0);
    assert_query(bench, "SELECT count(*) FROM posting WHERE terminal = 'W-90'", 0);
}

static void
a_count_of_which_only_the_sum_is_known_is_kept(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    char day[TEST_ID_SIZE];
    maker_init(&maker, "W-92", "gym-1");
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    maker_line(&maker, "cash.counted",
               "{\"day\":\"%s\",\"purpose\":\"close\",\"clerk\":\"sato\",\"counts\":[],\"total_yen\":20300}",
               test_id(day, 61));
    maker_send(&maker, bench->store);
    maker_finish(&maker);

    catch_up(bench);

    assert_query(bench, "SELECT total_yen FROM cash_count WHERE terminal = 'W-92'", 20300);
    assert_query(bench, "SELECT count(*) FROM cash_tally WHERE terminal = 'W-92'", 0);
}

static void
a_refund_is_paid_once_and_as_it_was_asked_for(void **state)
{
    struct bench *bench = *state;
    struct maker maker;
    char refund[TEST_ID_SIZE];
    char sale[TEST_ID_SIZE];
    maker_init(&maker, "W-91", "gym-1");
    maker_enrol(&maker, bench->store);
    maker_enrolled(&maker);
    maker_line(&maker, "refund.requested",
               "{\"refund\":\"%s\",\"sale\":\"%s\",\"receipt_number\":\"R\",\"amount_yen\":300,\"means\":\"cash\","
               "\"reason\":\"x\",\"clerk\":\"sato\"}",
               test_id(refund, 820), test_id(sale, WHOLE_SALE_C));
    for (int i = 0; i < 3; i++) { /* another amount; right; again */
        maker_line(&maker, "refund.paid",
                   "{\"refund\":\"%s\",\"sale\":\"%s\",\"amount_yen\":%d,\"means\":\"cash\",\"clerk\":\"sato\","
                   "\"approved_by\":\"suzuki\"}",
                   refund, sale, i == 0 ? 301 : 300);
    }
    maker_line(&maker, "refund.withdrawn", "{\"refund\":\"%s\",\"clerk\":\"sato\",\"reason\":\"x\"}", refund);
    maker_send(&maker, bench->store);
    maker_finish(&maker);

    catch_up(bench);

    assert_query(bench, "SELECT count(*) FROM parked_line WHERE terminal = 'W-91'", 3);
    assert_query(bench, "SELECT count(*) FROM parked_line WHERE terminal = 'W-91' AND sequence IN (3, 5, 6)", 3);
    assert_query(bench, "SELECT code = 'refund_differs' FROM parked_line WHERE terminal = 'W-91' AND sequence = 3", 1);
    assert_query(bench, "SELECT drawer_yen FROM ledger_terminal WHERE terminal = 'W-91'", -300);
}

static void
a_mixed_payment_whose_parts_do_not_add_up_is_parked(void **state)
{
    struct bench *bench = *state;
    static const struct {
        const char *started_cash;
        const char *sale_cash;
        int64_t brand_yen;
        const char *code;
    } cases[] = {
        {"\"cash\":{\"amount_yen\":100,\"tendered_yen\":100,\"change_yen\":0}",
         "\"cash\":{\"amount_yen\":100,\"tendered_yen\":100,\"change_yen\":0}", 199, "wrong_sum"},
        {"\"cash\":{\"amount_yen\":100,\"tendered_yen\":100,\"change_yen\":0}",
         "\"cash\":{\"amount_yen\":100,\"tendered_yen\":150,\"change_yen\":0}", 200, "wrong_sum"},
        {"\"cash\":null", "\"cash\":{\"amount_yen\":100,\"tendered_yen\":100,\"change_yen\":0}", 200,
         "payment_differs"},
        {"\"cash\":{\"amount_yen\":100,\"tendered_yen\":100,\"change_yen\":0}", "\"cash\":null", 300,
         "payment_differs"},
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct maker maker;
        char terminal[TERMINAL_ID_SIZE];
        char sale[TEST_ID_SIZE];
        char payment[TEST_ID_SIZE];
        char paid[400];
        char sql[200];
        snprintf(terminal, sizeof terminal, "M-%u", i);
        maker_init(&maker, terminal, "gym-1");
        maker_enrol(&maker, bench->store);
        maker_enrolled(&maker);
        maker_line(&maker, "payment.started",
                   "{\"payment\":\"%s\",\"sale\":\"%s\",\"method\":\"qr\",\"brand\":\"paypay\",\"amount_yen\":%lld,"
                   "\"sequence_number\":1,\"clerk\":\"sato\",%s}",
                   test_id(payment, 950 + i), test_id(sale, 960 + i), (long long)cases[i].brand_yen,
                   cases[i].started_cash);
        maker_payment_resolved(&maker, 950 + i, "approved", "answer");
        snprintf(paid, sizeof paid,
                 "{\"method\":\"qr\",\"brand\":\"paypay\",\"payment\":\"%s\",\"amount_yen\":%lld,%s}", payment,
                 (long long)cases[i].brand_yen, cases[i].sale_cash);
        whole_sale(&maker, 960 + i,
                   "[{\"item\":\"a\",\"name\":\"A\",\"unit_price_yen\":300,\"quantity\":1,\"amount_yen\":300,\"tax\":"
                   "\"exempt\",\"account\":\"1\",\"section\":\"s\",\"issuer\":\"g\",\"exemption\":null}]",
                   300, "[{\"tax\":\"exempt\",\"issuer\":\"g\",\"subject_yen\":300,\"tax_yen\":0}]", paid);
        maker_send(&maker, bench->store);
        maker_finish(&maker);

        catch_up(bench);

        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM parked_line WHERE terminal = 'M-%u' AND sequence = 4 AND code = '%s'", i,
                 cases[i].code);
        if (query_file(bench->path, sql) != 1) {
            fail_msg("case %u was not parked as %s", i, cases[i].code);
        }
    }
}

#define WHOLE(test) cmocka_unit_test_setup_teardown(test, whole_setup, bench_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cash_covers_the_lines_in_order_and_splits_the_last_one_by_yen),
        cmocka_unit_test(every_split_adds_up_and_never_exceeds_a_line),
        WHOLE(nothing_of_a_whole_till_is_parked),
        WHOLE(a_reduction_is_kept_with_its_rule_and_granter_and_never_assessed_as_revenue),
        WHOLE(a_price_that_was_put_in_place_keeps_the_list_price_and_who_allowed_it),
        WHOLE(a_mixed_sale_is_booked_in_the_drawer_and_with_the_trustee),
        WHOLE(the_sums_of_the_day_split_a_mixed_sale_and_count_it_once),
        WHOLE(a_voided_mixed_sale_leaves_no_money_anywhere),
        WHOLE(a_refund_that_was_paid_has_an_account_of_its_own),
        WHOLE(a_request_waits_and_a_withdrawn_one_does_not),
        WHOLE(a_refund_by_another_means_than_cash_leaves_the_drawer_alone),
        WHOLE(a_sale_in_doubt_that_was_not_charged_stands_and_is_marked_once),
        WHOLE(only_a_payment_that_counted_as_a_sale_is_proved),
        WHOLE(cash_that_moves_without_a_sale_is_booked_and_expected),
        WHOLE(the_close_tells_what_is_paid_in_and_what_was_missing),
        WHOLE(tickets_and_visitors_are_kept_without_money),
        WHOLE(a_rebuild_of_a_whole_till_makes_the_same_rows),
        WHOLE(a_line_that_contradicts_its_price_is_parked_with_a_reason),
        WHOLE(lines_that_explain_themselves_are_booked),
        WHOLE(facts_that_contradict_themselves_are_parked_and_move_no_cash),
        WHOLE(a_count_of_which_only_the_sum_is_known_is_kept),
        WHOLE(a_refund_is_paid_once_and_as_it_was_asked_for),
        WHOLE(a_mixed_payment_whose_parts_do_not_add_up_is_parked),
    };
    return cmocka_run_group_tests_name("settlement whole till", tests, NULL, NULL);
}
