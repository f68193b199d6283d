/* SQL of the tills' list and of parked lines. */
#include "settlement/store/terminal_query_store.h"

#include "common/identity/identity.h"
#include "settlement/store/column.h"
#include "settlement/store/query.h"

/* $1: now, less TERMINAL_SILENT_MS. */
#define IS_SILENT                                                                                                      \
    "(t.state = 'active' AND coalesce(l.open_day, 0) <> 0 AND coalesce(t.last_upload_ms, t.enrolled_at_ms) < $1) "

enum status
terminal_view_each(struct store_txn *txn, const struct terminal_query *query, terminal_view_visitor visit,
                   void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT t.terminal, t.place, t.state, t.state_reason, t.enrolled_at_ms, coalesce(t.last_upload_ms, 0), "
        "t.head_sequence, t.head_hash, coalesce(l.business_date, ''), coalesce(l.open_day, 0), " IS_SILENT
        ", (SELECT count(*) FROM parked_line AS p WHERE p.terminal = t.terminal) "
        "FROM terminal AS t LEFT JOIN ledger_terminal AS l ON l.terminal = t.terminal "
        "WHERE t.municipality = $2 AND CASE WHEN $3 IS NULL THEN t.terminal NOT LIKE '" DESK_TERMINAL_PREFIX
        "%' ELSE t.terminal = $3 END AND t.terminal > $4 "
        "ORDER BY t.terminal LIMIT $5",
        BOUND(bound_int(query->now_ms - TERMINAL_SILENT_MS), bound_text(query->municipality),
              bound_text(query->terminal), bound_text(query->after != NULL ? query->after : ""),
              bound_int(query->limit)),
        &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct terminal_view view = {
            .terminal = statement_column_text(statement, 0),
            .place = statement_column_text(statement, 1),
            .state = statement_column_text(statement, 2),
            .reason = statement_column_text(statement, 3),
            .enrolled_at_ms = statement_column_int(statement, 4),
            .last_upload_ms = statement_column_int(statement, 5),
            .head_sequence = statement_column_int(statement, 6),
            .business_date = statement_column_text(statement, 8),
            .day_is_open = statement_column_int(statement, 9) != 0,
            .is_silent = statement_column_int(statement, 10) != 0,
            .parked_count = statement_column_int(statement, 11),
        };
        status = column_copy_blob(view.head_hash, sizeof view.head_hash, statement, 7, err);
        if (status == STATUS_OK) {
            status = visit(&view, context);
        }
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
terminal_count(struct store_txn *txn, const char *municipality, int64_t now_ms, struct terminal_counts *out,
               struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status =
        query_first(txn,
                    "SELECT coalesce(sum(t.state <> 'revoked'), 0), coalesce(sum(t.state = 'quarantined'), 0), "
                    "coalesce(sum(" IS_SILENT "), 0) FROM terminal AS t "
                    "LEFT JOIN ledger_terminal AS l ON l.terminal = t.terminal WHERE t.municipality = $2 "
                    "AND t.terminal NOT LIKE '" DESK_TERMINAL_PREFIX "%'",
                    BOUND(bound_int(now_ms - TERMINAL_SILENT_MS), bound_text(municipality)), &statement, &found, err);
    if (status == STATUS_OK && found) {
        *out = (struct terminal_counts){.count = statement_column_int(statement, 0),
                                        .quarantined_count = statement_column_int(statement, 1),
                                        .silent_count = statement_column_int(statement, 2)};
        statement_reset(statement);
    }
    return status;
}

enum status
parked_view_each(struct store_txn *txn, const char *municipality, const char *after_terminal, int64_t after_sequence,
                 int64_t limit, parked_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT terminal, sequence, business_date, kind, reason FROM parked_line WHERE municipality = $1 "
                   "AND (terminal, sequence) > ($2, $3) ORDER BY terminal, sequence LIMIT $4",
                   BOUND(bound_text(municipality), bound_text(after_terminal != NULL ? after_terminal : ""),
                         bound_int(after_sequence), bound_int(limit)),
                   &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct parked_view parked = {
            .terminal = statement_column_text(statement, 0),
            .sequence = statement_column_int(statement, 1),
            .business_date = statement_column_text(statement, 2),
            .kind = statement_column_text(statement, 3),
            .reason = statement_column_text(statement, 4),
        };
        status = visit(&parked, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
parked_reason(struct store_txn *txn, const char *terminal, int64_t sequence, char *out, size_t size,
              struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status = query_first(txn, "SELECT reason FROM parked_line WHERE terminal = $1 AND sequence = $2",
                                     BOUND(bound_text(terminal), bound_int(sequence)), &statement, &found, err);
    if (status == STATUS_OK) {
        out[0] = '\0';
    }
    if (status == STATUS_OK && found) {
        column_copy_text(out, size, statement, 0);
        statement_reset(statement);
    }
    return status;
}

enum status
parked_count(struct store_txn *txn, const char *municipality, int64_t *out, struct error_detail *err)
{
    return query_int(txn, "SELECT count(*) FROM parked_line WHERE municipality = $1", BOUND(bound_text(municipality)),
                     0, out, err);
}
