/* Items become match items, are matched, and the answer is turned back into collected indexes. */
#include "settlement/matching/pairing.h"

#include "common/bytes/buffer.h"
#include "settlement/matching/companions.h"
#include "settlement/matching/decided.h"
#include "settlement/matching/splits.h"

#include <stdlib.h>
#include <string.h>

enum {
    BRANDS_MAX = 1024, /* brands that any company has; bounds a linear search with a remembered hit */
    SENTENCE_MAX_BYTES = 4096
};

#define MATCH_BYTES_MAX (UINT64_C(4) << 30)

/* One side as the matcher takes it; `origin` leads back to the collected index. */
struct side {
    struct match_item *items;
    struct text_view *slips; /* by item */
    bool has_slips;
    uint32_t *origin;
    size_t count;
    struct text_view brands[BRANDS_MAX];
    size_t brand_count;
    size_t last_brand;
};

/* One question to the matcher. */
struct asking {
    struct arena arena;
    struct side ours;
    struct side theirs;
    struct match_decision *decisions;
    size_t decision_count;
    struct match_input input;
    struct match_result result;
};

void
pairing_init(struct pairing *pairing)
{
    growing_init(&pairing->pairs, sizeof(struct pair), COLLECTED_MAX, 0);
    growing_init(&pairing->rows, sizeof(struct open_row), COLLECTED_MAX, 0);
}

void
pairing_finish(struct pairing *pairing)
{
    growing_finish(&pairing->pairs);
    growing_finish(&pairing->rows);
}

static enum status
out_of_room(struct error_detail *err)
{
    error_set(err, "too_much_to_match", "一度に照合できる件数を超えました。管理者に連絡してください。");
    return STATUS_OVERFLOW;
}

static bool
brand_index(struct side *side, struct text_view brand, uint16_t *out)
{
    if (side->last_brand < side->brand_count && text_view_equals(side->brands[side->last_brand], brand)) {
        *out = (uint16_t)side->last_brand;
        return true;
    }
    size_t i = 0;
    while (i < side->brand_count && !text_view_equals(side->brands[i], brand)) {
        i++;
    }
    if (i == BRANDS_MAX) {
        return false;
    }
    if (i == side->brand_count) {
        side->brands[side->brand_count++] = brand;
    }
    side->last_brand = i;
    *out = (uint16_t)i;
    return true;
}

/* The slip of the item that comes next. */
static void
put_slip(struct side *side, struct text_view slip)
{
    side->slips[side->count] = slip;
    side->has_slips |= slip.length > 0;
}

static bool
add_ours(struct side *side, const struct book_item *item, uint32_t index)
{
    struct match_item *place = &side->items[side->count];
    *place =
        (struct match_item){.amount_yen = item->amount_yen, .accepted_at_ms = item->accepted_at_ms, .id = side->count};
    put_slip(side, text_view_of(item->slip));
    side->origin[side->count++] = index;
    return match_item_set_texts(place, text_view_of(item->payment), text_view_of(item->acquirer_reference),
                                text_view_of(item->terminal)) &&
           brand_index(side, text_view_of(item->brand), &place->brand);
}

/* The id orders lines by file and place, whatever else is asked with them. */
static bool
add_theirs(struct side *side, const struct their_item *item, uint32_t index)
{
    struct match_item *place = &side->items[side->count];
    *place = (struct match_item){.amount_yen = item->line.amount_yen,
                                 .accepted_at_ms = item->line.accepted_at_ms,
                                 .id = (uint64_t)item->import << 32 | item->line.line,
                                 .is_training = item->line.is_training};
    put_slip(side, item->line.slip);
    side->origin[side->count++] = index;
    return match_item_set_texts(place, item->line.merchant_reference, item->line.acquirer_reference,
                                item->line.terminal) &&
           brand_index(side, item->line.brand, &place->brand);
}

static bool
side_init(struct side *side, struct arena *arena, size_t count)
{
    side->items = arena_take_array(arena, count, sizeof *side->items);
    side->slips = arena_take_array(arena, count, sizeof *side->slips);
    side->origin = arena_take_array(arena, count, sizeof *side->origin);
    return side->items != NULL && side->slips != NULL && side->origin != NULL;
}

/* Ask about everything that is in no pair yet; with companions the second time. */
static enum status
asking_init(struct asking *asking, const struct collected *collected, struct error_detail *err)
{
    arena_init(&asking->arena, MATCH_BYTES_MAX);
    if (!side_init(&asking->ours, &asking->arena, collected->items.count) ||
        !side_init(&asking->theirs, &asking->arena, collected->lines.count)) {
        return out_of_room(err);
    }
    for (size_t i = 0; i < collected->items.count; i++) {
        const struct book_item *item = collected_item(collected, i);
        bool is_asked = item->takes_part && (!item->is_matched || item->is_asked_again);
        if (is_asked && !add_ours(&asking->ours, item, (uint32_t)i)) {
            return out_of_room(err);
        }
    }
    for (size_t i = 0; i < collected->lines.count; i++) {
        const struct their_item *line = collected_line(collected, i);
        bool is_asked = !line->is_of_unknown && (!line->is_matched || line->is_asked_again);
        if (is_asked && !add_theirs(&asking->theirs, line, (uint32_t)i)) {
            return out_of_room(err);
        }
    }
    return STATUS_OK;
}

/* The place of collected index ORIGIN in SIDE. */
static size_t
place_of(const struct side *side, uint32_t origin)
{
    size_t low = 0;
    size_t high = side->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (side->origin[middle] < origin) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Add that collected ITEM and LINE are one, or are not, when both are asked about. */
static void
put_decision(struct asking *asking, uint32_t item, uint32_t line, bool is_pair)
{
    size_t ours = place_of(&asking->ours, item);
    size_t theirs = place_of(&asking->theirs, line);
    if (ours < asking->ours.count && asking->ours.origin[ours] == item && theirs < asking->theirs.count &&
        asking->theirs.origin[theirs] == line) {
        asking->decisions[asking->decision_count++] = (struct match_decision){
            .sale_id = asking->ours.items[ours].id, .line_id = asking->theirs.items[theirs].id, .is_pair = is_pair};
    }
}

/* What people decided, and the pairs of COMPANIONS (NULL the first time). */
static enum status
asking_decide(struct asking *asking, const struct growing *decided, const struct companions *companions,
              struct error_detail *err)
{
    size_t companion_count = companions != NULL ? companions->pairs.count : 0;
    asking->decisions = arena_take_array(&asking->arena, decided->count + companion_count, sizeof *asking->decisions);
    if (asking->decisions == NULL) {
        return out_of_room(err);
    }
    for (size_t i = 0; i < decided->count; i++) {
        const struct decided_pair *pair = &((const struct decided_pair *)decided->elements)[i];
        put_decision(asking, pair->item, pair->line, pair->is_pair);
    }
    for (size_t i = 0; i < companion_count; i++) {
        const struct companion_pair *pair = &((const struct companion_pair *)companions->pairs.elements)[i];
        put_decision(asking, pair->item, pair->line, /* is_pair= */ true);
    }
    return STATUS_OK;
}

static struct match_side
side_view(const struct side *side)
{
    return (struct match_side){.items = side->items,
                               .count = side->count,
                               .brands = side->brands,
                               .brand_count = side->brand_count,
                               .slips = side->has_slips ? side->slips : NULL};
}

static enum status
asking_run(struct asking *asking, struct error_detail *err)
{
    asking->input = (struct match_input){
        .sales = side_view(&asking->ours),
        .lines = side_view(&asking->theirs),
        .decisions = asking->decisions,
        .decision_count = asking->decision_count,
    };
    struct match_options options = match_options_default(&asking->arena);
    return match_run(&asking->result, &asking->input, &options, err);
}

/* Keep the new pairs, and mark their sides. */
static enum status
keep_pairs(struct pairing *pairing, struct collected *collected, const struct asking *asking, struct error_detail *err)
{
    for (size_t i = 0; i < asking->result.match_count; i++) {
        const struct match_pair *match = &asking->result.matches[i];
        uint32_t item = asking->ours.origin[match->sale];
        uint32_t line = asking->theirs.origin[match->line];
        if (collected_item(collected, item)->is_companion || collected_item(collected, item)->is_matched) {
            continue; /* known before it was asked */
        }
        struct pair *pair = growing_add(&pairing->pairs);
        if (pair == NULL) {
            return out_of_room(err);
        }
        *pair = (struct pair){.item = item, .line = line, .key = match->key};
        collected_item(collected, item)->is_matched = true;
        collected_item(collected, item)->partner = line + 1;
        collected_line(collected, line)->is_matched = true;
    }
    return STATUS_OK;
}

/* The sentence of ROW, in the collected arena. NULL when there is no room. */
static const char *
explain(struct collected *collected, struct asking *asking, const struct match_discrepancy *row)
{
    struct buffer text;
    buffer_init(&text, SENTENCE_MAX_BYTES);
    match_explain(&text, &asking->input, row);
    struct error_detail ignored;
    const char *kept = buffer_check(&text, &ignored) == STATUS_OK
                           ? arena_copy(&collected->arena, buffer_text(&text), text.length)
                           : NULL;
    buffer_finish(&text);
    return kept;
}

enum rows_kept { ROWS_REMARKS, ROWS_ALL };

/* Whether ROW says something to people on TODAY. What is not reported and not due yet waits without a row: there may be
 * millions. A cancellation that nobody reports is nothing as long as the payment is not reported either. */
static bool
is_worth_a_row(const struct collected *collected, const struct asking *asking, const struct match_discrepancy *row,
               enum rows_kept kept, const char *today)
{
    if (kept == ROWS_REMARKS && !match_class_is_remark(row->class)) {
        return false;
    }
    if (row->sale == MATCH_NONE) {
        return true;
    }
    const struct book_item *item = collected_item(collected, asking->ours.origin[row->sale]);
    bool is_due = item->due_on[0] != '\0' && strcmp(item->due_on, today) < 0;
    switch (row->class) {
    case MATCH_POS_ONLY:
    case MATCH_CUT_OFF:
        return is_due && item->part == BOOK_SALE;
    case MATCH_PAID_THOUGH_VOID:
        return is_due;
    case MATCH_BRAND_DIFFERS:
    case MATCH_CUT_OFF_REMARK:
        return !item->is_companion && !item->is_asked_again;
    case MATCH_STATEMENT_ONLY:
    case MATCH_AMOUNT_DIFFERS:
    case MATCH_COUNT_DIFFERS:
    case MATCH_DUPLICATE:
    case MATCH_REVERSAL_ONLY:
    case MATCH_TRAINING:
    case MATCH_CLASS_COUNT:
        break;
    }
    return true;
}

static enum status
keep_row(struct pairing *pairing, struct collected *collected, struct asking *asking,
         const struct match_discrepancy *row, struct error_detail *err)
{
    /* `related` is a line for these, and one of ours for a repeated one of ours and a line of several for one. */
    bool is_of_other_side = row->class == MATCH_PAID_THOUGH_VOID || row->class == MATCH_COUNT_DIFFERS;
    bool points_to_line = row->related != MATCH_NONE && is_of_other_side == (row->sale != MATCH_NONE);
    struct open_row kept = {
        .class = row->class,
        .item = row->sale == MATCH_NONE ? MATCH_NONE : asking->ours.origin[row->sale],
        .line = row->line == MATCH_NONE ? MATCH_NONE : asking->theirs.origin[row->line],
        .related_line = points_to_line ? asking->theirs.origin[row->related] : MATCH_NONE,
        .sentence = explain(collected, asking, row),
    };
    struct open_row *place = growing_add(&pairing->rows);
    if (place == NULL || kept.sentence == NULL) {
        return out_of_room(err);
    }
    *place = kept;
    return STATUS_OK;
}

static enum status
keep_rows(struct pairing *pairing, struct collected *collected, struct asking *asking, enum rows_kept kept,
          const char *today, struct error_detail *err)
{
    /* From here on a line is known to people by its place in the file. */
    for (size_t i = 0; i < asking->theirs.count; i++) {
        asking->theirs.items[i].id = collected_line(collected, asking->theirs.origin[i])->line.line;
    }
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < asking->result.discrepancy_count; i++) {
        const struct match_discrepancy *row = &asking->result.discrepancies[i];
        if (is_worth_a_row(collected, asking, row, kept, today)) {
            status = keep_row(pairing, collected, asking, row, err);
        }
    }
    return status;
}

static void
asking_finish(struct asking *asking)
{
    if (asking != NULL) {
        arena_finish(&asking->arena);
        free(asking);
    }
}

/* One question: everything open; DECIDED by people, COMPANIONS (NULL the first time) before. Pairs are kept; *OUT is
 * given. */
static enum status
ask(struct pairing *pairing, struct collected *collected, const struct growing *decided,
    const struct companions *companions, struct asking **out, struct error_detail *err)
{
    struct asking *asking = calloc(1, sizeof *asking);
    if (asking == NULL) {
        return out_of_room(err);
    }
    enum status status = asking_init(asking, collected, err);
    if (status == STATUS_OK) {
        status = asking_decide(asking, decided, companions, err);
    }
    if (status == STATUS_OK) {
        status = asking_run(asking, err);
    }
    if (status == STATUS_OK) {
        status = keep_pairs(pairing, collected, asking, err);
    }
    if (status != STATUS_OK) {
        asking_finish(asking);
        return status;
    }
    *out = asking;
    return STATUS_OK;
}

enum status
pair_collected(struct pairing *out, struct collected *collected, struct store_txn *txn, const char *municipality,
               const char *today, struct error_detail *err)
{
    struct asking *first = NULL;
    struct asking *second = NULL;
    struct companions companions;
    struct growing decided;
    companions_init(&companions);
    growing_init(&decided, sizeof(struct decided_pair), DECIDED_MAX, 0);
    enum status status = splits_pair(&out->pairs, collected, txn, municipality, err);
    if (status == STATUS_OK) {
        status = decided_find(&decided, collected, txn, municipality, err);
    }
    if (status == STATUS_OK) {
        status = ask(out, collected, &decided, NULL, &first, err);
    }
    if (status == STATUS_OK) {
        status = companions_find(&companions, collected, txn, municipality, err);
    }
    if (status == STATUS_OK) {
        status = keep_rows(out, collected, first, companions.has_changed ? ROWS_REMARKS : ROWS_ALL, today, err);
    }
    if (status == STATUS_OK && companions.has_changed) {
        status = ask(out, collected, &decided, &companions, &second, err);
    }
    if (status == STATUS_OK && second != NULL) {
        status = keep_rows(out, collected, second, ROWS_ALL, today, err);
    }
    asking_finish(first);
    asking_finish(second);
    companions_finish(&companions);
    growing_finish(&decided);
    return status;
}
