/* mmap, for reading once from front to back. */
#include "settlement/reconciliation/mapped_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum status
mapped_file_open(struct mapped_file *out, const char *path, struct error_detail *err)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat facts;
    if (file < 0 || fstat(file, &facts) != 0) {
        int reason = errno;
        error_set(err, "cannot_open", "%s", strerror(reason));
        if (file >= 0) {
            close(file);
        }
        return reason == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    *out = (struct mapped_file){NULL, 0};
    enum status status = STATUS_OK;
    if (!S_ISREG(facts.st_mode) || (uintmax_t)facts.st_size > SIZE_MAX) {
        error_set(err, "not_a_file", "通常のファイルではありません");
        status = STATUS_INVALID; /* a folder, a pipe: trying again does not help */
    } else if (facts.st_size > 0) {
        size_t length = (size_t)facts.st_size;
        void *bytes = mmap(NULL, length, PROT_READ, MAP_PRIVATE, file, 0);
        if (bytes == MAP_FAILED) {
            error_set(err, "cannot_map", "%s", strerror(errno));
            status = STATUS_IO;
        } else {
            (void)posix_madvise(bytes, length, POSIX_MADV_SEQUENTIAL);
            *out = (struct mapped_file){bytes, length};
        }
    }
    close(file);
    return status;
}

void
mapped_file_close(struct mapped_file *file)
{
    if (file->bytes != NULL) {
        munmap((void *)(uintptr_t)file->bytes, file->length);
    }
    *file = (struct mapped_file){NULL, 0};
}
