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
    bool is_open_day = false;
    enum status status =
        business_day_is(at->txn, at->line->terminal, at->till->open_day, closed->day, &is_open_day, at->err);
    if (status == STATUS_OK && !is_open_day) {
        return apply_refuse(at, "day_not_open", "閉じようとした営業日が開いていません。");
    }
    if (status != STATUS_OK) {
        return status;
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
    };
    status = business_day_close(at->txn, &closing, at->err);
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
