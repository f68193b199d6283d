/* SQL of files for the finance system. */
#include "settlement/store/finance_file_store.h"

#include "settlement/store/query.h"

enum status
finance_file_add(struct store_txn *txn, const char *municipality, struct finance_file_row *row, const void *bytes,
                 size_t length, struct error_detail *err)
{
    return query_insert(
        txn,
        "INSERT INTO finance_file (municipality, assessment_export, finance_layout, after_answer, made_at_ms, made_by, "
        "file_name, sha256, record_count, assessment_count, amount_yen, substituted, bytes) VALUES ($1, $2, $3, $4, "
        "$5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING finance_file",
        BOUND(bound_text(municipality), bound_int(row->export_id), bound_int(row->layout_id),
              bound_int(row->after_answer), bound_int(row->made_at_ms), bound_text(row->made_by),
              bound_text(row->file_name), bound_text(row->sha256), bound_int(row->record_count),
              bound_int(row->assessment_count), bound_int(row->amount_yen), bound_int(row->substituted),
              bound_blob(bytes, length)),
        &row->id, err);
}

enum status
finance_file_part_add(struct store_txn *txn, int64_t file, int64_t assessment, struct error_detail *err)
{
    return query_run(txn, "INSERT INTO finance_file_part (finance_file, assessment) VALUES ($1, $2)",
                     BOUND(bound_int(file), bound_int(assessment)), err);
}

enum status
finance_file_find(struct store_txn *txn, const char *municipality, int64_t export_id, int64_t layout_id,
                  int64_t after_answer, int64_t *out, struct error_detail *err)
{
    return query_int(
        txn,
        "SELECT finance_file FROM finance_file WHERE municipality = $1 AND assessment_export = $2 AND finance_layout "
        "= $3 AND after_answer = $4",
        BOUND(bound_text(municipality), bound_int(export_id), bound_int(layout_id), bound_int(after_answer)), 0, out,
        err);
}

enum status
finance_file_each(struct store_txn *txn, const char *municipality, int64_t export_id, int64_t id,
                  finance_file_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    bool has_row = false;
    enum status status = query_open(
        txn,
        "SELECT f.finance_file, f.assessment_export, f.finance_layout, f.after_answer, f.made_at_ms, f.made_by, "
        "coalesce(s.name, f.made_by), l.layout, l.version, f.file_name, f.sha256, length(f.bytes), f.record_count, "
        "f.assessment_count, f.amount_yen, f.substituted FROM finance_file AS f JOIN finance_layout AS l "
        "ON l.finance_layout = f.finance_layout LEFT JOIN staff AS s ON s.login = f.made_by WHERE f.municipality = $1 "
        "AND ($2 = 0 OR f.assessment_export = $2) AND ($3 = 0 OR f.finance_file = $3) ORDER BY f.finance_file",
        BOUND(bound_text(municipality), bound_int(export_id), bound_int(id)), &statement, err);
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct finance_file_row row = {
            .id = statement_column_int(statement, 0),
            .export_id = statement_column_int(statement, 1),
            .layout_id = statement_column_int(statement, 2),
            .after_answer = statement_column_int(statement, 3),
            .made_at_ms = statement_column_int(statement, 4),
            .made_by = statement_column_text(statement, 5),
            .made_by_name = statement_column_text(statement, 6),
            .layout = statement_column_text(statement, 7),
            .layout_version = statement_column_int(statement, 8),
            .file_name = statement_column_text(statement, 9),
            .sha256 = statement_column_text(statement, 10),
            .byte_count = statement_column_int(statement, 11),
            .record_count = statement_column_int(statement, 12),
            .assessment_count = statement_column_int(statement, 13),
            .amount_yen = statement_column_int(statement, 14),
            .substituted = statement_column_int(statement, 15),
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
finance_file_bytes(struct store_txn *txn, const char *municipality, int64_t id, struct buffer *out,
                   struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status =
        query_first(txn, "SELECT bytes FROM finance_file WHERE municipality = $1 AND finance_file = $2",
                    BOUND(bound_text(municipality), bound_int(id)), &statement, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!found) {
        error_set(err, "not_found", "このファイルはありません。");
        return STATUS_NOT_FOUND;
    }
    size_t length;
    const void *bytes = statement_column_blob(statement, 0, &length);
    buffer_append(out, bytes, length);
    statement_reset(statement);
    return buffer_check(out, err);
}

/* ---- answers ---- */

enum status
finance_answer_add(struct store_txn *txn, const char *municipality, struct finance_answer_row *row, const void *bytes,
                   size_t length, struct error_detail *err)
{
    return query_insert(
        txn,
        "INSERT INTO finance_answer (municipality, finance_file, file_name, sha256, accepted_count, refused_count, "
        "taken_at_ms, taken_by, bytes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING finance_answer",
        BOUND(bound_text(municipality), bound_int(row->file), bound_text(row->file_name), bound_text(row->sha256),
              bound_int(row->accepted_count), bound_int(row->refused_count), bound_int(row->taken_at_ms),
              bound_text(row->taken_by), bound_blob(bytes, length)),
        &row->id, err);
}

enum status
finance_answer_line_add(struct store_txn *txn, int64_t answer, int64_t assessment, bool is_accepted, const char *result,
                        const char *reason, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO finance_answer_line (finance_answer, assessment, is_accepted, result, reason) "
                     "VALUES ($1, $2, $3, $4, $5)",
                     BOUND(bound_int(answer), bound_int(assessment), bound_int(is_accepted ? 1 : 0), bound_text(result),
                           bound_text(reason)),
                     err);
}

enum status
finance_answer_find(struct store_txn *txn, int64_t file, const char *sha256, int64_t *out, struct error_detail *err)
{
    return query_int(txn, "SELECT finance_answer FROM finance_answer WHERE finance_file = $1 AND sha256 = $2",
                     BOUND(bound_int(file), bound_text(sha256)), 0, out, err);
}

enum status
finance_answer_each(struct store_txn *txn, int64_t file, finance_answer_visitor visit, void *context,
                    struct error_detail *err)
{
    struct statement *statement;
    bool has_row = false;
    enum status status = query_open(
        txn,
        "SELECT a.finance_answer, a.finance_file, a.file_name, a.sha256, a.accepted_count, a.refused_count, "
        "a.taken_at_ms, a.taken_by, coalesce(s.name, a.taken_by) FROM finance_answer AS a LEFT JOIN staff AS s "
        "ON s.login = a.taken_by WHERE a.finance_file = $1 ORDER BY a.finance_answer",
        BOUND(bound_int(file)), &statement, err);
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct finance_answer_row row = {
            .id = statement_column_int(statement, 0),
            .file = statement_column_int(statement, 1),
            .file_name = statement_column_text(statement, 2),
            .sha256 = statement_column_text(statement, 3),
            .accepted_count = statement_column_int(statement, 4),
            .refused_count = statement_column_int(statement, 5),
            .taken_at_ms = statement_column_int(statement, 6),
            .taken_by = statement_column_text(statement, 7),
            .taken_by_name = statement_column_text(statement, 8),
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
finance_answer_newest(struct store_txn *txn, int64_t export_id, int64_t *out, struct error_detail *err)
{
    return query_int(txn,
                     "SELECT max(a.finance_answer) FROM finance_answer AS a JOIN finance_file AS f "
                     "ON f.finance_file = a.finance_file WHERE f.assessment_export = $1",
                     BOUND(bound_int(export_id)), 0, out, err);
}

enum status
finance_part_each(struct store_txn *txn, int64_t export_id, int64_t file, finance_part_visitor visit, void *context,
                  struct error_detail *err)
{
    static const char sql[] =
        "SELECT a.assessment, a.fiscal_year, a.serial, CASE WHEN a.kind = 'decrease' THEN -a.amount_yen ELSE "
        "a.amount_yen END, coalesce(l.finance_answer, 0), coalesce(l.is_accepted, 0), coalesce(l.result, ''), "
        "coalesce(l.reason, '') FROM assessment AS a LEFT JOIN finance_answer_line AS l ON l.assessment = a.assessment "
        "AND l.finance_answer = (SELECT max(n.finance_answer) FROM finance_answer_line AS n "
        "WHERE n.assessment = a.assessment) WHERE a.export = $1 AND ($2 = 0 OR a.assessment IN "
        "(SELECT p.assessment FROM finance_file_part AS p WHERE p.finance_file = $2)) ORDER BY a.serial";
    struct statement *statement;
    bool has_row = false;
    enum status status = query_open(txn, sql, BOUND(bound_int(export_id), bound_int(file)), &statement, err);
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct finance_part_row row = {
            .assessment = statement_column_int(statement, 0),
            .fiscal_year = (int)statement_column_int(statement, 1),
            .serial = statement_column_int(statement, 2),
            .amount_yen = statement_column_int(statement, 3),
            .answer = statement_column_int(statement, 4),
            .is_accepted = statement_column_int(statement, 5) != 0,
            .result = statement_column_text(statement, 6),
            .reason = statement_column_text(statement, 7),
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}
