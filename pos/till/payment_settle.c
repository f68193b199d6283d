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

/* The body of journal line SEQUENCE; *OUT_BODY is given (json_free). OUT_AT_MS may be NULL. */
static enum status
load_body(struct till *till, int64_t sequence, struct json_value **out_body, int64_t *out_at_ms,
          struct error_detail *err)
{
    struct buffer bytes;
    struct journal_line line;
    buffer_init(&bytes, JOURNAL_LINE_MAX_BYTES);
    enum status status = journal_read_line(till->db, sequence, &bytes, err);
    if (status == STATUS_OK) {
        status = journal_line_read(&line, buffer_text(&bytes), bytes.length, err);
    }
    if (status == STATUS_OK) {
        status = json_parse(out_body, line.body, line.body_length, err);
    }
    if (status == STATUS_OK && out_at_ms != NULL) {
        *out_at_ms = line.at_ms;
    }
    buffer_finish(&bytes);
    return status;
}

enum status
load_sale(struct till *till, int64_t sequence, struct sale *out, int64_t *out_at_ms, struct error_detail *err)
{
    struct json_value *body = NULL;
    enum status status = load_body(till, sequence, &body, out_at_ms, err);
    if (status == STATUS_OK) {
        status = sale_read(out, body, err);
    }
    json_free(body);
    return status;
}

/* The basket that was written ahead with the payment: what the sale will consist of, whatever happened since. */
static enum status
load_basket_of(struct till *till, const struct payment_row *row, struct sale_content *out, struct error_detail *err)
{
    struct json_value *body = NULL;
    const struct json_value *basket;
    enum status status = load_body(till, row->sequence, &body, NULL, err);
    if (status == STATUS_OK) {
        status = json_get_object(body, "basket", &basket, err);
    }
    if (status == STATUS_OK) {
        status = sale_content_read(out, basket, err);
    }
    json_free(body);
    return status;
}

enum status
load_held_content(struct till *till, int64_t sequence, struct sale_content *out, struct error_detail *err)
{
    struct json_value *body = NULL;
    enum status status = load_body(till, sequence, &body, NULL, err);
    if (status == STATUS_OK) {
        status = sale_content_read(out, body, err);
    }
    json_free(body);
    return status;
}

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
    return record_line(till, "payment.resolved", err);
}

static _Thread_local struct sale sale_in_hand; /* too large for a thread's stack */

/* STARTED, UNKNOWN, IN DOUBT → APPROVED, with the sale. */
static enum status
settle_approved(struct till *till, const struct payment_row *row, const struct payment_answer *answer, const char *how,
                struct error_detail *err)
{
    struct sale *sale = &sale_in_hand;
    *sale = (struct sale){.payment = {.method = row->method, .accepted_at_ms = answer->accepted_at_ms}};
    snprintf(sale->id, sizeof sale->id, "%s", row->sale);
    snprintf(sale->clerk, sizeof sale->clerk, "%s", row->clerk);
    snprintf(sale->payment.payment, sizeof sale->payment.payment, "%s", row->payment);
    snprintf(sale->payment.brand, sizeof sale->payment.brand, "%s", row->brand[0] != '\0' ? row->brand : answer->brand);
    snprintf(sale->payment.acquirer_reference, sizeof sale->payment.acquirer_reference, "%s",
             answer->acquirer_reference);
    snprintf(sale->payment.approval_code, sizeof sale->payment.approval_code, "%s", answer->approval_code);
    snprintf(sale->payment.slip_number, sizeof sale->payment.slip_number, "%s", answer->slip_number);
    snprintf(sale->payment.masked_number, sizeof sale->payment.masked_number, "%s", answer->masked_number);
    bool is_foreground = strcmp(till->foreground.payment, row->payment) == 0;
    enum status status = load_basket_of(till, row, &sale->content, err);
    if (status == STATUS_OK) {
        status = record_begin(till, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = record_resolved(till, row, "approved", answer, how, err);
    if (status == STATUS_OK) {
        status = record_sale(till, sale, err);
    }
    if (status != STATUS_OK) {
        record_rollback(till);
        return status;
    }
    status = record_commit(till, err);
    if (status == STATUS_OK) {
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
    if (status == STATUS_OK && strcmp(till->foreground.payment, row->payment) == 0) {
        bool is_declined = strcmp(result, "declined") == 0;
        till->foreground.state = is_declined ? FOREGROUND_DECLINED : FOREGROUND_NOT_CHARGED;
        till->foreground.deadline_ms = 0;
        snprintf(till->foreground.message, sizeof till->foreground.message, "%s",
                 answer->reason[0] != '\0' ? answer->reason
                                           : "お支払いは行われていません。もう一度お支払い方法を選んでください。");
    }
    return status;
}

/* STARTED → UNKNOWN or IN DOUBT, UNKNOWN → IN DOUBT. A state that is already recorded is not recorded again. */
static enum status
settle_open(struct till *till, const struct payment_row *row, enum payment_result result,
            const struct payment_answer *answer, struct error_detail *err)
{
    bool is_in_doubt = result == PAYMENT_IN_DOUBT;
    bool is_recorded = strcmp(row->state, is_in_doubt ? "in_doubt" : "unknown") == 0 ||
                       (!is_in_doubt && strcmp(row->state, "in_doubt") == 0);
    enum status status = STATUS_OK;
    if (!is_recorded) {
        struct json_writer *body = record_body(till);
        json_text(body, "payment", row->payment);
        if (is_in_doubt) {
            json_text(body, "acquirer_reference", or_null(answer->acquirer_reference));
        } else {
            json_text(body, "cause", answer->cause[0] != '\0' ? answer->cause : "no_answer");
        }
        status = record_single(till, is_in_doubt ? "payment.in_doubt" : "payment.unknown", err);
    }
    if (status == STATUS_OK && strcmp(till->foreground.payment, row->payment) == 0) {
        till->foreground.state = is_in_doubt ? FOREGROUND_IN_DOUBT : FOREGROUND_UNKNOWN;
        till->foreground.deadline_ms = 0;
        till->foreground.message[0] = '\0';
    }
    return status;
}

/* An approval is believed only for the amount that was asked. */
static bool
is_believable(const struct payment_row *row, const struct payment_answer *answer)
{
    return answer->result != PAYMENT_APPROVED || answer->amount_yen == row->amount_yen;
}

enum status
payment_settle(struct till *till, const char *payment, const struct payment_answer *answer, const char *how,
               struct error_detail *err)
{
    struct payment_row row;
    struct payment_answer doubted;
    enum status status = payment_load(till, payment, &row, err);
    if (status != STATUS_OK || !payment_is_open(&row)) {
        return status;
    }
    if (!is_believable(&row, answer)) {
        char subject[64];
        snprintf(subject, sizeof subject, "payment %s", payment);
        log_line(LOG_LEVEL_ERROR, subject, "approved for %lld yen, but %lld were asked: kept as unknown",
                 (long long)answer->amount_yen, (long long)row.amount_yen);
        doubted = *answer;
        doubted.result = PAYMENT_UNKNOWN;
        snprintf(doubted.cause, sizeof doubted.cause, "amount_differs");
        status = settle_open(till, &row, PAYMENT_UNKNOWN, &doubted, err);
        if (strcmp(till->foreground.payment, payment) == 0) {
            snprintf(till->foreground.message, sizeof till->foreground.message,
                     "決済会社の金額が請求と違います。もう一度請求せず、取りやめて管理者に連絡してください。");
        }
        return status;
    }
    switch (answer->result) {
    case PAYMENT_APPROVED:
        if (row.is_abandoned) { /* the resolver gives the money back; until then it is open */
            return settle_open(till, &row, PAYMENT_UNKNOWN, answer, err);
        }
        return settle_approved(till, &row, answer, how, err);
    case PAYMENT_DECLINED:
        return settle_without_sale(till, &row, "declined", answer, how, err);
    case PAYMENT_NOT_CHARGED:
        return settle_without_sale(till, &row, "not_charged", answer, how, err);
    case PAYMENT_REVERSED:
        return settle_without_sale(till, &row, "reversed", answer, how, err);
    case PAYMENT_CANNOT:
        return settle_without_sale(till, &row, "held", answer, how, err);
    case PAYMENT_IN_DOUBT:
        return settle_open(till, &row, PAYMENT_IN_DOUBT, answer, err);
    case PAYMENT_NOT_FOUND:
    case PAYMENT_PENDING:
    case PAYMENT_UNKNOWN:
        return settle_open(till, &row, PAYMENT_UNKNOWN, answer, err);
    }
    return STATUS_OK;
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
