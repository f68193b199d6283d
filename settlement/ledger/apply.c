/* Dispatch, and what all families share. */
#include "settlement/ledger/apply.h"

#include "settlement/ledger/apply_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum status
apply_refuse(struct application *at, const char *code, const char *format, ...)
{
    char message[ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    error_set(at->err, code, "%s", message);
    return STATUS_REFUSED;
}

enum status
apply_postings(struct application *at, const struct posting_list *list, const char *received_on)
{
    struct posting_source source = {
        .terminal = at->line->terminal,
        .sequence = at->line->sequence,
        .municipality = at->till->municipality,
        .place = at->till->place,
        .received_on = received_on,
        .business_date = at->business_date,
    };
    for (size_t i = 0; i < list->count; i++) {
        enum status status = posting_put(at->txn, &source, (int64_t)i + 1, &list->entries[i], at->err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    at->till->drawer_yen += postings_sum(list, LEDGER_DRAWER);
    return STATUS_OK;
}

static enum status
apply_enrolled(struct application *at, const struct enrolled_effect *enrolled)
{
    if (at->line->sequence != 1 || strcmp(enrolled->terminal, at->line->terminal) != 0 ||
        strcmp(enrolled->municipality, at->till->municipality) != 0 || strcmp(enrolled->place, at->till->place) != 0) {
        return apply_refuse(at, "wrong_enrolment",
                            "端末が記録した登録内容(%s・%s)が、当方の登録(%s・%s)と一致しません。", enrolled->terminal,
                            enrolled->place, at->till->terminal, at->till->place);
    }
    return STATUS_OK;
}

static enum status
apply_drawer_opened(struct application *at, const struct drawer_effect *drawer)
{
    struct drawer_opening opening = {
        .terminal = at->line->terminal,
        .sequence = at->line->sequence,
        .municipality = at->till->municipality,
        .business_date = at->business_date,
        .at_ms = at->line->at_ms,
        .clerk = drawer->clerk,
        .reason = drawer->reason,
        .note = drawer->note,
    };
    return drawer_opening_put(at->txn, &opening, at->err);
}

enum status
ledger_apply(struct store_txn *txn, const struct effect *effect, const struct journal_line *line,
             struct ledger_terminal *till, struct error_detail *err)
{
    struct application at = {.txn = txn, .line = line, .till = till, .err = err};
    civil_date_format(at.business_date, line->business_date);
    switch (effect->kind) {
    case EFFECT_NONE:
        return STATUS_OK;
    case EFFECT_ENROLLED:
        return apply_enrolled(&at, &effect->enrolled);
    case EFFECT_MASTERS_APPLIED:
        till->masters_version = effect->masters_version;
        return STATUS_OK;
    case EFFECT_DAY_OPENED:
        return apply_day_opened(&at, &effect->day_opened);
    case EFFECT_DAY_CLOSED:
        return apply_day_closed(&at, &effect->day_closed);
    case EFFECT_PAYMENT_STARTED:
    case EFFECT_PAYMENT_UNKNOWN:
    case EFFECT_PAYMENT_IN_DOUBT:
    case EFFECT_PAYMENT_ABANDONED:
    case EFFECT_PAYMENT_RESOLVED:
    case EFFECT_PAYMENT_PROVED:
        return apply_payment(&at, effect);
    case EFFECT_SALE_RECORDED:
        return apply_sale(&at, &effect->sale);
    case EFFECT_REVERSAL_STARTED:
    case EFFECT_REVERSAL_UNKNOWN:
    case EFFECT_REVERSAL_RESOLVED:
        return apply_reversal(&at, effect);
    case EFFECT_SALE_VOIDED:
        return apply_void(&at, &effect->voided);
    case EFFECT_REFUND_REQUESTED:
    case EFFECT_REFUND_APPROVED:
    case EFFECT_REFUND_PAID:
    case EFFECT_REFUND_WITHDRAWN:
    case EFFECT_REFUND_RUN:
        return apply_refund(&at, effect);
    case EFFECT_DRAWER_OPENED:
        return apply_drawer_opened(&at, &effect->drawer);
    case EFFECT_CASH_MOVED:
        return apply_cash_moved(&at, &effect->cash_moved);
    case EFFECT_CASH_COUNTED:
        return apply_cash_counted(&at, &effect->cash_counted);
    case EFFECT_SHIFT_CHANGED:
        return apply_shift(&at, &effect->shift);
    case EFFECT_DAY_INSPECTED:
        return apply_day_inspected(&at, &effect->inspected);
    case EFFECT_TICKET_ISSUED:
        return apply_ticket_issued(&at, &effect->ticket);
    case EFFECT_TICKET_CLOSED:
        return apply_ticket_closed(&at, &effect->ticket);
    case EFFECT_ENTRY_COUNTED:
        return apply_entry(&at, &effect->entry);
    }
    return STATUS_OK;
}
