/* What we ask. */
#include "pos/payment/wechat_pay/message.h"

#include "common/signing/signing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void
wechat_order(char out[WECHAT_ORDER_SIZE], const char *payment)
{
    size_t used = 0;
    for (const char *at = payment; *at != '\0' && used < WECHAT_ORDER_SIZE - 1; at++) {
        if (*at != '-') {
            out[used++] = *at;
        }
    }
    out[used] = '\0';
}

static void
begin(struct wechat_fields *fields, const struct wechat_merchant *merchant, const char *payment, const char *nonce)
{
    char order[WECHAT_ORDER_SIZE];
    wechat_order(order, payment);
    wechat_fields_init(fields);
    wechat_fields_set(fields, "appid", merchant->app_id);
    wechat_fields_set(fields, "mch_id", merchant->merchant);
    if (merchant->sub_merchant[0] != '\0') {
        wechat_fields_set(fields, "sub_mch_id", merchant->sub_merchant);
    }
    if (merchant->sub_app_id[0] != '\0') {
        wechat_fields_set(fields, "sub_appid", merchant->sub_app_id);
    }
    wechat_fields_set(fields, "nonce_str", nonce);
    wechat_fields_set(fields, "out_trade_no", order);
    wechat_fields_set(fields, "sign_type", wechat_sign_type_word(merchant->sign_type));
}

static void
set_money(struct wechat_fields *fields, const struct wechat_merchant *merchant, const char *name, int64_t yen)
{
    char number[24];
    snprintf(number, sizeof number, "%" PRId64, yen * merchant->units_per_yen); /* ≤ 9,999,999 yen and 100 units */
    wechat_fields_set(fields, name, number);
}

static enum status
sign_and_write(struct wechat_fields *fields, const struct wechat_merchant *merchant, struct buffer *out,
               struct error_detail *err)
{
    char sign[WECHAT_SIGN_SIZE];
    enum status status = wechat_fields_sign(fields, merchant->key, merchant->sign_type, sign, err);
    if (status == STATUS_OK) {
        wechat_fields_set(fields, "sign", sign);
        status = wechat_fields_write(fields, out, err);
    }
    wechat_fields_wipe(fields);
    return status;
}

enum status
wechat_pay_write(const struct wechat_merchant *merchant, const struct payment_request *request, const char *nonce,
                 struct buffer *out, struct error_detail *err)
{
    struct wechat_fields fields;
    begin(&fields, merchant, request->payment, nonce);
    wechat_fields_set(&fields, "body", merchant->description);
    wechat_fields_set(&fields, "device_info", request->terminal);
    wechat_fields_set(&fields, "spbill_create_ip", merchant->address);
    wechat_fields_set(&fields, "fee_type", merchant->currency);
    set_money(&fields, merchant, "total_fee", request->amount_yen);
    wechat_fields_set(&fields, "auth_code", request->code != NULL ? request->code : "");
    return sign_and_write(&fields, merchant, out, err);
}

enum status
wechat_order_write(const struct wechat_merchant *merchant, const char *payment, const char *nonce, struct buffer *out,
                   struct error_detail *err)
{
    struct wechat_fields fields;
    begin(&fields, merchant, payment, nonce);
    return sign_and_write(&fields, merchant, out, err);
}

enum status
wechat_refund_write(const struct wechat_merchant *merchant, const char *payment, int64_t payment_yen,
                    const char *refund, int64_t refund_yen, const char *nonce, struct buffer *out,
                    struct error_detail *err)
{
    struct wechat_fields fields;
    char number[WECHAT_ORDER_SIZE];
    wechat_order(number, refund);
    begin(&fields, merchant, payment, nonce);
    wechat_fields_set(&fields, "out_refund_no", number);
    wechat_fields_set(&fields, "refund_fee_type", merchant->currency);
    set_money(&fields, merchant, "total_fee", payment_yen);
    set_money(&fields, merchant, "refund_fee", refund_yen);
    return sign_and_write(&fields, merchant, out, err);
}

enum status
wechat_refund_query_write(const struct wechat_merchant *merchant, const char *payment, const char *refund,
                          const char *nonce, struct buffer *out, struct error_detail *err)
{
    struct wechat_fields fields;
    char number[WECHAT_ORDER_SIZE];
    wechat_order(number, refund);
    begin(&fields, merchant, payment, nonce);
    wechat_fields_set(&fields, "out_refund_no", number);
    return sign_and_write(&fields, merchant, out, err);
}
