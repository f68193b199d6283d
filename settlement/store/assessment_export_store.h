/* Files handed to the finance system: kept as bytes, for ever. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/signing/signing.h"
#include "settlement/access/actor.h"
#include "settlement/store/store.h"

struct export_row {
    int64_t id;
    int fiscal_year;
    int64_t serial;
    int64_t created_at_ms;
    const char *created_by;
    const char *created_by_name; /* only when read */
    int64_t count;
    int64_t amount_yen;
};

/* Insert with the next serial of the fiscal year; gives id and serial in ROW. */
enum status export_add(struct store_txn *txn, const char *municipality, struct export_row *row,
                       struct error_detail *err) MUST_CHECK;

struct export_file_row {
    const char *encoding; /* "utf8", "cp932" */
    const char *file_name;
    const char *sha256;
    int64_t byte_count;
    int64_t replaced;
};
enum status export_file_add(struct store_txn *txn, int64_t export_id, const struct export_file_row *row,
                            const void *bytes, size_t length, struct error_detail *err) MUST_CHECK;

/* Rows are borrowed for the visit. */
typedef enum status (*export_visitor)(const struct export_row *row, void *context);

/* Newest first: those with an id below BEFORE_ID (0: from the newest); or ID only unless 0. */
enum status export_each(struct store_txn *txn, const char *municipality, int64_t id, int64_t before_id, int64_t limit,
                        export_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

typedef enum status (*export_file_visitor)(const struct export_file_row *row, void *context);
enum status export_file_each(struct store_txn *txn, int64_t export_id, export_file_visitor visit, void *context,
                             struct error_detail *err) MUST_CHECK;

/* The bytes are appended to OUT; FILE_NAME receives at most SIZE bytes. STATUS_NOT_FOUND. */
enum status export_file_read(struct store_txn *txn, const char *municipality, int64_t export_id, const char *encoding,
                             struct buffer *out, char *file_name, size_t size, struct error_detail *err) MUST_CHECK;
