/* From the staging when there is one, because its lines are written and compared already. */
#include "settlement/imports/import_lines.h"

#include "settlement/store/line_store.h"

/* Where lines go. */
struct line_store {
    struct store_txn *txn;
    int64_t import;
    int64_t count;
};

static enum status
store_lines(const struct statement_line *statements, const struct bank_line *banks, size_t count, void *context,
            struct error_detail *err)
{
    struct line_store *to = context;
    to->count += (int64_t)count;
    return statements != NULL ? import_add_statement_lines(to->txn, to->import, statements, count, err)
                              : import_add_bank_lines(to->txn, to->import, banks, count, err);
}

static enum status
add_from_file(struct store_txn *txn, int64_t import, const struct walked_file *file, int64_t line_count,
              struct error_detail *err)
{
    struct line_store to = {.txn = txn, .import = import};
    work_begin_step(file->work, WORK_STORE, line_count);
    enum status status = file_walk(file, WALK_COUNTS_LINES, walk_pass_over_fault, NULL, store_lines, &to, NULL, err);
    if (status == STATUS_OK && to.count != line_count) {
        error_set(err, "file_changed",
                  "読んでいる間にファイルが書き換えられました。書き終わってから取り込んでください。");
        return STATUS_CONFLICT;
    }
    return status;
}

enum status
import_lines_add(struct store_txn *txn, int64_t import, const struct walked_file *file, int64_t line_count,
                 const struct staged *staged, struct error_detail *err)
{
    bool is_staged = false;
    enum status status = staging_is_whole(txn, staged, &is_staged, err);
    if (status != STATUS_OK) {
        return status;
    }
    return is_staged ? staging_take_over(txn, staged, import, file->work, err)
                     : add_from_file(txn, import, file, line_count, err);
}
