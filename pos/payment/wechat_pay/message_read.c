/* What we are told. The tables below are the whole of what an error code or a state may mean; whatever stands in none
 * of them is not known, and is asked about again. */
#include "pos/payment/wechat_pay/message.h"

#include "common/clock/civil.h"
#include "common/log/log.h"

#include <stdio.h>
#include <string.h>

enum { BEIJING_MINUTES = 8 * 60, HTTP_OK = 200 };

struct meaning {
    const char *word;
    enum payment_result result;
    const char *cause;
};

/* err_code of micropay: pay.weixin.qq.com/doc/v2/merchant/4011937125. A code of an order that was made before (paid,
 * used) says nothing about this request's fate: that order is asked about. */
static const struct meaning pay_errors[] = {
    {"USERPAYING", PAYMENT_PENDING, "pending"},
    {"SYSTEMERROR", PAYMENT_UNKNOWN, "no_answer"},
    {"BANKERROR", PAYMENT_UNKNOWN, "no_answer"},
    {"ORDERPAID", PAYMENT_UNKNOWN, "no_answer"},
    {"OUT_TRADE_NO_USED", PAYMENT_UNKNOWN, "no_answer"},
    {"INVALID_REQUEST", PAYMENT_UNKNOWN, "no_answer"},
    {"NOTENOUGH", PAYMENT_DECLINED, "insufficient_balance"},
    {"AUTHCODEEXPIRE", PAYMENT_DECLINED, "code_expired"},
    {"AUTH_CODE_ERROR", PAYMENT_DECLINED, "code_unknown"},
    {"AUTH_CODE_INVALID", PAYMENT_DECLINED, "code_unknown"},
    {"NOTSUPORTCARD", PAYMENT_DECLINED, "brand_unavailable"},
    {"NOAUTH", PAYMENT_DECLINED, "brand_unavailable"},
    {"TRADE_ERROR", PAYMENT_DECLINED, "refused"},
    {"BUYER_MISMATCH", PAYMENT_DECLINED, "refused"},
    {"ORDERCLOSED", PAYMENT_NOT_CHARGED, "canceled"},
    {"ORDERREVERSED", PAYMENT_NOT_CHARGED, "canceled"},
    {"PARAM_ERROR", PAYMENT_DECLINED, "refused_request"},
    {"LACK_PARAMS", PAYMENT_DECLINED, "refused_request"},
    {"SIGNERROR", PAYMENT_DECLINED, "unauthorized"},
    {"APPID_NOT_EXIST", PAYMENT_DECLINED, "unauthorized"},
    {"MCHID_NOT_EXIST", PAYMENT_DECLINED, "unauthorized"},
    {"APPID_MCHID_NOT_MATCH", PAYMENT_DECLINED, "unauthorized"},
};

/* trade_state of orderquery. REFUND: it was paid, and somebody gave some of it back elsewhere, which the statement will
 * show; NOTPAY: made, not paid. */
static const struct meaning trade_states[] = {
    {"SUCCESS", PAYMENT_APPROVED, ""},           {"REFUND", PAYMENT_APPROVED, ""},
    {"USERPAYING", PAYMENT_PENDING, "pending"},  {"NOTPAY", PAYMENT_PENDING, "pending"},
    {"ACCEPT", PAYMENT_PENDING, "pending"},      {"PAYERROR", PAYMENT_DECLINED, "refused"},
    {"CLOSED", PAYMENT_NOT_CHARGED, "canceled"}, {"REVOKED", PAYMENT_REVERSED, "canceled"},
};

static const struct meaning query_errors[] = {
    {"ORDERNOTEXIST", PAYMENT_NOT_FOUND, "not_found"},
};

static const struct meaning reverse_errors[] = {
    {"REVERSE_EXPIRE", PAYMENT_CANNOT, "window_closed"},
    {"TRADE_ERROR", PAYMENT_CANNOT, "refused"},
    {"ORDERNOTEXIST", PAYMENT_NOT_FOUND, "not_found"},
};

static const struct meaning refund_errors[] = {
    {"TRADE_OVERDUE", PAYMENT_DECLINED, "window_closed"},
    {"NOTENOUGH", PAYMENT_DECLINED, "refused"}, /* the merchant's own balance */
    {"USER_ACCOUNT_ABNORMAL", PAYMENT_DECLINED, "refused"},
    {"ORDERNOTEXIST", PAYMENT_DECLINED, "refused"},
    {"TRADE_STATE_ERROR", PAYMENT_DECLINED, "refused"},
    {"REFUND_FEE_MISMATCH", PAYMENT_DECLINED, "refused"},
    {"PARAM_ERROR", PAYMENT_DECLINED, "refused_request"},
};

static const struct meaning refund_query_errors[] = {
    {"REFUNDNOTEXIST", PAYMENT_NOT_FOUND, "not_found"},
    {"ORDERNOTEXIST", PAYMENT_NOT_FOUND, "not_found"},
};

/* refund_status of refundquery. PROCESSING: taken on, as the answer to a refund says it. CHANGE: it did not reach the
 * payer, and people have to look at it. */
static const struct meaning refund_states[] = {
    {"SUCCESS", PAYMENT_REVERSED, ""},
    {"PROCESSING", PAYMENT_REVERSED, ""},
    {"REFUNDCLOSE", PAYMENT_DECLINED, "refused"},
    {"CHANGE", PAYMENT_DECLINED, "refused"},
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void
set_by(const struct meaning *table, size_t count, const char *word, struct payment_answer *out)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table[i].word, word) == 0) {
            payment_answer_set(out, table[i].result, table[i].cause);
            return;
        }
    }
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
}

/* Whether the answer is the network's, to this merchant. */
static bool
read_believable(const struct wechat_merchant *merchant, unsigned http_status, const struct buffer *body,
                struct wechat_fields *fields)
{
    return http_status == HTTP_OK && wechat_fields_read(fields, buffer_text(body), body->length, NULL) == STATUS_OK &&
           strcmp(wechat_fields_get(fields, "return_code"), "SUCCESS") == 0 &&
           wechat_fields_are_signed(fields, merchant->key, merchant->sign_type) &&
           strcmp(wechat_fields_get(fields, "appid"), merchant->app_id) == 0 &&
           strcmp(wechat_fields_get(fields, "mch_id"), merchant->merchant) == 0;
}

static bool
is_success(const struct wechat_fields *fields)
{
    return strcmp(wechat_fields_get(fields, "result_code"), "SUCCESS") == 0;
}

static bool
names_order(const struct wechat_fields *fields, const char *payment)
{
    char order[WECHAT_ORDER_SIZE];
    wechat_order(order, payment);
    return strcmp(wechat_fields_get(fields, "out_trade_no"), order) == 0;
}

/* Digits only, at most ten: the yen they stand for. */
static bool
read_money(const struct wechat_merchant *merchant, const char *text, int64_t *out_yen)
{
    int64_t units = 0;
    const size_t length = strlen(text);
    if (length == 0 || length > 10 || strspn(text, "0123456789") != length) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        units = units * 10 + (text[i] - '0');
    }
    *out_yen = units / merchant->units_per_yen;
    return units % merchant->units_per_yen == 0;
}

/* "20261122100311", the time in Beijing. */
static bool
read_time(const char *text, int64_t *out_ms)
{
    char instant[32];
    if (strlen(text) != 14 || strspn(text, "0123456789") != 14) {
        return false;
    }
    snprintf(instant, sizeof instant, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s+%02d:00", text, text + 4, text + 6, text + 8,
             text + 10, text + 12, BEIJING_MINUTES / 60);
    return instant_parse(out_ms, instant, strlen(instant)) == STATUS_OK;
}

/* Of a paid order: who, how much, when. False when that is not said as it should be. */
static bool
read_facts(const struct wechat_merchant *merchant, const struct wechat_fields *fields, struct payment_answer *out)
{
    const char *number = wechat_fields_get(fields, "transaction_id");
    const char *currency = wechat_fields_get(fields, "fee_type");
    const bool is_currency = strcmp(currency, merchant->currency) == 0;
    if (strlen(number) < sizeof out->acquirer_reference && !card_number_is_present(number, strlen(number))) {
        snprintf(out->acquirer_reference, sizeof out->acquirer_reference, "%s", number);
    }
    snprintf(out->brand, sizeof out->brand, "wechat_pay");
    return is_currency && number[0] != '\0' &&
           read_money(merchant, wechat_fields_get(fields, "total_fee"), &out->amount_yen) &&
           read_time(wechat_fields_get(fields, "time_end"), &out->accepted_at_ms);
}

void
wechat_pay_read(const struct wechat_merchant *merchant, unsigned http_status, const struct buffer *body,
                const char *payment, struct payment_answer *out)
{
    struct wechat_fields fields;
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    if (!read_believable(merchant, http_status, body, &fields)) {
        return;
    }
    if (!is_success(&fields)) {
        set_by(pay_errors, COUNT(pay_errors), wechat_fields_get(&fields, "err_code"), out);
    } else if (names_order(&fields, payment) && read_facts(merchant, &fields, out)) {
        payment_answer_set(out, PAYMENT_APPROVED, "");
    }
}

void
wechat_query_read(const struct wechat_merchant *merchant, unsigned http_status, const struct buffer *body,
                  const char *payment, struct payment_answer *out)
{
    struct wechat_fields fields;
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    if (!read_believable(merchant, http_status, body, &fields)) {
        return;
    }
    if (!is_success(&fields)) {
        set_by(query_errors, COUNT(query_errors), wechat_fields_get(&fields, "err_code"), out);
        return;
    }
    if (!names_order(&fields, payment)) {
        return;
    }
    set_by(trade_states, COUNT(trade_states), wechat_fields_get(&fields, "trade_state"), out);
    if (out->result == PAYMENT_APPROVED && !read_facts(merchant, &fields, out)) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    }
}

void
wechat_reverse_read(const struct wechat_merchant *merchant, unsigned http_status, const struct buffer *body,
                    struct payment_answer *out)
{
    struct wechat_fields fields;
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    if (!read_believable(merchant, http_status, body, &fields)) {
        return;
    }
    /* recall = Y: call it again. */
    if (is_success(&fields) && strcmp(wechat_fields_get(&fields, "recall"), "Y") != 0) {
        payment_answer_set(out, PAYMENT_REVERSED, "");
    } else if (is_success(&fields)) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "not_cancelled");
    } else {
        set_by(reverse_errors, COUNT(reverse_errors), wechat_fields_get(&fields, "err_code"), out);
    }
}

/* Where a currency is named it is ours: not every answer names one. */
static bool
is_in_our_currency(const struct wechat_merchant *merchant, const struct wechat_fields *fields)
{
    static const char *const names[] = {"fee_type", "refund_fee_type"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *currency = wechat_fields_get(fields, names[i]);
        if (currency[0] != '\0' && strcmp(currency, merchant->currency) != 0) {
            return false;
        }
    }
    return true;
}

void
wechat_refund_read(const struct wechat_merchant *merchant, unsigned http_status, const struct buffer *body,
                   const char *payment, const char *refund, struct payment_answer *out)
{
    struct wechat_fields fields;
    char number[WECHAT_ORDER_SIZE];
    wechat_order(number, refund);
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    if (!read_believable(merchant, http_status, body, &fields)) {
        return;
    }
    if (!is_success(&fields)) {
        set_by(refund_errors, COUNT(refund_errors), wechat_fields_get(&fields, "err_code"), out);
        return;
    }
    const bool is_ours = names_order(&fields, payment) && is_in_our_currency(merchant, &fields) &&
                         strcmp(wechat_fields_get(&fields, "out_refund_no"), number) == 0 &&
                         read_money(merchant, wechat_fields_get(&fields, "refund_fee"), &out->amount_yen);
    if (is_ours) {
        snprintf(out->acquirer_reference, sizeof out->acquirer_reference, "%s",
                 wechat_fields_get(&fields, "refund_id"));
        payment_answer_set(out, PAYMENT_REVERSED, "");
    }
}

void
wechat_refund_query_read(const struct wechat_merchant *merchant, unsigned http_status, const struct buffer *body,
                         const char *payment, const char *refund, struct payment_answer *out)
{
    enum { SHOWN_MAX = 10, MEMBER_SIZE = 24 }; /* an answer shows so many refunds of an order */
    struct wechat_fields fields;
    char number[WECHAT_ORDER_SIZE];
    wechat_order(number, refund);
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    if (!read_believable(merchant, http_status, body, &fields)) {
        return;
    }
    if (!is_success(&fields)) {
        set_by(refund_query_errors, COUNT(refund_query_errors), wechat_fields_get(&fields, "err_code"), out);
        return;
    }
    for (unsigned i = 0; i < SHOWN_MAX && names_order(&fields, payment); i++) {
        char name[MEMBER_SIZE];
        char fee[MEMBER_SIZE];
        char state[MEMBER_SIZE];
        snprintf(name, sizeof name, "out_refund_no_%u", i);
        snprintf(fee, sizeof fee, "refund_fee_%u", i);
        snprintf(state, sizeof state, "refund_status_%u", i);
        if (strcmp(wechat_fields_get(&fields, name), number) == 0 && is_in_our_currency(merchant, &fields) &&
            read_money(merchant, wechat_fields_get(&fields, fee), &out->amount_yen)) {
            set_by(refund_states, COUNT(refund_states), wechat_fields_get(&fields, state), out);
            return;
        }
    }
}
