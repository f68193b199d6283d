/* The files of a reconciliation: matches.csv, discrepancies.csv, deposits.csv when there is a bank's record,
 * summary.json (docs/reconciliation.md). */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/reconciliation/bank_side.h"
#include "settlement/reconciliation/matcher.h"
#include "settlement/reconciliation/side_file.h"

/* What there is to write. Borrowed. */
struct reconcile_outcome {
    const struct match_input *input;
    const struct match_result *result;
    const struct side_file *sales;
    const struct side_file *statement;
    const struct bank_side *bank; /* or NULL */
    uint64_t statement_bytes;     /* of all statement files */
    size_t statement_files;
    const char *layout_name;
    unsigned thread_count;
    int64_t read_us; /* how long the stages took, for people */
    int64_t match_us;
    int64_t write_us;
};

/* Write them into FOLDER (made when absent). Each appears complete and durable or not at all; summary.json appears
 * last, so that where it is new the others are. STATUS_IO. */
enum status
reconcile_output_write(const char *folder, struct reconcile_outcome *outcome, struct error_detail *err) MUST_CHECK;

/* Append the JSON of summary.json, with a line end. */
enum status reconcile_output_summary(struct buffer *out, const struct reconcile_outcome *outcome,
                                     struct error_detail *err) MUST_CHECK;
