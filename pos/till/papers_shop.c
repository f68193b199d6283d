/* 加盟店控: what the shop keeps of a credit card, beside what the citizen gets. Of the sale, of its void, and of a
 * refund that goes back to the card; printed where the policy of something that was sold asks for it. */
#include "pos/till/refunds.h"

#include <stdio.h>
#include <string.h>

bool
policy_wants_shop_copy(const struct till *till, const struct sale *sale)
{
    for (size_t i = 0; sale->payment.method == METHOD_CREDIT && till->masters != NULL && i < sale->content.line_count;
         i++) {
        const struct sale_line *line = &sale->content.lines[i];
        if (line->amount_yen > 0 && policy_of_line(till, line, sale->received_on)->has_shop_copy) {
            return true;
        }
    }
    return false;
}

static enum status
check_is_card(const struct print_task *task, struct error_detail *err)
{
    if (task->sale.payment.method == METHOD_CREDIT) {
        return STATUS_OK;
    }
    error_set(err, "no_such_paper", "加盟店控は、クレジットカードの会計だけにあります。");
    return STATUS_NOT_FOUND;
}

enum status
describe_shop_copy(struct till *till, const char *subject, struct print_task *task, struct error_detail *err)
{
    task->shop_event = task->form == FORM_VOID_SHOP_COPY ? RECEIPT_SHOP_VOID : RECEIPT_SHOP_SALE;
    enum status status = describe_sale_paper(till, subject, task, err);
    return status == STATUS_OK ? check_is_card(task, err) : status;
}

enum status
describe_refund_shop_copy(struct till *till, const char *subject, struct print_task *task, struct error_detail *err)
{
    task->shop_event = RECEIPT_SHOP_REFUND;
    enum status status = describe_refund_paper(till, subject, task, err);
    return status == STATUS_OK ? check_is_card(task, err) : status;
}
