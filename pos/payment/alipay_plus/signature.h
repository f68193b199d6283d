/* The signature that both sides of an Alipay+ call carry in a header: RSA-SHA256 over "POST path\nclient.time.body". */
#pragma once

#include "common/bytes/buffer.h"
#include "common/signing/rsa.h"

enum {
    ALIPAY_MESSAGE_MAX_BYTES = 64 * 1024,
    ALIPAY_SIGNATURE_SIZE =
        2300 /* Base64 of 4,096 bits is 684 characters, each at most 3 as percent escape, and words */
};

/* What is signed. Texts are borrowed. */
struct alipay_signed {
    const char *path;   /* "/ams/api/v1/payments/pay" */
    const char *client; /* Client-Id */
    const char *time;   /* Request-Time or Response-Time, as the header says it */
    const void *body;
    size_t length;
};

/* "algorithm=RSA256,keyVersion=1,signature=…" with the private KEY. */
enum status alipay_sign(const struct rsa_key *key, unsigned key_version, const struct alipay_signed *what,
                        char out[ALIPAY_SIGNATURE_SIZE], struct error_detail *err) MUST_CHECK;

/* Whether HEADER, the value of a Signature header, is that of the holder of the public KEY. */
bool alipay_is_signed(const struct rsa_key *key, const struct alipay_signed *what, const char *header);
