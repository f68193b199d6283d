/* Where a value stands in a JSON text, for messages about a file that a person edits. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* TEXT is LENGTH bytes that json_parse took; PATH names a value as in messages: "items[3].rates[0].percent". Line and
 * column (in characters, both from 1) of the value; of the innermost value on the way that exists when it does not (a
 * missing member is then placed at its object). False when PATH is malformed. */
bool json_locate(const char *text, size_t length, const char *path, unsigned *out_line, unsigned *out_column);
