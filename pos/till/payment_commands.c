/* Starting a cashless payment, and the ways out of one. The states are drawn in docs/protocol/journal.md. */
#include "pos/till/paid_once.h"
#include "pos/till/till_parts.h"

#include "common/signing/signing.h"

#include <stdio.h>
#include <string.h>

struct payment_channel *
channel_of(const struct till *till, enum payment_method method, bool is_background)
{
    if (method == METHOD_QR) {
        return is_background ? till->qr_background : till->qr_foreground;
    }
    return till->terminal_channel;
}

bool
payment_is_open(const struct payment_row *row)
{
    return strcmp(row->state, "started") == 0 || strcmp(row->state, "unknown") == 0 ||
           strcmp(row->state, "in_doubt") == 0;
}

enum status
payment_load(struct till *till, const char *payment, struct payment_row *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status = database_statement(
        till->db,
        "SELECT sale, method, brand, amount_yen, sequence, sequence_number,"
        " started_ms, clerk, state, is_abandoned, doubt_rule, doubt_end, adapter, is_presented, code_id"
        " FROM payment"
        " WHERE payment = ?1",
        &row, err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, payment);
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (!has_row) {
        error_set(err, "no_such_payment", "そのお支払いは見つかりません。");
        return STATUS_NOT_FOUND;
    }
    *out = (struct payment_row){
        .amount_yen = statement_column_int(row, 3),
        .sequence = statement_column_int(row, 4),
        .sequence_number = statement_column_int(row, 5),
        .started_ms = statement_column_int(row, 6),
        .is_abandoned = statement_column_int(row, 9) != 0,
        .is_presented = statement_column_int(row, 13) != 0,
    };
    snprintf(out->payment, sizeof out->payment, "%s", payment);
    snprintf(out->sale, sizeof out->sale, "%s", statement_column_text(row, 0));
    snprintf(out->brand, sizeof out->brand, "%s", statement_column_text(row, 2));
    snprintf(out->clerk, sizeof out->clerk, "%s", statement_column_text(row, 7));
    snprintf(out->state, sizeof out->state, "%s", statement_column_text(row, 8));
    snprintf(out->doubt_rule, sizeof out->doubt_rule, "%s", statement_column_text(row, 10));
    snprintf(out->adapter, sizeof out->adapter, "%s", statement_column_text(row, 12));
    snprintf(out->code_id, sizeof out->code_id, "%s", statement_column_text(row, 14));
    out->is_doubtful = strcmp(out->doubt_rule, "counts_as_sale") == 0 && strcmp(out->state, "approved") == 0 &&
                       statement_column_is_null(row, 11);
    if (!payment_method_from_word(statement_column_text(row, 1), &out->method)) {
        error_set(err, "database_corrupt", "payment %s has an unknown method", payment);
        status = STATUS_CORRUPT;
    }
    statement_reset(row);
    return status;
}

void
payment_refer(const struct payment_row *row, struct payment_reference *out)
{
    *out = (struct payment_reference){
        .amount_yen = row->amount_yen, .started_ms = row->started_ms, .is_presented = row->is_presented};
    memcpy(out->payment, row->payment, sizeof out->payment);
    memcpy(out->brand, row->brand, sizeof out->brand);
    memcpy(out->adapter, row->adapter, sizeof out->adapter);
    memcpy(out->code_id, row->code_id, sizeof out->code_id);
}

enum status
payment_check_none_open(struct till *till, const char *sale, struct error_detail *err)
{
    struct statement *row;
    bool has_row;
    enum status status = database_statement(
        till->db, "SELECT COUNT(*) FROM payment WHERE sale = ?1 AND state IN ('started', 'unknown', 'in_doubt')", &row,
        err);
    if (status == STATUS_OK) {
        statement_bind_text(row, 1, sale);
        status = statement_step(row, &has_row, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    int64_t open = statement_column_int(row, 0);
    statement_reset(row);
    if (open > 0) {
        error_set(err, "earlier_payment_open",
                  "前のお支払いの結果がまだ確認できていません。もう一度請求しないでください。現金でのお支払いは受けられ"
                  "ます。");
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static enum status
next_sequence_number(struct till *till, int64_t *out, struct error_detail *err)
{
    return database_query_int(till->db, "SELECT COALESCE(MAX(sequence_number), 0) + 1 FROM payment", out, err);
}

enum status
payment_begin(struct till *till, const char *code, struct error_detail *err)
{
    struct foreground *foreground = &till->foreground;
    char payment[IDENTITY_TEXT_SIZE];
    int64_t sequence_number;
    enum status status = disk_room_check(till, err);
    if (status == STATUS_OK) {
        status = identity_new(payment, till_now_ms(till), err);
    }
    if (status == STATUS_OK) {
        status = next_sequence_number(till, &sequence_number, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct json_writer *body = record_body(till);
    json_text(body, "payment", payment);
    json_text(body, "sale", basket_in_payment(till)->id);
    json_text(body, "method", payment_method_word(foreground->method));
    json_text(body, "brand", foreground->brand[0] != '\0' ? foreground->brand : NULL);
    json_int(body, "amount_yen", foreground->amount_yen);
    json_int(body, "sequence_number", sequence_number);
    json_text(body, "clerk", till->clerk.code);
    json_begin_object(body, "basket");
    sale_content_write(&basket_in_payment(till)->content, body);
    json_end_object(body);
    mixed_record(&foreground->mixed, body);
    const char *way =
        payment_channel_way(channel_of(till, foreground->method, false), foreground->brand, foreground->is_presented);
    if (way[0] != '\0') {
        json_text(body, "adapter", way);
    }
    if (foreground->is_presented) {
        json_bool(body, "presented", true);
    }
    status = record_single(till, "payment.started", err);
    if (status != STATUS_OK) {
        return status;
    }
    memcpy(foreground->payment, payment, sizeof payment);
    foreground->state = FOREGROUND_RUNNING;
    foreground->message[0] = '\0';
    foreground->deadline_ms = till_monotonic_ms(till) + channel_of(till, foreground->method, false)->start_timeout_ms;
    memcpy(till->running, payment, sizeof payment);
    snprintf(till->code, sizeof till->code, "%s", code != NULL ? code : "");
    till->has_run_request = true;
    pthread_cond_broadcast(&till->work_changed);
    return STATUS_OK;
}

enum status
check_cashless(struct till *till, const char *basket, enum payment_method method, const char *brand,
               struct error_detail *err)
{
    enum status status = check_can_sell(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    const struct master_brand *row =
        brand != NULL ? masters_brand(till->masters, brand, till_business_date(till)) : NULL;
    enum foreground_state state = till->foreground.state;
    status = STATUS_REFUSED;
    if (strcmp(basket, till->basket.id) != 0) {
        error_set(err, "other_basket", "画面が古くなっています。明細と金額を確かめて、もう一度押してください。");
    } else if (till->basket.content.total_yen == 0) {
        error_set(err, "nothing_due", "お支払いはありません。");
    } else if (basket_check_alone(till, err) != STATUS_OK) {
        return STATUS_REFUSED;
    } else if (state != FOREGROUND_NONE && state != FOREGROUND_DECLINED && state != FOREGROUND_NOT_CHARGED) {
        error_set(err, "payment_running", "お支払いの途中です。先に中止するか、結果を待ってください。");
    } else if (till->has_run_request || till->running[0] != '\0') {
        error_set(err, "payment_running", "前のお支払いの処理中です。少し待ってください。");
    } else if (brand != NULL ? row == NULL || row->method != method : method != METHOD_QR) {
        error_set(err, "no_such_brand", "その決済サービスは今日は使えません。別の方法を選んでください。");
    } else if (channel_of(till, method, false) == NULL) {
        error_set(err, "no_device", "この端末ではその支払い方法を使えません。");
    } else {
        status = policy_check_method(till, method, err);
        if (status == STATUS_OK) {
            status = payment_check_none_open(till, basket, err);
        }
        if (status == STATUS_OK) {
            status = paid_once_check(till, basket, &till->basket.content, err);
        }
        if (status == STATUS_OK) {
            status = disk_room_check(till, err);
        }
    }
    return status;
}

enum status
till_pay_cashless(struct till *till, const char *basket, enum payment_method method, const char *brand,
                  struct error_detail *err)
{
    static const struct mixed_part nothing = {0};
    return till_pay_mixed(till, basket, method, brand, &nothing, err);
}

enum status
till_pay_mixed(struct till *till, const char *basket, enum payment_method method, const char *brand,
               const struct mixed_part *part, struct error_detail *err)
{
    till_lock(till);
    bool is_paid = strcmp(basket, till->paid_basket) == 0;
    bool is_same = till->foreground.state == FOREGROUND_RUNNING && strcmp(basket, basket_in_payment(till)->id) == 0 &&
                   till->foreground.method == method;
    if (is_paid || is_same) { /* a repeated request */
        till_unlock(till, false);
        return STATUS_OK;
    }
    basket_claim(till, basket);
    enum status status = check_cashless(till, basket, method, brand, err);
    if (status == STATUS_OK && part->cash_yen != 0) {
        status = mixed_check(till, part, err);
    }
    if (status == STATUS_OK) {
        struct foreground before = till->foreground;
        till->foreground = (struct foreground){.state = FOREGROUND_WAITING_CODE,
                                               .method = method,
                                               .amount_yen = till->basket.content.total_yen - part->cash_yen,
                                               .mixed = *part,
                                               .deadline_ms = till_monotonic_ms(till) + CODE_WAIT_MS};
        snprintf(till->foreground.brand, sizeof till->foreground.brand, "%s", brand != NULL ? brand : "");
        till->last_sale.is_set = false;
        if (method != METHOD_QR) {
            status = payment_begin(till, NULL, err);
        }
        if (status != STATUS_OK) {
            till->foreground = before;
        }
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

static bool
is_code_form(const char *code)
{
    size_t length = strlen(code);
    if (length < 6 || length > 1000) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)code[i] < 0x21 || (unsigned char)code[i] > 0x7E) {
            return false;
        }
    }
    return true;
}

/* The brand the code belongs to, when it is told by its digits; the clerk's choice must not contradict it. */
static enum status
decide_brand(struct till *till, const char *code, struct error_detail *err)
{
    struct foreground *foreground = &till->foreground;
    const struct master_brand *brand = masters_brand_of_code(till->masters, code, till_business_date(till));
    if (strncmp(code, "000201", 6) == 0) {
        error_set(err, "merchant_code", "これは店側のコードです。お客様の支払い用コードを表示していただいてください。");
        return STATUS_INVALID;
    }
    if (brand == NULL) {
        return STATUS_OK; /* the gateway knows */
    }
    if (foreground->brand[0] != '\0' && strcmp(foreground->brand, brand->code) != 0) {
        error_set(err, "other_brand", "表示されたコードは%sです。選んだ%sと違います。お客様に確かめてください。",
                  brand->name, masters_brand_name(till->masters, foreground->brand));
        return STATUS_INVALID;
    }
    snprintf(foreground->brand, sizeof foreground->brand, "%s", brand->code);
    return STATUS_OK;
}

enum status
till_pay_code(struct till *till, const char *code, struct error_detail *err)
{
    till_lock(till);
    enum status status = STATUS_OK;
    if (till->foreground.state != FOREGROUND_WAITING_CODE) {
        error_set(err, "no_code_wanted", "コード決済を選んでから読み取ってください。");
        status = STATUS_REFUSED;
    } else if (!is_code_form(code)) {
        error_set(err, "not_a_code", "支払い用のコードではありません。もう一度読み取ってください。");
        status = STATUS_INVALID;
    } else {
        status = check_can_sell(till, err);
    }
    char chosen[CODE_SIZE];
    memcpy(chosen, till->foreground.brand, sizeof chosen);
    if (status == STATUS_OK) {
        status = decide_brand(till, code, err);
    }
    if (status == STATUS_OK) {
        status = payment_begin(till, code, err);
        if (status != STATUS_OK) {
            memcpy(till->foreground.brand, chosen, sizeof chosen);
        }
    } else if (till->foreground.state == FOREGROUND_WAITING_CODE) {
        snprintf(till->foreground.message, sizeof till->foreground.message, "%.230s", err->message);
    }
    till_unlock(till, true);
    return status;
}

enum status
till_stop_payment(struct till *till, struct error_detail *err)
{
    struct payment_channel *channel = NULL;
    till_lock(till);
    enum status status = STATUS_OK;
    if (till->foreground.state == FOREGROUND_WAITING_CODE) {
        till->foreground = (struct foreground){0};
        basket_rejoin(till);
    } else if (till->foreground.state == FOREGROUND_RUNNING && till->foreground.is_presented) {
        presented_stop(till);
    } else if (till->foreground.state == FOREGROUND_RUNNING) {
        channel = channel_of(till, till->foreground.method, false);
        till->foreground.is_stopping = true;
    } else {
        error_set(err, "nothing_to_stop", "中止できるお支払いはありません。");
        status = STATUS_REFUSED;
    }
    till_unlock(till, true);
    if (channel != NULL) {
        channel->operations->stop(channel); /* outside the lock: it may touch the network */
    }
    return status;
}

enum status
till_set_payment_aside(struct till *till, struct error_detail *err)
{
    till_lock(till);
    enum status status = STATUS_OK;
    enum foreground_state state = till->foreground.state;
    if (state != FOREGROUND_UNKNOWN && state != FOREGROUND_IN_DOUBT) {
        error_set(err, "not_unknown", "結果未確認のお支払いだけを、後回しにできます。");
        status = STATUS_REFUSED;
    } else if (till->other_kind == OTHER_PAYING) {
        basket_let_go(till); /* the next one has begun already */
    } else if (!basket_take_next(till)) {
        status = basket_init(&till->basket, till_now_ms(till), err);
    }
    if (status == STATUS_OK) {
        till->foreground = (struct foreground){0};
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
till_abandon_payment(struct till *till, const char *payment, const char *reason, struct error_detail *err)
{
    struct payment_row row;
    till_lock(till);
    enum status status = payment_load(till, payment, &row, err);
    if (status == STATUS_OK && !till->clerk.is_present) {
        error_set(err, "no_clerk", "担当者を選び、暗証番号を入れてください。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && (!payment_is_open(&row) || strcmp(till->running, payment) == 0)) {
        error_set(err, "not_unknown", "結果未確認のお支払いだけを、取りやめにできます。");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK && (reason[0] == '\0' || strlen(reason) >= REASON_SIZE)) {
        error_set(err, "reason_needed", "取りやめの理由を80文字までで入れてください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK && !row.is_abandoned) {
        struct json_writer *body = record_body(till);
        json_text(body, "payment", payment);
        json_text(body, "clerk", till->clerk.code);
        json_text(body, "reason", reason);
        status = record_single(till, "payment.abandoned", err);
    }
    if (status == STATUS_OK && strcmp(till->foreground.payment, payment) == 0) {
        till->foreground = (struct foreground){0};
        basket_rejoin(till);
    }
    pthread_cond_broadcast(&till->work_changed);
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
till_clear_payment(struct till *till, struct error_detail *err)
{
    till_lock(till);
    enum status status = STATUS_OK;
    enum foreground_state state = till->foreground.state;
    if (state == FOREGROUND_DECLINED || state == FOREGROUND_NOT_CHARGED || state == FOREGROUND_NONE) {
        till->foreground = (struct foreground){0};
        basket_rejoin(till);
    } else {
        error_set(err, "payment_running", "お支払いの途中です。");
        status = STATUS_REFUSED;
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

bool
payment_tick(struct till *till)
{
    struct foreground *foreground = &till->foreground;
    if (foreground->deadline_ms == 0 || foreground->deadline_ms > till_monotonic_ms(till)) {
        return false;
    }
    switch (foreground->state) {
    case FOREGROUND_WAITING_CODE:
        foreground->state = FOREGROUND_NOT_CHARGED; /* nothing is recorded, for nothing was begun */
        foreground->message[0] = '\0';
        snprintf(foreground->cause, sizeof foreground->cause, "code_timeout");
        basket_rejoin_if_empty(till);
        break;
    case FOREGROUND_UNKNOWN:
        foreground->is_late = true;
        break;
    case FOREGROUND_IN_DOUBT: /* the words say already what to do when the card does not come back */
        break;
    case FOREGROUND_RUNNING: /* gateway or terminal end it themselves */
        if (!foreground->is_presented) {
            return false;
        }
        presented_stop(till);
        break;
    case FOREGROUND_NONE:
    case FOREGROUND_DECLINED:
    case FOREGROUND_NOT_CHARGED:
        return false;
    }
    foreground->deadline_ms = 0;
    return true;
}

enum doubt_rule
payment_doubt_rule(const struct till *till, const struct payment_row *row)
{
    enum doubt_rule rule;
    if (doubt_rule_from_word(row->doubt_rule, &rule)) {
        return rule;
    }
    const struct master_brand *brand =
        till->masters != NULL ? masters_brand(till->masters, row->brand, till_business_date(till)) : NULL;
    return brand != NULL ? brand->in_doubt : DOUBT_TOUCH_PROVES;
}
