/* What becomes of a payment, once something is known of it.
 *
 * This is the one place where a payment changes its state after it has started (the diagram is in
 * docs/protocol/journal.md). It is called with whatever the gateway or terminal said, by the runner and by the
 * resolver, any number of times: a payment that is terminal stays as it is. An approved payment and its sale are one
 * transaction. */
#include "pos/till/till_parts.h"

#include "common/log/log.h"

#include <stdio.h>
#include <string.h>

static const char *
or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static enum status
record_resolved(struct till *till, const struct payment_row *row, const char *result,
                const struct payment_answer *answer, const char *how, struct error_detail *err)
{
    char accepted_at[INSTANT_TEXT_SIZE] = "";
    if (answer->accepted_at_ms != 0) {
        instant_format(accepted_at, answer->accepted_at_ms);
    }
    struct json_writer *body = record_body(till);
    json_text(body, "payment", row->payment);
    json_text(body, "result", result);
    json_text(body, "reason", or_null(answer->cause));
    json_text(body, "how", how);
    json_text(body, "acquirer_reference", or_null(answer->acquirer_reference));
    json_text(body, "approval_code", or_null(answer->approval_code));
    json_text(body, "slip_number", or_null(answer->slip_number));
    json_text(body, "masked_number", or_null(answer->masked_number));
    json_text(body, "accepted_at", or_null(accepted_at));
    if (answer->brand[0] != '\0' && strcmp(answer->brand, row->brand) != 0) {
        json_text(body, "brand", answer->brand); /* beside what payment.started asked for: both are evidence */
    }
    return record_line(till, "payment.resolved", err);
}

static struct sale sale_in_hand; /* too large for a stack; one for the process: used under the till's lock */

/* The sale of the basket that was written ahead with ROW, as ANSWER says it was paid. */
static enum status
make_sale(struct till *till, const struct payment_row *row, const struct payment_answer *answer, struct sale *sale,
          struct error_detail *err)
{
    *sale = (struct sale){.payment = {.method = row->method, .accepted_at_ms = answer->accepted_at_ms}};
    snprintf(sale->id, sizeof sale->id, "%s", row->sale);
    snprintf(sale->clerk, sizeof sale->clerk, "%s", row->clerk);
    snprintf(sale->payment.payment, sizeof sale->payment.payment, "%s", row->payment);
    snprintf(sale->payment.brand, sizeof sale->payment.brand, "%s", answer->brand[0] != '\0' ? answer->brand : row->brand);
    snprintf(sale->payment.acquirer_reference, sizeof sale->payment.acquirer_reference, "%s",
             answer->acquirer_reference);
    snprintf(sale->payment.approval_code, sizeof sale->payment.approval_code, "%s", answer->approval_code);
    snprintf(sale->payment.slip_number, sizeof sale->payment.slip_number, "%s", answer->slip_number);
    snprintf(sale->payment.masked_number, sizeof sale->payment.masked_number, "%s", answer->masked_number);
    return payment_load_written(till, row, sale, err);
}

static enum status
record_in_doubt(struct till *till, const struct payment_row *row, enum doubt_rule rule,
                const struct payment_answer *answer, struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_text(body, "payment", row->payment);
    json_text(body, "acquirer_reference", or_null(answer->acquirer_reference));
    json_text(body, "rule", doubt_rule_word(rule));
    return record_line(till, "payment.in_doubt", err);
}

/* STARTED, UNKNOWN, IN DOUBT → APPROVED, with the sale. COUNTED: the brand counts it as a sale although it is in doubt,
 * and the doubt is recorded with it. */
static enum status
settle_approved(struct till *till, const struct payment_row *row, const struct payment_answer *answer, const char *how,
                bool is_counted, struct error_detail *err)
{
    struct sale *sale = &sale_in_hand;
    bool is_foreground = strcmp(till->foreground.payment, row->payment) == 0;
    enum status status = make_sale(till, row, answer, sale, err);
    if (status == STATUS_OK) {
        status = record_begin(till, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (is_counted) {
        status = record_in_doubt(till, row, DOUBT_COUNTS_AS_SALE, answer, err);
    }
    if (status == STATUS_OK) {
        status = record_resolved(till, row, "approved", answer, how, err);
    }
    if (status == STATUS_OK) {
        status = record_sale(till, sale, err);
    }
    bool opens_drawer = is_foreground && sale->payment.cash_part_yen > 0;
    if (status == STATUS_OK && opens_drawer) {
        status = record_drawer(till, "sale", row->clerk, err);
    }
    if (status != STATUS_OK) {
        record_rollback(till);
        return status;
    }
    status = record_commit(till, err);
    if (status == STATUS_OK) {
        till->is_drawer_wanted = till->is_drawer_wanted || opens_drawer;
        finish_sale(till, sale, is_foreground);
    }
    return status;
}

/* → DECLINED, NOT CHARGED, REVERSED, HELD. */
static enum status
settle_without_sale(struct till *till, const struct payment_row *row, const char *result,
                    const struct payment_answer *answer, const char *how, struct error_detail *err)
{
    enum status status = record_begin(till, err);
    if (status == STATUS_OK) {
        status = record_resolved(till, row, result, answer, how, err);
    }
    if (status != STATUS_OK) {
        record_rollback(till);
        return status;
    }
    status = record_commit(till, err);
    struct foreground *foreground = &till->foreground;
    if (status == STATUS_OK && strcmp(foreground->payment, row->payment) == 0) {
        bool is_declined = strcmp(result, "declined") == 0;
        bool is_run_again = strcmp(row->doubt_rule, doubt_rule_word(DOUBT_RUN_AGAIN)) == 0;
        foreground->state = is_declined ? FOREGROUND_DECLINED : FOREGROUND_NOT_CHARGED;
        foreground->payload[0] = '\0';
        basket_rejoin_if_empty(till);
        foreground->deadline_ms = 0;
        foreground->message[0] = '\0';
        snprintf(foreground->cause, sizeof foreground->cause, "%s",
                 is_run_again                      ? "run_again"
                 : strcmp(result, "reversed") == 0 ? "reversed"
                 : strcmp(result, "held") == 0     ? "held"
                                                   : answer->cause);
    }
    return status;
}

/* What is shown of a payment in hand whose end is not known. The time runs from the moment at which it became so. */
static void
show_open(struct till *till, const struct payment_row *row, enum foreground_state state, const char *cause,
          enum doubt_rule rule)
{
    struct foreground *foreground = &till->foreground;
    if (strcmp(foreground->payment, row->payment) != 0) {
        return;
    }
    if (foreground->state != state) {
        foreground->deadline_ms = till_monotonic_ms(till) + CITIZEN_WAIT_MS;
    }
    foreground->state = state;
    foreground->doubt = rule;
    foreground->message[0] = '\0';
    foreground->payload[0] = '\0';
    foreground->is_stopping = foreground->is_stopping && foreground->is_presented;
    snprintf(foreground->cause, sizeof foreground->cause, "%s", cause);
}

/* STARTED → UNKNOWN. A state that is already recorded is not recorded again, and a doubt stays one. */
static enum status
settle_unknown(struct till *till, const struct payment_row *row, const char *cause, struct error_detail *err)
{
    bool is_in_doubt = strcmp(row->state, "in_doubt") == 0;
    enum status status = STATUS_OK;
    if (!is_in_doubt && strcmp(row->state, "unknown") != 0) {
        struct json_writer *body = record_body(till);
        json_text(body, "payment", row->payment);
        json_text(body, "cause", cause[0] != '\0' ? cause : "no_answer");
        status = record_single(till, "payment.unknown", err);
    }
    if (status == STATUS_OK && !is_in_doubt) {
        show_open(till, row, FOREGROUND_UNKNOWN, cause, DOUBT_TOUCH_PROVES);
    }
    return status;
}

/* STARTED, UNKNOWN → IN DOUBT, by the rule of the brand. */
static enum status
settle_in_doubt(struct till *till, const struct payment_row *row, const struct payment_answer *answer, const char *how,
                struct error_detail *err)
{
    enum doubt_rule rule = payment_doubt_rule(till, row);
    bool is_new = strcmp(row->state, "in_doubt") != 0;
    if (is_new && rule == DOUBT_COUNTS_AS_SALE && !row->is_abandoned) {
        struct payment_answer counted = *answer;
        counted.accepted_at_ms = answer->accepted_at_ms != 0 ? answer->accepted_at_ms : till_now_ms(till);
        return settle_approved(till, row, &counted, how, true, err);
    }
    enum status status = STATUS_OK;
    if (is_new) {
        status = record_begin(till, err);
        if (status == STATUS_OK) {
            status = record_in_doubt(till, row, rule, answer, err);
        }
        if (status != STATUS_OK) {
            record_rollback(till);
            return status;
        }
        status = record_commit(till, err);
        bool has_slip = rule == DOUBT_TOUCH_PROVES || rule == DOUBT_TOUCH_CONFIRMS;
        if (status == STATUS_OK && has_slip && strcmp(till->foreground.payment, row->payment) == 0) {
            queue_print(till, row->payment, FORM_IN_DOUBT);
        }
    }
    if (status == STATUS_OK) {
        show_open(till, row, FOREGROUND_IN_DOUBT, "", rule);
        pthread_cond_broadcast(&till->work_changed);
    }
    return status;
}

/* A payment that counted as a sale while it was in doubt: the card has told the truth since. */
static enum status
settle_doubtful(struct till *till, const struct payment_row *row, const struct payment_answer *answer, const char *how,
                struct error_detail *err)
{
    bool was_charged = answer->result == PAYMENT_APPROVED;
    bool was_not = answer->result == PAYMENT_DECLINED || answer->result == PAYMENT_NOT_CHARGED ||
                   answer->result == PAYMENT_REVERSED;
    if (!was_charged && !was_not) {
        return STATUS_OK;
    }
    struct json_writer *body = record_body(till);
    json_text(body, "payment", row->payment);
    json_text(body, "result", was_charged ? "charged" : "not_charged");
    json_text(body, "how", how);
    return record_single(till, "payment.proved", err);
}

/* An approval is believed only for the amount that was asked. */
static bool
is_believable(const struct payment_row *row, const struct payment_answer *answer)
{
    return answer->result != PAYMENT_APPROVED || answer->amount_yen == row->amount_yen;
}

enum { CLOCKS_APART_MS = 60 * 60 * 1000 /* an hour between the processor's clock and ours is believed */ };

/* The day of receipt follows from the processor's time, so one before the payment was asked for, or after now, is not
 * believed: its clock is wrong, and with it would be the fiscal year. Our own day stands then. */
static void
doubt_accepted_at(struct till *till, const struct payment_row *row, struct payment_answer *answer)
{
    char accepted_at[INSTANT_TEXT_SIZE];
    if (answer->accepted_at_ms == 0 || (answer->accepted_at_ms >= row->started_ms - CLOCKS_APART_MS &&
                                        answer->accepted_at_ms <= till_now_ms(till) + CLOCKS_APART_MS)) {
        return;
    }
    instant_format(accepted_at, answer->accepted_at_ms);
    log_line(LOG_LEVEL_WARNING, row->payment,
             "the processor says that it was accepted at %s, which cannot be: the till's own time is taken",
             accepted_at);
    answer->accepted_at_ms = 0;
}

static enum status
settle_open(struct till *till, const struct payment_row *row, const struct payment_answer *answer, const char *how,
            struct error_detail *err)
{
    switch (answer->result) {
    case PAYMENT_APPROVED:
        if (row->is_abandoned) { /* the resolver gives the money back; until then it is open */
            return settle_unknown(till, row, answer->cause, err);
        }
        return settle_approved(till, row, answer, how, false, err);
    case PAYMENT_DECLINED:
        return settle_without_sale(till, row, "declined", answer, how, err);
    case PAYMENT_NOT_CHARGED:
        return settle_without_sale(till, row, "not_charged", answer, how, err);
    case PAYMENT_REVERSED:
        return settle_without_sale(till, row, "reversed", answer, how, err);
    case PAYMENT_CANNOT:
        return settle_without_sale(till, row, "held", answer, how, err);
    case PAYMENT_IN_DOUBT:
        return settle_in_doubt(till, row, answer, how, err);
    case PAYMENT_NOT_FOUND:
    case PAYMENT_PENDING:
    case PAYMENT_UNKNOWN:
        return presented_is_awaited(till, row, answer->result) ? STATUS_OK
                                                               : settle_unknown(till, row, answer->cause, err);
    }
    return STATUS_OK;
}

enum status
payment_settle(struct till *till, const char *payment, const struct payment_answer *said, const char *how,
               struct error_detail *err)
{
    struct payment_row row;
    struct payment_answer believed = *said;
    struct payment_answer *answer = &believed;
    enum status status = payment_load(till, payment, &row, err);
    if (status != STATUS_OK || !(payment_is_open(&row) || row.is_doubtful)) {
        return status;
    }
    doubt_accepted_at(till, &row, answer);
    payment_believe_brand(till, &row, answer);
    if (!is_believable(&row, answer)) {
        char subject[64];
        snprintf(subject, sizeof subject, "payment %s", payment);
        log_line(LOG_LEVEL_ERROR, subject, "approved for %lld yen, but %lld were asked: kept as unknown",
                 (long long)answer->amount_yen, (long long)row.amount_yen);
        return row.is_doubtful ? STATUS_OK : settle_unknown(till, &row, "amount_differs", err);
    }
    return row.is_doubtful ? settle_doubtful(till, &row, answer, how, err) : settle_open(till, &row, answer, how, err);
}

/* Whether a touch can tell of PAYMENT at all: only e-money leaves its doubt on the card. A terminal that names a
 * payment of another kind speaks of what it cannot know, and ending that one as unpaid would lose money. */
static bool
is_told_by_touch(struct till *till, const char *payment)
{
    struct payment_row row;
    struct error_detail err;
    enum status status = payment_load(till, payment, &row, &err);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_WARNING, payment, "looking up what a later touch named", status, &err);
        return false;
    }
    if (row.method != METHOD_EMONEY) {
        log_line(LOG_LEVEL_WARNING, payment,
                 "a touch named this payment, which is not one of e-money: what it said is not believed");
        return false;
    }
    return true;
}

/* What a touch for a later payment said about an earlier one. Another card's, or an old one's, changes nothing. */
void
payment_settle_touch(struct till *till, const struct payment_touch *touch)
{
    struct payment_answer answer = {.result = touch->was_charged ? PAYMENT_APPROVED : PAYMENT_NOT_CHARGED,
                                    .amount_yen = touch->amount_yen,
                                    .accepted_at_ms = touch->accepted_at_ms,
                                    .cause = "touch"};
    struct error_detail err;
    if (touch->payment[0] == '\0' || !is_told_by_touch(till, touch->payment)) {
        return;
    }
    snprintf(answer.acquirer_reference, sizeof answer.acquirer_reference, "%s", touch->acquirer_reference);
    enum status status = payment_settle(till, touch->payment, &answer, "touch", &err);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_WARNING, touch->payment, "recording what a later touch said", status, &err);
    }
}

enum {
    RECOVERED_MAX =
        64 /* a till has one payment under way; more means repeated crashes, and the rest follows next time */
};

enum status
payment_recover(struct till *till, struct error_detail *err)
{
    static const struct payment_answer restarted = {.result = PAYMENT_UNKNOWN, .cause = "restart"};
    char payments[RECOVERED_MAX][IDENTITY_TEXT_SIZE];
    size_t count = 0;
    struct statement *row;
    bool has_row = false;
    enum status status =
        database_statement(till->db, "SELECT payment FROM payment WHERE state = 'started' LIMIT 64", &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        snprintf(payments[count++], IDENTITY_TEXT_SIZE, "%s", statement_column_text(row, 0));
        if (count == RECOVERED_MAX) {
            statement_reset(row);
            break;
        }
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = payment_settle(till, payments[i], &restarted, "answer", err);
    }
    return status;
}
