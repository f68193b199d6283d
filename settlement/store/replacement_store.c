/* SQL of replacements. */
#include "settlement/store/replacement_store.h"

#include "settlement/store/query.h"

enum status
replacement_add(struct store_txn *txn, const char *municipality, const struct replacement_row *row, int64_t *out_id,
                struct error_detail *err)
{
    return query_insert(
        txn,
        "INSERT INTO import_replacement (municipality, chain, earlier, later, state, same_count, changed_count, "
        "gone_count, added_count, proposed_by, proposed_at_ms, reason, decided_by, decided_at_ms, decided_reason) "
        "VALUES ($1, $2, $3, $4, 'proposed', $5, $6, $7, $8, $9, $10, $11, '', 0, '') RETURNING replacement",
        BOUND(bound_text(municipality), bound_int(row->chain), bound_int(row->earlier), bound_int(row->later),
              bound_int(row->same_count), bound_int(row->changed_count), bound_int(row->gone_count),
              bound_int(row->added_count), bound_text(row->proposed_by), bound_int(row->proposed_at_ms),
              bound_text(row->reason)),
        out_id, err);
}

enum status
replacement_decide(struct store_txn *txn, int64_t id, const char *state, const char *login, int64_t at_ms,
                   const char *reason, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE import_replacement SET state = $1, decided_by = $2, decided_at_ms = $3, "
                     "decided_reason = $4 WHERE replacement = $5",
                     BOUND(bound_text(state), bound_text(login), bound_int(at_ms), bound_text(reason), bound_int(id)),
                     err);
}

enum status
replacement_each(struct store_txn *txn, const char *municipality, int64_t id, int64_t import, int64_t limit,
                 replacement_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT r.replacement, r.chain, r.earlier, r.later, r.state, r.same_count, r.changed_count, r.gone_count, "
        "r.added_count, r.proposed_by, coalesce(p.name, r.proposed_by), r.proposed_at_ms, r.reason, r.decided_by, "
        "coalesce(d.name, r.decided_by), r.decided_at_ms, r.decided_reason FROM import_replacement AS r "
        "LEFT JOIN staff AS p ON p.login = r.proposed_by LEFT JOIN staff AS d ON d.login = r.decided_by "
        "WHERE r.municipality = $1 AND ($2 = 0 OR r.replacement = $2) "
        "AND ($3 = 0 OR r.earlier = $3 OR r.later = $3) ORDER BY r.replacement DESC LIMIT $4",
        BOUND(bound_text(municipality), bound_int(id), bound_int(import), bound_int(limit)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct replacement_row row = {
            .id = statement_column_int(statement, 0),
            .chain = statement_column_int(statement, 1),
            .earlier = statement_column_int(statement, 2),
            .later = statement_column_int(statement, 3),
            .state = statement_column_text(statement, 4),
            .same_count = statement_column_int(statement, 5),
            .changed_count = statement_column_int(statement, 6),
            .gone_count = statement_column_int(statement, 7),
            .added_count = statement_column_int(statement, 8),
            .proposed_by = statement_column_text(statement, 9),
            .proposed_by_name = statement_column_text(statement, 10),
            .proposed_at_ms = statement_column_int(statement, 11),
            .reason = statement_column_text(statement, 12),
            .decided_by = statement_column_text(statement, 13),
            .decided_by_name = statement_column_text(statement, 14),
            .decided_at_ms = statement_column_int(statement, 15),
            .decided_reason = statement_column_text(statement, 16),
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
replacement_chain(struct store_txn *txn, const char *municipality, int64_t import, int64_t *out_chain,
                  int64_t *out_standing, int64_t *out_waiting, struct error_detail *err)
{
    int64_t chain = import;
    int64_t standing = import;
    int64_t waiting = 0;
    enum status status = query_int(txn,
                                   "SELECT chain FROM import_replacement WHERE municipality = $1 AND state = 'done' "
                                   "AND (earlier = $2 OR later = $2) ORDER BY replacement DESC LIMIT 1",
                                   BOUND(bound_text(municipality), bound_int(import)), import, &chain, err);
    if (status == STATUS_OK) {
        status = query_int(txn,
                           "SELECT later FROM import_replacement WHERE municipality = $1 AND state = 'done' "
                           "AND chain = $2 ORDER BY replacement DESC LIMIT 1",
                           BOUND(bound_text(municipality), bound_int(chain)), import, &standing, err);
    }
    if (status == STATUS_OK) {
        status = query_int(txn,
                           "SELECT replacement FROM import_replacement WHERE municipality = $1 "
                           "AND state = 'proposed' AND (chain = $2 OR earlier = $3 OR later = $3) LIMIT 1",
                           BOUND(bound_text(municipality), bound_int(chain), bound_int(import)), 0, &waiting, err);
    }
    if (status == STATUS_OK) {
        *out_chain = chain;
        *out_standing = standing;
        *out_waiting = waiting;
    }
    return status;
}

enum status
replacement_is_kept_out(struct store_txn *txn, int64_t import, bool *out, struct error_detail *err)
{
    int64_t number = 0;
    enum status status = query_int(
        txn,
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM import_replacement AS p WHERE p.later = $1 AND p.state <> 'done') "
        "AND NOT EXISTS (SELECT 1 FROM import_replacement AS d WHERE (d.later = $1 OR d.earlier = $1) "
        "AND d.state = 'done') AND EXISTS (SELECT 1 FROM line_aside AS a WHERE a.import = $1) THEN 1 ELSE 0 END",
        BOUND(bound_int(import)), 0, &number, err);
    *out = status == STATUS_OK && number != 0;
    return status;
}

static enum status
each_number(struct store_txn *txn, const char *sql, const struct bound *values, size_t count, number_visitor visit,
            void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn, sql, values, count, &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        status = visit(statement_column_int(statement, 0), context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
replacement_chain_each(struct store_txn *txn, int64_t chain, number_visitor visit, void *context,
                       struct error_detail *err)
{
    return each_number(txn,
                       "SELECT import FROM import WHERE import = $1 OR import IN (SELECT later FROM "
                       "import_replacement WHERE chain = $1 AND state = 'done') ORDER BY import",
                       BOUND(bound_int(chain)), visit, context, err);
}

enum status
line_aside_all(struct store_txn *txn, int64_t import, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO line_aside (import, line) SELECT import, line FROM statement_line WHERE import = $1 "
                     "UNION ALL SELECT import, line FROM bank_line WHERE import = $1",
                     BOUND(bound_int(import)), err);
}

enum status
line_aside_put(struct store_txn *txn, int64_t import, int64_t line, struct error_detail *err)
{
    return query_run(txn, "INSERT INTO line_aside (import, line) VALUES ($1, $2) ON CONFLICT (import, line) DO NOTHING",
                     BOUND(bound_int(import), bound_int(line)), err);
}

enum status
line_aside_remove(struct store_txn *txn, int64_t import, int64_t line, struct error_detail *err)
{
    return query_run(txn, "DELETE FROM line_aside WHERE import = $1 AND line = $2",
                     BOUND(bound_int(import), bound_int(line)), err);
}

enum status
line_aside_each(struct store_txn *txn, int64_t import, number_visitor visit, void *context, struct error_detail *err)
{
    return each_number(txn, "SELECT line FROM line_aside WHERE import = $1 ORDER BY line", BOUND(bound_int(import)),
                       visit, context, err);
}

enum status
line_aside_count(struct store_txn *txn, int64_t import, int64_t *out, struct error_detail *err)
{
    return query_int(txn, "SELECT count(*) FROM line_aside WHERE import = $1", BOUND(bound_int(import)), 0, out, err);
}

enum status
payout_parts_remove(struct store_txn *txn, int64_t import, struct error_detail *err)
{
    return query_run(txn, "DELETE FROM payout_part WHERE import = $1", BOUND(bound_int(import)), err);
}

enum status
replaceable_each(struct store_txn *txn, const char *municipality, const char *layout, const char *first_on,
                 const char *last_on, int64_t limit, number_visitor visit, void *context, struct error_detail *err)
{
    return each_number(
        txn,
        "SELECT i.import FROM import AS i WHERE i.municipality = $1 AND i.layout = $2 AND i.first_on <> '' "
        "AND i.first_on <= $3 AND i.last_on >= $4 "
        /* Not replaced by a later one, and not a proposal itself. */
        "AND NOT EXISTS (SELECT 1 FROM import_replacement AS r WHERE r.earlier = i.import AND r.state = 'done' "
        "AND NOT EXISTS (SELECT 1 FROM import_replacement AS b WHERE b.later = i.import AND b.state = 'done' "
        "AND b.replacement > r.replacement)) "
        "AND NOT EXISTS (SELECT 1 FROM import_replacement AS p WHERE p.later = i.import AND p.state <> 'done' "
        "AND NOT EXISTS (SELECT 1 FROM import_replacement AS d WHERE (d.later = i.import OR d.earlier = i.import) "
        "AND d.state = 'done')) ORDER BY i.import DESC LIMIT $5",
        BOUND(bound_text(municipality), bound_text(layout), bound_text(last_on), bound_text(first_on),
              bound_int(limit)),
        visit, context, err);
}

enum status
line_decision_each(struct store_txn *txn, int64_t import, int64_t line, line_decision_visitor visit, void *context,
                   struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT 'discrepancy:' || d.discrepancy AS what, d.class, d.resolution, d.resolved_by, d.terminal, d.sequence, "
        "d.payment, d.brand, d.trustee, d.happened_on FROM discrepancy AS d WHERE d.import = $1 AND d.line = $2 "
        "AND d.import <> 0 AND d.state IN ('resolved', 'awaiting_second') "
        "UNION ALL SELECT 'pair:' || c.decision, '', CASE WHEN c.is_pair = 1 THEN 'pair' ELSE 'part' END, c.login, "
        "c.terminal, c.sequence, coalesce(p.payment, ''), coalesce(p.brand, ''), '', "
        "coalesce(p.business_date, '') FROM pair_decision AS c LEFT JOIN payment AS p ON p.terminal = c.terminal "
        "AND p.started_sequence = c.sequence WHERE c.import = $1 AND c.line = $2 AND c.undone_by = '' "
        "UNION ALL SELECT 'split:' || c.split || ':' || c.line, '', 'split', s.login, '', 0, '', '', '', '' "
        "FROM split_part AS c JOIN split_decision AS s ON s.split = c.split WHERE c.import = $1 AND c.line = $2 "
        "AND s.undone_by = '' GROUP BY c.split, c.line, s.login "
        "UNION ALL SELECT 'spread:' || c.spread, '', 'spread', c.login, '', 0, '', '', '', '' FROM credit_spread AS c "
        "WHERE c.import = $1 AND c.line = $2 AND c.undone_by = '' ORDER BY 1",
        BOUND(bound_int(import), bound_int(line)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct line_decision decision = {
            .what = statement_column_text(statement, 0),
            .class = statement_column_text(statement, 1),
            .resolution = statement_column_text(statement, 2),
            .login = statement_column_text(statement, 3),
            .terminal = statement_column_text(statement, 4),
            .sequence = statement_column_int(statement, 5),
            .payment = statement_column_text(statement, 6),
            .brand = statement_column_text(statement, 7),
            .trustee = statement_column_text(statement, 8),
            .happened_on = statement_column_text(statement, 9),
        };
        status = visit(&decision, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}
