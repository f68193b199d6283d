/* Two files at once: one thread reads the sales and makes their table, the other reads the statement. Then both look
 * up. */
#include "settlement/reconciliation/reconcile_files.h"

#include "common/bytes/buffer.h"
#include "settlement/reconciliation/matcher.h"
#include "settlement/reconciliation/more_statements.h"
#include "settlement/reconciliation/reconcile_output.h"
#include "settlement/reconciliation/reconcile_read.h"

#include <stdlib.h>
#include <time.h>

/* No bound but the machine's: what the matcher takes is in proportion to files that someone chose to reconcile. */
#define MATCH_ARENA_BYTES (SIZE_MAX / 4)

static int64_t
elapsed_us(struct timespec *since)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t us = (int64_t)(now.tv_sec - since->tv_sec) * 1000000 + (now.tv_nsec - since->tv_nsec) / 1000;
    *since = now;
    return us;
}

static enum status
match_and_write(const struct reconcile_files_request *request, const struct reconcile_files_read *files,
                const struct more_statements *more, const struct bank_side *bank, const char *format,
                struct timespec *start, int64_t read_us, struct buffer *summary, struct error_detail *err)
{
    struct arena arena;
    arena_init(&arena, MATCH_ARENA_BYTES);
    struct match_input input = {.sales = files->sales.side,
                                .lines = files->statement.side,
                                .sale_index = files->index,
                                .line_heads = files->heads};
    struct match_options options = match_options_default(&arena);
    options.thread_count = request->thread_count;
    struct match_result result;
    enum status status = match_run(&result, &input, &options, err);
    struct reconcile_outcome outcome = {
        .input = &input,
        .result = &result,
        .sales = &files->sales,
        .statement = &files->statement,
        .bank = bank,
        .statement_bytes = files->statement.file.length,
        .statement_files = 1 + more->count,
        .layout_name = format,
        .thread_count = request->thread_count,
        .read_us = read_us,
        .match_us = elapsed_us(start),
    };
    for (size_t i = 0; i < more->count; i++) {
        outcome.statement_bytes += more->files[i].file.length;
    }
    if (status == STATUS_OK) {
        status = reconcile_output_write(request->folder, &outcome, err);
    }
    if (status == STATUS_OK && summary != NULL) {
        status = reconcile_output_summary(summary, &outcome, err);
    }
    arena_finish(&arena);
    return status;
}

/* Join the further statements to the first. What was looked up for its lines alone is thrown away. */
static enum status
join_more(const struct reconcile_files_request *request, struct reconcile_files_read *files,
          struct more_statements *more, const struct layout *layout, struct civil_date not_after,
          struct error_detail *err)
{
    if (request->more_count == 0) {
        return STATUS_OK;
    }
    free(files->heads);
    files->heads = NULL;
    return more_statements_join(more, &files->statement, request->statement, request->more_statements,
                                request->more_count, layout, not_after, err);
}

static enum status
judge_deposits(const struct reconcile_files_request *request, const struct reconcile_files_read *files,
               const struct more_statements *more, struct bank_side *bank, const struct layout *layout,
               struct civil_date not_after, struct error_detail *err)
{
    enum status status =
        bank_side_add_statement(bank, &files->statement.file, request->statement, layout, not_after, err);
    for (size_t i = 0; status == STATUS_OK && i < more->count; i++) {
        status =
            bank_side_add_statement(bank, &more->files[i].file, request->more_statements[i], layout, not_after, err);
    }
    return status == STATUS_OK
               ? bank_side_match(bank, request->bank, request->bank_layout, &request->terms, not_after, err)
               : status;
}

static enum status
reconcile_by(const struct reconcile_files_request *request, const struct layout *sales_layout,
             const struct layout *layout, struct buffer *summary, struct error_detail *err)
{
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    struct reconcile_files_read files;
    struct more_statements more = {.count = 0};
    struct bank_side bank;
    bank_side_init(&bank);
    struct civil_date not_after = reconcile_not_after();
    enum status status = reconcile_files_read(&files, request->sales, sales_layout, request->statement, layout,
                                              request->thread_count, err);
    if (status == STATUS_OK) {
        status = join_more(request, &files, &more, layout, not_after, err);
    }
    if (status == STATUS_OK && request->bank != NULL) {
        status = judge_deposits(request, &files, &more, &bank, layout, not_after, err);
    }
    if (status == STATUS_OK) {
        int64_t read_us = elapsed_us(&start);
        status = match_and_write(request, &files, &more, request->bank != NULL ? &bank : NULL, layout_name(layout),
                                 &start, read_us, summary, err);
    }
    bank_side_finish(&bank);
    reconcile_files_release(&files);
    more_statements_finish(&more);
    return status;
}

enum status
reconcile_files(const struct reconcile_files_request *request, struct buffer *summary, struct error_detail *err)
{
    struct layout *layout = NULL;
    struct layout *sales_layout = NULL;
    enum status status = layout_load(&layout, request->layout, err);
    if (status != STATUS_OK) {
        bool names_itself = status == STATUS_NOT_FOUND || status == STATUS_IO;
        return names_itself ? status : reconcile_name_place(status, request->layout, err);
    }
    if (layout_gives(layout) != LAYOUT_GIVES_STATEMENT) {
        error_set(err, "layout_kind", "%s: 決済会社の明細の書式ではありません。gives を \"statement\" にしてください。",
                  request->layout);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = sales_layout_create(&sales_layout, err);
    }
    if (status == STATUS_OK) {
        status = reconcile_by(request, sales_layout, layout, summary, err);
    }
    layout_destroy(sales_layout);
    layout_destroy(layout);
    return status;
}
