/* How lines get into the book, by family; for this folder only. */
#pragma once

#include "common/json/reader.h"
#include "settlement/audit/book.h"

/* No line speaks of more: ten billion yen. Sums over any journal fit. */
#define BOOK_MAX_YEN INT64_C(10000000000)

/* One line being taken. `body` is NULL when it is no JSON object. */
struct taking {
    struct book *book;
    const struct journal_line *line;
    const struct json_value *body;
};

/* True when the line counts; otherwise it is refused. */
bool take_sale(struct taking *at);
bool take_void(struct taking *at);
bool take_payment_started(struct taking *at);
bool take_payment_change(struct taking *at);
bool take_reversal(struct taking *at);
bool take_day_opened(struct taking *at);
bool take_day_closed(struct taking *at);

/* Members of OBJECT, copied into the book's arena; false when they are missing or of another kind. An optional text
 * that is null or absent is "". */
bool text_of(struct book *book, const struct json_value *object, const char *key, const char **out);
bool optional_text_of(struct book *book, const struct json_value *object, const char *key, const char **out);
bool id_of(struct book *book, const struct json_value *object, const char *key, const char **out);
bool yen_of(const struct json_value *object, const char *key, int64_t least, int64_t *out);
bool has_texts(const struct json_value *object, const char *const *keys);          /* NULL-terminated; each is a text */
bool optional_are_texts(const struct json_value *object, const char *const *keys); /* each is a text, null or absent */
bool word_is_one_of(const char *word, const char *const *words);                   /* NULL-terminated */

/* A new, cleared element of SIZE bytes; NULL (and has_failed) without memory. */
void *add_element(struct book *book, struct growing *array);

/* Write down one entry of the line; 0 yen is none. */
void write_entry(struct taking *at, const char *ledger, const char *brand, const struct book_line *revenue,
                 struct civil_date received_on, int64_t amount_yen);
