/* Tables are taken again and again until none is left whose parents are all taken. */
#include "settlement/store/move/table_list.h"

#include <stdio.h>
#include <string.h>

/* Virtual tables and those under them are indexes of this engine; the other has its own. */
static const char tables_sql[] = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
                                 "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";
static const char columns_sql[] = "SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid";
static const char parents_sql[] = "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list($1) WHERE \"table\" <> $1";

static enum status
refuse(struct error_detail *err, enum status status, const char *table, const char *why)
{
    error_set(err, "schema_unmovable", "table %s %s", table, why);
    return status;
}

static enum status
take_column(struct moved_table *table, const struct statement *row, struct error_detail *err)
{
    static const char *const types[] = {[MOVED_INTEGER] = "INTEGER", [MOVED_TEXT] = "TEXT", [MOVED_BLOB] = "BLOB"};
    const char *type = statement_column_text(row, 1);
    size_t found = 0;
    if (table->column_count == MOVED_COLUMNS_MAX) {
        return refuse(err, STATUS_OVERFLOW, table->name, "has more columns than can be moved");
    }
    while (found < sizeof types / sizeof types[0] && strcmp(types[found], type) != 0) {
        found++;
    }
    if (found == sizeof types / sizeof types[0]) {
        return refuse(err, STATUS_CORRUPT, table->name, "has a column that is neither INTEGER, TEXT nor BLOB");
    }
    struct moved_column *column = &table->columns[table->column_count++];
    snprintf(column->name, sizeof column->name, "%s", statement_column_text(row, 0));
    column->type = (enum moved_type)found;
    column->key = (int)statement_column_int(row, 2);
    table->key_count += column->key > 0 ? 1 : 0;
    return STATUS_OK;
}

static enum status
read_columns(struct moved_table *table, struct database *db, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(db, columns_sql, &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, table->name);
    }
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        status = take_column(table, row, err);
        if (status != STATUS_OK) {
            statement_reset(row);
        }
    }
    return status == STATUS_OK && table->key_count == 0
               ? refuse(err, STATUS_CORRUPT, table->name, "has no primary key: its rows cannot be compared")
               : status;
}

static enum status
read_tables(struct table_list *list, struct database *db, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(db, tables_sql, &row, err);
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        if (list->count == MOVED_TABLES_MAX) {
            statement_reset(row);
            return refuse(err, STATUS_OVERFLOW, statement_column_text(row, 0), "is one more than can be moved");
        }
        struct moved_table *table = &list->tables[list->count++];
        *table = (struct moved_table){.name = ""};
        snprintf(table->name, sizeof table->name, "%s", statement_column_text(row, 0));
    }
    for (size_t i = 0; status == STATUS_OK && i < list->count; i++) {
        status = read_columns(&list->tables[i], db, err);
    }
    return status;
}

static bool
is_among(const struct table_list *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list->tables[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether all that TABLE refers to is among the first PLACED of LIST. */
static enum status
has_parents(const struct table_list *list, size_t placed, const struct moved_table *table, struct database *db,
            bool *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(db, parents_sql, &row, err);
    *out = true;
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, table->name);
    }
    while (status == STATUS_OK && (status = statement_step(row, &has_row, err)) == STATUS_OK && has_row) {
        *out = *out && is_among(list, placed, statement_column_text(row, 0));
    }
    return status;
}

static enum status
sort_by_parents(struct table_list *list, struct database *db, struct error_detail *err)
{
    for (size_t placed = 0; placed < list->count; placed++) {
        bool is_ready = false;
        size_t next = placed;
        for (; next < list->count && !is_ready; next += is_ready ? 0 : 1) {
            enum status status = has_parents(list, placed, &list->tables[next], db, &is_ready, err);
            if (status != STATUS_OK) {
                return status;
            }
        }
        if (!is_ready) {
            return refuse(err, STATUS_CORRUPT, list->tables[placed].name, "refers to itself through other tables");
        }
        const struct moved_table table = list->tables[next];
        list->tables[next] = list->tables[placed];
        list->tables[placed] = table;
    }
    return STATUS_OK;
}

enum status
table_list_read(struct table_list *out, struct database *db, struct error_detail *err)
{
    out->count = 0;
    enum status status = read_tables(out, db, err);
    return status == STATUS_OK ? sort_by_parents(out, db, err) : status;
}
