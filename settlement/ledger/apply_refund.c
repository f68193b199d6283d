/* Refunds: requested ──▶ paid | withdrawn; on the way a till may carry it out itself (`run`), or the second person of
 * the finance desk approves it (`approved`), without which the desk pays nothing. A request waits for finance and books
 * nothing. The desk may take over what a till was asked for: its own refund then stands for the till's. Money that was
 * paid is booked by itself, never against the revenue of the sale: 戻出 and 減額調定 are steps of people. Whether the
 * sale has as much left is not asked here: the sale may be another till's and come in later, and money that went out is
 * a fact. The audit adds refunds up against their sales. */
#include "settlement/ledger/apply_parts.h"
#include "settlement/store/payment_store.h"
#include "settlement/store/refund_store.h"

#include <string.h>

/* A till's request of the same sale that waits, and that no till is carrying out. */
static enum status
check_taking_over(struct application *at, const struct refund_effect *refund)
{
    struct refund_facts other;
    enum status status = refund_find(at->txn, refund->takes_over, &other, at->err);
    if (status != STATUS_OK) {
        return status;
    }
    bool is_free = strcmp(other.state, "requested") == 0 && other.taken_over_by[0] == '\0' &&
                   strcmp(other.run, "running") != 0 && strcmp(other.run, "unknown") != 0;
    if (!terminal_id_is_of_desk(at->line->terminal) || !is_free || strcmp(other.sale, refund->sale) != 0 ||
        terminal_id_is_of_desk(other.terminal) || other.amount_yen != refund->amount_yen) {
        return apply_refuse(at, "refund_taken_wrong", "引き継いだ還付%sは、引き継げる還付ではありません。",
                            refund->takes_over);
    }
    return STATUS_OK;
}

static enum status
request(struct application *at, const struct refund_effect *refund)
{
    struct refund_facts known;
    enum status status = refund_find(at->txn, refund->refund, &known, at->err);
    if (status == STATUS_OK && known.requested_sequence != 0) {
        return apply_refuse(at, "refund_known", "この還付は%sの行%lldですでに求められています。", known.terminal,
                            (long long)known.requested_sequence);
    }
    if (status == STATUS_OK && refund->takes_over[0] != '\0') {
        status = check_taking_over(at, refund);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct refund_row row = {
        .terminal = at->line->terminal,
        .requested_sequence = at->line->sequence,
        .municipality = at->till->municipality,
        .place = at->till->place,
        .refund = refund->refund,
        .sale = refund->sale,
        .receipt_number = refund->receipt_number,
        .business_date = at->business_date,
        .requested_at_ms = at->line->at_ms,
        .amount_yen = refund->amount_yen,
        .means = refund->means,
        .reason = refund->reason,
        .clerk = refund->clerk,
        .approved_by = refund->approved_by,
        .takes_over = refund->takes_over,
    };
    status = refund_put(at->txn, &row, at->err);
    for (size_t i = 0; i < refund->part_count && status == STATUS_OK; i++) {
        status = refund_line_put(at->txn, &row, refund->parts[i].line, refund->parts[i].amount_yen, at->err);
    }
    return status;
}

static enum status
pay(struct application *at, const struct refund_effect *refund)
{
    struct posting_list list;
    bool is_cash = strcmp(refund->means, "cash") == 0;
    postings_of_transfer(&list, LEDGER_REFUND, is_cash ? LEDGER_DRAWER : LEDGER_REFUND_TRANSIT, refund->amount_yen);
    return apply_postings(at, &list, at->business_date);
}

/* A run begins once, for what was asked, through the network that took the sale's payment: its brand follows from it.
 */
static enum status
check_start(struct application *at, const struct refund_effect *refund, const struct refund_facts *known)
{
    struct payment_facts payment;
    if (known->run[0] != '\0') {
        return apply_refuse(at, "refund_run_known", "還付%sの返金はすでに始まっています(%s)。", refund->refund,
                            known->run);
    }
    enum status status = payment_find(at->txn, refund->payment, &payment, at->err);
    if (status != STATUS_OK) {
        return status;
    }
    bool is_its_payment = payment.started_sequence != 0 && strcmp(payment.terminal, at->line->terminal) == 0 &&
                          strcmp(payment.state, "approved") == 0 && strcmp(payment.sale, refund->sale) == 0;
    if (known->amount_yen != refund->amount_yen || strcmp(known->sale, refund->sale) != 0 || !is_its_payment) {
        return apply_refuse(at, "refund_differs",
                            "始めた返金%lld円が、求められた還付%lld円かその売上の決済と一致しません。",
                            (long long)refund->amount_yen, (long long)known->amount_yen);
    }
    return STATUS_OK;
}

/* Nothing is booked: what a till is doing about a request must be seen, that is all. */
static enum status
carry_on(struct application *at, const struct refund_effect *refund, const struct refund_facts *known)
{
    bool is_start = strcmp(refund->run, "running") == 0;
    bool is_running = strcmp(known->run, "running") == 0 || strcmp(known->run, "unknown") == 0;
    if (!is_start && !is_running) {
        return apply_refuse(at, "refund_not_running", "還付%sの返金は始まっていないか、終わっています。",
                            refund->refund);
    }
    enum status status = is_start ? check_start(at, refund, known) : STATUS_OK;
    return status == STATUS_OK ? refund_set_run(at->txn, refund->refund, refund->run, at->err) : status;
}

static enum status
approve(struct application *at, const struct refund_effect *refund, const struct refund_facts *known)
{
    if (!terminal_id_is_of_desk(at->line->terminal) || known->approved_by[0] != '\0' ||
        strcmp(known->clerk, refund->approved_by) == 0) {
        return apply_refuse(at, "refund_approved_wrong", "還付%sの承認が、二人目の確認になっていません。",
                            refund->refund);
    }
    return refund_set_approved(at->txn, refund->refund, refund->approved_by, at->err);
}

enum status
apply_refund(struct application *at, const struct effect *effect)
{
    const struct refund_effect *refund = &effect->refund;
    if (effect->kind == EFFECT_REFUND_REQUESTED) {
        return request(at, refund);
    }
    struct refund_facts known;
    enum status status = refund_find(at->txn, refund->refund, &known, at->err);
    if (status != STATUS_OK) {
        return status;
    }
    bool is_paid = effect->kind == EFFECT_REFUND_PAID;
    if (known.requested_sequence == 0 || strcmp(known.terminal, at->line->terminal) != 0) {
        return apply_refuse(at, "refund_unknown", "この端末で求められた還付の中に、%sがありません。", refund->refund);
    }
    if (strcmp(known.state, "requested") != 0) {
        return apply_refuse(at, "refund_ended", "還付%sはすでに終わっています(%s)。", refund->refund, known.state);
    }
    if (effect->kind == EFFECT_REFUND_APPROVED) {
        return approve(at, refund, &known);
    }
    if (is_paid && terminal_id_is_of_desk(at->line->terminal) &&
        (known.approved_by[0] == '\0' || strcmp(known.approved_by, refund->approved_by) != 0)) {
        return apply_refuse(at, "refund_unapproved", "還付%sの支払に、二人目の承認がありません。", refund->refund);
    }
    if (effect->kind == EFFECT_REFUND_RUN) {
        return carry_on(at, refund, &known);
    }
    if (is_paid && (known.amount_yen != refund->amount_yen || strcmp(known.sale, refund->sale) != 0)) {
        return apply_refuse(at, "refund_differs", "支払った還付%lld円が、求められた還付%lld円と一致しません。",
                            (long long)refund->amount_yen, (long long)known.amount_yen);
    }
    if (is_paid && refund->reversal[0] != '\0') {
        bool has_given_back = false;
        status = reversal_gave_back(at->txn, at->line->terminal, refund->reversal, refund->sale, refund->amount_yen,
                                    &has_given_back, at->err);
        if (status == STATUS_OK && !has_given_back) {
            return apply_refuse(at, "refund_of_no_reversal", "還付%lld円のもとになる決済の取消%sが確かめられません。",
                                (long long)refund->amount_yen, refund->reversal);
        }
    }
    struct refund_end end = {
        .state = is_paid ? "paid" : "withdrawn",
        .sequence = at->line->sequence,
        .business_date = at->business_date,
        .means = refund->means,
        .clerk = refund->clerk,
        .approved_by = refund->approved_by,
        .reason = refund->reason,
    };
    if (status == STATUS_OK) {
        status = refund_set_end(at->txn, refund->refund, &end, at->err);
    }
    return status == STATUS_OK && is_paid ? pay(at, refund) : status;
}
