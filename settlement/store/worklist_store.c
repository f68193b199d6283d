/* SQL of the work list. */
#include "settlement/store/worklist_store.h"

#include "settlement/store/connection.h"
#include "settlement/store/query.h"

#include <string.h>

enum status
comment_add(struct store_txn *txn, const char *municipality, int64_t discrepancy, const struct comment_row *comment,
            struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO discrepancy_comment (discrepancy, municipality, at_ms, login, text) "
                     "VALUES ($1, $2, $3, $4, $5)",
                     BOUND(bound_int(discrepancy), bound_text(municipality), bound_int(comment->at_ms),
                           bound_text(comment->login), bound_text(comment->text)),
                     err);
}

enum status
comment_each(struct store_txn *txn, int64_t discrepancy, comment_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    bool has_row = false;
    enum status status = query_open(txn,
                                    "SELECT c.at_ms, c.login, s.name, c.text FROM discrepancy_comment AS c "
                                    "LEFT JOIN staff AS s ON s.login = c.login WHERE c.discrepancy = $1 "
                                    "ORDER BY c.comment",
                                    BOUND(bound_int(discrepancy)), &statement, err);
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct comment_row row = {.at_ms = statement_column_int(statement, 0),
                                  .login = statement_column_text(statement, 1),
                                  .name = statement_column_text(statement, 2),
                                  .text = statement_column_text(statement, 3)};
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
discrepancy_set_expected(struct store_txn *txn, int64_t id, const char *on, const char *due_on,
                         struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE discrepancy SET expected_on = $1, due_on = $2, version = version + 1 "
                     "WHERE discrepancy = $3 AND state = 'open'",
                     BOUND(bound_text(on), bound_text(due_on), bound_int(id)), err);
}

enum status
discrepancy_set_undo_asked(struct store_txn *txn, int64_t id, const char *login, const char *reason, int64_t now_ms,
                           struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE discrepancy SET undo_by = $1, undo_reason = $2, undo_at_ms = $3, version = version + 1 "
                     "WHERE discrepancy = $4 AND state = 'resolved'",
                     BOUND(bound_text(login), bound_text(reason), bound_int(now_ms), bound_int(id)), err);
}

/* What it is about was put aside when it was resolved: the payment by its subject, the line where it stood alone or
 * against another amount. Of remarks nothing was: they are about pairs. A line whose place a corrected file has taken
 * since does not come back. */
#define PUT_ASIDE "discrepancy = $1 AND is_remark = 0 "
static const char payment_put_back[] =
    "INSERT INTO open_item (terminal, sequence, part, municipality, due_on) SELECT d.terminal, d.sequence, "
    "CASE WHEN d.subject LIKE '%:void' THEN 'void' ELSE 'sale' END, d.municipality, d.opened_on FROM discrepancy AS d "
    "WHERE " PUT_ASIDE "AND d.subject LIKE 'payment:%' AND d.sequence <> 0 AND NOT EXISTS (SELECT 1 FROM matched AS m "
    "WHERE m.terminal = d.terminal AND m.sequence = d.sequence AND m.part = CASE WHEN d.subject LIKE '%:void' THEN "
    "'void' ELSE 'sale' END) ON CONFLICT (terminal, sequence, part) DO NOTHING";
static const char line_put_back[] =
    "INSERT INTO open_line (import, line, municipality) SELECT import, line, municipality FROM discrepancy "
    "WHERE " PUT_ASIDE "AND import <> 0 AND (subject LIKE 'line:%' OR class = 'amount_differs') "
    "AND NOT EXISTS (SELECT 1 FROM line_aside AS a WHERE a.import = discrepancy.import AND a.line = discrepancy.line) "
    "ON CONFLICT (import, line) DO NOTHING";

enum status
discrepancy_take_back(struct store_txn *txn, int64_t id, const char *confirmed_by, struct error_detail *err)
{
    enum status status =
        query_run(txn,
                  "UPDATE discrepancy SET state = 'open', resolution = '', reason = '', resolved_by = '', "
                  "resolved_at_ms = 0, confirmed_by = '', confirmed_at_ms = 0, undo_by = '', undo_reason = '', "
                  "undo_at_ms = 0, undo_confirmed_by = $1, version = version + 1 WHERE discrepancy = $2",
                  BOUND(bound_text(confirmed_by), bound_int(id)), err);
    if (status == STATUS_OK) {
        status = query_run(txn, payment_put_back, BOUND(bound_int(id)), err);
    }
    return status == STATUS_OK ? query_run(txn, line_put_back, BOUND(bound_int(id)), err) : status;
}

enum status
pair_decision_add(struct store_txn *txn, const char *municipality, const struct pair_decision *decision,
                  int64_t *out_id, struct error_detail *err)
{
    return query_insert(
        txn,
        "INSERT INTO pair_decision (municipality, terminal, sequence, part, import, line, is_pair, at_ms, login, "
        "reason, undone_by, undone_at_ms, undone_reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', 0, '') "
        "RETURNING decision",
        BOUND(bound_text(municipality), bound_text(decision->terminal), bound_int(decision->sequence),
              bound_text(book_part_word(decision->part)), bound_int(decision->import), bound_int(decision->line),
              bound_int(decision->is_pair ? 1 : 0), bound_int(decision->at_ms), bound_text(decision->login),
              bound_text(decision->reason)),
        out_id, err);
}

enum status
pair_decision_undo(struct store_txn *txn, const char *municipality, int64_t id, const char *login, const char *reason,
                   int64_t now_ms, struct error_detail *err)
{
    enum status status = query_run(
        txn,
        "UPDATE pair_decision SET undone_by = $1, undone_at_ms = $2, undone_reason = $3 "
        "WHERE decision = $4 AND municipality = $5 AND undone_by = ''",
        BOUND(bound_text(login), bound_int(now_ms), bound_text(reason), bound_int(id), bound_text(municipality)), err);
    if (status == STATUS_OK && database_changes(store_txn_database(txn)) == 0) {
        error_set(err, "not_found", "この判断は、もう取り消されています。");
        return STATUS_NOT_FOUND;
    }
    return status;
}

static enum status
visit_decisions(struct statement *statement, pair_decision_visitor visit, void *context, struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct pair_decision row = {
            .id = statement_column_int(statement, 0),
            .terminal = statement_column_text(statement, 1),
            .sequence = statement_column_int(statement, 2),
            .part = strcmp(statement_column_text(statement, 3), "void") == 0 ? BOOK_VOID : BOOK_SALE,
            .import = statement_column_int(statement, 4),
            .line = statement_column_int(statement, 5),
            .is_pair = statement_column_int(statement, 6) != 0,
            .at_ms = statement_column_int(statement, 7),
            .login = statement_column_text(statement, 8),
            .reason = statement_column_text(statement, 9),
        };
        status = visit(&row, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
            return status;
        }
    }
    return status;
}

#define DECISION_COLUMNS                                                                                               \
    "SELECT p.decision, p.terminal, p.sequence, p.part, p.import, p.line, p.is_pair, p.at_ms, p.login, p.reason "      \
    "FROM pair_decision AS p WHERE p.municipality = $1 AND p.undone_by = '' "

enum status
pair_decision_open_each(struct store_txn *txn, const char *municipality, pair_decision_visitor visit, void *context,
                        struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   DECISION_COLUMNS "AND NOT (p.is_pair = 1 AND EXISTS (SELECT 1 FROM matched AS m WHERE "
                                    "m.terminal = p.terminal AND m.sequence = p.sequence AND m.part = p.part AND "
                                    "m.import = p.import AND m.line = p.line)) ORDER BY p.import, p.line, p.decision",
                   BOUND(bound_text(municipality)), &statement, err);
    return status == STATUS_OK ? visit_decisions(statement, visit, context, err) : status;
}

enum status
pair_decision_about_each(struct store_txn *txn, const char *municipality, const char *terminal, int64_t sequence,
                         int64_t import, int64_t line, pair_decision_visitor visit, void *context,
                         struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        DECISION_COLUMNS "AND ((p.terminal = $2 AND p.sequence = $3) OR (p.import = $4 AND p.line = $5)) "
                         "ORDER BY p.decision",
        BOUND(bound_text(municipality), bound_text(terminal), bound_int(sequence), bound_int(import), bound_int(line)),
        &statement, err);
    return status == STATUS_OK ? visit_decisions(statement, visit, context, err) : status;
}

enum status
pair_decision_find(struct store_txn *txn, const char *municipality, int64_t id, pair_decision_visitor visit,
                   void *context, struct error_detail *err)
{
    int64_t count;
    struct statement *statement;
    enum status status = query_int(txn,
                                   "SELECT count(*) FROM pair_decision WHERE municipality = $1 AND decision = $2 "
                                   "AND undone_by = ''",
                                   BOUND(bound_text(municipality), bound_int(id)), 0, &count, err);
    if (status == STATUS_OK && count == 0) {
        error_set(err, "not_found", "この判断は、もう取り消されています。");
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = query_open(txn, DECISION_COLUMNS "AND p.decision = $2", BOUND(bound_text(municipality), bound_int(id)),
                            &statement, err);
    }
    return status == STATUS_OK ? visit_decisions(statement, visit, context, err) : status;
}

enum status
open_pair_find(struct store_txn *txn, const char *municipality, const struct pair_decision *pair,
               bool *out_is_payment_open, bool *out_is_line_open, struct error_detail *err)
{
    int64_t payments = 0;
    int64_t lines = 0;
    enum status status = query_int(txn,
                                   "SELECT count(*) FROM open_item WHERE municipality = $1 AND terminal = $2 AND "
                                   "sequence = $3 AND part = $4",
                                   BOUND(bound_text(municipality), bound_text(pair->terminal),
                                         bound_int(pair->sequence), bound_text(book_part_word(pair->part))),
                                   0, &payments, err);
    if (status == STATUS_OK) {
        status =
            query_int(txn, "SELECT count(*) FROM open_line WHERE municipality = $1 AND import = $2 AND line = $3",
                      BOUND(bound_text(municipality), bound_int(pair->import), bound_int(pair->line)), 0, &lines, err);
    }
    *out_is_payment_open = payments > 0;
    *out_is_line_open = lines > 0;
    return status;
}

enum status
matched_remove(struct store_txn *txn, const char *municipality, const char *terminal, int64_t sequence,
               enum book_part part, int64_t import, int64_t line, const char *due_on, struct error_detail *err)
{
    enum status status = query_run(txn,
                                   "DELETE FROM matched WHERE terminal = $1 AND sequence = $2 AND part = $3 "
                                   "AND municipality = $4 AND import = $5 AND line = $6",
                                   BOUND(bound_text(terminal), bound_int(sequence), bound_text(book_part_word(part)),
                                         bound_text(municipality), bound_int(import), bound_int(line)),
                                   err);
    if (status == STATUS_OK && database_changes(store_txn_database(txn)) != 1) {
        error_set(err, "not_found", "この二つは組になっていません。開き直してください。");
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = open_item_put(txn, municipality, terminal, sequence, part, due_on, err);
    }
    return status == STATUS_OK ? open_line_put(txn, municipality, import, line, err) : status;
}
