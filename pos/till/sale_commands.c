/* Sales: how one is recorded, and the ways to pay that need nobody else. */
#include "pos/till/paid_once.h"
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

/* The next receipt number of the business day. Inside the transaction of the sale, so that none is lost or used twice.
 */
static enum status
next_receipt_number(struct till *till, char out[RECEIPT_NUMBER_SIZE], struct error_detail *err)
{
    char date[CIVIL_DATE_TEXT_SIZE];
    struct civil_date business_date = till_business_date(till);
    struct statement *row;
    bool has_row;
    civil_date_format(date, business_date);
    enum status status =
        database_statement(till->db, "SELECT COALESCE(MAX(serial), 0) FROM sale WHERE business_date = ?1", &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, date);
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    long long serial = (long long)statement_column_int(row, 0) + 1;
    statement_reset(row);
    int length =
        snprintf(out, RECEIPT_NUMBER_SIZE, "%s-%.4s%.2s%.2s-%04lld", till->terminal, date, date + 5, date + 8, serial);
    if (length < 0 || length >= RECEIPT_NUMBER_SIZE) {
        error_set(err, "receipt_number", "領収書番号を作れません。管理者に連絡してください。");
        return STATUS_OVERFLOW;
    }
    return STATUS_OK;
}

enum status
record_sale(struct till *till, struct sale *sale, struct error_detail *err)
{
    int day_start_minutes = till->masters != NULL ? till->masters->day_start_minutes : 0;
    int64_t received_ms = sale->payment.accepted_at_ms != 0 ? sale->payment.accepted_at_ms : till_now_ms(till);
    sale->received_on =
        sale->payment.accepted_at_ms != 0 ? business_date_at(received_ms, day_start_minutes) : till_business_date(till);
    enum status status = next_receipt_number(till, sale->receipt_number, err);
    if (status != STATUS_OK) {
        return status;
    }
    sale->has_shop_copy = policy_wants_shop_copy(till, sale);
    /* sale_write writes its own braces: it takes the place of record_body's. */
    buffer_clear(&till->body);
    json_writer_init(&till->writer, &till->body);
    sale_write(sale, &till->writer);
    status = json_finish(&till->writer, err);
    struct journal_line line;
    if (status == STATUS_OK) {
        status = journal_append(&till->journal, till_now_ms(till), till_business_date(till), "sale.recorded",
                                &till->body, &line, err);
    }
    return status == STATUS_OK ? projection_apply(till->db, &line, err) : status;
}

void
finish_sale(struct till *till, const struct sale *sale, bool is_foreground)
{
    bool is_present_basket = strcmp(sale->id, till->basket.id) == 0;
    if (is_foreground || is_present_basket) {
        struct last_sale *last = &till->last_sale;
        *last = (struct last_sale){
            .is_set = true,
            .total_yen = sale->content.total_yen,
            .cash_part_yen = sale->payment.cash_part_yen,
            .method = sale->payment.method,
            .tendered_yen = sale->payment.tendered_yen,
            .change_yen = sale->payment.change_yen,
        };
        snprintf(last->sale, sizeof last->sale, "%s", sale->id);
        snprintf(last->receipt_number, sizeof last->receipt_number, "%s", sale->receipt_number);
        snprintf(last->brand, sizeof last->brand, "%s", sale->payment.brand);
        till->foreground = (struct foreground){0};
        queue_print(till, sale->id, FORM_RECEIPT);
        if (sale->has_shop_copy) {
            queue_print(till, sale->id, FORM_SHOP_COPY);
        }
    }
    if (is_foreground) {
        snprintf(till->paid_basket, sizeof till->paid_basket, "%s", sale->id);
        till->thanks =
            (struct thanks){.line_count = till->basket.content.line_count, .total_yen = till->basket.content.total_yen};
        snprintf(till->thanks.before, sizeof till->thanks.before, "%s",
                 till->other_kind == OTHER_PAYING ? till->basket.id : "");
        basket_let_go(till);
    }
    if (is_present_basket) {
        snprintf(till->paid_basket, sizeof till->paid_basket, "%s", till->basket.id);
        struct error_detail ignored;
        if (!basket_take_next(till) && basket_init(&till->basket, till_now_ms(till), &ignored) != STATUS_OK) {
            /* No random bytes: the sale is safe; the paid basket must not be sold again, so it is emptied under its id.
             */
            till->basket.content = (struct sale_content){0};
        }
    }
}

/* Whether BASKET was paid already (a repeated request): then there is nothing to do. */
static bool
is_paid(const struct till *till, const char *basket)
{
    return basket[0] != '\0' && strcmp(basket, till->paid_basket) == 0;
}

static enum status
check_basket(struct till *till, const char *basket, struct error_detail *err)
{
    enum status status = check_can_sell(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (strcmp(basket, till->basket.id) != 0) {
        error_set(err, "other_basket", "画面が古くなっています。明細と金額を確かめて、もう一度押してください。");
        return STATUS_REFUSED;
    }
    if (till->basket.content.line_count == 0) {
        error_set(err, "empty_basket", "先に証明書や利用料を選んでください。");
        return STATUS_REFUSED;
    }
    if (till->other_kind != OTHER_PAYING && till->foreground.state == FOREGROUND_RUNNING) {
        error_set(err, "payment_running", "お支払いの処理中です。先に中止するか、結果を待ってください。");
        return STATUS_REFUSED;
    }
    status = basket_check_alone(till, err);
    return status == STATUS_OK ? paid_once_check(till, basket, &till->basket.content, err) : status;
}

/* A pending cashless payment of this basket is given up when the citizen pays otherwise: whatever was taken goes back.
 */
static enum status
abandon_pending(struct till *till, struct error_detail *err)
{
    enum foreground_state state = till->foreground.state;
    if (state != FOREGROUND_UNKNOWN && state != FOREGROUND_IN_DOUBT) {
        return STATUS_OK;
    }
    struct json_writer *body = record_body(till);
    json_text(body, "payment", till->foreground.payment);
    json_text(body, "clerk", till->clerk.code);
    json_text(body, "reason", "現金でお支払い");
    return record_line(till, "payment.abandoned", err);
}

enum status
record_drawer(struct till *till, const char *reason, const char *clerk, struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_text(body, "clerk", clerk);
    json_text(body, "reason", reason);
    return record_line(till, "drawer.opened", err);
}

/* Too large for a stack, and for every thread to have one: used under the till's lock. */
static struct sale sale_in_hand;

static enum status
complete_without_network(struct till *till, struct sale *sale, struct error_detail *err)
{
    bool opens_drawer = sale->payment.method == METHOD_CASH;
    snprintf(sale->id, sizeof sale->id, "%s", till->basket.id);
    snprintf(sale->clerk, sizeof sale->clerk, "%s", till->clerk.code);
    sale->content = till->basket.content;
    enum status status = record_begin(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = abandon_pending(till, err);
    if (status == STATUS_OK) {
        status = record_sale(till, sale, err);
    }
    if (status == STATUS_OK && opens_drawer) {
        status = record_drawer(till, "sale", till->clerk.code, err);
    }
    if (status != STATUS_OK) {
        record_rollback(till);
        return status;
    }
    status = record_commit(till, err);
    if (status == STATUS_OK) {
        till->is_drawer_wanted = till->is_drawer_wanted || opens_drawer;
        finish_sale(till, sale, true);
        pthread_cond_broadcast(&till->print_changed);
        pthread_cond_broadcast(&till->work_changed);
    }
    return status;
}

/* A repeated request says the same again; another sum for a basket that is paid is a mistake to be told. */
static enum status
check_same_tender(const struct till *till, const char *basket, int64_t tendered_yen, struct error_detail *err)
{
    const struct last_sale *last = &till->last_sale;
    bool is_other = last->is_set && strcmp(last->sale, basket) == 0 && last->method == METHOD_CASH &&
                    last->tendered_yen != tendered_yen;
    if (!is_other) {
        return STATUS_OK;
    }
    char tendered[YEN_TEXT_SIZE];
    error_set(err, "already_paid", "この会計はお預かり%s円で済んでいます。", yen_format(tendered, last->tendered_yen));
    return STATUS_REFUSED;
}

enum status
till_pay_cash(struct till *till, const char *basket, int64_t tendered_yen, struct error_detail *err)
{
    struct sale *sale = &sale_in_hand;
    till_lock(till);
    *sale = (struct sale){0};
    if (is_paid(till, basket)) {
        enum status repeated = check_same_tender(till, basket, tendered_yen, err);
        till_unlock(till, false);
        return repeated;
    }
    basket_claim(till, basket);
    enum status status = check_basket(till, basket, err);
    if (status == STATUS_OK) {
        status = policy_check_method(till, METHOD_CASH, err);
    }
    int64_t total_yen = till->basket.content.total_yen;
    if (status == STATUS_OK && total_yen == 0) {
        error_set(err, "nothing_due", "お支払いはありません。「無料で発行」を押してください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && tendered_yen > PAYMENT_MAX_YEN) {
        error_set(err, "tendered_too_large", "お預かりの金額を確かめてください。9,999,999円まで入力できます。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && tendered_yen < total_yen) {
        char due[YEN_TEXT_SIZE];
        error_set(err, "tendered_less_than_due", "お預かりが足りません。合計は%s円です。", yen_format(due, total_yen));
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        sale->payment.method = METHOD_CASH;
        sale->payment.tendered_yen = tendered_yen;
        sale->payment.change_yen = tendered_yen - total_yen;
        status = complete_without_network(till, sale, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
till_pay_none(struct till *till, const char *basket, struct error_detail *err)
{
    struct sale *sale = &sale_in_hand;
    till_lock(till);
    *sale = (struct sale){0};
    if (is_paid(till, basket)) {
        till_unlock(till, false);
        return STATUS_OK;
    }
    basket_claim(till, basket);
    enum status status = check_basket(till, basket, err);
    if (status == STATUS_OK && till->basket.content.total_yen != 0) {
        error_set(err, "something_due", "お支払いがあります。支払い方法を選んでください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        sale->payment.method = METHOD_NONE;
        status = complete_without_network(till, sale, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
till_open_drawer(struct till *till, const char *reason, struct error_detail *err)
{
    till_lock(till);
    enum status status = STATUS_OK;
    if (!till->is_enrolled || !till->clerk.is_present) {
        error_set(err, "no_clerk", "担当者を選び、暗証番号を入れてください。");
        status = STATUS_REFUSED;
    } else if (reason[0] == '\0' || strlen(reason) >= REASON_SIZE) {
        error_set(err, "reason_needed", "引き出しを開ける理由を80文字までで入れてください。");
        status = STATUS_INVALID;
    } else {
        struct json_writer *body = record_body(till);
        json_text(body, "clerk", till->clerk.code);
        json_text(body, "reason", "no_sale");
        json_text(body, "note", reason);
        status = record_single(till, "drawer.opened", err);
    }
    if (status == STATUS_OK) {
        till->is_drawer_wanted = true;
        pthread_cond_broadcast(&till->print_changed);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

bool
till_next_drawer_request(struct till *till)
{
    till_lock(till);
    bool is_wanted = till->is_drawer_wanted;
    till->is_drawer_wanted = false;
    till_unlock(till, false);
    return is_wanted;
}
