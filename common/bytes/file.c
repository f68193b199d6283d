/* Whole files: read with a limit, written so that a power cut leaves the old one or the new one. */
#include "common/bytes/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_CHUNK_BYTES = 64 * 1024 };

enum status
buffer_read_file(struct buffer *buffer, const char *path, struct error_detail *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        int reason = errno;
        error_set(err, "cannot_open", "%s: %s", path, strerror(reason));
        return reason == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    enum status status = STATUS_OK;
    static _Thread_local char chunk[READ_CHUNK_BYTES];
    for (;;) {
        ssize_t count = read(file, chunk, sizeof chunk);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            error_set(err, "cannot_read", "%s: %s", path, strerror(errno));
            status = STATUS_IO;
        }
        if (count <= 0) {
            break;
        }
        buffer_append(buffer, chunk, (size_t)count);
        if (buffer->has_failed) {
            error_set(err, "file_too_large", "%s: larger than %zu bytes", path, buffer->limit);
            status = STATUS_OVERFLOW;
            break;
        }
    }
    close(file);
    return status;
}

static bool
write_whole(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t count = write(file, bytes, length);
        if (count < 0 && errno != EINTR) {
            return false;
        }
        if (count > 0) {
            bytes += count;
            length -= (size_t)count;
        }
    }
    return true;
}

/* A rename is durable once the folder that holds the name is. */
static bool
sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash == NULL) {
        memcpy(folder, ".", 2);
    } else {
        slash[slash == folder ? 1 : 0] = '\0';
    }
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    bool is_done = fsync(file) == 0;
    close(file);
    return is_done;
}

enum status
file_write_durably(const char *path, const void *bytes, size_t length, unsigned mode, struct error_detail *err)
{
    char beside[PATH_MAX];
    int needed = snprintf(beside, sizeof beside, "%s.XXXXXX", path);
    if (needed < 0 || (size_t)needed >= sizeof beside) {
        error_set(err, "path_too_long", "%s: the path is too long", path);
        return STATUS_INVALID;
    }
    int file = mkstemp(beside);
    if (file < 0) {
        error_set(err, "cannot_create", "%s: %s", path, strerror(errno));
        return STATUS_IO;
    }
    bool is_done = fchmod(file, (mode_t)mode) == 0 && write_whole(file, bytes, length) && fsync(file) == 0;
    is_done = close(file) == 0 && is_done;
    is_done = is_done && rename(beside, path) == 0 && sync_folder_of(path);
    if (!is_done) {
        error_set(err, "cannot_write", "%s: %s", path, strerror(errno));
        unlink(beside);
        return STATUS_IO;
    }
    return STATUS_OK;
}

enum status
file_check_readable(const char *path, struct error_detail *err)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        const int reason = errno;
        error_set(err, "cannot_open", "%s: %s", path, strerror(reason));
        return reason == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    close(file);
    return STATUS_OK;
}

enum status
file_check_private(const char *path, struct error_detail *err)
{
    struct stat information;
    if (stat(path, &information) == 0) {
        if (!S_ISREG(information.st_mode)) { /* opening a FIFO would wait for ever */
            error_set(err, "secret_is_no_file", "%s: not an ordinary file; put the secret into one of mode 0600", path);
            return STATUS_REFUSED;
        }
        if ((information.st_mode & 077) != 0) {
            error_set(err, "secret_is_readable", "%s: others may read this secret; run chmod 600 on it", path);
            return STATUS_REFUSED;
        }
    }
    return file_check_readable(path, err);
}
