/* Rows of the store become elements whose texts are kept once where neighbours share them. */
#include "settlement/matching/collected.h"

#include "settlement/reconciliation/match_item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
collected_init(struct collected *collected, struct agreed *agreed)
{
    *collected = (struct collected){.agreed = agreed};
    arena_init(&collected->arena, COLLECTED_BYTES_MAX);
    growing_init(&collected->items, sizeof(struct book_item), COLLECTED_MAX, 0);
    growing_init(&collected->lines, sizeof(struct their_item), COLLECTED_MAX, 0);
    growing_init(&collected->positions, sizeof(struct position), COLLECTED_MAX, 0);
}

void
collected_finish(struct collected *collected)
{
    growing_finish(&collected->items);
    growing_finish(&collected->lines);
    growing_finish(&collected->positions);
    arena_finish(&collected->arena);
}

static enum status
out_of_room(struct error_detail *err)
{
    error_set(err, "too_much_to_match", "一度に照合できる件数を超えました。管理者に連絡してください。");
    return STATUS_OVERFLOW;
}

static const char *
keep(struct arena *arena, const char *before, const char *text)
{
    return before != NULL && strcmp(before, text) == 0 ? before : arena_copy(arena, text, strlen(text));
}

static bool
keep_view(struct arena *arena, struct text_view before, struct text_view *view)
{
    if (before.at != NULL && text_view_equals(before, *view)) {
        *view = before;
        return true;
    }
    view->at = arena_copy(arena, view->at != NULL ? view->at : "", view->length);
    return view->at != NULL;
}

static bool
is_one_of(const char *word, const char *a, const char *b, const char *c)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

/* By when the statement of the day of payment should be here; that day is by the till's calendar or, when that is
 * later, by the company's approval. Days of neighbours are mostly the same: the last answer is kept. */
static void
compute_due_day(struct collected *collected, const struct book_item *item, char out[CIVIL_DATE_TEXT_SIZE])
{
    bool has_time = item->accepted_at_ms != INSTANT_ABSENT;
    int64_t accepted_day = has_time ? match_day_of(item->accepted_at_ms) : 0;
    if (collected->due_business_date != item->business_date || collected->due_brand != item->brand ||
        collected->due_accepted_day != accepted_day) {
        struct civil_date day = {0};
        collected->due_business_date = item->business_date;
        collected->due_brand = item->brand;
        collected->due_accepted_day = accepted_day;
        collected->due_on[0] = '\0';
        if (civil_date_parse(&day, item->business_date, strlen(item->business_date)) == STATUS_OK) {
            struct civil_date accepted = civil_date_from_days(accepted_day);
            day = civil_date_compare(accepted, day) > 0 ? accepted : day;
            civil_date_format(collected->due_on, agreed_statement_due(collected->agreed, item->brand, day));
        }
    }
    memcpy(out, collected->due_on, CIVIL_DATE_TEXT_SIZE);
}

/* The day by which a statement must name it: none for what was cancelled (the company may leave both out) and for what
 * is not known to be charged; a cancellation itself must be seen only when the payment was (judged by who asks). */
static void
set_due_day(struct collected *collected, struct book_item *item)
{
    item->due_on[0] = '\0';
    bool is_charged = strcmp(item->state, "approved") == 0 || strcmp(item->state, "held") == 0;
    bool is_expected = item->part == BOOK_VOID ? item->has_sale : is_charged && !item->is_voided;
    if (is_expected) {
        compute_due_day(collected, item, item->due_on);
    }
}

enum status
collect_item(const struct book_row *row, void *context, struct error_detail *err)
{
    struct collected *collected = context;
    struct arena *arena = &collected->arena;
    struct book_item before = {0};
    if (collected->items.count > 0) {
        before = *collected_item(collected, collected->items.count - 1);
    }
    struct book_item item = {
        .terminal = keep(arena, before.terminal, row->terminal),
        .sequence = row->sequence,
        .part = row->part,
        .payment = keep(arena, before.payment, row->payment),
        .acquirer_reference = keep(arena, before.acquirer_reference, row->acquirer_reference),
        .slip = keep(arena, before.slip, row->slip),
        .brand = keep(arena, before.brand, row->brand),
        .state = keep(arena, before.state, row->state),
        .business_date = keep(arena, before.business_date, row->business_date),
        .amount_yen = row->amount_yen,
        .accepted_at_ms = row->part == BOOK_VOID ? INSTANT_ABSENT : row->accepted_at_ms,
        .takes_part = is_one_of(row->state, "approved", "held", "reversed"),
        .has_sale = row->has_sale,
        .is_voided = row->is_voided,
        .is_carried = row->is_carried,
    };
    struct book_item *place = growing_add(&collected->items);
    if (place == NULL || item.terminal == NULL || item.payment == NULL || item.acquirer_reference == NULL ||
        item.slip == NULL || item.brand == NULL || item.state == NULL || item.business_date == NULL) {
        return out_of_room(err);
    }
    set_due_day(collected, &item);
    if (row->is_carried) {
        snprintf(item.kept_due_on, sizeof item.kept_due_on, "%s", row->due_on);
    }
    *place = item;
    return work_advance(collected->work, 1, err);
}

enum status
collect_line(int64_t import, const struct statement_line *line, bool is_carried, void *context,
             struct error_detail *err)
{
    struct collected *collected = context;
    struct arena *arena = &collected->arena;
    struct statement_line before = {0};
    if (collected->lines.count > 0) {
        before = collected_line(collected, collected->lines.count - 1)->line;
    }
    struct their_item item = {.import = import, .line = *line, .is_carried = is_carried};
    struct their_item *place = growing_add(&collected->lines);
    if (place == NULL || !keep_view(arena, before.brand, &item.line.brand) ||
        !keep_view(arena, before.merchant_reference, &item.line.merchant_reference) ||
        !keep_view(arena, before.acquirer_reference, &item.line.acquirer_reference) ||
        !keep_view(arena, before.terminal, &item.line.terminal) || !keep_view(arena, before.slip, &item.line.slip) ||
        !keep_view(arena, before.payout_id, &item.line.payout_id)) {
        return out_of_room(err);
    }
    *place = item;
    return work_advance(collected->work, 1, err);
}

static enum status
collect_position(const char *terminal, int64_t sequence, void *context, struct error_detail *err)
{
    struct collected *collected = context;
    struct position *place = growing_add(&collected->positions);
    const char *kept = arena_copy(&collected->arena, terminal, strlen(terminal));
    if (place == NULL || kept == NULL) {
        return out_of_room(err);
    }
    *place = (struct position){.terminal = kept, .sequence = sequence};
    return STATUS_OK;
}

static int
compare_place(const struct book_item *a, const struct book_item *b)
{
    int order = a->terminal == b->terminal ? 0 : strcmp(a->terminal, b->terminal);
    order = order != 0 ? order : (a->sequence > b->sequence) - (a->sequence < b->sequence);
    return order != 0 ? order : ((int)a->part - (int)b->part);
}

static int
compare_items(const void *a, const void *b)
{
    const struct book_item *left = a;
    const struct book_item *right = b;
    int order = compare_place(left, right);
    return order != 0 ? order : ((int)right->is_carried - (int)left->is_carried);
}

/* A cancellation may be found by two ways; of equal ones the carried stays. */
static void
sort_items(struct collected *collected)
{
    struct growing *items = &collected->items;
    bool is_sorted = true;
    for (size_t i = 1; i < items->count && is_sorted; i++) {
        is_sorted = compare_place(collected_item(collected, i - 1), collected_item(collected, i)) < 0;
    }
    if (!is_sorted) {
        qsort(items->elements, items->count, sizeof(struct book_item), compare_items);
        size_t kept = 0;
        for (size_t i = 0; i < items->count; i++) {
            if (i == 0 || compare_place(collected_item(collected, kept - 1), collected_item(collected, i)) != 0) {
                *collected_item(collected, kept++) = *collected_item(collected, i);
            }
        }
        items->count = kept;
    }
    collected->sorted_count = items->count;
    /* A cancellation stands right behind its payment: of a new payment nothing else tells that it was cancelled. */
    for (size_t i = 1; i < items->count; i++) {
        struct book_item *payment = collected_item(collected, i - 1);
        const struct book_item *other = collected_item(collected, i);
        if (other->part == BOOK_VOID && payment->part == BOOK_SALE && payment->sequence == other->sequence &&
            strcmp(payment->terminal, other->terminal) == 0) {
            payment->is_voided = true;
            set_due_day(collected, payment);
        }
    }
}

enum status
collect(struct collected *out, struct store_txn *txn, const char *municipality, const struct matching_state *state,
        struct error_detail *err)
{
    enum status status = book_open_each(txn, municipality, collect_item, out, err);
    if (status == STATUS_OK) {
        status = book_new_each(txn, municipality, state->must_rescan, collect_item, out, err);
    }
    if (status == STATUS_OK) {
        status = matching_positions_each(txn, municipality, collect_position, out, err);
    }
    if (status == STATUS_OK) {
        status = their_open_each(txn, municipality, collect_line, out, err);
    }
    if (status == STATUS_OK) {
        status = their_new_each(txn, municipality, state->import, &out->last_import, collect_line, out, err);
    }
    if (status == STATUS_OK) {
        sort_items(out);
    }
    return status;
}

struct book_item *
collected_find(const struct collected *collected, const char *terminal, int64_t sequence, enum book_part part)
{
    if (collected->sorted_count == 0) {
        return NULL;
    }
    struct book_item wanted = {.terminal = terminal, .sequence = sequence, .part = part};
    size_t low = 0;
    size_t high = collected->sorted_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_place(collected_item(collected, middle), &wanted);
        if (order == 0) {
            return collected_item(collected, middle);
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return NULL;
}
