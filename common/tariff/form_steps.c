/* steps: so much for the first few, so much for each step beyond ("5筆まで300円、1筆増すごとに50円"). */
#include "common/tariff/pricing.h"
#include "common/tariff/question.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STEPS_MAX = 5,          /* with the first price and the maximum: a base price has seven rows */
    STEP_COUNT_MAX = 99999, /* 筆, 枚, km: beyond what one application names */
    ROWS_NEEDED = STEPS_MAX + 2
};

static_assert((int)ROWS_NEEDED <= (int)SCALED_ROWS_MAX, "every step has its row");

/* From the one behind the step before, up to `up_to`, `yen` for each begun `every`. */
struct step {
    int64_t every;
    int64_t yen;
    int64_t up_to;
};

/* INVARIANT: first_count < steps[0].up_to < steps[1].up_to …. */
struct steps_terms {
    char count_label[TARIFF_TEXT_SIZE];
    char unit[TARIFF_TEXT_SIZE];
    char copies_unit[TARIFF_TEXT_SIZE];
    int64_t first_count;
    struct tariff_price_of first;
    struct step steps[STEPS_MAX];
    size_t step_count;
    int64_t maximum_yen; /* 0: none */
};

static const char count_id[] = "count";
static const char copies_id[] = "copies";
static const char copies_label[] = "部数";
static const char part[] = "price";

static void
read_step(struct steps_terms *terms, struct member_row *row, const struct json_value *object)
{
    struct step *step = &terms->steps[terms->step_count];
    int64_t before = terms->step_count == 0 ? terms->first_count : terms->steps[terms->step_count - 1].up_to;
    struct member_row inner;
    member_enter(&inner, row, "steps", terms->step_count, object);
    step->every = member_int(&inner, "every", 1, STEP_COUNT_MAX);
    step->yen = member_int(&inner, "yen", 0, TARIFF_TOTAL_MAX_YEN);
    step->up_to = member_int_or(&inner, "up_to", 1, STEP_COUNT_MAX, STEP_COUNT_MAX);
    if (step->up_to <= before) {
        member_refuse(&inner, "up_to",
                      "前の段は %lld までです。それより大きい数を書き、書かない段は最後に置いてください",
                      (long long)before);
    }
    terms->step_count++;
    member_leave(&inner, row);
}

static void
read(struct tariff *tariff, struct member_row *row)
{
    struct steps_terms *terms = calloc(1, sizeof *terms);
    if (terms == NULL) {
        member_out_of_memory(row);
        return;
    }
    tariff->terms = terms;
    member_text(row, "unit", terms->unit);
    member_text_or(row, "count_label", "数", terms->count_label);
    member_text_or(row, "copies_unit", "部", terms->copies_unit);
    struct member_row first;
    member_enter_object(&first, row, "first");
    terms->first_count = member_int(&first, "count", 1, STEP_COUNT_MAX - 1);
    tariff_price_read(tariff, &first, "yen", &terms->first);
    member_leave(&first, row);
    const struct json_value *steps = member_list(row, "steps", 0, STEPS_MAX);
    for (const struct json_value *item = json_first(steps); item != NULL; item = json_next(item)) {
        read_step(terms, row, item);
    }
    terms->maximum_yen = member_int_or(row, "maximum_yen", 1, TARIFF_TOTAL_MAX_YEN, 0);
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

static int64_t
count_max(const struct steps_terms *terms)
{
    return terms->step_count == 0 ? terms->first_count : terms->steps[terms->step_count - 1].up_to;
}

static void
ask(const struct tariff *tariff, struct civil_date date, struct question_list *questions)
{
    const struct steps_terms *terms = tariff->terms;
    (void)date;
    question_count(questions, count_id, terms->count_label, "", terms->unit, 1, count_max(terms), 1);
    question_count(questions, copies_id, copies_label, "", terms->copies_unit, 1, TARIFF_QUANTITY_MAX, 1);
}

static void
add_row(struct base_price *base, int64_t yen, const char *text)
{
    assert(base->row_count < BASE_ROWS_MAX);

    struct tariff_row *row = &base->rows[base->row_count++];
    row->yen = yen;
    tariff_text_print(row->text, "%s", text);
}

/* The rows of one copy: the first price, each step that was reached, the maximum. */
static void
add_rows(const struct steps_terms *terms, int64_t count, int64_t first_yen, struct base_price *base)
{
    char text[ERROR_MESSAGE_SIZE];
    char yen_text[YEN_TEXT_SIZE];
    int64_t sum_yen = first_yen;
    int64_t before = terms->first_count;
    snprintf(text, sizeof text, "%lld%sまで %s円", (long long)terms->first_count, terms->unit,
             yen_format(yen_text, first_yen));
    add_row(base, first_yen, text);
    for (size_t i = 0; i < terms->step_count && count > before; i++) {
        const struct step *step = &terms->steps[i];
        int64_t reached = count < step->up_to ? count : step->up_to;
        int64_t times = (reached - before + step->every - 1) / step->every;
        snprintf(text, sizeof text, "%lld%sから %lld%sごとに%s円 × %lld", (long long)before + 1, terms->unit,
                 (long long)step->every, terms->unit, yen_format(yen_text, step->yen), (long long)times);
        add_row(base, step->yen * times, text);
        sum_yen += step->yen * times;
        before = reached;
    }
    if (terms->maximum_yen > 0 && sum_yen > terms->maximum_yen) {
        snprintf(text, sizeof text, "上限 %s円を適用", yen_format(yen_text, terms->maximum_yen));
        add_row(base, terms->maximum_yen - sum_yen, text);
    }
}

static void
price(const struct tariff *tariff, struct pricing *pricing)
{
    const struct steps_terms *terms = tariff->terms;
    int64_t count = fact_count(pricing, count_id, terms->count_label, 1, count_max(terms), 1);
    char label[TARIFF_TEXT_SIZE];
    tariff_text_print(label, "%lld%s", (long long)count, terms->unit);
    struct base_price base = {
        .part = part,
        .category = "",
        .label = label,
        .price = terms->first,
        .quantity = fact_count(pricing, copies_id, copies_label, 1, TARIFF_QUANTITY_MAX, 1),
    };
    add_rows(terms, count, pricing_price(pricing, &terms->first), &base);
    pricing_add(pricing, &base);
}

const struct tariff_form tariff_steps_form = {
    .name = "steps",
    .has_days = true,
    .has_factors = true,
    .reserved_ids = (const char *const[]){count_id, copies_id, NULL},
    .read = read,
    .has_part = has_part,
    .write_parts = write_parts,
    .ask = ask,
    .price = price,
};
