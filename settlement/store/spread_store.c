/* SQL of people's decisions about credits. */
#include "settlement/store/spread_store.h"

#include "settlement/store/query.h"

enum status
spread_add(struct store_txn *txn, const char *municipality, const struct credit_spread *spread, int64_t *out_id,
           struct error_detail *err)
{
    return query_insert(txn,
                        "INSERT INTO credit_spread (municipality, import, line, at_ms, login, reason, undone_by, "
                        "undone_at_ms, undone_reason) VALUES ($1, $2, $3, $4, $5, $6, '', 0, '') RETURNING spread",
                        BOUND(bound_text(municipality), bound_int(spread->import), bound_int(spread->line),
                              bound_int(spread->at_ms), bound_text(spread->login), bound_text(spread->reason)),
                        out_id, err);
}

enum status
spread_part_add(struct store_txn *txn, const char *municipality, int64_t spread, const struct portion_row *part,
                struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO credit_spread_part (spread, municipality, trustee, payout, amount_yen) "
                     "VALUES ($1, $2, $3, $4, $5)",
                     BOUND(bound_int(spread), bound_text(municipality), bound_text(part->trustee),
                           bound_text(part->payout), bound_int(part->amount_yen)),
                     err);
}

enum status
spread_take_back(struct store_txn *txn, const char *municipality, int64_t id, const char *login, const char *reason,
                 int64_t now_ms, struct credit_spread *out, struct error_detail *err)
{
    struct statement *statement;
    bool found = false;
    *out = (struct credit_spread){.id = id};
    enum status status = query_first(txn,
                                     "SELECT import, line FROM credit_spread WHERE municipality = $1 AND spread = $2 "
                                     "AND undone_by = ''",
                                     BOUND(bound_text(municipality), bound_int(id)), &statement, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!found) {
        error_set(err, "not_found", "この割当ては、もう取り消されています。");
        return STATUS_NOT_FOUND;
    }
    out->import = statement_column_int(statement, 0);
    out->line = statement_column_int(statement, 1);
    statement_reset(statement);
    return query_run(
        txn,
        "UPDATE credit_spread SET undone_by = $3, undone_at_ms = $4, undone_reason = $5 "
        "WHERE municipality = $1 AND spread = $2 AND undone_by = ''",
        BOUND(bound_text(municipality), bound_int(id), bound_text(login), bound_int(now_ms), bound_text(reason)), err);
}

enum status
spread_of_credit_each(struct store_txn *txn, int64_t import, int64_t line, portion_visitor visit, void *context,
                      struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT p.trustee, p.payout, p.amount_yen FROM credit_spread AS s JOIN credit_spread_part AS p "
                   "ON p.spread = s.spread WHERE s.import = $1 AND s.line = $2 AND s.undone_by = '' "
                   "ORDER BY p.trustee, p.payout",
                   BOUND(bound_int(import), bound_int(line)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct portion_row part = {.import = import,
                                         .line = line,
                                         .trustee = statement_column_text(statement, 0),
                                         .payout = statement_column_text(statement, 1),
                                         .amount_yen = statement_column_int(statement, 2)};
        status = visit(&part, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
spread_of_payout_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
                      credit_spread_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT s.spread, s.import, s.line, s.at_ms, s.login, s.reason FROM credit_spread AS s "
                   "JOIN credit_spread_part AS p ON p.spread = s.spread WHERE s.municipality = $1 AND p.trustee = $2 "
                   "AND p.payout = $3 AND s.undone_by = '' ORDER BY s.spread",
                   BOUND(bound_text(municipality), bound_text(trustee), bound_text(payout)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct credit_spread spread = {.id = statement_column_int(statement, 0),
                                             .import = statement_column_int(statement, 1),
                                             .line = statement_column_int(statement, 2),
                                             .at_ms = statement_column_int(statement, 3),
                                             .login = statement_column_text(statement, 4),
                                             .reason = statement_column_text(statement, 5)};
        status = visit(&spread, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
credit_amount(struct store_txn *txn, const char *municipality, int64_t import, int64_t line, int64_t *out_yen,
              bool *out_is_decided, struct error_detail *err)
{
    struct statement *statement;
    bool found = false;
    enum status status = query_first(
        txn,
        "SELECT b.amount_yen, (SELECT count(*) FROM credit_spread AS s WHERE s.import = b.import "
        "AND s.line = b.line AND s.undone_by = '') FROM bank_line AS b JOIN import AS i ON i.import = b.import "
        "WHERE i.municipality = $1 AND b.import = $2 AND b.line = $3 AND b.direction = 'in' AND NOT EXISTS "
        "(SELECT 1 FROM line_aside AS a WHERE a.import = b.import AND a.line = b.line)",
        BOUND(bound_text(municipality), bound_int(import), bound_int(line)), &statement, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!found) {
        error_set(err, "not_found", "この銀行の入金はありません。");
        return STATUS_NOT_FOUND;
    }
    *out_yen = statement_column_int(statement, 0);
    *out_is_decided = statement_column_int(statement, 1) != 0;
    statement_reset(statement);
    return STATUS_OK;
}

enum status
payout_is_known(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout, bool *out,
                struct error_detail *err)
{
    int64_t found = 0;
    enum status status =
        query_int(txn, "SELECT 1 FROM payout WHERE municipality = $1 AND trustee = $2 AND payout = $3",
                  BOUND(bound_text(municipality), bound_text(trustee), bound_text(payout)), 0, &found, err);
    *out = found != 0;
    return status;
}

enum status
credit_free(struct store_txn *txn, const char *municipality, int64_t import, int64_t line, const char *today,
            struct error_detail *err)
{
    const struct bound values[] = {bound_text(municipality), bound_int(import), bound_int(line)};
    enum status status =
        query_run(txn,
                  "UPDATE payout SET credited_yen = credited_yen - (SELECT c.amount_yen FROM payout_credit AS c "
                  "WHERE c.municipality = payout.municipality AND c.trustee = payout.trustee "
                  "AND c.payout = payout.payout AND c.import = $2 AND c.line = $3) WHERE municipality = $1 "
                  "AND EXISTS (SELECT 1 FROM payout_credit AS c WHERE c.municipality = payout.municipality "
                  "AND c.trustee = payout.trustee AND c.payout = payout.payout AND c.import = $2 AND c.line = $3)",
                  values, 3, err);
    if (status == STATUS_OK) {
        status = query_run(txn, "DELETE FROM payout_credit WHERE municipality = $1 AND import = $2 AND line = $3",
                           values, 3, err);
    }
    /* A line that a corrected file replaced counts no more: it is nobody's. */
    int64_t is_aside = 0;
    if (status == STATUS_OK) {
        status = query_int(txn, "SELECT 1 FROM line_aside WHERE import = $1 AND line = $2",
                           BOUND(bound_int(import), bound_int(line)), 0, &is_aside, err);
    }
    return status == STATUS_OK && is_aside == 0 ? open_credit_put(txn, municipality, import, line, today, err) : status;
}
