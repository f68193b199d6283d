/* SQL of imports and of reading their lines; how lines are written is in line_store.c. */
#include "settlement/store/import_store.h"

#include "settlement/store/column.h"
#include "settlement/store/connection.h"
#include "settlement/store/file_store.h"
#include "settlement/store/query.h"

#include <string.h>

static const char *const kind_words[STATEMENT_KIND_COUNT] = {
    [STATEMENT_SALE] = "sale",
    [STATEMENT_REVERSAL] = "reversal",
    [STATEMENT_REFUND] = "refund",
    [STATEMENT_FEE] = "fee",
};

const char *
statement_kind_word(enum statement_kind kind)
{
    return kind_words[kind];
}

bool
statement_kind_from_word(enum statement_kind *out, const char *word)
{
    for (int i = 0; i < STATEMENT_KIND_COUNT; i++) {
        if (strcmp(kind_words[i], word) == 0) {
            *out = (enum statement_kind)i;
            return true;
        }
    }
    return false;
}

enum status
import_add(struct store_txn *txn, const char *municipality, const struct import_row *row, int64_t *out_id,
           struct error_detail *err)
{
    return query_insert(
        txn,
        "INSERT INTO import (municipality, layout, kind, trustee, file_name, sha256, imported_at_ms, imported_by, "
        "line_count, fee_line_count, amount_yen, fee_yen, first_on, last_on, byte_count, bytes) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING import",
        BOUND(bound_text(municipality), bound_text(row->layout), bound_text(row->kind), bound_text(row->trustee),
              bound_text(row->file_name), bound_blob(row->sha256, SHA256_SIZE), bound_int(row->imported_at_ms),
              bound_text(row->imported_by), bound_int(row->line_count), bound_int(row->fee_line_count),
              bound_int(row->amount_yen), bound_int(row->fee_yen), bound_text(row->first_on), bound_text(row->last_on),
              bound_int(row->byte_count), bound_blob("", 0)),
        out_id, err);
}

enum status
import_each(struct store_txn *txn, const char *municipality, int64_t id, int64_t before_id, int64_t limit,
            import_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT i.import, i.layout, i.kind, i.trustee, i.file_name, i.sha256, i.byte_count, i.imported_at_ms, "
        "i.imported_by, coalesce(s.name, i.imported_by), i.line_count, i.amount_yen, i.fee_yen, i.first_on, i.last_on "
        "FROM import AS i LEFT JOIN staff AS s ON s.login = i.imported_by WHERE i.municipality = $1 "
        "AND ($2 = 0 OR i.import = $2) AND ($3 = 0 OR i.import < $3) ORDER BY i.import DESC LIMIT $4",
        BOUND(bound_text(municipality), bound_int(id), bound_int(before_id), bound_int(limit)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct import_row row = {
            .id = statement_column_int(statement, 0),
            .layout = statement_column_text(statement, 1),
            .kind = statement_column_text(statement, 2),
            .trustee = statement_column_text(statement, 3),
            .file_name = statement_column_text(statement, 4),
            .byte_count = statement_column_int(statement, 6),
            .imported_at_ms = statement_column_int(statement, 7),
            .imported_by = statement_column_text(statement, 8),
            .imported_by_name = statement_column_text(statement, 9),
            .line_count = statement_column_int(statement, 10),
            .amount_yen = statement_column_int(statement, 11),
            .fee_yen = statement_column_int(statement, 12),
            .first_on = statement_column_text(statement, 13),
            .last_on = statement_column_text(statement, 14),
        };
        status = column_copy_blob(row.sha256, SHA256_SIZE, statement, 5, err);
        if (status == STATUS_OK) {
            status = visit(&row, context);
        }
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
import_find(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE], int64_t *out_id,
            char *layout, size_t layout_size, struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status =
        query_first(txn, "SELECT import, layout FROM import WHERE municipality = $1 AND sha256 = $2",
                    BOUND(bound_text(municipality), bound_blob(digest, SHA256_SIZE)), &statement, &found, err);
    if (status == STATUS_OK) {
        *out_id = found ? statement_column_int(statement, 0) : 0;
        if (found) {
            column_copy_text(layout, layout_size, statement, 1);
            statement_reset(statement);
        }
    }
    return status;
}

enum status
import_newest_of(struct store_txn *txn, const char *municipality, const char *trustee, int64_t *out_id,
                 struct error_detail *err)
{
    return query_int(txn,
                     "SELECT import FROM import WHERE municipality = $1 AND kind = 'statement' AND trustee = $2 "
                     "ORDER BY import DESC LIMIT 1",
                     BOUND(bound_text(municipality), bound_text(trustee)), 0, out_id, err);
}

static enum status
append_part(const void *bytes, size_t length, void *context, struct error_detail *err)
{
    (void)err;
    buffer_append(context, bytes, length);
    return STATUS_OK;
}

enum status
import_bytes(struct store_txn *txn, const char *municipality, int64_t id, struct buffer *out, struct error_detail *err)
{
    struct statement *statement;
    bool found;
    uint8_t digest[SHA256_SIZE] = {0};
    enum status status = query_first(txn, "SELECT bytes, sha256 FROM import WHERE municipality = $1 AND import = $2",
                                     BOUND(bound_text(municipality), bound_int(id)), &statement, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!found) {
        error_set(err, "not_found", "取込(%lld)はありません。", (long long)id);
        return STATUS_NOT_FOUND;
    }
    size_t length;
    const void *bytes = statement_column_blob(statement, 0, &length);
    buffer_append(out, bytes, length); /* of a file of before 0020; empty otherwise */
    status = column_copy_blob(digest, SHA256_SIZE, statement, 1, err);
    statement_reset(statement);
    if (status == STATUS_OK && length == 0) {
        status = file_part_each(txn, municipality, digest, append_part, out, err);
    }
    return status == STATUS_OK ? buffer_check(out, err) : status;
}

static struct text_view
column_view(const struct statement *statement, int column)
{
    return text_view_of(statement_column_text(statement, column));
}

/* Year 0 for "". */
static struct civil_date
column_day(const struct statement *statement, int column)
{
    const char *text = statement_column_text(statement, column);
    struct civil_date day = {0};
    return civil_date_parse(&day, text, strlen(text)) == STATUS_OK ? day : (struct civil_date){0};
}

enum status
statement_line_each(struct store_txn *txn, int64_t import, int64_t line, int64_t after_line, int64_t limit,
                    statement_line_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT line, kind, is_training, brand, merchant_reference, acquirer_reference, terminal, payout, "
        "accepted_at_ms, amount_yen, fee_yen, pay_date, slip FROM statement_line WHERE import = $1 "
        "AND ($2 = 0 OR line = $2) AND line > $3 ORDER BY line LIMIT $4",
        BOUND(bound_int(import), bound_int(line), bound_int(line != 0 ? line - 1 : after_line), bound_int(limit)),
        &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct statement_line row = {
            .line = (uint32_t)statement_column_int(statement, 0),
            .is_training = statement_column_int(statement, 2) != 0,
            .brand = column_view(statement, 3),
            .merchant_reference = column_view(statement, 4),
            .acquirer_reference = column_view(statement, 5),
            .terminal = column_view(statement, 6),
            .payout_id = column_view(statement, 7),
            .accepted_at_ms =
                statement_column_is_null(statement, 8) ? INSTANT_ABSENT : statement_column_int(statement, 8),
            .amount_yen = statement_column_int(statement, 9),
            .fee_yen = statement_column_int(statement, 10),
            .pay_date = column_day(statement, 11),
            .slip = column_view(statement, 12),
        };
        if (!statement_kind_from_word(&row.kind, statement_column_text(statement, 1))) {
            error_set(err, "wrong_kind_word", "保存されている明細の区分が正しくありません。");
            status = STATUS_CORRUPT;
        } else {
            status = visit(&row, context);
        }
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

enum status
bank_line_each(struct store_txn *txn, int64_t import, int64_t line, int64_t after_line, int64_t limit,
               bank_line_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(
        txn,
        "SELECT line, direction, booked_on, value_on, amount_yen, inquiry_number, transaction_code, payer_code, "
        "payer_kana, sending_bank, sending_branch, summary, edi, account_bank, account_branch, account_kind, "
        "account_number FROM bank_line WHERE import = $1 AND ($2 = 0 OR line = $2) AND line > $3 ORDER BY line "
        "LIMIT $4",
        BOUND(bound_int(import), bound_int(line), bound_int(line != 0 ? line - 1 : after_line), bound_int(limit)),
        &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct bank_line row = {
            .line = (uint32_t)statement_column_int(statement, 0),
            .direction = strcmp(statement_column_text(statement, 1), "in") == 0 ? BANK_IN : BANK_OUT,
            .date = column_day(statement, 2),
            .value_date = column_day(statement, 3),
            .amount_yen = statement_column_int(statement, 4),
            .inquiry_number = column_view(statement, 5),
            .transaction = column_view(statement, 6),
            .payer_code = column_view(statement, 7),
            .payer_kana = column_view(statement, 8),
            .sending_bank = column_view(statement, 9),
            .sending_branch = column_view(statement, 10),
            .summary = column_view(statement, 11),
            .edi = column_view(statement, 12),
            .account_bank = column_view(statement, 13),
            .account_branch = column_view(statement, 14),
            .account_kind = column_view(statement, 15),
            .account_number = column_view(statement, 16),
        };
        status = visit(&row, context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}
