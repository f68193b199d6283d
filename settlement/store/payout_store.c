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
        "INSERT INTO payout (municipality, trustee, payout, due_on, first_on, line_count, amount_yen, fee_yen, "
        "credited_yen, credited_on, expected_yen, payable_on) SELECT municipality, trustee, payout, max(due_on), "
        "coalesce(min(CASE WHEN first_on <> '' THEN first_on END), ''), sum(line_count), sum(amount_yen), "
        "sum(fee_yen), 0, '', sum(amount_yen), '' FROM payout_part WHERE municipality = $1 AND import > $2 "
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
    "AND q.trustee = payout.trustee AND q.payout = payout.payout), 0) END FROM payout "

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
                                    PAYOUT_COLUMNS "WHERE municipality = $1 AND credited_yen <> expected_yen "
                                                   "ORDER BY due_on, trustee, payout",
                                    BOUND(bound_text(municipality)), &statement, err);
    return status == STATUS_OK ? walk_payouts(statement, visit, context, err) : status;
}

enum status
payout_touched_each(struct store_txn *txn, const char *municipality, int64_t after_import, payout_visitor visit,
                    void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn,
                                    PAYOUT_COLUMNS "WHERE municipality = $1 AND EXISTS (SELECT 1 FROM payout_part AS n "
                                                   "WHERE n.municipality = payout.municipality AND n.trustee = "
                                                   "payout.trustee AND n.payout = payout.payout AND n.import > $2) "
                                                   "ORDER BY due_on, trustee, payout",
                                    BOUND(bound_text(municipality), bound_int(after_import)), &statement, err);
    return status == STATUS_OK ? walk_payouts(statement, visit, context, err) : status;
}

enum status
payout_agree(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
             int64_t expected_yen, const char *payable_on, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE payout SET expected_yen = $1, payable_on = $2 "
                     "WHERE municipality = $3 AND trustee = $4 AND payout = $5",
                     BOUND(bound_int(expected_yen), bound_text(payable_on), bound_text(municipality),
                           bound_text(trustee), bound_text(payout)),
                     err);
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
credit_add(struct store_txn *txn, const char *municipality, const struct credit_row *credit, struct error_detail *err)
{
    enum status status =
        query_run(txn,
                  "INSERT INTO payout_credit (import, line, municipality, trustee, payout, amount_yen) "
                  "VALUES ($1, $2, $3, $4, $5, $6)",
                  BOUND(bound_int(credit->import), bound_int(credit->line), bound_text(municipality),
                        bound_text(credit->trustee), bound_text(credit->payout), bound_int(credit->amount_yen)),
                  err);
    if (status != STATUS_OK) {
        return status;
    }
    return query_run(txn,
                     "UPDATE payout SET credited_yen = credited_yen + $1, credited_on = CASE WHEN credited_on > $2 "
                     "THEN credited_on ELSE $2 END "
                     "WHERE municipality = $3 AND trustee = $4 AND payout = $5",
                     BOUND(bound_int(credit->amount_yen), bound_text(credit->credited_on), bound_text(municipality),
                           bound_text(credit->trustee), bound_text(credit->payout)),
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
        "WHERE s.assessment = $1 AND q.credited_yen = q.expected_yen",
        BOUND(bound_int(assessment)), 0, out_yen, err);
}
