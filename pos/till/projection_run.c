/* How a line's body becomes a row: columns bound in order, and a count of the rows that must have changed. */
#include "pos/till/projection.h"

#include "common/money/yen.h"

enum { TEXT_MAX = 300 };

static enum status
bind_column(struct statement *statement, int index, const struct projection_column *column,
            const struct json_value *body, struct error_detail *err)
{
    if (column->key == NULL) {
        if (column->is_integer) {
            statement_bind_int(statement, index, column->number);
        } else {
            statement_bind_text(statement, index, column->text);
        }
        return STATUS_OK;
    }
    if (column->is_integer) {
        int64_t value;
        enum status status = json_get_int(body, column->key, -YEN_LIMIT, YEN_LIMIT, &value, err);
        if (status == STATUS_OK) {
            statement_bind_int(statement, index, value);
        }
        return status;
    }
    const char *text;
    enum status status = column->is_optional ? json_get_text_or(body, column->key, TEXT_MAX, NULL, &text, err)
                                             : json_get_text(body, column->key, TEXT_MAX, &text, err);
    if (status == STATUS_OK) {
        statement_bind_text(statement, index, text);
    }
    return status;
}

enum status
projection_run(struct database *db, const char *sql, const struct json_value *body,
               const struct projection_column *columns, size_t count, int64_t wanted_changes, struct error_detail *err)
{
    struct statement *statement;
    enum status status = database_statement(db, sql, &statement, err);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = bind_column(statement, (int)i + 1, &columns[i], body, err);
    }
    if (status == STATUS_OK) {
        status = statement_run(statement, err);
    }
    if (status == STATUS_OK && wanted_changes > 0 && database_changes(db) != wanted_changes) {
        error_set(err, "line_out_of_place", "the line speaks of something that is not there, or is over: %s", sql);
        status = STATUS_REFUSED;
    }
    return status;
}
