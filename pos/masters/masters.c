/* Lookups in the masters. A place sells some dozens of items; search by walking is a microsecond. */
#include "pos/masters/masters.h"

#include <stdlib.h>
#include <string.h>

void
masters_destroy(struct masters *masters)
{
    if (masters == NULL) {
        return;
    }
    free(masters->items);
    free(masters->brands);
    free(masters->exemptions);
    free(masters->issuers);
    free(masters->clerks);
    free(masters);
}

static bool
is_within(struct civil_date date, struct civil_date from, struct civil_date to)
{
    return civil_date_compare(date, from) >= 0 && (to.year == 0 || civil_date_compare(date, to) <= 0);
}

bool
master_item_is_valid_on(const struct master_item *item, struct civil_date date)
{
    return is_within(date, item->valid_from, item->valid_to);
}

bool
master_brand_is_valid_on(const struct master_brand *brand, struct civil_date date)
{
    return is_within(date, brand->valid_from, brand->valid_to);
}

const struct master_item *
masters_item(const struct masters *masters, const char *code, struct civil_date date)
{
    for (size_t i = 0; i < masters->item_count; i++) {
        if (strcmp(masters->items[i].code, code) == 0 && master_item_is_valid_on(&masters->items[i], date)) {
            return &masters->items[i];
        }
    }
    return NULL;
}

const struct master_brand *
masters_brand(const struct masters *masters, const char *code, struct civil_date date)
{
    for (size_t i = 0; i < masters->brand_count; i++) {
        if (strcmp(masters->brands[i].code, code) == 0 && master_brand_is_valid_on(&masters->brands[i], date)) {
            return &masters->brands[i];
        }
    }
    return NULL;
}

const struct master_exemption *
masters_exemption(const struct masters *masters, const char *code)
{
    for (size_t i = 0; i < masters->exemption_count; i++) {
        if (strcmp(masters->exemptions[i].code, code) == 0) {
            return &masters->exemptions[i];
        }
    }
    return NULL;
}

const struct master_clerk *
masters_clerk(const struct masters *masters, const char *code)
{
    for (size_t i = 0; i < masters->clerk_count; i++) {
        if (strcmp(masters->clerks[i].code, code) == 0) {
            return &masters->clerks[i];
        }
    }
    return NULL;
}

const struct master_brand *
masters_brand_of_code(const struct masters *masters, const char *code, struct civil_date date)
{
    const struct master_brand *best = NULL;
    size_t best_length = 0;
    bool is_ambiguous = false;
    for (size_t i = 0; i < masters->brand_count; i++) {
        const struct master_brand *brand = &masters->brands[i];
        for (size_t p = 0; p < brand->prefix_count && master_brand_is_valid_on(brand, date); p++) {
            size_t length = strlen(brand->code_prefixes[p]);
            if (strncmp(code, brand->code_prefixes[p], length) != 0 || length < best_length) {
                continue;
            }
            is_ambiguous = best != NULL && length == best_length && best != brand;
            best = brand;
            best_length = length;
        }
    }
    return is_ambiguous ? NULL : best;
}

const char *
masters_brand_name(const struct masters *masters, const char *code)
{
    for (size_t i = 0; i < masters->brand_count; i++) {
        if (strcmp(masters->brands[i].code, code) == 0) {
            return masters->brands[i].name;
        }
    }
    return code;
}

const char *
masters_clerk_name(const struct masters *masters, const char *code)
{
    const struct master_clerk *clerk = masters_clerk(masters, code);
    return clerk != NULL ? clerk->name : code;
}
