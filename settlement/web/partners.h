/* What may belong to an open payment or line, with the reason in words; and what people have said of it. For this
 * folder only. */
#pragma once

#include "common/json/writer.h"
#include "settlement/store/worklist_store.h"

/* Write "partners": [{terminal, sequence, part | import, line, payment, brand, amount_yen, accepted_at, reason}] for
 * what KEY names (a payment by terminal, sequence and part; a line by import and line), best first; empty when it is
 * not open. No score: people look at the facts. */
enum status json_partners(struct json_writer *writer, struct store_txn *txn, const char *municipality,
                          const struct partner_row *key, struct error_detail *err) MUST_CHECK;

/* Write "decisions": [{id, is_pair, terminal, sequence, part, import, line, by, at, reason}] about it. */
enum status json_decisions(struct json_writer *writer, struct store_txn *txn, const char *municipality,
                           const struct partner_row *key, struct error_detail *err) MUST_CHECK;

/* Write "pieces": [as partners] for what KEY names: open ones of the other side that may each be a part of it; and its
 * own "amount_yen", 0 when it is not open. */
enum status json_pieces(struct json_writer *writer, struct store_txn *txn, const char *municipality,
                        const struct partner_row *key, struct error_detail *err) MUST_CHECK;

/* Write "splits": [{id, by, at, reason, parts: [{terminal, sequence, part, import, line}]}] about it. */
enum status json_splits(struct json_writer *writer, struct store_txn *txn, const char *municipality,
                        const struct partner_row *key, struct error_detail *err) MUST_CHECK;
