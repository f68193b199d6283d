/* Money in and out of the drawer, counted. */
#include "pos/receipt/fill.h"

void
fill_counts(struct fill *fill, const struct receipt_count *counts, size_t count)
{
    struct receiptline_value *row = fill_rows(fill, &fill->values[PAPERS_AT_COUNTS], count, PAPERS_COUNT_NAME_COUNT);
    int64_t sum_yen = 0;
    for (size_t i = 0; row != NULL && i < count; i++, row += PAPERS_COUNT_NAME_COUNT) {
        const int64_t amount_yen = counts[i].yen * counts[i].count;
        row[PAPERS_AT_COUNT_YEN].number = counts[i].yen;
        row[PAPERS_AT_COUNT_NUMBER].number = counts[i].count;
        row[PAPERS_AT_COUNT_AMOUNT].number = amount_yen;
        sum_yen += amount_yen;
    }
    fill->values[PAPERS_AT_COUNTED_BY_KIND].number = sum_yen;
}

void
fill_cash(struct fill *fill, const struct receipt_cash *cash)
{
    static const char *const directions[] = {
        [RECEIPT_LENT] = "lent", [RECEIPT_RETURNED] = "returned", [RECEIPT_IN] = "in", [RECEIPT_OUT] = "out"};
    struct receiptline_value *values = fill->values;
    values[PAPERS_AT_DIRECTION].text = directions[cash->direction];
    values[PAPERS_AT_AMOUNT].number = cash->amount_yen;
    values[PAPERS_AT_REASON].text = cash->reason;
    values[PAPERS_AT_APPROVED_BY].text = cash->approved_by_name;
    fill_counts(fill, cash->counts, cash->count_count);
}

void
fill_handover(struct fill *fill, const struct receipt_handover *handover)
{
    struct receiptline_value *values = fill->values;
    values[PAPERS_AT_FROM_CLERK].text = handover->from_name;
    values[PAPERS_AT_TO_CLERK].text = handover->to_name;
    values[PAPERS_AT_EXPECTED_CASH].number = handover->expected_cash_yen;
    values[PAPERS_AT_COUNTED_CASH].number = handover->counted_cash_yen;
    values[PAPERS_AT_DIFFERENCE].number = handover->difference_yen;
    values[PAPERS_AT_REASON].text = handover->difference_reason;
    fill_counts(fill, handover->counts, handover->count_count);
}
