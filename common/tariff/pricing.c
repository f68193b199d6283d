/* From answers to lines. A unit's price goes through factors, the day's rule and a reduction, in this order;
 * percentages are multiplied exactly and rounded once, and each step's row is the difference that it makes. */
#include "common/tariff/pricing.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
refuse_as(struct pricing *pricing, enum status status, const char *code, const char *message)
{
    pricing_refuse(pricing, code, "%s", message);
    pricing->status = pricing->status == STATUS_INVALID ? status : pricing->status;
}

static void
refuse_too_dear(struct pricing *pricing)
{
    refuse_as(pricing, STATUS_OVERFLOW, "too_dear",
              "料金が 9,999,999円 を超えます。入力を確かめ、正しければ分けて会計してください。");
}

void
line_add_row(struct tariff_line *line, int64_t yen, const char *format, ...)
{
    assert(line->row_count < TARIFF_ROWS_MAX);

    struct tariff_row *row = &line->rows[line->row_count++];
    char text[ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    tariff_text_print(row->text, "%s", text);
    row->yen = yen;
}

int64_t
pricing_price(const struct pricing *pricing, const struct tariff_price_of *price)
{
    return price->factor < 0 ? price->yen : price->by_choice_yen[pricing->chosen[price->factor]];
}

static const struct tariff_choice *
chosen(const struct pricing *pricing, size_t factor)
{
    return &pricing->tariff->factors[factor].choices[pricing->chosen[factor]];
}

static bool
factor_applies(const struct tariff_factor *factor, const char *part)
{
    return factor->parts == NULL ||
           tariff_codes_have((const char(*)[TARIFF_CODE_SIZE])factor->parts, factor->part_count, part);
}

/* The base price as the line's first rows; gives one unit's price. */
static int64_t
add_base_rows(struct pricing *pricing, const struct base_price *base, struct tariff_line *line)
{
    int64_t unit_yen = 0;
    char yen[YEN_TEXT_SIZE];
    for (size_t i = 0; i < base->row_count; i++) {
        if (base->quantity == 1 || base->rows[i].yen == 0) {
            line_add_row(line, base->rows[i].yen, "%s", base->rows[i].text);
        } else {
            line_add_row(line, base->rows[i].yen * base->quantity, "%s × %lld", base->rows[i].text,
                         (long long)base->quantity);
        }
        unit_yen += base->rows[i].yen;
    }
    if (base->row_count > 0) {
        return unit_yen;
    }
    unit_yen = pricing_price(pricing, &base->price);
    yen_format(yen, unit_yen);
    bool has_own_price = base->price.factor >= 0 && pricing->chosen[base->price.factor] > 0;
    char name[TARIFF_TEXT_SIZE + 8] = "";
    if (has_own_price) {
        snprintf(name, sizeof name, "(%s)", chosen(pricing, (size_t)base->price.factor)->name);
    }
    const char *space = base->row_text[0] != '\0' || has_own_price ? " " : "";
    if (base->quantity == 1) {
        line_add_row(line, unit_yen, "%s%s%s%s円", base->row_text, name, space, yen);
    } else {
        line_add_row(line, unit_yen * base->quantity, "%s%s%s%s円 × %lld", base->row_text, name, space, yen,
                     (long long)base->quantity);
    }
    return unit_yen;
}

/* A percentage of `numerator` / 100^n yen; the row says what it changes. */
struct scale {
    int64_t base_yen;
    int64_t numerator; /* of the product of all percents */
    int64_t denominator;
    int64_t unit_yen; /* rounded */
};

static void
scale_by(struct pricing *pricing, struct scale *scale, const char *name, int64_t percent, struct tariff_line *line)
{
    scale->numerator *= percent;
    scale->denominator *= 100;
    int64_t scaled = tariff_round(scale->base_yen * scale->numerator, scale->denominator, pricing->tariff->rounding);
    int64_t difference = (scaled - scale->unit_yen) * line->quantity;
    if (difference != 0 && percent == 0) {
        line_add_row(line, difference, "%s", name);
    } else if (difference != 0) {
        line_add_row(line, difference, "%s %lld%%", name, (long long)percent);
    }
    scale->unit_yen = scaled;
    if (scaled > TARIFF_TOTAL_MAX_YEN) {
        refuse_too_dear(pricing);
    }
}

static int64_t
scale_price(struct pricing *pricing, const struct base_price *base, int64_t base_yen, struct tariff_line *line)
{
    struct scale scale = {.base_yen = base_yen, .numerator = 1, .denominator = 1, .unit_yen = base_yen};
    const struct tariff *tariff = pricing->tariff;
    for (size_t i = 0; i < tariff->factor_count; i++) {
        const struct tariff_choice *choice = chosen(pricing, i);
        bool is_own = base->price.factor == (int)i;
        if (!is_own && choice->percent != 100 && factor_applies(&tariff->factors[i], base->part)) {
            scale_by(pricing, &scale, choice->name, choice->percent, line);
        }
    }
    const struct tariff_day_rule *rule =
        tariff_day_rule_for(tariff, pricing->day, base->band, base->category, base->part);
    if (rule != NULL && rule->percent != 100) {
        scale_by(pricing, &scale, rule->name, rule->percent, line);
    }
    return scale.unit_yen;
}

/* "一般(団体・市外)" */
static void
write_label(struct pricing *pricing, const struct base_price *base, struct tariff_line *line)
{
    char marks[ERROR_MESSAGE_SIZE] = "";
    snprintf(marks, sizeof marks, "%s", base->mark != NULL ? base->mark : "");
    for (size_t i = 0; i < pricing->tariff->factor_count; i++) {
        bool is_own = base->price.factor == (int)i;
        bool is_marked =
            pricing->chosen[i] > 0 && (is_own || (chosen(pricing, i)->percent != 100 &&
                                                  factor_applies(&pricing->tariff->factors[i], base->part)));
        if (is_marked) {
            size_t length = strlen(marks);
            snprintf(marks + length, sizeof marks - length, "%s%s", length > 0 ? "・" : "", chosen(pricing, i)->name);
        }
    }
    if (marks[0] != '\0') {
        tariff_text_print(line->label, "%.120s(%.240s)", base->label, marks);
    } else {
        tariff_text_print(line->label, "%s", base->label);
    }
}

static void
apply_reduction(struct pricing *pricing, struct tariff_line *line, size_t index, const struct reduction_rate *rate)
{
    const struct tariff_granted *granted = &pricing->granted[index];
    size_t rate_index = reduction_rate_index(granted->reduction, rate);
    int64_t *left_yen = &pricing->left_yen[index][rate_index];
    int64_t yen =
        reduction_rate_yen(rate, pricing->tariff->reduction_rounding, line->unit_price_yen, line->quantity, left_yen);
    if (yen == 0) {
        return;
    }
    *left_yen -= rate->is_per_use ? yen : 0;
    line->reduction_yen = yen;
    tariff_text_print(line->reduction_name, "%s", tariff_reduction_name(granted->reduction));
    tariff_text_print(line->reduction_granter, "%s", granted->granter);
    snprintf(line->reduction_rule, sizeof line->reduction_rule, "%s", tariff_reduction_code(granted->reduction));
    if (rate->percent > 0) {
        line_add_row(line, -yen, "減免 %s %lld%%引", line->reduction_name, (long long)rate->percent);
    } else {
        line_add_row(line, -yen, "減免 %s", line->reduction_name);
    }
}

static void
reduce(struct pricing *pricing, struct tariff_line *line)
{
    const struct reduction_rate *found = NULL;
    size_t found_index = 0;
    for (size_t i = 0; i < pricing->granted_count; i++) {
        const struct reduction_rate *rate = reduction_rate_for(pricing->granted[i].reduction, line->part);
        if (rate != NULL && found != NULL) {
            refuse_as(pricing, STATUS_REFUSED, "reductions_meet",
                      "1つの料金に減免は1つだけです。減免を1つにしてください。");
            return;
        }
        if (rate != NULL) {
            found = rate;
            found_index = i;
        }
    }
    if (found != NULL && line->unit_price_yen > 0) {
        apply_reduction(pricing, line, found_index, found);
    }
}

void
pricing_add(struct pricing *pricing, const struct base_price *base)
{
    if (pricing->status != STATUS_OK) {
        return;
    }
    assert(base->quantity >= 1 && base->quantity <= TARIFF_QUANTITY_MAX);

    if (pricing->out->line_count == TARIFF_LINES_MAX) {
        refuse_as(pricing, STATUS_OVERFLOW, "too_many_lines", "明細が 40 行を超えます。2回に分けて会計してください。");
        return;
    }
    struct tariff_line *line = &pricing->out->lines[pricing->out->line_count];
    *line = (struct tariff_line){.quantity = base->quantity};
    snprintf(line->part, sizeof line->part, "%s", base->part);
    snprintf(line->category, sizeof line->category, "%s", base->category);
    write_label(pricing, base, line);
    int64_t base_yen = add_base_rows(pricing, base, line);
    assert(base_yen >= 0);
    if (base_yen > TARIFF_TOTAL_MAX_YEN) {
        refuse_too_dear(pricing);
        return;
    }
    line->unit_price_yen = scale_price(pricing, base, base_yen, line);
    if (pricing->status != STATUS_OK) {
        return;
    }
    reduce(pricing, line);
    line->amount_yen = line->unit_price_yen * line->quantity - line->reduction_yen;
    pricing->out->total_yen += line->amount_yen;
    pricing->out->line_count++;
    if (pricing->out->total_yen > TARIFF_TOTAL_MAX_YEN) {
        refuse_too_dear(pricing);
    }
}

bool
tariff_reduction_fits(const struct tariff_reduction *reduction, const struct tariff *tariff)
{
    const struct reduction_rate *rate;
    for (size_t i = 0; (rate = reduction_rate_at(reduction, i)) != NULL; i++) {
        if (strcmp(rate->part, "all") == 0 || tariff->form->has_part(tariff, rate->part)) {
            return true;
        }
    }
    return false;
}

static bool
may_grant(const struct tariff_granted *granted)
{
    const char *granter;
    for (size_t i = 0; (granter = tariff_reduction_granter(granted->reduction, i)) != NULL; i++) {
        if (strcmp(granter, granted->granter) == 0) {
            return true;
        }
    }
    return false;
}

static void
check_granted(struct pricing *pricing)
{
    if (pricing->granted_count > TARIFF_GRANTED_MAX) {
        refuse_as(pricing, STATUS_OVERFLOW, "too_many_reductions", "減免は 4 つまでです。");
        return;
    }
    for (size_t i = 0; i < pricing->granted_count; i++) {
        const struct tariff_granted *granted = &pricing->granted[i];
        const char *name = tariff_reduction_name(granted->reduction);
        if (!tariff_reduction_is_valid_on(granted->reduction, pricing->date)) {
            pricing_refuse(pricing, "reduction_not_valid",
                           "減免「%.120s」は今日は使えません。有効期間を確かめてください。", name);
        } else if (!may_grant(granted)) {
            pricing_refuse(pricing, "wrong_granter", "減免「%.120s」を決定した課を選んでください。", name);
        } else if (!tariff_reduction_fits(granted->reduction, pricing->tariff)) {
            pricing_refuse(pricing, "reduction_does_not_fit",
                           "減免「%.120s」はこの料金には当てはまりません。減免を選び直してください。", name);
        }
        const struct reduction_rate *rate;
        for (size_t r = 0; (rate = reduction_rate_at(granted->reduction, r)) != NULL; r++) {
            pricing->left_yen[i][r] = rate->yen;
        }
    }
}

static void
choose_factors(struct pricing *pricing)
{
    for (size_t i = 0; i < pricing->tariff->factor_count; i++) {
        const struct tariff_factor *factor = &pricing->tariff->factors[i];
        const char *code = fact_text(pricing, factor->code, factor->name, factor->choices[0].code);
        size_t choice = 0;
        while (choice < factor->choice_count && strcmp(factor->choices[choice].code, code) != 0) {
            choice++;
        }
        if (choice == factor->choice_count) {
            pricing_refuse(pricing, "unknown_code", "「%.60s」を選び直してください。", factor->name);
            choice = 0;
        }
        pricing->chosen[i] = choice;
    }
}

enum status
tariff_price(const struct tariff *tariff, const struct json_value *facts, const struct tariff_granted *granted,
             size_t granted_count, struct civil_date business_date, struct tariff_result *out, struct error_detail *err)
{
    struct pricing pricing = {
        .tariff = tariff,
        .facts = facts,
        .granted = granted,
        .granted_count = granted_count,
        .date = business_date,
        .day = business_date,
        .out = out,
        .err = err,
        .status = STATUS_OK,
    };
    out->line_count = 0;
    out->total_yen = 0;
    if (!json_is_null(facts) && !json_is_object(facts)) {
        pricing_refuse(&pricing, "wrong_answer", "入力の形が違います。入れ直してください。");
    }
    check_granted(&pricing);
    choose_factors(&pricing);
    if (pricing.status == STATUS_OK) {
        tariff->form->price(tariff, &pricing);
    }
    facts_finish(&pricing);
    assert(pricing.status != STATUS_OK || out->line_count > 0);
    return pricing.status;
}

static void
write_line(const struct tariff_line *line, struct json_writer *writer)
{
    json_begin_object(writer, NULL);
    json_text(writer, "label", line->label);
    json_text(writer, "category", line->category);
    json_text(writer, "part", line->part);
    json_int(writer, "quantity", line->quantity);
    json_int(writer, "unit_price_yen", line->unit_price_yen);
    if (line->reduction_yen > 0) {
        json_begin_object(writer, "reduction");
        json_text(writer, "rule", line->reduction_rule);
        json_text(writer, "name", line->reduction_name);
        json_text(writer, "granter", line->reduction_granter);
        json_int(writer, "yen", line->reduction_yen);
        json_end_object(writer);
    }
    json_int(writer, "amount_yen", line->amount_yen);
    json_begin_array(writer, "rows");
    for (size_t i = 0; i < line->row_count; i++) {
        json_begin_object(writer, NULL);
        json_text(writer, "text", line->rows[i].text);
        json_int(writer, "yen", line->rows[i].yen);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_end_object(writer);
}

void
tariff_result_write(const struct tariff_result *result, struct json_writer *writer)
{
    json_begin_array(writer, "lines");
    for (size_t i = 0; i < result->line_count; i++) {
        write_line(&result->lines[i], writer);
    }
    json_end_array(writer);
    json_int(writer, "total_yen", result->total_yen);
}
