/* Two citizens at once: while one pays, the next one's things are rung up.
 *
 * `basket` is the one that is rung up. As long as nothing new is rung up, a payment is that of `basket`. The first new
 * thing parts them: the basket that is being paid becomes `other`, and a new one begins.
 *
 *                 ring up                    payment ended without money, `basket` empty; or the clerk returns
 *   OTHER_NONE ─────────────▶ OTHER_PAYING ────────────────────────────────────────────▶ OTHER_NONE
 *       ▲                       ▲     │    the clerk returns while `basket` has lines
 *       │ that one is done      │     └──────────────────────────────────────────────▶ OTHER_NEXT
 *       └── OTHER_NEXT ─────────┘ ring up again
 *
 *   OTHER_PAYING  `other` is being paid, or waits for another way to be paid; `foreground` speaks of it
 *   OTHER_NEXT    `other` is the next citizen's, begun and put behind; it comes back when `basket` is done
 *
 * A payment that is approved, set aside or out of hand takes its basket with it. All of this lives in memory: what must
 * outlive a power cut stands in payment.started, and in basket.held for what the clerk puts aside. */
#include "pos/till/till_parts.h"

#include <assert.h>
#include <string.h>

const struct basket *
basket_in_payment(const struct till *till)
{
    return till->other_kind == OTHER_PAYING ? &till->other : &till->basket;
}

static void
exchange(struct till *till)
{
    static _Thread_local struct basket kept; /* too large for a server thread's stack */
    kept = till->basket;
    till->basket = till->other;
    till->other = kept;
}

bool
payment_is_in_hand(const struct till *till)
{
    enum foreground_state state = till->foreground.state;
    return state != FOREGROUND_NONE && state != FOREGROUND_DECLINED && state != FOREGROUND_NOT_CHARGED;
}

enum status
basket_make_room(struct till *till, struct error_detail *err)
{
    if (till->other_kind == OTHER_PAYING || !payment_is_in_hand(till)) {
        return STATUS_OK;
    }
    if (till->other_kind == OTHER_NEXT) {
        exchange(till);
        till->other_kind = OTHER_PAYING;
        return STATUS_OK;
    }
    till->other = till->basket;
    enum status status = basket_init(&till->basket, till_now_ms(till), err);
    if (status == STATUS_OK) {
        till->other_kind = OTHER_PAYING;
    }
    return status;
}

void
basket_rejoin(struct till *till)
{
    if (till->other_kind != OTHER_PAYING) {
        return;
    }
    bool has_next = till->basket.content.line_count > 0;
    exchange(till);
    till->other_kind = has_next ? OTHER_NEXT : OTHER_NONE;
}

void
basket_rejoin_if_empty(struct till *till)
{
    if (till->basket.content.line_count == 0) {
        basket_rejoin(till);
    }
}

void
basket_claim(struct till *till, const char *basket)
{
    if (till->other_kind == OTHER_PAYING && till->foreground.state != FOREGROUND_RUNNING &&
        strcmp(basket, till->other.id) == 0) {
        basket_rejoin(till);
    }
}

enum status
basket_check_alone(const struct till *till, struct error_detail *err)
{
    if (till->other_kind != OTHER_PAYING) {
        return STATUS_OK;
    }
    error_set(err, "payment_running",
              payment_is_in_hand(till)
                  ? "前のお客様のお支払いが終わっていません。先に「次のお客様へ進む」か、中止を押してください。"
                  : "前の会計がお支払い待ちです。先に済ませるか、保留か取消をしてください。");
    return STATUS_REFUSED;
}

void
basket_let_go(struct till *till)
{
    if (till->other_kind == OTHER_PAYING) {
        till->other_kind = OTHER_NONE;
        till->other.content = (struct sale_content){0};
    }
}

bool
basket_take_next(struct till *till)
{
    if (till->other_kind != OTHER_NEXT) {
        return false;
    }
    till->basket = till->other;
    till->other_kind = OTHER_NONE;
    till->other.content = (struct sale_content){0};
    return true;
}

void
next_basket_write(const struct till *till, struct json_writer *writer)
{
    if (till->other_kind != OTHER_NEXT) {
        json_null(writer, "next");
        return;
    }
    json_begin_object(writer, "next");
    json_int(writer, "count", basket_count(&till->other));
    json_int(writer, "total_yen", till->other.content.total_yen);
    json_end_object(writer);
}
