/* SQL of the uses of layouts. The newest that was carried out decides. */
#include "settlement/store/layout_use_store.h"

#include "settlement/store/query.h"

#define COLUMNS                                                                                                        \
    "layout_use (municipality, layout, version, state, file_name, file_sha256, trial, proposed_by, proposed_at_ms, "   \
    "reason, decided_by, decided_at_ms, decided_reason) "

enum status
layout_use_add(struct store_txn *txn, const char *municipality, const struct layout_use_row *row, int64_t *out_id,
               struct error_detail *err)
{
    return query_insert(txn,
                        "INSERT INTO " COLUMNS "VALUES ($1, $2, $3, 'proposed', $4, $5, $6, $7, $8, $9, '', 0, '') "
                        "RETURNING layout_use",
                        BOUND(bound_text(municipality), bound_text(row->name), bound_int(row->version),
                              bound_text(row->file_name), bound_text(row->file_sha256), bound_text(row->trial),
                              bound_text(row->proposed_by), bound_int(row->proposed_at_ms), bound_text(row->reason)),
                        out_id, err);
}

enum status
layout_use_add_again(struct store_txn *txn, const char *municipality, const struct layout_use_row *row, int64_t *out_id,
                     struct error_detail *err)
{
    return query_insert(
        txn,
        "INSERT INTO " COLUMNS "SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), 'proposed', "
        "coalesce(max(u.file_name), ''), coalesce(max(u.file_sha256), ''), coalesce(max(u.trial), ''), "
        "CAST($4 AS TEXT), CAST($5 AS BIGINT), CAST($6 AS TEXT), '', 0, '' FROM layout_use AS u WHERE u.layout_use = "
        "(SELECT min(f.layout_use) FROM layout_use AS f WHERE f.municipality = $1 AND f.layout = $2 AND f.version = $3)"
        " RETURNING layout_use",
        BOUND(bound_text(municipality), bound_text(row->name), bound_int(row->version), bound_text(row->proposed_by),
              bound_int(row->proposed_at_ms), bound_text(row->reason)),
        out_id, err);
}

enum status
layout_use_decide(struct store_txn *txn, int64_t id, const char *state, const char *login, int64_t at_ms,
                  const char *reason, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE layout_use SET state = $1, decided_by = $2, decided_at_ms = $3, decided_reason = $4 "
                     "WHERE layout_use = $5",
                     BOUND(bound_text(state), bound_text(login), bound_int(at_ms), bound_text(reason), bound_int(id)),
                     err);
}

enum status
layout_use_each(struct store_txn *txn, const char *municipality, int64_t id, const char *name, const char *state,
                int64_t limit, layout_use_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT u.layout_use, u.layout, u.version, u.state, u.file_name, u.file_sha256, "
        "CASE WHEN u.layout_use = $2 THEN u.trial ELSE '' END, u.proposed_by, coalesce(p.name, u.proposed_by), "
        "u.proposed_at_ms, u.reason, u.decided_by, coalesce(d.name, u.decided_by), u.decided_at_ms, u.decided_reason "
        "FROM layout_use AS u LEFT JOIN staff AS p ON p.login = u.proposed_by "
        "LEFT JOIN staff AS d ON d.login = u.decided_by WHERE u.municipality = $1 AND ($2 = 0 OR u.layout_use = $2) "
        "AND ($3 = '' OR u.layout = $3) AND ($4 = '' OR u.state = $4) ORDER BY u.layout_use DESC LIMIT $5",
        BOUND(bound_text(municipality), bound_int(id), bound_text(name != NULL ? name : ""),
              bound_text(state != NULL ? state : ""), bound_int(limit)),
        &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct layout_use_row row = {
            .id = statement_column_int(statement, 0),
            .name = statement_column_text(statement, 1),
            .version = statement_column_int(statement, 2),
            .state = statement_column_text(statement, 3),
            .file_name = statement_column_text(statement, 4),
            .file_sha256 = statement_column_text(statement, 5),
            .trial = statement_column_text(statement, 6),
            .proposed_by = statement_column_text(statement, 7),
            .proposed_by_name = statement_column_text(statement, 8),
            .proposed_at_ms = statement_column_int(statement, 9),
            .reason = statement_column_text(statement, 10),
            .decided_by = statement_column_text(statement, 11),
            .decided_by_name = statement_column_text(statement, 12),
            .decided_at_ms = statement_column_int(statement, 13),
            .decided_reason = statement_column_text(statement, 14),
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
layout_use_waiting_count(struct store_txn *txn, const char *municipality, int64_t *out, struct error_detail *err)
{
    return query_int(txn, "SELECT count(*) FROM layout_use WHERE municipality = $1 AND state = 'proposed'",
                     BOUND(bound_text(municipality)), 0, out, err);
}

enum status
layout_in_use_each(struct store_txn *txn, const char *municipality, const char *name, layout_visitor visit,
                   void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT l.layout, l.version, l.descriptor, l.saved_at_ms, l.saved_by, coalesce(s.name, l.saved_by), l.reason "
        "FROM city_layout AS l JOIN layout_use AS u ON u.municipality = l.municipality AND u.layout = l.layout "
        "AND u.version = l.version LEFT JOIN staff AS s ON s.login = l.saved_by WHERE l.municipality = $1 "
        "AND ($2 = '' OR l.layout = $2) AND u.state IN ('done', 'before') AND NOT EXISTS (SELECT 1 FROM layout_use "
        "AS n WHERE n.municipality = u.municipality AND n.layout = u.layout AND n.state IN ('done', 'before') "
        "AND n.layout_use > u.layout_use) ORDER BY l.layout",
        BOUND(bound_text(municipality), bound_text(name != NULL ? name : "")), &statement, err);
    return layout_visit_rows(statement, status, visit, context, err);
}

enum status
layout_use_stand(struct store_txn *txn, const char *municipality, const char *name, int64_t version,
                 int64_t *out_waiting, int64_t *out_in_use, bool *out_has_version, struct error_detail *err)
{
    int64_t has_version = 0;
    enum status status = query_int(txn,
                                   "SELECT layout_use FROM layout_use WHERE municipality = $1 AND layout = $2 "
                                   "AND state = 'proposed'",
                                   BOUND(bound_text(municipality), bound_text(name)), 0, out_waiting, err);
    if (status == STATUS_OK) {
        status = query_int(txn,
                           "SELECT version FROM layout_use WHERE municipality = $1 AND layout = $2 "
                           "AND state IN ('done', 'before') ORDER BY layout_use DESC LIMIT 1",
                           BOUND(bound_text(municipality), bound_text(name)), 0, out_in_use, err);
    }
    if (status == STATUS_OK) {
        status = query_int(txn, "SELECT 1 FROM city_layout WHERE municipality = $1 AND layout = $2 AND version = $3",
                           BOUND(bound_text(municipality), bound_text(name), bound_int(version)), 0, &has_version, err);
    }
    *out_has_version = status == STATUS_OK && has_version != 0;
    return status;
}
