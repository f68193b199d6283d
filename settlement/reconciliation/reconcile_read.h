/* Both files into memory, with the table of the sales and, for every line, what the table says. */
#pragma once

#include "settlement/reconciliation/match_index.h"
#include "settlement/reconciliation/side_file.h"

/* INVARIANT: after success `index` is over all sales by reference, and heads[i] (NULL: not looked up) is what it says
 * about line i. */
struct reconcile_files_read {
    struct side_file sales;
    struct side_file statement;
    struct arena arena;
    struct match_index *index;
    uint32_t *heads;
};

/* The last day that a two-digit year of an era can mean in a file that is read today. */
struct civil_date reconcile_not_after(void);

/* Read both, with up to THREAD_COUNT threads. An error of a file begins with "file:line:column: ". End *OUT with
 * reconcile_files_release in any case. */
enum status
reconcile_files_read(struct reconcile_files_read *out, const char *sales_path, const struct layout *sales_layout,
                     const char *statement_path, const struct layout *layout, unsigned thread_count,
                     struct error_detail *err) MUST_CHECK;
void reconcile_files_release(struct reconcile_files_read *files);

/* Put PATH, and the place in it that ERR has, before ERR's message. Returns STATUS. */
enum status reconcile_name_place(enum status status, const char *path, struct error_detail *err);
