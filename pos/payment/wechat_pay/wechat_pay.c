/* WeChat Pay over HTTPS. What may be asked when is not decided here: pos/payment/brand_timing_table.c.
 *
 * A reverse does not say whether anything had been paid, so the order is asked about first; and an order that nobody
 * answers for is not reversed in the dark, but asked about again. */
#include "pos/payment/wechat_pay/wechat_pay.h"

#include "common/bytes/encoding.h"
#include "common/signing/signing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    QUESTION_TIMEOUT_MS = 10000,
    REVERSE_TIMEOUT_MS = 15000, /* the network calls the payer's bank */
    CONNECT_TIMEOUT_MS = 3000,
    URL_MAX = 200,
    /* A payer's code lives one minute: a payment request that comes later than this can take nothing any more. */
    REQUEST_LIFE_MS = 2 * 60 * 1000,
};

struct wechat_pay {
    struct payment_channel channel;
    struct http_client *open_client;   /* payments and questions */
    struct http_client *proven_client; /* with our certificate: money going back */
    struct wechat_merchant merchant;
    struct clock_source clock;
    char url[URL_MAX + 1];
};

static bool
make_nonce(char out[WECHAT_NONCE_SIZE])
{
    uint8_t bytes[(WECHAT_NONCE_SIZE - 1) / 2];
    if (random_bytes(bytes, sizeof bytes, NULL) != STATUS_OK) {
        return false;
    }
    hex_encode(out, bytes, sizeof bytes);
    return true;
}

static enum status
call(struct wechat_pay *self, struct http_client *client, const char *path, const struct buffer *body,
     unsigned timeout_ms, struct http_answer *answer)
{
    char url[URL_MAX + 64];
    static const char *const headers[] = {"Content-Type: text/xml; charset=utf-8", NULL};
    snprintf(url, sizeof url, "%s%s", self->url, path);
    const struct http_call http = {
        .method = "POST",
        .url = url,
        .headers = headers,
        .body = buffer_text(body),
        .body_length = body->length,
        .connect_timeout_ms = CONNECT_TIMEOUT_MS,
        .timeout_ms = timeout_ms,
    };
    struct error_detail ignored; /* the sentence for the clerk is ours */
    return http_client_call(client, &http, answer, &ignored);
}

static void
set_from_failure(enum status status, struct payment_answer *out)
{
    payment_answer_set(out, PAYMENT_UNKNOWN, status == STATUS_UNREACHABLE ? "not_reached" : "no_answer");
}

static void
wipe(struct buffer *body)
{
    if (body->data != NULL) {
        secret_wipe(body->data, body->capacity);
    }
    buffer_finish(body);
}

static void
start(struct payment_channel *channel, const struct payment_request *request, struct payment_answer *out)
{
    struct wechat_pay *self = (struct wechat_pay *)channel;
    char nonce[WECHAT_NONCE_SIZE];
    struct http_answer answer;
    struct buffer body;
    memset(out, 0, sizeof *out);
    buffer_init(&answer.body, WECHAT_MESSAGE_MAX_BYTES);
    buffer_init(&body, WECHAT_MESSAGE_MAX_BYTES);
    buffer_reserve(&body, WECHAT_MESSAGE_MAX_BYTES); /* the citizen's code, in one place to be wiped */
    if (!make_nonce(nonce)) {
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "not_reached");
    } else if (wechat_pay_write(&self->merchant, request, nonce, &body, NULL) != STATUS_OK) {
        payment_answer_set(out, PAYMENT_DECLINED, "code_unknown");
    } else {
        const enum status status =
            call(self, self->open_client, "/pay/micropay", &body, channel->start_timeout_ms, &answer);
        if (status == STATUS_OK) {
            wechat_pay_read(&self->merchant, answer.http_status, &answer.body, request->payment, out);
        } else if (status == STATUS_UNREACHABLE) {
            payment_answer_set(out, PAYMENT_NOT_CHARGED, "not_reached");
        } else {
            set_from_failure(status, out);
        }
        if (request->code != NULL && strstr(out->acquirer_reference, request->code) != NULL) {
            out->acquirer_reference[0] = '\0'; /* the citizen's code is not kept under another name either */
        }
    }
    wipe(&body);
    buffer_finish(&answer.body);
}

static void
ask(struct wechat_pay *self, const char *payment, struct payment_answer *out)
{
    char nonce[WECHAT_NONCE_SIZE];
    struct http_answer answer;
    struct buffer body;
    memset(out, 0, sizeof *out);
    payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    buffer_init(&answer.body, WECHAT_MESSAGE_MAX_BYTES);
    buffer_init(&body, WECHAT_MESSAGE_MAX_BYTES);
    if (make_nonce(nonce) && wechat_order_write(&self->merchant, payment, nonce, &body, NULL) == STATUS_OK) {
        const enum status status =
            call(self, self->open_client, "/pay/orderquery", &body, QUESTION_TIMEOUT_MS, &answer);
        if (status == STATUS_OK) {
            wechat_query_read(&self->merchant, answer.http_status, &answer.body, payment, out);
        } else {
            set_from_failure(status, out);
        }
    }
    wipe(&body);
    buffer_finish(&answer.body);
}

static void
inquire(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    ask((struct wechat_pay *)channel, payment->payment, out);
}

static void
reverse(struct wechat_pay *self, const char *payment, struct payment_answer *out)
{
    char nonce[WECHAT_NONCE_SIZE];
    struct http_answer answer;
    struct buffer body;
    memset(out, 0, sizeof *out);
    payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    buffer_init(&answer.body, WECHAT_MESSAGE_MAX_BYTES);
    buffer_init(&body, WECHAT_MESSAGE_MAX_BYTES);
    if (make_nonce(nonce) && wechat_order_write(&self->merchant, payment, nonce, &body, NULL) == STATUS_OK) {
        const enum status status =
            call(self, self->proven_client, "/secapi/pay/reverse", &body, REVERSE_TIMEOUT_MS, &answer);
        if (status == STATUS_OK) {
            wechat_reverse_read(&self->merchant, answer.http_status, &answer.body, out);
        } else {
            set_from_failure(status, out);
        }
    }
    wipe(&body);
    buffer_finish(&answer.body);
}

static void
cancel(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct wechat_pay *self = (struct wechat_pay *)channel;
    struct payment_answer reversed;
    ask(self, payment->payment, out);
    if (out->result == PAYMENT_REVERSED || out->result == PAYMENT_NOT_CHARGED || out->result == PAYMENT_UNKNOWN) {
        return; /* over already, or nobody answers: another time */
    }
    reverse(self, payment->payment, &reversed);
    if (reversed.result == PAYMENT_REVERSED && out->result == PAYMENT_APPROVED) {
        payment_answer_set(out, PAYMENT_REVERSED, "");
    } else if (reversed.result == PAYMENT_REVERSED) {
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "canceled");
    } else if (reversed.result == PAYMENT_NOT_FOUND) {
        /* Nothing was closed, so a request that is still on its way would be served: wait until its code is dead. */
        const bool is_dead = clock_now_ms(&self->clock) - payment->started_ms >= REQUEST_LIFE_MS;
        payment_answer_set(out, is_dead ? PAYMENT_NOT_CHARGED : PAYMENT_UNKNOWN,
                           is_dead ? "never_charged" : "not_cancelled");
    } else if (out->result != PAYMENT_DECLINED || reversed.result != PAYMENT_CANNOT) {
        *out = reversed;
    }
}

static void
ask_refund(struct wechat_pay *self, const char *payment, const struct payment_refund *refund,
           struct payment_answer *out)
{
    char nonce[WECHAT_NONCE_SIZE];
    struct http_answer answer;
    struct buffer body;
    memset(out, 0, sizeof *out);
    payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    buffer_init(&answer.body, WECHAT_MESSAGE_MAX_BYTES);
    buffer_init(&body, WECHAT_MESSAGE_MAX_BYTES);
    if (make_nonce(nonce) &&
        wechat_refund_query_write(&self->merchant, payment, refund->refund, nonce, &body, NULL) == STATUS_OK) {
        const enum status status =
            call(self, self->open_client, "/pay/refundquery", &body, QUESTION_TIMEOUT_MS, &answer);
        if (status == STATUS_OK) {
            wechat_refund_query_read(&self->merchant, answer.http_status, &answer.body, payment, refund->refund, out);
        } else {
            set_from_failure(status, out);
        }
    }
    wipe(&body);
    buffer_finish(&answer.body);
}

static void
begin_refund(struct wechat_pay *self, const struct payment_reference *payment, const struct payment_refund *refund,
             struct payment_answer *out)
{
    char nonce[WECHAT_NONCE_SIZE];
    struct http_answer answer;
    struct buffer body;
    memset(out, 0, sizeof *out);
    payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    buffer_init(&answer.body, WECHAT_MESSAGE_MAX_BYTES);
    buffer_init(&body, WECHAT_MESSAGE_MAX_BYTES);
    if (make_nonce(nonce) && wechat_refund_write(&self->merchant, payment->payment, payment->amount_yen, refund->refund,
                                                 refund->amount_yen, nonce, &body, NULL) == STATUS_OK) {
        const enum status status =
            call(self, self->proven_client, "/secapi/pay/refund", &body, REVERSE_TIMEOUT_MS, &answer);
        if (status == STATUS_OK) {
            wechat_refund_read(&self->merchant, answer.http_status, &answer.body, payment->payment, refund->refund,
                               out);
        } else {
            set_from_failure(status, out);
        }
    }
    wipe(&body);
    buffer_finish(&answer.body);
}

/* A refusal may be of the repetition of a refund that was made: it is believed only when the network knows no such
 * refund. */
static void
refund(struct payment_channel *channel, const struct payment_reference *payment, const struct payment_refund *refund,
       struct payment_answer *out)
{
    struct wechat_pay *self = (struct wechat_pay *)channel;
    begin_refund(self, payment, refund, out);
    if (out->result == PAYMENT_DECLINED) {
        struct payment_answer known;
        ask_refund(self, payment->payment, refund, &known);
        if (known.result != PAYMENT_NOT_FOUND) {
            *out = known;
        }
    }
    if (out->result == PAYMENT_REVERSED && out->amount_yen != refund->amount_yen) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
    }
}

/* A payment on its way cannot be called back by closing the connection: it would only become unknown. */
static void
stop(struct payment_channel *channel)
{
    (void)channel;
}

static bool
check(struct payment_channel *channel, char reason[REASON_SIZE])
{
    struct payment_answer answer;
    ask((struct wechat_pay *)channel, "00000000-0000-7000-8000-000000000000", &answer);
    if (answer.result == PAYMENT_NOT_FOUND) {
        reason[0] = '\0';
        return true;
    }
    snprintf(reason, REASON_SIZE, "WeChat Payにつながりません。ほかの方法は使えます。");
    return false;
}

static void
destroy(struct payment_channel *channel)
{
    struct wechat_pay *self = (struct wechat_pay *)channel;
    http_client_destroy(self->open_client);
    http_client_destroy(self->proven_client);
    secret_wipe(&self->merchant, sizeof self->merchant);
    free(self);
}

static const struct payment_channel_operations operations = {
    .name = "wechat-pay",
    .start = start,
    .inquire = inquire,
    .cancel = cancel,
    .refund = refund,
    .stop = stop,
    .check = check,
    .destroy = destroy,
};

static enum status
check_options(const struct wechat_pay_options *options, struct error_detail *err)
{
    const struct http_security *security = &options->security;
    if (!http_url_keeps_secrets(options->url) || strlen(options->url) > URL_MAX) {
        error_set(err, "config_value", "[wechat_pay] url = %s: https is needed, of at most %d characters", options->url,
                  URL_MAX);
        return STATUS_INVALID;
    }
    if (security->certificate_file == NULL || security->certificate_file[0] == '\0' || security->key_file == NULL ||
        security->key_file[0] == '\0') {
        error_set(err, "config_value", "[wechat_pay] certificate_file and certificate_key_file are needed to reverse");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
wechat_pay_create(struct payment_channel **out, const struct wechat_pay_options *options, struct error_detail *err)
{
    const struct http_security unproven = {.ca_file = options->security.ca_file};
    enum status status = check_options(options, err);
    struct wechat_pay *self = status == STATUS_OK ? calloc(1, sizeof *self) : NULL;
    if (self == NULL) {
        if (status == STATUS_OK) {
            error_set(err, "no_memory", "out of memory");
            status = STATUS_NO_MEMORY;
        }
        return status;
    }
    self->channel.operations = &operations;
    self->channel.start_timeout_ms = options->start_timeout_ms;
    self->merchant = *options->merchant;
    self->clock = options->clock;
    snprintf(self->url, sizeof self->url, "%s", options->url);
    status = http_client_create_secure(&self->open_client, &unproven, err);
    if (status == STATUS_OK) {
        status = http_client_create_secure(&self->proven_client, &options->security, err);
    }
    if (status != STATUS_OK) {
        destroy(&self->channel);
        return status;
    }
    *out = &self->channel;
    return STATUS_OK;
}
