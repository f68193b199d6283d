/* 調定・収納 of a year, 収入未済 by name, and 収納日計 of a period. */
#include "common/money/yen.h"
#include "settlement/web/collection_view.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <stdlib.h>
#include <string.h>

static void
write_key(struct json_writer *writer, const struct catalogue *catalogue, const struct collection_part *part)
{
    char words[ACCOUNT_WORDS_SIZE];
    json_int(writer, "fiscal_year", part->fiscal_year);
    json_code_name(writer, "account", part->account, collection_account_words(words, catalogue, part->account));
    json_code_name(writer, "section", part->section, catalogue_name(catalogue, "sections", part->section));
    json_code_name(writer, "route", part->route, collection_route_name(catalogue, part->route));
}

static void
write_sums(struct json_writer *writer, const struct collection_row *row)
{
    json_int(writer, "assessed_yen", row->assessed_yen);
    json_int(writer, "received_yen", row->stand_yen[COLLECTION_RECEIVED]);
    json_int(writer, "outstanding_yen", row->assessed_yen - row->stand_yen[COLLECTION_RECEIVED]);
    json_int(writer, "due_later_yen", row->stand_yen[COLLECTION_DUE_LATER]);
    json_int(writer, "late_yen", row->stand_yen[COLLECTION_LATE]);
    json_int(writer, "unreported_yen", row->stand_yen[COLLECTION_UNREPORTED]);
    json_int(writer, "misses_closing_yen", row->misses_closing_yen);
}

void
collection_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct collection_view view;
    struct reply reply;
    collection_view_begin(&view);
    reply_begin(&reply);
    enum status status = collection_view_year(&view, request, context, &err);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        collection_view_finish(&view);
        return;
    }
    struct json_writer *writer = &reply.writer;
    struct collection_row total = {.key = {.account = "", .section = "", .route = ""}};
    const struct collection_row *rows = view.table.rows.elements;
    json_int(writer, "fiscal_year", view.fiscal_year);
    json_text(writer, "to", view.to);
    json_text(writer, "closing", view.closing);
    json_begin_array(writer, "rows");
    for (size_t i = 0; i < view.table.rows.count; i++) {
        json_begin_object(writer, NULL);
        write_key(writer, view.catalogue, &rows[i].key);
        write_sums(writer, &rows[i]);
        json_end_object(writer);
        total.assessed_yen += rows[i].assessed_yen;
        total.misses_closing_yen += rows[i].misses_closing_yen;
        for (int stand = 0; stand < COLLECTION_STAND_COUNT; stand++) {
            total.stand_yen[stand] += rows[i].stand_yen[stand];
        }
    }
    json_end_array(writer);
    json_begin_object(writer, "total");
    write_sums(writer, &total);
    json_end_object(writer);
    collection_view_finish(&view);
    reply_send(&reply, request, 200);
}

/* Whom the money is to come from, and when: the order of the list, and what stands in one row of it. */
static int
compare_open(const void *a, const void *b)
{
    const struct collection_open *left = a, *right = b;
    int order = strcmp(left->expected_on, right->expected_on);
    order = order != 0 ? order : strcmp(left->part.route, right->part.route);
    order = order != 0 ? order : strcmp(left->payout, right->payout);
    if (order == 0 && left->payout[0] == '\0') {
        order = strcmp(left->part.assessed_on, right->part.assessed_on);
    }
    return order;
}

static int64_t
age_of(const char *expected_on, const char *day)
{
    struct civil_date expected, today;
    if (civil_date_parse(&expected, expected_on, strlen(expected_on)) != STATUS_OK ||
        civil_date_parse(&today, day, strlen(day)) != STATUS_OK) {
        return 0;
    }
    int64_t days = civil_date_to_days(today) - civil_date_to_days(expected);
    return days > 0 ? days : 0;
}

static void
write_open(struct json_writer *writer, const struct collection_view *view, const struct collection_open *open,
           const char *first_on, int64_t amount_yen)
{
    json_begin_object(writer, NULL);
    json_code_name(writer, "route", open->part.route, collection_route_name(view->catalogue, open->part.route));
    json_text_or_null(writer, "payout", open->payout);
    json_text(writer, "stand", collection_stand_word(open->stand));
    json_text(writer, "stand_name", collection_stand_name(open->stand));
    json_text(writer, "received_on", first_on);
    json_text_or_null(writer, "expected_on", open->expected_on);
    json_bool(writer, "is_computed", open->is_computed);
    json_int(writer, "age_days", age_of(open->expected_on, view->to));
    json_bool(writer, "misses_closing", open->misses_closing);
    json_int(writer, "amount_yen", amount_yen);
    json_end_object(writer);
}

static bool
is_asked(const struct collection_part *part, const char *account, const char *section, const char *route)
{
    return (account == NULL || strcmp(part->account, account) == 0) &&
           (section == NULL || strcmp(part->section, section) == 0) &&
           (route == NULL || strcmp(part->route, route) == 0);
}

/* 収入未済 by payout, or by day where no statement has it; oldest expectation first. */
void
collection_open_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct collection_view view;
    struct reply reply;
    int64_t limit = 0, written = 0, sum_yen = 0;
    bool is_cut = false;
    const char *account = asked_text(request, "account"), *section = asked_text(request, "section");
    const char *route = asked_text(request, "route");
    collection_view_begin(&view);
    reply_begin(&reply);
    enum status status = asked_limit(request, &limit, &err);
    if (status == STATUS_OK) {
        status = collection_view_year(&view, request, context, &err);
    }
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        collection_view_finish(&view);
        return;
    }
    struct collection_open *all = view.table.open.elements;
    size_t count = 0;
    for (size_t i = 0; i < view.table.open.count; i++) {
        if (is_asked(&all[i].part, account, section, route)) {
            all[count++] = all[i];
        }
    }
    if (count > 0) {
        qsort(all, count, sizeof *all, compare_open);
    }
    json_int(&reply.writer, "fiscal_year", view.fiscal_year);
    json_text(&reply.writer, "to", view.to);
    json_begin_array(&reply.writer, "rows");
    for (size_t i = 0, next; i < count; i = next) {
        int64_t amount_yen = 0;
        const char *first_on = all[i].part.assessed_on;
        for (next = i; next < count && compare_open(&all[i], &all[next]) == 0; next++) {
            amount_yen += all[next].part.amount_yen;
            first_on = strcmp(all[next].part.assessed_on, first_on) < 0 ? all[next].part.assessed_on : first_on;
        }
        sum_yen += amount_yen;
        is_cut = is_cut || written == limit;
        if (!is_cut) {
            write_open(&reply.writer, &view, &all[i], first_on, amount_yen);
            written++;
        }
    }
    json_end_array(&reply.writer);
    json_int(&reply.writer, "outstanding_yen", sum_yen);
    json_bool(&reply.writer, "truncated", is_cut);
    collection_view_finish(&view);
    reply_send(&reply, request, 200);
}

/* One deposit: what came, and what it is. came = Σ parts + fee taken off + the rest. */
static enum status
write_deposit(struct json_writer *writer, const struct collection_view *view, const struct collection_payout *payout,
              int64_t *out_revenue_yen, struct error_detail *err)
{
    int64_t *before = calloc(payout->part_count + 1, sizeof *before);
    int64_t *after = calloc(payout->part_count + 1, sizeof *after);
    if (before == NULL || after == NULL) {
        free(before);
        free(after);
        error_set(err, "no_memory", "メモリが足りません。しばらくしてからもう一度行ってください。");
        return STATUS_NO_MEMORY;
    }
    collection_allocate(payout, payout->before_yen, before);
    collection_allocate(payout, payout->upto_yen, after);
    bool is_whole = collection_is_whole(payout, payout->upto_yen);
    int64_t came_yen = payout->is_carried ? 0 : payout->upto_yen - payout->before_yen;
    /* The fee counts as come with the first credit. */
    bool is_first = !payout->is_carried && payout->before_yen == 0 && payout->upto_yen > 0;
    int64_t fee_yen = is_first && payout->gross_yen - payout->expected_yen == payout->fee_yen ? payout->fee_yen : 0;
    int64_t revenue_yen = 0;
    json_begin_object(writer, NULL);
    json_text(writer, "payout", payout->payout);
    json_code_name(writer, "trustee", payout->trustee, collection_route_name(view->catalogue, payout->trustee));
    json_text_or_null(writer, "credited_on", payout->credited_on);
    json_int(writer, "came_yen", came_yen);
    json_int(writer, "gross_yen", payout->gross_yen);
    json_int(writer, "expected_yen", payout->expected_yen);
    json_bool(writer, "is_whole", is_whole);
    json_bool(writer, "is_carried", payout->is_carried);
    json_begin_array(writer, "parts");
    for (size_t i = 0; i < payout->part_count; i++) {
        int64_t yen = after[i] - before[i];
        if (yen == 0) {
            continue;
        }
        json_begin_object(writer, NULL);
        write_key(writer, view->catalogue, &payout->parts[i]);
        json_text(writer, "assessed_on", payout->parts[i].assessed_on);
        json_int(writer, "amount_yen", yen);
        json_end_object(writer);
        revenue_yen += yen;
    }
    json_end_array(writer);
    json_int(writer, "revenue_yen", revenue_yen);
    json_int(writer, "deducted_fee_yen", fee_yen);
    json_int(writer, "other_yen", came_yen + fee_yen - revenue_yen);
    json_end_object(writer);
    *out_revenue_yen += revenue_yen;
    free(before);
    free(after);
    return STATUS_OK;
}

void
collection_day_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    struct collection_view view;
    struct reply reply;
    int64_t cash_yen = 0, cashless_yen = 0;
    collection_view_begin(&view);
    reply_begin(&reply);
    enum status status = collection_view_days(&view, request, context, &err);
    struct json_writer *writer = &reply.writer;
    json_text(writer, "from", view.from);
    json_text(writer, "to", view.to);
    json_begin_array(writer, "cash");
    const struct collection_part *assessed = view.found.assessed.elements;
    for (size_t i = 0; status == STATUS_OK && i < view.found.assessed.count; i++) {
        if (strcmp(assessed[i].route, "cash") == 0) {
            json_begin_object(writer, NULL);
            write_key(writer, view.catalogue, &assessed[i]);
            json_text(writer, "assessed_on", assessed[i].assessed_on);
            json_int(writer, "amount_yen", assessed[i].amount_yen);
            json_end_object(writer);
            cash_yen += assessed[i].amount_yen;
        }
    }
    json_end_array(writer);
    json_begin_array(writer, "deposits");
    const struct collection_payout *payouts = view.found.payouts.elements;
    for (size_t i = 0; status == STATUS_OK && i < view.found.payouts.count; i++) {
        status = write_deposit(writer, &view, &payouts[i], &cashless_yen, &err);
    }
    json_end_array(writer);
    json_int(writer, "cash_yen", cash_yen);
    json_int(writer, "cashless_yen", cashless_yen);
    json_int(writer, "received_yen", cash_yen + cashless_yen);
    collection_view_finish(&view);
    if (status == STATUS_OK) {
        reply_send(&reply, request, 200);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}
