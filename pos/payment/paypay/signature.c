/* The header: a hash of content type and body, and a MAC over what the request is. */
#include "pos/payment/paypay/signature.h"

#include "common/bytes/buffer.h"
#include "common/bytes/encoding.h"
#include "common/signing/signing.h"

#include <stdio.h>
#include <string.h>

enum { SIGNED_MAX_BYTES = 64 * 1024, HASH_TEXT_SIZE = BASE64_SIZE(MD5_SIZE), MAC_TEXT_SIZE = BASE64_SIZE(SHA256_SIZE) };

static enum status
hash_body(char out[HASH_TEXT_SIZE], const struct paypay_request *request, struct error_detail *err)
{
    struct buffer signed_bytes;
    uint8_t hash[MD5_SIZE];
    buffer_init(&signed_bytes, SIGNED_MAX_BYTES);
    buffer_append_text(&signed_bytes, request->content_type);
    buffer_append(&signed_bytes, request->body, request->body_length);
    enum status status = buffer_check(&signed_bytes, err);
    if (status == STATUS_OK) {
        md5(hash, buffer_text(&signed_bytes), signed_bytes.length);
        base64_encode(out, hash, sizeof hash);
    }
    buffer_finish(&signed_bytes);
    return status;
}

enum status
paypay_authorization(char out[PAYPAY_HEADER_SIZE], const char *key, const char *secret,
                     const struct paypay_request *request, struct error_detail *err)
{
    char hash[HASH_TEXT_SIZE] = "empty";
    char mac_text[MAC_TEXT_SIZE];
    uint8_t mac[SHA256_SIZE];
    struct buffer raw;
    const bool has_body = request->body != NULL;
    enum status status = has_body ? hash_body(hash, request, err) : STATUS_OK;
    if (status != STATUS_OK) {
        return status;
    }
    buffer_init(&raw, SIGNED_MAX_BYTES);
    buffer_printf(&raw, "%s\n%s\n%s\n%lld\n%s\n%s", request->path, request->method, request->nonce,
                  (long long)request->epoch_s, has_body ? request->content_type : "empty", hash);
    status = buffer_check(&raw, err);
    if (status == STATUS_OK) {
        hmac_sha256(mac, secret, strlen(secret), buffer_text(&raw), raw.length);
        base64_encode(mac_text, mac, sizeof mac);
        const int length = snprintf(out, PAYPAY_HEADER_SIZE, "hmac OPA-Auth:%s:%s:%s:%lld:%s", key, mac_text,
                                    request->nonce, (long long)request->epoch_s, hash);
        if (length < 0 || length >= PAYPAY_HEADER_SIZE) {
            error_set(err, "too_long", "PayPay's key is too long");
            status = STATUS_OVERFLOW;
        }
    }
    buffer_finish(&raw);
    return status;
}
