/* Bodies of payments and reversals. */
#include "settlement/ledger/effect_readers.h"

#include <stdio.h>

static const char *const cashless_words[] = {"qr", "emoney", "credit", NULL};
static const char *const result_words[] = {"approved", "declined", "not_charged", "reversed", "held", NULL};
static const char *const how_words[] = {"answer", "inquiry", "cancel", "touch", "statement", NULL};
static const char *const reversal_words[] = {"reversed", "refused", NULL};

/* The till's number for its payment terminal: a number, or a text on terminals that count in letters. */
static void
read_sequence_number(struct member_reader *reader, struct payment_effect *payment)
{
    int64_t number;
    const char *text = "";
    if (json_as_int(json_member(reader->object, "sequence_number"), &number)) {
        snprintf(payment->sequence_number, sizeof payment->sequence_number, "%lld", (long long)number);
        return;
    }
    body_text_or_none(reader, "sequence_number", sizeof payment->sequence_number - 1, &text);
    snprintf(payment->sequence_number, sizeof payment->sequence_number, "%s", text);
}

enum status
effect_read_payment_started(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct payment_effect *payment = &effect->payment;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "payment", &payment->payment);
    body_id(&reader, "sale", &payment->sale);
    body_word(&reader, "method", cashless_words, &payment->method);
    body_text_or_none(&reader, "brand", CODE_MAX_BYTES, &payment->brand);
    body_yen(&reader, "amount_yen", 1, &payment->amount_yen);
    read_sequence_number(&reader, payment);
    body_text(&reader, "clerk", CODE_MAX_BYTES, &payment->clerk);
    body_cash_part(&reader, &payment->cash_yen);
    return reader.status;
}

enum status
effect_read_payment_unknown(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct member_reader reader = {.object = body, .err = err};
    effect->payment.acquirer_reference = effect->payment.rule = "";
    body_id(&reader, "payment", &effect->payment.payment);
    body_text(&reader, "cause", CODE_MAX_BYTES, &effect->payment.cause);
    return reader.status;
}

enum status
effect_read_payment_in_doubt(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct member_reader reader = {.object = body, .err = err};
    effect->payment.cause = "";
    body_id(&reader, "payment", &effect->payment.payment);
    body_text_or_none(&reader, "acquirer_reference", REFERENCE_MAX_BYTES, &effect->payment.acquirer_reference);
    body_text_or_none(&reader, "rule", CODE_MAX_BYTES, &effect->payment.rule);
    return reader.status;
}

enum status
effect_read_payment_proved(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    static const char *const results[] = {"charged", "not_charged", NULL};
    struct payment_effect *payment = &effect->payment;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "payment", &payment->payment);
    body_word(&reader, "result", results, &payment->result);
    body_word(&reader, "how", how_words, &payment->how);
    return reader.status;
}

enum status
effect_read_payment_abandoned(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "payment", &effect->payment.payment);
    body_text(&reader, "clerk", CODE_MAX_BYTES, &effect->payment.clerk);
    return reader.status;
}

enum status
effect_read_payment_resolved(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct payment_effect *payment = &effect->payment;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "payment", &payment->payment);
    body_word(&reader, "result", result_words, &payment->result);
    body_text_or_none(&reader, "reason", SENTENCE_MAX_BYTES, &payment->cause);
    body_word(&reader, "how", how_words, &payment->how);
    body_text_or_none(&reader, "acquirer_reference", REFERENCE_MAX_BYTES, &payment->acquirer_reference);
    body_text_or_none(&reader, "approval_code", REFERENCE_MAX_BYTES, &payment->approval_code);
    body_text_or_none(&reader, "slip_number", REFERENCE_MAX_BYTES, &payment->slip_number);
    body_text_or_none(&reader, "masked_number", REFERENCE_MAX_BYTES, &payment->masked_number);
    body_instant_or_none(&reader, "accepted_at", &payment->accepted_at_ms);
    body_text_or_none(&reader, "brand", CODE_MAX_BYTES, &payment->brand);
    return reader.status;
}

enum status
effect_read_reversal_started(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct reversal_effect *reversal = &effect->reversal;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "reversal", &reversal->reversal);
    body_id(&reader, "payment", &reversal->payment);
    body_id(&reader, "sale", &reversal->sale);
    body_yen(&reader, "amount_yen", 1, &reversal->amount_yen);
    body_text(&reader, "clerk", CODE_MAX_BYTES, &reversal->clerk);
    body_text(&reader, "reason", SENTENCE_MAX_BYTES, &reversal->reason);
    return reader.status;
}

enum status
effect_read_reversal_unknown(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "reversal", &effect->reversal.reversal);
    body_text(&reader, "cause", CODE_MAX_BYTES, &effect->reversal.reason);
    return reader.status;
}

enum status
effect_read_reversal_resolved(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct reversal_effect *reversal = &effect->reversal;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "reversal", &reversal->reversal);
    body_word(&reader, "result", reversal_words, &reversal->result);
    body_text_or_none(&reader, "reason", SENTENCE_MAX_BYTES, &reversal->reason);
    return reader.status;
}
