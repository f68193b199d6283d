/* A drawer's day. Closing never argues: what the till expected, what the ledger expects and what was counted stand side
 * by side in the row. */
#include "settlement/ledger/apply_parts.h"
#include "settlement/store/day_store.h"

enum status
apply_day_opened(struct application *at, const struct day_opened_effect *opened)
{
    if (at->till->open_day != 0) {
        return apply_refuse(at, "day_is_open", "行%lldで開いた営業日が閉じられていません。",
                            (long long)at->till->open_day);
    }
    struct day_opening opening = {
        .terminal = at->line->terminal,
        .sequence = at->line->sequence,
        .municipality = at->till->municipality,
        .place = at->till->place,
        .day = opened->day,
        .business_date = at->business_date,
        .at_ms = at->line->at_ms,
        .clerk = opened->clerk,
        .float_yen = opened->float_yen,
        .masters_version = at->till->masters_version,
    };
    enum status status = business_day_open(at->txn, &opening, at->err);
    if (status != STATUS_OK) {
        return status;
    }
    at->till->open_day = at->line->sequence;
    struct posting_list list;
    postings_of_opening(&list, opened->float_yen);
    return apply_postings(at, &list, at->business_date);
}

static enum status
put_totals(struct application *at, const struct day_closed_effect *closed)
{
    for (size_t i = 0; i < closed->total_count; i++) {
        enum status status =
            business_day_total_put(at->txn, at->line->terminal, at->line->sequence, &closed->totals[i], at->err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

enum status
apply_day_closed(struct application *at, const struct day_closed_effect *closed)
{
    struct cash_sums sums = {0};
    enum status status = apply_check_day(at, closed->day);
    if (status == STATUS_OK) {
        status = cash_sums_of_day(at->txn, at->line->terminal, at->till->open_day, &sums, at->err);
    }
    struct day_closing closing = {
        .terminal = at->line->terminal,
        .opened_sequence = at->till->open_day,
        .closed_sequence = at->line->sequence,
        .at_ms = at->line->at_ms,
        .clerk = closed->clerk,
        .expected_cash_yen = closed->expected_cash_yen,
        .ledger_cash_yen = at->till->drawer_yen,
        .counted_cash_yen = closed->counted_cash_yen,
        .difference_yen = closed->difference_yen,
        .difference_reason = closed->difference_reason,
        .zero_count = closed->zero_count,
        .said = closed->said,
        .ours = {.float_yen = sums.float_yen,
                 .cash_in_yen = sums.in_yen,
                 .cash_out_yen = sums.out_yen,
                 .refund_cash_yen = sums.refund_yen},
    };
    if (status == STATUS_OK) {
        status = business_day_close(at->txn, &closing, at->err);
    }
    if (status == STATUS_OK) {
        status = cash_tally_put(at->txn, at->line->terminal, at->line->sequence, &closed->counted, at->err);
    }
    if (status == STATUS_OK) {
        status = put_totals(at, closed);
    }
    if (status != STATUS_OK) {
        return status;
    }
    at->till->open_day = 0;
    struct posting_list list;
    postings_of_closing(&list, closed->float_yen, closed->expected_cash_yen, closed->counted_cash_yen);
    return apply_postings(at, &list, at->business_date);
}
