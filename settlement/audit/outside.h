/* What lies beyond the ledger: matches, open lists, what people decided, deposits, files that came and files that went.
 *
 * The rules stand here a second time. What matching does is not asked; only whether its rows are borne out by the
 * ledger's rows (which were compared with the journals before), by the lines of the files (compared with the kept
 * bytes), and by people's decisions. */
#pragma once

#include "settlement/audit/finding.h"
#include "settlement/store/store.h"
#include "settlement/work/work.h"

struct layouts;

/* Pairs, lists, decisions, deposits, sums of exports. */
enum status audit_outside(struct store_txn *txn, struct findings *findings, struct error_detail *err) MUST_CHECK;

/* Hold the bytes of every import against its hash. */
enum status audit_import_bytes(struct store_txn *txn, struct findings *findings, struct error_detail *err) MUST_CHECK;

/* Compute again what is to come of each payout: lines, terms and carry-over. */
enum status audit_payouts(struct store_txn *txn, struct findings *findings, struct error_detail *err) MUST_CHECK;

/* Compute again where the fees of statements are not those that were agreed. */
enum status audit_fees(struct store_txn *txn, struct findings *findings, struct error_detail *err) MUST_CHECK;

/* Read the bytes of every import again, by LAYOUTS, and hold the stored lines against them. */
enum status audit_imports(struct store_txn *txn, const struct layouts *layouts, struct work *work,
                          struct findings *findings, struct error_detail *err) MUST_CHECK;

/* Hold the bytes of every export against the approved 調定 that went out with it. */
enum status audit_exports(struct store_txn *txn, struct findings *findings, struct error_detail *err) MUST_CHECK;

/* Hold the files that the finance system was given in its own form against the 調定, and its answers against their counts.
 */
enum status audit_handover(struct store_txn *txn, struct findings *findings, struct error_detail *err) MUST_CHECK;

/* Hold what was declared final of closed years against the 調定 that stand. */
enum status audit_closings(struct store_txn *txn, struct findings *findings, struct error_detail *err) MUST_CHECK;

/* Hold the finance desk's refunds and its 総合振込 files against the access log, and the files' bytes against their sums. */
enum status audit_desk(struct store_txn *txn, struct findings *findings, struct error_detail *err) MUST_CHECK;

/* Hold the table of staff against what the access log says of each person, and the approvals
 * of those who approve for some 所属 only against what they were given then. */
enum status audit_staff(struct store_txn *txn, struct findings *findings, struct error_detail *err) MUST_CHECK;

/* Compute the chain of the access log again, and hold its ends against where it is said to end. */
enum status audit_access_log(struct store_txn *txn, struct findings *findings, struct error_detail *err) MUST_CHECK;
