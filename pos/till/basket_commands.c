/* Ringing up. */
#include "pos/till/slip_price.h"
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

enum status
check_can_sell(const struct till *till, struct error_detail *err)
{
    const char *code = NULL;
    const char *message = NULL;
    if (!till->is_enrolled || till->masters == NULL) {
        code = "not_enrolled";
        message = "この端末はまだ登録されていません。管理者に連絡してください。";
    } else if (strcmp(till->uplink.word, "behind") == 0) {
        code = "behind";
        message = "この端末の記録が古い状態に戻っています。お会計はできません。管理者に連絡し、再登録してください。";
    } else if (strcmp(till->uplink.word, "damaged") == 0) {
        code = "damaged";
        message = "この端末の記録に傷があります。お会計はできません。ほかの端末を使い、管理者に連絡してください。";
    } else if (till->is_changing_over) {
        code = "changing_over";
        message = "切り替えています。少し待ってください。";
    } else if (!till->clerk.is_present) {
        code = "no_clerk";
        message = "担当者を選び、暗証番号を入れてください。";
    } else if (!till->day.exists || !till->day.is_open) {
        code = "day_not_open";
        message = "営業を開始してください。";
    } else if (civil_date_compare(till->day.date,
                                  business_date_at(till_now_ms(till), till->masters->day_start_minutes)) < 0) {
        code = "day_is_over";
        message = "前の営業日の精算がまだです。精算してから、今日の営業を開始してください。";
    }
    if (code == NULL) {
        return STATUS_OK;
    }
    error_set(err, code, "%s", message);
    return STATUS_REFUSED;
}

enum status
check_can_change(const struct till *till, struct error_detail *err)
{
    enum status status = check_can_sell(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (till->other_kind == OTHER_PAYING || !payment_is_in_hand(till)) {
        return STATUS_OK;
    }
    error_set(err, "payment_running", "お支払いの途中です。明細を変えるには、先にお支払いを中止してください。");
    return STATUS_REFUSED;
}

void
line_from_item(const struct master_item *item, struct sale_line *out)
{
    *out = (struct sale_line){.unit_price_yen = item->price_yen, .quantity = 1, .tax = item->tax};
    snprintf(out->item, sizeof out->item, "%s", item->code);
    snprintf(out->name, sizeof out->name, "%s", item->name);
    snprintf(out->account, sizeof out->account, "%s", item->account);
    snprintf(out->section, sizeof out->section, "%s", item->section);
    snprintf(out->issuer, sizeof out->issuer, "%s", item->issuer);
    snprintf(out->facility, sizeof out->facility, "%s", item->facility);
}

static enum status
make_line(const struct till *till, const char *code, int64_t quantity, struct sale_line *out, struct error_detail *err)
{
    struct master_item item;
    enum status status = masters_item(till->masters, code, till_business_date(till), &item, err);
    if (status == STATUS_OK && item.tariff[0] != '\0') {
        error_set(err, "case_needed", "「%s」は人数や時間などを入れて計算します。商品のキーを押してください。",
                  item.name);
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        status = slip_price_check_item(till, &item, err);
    }
    if (status == STATUS_OK) {
        line_from_item(&item, out);
        out->quantity = quantity;
    }
    return status;
}

enum status
till_add_item(struct till *till, const char *item, int64_t quantity, struct error_detail *err)
{
    struct sale_line line;
    till_lock(till);
    enum status status = check_can_sell(till, err);
    if (status == STATUS_OK) {
        status = make_line(till, item, quantity, &line, err);
    }
    if (status == STATUS_OK) {
        status = basket_make_room(till, err);
    }
    if (status == STATUS_OK) {
        status = basket_add(&till->basket, &line, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
till_remove_line(struct till *till, size_t line, struct error_detail *err)
{
    till_lock(till);
    enum status status = check_can_change(till, err);
    if (status == STATUS_OK) {
        status = basket_remove(&till->basket, line - 1, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
till_set_exemption(struct till *till, size_t line, const char *rule, const char *reason, struct error_detail *err)
{
    struct exemption exemption = {0};
    till_lock(till);
    enum status status = check_can_change(till, err);
    if (status == STATUS_OK && rule != NULL) {
        const struct master_exemption *row = masters_exemption(till->masters, rule);
        if (row == NULL) {
            error_set(err, "no_such_exemption", "その減免は登録されていません。");
            status = STATUS_NOT_FOUND;
        } else if (line - 1 < till->basket.content.line_count &&
                   !master_exemption_covers(row, till->basket.content.lines[line - 1].item)) {
            error_set(err, "exemption_forbidden", "「%s」に%sは使えません。", till->basket.content.lines[line - 1].name,
                      row->name);
            status = STATUS_REFUSED;
        } else if (reason == NULL || reason[0] == '\0' || strlen(reason) >= sizeof exemption.reason) {
            error_set(err, "reason_needed", "減免の理由を選ぶか、80文字までで入れてください。");
            status = STATUS_INVALID;
        } else {
            snprintf(exemption.rule, sizeof exemption.rule, "%s", row->code);
            snprintf(exemption.name, sizeof exemption.name, "%s", row->name);
            snprintf(exemption.reason, sizeof exemption.reason, "%s", reason);
        }
    }
    if (status == STATUS_OK) {
        status = basket_set_exemption(&till->basket, line - 1, rule != NULL ? &exemption : NULL, err);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
till_clear_basket(struct till *till, struct error_detail *err)
{
    till_lock(till);
    enum status status = check_can_change(till, err);
    if (status == STATUS_OK) {
        status = holds_forget_recalled(till, "全部取消", err);
    }
    bool is_of_next = till->other_kind == OTHER_PAYING; /* then a payment in hand is another basket's */
    if (status == STATUS_OK && !basket_take_next(till)) {
        status = basket_init(&till->basket, till_now_ms(till), err);
    }
    if (status == STATUS_OK && !is_of_next) {
        till->foreground = (struct foreground){0};
    } else if (status == STATUS_OK && !payment_is_in_hand(till)) {
        basket_rejoin(till);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}
