/* PayPay, directly: codes of ours that the citizen scans (docs/protocol/paypay.md). */
#pragma once

#include "common/http/client.h"
#include "pos/payment/channel.h"

struct paypay_options {
    const char *url; /* "https://api.paypay.ne.jp" */
    const char *key;
    const char *secret;
    const char *merchant; /* the merchant's id; "": the key's own */
    struct http_security security;
    unsigned timeout_ms; /* for a code to be made; PayPay asks for 30 s and more */
    struct clock_source clock;
};

/* Copies everything. STATUS_REFUSED for an address that would go in the clear. */
enum status
paypay_create(struct payment_channel **out, const struct paypay_options *options, struct error_detail *err) MUST_CHECK;
