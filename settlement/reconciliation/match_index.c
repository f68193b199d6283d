/* Building and asking the table. Both go through batches: first the slots of all keys of the batch are asked for, then
 * the items they name, then the texts of those, so that a batch waits for memory three times and not three times per
 * key. */
#include "settlement/reconciliation/match_index.h"

#include "settlement/reconciliation/matcher.h"

#include <string.h>

enum {
    BATCH = 32, /* keys on their way at once; processors have 10–20 line buffers per core */
    INDEX_BITS_MIN = 4,
    INDEX_BITS_MAX = 31 /* 1.6 billion items */
};

static inline size_t
first_slot(const struct match_index *index, uint32_t hash)
{
    return hash >> index->shift;
}

static inline size_t
next_slot(const struct match_index *index, size_t slot)
{
    return (slot + 1) & (UINT32_MAX >> index->shift);
}

static inline const struct match_item *
item_at(const struct match_item *items, const uint32_t *subset, size_t i)
{
    return subset == NULL ? &items[i] : &items[subset[i]];
}

static inline const struct match_item *
member_item(const struct match_index *index, uint32_t member)
{
    return &index->items[match_index_item(index, member)];
}

/* Put MEMBER into the table, or into the chain of its text. */
static void
insert(struct match_index *index, uint32_t member)
{
    const struct match_item *item = member_item(index, member);
    struct text_view text = match_text_of(item, index->text);
    uint32_t hash = match_hash_of(item, index->text);
    index->next[member] = MATCH_NONE;
    if (text.length == 0) {
        return;
    }
    size_t at = first_slot(index, hash);
    while (index->slots[at].member != MATCH_NONE) {
        uint32_t head = index->slots[at].member;
        if (index->slots[at].hash == hash &&
            text_view_equals(match_text_of(member_item(index, head), index->text), text)) {
            index->next[member] = index->next[head];
            index->next[head] = member;
            return;
        }
        at = next_slot(index, at);
    }
    index->slots[at] = (struct match_slot){hash, member};
}

static enum status
refuse_memory(struct error_detail *err)
{
    error_set(err, "out_of_memory", "照合に使うメモリーが足りません。期間を分けて照合してください。");
    return STATUS_OVERFLOW;
}

enum status
match_index_create(struct match_index **out, const struct match_side *side, enum match_text text,
                   const uint32_t *subset, size_t count, struct arena *arena, struct error_detail *err)
{
    unsigned bits = INDEX_BITS_MIN;
    while (bits < INDEX_BITS_MAX && ((size_t)1 << bits) / 4 * 3 < count) {
        bits++;
    }
    size_t slot_count = (size_t)1 << bits;
    struct match_index *index = arena_take(arena, sizeof *index);
    struct match_slot *slots = arena_take_array(arena, slot_count, sizeof *slots);
    uint32_t *next = arena_take_array(arena, count, sizeof *next);
    if (index == NULL || slots == NULL || next == NULL || slot_count / 4 * 3 < count) {
        return refuse_memory(err);
    }
    memset(slots, 0xFF, slot_count * sizeof *slots); /* MATCH_NONE in every slot */
    *index = (struct match_index){.items = side->items,
                                  .subset = subset,
                                  .count = count,
                                  .text = text,
                                  .slots = slots,
                                  .shift = 32 - bits,
                                  .next = next};
    for (size_t i = 0; i < count; i++) {
        if (i + BATCH < count) {
            uint32_t hash = match_hash_of(item_at(side->items, subset, i + BATCH), text);
            __builtin_prefetch(&slots[first_slot(index, hash)], 1);
        }
        insert(index, (uint32_t)i);
    }
    *out = index;
    return STATUS_OK;
}

/* The head in the chain of slots from AT on. */
static uint32_t
find_from(const struct match_index *index, size_t at, uint32_t hash, struct text_view text)
{
    while (index->slots[at].member != MATCH_NONE) {
        uint32_t head = index->slots[at].member;
        if (index->slots[at].hash == hash &&
            text_view_equals(match_text_of(member_item(index, head), index->text), text)) {
            return head;
        }
        at = next_slot(index, at);
    }
    return MATCH_NONE;
}

uint32_t
match_index_find(const struct match_index *index, const struct match_item *item)
{
    struct text_view text = match_text_of(item, index->text);
    uint32_t hash = match_hash_of(item, index->text);
    return text.length == 0 ? MATCH_NONE : find_from(index, first_slot(index, hash), hash, text);
}

/* The first slot from the hash on that holds the hash: nearly always the one. Or a free one. */
static inline size_t
likely_slot(const struct match_index *index, uint32_t hash)
{
    size_t at = first_slot(index, hash);
    while (index->slots[at].member != MATCH_NONE && index->slots[at].hash != hash) {
        at = next_slot(index, at);
    }
    return at;
}

/* Both ends: a reference of 36 bytes lies in two cache lines more often than in one. */
static inline void
prefetch_text(struct text_view text)
{
    __builtin_prefetch(text.at);
    __builtin_prefetch(text.at + text.length);
}

void
match_index_find_all(const struct match_index *index, const struct match_item *items, const uint32_t *subset,
                     size_t count, uint32_t *out_heads)
{
    size_t slots[BATCH];
    for (size_t start = 0; start < count; start += BATCH) {
        size_t batch = count - start < BATCH ? count - start : BATCH;
        for (size_t i = 0; i < batch; i++) {
            const struct match_item *item = item_at(items, subset, start + i);
            __builtin_prefetch(&index->slots[first_slot(index, match_hash_of(item, index->text))]);
            prefetch_text(match_text_of(item, index->text));
        }
        for (size_t i = 0; i < batch; i++) {
            slots[i] = likely_slot(index, match_hash_of(item_at(items, subset, start + i), index->text));
            uint32_t head = index->slots[slots[i]].member;
            if (head != MATCH_NONE) {
                __builtin_prefetch(member_item(index, head));
            }
        }
        for (size_t i = 0; i < batch; i++) {
            uint32_t head = index->slots[slots[i]].member;
            if (head != MATCH_NONE) {
                prefetch_text(match_text_of(member_item(index, head), index->text));
            }
        }
        for (size_t i = 0; i < batch; i++) {
            const struct match_item *item = item_at(items, subset, start + i);
            struct text_view text = match_text_of(item, index->text);
            out_heads[start + i] =
                text.length == 0 ? MATCH_NONE : find_from(index, slots[i], match_hash_of(item, index->text), text);
        }
    }
}
