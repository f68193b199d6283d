/* One snapshot of the store for everything that an answer says. */
#include "settlement/web/collection_view.h"

#include "settlement/assessment/fiscal_rules.h"
#include "settlement/terms/terms_book.h"

#include <stdio.h>
#include <string.h>

enum {
    YEAR_FIRST = 2000,
    YEAR_LAST = 2999,
    DAYS_WITHOUT_TERMS = 67 /* closed at the month's end, paid at the end of the next, the longest row of holidays */
};

void
collection_view_begin(struct collection_view *view)
{
    *view = (struct collection_view){0};
    collecting_begin(&view->found);
}

void
collection_view_finish(struct collection_view *view)
{
    year_table_finish(&view->table);
    collecting_finish(&view->found);
    catalogue_destroy(view->catalogue);
}

static void
pay_day(const char *route, const char *day, char *out, void *context)
{
    const struct terms_book *book = context;
    struct civil_date date, pay;
    if (civil_date_parse(&date, day, strlen(day)) != STATUS_OK) {
        out[0] = '\0';
        return;
    }
    if (!terms_book_pay_day(book, route, date, &pay)) {
        pay = civil_date_from_days(civil_date_to_days(date) + DAYS_WITHOUT_TERMS);
    }
    civil_date_format(out, pay);
}

static enum status
make_table(struct collection_view *view, struct error_detail *err)
{
    struct terms_book *book = NULL;
    enum status status = terms_book_create(&book, view->catalogue, err);
    if (status == STATUS_OK) {
        const struct year_question question = {.fiscal_year = view->fiscal_year,
                                               .closing = view->closing,
                                               .today = view->to,
                                               .pay_day = pay_day,
                                               .context = book,
                                               .arena = &view->found.arena};
        status = year_table_make(&view->table, &question, view->found.assessed.elements, view->found.assessed.count,
                                 view->found.payouts.elements, view->found.payouts.count, err);
    }
    terms_book_destroy(book);
    return status;
}

enum status
collection_view_year(struct collection_view *view, const struct http_request *request, struct service *service,
                     struct error_detail *err)
{
    const struct civil_date today = civil_date_at(asked_now_ms(service));
    const char *municipality = asked_actor(request)->municipality;
    const char *to = NULL;
    int64_t fiscal_year = 0;
    struct store_txn *txn = NULL;
    civil_date_format(view->today, today);
    enum status status =
        asked_int(request, "fiscal_year", fiscal_year_of(today), YEAR_FIRST, YEAR_LAST, &fiscal_year, err);
    if (status == STATUS_OK) {
        status = asked_day(request, "to", &to, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    view->fiscal_year = (int)fiscal_year;
    civil_date_format(view->closing, fiscal_year_closing_day(view->fiscal_year));
    snprintf(view->to, sizeof view->to, "%s", to != NULL ? to : view->today);
    status = asked_begin_read(request, service, &txn, err);
    if (status == STATUS_OK) {
        status = catalogue_load(&view->catalogue, txn, municipality, err);
    }
    if (status == STATUS_OK) {
        status = collecting_read_year(&view->found, txn, municipality, view->fiscal_year, view->to, err);
    }
    store_end(txn);
    return status == STATUS_OK ? make_table(view, err) : status;
}

/* `date` for both ends, or `from` and `to`. */
static enum status
read_period(struct collection_view *view, const struct http_request *request, struct error_detail *err)
{
    const char *date = NULL, *from = NULL, *to = NULL;
    struct civil_date first, last;
    enum status status = asked_day(request, "date", &date, err);
    if (status == STATUS_OK) {
        status = asked_day(request, "from", &from, err);
    }
    if (status == STATUS_OK) {
        status = asked_day(request, "to", &to, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    date = date != NULL ? date : view->today;
    snprintf(view->from, sizeof view->from, "%s", from != NULL ? from : to != NULL ? to : date);
    snprintf(view->to, sizeof view->to, "%s", to != NULL ? to : view->from);
    if (civil_date_parse(&first, view->from, strlen(view->from)) != STATUS_OK ||
        civil_date_parse(&last, view->to, strlen(view->to)) != STATUS_OK || civil_date_compare(first, last) > 0 ||
        civil_date_to_days(last) - civil_date_to_days(first) >= COLLECTION_PERIOD_MAX_DAYS) {
        error_set(err, "invalid_request", "期間は%d日までで、始まりを終わりより前にしてください。",
                  COLLECTION_PERIOD_MAX_DAYS);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status
collection_view_days(struct collection_view *view, const struct http_request *request, struct service *service,
                     struct error_detail *err)
{
    const char *municipality = asked_actor(request)->municipality;
    struct store_txn *txn = NULL;
    civil_date_format(view->today, civil_date_at(asked_now_ms(service)));
    enum status status = read_period(view, request, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = asked_begin_read(request, service, &txn, err);
    if (status == STATUS_OK) {
        status = catalogue_load(&view->catalogue, txn, municipality, err);
    }
    if (status == STATUS_OK) {
        status = collecting_read_days(&view->found, txn, municipality, view->from, view->to, err);
    }
    store_end(txn);
    return status;
}

const char *
collection_account_words(char out[ACCOUNT_WORDS_SIZE], const struct catalogue *catalogue, const char *account)
{
    struct account_parts parts;
    size_t length = 0;
    snprintf(out, ACCOUNT_WORDS_SIZE, "%s", account);
    if (!catalogue_account(catalogue, account, &parts)) {
        return out;
    }
    for (int part = 0; part < ACCOUNT_PART_COUNT; part++) {
        const char *name = parts.name[part][0] != '\0' ? parts.name[part] : parts.code[part];
        if (name[0] != '\0' && length < ACCOUNT_WORDS_SIZE) {
            length +=
                (size_t)snprintf(out + length, ACCOUNT_WORDS_SIZE - length, "%s%s", length > 0 ? " ／ " : "", name);
        }
    }
    return out;
}

const char *
collection_route_name(const struct catalogue *catalogue, const char *route)
{
    return strcmp(route, "cash") == 0 ? "現金" : catalogue_name(catalogue, "trustees", route);
}
