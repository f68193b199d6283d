/* Two files at once: one thread reads the sales and makes their table, the other reads the statement. Then both look
 * up. */
#include "settlement/reconciliation/reconcile_files.h"

#include "common/bytes/buffer.h"
#include "common/clock/clock.h"
#include "settlement/reconciliation/match_index.h"
#include "settlement/reconciliation/matcher.h"
#include "settlement/reconciliation/reconcile_output.h"
#include "settlement/reconciliation/side_file.h"

#include <pthread.h>
#include <time.h>

/* No bound but the machine's: what the matcher takes is in proportion to files that someone chose to reconcile. */
#define MATCH_ARENA_BYTES (SIZE_MAX / 4)

enum {
    ERA_DATES_AHEAD_DAYS = 366 /* a statement names no day further ahead than its pay days */
};

/* One file on its way, in its own thread or not. */
struct reading {
    const char *path;
    const struct layout *layout;
    struct civil_date not_after;
    bool needs_index;
    struct side_file side;
    struct arena index_arena;
    struct match_index *index;
    enum status status;
    struct error_detail err;
};

static void *
read_side(void *argument)
{
    struct reading *reading = argument;
    reading->status = side_file_read(&reading->side, reading->path, reading->layout, reading->not_after, &reading->err);
    if (reading->status == STATUS_OK && reading->needs_index) {
        reading->status = match_index_create(&reading->index, &reading->side.side, MATCH_TEXT_REFERENCE, NULL,
                                             reading->side.side.count, &reading->index_arena, &reading->err);
    }
    return NULL;
}

/* Put the file and the place before ERR's message. Returns STATUS. */
static enum status
name_place(enum status status, const char *path, struct error_detail *err)
{
    if (err != NULL && err->line > 0) {
        error_prefix(err, "%s:%u:%u: ", path, err->line, err->column);
    } else {
        error_prefix(err, "%s: ", path);
    }
    return status;
}

/* Read both; in two threads when there may be two. */
static enum status
read_both(struct reading *sales, struct reading *statement, unsigned thread_count, struct error_detail *err)
{
    pthread_t thread;
    bool is_started = thread_count > 1 && pthread_create(&thread, NULL, read_side, sales) == 0;
    read_side(statement);
    if (is_started) {
        pthread_join(thread, NULL);
    } else {
        read_side(sales);
    }
    struct reading *const both[] = {sales, statement};
    for (size_t i = 0; i < 2; i++) {
        if (both[i]->status != STATUS_OK) {
            if (err != NULL) {
                *err = both[i]->err;
            }
            return name_place(both[i]->status, both[i]->path, err);
        }
    }
    return STATUS_OK;
}

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
match_and_write(const struct reconcile_files_request *request, const struct reading *sales,
                const struct reading *statement, struct timespec *start, int64_t read_us, struct buffer *summary,
                struct error_detail *err)
{
    struct arena arena;
    arena_init(&arena, MATCH_ARENA_BYTES);
    struct match_input input = {.sales = sales->side.side, .lines = statement->side.side, .sale_index = sales->index};
    struct match_options options = match_options_default(&arena);
    options.thread_count = request->thread_count;
    struct match_result result;
    enum status status = match_run(&result, &input, &options, err);
    struct reconcile_outcome outcome = {
        .input = &input,
        .result = &result,
        .sales = &sales->side,
        .statement = &statement->side,
        .layout_name = layout_name(statement->layout),
        .thread_count = request->thread_count,
        .read_us = read_us,
        .match_us = elapsed_us(start),
    };
    if (status == STATUS_OK) {
        status = reconcile_output_write(request->folder, &outcome, err);
    }
    if (status == STATUS_OK && summary != NULL) {
        status = reconcile_output_summary(summary, &outcome, err);
    }
    arena_finish(&arena);
    return status;
}

static enum status
reconcile_by(const struct reconcile_files_request *request, const struct layout *sales_layout,
             const struct layout *layout, struct buffer *summary, struct error_detail *err)
{
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    struct clock_source clock = clock_system();
    struct civil_date not_after = civil_date_add_days(civil_date_at(clock_now_ms(&clock)), ERA_DATES_AHEAD_DAYS);
    struct reading sales = {
        .path = request->sales, .layout = sales_layout, .not_after = not_after, .needs_index = true};
    struct reading statement = {.path = request->statement, .layout = layout, .not_after = not_after};
    arena_init(&sales.index_arena, MATCH_ARENA_BYTES);
    enum status status = read_both(&sales, &statement, request->thread_count, err);
    if (status == STATUS_OK) {
        int64_t read_us = elapsed_us(&start);
        status = match_and_write(request, &sales, &statement, &start, read_us, summary, err);
    }
    arena_finish(&sales.index_arena);
    side_file_finish(&sales.side);
    side_file_finish(&statement.side);
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
        return names_itself ? status : name_place(status, request->layout, err);
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
