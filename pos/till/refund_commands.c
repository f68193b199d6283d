/* Asking for a refund, paying one in cash or through the network, taking a request back. */
#include "pos/till/drawer.h"
#include "pos/till/refunds.h"

#include <stdio.h>
#include <string.h>

static enum status
check_reason(const char *reason, struct error_detail *err)
{
    if (reason[0] == '\0' || strlen(reason) >= REASON_SIZE) {
        error_set(err, "reason_needed", "還付の理由を80文字までで入れてください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* The amounts by line: as asked for, or all that is left of each that may go back. */
static enum status
decide_parts(const struct refund_request *request, const struct sale *sale, const struct refund_account *account,
             const struct refund_rule *rule, int64_t parts_yen[BASKET_LINES_MAX], struct error_detail *err)
{
    int64_t left_yen[BASKET_LINES_MAX] = {0};
    for (size_t i = 0; i < sale->content.line_count; i++) {
        left_yen[i] = rule->is_allowed[i] ? sale->content.lines[i].amount_yen - account->line_yen[i] : 0;
        parts_yen[i] = request->part_count == 0 ? left_yen[i] : 0;
    }
    for (size_t i = 0; i < request->part_count; i++) {
        const struct refund_part *part = &request->parts[i];
        if (part->line < 1 || part->line > sale->content.line_count || parts_yen[part->line - 1] != 0) {
            error_set(err, "no_such_line", "明細を選び直してください。画面が古くなっています。");
            return STATUS_INVALID;
        }
        if (!rule->is_allowed[part->line - 1]) {
            error_set(err, "no_refund", "「%s」は還付できません。手数料不還付の定めです(%s)。",
                      sale->content.lines[part->line - 1].name, rule->forbidden_by);
            return STATUS_REFUSED;
        }
        if (part->amount_yen < 1) {
            error_set(err, "refund_amount", "「%s」の還付額は1円から入れてください。",
                      sale->content.lines[part->line - 1].name);
            return STATUS_INVALID;
        }
        if (part->amount_yen > left_yen[part->line - 1]) {
            char left[YEN_TEXT_SIZE];
            error_set(err, "more_than_left", "「%s」で還付できるのは%s円までです。",
                      sale->content.lines[part->line - 1].name, yen_format(left, left_yen[part->line - 1]));
            return STATUS_REFUSED;
        }
        parts_yen[part->line - 1] = part->amount_yen;
    }
    return STATUS_OK;
}

enum status
record_refund_requested(struct till *till, const struct sale_row *row, const struct refund_request *request,
                        const char *clerk, const int64_t parts_yen[BASKET_LINES_MAX],
                        char out_refund[IDENTITY_TEXT_SIZE], struct error_detail *err)
{
    char id[IDENTITY_TEXT_SIZE];
    int64_t total_yen = 0;
    enum status status = identity_new(id, till_now_ms(till), err);
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < BASKET_LINES_MAX; i++) {
        total_yen += parts_yen[i];
    }
    struct json_writer *body = record_body(till);
    json_text(body, "refund", id);
    json_text(body, "sale", row->sale);
    json_text(body, "receipt_number", row->receipt_number);
    json_int(body, "amount_yen", total_yen);
    json_text(body, "means", request->means);
    json_text(body, "reason", request->reason);
    json_text(body, "clerk", clerk);
    json_null(body, "approved_by"); /* whoever pays it is asked for the PIN */
    json_begin_array(body, "lines");
    for (size_t i = 0; i < BASKET_LINES_MAX; i++) {
        if (parts_yen[i] > 0) {
            json_begin_object(body, NULL);
            json_int(body, "line", (int64_t)i + 1);
            json_int(body, "amount_yen", parts_yen[i]);
            json_end_object(body);
        }
    }
    json_end_array(body);
    if (refund_has_shop_copy(row, request->means)) {
        json_bool(body, "shop_copy", true);
    }
    status = record_line(till, "refund.requested", err);
    if (status == STATUS_OK) {
        memcpy(out_refund, id, sizeof id);
    }
    return status;
}

bool
refund_has_shop_copy(const struct sale_row *row, const char *means)
{
    return row->has_shop_copy && strcmp(means, "gateway") == 0; /* else the card sees nothing */
}

static enum status
record_request(struct till *till, const struct sale_row *row, const struct refund_request *request,
               const int64_t parts_yen[BASKET_LINES_MAX], char out_refund[IDENTITY_TEXT_SIZE], struct error_detail *err)
{
    enum status status = record_begin(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = record_refund_requested(till, row, request, till->clerk.code, parts_yen, out_refund, err);
    if (status != STATUS_OK) {
        record_rollback(till);
        return status;
    }
    status = record_commit(till, err);
    if (status == STATUS_OK && strcmp(request->means, "cash") != 0) { /* cash gets its slip when it is paid */
        queue_print(till, out_refund, FORM_REFUND);
    }
    if (status == STATUS_OK && refund_has_shop_copy(row, request->means)) {
        queue_print(till, out_refund, FORM_REFUND_SHOP_COPY);
    }
    return status;
}

/* Under the lock, with the sale read. */
static enum status
request_refund(struct till *till, const struct refund_request *request, const struct sale_row *row,
               const struct sale *sale, char out_refund[IDENTITY_TEXT_SIZE], struct error_detail *err)
{
    struct refund_account account;
    struct refund_rule rule;
    enum refund_means means;
    int64_t parts_yen[BASKET_LINES_MAX] = {0};
    enum status status = refund_account_load(till, request->sale, &account, err);
    if (status == STATUS_OK) {
        status = refund_check(till, row, sale, &account, &rule, err);
    }
    if (status == STATUS_OK && request->remainder_yen != row->total_yen - account.total_yen) {
        error_set(err, "other_remainder", "画面が古くなっています。還付の状況を確かめて、もう一度押してください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = check_reason(request->reason, err);
    }
    if (status == STATUS_OK && (!refund_means_from_word(request->means, &means) || (rule.means & means) == 0)) {
        error_set(err, "means_not_allowed", "この会計はその方法では還付できません。別の方法を選んでください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = decide_parts(request, sale, &account, &rule, parts_yen, err);
    }
    return status == STATUS_OK ? record_request(till, row, request, parts_yen, out_refund, err) : status;
}

enum status
till_request_refund(struct till *till, const struct refund_request *request, char out_refund[IDENTITY_TEXT_SIZE],
                    struct error_detail *err)
{
    static struct sale sale; /* too large for a stack; used under the lock */
    struct sale_row row;
    till_lock(till);
    enum status status = check_can_sell(till, err);
    if (status == STATUS_OK) {
        status = load_sale_row(till, request->sale, &row, err);
    }
    if (status == STATUS_OK) {
        status = load_sale(till, row.sequence, &sale, NULL, err);
    }
    if (status == STATUS_OK) {
        status = request_refund(till, request, &row, &sale, out_refund, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

struct refund_row {
    char refund[IDENTITY_TEXT_SIZE];
    char sale[IDENTITY_TEXT_SIZE];
    int64_t amount_yen;
    char means[STATE_WORD_SIZE];
    char state[STATE_WORD_SIZE];
    bool is_of_open_day;
};

static enum status
load_refund(struct till *till, const char *refund, struct refund_row *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(
        till->db, "SELECT sale, amount_yen, means, state, sequence FROM refund WHERE refund = ?1", &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, refund);
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!has_row) {
        error_set(err, "no_such_refund", "その還付の受付は見つかりません。");
        return STATUS_NOT_FOUND;
    }
    *out = (struct refund_row){.amount_yen = statement_column_int(row, 1)};
    snprintf(out->refund, sizeof out->refund, "%s", refund);
    snprintf(out->sale, sizeof out->sale, "%s", statement_column_text(row, 0));
    snprintf(out->means, sizeof out->means, "%s", statement_column_text(row, 2));
    snprintf(out->state, sizeof out->state, "%s", statement_column_text(row, 3));
    out->is_of_open_day = till->day.exists && statement_column_int(row, 4) >= till->day.opened_sequence;
    statement_reset(row);
    return STATUS_OK;
}

static enum status
check_is_requested(const struct refund_row *row, struct error_detail *err)
{
    if (strcmp(row->state, "requested") == 0) {
        return STATUS_OK;
    }
    bool is_paid = strcmp(row->state, "paid") == 0;
    error_set(err, is_paid ? "already_paid" : "already_withdrawn", "%s",
              is_paid ? "この還付はもう済んでいます。" : "この還付の受付は取り下げられています。");
    return STATUS_REFUSED;
}

/* The line and the open drawer, in one transaction. */
static enum status
pay_out(struct till *till, const struct refund_row *row, const char *approved_by, struct error_detail *err)
{
    enum status status = record_begin(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct json_writer *body = record_body(till);
    json_text(body, "refund", row->refund);
    json_text(body, "sale", row->sale);
    json_int(body, "amount_yen", row->amount_yen);
    json_text(body, "means", row->means);
    json_text(body, "clerk", till->clerk.code);
    json_text(body, "approved_by", approved_by);
    status = record_line(till, "refund.paid", err);
    if (status == STATUS_OK) {
        body = record_body(till);
        json_text(body, "clerk", till->clerk.code);
        json_text(body, "reason", "refund");
        status = record_line(till, "drawer.opened", err);
    }
    if (status != STATUS_OK) {
        record_rollback(till);
        return status;
    }
    status = record_commit(till, err);
    if (status == STATUS_OK) {
        till->is_drawer_wanted = true;
        queue_print(till, row->refund, FORM_REFUND);
    }
    return status;
}

static enum status
pay_in_cash(struct till *till, const struct refund_row *row, const char *approved_by, struct error_detail *err)
{
    if (strcmp(row->means, "cash") != 0) {
        error_set(err, "not_cash", "この還付は窓口の現金では払えません。会計担当が手続きします。");
        return STATUS_REFUSED;
    }
    enum status status = drawer_check_holds(till, row->amount_yen, err);
    return status == STATUS_OK ? pay_out(till, row, approved_by, err) : status;
}

/* Only on the day of the request: finance may carry out by other ways what left with an earlier day's close. */
static enum status
pay_through_network(struct till *till, const struct refund_row *row, const char *approved_by, struct error_detail *err)
{
    const struct network_refund wanted = {
        .refund = row->refund, .sale = row->sale, .amount_yen = row->amount_yen, .approved_by = approved_by};
    if (!row->is_of_open_day) {
        error_set(err, "with_finance", "この還付は会計担当が手続きしています。窓口からは返金できません。");
        return STATUS_REFUSED;
    }
    return network_refund_start(till, &wanted, err);
}

enum status
till_pay_refund(struct till *till, const char *refund, const struct approval *approval, struct error_detail *err)
{
    char approved_by[CODE_SIZE];
    struct refund_row row;
    enum status status = approval_check(till, approval->clerk, approval->pin, approved_by, err);
    if (status != STATUS_OK) {
        return status;
    }
    till_lock(till);
    status = check_can_sell(till, err);
    if (status == STATUS_OK) {
        status = load_refund(till, refund, &row, err);
    }
    if (status == STATUS_OK) {
        status = check_is_requested(&row, err);
    }
    if (status == STATUS_OK) {
        status = disk_room_check(till, err);
    }
    if (status == STATUS_OK) {
        status = strcmp(row.means, "gateway") == 0 ? pay_through_network(till, &row, approved_by, err)
                                                   : pay_in_cash(till, &row, approved_by, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

static enum status
check_not_running(struct till *till, const char *refund, struct error_detail *err)
{
    struct network_refund_state run;
    enum status status = network_refund_load(till, refund, &run, err);
    if (status == STATUS_OK && run.is_open) {
        error_set(err, "refund_running", "返金の結果を確かめています。結果が出るまで取り下げられません。");
        status = STATUS_REFUSED;
    }
    return status;
}

enum status
till_withdraw_refund(struct till *till, const char *refund, const char *reason, struct error_detail *err)
{
    struct refund_row row;
    till_lock(till);
    enum status status = check_can_sell(till, err);
    if (status == STATUS_OK) {
        status = load_refund(till, refund, &row, err);
    }
    if (status == STATUS_OK) {
        status = check_is_requested(&row, err);
    }
    if (status == STATUS_OK) {
        status = check_not_running(till, refund, err);
    }
    if (status == STATUS_OK && strcmp(row.means, "cash") != 0 && !row.is_of_open_day) {
        /* What left with an earlier day's close may have been carried out by now. */
        error_set(err, "with_finance", "この還付は会計担当が手続きしています。取り下げは会計担当に連絡してください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = check_reason(reason, err);
    }
    if (status == STATUS_OK) {
        struct json_writer *body = record_body(till);
        json_text(body, "refund", refund);
        json_text(body, "clerk", till->clerk.code);
        json_text(body, "reason", reason);
        status = record_single(till, "refund.withdrawn", err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}
