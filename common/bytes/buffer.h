/* A growable byte buffer whose largest size is given at birth.
 *
 * INVARIANT: length ≤ capacity ≤ limit; while `data` is not NULL, data[length] == 0, so that text can be read as a C
 * string. A failed append sets `has_failed` and every later append does nothing: a writer may append many times and
 * check once, by buffer_check(), before it uses the bytes. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

struct buffer {
    char *data;
    size_t length;
    size_t capacity;
    size_t limit;
    bool has_failed;
};

/* LIMIT in bytes, ≥ 1. Allocates nothing. */
void buffer_init(struct buffer *buffer, size_t limit);

/* Frees the bytes. The buffer may be used again after buffer_init. */
void buffer_finish(struct buffer *buffer);

/* Empties it and clears a failure; keeps the memory. */
void buffer_clear(struct buffer *buffer);

void buffer_append(struct buffer *buffer, const void *bytes, size_t length);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_byte(struct buffer *buffer, unsigned byte);
void buffer_printf(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);

/* Make room for LENGTH bytes in all (cut to the limit) at once. Until they are used up the bytes do not move, so that a
 * secret among them stands in one place of the memory and can be wiped there. */
void buffer_reserve(struct buffer *buffer, size_t length);

/* Shorten it to LENGTH bytes (≤ length). A failure stays. */
void buffer_truncate(struct buffer *buffer, size_t length);

/* Remove the first COUNT bytes (COUNT ≤ length). */
void buffer_drop_front(struct buffer *buffer, size_t count);

/* STATUS_OK while no append failed; STATUS_OVERFLOW when the limit (or memory) did not suffice. */
enum status buffer_check(const struct buffer *buffer, struct error_detail *err) MUST_CHECK;

/* The bytes as a C string; "" when empty. Borrowed, valid until the next change. */
const char *buffer_text(const struct buffer *buffer);

/* Give the bytes away (caller frees with free()); the buffer is empty afterwards. NULL when nothing was appended. */
char *buffer_take(struct buffer *buffer, size_t *out_length);

/* Append the whole file. STATUS_NOT_FOUND, STATUS_IO, STATUS_OVERFLOW (larger than the buffer's limit); then the buffer
 * may hold a part. */
enum status buffer_read_file(struct buffer *buffer, const char *path, struct error_detail *err) MUST_CHECK;

/* Write LENGTH bytes durably under PATH: a new file beside it, fsync, rename, fsync of the folder. A reader sees the
 * old file or the new one, never a part. MODE as for open(2), e.g. 0600. */
enum status file_write_durably(const char *path, const void *bytes, size_t length, unsigned mode,
                               struct error_detail *err) MUST_CHECK;

/* STATUS_OK when the file at PATH can be read, and, for private, when it is an ordinary file and nobody but its
 * owner has any right to it (STATUS_REFUSED otherwise). STATUS_NOT_FOUND, STATUS_IO. */
enum status file_check_readable(const char *path, struct error_detail *err) MUST_CHECK;
enum status file_check_private(const char *path, struct error_detail *err) MUST_CHECK;
