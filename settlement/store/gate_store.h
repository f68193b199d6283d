/* Facts without money from facility gates: tickets and counted visitors. Written by ledger/ only; texts are borrowed
 * during the call. Tickets are issued at one till and may be paid or closed at another: nothing here depends on the
 * order in which tills are heard. */
#pragma once

#include "settlement/store/cash_store.h"

struct ticket_row {
    const char *ticket;
    const char *facility;
    const char *item;
    int64_t entered_at_ms;
    const char *clerk;
    const char *label;
};
enum status ticket_put(struct store_txn *txn, const struct cash_place *place, const struct ticket_row *ticket,
                       struct error_detail *err) MUST_CHECK;

/* The line of TERMINAL that issued TICKET; 0 when none did. */
enum status ticket_of(struct store_txn *txn, const char *terminal, const char *ticket, int64_t *out_sequence,
                      struct error_detail *err) MUST_CHECK;

struct ticket_closing {
    const char *ticket;
    const char *outcome; /* left, voided */
    const char *clerk;
    const char *reason;
};
enum status ticket_closing_put(struct store_txn *txn, const struct cash_place *place,
                               const struct ticket_closing *closing, struct error_detail *err) MUST_CHECK;

/* Add to the visitors of the day. */
enum status entry_count_add(struct store_txn *txn, const struct cash_place *place, const char *facility,
                            const char *category, int64_t count, struct error_detail *err) MUST_CHECK;
