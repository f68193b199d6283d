/* The QR gateway of a training till: nothing leaves this computer, and every way a payment can go can be practised.
 *
 * The last digit of the code decides: 1 not enough money; 2 the answer is lost after the charge; 3 the request is lost
 * before it; 4 pending until it has been inquired a few times; any other is approved. */
#include "pos/payment/qr_gateway_message.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHARGES_KEPT = 256, /* more payments than a training has; the oldest make room */
    PENDING_ROUNDS = 3,
    START_TIMEOUT_MS = 1000 /* it answers at once */
};

struct charge {
    char payment[IDENTITY_TEXT_SIZE];
    int64_t amount_yen;
    char brand[CODE_SIZE];
    int64_t accepted_at_ms; /* 0: not accepted */
    int rounds_left;        /* of inquiries that say pending */
    bool is_cancelled;
};

struct book {
    pthread_mutex_t lock;
    struct clock_source clock;
    struct charge charges[CHARGES_KEPT];
    size_t next;
    int channels; /* that are open */
};

struct training_gateway {
    struct payment_channel channel;
    struct book *book;
};

static struct charge *
find(struct book *book, const char *payment)
{
    for (size_t i = 0; i < CHARGES_KEPT; i++) {
        if (strcmp(book->charges[i].payment, payment) == 0) {
            return &book->charges[i];
        }
    }
    return NULL;
}

static struct charge *
enter(struct book *book, const struct payment_request *request)
{
    struct charge *charge = &book->charges[book->next];
    book->next = (book->next + 1) % CHARGES_KEPT;
    *charge = (struct charge){.amount_yen = request->amount_yen};
    snprintf(charge->brand, sizeof charge->brand, "%s", request->brand[0] != '\0' ? request->brand : "paypay");
    memcpy(charge->payment, request->payment, sizeof charge->payment);
    return charge;
}

static void
tell(const struct charge *charge, struct payment_answer *out)
{
    out->amount_yen = charge->amount_yen;
    out->accepted_at_ms = charge->accepted_at_ms;
    snprintf(out->brand, sizeof out->brand, "%s", charge->brand);
    snprintf(out->acquirer_reference, sizeof out->acquirer_reference, "TR-%.8s", charge->payment);
    payment_answer_set(out, PAYMENT_APPROVED, "");
}

static void
start(struct payment_channel *channel, const struct payment_request *request, struct payment_answer *out)
{
    struct book *book = ((struct training_gateway *)channel)->book;
    size_t length = request->code != NULL ? strlen(request->code) : 0;
    char way = length > 0 ? request->code[length - 1] : '0';
    memset(out, 0, sizeof *out);
    pthread_mutex_lock(&book->lock);
    if (way == '1') {
        payment_answer_set(out, PAYMENT_DECLINED, "insufficient_balance");
    } else if (way == '3') {
        payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    } else {
        struct charge *charge = enter(book, request);
        charge->accepted_at_ms = clock_now_ms(&book->clock);
        charge->rounds_left = way == '4' ? PENDING_ROUNDS : 0;
        if (way == '2') {
            payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
        } else if (way == '4') {
            payment_answer_set(out, PAYMENT_PENDING, "pending");
        } else {
            tell(charge, out);
        }
    }
    pthread_mutex_unlock(&book->lock);
}

static void
inquire(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct book *book = ((struct training_gateway *)channel)->book;
    memset(out, 0, sizeof *out);
    pthread_mutex_lock(&book->lock);
    struct charge *charge = find(book, payment->payment);
    if (charge == NULL) {
        payment_answer_set(out, PAYMENT_NOT_FOUND, "not_found");
    } else if (charge->is_cancelled) {
        payment_answer_set(out, PAYMENT_REVERSED, "");
    } else if (charge->rounds_left > 0) {
        charge->rounds_left--;
        payment_answer_set(out, PAYMENT_PENDING, "pending");
    } else {
        tell(charge, out);
    }
    pthread_mutex_unlock(&book->lock);
}

static void
cancel(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct book *book = ((struct training_gateway *)channel)->book;
    memset(out, 0, sizeof *out);
    pthread_mutex_lock(&book->lock);
    struct charge *charge = find(book, payment->payment);
    if (charge == NULL) {
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "never_charged");
    } else {
        charge->is_cancelled = true;
        payment_answer_set(out, PAYMENT_REVERSED, "");
    }
    pthread_mutex_unlock(&book->lock);
}

/* What went back under which reference is not kept: a training's refund always succeeds. */
static void
refund(struct payment_channel *channel, const struct payment_reference *payment, const struct payment_refund *refund,
       struct payment_answer *out)
{
    struct book *book = ((struct training_gateway *)channel)->book;
    pthread_mutex_lock(&book->lock);
    struct charge *charge = find(book, payment->payment);
    pthread_mutex_unlock(&book->lock);
    if (charge == NULL || refund->amount_yen > charge->amount_yen) {
        payment_answer_set(out, PAYMENT_DECLINED, "refund_exceeds");
        return;
    }
    out->amount_yen = refund->amount_yen;
    payment_answer_set(out, PAYMENT_REVERSED, "refunded");
}

static void
stop(struct payment_channel *channel)
{
    (void)channel; /* start answers at once */
}

static bool
check(struct payment_channel *channel, char reason[REASON_SIZE])
{
    (void)channel;
    reason[0] = '\0';
    return true;
}

static void
release(struct book *book)
{
    pthread_mutex_lock(&book->lock);
    bool is_last = --book->channels == 0;
    pthread_mutex_unlock(&book->lock);
    if (is_last) {
        pthread_mutex_destroy(&book->lock);
        free(book);
    }
}

static void
destroy(struct payment_channel *channel)
{
    struct training_gateway *self = (struct training_gateway *)channel;
    release(self->book);
    free(self);
}

static const struct payment_channel_operations operations = {
    .name = "training-gateway",
    .start = start,
    .inquire = inquire,
    .cancel = cancel,
    .refund = refund,
    .stop = stop,
    .check = check,
    .destroy = destroy,
};

enum status
training_gateway_create(struct payment_channel **out_foreground, struct payment_channel **out_background,
                        struct clock_source clock, struct error_detail *err)
{
    struct training_gateway *foreground = calloc(1, sizeof *foreground);
    struct training_gateway *background = calloc(1, sizeof *background);
    struct book *book = calloc(1, sizeof *book);
    if (foreground == NULL || background == NULL || book == NULL) {
        free(foreground);
        free(background);
        free(book);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    pthread_mutex_init(&book->lock, NULL);
    book->clock = clock;
    book->channels = 2;
    *foreground = (struct training_gateway){{&operations, START_TIMEOUT_MS}, book};
    *background = (struct training_gateway){{&operations, START_TIMEOUT_MS}, book};
    *out_foreground = &foreground->channel;
    *out_background = &background->channel;
    return STATUS_OK;
}
