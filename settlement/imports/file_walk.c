/* The reader, in batches. Pages are given back by madvise: posix_madvise gives nothing back. */
#include "settlement/imports/file_walk.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

union batch {
    struct statement_line statements[WALK_BATCH_LINES];
    struct bank_line banks[WALK_BATCH_LINES];
};

void
walked_file_forget(const struct walked_file *file, size_t from, size_t to)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    from = (from + page - 1) / page * page;
    to = (to < file->length ? to : file->length) / page * page;
    if (file->is_mapped && to > from) {
        /* Only advice: when it is not taken the file needs more memory, and nothing else. */
        (void)madvise((void *)(uintptr_t)(file->bytes + from), to - from, MADV_DONTNEED);
    }
}

void
walk_pass_over_fault(const struct error_detail *fault, struct text_view raw, void *context)
{
    (void)fault;
    (void)raw;
    (void)context;
}

/* Fill BATCH. *OUT_COUNT is less than it holds only at the end of the file. */
static enum status
read_batch(struct reader *reader, bool is_statement, union batch *batch, size_t *out_count, struct error_detail *err)
{
    size_t count = 0;
    bool has_line = true;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && has_line && count < WALK_BATCH_LINES) {
        size_t added = 0;
        if (is_statement) {
            status = reader_next_statements(reader, batch->statements + count, WALK_BATCH_LINES - count, &added, err);
        } else {
            status = reader_next_bank(reader, batch->banks + count, &has_line, err);
            added = has_line ? 1 : 0;
        }
        has_line = added > 0;
        count += added;
    }
    *out_count = count;
    return status;
}

static enum status
walk(struct reader *reader, const struct walked_file *file, enum walk_count counts, union batch *batch, walk_sink sink,
     void *context, struct error_detail *err)
{
    bool is_statement = layout_gives(file->layout) == LAYOUT_GIVES_STATEMENT;
    bool is_converted = layout_is_converted(file->layout); /* its position is not one in the file */
    size_t count = WALK_BATCH_LINES;
    size_t forgotten = 0;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && count == WALK_BATCH_LINES) {
        status = read_batch(reader, is_statement, batch, &count, err);
        if (status == STATUS_OK && count > 0) {
            status =
                sink(is_statement ? batch->statements : NULL, is_statement ? NULL : batch->banks, count, context, err);
        }
        size_t position = reader_position(reader);
        if (status == STATUS_OK) {
            status = counts == WALK_COUNTS_BYTES ? work_reach(file->work, (int64_t)position, err)
                                                 : work_advance(file->work, (int64_t)count, err);
        }
        reader_forget_texts(reader);
        if (!is_converted && position > forgotten + WALK_FORGET_BYTES) {
            walked_file_forget(file, forgotten, position);
            forgotten = position;
        }
    }
    return status;
}

enum status
file_walk(const struct walked_file *file, enum walk_count counts, reader_fault_sink fault_sink, void *fault_context,
          walk_sink sink, void *context, struct walked_days *out_days, struct error_detail *err)
{
    struct reader *reader = NULL;
    union batch *batch = malloc(sizeof *batch);
    if (batch == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = reader_create(&reader, file->layout, file->bytes, file->length, file->not_after, err);
    if (status == STATUS_OK) {
        reader_keep_faults(reader, fault_sink, fault_context);
        status = walk(reader, file, counts, batch, sink, context, err);
    }
    if (status == STATUS_OK && out_days != NULL) {
        reader_covers(reader, &out_days->from, &out_days->to);
    }
    reader_destroy(reader);
    free(batch);
    return status;
}
