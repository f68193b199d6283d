/* SQL of payees and transfer files. */
#include "settlement/store/refund_transfer_store.h"

#include "settlement/store/column.h"
#include "settlement/store/query.h"

#include <stdio.h>

enum status
refund_payee_put(struct store_txn *txn, const char *municipality, const char *refund, const struct refund_payee *payee,
                 const char *entered_by, int64_t now_ms, struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO refund_payee (municipality, refund, bank, branch, account_kind, account_number, "
                     "holder_kana, entered_by, entered_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
                     "ON CONFLICT (municipality, refund) DO UPDATE SET bank = $3, branch = $4, account_kind = $5, "
                     "account_number = $6, holder_kana = $7, entered_by = $8, entered_at_ms = $9",
                     BOUND(bound_text(municipality), bound_text(refund), bound_text(payee->bank),
                           bound_text(payee->branch), bound_text(payee->account_kind),
                           bound_text(payee->account_number), bound_text(payee->holder_kana), bound_text(entered_by),
                           bound_int(now_ms)),
                     err);
}

/* Columns from FIRST: bank … holder_kana. */
static void
copy_payee(struct refund_payee *out, const struct statement *row, int first)
{
    column_copy_text(out->bank, sizeof out->bank, row, first);
    column_copy_text(out->branch, sizeof out->branch, row, first + 1);
    column_copy_text(out->account_kind, sizeof out->account_kind, row, first + 2);
    column_copy_text(out->account_number, sizeof out->account_number, row, first + 3);
    column_copy_text(out->holder_kana, sizeof out->holder_kana, row, first + 4);
}

enum status
refund_payee_find(struct store_txn *txn, const char *municipality, const char *refund, struct refund_payee *out,
                  bool *out_found, struct error_detail *err)
{
    struct statement *row;
    enum status status = query_first(txn,
                                     "SELECT bank, branch, account_kind, account_number, holder_kana FROM refund_payee "
                                     "WHERE municipality = $1 AND refund = $2",
                                     BOUND(bound_text(municipality), bound_text(refund)), &row, out_found, err);
    if (status == STATUS_OK && *out_found) {
        copy_payee(out, row, 0);
        statement_reset(row);
    }
    return status;
}

enum status
refund_payee_wipe(struct store_txn *txn, const char *municipality, const char *day, int64_t *out_count,
                  struct error_detail *err)
{
    static const char ended[] =
        "FROM refund_payee WHERE municipality = $1 AND refund IN (SELECT r.refund FROM refund AS "
        "r WHERE r.municipality = $1 AND r.state <> 'requested' AND r.ended_on < $2)";
    char sql[320];
    snprintf(sql, sizeof sql, "SELECT count(*) %s", ended);
    enum status status = query_int(txn, sql, BOUND(bound_text(municipality), bound_text(day)), 0, out_count, err);
    snprintf(sql, sizeof sql, "DELETE %s", ended);
    return status == STATUS_OK ? query_run(txn, sql, BOUND(bound_text(municipality), bound_text(day)), err) : status;
}

enum status
payable_refund_each(struct store_txn *txn, const char *municipality, payable_refund_visitor visit, void *context,
                    struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(
        txn,
        "SELECT r.refund, r.receipt_number, r.amount_yen, p.bank, p.branch, p.account_kind, p.account_number, "
        "p.holder_kana FROM refund AS r JOIN refund_payee AS p ON p.municipality = r.municipality "
        "AND p.refund = r.refund WHERE r.municipality = $1 AND r.state = 'requested' AND r.means = 'bank_transfer' "
        "AND r.terminal LIKE '" DESK_TERMINAL_PREFIX "%' AND r.approved_by <> '' AND NOT EXISTS (SELECT 1 "
        "FROM refund_transfer_item AS i WHERE i.municipality = r.municipality AND i.refund = r.refund "
        "AND i.state <> 'failed') ORDER BY r.terminal, r.requested_sequence",
        BOUND(bound_text(municipality)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct payable_refund payable = {.refund = statement_column_text(row, 0),
                                         .receipt_number = statement_column_text(row, 1),
                                         .amount_yen = statement_column_int(row, 2)};
        copy_payee(&payable.payee, row, 3);
        status = visit(&payable, context, err);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
transfer_add(struct store_txn *txn, const char *municipality, const struct transfer_row *row, const void *bytes,
             size_t length, int64_t *out_id, struct error_detail *err)
{
    return query_insert(txn,
                        "INSERT INTO refund_transfer (municipality, pay_on, item_count, amount_yen, file_name, sha256, "
                        "bytes, made_by, made_at_ms, state, decided_by, decided_at_ms, decided_reason) "
                        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'made', '', 0, '') RETURNING transfer",
                        BOUND(bound_text(municipality), bound_text(row->pay_on), bound_int(row->item_count),
                              bound_int(row->amount_yen), bound_text(row->file_name), bound_text(row->sha256),
                              bound_blob(bytes, length), bound_text(row->made_by), bound_int(row->made_at_ms)),
                        out_id, err);
}

#define NAME_OF(login)                                                                                                 \
    "coalesce((SELECT s.name FROM staff AS s WHERE s.municipality = t.municipality AND s.login = t." login "), '')"
#define PAID                                                                                                           \
    "(SELECT coalesce(sum(i.amount_yen), 0) FROM refund_transfer_item AS i WHERE i.transfer = t.transfer "             \
    "AND i.state = 'paid')"

enum status
transfer_each(struct store_txn *txn, const char *municipality, int64_t id, int64_t before, int64_t limit,
              transfer_visitor visit, void *context, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status =
        query_open(txn,
                   "SELECT t.transfer, t.pay_on, t.item_count, t.amount_yen, t.file_name, t.sha256, "
                   "t.made_by, " NAME_OF("made_by") ", t.made_at_ms, t.state, t.decided_by, " NAME_OF(
                       "decided_by") ", t.decided_at_ms, "
                                     "t.decided_reason, " PAID
                                     ", (SELECT count(*) FROM refund_transfer_item AS i WHERE i.transfer = t.transfer "
                                     "AND i.state = 'failed'), coalesce((SELECT min(l.booked_on) FROM bank_line AS l "
                                     "JOIN import AS m "
                                     "ON m.import = l.import WHERE m.municipality = t.municipality AND l.direction = "
                                     "'out' AND l.amount_yen = " PAID
                                     " AND l.booked_on >= t.pay_on AND NOT EXISTS (SELECT 1 FROM line_aside AS a WHERE "
                                     "a.import = l.import "
                                     "AND a.line = l.line)), '') FROM refund_transfer AS t WHERE t.municipality = $1 "
                                     "AND ($2 = 0 OR t.transfer = $2) AND ($3 = 0 OR t.transfer < $3) ORDER BY "
                                     "t.transfer DESC LIMIT $4",
                   BOUND(bound_text(municipality), bound_int(id), bound_int(before), bound_int(limit)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        const struct transfer_row transfer = {.id = statement_column_int(row, 0),
                                              .pay_on = statement_column_text(row, 1),
                                              .item_count = statement_column_int(row, 2),
                                              .amount_yen = statement_column_int(row, 3),
                                              .file_name = statement_column_text(row, 4),
                                              .sha256 = statement_column_text(row, 5),
                                              .made_by = statement_column_text(row, 6),
                                              .made_by_name = statement_column_text(row, 7),
                                              .made_at_ms = statement_column_int(row, 8),
                                              .state = statement_column_text(row, 9),
                                              .decided_by = statement_column_text(row, 10),
                                              .decided_by_name = statement_column_text(row, 11),
                                              .decided_at_ms = statement_column_int(row, 12),
                                              .decided_reason = statement_column_text(row, 13),
                                              .paid_yen = statement_column_int(row, 14),
                                              .failed_count = statement_column_int(row, 15),
                                              .booked_on = statement_column_text(row, 16)};
        status = visit(&transfer, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
transfer_decide(struct store_txn *txn, const char *municipality, int64_t id, const char *state, const char *decided_by,
                int64_t now_ms, const char *reason, struct error_detail *err)
{
    int64_t changed = 0;
    enum status status =
        query_insert(txn,
                     "UPDATE refund_transfer SET state = $3, decided_by = $4, decided_at_ms = $5, decided_reason = $6 "
                     "WHERE municipality = $1 AND transfer = $2 AND state = 'made' RETURNING transfer",
                     BOUND(bound_text(municipality), bound_int(id), bound_text(state), bound_text(decided_by),
                           bound_int(now_ms), bound_text(reason)),
                     &changed, err);
    return status;
}

enum status
transfer_file(struct store_txn *txn, const char *municipality, int64_t id, transfer_file_visitor visit, void *context,
              bool *out_found, struct error_detail *err)
{
    struct statement *row;
    enum status status =
        query_first(txn, "SELECT file_name, bytes FROM refund_transfer WHERE municipality = $1 AND transfer = $2",
                    BOUND(bound_text(municipality), bound_int(id)), &row, out_found, err);
    if (status == STATUS_OK && *out_found) {
        size_t length = 0;
        const void *bytes = statement_column_blob(row, 1, &length);
        status = visit(statement_column_text(row, 0), bytes, length, context);
        statement_reset(row);
    }
    return status;
}

enum status
transfer_item_add(struct store_txn *txn, const char *municipality, int64_t transfer, const struct transfer_item *item,
                  struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO refund_transfer_item (transfer, number, municipality, refund, amount_yen, state) "
                     "VALUES ($1, $2, $3, $4, $5, 'sent')",
                     BOUND(bound_int(transfer), bound_int(item->number), bound_text(municipality),
                           bound_text(item->refund), bound_int(item->amount_yen)),
                     err);
}

enum status
transfer_item_set(struct store_txn *txn, int64_t transfer, const char *refund, const char *state,
                  struct error_detail *err)
{
    return query_run(txn, "UPDATE refund_transfer_item SET state = $3 WHERE transfer = $1 AND refund = $2",
                     BOUND(bound_int(transfer), bound_text(refund), bound_text(state)), err);
}

enum status
transfer_item_each(struct store_txn *txn, const char *municipality, int64_t transfer, transfer_item_visitor visit,
                   void *context, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(
        txn,
        "SELECT i.number, i.refund, r.receipt_number, r.sale, r.approved_by, i.amount_yen, i.state "
        "FROM refund_transfer_item AS i JOIN refund AS r ON r.refund = i.refund AND r.municipality = i.municipality "
        "WHERE i.municipality = $1 AND i.transfer = $2 ORDER BY i.number",
        BOUND(bound_text(municipality), bound_int(transfer)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        const struct transfer_item item = {.number = statement_column_int(row, 0),
                                           .refund = statement_column_text(row, 1),
                                           .receipt_number = statement_column_text(row, 2),
                                           .sale = statement_column_text(row, 3),
                                           .approved_by = statement_column_text(row, 4),
                                           .amount_yen = statement_column_int(row, 5),
                                           .state = statement_column_text(row, 6)};
        status = visit(&item, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status;
}

enum status
transfer_of_refund(struct store_txn *txn, const char *municipality, const char *refund, int64_t *out_id,
                   struct error_detail *err)
{
    return query_int(txn,
                     "SELECT transfer FROM refund_transfer_item WHERE municipality = $1 AND refund = $2 "
                     "AND state <> 'failed'",
                     BOUND(bound_text(municipality), bound_text(refund)), 0, out_id, err);
}
