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
    return query_run(txn,
                     "INSERT INTO masters (municipality, version, sha256, document, loaded_at_ms, title, proposed_by,"
                     " approved_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                     BOUND(bound_text(version->municipality), bound_int(version->version), bound_text(version->sha256),
                           bound_blob(document, length), bound_int(version->loaded_at_ms), bound_text(version->title),
                           bound_text(version->proposed_by), bound_text(version->approved_by)),
                     err);
}

#define VERSION_COLUMNS "SELECT municipality, version, sha256, loaded_at_ms, title, proposed_by, approved_by"

static struct masters_version
read_version(const struct statement *row)
{
    struct masters_version version = {.version = statement_column_int(row, 1),
                                      .loaded_at_ms = statement_column_int(row, 3)};
    column_copy_text(version.municipality, sizeof version.municipality, row, 0);
    column_copy_text(version.sha256, sizeof version.sha256, row, 2);
    column_copy_text(version.title, sizeof version.title, row, 4);
    column_copy_text(version.proposed_by, sizeof version.proposed_by, row, 5);
    column_copy_text(version.approved_by, sizeof version.approved_by, row, 6);
    return version;
}

/* Read the only row of ROW, and its document (column 7) when DOCUMENT is not NULL. */
static enum status
take_version(struct statement *row, struct masters_version *out, struct buffer *document, bool *out_found,
             struct error_detail *err)
{
    enum status status = statement_step(row, out_found, err);
    if (status != STATUS_OK || !*out_found) {
        return status;
    }
    *out = read_version(row);
    if (document != NULL) {
        size_t length;
        const void *bytes = statement_column_blob(row, 7, &length);
        buffer_append(document, bytes, length);
        status = buffer_check(document, err);
    }
    statement_reset(row);
    return status;
}

enum status
masters_current(struct store_txn *txn, const char *municipality, struct masters_version *out, struct buffer *document,
                struct error_detail *err)
{
    struct statement *row;
    bool found = false;
    enum status status = query_open(txn,
                                    VERSION_COLUMNS ", document FROM masters WHERE municipality = $1"
                                                    " ORDER BY version DESC LIMIT 1",
                                    BOUND(bound_text(municipality)), &row, err);
    if (status == STATUS_OK) {
        status = take_version(row, out, document, &found, err);
    }
    if (status == STATUS_OK && !found) {
        error_set(err, "no_masters", "no masters are loaded for municipality %s", municipality);
        return STATUS_NOT_FOUND;
    }
    return status;
}

enum status
masters_find(struct store_txn *txn, const char *municipality, int64_t version, struct masters_version *out,
             struct buffer *document, struct error_detail *err)
{
    struct statement *row;
    bool found = false;
    enum status status =
        query_open(txn, VERSION_COLUMNS ", document FROM masters WHERE municipality = $1 AND version = $2",
                   BOUND(bound_text(municipality), bound_int(version)), &row, err);
    if (status == STATUS_OK) {
        status = take_version(row, out, document, &found, err);
    }
    if (status == STATUS_OK && !found) {
        error_set(err, "not_found", "%lld版のマスタはありません。", (long long)version);
        return STATUS_NOT_FOUND;
    }
    return status;
}

enum status
masters_versions_each(struct store_txn *txn, const char *municipality, int64_t before, int64_t limit,
                      masters_version_visitor visit, void *context, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = query_open(txn,
                                    VERSION_COLUMNS " FROM masters WHERE municipality = $1 AND ($2 = 0 OR version < $2)"
                                                    " ORDER BY version DESC LIMIT $3",
                                    BOUND(bound_text(municipality), bound_int(before), bound_int(limit)), &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        struct masters_version version = read_version(row);
        status = visit(&version, context);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
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
    return query_run(txn,
                     "INSERT INTO masters_key (slot, public_key, since_ms) VALUES (1, $1, $2) "
                     "ON CONFLICT (slot) DO UPDATE SET public_key = excluded.public_key, since_ms = excluded.since_ms",
                     BOUND(bound_blob(public_key, PUBLIC_KEY_SIZE), bound_int(now_ms)), err);
}

enum status
masters_municipality_each(struct store_txn *txn, municipality_visitor visit, void *context, struct error_detail *err)
{
    struct statement *statement;
    bool has_row = false;
    enum status status =
        query_open(txn, "SELECT DISTINCT municipality FROM masters ORDER BY municipality", NULL, 0, &statement, err);
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        status = visit(statement_column_text(statement, 0), context);
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}
