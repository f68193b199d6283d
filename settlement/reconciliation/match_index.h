/* A hash table over one text of the items of a side: open addressing, 8 bytes a slot, no text copied. */
#pragma once

#include "settlement/arena/arena.h"
#include "settlement/reconciliation/match_item.h"

/* Which text of an item is the key. */
enum match_text { MATCH_TEXT_REFERENCE, MATCH_TEXT_ACQUIRER };

struct match_slot {
    uint32_t hash;
    uint32_t member; /* MATCH_NONE: free */
};

/* INVARIANT: a power of two of slots, at most three quarters taken, one for each different text: its member is the head
 * of the chain of members with that text, continued by `next` (MATCH_NONE ends it). Member m is the item subset[m], or
 * m itself when there is no subset. Members with an empty text are absent. */
struct match_index {
    const struct match_item *items;
    const uint32_t *subset;
    size_t count; /* members */
    enum match_text text;
    struct match_slot *slots;
    unsigned shift; /* 32 − log2(slots) */
    uint32_t *next; /* by member */
};

static inline uint32_t
match_index_item(const struct match_index *index, uint32_t member)
{
    return index->subset == NULL ? member : index->subset[member];
}

static inline struct text_view
match_text_of(const struct match_item *item, enum match_text text)
{
    return text == MATCH_TEXT_REFERENCE ? match_item_reference(item) : match_item_acquirer_reference(item);
}

/* Few items are ever asked for by the acquirer's reference, so that its hash is not kept. */
static inline uint32_t
match_hash_of(const struct match_item *item, enum match_text text)
{
    return text == MATCH_TEXT_REFERENCE ? item->reference_hash : match_hash(match_item_acquirer_reference(item));
}

/* Index COUNT items of SIDE by TEXT: those that SUBSET lists (borrowed), or the first COUNT when it is NULL. *OUT and
 * its parts live in ARENA; SIDE's items are borrowed. STATUS_OVERFLOW when the arena is full. */
enum status
match_index_create(struct match_index **out, const struct match_side *side, enum match_text text,
                   const uint32_t *subset, size_t count, struct arena *arena, struct error_detail *err) MUST_CHECK;

/* The head of the chain of members whose text equals that of ITEM, or MATCH_NONE. */
uint32_t match_index_find(const struct match_index *index, const struct match_item *item);

/* The same for COUNT items at once, in batches that hide the time memory takes: out_heads[i] for ITEMS[SUBSET[i]]
 * (ITEMS[i] when SUBSET is NULL). May run in several threads. */
void match_index_find_all(const struct match_index *index, const struct match_item *items, const uint32_t *subset,
                          size_t count, uint32_t *out_heads);
