/* The payouts of statement files against the deposits in a bank's record, from files. */
#pragma once

#include "settlement/arena/growing.h"
#include "settlement/reconciliation/mapped_file.h"
#include "settlement/reconciliation/payout.h"
#include "settlement/statements/layout.h"

struct reader;
struct json_writer;
struct result_file;

enum { BANK_SIDE_READERS_MAX = 260 /* STATEMENTS_MAX and the bank's, with room to spare */ };

/* What was agreed with the company whose statements these are. */
struct deposit_terms {
    bool is_net; /* deposits are less the fees */
    const char
        *together; /* the payer's name in the bank's record, who pays all of a pay day at once; NULL: nobody does */
    int64_t minimum_yen;   /* less than this is carried over to the next payout; 0: everything is paid */
    bool carries_negative; /* below zero is deducted from the next */
};

/* INVARIANT: the texts of `input` and `result` lie in the statements' mapped files, in `file` or in the readers. */
struct bank_side {
    struct mapped_file file;
    struct layout *layout;
    struct arena arena;
    struct growing parts;   /* struct payout: sums of some thousand lines each */
    struct growing credits; /* struct payout_credit */
    struct reader *readers[BANK_SIDE_READERS_MAX];
    size_t reader_count;
    struct payout_input input;
    struct payout_result result;
};

void bank_side_init(struct bank_side *bank);
void bank_side_finish(struct bank_side *bank);

/* Add up the lines of STATEMENT (at PATH) by payout id. The file stays mapped as long as BANK is used. Constant memory
 * but for the payouts. Errors begin with the file and the place. */
enum status
bank_side_add_statement(struct bank_side *bank, const struct mapped_file *statement, const char *path,
                        const struct layout *layout, struct civil_date not_after, struct error_detail *err) MUST_CHECK;

/* Read the bank's record at PATH by the layout at LAYOUT_PATH and match by TERMS, which is borrowed as long as BANK is
 * used. */
enum status
bank_side_match(struct bank_side *bank, const char *path, const char *layout_path, const struct deposit_terms *terms,
                struct civil_date not_after, struct error_detail *err) MUST_CHECK;

/* deposits.csv, and the member "deposits" of summary.json. */
void bank_side_write_rows(const struct bank_side *bank, struct result_file *file);
void bank_side_write_summary(const struct bank_side *bank, struct json_writer *json);
