/* SQL of the files that wait. */
#include "settlement/store/waiting_store.h"

#include "settlement/store/column.h"
#include "settlement/store/query.h"

enum status
waiting_put(struct store_txn *txn, const char *municipality, const struct waiting_row *row, int64_t *out_id,
            struct error_detail *err)
{
    return query_insert(
        txn,
        "INSERT INTO import_waiting (municipality, sha256, layout, file_name, byte_count, supersedes, reason, "
        "given_at_ms, given_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (municipality, sha256) DO "
        "UPDATE SET layout = excluded.layout, file_name = excluded.file_name, supersedes = excluded.supersedes, "
        "reason = excluded.reason, given_at_ms = excluded.given_at_ms, given_by = excluded.given_by RETURNING waiting",
        BOUND(bound_text(municipality), bound_blob(row->sha256, SHA256_SIZE), bound_text(row->layout),
              bound_text(row->file_name), bound_int(row->byte_count), bound_int(row->supersedes),
              bound_text(row->reason), bound_int(row->given_at_ms), bound_text(row->given_by)),
        out_id, err);
}

enum status
waiting_remove(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE],
               struct error_detail *err)
{
    return query_run(txn, "DELETE FROM import_waiting WHERE municipality = $1 AND sha256 = $2",
                     BOUND(bound_text(municipality), bound_blob(digest, SHA256_SIZE)), err);
}

enum status
waiting_each(struct store_txn *txn, const char *municipality, int64_t id, int64_t limit, waiting_visitor visit,
             void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT waiting, sha256, layout, file_name, byte_count, supersedes, reason, given_at_ms, given_by "
                   "FROM import_waiting WHERE municipality = $1 AND ($2 = 0 OR waiting = $2) ORDER BY waiting LIMIT $3",
                   BOUND(bound_text(municipality), bound_int(id), bound_int(limit)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct waiting_row row = {
            .id = statement_column_int(statement, 0),
            .layout = statement_column_text(statement, 2),
            .file_name = statement_column_text(statement, 3),
            .byte_count = statement_column_int(statement, 4),
            .supersedes = statement_column_int(statement, 5),
            .reason = statement_column_text(statement, 6),
            .given_at_ms = statement_column_int(statement, 7),
            .given_by = statement_column_text(statement, 8),
        };
        status = column_copy_blob(row.sha256, SHA256_SIZE, statement, 1, err);
        if (status == STATUS_OK) {
            status = visit(&row, context);
        }
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}
