/* Pricing people. The whole party decides whether it is a group; each row that was counted becomes a line (for each
 * band), also at 0 yen, because people are counted. */
#include "common/tariff/persons.h"

#include <assert.h>
#include <string.h>

enum { PERSON_ROWS_MAX = CATEGORIES_MAX + CERTIFICATES_MAX * (CATEGORIES_MAX + 1) };

struct party {
    const struct persons_terms *terms;
    int64_t counts[PERSON_ROWS_MAX]; /* by row */
    size_t row_count;
    int64_t size;
    bool is_group;
};

static bool
is_person_row(const void *context, const char *code)
{
    struct person_row row;
    for (size_t i = 0; person_row_at(context, i, &row); i++) {
        if (strcmp(row.code, code) == 0) {
            return true;
        }
    }
    return false;
}

static bool
pays(const struct pricing *pricing, const struct person_row *row)
{
    return row->percent > 0 && row->category != NULL && pricing_price(pricing, &row->category->price) > 0;
}

static void
check_helpers(struct pricing *pricing, const struct person_certificate *certificate, int64_t holders, int64_t helpers)
{
    if (helpers > holders * certificate->helpers) {
        pricing_refuse(
            pricing, "too_many_helpers",
            "%.60sの%.60sは%.60sをお持ちの方1人につき%lld人までです。ほかの方は一般などの人数に入れてください。",
            certificate->name, certificate->helper_name, certificate->name, (long long)certificate->helpers);
    }
}

static void
count_party(struct pricing *pricing, struct party *party)
{
    const struct persons_terms *terms = party->terms;
    struct person_row row;
    int64_t group_size = 0;
    int64_t holders = 0;
    fact_check_object(pricing, persons_id, persons_label, is_person_row, terms);
    for (size_t i = 0; person_row_at(terms, i, &row); i++) {
        assert(i < PERSON_ROWS_MAX);
        int64_t count = fact_count_of(pricing, persons_id, row.code, row.name, TARIFF_QUANTITY_MAX);
        party->counts[i] = count;
        party->row_count = i + 1;
        party->size += count;
        group_size += !terms->group_counts_paying || pays(pricing, &row) ? count : 0;
        if (row.is_helper) {
            check_helpers(pricing, row.certificate, holders, count);
            holders = 0;
        } else if (row.certificate != NULL) {
            holders += count;
        }
        if (row.certificate == NULL || row.certificate->helpers == 0) {
            holders = 0;
        }
    }
    party->is_group = terms->group_from > 0 && group_size >= terms->group_from;
    if (party->size == 0) {
        pricing_refuse(pricing, "missing_answer", "人数を入れてください。");
    }
}

/* The rows of a price that is a part of the category's: the whole, and what is taken off. */
static void
add_rows(struct pricing *pricing, const struct person_row *row, const struct tariff_price_of *price,
         struct base_price *base)
{
    char yen_text[YEN_TEXT_SIZE];
    int64_t whole_yen = pricing_price(pricing, price);
    int64_t yen = tariff_round(whole_yen * row->percent, 100, pricing->tariff->rounding);
    yen = yen < whole_yen ? yen : whole_yen;
    base->rows[0].yen = whole_yen;
    tariff_text_print(base->rows[0].text, "%s %s円", row->category->name, yen_format(yen_text, whole_yen));
    base->rows[1].yen = yen - whole_yen;
    tariff_text_print(base->rows[1].text, "%s %lld%%", row->certificate->name, (long long)row->percent);
    base->row_count = 2;
}

static void
add_line(struct pricing *pricing, const struct party *party, size_t index, const struct tariff_band *band)
{
    const struct persons_terms *terms = party->terms;
    struct person_row row;
    char label[TARIFF_TEXT_SIZE];
    bool is_found = person_row_at(terms, index, &row);
    assert(is_found);
    bool is_group_price = party->is_group && row.category != NULL && row.category->has_group_price;
    struct base_price base = {
        .part = persons_part,
        .category = row.category != NULL && row.certificate == NULL ? row.category->code : row.certificate->code,
        .band = band != NULL ? band->code : NULL,
        .mark = is_group_price ? terms->group_name : NULL,
        .quantity = party->counts[index],
        .price = {.factor = -1},
        .row_text = row.name,
        .label = label,
    };
    tariff_text_print(label, "%s%s%s", row.name, band != NULL ? " " : "", band != NULL ? band->name : "");
    if (row.category != NULL) {
        const struct tariff_price_of *price = is_group_price ? &row.category->group_price : &row.category->price;
        base.price = *price;
        if (row.percent < 100) {
            add_rows(pricing, &row, price, &base);
        }
    }
    char group_text[TARIFF_TEXT_SIZE];
    if (is_group_price && base.row_count == 0) {
        tariff_text_print(group_text, "%s(%s%lld%s以上)", row.name, terms->group_name, (long long)terms->group_from,
                          terms->unit);
        base.row_text = group_text;
    }
    pricing_add(pricing, &base);
}

void
persons_price(const struct tariff *tariff, struct pricing *pricing)
{
    const struct persons_terms *terms = tariff->terms;
    struct party party = {.terms = terms};
    bool is_used[BANDS_MAX] = {false};
    bool has_band = false;
    if (terms->bands.count > 0) {
        tariff_bands_used(pricing, &terms->bands, fact_value(pricing, persons_bands_id), persons_bands_label, is_used);
        for (size_t i = 0; i < terms->bands.count; i++) {
            has_band = has_band || is_used[i];
        }
        if (!has_band) {
            pricing_refuse(pricing, "missing_answer", "時間帯を選んでください。");
        }
    }
    count_party(pricing, &party);
    for (size_t i = 0; i < party.row_count && pricing->status == STATUS_OK; i++) {
        if (party.counts[i] > 0 && terms->bands.count == 0) {
            add_line(pricing, &party, i, NULL);
        }
        for (size_t b = 0; b < terms->bands.count && party.counts[i] > 0; b++) {
            if (is_used[b]) {
                add_line(pricing, &party, i, &terms->bands.bands[b]);
            }
        }
    }
}
