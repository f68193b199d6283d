/* Rows go over table by table, parents first. The triggers of the target are about how work is done, and the work was
 * done: they rest until the end of the transaction. Its keys and checks do not. */
#include "settlement/store/move/store_move.h"

#include <stdio.h>
#include <stdlib.h>

enum { SQL_MAX_BYTES = 16 * 1024 };

struct copying {
    struct database *from;
    struct database *to;
    struct table_list *list;
    move_progress progress;
    void *context;
};

/* Rows that a new store has by itself give way; whoever has tills, people or files is not new. */
static enum status
check_is_new(struct database *to, struct error_detail *err)
{
    static const char *const queries[] = {
        "SELECT count(*) FROM terminal", "SELECT count(*) FROM journal_run", "SELECT count(*) FROM import",
        "SELECT count(*) FROM staff",    "SELECT count(*) FROM masters",     "SELECT count(*) FROM access_log",
    };
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        int64_t rows = 0;
        enum status status = database_query_int(to, queries[i], &rows, err);
        if (status == STATUS_OK && rows != 0) {
            error_set(err, "store_not_empty", "the target is no empty store (%s is %lld); name a new database",
                      queries[i], (long long)rows);
            return STATUS_CONFLICT;
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

/* Run BEFORE, the name of a table, AFTER. */
static enum status
alter(struct database *db, const char *before, const char *table, const char *after, struct error_detail *err)
{
    struct buffer sql;
    buffer_init(&sql, SQL_MAX_BYTES);
    buffer_append_text(&sql, before);
    buffer_append_text(&sql, table);
    buffer_append_text(&sql, after);
    enum status status = buffer_check(&sql, err);
    if (status == STATUS_OK) {
        status = database_execute(db, buffer_text(&sql), err);
    }
    buffer_finish(&sql);
    return status;
}

static enum status
set_triggers(const struct copying *copying, const char *after, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < copying->list->count; i++) {
        status = alter(copying->to, "ALTER TABLE ", copying->list->tables[i].name, after, err);
    }
    return status;
}

static enum status
empty_target(const struct copying *copying, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = copying->list->count; status == STATUS_OK && i-- > 0;) { /* children first */
        status = alter(copying->to, "DELETE FROM ", copying->list->tables[i].name, "", err);
    }
    return status;
}

static void
append_names(struct buffer *sql, const struct moved_table *table)
{
    for (size_t i = 0; i < table->column_count; i++) {
        buffer_append_text(sql, i > 0 ? ", \"" : "\"");
        buffer_append_text(sql, table->columns[i].name);
        buffer_append_text(sql, "\"");
    }
}

static enum status
make_statements(const struct copying *copying, const struct moved_table *table, struct statement **out_rows,
                struct statement **out_insert, struct error_detail *err)
{
    struct buffer sql;
    buffer_init(&sql, SQL_MAX_BYTES);
    buffer_append_text(&sql, "SELECT ");
    append_names(&sql, table);
    buffer_append_text(&sql, " FROM ");
    buffer_append_text(&sql, table->name);
    buffer_append_text(&sql, " ORDER BY ");
    for (size_t key = 1; key <= table->key_count; key++) {
        for (size_t i = 0; i < table->column_count; i++) {
            if ((size_t)table->columns[i].key == key) {
                buffer_append_text(&sql, key > 1 ? ", \"" : "\"");
                buffer_append_text(&sql, table->columns[i].name);
                buffer_append_text(&sql, "\"");
            }
        }
    }
    enum status status = buffer_check(&sql, err);
    if (status == STATUS_OK) {
        status = database_statement(copying->from, buffer_text(&sql), out_rows, err);
    }
    buffer_clear(&sql);
    buffer_append_text(&sql, "INSERT INTO ");
    buffer_append_text(&sql, table->name);
    buffer_append_text(&sql, " (");
    append_names(&sql, table);
    buffer_append_text(&sql, ") VALUES (");
    for (size_t i = 0; i < table->column_count; i++) {
        char parameter[16];
        snprintf(parameter, sizeof parameter, "%s$%zu", i > 0 ? ", " : "", i + 1);
        buffer_append_text(&sql, parameter);
    }
    buffer_append_text(&sql, ")");
    if (status == STATUS_OK) {
        status = buffer_check(&sql, err);
    }
    if (status == STATUS_OK) {
        status = database_statement(copying->to, buffer_text(&sql), out_insert, err);
    }
    buffer_finish(&sql);
    return status;
}

static void
bind_column(struct statement *insert, int index, const struct statement *row, enum moved_type type)
{
    size_t length = 0;
    if (statement_column_is_null(row, index)) {
        statement_bind_null(insert, index + 1);
        return;
    }
    switch (type) {
    case MOVED_INTEGER:
        statement_bind_int(insert, index + 1, statement_column_int(row, index));
        break;
    case MOVED_TEXT:
        statement_bind_text(insert, index + 1, statement_column_text(row, index));
        break;
    case MOVED_BLOB: {
        const void *bytes = statement_column_blob(row, index, &length);
        statement_bind_blob(insert, index + 1, bytes, length);
        break;
    }
    }
}

static enum status
copy_table(const struct copying *copying, const struct moved_table *table, struct error_detail *err)
{
    struct statement *row = NULL;
    struct statement *insert = NULL;
    bool has_row = false;
    int64_t rows = 0;
    enum status status = make_statements(copying, table, &row, &insert, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        statement_reset(insert);
        for (size_t i = 0; i < table->column_count; i++) {
            bind_column(insert, (int)i, row, table->columns[i].type);
        }
        status = statement_run_later(insert, err);
        rows++;
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    if (status == STATUS_OK && copying->progress != NULL) {
        copying->progress(table->name, rows, copying->context);
    }
    return status;
}

/* The next number of each column that numbers itself, behind the highest that was copied. */
static enum status
set_numbers(struct database *to, struct error_detail *err)
{
    return database_execute(to,
                            "DO $$ DECLARE c RECORD; top BIGINT; BEGIN "
                            "FOR c IN SELECT table_name, column_name FROM information_schema.columns "
                            "WHERE table_schema = current_schema() AND is_identity = 'YES' LOOP "
                            "EXECUTE format('SELECT max(%I) FROM %I', c.column_name, c.table_name) INTO top; "
                            "IF top IS NOT NULL THEN PERFORM setval(pg_get_serial_sequence(quote_ident(c.table_name), "
                            "c.column_name), top); "
                            "END IF; END LOOP; END $$",
                            err);
}

static enum status
copy_all(const struct copying *copying, struct error_detail *err)
{
    enum status status = check_is_new(copying->to, err);
    if (status == STATUS_OK) {
        status = set_triggers(copying, " DISABLE TRIGGER USER", err);
    }
    if (status == STATUS_OK) {
        status = empty_target(copying, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < copying->list->count; i++) {
        status = copy_table(copying, &copying->list->tables[i], err);
    }
    if (status == STATUS_OK) {
        status = set_numbers(copying->to, err);
    }
    if (status == STATUS_OK) {
        status = database_execute(copying->to, "SET CONSTRAINTS ALL IMMEDIATE", err);
    }
    return status == STATUS_OK ? set_triggers(copying, " ENABLE TRIGGER USER", err) : status;
}

/* Take FROM for this process alone, until it is closed: what a running service acknowledged behind the copy would stay
 * behind in a file that nobody opens again. In exclusive mode SQLite's BEGIN fails while anybody else has the file
 * open, also one who is not writing just now. Not waited for: a service does not end by itself. */
static enum status
hold_alone(struct database *from, struct error_detail *err)
{
    enum status status = database_execute(from, "PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE", err);
    if (status == STATUS_OK) {
        status = database_begin(from, err);
    }
    if (status == STATUS_BUSY) {
        error_set(err, "store_in_use", "the source is in use; stop the service and whatever else has it open");
    }
    return status;
}

enum status
store_copy(struct database *from, struct database *to, move_progress progress, void *context, struct error_detail *err)
{
    struct copying copying = {
        .from = from, .to = to, .list = malloc(sizeof *copying.list), .progress = progress, .context = context};
    if (database_dialect(from) != DIALECT_SQLITE || database_dialect(to) != DIALECT_POSTGRESQL) {
        free(copying.list);
        error_set(err, "direction", "a store moves from SQLite to PostgreSQL, in no other direction");
        return STATUS_INVALID;
    }
    if (copying.list == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = hold_alone(from, err);
    if (status == STATUS_OK) {
        status = table_list_read(copying.list, from, err);
    }
    if (status == STATUS_OK) {
        status = database_begin(to, err);
    }
    if (status == STATUS_OK) {
        status = copy_all(&copying, err);
    }
    if (status == STATUS_OK) {
        status = database_commit(to, err);
    }
    if (status != STATUS_OK) {
        database_rollback(to);
    }
    database_rollback(from);
    free(copying.list);
    return status;
}
