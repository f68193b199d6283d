/* One paper: dispatch to its form, between a first and a last byte that are the same for all. */
#include "pos/receipt/receipt.h"

#include "pos/receipt/form.h"

#include <assert.h>

enum status
receipt_write(const struct receipt_input *input, unsigned columns, struct buffer *out, struct error_detail *err)
{
    assert(input->copy >= 0);
    assert(input->form != RECEIPT_SALE || input->sale != NULL);
    assert(input->form != RECEIPT_VOID || input->sale != NULL);
    assert(input->form != RECEIPT_IN_DOUBT || input->in_doubt != NULL);
    assert(input->form != RECEIPT_DAY || input->day != NULL);

    if (input->form > RECEIPT_DAY) {
        error_set(err, "no_layout", "this form has no layout");
        return STATUS_NOT_FOUND;
    }
    struct page page;
    page_begin(&page, out, columns);
    switch (input->form) {
    case RECEIPT_SALE:
        form_sale(&page, input);
        break;
    case RECEIPT_VOID:
        form_void(&page, input);
        break;
    case RECEIPT_IN_DOUBT:
        form_in_doubt(&page, input);
        break;
    case RECEIPT_DAY:
        form_day(&page, input);
        break;
    case RECEIPT_SHOP_COPY:
    case RECEIPT_REFUND:
    case RECEIPT_FLOAT:
    case RECEIPT_CASH:
    case RECEIPT_INSPECTION:
    case RECEIPT_DEPOSIT:
    case RECEIPT_DAY_REPORT:
    case RECEIPT_HANDOVER:
    case RECEIPT_HOLD:
    case RECEIPT_TICKET:
    case RECEIPT_TEST:
        break;
    }
    return page_end(&page, err);
}
