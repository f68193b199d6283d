/* The bytes of imported files, as parts under the hash of the whole file: neither side ever holds more than a part. */
#pragma once

#include "common/signing/signing.h"
#include "settlement/store/store.h"

enum {
    FILE_PART_BYTES = 1024 * 1024 /* of every part but the last; stored files are cut so, for ever */
};

/* Add part PART (0, 1, 2 …); LENGTH ≤ FILE_PART_BYTES. A part that is there already stays. */
enum status file_part_add(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE],
                          int64_t part, const void *bytes, size_t length, struct error_detail *err) MUST_CHECK;

/* How many bytes of the file are there. */
enum status file_length(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE],
                        int64_t *out_length, struct error_detail *err) MUST_CHECK;

/* The parts in order, borrowed for the visit; anything but STATUS_OK ends the walk and is returned. */
typedef enum status (*file_part_visitor)(const void *bytes, size_t length, void *context, struct error_detail *err);
enum status file_part_each(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE],
                           file_part_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* Delete the file. One that was taken in cannot be deleted: then nothing happens. */
enum status file_drop(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE],
                      struct error_detail *err) MUST_CHECK;
