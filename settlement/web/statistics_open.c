/* オープンデータ: a table of a year that is over as CSV (UTF-8 with a mark), a line for each cell. What is left out is
 * "X". */
#include "settlement/masters/csv_cells.h"
#include "settlement/statistics/open_data.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"
#include "settlement/web/statistics_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPEN_MAX_BYTES = 16 * 1024 * 1024, DISPOSITION_SIZE = 96, NUMBER_SIZE = 24 };

static const char left_out[] = "X";

static void
append_cells(struct buffer *out, const char *const *texts, size_t count, const struct usage_sum *sum)
{
    char number[NUMBER_SIZE];
    for (size_t i = 0; i < count; i++) {
        csv_append_cell(out, texts[i], i == 0);
    }
    snprintf(number, sizeof number, "%lld", sum != NULL ? (long long)sum->count : 0);
    csv_append_cell(out, sum != NULL ? number : left_out, false);
    snprintf(number, sizeof number, "%lld", sum != NULL ? (long long)sum->amount_yen : 0);
    csv_append_cell(out, sum != NULL ? number : left_out, false);
    csv_append_end(out);
}

static void
append_head(struct buffer *out, const char *const *labels, size_t count)
{
    buffer_append(out, "\xEF\xBB\xBF", 3);
    for (size_t i = 0; i < count; i++) {
        csv_append_cell(out, labels[i], i == 0);
    }
    csv_append_end(out);
}

static void
append_months(struct buffer *out, const struct open_data *data, const struct usage_year *year,
              const struct catalogue *catalogue)
{
    static const char *const labels[] = {"会計年度", "年月", "決済方法", "ブランド", "件数", "金額（円）"};
    char fiscal_year[NUMBER_SIZE], month[USAGE_MONTH_SIZE];
    const struct open_table *table = &data->months;
    append_head(out, labels, sizeof labels / sizeof labels[0]);
    snprintf(fiscal_year, sizeof fiscal_year, "%d", year->fiscal_year);
    for (size_t row = 0; row < table->row_count; row++) {
        const bool is_total = row == USAGE_MONTHS;
        for (size_t column = 0; column < table->column_count; column++) {
            const struct usage_brand *brand = column < year->brand_count ? &year->brands[column] : NULL;
            const char *const texts[] = {fiscal_year,
                                         is_total ? "年度計" : usage_month_text(month, year->fiscal_year, (int)row),
                                         brand != NULL ? usage_method_name(brand->method) : "合計",
                                         brand != NULL ? statistics_brand_name(catalogue, brand) : "合計"};
            append_cells(out, texts, 4, open_table_cell(table, row, column));
        }
    }
}

static void
append_facilities(struct buffer *out, const struct open_data *data, const struct growing *facilities, int year,
                  const struct catalogue *catalogue)
{
    static const char *const labels[] = {"会計年度", "施設コード", "施設", "収入の区分", "支払", "点数", "金額（円）"};
    static const char *const ways[] = {[OPEN_CASH] = "現金", [OPEN_CASHLESS] = "キャッシュレス", "合計"};
    char fiscal_year[NUMBER_SIZE];
    const struct facility_sum *sums = facilities->elements;
    const struct open_table *table = &data->facilities;
    append_head(out, labels, sizeof labels / sizeof labels[0]);
    snprintf(fiscal_year, sizeof fiscal_year, "%d", year);
    for (size_t row = 0; row < table->row_count; row++) {
        const bool is_total = row == facilities->count;
        const struct facility_view facility =
            is_total ? (struct facility_view){.name = "合計"} : statistics_facility(catalogue, &sums[row]);
        for (size_t column = 0; column < table->column_count; column++) {
            const char *const texts[] = {fiscal_year, is_total ? "" : sums[row].facility, facility.name,
                                         is_total                        ? "合計"
                                         : sums[row].facility[0] == '\0' ? "手数料等"
                                         : facility.is_operator_fee      ? "利用料金"
                                                                         : "使用料",
                                         ways[column]};
            append_cells(out, texts, 5, open_table_cell(table, row, column));
        }
    }
}

/* A file of a year under way would tell small counts by what is new in the next one. */
static enum status
check_year(const struct statistics_view *view, struct service *service, struct error_detail *err)
{
    char today[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(today, civil_date_at(asked_now_ms(service)));
    if (strcmp(today, view->days.to) <= 0) {
        error_set(err, "year_not_over", "オープンデータは、年度が終わってから作れます（%d年度は%sまで）。",
                  view->fiscal_year, view->days.to);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static enum status
write_table(struct buffer *out, const struct statistics_view *view, bool is_facilities, struct error_detail *err)
{
    struct usage_year *year = malloc(sizeof *year);
    struct growing facilities = {0};
    struct open_data data = {0};
    enum status status = year != NULL ? STATUS_OK : statistics_no_memory(err);
    if (status == STATUS_OK) {
        status = usage_read(year, view->txn, view->municipality, view->fiscal_year, err);
    }
    if (status == STATUS_OK) {
        status = facilities_read(&facilities, view->txn, view->municipality, view->fiscal_year, err);
    }
    if (status == STATUS_OK) {
        status = open_data_make(&data, year, &facilities, SUPPRESSION_THRESHOLD, err);
    }
    if (status == STATUS_OK && is_facilities && data.is_withheld) {
        error_set(err, "too_few",
                  "件数が少なく、月別の表と見比べると少ない件数が分かるため、施設別のオープンデータは作れません。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && is_facilities) {
        append_facilities(out, &data, &facilities, view->fiscal_year, view->catalogue);
    } else if (status == STATUS_OK) {
        append_months(out, &data, year, view->catalogue);
    }
    open_data_finish(&data);
    growing_finish(&facilities);
    free(year);
    return status == STATUS_OK ? buffer_check(out, err) : status;
}

void
statistics_open_data_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct statistics_view view;
    struct buffer csv;
    char disposition[DISPOSITION_SIZE];
    const char *table = asked_text(request, "table");
    const bool is_facilities = table != NULL && strcmp(table, "facilities") == 0;
    buffer_init(&csv, OPEN_MAX_BYTES);
    enum status status = statistics_view_begin(&view, request, context, &err);
    if (status == STATUS_OK && !is_facilities && (table == NULL || strcmp(table, "months") != 0)) {
        error_set(&err, "invalid_request", "オープンデータの表は months、facilities から選んでください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = check_year(&view, context, &err);
    }
    if (status == STATUS_OK) {
        status = write_table(&csv, &view, is_facilities, &err);
    }
    if (status == STATUS_OK) {
        snprintf(disposition, sizeof disposition, "attachment; filename=\"cashless-%s-%d.csv\"",
                 is_facilities ? "facilities" : "months", view.fiscal_year);
        http_respond_header(request, "Content-Disposition", disposition);
        http_respond(request, 200, "text/csv; charset=utf-8", csv.data, csv.length);
    } else {
        respond_failure(request, status, &err);
    }
    statistics_view_finish(&view);
    buffer_finish(&csv);
}
