/* Parts are hashed as they go in: what is kept is what was judged. */
#include "settlement/imports/kept_file.h"

#include <string.h>

enum status
file_keep(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE],
          const struct walked_file *file, struct error_detail *err)
{
    uint8_t kept[SHA256_SIZE];
    struct sha256_run *run = NULL;
    int64_t part = 0;
    work_begin_step(file->work, WORK_KEEP, (int64_t)file->length);
    enum status status = sha256_begin(&run, err);
    for (size_t at = 0; status == STATUS_OK && at < file->length; at += FILE_PART_BYTES, part++) {
        size_t left = file->length - at;
        size_t length = left < FILE_PART_BYTES ? left : FILE_PART_BYTES;
        sha256_add(run, file->bytes + at, length);
        status = file_part_add(txn, municipality, digest, part, file->bytes + at, length, err);
        walked_file_forget(file, at, at + length);
        if (status == STATUS_OK) {
            status = work_advance(file->work, (int64_t)length, err);
        }
    }
    if (status != STATUS_OK) {
        sha256_drop(run);
        return status;
    }
    sha256_end(run, kept);
    if (memcmp(kept, digest, SHA256_SIZE) != 0) {
        error_set(err, "file_changed",
                  "読んでいる間にファイルが書き換えられました。書き終わってから取り込んでください。");
        return STATUS_CONFLICT;
    }
    return STATUS_OK;
}
