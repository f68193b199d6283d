/* Alipay+ over HTTPS. What may be asked when is not decided here: pos/payment/brand_timing_table.c.
 *
 * The one idea: an answer is read only after its signature has been verified over exactly the bytes that came, under
 * the path that was asked. */
#include "pos/payment/alipay_plus/alipay_plus.h"

#include "common/signing/signing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    QUESTION_TIMEOUT_MS = 10000,
    CONNECT_TIMEOUT_MS = 3000,
    URL_MAX = 200,
    PATH_MAX_BYTES = 100,
    CLIENT_MAX = 64,
    TIME_SIZE = 64,
    HTTP_OK = 200,
    /* A payer's code is used once and lives a minute or so: a request that comes later can take nothing any more. */
    REQUEST_LIFE_MS = 2 * 60 * 1000,
};

struct alipay_plus {
    struct payment_channel channel;
    struct http_client *client;
    struct rsa_key *private_key;
    struct rsa_key *network_key;
    unsigned key_version;
    struct alipay_merchant merchant;
    struct clock_source clock;
    char url[URL_MAX + 1];
    char path[PATH_MAX_BYTES + 1];
    char client_id[CLIENT_MAX + 1];
};

/* The headers of an answer that its signature needs. */
struct answered {
    struct http_answer http;
    char client[CLIENT_MAX + 1];
    char time[TIME_SIZE];
    char signature[ALIPAY_SIGNATURE_SIZE];
};

static void
answered_init(struct answered *answer)
{
    memset(answer, 0, sizeof *answer);
    buffer_init(&answer->http.body, ALIPAY_MESSAGE_MAX_BYTES);
}

static enum status
send_signed(struct alipay_plus *self, const char *path, const char *time, const char *signature,
            const struct buffer *body, unsigned timeout_ms, struct answered *answer)
{
    char url[URL_MAX + PATH_MAX_BYTES + 64];
    char client_header[CLIENT_MAX + 32];
    char time_header[TIME_SIZE + 32];
    char signature_header[ALIPAY_SIGNATURE_SIZE + 32];
    struct error_detail ignored; /* the sentence for the clerk is ours */
    snprintf(url, sizeof url, "%s%s", self->url, path);
    snprintf(client_header, sizeof client_header, "Client-Id: %s", self->client_id);
    snprintf(time_header, sizeof time_header, "Request-Time: %s", time);
    snprintf(signature_header, sizeof signature_header, "Signature: %s", signature);
    const char *headers[] = {"Content-Type: application/json; charset=UTF-8", client_header, time_header,
                             signature_header, NULL};
    const struct http_wanted wanted[] = {
        {"Client-Id", answer->client, sizeof answer->client},
        {"Response-Time", answer->time, sizeof answer->time},
        {"Signature", answer->signature, sizeof answer->signature},
    };
    const struct http_call http = {
        .method = "POST",
        .url = url,
        .headers = headers,
        .body = buffer_text(body),
        .body_length = body->length,
        .connect_timeout_ms = CONNECT_TIMEOUT_MS,
        .timeout_ms = timeout_ms,
        .wanted = wanted,
        .wanted_count = sizeof wanted / sizeof wanted[0],
    };
    return http_client_call(self->client, &http, &answer->http, &ignored);
}

static bool
is_believable(const struct alipay_plus *self, const char *path, const struct answered *answer)
{
    const struct alipay_signed what = {.path = path,
                                       .client = self->client_id,
                                       .time = answer->time,
                                       .body = buffer_text(&answer->http.body),
                                       .length = answer->http.body.length};
    const bool is_for_us = answer->client[0] == '\0' || strcmp(answer->client, self->client_id) == 0;
    return answer->http.http_status == HTTP_OK && is_for_us &&
           alipay_is_signed(self->network_key, &what, answer->signature);
}

/* Ask CALL with BODY. STATUS_OK: ANSWER's body is the network's. STATUS_UNREACHABLE: nothing was sent.
 * STATUS_UNKNOWN_OUTCOME: no answer. STATUS_INVALID: one that cannot be believed. */
static enum status
call(struct alipay_plus *self, const char *name, const struct buffer *body, unsigned timeout_ms,
     struct answered *answer)
{
    char path[PATH_MAX_BYTES + 32];
    char time[INSTANT_TEXT_SIZE];
    char signature[ALIPAY_SIGNATURE_SIZE];
    snprintf(path, sizeof path, "%s/%s", self->path, name);
    instant_format(time, clock_now_ms(&self->clock));
    const struct alipay_signed what = {
        .path = path, .client = self->client_id, .time = time, .body = buffer_text(body), .length = body->length};
    if (alipay_sign(self->private_key, self->key_version, &what, signature, NULL) != STATUS_OK) {
        return STATUS_UNREACHABLE;
    }
    const enum status status = send_signed(self, path, time, signature, body, timeout_ms, answer);
    return status == STATUS_OK && !is_believable(self, path, answer) ? STATUS_INVALID : status;
}

static void
set_from_failure(enum status status, struct payment_answer *out)
{
    payment_answer_set(out, PAYMENT_UNKNOWN,
                       status == STATUS_UNREACHABLE ? "not_reached"
                       : status == STATUS_INVALID   ? "garbled_answer"
                                                    : "no_answer");
}

static void
start(struct payment_channel *channel, const struct payment_request *request, struct payment_answer *out)
{
    struct alipay_plus *self = (struct alipay_plus *)channel;
    struct answered answer;
    struct buffer body;
    memset(out, 0, sizeof *out);
    answered_init(&answer);
    buffer_init(&body, ALIPAY_MESSAGE_MAX_BYTES);
    buffer_reserve(&body, ALIPAY_MESSAGE_MAX_BYTES); /* the citizen's code, in one place to be wiped */
    if (alipay_pay_write(&self->merchant, request, &body, NULL) != STATUS_OK) {
        payment_answer_set(out, PAYMENT_DECLINED, "code_unknown");
    } else {
        const enum status status = call(self, "pay", &body, channel->start_timeout_ms, &answer);
        if (status == STATUS_OK) {
            alipay_pay_read(&self->merchant, &answer.http.body, request->payment, out);
        } else if (status == STATUS_UNREACHABLE) {
            payment_answer_set(out, PAYMENT_NOT_CHARGED, "not_reached");
        } else {
            set_from_failure(status, out);
        }
        if (request->code != NULL && strstr(out->acquirer_reference, request->code) != NULL) {
            out->acquirer_reference[0] = '\0'; /* the citizen's code is not kept under another name either */
        }
    }
    if (body.data != NULL) {
        secret_wipe(body.data, body.capacity);
    }
    buffer_finish(&body);
    buffer_finish(&answer.http.body);
}

static void
ask(struct alipay_plus *self, const char *payment, struct payment_answer *out)
{
    struct answered answer;
    struct buffer body;
    memset(out, 0, sizeof *out);
    payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    answered_init(&answer);
    buffer_init(&body, ALIPAY_MESSAGE_MAX_BYTES);
    if (alipay_key_write(payment, &body, NULL) == STATUS_OK) {
        const enum status status = call(self, "inquiryPayment", &body, QUESTION_TIMEOUT_MS, &answer);
        if (status == STATUS_OK) {
            alipay_inquiry_read(&self->merchant, &answer.http.body, payment, out);
        } else {
            set_from_failure(status, out);
        }
    }
    buffer_finish(&body);
    buffer_finish(&answer.http.body);
}

static void
inquire(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    ask((struct alipay_plus *)channel, payment->payment, out);
}

static void
undo(struct alipay_plus *self, const char *payment, struct payment_answer *out)
{
    struct answered answer;
    struct buffer body;
    memset(out, 0, sizeof *out);
    payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    answered_init(&answer);
    buffer_init(&body, ALIPAY_MESSAGE_MAX_BYTES);
    if (alipay_key_write(payment, &body, NULL) == STATUS_OK) {
        const enum status status = call(self, "cancel", &body, QUESTION_TIMEOUT_MS, &answer);
        if (status == STATUS_OK) {
            alipay_cancel_read(&answer.http.body, payment, out);
        } else {
            set_from_failure(status, out);
        }
    }
    buffer_finish(&body);
    buffer_finish(&answer.http.body);
}

/* As in wechat_pay.c: a cancel does not say whether anything had been paid, so the payment is asked about first. */
static void
cancel(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct alipay_plus *self = (struct alipay_plus *)channel;
    struct payment_answer undone;
    ask(self, payment->payment, out);
    if (out->result == PAYMENT_REVERSED || out->result == PAYMENT_NOT_CHARGED || out->result == PAYMENT_UNKNOWN) {
        return; /* over already, or nobody answers: another time */
    }
    undo(self, payment->payment, &undone);
    if (undone.result == PAYMENT_REVERSED && out->result == PAYMENT_APPROVED) {
        payment_answer_set(out, PAYMENT_REVERSED, "");
    } else if (undone.result == PAYMENT_REVERSED) {
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "canceled");
    } else if (undone.result == PAYMENT_NOT_FOUND) {
        const bool is_dead = clock_now_ms(&self->clock) - payment->started_ms >= REQUEST_LIFE_MS;
        payment_answer_set(out, is_dead ? PAYMENT_NOT_CHARGED : PAYMENT_UNKNOWN,
                           is_dead ? "never_charged" : "not_cancelled");
    } else if (out->result != PAYMENT_DECLINED || undone.result != PAYMENT_CANNOT) {
        *out = undone;
    }
}

static void
ask_refund(struct alipay_plus *self, const struct payment_refund *refund, struct payment_answer *out)
{
    struct answered answer;
    struct buffer body;
    memset(out, 0, sizeof *out);
    payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    answered_init(&answer);
    buffer_init(&body, ALIPAY_MESSAGE_MAX_BYTES);
    if (alipay_refund_key_write(refund->refund, &body, NULL) == STATUS_OK) {
        const enum status status = call(self, "inquiryRefund", &body, QUESTION_TIMEOUT_MS, &answer);
        if (status == STATUS_OK) {
            alipay_refund_inquiry_read(&self->merchant, &answer.http.body, refund->refund, out);
        } else {
            set_from_failure(status, out);
        }
    }
    buffer_finish(&body);
    buffer_finish(&answer.http.body);
}

/* The network refunds by its own id of the payment, which the journal keeps as a text for people only: it is asked for.
 */
static void
begin_refund(struct alipay_plus *self, const struct payment_reference *payment, const struct payment_refund *refund,
             struct payment_answer *out)
{
    struct payment_answer paid;
    struct answered answer;
    struct buffer body;
    ask(self, payment->payment, &paid);
    memset(out, 0, sizeof *out);
    if (paid.result != PAYMENT_APPROVED) {
        const bool is_known =
            paid.result == PAYMENT_REVERSED || paid.result == PAYMENT_NOT_CHARGED || paid.result == PAYMENT_DECLINED;
        payment_answer_set(out, is_known ? PAYMENT_DECLINED : PAYMENT_UNKNOWN, is_known ? "refused" : paid.cause);
        return;
    }
    payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    answered_init(&answer);
    buffer_init(&body, ALIPAY_MESSAGE_MAX_BYTES);
    if (alipay_refund_write(&self->merchant, paid.acquirer_reference, refund->refund, refund->amount_yen,
                            refund->reason, &body, NULL) == STATUS_OK) {
        const enum status status = call(self, "refund", &body, QUESTION_TIMEOUT_MS, &answer);
        if (status == STATUS_OK) {
            alipay_refund_read(&self->merchant, &answer.http.body, refund->refund, out);
        } else {
            set_from_failure(status, out);
        }
    }
    buffer_finish(&body);
    buffer_finish(&answer.http.body);
}

/* As in wechat_pay.c: a refusal is believed only when the network knows no such refund. */
static void
refund(struct payment_channel *channel, const struct payment_reference *payment, const struct payment_refund *refund,
       struct payment_answer *out)
{
    struct alipay_plus *self = (struct alipay_plus *)channel;
    begin_refund(self, payment, refund, out);
    if (out->result == PAYMENT_DECLINED) {
        struct payment_answer known;
        ask_refund(self, refund, &known);
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
    ask((struct alipay_plus *)channel, "00000000-0000-7000-8000-000000000000", &answer);
    if (answer.result == PAYMENT_NOT_FOUND) {
        reason[0] = '\0';
        return true;
    }
    snprintf(reason, REASON_SIZE, "Alipay+につながりません。ほかの方法は使えます。");
    return false;
}

static void
destroy(struct payment_channel *channel)
{
    struct alipay_plus *self = (struct alipay_plus *)channel;
    http_client_destroy(self->client);
    rsa_key_destroy(self->private_key);
    rsa_key_destroy(self->network_key);
    free(self);
}

static const struct payment_channel_operations operations = {
    .name = "alipay-plus",
    .start = start,
    .inquire = inquire,
    .cancel = cancel,
    .refund = refund,
    .stop = stop,
    .check = check,
    .destroy = destroy,
};

static enum status
check_options(const struct alipay_plus_options *options, struct error_detail *err)
{
    if (!http_url_keeps_secrets(options->url) || strlen(options->url) > URL_MAX) {
        error_set(err, "config_value", "[alipay_plus] url = %s: https is needed, of at most %d characters",
                  options->url, URL_MAX);
        return STATUS_INVALID;
    }
    if (options->path[0] != '/' || strlen(options->path) > PATH_MAX_BYTES || options->client_id[0] == '\0' ||
        strlen(options->client_id) > CLIENT_MAX) {
        error_set(err, "config_value", "[alipay_plus] path begins with a slash; client_id has 1 to %d characters",
                  CLIENT_MAX);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
alipay_plus_create(struct payment_channel **out, const struct alipay_plus_options *options, struct error_detail *err)
{
    const struct http_security security = {.ca_file = options->ca_file};
    enum status status = check_options(options, err);
    struct alipay_plus *self = status == STATUS_OK ? calloc(1, sizeof *self) : NULL;
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
    self->key_version = options->key_version;
    snprintf(self->url, sizeof self->url, "%s", options->url);
    snprintf(self->path, sizeof self->path, "%s", options->path);
    snprintf(self->client_id, sizeof self->client_id, "%s", options->client_id);
    status = rsa_private_key_load(&self->private_key, options->private_key_file, err);
    if (status == STATUS_OK) {
        status = rsa_public_key_load(&self->network_key, options->network_key_file, err);
    }
    if (status == STATUS_OK) {
        status = http_client_create_secure(&self->client, &security, err);
    }
    if (status != STATUS_OK) {
        destroy(&self->channel);
        return status;
    }
    *out = &self->channel;
    return STATUS_OK;
}
