/* Refunds that the till carries out itself, through the network that took the payment.
 *
 *   requested ──a supervisor approves──▶ started ──▶ paid
 *                                          │  └────▶ refused: the request stands, and finance carries it out
 *                                          └─▶ unknown ──repeated under the same reference──▶ paid, refused
 *
 * `refund.started` is written before the first byte leaves, and the resolver does the rest: so a power cut between any
 * two steps only means that the same refund is asked for again under the same reference, which every adapter makes the
 * same refund. Nothing is paid twice, because a request ends once, and no second refund of a sale starts before the
 * first has ended. */
#include "pos/payment/brand_timing.h"
#include "pos/till/refunds.h"

#include "common/log/log.h"

#include <stdio.h>
#include <string.h>

bool
network_refund_is_possible(struct till *till, const struct sale_row *row)
{
    struct payment_row payment;
    struct payment_reference reference;
    struct payment_channel *channel = row->method >= METHOD_QR ? channel_of(till, row->method, true) : NULL;
    if (channel == NULL || row->cash_yen > 0 || payment_load(till, row->payment, &payment, NULL) != STATUS_OK) {
        return false;
    }
    payment_refer(&payment, &reference);
    const struct brand_timing *timing = payment_channel_timing(channel, &reference);
    return payment_channel_can_refund(channel, &reference) &&
           (timing == NULL || brand_timing_can_refund(timing, payment.started_ms, till_now_ms(till)));
}

static enum status
check_none_runs(struct till *till, const char *sale, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(
        till->db, "SELECT 1 FROM refund_run WHERE sale = ?1 AND state IN ('started', 'unknown')", &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, sale);
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK || !has_row) {
        return status;
    }
    statement_reset(row);
    error_set(err, "refund_running", "この会計の返金の結果を確かめています。結果が出るまで待ってください。");
    return STATUS_REFUSED;
}

static enum status
check_never_ran(struct till *till, const char *refund, struct error_detail *err)
{
    struct network_refund_state state;
    enum status status = network_refund_load(till, refund, &state, err);
    if (status == STATUS_OK && state.exists) {
        error_set(err, "refund_refused", "この返金は決済会社が断りました。会計担当が手続きします。");
        status = STATUS_REFUSED;
    }
    return status;
}

enum status
network_refund_start(struct till *till, const struct network_refund *wanted, struct error_detail *err)
{
    struct sale_row row;
    enum status status = load_sale_row(till, wanted->sale, &row, err);
    if (status == STATUS_OK) {
        status = check_none_runs(till, wanted->sale, err);
    }
    if (status == STATUS_OK) {
        status = check_never_ran(till, wanted->refund, err);
    }
    if (status == STATUS_OK && !network_refund_is_possible(till, &row)) {
        error_set(err, "with_finance", "この支払いは窓口から返金できません。会計担当が手続きします。");
        status = STATUS_REFUSED;
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct json_writer *body = record_body(till);
    json_text(body, "refund", wanted->refund);
    json_text(body, "sale", wanted->sale);
    json_text(body, "payment", row.payment);
    json_int(body, "amount_yen", wanted->amount_yen);
    json_text(body, "clerk", till->clerk.code);
    json_text(body, "approved_by", wanted->approved_by);
    status = record_single(till, "refund.started", err);
    pthread_cond_broadcast(&till->work_changed);
    return status;
}

enum status
network_refund_load(struct till *till, const char *refund, struct network_refund_state *out, struct error_detail *err)
{
    struct statement *row;
    *out = (struct network_refund_state){0};
    enum status status = database_statement(till->db,
                                            "SELECT sale, payment, amount_yen, clerk, approved_by, started_ms, state"
                                            " FROM refund_run WHERE refund = ?1",
                                            &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, refund);
        status = statement_step(row, &out->exists, err);
    }
    if (status != STATUS_OK || !out->exists) {
        return status;
    }
    snprintf(out->refund, sizeof out->refund, "%s", refund);
    snprintf(out->sale, sizeof out->sale, "%s", statement_column_text(row, 0));
    snprintf(out->payment, sizeof out->payment, "%s", statement_column_text(row, 1));
    out->amount_yen = statement_column_int(row, 2);
    snprintf(out->clerk, sizeof out->clerk, "%s", statement_column_text(row, 3));
    snprintf(out->approved_by, sizeof out->approved_by, "%s", statement_column_text(row, 4));
    out->started_ms = statement_column_int(row, 5);
    const char *state = statement_column_text(row, 6);
    out->is_refused = strcmp(state, "refused") == 0;
    out->is_unknown = strcmp(state, "unknown") == 0;
    out->is_open = out->is_unknown || strcmp(state, "started") == 0;
    statement_reset(row);
    return STATUS_OK;
}

size_t
network_refunds_list(struct till *till, struct network_refund_state *out, size_t capacity)
{
    char ids[NETWORK_REFUNDS_MAX][IDENTITY_TEXT_SIZE];
    size_t id_count = 0;
    size_t count = 0;
    struct statement *row;
    struct error_detail err;
    bool has_row = false;
    enum status status = database_statement(
        till->db, "SELECT refund FROM refund_run WHERE state IN ('started', 'unknown') ORDER BY sequence DESC", &row,
        &err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, &err)) == STATUS_OK && has_row) {
        snprintf(ids[id_count++], IDENTITY_TEXT_SIZE, "%s", statement_column_text(row, 0));
        if (id_count == capacity || id_count == NETWORK_REFUNDS_MAX) {
            statement_reset(row);
            break;
        }
    }
    for (; status == STATUS_OK && count < id_count; count++) {
        status = network_refund_load(till, ids[count], &out[count], &err);
    }
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, "till", "listing open refunds", status, &err);
        return 0;
    }
    return count;
}

static enum status
record_paid(struct till *till, const struct network_refund_state *run, struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_text(body, "refund", run->refund);
    json_text(body, "sale", run->sale);
    json_int(body, "amount_yen", run->amount_yen);
    json_text(body, "means", refund_means_word(REFUND_GATEWAY));
    json_text(body, "clerk", run->clerk);
    json_text(body, "approved_by", run->approved_by);
    return record_single(till, "refund.paid", err);
}

static enum status
record_not_paid(struct till *till, const char *kind, const char *refund, const char *cause, struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_text(body, "refund", refund);
    json_text(body, "cause", cause[0] != '\0' ? cause : "no_answer");
    return record_single(till, kind, err);
}

enum status
network_refund_settle(struct till *till, const char *refund, const struct payment_answer *answer,
                      struct error_detail *err)
{
    struct network_refund_state run;
    enum status status = network_refund_load(till, refund, &run, err);
    if (status != STATUS_OK || !run.is_open) {
        return status;
    }
    if (answer->result == PAYMENT_REVERSED && answer->amount_yen == run.amount_yen) {
        return record_paid(till, &run, err);
    }
    if (answer->result == PAYMENT_DECLINED) {
        return record_not_paid(till, "refund.refused", refund, answer->cause, err);
    }
    if (answer->result == PAYMENT_REVERSED) {
        log_line(LOG_LEVEL_ERROR, refund, "the network says that %lld yen went back, but %lld were asked: unknown",
                 (long long)answer->amount_yen, (long long)run.amount_yen);
    }
    return run.is_unknown ? STATUS_OK : record_not_paid(till, "refund.unknown", refund, answer->cause, err);
}
