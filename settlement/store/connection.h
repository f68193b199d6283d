/* What the verbs of this folder are made with; for this folder only. */
#pragma once

#include "common/database/database.h"
#include "settlement/store/store.h"

/* The connection under a transaction. Borrowed until store_end. */
struct database *store_txn_database(struct store_txn *txn);
