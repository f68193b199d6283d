/* A whole file, read once before anything of it is written: what it says in sum, or why it cannot be taken in. */
#pragma once

#include "settlement/imports/faults.h"
#include "settlement/imports/file_walk.h"
#include "settlement/imports/payout_sums.h"

#include "common/signing/signing.h"

struct file_verdict {
    bool is_statement;
    uint8_t digest[SHA256_SIZE];
    struct civil_date first; /* year 0: no line has a day */
    struct civil_date last;
    struct walked_days days; /* that a bank's record is of, by its headers */
    int64_t amount_yen;      /* of a bank what came in less what went out */
    int64_t fee_yen;
    int64_t line_count;
    int64_t fee_line_count;
    int64_t last_day_number; /* of a statement's line before: neighbours mostly share it */
    struct payout_sums payouts;
};

/* Read FILE; lines that cannot be read go into FAULTS (empty at first). STATUS_INVALID and STATUS_OVERFLOW with line
 * and column, "no_readable_line" among them; STATUS_CANCELLED. OUT is owed file_verdict_finish in any case. */
enum status file_verdict_read(struct file_verdict *out, const struct walked_file *file, struct faults *faults,
                              struct error_detail *err) MUST_CHECK;

/* The days of the headers count as well, up to YESTERDAY: a day that is not over when the file is taken in may still
 * see money move. Where no line has a day they are all that is known of the record. */
void file_verdict_cover(struct file_verdict *verdict, struct civil_date yesterday);

void file_verdict_finish(struct file_verdict *verdict);
