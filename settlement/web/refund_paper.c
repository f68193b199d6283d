/* 還付命令票 of one refund, as a file. */
#include "settlement/forms/refund_form.h"
#include "settlement/store/refund_query_store.h"
#include "settlement/store/sale_query_store.h"
#include "settlement/store/sale_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/collection_view.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/paper_reply.h"
#include "settlement/web/refund_json.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_TEXT_SIZE = 64 * 1024, NAME_SIZE = 64 };

struct slip {
    struct form form;
    const char *municipality;
    struct catalogue *catalogue;
    struct civil_date today;
    bool is_found;
    char sale[IDENTITY_TEXT_SIZE];
    char name[NAME_SIZE];
    char lines[LINES_TEXT_SIZE]; /* "1:300,2:100" */
    struct refund_form_line total;
};

static enum status
begin_slip(const struct refund_view *view, void *context)
{
    struct slip *slip = context;
    struct civil_date received = slip->today, back = slip->today;
    if (civil_date_parse(&received, view->received_on, strlen(view->received_on)) != STATUS_OK) {
        received = slip->today;
    }
    if (view->ended_on[0] != '\0' && civil_date_parse(&back, view->ended_on, strlen(view->ended_on)) != STATUS_OK) {
        back = slip->today;
    }
    bool is_paid = strcmp(view->state, "paid") == 0;
    const struct refund_paper paper = {.refund = view->refund,
                                       .treatment = refund_treatment_of(received, back),
                                       .receipt_number = view->receipt_number,
                                       .received_on = view->received_on,
                                       .sale_yen = view->sale_yen,
                                       .amount_yen = view->amount_yen,
                                       .means = refund_means_name(is_paid ? view->ended_means : view->means),
                                       .reason = view->reason,
                                       .requested_on = view->business_date,
                                       .requested_by = view->clerk_name,
                                       .approved_by = is_paid ? view->ended_approved_name : view->approved_name,
                                       .paid_on = is_paid ? view->ended_on : "",
                                       .state = refund_state_name(view),
                                       .is_withdrawn = strcmp(view->state, "withdrawn") == 0,
                                       .requested_at_ms = view->requested_at_ms};
    form_finish(&slip->form);
    refund_form(&slip->form, catalogue_municipality_name(slip->catalogue, slip->municipality), &paper);
    snprintf(slip->sale, sizeof slip->sale, "%s", view->sale);
    snprintf(slip->lines, sizeof slip->lines, "%s", view->lines);
    snprintf(slip->name, sizeof slip->name, "kanpu-%s", view->receipt_number);
    slip->total.back_yen = view->amount_yen;
    slip->is_found = true;
    return STATUS_OK;
}

/* What goes back of line NUMBER; −1: not a part of it. */
static int64_t
back_of(const char *lines, int64_t number)
{
    while (*lines != '\0') {
        char *end;
        long long line = strtoll(lines, &end, 10);
        long long yen = *end == ':' ? strtoll(end + 1, &end, 10) : 0;
        if (line == number) {
            return yen;
        }
        lines = *end == ',' ? end + 1 : end + strlen(end);
    }
    return -1;
}

static enum status
add_line(const struct sold_line *line, void *context)
{
    struct slip *slip = context;
    char words[ACCOUNT_WORDS_SIZE];
    bool is_told = slip->lines[0] != '\0';
    int64_t back = back_of(slip->lines, line->number);
    if (is_told && back < 0) {
        return STATUS_OK;
    }
    const struct refund_form_line row = {.item = line->name,
                                         .account = collection_account_words(words, slip->catalogue, line->account),
                                         .section = catalogue_name(slip->catalogue, "sections", line->section),
                                         .sold_yen = line->amount_yen,
                                         .back_yen = is_told ? back : line->amount_yen};
    refund_form_row(&slip->form, &row, FORM_ENTRY);
    slip->total.sold_yen += line->amount_yen;
    return STATUS_OK;
}

static enum status
fill(struct slip *slip, struct store_txn *txn, const char *refund, struct error_detail *err)
{
    struct sale_facts sale = {0};
    const struct refund_query query = {.municipality = slip->municipality, .refund = refund, .limit = 1};
    enum status status = catalogue_load(&slip->catalogue, txn, slip->municipality, err);
    if (status == STATUS_OK) {
        status = refund_view_each(txn, &query, begin_slip, slip, err);
    }
    if (status == STATUS_OK && !slip->is_found) {
        error_set(err, "not_found", "この還付はありません。");
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = sale_find(txn, slip->sale, &sale, err);
    }
    if (status == STATUS_OK && sale.sequence != 0) {
        status = sold_line_each(txn, sale.terminal, sale.sequence, add_line, slip, err);
    }
    refund_form_row(&slip->form, &slip->total, FORM_TOTAL);
    return status;
}

void
refund_paper_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct slip *slip = calloc(1, sizeof *slip);
    if (slip == NULL) {
        respond_problem(request, STATUS_NO_MEMORY, "no_memory", "out of memory");
        return;
    }
    slip->municipality = asked_actor(request)->municipality;
    slip->today = civil_date_at(asked_now_ms(service));
    form_begin(&slip->form, "", "", 0);
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = fill(slip, txn, http_request_parameter(request, "refund"), &err);
    }
    store_end(txn);
    if (status == STATUS_OK) {
        respond_paper(request, slip->name, (const struct form *const[]){&slip->form}, 1);
    } else {
        respond_failure(request, status, &err);
    }
    form_finish(&slip->form);
    catalogue_destroy(slip->catalogue);
    free(slip);
}
