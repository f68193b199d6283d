/* Cashless payments and reversals. A payment moves only forward, and to one end:
 *
 *   started ──▶ unknown ──▶ in_doubt        ──▶ approved | declined | not_charged | reversed | held
 *
 * Only `held` is booked here: money that was taken, is unwanted, and stays with the trustee until finance gives it
 * back. An approved payment is booked by its sale.recorded. */
#include "settlement/ledger/apply_parts.h"
#include "settlement/store/payment_store.h"

#include <string.h>

static bool
is_final(const char *state)
{
    return strcmp(state, "started") != 0 && strcmp(state, "unknown") != 0 && strcmp(state, "in_doubt") != 0;
}

static enum status
start_payment(struct application *at, const struct payment_effect *payment)
{
    struct payment_facts facts;
    enum status status = payment_find(at->txn, payment->payment, &facts, at->err);
    if (status == STATUS_OK && facts.started_sequence != 0) {
        return apply_refuse(at, "payment_known", "この決済は%sの行%lldですでに始まっています。", facts.terminal,
                            (long long)facts.started_sequence);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct payment_row row = {
        .terminal = at->line->terminal,
        .started_sequence = at->line->sequence,
        .municipality = at->till->municipality,
        .place = at->till->place,
        .payment = payment->payment,
        .sale = payment->sale,
        .method = payment->method,
        .brand = payment->brand,
        .amount_yen = payment->amount_yen,
        .sequence_number = payment->sequence_number,
        .clerk = payment->clerk,
        .business_date = at->business_date,
        .started_at_ms = at->line->at_ms,
        .cash_yen = payment->cash_yen,
    };
    return payment_put(at->txn, &row, at->err);
}

/* The payment must be this till's and not at its end. */
static enum status
find_open_payment(struct application *at, const char *payment, struct payment_facts *out)
{
    enum status status = payment_find(at->txn, payment, out, at->err);
    if (status != STATUS_OK) {
        return status;
    }
    if (out->started_sequence == 0 || strcmp(out->terminal, at->line->terminal) != 0) {
        return apply_refuse(at, "payment_unknown", "この端末で始まった決済の中に、%sがありません。", payment);
    }
    if (is_final(out->state)) {
        return apply_refuse(at, "payment_resolved", "決済%sの結果(%s)はすでに確定しています。", payment, out->state);
    }
    return STATUS_OK;
}

static enum status
resolve_payment(struct application *at, const struct payment_effect *payment, const struct payment_facts *facts)
{
    struct payment_resolution resolution = {
        .state = payment->result,
        .cause = payment->cause,
        .how = payment->how,
        .resolved_on = at->business_date,
        .acquirer_reference = payment->acquirer_reference,
        .approval_code = payment->approval_code,
        .slip_number = payment->slip_number,
        .masked_number = payment->masked_number,
        .accepted_at_ms = payment->accepted_at_ms,
        .brand = payment->brand,
    };
    enum status status = payment_set_resolved(at->txn, payment->payment, at->line->sequence, &resolution, at->err);
    if (status != STATUS_OK || strcmp(payment->result, "held") != 0) {
        return status;
    }
    char taken_on[CIVIL_DATE_TEXT_SIZE];
    memcpy(taken_on, at->business_date, sizeof taken_on);
    if (payment->accepted_at_ms != 0) {
        civil_date_format(taken_on, civil_date_at(payment->accepted_at_ms));
    }
    struct posting_list list;
    postings_of_held(&list, payment->brand[0] != '\0' ? payment->brand : facts->brand, facts->amount_yen);
    return apply_postings(at, &list, taken_on);
}

/* A payment that counted as a sale while it was in doubt: how it turned out. The sale stands either way; that it was
 * not charged is for finance to undo. */
static enum status
prove_payment(struct application *at, const struct payment_effect *payment)
{
    struct payment_facts facts;
    enum status status = payment_find(at->txn, payment->payment, &facts, at->err);
    if (status != STATUS_OK) {
        return status;
    }
    if (facts.started_sequence == 0 || strcmp(facts.terminal, at->line->terminal) != 0 ||
        strcmp(facts.state, "approved") != 0 || strcmp(facts.rule, "counts_as_sale") != 0 || facts.is_proved) {
        return apply_refuse(at, "payment_not_in_doubt",
                            "決済%sは、未了のまま売上とした決済ではないか、結果が出ています。", payment->payment);
    }
    return payment_set_proved(at->txn, payment->payment, payment->result, at->line->sequence, at->err);
}

enum status
apply_payment(struct application *at, const struct effect *effect)
{
    const struct payment_effect *payment = &effect->payment;
    if (effect->kind == EFFECT_PAYMENT_STARTED) {
        return start_payment(at, payment);
    }
    if (effect->kind == EFFECT_PAYMENT_PROVED) {
        return prove_payment(at, payment);
    }
    struct payment_facts facts;
    enum status status = find_open_payment(at, payment->payment, &facts);
    if (status != STATUS_OK) {
        return status;
    }
    if (effect->kind == EFFECT_PAYMENT_ABANDONED) {
        return payment_set_abandoned(at->txn, payment->payment, at->line->sequence, at->err);
    }
    if (effect->kind == EFFECT_PAYMENT_RESOLVED) {
        return resolve_payment(at, payment, &facts);
    }
    const char *state = effect->kind == EFFECT_PAYMENT_IN_DOUBT ? "in_doubt" : "unknown";
    return payment_set_state(at->txn, payment->payment, state, at->line->sequence, payment->cause,
                             payment->acquirer_reference, payment->rule, at->err);
}

static enum status
start_reversal(struct application *at, const struct reversal_effect *reversal)
{
    char known[PAYMENT_STATE_SIZE];
    struct payment_facts facts;
    enum status status = reversal_state(at->txn, reversal->reversal, known, at->err);
    if (status == STATUS_OK && known[0] != '\0') {
        return apply_refuse(at, "reversal_known", "取消%sはすでに始まっています。", reversal->reversal);
    }
    if (status == STATUS_OK) {
        status = payment_find(at->txn, reversal->payment, &facts, at->err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (facts.started_sequence == 0 || strcmp(facts.terminal, at->line->terminal) != 0 ||
        facts.amount_yen != reversal->amount_yen) {
        return apply_refuse(at, "reversal_of_what", "取消の対象の決済%sがないか、金額%lld円が異なります。",
                            reversal->payment, (long long)reversal->amount_yen);
    }
    struct reversal_row row = {
        .terminal = at->line->terminal,
        .started_sequence = at->line->sequence,
        .municipality = at->till->municipality,
        .reversal = reversal->reversal,
        .payment = reversal->payment,
        .sale = reversal->sale,
        .amount_yen = reversal->amount_yen,
        .clerk = reversal->clerk,
        .reason = reversal->reason,
    };
    return reversal_put(at->txn, &row, at->err);
}

enum status
apply_reversal(struct application *at, const struct effect *effect)
{
    const struct reversal_effect *reversal = &effect->reversal;
    if (effect->kind == EFFECT_REVERSAL_STARTED) {
        return start_reversal(at, reversal);
    }
    char known[PAYMENT_STATE_SIZE];
    enum status status = reversal_state(at->txn, reversal->reversal, known, at->err);
    if (status != STATUS_OK) {
        return status;
    }
    if (strcmp(known, "started") != 0 && strcmp(known, "unknown") != 0) {
        return apply_refuse(at, "reversal_resolved", "取消%sは始まっていないか、結果がすでに確定しています。",
                            reversal->reversal);
    }
    const char *state = effect->kind == EFFECT_REVERSAL_UNKNOWN ? "unknown" : reversal->result;
    return reversal_set_state(at->txn, reversal->reversal, state, at->line->sequence, reversal->reason, at->err);
}
