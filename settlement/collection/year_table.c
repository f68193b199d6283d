/* What payouts hold is taken from what was assessed, group by group and day by day; what is left no statement has yet.
 */
#include "settlement/collection/year_table.h"

#include "common/clock/civil.h"
#include "settlement/arena/arena.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 100000, OPEN_MAX = 2000000, PAYOUT_PARTS_MAX = 2000000 };

static enum status
out_of_room(struct error_detail *err)
{
    error_set(err, "year_too_large", "年度の調定・入金が多すぎます。管理者に連絡してください。");
    return STATUS_OVERFLOW;
}

static int
compare_parts(const void *a, const void *b)
{
    return collection_part_compare(a, b, true);
}

static struct collection_row *
row_of(struct growing *rows, const struct collection_part *part)
{
    struct collection_row *all = rows->elements;
    size_t low = 0, high = rows->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (collection_part_compare(&all[middle].key, part, false) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_there = low < rows->count && collection_part_compare(&all[low].key, part, false) == 0;
    return is_there ? &all[low] : NULL;
}

/* A row of each group. ASSESSED is sorted, so that groups stand together. */
static enum status
make_rows(struct year_table *table, const struct collection_part *assessed, size_t count, struct error_detail *err)
{
    for (size_t i = 0; i < count; i++) {
        struct collection_row *rows = table->rows.elements;
        struct collection_row *row = table->rows.count > 0 ? &rows[table->rows.count - 1] : NULL;
        if (row == NULL || collection_part_compare(&row->key, &assessed[i], false) != 0) {
            row = growing_add(&table->rows);
            if (row == NULL) {
                return out_of_room(err);
            }
            *row = (struct collection_row){.key = assessed[i]};
            row->key.assessed_on = "";
            row->key.amount_yen = 0;
        }
        row->assessed_yen += assessed[i].amount_yen;
    }
    return STATUS_OK;
}

static enum status
add_open(struct year_table *table, const struct year_question *question, const struct collection_open *open,
         struct error_detail *err)
{
    struct collection_row *row = row_of(&table->rows, &open->part);
    if (row == NULL || open->part.amount_yen == 0) {
        return STATUS_OK; /* taken back entirely */
    }
    row->stand_yen[open->stand] += open->part.amount_yen;
    struct collection_open *place = growing_add(&table->open);
    if (place == NULL) {
        return out_of_room(err);
    }
    *place = *open;
    place->misses_closing = open->expected_on[0] != '\0' && strcmp(open->expected_on, question->closing) > 0;
    row->misses_closing_yen += place->misses_closing ? open->part.amount_yen : 0;
    return STATUS_OK;
}

/* The parts of PAYOUT: what came, and what is outstanding of it; each is put down in TAKEN, too. */
static enum status
add_payout(struct year_table *table, const struct year_question *question, const struct collection_payout *payout,
           struct growing *taken, struct error_detail *err)
{
    if (payout->part_count == 0) {
        return STATUS_OK;
    }
    int64_t *received = calloc(payout->part_count, sizeof *received);
    if (received == NULL) {
        return out_of_room(err);
    }
    collection_allocate(payout, payout->upto_yen, received);
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < payout->part_count; i++) {
        const struct collection_part *part = &payout->parts[i];
        struct collection_row *row = row_of(&table->rows, part);
        if (part->fiscal_year != question->fiscal_year || row == NULL) {
            continue;
        }
        struct collection_part *place = growing_add(taken);
        if (place == NULL) {
            status = out_of_room(err);
            continue;
        }
        *place = *part;
        row->stand_yen[COLLECTION_RECEIVED] += received[i];
        if (strcmp(payout->credited_on, question->closing) > 0) {
            row->misses_closing_yen += received[i]; /* income of the next year */
        }
        struct collection_open open = {.part = *part,
                                       .stand = collection_open_stand(payout, question->today),
                                       .payout = payout->payout,
                                       .expected_on = payout->payable_on};
        open.part.amount_yen = part->amount_yen - received[i];
        status = add_open(table, question, &open, err);
    }
    free(received);
    return status;
}

static const char *
pay_day_of(const struct year_question *question, const struct collection_part *part)
{
    char day[CIVIL_DATE_TEXT_SIZE] = "";
    question->pay_day(part->route, part->assessed_on, day, question->context);
    return arena_copy(question->arena, day, strlen(day));
}

/* ASSESSED less what TAKEN says is in payouts. Both are sorted alike. */
static enum status
add_the_rest(struct year_table *table, const struct year_question *question, const struct collection_part *assessed,
             size_t count, const struct growing *taken, struct error_detail *err)
{
    const struct collection_part *parts = taken->elements;
    size_t next = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct collection_open open = {
            .part = assessed[i], .stand = COLLECTION_UNREPORTED, .payout = "", .expected_on = "", .is_computed = true};
        if (strcmp(assessed[i].route, "cash") == 0) { /* 収入済 at the counter; 払込 is custody: docs/cash.md */
            row_of(&table->rows, &assessed[i])->stand_yen[COLLECTION_RECEIVED] += assessed[i].amount_yen;
            continue;
        }
        while (next < taken->count && collection_part_compare(&parts[next], &assessed[i], true) < 0) {
            next++;
        }
        for (; next < taken->count && collection_part_compare(&parts[next], &assessed[i], true) == 0; next++) {
            open.part.amount_yen -= parts[next].amount_yen;
        }
        if (open.part.amount_yen != 0) {
            open.expected_on = pay_day_of(question, &assessed[i]);
            status = open.expected_on != NULL ? add_open(table, question, &open, err) : out_of_room(err);
        }
    }
    return status;
}

enum status
year_table_make(struct year_table *table, const struct year_question *question, const struct collection_part *assessed,
                size_t assessed_count, const struct collection_payout *payouts, size_t payout_count,
                struct error_detail *err)
{
    struct growing taken;
    growing_init(&table->rows, sizeof(struct collection_row), ROWS_MAX, 0);
    growing_init(&table->open, sizeof(struct collection_open), OPEN_MAX, 0);
    growing_init(&taken, sizeof(struct collection_part), PAYOUT_PARTS_MAX, 0);
    enum status status = make_rows(table, assessed, assessed_count, err);
    for (size_t i = 0; status == STATUS_OK && i < payout_count; i++) {
        status = add_payout(table, question, &payouts[i], &taken, err);
    }
    if (taken.count > 0) {
        qsort(taken.elements, taken.count, sizeof(struct collection_part), compare_parts);
    }
    if (status == STATUS_OK) {
        status = add_the_rest(table, question, assessed, assessed_count, &taken, err);
    }
    growing_finish(&taken);
    return status;
}

void
year_table_finish(struct year_table *table)
{
    growing_finish(&table->rows);
    growing_finish(&table->open);
}
