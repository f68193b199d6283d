/* `madoguchi-settlement reconcile-files`: a sales extract against an acquirer's statement, without a database. */
#pragma once

#include "common/outcome/status.h"
#include "settlement/reconciliation/bank_side.h"

/* Paths. `layout` is a description of the statement's format (docs/protocol/layouts.md); `folder` receives the result.
 */
struct reconcile_files_request {
    const char *sales;
    const char *statement;
    const char *const *more_statements; /* further files of the same layout */
    size_t more_count;                  /* < STATEMENTS_MAX */
    const char *bank;                   /* a bank's record, or NULL */
    const char *bank_layout;            /* description of its format */
    struct deposit_terms terms;         /* of the company; of use with `bank` */
    const char *layout;
    const char *folder;
    unsigned thread_count; /* 1 or 2 */
};

/* Read, match, write. When SUMMARY is not NULL the JSON of summary.json is appended to it. STATUS_IO (disk), or the
 * input's error, whose message begins with "file:line:column: ". */
struct buffer;
enum status reconcile_files(const struct reconcile_files_request *request, struct buffer *summary,
                            struct error_detail *err) MUST_CHECK;

/* The subcommand: ARGC words behind its name. Returns 0 done (also with discrepancies), 2 usage, 3 input, 4 I/O. */
int reconcile_files_command(int argc, char **argv);
