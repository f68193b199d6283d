/* Rows of the store put where they count. */
#include "settlement/statistics/reading.h"

#include "settlement/store/statistics_store.h"

#include <stdio.h>
#include <string.h>

enum { DAY_MS = 86400000, JAPAN_MS = 9 * 3600000 };

void
statistics_days_of(struct statistics_days *out, int fiscal_year)
{
    civil_date_format(out->from, (struct civil_date){fiscal_year, 4, 1});
    civil_date_format(out->to, (struct civil_date){fiscal_year + 1, 3, 31});
}

static enum status
add_usage(const struct usage_row *row, void *context, struct error_detail *err)
{
    return usage_add(context, row->month, row->method, row->brand, row->count, row->amount_yen, err);
}

static enum status
add_refund(const struct refund_month_row *row, void *context, struct error_detail *err)
{
    return usage_add_refund(context, row->month, row->count, row->amount_yen, err);
}

enum status
usage_read(struct usage_year *year, struct store_txn *txn, const char *municipality, int fiscal_year,
           struct error_detail *err)
{
    struct statistics_days days;
    statistics_days_of(&days, fiscal_year);
    usage_year_init(year, fiscal_year);
    const struct statistics_period period = {.municipality = municipality, .from = days.from, .to = days.to};
    enum status status = usage_each(txn, &period, add_usage, year, err);
    return status == STATUS_OK ? refund_month_each(txn, &period, add_refund, year, err) : status;
}

static enum status
add_item(const struct item_month_row *row, void *context, struct error_detail *err)
{
    return item_year_add(context, row->item, row->month, row->quantity, row->zero_quantity, row->amount_yen, err);
}

enum status
item_year_read(struct item_year *year, struct store_txn *txn, const char *municipality, int fiscal_year,
               struct error_detail *err)
{
    struct statistics_days before, days;
    statistics_days_of(&before, fiscal_year - 1);
    statistics_days_of(&days, fiscal_year);
    item_year_init(year, fiscal_year);
    const struct statistics_period period = {.municipality = municipality, .from = before.from, .to = days.to};
    return item_month_each(txn, &period, add_item, year, err);
}

static enum status
read_day(struct civil_date *out, const char *text, struct error_detail *err)
{
    enum status status = civil_date_parse(out, text, strlen(text));
    if (status != STATUS_OK) {
        error_set(err, "corrupt", "statistics: \"%s\" is no day", text);
    }
    return status;
}

static enum status
add_hour(const struct hour_row *row, void *context, struct error_detail *err)
{
    struct civil_date day;
    enum status status = read_day(&day, row->received_on, err);
    if (status == STATUS_OK) {
        hour_grid_add(context, day, (int)row->hour, row->is_cash, row->count);
    }
    return status;
}

enum status
hour_grid_read(struct hour_grid *grid, struct store_txn *txn, const char *municipality, int fiscal_year,
               struct error_detail *err)
{
    struct statistics_days days;
    statistics_days_of(&days, fiscal_year);
    hour_grid_init(grid);
    const struct statistics_period period = {.municipality = municipality, .from = days.from, .to = days.to};
    return hour_each(txn, &period, add_hour, grid, err);
}

static enum status
too_many(struct error_detail *err)
{
    error_set(err, "too_many_rows", "施設または決済会社が多すぎて集計できません。管理者に連絡してください。");
    return STATUS_OVERFLOW;
}

static enum status
add_facility(const struct facility_row *row, void *context, struct error_detail *err)
{
    struct facility_sum *sum = strlen(row->facility) < ITEM_CODE_SIZE ? growing_add(context) : NULL;
    if (sum == NULL) {
        return too_many(err);
    }
    *sum = (struct facility_sum){.cash = {row->cash_quantity, row->cash_yen},
                                 .cashless = {row->cashless_quantity, row->cashless_yen},
                                 .zero_count = row->zero_quantity};
    snprintf(sum->facility, sizeof sum->facility, "%s", row->facility);
    snprintf(sum->last_on, sizeof sum->last_on, "%s", row->last_on);
    return STATUS_OK;
}

enum status
facilities_read(struct growing *out, struct store_txn *txn, const char *municipality, int fiscal_year,
                struct error_detail *err)
{
    struct statistics_days days;
    statistics_days_of(&days, fiscal_year);
    growing_init(out, sizeof(struct facility_sum), STATISTICS_FACILITIES_MAX, 0);
    const struct statistics_period period = {.municipality = municipality, .from = days.from, .to = days.to};
    return facility_each(txn, &period, add_facility, out, err);
}

struct facility_sum
facilities_total(const struct growing *facilities)
{
    struct facility_sum total = {.facility = ""};
    const struct facility_sum *sums = facilities->elements;
    for (size_t i = 0; i < facilities->count; i++) {
        total.cash.count += sums[i].cash.count;
        total.cash.amount_yen += sums[i].cash.amount_yen;
        total.cashless.count += sums[i].cashless.count;
        total.cashless.amount_yen += sums[i].cashless.amount_yen;
        total.zero_count += sums[i].zero_count;
    }
    return total;
}

static enum status
add_deposit(const struct deposit_row *row, void *context, struct error_detail *err)
{
    struct growing *companies = context;
    struct company_days *company =
        companies->count > 0 ? (struct company_days *)companies->elements + companies->count - 1 : NULL;
    struct civil_date credited;
    if (company == NULL || strcmp(company->trustee, row->trustee) != 0) {
        company = strlen(row->trustee) < ITEM_CODE_SIZE ? growing_add(companies) : NULL;
        if (company == NULL) {
            return too_many(err);
        }
        deposit_days_init(&company->days);
        snprintf(company->trustee, sizeof company->trustee, "%s", row->trustee);
    }
    if (row->credited_on[0] == '\0') {
        deposit_days_add_waiting(&company->days, row->count, row->amount_yen);
        return STATUS_OK;
    }
    enum status status = read_day(&credited, row->credited_on, err);
    if (status == STATUS_OK) {
        deposit_days_add(&company->days, civil_date_to_days(credited) - row->accepted_day, row->count, row->amount_yen);
    }
    return status;
}

enum status
deposits_read(struct growing *out, struct store_txn *txn, const char *municipality, int fiscal_year,
              struct error_detail *err)
{
    struct statistics_days days;
    statistics_days_of(&days, fiscal_year);
    growing_init(out, sizeof(struct company_days), STATISTICS_COMPANIES_MAX, 0);
    const struct statistics_period period = {.municipality = municipality, .from = days.from, .to = days.to};
    const int64_t first = civil_date_to_days((struct civil_date){fiscal_year, 4, 1});
    const int64_t end = civil_date_to_days((struct civil_date){fiscal_year + 1, 4, 1});
    return deposit_each(txn, &period, first * DAY_MS - JAPAN_MS, end * DAY_MS - JAPAN_MS, add_deposit, out, err);
}
