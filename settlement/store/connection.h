/* What the verbs of this folder are made with; for this folder only. */
#pragma once

#include "common/database/database.h"
#include "settlement/store/store.h"

/* The connection under a transaction. Borrowed until store_end. */
struct database *store_txn_database(struct store_txn *txn);

/* Whether rows that TXN finds in order to change them must be locked against other programs. */
bool store_txn_locks_rows(const struct store_txn *txn);
