/* Cash without a sale. What moves is booked; what is counted, handed over or inspected changes nothing and is written
 * beside what the lines before it left in the drawer, so that people see what agrees. */
#include "settlement/ledger/apply_parts.h"
#include "settlement/store/cash_store.h"
#include "settlement/store/day_store.h"

#include <string.h>

struct cash_place
apply_place(const struct application *at)
{
    return (struct cash_place){
        .terminal = at->line->terminal,
        .sequence = at->line->sequence,
        .municipality = at->till->municipality,
        .place = at->till->place,
        .opened_sequence = at->till->open_day,
        .business_date = at->business_date,
        .at_ms = at->line->at_ms,
    };
}

enum status
apply_check_day(struct application *at, const char *day)
{
    bool is_open_day = false;
    enum status status = business_day_is(at->txn, at->line->terminal, at->till->open_day, day, &is_open_day, at->err);
    if (status == STATUS_OK && !is_open_day) {
        return apply_refuse(at, "day_not_open", "行が指す営業日は開いていません。");
    }
    return status;
}

enum status
apply_cash_moved(struct application *at, const struct cash_moved_effect *moved)
{
    struct cash_place place = apply_place(at);
    struct cash_movement movement = {
        .kind = moved->kind,
        .amount_yen = moved->amount_yen,
        .clerk = moved->clerk,
        .approved_by = moved->approved_by,
        .reason = moved->reason,
    };
    enum status status = apply_check_day(at, moved->day);
    if (status == STATUS_OK) {
        status = cash_movement_put(at->txn, &place, &movement, at->err);
    }
    if (status == STATUS_OK) {
        status = cash_tally_put(at->txn, at->line->terminal, at->line->sequence, &moved->counted, at->err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    bool is_float = strncmp(moved->kind, "float", 5) == 0;
    bool is_in = strcmp(moved->kind, "float_lent") == 0 || strcmp(moved->kind, "cash_in") == 0;
    enum ledger_account other = is_float ? LEDGER_FLOAT : LEDGER_CASH_OTHER;
    struct posting_list list;
    postings_of_transfer(&list, is_in ? LEDGER_DRAWER : other, is_in ? other : LEDGER_DRAWER, moved->amount_yen);
    return apply_postings(at, &list, at->business_date);
}

/* A count may come before the opening, or be repeated: it only says what someone saw. */
enum status
apply_cash_counted(struct application *at, const struct cash_counted_effect *counted)
{
    struct cash_place place = apply_place(at);
    enum status status = cash_count_put(at->txn, &place, counted->purpose, counted->clerk, counted->total_yen,
                                        at->till->drawer_yen, at->err);
    return status == STATUS_OK
               ? cash_tally_put(at->txn, at->line->terminal, at->line->sequence, &counted->counted, at->err)
               : status;
}

enum status
apply_shift(struct application *at, const struct shift_effect *shift)
{
    struct cash_place place = apply_place(at);
    struct shift_change change = {
        .from = shift->from,
        .to = shift->to,
        .counted_cash_yen = shift->counted_cash_yen,
        .expected_cash_yen = shift->expected_cash_yen,
        .ledger_cash_yen = at->till->drawer_yen,
        .difference_reason = shift->difference_reason,
    };
    enum status status = apply_check_day(at, shift->day);
    return status == STATUS_OK ? shift_change_put(at->txn, &place, &change, at->err) : status;
}

enum status
apply_day_inspected(struct application *at, const struct day_inspected_effect *inspected)
{
    struct cash_place place = apply_place(at);
    struct day_inspection inspection = {
        .clerk = inspected->clerk,
        .number = inspected->number,
        .float_yen = inspected->float_yen,
        .cash_in_yen = inspected->cash_in_yen,
        .cash_out_yen = inspected->cash_out_yen,
        .expected_cash_yen = inspected->expected_cash_yen,
        .ledger_cash_yen = at->till->drawer_yen,
        .zero_count = inspected->zero_count,
    };
    enum status status = apply_check_day(at, inspected->day);
    return status == STATUS_OK ? day_inspection_put(at->txn, &place, &inspection, at->err) : status;
}
