/* What a card says of an earlier payment when it is touched for a later one: believed of e-money only. */
#include "pos/till/till_parts.h"
#include "tests/unit/pos/till_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char masters[] =
    "{\"version\":1,\"municipality\":{\"code\":\"072036\",\"name\":\"郡山市\"},"
    "\"issuers\":[{\"code\":\"general\",\"name\":\"郡山市\",\"registration_number\":\"T9000020072036\"}],"
    "\"places\":[{\"code\":\"p1\",\"name\":\"窓口\",\"section\":\"s\",\"categories\":[\"c\"]}],"
    "\"items\":["
    "{\"code\":\"a\",\"name\":\"住民票\",\"kana\":\"えい\",\"category\":\"c\",\"price_yen\":300,\"tax\":\"exempt\","
    "\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\"}],"
    "\"exemptions\":[],"
    "\"brands\":[{\"code\":\"visa\",\"name\":\"Visa\",\"method\":\"credit\",\"trustee\":\"t\"},"
    "{\"code\":\"waon\",\"name\":\"WAON\",\"method\":\"emoney\",\"trustee\":\"t\"}],"
    "\"clerks\":[{\"code\":\"sato\",\"name\":\"佐藤\",\"role\":\"clerk\",\"pin_hash\":\"@1111@\"}]}";

/* A terminal that is there and never asked: no thread of the till runs. */
static bool
be_ready(struct payment_channel *channel, char reason[REASON_SIZE])
{
    (void)channel;
    reason[0] = '\0';
    return true;
}

static void
free_terminal(struct payment_channel *channel)
{
    free(channel);
}

static struct payment_channel *
make_terminal(void)
{
    static const struct payment_channel_operations operations = {
        .name = "silent", .check = be_ready, .destroy = free_terminal};
    struct payment_channel *channel = calloc(1, sizeof *channel);
    assert_non_null(channel);
    *channel = (struct payment_channel){.operations = &operations, .start_timeout_ms = 1000};
    return channel;
}

/* A payment of METHOD by BRAND that was started and of which nothing is known; then a touch says that it took nothing.
 */
static void
touch_denies(struct till_stage *stage, enum payment_method method, const char *brand)
{
    struct payment_touch touch = {.was_charged = false};
    till_stage_open_with_terminal(stage, masters, make_terminal);
    if (till_add_item(stage->till, "a", 1, &stage->err) != STATUS_OK) {
        fail_msg("%s", stage->err.message);
    }
    const char *id = strstr(strstr(till_stage_state(stage), "\"basket\":{"), "\"id\":\"");
    char basket[IDENTITY_TEXT_SIZE];
    snprintf(basket, sizeof basket, "%.*s", IDENTITY_TEXT_SIZE - 1, id + strlen("\"id\":\""));
    if (till_pay_cashless(stage->till, basket, method, brand, &stage->err) != STATUS_OK) {
        fail_msg("%s: %s", stage->err.code, stage->err.message);
    }
    struct statement *row;
    bool has_row = false;
    till_lock(stage->till);
    assert_int_equal(database_statement(stage->till->db, "SELECT payment FROM payment", &row, &stage->err), STATUS_OK);
    assert_int_equal(statement_step(row, &has_row, &stage->err), STATUS_OK);
    assert_true(has_row);
    snprintf(touch.payment, sizeof touch.payment, "%s", statement_column_text(row, 0));
    statement_reset(row);
    payment_settle_touch(stage->till, &touch);
    till_unlock(stage->till, false);
}

static int64_t
open_payments(struct till_stage *stage)
{
    return till_stage_query(stage, "SELECT COUNT(*) FROM payment WHERE state = 'started'");
}

static void
a_touch_ends_an_earlier_payment_of_e_money(void **state)
{
    (void)state;
    struct till_stage stage;
    touch_denies(&stage, METHOD_EMONEY, "waon");
    assert_int_equal(open_payments(&stage), 0);
    till_stage_close(&stage);
}

static void
a_touch_that_names_a_payment_of_another_kind_ends_nothing(void **state)
{
    (void)state;
    struct till_stage stage;
    touch_denies(&stage, METHOD_CREDIT, "visa");
    assert_int_equal(open_payments(&stage), 1);
    till_stage_close(&stage);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_touch_ends_an_earlier_payment_of_e_money),
        cmocka_unit_test(a_touch_that_names_a_payment_of_another_kind_ends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
