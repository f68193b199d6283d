/* Rows are made in chunks by several threads. A thread that has made a chunk waits for its turn only to learn where in
 * the file it goes, and writes while the others make theirs. */
#include "settlement/reconciliation/match_rows.h"

#include "settlement/reconciliation/csv_text.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

enum {
    CHUNK_ROWS = 8192, /* half a megabyte */
    FIRST_BUFFER_BYTES = 768 * 1024,
    ROW_REST_MAX_BYTES = 96, /* a row but for its reference */
    AHEAD = 12               /* rows for which memory is asked in advance: sales stand in another order */
};

/* INVARIANT: chunks before `taken` are being made, those before `placed` know their place, which together ends at
 * `offset`. */
struct row_job {
    struct result_file *file;
    const struct match_input *input;
    const struct match_result *result;
    pthread_mutex_t lock;
    pthread_cond_t has_moved;
    size_t taken;
    size_t placed;
    uint64_t offset;
    int reason; /* errno of the first failure, or 0 */
};

/* INVARIANT: used ≤ capacity. */
struct row_buffer {
    char *bytes;
    size_t used;
    size_t capacity;
};

static bool
make_room(struct row_buffer *buffer, size_t bytes)
{
    if (buffer->capacity - buffer->used >= bytes) {
        return true;
    }
    size_t capacity = 2 * buffer->capacity + bytes + FIRST_BUFFER_BYTES;
    char *moved = realloc(buffer->bytes, capacity);
    if (moved != NULL) {
        buffer->bytes = moved;
        buffer->capacity = capacity;
    }
    return moved != NULL;
}

/* The item whose reference the row shows. Where the references are what matched, the line's is the same text, and lines
 * are read in order, while sales lie all over the memory. */
static inline const struct match_item *
named_item(const struct row_job *job, const struct match_pair *match)
{
    return match->key == MATCH_BY_REFERENCE ? &job->input->lines.items[match->line]
                                            : &job->input->sales.items[match->sale];
}

static inline void
put_row(struct row_buffer *buffer, struct text_view reference, const struct match_item *line, enum match_key key)
{
    static const char *const words[] = {
        [MATCH_BY_REFERENCE] = ",reference\n",
        [MATCH_BY_ACQUIRER_REFERENCE] = ",acquirer_reference\n",
        [MATCH_BY_DECISION] = ",decision\n",
        [MATCH_BY_SLIP] = ",slip\n",
    };
    char *out = csv_put_text(buffer->bytes + buffer->used, reference);
    *out++ = ',';
    out = csv_put_place(out, line->id);
    *out++ = ',';
    out = csv_put_number(out, line->amount_yen);
    out = csv_put_word(out, words[key]);
    buffer->used = (size_t)(out - buffer->bytes);
}

/* Make the rows from START to END. False when memory is short. */
static bool
make_rows(const struct row_job *job, size_t start, size_t end, struct row_buffer *buffer)
{
    const struct match_item *lines = job->input->lines.items;
    const struct match_pair *matches = job->result->matches;
    buffer->used = 0;
    for (size_t i = start; i < end; i++) {
        if (i + AHEAD < end) {
            const struct match_item *ahead = &lines[matches[i + AHEAD].line];
            __builtin_prefetch(ahead->reference);
            __builtin_prefetch(ahead->reference + ahead->reference_length);
        }
        struct text_view reference = match_item_reference(named_item(job, &matches[i]));
        if (!make_room(buffer, 2 * reference.length + ROW_REST_MAX_BYTES)) {
            return false;
        }
        put_row(buffer, reference, &lines[matches[i].line], (enum match_key)matches[i].key);
    }
    return true;
}

static size_t
take_chunk(struct row_job *job)
{
    pthread_mutex_lock(&job->lock);
    size_t chunk = job->taken++;
    pthread_mutex_unlock(&job->lock);
    return chunk;
}

/* Wait until the chunks before CHUNK have their place; returns where this one, of LENGTH bytes, goes. */
static uint64_t
take_place(struct row_job *job, size_t chunk, size_t length)
{
    pthread_mutex_lock(&job->lock);
    while (job->placed != chunk) {
        pthread_cond_wait(&job->has_moved, &job->lock);
    }
    uint64_t offset = job->offset;
    job->offset += length;
    job->placed++;
    pthread_cond_broadcast(&job->has_moved);
    pthread_mutex_unlock(&job->lock);
    return offset;
}

static void
note_failure(struct row_job *job, int reason)
{
    pthread_mutex_lock(&job->lock);
    job->reason = job->reason != 0 ? job->reason : reason;
    pthread_mutex_unlock(&job->lock);
}

static void *
work(void *argument)
{
    struct row_job *job = argument;
    struct row_buffer buffer = {NULL, 0, 0};
    size_t count = job->result->match_count;
    for (size_t chunk = take_chunk(job); chunk * CHUNK_ROWS < count; chunk = take_chunk(job)) {
        size_t start = chunk * CHUNK_ROWS;
        size_t end = count - start < CHUNK_ROWS ? count : start + CHUNK_ROWS;
        bool is_made = make_rows(job, start, end, &buffer);
        uint64_t offset = take_place(job, chunk, is_made ? buffer.used : 0);
        int reason = is_made ? result_file_write_at(job->file, buffer.bytes, buffer.used, offset) : ENOMEM;
        if (reason != 0) {
            note_failure(job, reason);
        }
    }
    free(buffer.bytes);
    return NULL;
}

void
match_rows_write(struct result_file *file, const struct match_input *input, const struct match_result *result,
                 unsigned thread_count)
{
    static const char header[] = "reference,line,amount,by\n";
    struct row_job job = {
        .file = file,
        .input = input,
        .result = result,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .has_moved = PTHREAD_COND_INITIALIZER,
        .offset = sizeof header - 1,
    };
    job.reason = result_file_write_at(file, header, sizeof header - 1, 0);
    pthread_t threads[MATCH_THREADS_MAX];
    unsigned started = 0;
    while (started + 1 < thread_count && pthread_create(&threads[started], NULL, work, &job) == 0) {
        started++;
    }
    work(&job);
    for (unsigned i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    file->reason = file->reason != 0 ? file->reason : job.reason;
}
