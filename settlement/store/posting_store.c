/* Postings. */
#include "settlement/store/posting_store.h"

#include "settlement/store/query.h"

static const char *const account_words[] = {
    [LEDGER_DRAWER] = "drawer",
    [LEDGER_FLOAT] = "float",
    [LEDGER_VAULT] = "vault",
    [LEDGER_OVER_SHORT] = "over_short",
    [LEDGER_RECEIVABLE] = "receivable",
    [LEDGER_REVENUE] = "revenue",
    [LEDGER_HELD] = "held",
    [LEDGER_CASH_OTHER] = "cash_other",
    [LEDGER_REFUND] = "refund",
    [LEDGER_REFUND_TRANSIT] = "refund_transit",
};

const char *
ledger_account_word(enum ledger_account account)
{
    return account_words[account];
}

enum status
posting_put(struct store_txn *txn, const struct posting_source *source, int64_t number, const struct posting *posting,
            struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO posting (terminal, sequence, number, municipality, place, ledger, brand, account,"
                     " section, tax, issuer, received_on, business_date, amount_yen)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                     BOUND(bound_text(source->terminal), bound_int(source->sequence), bound_int(number),
                           bound_text(source->municipality), bound_text(source->place),
                           bound_text(ledger_account_word(posting->ledger)), bound_text(posting->brand),
                           bound_text(posting->account), bound_text(posting->section), bound_text(posting->tax),
                           bound_text(posting->issuer), bound_text(source->received_on),
                           bound_text(source->business_date), bound_int(posting->amount_yen)),
                     err);
}

enum status
posting_put_opposite(struct store_txn *txn, const struct posting_source *source, int64_t sale_sequence,
                     struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO posting (terminal, sequence, number, municipality, place, ledger, brand, account,"
                     " section, tax, issuer, received_on, business_date, amount_yen)"
                     " SELECT terminal, $1, number, municipality, place, ledger, brand, account, section, tax, issuer,"
                     " received_on, $2, -amount_yen FROM posting WHERE terminal = $3 AND sequence = $4",
                     BOUND(bound_int(source->sequence), bound_text(source->business_date), bound_text(source->terminal),
                           bound_int(sale_sequence)),
                     err);
}
