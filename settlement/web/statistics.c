/* 統計 of a fiscal year: how citizens paid, certificate fees, facilities, hours, days to deposit. */
#include "settlement/statistics/definitions.h"
#include "settlement/statistics/reading.h"
#include "settlement/statistics/share.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"
#include "settlement/web/statistics_view.h"

#include <stdlib.h>
#include <string.h>

enum { YEARS_SHOWN = 5 /* the year asked for, and four before it */ };

/* ---- parts of answers -------------------------------------------------------------------------------------------- */

static void
write_share(struct json_writer *writer, const char *key, int64_t part, int64_t whole)
{
    int64_t share = 0;
    if (share_per_mille(&share, part, whole)) {
        json_int(writer, key, share);
    } else {
        json_null(writer, key);
    }
}

static void
write_sum(struct json_writer *writer, const char *key, struct usage_sum sum)
{
    json_begin_object(writer, key);
    json_int(writer, "count", sum.count);
    json_int(writer, "amount_yen", sum.amount_yen);
    json_end_object(writer);
}

static void
write_shares(struct json_writer *writer, struct usage_sum part, struct usage_sum whole)
{
    write_share(writer, "count_per_mille", part.count, whole.count);
    write_share(writer, "amount_per_mille", part.amount_yen, whole.amount_yen);
}

void
statistics_write_definitions(struct json_writer *writer, enum statistics_subject subject)
{
    size_t count = 0;
    const char *const *sentences = statistics_definitions(subject, &count);
    json_begin_array(writer, "definitions");
    for (size_t i = 0; i < count; i++) {
        json_text(writer, NULL, sentences[i]);
    }
    json_end_array(writer);
}

/* ---- キャッシュレス比率 ---------------------------------------------------------------------------------------------
 */

static void
write_methods(struct json_writer *writer, const struct usage_sum methods[USAGE_METHOD_COUNT])
{
    const struct usage_sum cashless = usage_cashless(methods), paid = usage_paid(methods);
    for (int method = 0; method < USAGE_NONE; method++) {
        write_sum(writer, usage_method_word((enum usage_method)method), methods[method]);
    }
    write_sum(writer, "cashless", cashless);
    write_sum(writer, "paid", paid);
    json_int(writer, "zero_count", methods[USAGE_NONE].count);
    write_shares(writer, cashless, paid);
}

static void
write_months(struct json_writer *writer, const struct usage_year *year)
{
    char month[USAGE_MONTH_SIZE];
    json_begin_array(writer, "months");
    for (int i = 0; i < USAGE_MONTHS; i++) {
        json_begin_object(writer, NULL);
        json_text(writer, "month", usage_month_text(month, year->fiscal_year, i));
        write_methods(writer, year->months[i]);
        write_sum(writer, "refunds", year->refunds[i]);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_begin_object(writer, "total");
    write_methods(writer, year->total);
    write_sum(writer, "refunds", year->refund_total);
    json_end_object(writer);
}

static void
write_brands(struct json_writer *writer, const struct usage_year *year, const struct catalogue *catalogue)
{
    const struct usage_sum paid = usage_paid(year->total);
    json_begin_array(writer, "brands");
    for (size_t i = 0; i < year->brand_count; i++) {
        const struct usage_brand *brand = &year->brands[i];
        json_begin_object(writer, NULL);
        json_text(writer, "method", usage_method_word(brand->method));
        json_text(writer, "method_name", usage_method_name(brand->method));
        json_text_or_null(writer, "brand", brand->brand);
        json_text(writer, "name", statistics_brand_name(catalogue, brand));
        json_int(writer, "count", brand->total.count);
        json_int(writer, "amount_yen", brand->total.amount_yen);
        write_shares(writer, brand->total, paid);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static enum status
write_cashless(struct statistics_view *view, struct json_writer *writer, struct error_detail *err)
{
    struct usage_year *year = malloc(sizeof *year);
    enum status status = year != NULL ? STATUS_OK : statistics_no_memory(err);
    if (status == STATUS_OK) {
        status = usage_read(year, view->txn, view->municipality, view->fiscal_year, err);
    }
    if (status == STATUS_OK) {
        write_months(writer, year);
        write_brands(writer, year, view->catalogue);
    }
    json_begin_array(writer, "years");
    for (int back = YEARS_SHOWN - 1; status == STATUS_OK && back >= 0; back--) {
        status = usage_read(year, view->txn, view->municipality, view->fiscal_year - back, err);
        json_begin_object(writer, NULL);
        json_int(writer, "fiscal_year", view->fiscal_year - back);
        if (status == STATUS_OK) {
            write_methods(writer, year->total);
        }
        json_end_object(writer);
    }
    json_end_array(writer);
    free(year);
    return status;
}

/* ---- 証明書等の手数料 -----------------------------------------------------------------------------------------------
 */

static void
write_beside(struct json_writer *writer, struct usage_sum sum, struct usage_sum before)
{
    json_int(writer, "count", sum.count);
    json_int(writer, "amount_yen", sum.amount_yen);
    write_sum(writer, "before", before);
    write_shares(writer, sum, before);
}

static void
write_item(struct json_writer *writer, const struct item_year_row *row, const struct catalogue *catalogue)
{
    json_begin_object(writer, NULL);
    json_code_name(writer, "item", row->item, catalogue_name(catalogue, "items", row->item));
    write_beside(writer, row->total[0], row->total[1]);
    json_int(writer, "zero_count", row->zero_quantity);
    json_end_object(writer);
}

static enum status
write_certificates(struct statistics_view *view, struct json_writer *writer, struct error_detail *err)
{
    struct item_year year;
    char month[USAGE_MONTH_SIZE];
    enum status status = item_year_read(&year, view->txn, view->municipality, view->fiscal_year, err);
    json_begin_array(writer, "months");
    for (int i = 0; status == STATUS_OK && i < USAGE_MONTHS; i++) {
        json_begin_object(writer, NULL);
        json_text(writer, "month", usage_month_text(month, view->fiscal_year, i));
        write_beside(writer, year.all.months[0][i], year.all.months[1][i]);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_begin_object(writer, "total");
    write_beside(writer, year.all.total[0], year.all.total[1]);
    json_int(writer, "zero_count", year.all.zero_quantity);
    json_end_object(writer);
    json_begin_array(writer, "items");
    const struct item_year_row *rows = year.rows.elements;
    for (size_t i = 0; status == STATUS_OK && i < year.rows.count; i++) {
        write_item(writer, &rows[i], view->catalogue);
    }
    json_end_array(writer);
    item_year_finish(&year);
    return status;
}

/* ---- 施設 -------------------------------------------------------------------------------------------------------- */

static void
write_facility_sums(struct json_writer *writer, const struct facility_sum *sum)
{
    const struct usage_sum paid = {sum->cash.count + sum->cashless.count,
                                   sum->cash.amount_yen + sum->cashless.amount_yen};
    write_sum(writer, "cash", sum->cash);
    write_sum(writer, "cashless", sum->cashless);
    write_sum(writer, "paid", paid);
    json_int(writer, "zero_count", sum->zero_count);
    write_shares(writer, sum->cashless, paid);
}

static void
write_facility(struct json_writer *writer, const struct facility_sum *sum, const struct catalogue *catalogue)
{
    const struct facility_view facility = statistics_facility(catalogue, sum);
    json_begin_object(writer, NULL);
    json_text_or_null(writer, "facility", sum->facility);
    json_text(writer, "name", facility.name);
    json_text(writer, "revenue_name", facility.is_operator_fee ? "利用料金" : "使用料・手数料");
    json_text_or_null(writer, "operator", facility.run_by);
    write_facility_sums(writer, sum);
    json_end_object(writer);
}

static enum status
write_facilities(struct statistics_view *view, struct json_writer *writer, struct error_detail *err)
{
    struct growing facilities;
    enum status status = facilities_read(&facilities, view->txn, view->municipality, view->fiscal_year, err);
    const struct facility_sum *sums = facilities.elements;
    const struct facility_sum total = facilities_total(&facilities);
    json_begin_array(writer, "facilities");
    for (size_t i = 0; status == STATUS_OK && i < facilities.count; i++) {
        write_facility(writer, &sums[i], view->catalogue);
    }
    json_end_array(writer);
    json_begin_object(writer, "total");
    write_facility_sums(writer, &total);
    json_end_object(writer);
    growing_finish(&facilities);
    return status;
}

/* ---- 曜日・時間帯 ---------------------------------------------------------------------------------------------------
 */

static enum status
write_hours(struct statistics_view *view, struct json_writer *writer, struct error_detail *err)
{
    struct hour_grid grid;
    int first = 0, last = -1;
    enum status status = hour_grid_read(&grid, view->txn, view->municipality, view->fiscal_year, err);
    if (status == STATUS_OK && !hour_grid_span(&grid, &first, &last)) {
        last = -1;
    }
    json_begin_array(writer, "weekdays");
    for (int i = 0; status == STATUS_OK && i < GRID_WEEKDAYS; i++) {
        const int weekday = (i + 1) % GRID_WEEKDAYS; /* a week of an office begins with Monday */
        json_begin_object(writer, NULL);
        json_text(writer, "name", hour_grid_weekday_name(weekday));
        json_int(writer, "days", grid.days[weekday]);
        json_begin_array(writer, "hours");
        for (int hour = first; hour <= last; hour++) {
            json_begin_object(writer, NULL);
            json_int(writer, "hour", hour);
            json_int(writer, "count", grid.all[weekday][hour]);
            json_int(writer, "cashless_count", grid.cashless[weekday][hour]);
            json_end_object(writer);
        }
        json_end_array(writer);
        json_end_object(writer);
    }
    json_end_array(writer);
    return status;
}

/* ---- 支払から入金まで
 * ------------------------------------------------------------------------------------------------ */

static void
write_quantile(struct json_writer *writer, const char *key, const struct deposit_days *days, int64_t numerator,
               int64_t denominator)
{
    int64_t found = 0;
    if (deposit_days_quantile(days, numerator, denominator, &found)) {
        json_int(writer, key, found);
    } else {
        json_null(writer, key);
    }
}

static void
write_days(struct json_writer *writer, const struct deposit_days *days)
{
    json_int(writer, "count", days->came_count);
    json_int(writer, "amount_yen", days->came_yen);
    json_int(writer, "waiting_count", days->waiting_count);
    json_int(writer, "waiting_yen", days->waiting_yen);
    write_quantile(writer, "median_days", days, 1, 2);
    write_quantile(writer, "nine_tenths_days", days, 9, 10);
    json_begin_array(writer, "days");
    for (int i = 0; i <= DEPOSIT_DAYS_MAX; i++) {
        if (days->count[i] != 0) {
            json_begin_object(writer, NULL);
            json_int(writer, "days", i);
            json_int(writer, "count", days->count[i]);
            json_end_object(writer);
        }
    }
    json_end_array(writer);
}

static enum status
write_deposits(struct statistics_view *view, struct json_writer *writer, struct error_detail *err)
{
    struct growing companies;
    struct deposit_days total;
    deposit_days_init(&total);
    enum status status = deposits_read(&companies, view->txn, view->municipality, view->fiscal_year, err);
    const struct company_days *company = companies.elements;
    json_int(writer, "days_max", DEPOSIT_DAYS_MAX);
    json_begin_array(writer, "companies");
    for (size_t i = 0; status == STATUS_OK && i < companies.count; i++) {
        json_begin_object(writer, NULL);
        json_code_name(writer, "trustee", company[i].trustee,
                       statistics_trustee_name(view->catalogue, company[i].trustee));
        write_days(writer, &company[i].days);
        json_end_object(writer);
        deposit_days_merge(&total, &company[i].days);
    }
    json_end_array(writer);
    json_begin_object(writer, "total");
    write_days(writer, &total);
    json_end_object(writer);
    growing_finish(&companies);
    return status;
}

/* ---- endpoints --------------------------------------------------------------------------------------------------- */

static void
answer(struct http_request *request, struct service *service, enum statistics_subject subject,
       enum status (*write)(struct statistics_view *view, struct json_writer *writer, struct error_detail *err))
{
    struct error_detail err;
    struct statistics_view view;
    struct reply reply;
    reply_begin(&reply);
    enum status status = statistics_view_begin(&view, request, service, &err);
    if (status == STATUS_OK) {
        json_int(&reply.writer, "fiscal_year", view.fiscal_year);
        json_text(&reply.writer, "from", view.days.from);
        json_text(&reply.writer, "to", view.days.to);
        statistics_write_definitions(&reply.writer, subject);
        status = write(&view, &reply.writer, &err);
    }
    statistics_view_finish(&view);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}

void
statistics_cashless_endpoint(struct http_request *request, void *context)
{
    answer(request, context, STATISTICS_CASHLESS, write_cashless);
}

void
statistics_certificates_endpoint(struct http_request *request, void *context)
{
    answer(request, context, STATISTICS_CERTIFICATES, write_certificates);
}

void
statistics_facilities_endpoint(struct http_request *request, void *context)
{
    answer(request, context, STATISTICS_FACILITIES, write_facilities);
}

void
statistics_hours_endpoint(struct http_request *request, void *context)
{
    answer(request, context, STATISTICS_HOURS, write_hours);
}

void
statistics_deposits_endpoint(struct http_request *request, void *context)
{
    answer(request, context, STATISTICS_DEPOSITS, write_deposits);
}
