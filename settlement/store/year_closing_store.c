/* SQL of the closing of a year. */
#include "settlement/store/year_closing_store.h"

#include "settlement/store/query.h"
#include "settlement/store/refund_counts.h"

#define TAKEN_OVER REFUND_IS_TAKEN_OVER("r")

enum status
year_obstacle_read(struct store_txn *txn, enum closing_question question, const char *municipality, int fiscal_year,
                   const char *first, const char *last, struct year_obstacle *out, struct error_detail *err)
{
    static const char *const texts[CLOSING_QUESTION_COUNT] = {
        [YEAR_UNDRAFTED_DAYS] = "SELECT count(*), 0 FROM assessment_day WHERE municipality = $1 "
                                "AND received_on BETWEEN $3 AND $4 AND $2 > 0",
        [YEAR_WAITING] = "SELECT count(*), coalesce(sum(amount_yen), 0) FROM assessment WHERE municipality = $1 "
                         "AND fiscal_year = $2 AND state IN ('draft', 'proposed') AND $3 <> '' AND $4 <> ''",
        [YEAR_UNEXPORTED] = "SELECT count(*), coalesce(sum(amount_yen), 0) FROM assessment WHERE municipality = $1 "
                            "AND fiscal_year = $2 AND state = 'approved' AND $3 <> '' AND $4 <> ''",
        [YEAR_HELD] = "SELECT count(*), coalesce(sum(amount_yen), 0) FROM assessment_held WHERE municipality = $1 "
                      "AND received_on BETWEEN $3 AND $4 AND reason <> 'closed_year_decrease' AND $2 > 0",
        [YEAR_IN_DOUBT] =
            "SELECT count(*), coalesce(sum(amount_yen), 0) FROM payment WHERE municipality = $1 "
            "AND business_date BETWEEN $3 AND $4 AND state IN ('started', 'unknown', 'in_doubt', 'held') AND $2 > 0",
        [YEAR_DISCREPANCIES] = "SELECT count(*), coalesce(sum(abs(amount_yen)), 0) FROM discrepancy "
                               "WHERE municipality = $1 AND state = 'open' AND is_remark = 0 "
                               "AND happened_on BETWEEN $3 AND $4 AND $2 > 0",
        [YEAR_REMITTANCES] = "SELECT count(*), coalesce(sum(r.amount_yen), 0) FROM remittance AS r "
                             "WHERE r.municipality = $1 AND r.fiscal_year = $2 AND r.undone_by = '' "
                             "AND NOT EXISTS (SELECT 1 FROM remittance_seen AS s WHERE s.remittance = r.remittance "
                             "AND s.state IN ('reference', 'amount')) AND $3 <> '' AND $4 <> ''",
        [YEAR_REFUNDS] = "SELECT count(*), coalesce(sum(r.amount_yen), 0) FROM refund AS r JOIN sale AS s "
                         "ON s.sale = r.sale AND s.municipality = r.municipality WHERE r.municipality = $1 "
                         "AND r.state = 'requested' AND NOT " TAKEN_OVER " AND s.received_on BETWEEN $3 AND $4 "
                         "AND $2 > 0",
    };
    struct statement *statement;
    bool found = false;
    enum status status =
        query_first(txn, texts[question],
                    BOUND(bound_text(municipality), bound_int(fiscal_year), bound_text(first), bound_text(last)),
                    &statement, &found, err);
    *out = (struct year_obstacle){0};
    if (status == STATUS_OK && found) {
        *out = (struct year_obstacle){statement_column_int(statement, 0), statement_column_int(statement, 1)};
        statement_reset(statement);
    }
    return status;
}

enum status
year_record_each(struct store_txn *txn, const char *municipality, int fiscal_year, year_record_visitor visit,
                 void *context, struct error_detail *err)
{
    struct statement *statement;
    bool has_row = false;
    enum status status = query_open(
        txn,
        "SELECT serial, kind, assessed_on, account, section, route, tax, amount_yen, tax_yen FROM assessment "
        "WHERE municipality = $1 AND fiscal_year = $2 AND serial IS NOT NULL ORDER BY serial",
        BOUND(bound_text(municipality), bound_int(fiscal_year)), &statement, err);
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct year_record record = {
            .serial = statement_column_int(statement, 0),
            .kind = statement_column_text(statement, 1),
            .assessed_on = statement_column_text(statement, 2),
            .account = statement_column_text(statement, 3),
            .section = statement_column_text(statement, 4),
            .route = statement_column_text(statement, 5),
            .tax = statement_column_text(statement, 6),
            .amount_yen = statement_column_int(statement, 7),
            .tax_yen = statement_column_int(statement, 8),
        };
        status = visit(&record, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
year_closing_add(struct store_txn *txn, const char *municipality, const struct year_closing_row *row, int64_t *out_id,
                 struct error_detail *err)
{
    return query_insert(
        txn,
        "INSERT INTO year_closing (municipality, fiscal_year, state, assessed_count, assessed_yen, received_yen, "
        "outstanding_yen, record_sha256, proposed_by, proposed_at_ms, reason, decided_by, decided_at_ms, "
        "decided_reason) VALUES ($1, $2, 'proposed', $3, $4, $5, $6, $7, $8, $9, $10, '', 0, '') RETURNING closing",
        BOUND(bound_text(municipality), bound_int(row->fiscal_year), bound_int(row->assessed_count),
              bound_int(row->assessed_yen), bound_int(row->received_yen), bound_int(row->outstanding_yen),
              bound_text(row->record_sha256), bound_text(row->proposed_by), bound_int(row->proposed_at_ms),
              bound_text(row->reason)),
        out_id, err);
}

enum status
year_closing_decide(struct store_txn *txn, int64_t id, const char *state, const char *login, int64_t at_ms,
                    const char *reason, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE year_closing SET state = $2, decided_by = $3, decided_at_ms = $4, decided_reason = $5 "
                     "WHERE closing = $1",
                     BOUND(bound_int(id), bound_text(state), bound_text(login), bound_int(at_ms), bound_text(reason)),
                     err);
}

enum status
year_closing_each(struct store_txn *txn, const char *municipality, int fiscal_year, year_closing_visitor visit,
                  void *context, struct error_detail *err)
{
    struct statement *statement;
    bool has_row = false;
    enum status status = query_open(
        txn,
        "SELECT c.closing, c.fiscal_year, c.state, c.assessed_count, c.assessed_yen, c.received_yen, "
        "c.outstanding_yen, c.record_sha256, c.proposed_by, coalesce(p.name, c.proposed_by), c.proposed_at_ms, "
        "c.reason, c.decided_by, coalesce(d.name, c.decided_by), c.decided_at_ms, c.decided_reason "
        "FROM year_closing AS c LEFT JOIN staff AS p ON p.login = c.proposed_by LEFT JOIN staff AS d "
        "ON d.login = c.decided_by WHERE c.municipality = $1 AND ($2 = 0 OR c.fiscal_year = $2) "
        "ORDER BY c.closing DESC",
        BOUND(bound_text(municipality), bound_int(fiscal_year)), &statement, err);
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct year_closing_row row = {
            .id = statement_column_int(statement, 0),
            .fiscal_year = (int)statement_column_int(statement, 1),
            .state = statement_column_text(statement, 2),
            .assessed_count = statement_column_int(statement, 3),
            .assessed_yen = statement_column_int(statement, 4),
            .received_yen = statement_column_int(statement, 5),
            .outstanding_yen = statement_column_int(statement, 6),
            .record_sha256 = statement_column_text(statement, 7),
            .proposed_by = statement_column_text(statement, 8),
            .proposed_by_name = statement_column_text(statement, 9),
            .proposed_at_ms = statement_column_int(statement, 10),
            .reason = statement_column_text(statement, 11),
            .decided_by = statement_column_text(statement, 12),
            .decided_by_name = statement_column_text(statement, 13),
            .decided_at_ms = statement_column_int(statement, 14),
            .decided_reason = statement_column_text(statement, 15),
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}
