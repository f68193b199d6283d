/* Reading the masters document. Only what the place needs is kept. */
#include "common/tariff/tariff.h"
#include "pos/masters/row.h"

#include <stdlib.h>
#include <string.h>

enum {
    ITEMS_MAX = 20000, /* beyond any city's catalogue; bounds memory on the till's small computer */
    ROWS_MAX = 2000    /* of any other kind */
};

struct masters_shelf {
    struct master_item *items;
    size_t item_count;
    struct json_value *document; /* tariffs are read from it when they are asked for */
};

void
masters_destroy(struct masters *masters)
{
    if (masters == NULL) {
        return;
    }
    for (size_t i = 0; i < masters->exemption_count; i++) {
        free(masters->exemptions[i].items);
    }
    for (size_t i = 0; i < masters->template_count; i++) {
        free(masters->templates[i].markup);
    }
    if (masters->shelf != NULL) {
        free(masters->shelf->items);
        json_free(masters->shelf->document);
    }
    free(masters->shelf);
    for (size_t i = 0; i < masters->reduction_count; i++) {
        tariff_reduction_destroy(masters->reductions[i]);
    }
    free(masters->reductions);
    free(masters->brands);
    free(masters->exemptions);
    free(masters->issuers);
    free(masters->clerks);
    free(masters->facilities);
    free(masters->drawers);
    free(masters->policies);
    free(masters->scan_rules);
    free(masters->templates);
    free(masters);
}

/* Whether TEXT is one of array KEY's; rows without the array are for all. */
static bool
lists(const struct json_value *row, const char *key, const char *text)
{
    const struct json_value *list = json_member(row, key);
    if (json_is_null(list)) {
        return true;
    }
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        const char *code;
        if (json_as_text(item, &code) && strcmp(code, text) == 0) {
            return true;
        }
    }
    return false;
}

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

static bool
sells(const struct master_place *place, const struct master_item *item)
{
    return is_one_of(item->category, place->categories[0], NAME_SIZE, place->category_count) &&
           (item->facility[0] == '\0' || !place->is_for_some_facilities ||
            is_one_of(item->facility, place->facilities[0], CODE_SIZE, place->facility_count));
}

/* One kind of row: where its rows go. The reader sets *OUT_IS_WANTED to false for a row that the place does not need.
 */
struct row_kind {
    const char *key;
    bool is_required;
    size_t size;
    size_t most;
    void (*read)(struct masters *masters, struct row *row, void *out, bool *out_is_wanted);
    void **rows;
    size_t *count;
};

static enum status
read_rows(struct masters *masters, const struct row_kind *kind, const struct json_value *document,
          struct error_detail *err)
{
    const struct json_value *list = json_member(document, kind->key);
    if (json_is_null(list) && !kind->is_required) {
        return STATUS_OK;
    }
    enum status status = json_get_array(document, kind->key, &list, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (json_count(list) > kind->most) {
        error_set(err, "too_many_rows", "\"%s\" has more than %zu rows", kind->key, kind->most);
        return STATUS_OVERFLOW;
    }
    char *rows = calloc(json_count(list) + 1, kind->size);
    if (rows == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    *kind->rows = rows;
    size_t index = 0;
    for (const struct json_value *object = json_first(list); object != NULL; object = json_next(object), index++) {
        bool is_wanted = lists(object, "places", masters->place.code);
        if (!is_wanted) {
            continue;
        }
        struct row row = {.object = object, .err = err};
        kind->read(masters, &row, rows + *kind->count * kind->size, &is_wanted);
        *kind->count += is_wanted || row.status != STATUS_OK ? 1 : 0; /* a failed one may hold memory */
        if (row.status != STATUS_OK) {
            error_prefix(err, "%s[%zu]: ", kind->key, index);
            return row.status;
        }
        if (!is_wanted) {
            memset(rows + *kind->count * kind->size, 0, kind->size);
        }
    }
    return STATUS_OK;
}

static void
item_row(struct masters *masters, struct row *row, void *out, bool *out_is_wanted)
{
    read_item(row, out);
    *out_is_wanted = row->status == STATUS_OK && sells(&masters->place, out);
}

static void
facility_row(struct masters *masters, struct row *row, void *out, bool *out_is_wanted)
{
    struct master_facility *facility = out;
    const struct master_place *place = &masters->place;
    read_facility(row, facility);
    *out_is_wanted =
        row->status == STATUS_OK && (!place->is_for_some_facilities ||
                                     is_one_of(facility->code, place->facilities[0], CODE_SIZE, place->facility_count));
}

#define WHOLE_ROW(kind, type)                                                                                          \
    static void kind##_row(struct masters *masters, struct row *row, void *out, bool *out_is_wanted)                   \
    {                                                                                                                  \
        (void)masters;                                                                                                 \
        (void)out_is_wanted;                                                                                           \
        read_##kind(row, (type *)out);                                                                                 \
    }

WHOLE_ROW(brand, struct master_brand)
WHOLE_ROW(exemption, struct master_exemption)
WHOLE_ROW(issuer, struct master_issuer)
WHOLE_ROW(clerk, struct master_clerk)
WHOLE_ROW(drawer, struct master_drawer)
WHOLE_ROW(policy, struct master_policy)
WHOLE_ROW(scan_rule, struct master_scan_rule)
WHOLE_ROW(template, struct master_template)

static void
reduction_row(struct masters *masters, struct row *row, void *out, bool *out_is_wanted)
{
    (void)masters;
    row->status = tariff_reduction_read(out, row->object, row->err);
    *out_is_wanted = row->status == STATUS_OK;
}

static enum status
read_own_place(struct masters *masters, const struct json_value *document, const char *code, struct error_detail *err)
{
    const struct json_value *places;
    enum status status = json_get_array(document, "places", &places, err);
    if (status != STATUS_OK) {
        return status;
    }
    for (const struct json_value *object = json_first(places); object != NULL; object = json_next(object)) {
        const char *row_code = "";
        if (json_as_text(json_member(object, "code"), &row_code) && strcmp(row_code, code) == 0) {
            struct row row = {.object = object, .err = err};
            read_place(&row, &masters->place);
            return row.status;
        }
    }
    error_set(err, "unknown_place", "the masters do not know the place \"%s\"", code);
    return STATUS_NOT_FOUND;
}

static enum status
read_head(struct masters *masters, const struct json_value *document, struct error_detail *err)
{
    enum { DAY_START_MAX = 719, IDLE_LOCK_MAX = 480 };
    struct row head = {.object = document, .err = err};
    struct row municipality = {.object = json_member(document, "municipality"), .err = err};
    struct row settings = {.object = json_member(document, "settings"), .err = err};
    masters->version = row_int(&head, "version", 1, INT64_C(1) << 53);
    row_text(&municipality, "name", masters->municipality_name, NAME_SIZE);
    masters->day_start_minutes = (int)row_int_or(&settings, "day_start_minutes", 0, DAY_START_MAX, 0);
    masters->idle_lock_minutes = (int)row_int_or(&settings, "idle_lock_minutes", 0, IDLE_LOCK_MAX, 0);
    masters->cash_limit_yen = row_int_or(&settings, "cash_limit_yen", 0, YEN_LIMIT, 0);
    masters->cash_approval_yen = row_int_or(&settings, "cash_approval_yen", 0, YEN_LIMIT, 0);
    const struct json_value *tender = json_member(document, "quick_tender_yen");
    for (const struct json_value *item = json_first(tender); item != NULL; item = json_next(item)) {
        int64_t amount_yen;
        if (json_as_int(item, &amount_yen) && amount_yen > 0 && masters->quick_tender_count < QUICK_TENDER_MAX) {
            masters->quick_tender_yen[masters->quick_tender_count++] = amount_yen;
        }
    }
    return head.status != STATUS_OK           ? head.status
           : municipality.status != STATUS_OK ? municipality.status
                                              : settings.status;
}

static enum status
read_document(struct masters *masters, const struct json_value *document, const char *place, struct error_detail *err)
{
    void *items = NULL, *brands = NULL, *exemptions = NULL, *issuers = NULL, *clerks = NULL, *facilities = NULL,
         *drawers = NULL, *policies = NULL, *scan_rules = NULL, *templates = NULL, *reductions = NULL;
    enum status status = read_head(masters, document, err);
    if (status == STATUS_OK) {
        status = read_own_place(masters, document, place, err);
    }
    const struct row_kind kinds[] = {
        {"items", true, sizeof(struct master_item), ITEMS_MAX, item_row, &items, &masters->shelf->item_count},
        {"brands", true, sizeof *masters->brands, ROWS_MAX, brand_row, &brands, &masters->brand_count},
        {"exemptions", true, sizeof *masters->exemptions, ROWS_MAX, exemption_row, &exemptions,
         &masters->exemption_count},
        {"issuers", true, sizeof *masters->issuers, ROWS_MAX, issuer_row, &issuers, &masters->issuer_count},
        {"clerks", true, sizeof *masters->clerks, ROWS_MAX, clerk_row, &clerks, &masters->clerk_count},
        {"facilities", false, sizeof *masters->facilities, ROWS_MAX, facility_row, &facilities,
         &masters->facility_count},
        {"drawers", false, sizeof *masters->drawers, ROWS_MAX, drawer_row, &drawers, &masters->drawer_count},
        {"policies", false, sizeof *masters->policies, ROWS_MAX, policy_row, &policies, &masters->policy_count},
        {"scan_rules", false, sizeof *masters->scan_rules, ROWS_MAX, scan_rule_row, &scan_rules,
         &masters->scan_rule_count},
        {"templates", false, sizeof *masters->templates, ROWS_MAX, template_row, &templates, &masters->template_count},
        {"reductions", false, sizeof *masters->reductions, ROWS_MAX, reduction_row, &reductions,
         &masters->reduction_count},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && status == STATUS_OK; i++) {
        status = read_rows(masters, &kinds[i], document, err);
    }
    masters->shelf->items = items;
    masters->brands = brands;
    masters->exemptions = exemptions;
    masters->issuers = issuers;
    masters->clerks = clerks;
    masters->facilities = facilities;
    masters->drawers = drawers;
    masters->policies = policies;
    masters->scan_rules = scan_rules;
    masters->templates = templates;
    masters->reductions = reductions;
    return status;
}

enum status
masters_read(struct masters **out, const char *document, size_t length, const char *place, struct error_detail *err)
{
    struct json_value *json = NULL;
    struct masters *masters = calloc(1, sizeof *masters);
    if (masters != NULL) {
        masters->shelf = calloc(1, sizeof *masters->shelf);
    }
    if (masters == NULL || masters->shelf == NULL) {
        masters_destroy(masters);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = json_parse(&json, document, length, err);
    if (status == STATUS_OK) {
        status = read_document(masters, json, place, err);
        masters->shelf->document = json;
    }
    if (status != STATUS_OK) {
        masters_destroy(masters);
        return status;
    }
    sha256_text(masters->sha256, document, length);
    *out = masters;
    return STATUS_OK;
}

/* ---- items ---- */

static enum status
no_such_item(const char *code, struct error_detail *err)
{
    error_set(err, "no_such_item", "「%s」は今日は扱っていません。", code);
    return STATUS_NOT_FOUND;
}

enum status
masters_item(const struct masters *masters, const char *code, struct civil_date date, struct master_item *out,
             struct error_detail *err)
{
    for (size_t i = 0; i < masters->shelf->item_count; i++) {
        const struct master_item *item = &masters->shelf->items[i];
        if (strcmp(item->code, code) == 0 && validity_holds(&item->validity, date)) {
            *out = *item;
            return STATUS_OK;
        }
    }
    return no_such_item(code, err);
}

enum status
masters_item_ever(const struct masters *masters, const char *code, struct civil_date date, struct master_item *out,
                  struct error_detail *err)
{
    const struct master_item *newest = NULL;
    if (masters_item(masters, code, date, out, err) == STATUS_OK) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < masters->shelf->item_count; i++) {
        const struct master_item *item = &masters->shelf->items[i];
        if (strcmp(item->code, code) == 0 &&
            (newest == NULL || civil_date_compare(item->validity.from, newest->validity.from) > 0)) {
            newest = item;
        }
    }
    if (newest == NULL) {
        return no_such_item(code, err);
    }
    *out = *newest;
    return STATUS_OK;
}

static bool
is_asked_for(const struct master_item *item, const struct item_query *query)
{
    return (query->category == NULL || strcmp(item->category, query->category) == 0) &&
           (!query->favourites_only || item->is_favourite) &&
           (query->text == NULL || strstr(item->kana, query->text) != NULL || strstr(item->name, query->text) != NULL ||
            strstr(item->code, query->text) != NULL);
}

enum status
masters_find_items(const struct masters *masters, const struct item_query *query, struct civil_date date,
                   struct master_item *out, size_t *out_count, bool *out_has_more, struct error_detail *err)
{
    size_t found = 0;
    (void)err;
    *out_count = 0;
    *out_has_more = false;
    for (size_t i = 0; i < masters->shelf->item_count; i++) {
        const struct master_item *item = &masters->shelf->items[i];
        if (!validity_holds(&item->validity, date) || !is_asked_for(item, query) || found++ < query->offset) {
            continue;
        }
        if (*out_count == query->limit) {
            *out_has_more = true;
            break;
        }
        out[(*out_count)++] = *item;
    }
    return STATUS_OK;
}

/* ---- tariffs ---- */

enum status
masters_tariff(const struct masters *masters, const char *code, struct civil_date date, struct tariff **out,
               struct error_detail *err)
{
    const struct json_value *list = json_member(masters->shelf->document, "tariffs");
    for (const struct json_value *object = json_first(list); object != NULL; object = json_next(object)) {
        const char *row_code;
        struct tariff *tariff = NULL;
        if (!json_as_text(json_member(object, "code"), &row_code) || strcmp(row_code, code) != 0) {
            continue;
        }
        enum status status = tariff_read(&tariff, object, err);
        if (status != STATUS_OK) {
            return status;
        }
        if (tariff_is_valid_on(tariff, date)) {
            *out = tariff;
            return STATUS_OK;
        }
        tariff_destroy(tariff);
    }
    error_set(err, "no_such_tariff", "料金表「%s」は今日は使えません。", code);
    return STATUS_NOT_FOUND;
}
