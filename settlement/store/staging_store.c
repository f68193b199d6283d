/* SQL of stagings. */
#include "settlement/store/staging_store.h"

#include "settlement/store/query.h"

/* The mark is 64 bits; a column is signed. */
static int64_t
stored_mark(uint64_t mark)
{
    return (int64_t)mark;
}

static enum status
first_row(struct store_txn *txn, const char *sql, const struct bound *values, size_t count, struct staging_row *out,
          struct error_detail *err)
{
    struct statement *statement;
    bool found;
    *out = (struct staging_row){0};
    enum status status = query_first(txn, sql, values, count, &statement, &found, err);
    if (status == STATUS_OK && found) {
        *out = (struct staging_row){.id = statement_column_int(statement, 0),
                                    .line_count = statement_column_int(statement, 1),
                                    .mark = (uint64_t)statement_column_int(statement, 2)};
        statement_reset(statement);
    }
    return status;
}

enum status
staging_find(struct store_txn *txn, const struct staging_key *key, struct staging_row *out, struct error_detail *err)
{
    return first_row(txn,
                     "SELECT staging, line_count, mark FROM import_staging WHERE municipality = $1 AND sha256 = $2 "
                     "AND layout = $3 AND layout_version = $4 AND is_over = 0",
                     BOUND(bound_text(key->municipality), bound_blob(key->sha256, SHA256_SIZE), bound_text(key->layout),
                           bound_int(key->layout_version)),
                     out, err);
}

enum status
staging_again(struct store_txn *txn, int64_t id, struct staging_row *out, struct error_detail *err)
{
    return first_row(txn, "SELECT staging, line_count, mark FROM import_staging WHERE staging = $1 AND is_over = 0",
                     BOUND(bound_int(id)), out, err);
}

enum status
staging_begin(struct store_txn *txn, const struct staging_key *key, uint64_t mark, int64_t now_ms, int64_t *out_id,
              struct error_detail *err)
{
    return query_insert(txn,
                        "INSERT INTO import_staging (municipality, sha256, layout, layout_version, line_count, mark, "
                        "touched_at_ms, is_over) VALUES ($1, $2, $3, $4, 0, $5, $6, 0) RETURNING staging",
                        BOUND(bound_text(key->municipality), bound_blob(key->sha256, SHA256_SIZE),
                              bound_text(key->layout), bound_int(key->layout_version), bound_int(stored_mark(mark)),
                              bound_int(now_ms)),
                        out_id, err);
}

enum status
staging_reach(struct store_txn *txn, const struct staging_row *row, int64_t now_ms, struct error_detail *err)
{
    return query_run(
        txn, "UPDATE import_staging SET line_count = $2, mark = $3, touched_at_ms = $4 WHERE staging = $1",
        BOUND(bound_int(row->id), bound_int(row->line_count), bound_int(stored_mark(row->mark)), bound_int(now_ms)),
        err);
}

enum status
staging_last_line(struct store_txn *txn, int64_t id, int64_t *out, struct error_detail *err)
{
    int64_t statements = 0;
    int64_t banks = 0;
    enum status status = query_int(txn, "SELECT max(line) FROM staged_statement_line WHERE staging = $1",
                                   BOUND(bound_int(id)), 0, &statements, err);
    if (status == STATUS_OK) {
        status = query_int(txn, "SELECT max(line) FROM staged_bank_line WHERE staging = $1", BOUND(bound_int(id)), 0,
                           &banks, err);
    }
    *out = statements > banks ? statements : banks;
    return status;
}

enum status
staging_end(struct store_txn *txn, int64_t id, struct error_detail *err)
{
    return query_run(txn, "UPDATE import_staging SET is_over = 1 WHERE staging = $1", BOUND(bound_int(id)), err);
}

enum status
staging_end_file(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE],
                 struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE import_staging SET is_over = 1 WHERE municipality = $1 AND sha256 = $2 AND is_over = 0",
                     BOUND(bound_text(municipality), bound_blob(digest, SHA256_SIZE)), err);
}

enum status
staging_end_old(struct store_txn *txn, const char *municipality, int64_t before_ms, struct error_detail *err)
{
    static const char bytes_sql[] =
        "DELETE FROM file_part WHERE municipality = $1 AND sha256 IN (SELECT s.sha256 FROM import_staging AS s "
        "WHERE s.municipality = $1 AND s.is_over = 0 AND s.touched_at_ms < $2) "
        "AND sha256 NOT IN (SELECT w.sha256 FROM import_waiting AS w WHERE w.municipality = $1) "
        "AND sha256 NOT IN (SELECT i.sha256 FROM import AS i WHERE i.municipality = $1)";
    static const char rows_sql[] =
        "UPDATE import_staging SET is_over = 1 WHERE municipality = $1 AND is_over = 0 AND touched_at_ms < $2 "
        "AND sha256 NOT IN (SELECT w.sha256 FROM import_waiting AS w WHERE w.municipality = $1)";
    enum status status = query_run(txn, bytes_sql, BOUND(bound_text(municipality), bound_int(before_ms)), err);
    return status == STATUS_OK ? query_run(txn, rows_sql, BOUND(bound_text(municipality), bound_int(before_ms)), err)
                               : status;
}

/* Line numbers rise by one, but for lines that say nothing: a range of LINES numbers has at most that many rows. */
static enum status
remove_lines(struct store_txn *txn, int64_t id, int64_t lines, bool *out_more, struct error_detail *err)
{
    static const char *const firsts[] = {"SELECT min(line) FROM staged_statement_line WHERE staging = $1",
                                         "SELECT min(line) FROM staged_bank_line WHERE staging = $1"};
    static const char *const deletes[] = {"DELETE FROM staged_statement_line WHERE staging = $1 AND line < $2",
                                          "DELETE FROM staged_bank_line WHERE staging = $1 AND line < $2"};
    *out_more = false;
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < 2; i++) {
        int64_t first = -1;
        status = query_int(txn, firsts[i], BOUND(bound_int(id)), -1, &first, err);
        if (status == STATUS_OK && first >= 0) {
            *out_more = true;
            status = query_run(txn, deletes[i], BOUND(bound_int(id), bound_int(first + lines)), err);
        }
    }
    return status;
}

enum status
staging_remove_piece(struct store_txn *txn, const char *municipality, int64_t lines, bool *out_more,
                     struct error_detail *err)
{
    int64_t id = 0;
    bool had_lines = false;
    enum status status =
        query_int(txn, "SELECT min(staging) FROM import_staging WHERE municipality = $1 AND is_over = 1",
                  BOUND(bound_text(municipality)), 0, &id, err);
    *out_more = id != 0;
    if (status == STATUS_OK && id != 0) {
        status = remove_lines(txn, id, lines, &had_lines, err);
    }
    if (status == STATUS_OK && id != 0 && !had_lines) {
        status = query_run(txn, "DELETE FROM import_staging WHERE staging = $1", BOUND(bound_int(id)), err);
    }
    return status;
}

enum status
staging_lines_of(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE], int64_t *out,
                 struct error_detail *err)
{
    return query_int(
        txn, "SELECT max(line_count) FROM import_staging WHERE municipality = $1 AND sha256 = $2 AND is_over = 0",
        BOUND(bound_text(municipality), bound_blob(digest, SHA256_SIZE)), 0, out, err);
}
