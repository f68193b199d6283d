/* SQL of matching's writing side. */
#include "settlement/store/connection.h"
#include "settlement/store/matching_store.h"
#include "settlement/store/query.h"

enum status
matching_position_set(struct store_txn *txn, const char *terminal, int64_t sequence, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO matching_progress (terminal, sequence) VALUES ($1, $2) "
                     "ON CONFLICT (terminal) DO UPDATE SET sequence = excluded.sequence",
                     BOUND(bound_text(terminal), bound_int(sequence)), err);
}

enum status
matched_add(struct store_txn *txn, const char *municipality, const struct matched_row *row, struct error_detail *err)
{
    /* Bound by hand: this runs once for every payment there is. */
    struct statement *statement;
    enum status status = database_statement(
        store_txn_database(txn),
        "INSERT INTO matched (terminal, sequence, part, municipality, import, line, matched_by, run) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &statement, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(statement, 1, row->terminal);
    statement_bind_int(statement, 2, row->sequence);
    statement_bind_text(statement, 3, book_part_word(row->part));
    statement_bind_text(statement, 4, municipality);
    statement_bind_int(statement, 5, row->import);
    statement_bind_int(statement, 6, row->line);
    statement_bind_text(statement, 7, row->matched_by);
    statement_bind_int(statement, 8, row->run);
    return statement_run(statement, err);
}

enum status
open_item_put(struct store_txn *txn, const char *municipality, const char *terminal, int64_t sequence,
              enum book_part part, const char *due_on, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO open_item (terminal, sequence, part, municipality, due_on) "
                     "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (terminal, sequence, part) "
                     "DO UPDATE SET due_on = excluded.due_on",
                     BOUND(bound_text(terminal), bound_int(sequence), bound_text(book_part_word(part)),
                           bound_text(municipality), bound_text(due_on)),
                     err);
}

enum status
open_item_remove(struct store_txn *txn, const char *terminal, int64_t sequence, enum book_part part,
                 struct error_detail *err)
{
    return query_run(txn, "DELETE FROM open_item WHERE terminal = $1 AND sequence = $2 AND part = $3",
                     BOUND(bound_text(terminal), bound_int(sequence), bound_text(book_part_word(part))), err);
}

enum status
open_line_put(struct store_txn *txn, const char *municipality, int64_t import, int64_t line, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO open_line (import, line, municipality) VALUES ($1, $2, $3) "
                     "ON CONFLICT (import, line) DO NOTHING",
                     BOUND(bound_int(import), bound_int(line), bound_text(municipality)), err);
}

enum status
open_line_remove(struct store_txn *txn, int64_t import, int64_t line, struct error_detail *err)
{
    enum status status = query_run(txn, "DELETE FROM open_line WHERE import = $1 AND line = $2",
                                   BOUND(bound_int(import), bound_int(line)), err);
    if (status == STATUS_OK && database_changes(store_txn_database(txn)) != 1) {
        error_set(err, "line_matched_twice", "取込%lldの%lld行目は、既に照合されています。", (long long)import,
                  (long long)line);
        return STATUS_CORRUPT;
    }
    return status;
}

enum status
run_add(struct store_txn *txn, const char *municipality, struct run_row *row, struct error_detail *err)
{
    return query_insert(
        txn,
        "INSERT INTO reconciliation_run (municipality, at_ms, login, sale_count, line_count, bank_line_count, "
        "matched_count, matched_yen, credited_count, opened_count, cleared_count, open_count, milliseconds) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING run",
        BOUND(bound_text(municipality), bound_int(row->at_ms), bound_text(row->login), bound_int(row->sale_count),
              bound_int(row->line_count), bound_int(row->bank_line_count), bound_int(row->matched_count),
              bound_int(row->matched_yen), bound_int(row->credited_count), bound_int(row->opened_count),
              bound_int(row->cleared_count), bound_int(row->open_count), bound_int(row->milliseconds)),
        &row->id, err);
}

enum status
run_update(struct store_txn *txn, const struct run_row *row, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE reconciliation_run SET sale_count = $1, line_count = $2, bank_line_count = $3, "
                     "matched_count = $4, matched_yen = $5, credited_count = $6, opened_count = $7, "
                     "cleared_count = $8, open_count = $9, milliseconds = $10 WHERE run = $11",
                     BOUND(bound_int(row->sale_count), bound_int(row->line_count), bound_int(row->bank_line_count),
                           bound_int(row->matched_count), bound_int(row->matched_yen), bound_int(row->credited_count),
                           bound_int(row->opened_count), bound_int(row->cleared_count), bound_int(row->open_count),
                           bound_int(row->milliseconds), bound_int(row->id)),
                     err);
}

enum status
run_each(struct store_txn *txn, const char *municipality, int64_t before_id, int64_t limit, run_visitor visit,
         void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT run, at_ms, login, sale_count, line_count, bank_line_count, matched_count, matched_yen, "
                   "credited_count, opened_count, cleared_count, open_count, milliseconds FROM reconciliation_run "
                   "WHERE municipality = $1 AND ($2 = 0 OR run < $2) ORDER BY run DESC LIMIT $3",
                   BOUND(bound_text(municipality), bound_int(before_id), bound_int(limit)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct run_row row = {
            .id = statement_column_int(statement, 0),
            .at_ms = statement_column_int(statement, 1),
            .login = statement_column_text(statement, 2),
            .sale_count = statement_column_int(statement, 3),
            .line_count = statement_column_int(statement, 4),
            .bank_line_count = statement_column_int(statement, 5),
            .matched_count = statement_column_int(statement, 6),
            .matched_yen = statement_column_int(statement, 7),
            .credited_count = statement_column_int(statement, 8),
            .opened_count = statement_column_int(statement, 9),
            .cleared_count = statement_column_int(statement, 10),
            .open_count = statement_column_int(statement, 11),
            .milliseconds = statement_column_int(statement, 12),
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}
