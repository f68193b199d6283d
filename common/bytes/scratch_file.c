/* mkstemp, and at once unlink. */
#include "common/bytes/scratch_file.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

static enum status
refuse(const char *what, struct error_detail *err)
{
    error_set(err, "scratch_file", "a scratch file cannot be %s: %s", what, strerror(errno));
    return STATUS_IO;
}

enum status
scratch_file_open(struct scratch_file *out, struct error_detail *err)
{
    char path[PATH_SIZE];
    const char *folder = getenv("TMPDIR");
    int length =
        snprintf(path, sizeof path, "%s/madoguchi-XXXXXX", folder != NULL && folder[0] != '\0' ? folder : "/var/tmp");
    if (length >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return refuse("made", err);
    }
    int descriptor = mkstemp(path); /* mode 0600 */
    if (descriptor < 0) {
        return refuse("made", err);
    }
    if (unlink(path) != 0) {
        close(descriptor);
        return refuse("made", err);
    }
    *out = (struct scratch_file){.descriptor = descriptor};
    return STATUS_OK;
}

enum status
scratch_file_append(struct scratch_file *file, const void *bytes, size_t length, struct error_detail *err)
{
    assert(file->bytes == NULL);

    const char *at = bytes;
    while (length > 0) {
        ssize_t written = write(file->descriptor, at, length);
        if (written < 0 && errno != EINTR) {
            return refuse("written", err);
        }
        if (written > 0) {
            at += written;
            length -= (size_t)written;
            file->length += (size_t)written;
        }
    }
    return STATUS_OK;
}

enum status
scratch_file_map(struct scratch_file *file, struct error_detail *err)
{
    if (file->length == 0) {
        return STATUS_OK;
    }
    void *bytes = mmap(NULL, file->length, PROT_READ, MAP_PRIVATE, file->descriptor, 0);
    if (bytes == MAP_FAILED) {
        return refuse("mapped", err);
    }
    file->bytes = bytes;
    return STATUS_OK;
}

void
scratch_file_close(struct scratch_file *file)
{
    if (file->bytes != NULL) {
        munmap((void *)(uintptr_t)file->bytes, file->length);
    }
    if (file->descriptor >= 0) {
        close(file->descriptor);
    }
    *file = (struct scratch_file){.descriptor = -1};
}
