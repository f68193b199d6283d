/* One thread reads the statement, which is the larger file. The other reads the sales, makes their table, and then
 * follows the first: it looks up every line while the rest is still being read. */
#include "settlement/reconciliation/reconcile_read.h"

#include "common/clock/clock.h"
#include "settlement/reconciliation/matcher.h"
#include "settlement/reconciliation/side_feed.h"

#include <stdlib.h>

enum {
    ERA_DATES_AHEAD_DAYS = 366 /* a statement names no day further ahead than its pay days */
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

/* What two threads share. INVARIANT: `index` is there once `has_index`; heads[] has room for `capacity` lines, or is
 * NULL: then nobody looks up, and match_run does. */
struct sharing {
    struct reading *sales;
    struct side_feed feed;
    struct reconcile_files_read *files;
    uint32_t *heads;
    size_t capacity;
    pthread_mutex_t lock;
    pthread_cond_t has_changed;
    bool has_index; /* or will never have one: files->index is NULL */
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

/* Look lines up until all are. */
static void
look_up(struct sharing *sharing)
{
    const struct match_index *index = sharing->files->index;
    const struct match_item *items;
    size_t start;
    size_t count;
    while ((count = side_feed_take(&sharing->feed, &items, &start)) > 0) {
        if (sharing->heads != NULL && start + count <= sharing->capacity) {
            match_index_find_all(index, items + start, NULL, count, sharing->heads + start);
        }
        side_feed_release(&sharing->feed);
    }
}

/* The second thread. */
static void *
read_sales_and_follow(void *argument)
{
    struct sharing *sharing = argument;
    read_file(sharing->sales);
    make_index(sharing->sales, sharing->files);
    pthread_mutex_lock(&sharing->lock);
    sharing->has_index = true;
    pthread_cond_signal(&sharing->has_changed);
    pthread_mutex_unlock(&sharing->lock);
    if (sharing->sales->status == STATUS_OK) {
        look_up(sharing);
    }
    return NULL;
}

static void
wait_for_index(struct sharing *sharing)
{
    pthread_mutex_lock(&sharing->lock);
    while (!sharing->has_index) {
        pthread_cond_wait(&sharing->has_changed, &sharing->lock);
    }
    pthread_mutex_unlock(&sharing->lock);
}

/* The first thread: STATEMENT is open in SHARING's feed. */
static void
read_statement_and_help(struct sharing *sharing, struct reading *statement)
{
    read_file(statement);
    wait_for_index(sharing);
    if (statement->status == STATUS_OK && sharing->sales->status == STATUS_OK) {
        look_up(sharing);
    }
}

/* Room for the heads of all lines that the statement at PATH is expected to have. */
static void
make_heads(struct sharing *sharing, const char *path)
{
    struct mapped_file file;
    if (mapped_file_open(&file, path, NULL) == STATUS_OK) {
        sharing->capacity = side_file_expected_lines(&file);
        sharing->heads = malloc(sharing->capacity * sizeof *sharing->heads);
        mapped_file_close(&file);
    }
}

/* In two threads; false when the second cannot be started. */
static bool
read_in_two_threads(struct reading *sales, struct reading *statement, struct reconcile_files_read *files)
{
    struct sharing sharing = {.sales = sales, .files = files};
    side_feed_init(&sharing.feed);
    pthread_mutex_init(&sharing.lock, NULL);
    pthread_cond_init(&sharing.has_changed, NULL);
    make_heads(&sharing, statement->path);
    pthread_t thread;
    bool is_started = pthread_create(&thread, NULL, read_sales_and_follow, &sharing) == 0;
    if (is_started) {
        statement->feed = &sharing.feed;
        read_statement_and_help(&sharing, statement);
        pthread_join(thread, NULL);
    }
    bool are_complete = is_started && statement->side->side.count <= sharing.capacity;
    files->heads = are_complete ? sharing.heads : NULL;
    if (!are_complete) {
        free(sharing.heads); /* more lines than expected: match_run looks them all up */
    }
    pthread_cond_destroy(&sharing.has_changed);
    pthread_mutex_destroy(&sharing.lock);
    side_feed_finish(&sharing.feed);
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

struct civil_date
reconcile_not_after(void)
{
    struct clock_source clock = clock_system();
    return civil_date_add_days(civil_date_at(clock_now_ms(&clock)), ERA_DATES_AHEAD_DAYS);
}

enum status
reconcile_files_read(struct reconcile_files_read *out, const char *sales_path, const struct layout *sales_layout,
                     const char *statement_path, const struct layout *layout, unsigned thread_count,
                     struct error_detail *err)
{
    struct civil_date not_after = reconcile_not_after();
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
