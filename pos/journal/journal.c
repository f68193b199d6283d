/* Appending to and reading the journal. */
#include "pos/journal/journal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum status
journal_init(struct journal *journal, struct database *db, const char *terminal, struct error_detail *err)
{
    *journal = (struct journal){.db = db};
    snprintf(journal->terminal, sizeof journal->terminal, "%s", terminal);
    buffer_init(&journal->scratch, JOURNAL_LINE_MAX_BYTES);
    struct statement *last;
    bool has_row;
    enum status status = database_statement(
        db, "SELECT sequence, hash, line FROM journal_line ORDER BY sequence DESC LIMIT 1", &last, err);
    if (status == STATUS_OK) {
        status = statement_step(last, &has_row, err);
    }
    if (status != STATUS_OK || !has_row) {
        return status;
    }
    size_t length;
    const void *hash = statement_column_blob(last, 1, &length);
    journal->tail.sequence = statement_column_int(last, 0);
    size_t line_length;
    uint8_t computed[SHA256_SIZE];
    const void *line = statement_column_blob(last, 2, &line_length);
    journal_line_hash(computed, line, line_length);
    if (length == SHA256_SIZE && memcmp(hash, computed, SHA256_SIZE) == 0) {
        memcpy(journal->tail.hash, hash, SHA256_SIZE);
    } else {
        error_set(err, "journal_corrupt", "journal line %lld does not match its hash: this disk has altered it",
                  (long long)journal->tail.sequence);
        status = STATUS_CORRUPT;
    }
    statement_reset(last);
    journal->uncommitted = journal->tail;
    return status;
}

void
journal_finish(struct journal *journal)
{
    buffer_finish(&journal->scratch);
}

enum status
journal_begin(struct journal *journal, struct error_detail *err)
{
    journal->uncommitted = journal->tail;
    return database_begin(journal->db, err);
}

enum status
journal_commit(struct journal *journal, struct error_detail *err)
{
    enum status status = database_commit(journal->db, err);
    if (status != STATUS_OK) {
        journal_rollback(journal);
        return status;
    }
    journal->tail = journal->uncommitted;
    return STATUS_OK;
}

void
journal_rollback(struct journal *journal)
{
    database_rollback(journal->db);
    journal->uncommitted = journal->tail;
}

enum status
journal_append(struct journal *journal, int64_t at_ms, struct civil_date business_date, const char *kind,
               const struct buffer *body, struct journal_line *out, struct error_detail *err)
{
    assert(database_in_transaction(journal->db));
    assert(strlen(kind) < JOURNAL_KIND_SIZE);

    struct journal_line line = {
        .sequence = journal->uncommitted.sequence + 1,
        .at_ms = at_ms,
        .business_date = business_date,
        .body = buffer_text(body),
        .body_length = body->length,
    };
    memcpy(line.previous, journal->uncommitted.hash, SHA256_SIZE);
    memcpy(line.terminal, journal->terminal, sizeof line.terminal);
    snprintf(line.kind, sizeof line.kind, "%s", kind);
    buffer_clear(&journal->scratch);
    enum status status = journal_line_write(&line, &journal->scratch, err);
    if (status != STATUS_OK) {
        return status;
    }
    uint8_t hash[SHA256_SIZE];
    journal_line_hash(hash, journal->scratch.data, journal->scratch.length);
    struct statement *insert;
    status = database_statement(journal->db, "INSERT INTO journal_line (sequence, line, hash) VALUES (?1, ?2, ?3)",
                                &insert, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(insert, 1, line.sequence);
    statement_bind_blob(insert, 2, journal->scratch.data, journal->scratch.length);
    statement_bind_blob(insert, 3, hash, sizeof hash);
    status = statement_run(insert, err);
    if (status != STATUS_OK) {
        return status;
    }
    journal->uncommitted.sequence = line.sequence;
    memcpy(journal->uncommitted.hash, hash, sizeof hash);
    if (out != NULL) {
        *out = line;
    }
    return STATUS_OK;
}

enum status
journal_read_after(struct database *db, int64_t after, size_t max_lines, size_t max_bytes, struct buffer *out,
                   struct journal_position *out_last, struct error_detail *err)
{
    struct statement *select;
    enum status status = database_statement(
        db, "SELECT sequence, line, hash FROM journal_line WHERE sequence > ?1 ORDER BY sequence LIMIT ?2", &select,
        err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(select, 1, after);
    statement_bind_int(select, 2, (int64_t)max_lines);
    bool has_row;
    while ((status = statement_step(select, &has_row, err)) == STATUS_OK && has_row) {
        size_t length;
        const void *line = statement_column_blob(select, 1, &length);
        if (out->length > 0 && out->length + length + 1 > max_bytes) {
            statement_reset(select);
            break;
        }
        buffer_append(out, line, length);
        buffer_append_byte(out, '\n');
        out_last->sequence = statement_column_int(select, 0);
        const void *hash = statement_column_blob(select, 2, &length);
        memcpy(out_last->hash, hash, length < SHA256_SIZE ? length : SHA256_SIZE);
    }
    return status == STATUS_OK ? buffer_check(out, err) : status;
}

enum status
journal_read_line(struct database *db, int64_t sequence, struct buffer *out, struct error_detail *err)
{
    struct statement *select;
    bool has_row;
    enum status status = database_statement(db, "SELECT line FROM journal_line WHERE sequence = ?1", &select, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(select, 1, sequence);
    status = statement_step(select, &has_row, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!has_row) {
        error_set(err, "no_such_line", "there is no journal line %lld", (long long)sequence);
        return STATUS_NOT_FOUND;
    }
    size_t length;
    const void *line = statement_column_blob(select, 0, &length);
    buffer_append(out, line, length);
    statement_reset(select);
    return buffer_check(out, err);
}
