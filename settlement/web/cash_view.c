/* Begun and ended alike everywhere. */
#include "settlement/web/cash_view.h"

#include "settlement/store/payout_store.h"

enum status
cash_view_begin(struct cash_view *view, const struct http_request *request, struct service *service,
                struct error_detail *err)
{
    *view = (struct cash_view){.municipality = asked_actor(request)->municipality,
                               .today_date = civil_date_at(asked_now_ms(service))};
    civil_date_format(view->today, view->today_date);
    enum status status = asked_begin_read(request, service, &view->txn, err);
    if (status == STATUS_OK) {
        status = catalogue_load(&view->catalogue, view->txn, view->municipality, err);
    }
    if (status == STATUS_OK) {
        status = terms_book_create(&view->terms, view->catalogue, err);
    }
    if (status == STATUS_OK) {
        view->calendar = terms_book_calendar(view->terms);
        status = bank_covers_to(view->txn, view->municipality, view->covers_to, err);
    }
    return status;
}

void
cash_view_finish(struct cash_view *view)
{
    store_end(view->txn);
    terms_book_destroy(view->terms);
    catalogue_destroy(view->catalogue);
}
