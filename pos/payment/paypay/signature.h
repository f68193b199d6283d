/* The Authorization header of PayPay's Open Payment API. Pure. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

enum { PAYPAY_HEADER_SIZE = 512, PAYPAY_NONCE_SIZE = 40 };

struct paypay_request {
    const char *method; /* as it goes out; it is signed as written */
    const char *path;   /* without a query */
    const char *content_type;
    const void *body; /* NULL: none; then content_type means nothing */
    size_t body_length;
    const char *nonce; /* < PAYPAY_NONCE_SIZE */
    int64_t epoch_s;   /* PayPay refuses more than two minutes of difference */
};

/* "hmac OPA-Auth:KEY:MAC:NONCE:EPOCH:HASH". STATUS_OVERFLOW when the key or path is longer than any of theirs. */
enum status paypay_authorization(char out[PAYPAY_HEADER_SIZE], const char *key, const char *secret,
                                 const struct paypay_request *request, struct error_detail *err) MUST_CHECK;
