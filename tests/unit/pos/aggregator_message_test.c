/* What the aggregator's answers mean for the money. */
#include "pos/payment/aggregator/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char payment[] = "01a20421-f38f-7000-a218-8dff3efc1201";

static struct buffer body;

static const struct buffer *
text(const char *content)
{
    buffer_finish(&body);
    buffer_init(&body, 65536);
    buffer_append_text(&body, content);
    return &body;
}

#define CHARGE(status, charged)                                                                                        \
    "{\"id\":\"c-1\",\"status\":\"" status "\",\"requested_amount\":450,\"requested_currency\":\"JPY\","               \
    "\"charged_amount\":" charged ",\"created_on\":\"2026-11-22T01:03:11.123Z\",\"error\":{\"code\":"                  \
    "\"PAYMENT_CODE_EXPIRED\"},\"metadata\":{\"merchant_reference\":\"01a20421-f38f-7000-a218-8dff3efc1201\","         \
    "\"brand\":\"merpay\"}}"

static struct aggregator_charge
charge(unsigned http_status, const char *content)
{
    struct aggregator_charge out;
    aggregator_charge_read(http_status, text(content), payment, &out);
    return out;
}

static void
each_word_of_a_charge_has_one_meaning(void **state)
{
    (void)state;
    static const struct {
        const char *content;
        enum payment_result result;
    } cases[] = {
        {CHARGE("successful", "450"), PAYMENT_APPROVED}, {CHARGE("pending", "null"), PAYMENT_PENDING},
        {CHARGE("awaiting", "null"), PAYMENT_PENDING},   {CHARGE("authorized", "null"), PAYMENT_PENDING},
        {CHARGE("failed", "null"), PAYMENT_DECLINED},    {CHARGE("canceled", "null"), PAYMENT_NOT_CHARGED},
        {CHARGE("canceled", "450"), PAYMENT_REVERSED},   {CHARGE("error", "null"), PAYMENT_UNKNOWN},
        {CHARGE("brand_new", "450"), PAYMENT_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(charge(200, cases[i].content).answer.result, cases[i].result);
        assert_int_equal(charge(500, cases[i].content).answer.result, PAYMENT_UNKNOWN);
    }
    const struct aggregator_charge paid = charge(201, CHARGE("successful", "450"));
    assert_string_equal(paid.id, "c-1");
    assert_string_equal(paid.answer.brand, "merpay");
    assert_string_equal(paid.answer.acquirer_reference, "c-1");
    assert_int_equal(paid.answer.amount_yen, 450);
    assert_true(paid.answer.accepted_at_ms > 0);
    assert_string_equal(charge(200, CHARGE("failed", "null")).answer.cause, "code_expired");
}

static void
what_is_not_our_charge_says_nothing(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "null",
        "[]",
        "{}",
        "{\"id\":\"c-1\",\"status\":\"successful\",\"metadata\":{\"merchant_reference\":\"another\"}}",
        "{\"id\":\"../x\",\"status\":\"successful\",\"requested_amount\":450,\"requested_currency\":\"JPY\","
        "\"charged_amount\":450,\"created_on\":\"2026-11-22T01:03:11.123Z\",\"metadata\":{\"merchant_reference\":"
        "\"01a20421-f38f-7000-a218-8dff3efc1201\"}}",
        "{\"id\":\"c-1\",\"status\":\"successful\",\"requested_amount\":450,\"requested_currency\":\"USD\","
        "\"charged_amount\":450,\"created_on\":\"2026-11-22T01:03:11.123Z\",\"metadata\":{\"merchant_reference\":"
        "\"01a20421-f38f-7000-a218-8dff3efc1201\"}}",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(charge(200, wrong[i]).answer.result, PAYMENT_UNKNOWN);
        assert_string_equal(charge(200, wrong[i]).id, "");
    }
    assert_int_equal(charge(409, "{\"code\":\"IDEMPOTENCY_KEY_CONFLICT\"}").answer.result, PAYMENT_UNKNOWN);
    assert_int_equal(charge(400, "{\"code\":\"PAYMENT_CODE_INVALID\"}").answer.result, PAYMENT_DECLINED);
    assert_int_equal(charge(400, "<html>").answer.result, PAYMENT_UNKNOWN);
}

static enum payment_result
list(const char *content)
{
    struct aggregator_charge out;
    aggregator_list_read(200, text(content), payment, &out);
    return out.answer.result;
}

static void
a_list_is_believed_when_it_is_whole_and_names_us_once(void **state)
{
    (void)state;
    assert_int_equal(list("{\"items\":[],\"has_more\":false}"), PAYMENT_NOT_FOUND);
    assert_int_equal(list("{\"items\":[],\"has_more\":true}"), PAYMENT_UNKNOWN);
    assert_int_equal(list("{\"has_more\":false}"), PAYMENT_UNKNOWN);
    assert_int_equal(list("{\"items\":[" CHARGE("successful", "450") "]}"), PAYMENT_APPROVED);
    assert_int_equal(list("{\"items\":[" CHARGE("failed", "null") "," CHARGE("successful", "450") "]}"),
                     PAYMENT_UNKNOWN);
    assert_int_equal(list("{\"items\":[{\"metadata\":{\"merchant_reference\":\"another\"}}]}"), PAYMENT_UNKNOWN);
}

static void
a_scanned_code_tells_our_brand_or_why_not(void **state)
{
    (void)state;
    struct aggregator_token token;
    struct payment_answer refused = {0};

    assert_true(
        aggregator_token_read(201, text("{\"id\":\"t-1\",\"data\":{\"brand\":\"rakuten_pay\"}}"), &token, &refused));
    assert_string_equal(token.brand, "rakutenpay");
    assert_true(
        aggregator_token_read(201, text("{\"id\":\"t-1\",\"data\":{\"brand\":\"ginko_pay\"}}"), &token, &refused));
    assert_string_equal(token.brand, "");
    assert_false(aggregator_token_read(201, text("{}"), &token, &refused));
    assert_int_equal(refused.result, PAYMENT_NOT_CHARGED);
    assert_false(aggregator_token_read(401, text("{}"), &token, &refused));
    assert_int_equal(refused.result, PAYMENT_DECLINED);
    assert_false(aggregator_token_read(503, text("x"), &token, &refused));
    assert_int_equal(refused.result, PAYMENT_NOT_CHARGED);
}

static enum aggregator_progress
progress(unsigned http_status, const char *content)
{
    char id[AGGREGATOR_ID_SIZE];
    return aggregator_progress_read(http_status, text(content), id);
}

static void
a_cancel_or_refund_is_done_when_it_is_said(void **state)
{
    (void)state;
    assert_int_equal(progress(201, "{\"id\":\"x\",\"status\":\"successful\"}"), AGGREGATOR_DONE);
    assert_int_equal(progress(201, "{\"id\":\"x\",\"status\":\"pending\"}"), AGGREGATOR_RUNNING);
    assert_int_equal(progress(201, "{\"id\":\"x\",\"status\":\"failed\",\"error\":{\"code\":\"CANCEL_UNAVAILABLE\"}}"),
                     AGGREGATOR_REFUSED);
    assert_int_equal(progress(201, "{\"id\":\"x\",\"status\":\"failed\",\"error\":{\"code\":\"REVERT_FAILED\"}}"),
                     AGGREGATOR_NOT_ANSWERED);
    assert_int_equal(progress(400, "{\"code\":\"REFUND_EXCEEDS_SALES\"}"), AGGREGATOR_REFUSED);
    assert_int_equal(progress(400, "{\"code\":\"VALIDATION_ERROR\"}"), AGGREGATOR_NOT_ANSWERED);
    assert_int_equal(progress(500, "{\"id\":\"x\",\"status\":\"successful\"}"), AGGREGATOR_NOT_ANSWERED);
    assert_int_equal(progress(201, "{\"status\":\"successful\"}"), AGGREGATOR_NOT_ANSWERED);
}

static enum aggregator_progress
refund_progress(bool is_list, const char *content)
{
    const struct payment_refund refund = {.refund = "r-1", .amount_yen = 200};
    char id[AGGREGATOR_ID_SIZE];
    return is_list ? aggregator_refund_list_read(200, text(content), "c-1", &refund, id)
                   : aggregator_refund_read(201, text(content), "c-1", &refund, id);
}

#define A_REFUND(reference, charge, amount, currency)                                                                  \
    "{\"id\":\"x\",\"charge_id\":\"" charge "\",\"status\":\"successful\",\"amount\":" amount                          \
    ",\"currency\":\"" currency "\",\"metadata\":{\"merchant_reference\":\"" reference "\"}}"

static void
a_refund_is_ours_only_with_its_name_its_charge_and_its_yen(void **state)
{
    (void)state;
    assert_int_equal(refund_progress(false, A_REFUND("r-1", "c-1", "200", "JPY")), AGGREGATOR_DONE);
    assert_int_equal(refund_progress(false, A_REFUND("r-2", "c-1", "200", "JPY")), AGGREGATOR_NOT_ANSWERED);
    assert_int_equal(refund_progress(false, A_REFUND("r-1", "c-2", "200", "JPY")), AGGREGATOR_NOT_ANSWERED);
    assert_int_equal(refund_progress(false, A_REFUND("r-1", "c-1", "100", "JPY")), AGGREGATOR_NOT_ANSWERED);
    assert_int_equal(refund_progress(false, A_REFUND("r-1", "c-1", "200", "CNY")), AGGREGATOR_NOT_ANSWERED);
}

static void
a_list_of_refunds_holds_ours_once_or_says_that_there_is_none(void **state)
{
    (void)state;
    assert_int_equal(refund_progress(true, "{\"items\":[],\"has_more\":false}"), AGGREGATOR_NONE);
    assert_int_equal(refund_progress(true, "{\"items\":[],\"has_more\":true}"), AGGREGATOR_NOT_ANSWERED);
    assert_int_equal(refund_progress(true, "{}"), AGGREGATOR_NOT_ANSWERED);
    assert_int_equal(refund_progress(true, "{\"items\":[" A_REFUND("r-2", "c-1", "200", "JPY") "]}"), AGGREGATOR_NONE);
    assert_int_equal(refund_progress(true, "{\"items\":[" A_REFUND("r-2", "c-1", "100", "JPY") "," A_REFUND(
                                               "r-1", "c-1", "200", "JPY") "]}"),
                     AGGREGATOR_DONE);
    assert_int_equal(refund_progress(true, "{\"items\":[" A_REFUND("r-1", "c-1", "200", "JPY") "," A_REFUND(
                                               "r-1", "c-1", "200", "JPY") "]}"),
                     AGGREGATOR_NOT_ANSWERED);
}

static void
a_key_is_spent_only_by_our_void_use_of_it(void **state)
{
    (void)state;
    assert_true(aggregator_key_is_spent(400, text("{\"code\":\"INVALID_TOKEN\"}")));
    assert_false(aggregator_key_is_spent(409, text("{\"code\":\"IDEMPOTENCY_KEY_CONFLICT\"}")));
    assert_false(aggregator_key_is_spent(400, text("{\"code\":\"VALIDATION_ERROR\"}")));
    assert_false(aggregator_key_is_spent(200, text("{\"code\":\"INVALID_TOKEN\"}")));
}

static int
free_body(void **state)
{
    (void)state;
    buffer_finish(&body);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_word_of_a_charge_has_one_meaning),
        cmocka_unit_test(what_is_not_our_charge_says_nothing),
        cmocka_unit_test(a_list_is_believed_when_it_is_whole_and_names_us_once),
        cmocka_unit_test(a_scanned_code_tells_our_brand_or_why_not),
        cmocka_unit_test(a_cancel_or_refund_is_done_when_it_is_said),
        cmocka_unit_test(a_refund_is_ours_only_with_its_name_its_charge_and_its_yen),
        cmocka_unit_test(a_list_of_refunds_holds_ours_once_or_says_that_there_is_none),
        cmocka_unit_test(a_key_is_spent_only_by_our_void_use_of_it),
    };
    buffer_init(&body, 65536);
    return cmocka_run_group_tests(tests, NULL, free_body);
}
