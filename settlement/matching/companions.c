/* Each left-over line is looked up by our reference or, when they have lost it, by theirs. */
#include "settlement/matching/companions.h"

#include "settlement/reconciliation/match_item.h"

#include <stdlib.h>
#include <string.h>

void
companions_init(struct companions *companions)
{
    *companions = (struct companions){0};
    growing_init(&companions->pairs, sizeof(struct companion_pair), COLLECTED_MAX, 0);
}

void
companions_finish(struct companions *companions)
{
    growing_finish(&companions->pairs);
    free(companions->added);
}

static enum status
out_of_room(struct error_detail *err)
{
    error_set(err, "too_much_to_match", "一度に照合できる件数を超えました。管理者に連絡してください。");
    return STATUS_OVERFLOW;
}

enum {
    ADDED_ROOM_FIRST = 256,
    REFERENCE_SIZE = 129, /* longer than any id of ours or of a company that is known */
    FOUND_MAX = 4         /* payments of ours with one acquirer's reference; more is a mistake of theirs */
};

static uint64_t
hash_item(const struct book_item *item)
{
    uint64_t hash = match_hash(text_view_of(item->terminal));
    hash = (hash << 32 | (uint64_t)item->part) ^ (uint64_t)item->sequence;
    hash *= UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

static bool
is_same(const struct book_item *a, const struct book_item *b)
{
    return a->sequence == b->sequence && a->part == b->part && strcmp(a->terminal, b->terminal) == 0;
}

/* The slot that holds ITEM, or the free one where it belongs. */
static uint32_t *
slot_of(const struct companions *companions, const struct collected *collected, const struct book_item *item)
{
    size_t at = hash_item(item) & (companions->added_room - 1);
    while (companions->added[at] != 0 && !is_same(collected_item(collected, companions->added[at] - 1), item)) {
        at = (at + 1) & (companions->added_room - 1);
    }
    return &companions->added[at];
}

static bool
was_added(const struct companions *companions, const struct collected *collected, const struct book_item *item)
{
    return companions->added_count > 0 && *slot_of(companions, collected, item) != 0;
}

static bool
make_room(struct companions *companions, const struct collected *collected)
{
    if (2 * (companions->added_count + 1) <= companions->added_room) {
        return true;
    }
    size_t room = companions->added_room == 0 ? ADDED_ROOM_FIRST : 2 * companions->added_room;
    struct companions larger = {.added = calloc(room, sizeof *larger.added), .added_room = room};
    if (larger.added == NULL) {
        return false;
    }
    for (size_t i = 0; i < companions->added_room; i++) {
        if (companions->added[i] != 0) {
            *slot_of(&larger, collected, collected_item(collected, companions->added[i] - 1)) = companions->added[i];
        }
    }
    free(companions->added);
    companions->added = larger.added;
    companions->added_room = room;
    return true;
}

/* Add ITEM to the collected ones. False when there is no room. */
static bool
add_item(struct companions *companions, struct collected *collected, const struct book_item *item)
{
    if (!make_room(companions, collected)) {
        return false;
    }
    uint32_t *slot = slot_of(companions, collected, item);
    struct book_item *place = growing_add(&collected->items);
    if (place == NULL) {
        return false;
    }
    *place = *item;
    *slot = (uint32_t)collected->items.count;
    companions->added_count++;
    companions->has_changed = true;
    return true;
}

/* Put a pair of this run beside what is left: collected ITEM and its line. */
static enum status
ask_again(struct companions *companions, struct collected *collected, struct book_item *item, struct error_detail *err)
{
    if (item->is_asked_again) {
        return STATUS_OK;
    }
    struct companion_pair *pair = growing_add(&companions->pairs);
    if (pair == NULL) {
        return out_of_room(err);
    }
    *pair = (struct companion_pair){.item = (uint32_t)(item - collected_item(collected, 0)), .line = item->partner - 1};
    item->is_asked_again = true;
    collected_line(collected, pair->line)->is_asked_again = true;
    companions->has_changed = true;
    return STATUS_OK;
}

/* Put the pair of ITEM (a copy of which is added) and its line beside what is open. Nothing when it is in no pair. */
static enum status
add_pair(struct companions *companions, struct collected *collected, struct store_txn *txn,
         const struct book_item *item, bool *out_is_paired, struct error_detail *err)
{
    int64_t import;
    int64_t line;
    bool is_in_pieces = false;
    *out_is_paired = false;
    enum status status =
        matched_line_of(txn, item->terminal, item->sequence, item->part, &import, &line, &is_in_pieces, err);
    if (status != STATUS_OK || import == 0) {
        return status;
    }
    *out_is_paired = true;
    if (is_in_pieces || was_added(companions, collected, item)) { /* a payment in pieces has no one line beside it */
        return STATUS_OK;
    }
    struct book_item copy = *item;
    copy.is_companion = true;
    copy.takes_part = true;
    struct companion_pair *pair = growing_add(&companions->pairs);
    if (pair == NULL || !add_item(companions, collected, &copy)) {
        return out_of_room(err);
    }
    status = their_line_read(txn, import, line, collect_line, collected, err);
    if (status != STATUS_OK) {
        return status;
    }
    *pair = (struct companion_pair){.item = (uint32_t)(collected->items.count - 1),
                                    .line = (uint32_t)(collected->lines.count - 1)};
    collected_line(collected, pair->line)->is_companion = true;
    return STATUS_OK;
}

/* ITEM is the payment that line INDEX names. */
static enum status
judge_payment(struct companions *companions, struct collected *collected, struct store_txn *txn, struct book_item item,
              uint32_t index, struct error_detail *err)
{
    struct book_item *open = collected_find(collected, item.terminal, item.sequence, BOOK_SALE);
    if (open != NULL && open->is_matched) {
        return open->partner != 0 ? ask_again(companions, collected, open, err) : STATUS_OK;
    }
    if (open != NULL && !open->takes_part) {
        open->unknown_line = index + 1;
        collected_line(collected, index)->is_of_unknown = true;
        companions->has_changed = true;
    }
    if (open != NULL) {
        return STATUS_OK;
    }
    bool is_paired;
    enum status status = add_pair(companions, collected, txn, &item, &is_paired, err);
    /* Open in no list and in no pair: a person had closed it, and now its line has come. */
    bool is_late = status == STATUS_OK && !is_paired && item.takes_part && !was_added(companions, collected, &item);
    if (is_late && !add_item(companions, collected, &item)) {
        return out_of_room(err);
    }
    if (status == STATUS_OK && collected_line(collected, index)->line.amount_yen < 0) {
        item.part = BOOK_VOID;
        item.amount_yen = -item.amount_yen;
        item.accepted_at_ms = INSTANT_ABSENT;
        status = add_pair(companions, collected, txn, &item, &is_paired, err);
    }
    return status;
}

/* VIEW as a C string in OUT; false when it is empty or too long for anything of ours. */
static bool
copy_view(char *out, size_t size, struct text_view view)
{
    if (view.length == 0 || view.length >= size) {
        return false;
    }
    memcpy(out, view.at, view.length);
    out[view.length] = '\0';
    return true;
}

static enum status
look_up_line(struct companions *companions, struct collected *collected, struct store_txn *txn,
             const char *municipality, uint32_t index, struct error_detail *err)
{
    const struct statement_line *line = &collected_line(collected, index)->line;
    char reference[REFERENCE_SIZE];
    size_t before = collected->items.count;
    enum status status = STATUS_OK;
    if (copy_view(reference, sizeof reference, line->merchant_reference)) {
        status = book_find(txn, municipality, reference, collect_item, collected, err);
    } else if (copy_view(reference, sizeof reference, line->acquirer_reference)) {
        status = book_find_by_acquirer(txn, municipality, reference, collect_item, collected, err);
    }
    size_t found = collected->items.count - before;
    if (status != STATUS_OK || found == 0) {
        return status;
    }
    struct book_item items[FOUND_MAX]; /* judged before they are kept */
    found = found > FOUND_MAX ? FOUND_MAX : found;
    memcpy(items, collected_item(collected, before), found * sizeof items[0]);
    collected->items.count = before;
    for (size_t i = 0; status == STATUS_OK && i < found; i++) {
        status = judge_payment(companions, collected, txn, items[i], index, err);
    }
    return status;
}

/* The payment of a cancellation that is left over. */
static enum status
look_up_sale(struct companions *companions, struct collected *collected, struct store_txn *txn, struct book_item item,
             struct error_detail *err)
{
    struct book_item *sale = collected_find(collected, item.terminal, item.sequence, BOOK_SALE);
    if (sale != NULL && sale->is_matched) {
        return sale->partner != 0 ? ask_again(companions, collected, sale, err) : STATUS_OK;
    }
    bool is_paired;
    item.part = BOOK_SALE;
    item.amount_yen = -item.amount_yen;
    return sale == NULL ? add_pair(companions, collected, txn, &item, &is_paired, err) : STATUS_OK;
}

enum status
companions_find(struct companions *companions, struct collected *collected, struct store_txn *txn,
                const char *municipality, struct error_detail *err)
{
    enum status status = STATUS_OK;
    size_t line_count = collected->lines.count;
    for (size_t i = 0; status == STATUS_OK && i < line_count; i++) {
        if (!collected_line(collected, i)->is_matched) {
            status = look_up_line(companions, collected, txn, municipality, (uint32_t)i, err);
        }
    }
    for (size_t i = 0; status == STATUS_OK && i < collected->sorted_count; i++) {
        const struct book_item *item = collected_item(collected, i);
        if (item->part == BOOK_VOID && !item->is_matched) {
            status = look_up_sale(companions, collected, txn, *item, err);
        }
    }
    return status;
}
