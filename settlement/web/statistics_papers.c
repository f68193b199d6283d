/* キャッシュレス統計 as a paper and as files: every subject on pages of its own, or the one that `subject` names. */
#include "settlement/forms/statistics_form.h"
#include "settlement/store/statistics_store.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/paper_reply.h"
#include "settlement/web/reply.h"
#include "settlement/web/statistics_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The subjects as the address names them. CSV is one table: without a subject, the months. */
enum paper {
    PAPER_CASHLESS,
    PAPER_BRANDS,
    PAPER_CERTIFICATES,
    PAPER_FACILITIES,
    PAPER_HOURS,
    PAPER_DEPOSITS,
    PAPER_SAVINGS,
    PAPER_COUNT
};
enum { NAME_SIZE = 64, MONTH_NAME_SIZE = 16 };

struct making {
    struct statistics_view *view;
    const char *issuer;
    char day[CIVIL_DATE_TEXT_SIZE]; /* the last day counted: of the year, or today */
};

static const char *
month_name(char out[MONTH_NAME_SIZE], int index)
{
    snprintf(out, MONTH_NAME_SIZE, "%d月", (index + 3) % 12 + 1);
    return out;
}

static enum status
read_usage(struct usage_year **out, const struct making *making, struct error_detail *err)
{
    *out = malloc(sizeof **out);
    return *out == NULL
               ? statistics_no_memory(err)
               : usage_read(*out, making->view->txn, making->view->municipality, making->view->fiscal_year, err);
}

static enum status
make_cashless(struct form *form, const struct making *making, struct error_detail *err)
{
    struct usage_year *year = NULL;
    char name[MONTH_NAME_SIZE];
    statistics_form(form, STATISTICS_CASHLESS, making->issuer, making->view->fiscal_year, making->day);
    enum status status = read_usage(&year, making, err);
    if (status == STATUS_OK) {
        for (int i = 0; i < USAGE_MONTHS; i++) {
            statistics_month_row(form, month_name(name, i), year->months[i], year->refunds[i], FORM_ENTRY);
        }
        statistics_month_row(form, "年度計", year->total, year->refund_total, FORM_TOTAL);
    }
    free(year);
    return status;
}

static int
by_yen(const void *a, const void *b)
{
    const struct usage_brand *left = a, *right = b;
    return (left->total.amount_yen < right->total.amount_yen) - (left->total.amount_yen > right->total.amount_yen);
}

static enum status
make_brands(struct form *form, const struct making *making, struct error_detail *err)
{
    struct usage_year *year = NULL;
    statistics_brand_form(form, making->issuer, making->view->fiscal_year, making->day);
    enum status status = read_usage(&year, making, err);
    if (status == STATUS_OK) {
        const struct usage_sum paid = usage_paid(year->total);
        qsort(year->brands, year->brand_count, sizeof year->brands[0], by_yen);
        for (size_t i = 0; i < year->brand_count; i++) {
            const struct usage_brand *brand = &year->brands[i];
            statistics_brand_row(form, statistics_brand_name(making->view->catalogue, brand), brand->method,
                                 brand->total, paid);
        }
    }
    free(year);
    return status;
}

static enum status
make_certificates(struct form *form, const struct making *making, struct error_detail *err)
{
    struct item_year year;
    char name[MONTH_NAME_SIZE];
    statistics_form(form, STATISTICS_CERTIFICATES, making->issuer, making->view->fiscal_year, making->day);
    enum status status =
        item_year_read(&year, making->view->txn, making->view->municipality, making->view->fiscal_year, err);
    for (int i = 0; status == STATUS_OK && i < USAGE_MONTHS; i++) {
        statistics_certificate_row(form, month_name(name, i), year.all.months[0][i], year.all.months[1][i], FORM_ENTRY);
    }
    if (status == STATUS_OK) {
        statistics_certificate_row(form, "年度計", year.all.total[0], year.all.total[1], FORM_TOTAL);
    }
    item_year_finish(&year);
    return status;
}

static int
by_paid_yen(const void *a, const void *b)
{
    const struct facility_sum *left = a, *right = b;
    const int64_t left_yen = left->cash.amount_yen + left->cashless.amount_yen;
    const int64_t right_yen = right->cash.amount_yen + right->cashless.amount_yen;
    return left_yen != right_yen ? (left_yen < right_yen) - (left_yen > right_yen)
                                 : strcmp(left->facility, right->facility);
}

static enum status
make_facilities(struct form *form, const struct making *making, struct error_detail *err)
{
    struct growing facilities;
    char words[256];
    statistics_form(form, STATISTICS_FACILITIES, making->issuer, making->view->fiscal_year, making->day);
    enum status status =
        facilities_read(&facilities, making->view->txn, making->view->municipality, making->view->fiscal_year, err);
    struct facility_sum *sums = facilities.elements;
    if (facilities.count > 0) {
        qsort(sums, facilities.count, sizeof *sums, by_paid_yen);
    }
    for (size_t i = 0; status == STATUS_OK && i < facilities.count; i++) {
        const struct facility_view facility = statistics_facility(making->view->catalogue, &sums[i]);
        snprintf(words, sizeof words, "%s　%s",
                 sums[i].facility[0] == '\0' ? "手数料等"
                 : facility.is_operator_fee  ? "利用料金"
                                             : "使用料",
                 facility.run_by);
        statistics_facility_row(form, facility.name, words, sums[i].cash, sums[i].cashless, sums[i].zero_count,
                                FORM_ENTRY);
    }
    if (status == STATUS_OK) {
        const struct facility_sum total = facilities_total(&facilities);
        statistics_facility_row(form, "合計", "", total.cash, total.cashless, total.zero_count, FORM_TOTAL);
    }
    growing_finish(&facilities);
    return status;
}

static enum status
make_hours(struct form *form, const struct making *making, struct error_detail *err)
{
    struct hour_grid grid;
    statistics_form(form, STATISTICS_HOURS, making->issuer, making->view->fiscal_year, making->day);
    enum status status =
        hour_grid_read(&grid, making->view->txn, making->view->municipality, making->view->fiscal_year, err);
    if (status == STATUS_OK) {
        statistics_hour_rows(form, &grid);
    }
    return status;
}

static enum status
make_deposits(struct form *form, const struct making *making, struct error_detail *err)
{
    struct growing companies;
    struct deposit_days total;
    deposit_days_init(&total);
    statistics_form(form, STATISTICS_DEPOSITS, making->issuer, making->view->fiscal_year, making->day);
    enum status status =
        deposits_read(&companies, making->view->txn, making->view->municipality, making->view->fiscal_year, err);
    const struct company_days *company = companies.elements;
    for (size_t i = 0; status == STATUS_OK && i < companies.count; i++) {
        statistics_deposit_row(form, statistics_trustee_name(making->view->catalogue, company[i].trustee),
                               &company[i].days, FORM_ENTRY);
        deposit_days_merge(&total, &company[i].days);
    }
    if (status == STATUS_OK) {
        statistics_deposit_row(form, "合計", &total, FORM_TOTAL);
    }
    growing_finish(&companies);
    return status;
}

static enum status
add_saving(const struct time_saving_row *row, void *context, struct error_detail *err)
{
    (void)err;
    statistics_saving_row(context, row->work, row->before_seconds, row->after_seconds, row->cases, row->basis);
    return STATUS_OK;
}

static enum status
make_savings(struct form *form, const struct making *making, struct error_detail *err)
{
    statistics_form(form, STATISTICS_SAVINGS, making->issuer, making->view->fiscal_year, making->day);
    return time_saving_each(making->view->txn, making->view->municipality, making->view->fiscal_year, add_saving, form,
                            err);
}

static const struct {
    const char *word;
    enum status (*make)(struct form *form, const struct making *making, struct error_detail *err);
} papers[PAPER_COUNT] = {
    [PAPER_CASHLESS] = {"cashless", make_cashless},
    [PAPER_BRANDS] = {"brands", make_brands},
    [PAPER_CERTIFICATES] = {"certificates", make_certificates},
    [PAPER_FACILITIES] = {"facilities", make_facilities},
    [PAPER_HOURS] = {"hours", make_hours},
    [PAPER_DEPOSITS] = {"deposits", make_deposits},
    [PAPER_SAVINGS] = {"savings", make_savings},
};

/* FIRST … LAST of the papers that are asked for. */
static enum status
asked_papers(const struct http_request *request, int *out_first, int *out_last, struct error_detail *err)
{
    const char *subject = asked_text(request, "subject"), *format = asked_text(request, "format");
    const bool is_table = format != NULL && strncmp(format, "csv", 3) == 0;
    *out_first = PAPER_CASHLESS;
    *out_last = is_table ? PAPER_CASHLESS : PAPER_COUNT - 1;
    for (int i = 0; subject != NULL && i < PAPER_COUNT; i++) {
        if (strcmp(papers[i].word, subject) == 0) {
            *out_first = *out_last = i;
            return STATUS_OK;
        }
    }
    if (subject != NULL) {
        error_set(err, "invalid_request",
                  "統計は cashless、brands、certificates、facilities、hours、deposits、savings から選んでください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
make_all(struct form *forms, int first, int last, int *out_begun, const struct making *making, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (int i = first; status == STATUS_OK && i <= last; i++) {
        status = papers[i].make(&forms[i - first], making, err);
        (*out_begun)++;
    }
    return status;
}

void
statistics_paper_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct statistics_view view;
    struct form *forms = NULL;
    const struct form *pages[PAPER_COUNT];
    char name[NAME_SIZE], today[CIVIL_DATE_TEXT_SIZE];
    int first = 0, last = 0, begun = 0;
    enum status status = statistics_view_begin(&view, request, service, &err);
    if (status == STATUS_OK) {
        status = asked_papers(request, &first, &last, &err);
    }
    if (status == STATUS_OK) {
        forms = calloc(PAPER_COUNT, sizeof *forms);
        status = forms != NULL ? STATUS_OK : statistics_no_memory(&err);
    }
    if (status == STATUS_OK) {
        struct making making = {.view = &view,
                                .issuer = catalogue_municipality_name(view.catalogue, view.municipality)};
        civil_date_format(today, civil_date_at(asked_now_ms(service)));
        snprintf(making.day, sizeof making.day, "%s", strcmp(today, view.days.to) < 0 ? today : view.days.to);
        status = make_all(forms, first, last, &begun, &making, &err);
    }
    statistics_view_finish(&view);
    for (int i = 0; i < begun; i++) {
        pages[i] = &forms[i];
    }
    if (status == STATUS_OK) {
        snprintf(name, sizeof name, "tokei-%d%s%s", view.fiscal_year, first == last ? "-" : "",
                 first == last ? papers[first].word : "");
        respond_paper(request, name, pages, (size_t)begun);
    } else {
        respond_failure(request, status, &err);
    }
    for (int i = 0; i < begun; i++) {
        form_finish(&forms[i]);
    }
    free(forms);
}
