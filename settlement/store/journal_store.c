/* Journal runs and forks. */
#include "settlement/store/journal_store.h"

#include "settlement/store/column.h"
#include "settlement/store/connection.h"
#include "settlement/store/query.h"
#include "settlement/store/terminal_store.h"

#include <assert.h>
#include <string.h>

#define RUN_COLUMNS                                                                                                    \
    "arrival, municipality, terminal, first, last, signed_first, last_hash, signature, received_at_ms, lines"

enum status
journal_append(struct store_txn *txn, const struct journal_run *run, struct error_detail *err)
{
    assert(run->first <= run->last);
    assert(run->length > 0 && run->lines[run->length - 1] == '\n');

    struct statement *insert;
    enum status status = database_statement(
        store_txn_database(txn),
        "INSERT INTO journal_run (municipality, terminal, first, last, signed_first, last_hash, signature,"
        " received_at_ms, lines) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &insert, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(insert, 1, run->municipality);
    statement_bind_text(insert, 2, run->terminal);
    statement_bind_int(insert, 3, run->first);
    statement_bind_int(insert, 4, run->last);
    statement_bind_int(insert, 5, run->signed_first);
    statement_bind_blob(insert, 6, run->last_hash, sizeof run->last_hash);
    statement_bind_blob(insert, 7, run->signature, sizeof run->signature);
    statement_bind_int(insert, 8, run->received_at_ms);
    statement_bind_blob(insert, 9, run->lines, run->length);
    status = statement_run(insert, err);
    if (status != STATUS_OK) {
        return status;
    }
    return terminal_set_head(txn, run->terminal, run->last, run->last_hash, run->received_at_ms, err);
}

static enum status
read_run(const struct statement *row, struct journal_run *out, struct buffer *lines, struct error_detail *err)
{
    *out = (struct journal_run){.arrival = statement_column_int(row, 0)};
    column_copy_text(out->municipality, sizeof out->municipality, row, 1);
    column_copy_text(out->terminal, sizeof out->terminal, row, 2);
    out->first = statement_column_int(row, 3);
    out->last = statement_column_int(row, 4);
    out->signed_first = statement_column_int(row, 5);
    out->received_at_ms = statement_column_int(row, 8);
    enum status status = column_copy_blob(out->last_hash, sizeof out->last_hash, row, 6, err);
    if (status == STATUS_OK) {
        status = column_copy_blob(out->signature, sizeof out->signature, row, 7, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    size_t length;
    const void *bytes = statement_column_blob(row, 9, &length);
    buffer_clear(lines);
    buffer_append(lines, bytes, length);
    out->lines = buffer_text(lines);
    out->length = length;
    return buffer_check(lines, err);
}

enum status
journal_line_count(struct store_txn *txn, int64_t *out_count, struct error_detail *err)
{
    return query_int(txn, "SELECT CAST(sum(head_sequence) AS BIGINT) FROM terminal", NULL, 0, 0, out_count, err);
}

enum status
journal_next_run(struct store_txn *txn, int64_t arrival, struct journal_run *out, struct buffer *lines, bool *out_found,
                 struct error_detail *err)
{
    struct statement *row;
    enum status status = database_statement(
        store_txn_database(txn), "SELECT " RUN_COLUMNS " FROM journal_run WHERE arrival > $1 ORDER BY arrival LIMIT 1",
        &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_int(row, 1, arrival);
    bool has_row;
    status = statement_step(row, &has_row, err);
    if (status == STATUS_OK && has_row) {
        status = read_run(row, out, lines, err);
        statement_reset(row);
    }
    if (status == STATUS_OK) {
        *out_found = has_row;
    }
    return status;
}

enum status
journal_run_of(struct store_txn *txn, const char *terminal, int64_t sequence, struct journal_run *out,
               struct buffer *lines, struct error_detail *err)
{
    struct statement *row;
    enum status status = database_statement(
        store_txn_database(txn),
        "SELECT " RUN_COLUMNS " FROM journal_run WHERE terminal = $1 AND last >= $2 ORDER BY last LIMIT 1", &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(row, 1, terminal);
    statement_bind_int(row, 2, sequence);
    bool has_row;
    status = statement_step(row, &has_row, err);
    if (status == STATUS_OK && has_row) {
        status = read_run(row, out, lines, err);
        statement_reset(row);
    }
    if (status == STATUS_OK && (!has_row || out->first > sequence)) {
        error_set(err, "no_such_line", "line %lld of %s is not here", (long long)sequence, terminal);
        return STATUS_NOT_FOUND;
    }
    return status;
}

bool
line_cursor_next(struct line_cursor *cursor, const char **out_line, size_t *out_length)
{
    const char *newline =
        cursor->at < cursor->end ? memchr(cursor->at, '\n', (size_t)(cursor->end - cursor->at)) : NULL;
    if (newline == NULL) {
        return false;
    }
    *out_line = cursor->at;
    *out_length = (size_t)(newline - cursor->at);
    cursor->at = newline + 1;
    return true;
}

enum status
journal_line_of(struct store_txn *txn, const char *terminal, int64_t sequence, struct buffer *out,
                int64_t *out_received_at_ms, struct error_detail *err)
{
    struct buffer lines;
    buffer_init(&lines, JOURNAL_RUN_MAX_BYTES);
    struct journal_run run;
    enum status status = journal_run_of(txn, terminal, sequence, &run, &lines, err);
    if (status == STATUS_OK) {
        struct line_cursor cursor = {.at = run.lines, .end = run.lines + run.length};
        const char *line;
        size_t length;
        bool is_found = true;
        for (int64_t at = run.first; is_found && at <= sequence; at++) {
            is_found = line_cursor_next(&cursor, &line, &length);
        }
        if (is_found) {
            buffer_append(out, line, length);
            *out_received_at_ms = run.received_at_ms;
            status = buffer_check(out, err);
        } else {
            error_set(err, "run_is_short", "%s: the run of lines %lld to %lld holds fewer", terminal,
                      (long long)run.first, (long long)run.last);
            status = STATUS_CORRUPT;
        }
    }
    buffer_finish(&lines);
    return status;
}

enum status
fork_put(struct store_txn *txn, const struct fork *fork, struct error_detail *err)
{
    struct statement *insert;
    enum status status = database_statement(
        store_txn_database(txn),
        "INSERT INTO fork (municipality, terminal, sequence, known_line, offered_first, offered_last, offered_hash,"
        " offered_lines, signature, received_at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &insert, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(insert, 1, fork->municipality);
    statement_bind_text(insert, 2, fork->terminal);
    statement_bind_int(insert, 3, fork->sequence);
    statement_bind_blob(insert, 4, fork->known_line, fork->known_length);
    statement_bind_int(insert, 5, fork->offered_first);
    statement_bind_int(insert, 6, fork->offered_last);
    statement_bind_blob(insert, 7, fork->offered_hash, SHA256_SIZE);
    statement_bind_blob(insert, 8, fork->offered_lines, fork->offered_length);
    statement_bind_blob(insert, 9, fork->signature, SIGNATURE_SIZE);
    statement_bind_int(insert, 10, fork->received_at_ms);
    return statement_run(insert, err);
}

enum status
fork_count(struct store_txn *txn, const char *terminal, int64_t *out_count, int64_t *out_newest_sequence,
           struct error_detail *err)
{
    struct statement *row;
    enum status status =
        database_statement(store_txn_database(txn),
                           "SELECT count(*), (SELECT sequence FROM fork WHERE terminal = $1 ORDER BY fork DESC LIMIT 1)"
                           " FROM fork WHERE terminal = $1",
                           &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(row, 1, terminal);
    bool has_row;
    status = statement_step(row, &has_row, err);
    if (status == STATUS_OK) {
        assert(has_row);
        *out_count = statement_column_int(row, 0);
        *out_newest_sequence = statement_column_int(row, 1);
        statement_reset(row);
    }
    return status;
}
