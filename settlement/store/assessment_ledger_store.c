/* SQL between the ledger and 調定. Every text has its parameters in order (query.h). */
#include "settlement/store/assessment_ledger_store.h"

#include "settlement/store/column.h"
#include "settlement/store/query.h"

#include <string.h>

enum status
received_line_each(struct store_txn *txn, const char *municipality, const char *day, received_line_visitor visit,
                   void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT sale.terminal, sale.sequence, sale.sale, sale.method, sale.brand, sale_line.number, sale_line.item, "
        "sale_line.name, sale_line.quantity, sale_line.unit_price_yen, sale_line.amount_yen, sale_line.tax, "
        "sale_line.account, sale_line.section, sale_line.issuer, sale_line.cash_yen, sale_line.facility, "
        "CASE WHEN sale_line.reduction_yen > 0 THEN sale_line.reduction_name ELSE '' END FROM sale "
        "JOIN sale_line ON sale_line.terminal = sale.terminal AND sale_line.sequence = sale.sequence "
        "WHERE sale.municipality = $1 AND sale.received_on = $2 AND sale.voided_by = 0 "
        "ORDER BY sale.terminal, sale.sequence, sale_line.number",
        BOUND(bound_text(municipality), bound_text(day)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct received_line line = {
            .terminal = statement_column_text(statement, 0),
            .sequence = statement_column_int(statement, 1),
            .sale = statement_column_text(statement, 2),
            .method = statement_column_text(statement, 3),
            .brand = statement_column_text(statement, 4),
            .number = (int)statement_column_int(statement, 5),
            .item = statement_column_text(statement, 6),
            .name = statement_column_text(statement, 7),
            .quantity = statement_column_int(statement, 8),
            .unit_price_yen = statement_column_int(statement, 9),
            .amount_yen = statement_column_int(statement, 10),
            .tax = statement_column_text(statement, 11),
            .account = statement_column_text(statement, 12),
            .section = statement_column_text(statement, 13),
            .issuer = statement_column_text(statement, 14),
            .cash_yen = statement_column_int(statement, 15),
            .facility = statement_column_text(statement, 16),
            .reduction = statement_column_text(statement, 17),
        };
        status = visit(&line, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
received_tax(struct store_txn *txn, const char *terminal, int64_t sequence, const char *tax, const char *issuer,
             int64_t *out_yen, struct error_detail *err)
{
    return query_int(
        txn, "SELECT tax_yen FROM sale_tax WHERE terminal = $1 AND sequence = $2 AND tax = $3 AND issuer = $4",
        BOUND(bound_text(terminal), bound_int(sequence), bound_text(tax), bound_text(issuer)), 0, out_yen, err);
}

/* Columns from FIRST: fiscal_year, assessed_on, account, section, route, tax. */
static enum status
read_key(const struct statement *statement, int first, struct assessment_key *out, struct error_detail *err)
{
    const char *day = statement_column_text(statement, first + 1);
    struct assessment_key key = {
        .fiscal_year = (int)statement_column_int(statement, first),
        .account = statement_column_text(statement, first + 2),
        .section = statement_column_text(statement, first + 3),
        .route = statement_column_text(statement, first + 4),
        .tax = statement_column_text(statement, first + 5),
    };
    if (civil_date_parse(&key.received_on, day, strlen(day)) != STATUS_OK) {
        error_set(err, "wrong_day", "保存されている調定年月日「%s」が正しくありません。", day);
        return STATUS_CORRUPT;
    }
    *out = key;
    return STATUS_OK;
}

enum status
refunded_line_each(struct store_txn *txn, const char *municipality, const char *day, const char *last_day,
                   refunded_line_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT sale.terminal, sale.sequence, coalesce(p.line, 0), r.ended_means, "
                   "coalesce(p.amount_yen, r.amount_yen) FROM sale "
                   "JOIN refund AS r ON r.sale = sale.sale AND r.municipality = sale.municipality AND r.state = 'paid' "
                   "AND r.ended_on <= $3 LEFT JOIN refund_line AS p ON p.terminal = r.terminal "
                   "AND p.requested_sequence = r.requested_sequence "
                   "WHERE sale.municipality = $1 AND sale.received_on = $2 AND sale.voided_by = 0 "
                   "ORDER BY sale.terminal, sale.sequence, 3, r.terminal, r.requested_sequence",
                   BOUND(bound_text(municipality), bound_text(day), bound_text(last_day)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct refunded_line line = {
            .terminal = statement_column_text(statement, 0),
            .sequence = statement_column_int(statement, 1),
            .number = (int)statement_column_int(statement, 2),
            .means = statement_column_text(statement, 3),
            .amount_yen = statement_column_int(statement, 4),
        };
        status = visit(&line, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
assessment_mark_refunded(struct store_txn *txn, int64_t assessment, struct error_detail *err)
{
    return query_run(
        txn,
        "INSERT INTO assessment_day (municipality, received_on) SELECT a.municipality, a.assessed_on "
        "FROM assessment AS a WHERE a.assessment = $1 AND a.kind <> 'decrease' AND EXISTS (SELECT 1 "
        "FROM assessment_source AS s JOIN sale ON sale.terminal = s.terminal AND sale.sequence = s.sequence "
        "JOIN refund AS r ON r.sale = sale.sale AND r.state = 'paid' WHERE s.assessment = a.assessment) "
        "ON CONFLICT DO NOTHING",
        BOUND(bound_int(assessment)), err);
}

#define SIGNED(column) "CASE WHEN a.kind = 'decrease' THEN -" column " ELSE " column " END"

enum status
assessment_claim_each(struct store_txn *txn, const char *municipality, const char *day, assessment_claim_visitor visit,
                      void *context, struct error_detail *err)
{
    /* A 減額 and a 増額 speak of lines of their 当初, which names the group. */
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT o.fiscal_year, o.assessed_on, o.account, o.section, o.route, o.tax, o.assessment, "
        "s.terminal, s.sequence, s.number, max(s.sale), sum(" SIGNED("s.quantity") "), sum(" SIGNED(
            "s.amount_yen") "), "
                            "sum(" SIGNED(
                                "s.tax_yen") "), max(l.item), max(l.name), max(l.unit_price_yen) FROM assessment AS a "
                                             "JOIN assessment AS o ON o.assessment = coalesce(a.original, "
                                             "a.assessment) "
                                             "JOIN assessment_source AS s ON s.assessment = a.assessment "
                                             "JOIN assessment_line AS l ON l.assessment = s.assessment AND l.line = "
                                             "s.line "
                                             "WHERE a.municipality = $1 AND a.assessed_on = $2 AND a.state IN "
                                             "('approved', 'exported') "
                                             "GROUP BY o.fiscal_year, o.assessed_on, o.account, o.section, o.route, "
                                             "o.tax, o.assessment, s.terminal, "
                                             "s.sequence, s.number ORDER BY s.terminal, s.sequence, s.number",
        BOUND(bound_text(municipality), bound_text(day)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct assessment_claim claim = {
            .original = statement_column_int(statement, 6),
            .source = {.terminal = statement_column_text(statement, 7),
                       .sequence = statement_column_int(statement, 8),
                       .line = (int)statement_column_int(statement, 9),
                       .facility = "",
                       .sale = statement_column_text(statement, 10),
                       /* Parts count as one each: what is left is at least one. */
                       .quantity = statement_column_int(statement, 11) > 0 ? statement_column_int(statement, 11) : 1,
                       .amount_yen = statement_column_int(statement, 12),
                       .tax_yen = statement_column_int(statement, 13),
                       .item = statement_column_text(statement, 14),
                       .name = statement_column_text(statement, 15),
                       .unit_price_yen = statement_column_int(statement, 16)},
        };
        status = read_key(statement, 0, &claim.source.key, err);
        claim.source.is_cash = status == STATUS_OK && strcmp(claim.source.key.route, "cash") == 0;
        if (status == STATUS_OK) {
            status = visit(&claim, context, err);
        }
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
assessment_original_each(struct store_txn *txn, const char *municipality, const char *day,
                         assessment_original_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   "SELECT fiscal_year, assessed_on, account, section, route, tax, assessment FROM assessment "
                   "WHERE municipality = $1 AND assessed_on = $2 AND kind = 'original' "
                   "AND state IN ('approved', 'exported') ORDER BY assessment",
                   BOUND(bound_text(municipality), bound_text(day)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct assessment_original original = {.original = statement_column_int(statement, 6)};
        status = read_key(statement, 0, &original.key, err);
        if (status == STATUS_OK) {
            status = visit(&original, context, err);
        }
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

/* Days of lines that came since each till's progress. */
static const char mark_sales[] =
    "INSERT INTO assessment_day (municipality, received_on) "
    "SELECT DISTINCT sale.municipality, sale.received_on FROM ledger_terminal AS t "
    "LEFT JOIN assessment_progress AS p ON p.terminal = t.terminal "
    "CROSS JOIN sale ON sale.terminal = t.terminal AND sale.sequence > coalesce(p.sequence, 0) "
    "WHERE t.municipality = $1 AND t.sequence > coalesce(p.sequence, 0) ON CONFLICT DO NOTHING";
static const char mark_voids[] =
    "INSERT INTO assessment_day (municipality, received_on) "
    "SELECT DISTINCT sale.municipality, sale.received_on FROM ledger_terminal AS t "
    "LEFT JOIN assessment_progress AS p ON p.terminal = t.terminal "
    "CROSS JOIN sale_void ON sale_void.terminal = t.terminal AND sale_void.sequence > coalesce(p.sequence, 0) "
    "CROSS JOIN sale ON sale.terminal = sale_void.terminal AND sale.sequence = sale_void.sale_sequence "
    "WHERE t.municipality = $1 AND t.sequence > coalesce(p.sequence, 0) ON CONFLICT DO NOTHING";
static const char mark_refunds[] =
    "INSERT INTO assessment_day (municipality, received_on) "
    "SELECT DISTINCT sale.municipality, sale.received_on FROM ledger_terminal AS t "
    "LEFT JOIN assessment_progress AS p ON p.terminal = t.terminal "
    "CROSS JOIN refund AS r ON r.terminal = t.terminal AND r.state = 'paid' "
    "AND r.state_sequence > coalesce(p.sequence, 0) "
    "CROSS JOIN sale ON sale.sale = r.sale AND sale.municipality = t.municipality "
    "WHERE t.municipality = $1 AND t.sequence > coalesce(p.sequence, 0) ON CONFLICT DO NOTHING";
static const char move_progress[] =
    "INSERT INTO assessment_progress (terminal, sequence) SELECT terminal, sequence FROM ledger_terminal "
    "WHERE municipality = $1 ON CONFLICT (terminal) DO UPDATE SET sequence = excluded.sequence";
/* Masters may have learnt the account or trustee that was missing. */
static const char mark_held[] = "INSERT INTO assessment_day (municipality, received_on) "
                                "SELECT DISTINCT municipality, received_on FROM assessment_held "
                                "WHERE municipality = $1 AND reason <> 'closed_year_decrease' "
                                "ON CONFLICT DO NOTHING";
/* Books close on 31 May after the year's end: what is not approved by then belongs to the year that is running. */
static const char mark_closed[] = "INSERT INTO assessment_day (municipality, received_on) "
                                  "SELECT municipality, assessed_on FROM assessment WHERE municipality = $1 "
                                  "AND state <> 'exported' " /* so that the index of what waits is used */
                                  "AND state IN ('draft', 'proposed') AND (fiscal_year + 1) || '-05-31' < $2 "
                                  "ON CONFLICT DO NOTHING";

enum status
assessment_mark_days(struct store_txn *txn, const char *municipality, const char *today, struct error_detail *err)
{
    static const char *const marks[] = {mark_sales, mark_voids, mark_refunds, mark_held, move_progress};
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof marks / sizeof marks[0]; i++) {
        status = query_run(txn, marks[i], BOUND(bound_text(municipality)), err);
    }
    if (status == STATUS_OK) {
        status = query_run(txn, mark_closed, BOUND(bound_text(municipality), bound_text(today)), err);
    }
    return status;
}

enum status
assessment_day_is_marked(struct store_txn *txn, const char *municipality, const char *day, bool *out,
                         struct error_detail *err)
{
    int64_t found = 0;
    enum status status = query_int(txn, "SELECT 1 FROM assessment_day WHERE municipality = $1 AND received_on = $2",
                                   BOUND(bound_text(municipality), bound_text(day)), 0, &found, err);
    *out = found != 0;
    return status;
}

enum status
assessment_marked_day(struct store_txn *txn, const char *municipality, const char *to, char out[CIVIL_DATE_TEXT_SIZE],
                      bool *out_found, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_first(txn,
                                     "SELECT received_on FROM assessment_day WHERE municipality = $1 "
                                     "AND received_on <= $2 ORDER BY received_on LIMIT 1",
                                     BOUND(bound_text(municipality), bound_text(to)), &statement, out_found, err);
    if (status == STATUS_OK && *out_found) {
        column_copy_text(out, CIVIL_DATE_TEXT_SIZE, statement, 0);
        statement_reset(statement);
    }
    return status;
}

enum status
assessment_mark_day(struct store_txn *txn, const char *municipality, const char *day, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO assessment_day (municipality, received_on) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                     BOUND(bound_text(municipality), bound_text(day)), err);
}

enum status
assessment_unmark_day(struct store_txn *txn, const char *municipality, const char *day, struct error_detail *err)
{
    return query_run(txn, "DELETE FROM assessment_day WHERE municipality = $1 AND received_on = $2",
                     BOUND(bound_text(municipality), bound_text(day)), err);
}

enum status
assessment_held_clear(struct store_txn *txn, const char *municipality, const char *day, struct error_detail *err)
{
    return query_run(txn, "DELETE FROM assessment_held WHERE municipality = $1 AND received_on = $2",
                     BOUND(bound_text(municipality), bound_text(day)), err);
}

enum status
assessment_held_add(struct store_txn *txn, const char *municipality, const char *day, const char *terminal,
                    int64_t sequence, int number, const char *reason, int64_t amount_yen, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO assessment_held (municipality, received_on, terminal, sequence, number, reason, "
                     "amount_yen) VALUES ($1, $2, $3, $4, $5, $6, $7) "
                     /* Both parts of a line can be held back for one reason. */
                     "ON CONFLICT (municipality, received_on, terminal, sequence, number, reason) "
                     "DO UPDATE SET amount_yen = assessment_held.amount_yen + excluded.amount_yen",
                     BOUND(bound_text(municipality), bound_text(day), bound_text(terminal), bound_int(sequence),
                           bound_int(number), bound_text(reason), bound_int(amount_yen)),
                     err);
}

enum status
operator_revenue_clear(struct store_txn *txn, const char *municipality, const char *day, struct error_detail *err)
{
    return query_run(txn, "DELETE FROM operator_revenue WHERE municipality = $1 AND received_on = $2",
                     BOUND(bound_text(municipality), bound_text(day)), err);
}

enum status
operator_revenue_add(struct store_txn *txn, const char *municipality, const char *day, const struct operator_line *line,
                     struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO operator_revenue (municipality, received_on, terminal, sequence, number, route,"
                     " facility, operator, item, quantity, amount_yen, tax_yen)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                     BOUND(bound_text(municipality), bound_text(day), bound_text(line->terminal),
                           bound_int(line->sequence), bound_int(line->number), bound_text(line->route),
                           bound_text(line->facility), bound_text(line->run_by), bound_text(line->item),
                           bound_int(line->quantity), bound_int(line->amount_yen), bound_int(line->tax_yen)),
                     err);
}
