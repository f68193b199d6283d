/* On a disk without room no money is moved, the clerk reads what to do, and what has moved already is not lost. */
#include "till_stage.h"

#include "pos/till/till_parts.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    LOOK_EVERY_US = 10000,
    LOOKS_MAX = 6000, /* a minute on a busy machine, and a moment in truth */
    SALES_UNTIL_FULL_MAX = 500
};

#define DAY_MS INT64_C(86400000)

static const char masters[] =
    "{\"version\":1,\"municipality\":{\"code\":\"072036\",\"name\":\"郡山市\"},"
    "\"issuers\":[{\"code\":\"general\",\"name\":\"郡山市\",\"registration_number\":\"T9000020072036\"}],"
    "\"places\":[{\"code\":\"p1\",\"name\":\"窓口\",\"section\":\"s\",\"categories\":[\"c\"]}],"
    "\"items\":[{\"code\":\"a\",\"name\":\"住民票\",\"kana\":\"えい\",\"category\":\"c\",\"price_yen\":300,\"tax\":"
    "\"exempt\",\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\"}],\"exemptions\":[],"
    "\"brands\":[{\"code\":\"visa\",\"name\":\"Visa\",\"method\":\"credit\",\"trustee\":\"t\"}],"
    "\"clerks\":[{\"code\":\"sato\",\"name\":\"佐藤\",\"role\":\"clerk\",\"pin_hash\":\"@1111@\"},"
    "{\"code\":\"suzuki\",\"name\":\"鈴木\",\"role\":\"supervisor\",\"pin_hash\":\"@2222@\"}]}";

static const struct approval supervisor = {.clerk = "suzuki", .pin = "2222"};
static struct till_stage stage;

/* ---- a terminal that answers when the test lets it ---- */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t opened;
    bool is_open;
} gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, true};

static atomic_int charges, inquiries;

static void
set_gate(bool is_open)
{
    pthread_mutex_lock(&gate.lock);
    gate.is_open = is_open;
    pthread_cond_broadcast(&gate.opened);
    pthread_mutex_unlock(&gate.lock);
}

static void
charge(struct payment_channel *channel, const struct payment_request *request, struct payment_answer *out)
{
    (void)channel;
    atomic_fetch_add(&charges, 1);
    pthread_mutex_lock(&gate.lock);
    while (!gate.is_open) {
        pthread_cond_wait(&gate.opened, &gate.lock);
    }
    pthread_mutex_unlock(&gate.lock);
    *out = (struct payment_answer){.result = PAYMENT_APPROVED, .amount_yen = request->amount_yen};
}

static void
say_charged(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    (void)channel;
    atomic_fetch_add(&inquiries, 1);
    *out = (struct payment_answer){.result = PAYMENT_APPROVED, .amount_yen = payment->amount_yen};
}

static void
give_back(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    (void)channel;
    (void)payment;
    *out = (struct payment_answer){.result = PAYMENT_REVERSED};
}

static void
stop_nothing(struct payment_channel *channel)
{
    (void)channel;
}

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
    static const struct payment_channel_operations operations = {.name = "gated",
                                                                 .start = charge,
                                                                 .inquire = say_charged,
                                                                 .cancel = give_back,
                                                                 .stop = stop_nothing,
                                                                 .check = be_ready,
                                                                 .destroy = free_terminal};
    struct payment_channel *channel = calloc(1, sizeof *channel);
    assert_non_null(channel);
    *channel = (struct payment_channel){.operations = &operations, .start_timeout_ms = 60000};
    return channel;
}

/* ---- the stage ---- */

static void
ignore_change(void *context)
{
    (void)context;
}

static int
open_stage(void **state)
{
    (void)state;
    atomic_store(&charges, 0);
    atomic_store(&inquiries, 0);
    set_gate(true);
    till_stage_open_with_terminal(&stage, masters, make_terminal);
    stage.till->inquiry_interval_ms = 20;
    assert_int_equal(till_start(stage.till, ignore_change, NULL, &stage.err), STATUS_OK);
    return 0;
}

static int
close_stage(void **state)
{
    (void)state;
    set_gate(true);
    till_stage_close(&stage);
    return 0;
}

static void
must(enum status status)
{
    if (status != STATUS_OK) {
        fail_msg("%s: %s", stage.err.code, stage.err.message);
    }
}

static void
ask_database(const char *sql)
{
    till_lock(stage.till);
    int64_t ignored;
    must(database_query_int(stage.till->db, sql, &ignored, &stage.err));
    till_unlock(stage.till, false);
}

/* The database may grow no further: as on a disk whose last block is taken. */
static void
take_room(void)
{
    ask_database("PRAGMA max_page_count = 1"); /* never below what there is */
}

static void
make_room(void)
{
    ask_database("PRAGMA max_page_count = 1000000");
}

static void
assert_no_money_moved(enum status status)
{
    assert_int_equal(status, STATUS_REFUSED);
    assert_string_equal(stage.err.code, "disk_full");
    assert_non_null(strstr(stage.err.message, "お金は動いていません"));
    assert_non_null(strstr(stage.err.message, "ディスクの空きを作って"));
}

static void
ring_up(char basket[IDENTITY_TEXT_SIZE])
{
    must(till_add_item(stage.till, "a", 1, &stage.err));
    memcpy(basket, stage.till->basket.id, IDENTITY_TEXT_SIZE);
}

static enum status
pay_by_card(const char *basket)
{
    return till_pay_cashless(stage.till, basket, METHOD_CREDIT, "visa", &stage.err);
}

static void
wait_for(const char *sql, int64_t wanted)
{
    for (int looks = 0; looks < LOOKS_MAX; looks++) {
        if (till_stage_query(&stage, sql) == wanted) {
            return;
        }
        usleep(LOOK_EVERY_US);
    }
    fail_msg("in vain: %s", sql);
}

static void
wait_for_count(atomic_int *count, int wanted)
{
    for (int looks = 0; looks < LOOKS_MAX && atomic_load(count) < wanted; looks++) {
        usleep(LOOK_EVERY_US);
    }
    assert_true(atomic_load(count) >= wanted);
}

/* ---- tests ---- */

static void
a_card_is_not_charged(void **state)
{
    (void)state;
    char basket[IDENTITY_TEXT_SIZE];
    ring_up(basket);
    take_room();

    assert_no_money_moved(pay_by_card(basket));

    assert_int_equal(atomic_load(&charges), 0);
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM payment"), 0);
    make_room();
    must(pay_by_card(basket));
    wait_for("SELECT COUNT(*) FROM sale WHERE method = 'credit'", 1);
}

static void
a_card_is_not_given_back(void **state)
{
    (void)state;
    char basket[IDENTITY_TEXT_SIZE];
    ring_up(basket);
    must(pay_by_card(basket));
    wait_for("SELECT COUNT(*) FROM sale WHERE method = 'credit'", 1);
    take_room();

    assert_no_money_moved(till_void_sale(stage.till, basket, "打ち間違い", &stage.err));

    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM reversal"), 0);
    make_room();
    must(till_void_sale(stage.till, basket, "打ち間違い", &stage.err));
    wait_for("SELECT COUNT(*) FROM sale WHERE state = 'voided'", 1);
}

static void
no_cash_is_handed_back(void **state)
{
    (void)state;
    char basket[IDENTITY_TEXT_SIZE];
    char refund[IDENTITY_TEXT_SIZE];
    ring_up(basket);
    must(till_pay_cash(stage.till, basket, 300, &stage.err));
    stage.clock.now_ms += DAY_MS;
    must(till_close_day(stage.till, 0, "検査", &stage.err));
    must(till_open_day(stage.till, 20000, &stage.err));
    const struct refund_request request = {
        .sale = basket, .remainder_yen = 300, .means = "cash", .reason = "申請の取下げ"};
    must(till_request_refund(stage.till, &request, refund, &stage.err));
    take_room();

    assert_no_money_moved(till_pay_refund(stage.till, refund, &supervisor, &stage.err));

    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM refund WHERE state = 'paid'"), 0);
    make_room();
    must(till_pay_refund(stage.till, refund, &supervisor, &stage.err));
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM refund WHERE state = 'paid'"), 1);
}

static void
no_day_is_opened(void **state)
{
    (void)state;
    must(till_close_day(stage.till, 20000, NULL, &stage.err));
    stage.clock.now_ms += DAY_MS;
    take_room();

    assert_no_money_moved(till_open_day(stage.till, 20000, &stage.err));

    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM business_day WHERE state = 'open'"), 0);
    make_room();
    must(till_open_day(stage.till, 20000, &stage.err));
}

/* A close is tried to the last page, because the day must end; when it cannot be written, it says why. */
static void
a_close_that_cannot_be_written_names_the_disk(void **state)
{
    (void)state;
    char basket[IDENTITY_TEXT_SIZE];
    take_room();
    enum status status = STATUS_OK;
    for (int sold = 0; sold < SALES_UNTIL_FULL_MAX && status == STATUS_OK; sold++) {
        ring_up(basket);
        status = till_pay_cash(stage.till, basket, 300, &stage.err);
    }
    assert_string_equal(stage.err.code, "disk_full");
    for (int tries = 0; tries < SALES_UNTIL_FULL_MAX; tries++) { /* what still has room is smaller than a sale */
        if (till_open_drawer(stage.till, "両替", &stage.err) != STATUS_OK) {
            break;
        }
    }

    assert_int_not_equal(till_close_day(stage.till, 0, "検査", &stage.err), STATUS_OK);

    assert_string_equal(stage.err.code, "disk_full");
    assert_non_null(strstr(stage.err.message, "ディスクの空きを作って"));
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM business_day WHERE state = 'open'"), 1);
    make_room();
    must(till_close_day(stage.till, 0, "検査", &stage.err));
}

static void
what_was_charged_while_the_disk_filled_up_is_one_sale_once_there_is_room(void **state)
{
    (void)state;
    char basket[IDENTITY_TEXT_SIZE];
    set_gate(false);
    ring_up(basket);
    must(pay_by_card(basket));
    wait_for_count(&charges, 1);
    take_room();
    for (int tries = 0; tries < SALES_UNTIL_FULL_MAX; tries++) {
        if (till_open_drawer(stage.till, "両替", &stage.err) != STATUS_OK) {
            break;
        }
    }
    assert_string_equal(stage.err.code, "disk_full");

    set_gate(true);
    wait_for_count(&inquiries, 2); /* the answer, and one inquiry, could not be written */
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM sale"), 0);
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM payment WHERE state IN ('started', 'unknown')"), 1);
    make_room();

    wait_for("SELECT COUNT(*) FROM sale", 1);
    assert_int_equal(atomic_load(&charges), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_card_is_not_charged, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_card_is_not_given_back, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(no_cash_is_handed_back, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(no_day_is_opened, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(a_close_that_cannot_be_written_names_the_disk, open_stage, close_stage),
        cmocka_unit_test_setup_teardown(what_was_charged_while_the_disk_filled_up_is_one_sale_once_there_is_room,
                                        open_stage, close_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
