/* Mixed payments: a part in cash beside a cashless rest, where the policies of all items let both be taken.
 *
 * The cash is in the clerk's hand while the rest is asked for: it is written ahead with the payment, becomes part of
 * the sale when the rest is approved, and goes back to the citizen when it is not. Nothing of it is in the drawer's
 * sums before there is a sale. */
#include "pos/till/till_parts.h"

#include <stdio.h>
#include <string.h>

enum status
mixed_check(const struct till *till, const struct mixed_part *part, struct error_detail *err)
{
    char text[YEN_TEXT_SIZE];
    int64_t total_yen = till->basket.content.total_yen;
    enum status status = policy_check_mixed(till, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (part->cash_yen < 1 || part->cash_yen >= total_yen) {
        error_set(err, "cash_part", "現金の分は1円から%s円までで入れてください。", yen_format(text, total_yen - 1));
        return STATUS_INVALID;
    }
    if (part->tendered_yen < part->cash_yen) {
        error_set(err, "tendered_less_than_due", "お預かりが足りません。現金の分は%s円です。",
                  yen_format(text, part->cash_yen));
        return STATUS_REFUSED;
    }
    if (part->tendered_yen > PAYMENT_MAX_YEN) {
        error_set(err, "tendered_too_large", "お預かりの金額を確かめてください。9,999,999円まで入力できます。");
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

void
mixed_record(const struct mixed_part *part, struct json_writer *writer)
{
    const struct sale_payment payment = {
        .cash_part_yen = part->cash_yen,
        .tendered_yen = part->tendered_yen,
        .change_yen = part->tendered_yen - part->cash_yen,
    };
    cash_part_write(&payment, writer);
}

/* What the clerk does with the cash now. */
static void
say(enum foreground_state state, const struct mixed_part *part, char *out, size_t size)
{
    char text[YEN_TEXT_SIZE];
    yen_format(text, part->tendered_yen);
    switch (state) {
    case FOREGROUND_DECLINED:
    case FOREGROUND_NOT_CHARGED:
        snprintf(out, size, "お預かりした現金%s円をお客様にお返しください。", text);
        return;
    case FOREGROUND_UNKNOWN:
    case FOREGROUND_IN_DOUBT:
        snprintf(out, size, "現金%s円は、結果が分かるまで引き出しに入れずに取っておいてください。", text);
        return;
    case FOREGROUND_NONE:
    case FOREGROUND_WAITING_CODE:
    case FOREGROUND_RUNNING:
        snprintf(out, size, "現金%s円をお預かりしています。", text);
        return;
    }
}

void
mixed_write(const struct foreground *foreground, struct json_writer *writer)
{
    const struct mixed_part *part = &foreground->mixed;
    char message[REASON_SIZE];
    if (part->cash_yen == 0) {
        json_null(writer, "cash");
        return;
    }
    say(foreground->state, part, message, sizeof message);
    json_begin_object(writer, "cash");
    json_int(writer, "amount_yen", part->cash_yen);
    json_int(writer, "tendered_yen", part->tendered_yen);
    json_int(writer, "change_yen", part->tendered_yen - part->cash_yen);
    json_text(writer, "message", message);
    json_end_object(writer);
}
