/* Which engine, and how to reach it. */
#include "settlement/store/place.h"

#include "common/bytes/buffer.h"
#include "common/config/config.h"
#include "common/sqlite/database.h"
#include "settlement/store/postgresql/postgresql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PASSWORD_MAX_BYTES = 1024 };

extern const struct migration settlement_migrations_sqlite[];
extern const size_t settlement_migrations_sqlite_count;
extern const struct migration settlement_migrations_postgresql[];
extern const size_t settlement_migrations_postgresql_count;
extern const struct migration settlement_fence[];

static const struct config_key keys[] = {
    {.section = "store", .name = "kind", .kind = CONFIG_TEXT, .fallback = NULL, .help = "sqlite or postgresql"},
    {.section = "store",
     .name = "path",
     .kind = CONFIG_PATH,
     .fallback = "",
     .minimum = 0,
     .maximum = 1024,
     .help = "the SQLite file; created when absent"},
    {.section = "store",
     .name = "connection",
     .kind = CONFIG_TEXT,
     .fallback = "",
     .minimum = 0,
     .maximum = 1024,
     .help =
         "where PostgreSQL is, as libpq wants it: host=db1,db2 dbname=madoguchi user=madoguchi, without a password"},
    {.section = "store",
     .name = "password_file",
     .kind = CONFIG_PATH,
     .fallback = "",
     .minimum = 0,
     .maximum = 1024,
     .help = "file of mode 0600 whose first line is the password; empty: none is sent"},
};

static enum status
copy(char **out, const char *text, struct error_detail *err)
{
    *out = strdup(text);
    if (*out == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

/* A file that is absent or empty is an SQLite database to be. */
static bool
is_sqlite(const char *file)
{
    static const char magic[] = "SQLite format 3";
    char beginning[sizeof magic] = "";
    FILE *opened = fopen(file, "rb");
    if (opened == NULL) {
        return true;
    }
    size_t length = fread(beginning, 1, sizeof beginning, opened);
    fclose(opened);
    return length == 0 || (length == sizeof magic && memcmp(beginning, magic, sizeof magic) == 0);
}

/* Whether it is a store file: text with a [store] section. Anything else that is not SQLite is for SQLite to refuse. */
static bool
is_store_file(const char *file)
{
    char text[4096];
    FILE *opened = fopen(file, "rb");
    if (opened == NULL) {
        return false;
    }
    size_t length = fread(text, 1, sizeof text - 1, opened);
    fclose(opened);
    text[length] = '\0';
    return strlen(text) == length && strstr(text, "[store]") != NULL;
}

static enum status
read_password(char **out, const char *file, struct error_detail *err)
{
    enum status status = file_check_private(file, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct buffer text;
    buffer_init(&text, PASSWORD_MAX_BYTES);
    status = buffer_read_file(&text, file, err);
    if (status == STATUS_OK) {
        buffer_append_byte(&text, '\0');
        status = buffer_check(&text, err);
    }
    if (status == STATUS_OK) {
        char *password = text.data;
        password[strcspn(password, "\r\n")] = '\0';
        status = copy(out, password, err);
    }
    if (text.data != NULL) {
        explicit_bzero(text.data, text.length);
    }
    buffer_finish(&text);
    return status;
}

static enum status
read_store_file(struct store_place *out, const struct config *config, struct error_detail *err)
{
    const char *kind = config_text(config, "store", "kind");
    const char *path = config_text(config, "store", "path");
    const char *connection = config_text(config, "store", "connection");
    const char *password_file = config_text(config, "store", "password_file");
    if (strcmp(kind, "sqlite") == 0) {
        if (path[0] == '\0') {
            return config_reject(config, "store", "path", err, "is missing");
        }
        return copy(&out->path, path, err);
    }
    if (strcmp(kind, "postgresql") != 0) {
        return config_reject(config, "store", "kind", err, "is not known; sqlite or postgresql is allowed");
    }
    if (connection[0] == '\0') {
        return config_reject(config, "store", "connection", err, "is missing");
    }
    if (strstr(connection, "password=") != NULL) {
        return config_reject(config, "store", "connection", err, "holds a password; put it into password_file");
    }
    out->kind = STORE_POSTGRESQL;
    enum status status = copy(&out->connection, connection, err);
    if (status == STATUS_OK && password_file[0] != '\0') {
        status = read_password(&out->password, password_file, err);
    }
    return status;
}

enum status
store_place_read(struct store_place *out, const char *file, struct error_detail *err)
{
    *out = (struct store_place){.kind = STORE_SQLITE};
    if (is_sqlite(file) || !is_store_file(file)) {
        return copy(&out->path, file, err);
    }
    struct config *config;
    enum status status = config_load(&config, file, keys, sizeof keys / sizeof keys[0], err);
    if (status == STATUS_OK) {
        status = read_store_file(out, config, err);
        config_destroy(config);
    }
    return status;
}

void
store_place_finish(struct store_place *place)
{
    if (place->password != NULL) {
        explicit_bzero(place->password, strlen(place->password));
    }
    free(place->password);
    free(place->connection);
    free(place->path);
    *place = (struct store_place){0};
}

enum status
store_place_connect(const struct store_place *place, bool is_reader, struct database **out, struct error_detail *err)
{
    if (place->kind == STORE_SQLITE) {
        return database_open(out, place->path, is_reader ? DATABASE_READ_ONLY : DATABASE_READ_WRITE, NULL, err);
    }
    const struct postgresql_place where = {.connection = place->connection, .password = place->password};
    return postgresql_open(out, &where, err);
}

/* Tables with rows of municipalities that no fence stands around: those of a migration that just ran. */
static const char unfenced[] =
    "SELECT count(*) FROM pg_class AS c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', "
    "'p') AND NOT EXISTS (SELECT 1 FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polname = 'own_city') "
    "AND EXISTS (SELECT 1 FROM pg_attribute AS a WHERE a.attrelid = c.oid "
    "AND a.attname IN ('municipality', 'terminal', 'import', 'assessment', 'export', 'draft', 'staff') "
    "AND NOT a.attisdropped)";

enum status
store_place_migrate(const struct store_place *place, struct database *db, struct error_detail *err)
{
    if (place->kind == STORE_SQLITE) {
        return database_migrate(db, settlement_migrations_sqlite, settlement_migrations_sqlite_count, err);
    }
    int64_t missing = 0;
    enum status status =
        database_migrate(db, settlement_migrations_postgresql, settlement_migrations_postgresql_count, err);
    if (status == STATUS_OK) {
        status = database_query_int(db, unfenced, &missing, err);
    }
    return status == STATUS_OK && missing > 0 ? database_execute(db, settlement_fence[0].sql, err) : status;
}

enum status
store_database_open(struct database **out, const char *file, struct error_detail *err)
{
    struct store_place place;
    enum status status = store_place_read(&place, file, err);
    if (status == STATUS_OK) {
        status = store_place_connect(&place, false, out, err);
    }
    if (status == STATUS_OK && place.kind == STORE_POSTGRESQL) {
        status = database_execute(*out, "SET app.municipality = '*'", err); /* else the fence shows it nothing */
    }
    store_place_finish(&place);
    return status;
}

enum status
store_check_target(const char *file, struct error_detail *err)
{
    struct store_place place;
    struct database *db = NULL;
    int64_t version = 0;
    const int64_t wanted = (int64_t)settlement_migrations_postgresql_count;
    enum status status = store_place_read(&place, file, err);
    if (status == STATUS_OK && place.kind == STORE_SQLITE) {
        error_set(err, "direction", "%s: no PostgreSQL store", file);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = store_place_connect(&place, /* is_reader = */ true, &db, err);
    }
    if (status == STATUS_OK) {
        status = database_schema_version(db, &version, err);
    }
    if (status == STATUS_OK && version != 0 && version != wanted) {
        error_set(err, "other_schema",
                  "%s: a store of schema version %lld stands there, and this program's is %lld; give an empty database",
                  file, (long long)version, (long long)wanted);
        status = STATUS_REFUSED;
    }
    database_close(db);
    store_place_finish(&place);
    return status;
}

enum status
store_check_schema(const char *file, struct error_detail *err)
{
    struct store_place place;
    struct database *db = NULL;
    int64_t version = 0;
    const int64_t wanted = (int64_t)settlement_migrations_sqlite_count;
    enum status status = store_place_read(&place, file, err);
    if (status == STATUS_OK && place.kind != STORE_SQLITE) {
        error_set(err, "direction", "%s: no SQLite store", file);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = store_place_connect(&place, /* is_reader = */ true, &db, err);
    }
    if (status == STATUS_OK) {
        status = database_query_int(db, "PRAGMA user_version", &version, err);
    }
    if (status == STATUS_OK && version != wanted) {
        error_set(err, "other_schema",
                  "%s: schema version %lld, and this program's is %lld; start the service of this program on it once",
                  file, (long long)version, (long long)wanted);
        status = STATUS_REFUSED;
    }
    database_close(db);
    store_place_finish(&place);
    return status;
}
