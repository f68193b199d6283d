/* Evidence side by side: journal lines, statement lines and bank lines, raw and parsed. For this folder only. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/json/writer.h"
#include "settlement/imports/layouts.h"
#include "settlement/store/store.h"

/* The file that lines are shown of, read once; ask for lines in any order. */
struct shown_file {
    int64_t import;
    struct buffer bytes;
    char file_name[256];
    char layout[65];
    bool is_bank;
    bool is_cp932;
    size_t record_length; /* of a file without line ends; 0: it has line ends */
    size_t offset;        /* of line `line`; walking on is cheap */
    int64_t line;
};
void shown_file_init(struct shown_file *file);
void shown_file_finish(struct shown_file *file);

/* The members raw and parsed of line LINE of IMPORT, inside an open object. FILE keeps the bytes between calls. */
enum status
json_file_members(struct json_writer *writer, struct shown_file *file, struct store_txn *txn, const char *municipality,
                  const struct layouts *layouts, int64_t import, int64_t line, struct error_detail *err) MUST_CHECK;

/* The journal lines of the payment started by (TERMINAL, SEQUENCE), as array elements. */
enum status json_payment_journal(struct json_writer *writer, struct store_txn *txn, const char *terminal,
                                 int64_t sequence, struct error_detail *err) MUST_CHECK;

enum { EVIDENCE_LINES_MAX = 500 /* of a payout; more is a file to be looked at, not evidence */ };

/* Evidence being written. `err` is for visitors. */
struct evidence {
    struct json_writer *writer;
    struct store_txn *txn;
    const char *municipality;
    const struct layouts *layouts;
    struct shown_file file;
    struct error_detail *err;
    size_t line_count;
    bool is_truncated; /* there were more lines than EVIDENCE_LINES_MAX */
};
void evidence_init(struct evidence *evidence, struct json_writer *writer, struct store_txn *txn,
                   const char *municipality, const struct layouts *layouts);
void evidence_finish(struct evidence *evidence);

/* FILE_LINE as an array element; nothing for IMPORT 0 or a line that is not here. */
enum status evidence_line(struct evidence *evidence, int64_t import, int64_t line, struct error_detail *err) MUST_CHECK;

/* The journal lines of PAYMENT; nothing when the ledger does not know it. */
enum status
evidence_payment_journal(struct evidence *evidence, const char *payment, struct error_detail *err) MUST_CHECK;

/* The statement lines of PAYMENT: those it is paired with and those that its discrepancies name. */
enum status evidence_payment_lines(struct evidence *evidence, const char *payment, struct error_detail *err) MUST_CHECK;

/* The statement lines of a payout, and the bank lines that paid it. */
enum status evidence_payout_lines(struct evidence *evidence, const char *trustee, const char *payout,
                                  struct error_detail *err) MUST_CHECK;
enum status evidence_bank_lines(struct evidence *evidence, const char *trustee, const char *payout,
                                struct error_detail *err) MUST_CHECK;

/* The bank lines that paid the payouts of PAYMENT's statement lines. */
enum status
evidence_payment_bank_lines(struct evidence *evidence, const char *payment, struct error_detail *err) MUST_CHECK;

/* What a line says, as elements {"name","value"} of the array that is open. */
struct statement_line;
struct bank_line;
void json_statement_values(struct json_writer *writer, const struct statement_line *line);
void json_bank_values(struct json_writer *writer, const struct bank_line *line);
