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
    }
    return page_end(&page, err);
}
