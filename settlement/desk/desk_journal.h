/* The finance desk's own journal: refunds that no till was asked for are lines of terminal "DESK-<code>-<n>", chained
 * and signed by this service's key as a till signs its own. A service with another key writes the next n. */
#pragma once

#include "common/clock/civil.h"
#include "common/json/writer.h"
#include "settlement/store/store.h"

struct signing_key;

/* Whose display name stands for the place of the desk's lines. */
#define DESK_PLACE "会計"

/* Append one line of KIND with BODY (a JSON object) of BUSINESS_DATE, in TXN, a transaction of store_begin_write_for
 * (MUNICIPALITY) that has joined the intake (store_join_intake). Several may follow each other. */
enum status desk_journal_append(struct store_txn *txn, const struct signing_key *key, const char *municipality,
                                struct civil_date business_date, const char *kind, const struct buffer *body,
                                int64_t now_ms, struct error_detail *err) MUST_CHECK;
