/* SQL of layouts for the finance system. */
#include "settlement/store/finance_layout_store.h"

#include "settlement/store/query.h"

enum status
finance_layout_add(struct store_txn *txn, const char *municipality, struct finance_layout_row *row,
                   struct error_detail *err)
{
    int64_t last = 0;
    int64_t waiting = 0;
    enum status status = query_int(
        txn, "SELECT count(*) FROM finance_layout WHERE municipality = $1 AND layout = $2 AND state = 'proposed'",
        BOUND(bound_text(municipality), bound_text(row->layout)), 0, &waiting, err);
    if (status == STATUS_OK && waiting > 0) {
        error_set(err, "layout_waits",
                  "この書式の別の提案が、二人目の確認を待っています。先にそちらを決めるか、取り下げてください。");
        return STATUS_CONFLICT;
    }
    if (status == STATUS_OK) {
        status = query_int(txn, "SELECT max(version) FROM finance_layout WHERE municipality = $1 AND layout = $2",
                           BOUND(bound_text(municipality), bound_text(row->layout)), 0, &last, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    row->version = last + 1;
    return query_insert(
        txn,
        "INSERT INTO finance_layout (municipality, layout, version, descriptor, state, proposed_by, proposed_at_ms, "
        "reason, decided_by, decided_at_ms, decided_reason) VALUES ($1, $2, $3, $4, 'proposed', $5, $6, $7, '', 0, '') "
        "RETURNING finance_layout",
        BOUND(bound_text(municipality), bound_text(row->layout), bound_int(row->version), bound_text(row->descriptor),
              bound_text(row->proposed_by), bound_int(row->proposed_at_ms), bound_text(row->reason)),
        &row->id, err);
}

enum status
finance_layout_decide(struct store_txn *txn, int64_t id, const char *state, const char *login, int64_t at_ms,
                      const char *reason, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE finance_layout SET state = $2, decided_by = $3, decided_at_ms = $4, decided_reason = $5 "
                     "WHERE finance_layout = $1 AND state = 'proposed'",
                     BOUND(bound_int(id), bound_text(state), bound_text(login), bound_int(at_ms), bound_text(reason)),
                     err);
}

enum status
finance_layout_each(struct store_txn *txn, const char *municipality, int64_t id, const char *name, bool in_use,
                    int64_t limit, finance_layout_visitor visit, void *context, struct error_detail *err)
{
    static const char sql[] =
        "SELECT l.finance_layout, l.layout, l.version, l.descriptor, l.state, l.proposed_by, "
        "coalesce(p.name, l.proposed_by), l.proposed_at_ms, l.reason, l.decided_by, coalesce(d.name, l.decided_by), "
        "l.decided_at_ms, l.decided_reason, CASE WHEN l.finance_layout = (SELECT max(n.finance_layout) FROM "
        "finance_layout AS n WHERE n.municipality = l.municipality AND n.layout = l.layout AND n.state = 'done') "
        "THEN 1 ELSE 0 END FROM finance_layout AS l LEFT JOIN staff AS p ON p.login = l.proposed_by "
        "LEFT JOIN staff AS d ON d.login = l.decided_by WHERE l.municipality = $1 "
        "AND ($2 = 0 OR l.finance_layout = $2) AND ($3 = '' OR l.layout = $3) AND ($4 = 0 OR l.finance_layout = "
        "(SELECT max(n.finance_layout) FROM finance_layout AS n WHERE n.municipality = l.municipality "
        "AND n.layout = l.layout AND n.state = 'done')) ORDER BY l.finance_layout DESC LIMIT $5";
    struct statement *statement;
    bool has_row = false;
    enum status status = query_open(txn, sql,
                                    BOUND(bound_text(municipality), bound_int(id), bound_text(name != NULL ? name : ""),
                                          bound_int(in_use ? 1 : 0), bound_int(limit)),
                                    &statement, err);
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct finance_layout_row row = {
            .id = statement_column_int(statement, 0),
            .layout = statement_column_text(statement, 1),
            .version = statement_column_int(statement, 2),
            .descriptor = statement_column_text(statement, 3),
            .state = statement_column_text(statement, 4),
            .proposed_by = statement_column_text(statement, 5),
            .proposed_by_name = statement_column_text(statement, 6),
            .proposed_at_ms = statement_column_int(statement, 7),
            .reason = statement_column_text(statement, 8),
            .decided_by = statement_column_text(statement, 9),
            .decided_by_name = statement_column_text(statement, 10),
            .decided_at_ms = statement_column_int(statement, 11),
            .decided_reason = statement_column_text(statement, 12),
            .is_in_use = statement_column_int(statement, 13) != 0,
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}
