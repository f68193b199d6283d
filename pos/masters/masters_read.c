/* Reading the masters document. Only what the place needs is kept. */
#include "pos/masters/masters.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ITEMS_MAX = 20000, /* beyond any city's catalogue; bounds memory on the till's small computer */
    BRANDS_MAX = 200,
    EXEMPTIONS_MAX = 100,
    ISSUERS_MAX = 100,
    CLERKS_MAX = 2000
};

static enum status
text(const struct json_value *object, const char *key, char *out, size_t size, struct error_detail *err)
{
    const char *value;
    enum status status = json_get_text(object, key, size - 1, &value, err);
    if (status == STATUS_OK) {
        snprintf(out, size, "%s", value);
    }
    return status;
}

static enum status
text_or_empty(const struct json_value *object, const char *key, char *out, size_t size, struct error_detail *err)
{
    const char *value;
    enum status status = json_get_text_or(object, key, size - 1, "", &value, err);
    if (status == STATUS_OK) {
        snprintf(out, size, "%s", value);
    }
    return status;
}

/* An absent date gives the zero date: no end, or valid since ever. */
static enum status
date_or_none(const struct json_value *object, const char *key, struct civil_date *out, struct error_detail *err)
{
    const char *value;
    enum status status = json_get_text_or(object, key, CIVIL_DATE_TEXT_SIZE - 1, "", &value, err);
    *out = (struct civil_date){0};
    if (status == STATUS_OK && value[0] != '\0' && civil_date_parse(out, value, strlen(value)) != STATUS_OK) {
        error_set(err, "wrong_member", "\"%s\" must be a date YYYY-MM-DD", key);
        status = STATUS_INVALID;
    }
    return status;
}

/* The texts of array KEY into rows of ROW_SIZE bytes. An absent array is empty. */
static enum status
text_list(const struct json_value *object, const char *key, char *rows, size_t row_size, size_t capacity,
          size_t *out_count, struct error_detail *err)
{
    const struct json_value *list = json_member(object, key);
    *out_count = 0;
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        const char *value;
        if (!json_as_text(item, &value) || strlen(value) >= row_size || *out_count == capacity) {
            error_set(err, "wrong_member", "\"%s\" must be at most %zu texts of at most %zu bytes", key, capacity,
                      row_size - 1);
            return STATUS_INVALID;
        }
        snprintf(rows + *out_count * row_size, row_size, "%s", value);
        ++*out_count;
    }
    return STATUS_OK;
}

static enum status
read_item(struct master_item *out, const struct json_value *object, struct error_detail *err)
{
    const char *tax;
    const struct {
        const char *key;
        char *out;
        size_t size;
    } texts[] = {
        {"code", out->code, CODE_SIZE},       {"name", out->name, NAME_SIZE},
        {"kana", out->kana, NAME_SIZE},       {"category", out->category, NAME_SIZE},
        {"account", out->account, CODE_SIZE}, {"section", out->section, CODE_SIZE},
        {"issuer", out->issuer, CODE_SIZE},
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == STATUS_OK; i++) {
        status = text(object, texts[i].key, texts[i].out, texts[i].size, err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(object, "price_yen", 0, PAYMENT_MAX_YEN, &out->price_yen, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text(object, "tax", CODE_SIZE, &tax, err);
    }
    if (status == STATUS_OK && !tax_kind_from_word(tax, &out->tax)) {
        error_set(err, "wrong_member", "\"tax\" is \"%s\"; exempt or standard10 is allowed", tax);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = json_get_bool_or(object, "favourite", false, &out->is_favourite, err);
    }
    if (status == STATUS_OK) {
        status = date_or_none(object, "valid_from", &out->valid_from, err);
    }
    return status == STATUS_OK ? date_or_none(object, "valid_to", &out->valid_to, err) : status;
}

static enum status
read_brand(struct master_brand *out, const struct json_value *object, struct error_detail *err)
{
    const char *method;
    enum status status = text(object, "code", out->code, CODE_SIZE, err);
    if (status == STATUS_OK) {
        status = text(object, "name", out->name, NAME_SIZE, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text(object, "method", CODE_SIZE, &method, err);
    }
    if (status == STATUS_OK && (!payment_method_from_word(method, &out->method) || out->method < METHOD_QR)) {
        error_set(err, "wrong_member", "\"method\" is \"%s\"; qr, emoney or credit is allowed", method);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = json_get_bool_or(object, "can_void", true, &out->can_void, err);
    }
    if (status == STATUS_OK) {
        status = text_list(object, "code_prefixes", out->code_prefixes[0], sizeof out->code_prefixes[0],
                           CODE_PREFIXES_MAX, &out->prefix_count, err);
    }
    if (status == STATUS_OK) {
        status = date_or_none(object, "valid_from", &out->valid_from, err);
    }
    return status == STATUS_OK ? date_or_none(object, "valid_to", &out->valid_to, err) : status;
}

static enum status
read_exemption(struct master_exemption *out, const struct json_value *object, struct error_detail *err)
{
    enum status status = text(object, "code", out->code, CODE_SIZE, err);
    if (status == STATUS_OK) {
        status = text(object, "name", out->name, NAME_SIZE, err);
    }
    if (status == STATUS_OK) {
        status = text_list(object, "reasons", out->reasons[0], sizeof out->reasons[0], EXEMPTION_REASONS_MAX,
                           &out->reason_count, err);
    }
    return status;
}

static enum status
read_issuer(struct master_issuer *out, const struct json_value *object, struct error_detail *err)
{
    enum status status = text(object, "code", out->code, CODE_SIZE, err);
    if (status == STATUS_OK) {
        status = text(object, "name", out->name, NAME_SIZE, err);
    }
    if (status == STATUS_OK) {
        status = text_or_empty(object, "registration_number", out->registration_number, sizeof out->registration_number,
                               err);
    }
    return status;
}

static enum status
read_clerk(struct master_clerk *out, const struct json_value *object, struct error_detail *err)
{
    char role[CODE_SIZE] = "";
    enum status status = text(object, "code", out->code, CODE_SIZE, err);
    if (status == STATUS_OK) {
        status = text(object, "name", out->name, NAME_SIZE, err);
    }
    if (status == STATUS_OK) {
        status = text(object, "pin_hash", out->pin_hash, sizeof out->pin_hash, err);
    }
    if (status == STATUS_OK) {
        status = text_or_empty(object, "role", role, sizeof role, err);
    }
    out->is_supervisor = strcmp(role, "supervisor") == 0;
    return status;
}

/* Whether a row with a member "places" lists PLACE; rows without one are for every place. */
static bool
is_for_place(const struct json_value *row, const char *place)
{
    const struct json_value *places = json_member(row, "places");
    if (json_is_null(places)) {
        return true;
    }
    for (const struct json_value *item = json_first(places); item != NULL; item = json_next(item)) {
        const char *code;
        if (json_as_text(item, &code) && strcmp(code, place) == 0) {
            return true;
        }
    }
    return false;
}

static bool
has_category(const struct master_place *place, const char *category)
{
    for (size_t i = 0; i < place->category_count; i++) {
        if (strcmp(place->categories[i], category) == 0) {
            return true;
        }
    }
    return false;
}

/* What reading a document carries along. */
struct masters_reading {
    struct masters *masters;
    const struct json_value *document;
    struct error_detail *err;
};

/* The rows of array KEY, into a new array of ROW_SIZE bytes each. `read` is given a zeroed row; it may decline the row
 * by *OUT_IS_WANTED. */
static enum status
read_rows(struct masters_reading *reading, const char *key, size_t row_size, size_t most, void **out_rows,
          size_t *out_count,
          enum status (*read)(struct masters_reading *reading, void *row, const struct json_value *object,
                              bool *out_is_wanted))
{
    const struct json_value *list;
    enum status status = json_get_array(reading->document, key, &list, reading->err);
    if (status != STATUS_OK) {
        return status;
    }
    size_t count = json_count(list);
    if (count > most) {
        error_set(reading->err, "too_many_rows", "\"%s\" has more than %zu rows", key, most);
        return STATUS_OVERFLOW;
    }
    char *rows = calloc(count + 1, row_size);
    if (rows == NULL) {
        error_set(reading->err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    *out_rows = rows;
    size_t index = 0;
    for (const struct json_value *row = json_first(list); row != NULL && status == STATUS_OK; row = json_next(row)) {
        bool is_wanted = is_for_place(row, reading->masters->place.code);
        if (is_wanted) {
            status = read(reading, rows + *out_count * row_size, row, &is_wanted);
        }
        if (is_wanted) {
            ++*out_count;
        } else {
            memset(rows + *out_count * row_size, 0, row_size);
        }
        if (status != STATUS_OK) {
            error_prefix(reading->err, "%s[%zu]: ", key, index);
        }
        index++;
    }
    return status;
}

static enum status
item_row(struct masters_reading *reading, void *row, const struct json_value *object, bool *out_is_wanted)
{
    struct master_item *item = row;
    enum status status = read_item(item, object, reading->err);
    *out_is_wanted = status == STATUS_OK && has_category(&reading->masters->place, item->category);
    return status;
}

static enum status
brand_row(struct masters_reading *reading, void *row, const struct json_value *object, bool *out_is_wanted)
{
    (void)out_is_wanted;
    return read_brand(row, object, reading->err);
}

static enum status
exemption_row(struct masters_reading *reading, void *row, const struct json_value *object, bool *out_is_wanted)
{
    (void)out_is_wanted;
    return read_exemption(row, object, reading->err);
}

static enum status
issuer_row(struct masters_reading *reading, void *row, const struct json_value *object, bool *out_is_wanted)
{
    (void)out_is_wanted;
    return read_issuer(row, object, reading->err);
}

static enum status
clerk_row(struct masters_reading *reading, void *row, const struct json_value *object, bool *out_is_wanted)
{
    (void)out_is_wanted;
    return read_clerk(row, object, reading->err);
}

static enum status
read_place(struct masters_reading *reading, const char *code)
{
    const struct json_value *places;
    struct master_place *place = &reading->masters->place;
    enum status status = json_get_array(reading->document, "places", &places, reading->err);
    if (status != STATUS_OK) {
        return status;
    }
    for (const struct json_value *row = json_first(places); row != NULL; row = json_next(row)) {
        status = text(row, "code", place->code, CODE_SIZE, reading->err);
        if (status != STATUS_OK || strcmp(place->code, code) != 0) {
            continue;
        }
        status = text(row, "name", place->name, NAME_SIZE, reading->err);
        if (status == STATUS_OK) {
            status = text_or_empty(row, "receipt_note", place->receipt_note, REASON_SIZE, reading->err);
        }
        if (status == STATUS_OK) {
            status = text_list(row, "categories", place->categories[0], NAME_SIZE, CATEGORIES_MAX,
                               &place->category_count, reading->err);
        }
        return status;
    }
    error_set(reading->err, "unknown_place", "the masters do not know the place \"%s\"", code);
    return STATUS_NOT_FOUND;
}

static enum status
read_head(struct masters_reading *reading)
{
    struct masters *masters = reading->masters;
    const struct json_value *municipality;
    int64_t day_start_minutes;
    enum status status =
        json_get_int(reading->document, "version", 1, INT64_C(1) << 53, &masters->version, reading->err);
    if (status == STATUS_OK) {
        status = json_get_object(reading->document, "municipality", &municipality, reading->err);
    }
    if (status == STATUS_OK) {
        status = text(municipality, "name", masters->municipality_name, NAME_SIZE, reading->err);
    }
    if (status == STATUS_OK) {
        status = json_get_int_or(json_member(reading->document, "settings"), "day_start_minutes", 0, 719, 0,
                                 &day_start_minutes, reading->err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    masters->day_start_minutes = (int)day_start_minutes;
    const struct json_value *tender = json_member(reading->document, "quick_tender_yen");
    for (const struct json_value *item = json_first(tender); item != NULL; item = json_next(item)) {
        int64_t amount_yen;
        if (json_as_int(item, &amount_yen) && amount_yen > 0 && masters->quick_tender_count < QUICK_TENDER_MAX) {
            masters->quick_tender_yen[masters->quick_tender_count++] = amount_yen;
        }
    }
    return STATUS_OK;
}

static enum status
read_document(struct masters_reading *reading, const char *place)
{
    struct masters *masters = reading->masters;
    void *rows = NULL;
    enum status status = read_head(reading);
    if (status == STATUS_OK) {
        status = read_place(reading, place);
    }
    if (status == STATUS_OK) {
        status = read_rows(reading, "items", sizeof *masters->items, ITEMS_MAX, &rows, &masters->item_count, item_row);
        masters->items = rows;
    }
    if (status == STATUS_OK) {
        rows = NULL;
        status =
            read_rows(reading, "brands", sizeof *masters->brands, BRANDS_MAX, &rows, &masters->brand_count, brand_row);
        masters->brands = rows;
    }
    if (status == STATUS_OK) {
        rows = NULL;
        status = read_rows(reading, "exemptions", sizeof *masters->exemptions, EXEMPTIONS_MAX, &rows,
                           &masters->exemption_count, exemption_row);
        masters->exemptions = rows;
    }
    if (status == STATUS_OK) {
        rows = NULL;
        status = read_rows(reading, "issuers", sizeof *masters->issuers, ISSUERS_MAX, &rows, &masters->issuer_count,
                           issuer_row);
        masters->issuers = rows;
    }
    if (status == STATUS_OK) {
        rows = NULL;
        status =
            read_rows(reading, "clerks", sizeof *masters->clerks, CLERKS_MAX, &rows, &masters->clerk_count, clerk_row);
        masters->clerks = rows;
    }
    return status;
}

enum status
masters_read(struct masters **out, const char *document, size_t length, const char *place, struct error_detail *err)
{
    struct json_value *json = NULL;
    struct masters *masters = calloc(1, sizeof *masters);
    if (masters == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = json_parse(&json, document, length, err);
    if (status == STATUS_OK) {
        struct masters_reading reading = {masters, json, err};
        status = read_document(&reading, place);
        json_free(json);
    }
    if (status != STATUS_OK) {
        masters_destroy(masters);
        return status;
    }
    sha256_text(masters->sha256, document, length);
    *out = masters;
    return STATUS_OK;
}
