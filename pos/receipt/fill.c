/* What all papers share, and the papers with a few members of their own. */
#include "pos/receipt/fill.h"

#include <stdlib.h>
#include <string.h>

struct receiptline_value *
fill_rows(struct fill *fill, struct receiptline_value *list, size_t count, size_t width)
{
    if (count == 0 || fill->has_failed) {
        return NULL;
    }
    struct receiptline_value *rows = fill->block_count < FILL_BLOCKS_MAX ? calloc(count, width * sizeof *rows) : NULL;
    if (rows == NULL) {
        fill->has_failed = true;
        return NULL;
    }
    fill->blocks[fill->block_count++] = rows;
    list->rows.first = rows;
    list->rows.count = count;
    return rows;
}

static void
fill_common(struct fill *fill, const struct receipt_input *input)
{
    struct receiptline_value *values = fill->values;
    values[PAPERS_AT_MUNICIPALITY].text = input->municipality_name;
    values[PAPERS_AT_PLACE].text = input->place_name;
    values[PAPERS_AT_TERMINAL].text = input->terminal;
    values[PAPERS_AT_CLERK].text = input->clerk_name;
    values[PAPERS_AT_AT].number = input->at_ms;
    values[PAPERS_AT_PRINTED_AT].number = input->printed_at_ms;
    values[PAPERS_AT_COPY].number = input->copy;
    values[PAPERS_AT_IS_TRAINING].number = input->is_training;
    values[PAPERS_AT_NOTE].text = input->note;
}

static void
fill_in_doubt(struct fill *fill, const struct receipt_input *input)
{
    const struct receipt_in_doubt *doubt = input->in_doubt;
    struct receiptline_value *values = fill->values;
    values[PAPERS_AT_METHOD].text = payment_method_word(doubt->method);
    values[PAPERS_AT_METHOD_NAME].text = fill_method_name(doubt->method);
    values[PAPERS_AT_IS_CASHLESS].number = true;
    values[PAPERS_AT_BRAND].text = input->brand_name;
    values[PAPERS_AT_AMOUNT].number = doubt->amount_yen;
    values[PAPERS_AT_ACQUIRER_REFERENCE].text = doubt->acquirer_reference;
    values[PAPERS_AT_PAYMENT].text = doubt->payment;
    values[PAPERS_AT_GUIDANCE].text = doubt->guidance;
}

static void
fill_refund(struct fill *fill, const struct receipt_input *input)
{
    static const struct {
        const char *word, *name;
    } means[] = {[RECEIPT_REFUND_CASH] = {"cash", "現金"},
                 [RECEIPT_REFUND_GATEWAY] = {"gateway", "決済サービスへ返金"},
                 [RECEIPT_REFUND_BANK_TRANSFER] = {"bank_transfer", "口座振込"}};
    const struct receipt_refund *refund = input->refund;
    struct receiptline_value *values = fill->values;
    if (input->sale != NULL && input->sale->content.line_count > 0) {
        fill_sale(fill, input);
        fill_payment(fill, input);
    }
    values[PAPERS_AT_RECEIPT_NUMBER].text = refund->receipt_number;
    values[PAPERS_AT_RECEIVED_ON].date = refund->received_on;
    values[PAPERS_AT_REFUND].text = refund->refund;
    values[PAPERS_AT_MEANS].text = means[refund->means].word;
    values[PAPERS_AT_MEANS_NAME].text = means[refund->means].name;
    values[PAPERS_AT_AMOUNT].number = refund->amount_yen;
    values[PAPERS_AT_SALE_TOTAL].number = refund->sale_total_yen;
    values[PAPERS_AT_HAS_REMAINING].number = refund->remaining_yen >= 0;
    values[PAPERS_AT_REMAINING].number = refund->remaining_yen >= 0 ? refund->remaining_yen : 0;
    values[PAPERS_AT_REASON].text = refund->reason;
    values[PAPERS_AT_APPROVED_BY].text = refund->approved_by_name;
    values[PAPERS_AT_IS_PAID].number = refund->is_paid;
    values[PAPERS_AT_PAID_AT].number = refund->paid_at_ms;
}

static void
fill_hold(struct fill *fill, const struct receipt_input *input)
{
    fill->values[PAPERS_AT_HOLD].text = input->hold->hold;
    fill->values[PAPERS_AT_LABEL].text = input->hold->label;
    fill_content(fill, input, input->hold->content);
}

static void
fill_ticket(struct fill *fill, const struct receipt_ticket *ticket)
{
    struct receiptline_value *values = fill->values;
    values[PAPERS_AT_TICKET].text = ticket->ticket;
    values[PAPERS_AT_FACILITY].text = ticket->facility_name;
    values[PAPERS_AT_ITEM].text = ticket->item_name;
    values[PAPERS_AT_LABEL].text = ticket->label;
    values[PAPERS_AT_IS_PARKING].number = ticket->is_parking;
    values[PAPERS_AT_ENTERED_AT].number = ticket->entered_at_ms;
    values[PAPERS_AT_TERMS].text = ticket->terms;
}

static void
fill_payment_code(struct fill *fill, const struct receipt_payment_code *code)
{
    struct receiptline_value *values = fill->values;
    values[PAPERS_AT_PAYMENT].text = code->payment;
    values[PAPERS_AT_PAYLOAD].text = code->payload;
    values[PAPERS_AT_AMOUNT].number = code->amount_yen;
    values[PAPERS_AT_EXPIRES_AT].number = code->expires_at_ms;
}

static void
fill_void(struct fill *fill, const struct receipt_input *input)
{
    fill->values[PAPERS_AT_REASON].text = input->void_reason;
    fill->values[PAPERS_AT_VOIDED_AT].number = input->voided_at_ms;
}

/* What goes back stands in the place of what was taken: the shop compares it with the acquirer's statement. */
static void
fill_shop_copy(struct fill *fill, const struct receipt_input *input)
{
    static const char *const events[] = {
        [RECEIPT_SHOP_SALE] = "sale", [RECEIPT_SHOP_VOID] = "void", [RECEIPT_SHOP_REFUND] = "refund"};
    fill_sale(fill, input);
    fill_payment(fill, input);
    fill->values[PAPERS_AT_EVENT].text = events[input->shop_event];
    if (input->shop_event == RECEIPT_SHOP_VOID) {
        fill_void(fill, input);
    } else if (input->shop_event == RECEIPT_SHOP_REFUND) {
        fill->values[PAPERS_AT_REFUND].text = input->refund->refund;
        fill->values[PAPERS_AT_REASON].text = input->refund->reason;
        fill->values[PAPERS_AT_AMOUNT].number = input->refund->amount_yen;
    }
}

enum status
fill_paper(struct fill *fill, const struct receipt_input *input, struct error_detail *err)
{
    memset(fill, 0, offsetof(struct fill, blocks));
    fill->block_count = 0;
    fill->has_failed = false;
    fill_common(fill, input);
    switch (input->form) {
    case RECEIPT_VOID:
        fill_void(fill, input);
        fill_sale(fill, input);
        fill_payment(fill, input);
        break;
    case RECEIPT_SHOP_COPY:
        fill_shop_copy(fill, input);
        break;
    case RECEIPT_SALE:
        fill_sale(fill, input);
        fill_payment(fill, input);
        break;
    case RECEIPT_IN_DOUBT:
        fill_in_doubt(fill, input);
        break;
    case RECEIPT_DAY:
    case RECEIPT_INSPECTION:
    case RECEIPT_DEPOSIT:
    case RECEIPT_DAY_REPORT:
        fill_day(fill, input->day);
        break;
    case RECEIPT_REFUND:
        fill_refund(fill, input);
        break;
    case RECEIPT_FLOAT:
    case RECEIPT_CASH:
        fill_cash(fill, input->cash);
        break;
    case RECEIPT_HANDOVER:
        fill_handover(fill, input->handover);
        break;
    case RECEIPT_HOLD:
        fill_hold(fill, input);
        break;
    case RECEIPT_TICKET:
        fill_ticket(fill, input->ticket);
        break;
    case RECEIPT_PAYMENT_CODE:
        fill_payment_code(fill, input->payment_code);
        break;
    case RECEIPT_TEST:
        break;
    }
    if (fill->has_failed) {
        error_set(err, "no_memory", "no memory for a paper");
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

void
fill_finish(struct fill *fill)
{
    for (size_t i = 0; i < fill->block_count; i++) {
        free(fill->blocks[i]);
    }
    fill->block_count = 0;
}
