/* Items and tariffs as entries of the shelf: the row as it stands, and the keys by which it is found (shelf.h). */
#include "pos/masters/cutting.h"
#include "pos/masters/fold.h"

#include <stdio.h>
#include <string.h>

enum { REFERENCE_TEXT_SIZE = 80 /* CODE FROM TO */ };

static bool
is_one_of(const char *text, const char *texts, size_t size, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(texts + i * size, text) == 0) {
            return true;
        }
    }
    return false;
}

bool
cutting_has_facility(const struct cutting *cutting, const char *code)
{
    return !cutting->place.is_for_some_facilities ||
           is_one_of(code, cutting->place.facilities[0], CODE_SIZE, cutting->place.facility_count);
}

static void
date_text(char out[CIVIL_DATE_TEXT_SIZE], struct civil_date date, const char *absent)
{
    if (date.year == 0) {
        memcpy(out, absent, CIVIL_DATE_TEXT_SIZE);
    } else {
        civil_date_format(out, date);
    }
}

static void
add_entry(struct cutting *cutting, struct row *row, const char *key, const char *value, size_t length)
{
    if (strlen(key) >= SHELF_KEY_SIZE || length > SHELF_PAGE_MAX / 2) {
        error_set(row->err, "too_large", "the row is larger than a till can keep");
        row->status = STATUS_OVERFLOW;
        return;
    }
    entries_add(&cutting->entries, key, value, length);
}

/* CODE FROM TO of an item, in the arena. */
static const char *
reference_text(struct cutting *cutting, const struct master_item *item, size_t *out_length)
{
    char from[CIVIL_DATE_TEXT_SIZE];
    char to[CIVIL_DATE_TEXT_SIZE];
    char *text = entries_text(&cutting->entries, REFERENCE_TEXT_SIZE);
    date_text(from, item->validity.from, "0000-00-00");
    date_text(to, item->validity.to, "9999-99-99");
    *out_length = text == NULL ? 0 : (size_t)snprintf(text, REFERENCE_TEXT_SIZE, "%s %s %s", item->code, from, to);
    return text;
}

/* CODE FROM TO name kana: what a search for a part of a name walks. */
static void
add_searched(struct cutting *cutting, struct row *row, const struct master_item *item, const char *reference,
             size_t index)
{
    char key[SHELF_KEY_SIZE];
    char name[NAME_SIZE];
    char kana[NAME_SIZE];
    text_fold(name, sizeof name, item->name);
    text_fold(kana, sizeof kana, item->kana);
    size_t size = strlen(reference) + strlen(name) + strlen(kana) + 3;
    char *text = entries_text(&cutting->entries, size);
    if (text != NULL) {
        snprintf(text, size, "%s %s %s", reference, name, kana);
        snprintf(key, sizeof key, "s %06zu", index);
        add_entry(cutting, row, key, text, size - 1);
    }
}

static void
add_keys(struct cutting *cutting, struct row *row, const struct master_item *item, const char *from, size_t index)
{
    char key[SHELF_KEY_SIZE];
    char folded[NAME_SIZE];
    char small[CODE_SIZE];
    size_t length;
    const char *reference = reference_text(cutting, item, &length);
    if (reference == NULL) {
        return; /* entries_write says so */
    }
    for (size_t i = 0; i < sizeof small; i++) {
        small[i] = (char)(item->code[i] >= 'A' && item->code[i] <= 'Z' ? item->code[i] + ('a' - 'A') : item->code[i]);
    }
    text_fold(folded, sizeof folded, item->kana);
    snprintf(key, sizeof key, "c %s %s %s", small, item->code, from);
    add_entry(cutting, row, key, reference, length);
    snprintf(key, sizeof key, "k %s %s %s", folded, item->code, from);
    add_entry(cutting, row, key, reference, length);
    for (size_t i = 0; i < cutting->place.category_count; i++) {
        if (strcmp(cutting->place.categories[i], item->category) == 0) {
            snprintf(key, sizeof key, "g %02zu %06zu", i, index);
            add_entry(cutting, row, key, reference, length);
        }
    }
    if (item->tariff[0] != '\0') {
        snprintf(key, sizeof key, "p %s %06zu", item->tariff, index);
        add_entry(cutting, row, key, reference, length);
    }
    if (item->is_favourite) {
        snprintf(key, sizeof key, "f %06zu", index);
        add_entry(cutting, row, key, reference, length);
    }
    add_searched(cutting, row, item, reference, index);
}

void
shelve_item(struct cutting *cutting, struct row *row, struct json_span text, size_t index)
{
    char key[SHELF_KEY_SIZE];
    char from[CIVIL_DATE_TEXT_SIZE];
    struct master_item item = {0};
    const struct master_place *place = &cutting->place;
    read_item(row, &item);
    bool is_sold = row->status == STATUS_OK &&
                   is_one_of(item.category, place->categories[0], NAME_SIZE, place->category_count) &&
                   (item.facility[0] == '\0' || cutting_has_facility(cutting, item.facility));
    if (!is_sold) {
        return;
    }
    date_text(from, item.validity.from, "0000-00-00");
    snprintf(key, sizeof key, "i %s %s", item.code, from);
    add_entry(cutting, row, key, text.start, text.length);
    add_keys(cutting, row, &item, from, index);
}

/* By the form of a tariff, whatever it is: the car parks are found by it. */
static void
add_form(struct cutting *cutting, struct row *row, const char *code, const char *from)
{
    char key[SHELF_KEY_SIZE];
    const char *form = "";
    if (!json_as_text(json_member(row->object, "form"), &form) || form[0] == '\0' || strlen(form) >= CODE_SIZE) {
        return; /* said when the tariff is used */
    }
    char *value = entries_text(&cutting->entries, CODE_SIZE);
    if (value != NULL) {
        snprintf(value, CODE_SIZE, "%s", code);
        snprintf(key, sizeof key, "u %s %s %s", form, code, from);
        add_entry(cutting, row, key, value, strlen(value));
    }
}

/* Tariffs are read when they are used: one of a form that this program does not know yet must not keep all else from
 * being sold. */
void
shelve_tariff(struct cutting *cutting, struct row *row, struct json_span text, size_t index)
{
    char key[SHELF_KEY_SIZE];
    char code[CODE_SIZE] = "";
    char from[CIVIL_DATE_TEXT_SIZE];
    (void)index;
    row_text(row, "code", code, sizeof code);
    struct validity validity = row_validity(row);
    date_text(from, validity.from, "0000-00-00");
    snprintf(key, sizeof key, "t %s %s", code, from);
    if (row->status == STATUS_OK) {
        add_entry(cutting, row, key, text.start, text.length);
    }
    if (row->status == STATUS_OK) {
        add_form(cutting, row, code, from);
    }
}
