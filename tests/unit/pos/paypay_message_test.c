/* PayPay's signature against every published example, and what its answers mean for the money. */
#include "pos/payment/paypay/message.h"
#include "pos/payment/paypay/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char payment[] = "01a20421-f38f-7000-a218-8dff3efc1201";

/* PayPay's own page (also in four public clients' tests), a Rust client's test, a Go client's test. */
static const struct {
    const char *key;
    const char *secret;
    struct paypay_request request;
    const char *header;
} examples[] = {
    {"APIKeyGenerated",
     "APIKeySecretGenerated",
     {.method = "POST",
      .path = "/v2/codes",
      .content_type = "application/json;charset=UTF-8;",
      .body = "{\"sampleRequestBodyKey1\":\"sampleRequestBodyValue1\",\"sampleRequestBodyKey2\":"
              "\"sampleRequestBodyValue2\"}",
      .nonce = "acd028",
      .epoch_s = 1579843452},
     "hmac OPA-Auth:APIKeyGenerated:NW1jKIMnzR7tEhMWtcJcaef+nFVBt7jjAGcVuxHhchc=:acd028:1579843452:"
     "1j0FnY4flNp5CtIKa7x9MQ=="},
    {"key",
     "secret",
     {.method = "POST",
      .path = "/v2/codes",
      .content_type = "application/json;charset=UTF-8",
      .body = "{\"a\":1}",
      .nonce = "nonce",
      .epoch_s = 12345},
     "hmac OPA-Auth:key:Te98rbwV62D+T6MRB4AIc32VPE5a+tUrai/wFCAGgx0=:nonce:12345:20yInMqy99Jxgt2roxoSvw=="},
    {"abc",
     "def",
     {.method = "get",
      .path = "/",
      .content_type = "application/json",
      .body = "{\"a\":\"test\"}",
      .nonce = "a0dce033-4f5e-428b-b4d2-a8c167c1192e",
      .epoch_s = 1598797689},
     "hmac OPA-Auth:abc:4ecQ6PEHbkIW4XrIv1YNZpZqxZg1SmYa+B/OAWnF1lI=:a0dce033-4f5e-428b-b4d2-a8c167c1192e:1598797689:"
     "nDPsVlcbd45BVy/vgnhHJg=="},
};

static void
every_published_example_is_signed_as_published(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        struct paypay_request request = examples[i].request;
        char header[PAYPAY_HEADER_SIZE];
        struct error_detail err;
        request.body_length = strlen(request.body);

        assert_int_equal(paypay_authorization(header, examples[i].key, examples[i].secret, &request, &err), STATUS_OK);

        assert_string_equal(header, examples[i].header);
    }
}

static void
a_request_without_a_body_is_signed_as_empty(void **state)
{
    (void)state;
    const struct paypay_request request = {.method = "GET", .path = "/v2/x", .nonce = "n", .epoch_s = 1};
    char header[PAYPAY_HEADER_SIZE];
    struct error_detail err;
    assert_int_equal(paypay_authorization(header, "key", "secret", &request, &err), STATUS_OK);
    assert_non_null(strstr(header, ":n:1:empty"));

    char long_key[PAYPAY_HEADER_SIZE];
    memset(long_key, 'k', sizeof long_key - 1);
    long_key[sizeof long_key - 1] = '\0';
    assert_int_equal(paypay_authorization(header, long_key, "secret", &request, &err), STATUS_OVERFLOW);
}

static struct buffer body;

static const struct buffer *
text(const char *content)
{
    buffer_finish(&body);
    buffer_init(&body, 65536);
    buffer_append_text(&body, content);
    return &body;
}

#define RESULT(id, data) "{\"resultInfo\":{\"code\":\"X\",\"message\":\"x\",\"codeId\":\"" id "\"},\"data\":" data "}"
#define DETAILS(status, more)                                                                                          \
    RESULT("08100001", "{\"merchantPaymentId\":\"01a20421-f38f-7000-a218-8dff3efc1201\",\"status\":\"" status          \
                       "\",\"amount\":{\"amount\":450,\"currency\":\"JPY\"}" more "}")
#define PAID ",\"paymentId\":\"04110020601600000000\",\"acceptedAt\":1795309391"

static struct payment_answer
details(unsigned http_status, const char *content)
{
    struct payment_answer out;
    paypay_details_read(http_status, text(content), payment, &out);
    return out;
}

static void
each_state_of_a_payment_has_one_meaning(void **state)
{
    (void)state;
    static const struct {
        const char *content;
        enum payment_result result;
    } cases[] = {
        {DETAILS("COMPLETED", PAID), PAYMENT_APPROVED}, {DETAILS("CREATED", ""), PAYMENT_PENDING},
        {DETAILS("AUTHORIZED", PAID), PAYMENT_PENDING}, {DETAILS("REAUTHORIZING", PAID), PAYMENT_PENDING},
        {DETAILS("CANCELED", PAID), PAYMENT_REVERSED},  {DETAILS("CANCELED", ""), PAYMENT_NOT_CHARGED},
        {DETAILS("REFUNDED", PAID), PAYMENT_REVERSED},  {DETAILS("EXPIRED", ""), PAYMENT_NOT_CHARGED},
        {DETAILS("FAILED", ""), PAYMENT_DECLINED},      {DETAILS("COMPLETED", ""), PAYMENT_UNKNOWN},
        {DETAILS("FAILED", PAID), PAYMENT_UNKNOWN},     {DETAILS("SOMETHING", PAID), PAYMENT_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(details(200, cases[i].content).result, cases[i].result);
    }
    assert_int_equal(details(400, RESULT("01652075", "null")).result, PAYMENT_NOT_FOUND);
    assert_int_equal(details(200, RESULT("08100001", "null")).result, PAYMENT_UNKNOWN);
    assert_int_equal(details(200, "").result, PAYMENT_UNKNOWN);
    assert_int_equal(details(404, "<html>").result, PAYMENT_UNKNOWN);
    const struct payment_answer paid = details(200, DETAILS("COMPLETED", PAID));
    assert_int_equal(paid.amount_yen, 450);
    assert_string_equal(paid.acquirer_reference, "04110020601600000000");
    assert_string_equal(paid.brand, "paypay");
    assert_int_equal(paid.accepted_at_ms, 1795309391000);
}

static void
a_servers_error_leaves_the_result_unknown(void **state)
{
    (void)state;
    static const unsigned unknown[] = {500, 502, 503, 504};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        assert_int_equal(details(unknown[i], DETAILS("COMPLETED", PAID)).result, PAYMENT_UNKNOWN);
        assert_int_equal(details(unknown[i], RESULT("08101000", "null")).result, PAYMENT_UNKNOWN);
        assert_int_equal(details(unknown[i], RESULT("01652075", "null")).result, PAYMENT_UNKNOWN);
    }
    assert_int_equal(details(429, RESULT("08100998", "null")).result, PAYMENT_UNKNOWN);
    assert_int_equal(details(401, RESULT("08100016", "null")).result, PAYMENT_UNKNOWN);
}

#define CODE(url, more)                                                                                                \
    RESULT("08100001", "{\"codeId\":\"04-ttsARm7PuT2ElFoO\",\"url\":\"" url "\",\"expiryDate\":1795309691,"            \
                       "\"merchantPaymentId\":\"01a20421-f38f-7000-a218-8dff3efc1201\",\"amount\":{\"amount\":450,"    \
                       "\"currency\":\"JPY\"}" more "}")

static struct payment_answer
code(unsigned http_status, const char *content, struct payment_presented *out_code)
{
    struct payment_answer out;
    paypay_code_read(http_status, text(content), payment, out_code, &out);
    return out;
}

static void
a_code_is_shown_only_when_it_is_whole_and_ours(void **state)
{
    (void)state;
    struct payment_presented shown;
    assert_int_equal(code(201, CODE("https://qr.example/28180104", ""), &shown).result, PAYMENT_PENDING);
    assert_string_equal(shown.payload, "https://qr.example/28180104");
    assert_string_equal(shown.code_id, "04-ttsARm7PuT2ElFoO");
    assert_int_equal(shown.expires_at_ms, 1795309691000);

    static const char *const wrong[] = {CODE("http://qr.example/1", ""), CODE("", ""),
                                        CODE("https://a b", ""),         CODE("javascript:alert(1)", ""),
                                        RESULT("08100001", "{}"),        "x"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(code(201, wrong[i], &shown).result, PAYMENT_UNKNOWN);
        assert_string_equal(shown.payload, "");
        assert_string_equal(shown.code_id, "");
    }
    assert_int_equal(code(400, RESULT("01652073", "null"), &shown).result, PAYMENT_UNKNOWN); /* of an earlier try */
    assert_int_equal(code(400, RESULT("01650000", "null"), &shown).result, PAYMENT_DECLINED);
    assert_int_equal(code(401, RESULT("08100016", "null"), &shown).result, PAYMENT_DECLINED);
    assert_int_equal(code(500, RESULT("08101000", "null"), &shown).result, PAYMENT_UNKNOWN);
}

static void
a_refund_is_believed_under_its_own_name_and_amount(void **state)
{
    (void)state;
    const struct payment_refund refund = {.refund = "01a20421-f38f-7000-a218-8dff3efc1202", .amount_yen = 300};
    struct payment_answer out;
#define REFUND(status, amount)                                                                                         \
    RESULT("08100001", "{\"merchantRefundId\":\"01a20421-f38f-7000-a218-8dff3efc1202\",\"status\":\"" status           \
                       "\",\"amount\":{\"amount\":" amount ",\"currency\":\"JPY\"}}")
    paypay_refund_read(200, text(REFUND("REFUNDED", "300")), &refund, &out);
    assert_int_equal(out.result, PAYMENT_REVERSED);
    paypay_refund_read(200, text(REFUND("CREATED", "300")), &refund, &out);
    assert_int_equal(out.result, PAYMENT_PENDING);
    paypay_refund_read(200, text(REFUND("REFUNDED", "301")), &refund, &out);
    assert_int_equal(out.result, PAYMENT_UNKNOWN);
    paypay_refund_read(400, text(RESULT("00200014", "null")), &refund, &out);
    assert_int_equal(out.result, PAYMENT_DECLINED);
    paypay_refund_read(404, text(RESULT("00200018", "null")), &refund, &out);
    assert_int_equal(out.result, PAYMENT_NOT_FOUND);
    paypay_refund_read(500, text(RESULT("00200002", "null")), &refund, &out);
    assert_int_equal(out.result, PAYMENT_UNKNOWN);
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
        cmocka_unit_test(every_published_example_is_signed_as_published),
        cmocka_unit_test(a_request_without_a_body_is_signed_as_empty),
        cmocka_unit_test(each_state_of_a_payment_has_one_meaning),
        cmocka_unit_test(a_servers_error_leaves_the_result_unknown),
        cmocka_unit_test(a_code_is_shown_only_when_it_is_whole_and_ours),
        cmocka_unit_test(a_refund_is_believed_under_its_own_name_and_amount),
    };
    buffer_init(&body, 65536);
    return cmocka_run_group_tests(tests, NULL, free_body);
}
