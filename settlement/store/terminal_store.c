/* Tills, and the codes by which they enrol. */
#include "settlement/store/terminal_store.h"

#include "settlement/store/column.h"
#include "settlement/store/connection.h"

#include <assert.h>
#include <string.h>

#define TERMINAL_COLUMNS                                                                                               \
    "terminal, municipality, place, software, public_key, state, state_reason, state_since_ms, enrolled_at_ms, "       \
    "head_sequence, head_hash, last_upload_ms"
#define CODE_COLUMNS                                                                                                   \
    "code_hash, municipality, terminal, place, created_by, created_at_ms, expires_at_ms, used_at_ms, used_public_key"

static const char *const state_words[] = {
    [TERMINAL_ACTIVE] = "active",
    [TERMINAL_QUARANTINED] = "quarantined",
    [TERMINAL_REVOKED] = "revoked",
};

const char *
terminal_state_word(enum terminal_state state)
{
    return state_words[state];
}

static enum status
read_terminal(const struct statement *row, struct terminal *out, struct error_detail *err)
{
    *out = (struct terminal){0};
    column_copy_text(out->terminal, sizeof out->terminal, row, 0);
    column_copy_text(out->municipality, sizeof out->municipality, row, 1);
    column_copy_text(out->place, sizeof out->place, row, 2);
    column_copy_text(out->software, sizeof out->software, row, 3);
    enum status status = column_copy_blob(out->public_key, sizeof out->public_key, row, 4, err);
    if (status != STATUS_OK) {
        return status;
    }
    const char *state = statement_column_text(row, 5);
    out->state = strcmp(state, "active") == 0        ? TERMINAL_ACTIVE
                 : strcmp(state, "quarantined") == 0 ? TERMINAL_QUARANTINED
                                                     : TERMINAL_REVOKED;
    column_copy_text(out->state_reason, sizeof out->state_reason, row, 6);
    out->state_since_ms = statement_column_int(row, 7);
    out->enrolled_at_ms = statement_column_int(row, 8);
    out->head_sequence = statement_column_int(row, 9);
    out->last_upload_ms = statement_column_int(row, 11);
    return column_copy_blob(out->head_hash, sizeof out->head_hash, row, 10, err);
}

enum status
terminal_find(struct store_txn *txn, const char *terminal, struct terminal *out, struct error_detail *err)
{
    struct statement *row;
    enum status status = database_statement(
        store_txn_database(txn),
        store_txn_locks_rows(txn) ? "SELECT " TERMINAL_COLUMNS " FROM terminal WHERE terminal = $1 FOR UPDATE"
                                  : "SELECT " TERMINAL_COLUMNS " FROM terminal WHERE terminal = $1",
        &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(row, 1, terminal);
    bool has_row;
    status = statement_step(row, &has_row, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!has_row) {
        error_set(err, "unknown_terminal", "no terminal \"%s\" is enrolled here", terminal);
        return STATUS_NOT_FOUND;
    }
    status = read_terminal(row, out, err);
    statement_reset(row);
    return status;
}

enum status
terminal_put(struct store_txn *txn, const struct terminal *terminal, struct error_detail *err)
{
    assert(terminal->head_sequence == 0);
    static const uint8_t no_hash[SHA256_SIZE];

    struct statement *insert;
    enum status status = database_statement(
        store_txn_database(txn),
        "INSERT INTO terminal (" TERMINAL_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, NULL)"
        " ON CONFLICT (terminal) DO UPDATE SET municipality = $2, place = $3, software = $4, public_key = $5,"
        " state = $6, state_reason = $7, state_since_ms = $8, enrolled_at_ms = $9 WHERE terminal.head_sequence = 0",
        &insert, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(insert, 1, terminal->terminal);
    statement_bind_text(insert, 2, terminal->municipality);
    statement_bind_text(insert, 3, terminal->place);
    statement_bind_text(insert, 4, terminal->software);
    statement_bind_blob(insert, 5, terminal->public_key, sizeof terminal->public_key);
    statement_bind_text(insert, 6, terminal_state_word(terminal->state));
    statement_bind_text(insert, 7, terminal->state_reason);
    statement_bind_int(insert, 8, terminal->state_since_ms);
    statement_bind_int(insert, 9, terminal->enrolled_at_ms);
    statement_bind_blob(insert, 10, no_hash, sizeof no_hash);
    status = statement_run(insert, err);
    assert(status != STATUS_OK || database_changes(store_txn_database(txn)) == 1);
    return status;
}

enum status
terminal_set_head(struct store_txn *txn, const char *terminal, int64_t head_sequence,
                  const uint8_t head_hash[SHA256_SIZE], int64_t now_ms, struct error_detail *err)
{
    struct statement *update;
    enum status status = database_statement(
        store_txn_database(txn),
        "UPDATE terminal SET head_sequence = $2, head_hash = $3, last_upload_ms = $4 WHERE terminal = $1", &update,
        err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(update, 1, terminal);
    statement_bind_int(update, 2, head_sequence);
    statement_bind_blob(update, 3, head_hash, SHA256_SIZE);
    statement_bind_int(update, 4, now_ms);
    return statement_run(update, err);
}

enum status
terminal_set_state(struct store_txn *txn, const char *terminal, enum terminal_state state, const char *reason,
                   int64_t now_ms, struct error_detail *err)
{
    struct statement *update;
    enum status status = database_statement(
        store_txn_database(txn),
        "UPDATE terminal SET state = $2, state_reason = $3, state_since_ms = $4 WHERE terminal = $1", &update, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(update, 1, terminal);
    statement_bind_text(update, 2, terminal_state_word(state));
    statement_bind_text(update, 3, reason);
    statement_bind_int(update, 4, now_ms);
    return statement_run(update, err);
}

enum status
terminal_each(struct store_txn *txn, const char *municipality, terminal_visitor visit, void *context,
              struct error_detail *err)
{
    struct statement *row;
    enum status status = database_statement(store_txn_database(txn),
                                            "SELECT " TERMINAL_COLUMNS " FROM terminal"
                                            " WHERE municipality = $1 OR $1 IS NULL ORDER BY terminal",
                                            &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(row, 1, municipality);
    bool has_row = false;
    status = statement_step(row, &has_row, err);
    while (status == STATUS_OK && has_row) {
        struct terminal terminal;
        status = read_terminal(row, &terminal, err);
        if (status == STATUS_OK) {
            status = visit(&terminal, context);
        }
        if (status == STATUS_OK) {
            status = statement_step(row, &has_row, err);
        }
    }
    statement_reset(row);
    return status;
}

enum status
enrolment_code_put(struct store_txn *txn, const struct enrolment_code *code, struct error_detail *err)
{
    struct database *db = store_txn_database(txn);
    struct statement *statement;
    enum status status = database_statement(db, "DELETE FROM enrolment_code WHERE terminal = $1 AND used_at_ms IS NULL",
                                            &statement, err);
    if (status == STATUS_OK) {
        statement_bind_text(statement, 1, code->terminal);
        status = statement_run(statement, err);
    }
    if (status == STATUS_OK) {
        status = database_statement(
            db, "INSERT INTO enrolment_code (" CODE_COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL)",
            &statement, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_blob(statement, 1, code->code_hash, sizeof code->code_hash);
    statement_bind_text(statement, 2, code->municipality);
    statement_bind_text(statement, 3, code->terminal);
    statement_bind_text(statement, 4, code->place);
    statement_bind_text(statement, 5, code->created_by);
    statement_bind_int(statement, 6, code->created_at_ms);
    statement_bind_int(statement, 7, code->expires_at_ms);
    return statement_run(statement, err);
}

static enum status
read_code(const struct statement *row, struct enrolment_code *out, struct error_detail *err)
{
    *out = (struct enrolment_code){0};
    enum status status = column_copy_blob(out->code_hash, sizeof out->code_hash, row, 0, err);
    column_copy_text(out->municipality, sizeof out->municipality, row, 1);
    column_copy_text(out->terminal, sizeof out->terminal, row, 2);
    column_copy_text(out->place, sizeof out->place, row, 3);
    column_copy_text(out->created_by, sizeof out->created_by, row, 4);
    out->created_at_ms = statement_column_int(row, 5);
    out->expires_at_ms = statement_column_int(row, 6);
    out->used_at_ms = statement_column_int(row, 7);
    if (status == STATUS_OK && out->used_at_ms != 0) {
        status = column_copy_blob(out->used_public_key, sizeof out->used_public_key, row, 8, err);
    }
    return status;
}

enum status
enrolment_code_find(struct store_txn *txn, const uint8_t code_hash[SHA256_SIZE], struct enrolment_code *out,
                    struct error_detail *err)
{
    struct statement *row;
    enum status status = database_statement(
        store_txn_database(txn), "SELECT " CODE_COLUMNS " FROM enrolment_code WHERE code_hash = $1", &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_blob(row, 1, code_hash, SHA256_SIZE);
    bool has_row;
    status = statement_step(row, &has_row, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!has_row) {
        error_set(err, "unknown_code", "there is no such enrolment code; ask for a new one");
        return STATUS_NOT_FOUND;
    }
    status = read_code(row, out, err);
    statement_reset(row);
    return status;
}

enum status
enrolment_keys_of(struct store_txn *txn, const char *terminal, size_t maximum, uint8_t out_keys[][PUBLIC_KEY_SIZE],
                  size_t *out_count, struct error_detail *err)
{
    struct statement *row;
    enum status status =
        database_statement(store_txn_database(txn),
                           "SELECT used_public_key FROM enrolment_code WHERE terminal = $1 AND used_at_ms IS NOT NULL"
                           " ORDER BY used_at_ms DESC, code_hash LIMIT $2",
                           &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(row, 1, terminal);
    statement_bind_int(row, 2, (int64_t)maximum);
    size_t count = 0;
    bool has_row = false;
    status = statement_step(row, &has_row, err);
    while (status == STATUS_OK && has_row) {
        status = column_copy_blob(out_keys[count++], PUBLIC_KEY_SIZE, row, 0, err);
        if (status == STATUS_OK) {
            status = statement_step(row, &has_row, err);
        }
    }
    statement_reset(row);
    *out_count = count;
    return status;
}

enum status
enrolment_code_set_used(struct store_txn *txn, const uint8_t code_hash[SHA256_SIZE],
                        const uint8_t public_key[PUBLIC_KEY_SIZE], int64_t now_ms, struct error_detail *err)
{
    struct statement *update;
    enum status status = database_statement(
        store_txn_database(txn), "UPDATE enrolment_code SET used_at_ms = $2, used_public_key = $3 WHERE code_hash = $1",
        &update, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_blob(update, 1, code_hash, SHA256_SIZE);
    statement_bind_int(update, 2, now_ms);
    statement_bind_blob(update, 3, public_key, PUBLIC_KEY_SIZE);
    return statement_run(update, err);
}

enum status
enrolment_code_each(struct store_txn *txn, const char *municipality, enrolment_code_visitor visit, void *context,
                    struct error_detail *err)
{
    struct statement *row;
    enum status status = database_statement(store_txn_database(txn),
                                            "SELECT " CODE_COLUMNS " FROM enrolment_code WHERE municipality = $1"
                                            " ORDER BY created_at_ms DESC, terminal",
                                            &row, err);
    if (status != STATUS_OK) {
        return status;
    }
    statement_bind_text(row, 1, municipality);
    bool has_row = false;
    status = statement_step(row, &has_row, err);
    while (status == STATUS_OK && has_row) {
        struct enrolment_code code;
        status = read_code(row, &code, err);
        if (status == STATUS_OK) {
            status = visit(&code, context);
        }
        if (status == STATUS_OK) {
            status = statement_step(row, &has_row, err);
        }
    }
    statement_reset(row);
    return status;
}
