/* fixed: one price, times a quantity. */
#include "common/tariff/pricing.h"
#include "common/tariff/question.h"

#include <stdlib.h>
#include <string.h>

struct fixed_terms {
    struct tariff_price_of price;
    char unit[TARIFF_TEXT_SIZE];
};

static const char quantity_id[] = "quantity";
static const char quantity_label[] = "数量";
static const char part[] = "price";

static void
read(struct tariff *tariff, struct member_row *row)
{
    struct fixed_terms *terms = calloc(1, sizeof *terms);
    if (terms == NULL) {
        member_out_of_memory(row);
        return;
    }
    tariff->terms = terms;
    tariff_price_read(tariff, row, "price_yen", &terms->price);
    member_text_or(row, "unit", "", terms->unit);
}

static bool
has_part(const struct tariff *tariff, const char *code)
{
    (void)tariff;
    return strcmp(code, part) == 0;
}

static void
write_parts(const struct tariff *tariff, struct json_writer *writer)
{
    (void)tariff;
    json_text(writer, NULL, part);
}

static void
ask(const struct tariff *tariff, struct civil_date date, struct question_list *questions)
{
    const struct fixed_terms *terms = tariff->terms;
    (void)date;
    question_count(questions, quantity_id, quantity_label, "", terms->unit, 1, TARIFF_QUANTITY_MAX, 1);
}

static void
price(const struct tariff *tariff, struct pricing *pricing)
{
    const struct fixed_terms *terms = tariff->terms;
    struct base_price base = {
        .part = part,
        .category = "",
        .label = "",
        .row_text = "",
        .price = terms->price,
        .quantity = fact_count(pricing, quantity_id, quantity_label, 1, TARIFF_QUANTITY_MAX, 1),
    };
    pricing_add(pricing, &base);
}

const struct tariff_form tariff_fixed_form = {
    .name = "fixed",
    .has_days = true,
    .has_factors = true,
    .reserved_ids = (const char *const[]){quantity_id, NULL},
    .read = read,
    .has_part = has_part,
    .write_parts = write_parts,
    .ask = ask,
    .price = price,
};
