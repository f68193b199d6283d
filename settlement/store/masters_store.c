/* Published masters. */
#include "settlement/store/masters_store.h"

#include "settlement/store/column.h"
#include "settlement/store/connection.h"
#include "settlement/store/query.h"

#include <string.h>

enum status
masters_put(struct store_txn *txn, const struct masters_version *version, const char *document, size_t length,
            struct error_detail *err)
{
    struct statement *insert;
    enum status status =
        database_statement(store_txn_database(txn),
                           "INSERT INTO masters (municipality, version, sha256, document, loaded_at_ms)"
                           " VALUES (?1, ?2, ?3, ?4, ?5)",
                           &insert, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(insert, 1, version->municipality);
    statement_bind_int(insert, 2, version->version);
    statement_bind_text(insert, 3, version->sha256);
    statement_bind_blob(insert, 4, document, length);
    statement_bind_int(insert, 5, version->loaded_at_ms);
    return statement_run(insert, err);
}

enum status
masters_current(struct store_txn *txn, const char *municipality, struct masters_version *out, struct buffer *document,
                struct error_detail *err)
{
    struct statement *row;
    enum status status = database_statement(store_txn_database(txn),
                                            "SELECT municipality, version, sha256, loaded_at_ms, document FROM masters"
                                            " WHERE municipality = ?1 ORDER BY version DESC LIMIT 1",
                                            &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(row, 1, municipality);
    bool has_row;
    status = statement_step(row, &has_row, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!has_row) {
        error_set(err, "no_masters", "no masters are loaded for municipality %s", municipality);
        return STATUS_NOT_FOUND;
    }
    *out =
        (struct masters_version){.version = statement_column_int(row, 1), .loaded_at_ms = statement_column_int(row, 3)};
    column_copy_text(out->municipality, sizeof out->municipality, row, 0);
    column_copy_text(out->sha256, sizeof out->sha256, row, 2);
    if (document != NULL) {
        size_t length;
        const void *bytes = statement_column_blob(row, 4, &length);
        buffer_append(document, bytes, length);
        status = buffer_check(document, err);
    }
    statement_reset(row);
    return status;
}

enum status
masters_only_municipality(struct store_txn *txn, char out[MUNICIPALITY_CODE_SIZE], struct error_detail *err)
{
    struct statement *row;
    enum status status = database_statement(
        store_txn_database(txn), "SELECT min(municipality), count(DISTINCT municipality) FROM masters", &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    bool has_row;
    status = statement_step(row, &has_row, err);
    if (status != STATUS_OK) {
        return status;
    }
    int64_t count = statement_column_int(row, 1);
    column_copy_text(out, MUNICIPALITY_CODE_SIZE, row, 0);
    statement_reset(row);
    if (count == 0) {
        error_set(err, "no_masters", "no masters are loaded; run masters load first");
        return STATUS_NOT_FOUND;
    }
    if (count > 1) {
        error_set(err, "several_municipalities", "masters of %lld municipalities are loaded; say which one",
                  (long long)count);
        return STATUS_CONFLICT;
    }
    return STATUS_OK;
}

enum status
masters_key_find(struct store_txn *txn, uint8_t out[PUBLIC_KEY_SIZE], struct error_detail *err)
{
    struct statement *row;
    bool found;
    enum status status = query_first(txn, "SELECT public_key FROM masters_key", NULL, 0, &row, &found, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!found) {
        error_set(err, "no_masters_key", "the service has signed no masters yet");
        return STATUS_NOT_FOUND;
    }
    size_t length;
    const void *bytes = statement_column_blob(row, 0, &length);
    if (length == PUBLIC_KEY_SIZE) {
        memcpy(out, bytes, PUBLIC_KEY_SIZE);
    } else {
        error_set(err, "corrupt", "the stored masters key has %zu bytes", length);
        status = STATUS_CORRUPT;
    }
    statement_reset(row);
    return status;
}

enum status
masters_key_put(struct store_txn *txn, const uint8_t public_key[PUBLIC_KEY_SIZE], int64_t now_ms,
                struct error_detail *err)
{
    return query_run(txn, "INSERT OR REPLACE INTO masters_key (slot, public_key, since_ms) VALUES (1, $1, $2)",
                     BOUND(bound_blob(public_key, PUBLIC_KEY_SIZE), bound_int(now_ms)), err);
}
