/* Lookups of what is in memory: some dozens of rows of each kind, walked in a microsecond. */
#include "pos/masters/masters.h"

#include "common/tariff/tariff.h"

#include <string.h>

bool
validity_holds(const struct validity *validity, struct civil_date date)
{
    return civil_date_compare(date, validity->from) >= 0 &&
           (validity->to.year == 0 || civil_date_compare(date, validity->to) <= 0);
}

const struct master_brand *
masters_brand(const struct masters *masters, const char *code, struct civil_date date)
{
    for (size_t i = 0; i < masters->brand_count; i++) {
        if (strcmp(masters->brands[i].code, code) == 0 && validity_holds(&masters->brands[i].validity, date)) {
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

bool
master_exemption_covers(const struct master_exemption *exemption, const char *item)
{
    for (size_t i = 0; i < exemption->item_count; i++) {
        if (strcmp(exemption->items[i], item) == 0) {
            return true;
        }
    }
    return !exemption->is_for_some_items;
}

const struct tariff_reduction *
masters_reduction(const struct masters *masters, const char *code, struct civil_date date)
{
    for (size_t i = 0; i < masters->reduction_count; i++) {
        const struct tariff_reduction *reduction = masters->reductions[i];
        if (strcmp(tariff_reduction_code(reduction), code) == 0 && tariff_reduction_is_valid_on(reduction, date)) {
            return reduction;
        }
    }
    return NULL;
}

const struct master_issuer *
masters_issuer(const struct masters *masters, const char *code)
{
    for (size_t i = 0; i < masters->issuer_count; i++) {
        if (strcmp(masters->issuers[i].code, code) == 0) {
            return &masters->issuers[i];
        }
    }
    return NULL;
}

static const char *
name_of(const struct master_name *names, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i].code, code) == 0) {
            return names[i].name;
        }
    }
    return "";
}

const char *
masters_account_name(const struct masters *masters, const char *code)
{
    return name_of(masters->accounts, masters->account_count, code);
}

const char *
masters_section_name(const struct masters *masters, const char *code)
{
    return name_of(masters->sections, masters->section_count, code);
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

const struct master_facility *
masters_facility(const struct masters *masters, const char *code, struct civil_date date)
{
    for (size_t i = 0; i < masters->facility_count; i++) {
        if (strcmp(masters->facilities[i].code, code) == 0 && validity_holds(&masters->facilities[i].validity, date)) {
            return &masters->facilities[i];
        }
    }
    return NULL;
}

const struct master_drawer *
masters_drawer(const struct masters *masters, const char *code)
{
    for (size_t i = 0; i < masters->drawer_count; i++) {
        if (strcmp(masters->drawers[i].code, code) == 0) {
            return &masters->drawers[i];
        }
    }
    return NULL;
}

const struct master_drawer *
masters_drawer_of(const struct masters *masters, const char *terminal)
{
    for (size_t i = 0; i < masters->drawer_count; i++) {
        if (strcmp(masters->drawers[i].terminal, terminal) == 0) {
            return &masters->drawers[i];
        }
    }
    return NULL;
}

static const struct master_policy *
find_policy(const struct masters *masters, const char *code, struct civil_date date)
{
    for (size_t i = 0; i < masters->policy_count; i++) {
        if (strcmp(masters->policies[i].code, code) == 0 && validity_holds(&masters->policies[i].validity, date)) {
            return &masters->policies[i];
        }
    }
    return NULL;
}

static const struct master_policy built_in_policy = {
    .code = "standard",
    .name = "標準",
    .methods = 1u << METHOD_CASH | 1u << METHOD_QR | 1u << METHOD_EMONEY | 1u << METHOD_CREDIT,
    .refund = REFUND_LATER,
    .refund_means = REFUND_CASH | REFUND_GATEWAY | REFUND_BANK_TRANSFER,
};

const struct master_policy *
masters_policy_of(const struct masters *masters, const struct master_item *item, struct civil_date date)
{
    const char *const codes[] = {item != NULL ? item->policy : "", masters->place.policy, "standard"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        const struct master_policy *policy = codes[i][0] != '\0' ? find_policy(masters, codes[i], date) : NULL;
        if (policy != NULL) {
            return policy;
        }
    }
    return &built_in_policy;
}

const char *
masters_template(const struct masters *masters, const char *form, unsigned columns, struct civil_date date)
{
    const struct master_template *best = NULL;
    for (size_t i = 0; i < masters->template_count; i++) {
        const struct master_template *row = &masters->templates[i];
        bool fits = strcmp(row->form, form) == 0 && validity_holds(&row->validity, date) &&
                    (row->columns == 0 || row->columns == columns);
        if (fits && (best == NULL || row->columns > best->columns)) {
            best = row;
        }
    }
    return best != NULL ? best->markup : NULL;
}

const struct master_brand *
masters_brand_of_code(const struct masters *masters, const char *code, struct civil_date date)
{
    const struct master_brand *best = NULL;
    size_t best_length = 0;
    bool is_ambiguous = false;
    for (size_t i = 0; i < masters->brand_count; i++) {
        const struct master_brand *brand = &masters->brands[i];
        for (size_t p = 0; p < brand->prefix_count && validity_holds(&brand->validity, date); p++) {
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

static const char *const doubt_words[] = {
    [DOUBT_TOUCH_PROVES] = "touch_proves",
    [DOUBT_TOUCH_CONFIRMS] = "touch_confirms",
    [DOUBT_COUNTS_AS_SALE] = "counts_as_sale",
    [DOUBT_RUN_AGAIN] = "run_again",
};

const char *
doubt_rule_word(enum doubt_rule rule)
{
    return doubt_words[rule];
}

bool
doubt_rule_from_word(const char *word, enum doubt_rule *out)
{
    for (size_t i = 0; i < sizeof doubt_words / sizeof doubt_words[0]; i++) {
        if (strcmp(doubt_words[i], word) == 0) {
            *out = (enum doubt_rule)i;
            return true;
        }
    }
    return false;
}
