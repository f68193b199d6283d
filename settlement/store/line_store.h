/* Lines on their way in: straight into an import, or first into a staging (staging_store.h), from which they are taken
 * over. Their texts are borrowed for the call. */
#pragma once

#include "settlement/statements/statement_line.h"
#include "settlement/store/store.h"

/* What one file says of one deposit. Texts are borrowed. */
struct payout_part {
    const char *trustee;
    struct text_view payout;
    struct civil_date due_on;   /* year 0: none */
    struct civil_date first_on; /* year 0: none */
    int64_t line_count;
    int64_t amount_yen;
    int64_t fee_yen;
};

enum status import_add_statement_lines(struct store_txn *txn, int64_t import, const struct statement_line *lines,
                                       size_t count, struct error_detail *err) MUST_CHECK;
enum status import_add_bank_lines(struct store_txn *txn, int64_t import, const struct bank_line *lines, size_t count,
                                  struct error_detail *err) MUST_CHECK;
enum status import_add_payout_part(struct store_txn *txn, const char *municipality, int64_t import,
                                   const struct payout_part *part, struct error_detail *err) MUST_CHECK;

enum status staging_add_statement_lines(struct store_txn *txn, int64_t staging, const struct statement_line *lines,
                                        size_t count, struct error_detail *err) MUST_CHECK;
enum status staging_add_bank_lines(struct store_txn *txn, int64_t staging, const struct bank_line *lines, size_t count,
                                   struct error_detail *err) MUST_CHECK;

/* Copy the staged lines with AFTER_LINE < line ≤ TO_LINE into IMPORT. A line that says what no line may say is refused
 * here by the tables. *OUT_LINES: how many there were. */
enum status staging_take_over_piece(struct store_txn *txn, int64_t staging, int64_t import, int64_t after_line,
                                    int64_t to_line, int64_t *out_lines, struct error_detail *err) MUST_CHECK;
