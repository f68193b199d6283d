/* One thread reads the statement, which is the larger file. The other reads the sales, makes their table, and then
 * follows the first: it looks up every line while the rest is still being read. */
#include "settlement/reconciliation/reconcile_read.h"

#include "common/clock/clock.h"
#include "settlement/reconciliation/matcher.h"
#include "settlement/reconciliation/side_feed.h"

#include <stdlib.h>

enum {
    ERA_DATES_AHEAD_DAYS = 366, /* a statement names no day further ahead than its pay days */
    FIRST_HEADS = 64 * 1024
};

/* One file on its way. */
struct reading {
    const char *path;
    const struct layout *layout;
    struct civil_date not_after;
    struct side_file *side;
    struct side_feed *feed;
    enum status status;
    struct error_detail err;
};

/* The second thread. */
struct following {
    struct reading *sales;
    struct side_feed *feed;
    struct reconcile_files_read *files;
};

static void
read_file(struct reading *reading)
{
    reading->status =
        side_file_read(reading->side, reading->path, reading->layout, reading->not_after, reading->feed, &reading->err);
}

static void
make_index(struct reading *sales, struct reconcile_files_read *files)
{
    if (sales->status == STATUS_OK) {
        sales->status = match_index_create(&files->index, &sales->side->side, MATCH_TEXT_REFERENCE, NULL,
                                           sales->side->side.count, &files->arena, &sales->err);
    }
}

/* Look up every line of the statement as it comes. Without memory the heads are given up: match_run looks them up
 * itself. */
static void
follow(struct side_feed *feed, struct reconcile_files_read *files)
{
    uint32_t *heads = NULL;
    size_t capacity = 0;
    size_t done = 0;
    bool has_memory = true;
    for (;;) {
        const struct match_item *items;
        size_t ready = side_feed_take(feed, done, &items);
        while (has_memory && capacity < ready) {
            capacity = capacity == 0 ? FIRST_HEADS : 2 * capacity;
            uint32_t *moved = capacity < ready ? heads : realloc(heads, capacity * sizeof *heads);
            has_memory = capacity < ready || moved != NULL;
            heads = moved != NULL ? moved : heads;
        }
        if (has_memory && ready > done) {
            match_index_find_all(files->index, items + done, NULL, ready - done, heads + done);
        }
        side_feed_release(feed);
        if (ready == done) {
            break;
        }
        done = ready;
    }
    if (!has_memory || done == 0) {
        free(heads);
        heads = NULL;
    }
    files->heads = heads;
}

static void *
read_sales_and_follow(void *argument)
{
    struct following *following = argument;
    read_file(following->sales);
    make_index(following->sales, following->files);
    if (following->sales->status == STATUS_OK) {
        follow(following->feed, following->files);
    }
    return NULL;
}

/* In two threads; false when the second cannot be started. */
static bool
read_in_two_threads(struct reading *sales, struct reading *statement, struct reconcile_files_read *files)
{
    struct side_feed feed;
    side_feed_init(&feed);
    struct following following = {.sales = sales, .feed = &feed, .files = files};
    pthread_t thread;
    bool is_started = pthread_create(&thread, NULL, read_sales_and_follow, &following) == 0;
    if (is_started) {
        statement->feed = &feed;
        read_file(statement);
        pthread_join(thread, NULL);
    }
    side_feed_finish(&feed);
    return is_started;
}

enum status
reconcile_name_place(enum status status, const char *path, struct error_detail *err)
{
    if (err != NULL && err->line > 0) {
        error_prefix(err, "%s:%u:%u: ", path, err->line, err->column);
    } else {
        error_prefix(err, "%s: ", path);
    }
    return status;
}

enum status
reconcile_files_read(struct reconcile_files_read *out, const char *sales_path, const struct layout *sales_layout,
                     const char *statement_path, const struct layout *layout, unsigned thread_count,
                     struct error_detail *err)
{
    struct clock_source clock = clock_system();
    struct civil_date not_after = civil_date_add_days(civil_date_at(clock_now_ms(&clock)), ERA_DATES_AHEAD_DAYS);
    *out = (struct reconcile_files_read){.heads = NULL};
    arena_init(&out->arena, SIZE_MAX / 4);
    struct reading sales = {.path = sales_path, .layout = sales_layout, .not_after = not_after, .side = &out->sales};
    struct reading statement = {
        .path = statement_path, .layout = layout, .not_after = not_after, .side = &out->statement};
    if (thread_count < 2 || !read_in_two_threads(&sales, &statement, out)) {
        read_file(&sales);
        make_index(&sales, out);
        read_file(&statement);
    }
    struct reading *const both[] = {&sales, &statement};
    for (size_t i = 0; i < 2; i++) {
        if (both[i]->status != STATUS_OK) {
            if (err != NULL) {
                *err = both[i]->err;
            }
            return reconcile_name_place(both[i]->status, both[i]->path, err);
        }
    }
    return STATUS_OK;
}

void
reconcile_files_release(struct reconcile_files_read *files)
{
    free(files->heads);
    files->heads = NULL;
    arena_finish(&files->arena);
    side_file_finish(&files->sales);
    side_file_finish(&files->statement);
}
