/* Two days beside each other. Items are sorted by code once; the tariffs' rows are found in a sorted list. */
#include "settlement/masters/offer.h"

#include "settlement/masters/field.h"
#include "settlement/masters/row.h"

#include <stdlib.h>

static bool
list_has(const struct json_value *list, const char *text)
{
    const char *other;
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        if (json_as_text(item, &other) && strcmp(other, text) == 0) {
            return true;
        }
    }
    return false;
}

bool
masters_place_sells(const struct json_value *place, const struct json_value *item)
{
    const char *facility = text_or(item, "facility", NULL);
    return list_has(json_member(place, "categories"), text_or(item, "category", "")) &&
           (facility == NULL || list_has(json_member(place, "facilities"), facility));
}

static bool
is_valid_on(const struct json_value *row, const char *day)
{
    return strcmp(text_or(row, "valid_from", ""), day) <= 0 && strcmp(day, text_or(row, "valid_to", "9999")) <= 0;
}

struct coded_row {
    const char *code;
    size_t index;
    const struct json_value *row;
};

static int
compare_coded_rows(const void *a, const void *b)
{
    const struct coded_row *left = a;
    const struct coded_row *right = b;
    int order = strcmp(left->code, right->code);
    return order != 0 ? order : (left->index > right->index) - (left->index < right->index);
}

/* The rows of LIST by code. *OUT is given: free(). */
static enum status
sort_rows(const struct json_value *list, struct coded_row **out, size_t *out_count, struct error_detail *err)
{
    size_t count = 0;
    struct coded_row *rows = calloc(json_count(list) + 1, sizeof *rows);
    if (rows == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (const struct json_value *row = json_first(list); row != NULL; row = json_next(row)) {
        rows[count] = (struct coded_row){.code = text_or(row, "code", ""), .index = count, .row = row};
        count++;
    }
    qsort(rows, count, sizeof *rows, compare_coded_rows);
    *out = rows;
    *out_count = count;
    return STATUS_OK;
}

/* The row of CODE that is valid on DAY, or NULL. */
static const struct json_value *
row_on(const struct coded_row *rows, size_t count, const char *code, const char *day)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(rows[middle].code, code) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < count && strcmp(rows[low].code, code) == 0; low++) {
        if (is_valid_on(rows[low].row, day)) {
            return rows[low].row;
        }
    }
    return NULL;
}

/* Whether two rows differ in more than their days. */
static bool
differ(const struct table *table, const struct json_value *a, const struct json_value *b)
{
    if (a == NULL || b == NULL || a == b) {
        return a != b;
    }
    struct buffer left;
    struct buffer right;
    struct error_detail ignored;
    bool is_equal = true;
    for (const struct json_value *member = json_first(a); member != NULL && is_equal; member = json_next(member)) {
        const struct json_value *other = json_member(b, json_key(member));
        if (strcmp(json_key(member), "valid_from") == 0 || strcmp(json_key(member), "valid_to") == 0) {
            continue;
        }
        buffer_init(&left, JSON_TEXT_MAX_BYTES);
        buffer_init(&right, JSON_TEXT_MAX_BYTES);
        const struct field *field = table_field(table, json_key(member));
        bool is_silent =
            field != NULL && masters_member_is_silent(field, member) && masters_member_is_silent(field, other);
        is_equal = is_silent || (other != NULL && json_write_canonical(member, &left, &ignored) == STATUS_OK &&
                                 json_write_canonical(other, &right, &ignored) == STATUS_OK &&
                                 strcmp(buffer_text(&left), buffer_text(&right)) == 0);
        buffer_finish(&left);
        buffer_finish(&right);
    }
    for (const struct json_value *member = json_first(b); member != NULL && is_equal; member = json_next(member)) {
        const struct field *field = table_field(table, json_key(member));
        is_equal = json_member(a, json_key(member)) != NULL || strcmp(json_key(member), "valid_to") == 0 ||
                   (field != NULL && masters_member_is_silent(field, member));
    }
    return !is_equal;
}

static bool
is_sold(const struct json_value *document, const struct json_value *place, const struct json_value *item)
{
    if (place != NULL) {
        return masters_place_sells(place, item);
    }
    for (const struct json_value *any = json_first(json_member(document, "places")); any != NULL;
         any = json_next(any)) {
        if (masters_place_sells(any, item)) {
            return true;
        }
    }
    return false;
}

static enum status
find_place(const struct json_value *document, const char *code, const struct json_value **out, struct error_detail *err)
{
    *out = NULL;
    for (const struct json_value *place = json_first(json_member(document, "places")); place != NULL && code != NULL;
         place = json_next(place)) {
        if (strcmp(text_or(place, "code", ""), code) == 0) {
            *out = place;
            return STATUS_OK;
        }
    }
    if (code != NULL) {
        error_set(err, "not_found", "窓口「%.60s」はマスタにありません。", code);
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

/* Of COUNT rows of one code, what is sold on both days. */
static struct offer
make_offer(const struct coded_row *rows, size_t count, const struct json_value *document,
           const struct json_value *place, const char *first, const char *second)
{
    struct offer offer = {.code = rows[0].code};
    for (size_t i = 0; i < count; i++) {
        if (is_valid_on(rows[i].row, first) && is_sold(document, place, rows[i].row)) {
            offer.on_first = rows[i].row;
        }
        if (is_valid_on(rows[i].row, second) && is_sold(document, place, rows[i].row)) {
            offer.on_second = rows[i].row;
        }
    }
    return offer;
}

struct placed_offer {
    struct offer offer;
    size_t index;
};

static int
compare_placed_offers(const void *a, const void *b)
{
    const struct placed_offer *left = a;
    const struct placed_offer *right = b;
    return (left->index > right->index) - (left->index < right->index);
}

static size_t
make_offers(const struct json_value *document, const struct json_value *place, const char *first, const char *second,
            const struct coded_row *items, size_t item_count, const struct coded_row *tariffs, size_t tariff_count,
            struct placed_offer *out)
{
    const struct table *item_table = masters_table("items");
    const struct table *tariff_table = masters_table("tariffs");
    size_t used = 0;
    for (size_t i = 0; i < item_count;) {
        size_t end = i;
        while (end < item_count && strcmp(items[end].code, items[i].code) == 0) {
            end++;
        }
        struct offer offer = make_offer(items + i, end - i, document, place, first, second);
        const char *tariff_first = text_or(offer.on_first, "tariff", NULL);
        const char *tariff_second = text_or(offer.on_second, "tariff", NULL);
        offer.tariff_first = tariff_first != NULL ? row_on(tariffs, tariff_count, tariff_first, first) : NULL;
        offer.tariff_second = tariff_second != NULL ? row_on(tariffs, tariff_count, tariff_second, second) : NULL;
        offer.has_changed = differ(item_table, offer.on_first, offer.on_second) ||
                            differ(tariff_table, offer.tariff_first, offer.tariff_second);
        if (offer.on_first != NULL || offer.on_second != NULL) {
            out[used++] = (struct placed_offer){.offer = offer, .index = items[i].index};
        }
        i = end;
    }
    return used;
}

enum status
masters_offers(const struct json_value *document, const char *place, const char *first, const char *second,
               struct offer **out, size_t *out_count, struct error_detail *err)
{
    const struct json_value *place_row = NULL;
    struct coded_row *items = NULL;
    struct coded_row *tariffs = NULL;
    struct placed_offer *placed = NULL;
    struct offer *offers = NULL;
    size_t item_count = 0;
    size_t tariff_count = 0;
    enum status status = find_place(document, place, &place_row, err);
    if (status == STATUS_OK) {
        status = sort_rows(json_member(document, "items"), &items, &item_count, err);
    }
    if (status == STATUS_OK) {
        status = sort_rows(json_member(document, "tariffs"), &tariffs, &tariff_count, err);
    }
    if (status == STATUS_OK) {
        placed = calloc(item_count + 1, sizeof *placed);
        offers = calloc(item_count + 1, sizeof *offers);
        if (placed == NULL || offers == NULL) {
            error_set(err, "no_memory", "out of memory");
            status = STATUS_NO_MEMORY;
        }
    }
    if (status == STATUS_OK) {
        size_t count =
            make_offers(document, place_row, first, second, items, item_count, tariffs, tariff_count, placed);
        qsort(placed, count, sizeof *placed, compare_placed_offers);
        for (size_t i = 0; i < count; i++) {
            offers[i] = placed[i].offer;
        }
        *out = offers;
        *out_count = count;
        offers = NULL; /* now the caller's */
    }
    free(items);
    free(tariffs);
    free(placed);
    free(offers);
    return status;
}
