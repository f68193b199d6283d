/* A whole file in memory without reading it: the kernel brings its pages as they are touched. */
#pragma once

#include "common/outcome/status.h"

/* INVARIANT: bytes is NULL exactly when length is 0. */
struct mapped_file {
    const char *bytes;
    size_t length;
};

/* STATUS_NOT_FOUND, STATUS_IO. A file that another process shortens while it is mapped ends this process (SIGBUS), as
 * with every mapping: statements are delivered by rename. */
enum status mapped_file_open(struct mapped_file *out, const char *path, struct error_detail *err) MUST_CHECK;
void mapped_file_close(struct mapped_file *file);
