/* Members of a row. */
#include "pos/masters/row.h"

#include <stdio.h>
#include <string.h>

static void
fail(struct row *row, const char *key, const char *what)
{
    error_set(row->err, "wrong_member", "\"%s\" %s", key, what);
    row->status = STATUS_INVALID;
}

void
row_text(struct row *row, const char *key, char *out, size_t size)
{
    const char *value;
    if (row->status == STATUS_OK) {
        row->status = json_get_text(row->object, key, size - 1, &value, row->err);
    }
    if (row->status == STATUS_OK) {
        snprintf(out, size, "%s", value);
    }
}

void
row_text_or_empty(struct row *row, const char *key, char *out, size_t size)
{
    const char *value;
    if (row->status == STATUS_OK) {
        row->status = json_get_text_or(row->object, key, size - 1, "", &value, row->err);
    }
    if (row->status == STATUS_OK) {
        snprintf(out, size, "%s", value);
    }
}

int64_t
row_int(struct row *row, const char *key, int64_t min, int64_t max)
{
    int64_t value = 0;
    if (row->status == STATUS_OK) {
        row->status = json_get_int(row->object, key, min, max, &value, row->err);
    }
    return row->status == STATUS_OK ? value : 0;
}

int64_t
row_int_or(struct row *row, const char *key, int64_t min, int64_t max, int64_t fallback)
{
    int64_t value = fallback;
    if (row->status == STATUS_OK) {
        row->status = json_get_int_or(row->object, key, min, max, fallback, &value, row->err);
    }
    return row->status == STATUS_OK ? value : fallback;
}

bool
row_bool_or(struct row *row, const char *key, bool fallback)
{
    bool value = fallback;
    if (row->status == STATUS_OK) {
        row->status = json_get_bool_or(row->object, key, fallback, &value, row->err);
    }
    return row->status == STATUS_OK ? value : fallback;
}

size_t
row_texts(struct row *row, const char *key, char *rows, size_t row_size, size_t capacity)
{
    size_t count = 0;
    if (row->status != STATUS_OK) {
        return 0;
    }
    const struct json_value *list = json_member(row->object, key);
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        const char *value;
        if (!json_as_text(item, &value) || strlen(value) >= row_size || count == capacity) {
            error_set(row->err, "wrong_member", "\"%s\" must be at most %zu texts of at most %zu bytes", key, capacity,
                      row_size - 1);
            row->status = STATUS_INVALID;
            return 0;
        }
        snprintf(rows + count++ * row_size, row_size, "%s", value);
    }
    return count;
}

static int
index_of_word(const char *word, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], word) == 0) {
            return i;
        }
    }
    return -1;
}

int
row_word(struct row *row, const char *key, const char *const *words, int fallback)
{
    const char *word = NULL;
    if (row->status == STATUS_OK && fallback < 0) {
        row->status = json_get_text(row->object, key, CODE_SIZE, &word, row->err);
    } else if (row->status == STATUS_OK) {
        row->status = json_get_text_or(row->object, key, CODE_SIZE, NULL, &word, row->err);
    }
    if (row->status != STATUS_OK || word == NULL) {
        return fallback < 0 ? 0 : fallback;
    }
    int index = index_of_word(word, words);
    if (index < 0) {
        fail(row, key, "is not one of the words that are allowed");
        return 0;
    }
    return index;
}

unsigned
row_words(struct row *row, const char *key, const char *const *words, unsigned fallback)
{
    const struct json_value *list = json_member(row->object, key);
    unsigned bits = 0;
    if (json_is_null(list)) {
        return fallback;
    }
    for (const struct json_value *item = json_first(list); item != NULL && row->status == STATUS_OK;
         item = json_next(item)) {
        const char *word;
        int index = json_as_text(item, &word) ? index_of_word(word, words) : -1;
        if (index < 0) {
            fail(row, key, "holds a word that is not allowed");
            return 0;
        }
        bits |= 1u << index;
    }
    return bits;
}

/* An absent date gives the zero date. */
static struct civil_date
date_or_none(struct row *row, const char *key)
{
    char text[CIVIL_DATE_TEXT_SIZE] = "";
    struct civil_date date = {0};
    row_text_or_empty(row, key, text, sizeof text);
    if (row->status == STATUS_OK && text[0] != '\0' && civil_date_parse(&date, text, strlen(text)) != STATUS_OK) {
        fail(row, key, "must be a date YYYY-MM-DD");
    }
    return date;
}

struct validity
row_validity(struct row *row)
{
    struct validity validity;
    validity.from = date_or_none(row, "valid_from");
    validity.to = date_or_none(row, "valid_to");
    return validity;
}
