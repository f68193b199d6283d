/* The QR gateway over HTTP. A citizen's one-time code passes through a request body and is wiped; it is never kept. */
#include "common/http/client.h"
#include "common/signing/signing.h"
#include "pos/payment/qr_gateway_message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ANSWER_MAX_BYTES = 64 * 1024,
    REQUEST_MAX_BYTES = 8 * 1024,
    INQUIRY_TIMEOUT_MS = 10000,
    CONNECT_TIMEOUT_MS = 3000,
    URL_SIZE = 512
};

struct qr_gateway {
    struct payment_channel channel;
    struct http_client *client;
    char base_url[256];
    char authorization[256];
};

static void
set_from_failure(enum status status, struct payment_answer *out)
{
    if (status == STATUS_UNREACHABLE) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "not_reached");
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    }
}

/* One call for PAYMENT below /qr/v1/charges; SUFFIX is "", "/cancel" or "/refunds". KEY (may be NULL) makes it safe to
 * repeat. */
static enum status
call(struct qr_gateway *gateway, const char *method, const char *payment, const char *suffix, const char *key,
     const struct buffer *request, unsigned timeout_ms, struct http_answer *answer)
{
    char url[URL_SIZE];
    char key_line[96];
    bool is_charge = strcmp(method, "POST") == 0 && suffix[0] == '\0';
    snprintf(url, sizeof url, "%s/qr/v1/charges%s%s%s", gateway->base_url, is_charge ? "" : "/",
             is_charge ? "" : payment, suffix);
    snprintf(key_line, sizeof key_line, "Idempotency-Key: %s", key != NULL ? key : "");
    const char *headers[] = {gateway->authorization, "Content-Type: application/json", key != NULL ? key_line : NULL,
                             NULL};
    const struct http_call http = {
        .method = method,
        .url = url,
        .headers = headers,
        .body = request != NULL ? buffer_text(request) : NULL,
        .body_length = request != NULL ? request->length : 0,
        .connect_timeout_ms = CONNECT_TIMEOUT_MS,
        .timeout_ms = timeout_ms,
    };
    struct error_detail ignored; /* the sentence for the clerk is ours */
    return http_client_call(gateway->client, &http, answer, &ignored);
}

static void
start(struct payment_channel *channel, const struct payment_request *request, struct payment_answer *out)
{
    struct qr_gateway *gateway = (struct qr_gateway *)channel;
    struct http_answer answer;
    struct buffer body;
    memset(out, 0, sizeof *out);
    buffer_init(&answer.body, ANSWER_MAX_BYTES);
    buffer_init(&body, REQUEST_MAX_BYTES);
    buffer_reserve(&body, REQUEST_MAX_BYTES); /* the citizen's code, in one place to be wiped */
    if (qr_charge_write(request, &body, NULL) != STATUS_OK) {
        payment_answer_set(out, PAYMENT_DECLINED, "code_unknown");
    } else {
        enum status status =
            call(gateway, "POST", request->payment, "", request->payment, &body, channel->start_timeout_ms, &answer);
        if (status == STATUS_OK) {
            qr_charge_read(answer.http_status, &answer.body, request->payment, out);
        } else if (status == STATUS_UNREACHABLE) {
            payment_answer_set(out, PAYMENT_NOT_CHARGED, "not_reached");
        } else {
            set_from_failure(status, out);
        }
        if (request->code != NULL && strstr(out->acquirer_reference, request->code) != NULL) {
            out->acquirer_reference[0] = '\0'; /* the citizen's code is not kept under another name either */
        }
        if (out->result == PAYMENT_NOT_FOUND) { /* no answer to a charge */
            payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
        }
    }
    if (body.data != NULL) {
        secret_wipe(body.data, body.capacity);
    }
    buffer_finish(&body);
    buffer_finish(&answer.body);
}

static void
inquire(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct qr_gateway *gateway = (struct qr_gateway *)channel;
    struct http_answer answer;
    memset(out, 0, sizeof *out);
    buffer_init(&answer.body, ANSWER_MAX_BYTES);
    enum status status = call(gateway, "GET", payment->payment, "", NULL, NULL, INQUIRY_TIMEOUT_MS, &answer);
    if (status == STATUS_OK) {
        qr_charge_read(answer.http_status, &answer.body, payment->payment, out);
        /* An inquiry that is refused (credentials, form) says nothing about the money. */
        bool is_refused = answer.http_status >= 400 && out->result == PAYMENT_DECLINED;
        if (is_refused) {
            out->result = PAYMENT_UNKNOWN;
        }
    } else {
        set_from_failure(status, out);
    }
    buffer_finish(&answer.body);
}

static void
cancel(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct qr_gateway *gateway = (struct qr_gateway *)channel;
    struct http_answer answer;
    struct buffer body;
    memset(out, 0, sizeof *out);
    buffer_init(&answer.body, ANSWER_MAX_BYTES);
    buffer_init(&body, REQUEST_MAX_BYTES);
    buffer_append_text(&body, "{\"reason\":\"merchant_cancel\"}");
    enum status status = call(gateway, "POST", payment->payment, "/cancel", NULL, &body, INQUIRY_TIMEOUT_MS, &answer);
    if (status == STATUS_OK) {
        qr_cancel_read(answer.http_status, &answer.body, payment->payment, out);
    } else {
        set_from_failure(status, out);
    }
    buffer_finish(&body);
    buffer_finish(&answer.body);
}

static void
refund(struct payment_channel *channel, const struct payment_reference *payment, const struct payment_refund *refund,
       struct payment_answer *out)
{
    struct qr_gateway *gateway = (struct qr_gateway *)channel;
    struct http_answer answer;
    struct buffer body;
    struct json_writer writer;
    memset(out, 0, sizeof *out);
    buffer_init(&answer.body, ANSWER_MAX_BYTES);
    buffer_init(&body, REQUEST_MAX_BYTES);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_text(&writer, "refund_reference", refund->refund);
    json_int(&writer, "amount", refund->amount_yen);
    json_end_object(&writer);
    enum status status = json_finish(&writer, NULL);
    if (status == STATUS_OK) {
        status =
            call(gateway, "POST", payment->payment, "/refunds", refund->refund, &body, INQUIRY_TIMEOUT_MS, &answer);
    }
    if (status == STATUS_OK) {
        qr_refund_read(answer.http_status, &answer.body, refund, out);
    } else {
        set_from_failure(status, out);
    }
    buffer_finish(&body);
    buffer_finish(&answer.body);
}

/* A charge on its way cannot be called back by closing the connection: it would only become unknown. */
static void
stop(struct payment_channel *channel)
{
    (void)channel;
}

static bool
check(struct payment_channel *channel, char reason[REASON_SIZE])
{
    struct payment_answer answer;
    static const struct payment_reference nobodys = {.payment = "00000000-0000-7000-8000-000000000000"};
    inquire(channel, &nobodys, &answer);
    if (answer.result == PAYMENT_NOT_FOUND) {
        reason[0] = '\0';
        return true;
    }
    snprintf(reason, REASON_SIZE, "コード決済の接続先につながりません。");
    return false;
}

static void
destroy(struct payment_channel *channel)
{
    struct qr_gateway *gateway = (struct qr_gateway *)channel;
    http_client_destroy(gateway->client);
    secret_wipe(gateway->authorization, sizeof gateway->authorization);
    free(gateway);
}

static const struct payment_channel_operations operations = {
    .name = "qr-gateway",
    .start = start,
    .inquire = inquire,
    .cancel = cancel,
    .refund = refund,
    .stop = stop,
    .check = check,
    .destroy = destroy,
};

enum status
qr_gateway_create(struct payment_channel **out, const char *base_url, const char *secret, unsigned start_timeout_ms,
                  struct error_detail *err)
{
    struct qr_gateway *gateway = calloc(1, sizeof *gateway);
    if (gateway == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = http_client_create(&gateway->client, err);
    if (status == STATUS_OK &&
        (strlen(base_url) >= sizeof gateway->base_url || strlen(secret) > sizeof gateway->authorization - 32)) {
        error_set(err, "too_long", "the gateway's address or secret is too long");
        status = STATUS_OVERFLOW;
    }
    if (status != STATUS_OK) {
        http_client_destroy(gateway->client);
        free(gateway);
        return status;
    }
    gateway->channel.operations = &operations;
    gateway->channel.start_timeout_ms = start_timeout_ms;
    snprintf(gateway->base_url, sizeof gateway->base_url, "%s", base_url);
    snprintf(gateway->authorization, sizeof gateway->authorization, "Authorization: Bearer %s", secret);
    *out = &gateway->channel;
    return STATUS_OK;
}
