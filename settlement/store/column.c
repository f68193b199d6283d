/* Columns into fixed fields. */
#include "settlement/store/column.h"

#include "common/text/utf8.h"

#include <string.h>

void
column_copy_text(char *out, size_t size, const struct statement *statement, int column)
{
    const char *text = statement_column_text(statement, column);
    size_t length = utf8_prefix(text, strlen(text), size - 1);
    memcpy(out, text, length);
    out[length] = '\0';
}

enum status
column_copy_blob(void *out, size_t size, const struct statement *statement, int column, struct error_detail *err)
{
    size_t length;
    const void *bytes = statement_column_blob(statement, column, &length);
    if (length != size) {
        error_set(err, "wrong_blob", "a stored value of %zu bytes has %zu", size, length);
        return STATUS_CORRUPT;
    }
    memcpy(out, bytes, size);
    return STATUS_OK;
}
