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
bool book_take_sale(struct taking *at);
bool book_take_void(struct taking *at);
bool book_take_payment_started(struct taking *at);
bool book_take_payment_change(struct taking *at);
bool book_take_reversal(struct taking *at);
bool book_take_day_opened(struct taking *at);
bool book_take_day_closed(struct taking *at);

/* Members of OBJECT, copied into the book's arena; false when they are missing or of another kind. An optional text
 * that is null or absent is "". */
bool book_text(struct book *book, const struct json_value *object, const char *key, const char **out);
bool book_optional_text(struct book *book, const struct json_value *object, const char *key, const char **out);
bool book_id(struct book *book, const struct json_value *object, const char *key, const char **out);
bool book_yen(const struct json_value *object, const char *key, int64_t least, int64_t *out);
bool book_has_texts(const struct json_value *object, const char *const *keys); /* NULL-terminated; each is a text */
bool
book_optional_are_texts(const struct json_value *object, const char *const *keys); /* each is a text, null or absent */
bool book_word_is_one_of(const char *word, const char *const *words);              /* NULL-terminated */

/* A new, cleared element of SIZE bytes; NULL (and has_failed) without memory. */
void *book_add(struct book *book, struct growing *array);

/* Write down one entry of the line; 0 yen is none. */
void book_write_entry(struct taking *at, const char *ledger, const char *brand, const struct book_line *revenue,
                      struct civil_date received_on, int64_t amount_yen);
