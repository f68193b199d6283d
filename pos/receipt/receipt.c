/* One paper: its template, the record it is printed with, and the bytes. */
#include "pos/receipt/receipt.h"

#include "pos/receipt/fill.h"

#include <assert.h>
#include <pthread.h>
#include <string.h>

enum papers_form
receipt_papers_form(enum receipt_form form)
{
    static const enum papers_form forms[RECEIPT_FORM_COUNT] = {
        [RECEIPT_SALE] = PAPERS_RECEIPT,
        [RECEIPT_VOID] = PAPERS_VOID,
        [RECEIPT_IN_DOUBT] = PAPERS_IN_DOUBT,
        [RECEIPT_DAY] = PAPERS_CLOSE,
        [RECEIPT_SHOP_COPY] = PAPERS_SHOP_COPY,
        [RECEIPT_REFUND] = PAPERS_REFUND,
        [RECEIPT_FLOAT] = PAPERS_FLOAT,
        [RECEIPT_CASH] = PAPERS_CASH,
        [RECEIPT_INSPECTION] = PAPERS_INSPECTION,
        [RECEIPT_DEPOSIT] = PAPERS_DEPOSIT,
        [RECEIPT_DAY_REPORT] = PAPERS_DAY_REPORT,
        [RECEIPT_HANDOVER] = PAPERS_HANDOVER,
        [RECEIPT_HOLD] = PAPERS_HOLD,
        [RECEIPT_TICKET] = PAPERS_TICKET,
        [RECEIPT_PAYMENT_CODE] = PAPERS_PAYMENT_CODE,
        [RECEIPT_TEST] = PAPERS_TEST,
    };
    return forms[form];
}

/* The built-in templates, compiled when they are first used and kept: the bench of receipts is ours to keep. */
static struct {
    pthread_mutex_t lock;
    struct receiptline_template *compiled[PAPERS_FORM_COUNT];
} builtin = {.lock = PTHREAD_MUTEX_INITIALIZER};

static enum status
find_builtin(enum papers_form form, const struct receiptline_template **out, struct error_detail *err)
{
    enum status status = STATUS_OK;
    pthread_mutex_lock(&builtin.lock);
    if (builtin.compiled[form] == NULL) {
        size_t length;
        const char *markup = papers_template(form, &length);
        status = papers_compile(&builtin.compiled[form], form, markup, length, err);
    }
    *out = builtin.compiled[form];
    pthread_mutex_unlock(&builtin.lock);
    return status;
}

static void
assert_complete(const struct receipt_input *input)
{
    assert(input->copy >= 0);
    assert(input->sale != NULL ||
           (input->form != RECEIPT_SALE && input->form != RECEIPT_VOID && input->form != RECEIPT_SHOP_COPY));
    assert(input->in_doubt != NULL || input->form != RECEIPT_IN_DOUBT);
    assert(input->day != NULL || (input->form != RECEIPT_DAY && input->form != RECEIPT_INSPECTION &&
                                  input->form != RECEIPT_DEPOSIT && input->form != RECEIPT_DAY_REPORT));
    assert(input->refund != NULL || (input->form != RECEIPT_REFUND &&
                                     (input->form != RECEIPT_SHOP_COPY || input->shop_event != RECEIPT_SHOP_REFUND)));
    assert(input->cash != NULL || (input->form != RECEIPT_FLOAT && input->form != RECEIPT_CASH));
    assert(input->handover != NULL || input->form != RECEIPT_HANDOVER);
    assert(input->hold != NULL || input->form != RECEIPT_HOLD);
    assert(input->ticket != NULL || input->form != RECEIPT_TICKET);
    assert(input->payment_code != NULL || input->form != RECEIPT_PAYMENT_CODE);
}

static enum status
print(const struct receipt_input *input, const struct receiptline_template *template, unsigned columns,
      enum receiptline_medium medium, struct buffer *out, struct error_detail *err)
{
    struct fill fill;
    enum status status = fill_paper(&fill, input, err);
    if (status == STATUS_OK) {
        status = receiptline_preview(template, fill.values, columns, medium, out, err);
    }
    fill_finish(&fill);
    return status;
}

enum status
receipt_preview(const struct receipt_input *input, unsigned columns, enum receiptline_medium medium, struct buffer *out,
                struct error_detail *err)
{
    const enum papers_form form = receipt_papers_form(input->form);
    assert_complete(input);
    if (input->markup == NULL) {
        const struct receiptline_template *template;
        enum status status = find_builtin(form, &template, err);
        return status == STATUS_OK ? print(input, template, columns, medium, out, err) : status;
    }
    struct receiptline_template *template = NULL;
    enum status status = papers_compile(&template, form, input->markup, strlen(input->markup), err);
    if (status == STATUS_OK) {
        status = print(input, template, columns, medium, out, err);
    }
    receiptline_destroy(template);
    return status;
}

enum status
receipt_write(const struct receipt_input *input, unsigned columns, struct buffer *out, struct error_detail *err)
{
    return receipt_preview(input, columns, RECEIPTLINE_AS_ESCPOS, out, err);
}
