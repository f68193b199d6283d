/* Bodies of refunds. What is left of the sale is not judged here: it may be another till's. */
#include "common/money/yen.h"
#include "settlement/ledger/effect_readers.h"

#include <stdlib.h>
#include <string.h>

enum { RECEIPT_NUMBER_MAX_BYTES = 40 };

static const char *const means_words[] = {"cash", "gateway", "bank_transfer", NULL};

/* Which lines of the sale are meant. Tills of before say nothing, or that all of it is. */
static enum status
read_parts(struct refund_effect *refund, const struct json_value *body, struct error_detail *err)
{
    const struct json_value *list = json_member(body, "lines");
    int64_t sum_yen = 0;
    if (json_is_null(list)) {
        return STATUS_OK;
    }
    enum status status = json_get_array(body, "lines", &list, err);
    if (status != STATUS_OK) {
        return status;
    }
    refund->parts = calloc(json_count(list) + 1, sizeof *refund->parts);
    if (refund->parts == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (const struct json_value *row = json_first(list); row != NULL && status == STATUS_OK; row = json_next(row)) {
        struct refund_part *part = &refund->parts[refund->part_count];
        struct member_reader reader = {.object = row, .err = err};
        body_count(&reader, "line", &part->line);
        body_yen(&reader, "amount_yen", 1, &part->amount_yen);
        if (reader.status == STATUS_OK && part->line <= (refund->part_count == 0 ? 0 : part[-1].line)) {
            body_refuse(&reader, "wrong_body", "還付の明細が順に並んでいません。");
        }
        status = reader.status == STATUS_OK ? yen_add(&sum_yen, sum_yen, part->amount_yen) : reader.status;
        refund->part_count += status == STATUS_OK ? 1 : 0;
    }
    if (status == STATUS_OK && sum_yen != refund->amount_yen) {
        error_set(err, "wrong_sum", "還付の明細の合計%lld円が、還付額%lld円と一致しません。", (long long)sum_yen,
                  (long long)refund->amount_yen);
        return STATUS_INVALID;
    }
    return status;
}

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
    body_text(&reader, "clerk", PERSON_MAX_BYTES, &refund->clerk);
    body_text_or_none(&reader, "approved_by", PERSON_MAX_BYTES, &refund->approved_by);
    refund->takes_over = "";
    if (json_member(body, "takes_over") != NULL) {
        body_id(&reader, "takes_over", &refund->takes_over);
    }
    return reader.status == STATUS_OK ? read_parts(refund, body, err) : reader.status;
}

enum status
effect_read_refund_approved(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct refund_effect *refund = &effect->refund;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "refund", &refund->refund);
    body_text(&reader, "approved_by", PERSON_MAX_BYTES, &refund->approved_by);
    refund->clerk = refund->means = refund->reason = "";
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
    body_text(&reader, "clerk", PERSON_MAX_BYTES, &refund->clerk);
    body_text_or_none(&reader, "approved_by", PERSON_MAX_BYTES, &refund->approved_by);
    refund->reason = "";
    refund->reversal = "";
    if (json_member(body, "reversal") != NULL) {
        body_id(&reader, "reversal", &refund->reversal);
    }
    if (reader.status == STATUS_OK && refund->reversal[0] != '\0' && strcmp(refund->means, "gateway") != 0) {
        body_refuse(&reader, "wrong_body", "決済の取消による還付の方法が、決済の取消になっていません。");
    }
    if (reader.status == STATUS_OK && refund->approved_by[0] == '\0' && refund->reversal[0] == '\0') {
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
    body_text(&reader, "clerk", PERSON_MAX_BYTES, &refund->clerk);
    body_text(&reader, "reason", SENTENCE_MAX_BYTES, &refund->reason);
    refund->approved_by = refund->means = "";
    return reader.status;
}

/* How a run that was started goes on. */
static enum status
read_run(struct effect *effect, const struct json_value *body, const char *run, struct error_detail *err)
{
    struct refund_effect *refund = &effect->refund;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "refund", &refund->refund);
    body_text(&reader, "cause", CODE_MAX_BYTES, &refund->reason);
    refund->clerk = refund->approved_by = refund->means = refund->payment = "";
    refund->run = run;
    return reader.status;
}

enum status
effect_read_refund_started(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct refund_effect *refund = &effect->refund;
    struct member_reader reader = {.object = body, .err = err};
    body_id(&reader, "refund", &refund->refund);
    body_id(&reader, "sale", &refund->sale);
    body_id(&reader, "payment", &refund->payment);
    body_yen(&reader, "amount_yen", 1, &refund->amount_yen);
    body_text(&reader, "clerk", PERSON_MAX_BYTES, &refund->clerk);
    body_text(&reader, "approved_by", PERSON_MAX_BYTES, &refund->approved_by);
    refund->means = refund->reason = "";
    refund->run = "running";
    return reader.status;
}

enum status
effect_read_refund_unknown(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    return read_run(effect, body, "unknown", err);
}

enum status
effect_read_refund_refused(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    return read_run(effect, body, "refused", err);
}
