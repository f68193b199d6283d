/* Tickets and visitors: facts without money. A ticket that is paid or closed at another till than the one that issued
 * it is joined to it by whoever reads. */
#include "settlement/ledger/apply_parts.h"
#include "settlement/store/gate_store.h"

enum status
apply_ticket_issued(struct application *at, const struct ticket_effect *ticket)
{
    int64_t sequence = 0;
    enum status status = ticket_of(at->txn, at->line->terminal, ticket->ticket, &sequence, at->err);
    if (status == STATUS_OK && sequence != 0) {
        return apply_refuse(at, "ticket_known", "券%sは行%lldですでに発行されています。", ticket->ticket,
                            (long long)sequence);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct cash_place place = apply_place(at);
    struct ticket_row row = {
        .ticket = ticket->ticket,
        .facility = ticket->facility,
        .item = ticket->item,
        .entered_at_ms = ticket->entered_at_ms,
        .clerk = ticket->clerk,
        .label = ticket->label,
    };
    return ticket_put(at->txn, &place, &row, at->err);
}

enum status
apply_ticket_closed(struct application *at, const struct ticket_effect *ticket)
{
    struct cash_place place = apply_place(at);
    struct ticket_closing closing = {
        .ticket = ticket->ticket, .outcome = ticket->outcome, .clerk = ticket->clerk, .reason = ticket->reason};
    return ticket_closing_put(at->txn, &place, &closing, at->err);
}

enum status
apply_entry(struct application *at, const struct entry_effect *entry)
{
    struct cash_place place = apply_place(at);
    return entry_count_add(at->txn, &place, entry->facility, entry->category, entry->count, at->err);
}
