/* SQL of discrepancies: finding and deciding. */
#include "settlement/store/discrepancy_store.h"

#include "settlement/store/connection.h"
#include "settlement/store/query.h"

#include <string.h>

/* What a search looks into, as SQLite's index of pieces has it; its own words for a row that it is to forget. */
#define SEARCHED                                                                                                       \
    "receipt_number || ' ' || payment || ' ' || payout || ' ' || terminal || ' ' || amount_yen || ' ' || summary "

static bool
has_pieces(struct store_txn *txn)
{
    return database_dialect(store_txn_database(txn)) == DIALECT_SQLITE;
}

static enum status
note_pieces(struct store_txn *txn, int64_t id, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO worklist_text (rowid, searched) SELECT discrepancy, " SEARCHED
                     "FROM discrepancy WHERE discrepancy = $1",
                     BOUND(bound_int(id)), err);
}

static enum status
forget_pieces(struct store_txn *txn, int64_t id, struct error_detail *err)
{
    return query_run(
        txn,
        "INSERT INTO worklist_text (worklist_text, rowid, searched) SELECT 'delete', discrepancy, " SEARCHED
        "FROM discrepancy WHERE discrepancy = $1",
        BOUND(bound_int(id)), err);
}

static enum status
insert_open(struct store_txn *txn, const char *municipality, const struct discrepancy_row *row, int64_t *out_id,
            struct error_detail *err)
{
    return query_insert(
        txn,
        "INSERT INTO discrepancy (municipality, class, subject, state, version, amount_yen, happened_on, opened_on, "
        "due_on, cleared_on, is_remark, terminal, sequence, import, line, related_import, related_line, payment, "
        "receipt_number, brand, trustee, payout, summary, owner, resolution, reason, resolved_by, resolved_at_ms, "
        "confirmed_by, confirmed_at_ms) VALUES ($1, $2, $3, 'open', 1, $4, $5, $6, $7, '', $8, $9, $10, $11, $12, "
        "$13, $14, $15, coalesce((SELECT s.receipt_number FROM payment AS p JOIN sale AS s ON s.terminal = p.terminal "
        "AND s.sequence = p.sale_sequence WHERE p.terminal = $9 AND p.started_sequence = $10), ''), $16, $17, $18, "
        "$19, "
        "'', '', '', '', 0, '', 0) RETURNING discrepancy",
        BOUND(bound_text(municipality), bound_text(row->class), bound_text(row->subject), bound_int(row->amount_yen),
              bound_text(row->happened_on), bound_text(row->opened_on), bound_text(row->due_on),
              bound_int(row->is_remark ? 1 : 0), bound_text(row->terminal), bound_int(row->sequence),
              bound_int(row->import), bound_int(row->line), bound_int(row->related_import),
              bound_int(row->related_line), bound_text(row->payment), bound_text(row->brand), bound_text(row->trustee),
              bound_text(row->payout), bound_text(row->summary)),
        out_id, err);
}

enum status
discrepancy_add(struct store_txn *txn, const char *municipality, const struct discrepancy_row *row, int64_t *out_id,
                struct error_detail *err)
{
    enum status status = insert_open(txn, municipality, row, out_id, err);
    return status == STATUS_OK && has_pieces(txn) ? note_pieces(txn, *out_id, err) : status;
}

enum status
discrepancy_find(struct store_txn *txn, const char *municipality, const char *class, const char *subject,
                 struct found_discrepancy *out, struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status =
        query_first(txn,
                    "SELECT d.discrepancy, d.state, d.import, d.line, (SELECT count(*) FROM line_aside AS a "
                    "WHERE a.import = d.import AND a.line = d.line) FROM discrepancy AS d WHERE d.municipality = $1 "
                    "AND d.class = $2 AND d.subject = $3 AND d.state <> 'cleared'",
                    BOUND(bound_text(municipality), bound_text(class), bound_text(subject)), &statement, &found, err);
    *out = (struct found_discrepancy){0};
    if (status == STATUS_OK && found) {
        *out = (struct found_discrepancy){.id = statement_column_int(statement, 0),
                                          .is_resolved = strcmp(statement_column_text(statement, 1), "resolved") == 0,
                                          .import = statement_column_int(statement, 2),
                                          .line = statement_column_int(statement, 3),
                                          .is_line_aside = statement_column_int(statement, 4) != 0};
        statement_reset(statement);
    }
    return status;
}

static enum status
update_facts(struct store_txn *txn, int64_t id, const struct discrepancy_row *row, struct error_detail *err)
{
    return query_run(
        txn,
        "UPDATE discrepancy SET amount_yen = $1, summary = $2, import = $3, line = $4, related_import = $5, "
        "related_line = $6, version = version + 1 WHERE discrepancy = $7 AND state = 'open' AND "
        "(amount_yen <> $1 OR summary <> $2 OR import <> $3 OR line <> $4 OR related_import <> $5 "
        "OR related_line <> $6)",
        BOUND(bound_int(row->amount_yen), bound_text(row->summary), bound_int(row->import), bound_int(row->line),
              bound_int(row->related_import), bound_int(row->related_line), bound_int(id)),
        err);
}

enum status
discrepancy_refresh(struct store_txn *txn, int64_t id, const struct discrepancy_row *row, struct error_detail *err)
{
    int64_t is_new_text = 0;
    enum status status = STATUS_OK;
    if (has_pieces(txn)) {
        status =
            query_int(txn,
                      "SELECT amount_yen <> $1 OR summary <> $2 FROM discrepancy WHERE discrepancy = $3 "
                      "AND state = 'open'",
                      BOUND(bound_int(row->amount_yen), bound_text(row->summary), bound_int(id)), 0, &is_new_text, err);
    }
    if (status == STATUS_OK && is_new_text != 0) {
        status = forget_pieces(txn, id, err);
    }
    if (status == STATUS_OK) {
        status = update_facts(txn, id, row, err);
    }
    return status == STATUS_OK && is_new_text != 0 ? note_pieces(txn, id, err) : status;
}

enum status
discrepancy_clear(struct store_txn *txn, int64_t id, const char *today, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE discrepancy SET state = 'cleared', cleared_on = $1, version = version + 1 "
                     "WHERE discrepancy = $2 AND state = 'open'",
                     BOUND(bound_text(today), bound_int(id)), err);
}

enum status
discrepancy_set_owner(struct store_txn *txn, int64_t id, const char *owner, struct error_detail *err)
{
    return query_run(txn, "UPDATE discrepancy SET owner = $1, version = version + 1 WHERE discrepancy = $2",
                     BOUND(bound_text(owner), bound_int(id)), err);
}

enum status
discrepancy_set_resolution(struct store_txn *txn, int64_t id, const char *state, const char *resolution,
                           const char *reason, const char *login, int64_t now_ms, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE discrepancy SET state = $1, resolution = $2, reason = $3, resolved_by = $4, "
                     "resolved_at_ms = $5, expected_on = '', undo_confirmed_by = '', version = version + 1 "
                     "WHERE discrepancy = $6",
                     BOUND(bound_text(state), bound_text(resolution), bound_text(reason), bound_text(login),
                           bound_int(now_ms), bound_int(id)),
                     err);
}

enum status
discrepancy_set_confirmed(struct store_txn *txn, int64_t id, const char *login, int64_t now_ms,
                          struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE discrepancy SET state = 'resolved', confirmed_by = $1, confirmed_at_ms = $2, "
                     "version = version + 1 WHERE discrepancy = $3",
                     BOUND(bound_text(login), bound_int(now_ms), bound_int(id)), err);
}

enum status
discrepancy_reopen(struct store_txn *txn, int64_t id, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE discrepancy SET state = 'open', resolution = '', reason = '', resolved_by = '', "
                     "resolved_at_ms = 0, version = version + 1 WHERE discrepancy = $1",
                     BOUND(bound_int(id)), err);
}
