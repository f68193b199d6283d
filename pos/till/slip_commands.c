/* What was scanned: a citizen's payment code while a payment waits for one, otherwise the barcode of an application
 * form or a payment slip, which is rung up.
 *
 * A scanner has no screen, so what came of a scan is kept for the clerk's (the member `scan` of the state). Nothing of
 * what was scanned is shown or kept but what a slip's rule reads out of it: it may be a payment code. */
#include "pos/till/paid_once.h"
#include "pos/till/slip_price.h"
#include "pos/till/till_parts.h"

#include "common/text/utf8.h"

#include <stdio.h>
#include <string.h>

static const char application_kind[] = "application"; /* says what is applied for */

/* The price that the slip says, where the item lets it. */
static enum status
price_slip(const struct till *till, const struct scanned_slip *slip, struct sale_line *line, struct error_detail *err)
{
    if (slip->has_amount && slip->amount_yen == 0) {
        error_set(err, "slip_price", "用紙の金額が0円です。用紙を確かめてください。");
        return STATUS_REFUSED;
    }
    if (!slip->has_amount) {
        return slip_price_check_item(till, &slip->item, err);
    }
    if (slip->amount_yen == line->unit_price_yen) {
        return STATUS_OK;
    }
    const struct master_policy *policy = masters_policy_of(till->masters, &slip->item, till_business_date(till));
    bool has_open_price = slip->item.price_yen == 0 || policy->allows_price_override;
    if (!has_open_price) {
        char list[YEN_TEXT_SIZE], said[YEN_TEXT_SIZE];
        error_set(err, "slip_price", "用紙の金額%s円は「%s」の料金%s円と違います。用紙を確かめてください。",
                  yen_format(said, slip->amount_yen), slip->item.name, yen_format(list, slip->item.price_yen));
        return STATUS_REFUSED;
    }
    line->unit_price_yen = slip->amount_yen;
    return STATUS_OK;
}

static void
reference_of(const struct scanned_slip *slip, struct sale_reference *out)
{
    *out = (struct sale_reference){0};
    if (slip->reference[0] != '\0') {
        snprintf(out->kind, sizeof out->kind, "%s", slip->has_amount ? SLIP_REFERENCE_KIND : application_kind);
        snprintf(out->number, sizeof out->number, "%s", slip->reference);
    }
}

static bool
has_item(const struct sale_content *content, const char *item)
{
    for (size_t i = 0; i < content->line_count; i++) {
        if (strcmp(content->lines[i].item, item) == 0) {
            return true;
        }
    }
    return false;
}

static enum status
check_reference(struct till *till, const struct scanned_slip *slip, const struct sale_reference *reference,
                struct error_detail *err)
{
    const struct sale_reference *present = &till->basket.content.reference;
    if (!slip->has_amount || reference->number[0] == '\0') {
        return STATUS_OK;
    }
    if (strcmp(present->number, reference->number) == 0 && has_item(&till->basket.content, slip->item.code)) {
        error_set(err, "slip_twice", "番号 %s はもう読み取っています。", reference->number);
        return STATUS_REFUSED;
    }
    return slip_check_not_paid(till, reference, err);
}

/* The line and the reference together, or neither. */
static enum status
ring_up(struct till *till, const struct scanned_slip *slip, struct error_detail *err)
{
    static struct sale_content before; /* large; one for the process: used under the till's lock */
    struct sale_reference reference;
    struct sale_line line;
    line_from_item(&slip->item, &line);
    reference_of(slip, &reference);
    enum status status = check_reference(till, slip, &reference, err);
    if (status == STATUS_OK) {
        status = price_slip(till, slip, &line, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    before = till->basket.content;
    if (reference.number[0] != '\0') {
        status = basket_set_reference(&till->basket, &reference, err);
    }
    if (status == STATUS_OK && slip->item.tariff[0] == '\0') {
        status = basket_add(&till->basket, &line, err);
    }
    if (status != STATUS_OK) {
        till->basket.content = before;
    }
    return status;
}

enum status
scan_slip(struct till *till, const char *code, struct scanned *out, struct error_detail *err)
{
    struct scanned_slip slip;
    enum status status = masters_scan(till->masters, code, till_business_date(till), &slip, err);
    if (status == STATUS_NOT_FOUND) {
        return status;
    }
    if (status == STATUS_OK) {
        status = check_can_sell(till, err);
    }
    if (status == STATUS_OK) {
        status = basket_make_room(till, err);
    }
    if (status == STATUS_OK) {
        status = ring_up(till, &slip, err);
    }
    if (status != STATUS_OK) {
        out->subject = SUBJECT_FAULT;
        snprintf(out->message, sizeof out->message, "%.*s",
                 (int)utf8_prefix(err->message, strlen(err->message), sizeof out->message - 1), err->message);
        return status;
    }
    out->subject = slip.item.tariff[0] != '\0' ? SUBJECT_CASE : SUBJECT_ITEM;
    snprintf(out->id, sizeof out->id, "%s", slip.item.code);
    snprintf(out->message, sizeof out->message, "%.100s %.60s: %.70s", slip.rule->name, slip.reference, slip.item.name);
    out->message[utf8_prefix(out->message, strlen(out->message), sizeof out->message - 1)] = '\0';
    return STATUS_OK;
}

enum status
till_set_reference(struct till *till, const char *kind, const char *number, struct error_detail *err)
{
    static const char *const kinds[] = {"reservation", "application", "slip"};
    struct sale_reference reference = {0};
    bool is_known = kind == NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && kind != NULL; i++) {
        is_known = is_known || strcmp(kind, kinds[i]) == 0;
    }
    till_lock(till);
    enum status status = check_can_change(till, err);
    if (status == STATUS_OK && !is_known) {
        error_set(err, "reference_kind", "番号の種類を選んでください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK && kind != NULL && (number[0] == '\0' || strlen(number) >= sizeof reference.number)) {
        error_set(err, "reference_number", "番号を%zu文字までで入れてください。", sizeof reference.number - 1);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK && strcmp(till->basket.content.reference.kind, SLIP_REFERENCE_KIND) == 0 &&
        slip_price_is_in(till, &till->basket.content)) {
        error_set(err, "number_of_slip", "読み取った用紙の番号は変えられません。用紙の明細を消すと、番号も消えます。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && kind != NULL) {
        snprintf(reference.kind, sizeof reference.kind, "%s", kind);
        snprintf(reference.number, sizeof reference.number, "%s", number);
        /* What a person types takes the place of what stood there; only scanned papers are kept apart. */
        if (strcmp(till->basket.content.reference.kind, kind) == 0) {
            till->basket.content.reference = (struct sale_reference){0};
        }
    }
    if (status == STATUS_OK) {
        status = basket_set_reference(&till->basket, kind != NULL ? &reference : NULL, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}
