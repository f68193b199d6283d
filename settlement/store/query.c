/* Prepare, bind, step. */
#include "settlement/store/query.h"

#include "settlement/store/connection.h"

#include <assert.h>

static void
bind(struct statement *statement, int index, const struct bound *value)
{
    switch (value->kind) {
    case BOUND_INT:
        statement_bind_int(statement, index, value->number);
        break;
    case BOUND_TEXT:
        if (value->length > 0) {
            statement_bind_text_n(statement, index, value->bytes, value->length - 1);
        } else {
            statement_bind_text(statement, index, value->bytes);
        }
        break;
    case BOUND_BLOB:
        statement_bind_blob(statement, index, value->bytes, value->length);
        break;
    case BOUND_NULL:
        statement_bind_null(statement, index);
        break;
    }
}

enum status
query_open(struct store_txn *txn, const char *sql, const struct bound *values, size_t count, struct statement **out,
           struct error_detail *err)
{
    enum status status = database_statement(store_txn_database(txn), sql, out, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        bind(*out, (int)i + 1, &values[i]);
    }
    return status;
}

enum status
query_run(struct store_txn *txn, const char *sql, const struct bound *values, size_t count, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn, sql, values, count, &statement, err);
    return status == STATUS_OK ? statement_run(statement, err) : status;
}

enum status
query_insert(struct store_txn *txn, const char *sql, const struct bound *values, size_t count, int64_t *out_id,
             struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status = query_first(txn, sql, values, count, &statement, &found, err);
    if (status == STATUS_OK) {
        assert(found);
        *out_id = statement_column_int(statement, 0);
        statement_reset(statement);
    }
    return status;
}

const char *
query_variant(struct store_txn *txn, const char *sqlite, const char *postgresql)
{
    return database_dialect(store_txn_database(txn)) == DIALECT_SQLITE ? sqlite : postgresql;
}

enum status
query_first(struct store_txn *txn, const char *sql, const struct bound *values, size_t count, struct statement **out,
            bool *out_found, struct error_detail *err)
{
    enum status status = query_open(txn, sql, values, count, out, err);
    return status == STATUS_OK ? statement_step(*out, out_found, err) : status;
}

enum status
query_int(struct store_txn *txn, const char *sql, const struct bound *values, size_t count, int64_t fallback,
          int64_t *out, struct error_detail *err)
{
    struct statement *statement;
    bool found;
    enum status status = query_first(txn, sql, values, count, &statement, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out = fallback;
    if (found) {
        *out = statement_column_is_null(statement, 0) ? fallback : statement_column_int(statement, 0);
        statement_reset(statement);
    }
    return STATUS_OK;
}
