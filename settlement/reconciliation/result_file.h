/* A file that appears under its name only when it is complete and durable. */
#pragma once

#include "common/outcome/status.h"

#include <limits.h>
#include <stdint.h>

enum {
    RESULT_BUFFER_BYTES = 1024 * 1024, /* large enough that system calls do not count */
    RESULT_ROW_MAX_BYTES = 512 * 1024  /* what result_file_room may be asked for: a row of the longest texts, quoted */
};

/* INVARIANT: `file` is open on `temporary` until result_file_publish or result_file_abandon; the first `used` bytes of
 * the buffer are not written yet. After a failure nothing more is written. */
struct result_file {
    char path[PATH_MAX];
    char temporary[PATH_MAX];
    int file;   /* −1: not open */
    int reason; /* errno of the first failure, or 0 */
    char *buffer;
    size_t used;
};

/* Create a file beside FOLDER/NAME. STATUS_IO. */
enum status
result_file_open(struct result_file *out, const char *folder, const char *name, struct error_detail *err) MUST_CHECK;

/* Where BYTES (≤ RESULT_ROW_MAX_BYTES) may be written next; then result_file_advance by what was. */
char *result_file_room(struct result_file *file, size_t bytes);

static inline void
result_file_advance(struct result_file *file, char *end)
{
    file->used = (size_t)(end - file->buffer);
}

void result_file_write(struct result_file *file, const void *bytes, size_t length);

/* Write LENGTH bytes at OFFSET, past the buffer. Any number of threads may do so at once. Returns 0 or errno. */
int result_file_write_at(const struct result_file *file, const void *bytes, size_t length, uint64_t offset);

/* Make everything durable under the temporary name. STATUS_IO when that or any write before failed. */
enum status result_file_finish(struct result_file *file, struct error_detail *err) MUST_CHECK;

/* Give the finished file its name. */
enum status result_file_publish(struct result_file *file, struct error_detail *err) MUST_CHECK;

/* Make the names in FOLDER durable. */
enum status result_folder_sync(const char *folder, struct error_detail *err) MUST_CHECK;

/* Remove what was written, unless it was published. Frees the buffer in any case; fine when never opened (all zero). */
void result_file_abandon(struct result_file *file);
