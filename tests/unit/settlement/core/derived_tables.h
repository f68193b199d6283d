/* Every row that the ledger derives from journals, as one hash: a rebuild must give it again. */
#pragma once

#include "common/signing/signing.h"

/* The file PATH; all tables of migrations 0002 and 0008 that are not said to be made by others. */
void derived_tables_hash(const char *path, char out[SHA256_TEXT_SIZE]);
