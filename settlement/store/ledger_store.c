/* Progress and parked lines. */
#include "settlement/store/ledger_store.h"

#include "settlement/store/column.h"
#include "settlement/store/query.h"

#include <string.h>

enum status
ledger_progress(struct store_txn *txn, int64_t *out_arrival, struct error_detail *err)
{
    return query_int(txn, "SELECT arrival FROM ledger_progress", NULL, 0, 0, out_arrival, err);
}

enum status
ledger_set_progress(struct store_txn *txn, int64_t arrival, struct error_detail *err)
{
    return query_run(txn, "UPDATE ledger_progress SET arrival = $1", BOUND(bound_int(arrival)), err);
}

enum status
ledger_waiting_runs(struct store_txn *txn, int64_t *out_count, struct error_detail *err)
{
    return query_int(txn, "SELECT count(*) FROM journal_run WHERE arrival > (SELECT arrival FROM ledger_progress)",
                     NULL, 0, 0, out_count, err);
}

enum status
ledger_oldest_waiting(struct store_txn *txn, int64_t *out_received_at_ms, struct error_detail *err)
{
    return query_int(txn,
                     "SELECT coalesce((SELECT received_at_ms FROM journal_run WHERE arrival > (SELECT arrival FROM"
                     " ledger_progress) ORDER BY arrival LIMIT 1), 0)",
                     NULL, 0, 0, out_received_at_ms, err);
}

static enum status
begin_terminal(struct store_txn *txn, const char *id, struct ledger_terminal *out, struct error_detail *err)
{
    struct terminal terminal;
    enum status status = terminal_find(txn, id, &terminal, err);
    if (status == STATUS_OK) {
        *out = (struct ledger_terminal){0};
        memcpy(out->terminal, terminal.terminal, sizeof out->terminal);
        memcpy(out->municipality, terminal.municipality, sizeof out->municipality);
        memcpy(out->place, terminal.place, sizeof out->place);
    }
    return status;
}

enum status
ledger_terminal_find(struct store_txn *txn, const char *terminal, struct ledger_terminal *out, struct error_detail *err)
{
    struct statement *row;
    bool found;
    enum status status =
        query_first(txn,
                    "SELECT terminal, municipality, place, sequence, business_date, masters_version, open_day,"
                    " drawer_yen FROM ledger_terminal WHERE terminal = $1",
                    BOUND(bound_text(terminal)), &row, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!found) {
        return begin_terminal(txn, terminal, out, err);
    }
    *out = (struct ledger_terminal){
        .sequence = statement_column_int(row, 3),
        .masters_version = statement_column_int(row, 5),
        .open_day = statement_column_int(row, 6),
        .drawer_yen = statement_column_int(row, 7),
    };
    column_copy_text(out->terminal, sizeof out->terminal, row, 0);
    column_copy_text(out->municipality, sizeof out->municipality, row, 1);
    column_copy_text(out->place, sizeof out->place, row, 2);
    column_copy_text(out->business_date, sizeof out->business_date, row, 4);
    statement_reset(row);
    return STATUS_OK;
}

enum status
ledger_terminal_put(struct store_txn *txn, const struct ledger_terminal *state, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO ledger_terminal (terminal, municipality, place, sequence, business_date,"
                     " masters_version, open_day, drawer_yen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                     " ON CONFLICT (terminal) DO UPDATE SET sequence = $4, business_date = $5, masters_version = $6,"
                     " open_day = $7, drawer_yen = $8",
                     BOUND(bound_text(state->terminal), bound_text(state->municipality), bound_text(state->place),
                           bound_int(state->sequence), bound_text(state->business_date),
                           bound_int(state->masters_version), bound_int(state->open_day), bound_int(state->drawer_yen)),
                     err);
}

enum status
parked_line_put(struct store_txn *txn, const struct parked_line *line, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO parked_line (terminal, sequence, municipality, business_date, kind, code, reason)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7)",
                     BOUND(bound_text(line->terminal), bound_int(line->sequence), bound_text(line->municipality),
                           bound_text(line->business_date), bound_text(line->kind), bound_text(line->code),
                           bound_text(line->reason)),
                     err);
}

enum status
parked_line_each(struct store_txn *txn, const char *municipality, parked_line_visitor visit, void *context,
                 struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status =
        query_first(txn,
                    "SELECT terminal, sequence, municipality, business_date, kind, code, reason FROM parked_line"
                    " WHERE municipality = $1 ORDER BY terminal, sequence",
                    BOUND(bound_text(municipality)), &row, &has_row, err);
    while (status == STATUS_OK && has_row) {
        struct parked_line line = {
            .terminal = statement_column_text(row, 0),
            .sequence = statement_column_int(row, 1),
            .municipality = statement_column_text(row, 2),
            .business_date = statement_column_text(row, 3),
            .kind = statement_column_text(row, 4),
            .code = statement_column_text(row, 5),
            .reason = statement_column_text(row, 6),
        };
        status = visit(&line, context);
        if (status != STATUS_OK) {
            statement_reset(row);
            return status;
        }
        status = statement_step(row, &has_row, err);
    }
    return status;
}

enum status
parked_line_count(struct store_txn *txn, const char *municipality, const char *terminal, int64_t *out_count,
                  struct error_detail *err)
{
    return query_int(txn, "SELECT count(*) FROM parked_line WHERE municipality = $1 AND (terminal = $2 OR $2 IS NULL)",
                     BOUND(bound_text(municipality), bound_text(terminal)), 0, out_count, err);
}

enum status
ledger_empty(struct store_txn *txn, struct error_detail *err)
{
    static const char *const statements[] = {
        "DELETE FROM ledger_terminal",
        "DELETE FROM parked_line",
        "DELETE FROM sale",
        "DELETE FROM sale_line",
        "DELETE FROM sale_tax",
        "DELETE FROM sale_void",
        "DELETE FROM payment",
        "DELETE FROM reversal",
        "DELETE FROM business_day",
        "DELETE FROM business_day_total",
        "DELETE FROM drawer_opening",
        "DELETE FROM refund",
        "DELETE FROM refund_line",
        "DELETE FROM cash_movement",
        "DELETE FROM cash_count",
        "DELETE FROM cash_tally",
        "DELETE FROM shift_change",
        "DELETE FROM day_inspection",
        "DELETE FROM ticket",
        "DELETE FROM ticket_closing",
        "DELETE FROM daily_entry",
        "DELETE FROM posting",
        "DELETE FROM daily_item",
        "DELETE FROM daily_payment",
        "DELETE FROM hourly_payment",
    };
    enum status status = ledger_set_progress(txn, 0, err);
    for (size_t i = 0; i < sizeof statements / sizeof statements[0] && status == STATUS_OK; i++) {
        status = query_run(txn, statements[i], NULL, 0, err);
    }
    return status;
}
