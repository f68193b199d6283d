/* Pieces are read, each line finds itself among them, and each whole decision becomes pairs. */
#include "settlement/matching/splits.h"

#include "common/money/yen.h"
#include "settlement/matching/pairing.h"
#include "settlement/store/split_store.h"

#include <stdlib.h>

/* A part of a decision, as collected indexes (MATCH_NONE: not among them). */
struct piece {
    int64_t split;
    int64_t import;
    int64_t line;
    size_t place; /* in the order of reading: by decision, then by line, then by payment */
    uint32_t item;
    uint32_t their;
};

struct reading {
    const struct collected *collected;
    struct growing pieces; /* struct piece */
};

static enum status
out_of_room(struct error_detail *err)
{
    error_set(err, "too_much_to_match", "一度に照合できる件数を超えました。管理者に連絡してください。");
    return STATUS_OVERFLOW;
}

static enum status
keep_piece(const struct split_part *part, void *context, struct error_detail *err)
{
    struct reading *reading = context;
    const struct book_item *item = collected_find(reading->collected, part->terminal, part->sequence, part->part);
    size_t place = reading->pieces.count;
    struct piece *piece = growing_add(&reading->pieces);
    if (piece == NULL) {
        return out_of_room(err);
    }
    *piece =
        (struct piece){.split = part->split,
                       .import = part->import,
                       .line = part->line,
                       .place = place,
                       .item = item == NULL ? MATCH_NONE : (uint32_t)(item - collected_item(reading->collected, 0)),
                       .their = MATCH_NONE};
    return STATUS_OK;
}

static int
compare_lines(const void *a, const void *b)
{
    const struct piece *left = a;
    const struct piece *right = b;
    if (left->import != right->import) {
        return left->import < right->import ? -1 : 1;
    }
    return (left->line > right->line) - (left->line < right->line);
}

static int
compare_places(const void *a, const void *b)
{
    const struct piece *left = a;
    const struct piece *right = b;
    return (left->place > right->place) - (left->place < right->place);
}

static void
find_lines(struct reading *reading)
{
    struct piece *pieces = reading->pieces.elements;
    size_t count = reading->pieces.count;
    qsort(pieces, count, sizeof *pieces, compare_lines);
    for (size_t i = 0; i < reading->collected->lines.count; i++) {
        const struct their_item *line = collected_line(reading->collected, i);
        const struct piece wanted = {.import = line->import, .line = (int64_t)line->line.line};
        struct piece *found = bsearch(&wanted, pieces, count, sizeof *pieces, compare_lines);
        if (found == NULL) {
            continue;
        }
        while (found > pieces && compare_lines(found - 1, &wanted) == 0) {
            found--;
        }
        for (; found < pieces + count && compare_lines(found, &wanted) == 0; found++) {
            found->their = (uint32_t)i;
        }
    }
    qsort(pieces, count, sizeof *pieces, compare_places);
}

/* Whether everything that PIECES name is here and open, and the sides are the same yen. */
static bool
is_whole(const struct collected *collected, const struct piece *pieces, size_t count)
{
    int64_t ours_yen = 0;
    int64_t theirs_yen = 0;
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].item == MATCH_NONE || pieces[i].their == MATCH_NONE) {
            return false;
        }
        const struct book_item *item = collected_item(collected, pieces[i].item);
        const struct their_item *line = collected_line(collected, pieces[i].their);
        if (!item->takes_part || item->is_matched || line->is_matched) {
            return false;
        }
        bool is_new_item = i == 0 || pieces[i].item != pieces[i - 1].item;
        bool is_new_line = i == 0 || pieces[i].their != pieces[i - 1].their;
        if ((is_new_item && yen_add(&ours_yen, ours_yen, item->amount_yen) != STATUS_OK) ||
            (is_new_line && yen_add(&theirs_yen, theirs_yen, line->line.amount_yen) != STATUS_OK)) {
            return false;
        }
    }
    return ours_yen == theirs_yen;
}

static enum status
add_pairs(struct growing *pairs, struct collected *collected, const struct piece *pieces, size_t count,
          struct error_detail *err)
{
    for (size_t i = 0; i < count; i++) {
        struct pair *pair = growing_add(pairs);
        if (pair == NULL) {
            return out_of_room(err);
        }
        struct book_item *item = collected_item(collected, pieces[i].item);
        struct their_item *line = collected_line(collected, pieces[i].their);
        *pair = (struct pair){.item = pieces[i].item,
                              .line = pieces[i].their,
                              .key = MATCH_BY_DECISION,
                              .is_further_line = item->is_matched,
                              .is_further_payment = line->is_matched};
        item->is_matched = true;
        line->is_matched = true;
    }
    return STATUS_OK;
}

enum status
splits_pair(struct growing *pairs, struct collected *collected, struct store_txn *txn, const char *municipality,
            struct error_detail *err)
{
    struct reading reading = {.collected = collected};
    growing_init(&reading.pieces, sizeof(struct piece), SPLIT_WAITING_MAX, 0);
    enum status status = split_waiting_each(txn, municipality, keep_piece, &reading, err);
    if (status == STATUS_OK && reading.pieces.count > 0) {
        find_lines(&reading);
    }
    const struct piece *pieces = reading.pieces.elements;
    for (size_t begin = 0, end; status == STATUS_OK && begin < reading.pieces.count; begin = end) {
        end = begin + 1;
        while (end < reading.pieces.count && pieces[end].split == pieces[begin].split) {
            end++;
        }
        if (is_whole(collected, pieces + begin, end - begin)) {
            status = add_pairs(pairs, collected, pieces + begin, end - begin, err);
        }
    }
    growing_finish(&reading.pieces);
    return status;
}
