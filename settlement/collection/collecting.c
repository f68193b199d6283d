/* Payouts are read first and their parts after, so that no walk is inside another. */
#include "settlement/collection/collecting.h"

#include "common/money/yen.h"
#include "settlement/store/collection_store.h"

#include <string.h>

enum {
    /* Keys of 調定 a day × days of a year of a large city, and a payout a day of each of a dozen companies for ten
       years. */
    PARTS_MAX = 2000000,
    PAYOUTS_MAX = 100000,
    ARENA_BYTES = 512 * 1024 * 1024
};

void
collecting_begin(struct collecting *collecting)
{
    *collecting = (struct collecting){0};
    arena_init(&collecting->arena, ARENA_BYTES);
    growing_init(&collecting->assessed, sizeof(struct collection_part), PARTS_MAX, 0);
    growing_init(&collecting->payouts, sizeof(struct collection_payout), PAYOUTS_MAX, 0);
}

void
collecting_finish(struct collecting *collecting)
{
    growing_finish(&collecting->assessed);
    growing_finish(&collecting->payouts);
    arena_finish(&collecting->arena);
}

static enum status
out_of_room(struct error_detail *err)
{
    error_set(err, "period_too_large", "期間の調定・入金が多すぎます。期間を短くしてください。");
    return STATUS_OVERFLOW;
}

/* TEXT in the arena; BEFORE, the same member of the row before, saves most copies. NULL when there is no room. */
static const char *
keep(struct arena *arena, const char *before, const char *text)
{
    return before != NULL && strcmp(before, text) == 0 ? before : arena_copy(arena, text, strlen(text));
}

/* The end of the period that is read. */
static bool
is_set_off(const struct credited_payout_row *row, const char *to)
{
    return !row->is_carried && row->expected_yen <= 0 && row->payable_on[0] != '\0' && strcmp(row->payable_on, to) <= 0;
}

struct keeping {
    struct arena *arena;
    struct growing *parts;
    int64_t sum_yen;
};

static enum status
keep_part(const struct assessed_sum_row *row, void *context, struct error_detail *err)
{
    struct keeping *keeping = context;
    struct growing *parts = keeping->parts;
    struct collection_part before = {0};
    if (parts->count > 0) {
        before = ((struct collection_part *)parts->elements)[parts->count - 1];
    }
    const struct collection_part part = {
        .fiscal_year = (int)row->fiscal_year,
        .account = keep(keeping->arena, before.account, row->account),
        .section = keep(keeping->arena, before.section, row->section),
        .route = keep(keeping->arena, before.route, row->route),
        .assessed_on = keep(keeping->arena, before.assessed_on, row->assessed_on),
        .amount_yen = row->amount_yen,
        .refunded_yen = row->refunded_yen,
    };
    struct collection_part *place = growing_add(parts);
    bool is_whole = part.account != NULL && part.section != NULL && part.route != NULL && part.assessed_on != NULL;
    if (place == NULL || !is_whole) {
        return out_of_room(err);
    }
    *place = part;
    if (yen_add(&keeping->sum_yen, keeping->sum_yen, part.amount_yen) != STATUS_OK) {
        error_set(err, "sum_too_large", "調定の合計が扱える範囲を超えました。");
        return STATUS_OVERFLOW;
    }
    return STATUS_OK;
}

static enum status
keep_payout(const struct credited_payout_row *row, void *context, struct error_detail *err)
{
    struct collecting *collecting = context;
    struct arena *arena = &collecting->arena;
    const struct collection_payout payout = {
        .trustee = keep(arena, NULL, row->trustee),
        .payout = keep(arena, NULL, row->payout),
        .payable_on = keep(arena, NULL, row->payable_on),
        .credited_on = keep(arena, NULL, row->credited_on),
        .gross_yen = row->gross_yen,
        .fee_yen = row->fee_yen,
        .expected_yen = row->expected_yen,
        .before_yen = row->before_yen,
        .upto_yen = row->upto_yen,
        .is_carried = row->is_carried,
        .is_settled = row->is_settled,
        .is_set_off = is_set_off(row, collecting->to),
    };
    struct collection_payout *place = growing_add(&collecting->payouts);
    if (place == NULL || payout.trustee == NULL || payout.payout == NULL || payout.payable_on == NULL ||
        payout.credited_on == NULL) {
        return out_of_room(err);
    }
    *place = payout;
    return STATUS_OK;
}

static enum status
read_parts(struct collecting *collecting, struct store_txn *txn, const char *municipality,
           struct collection_payout *payout, struct error_detail *err)
{
    struct growing parts;
    growing_init(&parts, sizeof(struct collection_part), PARTS_MAX, 0);
    struct keeping keeping = {.arena = &collecting->arena, .parts = &parts};
    enum status status =
        payout_claim_each(txn, municipality, payout->trustee, payout->payout, keep_part, &keeping, err);
    if (status == STATUS_OK && parts.count > 0) {
        struct collection_part *kept =
            arena_take_array(&collecting->arena, parts.count, sizeof(struct collection_part));
        if (kept == NULL) {
            status = out_of_room(err);
        } else {
            memcpy(kept, parts.elements, parts.count * sizeof(struct collection_part));
            payout->parts = kept;
            payout->part_count = parts.count;
        }
    }
    growing_finish(&parts);
    return status;
}

static enum status
read_payouts(struct collecting *collecting, struct store_txn *txn, const char *municipality, const char *first,
             const char *last, const char *from, const char *to, struct error_detail *err)
{
    collecting->to = to;
    enum status status = credited_payout_each(txn, municipality, first, last, from, to, keep_payout, collecting, err);
    struct collection_payout *payouts = collecting->payouts.elements;
    for (size_t i = 0; status == STATUS_OK && i < collecting->payouts.count; i++) {
        status = read_parts(collecting, txn, municipality, &payouts[i], err);
        bool came_in_part = payouts[i].upto_yen > 0 && !collection_is_whole(&payouts[i], payouts[i].upto_yen);
        bool was_in_part = payouts[i].before_yen > 0 && !collection_is_whole(&payouts[i], payouts[i].before_yen);
        if (status == STATUS_OK && (came_in_part || was_in_part)) {
            status =
                payout_refunds(txn, municipality, payouts[i].trustee, payouts[i].payout, &payouts[i].netted_yen, err);
        }
    }
    return status;
}

enum status
collecting_read_year(struct collecting *collecting, struct store_txn *txn, const char *municipality, int fiscal_year,
                     const char *to, struct error_detail *err)
{
    struct keeping keeping = {.arena = &collecting->arena, .parts = &collecting->assessed};
    enum status status = assessed_sum_each(txn, municipality, fiscal_year, "0000-00-00", to, keep_part, &keeping, err);
    if (status != STATUS_OK || collecting->assessed.count == 0) {
        return status;
    }
    const struct collection_part *parts = collecting->assessed.elements;
    const char *first = parts[0].assessed_on, *last = first;
    for (size_t i = 1; i < collecting->assessed.count; i++) {
        first = strcmp(parts[i].assessed_on, first) < 0 ? parts[i].assessed_on : first;
        last = strcmp(parts[i].assessed_on, last) > 0 ? parts[i].assessed_on : last;
    }
    return read_payouts(collecting, txn, municipality, first, last, to, to, err);
}

enum status
collecting_read_days(struct collecting *collecting, struct store_txn *txn, const char *municipality, const char *from,
                     const char *to, struct error_detail *err)
{
    struct keeping keeping = {.arena = &collecting->arena, .parts = &collecting->assessed};
    enum status status = assessed_sum_each(txn, municipality, 0, from, to, keep_part, &keeping, err);
    return status == STATUS_OK ? read_payouts(collecting, txn, municipality, "", "", from, to, err) : status;
}
