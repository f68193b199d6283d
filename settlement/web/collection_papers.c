/* 調定収納一覧表, 収納日計表 and 決済手数料支出依頼書 as files. */
#include "settlement/forms/collection_form.h"
#include "settlement/web/collection_view.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/paper_reply.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 64 };

static const char *
issuer_of(const struct collection_view *view, const struct http_request *request)
{
    return catalogue_municipality_name(view->catalogue, asked_actor(request)->municipality);
}

static void
answer(struct http_request *request, const char *name, const struct form *form)
{
    respond_paper(request, name, (const struct form *const[]){form}, 1);
}

static struct collection_sums
sums_of(const struct collection_row *row)
{
    return (struct collection_sums){.assessed_yen = row->assessed_yen,
                                    .received_yen = row->stand_yen[COLLECTION_RECEIVED],
                                    .due_later_yen = row->stand_yen[COLLECTION_DUE_LATER],
                                    .late_yen = row->stand_yen[COLLECTION_LATE],
                                    .unreported_yen = row->stand_yen[COLLECTION_UNREPORTED]};
}

static void
add_sums(struct collection_sums *to, const struct collection_sums *more)
{
    to->assessed_yen += more->assessed_yen;
    to->received_yen += more->received_yen;
    to->due_later_yen += more->due_later_yen;
    to->late_yen += more->late_yen;
    to->unreported_yen += more->unreported_yen;
}

/* Rows of one account, then its sum. */
static void
fill_year(struct form *form, const struct collection_view *view)
{
    const struct collection_words none = {.account = "", .section = "", .route = ""};
    struct collection_sums account = {0}, all = {0};
    char words[ACCOUNT_WORDS_SIZE];
    const struct collection_row *rows = view->table.rows.elements;
    for (size_t i = 0; i < view->table.rows.count; i++) {
        const struct collection_part *key = &rows[i].key;
        const struct collection_sums sums = sums_of(&rows[i]);
        const struct collection_words texts = {.account =
                                                   collection_account_words(words, view->catalogue, key->account),
                                               .section = catalogue_name(view->catalogue, "sections", key->section),
                                               .route = collection_route_name(view->catalogue, key->route)};
        collection_year_row(form, &texts, &sums, FORM_ENTRY);
        add_sums(&account, &sums);
        add_sums(&all, &sums);
        if (i + 1 == view->table.rows.count || strcmp(rows[i + 1].key.account, key->account) != 0) {
            collection_year_row(form, &none, &account, FORM_SUBTOTAL);
            account = (struct collection_sums){0};
        }
    }
    collection_year_row(form, &none, &all, FORM_TOTAL);
}

void
collection_paper_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct collection_view view;
    collection_view_begin(&view);
    enum status status = collection_view_year(&view, request, context, &err);
    if (status == STATUS_OK) {
        struct form form;
        char name[NAME_SIZE];
        collection_year_form(&form, issuer_of(&view, request), view.fiscal_year, view.to);
        fill_year(&form, &view);
        snprintf(name, sizeof name, "shunyu-%d-%s", view.fiscal_year, view.to);
        answer(request, name, &form);
        form_finish(&form);
    } else {
        respond_failure(request, status, &err);
    }
    collection_view_finish(&view);
}

/* What came of PAYOUT in the period, by 調定; *SUM_YEN grows by it. */
static enum status
add_deposit(struct form *form, const struct collection_view *view, const struct collection_payout *payout,
            int64_t *sum_yen, struct error_detail *err)
{
    char words[ACCOUNT_WORDS_SIZE], source[ACCOUNT_WORDS_SIZE];
    int64_t *came = calloc(2 * payout->part_count + 2, sizeof *came);
    if (came == NULL) {
        error_set(err, "no_memory", "メモリが足りません。しばらくしてからもう一度行ってください。");
        return STATUS_NO_MEMORY;
    }
    int64_t *after = came + payout->part_count;
    collection_allocate(payout, payout->before_yen, came);
    collection_allocate(payout, payout->upto_yen, after);
    snprintf(source, sizeof source, "%s　%s", collection_route_name(view->catalogue, payout->trustee), payout->payout);
    for (size_t i = 0; i < payout->part_count; i++) {
        const struct collection_part *part = &payout->parts[i];
        if (after[i] == came[i]) {
            continue;
        }
        const struct collection_words texts = {.account =
                                                   collection_account_words(words, view->catalogue, part->account),
                                               .section = catalogue_name(view->catalogue, "sections", part->section),
                                               .route = ""};
        collection_day_row(form, payout->credited_on, source, part->fiscal_year, &texts, after[i] - came[i],
                           FORM_ENTRY);
        *sum_yen += after[i] - came[i];
    }
    free(came);
    return STATUS_OK;
}

static enum status
fill_days(struct form *form, const struct collection_view *view, struct error_detail *err)
{
    const struct collection_words none = {.account = "", .section = "", .route = ""};
    char words[ACCOUNT_WORDS_SIZE];
    int64_t sum_yen = 0;
    const struct collection_part *parts = view->found.assessed.elements;
    for (size_t i = 0; i < view->found.assessed.count; i++) {
        if (strcmp(parts[i].route, "cash") != 0 || parts[i].amount_yen == 0) {
            continue;
        }
        const struct collection_words texts = {.account =
                                                   collection_account_words(words, view->catalogue, parts[i].account),
                                               .section = catalogue_name(view->catalogue, "sections", parts[i].section),
                                               .route = ""};
        collection_day_row(form, parts[i].assessed_on, "現金", parts[i].fiscal_year, &texts, parts[i].amount_yen,
                           FORM_ENTRY);
        sum_yen += parts[i].amount_yen;
    }
    enum status status = STATUS_OK;
    const struct collection_payout *payouts = view->found.payouts.elements;
    for (size_t i = 0; status == STATUS_OK && i < view->found.payouts.count; i++) {
        status = add_deposit(form, view, &payouts[i], &sum_yen, err);
    }
    collection_day_row(form, "", "", 0, &none, sum_yen, FORM_TOTAL);
    return status;
}

void
collection_day_paper_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct collection_view view;
    collection_view_begin(&view);
    enum status status = collection_view_days(&view, request, context, &err);
    if (status == STATUS_OK) {
        struct form form;
        char name[NAME_SIZE];
        collection_day_form(&form, issuer_of(&view, request), view.from, view.to);
        status = fill_days(&form, &view, &err);
        snprintf(name, sizeof name, "shuno-%s", view.to);
        if (status == STATUS_OK) {
            answer(request, name, &form);
        }
        form_finish(&form);
    }
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
    }
    collection_view_finish(&view);
}

/* Payouts that became whole in the period, by trustee: their fee is expenditure of it. */
static void
fill_fees(struct form *form, const struct collection_view *view)
{
    int64_t gross_yen = 0, fee_yen = 0, came_yen = 0;
    const struct collection_payout *payouts = view->found.payouts.elements;
    for (size_t i = 0; i < view->found.payouts.count; i++) {
        const struct collection_payout *payout = &payouts[i];
        bool was_whole = payout->before_yen > 0 && collection_is_whole(payout, payout->before_yen);
        if (payout->is_carried || was_whole || !collection_is_whole(payout, payout->upto_yen)) {
            continue;
        }
        collection_fee_row(form, payout->credited_on, collection_route_name(view->catalogue, payout->trustee),
                           payout->payout, payout->gross_yen, payout->fee_yen, payout->upto_yen,
                           payout->gross_yen != payout->expected_yen, FORM_ENTRY);
        gross_yen += payout->gross_yen;
        fee_yen += payout->fee_yen;
        came_yen += payout->upto_yen;
    }
    collection_fee_row(form, "", "", "", gross_yen, fee_yen, came_yen, false, FORM_TOTAL);
}

void
collection_fees_paper_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct collection_view view;
    collection_view_begin(&view);
    enum status status = collection_view_days(&view, request, context, &err);
    if (status == STATUS_OK) {
        struct form form;
        char name[NAME_SIZE];
        collection_fee_form(&form, issuer_of(&view, request), view.from, view.to);
        fill_fees(&form, &view);
        snprintf(name, sizeof name, "tesuryo-%s", view.to);
        answer(request, name, &form);
        form_finish(&form);
    } else {
        respond_failure(request, status, &err);
    }
    collection_view_finish(&view);
}
