/* Buffered writing, fsync, rename. The kernel is asked early to write what is finished, so that fsync has little left.
 */
#include "settlement/reconciliation/result_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum status
result_file_open(struct result_file *out, const char *folder, const char *name, struct error_detail *err)
{
    *out = (struct result_file){.file = -1};
    int length = snprintf(out->path, sizeof out->path, "%s/%s", folder, name);
    int temporary_length = snprintf(out->temporary, sizeof out->temporary, "%s/.%s.XXXXXX", folder, name);
    if (length < 0 || (size_t)length >= sizeof out->path || temporary_length < 0 ||
        (size_t)temporary_length >= sizeof out->temporary) {
        error_set(err, "path_too_long", "%s/%s: パスが長すぎます", folder, name);
        return STATUS_IO;
    }
    out->buffer = malloc(RESULT_BUFFER_BYTES);
    out->file = out->buffer != NULL ? mkstemp(out->temporary) : -1;
    if (out->file < 0 || fchmod(out->file, 0644) != 0) {
        error_set(err, "cannot_create", "%s: %s", out->path, strerror(errno));
        result_file_abandon(out);
        return STATUS_IO;
    }
    return STATUS_OK;
}

static void
flush(struct result_file *file)
{
    const char *at = file->buffer;
    size_t left = file->used;
    file->used = 0;
    while (left > 0 && file->reason == 0) {
        ssize_t count = write(file->file, at, left);
        if (count < 0 && errno != EINTR) {
            file->reason = errno;
        } else if (count > 0) {
            at += count;
            left -= (size_t)count;
        }
    }
}

char *
result_file_room(struct result_file *file, size_t bytes)
{
    assert(bytes <= RESULT_ROW_MAX_BYTES);

    if (file->used + bytes > RESULT_BUFFER_BYTES) {
        flush(file);
    }
    return file->buffer + file->used;
}

void
result_file_write(struct result_file *file, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        size_t part = length < RESULT_ROW_MAX_BYTES ? length : RESULT_ROW_MAX_BYTES;
        memcpy(result_file_room(file, part), at, part);
        file->used += part;
        at += part;
        length -= part;
    }
}

int
result_file_write_at(const struct result_file *file, const void *bytes, size_t length, uint64_t offset)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t count = pwrite(file->file, at, length, (off_t)offset);
        if (count < 0 && errno != EINTR) {
            return errno;
        }
        if (count > 0) {
            at += count;
            length -= (size_t)count;
            offset += (uint64_t)count;
        }
    }
    /* Nobody here reads them again: Linux begins to write such pages, and fsync finds little left to do. */
    (void)posix_fadvise(file->file, (off_t)(offset - (uint64_t)(at - (const char *)bytes)), at - (const char *)bytes,
                        POSIX_FADV_DONTNEED);
    return 0;
}

static enum status
refuse(const struct result_file *file, int reason, struct error_detail *err)
{
    error_set(err, "cannot_write", "%s: %s", file->path, strerror(reason));
    return STATUS_IO;
}

enum status
result_file_finish(struct result_file *file, struct error_detail *err)
{
    flush(file);
    if (file->reason == 0 && fsync(file->file) != 0) {
        file->reason = errno;
    }
    return file->reason == 0 ? STATUS_OK : refuse(file, file->reason, err);
}

enum status
result_file_publish(struct result_file *file, struct error_detail *err)
{
    assert(file->reason == 0 && file->used == 0);

    if (rename(file->temporary, file->path) != 0) {
        return refuse(file, errno, err);
    }
    file->temporary[0] = '\0';
    return STATUS_OK;
}

enum status
result_folder_sync(const char *folder, struct error_detail *err)
{
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_done = file >= 0 && fsync(file) == 0;
    if (!is_done) {
        error_set(err, "cannot_write", "%s: %s", folder, strerror(errno));
    }
    if (file >= 0) {
        close(file);
    }
    return is_done ? STATUS_OK : STATUS_IO;
}

void
result_file_abandon(struct result_file *file)
{
    if (file->buffer != NULL && file->file >= 0) {
        close(file->file);
        if (file->temporary[0] != '\0') {
            unlink(file->temporary);
        }
    }
    free(file->buffer);
    file->buffer = NULL;
    file->file = -1;
}
