/* What comes out of the printer beside the receipt: 加盟店控, 保留票, the test page; what a power cut leaves to print.
 */
#include "drivers/paper/paper.h"
#include "pos/peripherals/peripherals.h"
#include "pos/till/citizen.h"
#include "till_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { WAIT_MS = 500, PATIENCE = 100, COLUMNS = 48 }; /* a minute at most, and a moment in truth */

/* Item a by a policy with 加盟店控, item b by one without; a card that cannot be voided beside one that can. */
static const char masters[] =
    "{\"version\":1,\"municipality\":{\"code\":\"072036\",\"name\":\"郡山市\"},"
    "\"issuers\":[{\"code\":\"general\",\"name\":\"郡山市\",\"registration_number\":\"T9000020072036\"}],"
    "\"places\":[{\"code\":\"p1\",\"name\":\"窓口\",\"section\":\"s\",\"categories\":[\"c\"]}],"
    "\"items\":["
    "{\"code\":\"a\",\"name\":\"体育館\",\"kana\":\"えい\",\"category\":\"c\",\"price_yen\":300,\"tax\":\"exempt\","
    "\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\",\"policy\":\"copied\"},"
    "{\"code\":\"b\",\"name\":\"住民票\",\"kana\":\"びい\",\"category\":\"c\",\"price_yen\":450,\"tax\":\"exempt\","
    "\"account\":\"x\",\"section\":\"s\",\"issuer\":\"general\"}],"
    "\"policies\":[{\"code\":\"copied\",\"name\":\"施設\",\"methods\":[\"cash\",\"emoney\",\"credit\"],"
    "\"mixed_payment\":true,\"price_override\":false,\"refund\":\"later\",\"refund_means\":[\"cash\",\"gateway\"],"
    "\"receipt_title\":\"receipt\",\"shop_copy\":true}],"
    "\"exemptions\":[],"
    "\"brands\":[{\"code\":\"visa\",\"name\":\"Visa\",\"method\":\"credit\",\"trustee\":\"t\"},"
    "{\"code\":\"jcb\",\"name\":\"JCB\",\"method\":\"credit\",\"trustee\":\"t\",\"can_void\":false},"
    "{\"code\":\"waon\",\"name\":\"WAON\",\"method\":\"emoney\",\"trustee\":\"t\"}],"
    "\"clerks\":[{\"code\":\"sato\",\"name\":\"佐藤\",\"role\":\"clerk\",\"pin_hash\":\"@1111@\"},"
    "{\"code\":\"suzuki\",\"name\":\"鈴木\",\"role\":\"supervisor\",\"pin_hash\":\"@2222@\"}]}";

static struct till_stage stage;
static struct print_task task;

/* ---- a terminal that approves everything ---- */

static void
approve(struct payment_channel *channel, const struct payment_request *request, struct payment_answer *out)
{
    (void)channel;
    *out = (struct payment_answer){.result = PAYMENT_APPROVED,
                                   .amount_yen = request->amount_yen,
                                   .accepted_at_ms = INT64_C(1795309391123),
                                   .approval_code = "123456",
                                   .slip_number = "00471",
                                   .acquirer_reference = "A1",
                                   .masked_number = "400000xxxxxx0002"};
}

static void
know_nothing(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    (void)channel;
    (void)payment;
    *out = (struct payment_answer){.result = PAYMENT_UNKNOWN, .cause = "no_answer"};
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
    static const struct payment_channel_operations operations = {.name = "approving",
                                                                 .start = approve,
                                                                 .inquire = know_nothing,
                                                                 .cancel = give_back,
                                                                 .stop = stop_nothing,
                                                                 .check = be_ready,
                                                                 .destroy = free_terminal};
    struct payment_channel *channel = calloc(1, sizeof *channel);
    assert_non_null(channel);
    *channel = (struct payment_channel){.operations = &operations, .start_timeout_ms = 1000};
    return channel;
}

/* ---- the stage ---- */

static void
ignore_change(void *context)
{
    (void)context;
}

static void
start_threads(void)
{
    assert_int_equal(till_start(stage.till, ignore_change, NULL, &stage.err), STATUS_OK);
}

static int
open_stage(void **state)
{
    (void)state;
    till_stage_open_with_terminal(&stage, masters, make_terminal);
    start_threads();
    return 0;
}

static int
close_stage(void **state)
{
    (void)state;
    till_stage_close(&stage);
    return 0;
}

/* The state, once it holds TEXT. */
static const char *
state_with(const char *text)
{
    struct citizen_summary ignored;
    int64_t revision = -1;
    for (int i = 0; i < PATIENCE; i++) {
        const char *state = till_stage_state(&stage);
        if (strstr(state, text) != NULL) {
            return state;
        }
        revision = till_await_citizen(stage.till, revision, WAIT_MS, &ignored);
    }
    fail_msg("no %s in %s", text, till_stage_state(&stage));
    return "";
}

/* Waits until the till wants a void's 加盟店控: the reversal is made by a thread of its own. */
static void
await_void(void)
{
    struct citizen_summary ignored;
    int64_t revision = -1;
    for (int i = 0; i < PATIENCE; i++) {
        if (till_stage_query(&stage, "SELECT COUNT(*) FROM paper WHERE form = 'void_shop_copy'") == 1) {
            return;
        }
        revision = till_await_citizen(stage.till, revision, WAIT_MS, &ignored);
    }
    fail_msg("the sale was not voided");
}

static void
text_behind(const char *state, const char *key, char out[IDENTITY_TEXT_SIZE])
{
    const char *at = strstr(state, key);
    assert_non_null(at);
    snprintf(out, IDENTITY_TEXT_SIZE, "%.*s", (int)strcspn(at + strlen(key), "\""), at + strlen(key));
}

static void
sell(const char *item, enum payment_method method, const char *brand, char out_sale[IDENTITY_TEXT_SIZE])
{
    char wanted[IDENTITY_TEXT_SIZE + 32];
    assert_int_equal(till_add_item(stage.till, item, 1, &stage.err), STATUS_OK);
    text_behind(till_stage_state(&stage), "\"basket\":{\"id\":\"", out_sale);
    enum status status = method == METHOD_CASH ? till_pay_cash(stage.till, out_sale, 1000, &stage.err)
                                               : till_pay_cashless(stage.till, out_sale, method, brand, &stage.err);
    if (status != STATUS_OK) {
        fail_msg("%s", stage.err.message);
    }
    snprintf(wanted, sizeof wanted, "\"last_sale\":{\"sale\":\"%s\"", out_sale);
    state_with(wanted);
}

/* Takes the next paper from the till; it must be FORM. */
static void
take(enum paper_form form)
{
    enum status status = till_next_print(stage.till, 0, &task, &stage.err);
    if (status != STATUS_OK || task.form != form) {
        fail_msg("wanted %s, got %s", paper_form_word(form),
                 status == STATUS_OK ? paper_form_word(task.form) : stage.err.message);
    }
}

static void
start(enum paper_form form)
{
    take(form);
    assert_int_equal(till_print_started(stage.till, &task, &stage.err), STATUS_OK);
}

static void
print(enum paper_form form)
{
    start(form);
    assert_int_equal(till_print_finished(stage.till, &task, "printed", "", &stage.err), STATUS_OK);
}

static void
assert_nothing_waits(void)
{
    assert_int_equal(till_next_print(stage.till, 0, &task, &stage.err), STATUS_NOT_FOUND);
}

static void
request(enum paper_form form, const char *subject)
{
    if (till_request_paper(stage.till, form, subject, &stage.err) != STATUS_OK) {
        fail_msg("%s", stage.err.message);
    }
}

/* The paper that was taken last, as a person reads it; valid until the next call. */
static const char *
paper_read(void)
{
    static struct buffer text;
    struct paper *paper = NULL;
    struct buffer bytes;
    if (text.data == NULL) {
        buffer_init(&text, RECEIPT_MAX_BYTES);
    }
    buffer_clear(&text);
    buffer_init(&bytes, RECEIPT_MAX_BYTES);
    assert_int_equal(paper_of_task(&task, NULL, COLUMNS, 0, &bytes, &stage.err), STATUS_OK);
    assert_int_equal(paper_create(&paper, COLUMNS, NULL), STATUS_OK);
    paper_feed(paper, bytes.data, bytes.length);
    assert_int_equal(paper_text(paper, PAPER_LAST_SHEET, &text, NULL), STATUS_OK);
    paper_destroy(paper);
    buffer_finish(&bytes);
    return buffer_text(&text);
}

static void
assert_reads(const char *wanted)
{
    const char *text = paper_read();
    if (strstr(text, wanted) == NULL) {
        fail_msg("no %s on\n%s", wanted, text);
    }
}

static void
assert_silent(const char *unwanted)
{
    const char *text = paper_read();
    if (strstr(text, unwanted) != NULL) {
        fail_msg("%s stands on\n%s", unwanted, text);
    }
}

/* The power goes and comes back; the clerk is there again. */
static void
cut_power(void)
{
    till_stage_reopen(&stage);
    start_threads();
    assert_int_equal(till_sign_in(stage.till, "sato", "1111", &stage.err), STATUS_OK);
}

/* ---- 加盟店控 ---- */

static void
a_card_sale_prints_the_citizens_paper_and_then_the_shops_each_with_its_own_mask(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    sell("a", METHOD_CREDIT, "visa", sale);

    print(FORM_RECEIPT);
    assert_reads("************0002");
    assert_silent("400000");
    print(FORM_SHOP_COPY);
    assert_reads("加 盟 店 控");
    assert_reads("400000******0002");
    assert_reads("ご利用額");
    assert_silent("再発行");
    assert_nothing_waits();
    assert_string_equal(task.subject, sale);
}

static void
only_cards_have_one_and_only_where_the_policy_asks_for_it(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    sell("b", METHOD_CREDIT, "visa", sale);
    print(FORM_RECEIPT);
    sell("a", METHOD_EMONEY, "waon", sale);
    print(FORM_RECEIPT);
    sell("a", METHOD_CASH, NULL, sale);
    print(FORM_RECEIPT);

    assert_nothing_waits();
    assert_int_equal(till_request_paper(stage.till, FORM_SHOP_COPY, sale, &stage.err), STATUS_NOT_FOUND);
    assert_string_equal(stage.err.code, "no_such_paper");
    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM journal_line WHERE CAST(line AS TEXT) LIKE "
                                              "'%shop_copy%'"),
                     0);
}

static void
a_power_cut_between_the_two_papers_leaves_the_shops_to_print_and_prints_none_twice(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    sell("a", METHOD_CREDIT, "visa", sale);
    print(FORM_RECEIPT);

    cut_power();

    print(FORM_SHOP_COPY);
    assert_string_equal(task.subject, sale);
    assert_silent("再発行");
    assert_nothing_waits();
    assert_non_null(strstr(till_stage_state(&stage), "\"unprinted\":[]"));
}

static void
a_power_cut_before_both_prints_the_citizens_first(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    sell("a", METHOD_CREDIT, "visa", sale);

    cut_power();

    print(FORM_RECEIPT);
    print(FORM_SHOP_COPY);
    assert_nothing_waits();
}

static void
a_power_cut_in_the_middle_of_the_shops_makes_it_unknown_and_the_next_one_a_copy(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    sell("a", METHOD_CREDIT, "visa", sale);
    print(FORM_RECEIPT);
    start(FORM_SHOP_COPY);

    cut_power();

    assert_nothing_waits();
    state_with("\"form\":\"shop_copy\",\"title\":\"加盟店控 0001\"");
    request(FORM_SHOP_COPY, sale);
    print(FORM_SHOP_COPY);
    assert_reads("【再発行 1回目】");
    assert_non_null(strstr(till_stage_state(&stage), "\"unprinted\":[]"));
}

static void
a_void_takes_the_shops_paper_along_and_gets_one_of_its_own(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    sell("a", METHOD_CREDIT, "visa", sale);
    print(FORM_RECEIPT);
    print(FORM_SHOP_COPY);

    assert_int_equal(till_void_sale(stage.till, sale, "打ち間違い", &stage.err), STATUS_OK);
    await_void();

    print(FORM_VOID);
    assert_silent("400000");
    print(FORM_VOID_SHOP_COPY);
    assert_reads("【 取　消 】");
    assert_reads("取消額");
    assert_reads("打ち間違い");
    assert_reads("400000******0002");
    assert_silent("再発行");
    assert_nothing_waits();
}

static void
a_shops_paper_that_never_came_out_is_not_wanted_after_a_void(void **state)
{
    (void)state;
    char sale[IDENTITY_TEXT_SIZE];
    sell("a", METHOD_CREDIT, "visa", sale);
    assert_int_equal(till_void_sale(stage.till, sale, "打ち間違い", &stage.err), STATUS_OK);
    await_void();

    assert_int_equal(till_stage_query(&stage, "SELECT COUNT(*) FROM paper WHERE form IN ('receipt', 'shop_copy')"), 0);
}

static void
a_refund_to_the_card_has_the_shops_paper_and_one_in_cash_has_none(void **state)
{
    (void)state;
    static const struct refund_part part = {.line = 1, .amount_yen = 100};
    char sale[IDENTITY_TEXT_SIZE], refund[IDENTITY_TEXT_SIZE];
    sell("a", METHOD_CREDIT, "jcb", sale);
    print(FORM_RECEIPT);
    print(FORM_SHOP_COPY);
    struct refund_request wish = {.sale = sale,
                                  .remainder_yen = 300,
                                  .means = "gateway",
                                  .reason = "お客様の申し出",
                                  .parts = &part,
                                  .part_count = 1};
    assert_int_equal(till_request_refund(stage.till, &wish, refund, &stage.err), STATUS_OK);

    print(FORM_REFUND);
    assert_silent("400000");
    print(FORM_REFUND_SHOP_COPY);
    assert_string_equal(task.subject, refund);
    assert_reads("【 返　金 】");
    assert_reads("¥100");
    assert_reads("400000******0002");
    assert_reads(refund);
    wish.remainder_yen = 200;
    wish.means = "cash";
    assert_int_equal(till_request_refund(stage.till, &wish, refund, &stage.err), STATUS_OK);
    assert_nothing_waits();
}

/* ---- 保留票 and the test page ---- */

static void
hold_one(char out_hold[IDENTITY_TEXT_SIZE])
{
    char basket[IDENTITY_TEXT_SIZE];
    assert_int_equal(till_add_item(stage.till, "b", 1, &stage.err), STATUS_OK);
    text_behind(till_stage_state(&stage), "\"basket\":{\"id\":\"", basket);
    assert_int_equal(till_hold_basket(stage.till, basket, "印鑑を取りに", &stage.err), STATUS_OK);
    text_behind(till_stage_state(&stage), "\"held\":[{\"hold\":\"", out_hold);
}

static void
a_hold_slip_says_what_waits_and_its_code_brings_it_back(void **state)
{
    (void)state;
    char hold[IDENTITY_TEXT_SIZE];
    hold_one(hold);
    assert_nothing_waits();

    request(FORM_HOLD, hold);
    print(FORM_HOLD);
    assert_reads("保　留　票");
    assert_reads("印鑑を取りに");
    assert_reads("住民票");
    assert_reads(hold);
    assert_int_equal(till_scan(stage.till, hold, &stage.err), STATUS_OK);
    state_with("\"held\":[]");
    state_with("\"count\":1,\"total_yen\":450");
    state_with("\"kind\":\"hold\"");
}

static void
a_hold_slip_is_refused_with_a_sentence_while_another_citizen_is_served_and_once_it_was_used(void **state)
{
    (void)state;
    char hold[IDENTITY_TEXT_SIZE];
    hold_one(hold);
    assert_int_equal(till_add_item(stage.till, "a", 1, &stage.err), STATUS_OK);
    assert_int_equal(till_scan(stage.till, hold, &stage.err), STATUS_REFUSED);
    assert_string_equal(stage.err.code, "basket_open");
    state_with("\"kind\":\"fault\"");
    assert_int_equal(till_clear_basket(stage.till, &stage.err), STATUS_OK);
    assert_int_equal(till_scan(stage.till, hold, &stage.err), STATUS_OK);
    assert_int_equal(till_clear_basket(stage.till, &stage.err), STATUS_OK);

    assert_int_equal(till_scan(stage.till, hold, &stage.err), STATUS_REFUSED);

    assert_string_equal(stage.err.code, "not_held");
    assert_int_equal(till_request_paper(stage.till, FORM_HOLD, hold, &stage.err), STATUS_NOT_FOUND);
}

static void
the_test_page_is_never_a_copy_and_belongs_to_this_till(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        request(FORM_TEST, "KO-01");
        print(FORM_TEST);
        assert_reads("試し刷り");
        assert_silent("再発行");
    }
    assert_int_equal(till_request_paper(stage.till, FORM_TEST, "KO-02", &stage.err), STATUS_NOT_FOUND);
    assert_non_null(strstr(till_stage_state(&stage), "\"unprinted\":[]"));
}

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, open_stage, close_stage)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_STAGE(a_card_sale_prints_the_citizens_paper_and_then_the_shops_each_with_its_own_mask),
        ON_STAGE(only_cards_have_one_and_only_where_the_policy_asks_for_it),
        ON_STAGE(a_power_cut_between_the_two_papers_leaves_the_shops_to_print_and_prints_none_twice),
        ON_STAGE(a_power_cut_before_both_prints_the_citizens_first),
        ON_STAGE(a_power_cut_in_the_middle_of_the_shops_makes_it_unknown_and_the_next_one_a_copy),
        ON_STAGE(a_void_takes_the_shops_paper_along_and_gets_one_of_its_own),
        ON_STAGE(a_shops_paper_that_never_came_out_is_not_wanted_after_a_void),
        ON_STAGE(a_refund_to_the_card_has_the_shops_paper_and_one_in_cash_has_none),
        ON_STAGE(a_hold_slip_says_what_waits_and_its_code_brings_it_back),
        ON_STAGE(a_hold_slip_is_refused_with_a_sentence_while_another_citizen_is_served_and_once_it_was_used),
        ON_STAGE(the_test_page_is_never_a_copy_and_belongs_to_this_till),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
