/* Alipay+: the signature over a published notification, and what the answers mean for the money. */
#include "pos/payment/alipay_plus/message.h"
#include "pos/payment/alipay_plus/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A notification that Alipay signed, with the key to verify it: github.com/alipay/global-open-sdk-java,
 * src/main/java/com/alipay/api/TestCase.java (2019-11), example data of its SDK. */
static const char published_key[] = "-----BEGIN PUBLIC KEY-----\n"
                                    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAh/u8qQRxsvTv7epRXx36\n"
                                    "93VfjIgfZgcTMTdOeTRqdVdNSzNcEkwaA99O4HXLB4xklzhEbgAG7CfJ9fhkKiTg\n"
                                    "Vb4S4hEiSryFnnOcJ/0uiTpV/vrbofxQmeULOZ6OoSVvY0rxQUcPVYdMzp+kLU6Q\n"
                                    "kcg8t6t9xkzzNf2v4wRLp1FDb8+SD+vF60vMUAVH5a/6nNh3yMQAs1bsVKDXW6gU\n"
                                    "Kq0WvCWCYQhuhVEKzLCjtegzvLO+y6HX+v8EwofwQAUWDHhXzU3MOcKaZ5rp7mx+\n"
                                    "CY75WhiT9eYi5TsvIJbXKeZozJG6tpNhrr87pwpq4tJby0XXxmpjdInsrEJDGHUD\n"
                                    "KQIDAQAB\n-----END PUBLIC KEY-----\n";
static const char published_signature[] =
    "Sdx0JwVSxpCO1NeitkTmxHTVeGwvFRFVGJHvO%2B62nnCWnxsZO2mkCopcAYJYqKQpoKj5Jo1HUzqjcV3ZjqTxkAVox7Rw4a5wzIFcykSIOzfd3qRL"
    "dp6lsaZHgCVNC6FL%2FpyXyCSaaWn4WiJmOJfkhcsX8GEMnUQoFdgtTu8rmWo0QG209A7G8aVBovYkGetqgVCNbjgTTl57IZjxdatQt7KoY7nL3m2V"
    "lXADeBQnpoaeXOs5qsSUXOwUrS2%2BhY4hMjxmarGD4iRwxI5%2BeHi5Sf4geaj99VVahkfdvW80TUIOC0xA%2FwMXOyNbSooImRtD%2FFWWGcoLGk"
    "5HZn0KohTA2w%3D%3D";
static const char published_body[] =
    "{\"actualPaymentAmount\":{\"currency\":\"PHP\",\"value\":\"100\"},\"notifyType\":\"PAYMENT_RESULT\",\"notifyUrl\":"
    "\"https://local.allpay-test.com/api/back?allPayTn=5a9ddf96cc89dd30134549d68abbbd4a\",\"paymentAmount\":{"
    "\"currency\":\"PHP\",\"value\":\"100\"},\"paymentCreateTime\":\"2019-11-12T17:36:04+08:00\",\"paymentId\":"
    "\"093604157355136494636350037908059631krbkwaTbZW201911110000388037\",\"paymentRequestId\":\"cc89dd30134549d6\","
    "\"paymentTime\":\"2019-11-12T17:36:04+08:00\",\"pspCustomerInfo\":{\"displayCustomerId\":\"test***@xxx.com\","
    "\"pspCustomerId\":\"20881111111234\",\"pspName\":\"GCASH\"},\"result\":{\"resultCode\":\"SUCCESS\","
    "\"resultMessage\":\"success.\",\"resultStatus\":\"S\"}}";

static struct alipay_signed
published(void)
{
    return (struct alipay_signed){.path = "/api/back",
                                  .client = "T_ALLPAY_1",
                                  .time = "2019-11-12T09:37:00Z",
                                  .body = published_body,
                                  .length = sizeof published_body - 1};
}

static struct rsa_key *
read_published_key(void)
{
    struct rsa_key *key = NULL;
    assert_int_equal(rsa_public_key_read(&key, published_key, strlen(published_key), NULL), STATUS_OK);
    return key;
}

static void
the_published_notification_is_believed_and_no_other(void **state)
{
    (void)state;
    struct rsa_key *key = read_published_key();
    struct alipay_signed what = published();
    char header[2048];
    snprintf(header, sizeof header, "algorithm=RSA256,keyVersion=1,signature=%s", published_signature);

    assert_true(alipay_is_signed(key, &what, header));
    what.path = "/api/back2";
    assert_false(alipay_is_signed(key, &what, header));
    what = published();
    what.length--;
    assert_false(alipay_is_signed(key, &what, header));
    what = published();
    what.time = "2019-11-12T09:37:01Z";
    assert_false(alipay_is_signed(key, &what, header));
    rsa_key_destroy(key);
}

static void
the_headers_parts_may_stand_in_any_order_and_spacing(void **state)
{
    (void)state;
    struct rsa_key *key = read_published_key();
    const struct alipay_signed what = published();
    char header[2048];
    snprintf(header, sizeof header, "signature=%s, algorithm=RSA256", published_signature);
    assert_true(alipay_is_signed(key, &what, header));
    rsa_key_destroy(key);
}

static void
headers_that_do_not_read_are_no_signatures(void **state)
{
    (void)state;
    struct rsa_key *key = read_published_key();
    const struct alipay_signed what = published();
    static const char *const headers[] = {
        "",
        "signature=",
        "algorithm=RSA256,signature=",
        "algorithm=RSA256,signature=%",
        "algorithm=RSA256,signature=%2",
        "algorithm=RSA256,signature=%GG",
        "algorithm=RSA256,signature=%00AAA",
        "algorithm=RSA256,signature=AAAA",
        "algorithm=NONE,signature=AAAA",
        ",,,,",
        "algorithm=RSA256",
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        assert_false(alipay_is_signed(key, &what, headers[i]));
    }
    char other[2048];
    snprintf(other, sizeof other, "algorithm=RSA1,signature=%s", published_signature);
    assert_false(alipay_is_signed(key, &what, other));
    rsa_key_destroy(key);
}

/* A pair made by the openssl command in a folder of its own. */
struct pair {
    char folder[64];
    char private_file[96];
    char public_file[96];
};

static int
make_pair(void **state)
{
    static struct pair pair;
    char command[512];
    snprintf(pair.folder, sizeof pair.folder, "/tmp/alipay-plus-XXXXXX");
    if (mkdtemp(pair.folder) == NULL) {
        return -1;
    }
    snprintf(pair.private_file, sizeof pair.private_file, "%s/private.pem", pair.folder);
    snprintf(pair.public_file, sizeof pair.public_file, "%s/public.pem", pair.folder);
    snprintf(command, sizeof command,
             "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out %s 2>/dev/null && chmod 600 %s && "
             "openssl pkey -in %s -pubout -out %s",
             pair.private_file, pair.private_file, pair.private_file, pair.public_file);
    *state = &pair;
    return system(command) == 0 ? 0 : -1; /* NOLINT(cert-env33-c): fixed words */
}

static int
remove_pair(void **state)
{
    const struct pair *pair = *state;
    unlink(pair->private_file);
    unlink(pair->public_file);
    return rmdir(pair->folder);
}

static void
what_we_sign_is_verified_with_our_public_key(void **state)
{
    const struct pair *pair = *state;
    struct rsa_key *private_key = NULL;
    struct rsa_key *public_key = NULL;
    struct alipay_signed what = published();
    char header[ALIPAY_SIGNATURE_SIZE];
    assert_int_equal(rsa_private_key_load(&private_key, pair->private_file, NULL), STATUS_OK);
    assert_int_equal(rsa_public_key_load(&public_key, pair->public_file, NULL), STATUS_OK);

    assert_int_equal(alipay_sign(private_key, 1, &what, header, NULL), STATUS_OK);
    assert_int_equal(strncmp(header, "algorithm=RSA256,keyVersion=1,signature=", 40), 0);
    assert_null(strpbrk(header + 40, "+/="));
    assert_true(alipay_is_signed(public_key, &what, header));
    what.client = "another";
    assert_false(alipay_is_signed(public_key, &what, header));
    rsa_key_destroy(private_key);
    rsa_key_destroy(public_key);
}

static void
a_private_key_that_others_may_read_is_refused(void **state)
{
    const struct pair *pair = *state;
    struct rsa_key *key = NULL;
    struct error_detail err;
    assert_int_equal(chmod(pair->private_file, 0640), 0);
    assert_int_equal(rsa_private_key_load(&key, pair->private_file, &err), STATUS_REFUSED);
    assert_int_equal(chmod(pair->private_file, 0600), 0);
    assert_int_equal(rsa_private_key_load(&key, pair->public_file, &err), STATUS_REFUSED);
    assert_int_equal(rsa_public_key_load(&key, pair->private_file, &err), STATUS_INVALID);
    assert_int_equal(rsa_public_key_load(&key, "/nonexistent/key.pem", &err), STATUS_NOT_FOUND);
    assert_null(key);
}

static const char payment[] = "01a20421-f38f-7000-a218-8dff3efc1201";
static const struct alipay_merchant merchant = {.reference = "M1",
                                                .name = "郡山市",
                                                .store = "S1",
                                                .category = "9399",
                                                .description = "手数料",
                                                .currency = "JPY",
                                                .units_per_yen = 1};

#define RESULT(status, code) "\"result\":{\"resultStatus\":\"" status "\",\"resultCode\":\"" code "\"}"
#define FACTS                                                                                                          \
    "\"paymentRequestId\":\"01a20421-f38f-7000-a218-8dff3efc1201\",\"paymentId\":"                                     \
    "\"20261122194010800100188750000001\","                                                                            \
    "\"paymentAmount\":{\"currency\":\"JPY\",\"value\":\"450\"},\"paymentTime\":\"2026-11-22T10:03:11+09:00\""

typedef void reader(const struct buffer *body, struct payment_answer *out);

static void
pay_reader(const struct buffer *body, struct payment_answer *out)
{
    alipay_pay_read(&merchant, body, payment, out);
}

static void
inquiry_reader(const struct buffer *body, struct payment_answer *out)
{
    alipay_inquiry_read(&merchant, body, payment, out);
}

static void
cancel_reader(const struct buffer *body, struct payment_answer *out)
{
    alipay_cancel_read(body, payment, out);
}

static void
refund_reader(const struct buffer *body, struct payment_answer *out)
{
    alipay_refund_read(&merchant, body, "r-1", out);
}

static struct payment_answer
read_by(reader *read, const char *text)
{
    struct payment_answer answer = {0};
    struct buffer body;
    buffer_init(&body, ALIPAY_MESSAGE_MAX_BYTES);
    buffer_append_text(&body, text);
    read(&body, &answer);
    buffer_finish(&body);
    return answer;
}

static void
a_successful_payment_is_approved_with_its_facts(void **state)
{
    (void)state;
    struct payment_answer answer = read_by(pay_reader, "{" RESULT("S", "SUCCESS") "," FACTS "}");

    assert_int_equal(answer.result, PAYMENT_APPROVED);
    assert_int_equal(answer.amount_yen, 450);
    assert_string_equal(answer.acquirer_reference, "20261122194010800100188750000001");
    assert_true(answer.accepted_at_ms > 0);
}

static void
an_unknown_result_is_never_a_failure(void **state)
{
    (void)state;
    assert_int_equal(read_by(pay_reader, "{" RESULT("U", "PAYMENT_IN_PROCESS") "}").result, PAYMENT_PENDING);
    assert_int_equal(read_by(pay_reader, "{" RESULT("U", "UNKNOWN_EXCEPTION") "}").result, PAYMENT_UNKNOWN);
    assert_int_equal(read_by(pay_reader, "{" RESULT("F", "REPEAT_REQ_INCONSISTENT") "}").result, PAYMENT_UNKNOWN);
    assert_int_equal(read_by(inquiry_reader, "{" RESULT("U", "UNKNOWN_EXCEPTION") "}").result, PAYMENT_UNKNOWN);
    assert_int_equal(read_by(inquiry_reader, "{" RESULT("F", "PROCESS_FAIL") "}").result, PAYMENT_UNKNOWN);
    assert_int_equal(read_by(cancel_reader, "{" RESULT("U", "UNKNOWN_EXCEPTION") "}").result, PAYMENT_UNKNOWN);
    assert_int_equal(read_by(cancel_reader, "{" RESULT("F", "SOMETHING_ELSE") "}").result, PAYMENT_UNKNOWN);
    assert_int_equal(read_by(refund_reader, "{" RESULT("U", "REFUND_IN_PROCESS") "}").result, PAYMENT_PENDING);
    assert_int_equal(read_by(refund_reader, "{" RESULT("F", "SOMETHING_ELSE") "}").result, PAYMENT_UNKNOWN);
}

static void
a_failed_payment_took_nothing(void **state)
{
    (void)state;
    struct payment_answer answer = read_by(pay_reader, "{" RESULT("F", "USER_BALANCE_NOT_ENOUGH") "}");
    assert_int_equal(answer.result, PAYMENT_DECLINED);
    assert_string_equal(answer.cause, "insufficient_balance");
    assert_int_equal(read_by(pay_reader, "{" RESULT("F", "RISK_REJECT") "}").result, PAYMENT_DECLINED);
    assert_int_equal(read_by(pay_reader, "{" RESULT("F", "ORDER_IS_CANCELED") "}").result, PAYMENT_NOT_CHARGED);
}

static void
what_cannot_be_believed_is_unknown(void **state)
{
    (void)state;
    static const char *const garbled[] = {
        "",
        "{",
        "[]",
        "{}",
        "{" FACTS "}",
        "{" RESULT("S", "SUCCESS") "}",
        "{" RESULT("", "SUCCESS") "," FACTS "}",
        "{" RESULT("SF", "SUCCESS") "," FACTS "}",
        "{" RESULT("S",
                   "SUCCESS") ",\"paymentRequestId\":\"another\",\"paymentId\":\"1\",\"paymentAmount\":{\"currency\":"
                              "\"JPY\",\"value\":\"450\"},\"paymentTime\":\"2026-11-22T10:03:11+09:00\"}",
        "{" RESULT("S", "SUCCESS") ",\"paymentRequestId\":\"01a20421-f38f-7000-a218-8dff3efc1201\",\"paymentId\":\"1\","
                                   "\"paymentAmount\":{\"currency\":\"USD\",\"value\":\"450\"},\"paymentTime\":"
                                   "\"2026-11-22T10:03:11+09:00\"}",
        "{" RESULT("S", "SUCCESS") ",\"paymentRequestId\":\"01a20421-f38f-7000-a218-8dff3efc1201\",\"paymentId\":\"1\","
                                   "\"paymentAmount\":{\"currency\":\"JPY\",\"value\":\"4.5\"},\"paymentTime\":"
                                   "\"2026-11-22T10:03:11+09:00\"}",
    };
    for (size_t i = 0; i < sizeof garbled / sizeof garbled[0]; i++) {
        if (read_by(pay_reader, garbled[i]).result != PAYMENT_UNKNOWN) {
            fail_msg("believed: %s", garbled[i]);
        }
    }
}

static void
states_told_on_inquiry_mean_what_is_published(void **state)
{
    (void)state;
    assert_int_equal(
        read_by(inquiry_reader, "{" RESULT("S", "SUCCESS") ",\"paymentStatus\":\"SUCCESS\"," FACTS "}").result,
        PAYMENT_APPROVED);
    assert_int_equal(
        read_by(inquiry_reader, "{" RESULT("S", "SUCCESS") ",\"paymentStatus\":\"CANCELLED\"," FACTS "}").result,
        PAYMENT_REVERSED);
#define UNPAID(word)                                                                                                   \
    "{" RESULT("S", "SUCCESS") ",\"paymentStatus\":\"" word "\",\"paymentRequestId\":"                                 \
                               "\"01a20421-f38f-7000-a218-8dff3efc1201\"}"
    assert_int_equal(read_by(inquiry_reader, UNPAID("CANCELLED")).result, PAYMENT_NOT_CHARGED);
    assert_int_equal(read_by(inquiry_reader, UNPAID("PROCESSING")).result, PAYMENT_PENDING);
    assert_int_equal(read_by(inquiry_reader, UNPAID("FAIL")).result, PAYMENT_DECLINED);
    assert_int_equal(read_by(inquiry_reader, UNPAID("SUCCESS")).result, PAYMENT_UNKNOWN);
    assert_int_equal(read_by(inquiry_reader, UNPAID("WONDERFUL")).result, PAYMENT_UNKNOWN);
    assert_int_equal(read_by(inquiry_reader, "{" RESULT("F", "ORDER_NOT_EXIST") "}").result, PAYMENT_NOT_FOUND);
}

static void
a_cancel_beyond_its_window_is_refused_for_good(void **state)
{
    (void)state;
    assert_int_equal(read_by(cancel_reader, "{" RESULT("S", "SUCCESS") "," FACTS "}").result, PAYMENT_REVERSED);
    struct payment_answer answer = read_by(cancel_reader, "{" RESULT("F", "CANCEL_WINDOW_EXCEED") "}");
    assert_int_equal(answer.result, PAYMENT_CANNOT);
    assert_string_equal(answer.cause, "window_closed");
}

static void
the_request_reads_as_the_network_wants_it(void **state)
{
    (void)state;
    struct payment_request request = {.amount_yen = 450, .code = "281666000000000000", .terminal = "KO-01"};
    struct buffer body;
    struct json_value *value = NULL;
    const char *text = "";
    snprintf(request.payment, sizeof request.payment, "%s", payment);
    buffer_init(&body, ALIPAY_MESSAGE_MAX_BYTES);
    assert_int_equal(alipay_pay_write(&merchant, &request, &body, NULL), STATUS_OK);
    assert_int_equal(json_parse(&value, buffer_text(&body), body.length, NULL), STATUS_OK);

    assert_true(json_as_text(json_member(value, "productCode"), &text));
    assert_string_equal(text, "IN_STORE_PAYMENT");
    assert_true(json_as_text(json_member(json_member(value, "paymentAmount"), "value"), &text));
    assert_string_equal(text, "450"); /* every value is text there */
    assert_true(json_as_text(json_member(json_member(value, "paymentMethod"), "paymentMethodId"), &text));
    assert_string_equal(text, "281666000000000000");
    json_free(value);
    buffer_finish(&body);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_notification_is_believed_and_no_other),
        cmocka_unit_test(the_headers_parts_may_stand_in_any_order_and_spacing),
        cmocka_unit_test(headers_that_do_not_read_are_no_signatures),
        cmocka_unit_test_setup_teardown(what_we_sign_is_verified_with_our_public_key, make_pair, remove_pair),
        cmocka_unit_test_setup_teardown(a_private_key_that_others_may_read_is_refused, make_pair, remove_pair),
        cmocka_unit_test(a_successful_payment_is_approved_with_its_facts),
        cmocka_unit_test(an_unknown_result_is_never_a_failure),
        cmocka_unit_test(a_failed_payment_took_nothing),
        cmocka_unit_test(what_cannot_be_believed_is_unknown),
        cmocka_unit_test(states_told_on_inquiry_mean_what_is_published),
        cmocka_unit_test(a_cancel_beyond_its_window_is_refused_for_good),
        cmocka_unit_test(the_request_reads_as_the_network_wants_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
