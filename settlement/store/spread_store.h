/* What people said that credits at the bank pay (matching/spread_deed.h). Rows are borrowed for the visit. */
#pragma once

#include "settlement/store/payout_store.h"

/* A standing decision, or one that was taken back (`undone_by`). */
struct credit_spread {
    int64_t id;
    int64_t import;
    int64_t line;
    int64_t at_ms;
    const char *login;
    const char *reason;
};
typedef enum status (*credit_spread_visitor)(const struct credit_spread *spread, void *context,
                                             struct error_detail *err);

enum status spread_add(struct store_txn *txn, const char *municipality, const struct credit_spread *spread,
                       int64_t *out_id, struct error_detail *err) MUST_CHECK;
enum status spread_part_add(struct store_txn *txn, const char *municipality, int64_t spread,
                            const struct portion_row *part, struct error_detail *err) MUST_CHECK;

/* Take ID back. STATUS_NOT_FOUND "not_found" when it does not stand in MUNICIPALITY. *OUT has no texts. */
enum status
spread_take_back(struct store_txn *txn, const char *municipality, int64_t id, const char *login, const char *reason,
                 int64_t now_ms, struct credit_spread *out, struct error_detail *err) MUST_CHECK;

/* The parts of the decision that stands about bank line (IMPORT, LINE). */
enum status spread_of_credit_each(struct store_txn *txn, int64_t import, int64_t line, portion_visitor visit,
                                  void *context, struct error_detail *err) MUST_CHECK;

/* The standing decisions with a part of PAYOUT. */
enum status
spread_of_payout_each(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
                      credit_spread_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* What came in by bank line (IMPORT, LINE) of MUNICIPALITY. STATUS_NOT_FOUND "not_found" when it is none, went out, or
 * does not count since its file was replaced. *OUT_IS_DECIDED: a decision stands about it. */
enum status credit_amount(struct store_txn *txn, const char *municipality, int64_t import, int64_t line,
                          int64_t *out_yen, bool *out_is_decided, struct error_detail *err) MUST_CHECK;

/* Whether PAYOUT of TRUSTEE is known. */
enum status payout_is_known(struct store_txn *txn, const char *municipality, const char *trustee, const char *payout,
                            bool *out, struct error_detail *err) MUST_CHECK;

/* What the bank line pays it pays no more; it is open, and so are the payouts. The next run judges it. */
enum status credit_free(struct store_txn *txn, const char *municipality, int64_t import, int64_t line,
                        const char *today, struct error_detail *err) MUST_CHECK;
