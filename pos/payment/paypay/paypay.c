/* PayPay as a channel. It makes codes; codes that citizens show are not its business, because that call is not public.
 *
 * A code whose making was not answered is in nobody's hands: it was never shown, and dies by itself. So a payment
 * without a code id has certainly taken nothing unless the details say otherwise. */
#include "pos/payment/paypay/paypay.h"

#include "common/bytes/encoding.h"
#include "common/signing/signing.h"
#include "pos/payment/json_exchange.h"
#include "pos/payment/paypay/message.h"
#include "pos/payment/paypay/signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    QUESTION_TIMEOUT_MS = 15000, /* as PayPay's pages say for details and cancel */
    REFUND_TIMEOUT_MS = 30000,
    PATH_SIZE = 160,
    SECRET_MAX = 200,
    NONCE_BYTES = 8
};

static const char content_type[] = "application/json;charset=UTF-8";

struct paypay {
    struct payment_channel channel;
    struct json_exchange exchange;
    struct clock_source clock;
    char key[SECRET_MAX];
    char secret[SECRET_MAX];
    char merchant[128]; /* the whole header line; "" none */
};

static int64_t
epoch_s(const struct paypay *self)
{
    return clock_now_ms(&self->clock) / 1000;
}

/* One signed call. STATUS_UNREACHABLE: nothing left, also when it could not be signed. */
static enum status
call(struct paypay *self, const char *method, const char *path, const struct buffer *body, unsigned timeout_ms,
     struct http_answer *answer, struct error_detail *err)
{
    char header[PAYPAY_HEADER_SIZE];
    char line[PAYPAY_HEADER_SIZE + 32];
    char nonce[2 * NONCE_BYTES + 1];
    uint8_t random[NONCE_BYTES];
    if (random_bytes(random, sizeof random, err) != STATUS_OK) {
        return STATUS_UNREACHABLE;
    }
    hex_encode(nonce, random, sizeof random);
    const struct paypay_request request = {
        .method = method,
        .path = path,
        .content_type = content_type,
        .body = body != NULL ? buffer_text(body) : NULL,
        .body_length = body != NULL ? body->length : 0,
        .nonce = nonce,
        .epoch_s = epoch_s(self),
    };
    if (paypay_authorization(header, self->key, self->secret, &request, err) != STATUS_OK) {
        return STATUS_UNREACHABLE;
    }
    snprintf(line, sizeof line, "Authorization: %s", header);
    const char *headers[] = {line, self->merchant[0] != '\0' ? self->merchant : NULL, NULL};
    const struct json_request json = {.method = method,
                                      .path = path,
                                      .headers = headers,
                                      .content_type = content_type,
                                      .body = body,
                                      .timeout_ms = timeout_ms};
    return json_exchange_call(&self->exchange, &json, answer, err);
}

/* Not public: a shop's till cannot charge a code that a PayPay user shows through this interface. Nothing leaves. */
static void
start(struct payment_channel *channel, const struct payment_request *request, struct payment_answer *out)
{
    (void)channel;
    (void)request;
    memset(out, 0, sizeof *out);
    payment_answer_set(out, PAYMENT_NOT_CHARGED, "not_possible");
}

static void
present(struct payment_channel *channel, const struct payment_request *request, struct payment_presented *out_code,
        struct payment_answer *out)
{
    struct paypay *self = (struct paypay *)channel;
    struct http_answer answer;
    struct buffer body;
    struct error_detail err;
    buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
    buffer_init(&body, NETWORK_REQUEST_MAX_BYTES);
    enum status status = paypay_code_write(request, epoch_s(self), &body, &err);
    if (status == STATUS_OK) {
        status = call(self, "POST", "/v2/codes", &body, channel->start_timeout_ms, &answer, &err);
    } else {
        status = STATUS_UNREACHABLE;
    }
    if (status == STATUS_OK) {
        paypay_code_read(answer.http_status, &answer.body, request->payment, out_code, out);
        if (out->result == PAYMENT_PENDING && out->amount_yen != request->amount_yen) {
            memset(out_code, 0, sizeof *out_code); /* a code over another amount is not shown to anybody */
            payment_answer_set(out, PAYMENT_UNKNOWN, "amount_differs");
        }
    } else if (status == STATUS_UNREACHABLE) {
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "not_reached");
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    }
    buffer_finish(&body);
    buffer_finish(&answer.body);
}

static void
inquire(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct paypay *self = (struct paypay *)channel;
    struct http_answer answer;
    struct error_detail err;
    char path[PATH_SIZE];
    memset(out, 0, sizeof *out);
    snprintf(path, sizeof path, "/v2/codes/payments/%s", payment->payment);
    buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
    const enum status status = call(self, "GET", path, NULL, QUESTION_TIMEOUT_MS, &answer, &err);
    if (status == STATUS_OK) {
        paypay_details_read(answer.http_status, &answer.body, payment->payment, out);
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, status == STATUS_UNREACHABLE ? "not_reached" : "no_answer");
    }
    buffer_finish(&answer.body);
}

/* DELETE at PATH. */
static enum paypay_outcome
delete_at(struct paypay *self, const char *path)
{
    struct http_answer answer;
    struct error_detail err;
    buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
    const enum status status = call(self, "DELETE", path, NULL, QUESTION_TIMEOUT_MS, &answer, &err);
    const enum paypay_outcome outcome =
        status == STATUS_OK ? paypay_outcome_read(answer.http_status, &answer.body) : PAYPAY_UNKNOWN;
    buffer_finish(&answer.body);
    return outcome;
}

/* Nobody has paid with our code yet, as far as PayPay said a moment ago. */
static void
void_code(struct paypay *self, const struct payment_reference *payment, struct payment_answer *out)
{
    char path[PATH_SIZE];
    if (payment->code_id[0] == '\0') {
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "never_shown");
        return;
    }
    snprintf(path, sizeof path, "/v2/codes/%s", payment->code_id);
    switch (delete_at(self, path)) {
    case PAYPAY_SUCCESS:
    case PAYPAY_NO_SUCH: /* deleted before, or dead of age */
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "canceled");
        break;
    case PAYPAY_ALREADY_PAID: /* just now: the next inquiry says so */
    case PAYPAY_DUPLICATE:
    case PAYPAY_NOT_REVERSIBLE:
    case PAYPAY_REFUSED:
    case PAYPAY_UNAUTHORIZED:
    case PAYPAY_UNKNOWN:
        payment_answer_set(out, PAYMENT_UNKNOWN, "not_cancelled");
        break;
    }
}

static void
give_back(struct paypay *self, const struct payment_reference *payment, struct payment_answer *out)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "/v2/payments/%s", payment->payment);
    const enum paypay_outcome outcome = delete_at(self, path);
    if (outcome == PAYPAY_NOT_REVERSIBLE) {
        payment_answer_set(out, PAYMENT_CANNOT, "window_closed");
        return;
    }
    /* "Accepted" is not yet "done", and a lost answer may have been a yes: the details decide. */
    inquire(&self->channel, payment, out);
    if (out->result != PAYMENT_REVERSED && out->result != PAYMENT_NOT_CHARGED) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "not_cancelled");
    }
}

static void
cancel(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct paypay *self = (struct paypay *)channel;
    inquire(channel, payment, out);
    if (out->result == PAYMENT_APPROVED) {
        give_back(self, payment, out);
    } else if (out->result == PAYMENT_PENDING || out->result == PAYMENT_NOT_FOUND) {
        void_code(self, payment, out);
    } else if (out->result == PAYMENT_DECLINED) {
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "never_charged");
    }
}

/* What became of the refund, if PayPay knows it. */
static void
ask_refund(struct paypay *self, const struct payment_refund *refund, struct payment_answer *out)
{
    struct http_answer answer;
    struct error_detail err;
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "/v2/refunds/%s", refund->refund);
    buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
    if (call(self, "GET", path, NULL, QUESTION_TIMEOUT_MS, &answer, &err) == STATUS_OK) {
        paypay_refund_read(answer.http_status, &answer.body, refund, out);
        if (out->result == PAYMENT_DECLINED && answer.http_status != 200) {
            payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer"); /* the question was refused, not the refund */
        }
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    }
    buffer_finish(&answer.body);
}

static void
begin_refund(struct paypay *self, const char *payment_id, const struct payment_refund *refund,
             struct payment_answer *out)
{
    struct http_answer answer;
    struct buffer body;
    struct error_detail err;
    buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
    buffer_init(&body, NETWORK_REQUEST_MAX_BYTES);
    payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    if (paypay_refund_write(refund, payment_id, epoch_s(self), &body, &err) == STATUS_OK &&
        call(self, "POST", "/v2/refunds", &body, REFUND_TIMEOUT_MS, &answer, &err) == STATUS_OK) {
        paypay_refund_read(answer.http_status, &answer.body, refund, out);
        if (out->result == PAYMENT_NOT_FOUND) { /* the payment, this time */
            payment_answer_set(out, PAYMENT_DECLINED, "never_charged");
        }
    }
    buffer_finish(&body);
    buffer_finish(&answer.body);
}

/* A refusal may mean that an earlier request under this reference arrived between our question and the new one: it is
 * believed only when PayPay still knows no such refund. */
static void
take_earlier_refund(struct paypay *self, const struct payment_refund *refund, struct payment_answer *out)
{
    struct payment_answer earlier = {0};
    ask_refund(self, refund, &earlier);
    if (earlier.result != PAYMENT_NOT_FOUND && earlier.result != PAYMENT_DECLINED) {
        *out = earlier;
    }
}

/* Asked first, so that a repetition never begins a second one. */
static void
refund(struct payment_channel *channel, const struct payment_reference *payment, const struct payment_refund *refund,
       struct payment_answer *out)
{
    struct paypay *self = (struct paypay *)channel;
    struct payment_answer details;
    ask_refund(self, refund, out);
    if (out->result != PAYMENT_NOT_FOUND) {
        return;
    }
    inquire(channel, payment, &details);
    if (details.acquirer_reference[0] != '\0' &&
        (details.result == PAYMENT_APPROVED || details.result == PAYMENT_REVERSED)) {
        begin_refund(self, details.acquirer_reference, refund, out);
        if (out->result == PAYMENT_DECLINED) {
            take_earlier_refund(self, refund, out);
        }
    } else if (details.result == PAYMENT_UNKNOWN || details.result == PAYMENT_PENDING) {
        *out = details;
    } else {
        payment_answer_set(out, PAYMENT_DECLINED, "never_charged");
    }
}

static void
stop(struct payment_channel *channel)
{
    (void)channel; /* making a code takes no time that a person would wait for */
}

static bool
check(struct payment_channel *channel, char reason[REASON_SIZE])
{
    struct paypay *self = (struct paypay *)channel;
    struct http_answer answer;
    struct error_detail err = {0};
    buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
    const enum status status = call(self, "GET", "/v2/codes/payments/00000000-0000-7000-8000-000000000000", NULL,
                                    QUESTION_TIMEOUT_MS, &answer, &err);
    enum paypay_outcome outcome = PAYPAY_UNKNOWN;
    if (status == STATUS_OK) {
        outcome = paypay_outcome_read(answer.http_status, &answer.body);
        error_set(&err, outcome == PAYPAY_UNAUTHORIZED ? "unauthorized" : "no_answer", "not served");
    }
    buffer_finish(&answer.body);
    reason[0] = '\0';
    if (outcome != PAYPAY_NO_SUCH) {
        json_exchange_explain(&err, "PayPay", reason);
    }
    return outcome == PAYPAY_NO_SUCH;
}

static void
destroy(struct payment_channel *channel)
{
    struct paypay *self = (struct paypay *)channel;
    json_exchange_close(&self->exchange);
    secret_wipe(self->secret, sizeof self->secret);
    free(self);
}

static const struct payment_channel_operations operations = {
    .name = "paypay",
    .start = start,
    .inquire = inquire,
    .cancel = cancel,
    .refund = refund,
    .present = present,
    .stop = stop,
    .check = check,
    .destroy = destroy,
};

enum status
paypay_create(struct payment_channel **out, const struct paypay_options *options, struct error_detail *err)
{
    struct paypay *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    self->channel = (struct payment_channel){&operations, options->timeout_ms};
    self->clock = options->clock;
    enum status status = json_exchange_open(&self->exchange, options->url, &options->security, err);
    if (status == STATUS_OK && (strlen(options->key) >= sizeof self->key ||
                                strlen(options->secret) >= sizeof self->secret || strlen(options->merchant) > 64)) {
        error_set(err, "too_long", "PayPay's key, secret or merchant is too long");
        status = STATUS_OVERFLOW;
    }
    if (status != STATUS_OK) {
        destroy(&self->channel);
        return status;
    }
    snprintf(self->key, sizeof self->key, "%s", options->key);
    snprintf(self->secret, sizeof self->secret, "%s", options->secret);
    if (options->merchant[0] != '\0') {
        snprintf(self->merchant, sizeof self->merchant, "X-ASSUME-MERCHANT: %s", options->merchant);
    }
    *out = &self->channel;
    return STATUS_OK;
}
