/* SQL of deposits. */
#include "settlement/store/payout_store.h"

#include "settlement/store/column.h"
#include "settlement/store/query.h"

#include <string.h>

enum status
payout_gather(struct store_txn *txn, const char *municipality, int64_t after_import, struct error_detail *err)
{
    return query_run(
        txn,
        /* MATERIALIZED: else SQLite walks all parts there ever were, because they stand in the order of the groups. */
        "INSERT INTO payout (municipality, trustee, payout, due_on, first_on, line_count, amount_yen, fee_yen, "
        "credited_yen, credited_on, expected_yen, payable_on) WITH new_part AS MATERIALIZED (SELECT * FROM payout_part "
        "WHERE municipality = $1 AND import > $2) SELECT municipality, trustee, payout, max(due_on), "
        "coalesce(min(CASE WHEN first_on <> '' THEN first_on END), ''), sum(line_count), sum(amount_yen), "
        "sum(fee_yen), 0, '', sum(amount_yen), '' FROM new_part WHERE TRUE "
        "GROUP BY municipality, trustee, payout ON CONFLICT (municipality, trustee, payout) DO UPDATE SET "
        "due_on = CASE WHEN payout.due_on > excluded.due_on THEN payout.due_on ELSE excluded.due_on END, "
        "first_on = CASE WHEN payout.first_on = '' OR (excluded.first_on <> '' AND excluded.first_on < "
        "payout.first_on) "
        "THEN excluded.first_on ELSE payout.first_on END, line_count = payout.line_count + excluded.line_count, "
        "amount_yen = payout.amount_yen + excluded.amount_yen, fee_yen = payout.fee_yen + excluded.fee_yen, "
        "expected_yen = payout.expected_yen + excluded.amount_yen",
        BOUND(bound_text(municipality), bound_int(after_import)), err);
}

/* A statement without a single time is dated by the day it came. */
#define PAYOUT_COLUMNS                                                                                                 \
    "SELECT trustee, payout, due_on, first_on, line_count, amount_yen, fee_yen, credited_yen, credited_on, "           \
    "expected_yen, payable_on, CASE WHEN first_on <> '' THEN 0 ELSE coalesce((SELECT min(i.imported_at_ms) FROM "      \
    "payout_part AS q JOIN import AS i ON i.import = q.import WHERE q.municipality = payout.municipality "             \
    "AND q.trustee = payout.trustee AND q.payout = payout.payout), 0) END, carry_yen, is_carried, carried_to "         \
    "FROM payout "

static enum status
walk_payouts(struct statement *statement, payout_visitor visit, void *context, struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct payout_row row = {
            .trustee = statement_column_text(statement, 0),
            .payout = statement_column_text(statement, 1),
            .due_on = statement_column_text(statement, 2),
            .first_on = statement_column_text(statement, 3),
            .line_count = statement_column_int(statement, 4),
            .amount_yen = statement_column_int(statement, 5),
            .fee_yen = statement_column_int(statement, 6),
            .credited_yen = statement_column_int(statement, 7),
            .credited_on = statement_column_text(statement, 8),
            .expected_yen = statement_column_int(statement, 9),
            .payable_on = statement_column_text(statement, 10),
            .announced_at_ms = statement_column_int(statement, 11),
            .carry_yen = statement_column_int(statement, 12),
            .is_carried = statement_column_int(statement, 13) != 0,
            .carried_to = statement_column_text(statement, 14),
        };
        status = visit(&row, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
            return status;
        }
    }
    return status;
}

enum status
payout_open_each(struct store_txn *txn, const char *municipality, payout_visitor visit, void *context,
                 struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn,
                                    PAYOUT_COLUMNS "WHERE municipality = $1 AND (credited_yen <> expected_yen OR "
                                                   "(is_carried = 1 AND carried_to = '')) "
                                                   "ORDER BY due_on, trustee, payout",
                                    BOUND(bound_text(municipality)), &statement, err);
    return status == STATUS_OK ? walk_payouts(statement, visit, context, err) : status;
}

enum status
payout_touched_each(struct store_txn *txn, const char *municipality, int64_t after_import, payout_visitor visit,
                    void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   PAYOUT_COLUMNS "WHERE municipality = $1 AND (trustee, payout) IN (SELECT n.trustee, "
                                  "n.payout FROM payout_part AS n WHERE n.municipality = $1 AND "
                                  /* due_on || '': by their names, not through all of the city's in order of day. */
                                  "n.import > $2) ORDER BY due_on || '', trustee, payout",
                   BOUND(bound_text(municipality), bound_int(after_import)), &statement, err);
    return status == STATUS_OK ? walk_payouts(statement, visit, context, err) : status;
}

enum status
payout_agree(struct store_txn *txn, const char *municipality, const struct payout_row *payout, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE payout SET expected_yen = $1, payable_on = $2, credited_yen = $3, credited_on = $4, "
                     "carry_yen = $5, is_carried = $6, carried_to = $7 "
                     "WHERE municipality = $8 AND trustee = $9 AND payout = $10",
                     BOUND(bound_int(payout->expected_yen), bound_text(payout->payable_on),
                           bound_int(payout->credited_yen), bound_text(payout->credited_on),
                           bound_int(payout->carry_yen), bound_int(payout->is_carried ? 1 : 0),
                           bound_text(payout->carried_to), bound_text(municipality), bound_text(payout->trustee),
                           bound_text(payout->payout)),
                     err);
}

enum status
payout_of_day_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *day,
                   payout_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn, PAYOUT_COLUMNS "WHERE municipality = $1 AND trustee = $2 AND payable_on = $3 ORDER BY payout",
                   BOUND(bound_text(municipality), bound_text(trustee), bound_text(day)), &statement, err);
    return status == STATUS_OK ? walk_payouts(statement, visit, context, err) : status;
}

enum status
payout_from_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *from,
                 payout_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    /* Back to the first day of a chain that reaches FROM: the days after the last that leaves nothing to a later one.
     */
    enum status status = query_open(
        txn,
        PAYOUT_COLUMNS
        "WHERE municipality = $1 AND trustee = $2 AND payable_on <> '' AND payable_on > coalesce((SELECT "
        "max(p.payable_on) FROM payout AS p WHERE p.municipality = $1 AND p.trustee = $2 AND p.payable_on <> '' "
        "AND p.payable_on < $3 AND NOT EXISTS (SELECT 1 FROM payout AS q WHERE q.municipality = $1 AND q.trustee = $2 "
        "AND q.is_carried = 1 AND q.payable_on <= p.payable_on AND (q.carried_to = '' OR EXISTS (SELECT 1 FROM payout "
        "AS t WHERE t.municipality = $1 AND t.trustee = $2 AND t.payout = q.carried_to AND t.payable_on > "
        "p.payable_on)))), '') ORDER BY payable_on, payout",
        BOUND(bound_text(municipality), bound_text(trustee), bound_text(from)), &statement, err);
    return status == STATUS_OK ? walk_payouts(statement, visit, context, err) : status;
}

enum status
payout_of_credit_each(struct store_txn *txn, const char *municipality, int64_t import, int64_t line,
                      payout_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status =
        query_open(txn,
                   PAYOUT_COLUMNS "WHERE municipality = $1 AND EXISTS (SELECT 1 FROM payout_credit AS c "
                                  "WHERE c.import = $2 AND c.line = $3 AND c.municipality = payout.municipality "
                                  "AND c.trustee = payout.trustee AND c.payout = payout.payout) "
                                  "ORDER BY trustee, payout",
                   BOUND(bound_text(municipality), bound_int(import), bound_int(line)), &statement, err);
    return status == STATUS_OK ? walk_payouts(statement, visit, context, err) : status;
}

enum status
payout_find_each(struct store_txn *txn, const char *municipality, const char *payout, payout_visitor visit,
                 void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn, PAYOUT_COLUMNS "WHERE municipality = $1 AND payout = $2 ORDER BY trustee",
                                    BOUND(bound_text(municipality), bound_text(payout)), &statement, err);
    return status == STATUS_OK ? walk_payouts(statement, visit, context, err) : status;
}

static enum status
walk_credits(struct statement *statement, bool is_carried, credit_visitor visit, void *context,
             struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const char *day = statement_column_text(statement, 2);
        struct bank_line line = {
            .line = (uint32_t)statement_column_int(statement, 1),
            .direction = BANK_IN,
            .amount_yen = statement_column_int(statement, 3),
            .payer_kana = text_view_of(statement_column_text(statement, 4)),
            .edi = text_view_of(statement_column_text(statement, 5)),
            .summary = text_view_of(statement_column_text(statement, 6)),
        };
        if (civil_date_parse(&line.date, day, strlen(day)) != STATUS_OK) {
            line.date = (struct civil_date){0};
        }
        status = visit(statement_column_int(statement, 0), &line, is_carried, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
            return status;
        }
    }
    return status;
}

#define CREDIT_COLUMNS "SELECT b.import, b.line, b.booked_on, b.amount_yen, b.payer_kana, b.edi, b.summary "

enum status
credit_open_each(struct store_txn *txn, const char *municipality, credit_visitor visit, void *context,
                 struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn,
                                    CREDIT_COLUMNS "FROM open_credit AS o JOIN bank_line AS b ON b.import = o.import "
                                                   "AND b.line = o.line WHERE o.municipality = $1 "
                                                   "ORDER BY o.import, o.line",
                                    BOUND(bound_text(municipality)), &statement, err);
    return status == STATUS_OK ? walk_credits(statement, true, visit, context, err) : status;
}

enum status
credit_new_each(struct store_txn *txn, const char *municipality, int64_t after_import, credit_visitor visit,
                void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn,
                                    CREDIT_COLUMNS "FROM import AS i CROSS JOIN bank_line AS b ON b.import = i.import "
                                                   "WHERE i.municipality = $1 AND i.import > $2 AND i.kind = 'bank' "
                                                   "AND b.direction = 'in' AND NOT EXISTS (SELECT 1 FROM line_aside "
                                                   "AS a WHERE a.import = b.import AND a.line = b.line) "
                                                   "ORDER BY b.import, b.line",
                                    BOUND(bound_text(municipality), bound_int(after_import)), &statement, err);
    return status == STATUS_OK ? walk_credits(statement, false, visit, context, err) : status;
}

enum status
portion_each(struct store_txn *txn, int64_t import, int64_t line, portion_visitor visit, void *context,
             struct error_detail *err)
{
    struct statement *statement;
    bool has_row = false;
    enum status status = query_open(txn,
                                    "SELECT trustee, payout, amount_yen FROM payout_credit WHERE import = $1 "
                                    "AND line = $2 ORDER BY trustee, payout",
                                    BOUND(bound_int(import), bound_int(line)), &statement, err);
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        const struct portion_row row = {.import = import,
                                        .line = line,
                                        .trustee = statement_column_text(statement, 0),
                                        .payout = statement_column_text(statement, 1),
                                        .amount_yen = statement_column_int(statement, 2)};
        status = visit(&row, context, err);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
portion_add(struct store_txn *txn, const char *municipality, const struct portion_row *portion,
            struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO payout_credit (import, line, municipality, trustee, payout, amount_yen) "
                     "VALUES ($1, $2, $3, $4, $5, $6)",
                     BOUND(bound_int(portion->import), bound_int(portion->line), bound_text(municipality),
                           bound_text(portion->trustee), bound_text(portion->payout), bound_int(portion->amount_yen)),
                     err);
}

enum status
portion_remove(struct store_txn *txn, const struct portion_row *portion, struct error_detail *err)
{
    return query_run(txn, "DELETE FROM payout_credit WHERE import = $1 AND line = $2 AND trustee = $3 AND payout = $4",
                     BOUND(bound_int(portion->import), bound_int(portion->line), bound_text(portion->trustee),
                           bound_text(portion->payout)),
                     err);
}

enum status
open_credit_put(struct store_txn *txn, const char *municipality, int64_t import, int64_t line, const char *due_on,
                struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO open_credit (import, line, municipality, due_on) VALUES ($1, $2, $3, $4) "
                     "ON CONFLICT (import, line) DO NOTHING",
                     BOUND(bound_int(import), bound_int(line), bound_text(municipality), bound_text(due_on)), err);
}

enum status
open_credit_remove(struct store_txn *txn, int64_t import, int64_t line, struct error_detail *err)
{
    return query_run(txn, "DELETE FROM open_credit WHERE import = $1 AND line = $2",
                     BOUND(bound_int(import), bound_int(line)), err);
}

/* Gives each row of a walk to a visitor without the flag. */
struct credit_walk {
    credit_row_visitor visit;
    void *context;
};

static enum status
visit_credit(int64_t import, const struct bank_line *line, bool is_carried, void *context, struct error_detail *err)
{
    (void)is_carried;
    const struct credit_walk *walk = context;
    return walk->visit(import, line, walk->context, err);
}

enum status
credit_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
            credit_row_visitor visit, void *context, struct error_detail *err)
{
    struct credit_walk walk = {.visit = visit, .context = context};
    struct statement *statement;
    enum status status =
        query_open(txn,
                   CREDIT_COLUMNS "FROM payout_credit AS c JOIN bank_line AS b ON b.import = c.import "
                                  "AND b.line = c.line WHERE c.municipality = $1 AND c.trustee = $2 "
                                  "AND c.payout = $3 ORDER BY c.import, c.line",
                   BOUND(bound_text(municipality), bound_text(trustee), bound_text(payout)), &statement, err);
    return status == STATUS_OK ? walk_credits(statement, true, visit_credit, &walk, err) : status;
}

enum status
bank_covers_to(struct store_txn *txn, const char *municipality, char out[CIVIL_DATE_TEXT_SIZE],
               struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status =
        /* A file of which no line counts tells nothing of the bank. */
        query_first(
            txn,
            "SELECT coalesce(max(i.last_on), '') FROM import AS i WHERE i.municipality = $1 AND i.kind = 'bank' "
            "AND (i.line_count = 0 OR (SELECT count(*) FROM line_aside AS a WHERE a.import = i.import) < "
            "i.line_count)",
            BOUND(bound_text(municipality)), &statement, &found, err);
    if (status == STATUS_OK && found) {
        column_copy_text(out, CIVIL_DATE_TEXT_SIZE, statement, 0);
        statement_reset(statement);
    }
    return status;
}

enum status
assessment_received(struct store_txn *txn, int64_t assessment, int64_t *out_yen, struct error_detail *err)
{
    return query_int(
        txn,
        "SELECT sum(s.amount_yen) FROM assessment_source AS s "
        "CROSS JOIN sale ON sale.terminal = s.terminal AND sale.sequence = s.sequence "
        "CROSS JOIN payment AS p ON p.payment = sale.payment "
        "CROSS JOIN matched AS m ON m.terminal = p.terminal AND m.sequence = p.started_sequence AND m.part = 'sale' "
        "CROSS JOIN statement_line AS l ON l.import = m.import AND l.line = m.line "
        "CROSS JOIN import AS i ON i.import = l.import "
        "CROSS JOIN payout AS q ON q.municipality = i.municipality AND q.trustee = i.trustee AND q.payout = l.payout "
        /* What is carried over has come with the payout that takes it. */
        "LEFT JOIN payout AS t ON t.municipality = q.municipality AND t.trustee = q.trustee AND q.is_carried = 1 "
        "AND t.payout = q.carried_to "
        "WHERE s.assessment = $1 AND ((q.is_carried = 0 AND q.credited_yen >= q.expected_yen) OR "
        "(q.is_carried = 1 AND t.credited_yen >= t.expected_yen) OR EXISTS (SELECT 1 FROM discrepancy AS d "
        "WHERE d.municipality = q.municipality AND d.trustee = q.trustee AND d.payout = q.payout AND d.payout <> '' "
        "AND d.class = 'transfer_fee_deducted' AND d.state = 'resolved' AND d.resolution = 'fee_accepted'))",
        BOUND(bound_int(assessment)), 0, out_yen, err);
}
