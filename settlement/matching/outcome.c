/* Pairs are written in the order of their payments, which is the order of the table: each till's part grows at its end.
 */
#include "settlement/matching/outcome.h"

#include "common/money/yen.h"
#include "settlement/store/split_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SUBJECT_SIZE = 80 };

/* Collected items stand in the order of terminal and sequence, but for late ones at the end. */
static int
compare_pairs(const void *a, const void *b)
{
    const struct pair *left = a;
    const struct pair *right = b;
    return (left->item > right->item) - (left->item < right->item);
}

static enum status
add_further_line(struct store_txn *txn, const char *municipality, const struct matched_row *row,
                 struct error_detail *err)
{
    const struct split_part part = {.terminal = row->terminal,
                                    .sequence = row->sequence,
                                    .part = row->part,
                                    .import = row->import,
                                    .line = row->line};
    return matched_more_add(txn, municipality, &part, err);
}

static enum status
write_pair(struct store_txn *txn, const char *municipality, const struct collected *collected, const struct pair *pair,
           int64_t run, struct error_detail *err)
{
    const struct book_item *item = collected_item(collected, pair->item);
    const struct their_item *line = collected_line(collected, pair->line);
    struct matched_row row = {.import = line->import,
                              .line = line->line.line,
                              .terminal = item->terminal,
                              .sequence = item->sequence,
                              .part = item->part,
                              .matched_by = match_key_word(pair->key),
                              .run = run};
    enum status status = pair->is_further_line ? add_further_line(txn, municipality, &row, err)
                                               : matched_add(txn, municipality, &row, err);
    if (status == STATUS_OK && item->is_carried && !pair->is_further_line) {
        status = open_item_remove(txn, item->terminal, item->sequence, item->part, err);
    }
    if (status == STATUS_OK && line->is_carried && !pair->is_further_payment) {
        status = open_line_remove(txn, line->import, line->line.line, err);
    }
    return status;
}

enum status
outcome_write_pairs(struct store_txn *txn, const char *municipality, struct collected *collected,
                    struct pairing *pairing, struct run_row *row, struct error_detail *err)
{
    struct pair *pairs = pairing->pairs.elements;
    size_t count = pairing->pairs.count;
    if (count > 1) {
        qsort(pairs, count, sizeof pairs[0], compare_pairs);
    }
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = write_pair(txn, municipality, collected, &pairs[i], row->id, err);
        if (status == STATUS_OK && !pairs[i].is_further_line) {
            row->matched_count++;
            status = yen_add(&row->matched_yen, row->matched_yen, collected_item(collected, pairs[i].item)->amount_yen);
        }
        if (status == STATUS_OK) {
            status = work_advance(collected->work, 1, err);
        }
    }
    for (size_t i = 0; i < collected->items.count; i++) {
        row->sale_count += collected_item(collected, i)->is_companion ? 0 : 1;
    }
    for (size_t i = 0; i < collected->lines.count; i++) {
        row->line_count += collected_line(collected, i)->is_companion ? 0 : 1;
    }
    return status;
}

/* Ids of open discrepancies that clear by themselves when they are not found again. */
struct standing {
    struct growing ids; /* int64_t, ascending */
    struct error_detail *err;
};

static enum status
collect_standing(const struct discrepancy_row *row, void *context)
{
    struct standing *standing = context;
    /* A remark agrees in money and stays until a person has read it; an incomplete file until a complete one comes. */
    if (row->is_remark || strcmp(row->state, "open") != 0 || strncmp(row->subject, "file:", 5) == 0) {
        return STATUS_OK;
    }
    int64_t *place = growing_add(&standing->ids);
    if (place == NULL) {
        error_set(standing->err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    *place = row->id;
    return STATUS_OK;
}

static int
compare_ids(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void
mark_found(const int64_t *ids, size_t count, bool *found, int64_t id)
{
    const int64_t *place = count > 0 ? bsearch(&id, ids, count, sizeof ids[0], compare_ids) : NULL;
    if (place != NULL) {
        found[place - ids] = true;
    }
}

/* The person who resolved it has judged its payment and line: they are not carried on. A payment of unknown outcome is,
 * because its outcome may still come. */
static void
close_items(struct collected *collected, const struct disagreement *disagreement)
{
    if (disagreement->item != MATCH_NONE && collected_item(collected, disagreement->item)->takes_part) {
        collected_item(collected, disagreement->item)->is_closed = true;
    }
    if (disagreement->line != MATCH_NONE) {
        collected_line(collected, disagreement->line)->is_closed = true;
    }
}

/* What a person judged was the payment with another line; this one is judged by itself. Where that other line still
 * counts, the payment is reported once more; where a corrected file took its place, this is what stands now. */
static void
name_by_line(struct disagreement *out, const struct collected *collected, const struct disagreement *from,
             const struct found_discrepancy *judged, char subject[LINE_SUBJECT_SIZE])
{
    const struct their_item *line = collected_line(collected, from->line);
    *out = *from;
    out->row.subject = subject;
    if (judged->is_line_aside) {
        const char *part = strrchr(from->row.subject, ':');
        snprintf(subject, LINE_SUBJECT_SIZE, "line:%lld:%u%s", (long long)line->import, line->line.line, part);
        return;
    }
    snprintf(subject, LINE_SUBJECT_SIZE, "line:%lld:%u", (long long)line->import, line->line.line);
    out->row.class = discrepancy_class_word(DISCREPANCY_DUPLICATE);
    out->row.amount_yen = line->line.amount_yen;
    out->row.sequence = 0;
    out->item = MATCH_NONE;
}

static enum status
write_disagreement(struct store_txn *txn, const char *municipality, struct collected *collected,
                   const struct disagreement *disagreement, int64_t *out_id, struct run_row *row,
                   struct error_detail *err)
{
    struct found_discrepancy found;
    struct disagreement by_line;
    char subject[LINE_SUBJECT_SIZE];
    enum status status =
        discrepancy_find(txn, municipality, disagreement->row.class, disagreement->row.subject, &found, err);
    bool is_of_another_line = status == STATUS_OK && found.is_resolved && !disagreement->row.is_remark &&
                              disagreement->item != MATCH_NONE && disagreement->line != MATCH_NONE &&
                              found.import != 0 &&
                              (found.import != disagreement->row.import || found.line != disagreement->row.line);
    if (is_of_another_line) {
        collected_item(collected, disagreement->item)->is_closed = true;
        name_by_line(&by_line, collected, disagreement, &found, subject);
        disagreement = &by_line;
        status = discrepancy_find(txn, municipality, disagreement->row.class, subject, &found, err);
    }
    *out_id = status == STATUS_OK ? found.id : 0;
    if (status != STATUS_OK) {
        return status;
    }
    if (found.is_resolved) {
        /* A remark is about a pair, or beside another disagreement: who has read it has put nothing aside. */
        if (!disagreement->row.is_remark) {
            close_items(collected, disagreement);
        }
        return STATUS_OK;
    }
    if (*out_id != 0) {
        return discrepancy_refresh(txn, *out_id, &disagreement->row, err);
    }
    row->opened_count++;
    return discrepancy_add(txn, municipality, &disagreement->row, out_id, err);
}

static enum status
clear_rest(struct store_txn *txn, const int64_t *ids, const bool *found, size_t count, const char *today,
           struct run_row *row, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (!found[i]) {
            row->cleared_count++;
            status = discrepancy_clear(txn, ids[i], today, err);
        }
    }
    return status;
}

enum status
outcome_write_disagreements(struct store_txn *txn, const char *municipality, struct collected *collected,
                            const struct disagreements *disagreements, struct run_row *row, struct error_detail *err)
{
    struct standing standing = {.err = err};
    growing_init(&standing.ids, sizeof(int64_t), COLLECTED_MAX, 0);
    struct discrepancy_query query = {.municipality = municipality, .state = "open", .limit = INT64_MAX};
    enum status status = discrepancy_each(txn, &query, collect_standing, &standing, err);
    int64_t *ids = standing.ids.elements;
    size_t count = standing.ids.count;
    bool *found = calloc(count + 1, sizeof *found);
    if (status == STATUS_OK && found == NULL) {
        error_set(err, "no_memory", "out of memory");
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK && count > 1) {
        qsort(ids, count, sizeof ids[0], compare_ids);
    }
    const struct disagreement *rows = disagreements->rows.elements;
    for (size_t i = 0; status == STATUS_OK && i < disagreements->rows.count; i++) {
        int64_t id = 0;
        status = write_disagreement(txn, municipality, collected, &rows[i], &id, row, err);
        if (status == STATUS_OK) {
            mark_found(ids, count, found, id);
            status = work_advance(collected->work, 1, err);
        }
    }
    if (status == STATUS_OK) {
        status = clear_rest(txn, ids, found, count, disagreements->today_text, row, err);
    }
    struct discrepancy_counts counts = {0};
    if (status == STATUS_OK) {
        status = discrepancy_count(txn, municipality, disagreements->today_text, &counts, err);
        row->open_count = counts.open_count;
    }
    free(found);
    growing_finish(&standing.ids);
    return status;
}

static bool
is_over(const struct book_item *item)
{
    return strcmp(item->state, "declined") == 0 || strcmp(item->state, "not_charged") == 0;
}

/* Nothing is expected of it, and it is old. */
static bool
is_forgotten(const struct book_item *item, struct civil_date today)
{
    struct civil_date day;
    return item->takes_part && item->due_on[0] == '\0' &&
           civil_date_parse(&day, item->business_date, strlen(item->business_date)) == STATUS_OK &&
           civil_date_compare(civil_date_add_days(day, FORGET_CANCELLED_DAYS), today) < 0;
}

static enum status
write_open_item(struct store_txn *txn, const char *municipality, const struct book_item *item, struct civil_date today,
                struct error_detail *err)
{
    if (item->is_matched || item->is_companion) {
        return STATUS_OK; /* written with its pair, or before */
    }
    if (item->is_closed || is_over(item) || is_forgotten(item, today)) {
        return item->is_carried ? open_item_remove(txn, item->terminal, item->sequence, item->part, err) : STATUS_OK;
    }
    if (item->is_carried && strcmp(item->due_on, item->kept_due_on) == 0) {
        return STATUS_OK;
    }
    return open_item_put(txn, municipality, item->terminal, item->sequence, item->part, item->due_on, err);
}

enum status
outcome_write_open(struct store_txn *txn, const char *municipality, const struct collected *collected,
                   struct civil_date today, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < collected->items.count; i++) {
        status = write_open_item(txn, municipality, collected_item(collected, i), today, err);
        if (status == STATUS_OK) {
            status = work_advance(collected->work, 1, err);
        }
    }
    for (size_t i = 0; status == STATUS_OK && i < collected->lines.count; i++) {
        const struct their_item *line = collected_line(collected, i);
        status = work_advance(collected->work, 1, err);
        if (status != STATUS_OK || line->is_matched || line->is_companion) {
            continue;
        }
        if (line->is_closed) {
            status = line->is_carried ? open_line_remove(txn, line->import, line->line.line, err) : STATUS_OK;
        } else if (!line->is_carried) {
            status = open_line_put(txn, municipality, line->import, line->line.line, err);
        }
    }
    return status;
}
