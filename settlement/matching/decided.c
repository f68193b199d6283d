/* Decisions come sorted by line; every line looks itself up among them. */
#include "settlement/matching/decided.h"

#include "settlement/store/worklist_store.h"

struct sought {
    int64_t import;
    int64_t line;
    uint32_t item; /* collected */
    bool is_pair;
};

struct seeking {
    const struct collected *collected;
    struct growing sought; /* struct sought, ascending by import and line */
};

static enum status
out_of_room(struct error_detail *err)
{
    error_set(err, "too_much_to_match", "一度に照合できる件数を超えました。管理者に連絡してください。");
    return STATUS_OVERFLOW;
}

static enum status
keep_decision(const struct pair_decision *row, void *context, struct error_detail *err)
{
    struct seeking *seeking = context;
    const struct book_item *item = collected_find(seeking->collected, row->terminal, row->sequence, row->part);
    if (item == NULL) {
        return STATUS_OK; /* its payment is in a pair, or judged */
    }
    struct sought *place = growing_add(&seeking->sought);
    if (place == NULL) {
        return out_of_room(err);
    }
    *place = (struct sought){.import = row->import,
                             .line = row->line,
                             .item = (uint32_t)(item - collected_item(seeking->collected, 0)),
                             .is_pair = row->is_pair};
    return STATUS_OK;
}

static int
compare_places(const struct sought *sought, const struct their_item *line)
{
    if (sought->import != line->import) {
        return sought->import < line->import ? -1 : 1;
    }
    return (sought->line > (int64_t)line->line.line) - (sought->line < (int64_t)line->line.line);
}

/* The first of SOUGHT that is not before LINE. */
static size_t
lower_bound(const struct growing *sought, const struct their_item *line)
{
    const struct sought *all = sought->elements;
    size_t low = 0;
    size_t high = sought->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_places(&all[middle], line) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static enum status
find_lines(struct growing *out, const struct seeking *seeking, struct error_detail *err)
{
    const struct sought *all = seeking->sought.elements;
    for (size_t i = 0; i < seeking->collected->lines.count; i++) {
        const struct their_item *line = collected_line(seeking->collected, i);
        size_t at = lower_bound(&seeking->sought, line);
        for (; at < seeking->sought.count && compare_places(&all[at], line) == 0; at++) {
            struct decided_pair *place = growing_add(out);
            if (place == NULL) {
                return out_of_room(err);
            }
            *place = (struct decided_pair){.item = all[at].item, .line = (uint32_t)i, .is_pair = all[at].is_pair};
        }
    }
    return STATUS_OK;
}

enum status
decided_find(struct growing *out, const struct collected *collected, struct store_txn *txn, const char *municipality,
             struct error_detail *err)
{
    struct seeking seeking = {.collected = collected};
    growing_init(&seeking.sought, sizeof(struct sought), DECIDED_MAX, 0);
    enum status status = pair_decision_open_each(txn, municipality, keep_decision, &seeking, err);
    if (status == STATUS_OK && seeking.sought.count > 0) {
        status = find_lines(out, &seeking, err);
    }
    growing_finish(&seeking.sought);
    return status;
}
