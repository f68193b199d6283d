/* SQL of 払込. */
#include "settlement/store/remittance_store.h"

#include "settlement/store/column.h"
#include "settlement/store/query.h"

#include <stdio.h>

#define NAME_OF(login)                                                                                                 \
    "coalesce((SELECT s.name FROM staff AS s WHERE s.municipality = r.municipality AND s.login = r." login "), '')"
#define REMITTANCE_ROWS                                                                                                \
    "SELECT r.remittance, r.fiscal_year, r.number, r.section, r.officer, r.bank, r.pay_on, r.close_count, "            \
    "r.amount_yen, r.difference_yen, r.prepared_at_ms, r.prepared_by, " NAME_OF(                                       \
        "prepared_by") ", r.confirmed_at_ms, r.confirmed_by, " NAME_OF("confirmed_by") ", r.paid_on, r.receipt, "      \
                                                                                       "r.undone_at_ms, "              \
                                                                                       "r.undone_by, " NAME_OF(        \
                                                                                           "undone_by") ", "           \
                                                                                                        "r.undone_"    \
                                                                                                        "reason, "     \
                                                                                                        "coalesce(s."  \
                                                                                                        "state, ''), " \
                                                                                                        "coalesce(s."  \
                                                                                                        "import, 0), " \
                                                                                                        "coalesce(s."  \
                                                                                                        "line, 0), "   \
                                                                                                        "coalesce(l."  \
                                                                                                        "booked_on, "  \
                                                                                                        "''), "        \
                                                                                                        "coalesce(l."  \
                                                                                                        "amount_yen, " \
                                                                                                        "0) FROM "     \
                                                                                                        "remittance "  \
                                                                                                        "AS r "        \
                                                                                                        "LEFT JOIN "   \
                                                                                                        "remittance_"  \
                                                                                                        "seen AS s "   \
                                                                                                        "ON "          \
                                                                                                        "s."           \
                                                                                                        "remittance "  \
                                                                                                        "= "           \
                                                                                                        "r."           \
                                                                                                        "remittance "  \
                                                                                                        "LEFT JOIN "   \
                                                                                                        "bank_line "   \
                                                                                                        "AS l ON "     \
                                                                                                        "l.import = "  \
                                                                                                        "s.import "    \
                                                                                                        "AND l.line "  \
                                                                                                        "= s.line "

static enum status
visit_rows(struct statement *row, remittance_visitor visit, void *context, struct error_detail *err)
{
    bool has_row = false;
    enum status status;
    while ((status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        const struct remittance_row remittance = {
            .id = statement_column_int(row, 0),
            .fiscal_year = statement_column_int(row, 1),
            .number = statement_column_int(row, 2),
            .section = statement_column_text(row, 3),
            .officer = statement_column_text(row, 4),
            .bank = statement_column_text(row, 5),
            .pay_on = statement_column_text(row, 6),
            .close_count = statement_column_int(row, 7),
            .amount_yen = statement_column_int(row, 8),
            .difference_yen = statement_column_int(row, 9),
            .prepared_at_ms = statement_column_int(row, 10),
            .prepared_by = statement_column_text(row, 11),
            .prepared_name = statement_column_text(row, 12),
            .confirmed_at_ms = statement_column_int(row, 13),
            .confirmed_by = statement_column_text(row, 14),
            .confirmed_name = statement_column_text(row, 15),
            .paid_on = statement_column_text(row, 16),
            .receipt = statement_column_text(row, 17),
            .undone_at_ms = statement_column_int(row, 18),
            .undone_by = statement_column_text(row, 19),
            .undone_name = statement_column_text(row, 20),
            .undone_reason = statement_column_text(row, 21),
            .seen = statement_column_text(row, 22),
            .import = statement_column_int(row, 23),
            .line = statement_column_int(row, 24),
            .booked_on = statement_column_text(row, 25),
            .booked_yen = statement_column_int(row, 26),
        };
        status = visit(&remittance, context, err);
        if (status != STATUS_OK) {
            statement_reset(row);
            return status;
        }
    }
    return status;
}

enum status
remittance_each(struct store_txn *txn, const struct remittance_query *query, remittance_visitor visit, void *context,
                struct error_detail *err)
{
    struct statement *row;
    enum status status = query_open(
        txn,
        REMITTANCE_ROWS
        "WHERE r.municipality = $1 AND ($2 = 0 OR r.remittance = $2) AND r.pay_on >= $3 AND r.pay_on <= $4 "
        "AND CASE $5 WHEN 'prepared' THEN r.confirmed_by = '' AND r.undone_by = '' "
        "WHEN 'confirmed' THEN r.confirmed_by <> '' AND r.undone_by = '' "
        "AND coalesce(s.state, '') NOT IN ('reference', 'amount') "
        "WHEN 'seen' THEN r.undone_by = '' AND coalesce(s.state, '') IN ('reference', 'amount') "
        "WHEN 'undone' THEN r.undone_by <> '' ELSE TRUE END "
        "AND ($6 = 0 OR r.remittance < $6) ORDER BY r.remittance DESC LIMIT $7",
        BOUND(bound_text(query->municipality), bound_int(query->id), bound_text(query->from != NULL ? query->from : ""),
              bound_text(query->to != NULL ? query->to : "9999-12-31"),
              bound_text(query->state != NULL ? query->state : ""), bound_int(query->after_id),
              bound_int(query->limit)),
        &row, err);
    return status == STATUS_OK ? visit_rows(row, visit, context, err) : status;
}

enum status
remittance_paid_each(struct store_txn *txn, const char *municipality, const char *from, const char *to,
                     remittance_visitor visit, void *context, struct error_detail *err)
{
    struct statement *row;
    enum status status = query_open(txn,
                                    REMITTANCE_ROWS "WHERE r.municipality = $1 AND r.confirmed_by <> '' AND "
                                                    "r.undone_by = '' AND r.paid_on >= $2 AND r.paid_on <= $3 "
                                                    "ORDER BY r.paid_on, r.remittance",
                                    BOUND(bound_text(municipality), bound_text(from), bound_text(to)), &row, err);
    return status == STATUS_OK ? visit_rows(row, visit, context, err) : status;
}

enum status
remittance_next_number(struct store_txn *txn, const char *municipality, int64_t fiscal_year, int64_t *out,
                       struct error_detail *err)
{
    return query_int(txn, "SELECT max(number) + 1 FROM remittance WHERE municipality = $1 AND fiscal_year = $2",
                     BOUND(bound_text(municipality), bound_int(fiscal_year)), 1, out, err);
}

enum status
remittance_add(struct store_txn *txn, const char *municipality, const struct remittance_row *row, int64_t *out_id,
               struct error_detail *err)
{
    return query_insert(
        txn,
        "INSERT INTO remittance (municipality, fiscal_year, number, section, officer, bank, pay_on, close_count, "
        "amount_yen, difference_yen, prepared_at_ms, prepared_by, confirmed_at_ms, confirmed_by, paid_on, receipt, "
        "undone_at_ms, undone_by, undone_reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, '', '', "
        "'', 0, '', '') RETURNING remittance",
        BOUND(bound_text(municipality), bound_int(row->fiscal_year), bound_int(row->number), bound_text(row->section),
              bound_text(row->officer), bound_text(row->bank), bound_text(row->pay_on), bound_int(row->close_count),
              bound_int(row->amount_yen), bound_int(row->difference_yen), bound_int(row->prepared_at_ms),
              bound_text(row->prepared_by)),
        out_id, err);
}

enum status
remittance_close_add(struct store_txn *txn, const char *municipality, int64_t remittance,
                     const struct remittance_close_row *close, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO remittance_close (remittance, terminal, opened_sequence, municipality, deposit_yen, "
                     "difference_yen, undone_at_ms) VALUES ($1, $2, $3, $4, $5, $6, 0)",
                     BOUND(bound_int(remittance), bound_text(close->terminal), bound_int(close->opened_sequence),
                           bound_text(municipality), bound_int(close->deposit_yen), bound_int(close->difference_yen)),
                     err);
}

enum status
remittance_confirm(struct store_txn *txn, const char *municipality, int64_t id, const char *paid_on,
                   const char *receipt, const char *login, int64_t now_ms, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE remittance SET confirmed_at_ms = $3, confirmed_by = $4, paid_on = $5, receipt = $6 "
                     "WHERE municipality = $1 AND remittance = $2",
                     BOUND(bound_text(municipality), bound_int(id), bound_int(now_ms), bound_text(login),
                           bound_text(paid_on), bound_text(receipt)),
                     err);
}

enum status
remittance_take_back(struct store_txn *txn, const char *municipality, int64_t id, const char *reason, const char *login,
                     int64_t now_ms, struct error_detail *err)
{
    enum status status = query_run(
        txn,
        "UPDATE remittance SET undone_at_ms = $3, undone_by = $4, undone_reason = $5 WHERE municipality = $1 "
        "AND remittance = $2",
        BOUND(bound_text(municipality), bound_int(id), bound_int(now_ms), bound_text(login), bound_text(reason)), err);
    if (status == STATUS_OK) {
        status =
            query_run(txn, "UPDATE remittance_close SET undone_at_ms = $3 WHERE municipality = $1 AND remittance = $2",
                      BOUND(bound_text(municipality), bound_int(id), bound_int(now_ms)), err);
    }
    return status == STATUS_OK ? remittance_seen_put(txn, municipality, id, "", 0, 0, err) : status;
}

enum status
remittance_last_bank(struct store_txn *txn, const char *municipality, char out[REMITTANCE_BANK_SIZE],
                     struct error_detail *err)
{
    struct statement *row;
    bool found;
    enum status status = query_first(
        txn, "SELECT bank FROM remittance WHERE municipality = $1 AND undone_by = '' ORDER BY remittance DESC LIMIT 1",
        BOUND(bound_text(municipality)), &row, &found, err);
    out[0] = '\0';
    if (status == STATUS_OK && found) {
        column_copy_text(out, REMITTANCE_BANK_SIZE, row, 0);
        statement_reset(row);
    }
    return status;
}

enum status
remittance_credit_each(struct store_txn *txn, const char *municipality, const char *from, const char *to,
                       booked_visitor visit, void *context, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(
        txn,
        "SELECT b.import, b.line, b.amount_yen, b.booked_on, b.edi, b.summary, b.payer_kana FROM import AS i "
        "CROSS JOIN bank_line AS b ON b.import = i.import WHERE i.municipality = $1 AND i.kind = 'bank' "
        "AND i.first_on <= $3 AND i.last_on >= $2 AND b.booked_on >= $2 AND b.booked_on <= $3 AND b.direction = 'in' "
        "AND NOT EXISTS (SELECT 1 FROM line_aside AS a WHERE a.import = b.import AND a.line = b.line) "
        "AND NOT EXISTS (SELECT 1 FROM payout_credit AS c WHERE c.import = b.import AND c.line = b.line) "
        "AND NOT EXISTS (SELECT 1 FROM credit_spread AS s WHERE s.import = b.import AND s.line = b.line "
        "AND s.undone_by = '') ORDER BY b.import, b.line",
        BOUND(bound_text(municipality), bound_text(from), bound_text(to)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        const struct booked_row credit = {
            .import = statement_column_int(row, 0),
            .line = statement_column_int(row, 1),
            .amount_yen = statement_column_int(row, 2),
            .booked_on = statement_column_text(row, 3),
            .edi = statement_column_text(row, 4),
            .summary = statement_column_text(row, 5),
            .payer_kana = statement_column_text(row, 6),
        };
        status = visit(&credit, context, err);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
remittance_new_days(struct store_txn *txn, const char *municipality, int64_t after_import,
                    char out_from[CIVIL_DATE_TEXT_SIZE], char out_to[CIVIL_DATE_TEXT_SIZE], struct error_detail *err)
{
    struct statement *row;
    bool found;
    enum status status = query_first(txn,
                                     "SELECT coalesce(min(first_on), ''), coalesce(max(last_on), '') FROM import "
                                     "WHERE municipality = $1 AND import > $2 AND kind = 'bank' AND first_on <> ''",
                                     BOUND(bound_text(municipality), bound_int(after_import)), &row, &found, err);
    out_from[0] = out_to[0] = '\0';
    if (status == STATUS_OK && found) {
        column_copy_text(out_from, CIVIL_DATE_TEXT_SIZE, row, 0);
        column_copy_text(out_to, CIVIL_DATE_TEXT_SIZE, row, 1);
        statement_reset(row);
    }
    return status;
}

enum status
remittance_seen_put(struct store_txn *txn, const char *municipality, int64_t id, const char *state, int64_t import,
                    int64_t line, struct error_detail *err)
{
    enum status status = query_run(txn, "DELETE FROM remittance_seen WHERE municipality = $1 AND remittance = $2",
                                   BOUND(bound_text(municipality), bound_int(id)), err);
    return status != STATUS_OK || state[0] == '\0'
               ? status
               : query_run(txn,
                           "INSERT INTO remittance_seen (remittance, municipality, state, import, line) "
                           "VALUES ($1, $2, $3, $4, $5)",
                           BOUND(bound_int(id), bound_text(municipality), bound_text(state), bound_int(import),
                                 bound_int(line)),
                           err);
}
