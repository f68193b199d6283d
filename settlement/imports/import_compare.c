/* The earlier lines come from the store, the later ones from the file. */
#include "settlement/imports/import_compare.h"

#include "settlement/imports/replacement.h"

static enum status
add_to_difference(const struct statement_line *statements, const struct bank_line *banks, size_t count, void *context,
                  struct error_detail *err)
{
    struct difference *difference = context;
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = statements != NULL
                     ? difference_add_statement(difference, &difference->later, 0, false, &statements[i], err)
                     : difference_add_bank(difference, &difference->later, 0, false, &banks[i], err);
    }
    return status;
}

enum status
import_compare(struct store_txn *txn, const char *municipality, const struct import_request *request,
               const struct walked_file *file, const struct import_result *result, struct error_detail *err)
{
    struct difference *difference = request->difference;
    enum status status = replacement_check(txn, municipality, request->supersedes, request->layout->name,
                                           result->first_on, result->last_on, err);
    if (status != STATUS_OK || difference == NULL) {
        return status;
    }
    status = difference_add_import(difference, &difference->earlier, txn, request->supersedes,
                                   layout_gives(file->layout) == LAYOUT_GIVES_STATEMENT, err);
    work_begin_step(file->work, WORK_JUDGE, (int64_t)file->length);
    if (status == STATUS_OK) {
        status =
            file_walk(file, WALK_COUNTS_BYTES, walk_pass_over_fault, NULL, add_to_difference, difference, NULL, err);
    }
    return status == STATUS_OK ? difference_make(difference, err) : status;
}
