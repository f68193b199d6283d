/* 現金払込書 of one 払込, as a file. */
#include "settlement/assessment/fiscal_rules.h"
#include "settlement/forms/cash_form.h"
#include "settlement/remittance/reference.h"
#include "settlement/web/cash_view.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/paper_reply.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <string.h>

enum { NAME_SIZE = 64 };

struct slip {
    const struct cash_view *view;
    struct form form;
    struct remittance_line total;
    bool is_found;
    char name[NAME_SIZE];
};

static bool
is_after_closing(const struct remittance_row *row)
{
    char closing[CIVIL_DATE_TEXT_SIZE];
    const char *day = row->paid_on[0] != '\0' ? row->paid_on : row->pay_on;
    return strcmp(day, civil_date_format(closing, fiscal_year_closing_day((int)row->fiscal_year))) > 0;
}

static enum status
begin_slip(const struct remittance_row *row, void *context, struct error_detail *err)
{
    struct slip *slip = context;
    char number[REMITTANCE_REFERENCE_SIZE], reference[REMITTANCE_REFERENCE_SIZE];
    (void)err;
    const struct remittance_paper paper = {
        .number = remittance_number_format(number, row->fiscal_year, row->number),
        .reference = remittance_reference_format(reference, row->fiscal_year, row->number),
        .fiscal_year = (int)row->fiscal_year,
        .section = cash_office_of_section(slip->view->catalogue, row->section).name,
        .officer = row->officer,
        .bank = row->bank,
        .pay_on = row->pay_on,
        .amount_yen = row->amount_yen,
        .close_count = row->close_count,
        .difference_yen = row->difference_yen,
        .prepared_at_ms = row->prepared_at_ms,
        .prepared_by = row->prepared_name[0] != '\0' ? row->prepared_name : row->prepared_by,
        .paid_on = row->paid_on,
        .receipt = row->receipt,
        .confirmed_by = row->confirmed_name[0] != '\0' ? row->confirmed_name : row->confirmed_by,
        .is_undone = row->undone_by[0] != '\0',
        .is_after_closing = is_after_closing(row),
    };
    form_finish(&slip->form);
    remittance_form(&slip->form, catalogue_municipality_name(slip->view->catalogue, slip->view->municipality), &paper);
    snprintf(slip->name, sizeof slip->name, "haraikomi-%s", number);
    slip->is_found = true;
    return STATUS_OK;
}

static enum status
add_slip_row(const struct cash_close *close, void *context, struct error_detail *err)
{
    struct slip *slip = context;
    (void)err;
    const struct remittance_line line = {.place = catalogue_name(slip->view->catalogue, "places", close->place),
                                         .terminal = close->terminal,
                                         .business_date = close->business_date,
                                         .number = close->number,
                                         .expected_yen = close->expected_cash_yen,
                                         .counted_yen = close->counted_cash_yen,
                                         .difference_yen = close->difference_yen,
                                         .reason = close->difference_reason,
                                         .float_yen = close->close_float_yen,
                                         .deposit_yen = close->deposit_yen};
    remittance_form_row(&slip->form, &line, FORM_ENTRY);
    slip->total.expected_yen += line.expected_yen;
    slip->total.counted_yen += line.counted_yen;
    slip->total.difference_yen += line.difference_yen;
    slip->total.float_yen += line.float_yen;
    slip->total.deposit_yen += line.deposit_yen;
    return STATUS_OK;
}

void
remittance_paper_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct cash_view view;
    struct slip slip = {.view = &view};
    int64_t id = 0;
    form_begin(&slip.form, "", "", 0);
    enum status status = cash_view_begin(&view, request, context, &err);
    if (status == STATUS_OK) {
        status = asked_id(request, "id", &id, &err);
    }
    const struct remittance_query query = {.municipality = view.municipality, .id = id, .limit = 1};
    const struct cash_query closes = {.municipality = view.municipality, .remittance = id};
    if (status == STATUS_OK) {
        status = remittance_each(view.txn, &query, begin_slip, &slip, &err);
    }
    if (status == STATUS_OK && !slip.is_found) {
        error_set(&err, "not_found", "払込（%lld）はありません。", (long long)id);
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = cash_close_each(view.txn, &closes, add_slip_row, &slip, &err);
    }
    if (status == STATUS_OK) {
        remittance_form_row(&slip.form, &slip.total, FORM_TOTAL);
        respond_paper(request, slip.name, (const struct form *const[]){&slip.form}, 1);
    } else {
        respond_failure(request, status, &err);
    }
    form_finish(&slip.form);
    cash_view_finish(&view);
}
