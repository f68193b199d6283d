/* The terms of form persons; for form_persons.c and persons_price.c. */
#pragma once

#include "common/tariff/band.h"

enum {
    CATEGORIES_MAX = 24, /* of people: a screen of keys */
    CERTIFICATES_MAX = 8,
    ROW_CODE_SIZE = 2 * TARIFF_CODE_SIZE /* "techo.adult" */
};

struct person_category {
    char code[TARIFF_CODE_SIZE];
    char name[TARIFF_TEXT_SIZE];
    char hint[TARIFF_TEXT_SIZE];
    struct tariff_price_of price;
    struct tariff_price_of group_price;
    bool has_group_price;
};

/* A certificate that makes its holder, and some helpers of each holder, pay `percent` of their category's price. At 0
 * the category does not matter: one count for all holders. */
struct person_certificate {
    char code[TARIFF_CODE_SIZE];
    char name[TARIFF_TEXT_SIZE];
    char hint[TARIFF_TEXT_SIZE];
    int64_t percent;
    int64_t helpers; /* of one holder; 0: none */
    char helper_name[TARIFF_TEXT_SIZE];
    int64_t helper_percent;
    size_t helper_category; /* whose price a helper pays helper_percent of, when that is above 0 */
};

struct persons_terms {
    char unit[TARIFF_TEXT_SIZE];
    struct person_category categories[CATEGORIES_MAX];
    size_t category_count;
    struct person_certificate certificates[CERTIFICATES_MAX];
    size_t certificate_count;
    int64_t group_from; /* people of the whole party; 0: no groups */
    bool group_counts_paying;
    char group_name[TARIFF_TEXT_SIZE];
    struct tariff_bands bands; /* count 0: a price for the visit */
};

/* A row of the question `persons`: whose price it is. */
struct person_row {
    char code[ROW_CODE_SIZE];
    char name[TARIFF_TEXT_SIZE];
    const char *hint;
    const struct person_category *category;       /* NULL: free whoever it is */
    const struct person_certificate *certificate; /* NULL: none */
    bool is_helper;
    int64_t percent; /* of the category's price */
};

/* Row INDEX in the order of asking: categories, then each certificate's holders and helpers. False beyond the last. */
bool person_row_at(const struct persons_terms *terms, size_t index, struct person_row *out);

extern const char persons_id[];
extern const char persons_label[];
extern const char persons_bands_id[];
extern const char persons_bands_label[];
extern const char persons_part[];

void persons_price(const struct tariff *tariff, struct pricing *pricing);
