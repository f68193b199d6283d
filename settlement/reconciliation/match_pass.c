/* One key over all items: look every line up, link the lines of one text to the sales of that text, resolve each group.
 * Looking up, which waits for memory, is shared among threads; it writes only to its own part of two arrays. */
#include "common/money/yen.h"
#include "settlement/reconciliation/match_state.h"

#include <pthread.h>
#include <string.h>

enum {
    AHEAD = 16,                    /* lines whose sale is asked for before it is compared */
    CHUNK = 4096,                  /* lines looked up before they are compared: their items are still in the cache */
    THREADED_LINES_MIN = 64 * 1024 /* below, starting a thread costs more than it saves */
};

/* INVARIANT: heads[i] is the head of the group of line i of the subset, then (after linking) unused. first_line by
 * member, next_line by place in the subset: the chain of a group's lines. */
struct pass {
    struct match_state *state;
    const struct match_index *index;
    const uint32_t *line_subset;
    size_t line_count;
    const uint32_t *heads;
    uint32_t *looked_up; /* the same, to be filled; NULL when the heads were given */
    uint32_t *first_line;
    uint32_t *next_line;
};

static uint32_t
line_at(const struct pass *pass, size_t place)
{
    return pass->line_subset == NULL ? (uint32_t)place : pass->line_subset[place];
}

/* A thread's part, and what it learns about its lines on the way, while their items are in the cache. */
struct lookup {
    struct pass *pass;
    size_t start;
    size_t end;
    int64_t sum_yen;
    int64_t last_ms;
    bool is_too_large;
};

static inline void
learn(struct lookup *lookup, const struct match_item *line)
{
    lookup->is_too_large |= __builtin_add_overflow(lookup->sum_yen, line->amount_yen, &lookup->sum_yen);
    lookup->last_ms = line->accepted_at_ms > lookup->last_ms ? line->accepted_at_ms : lookup->last_ms;
}

/* Look up the lines from start to end, and compare each with the head that it found: most pairs are that. */
static void *
look_up(void *argument)
{
    struct lookup *lookup = argument;
    struct pass *pass = lookup->pass;
    struct match_state *state = pass->state;
    const struct match_item *items = state->input->lines.items;
    for (size_t start = lookup->start; start < lookup->end; start += CHUNK) {
        size_t count = lookup->end - start < CHUNK ? lookup->end - start : CHUNK;
        const uint32_t *subset = pass->line_subset == NULL ? NULL : pass->line_subset + start;
        const struct match_item *from = pass->line_subset == NULL ? items + start : items;
        if (pass->looked_up != NULL) {
            match_index_find_all(pass->index, from, subset, count, pass->looked_up + start);
        }
        for (size_t place = start; place < start + count; place++) {
            uint32_t line = line_at(pass, place);
            learn(lookup, &items[line]);
            if (place + AHEAD < start + count && pass->heads[place + AHEAD] != MATCH_NONE) {
                __builtin_prefetch(match_sale(state, match_index_item(pass->index, pass->heads[place + AHEAD])));
            }
            if (pass->heads[place] != MATCH_NONE && state->line_partner[line] == MATCH_NONE) {
                uint32_t sale = match_index_item(pass->index, pass->heads[place]);
                state->verdicts[line] = match_verdict(state, sale, line);
            }
        }
    }
    return NULL;
}

/* Put together what the threads learned, if they went over all lines. */
static enum status
keep_learned(struct pass *pass, const struct lookup *lookups, unsigned count, struct error_detail *err)
{
    struct match_state *state = pass->state;
    if (pass->line_subset != NULL) {
        return STATUS_OK;
    }
    bool is_too_large = false;
    for (unsigned i = 0; i < count; i++) {
        is_too_large = is_too_large || lookups[i].is_too_large ||
                       yen_add(&state->lines_yen, state->lines_yen, lookups[i].sum_yen) != STATUS_OK;
        state->last_line_ms = lookups[i].last_ms > state->last_line_ms ? lookups[i].last_ms : state->last_line_ms;
    }
    if (is_too_large) {
        error_set(err, "sum_too_large", "金額の合計が扱える範囲を超えました。");
    }
    return is_too_large ? STATUS_OVERFLOW : STATUS_OK;
}

/* Share the lines among threads. A thread that cannot be started is done without. */
static enum status
look_up_all(struct pass *pass, struct error_detail *err)
{
    unsigned threads = pass->line_count >= THREADED_LINES_MIN ? pass->state->options->thread_count : 1;
    pthread_t started[MATCH_THREADS_MAX];
    bool is_started[MATCH_THREADS_MAX] = {false};
    struct lookup lookups[MATCH_THREADS_MAX];
    for (unsigned i = 0; i < threads; i++) {
        lookups[i] = (struct lookup){.pass = pass,
                                     .start = pass->line_count / threads * i,
                                     .end = i + 1 == threads ? pass->line_count : pass->line_count / threads * (i + 1),
                                     .last_ms = INSTANT_ABSENT};
        is_started[i] = i > 0 && pthread_create(&started[i], NULL, look_up, &lookups[i]) == 0;
    }
    for (unsigned i = 0; i < threads; i++) {
        if (is_started[i]) {
            pthread_join(started[i], NULL);
        } else {
            look_up(&lookups[i]);
        }
    }
    return keep_learned(pass, lookups, threads, err);
}

static void
link_lines(struct pass *pass)
{
    memset(pass->first_line, 0xFF, pass->index->count * sizeof *pass->first_line); /* MATCH_NONE */
    for (size_t place = 0; place < pass->line_count; place++) {
        uint32_t head = pass->heads[place];
        if (head != MATCH_NONE) {
            pass->next_line[place] = pass->first_line[head];
            pass->first_line[head] = (uint32_t)place;
        }
    }
}

static void
resolve_large_group(struct pass *pass, enum match_key key, uint32_t head)
{
    struct match_state *state = pass->state;
    size_t sale_count = 0;
    for (uint32_t member = head; member != MATCH_NONE; member = pass->index->next[member]) {
        state->group_sales[sale_count++] = match_index_item(pass->index, member);
    }
    size_t line_count = 0;
    for (uint32_t place = pass->first_line[head]; place != MATCH_NONE; place = pass->next_line[place]) {
        state->group_lines[line_count++] = line_at(pass, place);
    }
    match_resolve_group(state, key, state->group_sales, sale_count, state->group_lines, line_count);
}

/* Whether the key before found one of them to be a part of several for one. */
static inline bool
is_split(const struct match_state *state, uint32_t sale, uint32_t line)
{
    return state->sale_class[sale] == MATCH_COUNT_DIFFERS || state->line_class[line] == MATCH_COUNT_DIFFERS;
}

/* The group of HEAD is one sale and one line that can be a pair. */
static inline bool
is_simple(const struct pass *pass, uint32_t head, uint32_t sale, uint32_t line)
{
    const struct match_state *state = pass->state;
    return pass->index->next[head] == MATCH_NONE && pass->next_line[pass->first_line[head]] == MATCH_NONE &&
           (state->verdicts[line] & VERDICT_SIGN) == 0 && state->sale_partner[sale] == MATCH_NONE &&
           state->line_partner[line] == MATCH_NONE && !match_is_forbidden(state, sale, line) &&
           (pass->index->text == MATCH_TEXT_REFERENCE || !is_split(state, sale, line));
}

static void
resolve_groups(struct pass *pass, enum match_key key)
{
    for (uint32_t head = 0; head < pass->index->count; head++) {
        if (pass->first_line[head] == MATCH_NONE) {
            continue; /* not a head, or no line has its text */
        }
        uint32_t sale = match_index_item(pass->index, head);
        uint32_t line = line_at(pass, pass->first_line[head]);
        if (is_simple(pass, head, sale, line)) {
            match_make_pair(pass->state, sale, line, key, pass->state->verdicts[line]);
        } else {
            resolve_large_group(pass, key, head);
        }
    }
}

enum status
match_by_text(struct match_state *state, const struct match_index *index, const uint32_t *line_subset,
              size_t line_count, struct error_detail *err)
{
    struct pass pass = {
        .state = state,
        .index = index,
        .line_subset = line_subset,
        .line_count = line_count,
        .heads = index == state->input->sale_index ? state->input->line_heads : NULL,
        .first_line = arena_take_array(state->arena, index->count, sizeof *pass.first_line),
        .next_line = arena_take_array(state->arena, line_count, sizeof *pass.next_line),
    };
    if (pass.heads == NULL) {
        pass.looked_up = arena_take_array(state->arena, line_count, sizeof *pass.looked_up);
        pass.heads = pass.looked_up;
    }
    if (pass.heads == NULL || pass.first_line == NULL || pass.next_line == NULL) {
        return match_refuse_memory(err);
    }
    enum status status = look_up_all(&pass, err);
    if (status != STATUS_OK) {
        return status;
    }
    link_lines(&pass);
    resolve_groups(&pass, index->text == MATCH_TEXT_REFERENCE ? MATCH_BY_REFERENCE : MATCH_BY_ACQUIRER_REFERENCE);
    return STATUS_OK;
}
