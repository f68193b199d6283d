/* What every answer about cash stands on: one snapshot, the masters, the bank's calendar. For this folder only. */
#pragma once

#include "settlement/catalogue/catalogue.h"
#include "settlement/remittance/position.h"
#include "settlement/terms/terms_book.h"
#include "settlement/web/asked.h"

struct cash_view {
    struct store_txn *txn;
    struct catalogue *catalogue;
    struct terms_book *terms;
    const struct bank_calendar *calendar;
    const char *municipality;
    struct civil_date today_date;
    char today[CIVIL_DATE_TEXT_SIZE];
    char covers_to[CIVIL_DATE_TEXT_SIZE]; /* the last day of the bank's records; "" */
};

/* End with cash_view_finish, also after a failure. `today` is set in any case. */
enum status cash_view_begin(struct cash_view *view, const struct http_request *request, struct service *service,
                            struct error_detail *err) MUST_CHECK;
void cash_view_finish(struct cash_view *view);

/* "offices": what each 所属 holds. */
void json_held_offices(struct json_writer *writer, const struct cash_position *position);
