/* The records inside a receipt document, and the members they share; for this folder only. */
#pragma once

#include "common/json/reader.h"
#include "pos/receipt/receipt.h"

/* A text member: where it goes and how large it may be. */
struct document_text {
    const char *key;
    char *out;
    size_t size;
    bool is_required;
};

enum status document_read_texts(const struct json_value *object, const struct document_text *texts, size_t count,
                                struct error_detail *err) MUST_CHECK;

/* Optional members: *OUT is 0, or year 0, when absent. */
enum status document_read_instant(const struct json_value *object, const char *key, int64_t *out_ms,
                                  struct error_detail *err) MUST_CHECK;
enum status document_read_date(const struct json_value *object, const char *key, struct civil_date *out,
                               struct error_detail *err) MUST_CHECK;

/* The name of brand CODE in ROOT's `brands`; "" when it does not stand there. Borrowed from the document. */
const char *document_brand_name(const struct json_value *root, const char *code);

enum status document_read_in_doubt(struct receipt_in_doubt *out, char out_brand[CODE_SIZE],
                                   const struct json_value *object, struct error_detail *err) MUST_CHECK;

/* The body of day.closed, with brands named by ROOT (NULL: by their codes). */
enum status document_read_day(struct receipt_day *out, const struct json_value *root, const struct json_value *body,
                              const char **out_clerk, struct error_detail *err) MUST_CHECK;
