/* The payment terminal as a channel: ElectronicValueRW results translated, at this one place, into what the till acts
 * on. */
#include "common/log/log.h"
#include "drivers/payment_terminal/brand_operations.h"
#include "drivers/payment_terminal/payment_terminal.h"
#include "pos/payment/qr_gateway_message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    QUERY_TIMEOUT_MS = 5000,
    REVERSE_TIMEOUT_MS = 60000, /* the citizen may have to touch the card again */
    CHECK_TIMEOUT_MS = 2000
};

struct terminal_channel {
    struct payment_channel channel;
    struct payment_terminal *terminal;
};

static void
copy_facts(const struct terminal_answer *answer, struct payment_answer *out)
{
    out->amount_yen = answer->amount_yen;
    out->accepted_at_ms = answer->accepted_at_ms;
    snprintf(out->acquirer_reference, sizeof out->acquirer_reference, "%s", answer->acquirer_reference);
    snprintf(out->approval_code, sizeof out->approval_code, "%s", answer->approval_code);
    snprintf(out->slip_number, sizeof out->slip_number, "%s", answer->slip_number);
    if (strlen(answer->brand) < sizeof out->brand) { /* a longer one is no code of ours */
        snprintf(out->brand, sizeof out->brand, "%s", answer->brand);
    }
    /* A mask that we cannot read as one (full-width digits, say) is not kept. */
    bool is_mask = strspn(answer->masked_number, "0123456789xX*- ") == strlen(answer->masked_number);
    snprintf(out->masked_number, sizeof out->masked_number, "%s", is_mask ? answer->masked_number : "");
    const struct terminal_touch *earlier = &answer->earlier;
    if (strlen(earlier->reference) < sizeof out->earlier.payment) {
        snprintf(out->earlier.payment, sizeof out->earlier.payment, "%s", earlier->reference);
        snprintf(out->earlier.acquirer_reference, sizeof out->earlier.acquirer_reference, "%s",
                 earlier->acquirer_reference);
        out->earlier.was_charged = earlier->was_charged;
        out->earlier.amount_yen = earlier->amount_yen;
        out->earlier.accepted_at_ms = earlier->accepted_at_ms;
    }
}

/* What each terminal result means for a sale or an inquiry about one, and what the clerk is told. */
static void
translate(const struct terminal_answer *answer, struct payment_answer *out)
{
    copy_facts(answer, out);
    switch (answer->result) {
    case TERMINAL_APPROVED:
        payment_answer_set(out, PAYMENT_APPROVED, "");
        return;
    case TERMINAL_CENTER_ERROR:
        payment_answer_set(out, PAYMENT_DECLINED, "center_error");
        return;
    case TERMINAL_COMMUNICATION_ERROR:
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "communication_error");
        return;
    case TERMINAL_DEFICIENT:
        payment_answer_set(out, PAYMENT_DECLINED, "deficient");
        return;
    case TERMINAL_NO_CARD:
        payment_answer_set(out, PAYMENT_DECLINED, "no_card");
        return;
    case TERMINAL_CANCELLED:
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "cancelled");
        return;
    case TERMINAL_NOT_ALLOWED:
        payment_answer_set(out, PAYMENT_DECLINED, "not_allowed");
        return;
    case TERMINAL_BUSY:
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "busy");
        return;
    case TERMINAL_NOT_FOUND:
        payment_answer_set(out, PAYMENT_NOT_FOUND, "not_found");
        return;
    case TERMINAL_IN_PROGRESS:
        payment_answer_set(out, PAYMENT_PENDING, "in_progress");
        return;
    case TERMINAL_IN_DOUBT:
        payment_answer_set(out, PAYMENT_IN_DOUBT, "in_doubt");
        return;
    case TERMINAL_UNKNOWN:
        payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
        return;
    }
    payment_answer_set(out, PAYMENT_UNKNOWN, "garbled_answer");
}

static void
start(struct payment_channel *channel, const struct payment_request *request, struct payment_answer *out)
{
    struct terminal_channel *self = (struct terminal_channel *)channel;
    struct terminal_answer answer;
    struct error_detail ignored; /* the sentence for the clerk is ours */
    struct terminal_request sale = {
        .sequence_number = (uint32_t)(request->sequence_number % TERMINAL_SEQUENCE_MAX + 1),
        .amount_yen = request->amount_yen,
        .media = request->method == METHOD_CREDIT ? TERMINAL_CREDIT : TERMINAL_EMONEY,
    };
    snprintf(sale.reference, sizeof sale.reference, "%s", request->payment);
    snprintf(sale.brand, sizeof sale.brand, "%s", request->brand);
    memset(out, 0, sizeof *out);
    payment_terminal_sale(self->terminal, &sale, channel->start_timeout_ms, &answer, &ignored);
    translate(&answer, out);
}

static void
inquire(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct terminal_channel *self = (struct terminal_channel *)channel;
    struct terminal_answer answer;
    struct error_detail ignored;
    memset(out, 0, sizeof *out);
    payment_terminal_query(self->terminal, payment->payment, QUERY_TIMEOUT_MS, &answer, &ignored);
    translate(&answer, out); /* of the sale, never of the question: one that was not answered is TERMINAL_UNKNOWN */
}

/* As in router.c: a refusal may be of the repetition of a reversal that was done. */
static void
check_refusal(struct terminal_channel *self, const struct payment_reference *payment, enum terminal_result refusal,
              struct payment_answer *out)
{
    struct terminal_answer stands;
    struct error_detail ignored;
    payment_terminal_query(self->terminal, payment->payment, QUERY_TIMEOUT_MS, &stands, &ignored);
    if (stands.result == TERMINAL_CANCELLED) { /* of a query: a sale that was reversed since, or ended without money */
        payment_answer_set(out, payment->accepted_at_ms != 0 ? PAYMENT_REVERSED : PAYMENT_NOT_CHARGED, "canceled");
    } else if (stands.result == TERMINAL_UNKNOWN || stands.result == TERMINAL_IN_PROGRESS) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    } else {
        payment_answer_set(out, PAYMENT_CANNOT, terminal_result_word(refusal));
    }
}

static void
cancel(struct payment_channel *channel, const struct payment_reference *payment, struct payment_answer *out)
{
    struct terminal_channel *self = (struct terminal_channel *)channel;
    struct terminal_answer answer;
    struct error_detail ignored;
    memset(out, 0, sizeof *out);
    if (payment->accepted_at_ms != 0 && !brand_operations_of(payment->brand)->can_void) {
        payment_answer_set(out, PAYMENT_CANNOT, terminal_result_word(TERMINAL_NOT_ALLOWED));
        return; /* taken for certain, and its brand takes nothing back: no need to ask */
    }
    payment_terminal_reverse(self->terminal, payment->payment, REVERSE_TIMEOUT_MS, &answer, &ignored);
    copy_facts(&answer, out);
    if (answer.result == TERMINAL_APPROVED) {
        payment_answer_set(out, PAYMENT_REVERSED, "");
    } else if (answer.result == TERMINAL_NOT_FOUND) {
        payment_answer_set(out, PAYMENT_NOT_CHARGED, "never_charged");
    } else if (answer.result == TERMINAL_NOT_ALLOWED || answer.result == TERMINAL_CENTER_ERROR) {
        check_refusal(self, payment, answer.result, out);
    } else if (answer.result == TERMINAL_IN_DOUBT) {
        payment_answer_set(out, PAYMENT_IN_DOUBT, "in_doubt");
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    }
}

/* What the terminal itself knows of the refund: done, or nothing yet (PAYMENT_NOT_FOUND), or it cannot say. A failure
 * that it remembers is of an earlier try, and moved nothing. */
static void
ask_refund(struct terminal_channel *self, const struct payment_refund *wanted, struct payment_answer *out)
{
    struct terminal_answer answer;
    struct error_detail ignored;
    memset(out, 0, sizeof *out);
    payment_terminal_query(self->terminal, wanted->refund, QUERY_TIMEOUT_MS, &answer, &ignored);
    copy_facts(&answer, out);
    if (answer.result == TERMINAL_APPROVED && answer.amount_yen == wanted->amount_yen) {
        payment_answer_set(out, PAYMENT_REVERSED, "refunded");
    } else if (answer.result == TERMINAL_APPROVED || answer.result == TERMINAL_UNKNOWN ||
               answer.result == TERMINAL_IN_PROGRESS || answer.result == TERMINAL_IN_DOUBT) {
        payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer");
    } else {
        payment_answer_set(out, PAYMENT_NOT_FOUND, "not_found");
    }
}

static void
begin_refund(struct terminal_channel *self, const struct payment_reference *payment,
             const struct payment_refund *wanted, struct payment_answer *out)
{
    struct terminal_answer answer;
    struct error_detail ignored;
    struct terminal_refund back = {.sequence_number = 1, .amount_yen = wanted->amount_yen};
    snprintf(back.reference, sizeof back.reference, "%s", wanted->refund);
    snprintf(back.sale, sizeof back.sale, "%s", payment->payment);
    snprintf(back.brand, sizeof back.brand, "%s", payment->brand);
    back.media = brand_operations_of(payment->brand)->can_refund ? TERMINAL_CREDIT : TERMINAL_EMONEY;
    memset(out, 0, sizeof *out);
    payment_terminal_refund(self->terminal, &back, REVERSE_TIMEOUT_MS, &answer, &ignored);
    copy_facts(&answer, out);
    if (answer.result == TERMINAL_APPROVED) {
        payment_answer_set(out, PAYMENT_REVERSED, "refunded");
    } else if (answer.result == TERMINAL_NOT_ALLOWED || answer.result == TERMINAL_CENTER_ERROR ||
               answer.result == TERMINAL_NOT_FOUND) {
        payment_answer_set(out, PAYMENT_DECLINED, terminal_result_word(answer.result));
    } else {
        payment_answer_set(out, PAYMENT_UNKNOWN, "no_answer"); /* asked about under the same reference */
    }
}

/* Asked about first: a terminal that keeps no references would give back twice. And a refusal may be of the repetition
 * of a refund that was made: it is believed only when the terminal knows of none. */
static void
refund(struct payment_channel *channel, const struct payment_reference *payment, const struct payment_refund *wanted,
       struct payment_answer *out)
{
    struct terminal_channel *self = (struct terminal_channel *)channel;
    ask_refund(self, wanted, out);
    if (out->result != PAYMENT_NOT_FOUND) {
        return;
    }
    begin_refund(self, payment, wanted, out);
    if (out->result == PAYMENT_DECLINED) {
        struct payment_answer known;
        ask_refund(self, wanted, &known);
        if (known.result != PAYMENT_NOT_FOUND) {
            *out = known;
        }
    }
}

static bool
can_refund(struct payment_channel *channel, const struct payment_reference *payment)
{
    (void)channel;
    return brand_operations_of(payment->brand)->can_refund;
}

static void
stop(struct payment_channel *channel)
{
    payment_terminal_abort(((struct terminal_channel *)channel)->terminal);
}

static bool
check(struct payment_channel *channel, char reason[REASON_SIZE])
{
    struct terminal_channel *self = (struct terminal_channel *)channel;
    struct error_detail err;
    reason[0] = '\0';
    enum status status = payment_terminal_check(self->terminal, CHECK_TIMEOUT_MS, &err);
    if (status == STATUS_OK || status == STATUS_BUSY) {
        return true;
    }
    snprintf(reason, REASON_SIZE, "%s",
             status == STATUS_UNREACHABLE ? "決済端末がセンターにつながりません。"
                                          : "決済端末につながりません。電源とケーブルを確かめてください。");
    return false;
}

static void
destroy(struct payment_channel *channel)
{
    struct terminal_channel *self = (struct terminal_channel *)channel;
    payment_terminal_close(self->terminal);
    free(self);
}

static const struct payment_channel_operations operations = {
    .name = "payment-terminal",
    .start = start,
    .inquire = inquire,
    .cancel = cancel,
    .refund = refund,
    .can_refund = can_refund,
    .stop = stop,
    .check = check,
    .destroy = destroy,
};

enum status
terminal_channel_create(struct payment_channel **out, struct payment_terminal *terminal, unsigned start_timeout_ms,
                        struct error_detail *err)
{
    struct terminal_channel *self = calloc(1, sizeof *self);
    if (self == NULL) {
        payment_terminal_close(terminal);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    self->channel.operations = &operations;
    self->terminal = terminal;
    self->channel.start_timeout_ms = start_timeout_ms;
    *out = &self->channel;
    return STATUS_OK;
}
