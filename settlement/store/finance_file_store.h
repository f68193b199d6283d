/* Files that were handed to the finance system in its own form, and its answers. Kept for ever. */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/store/store.h"

/* Texts are borrowed. */
struct finance_file_row {
    int64_t id;
    int64_t export_id;
    int64_t layout_id;    /* finance_layout_store.h: the version it was made by */
    int64_t after_answer; /* only what was refused up to this answer; 0: the whole export */
    int64_t made_at_ms;
    const char *made_by;
    const char *made_by_name; /* only when read */
    const char *layout;       /* only when read: its name and version */
    int64_t layout_version;
    const char *file_name;
    const char *sha256;
    int64_t byte_count; /* only when read */
    int64_t record_count;
    int64_t assessment_count;
    int64_t amount_yen;
    int64_t substituted;
};

/* Insert with the bytes; gives the id. */
enum status finance_file_add(struct store_txn *txn, const char *municipality, struct finance_file_row *row,
                             const void *bytes, size_t length, struct error_detail *err) MUST_CHECK;
enum status
finance_file_part_add(struct store_txn *txn, int64_t file, int64_t assessment, struct error_detail *err) MUST_CHECK;

/* The file of EXPORT_ID by LAYOUT_ID behind AFTER_ANSWER, 0 when there is none. */
enum status finance_file_find(struct store_txn *txn, const char *municipality, int64_t export_id, int64_t layout_id,
                              int64_t after_answer, int64_t *out, struct error_detail *err) MUST_CHECK;

/* Rows are borrowed for the visit; anything but STATUS_OK ends the walk and is returned. Oldest first: of EXPORT_ID, or
 * only ID unless 0. */
typedef enum status (*finance_file_visitor)(const struct finance_file_row *row, void *context);
enum status finance_file_each(struct store_txn *txn, const char *municipality, int64_t export_id, int64_t id,
                              finance_file_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* The bytes of file ID are appended to OUT. STATUS_NOT_FOUND. */
enum status finance_file_bytes(struct store_txn *txn, const char *municipality, int64_t id, struct buffer *out,
                               struct error_detail *err) MUST_CHECK;

struct finance_answer_row {
    int64_t id;
    int64_t file;
    const char *file_name;
    const char *sha256;
    int64_t accepted_count;
    int64_t refused_count;
    int64_t taken_at_ms;
    const char *taken_by;
    const char *taken_by_name; /* only when read */
};

enum status finance_answer_add(struct store_txn *txn, const char *municipality, struct finance_answer_row *row,
                               const void *bytes, size_t length, struct error_detail *err) MUST_CHECK;
enum status finance_answer_line_add(struct store_txn *txn, int64_t answer, int64_t assessment, bool is_accepted,
                                    const char *result, const char *reason, struct error_detail *err) MUST_CHECK;
/* The answer to FILE with these bytes, 0 when there is none. */
enum status finance_answer_find(struct store_txn *txn, int64_t file, const char *sha256, int64_t *out,
                                struct error_detail *err) MUST_CHECK;

typedef enum status (*finance_answer_visitor)(const struct finance_answer_row *row, void *context);
/* The answers to FILE, oldest first. */
enum status finance_answer_each(struct store_txn *txn, int64_t file, finance_answer_visitor visit, void *context,
                                struct error_detail *err) MUST_CHECK;
/* The newest answer to any file of EXPORT_ID, 0 when there is none. */
enum status
finance_answer_newest(struct store_txn *txn, int64_t export_id, int64_t *out, struct error_detail *err) MUST_CHECK;

/* A 調定 of an export, or of a file, and what was answered last of it. */
struct finance_part_row {
    int64_t assessment;
    int fiscal_year;
    int64_t serial;
    int64_t amount_yen; /* 減額 negative */
    int64_t answer;     /* 0: none yet */
    bool is_accepted;
    const char *result;
    const char *reason;
};
typedef enum status (*finance_part_visitor)(const struct finance_part_row *row, void *context);
/* By number: those of EXPORT_ID, or with FILE (not 0) of that file. */
enum status finance_part_each(struct store_txn *txn, int64_t export_id, int64_t file, finance_part_visitor visit,
                              void *context, struct error_detail *err) MUST_CHECK;
