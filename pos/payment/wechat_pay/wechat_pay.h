/* WeChat Pay's quick pay, v2, as a payment channel (docs/protocol/wechat-pay.md). */
#pragma once

#include "common/http/client.h"
#include "pos/payment/wechat_pay/message.h"

/* Everything is copied; the files are looked at when the channel is made. */
struct wechat_pay_options {
    const char *url; /* "https://apihk.mch.weixin.qq.com", without a trailing slash */
    const struct wechat_merchant *merchant;
    struct http_security
        security; /* certificate and key are required: a payment that cannot be reversed is not begun */
    unsigned start_timeout_ms;
    struct clock_source clock;
};

/* *OUT is given. STATUS_INVALID for an address that would send the code in the clear, and without a certificate;
 * otherwise as http_client_create_secure. One channel, one thread. */
enum status wechat_pay_create(struct payment_channel **out, const struct wechat_pay_options *options,
                              struct error_detail *err) MUST_CHECK;
