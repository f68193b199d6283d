/* Sums only; shares are made of them where they are shown. */
#include "settlement/statistics/usage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    const char *name;
} methods[USAGE_METHOD_COUNT] = {
    [USAGE_CASH] = {"cash", "現金"},
    [USAGE_QR] = {"qr", "コード決済"},
    [USAGE_EMONEY] = {"emoney", "電子マネー"},
    [USAGE_CREDIT] = {"credit", "クレジット"},
    [USAGE_NONE] = {"none", "0円"},
};

void
usage_year_init(struct usage_year *year, int fiscal_year)
{
    *year = (struct usage_year){.fiscal_year = fiscal_year};
}

int
usage_month_index(int fiscal_year, const char *month)
{
    int year = 0, number = 0;
    char rest = '\0';
    if (strlen(month) != 7 || sscanf(month, "%4d-%2d%c", &year, &number, &rest) != 2 || number < 1 || number > 12) {
        return -1;
    }
    const int index = (year - fiscal_year) * 12 + number - 4;
    return index >= 0 && index < USAGE_MONTHS ? index : -1;
}

const char *
usage_month_text(char out[USAGE_MONTH_SIZE], int fiscal_year, int index)
{
    snprintf(out, USAGE_MONTH_SIZE, "%04d-%02d", fiscal_year + (index >= 9 ? 1 : 0), (index + 3) % 12 + 1);
    return out;
}

static void
add(struct usage_sum *sum, int64_t count, int64_t amount_yen)
{
    sum->count += count;
    sum->amount_yen += amount_yen;
}

static enum status
refuse(const char *what, const char *value, struct error_detail *err)
{
    error_set(err, "corrupt", "statistics: %s \"%s\" has no place", what, value);
    return STATUS_INVALID;
}

static struct usage_brand *
brand_of(struct usage_year *year, const char *brand, enum usage_method method)
{
    for (size_t i = 0; i < year->brand_count; i++) {
        if (strcmp(year->brands[i].brand, brand) == 0 && year->brands[i].method == method) {
            return &year->brands[i];
        }
    }
    if (year->brand_count == USAGE_BRANDS_MAX || strlen(brand) >= USAGE_BRAND_SIZE) {
        return NULL;
    }
    struct usage_brand *place = &year->brands[year->brand_count++];
    *place = (struct usage_brand){.method = method};
    snprintf(place->brand, sizeof place->brand, "%s", brand);
    return place;
}

enum status
usage_add(struct usage_year *year, const char *month, const char *method, const char *brand, int64_t count,
          int64_t amount_yen, struct error_detail *err)
{
    const int index = usage_month_index(year->fiscal_year, month);
    int found = 0;
    while (found < USAGE_METHOD_COUNT && strcmp(methods[found].word, method) != 0) {
        found++;
    }
    if (index < 0) {
        return refuse("month", month, err);
    }
    if (found == USAGE_METHOD_COUNT) {
        return refuse("method", method, err);
    }
    if (found != USAGE_NONE) {
        struct usage_brand *place = brand_of(year, brand, (enum usage_method)found);
        if (place == NULL) {
            error_set(err, "too_many_brands", "決済ブランドが多すぎて集計できません（%d種類まで）。", USAGE_BRANDS_MAX);
            return STATUS_OVERFLOW;
        }
        add(&place->months[index], count, amount_yen);
        add(&place->total, count, amount_yen);
    }
    add(&year->months[index][found], count, amount_yen);
    add(&year->total[found], count, amount_yen);
    return STATUS_OK;
}

enum status
usage_add_refund(struct usage_year *year, const char *month, int64_t count, int64_t amount_yen,
                 struct error_detail *err)
{
    const int index = usage_month_index(year->fiscal_year, month);
    if (index < 0) {
        return refuse("month", month, err);
    }
    add(&year->refunds[index], count, amount_yen);
    add(&year->refund_total, count, amount_yen);
    return STATUS_OK;
}

struct usage_sum
usage_cashless(const struct usage_sum sums[USAGE_METHOD_COUNT])
{
    struct usage_sum sum = {0};
    for (int method = USAGE_QR; method <= USAGE_CREDIT; method++) {
        add(&sum, sums[method].count, sums[method].amount_yen);
    }
    return sum;
}

struct usage_sum
usage_paid(const struct usage_sum sums[USAGE_METHOD_COUNT])
{
    struct usage_sum sum = usage_cashless(sums);
    add(&sum, sums[USAGE_CASH].count, sums[USAGE_CASH].amount_yen);
    return sum;
}

const char *
usage_method_word(enum usage_method method)
{
    return methods[method].word;
}

const char *
usage_method_name(enum usage_method method)
{
    return methods[method].name;
}
