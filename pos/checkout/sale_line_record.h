/* A line of a sale as the journal carries it (docs/protocol/journal.md); for this folder only. */
#pragma once

#include "pos/checkout/sale.h"

void sale_line_write(const struct sale_content *content, const struct sale_line *line, struct json_writer *writer);

/* Append the line in OBJECT to CONTENT, which has room for it. */
enum status
sale_line_read(struct sale_content *content, const struct json_value *object, struct error_detail *err) MUST_CHECK;

/* One text member: where it goes and how large it may be. */
struct text_member {
    const char *key;
    char *out;
    size_t size;
};

/* Read COUNT members, all required or all optional ("" when absent or null). */
enum status read_texts(const struct json_value *object, const struct text_member *members, size_t count,
                       bool are_required, struct error_detail *err) MUST_CHECK;
enum status unknown_word(const char *key, const char *word, struct error_detail *err);
