/* What an engine fills in; for common/database and the engines only. An engine's own connection begins with a
 * `struct database`, its own statement with a `struct statement`. What each function promises is said in database.h;
 * the callers in this folder keep the statements, and assert what is a programmer's error. */
#pragma once

#include "common/database/database.h"

/* INVARIANT: `is_running` from the first row until the statement is reset. */
struct statement {
    const struct engine *engine;
    struct database *db;
    char *sql; /* as the caller gave it; owned */
    bool is_running;
    struct statement *next;
};

enum {
    STATEMENT_BUCKETS = 256 /* a program has a few hundred statements */
};

/* INVARIANT: `kept` holds each SQL text once, hashed by the text. */
struct database {
    const struct engine *engine;
    char *name; /* for messages: the file, or host and database; never a password. Owned */
    struct statement *kept[STATEMENT_BUCKETS];
};

struct engine {
    enum database_dialect dialect;

    /* Free what the engine holds and DB itself; `name` and the statements are gone already. */
    void (*close)(struct database *db);
    enum status (*execute)(struct database *db, const char *sql, struct error_detail *err);
    enum status (*begin)(struct database *db, struct error_detail *err);
    enum status (*begin_read)(struct database *db, struct error_detail *err);
    enum status (*commit)(struct database *db, struct error_detail *err);
    void (*rollback)(struct database *db);
    bool (*in_transaction)(const struct database *db);
    int64_t (*changes)(const struct database *db);

    /* Migrations: the version of the schema, 0 for an empty database; a transaction in which no other program migrates;
     * the version that the transaction brings. */
    enum status (*schema_version)(struct database *db, int64_t *out, struct error_detail *err);
    enum status (*begin_migration)(struct database *db, struct error_detail *err);
    enum status (*set_schema_version)(struct database *db, int64_t version, struct error_detail *err);

    /* A new statement with `sql` copied; STATUS_INVALID when SQL is not exactly one. */
    enum status (*prepare)(struct database *db, const char *sql, struct statement **out, struct error_detail *err);
    void (*finalize)(struct statement *statement); /* frees it, `sql` too */
    void (*clear)(struct statement *statement);    /* no bindings */
    void (*reset)(struct statement *statement);
    enum status (*step)(struct statement *statement, bool *out_has_row, struct error_detail *err);
    /* NULL: step does as well. */
    enum status (*run_later)(struct statement *statement, struct error_detail *err);
    void (*bind_int)(struct statement *statement, int index, int64_t value);
    void (*bind_text)(struct statement *statement, int index, const char *text, size_t length);
    void (*bind_blob)(struct statement *statement, int index, const void *bytes, size_t length);
    void (*bind_null)(struct statement *statement, int index);
    int64_t (*column_int)(const struct statement *statement, int index);
    const char *(*column_text)(const struct statement *statement, int index);
    const void *(*column_blob)(const struct statement *statement, int index, size_t *out_length);
    bool (*column_is_null)(const struct statement *statement, int index);
};

/* For an engine's open and close. */
enum status
database_init(struct database *db, const struct engine *engine, const char *name, struct error_detail *err) MUST_CHECK;
void database_forget_statements(struct database *db);
