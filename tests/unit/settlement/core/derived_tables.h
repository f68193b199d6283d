/* Every row that the ledger derives from journals, as one hash: a rebuild must give it again. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/signing/signing.h"

/* The file PATH; all tables of migrations 0002 and 0008 that are not said to be made by others. */
void derived_tables_hash(const char *path, char out[SHA256_TEXT_SIZE]);

/* What matching makes of them, of imports and of people's decisions, and what people decided: as text, a row a line.
 * Without the numbers of runs, which tell when a row was made. OUT is initialised by the caller. */
void matching_tables_text(const char *path, struct buffer *out);
