/* The columns of a kind's CSV file, and how a member stands in a cell. Pure.
 *
 * A member has a column 「単価[price_yen]」; {code, name} has two; lists are joined by '|' (a '|' or '\' inside is
 * written
 * '\|', '\\'; a list that is there and empty is "[]"); flags are はい and いいえ; rows within a row, and the members
 * that the tariff engine knows, are JSON. A PIN has a column that is always empty on the way out. */
#pragma once

#include "common/json/writer.h"
#include "settlement/masters/csv_cells.h"
#include "settlement/masters/row.h"

struct csv_column {
    const struct field *field; /* NULL: the members that the schema does not name, as one JSON object */
    const char *part;          /* "code" or "name" of a FIELD_CODE_NAME; NULL otherwise */
};

/* The columns of TABLE in their order; how many. */
size_t csv_columns_of(const struct table *table, struct csv_column out[CSV_CELLS_MAX]);

/* The head's cell. Returns OUT. */
enum { CSV_TITLE_SIZE = 160 };
const char *csv_column_title(const struct csv_column *column, char out[CSV_TITLE_SIZE]);

/* Which column a head's cell means: by its key (in brackets or alone) or its title. COUNT when none. */
size_t csv_column_named(const struct csv_column *columns, size_t count, const char *text);

/* Append ROW's cell in COLUMN of TABLE. */
void csv_cell_text(struct buffer *out, const struct table *table, const struct csv_column *column,
                   const struct json_value *row);

/* Write the member that CELL says (for FIELD_CODE_NAME the cells of both columns), nothing when it says nothing.
 * STATUS_INVALID with a sentence when CELL cannot be read; what can be read and is wrong is for masters_check. A PIN is
 * hashed here. */
enum status csv_write_member(struct json_writer *writer, const struct field *field, const char *cell,
                             const char *name_cell, struct error_detail *err) MUST_CHECK;
enum status csv_write_others(struct json_writer *writer, const struct table *table, const char *cell,
                             struct error_detail *err) MUST_CHECK;
