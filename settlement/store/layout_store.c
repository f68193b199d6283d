/* SQL of layouts and faults. */
#include "settlement/store/layout_store.h"

#include "settlement/store/query.h"

enum status
layout_add(struct store_txn *txn, const char *municipality, const struct layout_row *row, int64_t *out_version,
           struct error_detail *err)
{
    int64_t newest = 0;
    enum status status = query_int(txn,
                                   "SELECT version FROM city_layout WHERE municipality = $1 AND layout = $2 "
                                   "ORDER BY version DESC LIMIT 1",
                                   BOUND(bound_text(municipality), bound_text(row->name)), 0, &newest, err);
    if (status == STATUS_OK) {
        status = query_run(txn,
                           "INSERT INTO city_layout (municipality, layout, version, descriptor, saved_at_ms, saved_by, "
                           "reason) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                           BOUND(bound_text(municipality), bound_text(row->name), bound_int(newest + 1),
                                 bound_text(row->descriptor), bound_int(row->saved_at_ms), bound_text(row->saved_by),
                                 bound_text(row->reason)),
                           err);
    }
    *out_version = newest + 1;
    return status;
}

enum status
layout_visit_rows(struct statement *statement, enum status status, layout_visitor visit, void *context,
                  struct error_detail *err)
{
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct layout_row row = {
            .name = statement_column_text(statement, 0),
            .version = statement_column_int(statement, 1),
            .descriptor = statement_column_text(statement, 2),
            .saved_at_ms = statement_column_int(statement, 3),
            .saved_by = statement_column_text(statement, 4),
            .saved_by_name = statement_column_text(statement, 5),
            .reason = statement_column_text(statement, 6),
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
layout_each(struct store_txn *txn, const char *municipality, const char *name, int64_t version, layout_visitor visit,
            void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT l.layout, l.version, l.descriptor, l.saved_at_ms, l.saved_by, coalesce(s.name, l.saved_by), l.reason "
        "FROM city_layout AS l LEFT JOIN staff AS s ON s.login = l.saved_by WHERE l.municipality = $1 "
        "AND l.layout = $2 AND ($3 = 0 OR l.version = $3) ORDER BY l.version DESC",
        BOUND(bound_text(municipality), bound_text(name), bound_int(version)), &statement, err);
    return layout_visit_rows(statement, status, visit, context, err);
}

enum status
import_fault_add(struct store_txn *txn, int64_t import, int64_t number, const struct import_fault_row *fault,
                 struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO import_fault (import, fault, line, byte_column, sentence, raw) "
                     "VALUES ($1, $2, $3, $4, $5, $6)",
                     BOUND(bound_int(import), bound_int(number), bound_int(fault->line), bound_int(fault->column),
                           bound_text(fault->sentence), bound_text(fault->raw)),
                     err);
}

enum status
import_fault_count(struct store_txn *txn, int64_t import, int64_t *out, struct error_detail *err)
{
    return query_int(txn, "SELECT count(*) FROM import_fault WHERE import = $1", BOUND(bound_int(import)), 0, out, err);
}

enum status
import_fault_each(struct store_txn *txn, int64_t import, import_fault_visitor visit, void *context,
                  struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn, "SELECT line, byte_column, sentence, raw FROM import_fault WHERE import = $1 ORDER BY fault",
                   BOUND(bound_int(import)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct import_fault_row row = {
            .line = statement_column_int(statement, 0),
            .column = statement_column_int(statement, 1),
            .sentence = statement_column_text(statement, 2),
            .raw = statement_column_text(statement, 3),
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}
