/* The fold of the journal into the till's tables: which kind is handled where.
 *
 * It sees only the line's own bytes, so that folding the whole journal anew gives the same tables. */
#include "pos/till/projection.h"

#include "pos/till/till_parts.h"

#include <string.h>

/* A kind may have several steps, taken in this order. Kinds that are absent here change no table: clerk.…. */
static const struct {
    const char *kind;
    projection_step step;
} steps[] = {
    {"sale.recorded", project_sale_recorded},
    {"sale.recorded", project_papers_wanted},
    {"sale.recorded", project_tickets_paid},
    {"payment.started", project_payment_started},
    {"payment.resolved", project_payment_resolved},
    {"payment.presented", project_payment_presented},
    {"payment.unknown", project_payment_unknown},
    {"payment.in_doubt", project_payment_in_doubt},
    {"payment.in_doubt", project_papers_wanted},
    {"payment.abandoned", project_payment_abandoned},
    {"payment.proved", project_payment_proved},
    {"reversal.started", project_reversal_started},
    {"reversal.unknown", project_reversal_unknown},
    {"reversal.resolved", project_reversal_resolved},
    {"sale.voided", project_sale_voided},
    {"sale.voided", project_receipt_unwanted},
    {"sale.voided", project_papers_wanted},
    {"sale.voided", project_tickets_unpaid},
    {"refund.requested", project_refund_requested},
    {"refund.requested", project_papers_wanted},
    {"refund.started", project_refund_started},
    {"refund.unknown", project_refund_unknown},
    {"refund.refused", project_refund_refused},
    {"refund.paid", project_refund_paid},
    {"refund.paid", project_papers_wanted},
    {"refund.paid", project_cash_refunded},
    {"refund.withdrawn", project_refund_withdrawn},
    {"print.started", project_print_started},
    {"print.finished", project_print_finished},
    {"basket.held", project_basket_held},
    {"basket.recalled", project_basket_recalled},
    {"basket.discarded", project_basket_discarded},
    {"day.opened", project_day_opened},
    {"float.moved", project_float_moved},
    {"float.moved", project_papers_wanted},
    {"cash.moved", project_cash_moved},
    {"cash.moved", project_papers_wanted},
    {"cash.counted", project_cash_counted},
    {"drawer.opened", project_drawer_opened},
    {"shift.handed_over", project_shift_handed_over},
    {"shift.handed_over", project_papers_wanted},
    {"day.inspected", project_day_inspected},
    {"day.inspected", project_papers_wanted},
    {"day.closed", project_day_closed},
    {"day.closed", project_papers_wanted},
    {"ticket.issued", project_ticket_issued},
    {"ticket.corrected", project_ticket_corrected},
    {"ticket.closed", project_ticket_closed},
    {"entry.counted", project_entry_counted},
    {"masters.applied", project_masters_applied},
    {"terminal.enrolled", project_enrolled},
};

enum status
projection_apply(struct database *db, const struct journal_line *line, struct error_detail *err)
{
    struct json_value *body = NULL;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && status == STATUS_OK; i++) {
        if (strcmp(steps[i].kind, line->kind) != 0) {
            continue;
        }
        if (body == NULL) {
            status = json_parse(&body, line->body, line->body_length, err);
        }
        if (status == STATUS_OK) {
            status = steps[i].step(db, line, body, err);
        }
    }
    json_free(body);
    return status;
}
