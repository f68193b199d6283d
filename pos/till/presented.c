/* Payments where the citizen scans our code (merchant-presented).
 *
 *   choose ──▶ RUNNING, code being made ──▶ RUNNING, code shown ──paid──▶ sale
 *                 │ not made                    │ 中止, or its time is over
 *                 ▼                             ▼
 *              not charged, declined,        RUNNING, code being taken away ──▶ not charged
 *              or unknown                       └── paid just before: sale
 *
 * The code is recorded (payment.presented) before anybody sees it: what is not recorded was never shown, and nobody can
 * have paid with it. After a restart it is not shown again; who scanned it before may still pay, and the resolver asks
 * until its time is over, then has it made void. */
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

enum {
    SHOWN_MS = 180 * 1000, /* as long as a citizen is given to show a code of his own */
    SHOWN_MIN_MS = 1000
};

enum status
till_pay_presented(struct till *till, const char *basket, const char *brand, struct error_detail *err)
{
    till_lock(till);
    const bool is_paid = strcmp(basket, till->paid_basket) == 0;
    const bool is_same = till->foreground.state == FOREGROUND_RUNNING && till->foreground.is_presented &&
                         strcmp(basket, basket_in_payment(till)->id) == 0;
    if (is_paid || is_same) { /* a repeated request */
        till_unlock(till, false);
        return STATUS_OK;
    }
    basket_claim(till, basket);
    enum status status = check_cashless(till, basket, METHOD_QR, brand, err);
    if (status == STATUS_OK && payment_channel_way(till->qr_foreground, brand, /* is_presented= */ true)[0] == '\0') {
        error_set(err, "no_presented",
                  "%sは、店側のコードを表示する支払いに対応していません。お客様のコードを読み取ってください。",
                  masters_brand_name(till->masters, brand));
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        const struct foreground before = till->foreground;
        till->foreground = (struct foreground){.state = FOREGROUND_RUNNING,
                                               .method = METHOD_QR,
                                               .amount_yen = till->basket.content.total_yen,
                                               .is_presented = true};
        snprintf(till->foreground.brand, sizeof till->foreground.brand, "%s", brand);
        till->last_sale.is_set = false;
        status = payment_begin(till, NULL, err);
        if (status != STATUS_OK) {
            till->foreground = before;
        }
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

enum status
till_presented_payload(struct till *till, const char *payment, char out[PRESENTED_PAYLOAD_SIZE],
                       struct error_detail *err)
{
    till_lock(till);
    const bool is_shown = till->foreground.payload[0] != '\0' && strcmp(till->foreground.payment, payment) == 0;
    if (is_shown) {
        memcpy(out, till->foreground.payload, PRESENTED_PAYLOAD_SIZE);
    }
    till_unlock(till, false);
    if (!is_shown) {
        error_set(err, "no_code_shown", "表示しているコードはありません。");
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

static enum status
record_presented(struct till *till, const char *payment, const struct payment_presented *code, struct error_detail *err)
{
    char expires_at[INSTANT_TEXT_SIZE];
    struct json_writer *body = record_body(till);
    json_text(body, "payment", payment);
    json_text(body, "code_id", code->code_id);
    if (code->expires_at_ms != 0) {
        json_text(body, "expires_at", instant_format(expires_at, code->expires_at_ms));
    }
    return record_single(till, "payment.presented", err);
}

static int64_t
shown_for_ms(const struct till *till, const struct payment_presented *code)
{
    const int64_t left_ms = code->expires_at_ms - till_now_ms(till);
    if (code->expires_at_ms == 0 || left_ms > SHOWN_MS) {
        return SHOWN_MS;
    }
    return left_ms > SHOWN_MIN_MS ? left_ms : SHOWN_MIN_MS; /* also where the two clocks differ */
}

enum status
presented_settle(struct till *till, const char *payment, const struct payment_presented *code,
                 const struct payment_answer *answer, struct error_detail *err)
{
    struct foreground *foreground = &till->foreground;
    if (answer->result != PAYMENT_PENDING || code->payload[0] == '\0') {
        return payment_settle(till, payment, answer, "answer", err);
    }
    enum status status = record_presented(till, payment, code, err);
    const bool is_in_hand = strcmp(foreground->payment, payment) == 0 && foreground->state == FOREGROUND_RUNNING;
    if (status == STATUS_OK && is_in_hand && !foreground->is_stopping) {
        snprintf(foreground->payload, sizeof foreground->payload, "%s", code->payload);
        foreground->deadline_ms = till_monotonic_ms(till) + shown_for_ms(till, code);
    }
    return status;
}

bool
presented_is_awaited(const struct till *till, const struct payment_row *row, enum payment_result result)
{
    const struct foreground *foreground = &till->foreground;
    const bool is_in_hand =
        row->is_presented && strcmp(foreground->payment, row->payment) == 0 && foreground->state == FOREGROUND_RUNNING;
    return is_in_hand && (foreground->payload[0] != '\0' || (foreground->is_stopping && result == PAYMENT_PENDING));
}

bool
presented_must_end(const struct till *till, const struct payment_row *row)
{
    const bool was_never_shown = row->code_id[0] == '\0' && strcmp(till->running, row->payment) != 0;
    const bool is_stopped = strcmp(till->foreground.payment, row->payment) == 0 && till->foreground.is_stopping;
    return row->is_presented && (was_never_shown || is_stopped);
}

void
presented_stop(struct till *till)
{
    till->foreground.is_stopping = true;
    till->foreground.payload[0] = '\0';
    till->foreground.deadline_ms = 0;
    pthread_cond_broadcast(&till->work_changed);
}

void
presented_write(const struct till *till, struct json_writer *writer)
{
    json_begin_array(writer, "presented");
    for (size_t i = 0; till->masters != NULL && till->qr_foreground != NULL && i < till->masters->brand_count; i++) {
        const struct master_brand *brand = &till->masters->brands[i];
        const bool is_now =
            brand->method == METHOD_QR && masters_brand(till->masters, brand->code, till_business_date(till)) == brand;
        if (is_now && payment_channel_way(till->qr_foreground, brand->code, /* is_presented= */ true)[0] != '\0') {
            json_begin_object(writer, NULL);
            json_text(writer, "brand", brand->code);
            json_text(writer, "name", brand->name);
            json_end_object(writer);
        }
    }
    json_end_array(writer);
}
