/* The journal itself: is what is stored an unbroken, signed chain from line 1 to the head? */
#pragma once

#include "settlement/audit/book.h"
#include "settlement/store/audit_store.h"

/* What the service says of a till. */
struct audited_till {
    char terminal[TERMINAL_ID_SIZE];
    uint8_t public_key[PUBLIC_KEY_SIZE];
    int64_t head_sequence;
    uint8_t head_hash[SHA256_SIZE];
    int64_t interpreted; /* the ledger has gone up to this line */
};

/* Walk every line of TILL, report what is damaged, and take the lines that the ledger has interpreted into BOOK.
 * *OUT_LINES counts the lines that stand there. */
enum status journal_check(struct store_txn *txn, const struct audited_till *till, struct book *book, int64_t *out_lines,
                          struct error_detail *err) MUST_CHECK;
