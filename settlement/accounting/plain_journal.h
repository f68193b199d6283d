/* The books as a plain-text accounting journal (the format that hledger and ledger read), so that anyone can add them
 * up with a program that is not ours.
 *
 *   2026-11-22 (KO-01:12) shimin-1  ; received:2026-11-22
 *       assets:receivable:paypay                              450 JPY
 *       revenues:14020101:shimin:exempt:general              -450 JPY
 *
 * One transaction per journal line that moved money, named TERMINAL:SEQUENCE, dated by its business date; then one that
 * moves nothing and asserts the balance of every account (`= …`), summed on another way than the transactions: a reader
 * that accepts the file has proved that both agree.
 *
 *   ledger          account                                     who it is
 *   drawer          assets:drawer:TILL                          cash in the till, float included
 *   vault           assets:vault:PLACE:TILL                     counted out at 精算, to be paid in (払込)
 *   receivable      assets:receivable:BRAND                     a 指定納付受託者 owes it
 *   float           liabilities:float:TILL                      つり銭 lent by the 会計管理者
 *   held            liabilities:held:BRAND                      過誤納: to be given back
 *   refund_transit  liabilities:refund-transit                  refunds that a gateway or bank gives back
 *   revenue         revenues:ACCOUNT:SECTION:TAX:ISSUER         歳入
 *   refund          expenses:refund                             還付, until 戻出 settles it; never netted with revenue
 *   over_short      expenses:over-short:TILL                    現金過不足: debit is short
 *   cash_other      equity:cash-other:TILL                      cash that came or went for another reason
 */
#pragma once

#include "settlement/store/store.h"

#include <stdio.h>

struct plain_journal_counts {
    int64_t transactions;
    int64_t postings;
    int64_t accounts;
};

/* Write all of MUNICIPALITY to OUT, as TXN sees it. STATUS_IO when OUT cannot be written; the caller flushes and
 * closes. Memory does not grow with the books. */
enum status plain_journal_write(struct store_txn *txn, const char *municipality, FILE *out,
                                struct plain_journal_counts *counts, struct error_detail *err) MUST_CHECK;
