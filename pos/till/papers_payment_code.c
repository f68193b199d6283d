/* お支払い用コード: our code on paper, where no window shows it to the citizen. Only the code that may be scanned now
 * is printed: one that is paid, stopped or over must not lie on a counter. */
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

_Static_assert((int)RECEIPT_PAYLOAD_SIZE >= (int)PRESENTED_PAYLOAD_SIZE, "the paper holds every code");

enum status
describe_payment_code_paper(struct till *till, const char *subject, struct print_task *task, struct error_detail *err)
{
    const struct foreground *foreground = &till->foreground;
    struct receipt_payment_code *paper = &task->payment_code;
    if (foreground->payload[0] == '\0' || strcmp(foreground->payment, subject) != 0) {
        error_set(err, "no_code_shown", "表示しているコードはありません。");
        return STATUS_NOT_FOUND;
    }
    task->at_ms = till_now_ms(till);
    paper->amount_yen = foreground->amount_yen;
    paper->expires_at_ms = task->at_ms + (foreground->deadline_ms - till_monotonic_ms(till));
    snprintf(paper->payment, sizeof paper->payment, "%s", foreground->payment);
    snprintf(paper->payload, sizeof paper->payload, "%s", foreground->payload);
    snprintf(task->brand_name, sizeof task->brand_name, "%s", masters_brand_name(till->masters, foreground->brand));
    return STATUS_OK;
}
