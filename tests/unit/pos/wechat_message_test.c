/* What WeChat Pay's answers mean for the money: nothing is believed that is not signed, ours, and said. */
#include "pos/payment/wechat_pay/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char payment[] = "01a20421-f38f-7000-a218-8dff3efc1201";
static const char refund[] = "01a20421-f38f-7000-a218-8dff3efc1299";
#define ORDER "01a20421f38f7000a2188dff3efc1201"
#define REFUND "01a20421f38f7000a2188dff3efc1299"

static const struct wechat_merchant merchant = {
    .app_id = "wx8888888888888888",
    .merchant = "1900000109",
    .key = "192006250b4c09247ec02edce69f6a2d",
    .sign_type = WECHAT_HMAC_SHA256,
    .currency = "JPY",
    .units_per_yen = 1,
    .description = "郡山市 手数料",
    .address = "192.0.2.1",
};

/* "name=value;name=value": an answer with these fields besides the usual ones, signed; a later one wins. */
static struct wechat_fields
answer_of(const struct wechat_merchant *of, const char *text)
{
    static const char usual[] =
        "return_code=SUCCESS;appid=wx8888888888888888;mch_id=1900000109;nonce_str=x;result_code="
        "SUCCESS";
    struct wechat_fields fields;
    char sign[WECHAT_SIGN_SIZE];
    const char *sources[] = {text, usual};
    wechat_fields_init(&fields);
    for (size_t i = 0; i < 2; i++) {
        for (const char *at = sources[i]; *at != '\0';) {
            char name[WECHAT_NAME_SIZE];
            const size_t length = strcspn(at, ";");
            const size_t name_length = strcspn(at, "=");
            snprintf(name, sizeof name, "%.*s", (int)name_length, at);
            if (wechat_fields_get(&fields, name)[0] == '\0') {
                wechat_fields_set_n(&fields, name, at + name_length + 1, length - name_length - 1);
            }
            at += length + (at[length] == ';' ? 1 : 0);
        }
    }
    assert_int_equal(wechat_fields_sign(&fields, of->key, of->sign_type, sign, NULL), STATUS_OK);
    wechat_fields_set(&fields, "sign", sign);
    return fields;
}

static void
write_answer(const struct wechat_merchant *of, const char *text, struct buffer *out)
{
    struct wechat_fields fields = answer_of(of, text);
    buffer_init(out, WECHAT_MESSAGE_MAX_BYTES);
    assert_int_equal(wechat_fields_write(&fields, out, NULL), STATUS_OK);
}

static struct payment_answer
read_pay(const struct wechat_merchant *signer, const char *text)
{
    struct payment_answer answer = {0};
    struct buffer body;
    write_answer(signer, text, &body);
    wechat_pay_read(&merchant, 200, &body, payment, &answer);
    buffer_finish(&body);
    return answer;
}

static struct payment_answer
read_query(const char *text)
{
    struct payment_answer answer = {0};
    struct buffer body;
    write_answer(&merchant, text, &body);
    wechat_query_read(&merchant, 200, &body, payment, &answer);
    buffer_finish(&body);
    return answer;
}

static struct payment_answer
read_reverse(const char *text)
{
    struct payment_answer answer = {0};
    struct buffer body;
    write_answer(&merchant, text, &body);
    wechat_reverse_read(&merchant, 200, &body, &answer);
    buffer_finish(&body);
    return answer;
}

static struct payment_answer
read_refund(const char *text)
{
    struct payment_answer answer = {0};
    struct buffer body;
    write_answer(&merchant, text, &body);
    wechat_refund_read(&merchant, 200, &body, payment, refund, &answer);
    buffer_finish(&body);
    return answer;
}

#define PAID                                                                                                           \
    "out_trade_no=" ORDER ";transaction_id=4200000000202611220000000001;fee_type=JPY;total_fee=450;"                   \
    "time_end=20261122090311"

static void
a_paid_order_is_approved_with_its_facts(void **state)
{
    (void)state;
    struct payment_answer answer = read_pay(&merchant, PAID);
    int64_t at_ms;

    assert_int_equal(answer.result, PAYMENT_APPROVED);
    assert_int_equal(answer.amount_yen, 450);
    assert_string_equal(answer.acquirer_reference, "4200000000202611220000000001");
    assert_string_equal(answer.brand, "wechat_pay");
    assert_int_equal(instant_parse(&at_ms, "2026-11-22T10:03:11.000+09:00", 29), STATUS_OK);
    assert_int_equal(answer.accepted_at_ms, at_ms); /* the network's clock is Beijing's */
}

static void
the_request_has_what_the_network_asks_for_and_is_signed(void **state)
{
    (void)state;
    struct payment_request request = {.amount_yen = 450, .code = "134567890123456789", .terminal = "KO-01"};
    struct wechat_fields fields;
    struct buffer body;
    snprintf(request.payment, sizeof request.payment, "%s", payment);
    buffer_init(&body, WECHAT_MESSAGE_MAX_BYTES);

    assert_int_equal(wechat_pay_write(&merchant, &request, "nonce", &body, NULL), STATUS_OK);
    assert_int_equal(wechat_fields_read(&fields, buffer_text(&body), body.length, NULL), STATUS_OK);
    assert_true(wechat_fields_are_signed(&fields, merchant.key, WECHAT_HMAC_SHA256));
    assert_string_equal(wechat_fields_get(&fields, "out_trade_no"), ORDER);
    assert_string_equal(wechat_fields_get(&fields, "total_fee"), "450");
    assert_string_equal(wechat_fields_get(&fields, "fee_type"), "JPY");
    assert_string_equal(wechat_fields_get(&fields, "auth_code"), "134567890123456789");
    assert_string_equal(wechat_fields_get(&fields, "sign_type"), "HMAC-SHA256");
    assert_string_equal(wechat_fields_get(&fields, "spbill_create_ip"), "192.0.2.1");
    assert_null(strstr(buffer_text(&body), merchant.key));
    buffer_finish(&body);
}

static void
an_institution_names_its_merchant(void **state)
{
    (void)state;
    struct wechat_merchant institution = merchant;
    struct wechat_fields fields;
    struct buffer body;
    snprintf(institution.sub_merchant, sizeof institution.sub_merchant, "1900000555");
    buffer_init(&body, WECHAT_MESSAGE_MAX_BYTES);

    assert_int_equal(wechat_order_write(&institution, payment, "nonce", &body, NULL), STATUS_OK);
    assert_int_equal(wechat_fields_read(&fields, buffer_text(&body), body.length, NULL), STATUS_OK);
    assert_string_equal(wechat_fields_get(&fields, "sub_mch_id"), "1900000555");
    buffer_finish(&body);
}

static void
money_is_written_in_the_units_of_the_contract(void **state)
{
    (void)state;
    struct wechat_merchant hundredths = merchant;
    struct payment_answer answer = {0};
    struct wechat_fields fields;
    struct buffer body;
    hundredths.units_per_yen = 100;
    buffer_init(&body, WECHAT_MESSAGE_MAX_BYTES);
    assert_int_equal(wechat_refund_write(&hundredths, payment, 9999999, refund, 1, "n", &body, NULL), STATUS_OK);
    assert_int_equal(wechat_fields_read(&fields, buffer_text(&body), body.length, NULL), STATUS_OK);
    assert_string_equal(wechat_fields_get(&fields, "total_fee"), "999999900");
    assert_string_equal(wechat_fields_get(&fields, "refund_fee"), "100");
    assert_string_equal(wechat_fields_get(&fields, "out_refund_no"), REFUND);
    buffer_finish(&body);

    write_answer(&merchant, PAID, &body); /* 450 hundredths are no whole yen */
    wechat_pay_read(&hundredths, 200, &body, payment, &answer);
    assert_int_equal(answer.result, PAYMENT_UNKNOWN);
    buffer_finish(&body);
}

static void
what_cannot_be_believed_is_unknown(void **state)
{
    (void)state;
    struct wechat_merchant stranger = merchant;
    struct wechat_merchant other_type = merchant;
    static const char *const garbled[] = {
        "return_code=FAIL;" PAID,
        "appid=wx0;" PAID,
        "mch_id=1;" PAID,
        "out_trade_no=0;transaction_id=4;fee_type=JPY;total_fee=450;time_end=20261122090311",
        "out_trade_no=" ORDER ";transaction_id=4;fee_type=CNY;total_fee=450;time_end=20261122090311",
        "out_trade_no=" ORDER ";transaction_id=4;fee_type=JPY;total_fee=;time_end=20261122090311",
        "out_trade_no=" ORDER ";transaction_id=4;fee_type=JPY;total_fee=-450;time_end=20261122090311",
        "out_trade_no=" ORDER ";transaction_id=4;fee_type=JPY;total_fee=45000000000;time_end=20261122090311",
        "out_trade_no=" ORDER ";transaction_id=4;fee_type=JPY;total_fee=450;time_end=20261322090311",
        "out_trade_no=" ORDER ";transaction_id=;fee_type=JPY;total_fee=450;time_end=20261122090311",
        "result_code=FAIL;err_code=",
        "result_code=FAIL;err_code=WONDERFUL",
        "result_code=MAYBE;" PAID,
    };
    snprintf(stranger.key, sizeof stranger.key, "another");
    other_type.sign_type = WECHAT_MD5;

    for (size_t i = 0; i < sizeof garbled / sizeof garbled[0]; i++) {
        if (read_pay(&merchant, garbled[i]).result != PAYMENT_UNKNOWN) {
            fail_msg("believed: %s", garbled[i]);
        }
    }
    assert_int_equal(read_pay(&stranger, PAID).result, PAYMENT_UNKNOWN);
    assert_int_equal(read_pay(&other_type, PAID).result, PAYMENT_UNKNOWN);
    assert_int_equal(read_pay(&stranger, "result_code=FAIL;err_code=NOTENOUGH").result, PAYMENT_UNKNOWN);
}

static void
a_servers_error_says_nothing_about_the_money(void **state)
{
    (void)state;
    static const unsigned errors[] = {302, 400, 404, 429, 500, 502, 503};
    struct buffer body;
    write_answer(&merchant, PAID, &body);
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        struct payment_answer answer = {0};
        wechat_pay_read(&merchant, errors[i], &body, payment, &answer);
        assert_int_equal(answer.result, PAYMENT_UNKNOWN);
    }
    buffer_finish(&body);
}

struct expected {
    const char *text;
    enum payment_result result;
    const char *cause;
};

static void
error_codes_of_a_payment_mean_what_is_published(void **state)
{
    (void)state;
    static const struct expected rows[] = {
        {"USERPAYING", PAYMENT_PENDING, "pending"},           {"SYSTEMERROR", PAYMENT_UNKNOWN, "no_answer"},
        {"BANKERROR", PAYMENT_UNKNOWN, "no_answer"},          {"OUT_TRADE_NO_USED", PAYMENT_UNKNOWN, "no_answer"},
        {"ORDERPAID", PAYMENT_UNKNOWN, "no_answer"},          {"NOTENOUGH", PAYMENT_DECLINED, "insufficient_balance"},
        {"AUTHCODEEXPIRE", PAYMENT_DECLINED, "code_expired"}, {"AUTH_CODE_INVALID", PAYMENT_DECLINED, "code_unknown"},
        {"ORDERREVERSED", PAYMENT_NOT_CHARGED, "canceled"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "result_code=FAIL;err_code=%s", rows[i].text);
        struct payment_answer answer = read_pay(&merchant, text);
        assert_int_equal(answer.result, rows[i].result);
        assert_string_equal(answer.cause, rows[i].cause);
    }
}

static void
states_of_an_order_mean_what_is_published(void **state)
{
    (void)state;
    static const struct expected rows[] = {
        {"USERPAYING", PAYMENT_PENDING, ""}, {"NOTPAY", PAYMENT_PENDING, ""},    {"CLOSED", PAYMENT_NOT_CHARGED, ""},
        {"REVOKED", PAYMENT_REVERSED, ""},   {"PAYERROR", PAYMENT_DECLINED, ""}, {"WONDERFUL", PAYMENT_UNKNOWN, ""},
        {"", PAYMENT_UNKNOWN, ""},           {"SUCCESS", PAYMENT_UNKNOWN, ""}, /* without amount and time */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[128];
        snprintf(text, sizeof text, "out_trade_no=" ORDER ";trade_state=%s", rows[i].text);
        assert_int_equal(read_query(text).result, rows[i].result);
    }
    assert_int_equal(read_query("trade_state=SUCCESS;" PAID).result, PAYMENT_APPROVED);
    assert_int_equal(read_query("result_code=FAIL;err_code=ORDERNOTEXIST").result, PAYMENT_NOT_FOUND);
    assert_int_equal(read_query("result_code=FAIL;err_code=SYSTEMERROR").result, PAYMENT_UNKNOWN);
}

static void
a_reverse_that_is_to_be_called_again_is_not_over(void **state)
{
    (void)state;
    assert_int_equal(read_reverse("recall=N").result, PAYMENT_REVERSED);
    assert_int_equal(read_reverse("recall=Y").result, PAYMENT_UNKNOWN);
    assert_int_equal(read_reverse("result_code=FAIL;err_code=SYSTEMERROR;recall=Y").result, PAYMENT_UNKNOWN);
    assert_int_equal(read_reverse("result_code=FAIL;err_code=REVERSE_EXPIRE").result, PAYMENT_CANNOT);
    assert_int_equal(read_reverse("result_code=FAIL;err_code=ORDERNOTEXIST").result, PAYMENT_NOT_FOUND);
}

static void
a_refund_is_believed_only_under_its_own_number(void **state)
{
    (void)state;
    assert_int_equal(read_refund("out_trade_no=" ORDER ";out_refund_no=" REFUND ";refund_fee=200;refund_id=5").result,
                     PAYMENT_REVERSED);
    assert_int_equal(read_refund("out_trade_no=" ORDER ";out_refund_no=1;refund_fee=200").result, PAYMENT_UNKNOWN);
    assert_int_equal(read_refund("result_code=FAIL;err_code=SYSTEMERROR").result, PAYMENT_UNKNOWN);
    assert_int_equal(read_refund("result_code=FAIL;err_code=TRADE_OVERDUE").result, PAYMENT_DECLINED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paid_order_is_approved_with_its_facts),
        cmocka_unit_test(the_request_has_what_the_network_asks_for_and_is_signed),
        cmocka_unit_test(an_institution_names_its_merchant),
        cmocka_unit_test(money_is_written_in_the_units_of_the_contract),
        cmocka_unit_test(what_cannot_be_believed_is_unknown),
        cmocka_unit_test(a_servers_error_says_nothing_about_the_money),
        cmocka_unit_test(error_codes_of_a_payment_mean_what_is_published),
        cmocka_unit_test(states_of_an_order_mean_what_is_published),
        cmocka_unit_test(a_reverse_that_is_to_be_called_again_is_not_over),
        cmocka_unit_test(a_refund_is_believed_only_under_its_own_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
