/* 今日: one morning's sums. Each part is written by one function; what must not wait is gathered on the way. */
#include "settlement/web/today.h"
#include "settlement/matching/reconcile.h"

#include "settlement/store/assessment_query_store.h"
#include "settlement/store/day_query_store.h"
#include "settlement/store/refund_query_store.h"
#include "settlement/store/terminal_query_store.h"
#include "settlement/store/today_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <string.h>

enum { UNCLOSED_SHOWN_MAX = 100 /* more tills than a city leaves open by mistake; the count tells them all */ };

/* In the order of the screen. "none": 0円 issues. */
static const struct {
    const char *method;
    const char *name;
} methods[] = {
    {"cash", "現金"}, {"qr", "コード決済"}, {"emoney", "電子マネー"}, {"credit", "クレジット"}, {"none", "無料"},
};

enum { METHOD_COUNT = sizeof methods / sizeof methods[0] };

static enum status
take_method(const struct method_sum *sum, void *context)
{
    struct method_sum *sums = context;
    for (int i = 0; i < METHOD_COUNT; i++) {
        if (strcmp(methods[i].method, sum->method) == 0) {
            sums[i] = *sum;
        }
    }
    return STATUS_OK;
}

static void
write_sum(struct json_writer *writer, const struct method_sum *sum, int64_t zero_count)
{
    json_int(writer, "count", sum->count);
    json_int(writer, "amount_yen", sum->amount_yen);
    json_int(writer, "zero_count", zero_count);
    json_int(writer, "void_count", sum->void_count);
    json_int(writer, "void_yen", sum->void_yen);
}

static enum status
write_sales(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    struct method_sum sums[METHOD_COUNT] = {0};
    struct method_sum all = {0};
    enum status status = method_sum_each(today->txn, today->municipality, today->day, take_method, sums, err);
    for (int i = 0; i < METHOD_COUNT; i++) {
        all.count += sums[i].count;
        all.amount_yen += sums[i].amount_yen;
        all.void_count += sums[i].void_count;
        all.void_yen += sums[i].void_yen;
    }
    json_begin_object(writer, "sales");
    write_sum(writer, &all, sums[METHOD_COUNT - 1].count);
    json_begin_array(writer, "by_method");
    for (int i = 0; i < METHOD_COUNT; i++) {
        json_begin_object(writer, NULL);
        json_text(writer, "method", methods[i].method);
        json_text(writer, "method_name", methods[i].name);
        write_sum(writer, &sums[i], i == METHOD_COUNT - 1 ? sums[i].count : 0);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_end_object(writer);
    return status;
}

static enum status
write_assessment(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    struct assessment_total totals[ASSESSMENT_STATE_COUNT] = {0};
    int64_t held_count = 0;
    int64_t held_yen = 0;
    int64_t undrafted = 0;
    enum status status = assessment_waiting_totals(today->txn, today->municipality, totals, err);
    if (status == STATUS_OK) {
        status = held_money_total(today->txn, today->municipality, &held_count, &held_yen, err);
    }
    if (status == STATUS_OK) {
        status = undrafted_sale_count(today->txn, today->municipality, today->today, &undrafted, err);
    }
    const struct assessment_total *draft = &totals[ASSESSMENT_DRAFT];
    const struct assessment_total *proposed = &totals[ASSESSMENT_PROPOSED];
    const struct assessment_total *approved = &totals[ASSESSMENT_APPROVED];
    json_begin_object(writer, "assessment");
    json_int(writer, "draft_count", draft->count);
    json_int(writer, "draft_yen", draft->amount_yen);
    json_int(writer, "proposed_count", proposed->count);
    json_int(writer, "proposed_yen", proposed->amount_yen);
    json_int(writer, "unexported_count", approved->count);
    json_int(writer, "unexported_yen", approved->amount_yen);
    json_int(writer, "held_count", held_count);
    json_int(writer, "held_yen", held_yen);
    json_int(writer, "undrafted_count", undrafted);
    json_end_object(writer);
    today_wait(today, WAITING_PROPOSED, proposed->count, proposed->amount_yen);
    today_wait(today, WAITING_DRAFTS, draft->count, draft->amount_yen);
    today_wait(today, WAITING_UNEXPORTED, approved->count, approved->amount_yen);
    return status;
}

struct unclosed {
    struct json_writer *writer;
    int64_t count;
};

static enum status
write_unclosed(const char *terminal, const char *business_date, void *context)
{
    struct unclosed *unclosed = context;
    if (unclosed->count++ < UNCLOSED_SHOWN_MAX) {
        json_begin_object(unclosed->writer, NULL);
        json_text(unclosed->writer, "terminal", terminal);
        json_text(unclosed->writer, "business_date", business_date);
        json_end_object(unclosed->writer);
    }
    return STATUS_OK;
}

static enum status
write_cash(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    struct unclosed unclosed = {.writer = writer};
    int64_t difference_count = 0;
    int64_t difference_yen = 0;
    int64_t closed_count = 0;
    int64_t deposit_yen = 0;
    int64_t shared_count = 0;
    json_begin_object(writer, "cash");
    json_begin_array(writer, "unclosed");
    enum status status =
        unclosed_each(today->txn, today->municipality, today->day, today->today, write_unclosed, &unclosed, err);
    json_end_array(writer);
    if (status == STATUS_OK) {
        status = cash_difference(today->txn, today->municipality, today->day, &difference_count, &difference_yen, err);
    }
    if (status == STATUS_OK) {
        status = deposit_of_day(today->txn, today->municipality, today->day, &closed_count, &deposit_yen, err);
    }
    if (status == STATUS_OK) {
        status = shared_drawer_count(today->txn, today->municipality, &shared_count, err);
    }
    json_int(writer, "unclosed_count", unclosed.count);
    json_int(writer, "difference_count", difference_count);
    json_int(writer, "difference_yen", difference_yen);
    json_int(writer, "closed_count", closed_count);
    json_int(writer, "deposit_yen", deposit_yen);
    json_int(writer, "shared_drawer_count", shared_count);
    json_end_object(writer);
    today_wait(today, WAITING_UNCLOSED, unclosed.count, 0);
    today_wait(today, WAITING_SHARED_DRAWERS, shared_count, 0);
    return status;
}

static enum status
write_refunds(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    int64_t count = 0;
    int64_t amount_yen = 0;
    int64_t disproved_count = 0;
    int64_t disproved_yen = 0;
    enum status status = refund_waiting(today->txn, today->municipality, &count, &amount_yen, err);
    if (status == STATUS_OK) {
        status = disproved_payments(today->txn, today->municipality, &disproved_count, &disproved_yen, err);
    }
    json_begin_object(writer, "refunds");
    json_int(writer, "waiting_count", count);
    json_int(writer, "waiting_yen", amount_yen);
    json_int(writer, "disproved_count", disproved_count);
    json_int(writer, "disproved_yen", disproved_yen);
    json_end_object(writer);
    today_wait(today, WAITING_REFUNDS, count, amount_yen);
    today_wait(today, WAITING_DISPROVED, disproved_count, disproved_yen);
    return status;
}

static enum status
write_terminals(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    struct terminal_counts counts = {0};
    int64_t parked = 0;
    enum status status = parked_count(today->txn, today->municipality, &parked, err);
    if (status == STATUS_OK) {
        status = terminal_count(today->txn, today->municipality, today->now_ms, &counts, err);
    }
    json_int(writer, "parked_count", parked);
    json_begin_object(writer, "terminals");
    json_int(writer, "count", counts.count);
    json_int(writer, "quarantined_count", counts.quarantined_count);
    json_int(writer, "silent_count", counts.silent_count);
    json_end_object(writer);
    today_wait(today, WAITING_PARKED, parked, 0);
    today_wait(today, WAITING_QUARANTINED, counts.quarantined_count, 0);
    today_wait(today, WAITING_SILENT_TERMINALS, counts.silent_count, 0);
    return status;
}

static enum status
write_today(struct json_writer *writer, struct today *today, struct error_detail *err)
{
    static enum status (*const parts[])(struct json_writer *, struct today *, struct error_detail *) = {
        write_sales,           json_today_matching, write_assessment, write_cash,
        json_today_remittance, write_refunds,       write_terminals,
    };
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < sizeof parts / sizeof parts[0]; i++) {
        status = parts[i](writer, today, err);
    }
    if (status == STATUS_OK) {
        json_today_waiting(writer, today);
    }
    return status;
}

void
today_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    const char *day = NULL;
    struct today today = {.municipality = asked_actor(request)->municipality, .now_ms = asked_now_ms(service)};
    bool has_run;
    struct reply reply;
    reply_begin(&reply);
    civil_date_format(today.today, civil_date_at(today.now_ms));
    enum status status = asked_day(request, "date", &day, &err);
    if (status == STATUS_OK) {
        snprintf(today.day, sizeof today.day, "%s", day != NULL ? day : today.today);
        json_text(&reply.writer, "date", today.day);
        json_text(&reply.writer, "today", today.today);
        json_instant(&reply.writer, "at", today.now_ms);
        status = reconcile_when_day_changed(service->store, today.municipality, &service->clock, &has_run, &err);
    }
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &today.txn, &err);
    }
    if (status == STATUS_OK) {
        status = write_today(&reply.writer, &today, &err);
    }
    store_end(today.txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}
