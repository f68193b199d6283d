/* persons: a price for each category of person, groups, certificates with helpers; for a visit, or for each band of the
 * day. This file reads the row and asks; persons_price.c prices. */
#include "common/tariff/persons.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GROUP_MAX = 9999, HELPERS_MAX = 9 };

const char persons_id[] = "persons";
const char persons_label[] = "人数";
const char persons_bands_id[] = "bands";
const char persons_bands_label[] = "時間帯";
const char persons_part[] = "admission";

static size_t
find_category(const struct persons_terms *terms, const char *code)
{
    size_t index = 0;
    while (index < terms->category_count && strcmp(terms->categories[index].code, code) != 0) {
        index++;
    }
    return index;
}

static void
read_category(const struct tariff *tariff, struct persons_terms *terms, struct member_row *row,
              const struct json_value *object)
{
    struct person_category category = {0};
    struct member_row inner;
    member_enter(&inner, row, "categories", terms->category_count, object);
    member_code(&inner, "code", category.code);
    member_text(&inner, "name", category.name);
    member_text_or(&inner, "hint", "", category.hint);
    tariff_price_read(tariff, &inner, "price_yen", &category.price);
    category.has_group_price = member_is_given(&inner, "group_price_yen");
    if (category.has_group_price) {
        tariff_price_read(tariff, &inner, "group_price_yen", &category.group_price);
        if (terms->group_from == 0) {
            member_refuse(&inner, "group_price_yen", "団体の人数を group に書いてください");
        }
    }
    if (find_category(terms, category.code) < terms->category_count) {
        member_refuse(&inner, "code", "同じコードの区分がもう1つあります");
    }
    member_leave(&inner, row);
    terms->categories[terms->category_count++] = category;
}

static void
read_helpers(const struct persons_terms *terms, struct person_certificate *certificate, struct member_row *row)
{
    certificate->helpers = member_int_or(row, "helpers", 0, HELPERS_MAX, 0);
    if (certificate->helpers == 0) {
        return;
    }
    member_text_or(row, "helper_name", "介助者", certificate->helper_name);
    certificate->helper_percent = member_int_or(row, "helper_percent", 0, 100, 0);
    if (certificate->helper_percent > 0) {
        char code[TARIFF_CODE_SIZE];
        member_code(row, "helper_category", code);
        certificate->helper_category = find_category(terms, code);
        if (certificate->helper_category == terms->category_count) {
            member_refuse(row, "helper_category", "categories にあるコードを書いてください");
            certificate->helper_category = 0;
        }
    }
}

/* Whether CODE stands for a category or certificate that was read before. */
static bool
is_taken(const struct persons_terms *terms, const char *code)
{
    for (size_t i = 0; i < terms->certificate_count; i++) {
        if (strcmp(terms->certificates[i].code, code) == 0) {
            return true;
        }
    }
    return find_category(terms, code) < terms->category_count;
}

static void
read_certificate(struct persons_terms *terms, struct member_row *row, const struct json_value *object)
{
    struct person_certificate certificate = {0};
    struct member_row inner;
    member_enter(&inner, row, "certificates", terms->certificate_count, object);
    member_code(&inner, "code", certificate.code);
    member_text(&inner, "name", certificate.name);
    member_text_or(&inner, "hint", "", certificate.hint);
    certificate.percent = member_int_or(&inner, "percent", 0, 100, 0);
    read_helpers(terms, &certificate, &inner);
    if (is_taken(terms, certificate.code)) {
        member_refuse(&inner, "code", "同じコードの区分か手帳がもう1つあります");
    }
    member_leave(&inner, row);
    terms->certificates[terms->certificate_count++] = certificate;
}

static void
read_group(struct persons_terms *terms, struct member_row *row)
{
    static const char *const counts[] = {"all", "paying", NULL};
    if (!member_is_given(row, "group")) {
        return;
    }
    struct member_row inner;
    member_enter_object(&inner, row, "group");
    terms->group_from = member_int(&inner, "from", 2, GROUP_MAX);
    terms->group_counts_paying = member_word(&inner, "counts", counts, 0) == 1;
    member_text_or(&inner, "name", "団体", terms->group_name);
    member_leave(&inner, row);
}

static void
read(struct tariff *tariff, struct member_row *row)
{
    struct persons_terms *terms = calloc(1, sizeof *terms);
    if (terms == NULL) {
        member_out_of_memory(row);
        return;
    }
    tariff->terms = terms;
    member_text_or(row, "unit", "人", terms->unit);
    read_group(terms, row);
    const struct json_value *categories = member_list(row, "categories", 1, CATEGORIES_MAX);
    for (const struct json_value *item = json_first(categories); item != NULL; item = json_next(item)) {
        read_category(tariff, terms, row, item);
    }
    const struct json_value *certificates = member_list(row, "certificates", 0, CERTIFICATES_MAX);
    for (const struct json_value *item = json_first(certificates); item != NULL; item = json_next(item)) {
        read_certificate(terms, row, item);
    }
    tariff_bands_read(&terms->bands, row, 0);
}

static bool
has_part(const struct tariff *tariff, const char *code)
{
    (void)tariff;
    return strcmp(code, persons_part) == 0;
}

static bool
has_band(const struct tariff *tariff, const char *code)
{
    const struct persons_terms *terms = tariff->terms;
    return tariff_band_find(&terms->bands, code) < terms->bands.count;
}

/* A category of persons, or a certificate. */
static bool
has_category(const struct tariff *tariff, const char *code)
{
    return is_taken(tariff->terms, code);
}

static void
write_parts(const struct tariff *tariff, struct json_writer *writer)
{
    (void)tariff;
    json_text(writer, NULL, persons_part);
}

/* Holders: one row when they are free, else one for each category. */
static size_t
holder_rows(const struct persons_terms *terms, const struct person_certificate *certificate)
{
    return certificate->percent == 0 ? 1 : terms->category_count;
}

static void
make_holder(const struct persons_terms *terms, const struct person_certificate *certificate, size_t index,
            struct person_row *out)
{
    *out = (struct person_row){.hint = certificate->hint, .certificate = certificate, .percent = certificate->percent};
    if (certificate->percent == 0) {
        snprintf(out->code, sizeof out->code, "%s", certificate->code);
        tariff_text_print(out->name, "%s", certificate->name);
        return;
    }
    out->category = &terms->categories[index];
    snprintf(out->code, sizeof out->code, "%s.%s", certificate->code, out->category->code);
    tariff_text_print(out->name, "%s %s", out->category->name, certificate->name);
}

static void
make_helper(const struct persons_terms *terms, const struct person_certificate *certificate, struct person_row *out)
{
    *out = (struct person_row){
        .hint = "", .certificate = certificate, .is_helper = true, .percent = certificate->helper_percent};
    out->category = certificate->helper_percent > 0 ? &terms->categories[certificate->helper_category] : NULL;
    snprintf(out->code, sizeof out->code, "%s.helper", certificate->code);
    tariff_text_print(out->name, "%s %s", certificate->name, certificate->helper_name);
}

bool
person_row_at(const struct persons_terms *terms, size_t index, struct person_row *out)
{
    if (index < terms->category_count) {
        const struct person_category *category = &terms->categories[index];
        *out = (struct person_row){.hint = category->hint, .category = category, .percent = 100};
        snprintf(out->code, sizeof out->code, "%s", category->code);
        tariff_text_print(out->name, "%s", category->name);
        return true;
    }
    index -= terms->category_count;
    for (size_t i = 0; i < terms->certificate_count; i++) {
        const struct person_certificate *certificate = &terms->certificates[i];
        size_t holders = holder_rows(terms, certificate);
        if (index < holders) {
            make_holder(terms, certificate, index, out);
            return true;
        }
        index -= holders;
        if (certificate->helpers > 0 && index-- == 0) {
            make_helper(terms, certificate, out);
            return true;
        }
    }
    return false;
}

static void
ask(const struct tariff *tariff, struct civil_date date, struct question_list *questions)
{
    const struct persons_terms *terms = tariff->terms;
    struct person_row row;
    (void)date;
    if (terms->bands.count > 0) {
        question_begin(questions, persons_bands_id, "choices", persons_bands_label, "", /* is_required= */ true);
        json_begin_array(&questions->writer, "choices");
        for (size_t i = 0; i < terms->bands.count; i++) {
            tariff_band_choice(&terms->bands.bands[i], questions);
        }
        json_end_array(&questions->writer);
        json_end_object(&questions->writer);
    }
    char hint[TARIFF_TEXT_SIZE] = "";
    if (terms->group_from > 0) {
        tariff_text_print(hint, "全員で%lld%s以上は%s", (long long)terms->group_from, terms->unit, terms->group_name);
    }
    question_begin(questions, persons_id, "counts", persons_label, hint, /* is_required= */ true);
    json_begin_array(&questions->writer, "rows");
    for (size_t i = 0; person_row_at(terms, i, &row); i++) {
        bool is_plain = row.percent == 100 && row.category != NULL;
        question_count_row(questions, row.code, row.name, row.hint, terms->unit, TARIFF_QUANTITY_MAX,
                           row.percent == 0 ? 0
                           : is_plain       ? row.category->price.yen
                                            : -1);
    }
    json_end_array(&questions->writer);
    json_end_object(&questions->writer);
}

const struct tariff_form tariff_persons_form = {
    .name = "persons",
    .has_days = true,
    .has_factors = true,
    .reserved_ids = (const char *const[]){persons_id, persons_bands_id, NULL},
    .read = read,
    .has_part = has_part,
    .has_band = has_band,
    .has_category = has_category,
    .write_parts = write_parts,
    .ask = ask,
    .price = persons_price,
};
