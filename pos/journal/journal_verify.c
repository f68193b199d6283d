/* Walking the chain from line 1. */
#include "pos/journal/journal.h"

#include <string.h>

static enum status
broken(int64_t sequence, const char *why, struct error_detail *err)
{
    error_set(err, "journal_corrupt", "journal line %lld %s", (long long)sequence, why);
    return STATUS_CORRUPT;
}

static enum status
check_line(const struct statement *row, const char *terminal, struct journal_position *position,
           struct error_detail *err)
{
    struct journal_line line;
    struct error_detail reason;
    size_t length;
    size_t hash_length;
    int64_t expected = position->sequence + 1;
    const char *bytes = statement_column_blob(row, 1, &length);
    const void *stored_hash = statement_column_blob(row, 2, &hash_length);
    uint8_t hash[SHA256_SIZE];
    if (statement_column_int(row, 0) != expected) {
        return broken(expected, "is missing", err);
    }
    if (journal_line_read(&line, bytes, length, &reason) != STATUS_OK || line.sequence != expected) {
        return broken(expected, "is not a journal line", err);
    }
    if (strcmp(line.terminal, terminal) != 0) {
        return broken(expected, "belongs to another terminal", err);
    }
    if (memcmp(line.previous, position->hash, SHA256_SIZE) != 0) {
        return broken(expected, "does not continue the chain", err);
    }
    journal_line_hash(hash, bytes, length);
    if (hash_length != SHA256_SIZE || memcmp(hash, stored_hash, SHA256_SIZE) != 0) {
        return broken(expected, "does not match its hash", err);
    }
    position->sequence = expected;
    memcpy(position->hash, hash, SHA256_SIZE);
    return STATUS_OK;
}

enum status
journal_verify_some(struct database *db, const char *terminal, size_t max_lines, struct journal_position *position,
                    bool *out_is_end, struct error_detail *err)
{
    struct statement *rows;
    enum status status = database_statement(
        db, "SELECT sequence, line, hash FROM journal_line WHERE sequence > ?1 ORDER BY sequence LIMIT ?2", &rows, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(rows, 1, position->sequence);
    statement_bind_int(rows, 2, (int64_t)max_lines);
    size_t count = 0;
    bool has_row = false;
    while ((status = statement_step(rows, &has_row, err)) == STATUS_OK && has_row) {
        count++;
        status = check_line(rows, terminal, position, err);
        if (status != STATUS_OK) {
            statement_reset(rows);
            return status;
        }
    }
    *out_is_end = status == STATUS_OK && count < max_lines;
    return status;
}

enum status
journal_verify(struct database *db, const char *terminal, struct journal_position *out, struct error_detail *err)
{
    enum { LINES_AT_ONCE = 10000 };
    struct journal_position position = {0};
    bool is_end = false;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && !is_end) {
        status = journal_verify_some(db, terminal, LINES_AT_ONCE, &position, &is_end, err);
    }
    if (status == STATUS_OK) {
        *out = position;
    }
    return status;
}
