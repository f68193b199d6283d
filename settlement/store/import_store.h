/* Imported files and their lines, as rows. How lines come in is in line_store.h. */
#pragma once

#include "common/bytes/buffer.h"
#include "common/signing/signing.h"
#include "settlement/statements/statement_line.h"
#include "settlement/store/store.h"

/* Texts are borrowed. */
struct import_row {
    int64_t id;
    const char *layout;
    const char *kind; /* "statement", "bank" */
    const char *trustee;
    const char *file_name;
    uint8_t sha256[SHA256_SIZE];
    int64_t byte_count;
    int64_t imported_at_ms;
    const char *imported_by;
    const char *imported_by_name; /* only when read */
    int64_t line_count;
    int64_t fee_line_count; /* not given when read */
    int64_t amount_yen;
    int64_t fee_yen;
    const char *first_on;
    const char *last_on;
};

/* Insert; gives the id. Its bytes stand beside it (file_store.h). */
enum status import_add(struct store_txn *txn, const char *municipality, const struct import_row *row, int64_t *out_id,
                       struct error_detail *err) MUST_CHECK;

/* Rows are borrowed for the visit; anything but STATUS_OK ends the walk and is returned. */
typedef enum status (*import_visitor)(const struct import_row *row, void *context);

/* Newest first: those with an id below BEFORE_ID (0: from the newest); only ID unless 0. */
enum status import_each(struct store_txn *txn, const char *municipality, int64_t id, int64_t before_id, int64_t limit,
                        import_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* The import with these bytes, 0 when there is none. LAYOUT receives its layout's name. */
enum status import_find(struct store_txn *txn, const char *municipality, const uint8_t digest[SHA256_SIZE],
                        int64_t *out_id, char *layout, size_t layout_size, struct error_detail *err) MUST_CHECK;

/* The newest import of TRUSTEE's statements, 0 when there is none. */
enum status import_newest_of(struct store_txn *txn, const char *municipality, const char *trustee, int64_t *out_id,
                             struct error_detail *err) MUST_CHECK;

/* The bytes are appended to OUT. STATUS_NOT_FOUND. */
enum status import_bytes(struct store_txn *txn, const char *municipality, int64_t id, struct buffer *out,
                         struct error_detail *err) MUST_CHECK;

/* Lines behind AFTER_LINE, or the one LINE unless 0. Borrowed for the visit. */
typedef enum status (*statement_line_visitor)(const struct statement_line *line, void *context);
enum status statement_line_each(struct store_txn *txn, int64_t import, int64_t line, int64_t after_line, int64_t limit,
                                statement_line_visitor visit, void *context, struct error_detail *err) MUST_CHECK;
typedef enum status (*bank_line_visitor)(const struct bank_line *line, void *context);
enum status bank_line_each(struct store_txn *txn, int64_t import, int64_t line, int64_t after_line, int64_t limit,
                           bank_line_visitor visit, void *context, struct error_detail *err) MUST_CHECK;

/* "sale", "reversal", "refund", "fee". Static. */
const char *statement_kind_word(enum statement_kind kind);
bool statement_kind_from_word(enum statement_kind *out, const char *word);
