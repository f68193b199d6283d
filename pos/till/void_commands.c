/* Voids on the same business day: at once for cash, by a reversal at gateway or terminal for the rest. */
#include "pos/till/refunds.h"

#include <stdio.h>
#include <string.h>

static enum status
check_can_void(const struct till *till, const struct sale_row *row, const char *reason, struct error_detail *err)
{
    enum status status = check_can_sell(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = STATUS_REFUSED;
    const struct master_brand *brand =
        row->method >= METHOD_QR ? masters_brand(till->masters, row->brand, row->business_date) : NULL;
    if (strcmp(row->state, "voided") == 0) {
        error_set(err, "already_voided", "この会計はもう取り消されています。");
    } else if (strcmp(row->state, "voiding") == 0) {
        error_set(err, "already_voiding", "この会計は取消の結果を確かめています。待ってください。");
    } else if (civil_date_compare(row->business_date, till->day.date) != 0) {
        error_set(err, "other_day", "取消は売上と同じ営業日だけです。「還付を受け付ける」で手続きしてください。");
    } else if (reason[0] == '\0' || strlen(reason) >= REASON_SIZE) {
        error_set(err, "reason_needed", "取消の理由を80文字までで入れてください。");
        status = STATUS_INVALID;
    } else if (brand != NULL && !brand->can_void) {
        error_set(err, "brand_cannot_void",
                  "%sは決済端末から取り消せません。会計一覧の「還付を受け付ける」で手続きしてください。", brand->name);
    } else {
        status = STATUS_OK;
    }
    return status;
}

static enum status
record_voided(struct till *till, const struct sale_row *row, const char *clerk, const char *reason,
              struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_text(body, "sale", row->sale);
    json_text(body, "receipt_number", row->receipt_number);
    json_text(body, "clerk", clerk);
    json_text(body, "reason", reason);
    json_int(body, "total_yen", row->total_yen);
    json_text(body, "method", payment_method_word(row->method));
    json_text(body, "brand", row->brand[0] != '\0' ? row->brand : NULL);
    json_text(body, "payment", row->payment[0] != '\0' ? row->payment : NULL);
    if (row->has_shop_copy) {
        json_bool(body, "shop_copy", true);
    }
    return record_line(till, "sale.voided", err);
}

/* Cash and 0円: nobody else has to be asked. */
static enum status
void_at_once(struct till *till, const struct sale_row *row, const char *reason, struct error_detail *err)
{
    bool opens_drawer = row->cash_yen > 0;
    enum status status = record_begin(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = record_voided(till, row, till->clerk.code, reason, err);
    if (status == STATUS_OK && opens_drawer) {
        status = record_drawer(till, "void", till->clerk.code, err);
    }
    if (status != STATUS_OK) {
        record_rollback(till);
        return status;
    }
    status = record_commit(till, err);
    if (status == STATUS_OK) {
        till->is_drawer_wanted = till->is_drawer_wanted || opens_drawer;
        queue_print(till, row->sale, FORM_VOID);
    }
    return status;
}

/* Cashless: write the reversal ahead; the resolver performs it and repeats it until the answer is known. */
static enum status
start_reversal(struct till *till, const struct sale_row *row, const char *reason, struct error_detail *err)
{
    char id[IDENTITY_TEXT_SIZE];
    enum status status = disk_room_check(till, err);
    if (status == STATUS_OK) {
        status = identity_new(id, till_now_ms(till), err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct json_writer *body = record_body(till);
    json_text(body, "reversal", id);
    json_text(body, "payment", row->payment);
    json_text(body, "sale", row->sale);
    json_int(body, "amount_yen", row->total_yen - row->cash_yen);
    json_text(body, "clerk", till->clerk.code);
    json_text(body, "reason", reason);
    status = record_single(till, "reversal.started", err);
    pthread_cond_broadcast(&till->work_changed);
    return status;
}

enum status
till_void_sale(struct till *till, const char *sale, const char *reason, struct error_detail *err)
{
    struct sale_row row;
    struct refund_account account;
    till_lock(till);
    enum status status = load_sale_row(till, sale, &row, err);
    if (status == STATUS_OK) {
        status = check_can_void(till, &row, reason, err);
    }
    if (status == STATUS_OK) {
        status = refund_account_load(till, sale, &account, err);
    }
    if (status == STATUS_OK && account.total_yen > 0) {
        error_set(err, "refund_requested", "還付を受け付けた会計です。先に還付の受付を取り下げてください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status =
            row.method >= METHOD_QR ? start_reversal(till, &row, reason, err) : void_at_once(till, &row, reason, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

struct reversal_row {
    char payment[IDENTITY_TEXT_SIZE];
    char sale[IDENTITY_TEXT_SIZE];
    char clerk[CODE_SIZE];
    char reason[REASON_SIZE];
    char state[STATE_WORD_SIZE];
};

static enum status
load_reversal(struct till *till, const char *reversal, struct reversal_row *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status = database_statement(
        till->db, "SELECT payment, sale, clerk, reason, state FROM reversal WHERE reversal = ?1", &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, reversal);
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!has_row) {
        error_set(err, "no_such_reversal", "there is no reversal %s", reversal);
        return STATUS_NOT_FOUND;
    }
    snprintf(out->payment, sizeof out->payment, "%s", statement_column_text(row, 0));
    snprintf(out->sale, sizeof out->sale, "%s", statement_column_text(row, 1));
    snprintf(out->clerk, sizeof out->clerk, "%s", statement_column_text(row, 2));
    snprintf(out->reason, sizeof out->reason, "%s", statement_column_text(row, 3));
    snprintf(out->state, sizeof out->state, "%s", statement_column_text(row, 4));
    statement_reset(row);
    return STATUS_OK;
}

static enum status
record_reversal_resolved(struct till *till, const char *reversal, const struct reversal_row *row, const char *result,
                         const char *reason, struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_text(body, "reversal", reversal);
    json_text(body, "payment", row->payment);
    json_text(body, "sale", row->sale);
    json_text(body, "result", result);
    json_text(body, "reason", reason[0] != '\0' ? reason : NULL);
    return record_line(till, "reversal.resolved", err);
}

/* A void belongs to the day that it was asked on, before its Z has counted the sale. */
static bool
is_of_open_day(const struct till *till, const struct sale_row *sale)
{
    return till->day.exists && till->day.is_open && sale->sequence > till->day.opened_sequence;
}

static enum status
record_void_of_day(struct till *till, const struct sale_row *sale, const struct reversal_row *row,
                   struct error_detail *err)
{
    enum status status = record_voided(till, sale, row->clerk, row->reason, err);
    if (status == STATUS_OK && sale->cash_yen > 0) { /* the cash part goes back now, and not before */
        status = record_drawer(till, "void", row->clerk, err);
    }
    return status;
}

static enum status
settle_reversed(struct till *till, const char *reversal, const struct reversal_row *row, struct error_detail *err)
{
    struct sale_row sale;
    char refund[IDENTITY_TEXT_SIZE];
    enum status status = load_sale_row(till, row->sale, &sale, err);
    if (status == STATUS_OK) {
        status = record_begin(till, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    bool is_void = is_of_open_day(till, &sale);
    const struct late_void late = {.reversal = reversal, .clerk = row->clerk, .reason = row->reason};
    status = record_reversal_resolved(till, reversal, row, "reversed", "", err);
    if (status == STATUS_OK) {
        status =
            is_void ? record_void_of_day(till, &sale, row, err) : record_late_void(till, &sale, &late, refund, err);
    }
    if (status != STATUS_OK) {
        record_rollback(till);
        return status;
    }
    status = record_commit(till, err);
    if (status == STATUS_OK) {
        till->is_drawer_wanted = till->is_drawer_wanted || (is_void && sale.cash_yen > 0);
        queue_print(till, is_void ? row->sale : refund, is_void ? FORM_VOID : FORM_REFUND);
        if (sale.has_shop_copy) {
            queue_print(till, is_void ? row->sale : refund, is_void ? FORM_VOID_SHOP_COPY : FORM_REFUND_SHOP_COPY);
        }
    }
    return status;
}

enum status
reversal_settle(struct till *till, const char *reversal, const struct payment_answer *answer, struct error_detail *err)
{
    struct reversal_row row;
    enum status status = load_reversal(till, reversal, &row, err);
    bool is_open = status == STATUS_OK && (strcmp(row.state, "started") == 0 || strcmp(row.state, "unknown") == 0);
    if (!is_open) {
        return status;
    }
    if (answer->result == PAYMENT_REVERSED) {
        return settle_reversed(till, reversal, &row, err);
    }
    if (answer->result == PAYMENT_CANNOT) {
        status = record_begin(till, err);
        if (status == STATUS_OK) {
            status = record_reversal_resolved(till, reversal, &row, "refused", answer->cause, err);
        }
        if (status != STATUS_OK) {
            record_rollback(till);
            return status;
        }
        return record_commit(till, err);
    }
    if (strcmp(row.state, "unknown") == 0) {
        return STATUS_OK;
    }
    /* Also "not charged": the sale says that it was, so only people can say what happened. It stays open and listed. */
    struct json_writer *body = record_body(till);
    json_text(body, "reversal", reversal);
    json_text(body, "cause", answer->cause[0] != '\0' ? answer->cause : "no_answer");
    return record_single(till, "reversal.unknown", err);
}
