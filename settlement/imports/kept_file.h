/* The bytes of a file on their way into the store and out of it, part by part. */
#pragma once

#include "settlement/imports/file_walk.h"
#include "settlement/store/file_store.h"

/* Keep FILE under DIGEST, in the caller's write transaction. STATUS_CONFLICT "file_changed" when the bytes are not
 * those: somebody writes to the file while it is read. */
enum status file_keep(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE],
                      const struct walked_file *file, struct error_detail *err) MUST_CHECK;
