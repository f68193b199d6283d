/* Lines added up by payout id. */
#include "common/money/yen.h"
#include "settlement/reconciliation/payout.h"

#include <stdlib.h>

static enum status
refuse_memory(struct error_detail *err)
{
    error_set(err, "out_of_memory", "照合に使うメモリーが足りません。期間を分けて照合してください。");
    return STATUS_OVERFLOW;
}

static int
compare_views(struct text_view a, struct text_view b)
{
    size_t common = a.length < b.length ? a.length : b.length;
    int order = common > 0 ? memcmp(a.at, b.at, common) : 0;
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static int
compare_lines(const void *a, const void *b)
{
    const struct statement_line *const *first = a;
    const struct statement_line *const *second = b;
    return compare_views((*first)->payout_id, (*second)->payout_id);
}

int64_t
payout_expected_yen(const struct payout *payout)
{
    return payout->gross_yen - (payout->is_net ? payout->fee_yen : payout->charge_yen);
}

/* Add LINE to its payout. A line of kind fee is a fee in its amount: a negative one was charged. */
static enum status
add_line(struct payout *payout, const struct statement_line *line)
{
    bool is_fee = line->kind == STATEMENT_FEE;
    enum status status = yen_add(&payout->fee_yen, payout->fee_yen, line->fee_yen);
    if (status == STATUS_OK && is_fee) {
        status = yen_add(&payout->fee_yen, payout->fee_yen, -line->amount_yen);
    }
    if (status == STATUS_OK) {
        int64_t *sum_yen = is_fee ? &payout->charge_yen : &payout->gross_yen;
        status = yen_add(sum_yen, *sum_yen, is_fee ? -line->amount_yen : line->amount_yen);
    }
    bool is_later = line->pay_date.year != 0 &&
                    (payout->pay_date.year == 0 || civil_date_compare(line->pay_date, payout->pay_date) > 0);
    payout->pay_date = is_later ? line->pay_date : payout->pay_date;
    payout->line_count++;
    return status;
}

enum status
payout_collect(struct payout **out, size_t *out_count, const struct statement_line *lines, size_t count,
               struct arena *arena, struct error_detail *err)
{
    const struct statement_line **sorted = arena_take_array(arena, count, sizeof *sorted);
    if (sorted == NULL) {
        return refuse_memory(err);
    }
    size_t with_id = 0;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].payout_id.length > 0) {
            sorted[with_id++] = &lines[i];
        }
    }
    qsort(sorted, with_id, sizeof *sorted, compare_lines);
    size_t payout_count = 0;
    for (size_t i = 0; i < with_id; i++) {
        payout_count += i == 0 || compare_lines(&sorted[i - 1], &sorted[i]) != 0 ? 1 : 0;
    }
    struct payout *payouts = arena_take_array(arena, payout_count, sizeof *payouts);
    if (payouts == NULL) {
        return refuse_memory(err);
    }
    struct payout *payout = payouts;
    for (size_t i = 0; i < with_id; i++) {
        bool is_new = i == 0 || compare_lines(&sorted[i - 1], &sorted[i]) != 0;
        if (is_new) {
            payout = i == 0 ? payouts : payout + 1;
            *payout = (struct payout){.id = sorted[i]->payout_id};
        }
        if (add_line(payout, sorted[i]) != STATUS_OK) {
            error_set(err, "sum_too_large", "入金番号 %.*s の合計が扱える範囲を超えました。", (int)payout->id.length,
                      payout->id.at);
            return STATUS_OVERFLOW;
        }
    }
    *out = payouts;
    *out_count = payout_count;
    return STATUS_OK;
}
