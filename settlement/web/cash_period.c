/* Texts are copied, because books are sorted in another order than the store gives. */
#include "settlement/web/cash_period.h"

#include "settlement/remittance/reference.h"

#include <stdio.h>
#include <string.h>

enum {
    WORDS_SIZE = 320,
    ARENA_BYTES = 64 * 1024 * 1024 /* the texts of as many rows as a form takes */
};

static enum status
out_of_room(struct error_detail *err)
{
    error_set(err, "form_too_large", "帳票に載せる精算が多すぎます。期間を短くするか、所属を選んでください。");
    return STATUS_OVERFLOW;
}

static const char *
keep(struct period *period, const char *text)
{
    const char *kept = arena_copy(&period->arena, text, strlen(text));
    period->is_full |= kept == NULL;
    return kept != NULL ? kept : "";
}

static bool
is_asked(const struct period *period, const char *section)
{
    return period->section == NULL || strcmp(period->section, section) == 0;
}

static enum status
take_close(const struct cash_close *close, void *context, struct error_detail *err)
{
    struct period *period = context;
    const struct cash_office office = cash_office_of_place(period->view->catalogue, close->place);
    if (!is_asked(period, office.section)) {
        return STATUS_OK;
    }
    struct movement *movement = growing_add(&period->movements);
    if (movement == NULL) {
        return out_of_room(err);
    }
    *movement = (struct movement){
        .day = keep(period, close->business_date),
        .section = keep(period, office.section),
        .place = keep(period, catalogue_name(period->view->catalogue, "places", close->place)),
        .terminal = keep(period, close->terminal),
        .clerk = keep(period, close->closed_by),
        .words = "",
        .number = close->number,
        .opening_float_yen = close->opening_float_yen,
        .close_float_yen = close->close_float_yen,
        .returned_yen = close->float_returned_yen,
        .counted_yen = close->counted_cash_yen,
        .sums = {.sale_count = close->sale_count,
                 .sales_yen = close->sales_yen,
                 .void_yen = close->void_yen,
                 .refund_yen = close->refund_yen,
                 .in_yen = close->in_yen,
                 .out_yen = close->out_yen,
                 .difference_yen = close->difference_yen,
                 .deposit_yen = close->deposit_yen,
                 .cashless_count = close->cashless_count,
                 .cashless_yen = close->cashless_yen},
    };
    return STATUS_OK;
}

static enum status
take_paid(const struct remittance_row *row, void *context, struct error_detail *err)
{
    struct period *period = context;
    char words[WORDS_SIZE], number[REMITTANCE_REFERENCE_SIZE];
    if (!is_asked(period, row->section)) {
        return STATUS_OK;
    }
    struct movement *movement = growing_add(&period->movements);
    if (movement == NULL) {
        return out_of_room(err);
    }
    snprintf(words, sizeof words, "払込 %s　%s", remittance_number_format(number, row->fiscal_year, row->number),
             row->bank);
    *movement = (struct movement){.day = keep(period, row->paid_on),
                                  .section = keep(period, row->section),
                                  .place = "",
                                  .terminal = "",
                                  .clerk = "",
                                  .words = keep(period, words),
                                  .paid_yen = row->amount_yen};
    return STATUS_OK;
}

static enum status
take_before(const char *place, int64_t yen, void *context, struct error_detail *err)
{
    struct period *period = context;
    const struct cash_office office = cash_office_of_place(period->view->catalogue, place);
    if (!is_asked(period, office.section)) {
        return STATUS_OK;
    }
    struct movement *held = growing_add(&period->before);
    if (held == NULL) {
        return out_of_room(err);
    }
    *held = (struct movement){.section = keep(period, office.section), .sums = {.deposit_yen = yen}};
    return STATUS_OK;
}

static enum status
read_period(struct period *period, const struct http_request *request, struct error_detail *err)
{
    const char *from = NULL, *to = NULL;
    struct civil_date first, last;
    enum status status = asked_day(request, "from", &from, err);
    if (status == STATUS_OK) {
        status = asked_day(request, "to", &to, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    snprintf(period->from, sizeof period->from, "%s", from != NULL ? from : to != NULL ? to : period->view->today);
    snprintf(period->to, sizeof period->to, "%s", to != NULL ? to : period->from);
    if (civil_date_parse(&first, period->from, strlen(period->from)) != STATUS_OK ||
        civil_date_parse(&last, period->to, strlen(period->to)) != STATUS_OK || civil_date_compare(first, last) > 0 ||
        civil_date_to_days(last) - civil_date_to_days(first) >= CASH_PERIOD_MAX_DAYS) {
        error_set(err, "invalid_request", "期間は%d日までで、始まりを終わりより前にしてください。",
                  CASH_PERIOD_MAX_DAYS);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
collect(struct period *period, struct error_detail *err)
{
    const struct cash_view *view = period->view;
    const struct remittance_rule rule = remittance_rule_of(view->catalogue);
    const struct cash_query query = {.municipality = view->municipality, .from = period->from, .to = period->to};
    char from[CIVIL_DATE_TEXT_SIZE];
    enum status status = cash_close_each(view->txn, &query, take_close, period, err);
    if (status == STATUS_OK) {
        status = remittance_paid_each(view->txn, view->municipality, period->from, period->to, take_paid, period, err);
    }
    return status == STATUS_OK ? cash_held_before(view->txn, view->municipality, civil_date_format(from, rule.from),
                                                  period->from, take_before, period, err)
                               : status;
}

enum status
cash_period_read(struct period *period, const struct cash_view *view, const struct http_request *request,
                 struct error_detail *err)
{
    *period = (struct period){.view = view, .section = asked_text(request, "section")};
    growing_init(&period->movements, sizeof(struct movement), FORM_ROWS_MAX, 0);
    growing_init(&period->before, sizeof(struct movement), FORM_ROWS_MAX, 0);
    arena_init(&period->arena, ARENA_BYTES);
    enum status status = read_period(period, request, err);
    if (status == STATUS_OK) {
        status = collect(period, err);
    }
    return status == STATUS_OK && period->is_full ? out_of_room(err) : status;
}

void
cash_period_finish(struct period *period)
{
    arena_finish(&period->arena);
    growing_finish(&period->movements);
    growing_finish(&period->before);
}
