/* Bytes that are needed as a whole but not in memory: a file without a name, written from front to back and then read
 * where it is mapped. It is gone with the program, however that ends. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

/* INVARIANT: `bytes` is NULL until it is mapped, and while it is empty. */
struct scratch_file {
    int descriptor;
    size_t length;
    const char *bytes;
};

/* In the folder TMPDIR, or /var/tmp, which is on disk. STATUS_IO. The file is owed scratch_file_close. */
enum status scratch_file_open(struct scratch_file *out, struct error_detail *err) MUST_CHECK;

/* Before it is mapped. STATUS_IO. */
enum status
scratch_file_append(struct scratch_file *file, const void *bytes, size_t length, struct error_detail *err) MUST_CHECK;

/* Fills `bytes`; they stay until the file is closed. STATUS_IO. */
enum status scratch_file_map(struct scratch_file *file, struct error_detail *err) MUST_CHECK;

void scratch_file_close(struct scratch_file *file);
