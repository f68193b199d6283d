/* Changing what a line of a fixed price costs: quantity, reduction (減免), and another price by a supervisor's leave.
 */
#include "pos/till/slip_price.h"
#include "pos/till/till_parts.h"

#include "common/tariff/tariff.h"

#include <stdio.h>
#include <string.h>

static const char whole_price[] = "all"; /* the part that a fixed price is, for reductions */

/* A line on its way to another price; large, so not on the stack of a server thread. */
static _Thread_local struct sale_line changed;

/* The reduction of `changed` for its present price and quantity: percentages follow, amounts stay within the line. */
static enum status
reduce_anew(struct till *till, struct error_detail *err)
{
    struct master_item item;
    struct tariff_granted granted;
    const struct granted_choice choice = {.rule = changed.reduction.rule,
                                          .granter =
                                              changed.reduction.granter[0] != '\0' ? changed.reduction.granter : NULL};
    if (changed.reduction.rule[0] == '\0') {
        return STATUS_OK;
    }
    enum status status = masters_item(till->masters, changed.item, till_business_date(till), &item, err);
    if (status == STATUS_OK) {
        status = find_reduction(till, &item, &choice, &granted, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    changed.reduction.yen =
        tariff_reduction_yen(granted.reduction, whole_price, changed.unit_price_yen, changed.quantity);
    snprintf(changed.reduction.name, sizeof changed.reduction.name, "%s", tariff_reduction_name(granted.reduction));
    snprintf(changed.reduction.granter, sizeof changed.reduction.granter, "%s", granted.granter);
    if (changed.reduction.yen == 0) {
        error_set(err, "nothing_reduced", "「%s」はこの減免では安くなりません。", changed.name);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static enum status
keep(struct till *till, size_t line, struct error_detail *err)
{
    enum status status = reduce_anew(till, err);
    return status == STATUS_OK ? basket_replace(&till->basket, line - 1, &changed, err) : status;
}

static enum status
take(struct till *till, size_t line, struct error_detail *err)
{
    enum status status = check_can_change(till, err);
    return status == STATUS_OK ? basket_line_to_change(&till->basket, line - 1, &changed, err) : status;
}

enum status
till_set_quantity(struct till *till, size_t line, int64_t quantity, struct error_detail *err)
{
    till_lock(till);
    enum status status = take(till, line, err);
    if (status == STATUS_OK && (quantity < 1 || quantity > BASKET_QUANTITY_MAX)) {
        error_set(err, "quantity", "数量は1から%dまでです。", BASKET_QUANTITY_MAX);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = slip_price_check_quantity(till, &changed, quantity, err);
    }
    if (status == STATUS_OK) {
        changed.quantity = quantity;
        status = keep(till, line, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
till_set_reduction(struct till *till, size_t line, const char *rule, const char *granter, struct error_detail *err)
{
    till_lock(till);
    enum status status = take(till, line, err);
    if (status == STATUS_OK) {
        changed.reduction = (struct reduction){0};
        if (rule != NULL) {
            snprintf(changed.reduction.rule, sizeof changed.reduction.rule, "%s", rule);
            snprintf(changed.reduction.granter, sizeof changed.reduction.granter, "%s", granter != NULL ? granter : "");
        }
        status = keep(till, line, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

/* Whether the price of line LINE may be replaced; asked before a PIN is tried. */
static enum status
check_override(struct till *till, size_t line, int64_t price_yen, const char *reason, struct error_detail *err)
{
    enum status status = take(till, line, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!policy_of_line(till, &changed, till_business_date(till))->allows_price_override) {
        error_set(err, "override_forbidden", "「%s」の料金は変えられません。", changed.name);
        return STATUS_REFUSED;
    }
    if (price_yen > PAYMENT_MAX_YEN) {
        char most[YEN_TEXT_SIZE];
        error_set(err, "price", "料金は%s円までです。", yen_format(most, PAYMENT_MAX_YEN));
        return STATUS_INVALID;
    }
    if (price_yen < 1) {
        error_set(err, "price", "料金は1円から入れてください。0円にするには減免・公用をお使いください。");
        return STATUS_INVALID;
    }
    if (reason == NULL || reason[0] == '\0' || strlen(reason) >= REASON_SIZE) {
        error_set(err, "reason_needed", "料金を変える理由を80文字までで入れてください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
till_override_price(struct till *till, size_t line, const struct price_change *change, const struct approval *approval,
                    struct error_detail *err)
{
    char supervisor[CODE_SIZE];
    till_lock(till);
    enum status status = check_override(till, line, change->unit_price_yen, change->reason, err);
    till_unlock(till, false);
    if (status == STATUS_OK) {
        status = approval_check(till, approval->clerk, approval->pin, supervisor, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    till_lock(till);
    /* The basket may have changed while the PIN was checked: the supervisor approved this line of this basket. */
    status = check_override(till, line, change->unit_price_yen, change->reason, err);
    if (status == STATUS_OK &&
        (strcmp(change->basket, till->basket.id) != 0 || strcmp(change->item, changed.item) != 0)) {
        error_set(err, "other_basket", "画面が古くなっています。明細を確かめて、もう一度押してください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        bool is_first = changed.override.approved_by[0] == '\0';
        changed.override.list_price_yen = is_first ? changed.unit_price_yen : changed.override.list_price_yen;
        snprintf(changed.override.reason, sizeof changed.override.reason, "%s", change->reason);
        memcpy(changed.override.approved_by, supervisor, CODE_SIZE);
        changed.unit_price_yen = change->unit_price_yen;
        status = keep(till, line, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
till_restore_price(struct till *till, size_t line, struct error_detail *err)
{
    till_lock(till);
    enum status status = take(till, line, err);
    if (status == STATUS_OK && changed.override.approved_by[0] != '\0') {
        changed.unit_price_yen = changed.override.list_price_yen;
        changed.override = (struct price_override){0};
        status = keep(till, line, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}
