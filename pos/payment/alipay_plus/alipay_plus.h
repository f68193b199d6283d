/* Alipay+ payments with a code that the citizen shows, as a payment channel (docs/protocol/alipay-plus.md). */
#pragma once

#include "common/http/client.h"
#include "pos/payment/alipay_plus/message.h"
#include "pos/payment/alipay_plus/signature.h"

/* Everything is copied; the files are read when the channel is made. */
struct alipay_plus_options {
    const char *url;  /* "https://open-sea-global.alipay.com", without a trailing slash */
    const char *path; /* before the call's name: "/ams/api/v1/payments" */
    const char *client_id;
    unsigned key_version;
    const char *private_key_file; /* ours; PEM, mode 0600 */
    const char *network_key_file; /* the network's public key, PEM */
    const char *ca_file;          /* NULL or "": the system's */
    const struct alipay_merchant *merchant;
    unsigned start_timeout_ms;
    struct clock_source clock;
};

/* *OUT is given. STATUS_INVALID for an address that would send the code in the clear; otherwise as rsa_private_key_load
 * and http_client_create_secure. One channel, one thread. */
enum status alipay_plus_create(struct payment_channel **out, const struct alipay_plus_options *options,
                               struct error_detail *err) MUST_CHECK;
