/* The aggregator as a channel.
 *
 * A payment is two calls: the scanned code becomes a token, which moves nothing and tells the brand; the token is
 * charged, under the payment's id as Idempotency-Key. Until the second has left, nothing can have been taken. Our id
 * stands in the charge's metadata too, because a charge is found again by it alone when the answer was lost.
 *
 * A payment that the list does not know may still be on its way. It is made impossible by spending its key: a charge
 * under the same key with a token that does not exist. Whichever of the two arrives first is the key's only body. */
#include "pos/payment/aggregator/aggregator.h"

#include "common/signing/signing.h"
#include "pos/payment/aggregator/message.h"
#include "pos/payment/json_exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    QUESTION_TIMEOUT_MS = 10000,
    CREDENTIAL_SIZE = 2100,
    PATH_SIZE = 320,
    FOLLOW_ROUNDS =
        5 /* how often a cancel or refund that is still running is asked about before it is left for later */
};

static const char nobodys_token[] = "00000000-0000-0000-0000-000000000000";

struct aggregator {
    struct payment_channel channel;
    struct json_exchange exchange;
    struct clock_source clock;
    char authorization[CREDENTIAL_SIZE];
    char store[AGGREGATOR_ID_SIZE];
};

/* One call. KEY (may be NULL) makes it safe to repeat; BODY may be NULL. */
static enum status
call(struct aggregator *self, const char *method, const char *path, const char *key, const struct buffer *body,
     unsigned timeout_ms, struct http_answer *answer)
{
    char key_line[160];
    struct error_detail ignored; /* the sentence for the clerk is ours */
    snprintf(key_line, sizeof key_line, "Idempotency-Key: %s", key != NULL ? key : "");
    const char *headers[] = {self->authorization, key != NULL ? key_line : NULL, NULL};
    const struct json_request request = {.method = method,
                                         .path = path,
                                         .headers = headers,
                                         .content_type = "application/json",
                                         .body = body,
                                         .timeout_ms = timeout_ms};
    return json_exchange_call(&self->exchange, &request, answer, &ignored);
}

static void
set_unanswered(enum status status, struct payment_answer *out)
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

static unsigned
time_left(const struct aggregator *self, int64_t until_ms)
{
    const int64_t left = until_ms - clock_monotonic_ms(&self->clock);
    return left > 1 ? (unsigned)left : 1;
}

/* The first call. False with the reason in OUT when there is no token to charge. */
static bool
take_token(struct aggregator *self, const struct payment_request *request, unsigned timeout_ms,
           struct aggregator_token *token, struct payment_answer *out)
{
    struct http_answer answer;
    struct buffer body;
    bool is_taken = false;
    buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
    buffer_init(&body, NETWORK_REQUEST_MAX_BYTES);
    if (request->code == NULL || aggregator_token_write(request->code, &body, NULL) != STATUS_OK) {
        payment_answer_set(out, PAYMENT_DECLINED, "code_unknown");
    } else {
        const enum status status = call(self, "POST", "/tokens", NULL, &body, timeout_ms, &answer);
        if (status == STATUS_OK) {
            is_taken = aggregator_token_read(answer.http_status, &answer.body, token, out);
        } else { /* no charge was asked, so none was made */
            payment_answer_set(out, PAYMENT_NOT_CHARGED, status == STATUS_UNREACHABLE ? "not_reached" : "no_answer");
        }
    }
    wipe(&body);
    wipe(&answer.body); /* it may repeat the code */
    if (is_taken && request->brand[0] != '\0' && strcmp(token->brand, request->brand) != 0) {
        payment_answer_set(out, PAYMENT_DECLINED, token->brand[0] != '\0' ? "other_brand" : "code_unknown");
        return false;
    }
    if (is_taken && token->brand[0] == '\0') {
        payment_answer_set(out, PAYMENT_DECLINED, "code_unknown"); /* a sale must say by which brand it was paid */
        return false;
    }
    return is_taken;
}

/* Ask about a charge that is pending, until it is decided or the time is up; the aggregator keeps the question open. */
static void
follow_charge(struct aggregator *self, const char *payment, int64_t until_ms, struct aggregator_charge *charge)
{
    char path[PATH_SIZE];
    while (charge->answer.result == PAYMENT_PENDING && time_left(self, until_ms) > 1) {
        struct http_answer answer;
        const int64_t asked_ms = clock_monotonic_ms(&self->clock);
        snprintf(path, sizeof path, "/stores/%s/charges/%s?polling=true", self->store, charge->id);
        buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
        const enum status status = call(self, "GET", path, NULL, NULL, time_left(self, until_ms), &answer);
        struct aggregator_charge told = {.answer = {.result = PAYMENT_UNKNOWN}};
        if (status == STATUS_OK) {
            aggregator_charge_read(answer.http_status, &answer.body, payment, &told);
        }
        buffer_finish(&answer.body);
        const bool is_told = told.answer.result == PAYMENT_APPROVED || told.answer.result == PAYMENT_PENDING ||
                             told.answer.result == PAYMENT_REVERSED || told.answer.result == PAYMENT_NOT_CHARGED ||
                             (told.answer.result == PAYMENT_DECLINED && told.id[0] != '\0');
        if (is_told) {
            *charge = told;
        }
        /* An answer that came at once and decided nothing would make us ask in a circle: the till goes on by its own
         * rhythm. */
        if (!is_told || clock_monotonic_ms(&self->clock) - asked_ms < 100) {
            return;
        }
    }
}

static void
start(struct payment_channel *channel, const struct payment_request *request, struct payment_answer *out)
{
    struct aggregator *self = (struct aggregator *)channel;
    const int64_t until_ms = clock_monotonic_ms(&self->clock) + channel->start_timeout_ms;
    struct aggregator_token token;
    struct aggregator_charge charge = {0};
    struct http_answer answer;
    struct buffer body;
    memset(out, 0, sizeof *out);
    if (!take_token(self, request, channel->start_timeout_ms, &token, out)) {
        return;
    }
    buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
    buffer_init(&body, NETWORK_REQUEST_MAX_BYTES);
    enum status status =
        aggregator_charge_write(request->payment, token.id, token.brand, request->amount_yen, &body, NULL);
    if (status == STATUS_OK) {
        status = call(self, "POST", "/charges", request->payment, &body, time_left(self, until_ms), &answer);
    } else {
        status = STATUS_UNREACHABLE; /* it was not even written */
    }
    if (status == STATUS_OK) {
        aggregator_charge_read(answer.http_status, &answer.body, request->payment, &charge);
        follow_charge(self, request->payment, until_ms, &charge);
        *out = charge.answer;
    } else if (status == STATUS_UNREACHABLE) {
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "not_reached");
    } else {
        set_unanswered(status, out);
    }
    buffer_finish(&body);
    buffer_finish(&answer.body);
}

/* The charge under PAYMENT as the aggregator's list has it. */
static void
look_up(struct aggregator *self, const char *payment, struct aggregator_charge *out)
{
    struct http_answer answer;
    char path[PATH_SIZE];
    *out = (struct aggregator_charge){0};
    snprintf(path, sizeof path, "/stores/%s/charges?limit=10&metadata=merchant_reference:%s", self->store, payment);
    buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
    const enum status status = call(self, "GET", path, NULL, NULL, QUESTION_TIMEOUT_MS, &answer);
    if (status == STATUS_OK) {
        aggregator_list_read(answer.http_status, &answer.body, payment, out);
        if (answer.http_status == 401 || answer.http_status == 403) {
            payment_answer_set(&out->answer, PAYMENT_UNKNOWN, "unauthorized");
        }
    } else {
        set_unanswered(status, &out->answer);
    }
    buffer_finish(&answer.body);
}

static void
inquire(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct aggregator_charge charge;
    look_up((struct aggregator *)channel, payment->payment, &charge);
    *out = charge.answer;
}

/* A cancel, or with REFUND the refund, of CHARGE. */
struct undoing {
    const char *path; /* of its kind, below the charge */
    const char *charge;
    const struct payment_refund *refund; /* NULL: a cancel */
};

static enum aggregator_progress
read_undoing(const struct undoing *what, const struct http_answer *answer, char out_id[AGGREGATOR_ID_SIZE])
{
    return what->refund != NULL
               ? aggregator_refund_read(answer->http_status, &answer->body, what->charge, what->refund, out_id)
               : aggregator_progress_read(answer->http_status, &answer->body, out_id);
}

/* While it is running, ask about the one with the ID. */
static enum aggregator_progress
follow(struct aggregator *self, const struct undoing *what, enum aggregator_progress progress, const char *id)
{
    struct http_answer answer;
    char ignored[AGGREGATOR_ID_SIZE];
    char path[PATH_SIZE + AGGREGATOR_ID_SIZE + 16];
    snprintf(path, sizeof path, "%s/%s?polling=true", what->path, id);
    buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
    for (int round = 0; round < FOLLOW_ROUNDS && progress == AGGREGATOR_RUNNING; round++) {
        progress = AGGREGATOR_NOT_ANSWERED;
        if (call(self, "GET", path, NULL, NULL, QUESTION_TIMEOUT_MS, &answer) == STATUS_OK &&
            answer.http_status == 200) { /* a refused question refuses nothing else */
            progress = read_undoing(what, &answer, ignored);
        }
    }
    buffer_finish(&answer.body);
    return progress;
}

/* POST under KEY, and follow what was begun by its id. */
static enum aggregator_progress
begin_and_follow(struct aggregator *self, const struct undoing *what, const char *key, const struct buffer *body)
{
    struct http_answer answer;
    char id[AGGREGATOR_ID_SIZE] = "";
    enum aggregator_progress progress = AGGREGATOR_NOT_ANSWERED;
    buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
    if (call(self, "POST", what->path, key, body, QUESTION_TIMEOUT_MS, &answer) == STATUS_OK) {
        progress = read_undoing(what, &answer, id);
    }
    buffer_finish(&answer.body);
    return follow(self, what, progress, id);
}

/* Nobody knows PAYMENT: make sure that nothing is taken under it when it arrives. */
static void
spend_key(struct aggregator *self, const struct payment_reference *payment, struct payment_answer *out)
{
    struct http_answer answer;
    struct buffer body;
    buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
    buffer_init(&body, NETWORK_REQUEST_MAX_BYTES);
    payment_answer_set(out, PAYMENT_UNKNOWN, "not_cancelled");
    if (aggregator_charge_write(payment->payment, nobodys_token, payment->brand, payment->amount_yen, &body, NULL) ==
            STATUS_OK &&
        call(self, "POST", "/charges", payment->payment, &body, QUESTION_TIMEOUT_MS, &answer) == STATUS_OK &&
        aggregator_key_is_spent(answer.http_status, &answer.body)) {
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "never_charged");
    }
    buffer_finish(&body);
    buffer_finish(&answer.body);
}

static void
cancel_charge(struct aggregator *self, const struct payment_reference *payment, struct aggregator_charge *charge)
{
    struct buffer body;
    char path[PATH_SIZE];
    char key[IDENTITY_TEXT_SIZE + 8];
    buffer_init(&body, NETWORK_REQUEST_MAX_BYTES);
    snprintf(path, sizeof path, "/stores/%s/charges/%s/cancels", self->store, charge->id);
    snprintf(key, sizeof key, "cancel-%s", payment->payment);
    enum aggregator_progress progress = AGGREGATOR_NOT_ANSWERED;
    const struct undoing cancelling = {.path = path, .charge = charge->id};
    if (aggregator_cancel_write(payment->payment, &body, NULL) == STATUS_OK) {
        progress = begin_and_follow(self, &cancelling, key, &body);
    }
    buffer_finish(&body);
    if (progress == AGGREGATOR_REFUSED) {
        payment_answer_set(&charge->answer, PAYMENT_CANNOT, "window_closed");
    } else {
        /* Whether something had been taken by then, the charge itself says. */
        look_up(self, payment->payment, charge);
        if (charge->answer.result == PAYMENT_APPROVED || charge->answer.result == PAYMENT_PENDING ||
            charge->answer.result == PAYMENT_NOT_FOUND) {
            payment_answer_set(&charge->answer, PAYMENT_UNKNOWN, "not_cancelled");
        }
    }
}

static void
cancel(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct aggregator *self = (struct aggregator *)channel;
    struct aggregator_charge charge;
    look_up(self, payment->payment, &charge);
    const enum payment_result stands = charge.answer.result;
    if (stands == PAYMENT_NOT_FOUND) {
        spend_key(self, payment, &charge.answer);
    } else if ((stands == PAYMENT_APPROVED || stands == PAYMENT_PENDING || stands == PAYMENT_UNKNOWN) &&
               charge.id[0] != '\0') {
        cancel_charge(self, payment, &charge);
    }
    *out = charge.answer;
    if (out->result == PAYMENT_DECLINED) {
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "never_charged");
    }
}

/* The refund as the charge's list has it: AGGREGATOR_NONE only when the list was told whole and does not hold it. */
static enum aggregator_progress
ask_refund(struct aggregator *self, const struct undoing *what)
{
    struct http_answer answer;
    char id[AGGREGATOR_ID_SIZE] = "";
    char path[2 * PATH_SIZE];
    enum aggregator_progress progress = AGGREGATOR_NOT_ANSWERED;
    snprintf(path, sizeof path, "%s?limit=50&metadata=merchant_reference:%s", what->path, what->refund->refund);
    buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
    if (call(self, "GET", path, NULL, NULL, QUESTION_TIMEOUT_MS, &answer) == STATUS_OK) {
        progress = aggregator_refund_list_read(answer.http_status, &answer.body, what->charge, what->refund, id);
    }
    buffer_finish(&answer.body);
    return follow(self, what, progress, id);
}

/* A refusal may be of the repetition of a refund that was made: it is believed only when there is still no such refund.
 */
static enum aggregator_progress
begin_refund(struct aggregator *self, const struct undoing *what)
{
    struct buffer body;
    enum aggregator_progress progress = AGGREGATOR_NOT_ANSWERED;
    buffer_init(&body, NETWORK_REQUEST_MAX_BYTES);
    if (aggregator_refund_write(what->refund, &body, NULL) == STATUS_OK) {
        progress = begin_and_follow(self, what, what->refund->refund, &body);
    }
    buffer_finish(&body);
    if (progress == AGGREGATOR_REFUSED) {
        const enum aggregator_progress listed = ask_refund(self, what);
        progress = listed == AGGREGATOR_NONE ? AGGREGATOR_REFUSED : listed;
    }
    return progress;
}

static void
tell_refund(enum aggregator_progress progress, const struct payment_refund *refund, struct payment_answer *out)
{
    memset(out, 0, sizeof *out);
    if (progress == AGGREGATOR_DONE) {
        out->amount_yen = refund->amount_yen;
        payment_answer_set(out, PAYMENT_REVERSED, "refunded");
    } else if (progress == AGGREGATOR_REFUSED) {
        payment_answer_set(out, PAYMENT_DECLINED, "refund_exceeds");
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    }
}

/* Asked about first: a key is forgotten after a while, and a till may be off for longer. */
static void
refund(struct payment_channel *channel, const struct payment_reference *payment, const struct payment_refund *refund,
       struct payment_answer *out)
{
    struct aggregator *self = (struct aggregator *)channel;
    struct aggregator_charge charge;
    char path[PATH_SIZE];
    look_up(self, payment->payment, &charge);
    if (charge.id[0] == '\0') {
        /* Also when it denies a charge that it confirmed once: a refund of it may have been made, and is not denied. */
        payment_answer_set(out, PAYMENT_UNKNOWN, charge.answer.cause);
        return;
    }
    snprintf(path, sizeof path, "/stores/%s/charges/%s/refunds", self->store, charge.id);
    const struct undoing what = {.path = path, .charge = charge.id, .refund = refund};
    const enum payment_result stands = charge.answer.result;
    const enum aggregator_progress listed = ask_refund(self, &what);
    if (listed != AGGREGATOR_NONE) {
        tell_refund(listed, refund, out);
    } else if (stands == PAYMENT_APPROVED) {
        tell_refund(begin_refund(self, &what), refund, out);
    } else {
        const bool is_open = stands == PAYMENT_UNKNOWN || stands == PAYMENT_PENDING;
        payment_answer_set(out, is_open ? PAYMENT_UNKNOWN : PAYMENT_DECLINED, is_open ? "no_answer" : "never_charged");
    }
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
    struct aggregator *self = (struct aggregator *)channel;
    struct http_answer answer;
    struct error_detail err = {0};
    char path[PATH_SIZE];
    const char *const headers[] = {self->authorization, NULL};
    snprintf(path, sizeof path, "/stores/%s/charges?limit=1&metadata=merchant_reference:%s", self->store,
             nobodys_token);
    const struct json_request request = {
        .method = "GET", .path = path, .headers = headers, .timeout_ms = QUESTION_TIMEOUT_MS};
    buffer_init(&answer.body, NETWORK_ANSWER_MAX_BYTES);
    const enum status status = json_exchange_call(&self->exchange, &request, &answer, &err);
    const bool is_ready = status == STATUS_OK && answer.http_status == 200;
    if (status == STATUS_OK && (answer.http_status == 401 || answer.http_status == 403)) {
        error_set(&err, "unauthorized", "the aggregator refuses the credential");
    }
    buffer_finish(&answer.body);
    reason[0] = '\0';
    if (!is_ready) {
        json_exchange_explain(&err, "コード決済", reason);
    }
    return is_ready;
}

static void
destroy(struct payment_channel *channel)
{
    struct aggregator *self = (struct aggregator *)channel;
    json_exchange_close(&self->exchange);
    secret_wipe(self->authorization, sizeof self->authorization);
    free(self);
}

static const struct payment_channel_operations operations = {
    .name = "aggregator",
    .start = start,
    .inquire = inquire,
    .cancel = cancel,
    .refund = refund,
    .stop = stop,
    .check = check,
    .destroy = destroy,
};

enum status
aggregator_create(struct payment_channel **out, const struct aggregator_options *options, struct error_detail *err)
{
    static const char prefix[] = "Authorization: Bearer ";
    struct aggregator *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    self->channel = (struct payment_channel){&operations, options->start_timeout_ms};
    self->clock = options->clock;
    enum status status = json_exchange_open(&self->exchange, options->url, &options->security, err);
    if (status == STATUS_OK && (strlen(options->credential) + sizeof prefix > sizeof self->authorization ||
                                strlen(options->store) >= sizeof self->store)) {
        error_set(err, "too_long", "the aggregator's credential or store is too long");
        status = STATUS_OVERFLOW;
    }
    if (status != STATUS_OK) {
        destroy(&self->channel);
        return status;
    }
    snprintf(self->authorization, sizeof self->authorization, "%s%s", prefix, options->credential);
    snprintf(self->store, sizeof self->store, "%s", options->store);
    *out = &self->channel;
    return STATUS_OK;
}
