/* What one run looks at: our payments and their lines that are open or new, as arrays. */
#pragma once

#include "settlement/arena/arena.h"
#include "settlement/arena/growing.h"
#include "settlement/matching/agreed.h"
#include "settlement/store/matching_store.h"
#include "settlement/work/work.h"

enum {
    /* Payments or lines of one run: a prefecture's week, or the first run over a large city's year. */
    COLLECTED_MAX = 20000000,
    /* A till asks by itself for hours; what it does not know the next day is for people. */
    UNKNOWN_DUE_DAYS = 1
};

#define COLLECTED_BYTES_MAX (UINT64_C(8) << 30) /* 400 bytes for each of the above */

/* A payment or cancellation of ours. Texts live in the arena. INVARIANT: `takes_part` ⇔ its outcome is known and money
 * moved. */
struct book_item {
    const char *terminal;
    int64_t sequence;
    enum book_part part;
    const char *payment;
    const char *acquirer_reference;
    const char *slip;
    const char *brand;
    const char *state;
    const char *business_date;
    bool has_sale;
    bool is_voided;
    int64_t amount_yen;
    int64_t accepted_at_ms;
    bool takes_part;
    bool is_carried;
    bool is_companion; /* in a pair already; here for the sake of what shares its reference */
    bool is_matched;
    bool is_asked_again;   /* paired in this run; put beside what shares its reference */
    bool is_closed;        /* a person has judged it */
    uint32_t partner;      /* the line it was paired with in this run + 1; 0: none, or several */
    uint32_t unknown_line; /* of a payment whose outcome we do not know: the line that names it + 1; 0: none */
    char due_on[CIVIL_DATE_TEXT_SIZE];      /* "" while nothing is expected */
    char kept_due_on[CIVIL_DATE_TEXT_SIZE]; /* as the open list has it */
};

/* A line of theirs. */
struct their_item {
    int64_t import;
    struct statement_line line; /* its texts live in the arena */
    bool is_carried;
    bool is_companion;
    bool is_matched;
    bool is_asked_again;
    bool is_closed;
    bool is_of_unknown; /* names a payment whose outcome we do not know */
    bool is_our_refund; /* matched: bears out a refund that was paid through the processor */
};

struct position {
    const char *terminal;
    int64_t sequence;
};

/* INVARIANT: `items` are sorted by (terminal, sequence, part) up to `sorted_count`; later ones were looked up. */
struct collected {
    struct arena arena;
    struct growing items;     /* struct book_item */
    struct growing lines;     /* struct their_item */
    struct growing positions; /* struct position */
    size_t sorted_count;
    int64_t last_import;
    struct work *work;             /* borrowed, or NULL: told of each element read and written */
    struct agreed *agreed;         /* borrowed, or NULL: nothing is known of any agreement */
    const char *due_business_date; /* of the last due day that was computed, which is `due_on` */
    const char *due_brand;
    int64_t due_accepted_day;
    char due_on[CIVIL_DATE_TEXT_SIZE];
};

/* AGREED is borrowed for as long as COLLECTED lives. */
void collected_init(struct collected *collected, struct agreed *agreed);
void collected_finish(struct collected *collected);

/* Read what is open and new for MUNICIPALITY in the state STATE. */
enum status collect(struct collected *out, struct store_txn *txn, const char *municipality,
                    const struct matching_state *state, struct error_detail *err) MUST_CHECK;

/* Add one more row, e.g. one that was looked up. The new element is the last. */
enum status collect_item(const struct book_row *row, void *collected, struct error_detail *err) MUST_CHECK;
enum status collect_line(int64_t import, const struct statement_line *line, bool is_carried, void *collected,
                         struct error_detail *err) MUST_CHECK;

static inline struct book_item *
collected_item(const struct collected *collected, size_t index)
{
    return &((struct book_item *)collected->items.elements)[index];
}

static inline struct their_item *
collected_line(const struct collected *collected, size_t index)
{
    return &((struct their_item *)collected->lines.elements)[index];
}

/* The collected item (TERMINAL, SEQUENCE, PART) among the sorted ones, or NULL. */
struct book_item *
collected_find(const struct collected *collected, const char *terminal, int64_t sequence, enum book_part part);
