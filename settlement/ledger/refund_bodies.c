/* Bodies of refunds. What is left of the sale is not judged here: it may be another till's. */
#include "settlement/ledger/effect_readers.h"

enum { RECEIPT_NUMBER_MAX_BYTES = 40 };

static const char *const means_words[] = {"cash", "gateway", "bank_transfer", NULL};

enum status
effect_read_refund_requested(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct refund_effect *refund = &effect->refund;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "refund", &refund->refund);
    body_id(&reader, "sale", &refund->sale);
    body_text(&reader, "receipt_number", RECEIPT_NUMBER_MAX_BYTES, &refund->receipt_number);
    body_yen(&reader, "amount_yen", 1, &refund->amount_yen);
    body_word(&reader, "means", means_words, &refund->means);
    body_text(&reader, "reason", SENTENCE_MAX_BYTES, &refund->reason);
    body_text(&reader, "clerk", CODE_MAX_BYTES, &refund->clerk);
    body_text_or_none(&reader, "approved_by", CODE_MAX_BYTES, &refund->approved_by);
    return reader.status;
}

enum status
effect_read_refund_paid(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct refund_effect *refund = &effect->refund;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "refund", &refund->refund);
    body_id(&reader, "sale", &refund->sale);
    body_yen(&reader, "amount_yen", 1, &refund->amount_yen);
    body_word(&reader, "means", means_words, &refund->means);
    body_text(&reader, "clerk", CODE_MAX_BYTES, &refund->clerk);
    body_text_or_none(&reader, "approved_by", CODE_MAX_BYTES, &refund->approved_by);
    refund->reason = "";
    if (reader.status == STATUS_OK && refund->approved_by[0] == '\0') {
        body_refuse(&reader, "refund_unapproved", "還付%lld円の支払に、承認者がありません。",
                    (long long)refund->amount_yen);
    }
    return reader.status;
}

enum status
effect_read_refund_withdrawn(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct refund_effect *refund = &effect->refund;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "refund", &refund->refund);
    body_text(&reader, "clerk", CODE_MAX_BYTES, &refund->clerk);
    body_text(&reader, "reason", SENTENCE_MAX_BYTES, &refund->reason);
    refund->approved_by = refund->means = "";
    return reader.status;
}
