/* Items and tariffs, out of the shelf: found by key, read when asked for. */
#include "common/tariff/tariff.h"
#include "pos/masters/fold.h"
#include "pos/masters/row.h"
#include "pos/masters/shelf.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* What the values of keys say: CODE FROM TO. Dates are compared as they stand: they are all of one form. */
struct reference {
    char code[CODE_SIZE];
    char from[CIVIL_DATE_TEXT_SIZE];
    char to[CIVIL_DATE_TEXT_SIZE];
};

bool
masters_are_damaged(const struct masters *masters)
{
    return shelf_is_damaged(masters->shelf);
}

enum status
masters_check_piece(const struct masters *masters, size_t index, bool *out_has_more, struct error_detail *err)
{
    return shelf_check_page(masters->shelf, index, out_has_more, err);
}

static enum status
no_such_item(const char *code, struct error_detail *err)
{
    error_set(err, "no_such_item", "「%.40s」は今日は扱っていません。", code);
    return STATUS_NOT_FOUND;
}

static enum status
parse_item(const struct shelf_entry *entry, struct master_item *out, struct error_detail *err)
{
    struct json_value *object = NULL;
    struct row row = {.err = err};
    *out = (struct master_item){0};
    row.status = json_parse(&object, entry->value, entry->value_length, err);
    row.object = object;
    read_item(&row, out);
    json_free(object);
    return row.status;
}

/* Whether the key "i CODE FROM" or "t CODE FROM" begins on or before DATE. */
static bool
begins_by(const struct shelf_entry *entry, const char *date)
{
    const size_t length = CIVIL_DATE_TEXT_SIZE - 1;
    return entry->key_length >= length && memcmp(entry->key + entry->key_length - length, date, length) <= 0;
}

/* The row of CODE that is valid on DATE, else (ANY) the one that begins last. */
static enum status
find_item(const struct masters *masters, const char *code, struct civil_date date, bool any, struct master_item *out,
          struct error_detail *err)
{
    struct shelf_cursor cursor;
    struct shelf_entry entry;
    struct master_item item;
    char prefix[CODE_SIZE + 4];
    bool has_entry = true;
    bool is_found = false;
    enum status status = STATUS_OK;
    if (strlen(code) >= CODE_SIZE) {
        return no_such_item(code, err);
    }
    snprintf(prefix, sizeof prefix, "i %s ", code);
    shelf_seek(&cursor, masters->shelf, prefix);
    while ((status = shelf_next(&cursor, &entry, &has_entry, err)) == STATUS_OK && has_entry) {
        status = parse_item(&entry, &item, err);
        if (status != STATUS_OK) {
            return status;
        }
        bool is_valid = validity_holds(&item.validity, date);
        if (is_valid || any) { /* in the order of their beginning: the last is the newest */
            *out = item;
            is_found = true;
        }
        if (is_valid) {
            break;
        }
    }
    return status != STATUS_OK ? status : is_found ? STATUS_OK : no_such_item(code, err);
}

enum status
masters_item(const struct masters *masters, const char *code, struct civil_date date, struct master_item *out,
             struct error_detail *err)
{
    return find_item(masters, code, date, /* any= */ false, out, err);
}

enum status
masters_item_ever(const struct masters *masters, const char *code, struct civil_date date, struct master_item *out,
                  struct error_detail *err)
{
    return find_item(masters, code, date, /* any= */ true, out, err);
}

enum status
masters_tariff(const struct masters *masters, const char *code, struct civil_date date, struct tariff **out,
               struct error_detail *err)
{
    struct shelf_cursor cursor;
    struct shelf_entry entry;
    char prefix[CODE_SIZE + 4];
    char today[CIVIL_DATE_TEXT_SIZE];
    bool has_entry = strlen(code) < CODE_SIZE;
    enum status status = STATUS_OK;
    snprintf(prefix, sizeof prefix, "t %.32s ", code);
    civil_date_format(today, date);
    shelf_seek(&cursor, masters->shelf, prefix);
    while (has_entry && (status = shelf_next(&cursor, &entry, &has_entry, err)) == STATUS_OK && has_entry) {
        struct json_value *object = NULL;
        struct tariff *tariff = NULL;
        if (!begins_by(&entry, today)) {
            continue;
        }
        status = json_parse(&object, entry.value, entry.value_length, err);
        if (status == STATUS_OK) {
            status = tariff_read(&tariff, object, err);
            json_free(object);
        }
        if (status != STATUS_OK) {
            return status;
        }
        if (tariff_is_valid_on(tariff, date)) {
            *out = tariff;
            return STATUS_OK;
        }
        tariff_destroy(tariff);
    }
    if (status == STATUS_OK) {
        error_set(err, "no_such_tariff", "料金表「%.40s」は今日は使えません。", code);
        status = STATUS_NOT_FOUND;
    }
    return status;
}

/* ---- listing and searching ---- */

/* One answer being put together. */
struct finding {
    const struct masters *masters;
    const struct item_query *query;
    char today[CIVIL_DATE_TEXT_SIZE];
    struct master_item *out;
    size_t skipped;
    size_t count;
    bool has_more;
    struct error_detail *err;
};

/* The next word of the LENGTH bytes at *CURSOR into OUT; it ends at a space or the end. */
static bool
next_word(const char **cursor, size_t *length, char *out, size_t size)
{
    const char *space = memchr(*cursor, ' ', *length);
    size_t word = space != NULL ? (size_t)(space - *cursor) : *length;
    if (word == 0 || word >= size) {
        return false;
    }
    memcpy(out, *cursor, word);
    out[word] = '\0';
    size_t step = space != NULL ? word + 1 : word;
    *cursor += step;
    *length -= step;
    return true;
}

static bool
read_reference(const struct shelf_entry *entry, struct reference *out)
{
    const char *cursor = entry->value;
    size_t length = entry->value_length;
    return next_word(&cursor, &length, out->code, sizeof out->code) &&
           next_word(&cursor, &length, out->from, sizeof out->from) &&
           next_word(&cursor, &length, out->to, sizeof out->to);
}

static bool
is_in_answer(const struct finding *finding, const char *code)
{
    for (size_t i = 0; i < finding->count; i++) {
        if (strcmp(finding->out[i].code, code) == 0) {
            return true;
        }
    }
    return false;
}

static enum status
take_reference(struct finding *finding, const struct reference *reference)
{
    struct shelf_cursor cursor;
    struct shelf_entry entry;
    char key[SHELF_KEY_SIZE];
    bool has_entry;
    bool is_valid = strcmp(reference->from, finding->today) <= 0 && strcmp(finding->today, reference->to) <= 0;
    if (!is_valid || is_in_answer(finding, reference->code)) {
        return STATUS_OK;
    }
    if (finding->skipped < finding->query->offset) {
        finding->skipped++;
        return STATUS_OK;
    }
    if (finding->count == finding->query->limit) {
        finding->has_more = true;
        return STATUS_OK;
    }
    snprintf(key, sizeof key, "i %s %s", reference->code, reference->from);
    shelf_seek(&cursor, finding->masters->shelf, key);
    enum status status = shelf_next(&cursor, &entry, &has_entry, finding->err);
    if (status == STATUS_OK && has_entry) {
        status = parse_item(&entry, &finding->out[finding->count], finding->err);
        finding->count += status == STATUS_OK ? 1 : 0;
    }
    return status;
}

/* Take what the keys with PREFIX refer to, until the answer is full. */
static enum status
walk_keys(struct finding *finding, const char *prefix)
{
    struct shelf_cursor cursor;
    struct shelf_entry entry;
    struct reference reference;
    bool has_entry = true;
    enum status status = STATUS_OK;
    shelf_seek(&cursor, finding->masters->shelf, prefix);
    while (status == STATUS_OK && !finding->has_more &&
           (status = shelf_next(&cursor, &entry, &has_entry, finding->err)) == STATUS_OK && has_entry) {
        if (read_reference(&entry, &reference)) {
            status = take_reference(finding, &reference);
        }
    }
    return status;
}

static bool
holds(const char *text, size_t length, const char *wanted, size_t wanted_length)
{
    const char *end = text + length;
    while ((size_t)(end - text) >= wanted_length) {
        const char *first = memchr(text, wanted[0], (size_t)(end - text) - wanted_length + 1);
        if (first == NULL || memcmp(first, wanted, wanted_length) == 0) {
            return first != NULL;
        }
        text = first + 1;
    }
    return false;
}

/* Take items with WANTED inside their folded name or kana: the one walk over all items, some milliseconds for a city.
 */
static enum status
walk_parts(struct finding *finding, const char *wanted)
{
    struct shelf_cursor cursor;
    struct shelf_entry entry;
    struct reference reference;
    bool has_entry = true;
    const size_t wanted_length = strlen(wanted);
    enum status status = STATUS_OK;
    shelf_seek(&cursor, finding->masters->shelf, "s ");
    while (status == STATUS_OK && !finding->has_more &&
           (status = shelf_next(&cursor, &entry, &has_entry, finding->err)) == STATUS_OK && has_entry) {
        const char *text = entry.value;
        size_t length = entry.value_length;
        for (int word = 0; word < 3 && length > 0; word++) { /* past the reference: digits of a date are no name */
            const char *space = memchr(text, ' ', length);
            size_t step = space != NULL ? (size_t)(space - text) + 1 : length;
            text += step;
            length -= step;
        }
        if (holds(text, length, wanted, wanted_length) && read_reference(&entry, &reference)) {
            status = take_reference(finding, &reference);
        }
    }
    return status;
}

/* Codes and kana that begin with the text come first, by their own order; then names and kana that hold it. */
static enum status
walk_search(struct finding *finding, const char *text)
{
    char folded[NAME_SIZE];
    char prefix[SHELF_KEY_SIZE];
    char code[CODE_SIZE] = "";
    size_t length = strlen(text);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < length && length < sizeof code; i++) {
        code[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + ('a' - 'A') : text[i]);
    }
    if (code[0] != '\0' && strchr(code, ' ') == NULL) {
        snprintf(prefix, sizeof prefix, "c %s", code);
        status = walk_keys(finding, prefix);
    }
    if (text_fold(folded, sizeof folded, text) == 0 || status != STATUS_OK) {
        return status;
    }
    snprintf(prefix, sizeof prefix, "k %s", folded);
    status = walk_keys(finding, prefix);
    return status == STATUS_OK && !finding->has_more ? walk_parts(finding, folded) : status;
}

static enum status
walk_category(struct finding *finding, const char *category)
{
    const struct master_place *place = &finding->masters->place;
    char prefix[16];
    for (size_t i = 0; i < place->category_count; i++) {
        if (strcmp(place->categories[i], category) == 0) {
            snprintf(prefix, sizeof prefix, "g %02zu ", i);
            return walk_keys(finding, prefix);
        }
    }
    return STATUS_OK;
}

/* The tariffs of FORM stand one behind the other, a tariff's versions too. */
static enum status
walk_form(struct finding *finding, const char *form)
{
    struct shelf_cursor cursor;
    struct shelf_entry entry;
    char prefix[CODE_SIZE + 4];
    char walked[CODE_SIZE] = "";
    bool has_entry = true;
    enum status status = STATUS_OK;
    snprintf(prefix, sizeof prefix, "u %.32s ", form);
    shelf_seek(&cursor, finding->masters->shelf, prefix);
    while (status == STATUS_OK && !finding->has_more &&
           (status = shelf_next(&cursor, &entry, &has_entry, finding->err)) == STATUS_OK && has_entry) {
        char tariff[CODE_SIZE];
        char of_tariff[CODE_SIZE + 4];
        snprintf(tariff, sizeof tariff, "%.*s", (int)entry.value_length, entry.value);
        if (strcmp(tariff, walked) != 0) {
            memcpy(walked, tariff, sizeof walked);
            snprintf(of_tariff, sizeof of_tariff, "p %.32s ", tariff);
            status = walk_keys(finding, of_tariff);
        }
    }
    return status;
}

enum status
masters_find_items(const struct masters *masters, const struct item_query *query, struct civil_date date,
                   struct master_item *out, size_t *out_count, bool *out_has_more, struct error_detail *err)
{
    struct finding finding = {.masters = masters, .query = query, .out = out, .err = err};
    assert(query->limit >= 1 && query->limit <= FOUND_ITEMS_MAX);
    assert(query->text == NULL || query->offset == 0);
    civil_date_format(finding.today, date);
    enum status status = query->text != NULL       ? walk_search(&finding, query->text)
                         : query->form != NULL     ? walk_form(&finding, query->form)
                         : query->favourites_only  ? walk_keys(&finding, "f ")
                         : query->category != NULL ? walk_category(&finding, query->category)
                                                   : walk_keys(&finding, "g ");
    if (status == STATUS_OK) {
        *out_count = finding.count;
        *out_has_more = finding.has_more;
    }
    return status;
}
