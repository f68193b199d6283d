/* Tickets and visitors. */
#include "settlement/store/gate_store.h"

#include "settlement/store/query.h"

enum status
ticket_put(struct store_txn *txn, const struct cash_place *place, const struct ticket_row *ticket,
           struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO ticket (terminal, sequence, municipality, place, business_date, ticket, facility,"
                     " item, entered_at_ms, clerk, label) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                     BOUND(bound_text(place->terminal), bound_int(place->sequence), bound_text(place->municipality),
                           bound_text(place->place), bound_text(place->business_date), bound_text(ticket->ticket),
                           bound_text(ticket->facility), bound_text(ticket->item), bound_int(ticket->entered_at_ms),
                           bound_text(ticket->clerk), bound_text(ticket->label)),
                     err);
}

enum status
ticket_of(struct store_txn *txn, const char *terminal, const char *ticket, int64_t *out_sequence,
          struct error_detail *err)
{
    return query_int(txn, "SELECT sequence FROM ticket WHERE ticket = $1 AND terminal = $2",
                     BOUND(bound_text(ticket), bound_text(terminal)), 0, out_sequence, err);
}

enum status
ticket_closing_put(struct store_txn *txn, const struct cash_place *place, const struct ticket_closing *closing,
                   struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO ticket_closing (terminal, sequence, municipality, business_date, ticket, outcome,"
                     " clerk, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                     BOUND(bound_text(place->terminal), bound_int(place->sequence), bound_text(place->municipality),
                           bound_text(place->business_date), bound_text(closing->ticket), bound_text(closing->outcome),
                           bound_text(closing->clerk), bound_text(closing->reason)),
                     err);
}

enum status
entry_count_add(struct store_txn *txn, const struct cash_place *place, const char *facility, const char *category,
                int64_t count, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO daily_entry (municipality, business_date, facility, category, terminal, count)"
                     " VALUES ($1, $2, $3, $4, $5, $6)"
                     " ON CONFLICT (municipality, business_date, facility, category, terminal)"
                     " DO UPDATE SET count = daily_entry.count + excluded.count",
                     BOUND(bound_text(place->municipality), bound_text(place->business_date), bound_text(facility),
                           bound_text(category), bound_text(place->terminal), bound_int(count)),
                     err);
}
