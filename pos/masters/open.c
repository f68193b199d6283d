/* Opening the extract of the masters: its head is read into memory, its pages stay in the database (extract.h). */
#include "common/bytes/encoding.h"
#include "common/tariff/tariff.h"
#include "pos/masters/extract.h"
#include "pos/masters/row.h"
#include "pos/masters/shelf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    shelf_destroy(masters->shelf);
    for (size_t i = 0; i < masters->reduction_count; i++) {
        tariff_reduction_destroy(masters->reductions[i]);
    }
    free(masters->reductions);
    free(masters->brands);
    free(masters->exemptions);
    free(masters->issuers);
    free(masters->accounts);
    free(masters->sections);
    free(masters->clerks);
    free(masters->facilities);
    free(masters->drawers);
    free(masters->policies);
    free(masters->scan_rules);
    free(masters->templates);
    free(masters);
}

/* One kind of row: where its rows go. */
struct row_kind {
    const char *key;
    size_t size;
    void (*read)(struct row *row, void *out);
    void **rows;
    size_t *count;
};

static enum status
read_rows(const struct row_kind *kind, const struct json_value *head, struct error_detail *err)
{
    const struct json_value *list;
    if (json_member(head, kind->key) == NULL) {
        return STATUS_OK; /* an extract that an older program cut */
    }
    enum status status = json_get_array(head, kind->key, &list, err);
    if (status != STATUS_OK) {
        return status;
    }
    char *rows = calloc(json_count(list) + 1, kind->size);
    if (rows == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    *kind->rows = rows;
    for (const struct json_value *object = json_first(list); object != NULL; object = json_next(object)) {
        struct row row = {.object = object, .err = err};
        size_t index = (*kind->count)++; /* counted before it is read: what a failed one holds is freed with all */
        kind->read(&row, rows + index * kind->size);
        if (row.status != STATUS_OK) {
            error_prefix(err, "%s[%zu]: ", kind->key, index);
            return row.status;
        }
    }
    return STATUS_OK;
}

#define ROW_READER(kind, type)                                                                                         \
    static void kind##_row(struct row *row, void *out)                                                                 \
    {                                                                                                                  \
        read_##kind(row, (type *)out);                                                                                 \
    }

ROW_READER(brand, struct master_brand)
ROW_READER(exemption, struct master_exemption)
ROW_READER(issuer, struct master_issuer)
ROW_READER(account, struct master_name)
ROW_READER(section, struct master_name)
ROW_READER(clerk, struct master_clerk)
ROW_READER(facility, struct master_facility)
ROW_READER(drawer, struct master_drawer)
ROW_READER(policy, struct master_policy)
ROW_READER(scan_rule, struct master_scan_rule)
ROW_READER(template, struct master_template)
ROW_READER(place, struct master_place)

static void
reduction_row(struct row *row, void *out)
{
    row->status = tariff_reduction_read(out, row->object, row->err);
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
read_kinds(struct masters *masters, const struct json_value *head, struct error_detail *err)
{
    void *brands = NULL, *exemptions = NULL, *issuers = NULL, *clerks = NULL, *facilities = NULL, *drawers = NULL,
         *accounts = NULL, *sections = NULL, *policies = NULL, *scan_rules = NULL, *templates = NULL,
         *reductions = NULL;
    const struct row_kind kinds[] = {
        {"brands", sizeof *masters->brands, brand_row, &brands, &masters->brand_count},
        {"exemptions", sizeof *masters->exemptions, exemption_row, &exemptions, &masters->exemption_count},
        {"issuers", sizeof *masters->issuers, issuer_row, &issuers, &masters->issuer_count},
        {"accounts", sizeof *masters->accounts, account_row, &accounts, &masters->account_count},
        {"sections", sizeof *masters->sections, section_row, &sections, &masters->section_count},
        {"clerks", sizeof *masters->clerks, clerk_row, &clerks, &masters->clerk_count},
        {"facilities", sizeof *masters->facilities, facility_row, &facilities, &masters->facility_count},
        {"drawers", sizeof *masters->drawers, drawer_row, &drawers, &masters->drawer_count},
        {"policies", sizeof *masters->policies, policy_row, &policies, &masters->policy_count},
        {"scan_rules", sizeof *masters->scan_rules, scan_rule_row, &scan_rules, &masters->scan_rule_count},
        {"templates", sizeof *masters->templates, template_row, &templates, &masters->template_count},
        {"reductions", sizeof *masters->reductions, reduction_row, &reductions, &masters->reduction_count},
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && status == STATUS_OK; i++) {
        status = read_rows(&kinds[i], head, err);
    }
    masters->brands = brands;
    masters->exemptions = exemptions;
    masters->issuers = issuers;
    masters->accounts = accounts;
    masters->sections = sections;
    masters->clerks = clerks;
    masters->facilities = facilities;
    masters->drawers = drawers;
    masters->policies = policies;
    masters->scan_rules = scan_rules;
    masters->templates = templates;
    masters->reductions = reductions;
    return status;
}

static enum status
read_own_place(struct masters *masters, const struct json_value *head, struct error_detail *err)
{
    void *places = NULL;
    size_t count = 0;
    const struct row_kind kind = {"places", sizeof masters->place, place_row, &places, &count};
    enum status status = read_rows(&kind, head, err);
    if (status == STATUS_OK && count != 1) {
        error_set(err, "wrong_member", "the extract is not for one place");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        memcpy(&masters->place, places, sizeof masters->place);
    }
    free(places);
    return status;
}

/* The directory: [first key, hash] of each page. */
static enum status
read_directory(const struct json_value *head, struct shelf_page **out, size_t *out_count, struct error_detail *err)
{
    const struct json_value *list;
    enum status status = json_get_array(head, "pages", &list, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out = calloc(json_count(list) + 1, sizeof **out);
    for (const struct json_value *row = json_first(list); *out != NULL && row != NULL; row = json_next(row)) {
        const char *key;
        const char *hash;
        struct shelf_page *page = &(*out)[*out_count];
        if (!json_as_text(json_element(row, 0), &key) || !json_as_text(json_element(row, 1), &hash) ||
            hex_decode(page->hash, SHA256_SIZE, hash, strlen(hash)) != STATUS_OK) {
            error_set(err, "wrong_member", "the directory of the extract cannot be read");
            return STATUS_INVALID;
        }
        if ((page->first_key = strdup(key)) == NULL) {
            break;
        }
        ++*out_count;
    }
    if (*out == NULL || *out_count != json_count(list)) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

static enum status
open_shelf(struct masters *masters, struct database *db, const struct json_value *head, struct error_detail *err)
{
    struct shelf_page *pages = NULL;
    size_t page_count = 0;
    enum status status = read_directory(head, &pages, &page_count, err);
    if (status != STATUS_OK) {
        shelf_pages_destroy(pages, page_count);
        return status;
    }
    return shelf_create(&masters->shelf, db, masters->version, pages, page_count, err);
}

static enum status
read_extract(struct masters *masters, struct database *db, const char *bytes, size_t length, struct error_detail *err)
{
    struct json_value *head = NULL;
    int64_t format;
    const char *document;
    enum status status = json_parse(&head, bytes, length, err);
    if (status == STATUS_OK) {
        status = json_get_int(head, "format", 1, INT32_MAX, &format, err);
    }
    if (status == STATUS_OK && format != EXTRACT_FORMAT) {
        error_set(err, "other_format", "the extract has format %lld, not %d", (long long)format, EXTRACT_FORMAT);
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = json_get_text(head, "document", SHA256_TEXT_SIZE - 1, &document, err);
    }
    if (status == STATUS_OK) {
        snprintf(masters->sha256, sizeof masters->sha256, "%s", document);
        status = read_head(masters, head, err);
    }
    if (status == STATUS_OK) {
        status = read_own_place(masters, head, err);
    }
    if (status == STATUS_OK) {
        status = read_kinds(masters, head, err);
    }
    if (status == STATUS_OK) {
        status = open_shelf(masters, db, head, err);
    }
    json_free(head);
    return status;
}

static enum status
read_checked(struct masters *masters, struct database *db, const struct statement *row, const char *head_sha256,
             struct error_detail *err)
{
    size_t length;
    char sha256[SHA256_TEXT_SIZE];
    const char *bytes = statement_column_blob(row, 0, &length);
    sha256_text(sha256, bytes, length);
    if (strcmp(sha256, head_sha256) != 0) {
        error_set(err, "masters_damaged", "the extract of the masters was altered on this disk");
        return STATUS_CORRUPT;
    }
    return read_extract(masters, db, bytes, length, err);
}

enum status
masters_open(struct masters **out, struct database *db, int64_t version, const char *head_sha256,
             struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    struct masters *masters = calloc(1, sizeof *masters);
    if (masters == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status =
        database_statement(db, "SELECT bytes FROM masters_part WHERE version = ?1 AND part = 0", &row, err);
    if (status == STATUS_OK) {
        statement_bind_int(row, 1, version);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && !has_row) {
        error_set(err, "no_extract", "there is no extract of masters version %lld", (long long)version);
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = read_checked(masters, db, row, head_sha256, err);
        statement_reset(row);
    }
    if (status != STATUS_OK) {
        masters_destroy(masters);
        return status;
    }
    *out = masters;
    return STATUS_OK;
}
