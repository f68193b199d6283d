/* Any bytes as the answer of a foreign wallet. What reads as a message of WeChat Pay is written again and reads the
 * same; bytes that nobody signed are never an approval. The first byte chooses the reader. */
#include "pos/payment/alipay_plus/message.h"
#include "pos/payment/alipay_plus/signature.h"
#include "pos/payment/wechat_pay/message.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char payment[] = "01a20421-f38f-7000-a218-8dff3efc1201";

/* The key is not in any corpus. */
static const struct wechat_merchant wechat = {
    .app_id = "wx1", .merchant = "1", .key = "f0c3a91e5b7d4826a1de99047c35b8f2", .currency = "JPY", .units_per_yen = 1};
static const struct alipay_merchant alipay = {.currency = "JPY", .units_per_yen = 1};

static void
demand(bool is_true)
{
    if (!is_true) {
        abort();
    }
}

static void
try_fields(const struct buffer *body)
{
    static struct wechat_fields fields, again;
    struct buffer xml;
    if (wechat_fields_read(&fields, buffer_text(body), body->length, NULL) != STATUS_OK) {
        demand(fields.count == 0);
        return;
    }
    buffer_init(&xml, 4 * WECHAT_MESSAGE_MAX_BYTES); /* escapes are longer than what they stand for */
    demand(wechat_fields_write(&fields, &xml, NULL) == STATUS_OK);
    if (wechat_fields_read(&again, buffer_text(&xml), xml.length, NULL) == STATUS_OK) {
        demand(again.count == fields.count);
        for (size_t i = 0; i < fields.count; i++) {
            const char *name = fields.items[i].name;
            demand(strcmp(wechat_fields_get(&again, name), wechat_fields_get(&fields, name)) == 0);
        }
    } else {
        demand(xml.length > WECHAT_MESSAGE_MAX_BYTES);
    }
    buffer_finish(&xml);
}

static void
try_wechat(const struct buffer *body)
{
    struct payment_answer answer = {0};
    try_fields(body);
    wechat_pay_read(&wechat, 200, body, payment, &answer);
    demand(answer.result == PAYMENT_UNKNOWN);
    wechat_query_read(&wechat, 200, body, payment, &answer);
    demand(answer.result == PAYMENT_UNKNOWN);
    wechat_reverse_read(&wechat, 200, body, &answer);
    demand(answer.result == PAYMENT_UNKNOWN);
    wechat_refund_read(&wechat, 200, body, payment, payment, &answer);
    demand(answer.result == PAYMENT_UNKNOWN);
    wechat_refund_query_read(&wechat, 200, body, payment, payment, &answer);
    demand(answer.result == PAYMENT_UNKNOWN);
}

static void
try_alipay(const struct buffer *body)
{
    struct payment_answer answer = {0};
    alipay_pay_read(&alipay, body, payment, &answer);
    demand(answer.result != PAYMENT_APPROVED || (answer.amount_yen >= 0 && answer.accepted_at_ms != 0));
    demand(strlen(answer.acquirer_reference) < sizeof answer.acquirer_reference);
    alipay_inquiry_read(&alipay, body, payment, &answer);
    alipay_cancel_read(body, payment, &answer);
    alipay_refund_read(&alipay, body, "r-1", &answer);
    alipay_refund_inquiry_read(&alipay, body, "r-1", &answer);
}

/* A public key whose private half was thrown away. */
static const char pem[] = "-----BEGIN PUBLIC KEY-----\n"
                          "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1lCKT8qKawxFvHhTLT8\n"
                          "n/2Iihq4P9I3V+T2Xcc64VaSCXlZhAfgTKUx3Vyg9InqxshfmYgE27ZRB2h9pw+v\n"
                          "Xj9G9GsMiVuerGxHn0cgw2SRQn6+0omhAsW12tl4jQ4tU4i596Wsbld1GRGBzQ+6\n"
                          "ruK9xiwKiFjKOD7CYcmoldb6tDrOyVFAEOjXXoApgr/wONzF4M+ytOVPZb5yIFOC\n"
                          "0PhGd2KhqntXRx640rWayD6Pwbh03I4ZAatftWeEuGNoRdmOg/wCjDNxawj83Ik4\n"
                          "9kDuEygf0KSGNGySkzsWUWSMp10niqH64lsHIn5op123AqldClbMVIvKUIjW+DeD\n"
                          "WQIDAQAB\n"
                          "-----END PUBLIC KEY-----\n";

static void
try_header(const struct buffer *header)
{
    struct rsa_key *key = NULL;
    const struct alipay_signed what = {.path = "/", .client = "c", .time = "t", .body = "{}", .length = 2};
    if (rsa_public_key_read(&key, pem, strlen(pem), NULL) == STATUS_OK) {
        demand(!alipay_is_signed(key, &what, buffer_text(header)));
    }
    rsa_key_destroy(key);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer body;
    if (size == 0 || size > ALIPAY_MESSAGE_MAX_BYTES) {
        return 0;
    }
    buffer_init(&body, ALIPAY_MESSAGE_MAX_BYTES);
    buffer_append(&body, data + 1, size - 1);
    switch (data[0] % 3) {
    case 0:
        try_wechat(&body);
        break;
    case 1:
        try_alipay(&body);
        break;
    default:
        try_header(&body);
    }
    buffer_finish(&body);
    return 0;
}
