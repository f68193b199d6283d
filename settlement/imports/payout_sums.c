/* Lines of one deposit mostly stand together, so the last one is tried first, then the others from the newest. */
#include "settlement/imports/payout_sums.h"

#include "common/money/yen.h"

void
payout_sums_init(struct payout_sums *sums)
{
    *sums = (struct payout_sums){0};
    growing_init(&sums->parts, sizeof(struct payout_part), PAYOUTS_PER_FILE_MAX, 0);
    arena_init(&sums->names, PAYOUT_NAMES_MAX_BYTES);
}

void
payout_sums_finish(struct payout_sums *sums)
{
    growing_finish(&sums->parts);
    arena_finish(&sums->names);
}

static struct payout_part *
find(struct payout_sums *sums, struct text_view payout, size_t last)
{
    struct payout_part *parts = sums->parts.elements;
    if (last < sums->parts.count && text_view_equals(parts[last].payout, payout)) {
        return &parts[last];
    }
    for (size_t i = sums->parts.count; i > 0; i--) {
        if (text_view_equals(parts[i - 1].payout, payout)) {
            return &parts[i - 1];
        }
    }
    const char *name = arena_copy(&sums->names, payout.at, payout.length);
    struct payout_part *part = name != NULL ? growing_add(&sums->parts) : NULL;
    if (part != NULL) {
        *part = (struct payout_part){.payout = {name, payout.length}};
    }
    return part;
}

static enum status
add_line(struct payout_part *part, const struct statement_line *line)
{
    if (line->pay_date.year != 0 && (part->due_on.year == 0 || civil_date_compare(line->pay_date, part->due_on) > 0)) {
        part->due_on = line->pay_date;
    }
    if (line->accepted_at_ms != INSTANT_ABSENT) {
        struct civil_date day = civil_date_at(line->accepted_at_ms);
        if (part->first_on.year == 0 || civil_date_compare(day, part->first_on) < 0) {
            part->first_on = day;
        }
    }
    part->line_count++;
    enum status status = yen_add(&part->amount_yen, part->amount_yen, line->amount_yen);
    return status == STATUS_OK ? yen_add(&part->fee_yen, part->fee_yen, line->fee_yen) : status;
}

enum status
payout_sums_add(struct payout_sums *sums, const struct statement_line *line, struct error_detail *err)
{
    if (line->payout_id.length == 0) {
        return STATUS_OK;
    }
    struct payout_part *part = find(sums, line->payout_id, sums->last);
    if (part == NULL || add_line(part, line) != STATUS_OK) {
        error_set_at(err, line->line, 0, "too_many_payouts", "%u行目で入金番号の数または金額が扱える範囲を超えました。",
                     line->line);
        return STATUS_OVERFLOW;
    }
    sums->last = (size_t)(part - (struct payout_part *)sums->parts.elements);
    return STATUS_OK;
}

enum status
payout_sums_make(struct payout_sums *sums, const struct statement_line *lines, size_t count, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = payout_sums_add(sums, &lines[i], err);
    }
    return status;
}
