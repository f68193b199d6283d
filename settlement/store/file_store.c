/* SQL of the parts of files. */
#include "settlement/store/file_store.h"

#include "settlement/store/query.h"

#include <assert.h>

enum status
file_part_add(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE], int64_t part,
              const void *bytes, size_t length, struct error_detail *err)
{
    assert(length <= FILE_PART_BYTES);

    return query_run(
        txn,
        "INSERT INTO file_part (municipality, sha256, part, bytes) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (municipality, sha256, part) DO NOTHING",
        BOUND(bound_text(municipality), bound_blob(digest, SHA256_SIZE), bound_int(part), bound_blob(bytes, length)),
        err);
}

enum status
file_length(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE], int64_t *out_length,
            struct error_detail *err)
{
    return query_int(txn,
                     "SELECT CAST(sum(length(bytes)) AS BIGINT) FROM file_part WHERE municipality = $1 AND sha256 = $2",
                     BOUND(bound_text(municipality), bound_blob(digest, SHA256_SIZE)), 0, out_length, err);
}

/* One part, so that no cursor stands open while it is looked at. */
static enum status
visit_part(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE], int64_t part,
           file_part_visitor visit, void *context, bool *out_found, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_first(
        txn, "SELECT bytes FROM file_part WHERE municipality = $1 AND sha256 = $2 AND part = $3",
        BOUND(bound_text(municipality), bound_blob(digest, SHA256_SIZE), bound_int(part)), &statement, out_found, err);
    if (status == STATUS_OK && *out_found) {
        size_t length;
        const void *bytes = statement_column_blob(statement, 0, &length);
        status = visit(bytes, length, context, err);
        statement_reset(statement);
    }
    return status;
}

enum status
file_part_each(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE],
               file_part_visitor visit, void *context, struct error_detail *err)
{
    bool found = true;
    enum status status = STATUS_OK;
    for (int64_t part = 0; status == STATUS_OK && found; part++) {
        status = visit_part(txn, municipality, digest, part, visit, context, &found, err);
    }
    return status;
}

enum status
file_drop(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE], struct error_detail *err)
{
    return query_run(txn,
                     "DELETE FROM file_part WHERE municipality = $1 AND sha256 = $2 AND NOT EXISTS (SELECT 1 FROM "
                     "import AS i WHERE i.municipality = file_part.municipality AND i.sha256 = file_part.sha256)",
                     BOUND(bound_text(municipality), bound_blob(digest, SHA256_SIZE)), err);
}
