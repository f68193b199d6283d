/* Which reader belongs to which kind. */
#include "settlement/ledger/effect.h"

#include "settlement/ledger/effect_readers.h"

#include <stdlib.h>
#include <string.h>

struct kind_row {
    const char *kind;
    enum effect_kind effect;
    enum status (*read)(struct effect *effect, const struct json_value *body,
                        struct error_detail *err); /* NULL: none */
};

/* Every kind of docs/protocol/journal.md, in its order. */
static const struct kind_row kinds[] = {
    {"terminal.enrolled", EFFECT_ENROLLED, effect_read_enrolled},
    {"masters.applied", EFFECT_MASTERS_APPLIED, effect_read_masters_applied},
    {"clerk.signed_in", EFFECT_NONE, NULL},
    {"clerk.signed_out", EFFECT_NONE, NULL},
    {"day.opened", EFFECT_DAY_OPENED, effect_read_day_opened},
    {"float.moved", EFFECT_CASH_MOVED, effect_read_float_moved},
    {"cash.moved", EFFECT_CASH_MOVED, effect_read_cash_moved},
    {"cash.counted", EFFECT_CASH_COUNTED, effect_read_cash_counted},
    {"shift.handed_over", EFFECT_SHIFT_CHANGED, effect_read_shift},
    {"day.inspected", EFFECT_DAY_INSPECTED, effect_read_day_inspected},
    {"basket.held", EFFECT_NONE, NULL}, /* nothing was sold yet */
    {"basket.recalled", EFFECT_NONE, NULL},
    {"basket.discarded", EFFECT_NONE, NULL},
    {"ticket.issued", EFFECT_TICKET_ISSUED, effect_read_ticket_issued},
    {"ticket.corrected", EFFECT_NONE, NULL}, /* the sale that pays the ticket carries the time it was priced by */
    {"ticket.closed", EFFECT_TICKET_CLOSED, effect_read_ticket_closed},
    {"entry.counted", EFFECT_ENTRY_COUNTED, effect_read_entry_counted},
    {"payment.started", EFFECT_PAYMENT_STARTED, effect_read_payment_started},
    {"payment.presented", EFFECT_NONE, NULL}, /* nothing is paid yet */
    {"payment.unknown", EFFECT_PAYMENT_UNKNOWN, effect_read_payment_unknown},
    {"payment.in_doubt", EFFECT_PAYMENT_IN_DOUBT, effect_read_payment_in_doubt},
    {"payment.abandoned", EFFECT_PAYMENT_ABANDONED, effect_read_payment_abandoned},
    {"payment.resolved", EFFECT_PAYMENT_RESOLVED, effect_read_payment_resolved},
    {"payment.proved", EFFECT_PAYMENT_PROVED, effect_read_payment_proved},
    {"sale.recorded", EFFECT_SALE_RECORDED, effect_read_sale_recorded},
    {"reversal.started", EFFECT_REVERSAL_STARTED, effect_read_reversal_started},
    {"reversal.unknown", EFFECT_REVERSAL_UNKNOWN, effect_read_reversal_unknown},
    {"reversal.resolved", EFFECT_REVERSAL_RESOLVED, effect_read_reversal_resolved},
    {"sale.voided", EFFECT_SALE_VOIDED, effect_read_sale_voided},
    {"refund.requested", EFFECT_REFUND_REQUESTED, effect_read_refund_requested},
    {"refund.approved", EFFECT_REFUND_APPROVED, effect_read_refund_approved},
    {"refund.started", EFFECT_REFUND_RUN, effect_read_refund_started}, /* what moved stands in refund.paid */
    {"refund.unknown", EFFECT_REFUND_RUN, effect_read_refund_unknown},
    {"refund.refused", EFFECT_REFUND_RUN, effect_read_refund_refused}, /* the request stands */
    {"refund.paid", EFFECT_REFUND_PAID, effect_read_refund_paid},
    {"refund.withdrawn", EFFECT_REFUND_WITHDRAWN, effect_read_refund_withdrawn},
    {"print.started", EFFECT_NONE, NULL},
    {"print.finished", EFFECT_NONE, NULL},
    {"drawer.opened", EFFECT_DRAWER_OPENED, effect_read_drawer_opened},
    {"day.closed", EFFECT_DAY_CLOSED, effect_read_day_closed},
};

static const struct kind_row *
find_kind(const char *kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].kind, kind) == 0) {
            return &kinds[i];
        }
    }
    return NULL;
}

static enum status
read_body(struct effect *effect, const struct kind_row *row, const struct journal_line *line, struct error_detail *err)
{
    enum status status = json_parse(&effect->document, line->body, line->body_length, err);
    if (status != STATUS_OK) {
        return status;
    }
    return row->read(effect, effect->document, err);
}

enum status
effect_read(struct effect *out, const struct journal_line *line, struct error_detail *err)
{
    const struct kind_row *row = find_kind(line->kind);
    if (row == NULL) {
        error_set(err, "unknown_kind", "種別「%s」を、この版のプログラムは知りません。", line->kind);
        return STATUS_INVALID;
    }
    struct effect effect;
    memset(&effect, 0, sizeof effect); /* all of the union, whichever member is the largest */
    effect.kind = row->effect;
    if (row->read == NULL) {
        *out = effect;
        return STATUS_OK;
    }
    enum status status = read_body(&effect, row, line, err);
    if (status != STATUS_OK) {
        error_prefix(err, "この行(%s)の内容が約束と異なります: ", line->kind);
        effect_finish(&effect);
        return status;
    }
    *out = effect;
    return STATUS_OK;
}

void
effect_finish(struct effect *effect)
{
    if (effect->kind == EFFECT_SALE_RECORDED) {
        free(effect->sale.lines);
        free(effect->sale.taxes);
    } else if (effect->kind == EFFECT_REFUND_REQUESTED) {
        free(effect->refund.parts);
    } else if (effect->kind == EFFECT_DAY_CLOSED) {
        free(effect->day_closed.totals);
    }
    json_free(effect->document);
    memset(effect, 0, sizeof *effect);
}
