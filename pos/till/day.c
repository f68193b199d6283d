/* The business day: opened with a float, closed by a count. The close is a snapshot by journal sequence: everything
 * from the line behind the last close to the line before this one, whatever the clock says, and it works without any
 * network. */
#include "pos/till/drawer.h"

#include <assert.h>
#include <string.h>

/* One drawer, one terminal: where the masters say whose the drawers of this place are, one of them must be ours. */
static enum status
check_drawer_is_ours(const struct till *till, struct error_detail *err)
{
    const struct master_drawer *others = NULL;
    if (till->is_training || masters_drawer_of(till->masters, till->terminal) != NULL) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < till->masters->drawer_count; i++) {
        const struct master_drawer *drawer = &till->masters->drawers[i];
        others = strcmp(drawer->place, till->place) == 0 ? drawer : others;
    }
    if (others == NULL) {
        return STATUS_OK;
    }
    error_set(
        err, "drawer_of_another",
        "この窓口の引き出し「%s」は端末%sのものです。この端末では営業を始められません。管理者に連絡してください。",
        others->name, others->terminal);
    return STATUS_REFUSED;
}

static enum status
check_can_open(struct till *till, const struct cash_count *count, struct day_opening *out, struct error_detail *err)
{
    if (!till->is_enrolled || till->masters == NULL || !till->clerk.is_present ||
        strcmp(till->uplink.word, "behind") == 0 || strcmp(till->uplink.word, "damaged") == 0) {
        enum status status = check_can_sell(till, err);
        assert(status != STATUS_OK);
        return status;
    }
    if (till->day.exists && till->day.is_open) {
        error_set(err, "day_is_open", "営業はもう始まっています。");
        return STATUS_REFUSED;
    }
    enum status status = day_opening_now(till, out, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!out->is_possible) {
        error_set(err, "day_is_closed", "今日の精算は済んでいます。営業開始は次の営業日にできます。");
        return STATUS_REFUSED;
    }
    if (count->total_yen < 0 || count->total_yen > FLOAT_MAX_YEN) {
        error_set(err, "float", "つり銭は0円から%d円までで入れてください。", FLOAT_MAX_YEN);
        return STATUS_INVALID;
    }
    return check_drawer_is_ours(till, err);
}

static enum status
record_opening(struct till *till, const struct cash_count *count, const char *approved_by, struct error_detail *err)
{
    char id[IDENTITY_TEXT_SIZE];
    enum status status = identity_new(id, till_now_ms(till), err);
    if (status == STATUS_OK) {
        status = record_begin(till, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct json_writer *body = record_body(till);
    json_text(body, "day", id);
    json_text(body, "clerk", till->clerk.code);
    json_int(body, "float_yen", count->total_yen);
    if (approved_by != NULL) {
        json_text(body, "approved_by", approved_by);
    }
    status = record_line(till, "day.opened", err);
    if (status == STATUS_OK && count->has_pieces) {
        status = drawer_record_count(till, id, COUNT_OPEN, count, err);
    }
    if (status == STATUS_OK) {
        return record_commit(till, err);
    }
    record_rollback(till);
    return status;
}

/* *OUT_NEEDS: whether a supervisor has to approve. */
static enum status
ask_opening(struct till *till, const struct cash_count *count, const struct approval *approval, bool *out_needs,
            struct error_detail *err)
{
    struct day_opening opening;
    till_lock(till);
    enum status status = check_can_open(till, count, &opening, err);
    if (status == STATUS_OK && opening.needs_approval && (approval->clerk == NULL || approval->pin == NULL)) {
        day_opening_ask(till, &opening, err);
        status = STATUS_UNAUTHORIZED;
    }
    *out_needs = status == STATUS_OK && opening.needs_approval;
    till_unlock(till, false);
    return status;
}

/* Under the lock. Where the clock lies before the last day, APPROVED_BY is who says that it is right. */
static enum status
open_day(struct till *till, const struct cash_count *count, const char *approved_by, struct error_detail *err)
{
    struct day_opening opening;
    enum status status = check_can_open(till, count, &opening, err);
    if (status == STATUS_OK && opening.needs_approval && approved_by == NULL) {
        day_opening_ask(till, &opening, err); /* the clock moved meanwhile */
        status = STATUS_UNAUTHORIZED;
    }
    if (status != STATUS_OK) {
        return status;
    }
    till->is_clock_approved = approved_by != NULL;
    status = record_opening(till, count, approved_by, err);
    till->is_clock_approved = false;
    return status == STATUS_OK ? load_business_day(till, err) : status;
}

enum status
till_open_day_approved(struct till *till, const struct cash_count *count, const struct approval *approval,
                       struct error_detail *err)
{
    char supervisor[CODE_SIZE];
    bool needs_approval;
    enum status status = ask_opening(till, count, approval, &needs_approval, err);
    if (status == STATUS_OK && needs_approval) {
        status = approval_check(till, approval->clerk, approval->pin, supervisor, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    till_lock(till);
    status = disk_room_check(till, err);
    if (status == STATUS_OK) {
        status = open_day(till, count, needs_approval ? supervisor : NULL, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
till_open_day_counted(struct till *till, const struct cash_count *count, struct error_detail *err)
{
    return till_open_day_approved(till, count, &(struct approval){0}, err);
}

enum status
till_open_day(struct till *till, int64_t float_yen, struct error_detail *err)
{
    const struct cash_count count = {.total_yen = float_yen};
    return till_open_day_counted(till, &count, err);
}

/* What a close says besides the figures. */
struct closing {
    struct recorded_count count;
    const char *reason; /* NULL: none */
    int64_t float_returned_yen;
    int64_t discarded; /* holds given up */
};

/* Inside the transaction. */
static enum status
record_close(struct till *till, const struct closing *closing, const struct drawer_figures *figures,
             struct error_detail *err)
{
    const struct cash_count *count = &closing->count.count;
    struct json_writer *body = record_body(till);
    int64_t number;
    json_text(body, "day", till->day.id);
    json_text(body, "clerk", till->clerk.code);
    json_int(body, "first_sequence", figures->first_sequence);
    json_int(body, "last_sequence", figures->last_sequence);
    json_int(body, "float_yen", figures->float_yen);
    json_int(body, "expected_cash_yen", figures->expected_cash_yen);
    json_int(body, "counted_cash_yen", count->total_yen);
    json_int(body, "difference_yen", count->total_yen - figures->expected_cash_yen);
    json_text(body, "difference_reason", closing->reason);
    json_int(body, "zero_count", figures->zero_count);
    enum status status = drawer_write_totals(till, figures, body, err);
    if (status == STATUS_OK) {
        status = drawer_write_unresolved(till, body, err);
    }
    if (status == STATUS_OK) {
        status =
            database_query_int(till->db, "SELECT COUNT(*) + 1 FROM business_day WHERE state = 'closed'", &number, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    json_int(body, "number", number);
    if (count->has_pieces) {
        cash_count_write(count, body, "counts");
    }
    json_int(body, "cash_in_yen", figures->cash_in_yen);
    json_int(body, "cash_out_yen", figures->cash_out_yen);
    json_int(body, "refund_cash_yen", figures->refund_cash_yen);
    json_int(body, "float_returned_yen", closing->float_returned_yen);
    json_int(body, "deposit_yen", count->total_yen - figures->float_yen);
    json_int(body, "discarded", closing->discarded);
    return record_line(till, "day.closed", err);
}

static enum status
close_in_one_transaction(struct till *till, struct closing *closing, struct error_detail *err)
{
    struct drawer_figures figures;
    enum status status = record_begin(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = holds_discard_all(till, "精算", &closing->discarded, err);
    if (status == STATUS_OK) {
        status = drawer_figures_now(till, &figures, err);
    }
    if (status == STATUS_OK) {
        status = record_close(till, closing, &figures, err);
    }
    if (status == STATUS_OK) {
        return record_commit(till, err);
    }
    record_rollback(till);
    return status;
}

/* Whether the newest day was closed with COUNT: a request that is repeated. */
static bool
is_closed_with(struct till *till, int64_t count)
{
    struct statement *row;
    struct error_detail ignored;
    bool has_row = false;
    if (count == 0 || !till->day.exists || till->day.is_open ||
        database_statement(till->db,
                           "SELECT 1 FROM cash_count WHERE sequence = ?1 AND day = ?2 AND purpose = 'close'"
                           " AND sequence = (SELECT MAX(sequence) FROM cash_count WHERE day = ?2)",
                           &row, &ignored) != STATUS_OK) {
        return false;
    }
    statement_bind_int(row, 1, count);
    statement_bind_text(row, 2, till->day.id);
    if (statement_step(row, &has_row, &ignored) == STATUS_OK && has_row) {
        statement_reset(row);
        return true;
    }
    return false;
}

static enum status
check_can_close(struct till *till, int64_t count, const char *reason, int64_t float_returned_yen, struct closing *out,
                struct error_detail *err)
{
    struct drawer_figures figures;
    enum status status = drawer_check(till, err);
    if (status == STATUS_OK && (till->foreground.state == FOREGROUND_RUNNING || till->has_run_request)) {
        error_set(err, "payment_running", "お支払いの処理中です。終わってから精算してください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = drawer_find_count(till, COUNT_CLOSE, count, &out->count, err);
    }
    if (status == STATUS_OK) {
        status = drawer_figures_now(till, &figures, err);
    }
    if (status == STATUS_OK) {
        status = drawer_check_reason(out->count.count.total_yen - figures.expected_cash_yen, reason, &out->reason, err);
    }
    if (status == STATUS_OK && float_returned_yen > figures.float_yen) {
        error_set(err, "float", "返すつり銭が、預かっているつり銭より多くなっています。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK && float_returned_yen > out->count.count.total_yen) {
        error_set(err, "float", "返すつり銭が、数えた現金より多くなっています。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        /* What is not there cannot go back, whatever was lent. */
        int64_t there_yen =
            figures.float_yen < out->count.count.total_yen ? figures.float_yen : out->count.count.total_yen;
        out->float_returned_yen = float_returned_yen >= 0 ? float_returned_yen : there_yen;
    }
    return status;
}

/* The till after its close: no payment and no basket in hand, and the papers under way. */
static void
end_day(struct till *till)
{
    struct error_detail ignored;
    till->foreground = (struct foreground){0};
    till->other_kind = OTHER_NONE;
    till->last_sale.is_set = false;
    if (till->basket.content.line_count > 0 && basket_init(&till->basket, till_now_ms(till), &ignored) != STATUS_OK) {
        till->basket.content = (struct sale_content){0};
    }
    queue_print(till, till->day.id, FORM_CLOSE);
    queue_print(till, till->day.id, FORM_DEPOSIT);
    queue_print(till, till->day.id, FORM_DAY_REPORT);
}

enum status
till_close_counted(struct till *till, int64_t count, const char *reason, int64_t float_returned_yen,
                   struct error_detail *err)
{
    struct closing closing = {0};
    till_lock(till);
    if (is_closed_with(till, count)) {
        till_unlock(till, false);
        return STATUS_OK;
    }
    enum status status = check_can_close(till, count, reason, float_returned_yen, &closing, err);
    if (status == STATUS_OK) {
        status = close_in_one_transaction(till, &closing, err);
    }
    if (status == STATUS_OK) {
        status = load_business_day(till, err);
        end_day(till);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
till_close_day(struct till *till, int64_t counted_cash_yen, const char *difference_reason, struct error_detail *err)
{
    const struct cash_count count = {.total_yen = counted_cash_yen};
    enum status status = till_record_count(till, COUNT_CLOSE, &count, err);
    return status == STATUS_OK ? till_close_counted(till, /* count: */ 0, difference_reason, -1, err) : status;
}
