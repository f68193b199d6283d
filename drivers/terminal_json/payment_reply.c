/* What replies about one payment prove. The one idea: only what the protocol's table lists as "nothing taken" is taken
 * to prove that; every other failure, known to nobody here, is TERMINAL_UNKNOWN and will be asked for again. */
#include "drivers/terminal_json/response.h"

#include "drivers/payment_terminal/payment_terminal_driver.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { IN_PAYMENT = 1, IN_REVERSAL = 2, IN_STATUS = 4, IN_REFUND = 8 };

static const struct meaning {
    const char *condition;
    unsigned where;
    enum terminal_result result;
} meanings[] = {
    {"Refusal", IN_PAYMENT | IN_REVERSAL | IN_REFUND, TERMINAL_CENTER_ERROR},
    {"PaymentRestriction", IN_PAYMENT, TERMINAL_DEFICIENT},
    {"UnreachableHost", IN_PAYMENT | IN_REVERSAL | IN_REFUND, TERMINAL_COMMUNICATION_ERROR},
    {"Cancel", IN_PAYMENT | IN_REVERSAL | IN_REFUND, TERMINAL_CANCELLED},
    {"Aborted", IN_PAYMENT | IN_REVERSAL | IN_REFUND, TERMINAL_CANCELLED},
    {"InvalidCard", IN_PAYMENT | IN_REVERSAL | IN_REFUND, TERMINAL_NO_CARD},
    {"Busy", IN_PAYMENT | IN_REVERSAL | IN_REFUND, TERMINAL_BUSY},
    {"Busy", IN_STATUS, TERMINAL_IN_PROGRESS},
    {"NotAllowed", IN_PAYMENT | IN_REVERSAL | IN_REFUND, TERMINAL_NOT_ALLOWED},
    {"InProgress", IN_STATUS, TERMINAL_IN_PROGRESS},
    {"NotFound", IN_REVERSAL | IN_STATUS | IN_REFUND, TERMINAL_NOT_FOUND},
};

static enum terminal_result
failure_result(const struct terminal_response *response, unsigned where)
{
    char text[TERMINAL_TEXT_SIZE];
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if ((meanings[i].where & where) == 0 || strcmp(meanings[i].condition, response->condition) != 0) {
            continue;
        }
        const bool is_deficient =
            terminal_pair_find(response->additional, "Deficient", text, sizeof text) && strcmp(text, "true") == 0;
        return meanings[i].result == TERMINAL_DEFICIENT && !is_deficient ? TERMINAL_NOT_ALLOWED : meanings[i].result;
    }
    return TERMINAL_UNKNOWN;
}

static enum terminal_result
read_result(const struct terminal_response *response, unsigned where)
{
    char text[TERMINAL_TEXT_SIZE];
    if (strcmp(response->result, "Success") == 0) {
        return TERMINAL_APPROVED;
    }
    if (strcmp(response->result, "Failure") == 0) {
        return failure_result(response, where);
    }
    const bool is_in_doubt =
        strcmp(response->result, "Partial") == 0 && strcmp(response->condition, "InProgress") == 0 &&
        terminal_pair_find(response->additional, "InDoubt", text, sizeof text) && strcmp(text, "true") == 0;
    return is_in_doubt && (where & (IN_PAYMENT | IN_REVERSAL)) != 0 ? TERMINAL_IN_DOUBT : TERMINAL_UNKNOWN;
}

/* A refund says so, and its amount has a minus: a sale's answer can never be taken for it, nor the other way round. */
static bool
read_amount(const struct json_value *payment, unsigned where, struct terminal_answer *out)
{
    const struct json_value *amounts = json_member(payment, "AmountsResp");
    const bool is_refund = terminal_text_is(payment, "PaymentType", "Refund");
    const int64_t least_yen = out->result == TERMINAL_APPROVED ? 1 : 0; /* in doubt, nothing is authorised yet */
    int64_t yen = 0;
    if (!terminal_text_is(amounts, "Currency", "JPY") ||
        json_get_int(amounts, "AuthorizedAmount", is_refund ? -TERMINAL_AMOUNT_MAX_YEN : least_yen,
                     is_refund ? -1 : TERMINAL_AMOUNT_MAX_YEN, &yen, NULL) != STATUS_OK ||
        (where == IN_PAYMENT && is_refund) || (where == IN_REFUND && !is_refund)) {
        return false;
    }
    out->amount_yen = is_refund ? -yen : yen;
    return true;
}

static bool
read_payment_result(const struct json_value *body, unsigned where, struct terminal_answer *out)
{
    const struct json_value *payment = json_member(body, "PaymentResult");
    const struct json_value *acquirer = json_member(payment, "PaymentAcquirerData");
    const struct json_value *acquirer_transaction = json_member(acquirer, "AcquirerTransactionID");
    const struct json_value *card = json_member(json_member(payment, "PaymentInstrumentData"), "CardData");
    const struct json_value *poi_transaction = json_member(json_member(body, "POIData"), "POITransactionID");

    return read_amount(payment, where, out) &&
           json_get_int_or(payment, "BalanceAfter", 0, TERMINAL_AMOUNT_MAX_YEN, -1, &out->balance_yen, NULL) ==
               STATUS_OK &&
           terminal_text_copy(out->slip_number, payment, "SlipNumber") &&
           terminal_text_copy(out->approval_code, acquirer, "ApprovalCode") &&
           terminal_text_copy(out->acquirer_reference, acquirer_transaction, "TransactionID") &&
           terminal_text_copy(out->masked_number, card, "MaskedPan") &&
           terminal_text_copy(out->brand, card, "PaymentBrand") &&
           terminal_time_copy(&out->accepted_at_ms, acquirer_transaction) &&
           terminal_time_copy(&out->accepted_at_ms, poi_transaction);
}

static void
read_additional(const struct terminal_response *response, struct terminal_answer *out)
{
    char balance[TERMINAL_TEXT_SIZE], training[TERMINAL_TEXT_SIZE];
    out->is_training = terminal_pair_find(response->additional, "Training", training, sizeof training) &&
                       strcmp(training, "true") == 0;
    (void)terminal_pair_find(response->additional, "CenterResultCode", out->center_result_code,
                             sizeof out->center_result_code);
    if (terminal_pair_find(response->additional, "Balance", balance, sizeof balance)) {
        int64_t yen = 0;
        int end = 0;
        if (strspn(balance, "0123456789") == strlen(balance) && sscanf(balance, "%7" SCNd64 "%n", &yen, &end) == 1 &&
            balance[end] == '\0') {
            out->balance_yen = yen;
        }
    }
}

static void
give_up(struct terminal_answer *out, struct error_detail *err)
{
    terminal_answer_reset(out, TERMINAL_UNKNOWN);
    error_set(err, "terminal_reply_invalid", "決済端末の応答を解釈できません。再度請求せず、結果を照会してください。");
}

/* Whether BODY tells of REFERENCE. An answer to our own request may leave that out where nothing was taken; what is
 * repeated later may not, because a terminal that repeats its last payment answers every question about another. */
static bool
names_payment(const struct json_value *body, const char *reference, bool may_be_absent)
{
    const struct json_value *transaction = json_member(json_member(body, "SaleData"), "SaleTransactionID");
    return transaction == NULL ? may_be_absent : terminal_text_is(transaction, "TransactionID", reference);
}

/* REFERENCE is NULL where the caller has looked whose answer it is. */
static void
read_payment(const struct json_value *body, unsigned where, const char *reference, struct terminal_answer *out,
             struct error_detail *err)
{
    struct terminal_response response;
    terminal_answer_reset(out, TERMINAL_UNKNOWN);
    if (!terminal_response_read(body, &response)) {
        give_up(out, err);
        return;
    }
    out->result = read_result(&response, where == IN_STATUS ? IN_PAYMENT : where);
    read_additional(&response, out);
    const bool has_moved = out->result == TERMINAL_APPROVED || out->result == TERMINAL_IN_DOUBT;
    const bool is_ours = reference == NULL || names_payment(body, reference, where != IN_STATUS && !has_moved);
    if (!is_ours || (has_moved && !read_payment_result(body, where, out))) {
        give_up(out, err);
        return;
    }
    terminal_result_explain(out->result, err);
}

/* The earlier payment of the card that was touched now: what it says beside its own answer is an answer as well. What
 * does not read tells nothing; the earlier payment goes on being asked for. */
static void
read_earlier(const struct json_value *body, struct terminal_touch *out)
{
    const struct json_value *earlier = json_member(body, "EarlierTransaction");
    const char *reference = NULL;
    struct terminal_answer answer;
    if (!json_is_object(earlier) || json_get_text(json_member(earlier, "SaleTransactionID"), "TransactionID",
                                                  TERMINAL_REFERENCE_SIZE - 1, &reference, NULL) != STATUS_OK) {
        return;
    }
    read_payment(earlier, IN_PAYMENT, NULL, &answer, NULL);
    /* A terminal that is busy has not looked at the card, and training says nothing of real money. */
    const bool has_looked = answer.result != TERMINAL_BUSY && !answer.is_training;
    if (!has_looked || (answer.result != TERMINAL_APPROVED && !terminal_result_is_free(answer.result))) {
        return;
    }
    snprintf(out->reference, sizeof out->reference, "%s", reference);
    out->was_charged = answer.result == TERMINAL_APPROVED;
    out->amount_yen = out->was_charged ? answer.amount_yen : 0;
    out->accepted_at_ms = out->was_charged ? answer.accepted_at_ms : 0;
    memcpy(out->acquirer_reference, answer.acquirer_reference, sizeof out->acquirer_reference);
}

void
terminal_reply_payment(const struct terminal_reply *reply, const char *reference, struct terminal_answer *out,
                       struct error_detail *err)
{
    read_payment(reply->body, IN_PAYMENT, reference, out, err);
    read_earlier(reply->body, &out->earlier);
}

void
terminal_reply_refund(const struct terminal_reply *reply, const char *reference, struct terminal_answer *out,
                      struct error_detail *err)
{
    read_payment(reply->body, IN_REFUND, reference, out, err);
}

void
terminal_reply_reversal(const struct terminal_reply *reply, struct terminal_answer *out, struct error_detail *err)
{
    struct terminal_response response;
    terminal_answer_reset(out, TERMINAL_UNKNOWN);
    if (!terminal_response_read(reply->body, &response)) {
        give_up(out, err);
        return;
    }
    out->result = read_result(&response, IN_REVERSAL);
    read_additional(&response, out);
    if (!terminal_time_copy(&out->accepted_at_ms,
                            json_member(json_member(reply->body, "POIData"), "POITransactionID"))) {
        give_up(out, err);
        return;
    }
    terminal_result_explain(out->result, err);
}

void
terminal_reply_status(const struct terminal_reply *reply, const char *reference, struct terminal_answer *out,
                      struct error_detail *err)
{
    struct terminal_response response;
    terminal_answer_reset(out, TERMINAL_UNKNOWN);
    if (!terminal_response_read(reply->body, &response)) {
        give_up(out, err);
        return;
    }
    const enum terminal_result result = read_result(&response, IN_STATUS);
    if (result == TERMINAL_APPROVED) {
        read_payment(json_member(reply->body, "RepeatedMessageResponse"), IN_STATUS, reference, out, err);
        struct terminal_answer outer = {.result = TERMINAL_UNKNOWN};
        read_additional(&response, &outer); /* the repeated response was given by the mode of then */
        out->is_training = out->is_training || outer.is_training;
        return;
    }
    out->result = result;
    terminal_result_explain(out->result, err);
}
