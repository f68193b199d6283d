/* Factors: questions whose answers change prices, by a percentage or by prices of their own. */
#include "common/tariff/tariff_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t NO_CHOICE = (size_t)-1;

static size_t
find_choice(const struct tariff_factor *factor, const char *code)
{
    for (size_t i = 0; i < factor->choice_count; i++) {
        if (strcmp(factor->choices[i].code, code) == 0) {
            return i;
        }
    }
    return NO_CHOICE;
}

static void
read_choice(struct tariff_factor *factor, struct member_row *row, const struct json_value *object)
{
    struct tariff_choice choice = {0};
    struct member_row inner;
    member_enter(&inner, row, "choices", factor->choice_count, object);
    member_code(&inner, "code", choice.code);
    member_text(&inner, "name", choice.name);
    member_text_or(&inner, "hint", "", choice.hint);
    choice.percent = member_int_or(&inner, "percent", 0, PERCENT_MAX, 100);
    if (find_choice(factor, choice.code) != NO_CHOICE) {
        member_refuse(&inner, "code", "同じコードの選択肢がもう1つあります");
    }
    member_leave(&inner, row);
    factor->choices[factor->choice_count++] = choice;
}

static void
check_code(const struct tariff *tariff, const struct tariff_factor *factor, struct member_row *row)
{
    for (const char *const *id = tariff->form->reserved_ids; *id != NULL; id++) {
        if (strcmp(*id, factor->code) == 0) {
            member_refuse(row, "code", "この形の料金が使う名前です。別のコードにしてください");
        }
    }
    for (size_t i = 0; i < tariff->factor_count; i++) {
        if (strcmp(tariff->factors[i].code, factor->code) == 0) {
            member_refuse(row, "code", "同じコードの区分がもう1つあります");
        }
    }
}

void
tariff_factors_read(struct tariff *tariff, struct member_row *row)
{
    const struct json_value *list = member_list(row, "factors", 0, FACTORS_MAX);
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        struct tariff_factor *factor = &tariff->factors[tariff->factor_count];
        struct member_row inner;
        member_enter(&inner, row, "factors", tariff->factor_count, item);
        member_code(&inner, "code", factor->code);
        member_text(&inner, "name", factor->name);
        check_code(tariff, factor, &inner);
        const struct json_value *choices = member_list(&inner, "choices", 2, CHOICES_MAX);
        for (const struct json_value *choice = json_first(choices); choice != NULL; choice = json_next(choice)) {
            read_choice(factor, &inner, choice);
        }
        factor->parts = member_codes(&inner, "parts", RATES_MAX, &factor->part_count);
        tariff->factor_count++;
        member_leave(&inner, row);
    }
}

/* The factor that has all of OBJECT's keys as its choices, and no other; −1 when there is none. */
static int
factor_of(const struct tariff *tariff, const struct json_value *object)
{
    for (size_t i = 0; i < tariff->factor_count; i++) {
        const struct tariff_factor *factor = &tariff->factors[i];
        size_t found = 0;
        for (const struct json_value *item = json_first(object); item != NULL; item = json_next(item)) {
            found += find_choice(factor, json_key(item)) != NO_CHOICE ? 1 : 0;
        }
        if (found == factor->choice_count && json_count(object) == found) {
            return (int)i;
        }
    }
    return -1;
}

static bool
read_yen(const struct json_value *value, int64_t *out)
{
    return json_as_int(value, out) && *out >= 0 && *out <= TARIFF_TOTAL_MAX_YEN;
}

void
tariff_price_read_value(const struct tariff *tariff, struct member_row *row, const char *key,
                        const struct json_value *value, struct tariff_price_of *out)
{
    *out = (struct tariff_price_of){.factor = -1};
    if (row->status != STATUS_OK) {
        return;
    }
    if (!json_is_object(value)) {
        if (!read_yen(value, &out->yen)) {
            member_refuse(row, key, "0 から 9999999 の整数(円)を書いてください");
        }
        return;
    }
    out->factor = factor_of(tariff, value);
    if (out->factor < 0) {
        member_refuse(row, key, "factors のどれか1つの、選択肢すべてについて円を書いてください");
        return;
    }
    const struct tariff_factor *factor = &tariff->factors[out->factor];
    for (const struct json_value *item = json_first(value); item != NULL; item = json_next(item)) {
        if (!read_yen(item, &out->by_choice_yen[find_choice(factor, json_key(item))])) {
            member_refuse(row, key, "0 から 9999999 の整数(円)を書いてください");
        }
    }
    out->yen = out->by_choice_yen[0];
}

void
tariff_price_read(const struct tariff *tariff, struct member_row *row, const char *key, struct tariff_price_of *out)
{
    if (!member_is_given(row, key)) {
        *out = (struct tariff_price_of){.factor = -1};
        member_refuse(row, key, "必要な項目がありません");
        return;
    }
    tariff_price_read_value(tariff, row, key, json_member(row->object, key), out);
}

void
tariff_factors_check(const struct tariff *tariff, struct member_row *row)
{
    for (size_t i = 0; i < tariff->factor_count && row->status == STATUS_OK; i++) {
        const struct tariff_factor *factor = &tariff->factors[i];
        for (size_t p = 0; p < factor->part_count; p++) {
            if (!tariff->form->has_part(tariff, factor->parts[p])) {
                char key[MEMBER_PATH_SIZE];
                snprintf(key, sizeof key, "factors[%zu].parts", i);
                member_refuse(row, key, "%s という部分はこの料金にありません", factor->parts[p]);
            }
        }
    }
}
