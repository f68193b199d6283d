/* How far the ledger is, per service and per till, and what it could not interpret. Written by ledger/ only. Texts are
 * borrowed during the call. */
#pragma once

#include "common/clock/civil.h"
#include "settlement/store/terminal_store.h"

/* Every run up to this arrival is interpreted. */
enum status ledger_progress(struct store_txn *txn, int64_t *out_arrival, struct error_detail *err) MUST_CHECK;
enum status ledger_set_progress(struct store_txn *txn, int64_t arrival, struct error_detail *err) MUST_CHECK;

/* How many runs wait for the ledger. */
enum status ledger_waiting_runs(struct store_txn *txn, int64_t *out_count, struct error_detail *err) MUST_CHECK;

/* When the oldest of them came, ms since 1970; 0: none waits. */
enum status ledger_oldest_waiting(struct store_txn *txn, int64_t *out_received_at_ms,
                                  struct error_detail *err) MUST_CHECK;

/* Where a till's interpretation stands. */
struct ledger_terminal {
    char terminal[TERMINAL_ID_SIZE];
    char municipality[MUNICIPALITY_CODE_SIZE];
    char place[PLACE_CODE_SIZE];
    int64_t sequence;                         /* last line interpreted or parked; 0: none */
    char business_date[CIVIL_DATE_TEXT_SIZE]; /* of that line; "" when none */
    int64_t masters_version;                  /* 0: not said yet */
    int64_t open_day;                         /* sequence of the open day.opened; 0: closed */
    int64_t drawer_yen;                       /* what must lie in the drawer, float included */
};

/* A till of which nothing was interpreted yet is given with its enrolled place and zeros. */
enum status ledger_terminal_find(struct store_txn *txn, const char *terminal, struct ledger_terminal *out,
                                 struct error_detail *err) MUST_CHECK;
enum status
ledger_terminal_put(struct store_txn *txn, const struct ledger_terminal *state, struct error_detail *err) MUST_CHECK;

/* A line that could not be interpreted. */
struct parked_line {
    const char *terminal;
    int64_t sequence;
    const char *municipality;
    const char *business_date;
    const char *kind;
    const char *code;
    const char *reason;
};
enum status parked_line_put(struct store_txn *txn, const struct parked_line *line, struct error_detail *err) MUST_CHECK;

typedef enum status (*parked_line_visitor)(const struct parked_line *line, void *context);

/* The parked lines of MUNICIPALITY in the order of terminal and sequence. */
enum status parked_line_each(struct store_txn *txn, const char *municipality, parked_line_visitor visit, void *context,
                             struct error_detail *err) MUST_CHECK;
enum status parked_line_count(struct store_txn *txn, const char *municipality, const char *terminal, int64_t *out_count,
                              struct error_detail *err) MUST_CHECK; /* TERMINAL NULL: of all */

/* Empty every derived table and set the progress to the beginning. */
enum status ledger_empty(struct store_txn *txn, struct error_detail *err) MUST_CHECK;
