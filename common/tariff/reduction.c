/* 減免: what a rule takes off the parts of a price. */
#include "common/tariff/tariff_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct tariff_reduction {
    char code[TARIFF_CODE_SIZE];
    char name[TARIFF_TEXT_SIZE];
    char granters[GRANTERS_MAX][TARIFF_TEXT_SIZE];
    size_t granter_count;
    struct reduction_rate rates[RATES_MAX];
    size_t rate_count;
    char (*items)[TARIFF_CODE_SIZE]; /* NULL: all */
    size_t item_count;
    char (*facilities)[TARIFF_CODE_SIZE];
    size_t facility_count;
    struct civil_date valid_from;
    struct civil_date valid_to; /* year 0: no end */
};

static const char part_all[] = "all";

static void
read_rate(struct tariff_reduction *reduction, struct member_row *row, const struct json_value *object)
{
    static const char *const pers[] = {"unit", "use", NULL};
    struct reduction_rate rate = {.percent = -1};
    struct member_row inner;
    member_enter(&inner, row, "rates", reduction->rate_count, object);
    member_code(&inner, "part", rate.part);
    bool has_percent = member_is_given(&inner, "percent");
    bool has_yen = member_is_given(&inner, "yen");
    if (has_percent == has_yen) {
        member_refuse(&inner, "percent", "percent(割合)か yen(円)のどちらか1つを書いてください");
    } else if (has_percent) {
        rate.percent = member_int(&inner, "percent", 1, 100);
    } else {
        rate.yen = member_int(&inner, "yen", 1, TARIFF_TOTAL_MAX_YEN);
    }
    if (has_yen) {
        rate.is_per_use = member_word(&inner, "per", pers, 0) == 1;
    }
    for (size_t i = 0; i < reduction->rate_count; i++) {
        if (strcmp(reduction->rates[i].part, rate.part) == 0) {
            member_refuse(&inner, "part", "同じ部分の率がもう1つあります");
        }
    }
    member_leave(&inner, row);
    reduction->rates[reduction->rate_count++] = rate;
}

static void
read_granters(struct tariff_reduction *reduction, struct member_row *row)
{
    const struct json_value *list = member_list(row, "granters", 1, GRANTERS_MAX);
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        const char *text;
        if (!json_as_text(item, &text) || text[0] == '\0' || strlen(text) >= TARIFF_TEXT_SIZE) {
            member_refuse(row, "granters", "決定する課の名前を 1 から 120 バイトで並べてください");
            return;
        }
        memcpy(reduction->granters[reduction->granter_count++], text, strlen(text) + 1);
    }
}

enum status
tariff_reduction_read(struct tariff_reduction **out, const struct json_value *object, struct error_detail *err)
{
    struct member_row row;
    member_begin(&row, object, "", err);
    struct tariff_reduction *reduction = calloc(1, sizeof *reduction);
    if (reduction == NULL) {
        member_out_of_memory(&row);
        return row.status;
    }
    member_code(&row, "code", reduction->code);
    member_text(&row, "name", reduction->name);
    read_granters(reduction, &row);
    const struct json_value *rates = member_list(&row, "rates", 1, RATES_MAX);
    for (const struct json_value *item = json_first(rates); item != NULL; item = json_next(item)) {
        read_rate(reduction, &row, item);
    }
    reduction->items = member_codes(&row, "items", COVERED_MAX, &reduction->item_count);
    reduction->facilities = member_codes(&row, "facilities", COVERED_MAX, &reduction->facility_count);
    reduction->valid_from = member_date(&row, "valid_from");
    reduction->valid_to = member_date_or_none(&row, "valid_to");
    if (reduction->valid_to.year != 0 && civil_date_compare(reduction->valid_to, reduction->valid_from) < 0) {
        member_refuse(&row, "valid_to", "valid_from より前の日です");
    }
    enum status status = member_finish(&row);
    if (status != STATUS_OK) {
        tariff_reduction_destroy(reduction);
        return status;
    }
    *out = reduction;
    return STATUS_OK;
}

void
tariff_reduction_destroy(struct tariff_reduction *reduction)
{
    if (reduction != NULL) {
        free(reduction->items);
        free(reduction->facilities);
        free(reduction);
    }
}

const char *
tariff_reduction_code(const struct tariff_reduction *reduction)
{
    return reduction->code;
}

const char *
tariff_reduction_name(const struct tariff_reduction *reduction)
{
    return reduction->name;
}

bool
tariff_reduction_is_valid_on(const struct tariff_reduction *reduction, struct civil_date date)
{
    return civil_date_compare(reduction->valid_from, date) <= 0 &&
           (reduction->valid_to.year == 0 || civil_date_compare(date, reduction->valid_to) <= 0);
}

const char *
tariff_reduction_granter(const struct tariff_reduction *reduction, size_t index)
{
    return index < reduction->granter_count ? reduction->granters[index] : NULL;
}

bool
tariff_reduction_covers(const struct tariff_reduction *reduction, const char *item, const char *facility)
{
    bool fits_item = reduction->items == NULL ||
                     tariff_codes_have((const char(*)[TARIFF_CODE_SIZE])reduction->items, reduction->item_count, item);
    bool fits_facility = reduction->facilities == NULL ||
                         (facility != NULL && tariff_codes_have((const char(*)[TARIFF_CODE_SIZE])reduction->facilities,
                                                                reduction->facility_count, facility));
    return fits_item && fits_facility;
}

const struct reduction_rate *
reduction_rate_for(const struct tariff_reduction *reduction, const char *part)
{
    const struct reduction_rate *found = NULL;
    for (size_t i = 0; i < reduction->rate_count; i++) {
        const struct reduction_rate *rate = &reduction->rates[i];
        if (strcmp(rate->part, part) == 0) {
            return rate;
        }
        found = strcmp(rate->part, part_all) == 0 ? rate : found;
    }
    return found;
}

const struct reduction_rate *
reduction_rate_at(const struct tariff_reduction *reduction, size_t index)
{
    return index < reduction->rate_count ? &reduction->rates[index] : NULL;
}

size_t
reduction_rate_index(const struct tariff_reduction *reduction, const struct reduction_rate *rate)
{
    assert(rate >= reduction->rates && rate < reduction->rates + reduction->rate_count);

    return (size_t)(rate - reduction->rates);
}

int64_t
reduction_rate_yen(const struct reduction_rate *rate, struct tariff_rounding rounding, int64_t unit_price_yen,
                   int64_t quantity, const int64_t *left_yen)
{
    assert(unit_price_yen >= 0 && unit_price_yen <= TARIFF_TOTAL_MAX_YEN);
    assert(quantity >= 1 && quantity <= TARIFF_QUANTITY_MAX);

    if (rate->is_per_use) {
        int64_t left = left_yen != NULL ? *left_yen : rate->yen;
        int64_t whole = unit_price_yen * quantity;
        return left < whole ? left : whole;
    }
    int64_t reduced = rate->percent < 0 ? unit_price_yen - rate->yen
                                        : tariff_round(unit_price_yen * (100 - rate->percent), 100, rounding);
    if (reduced < 0) {
        reduced = 0;
    } else if (reduced > unit_price_yen) {
        reduced = unit_price_yen; /* rounded up beyond the price */
    }
    return (unit_price_yen - reduced) * quantity;
}

int64_t
tariff_reduction_yen(const struct tariff_reduction *reduction, const char *part, int64_t unit_price_yen,
                     int64_t quantity)
{
    static const struct tariff_rounding rounding = {.to_yen = 10, .mode = ROUND_DOWN};
    const struct reduction_rate *rate = reduction_rate_for(reduction, part);
    return rate == NULL ? 0 : reduction_rate_yen(rate, rounding, unit_price_yen, quantity, NULL);
}
