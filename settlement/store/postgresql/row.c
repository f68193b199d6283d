/* Values of the current row. They come in binary: integers without parsing, bytes without hexadecimal. What SQLite
 * would convert (a number asked for as text) is converted here too. */
#include "settlement/store/postgresql/connection.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const PGresult *
row_of(const struct statement *base)
{
    const struct pg_statement *statement = pg_statement(base);
    assert(statement->row_at < statement->row_count);
    return statement->rows[statement->row_at];
}

static uint64_t
big_endian(const char *bytes, int length)
{
    uint64_t value = 0;
    for (int i = 0; i < length; i++) {
        value = value << 8 | (unsigned char)bytes[i];
    }
    return value;
}

/* The whole part of a numeric (sums of integers are numerics): four 16-bit words, then digits of base 10,000. */
static int64_t
numeric_value(const char *bytes)
{
    int digits = (int)big_endian(bytes, 2);
    int weight = (int16_t)big_endian(bytes + 2, 2);
    bool is_negative = big_endian(bytes + 4, 2) == 0x4000;
    int64_t value = 0;
    for (int i = 0; i <= weight; i++) {
        int64_t digit = i < digits ? (int64_t)big_endian(bytes + 8 + 2 * i, 2) : 0;
        value = value * 10000 + digit;
    }
    return is_negative ? -value : value;
}

int64_t
pg_column_int(const struct statement *statement, int index)
{
    const PGresult *row = row_of(statement);
    if (PQgetisnull(row, 0, index)) {
        return 0;
    }
    const char *bytes = PQgetvalue(row, 0, index);
    switch (PQftype(row, index)) {
    case TYPE_INT8:
        return (int64_t)big_endian(bytes, 8);
    case TYPE_INT4:
        return (int32_t)big_endian(bytes, 4);
    case TYPE_INT2:
        return (int16_t)big_endian(bytes, 2);
    case TYPE_BOOL:
        return bytes[0] != 0;
    case TYPE_NUMERIC:
        return numeric_value(bytes);
    default:
        return strtoll(bytes, NULL, 10); /* text: libpq ends every value with a NUL */
    }
}

static bool
is_number(Oid type)
{
    return type == TYPE_INT8 || type == TYPE_INT4 || type == TYPE_INT2 || type == TYPE_BOOL || type == TYPE_NUMERIC;
}

static const char *
number_text(const struct statement *base, int index)
{
    struct pg_statement *statement = pg_statement(base);
    int columns = PQnfields(row_of(base));
    if (statement->number_columns < columns) {
        char(*texts)[NUMBER_TEXT_SIZE] = realloc(statement->number_texts, (size_t)columns * sizeof *texts);
        if (texts == NULL) {
            return ""; /* there is no room for 24 bytes a column: the next allocation tells */
        }
        statement->number_texts = texts;
        statement->number_columns = columns;
    }
    snprintf(statement->number_texts[index], NUMBER_TEXT_SIZE, "%" PRId64, pg_column_int(base, index));
    return statement->number_texts[index];
}

const char *
pg_column_text(const struct statement *statement, int index)
{
    const PGresult *row = row_of(statement);
    if (PQgetisnull(row, 0, index)) {
        return "";
    }
    return is_number(PQftype(row, index)) ? number_text(statement, index) : PQgetvalue(row, 0, index);
}

const void *
pg_column_blob(const struct statement *statement, int index, size_t *out_length)
{
    const PGresult *row = row_of(statement);
    *out_length = (size_t)PQgetlength(row, 0, index);
    return PQgetvalue(row, 0, index); /* "" for NULL */
}

bool
pg_column_is_null(const struct statement *statement, int index)
{
    return PQgetisnull(row_of(statement), 0, index);
}
