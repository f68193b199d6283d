/* SQL of exports. */
#include "settlement/store/assessment_export_store.h"

#include "settlement/store/column.h"
#include "settlement/store/connection.h"
#include "settlement/store/query.h"

enum status
export_add(struct store_txn *txn, const char *municipality, struct export_row *row, struct error_detail *err)
{
    int64_t last;
    enum status status =
        query_int(txn, "SELECT max(serial) FROM assessment_export WHERE municipality = $1 AND fiscal_year = $2",
                  BOUND(bound_text(municipality), bound_int(row->fiscal_year)), 0, &last, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = query_insert(
        txn,
        "INSERT INTO assessment_export (municipality, fiscal_year, serial, created_at_ms, created_by, "
        "count, amount_yen) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING export",
        BOUND(bound_text(municipality), bound_int(row->fiscal_year), bound_int(last + 1), bound_int(row->created_at_ms),
              bound_text(row->created_by), bound_int(row->count), bound_int(row->amount_yen)),
        &row->id, err);
    if (status == STATUS_OK) {
        row->serial = last + 1;
    }
    return status;
}

enum status
export_file_add(struct store_txn *txn, int64_t export_id, const struct export_file_row *row, const void *bytes,
                size_t length, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO assessment_export_file (export, encoding, file_name, sha256, replaced, bytes) "
                     "VALUES ($1, $2, $3, $4, $5, $6)",
                     BOUND(bound_int(export_id), bound_text(row->encoding), bound_text(row->file_name),
                           bound_text(row->sha256), bound_int(row->replaced), bound_blob(bytes, length)),
                     err);
}

enum status
export_each(struct store_txn *txn, const char *municipality, int64_t id, int64_t before_id, int64_t limit,
            export_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT e.export, e.fiscal_year, e.serial, e.created_at_ms, e.created_by, coalesce(s.name, e.created_by), "
        "e.count, e.amount_yen FROM assessment_export AS e LEFT JOIN staff AS s ON s.login = e.created_by "
        "WHERE e.municipality = $1 AND ($2 = 0 OR e.export = $2) AND ($3 = 0 OR e.export < $3) "
        "ORDER BY e.export DESC LIMIT $4",
        BOUND(bound_text(municipality), bound_int(id), bound_int(before_id), bound_int(limit)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct export_row row = {
            .id = statement_column_int(statement, 0),
            .fiscal_year = (int)statement_column_int(statement, 1),
            .serial = statement_column_int(statement, 2),
            .created_at_ms = statement_column_int(statement, 3),
            .created_by = statement_column_text(statement, 4),
            .created_by_name = statement_column_text(statement, 5),
            .count = statement_column_int(statement, 6),
            .amount_yen = statement_column_int(statement, 7),
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
export_file_each(struct store_txn *txn, int64_t export_id, export_file_visitor visit, void *context,
                 struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT encoding, file_name, sha256, length(bytes), replaced FROM assessment_export_file "
                   "WHERE export = $1 ORDER BY encoding DESC",
                   BOUND(bound_int(export_id)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct export_file_row row = {
            .encoding = statement_column_text(statement, 0),
            .file_name = statement_column_text(statement, 1),
            .sha256 = statement_column_text(statement, 2),
            .byte_count = statement_column_int(statement, 3),
            .replaced = statement_column_int(statement, 4),
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
export_file_read(struct store_txn *txn, const char *municipality, int64_t export_id, const char *encoding,
                 struct buffer *out, char *file_name, size_t size, struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status = query_first(txn,
                                     "SELECT f.file_name, f.bytes FROM assessment_export_file AS f JOIN "
                                     "assessment_export AS e ON e.export = f.export "
                                     "WHERE e.municipality = $1 AND f.export = $2 AND f.encoding = $3",
                                     BOUND(bound_text(municipality), bound_int(export_id), bound_text(encoding)),
                                     &statement, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!found) {
        error_set(err, "not_found", "この出力ファイルはありません。");
        return STATUS_NOT_FOUND;
    }
    size_t length;
    const void *bytes = statement_column_blob(statement, 1, &length);
    column_copy_text(file_name, size, statement, 0);
    buffer_append(out, bytes, length);
    statement_reset(statement);
    return buffer_check(out, err);
}
