/* How it was paid, on the citizen's copy. */
#include "pos/receipt/form.h"

#include <stdio.h>
#include <string.h>

enum {
    SHOWN_DIGITS = 4, /* of a card number: the most that a citizen's copy may show */
    SHOWN_NUMBER_SIZE = 12 + SHOWN_DIGITS + 1
};

/* MASKED as the citizen may see it: twelve stars and what of its end is digits, at most four. The record may hold the
 * first six as well (the shop's copy shows them), and a faulty terminal might send anything. Returns OUT. */
static const char *
shown_number(char out[SHOWN_NUMBER_SIZE], const char *masked)
{
    const size_t length = strlen(masked);
    size_t digits = 0;
    while (digits < SHOWN_DIGITS && digits < length && masked[length - digits - 1] >= '0' &&
           masked[length - digits - 1] <= '9') {
        digits++;
    }
    if (digits == 0) {
        return strcpy(out, "");
    }
    snprintf(out, SHOWN_NUMBER_SIZE, "************%s", masked + length - digits);
    return out;
}

static const char *
number_label(enum payment_method method)
{
    return method == METHOD_QR ? "会員番号" : "カード番号";
}

static void
print_cashless(struct page *page, const struct sale *sale, const char *brand_name)
{
    const struct sale_payment *payment = &sale->payment;
    char number[SHOWN_NUMBER_SIZE];
    form_field(page, 0, "お支払方法", method_name(payment->method));
    form_field(page, 0, "ブランド", brand_name);
    form_field(page, 0, number_label(payment->method), shown_number(number, payment->masked_number));
    if (payment->method == METHOD_CREDIT) {
        form_field(page, 0, "支払区分", "一括払い");
    }
    form_amount(page, 0, "ご利用額", sale->content.total_yen);
    form_moment(page, "決済日時", payment->accepted_at_ms);
    form_field(page, 0, "承認番号", payment->approval_code);
    form_field(page, 0, "伝票番号", payment->slip_number);
    form_field(page, 0, "取引番号", payment->acquirer_reference);
}

void
form_payment(struct page *page, const struct sale *sale, const char *brand_name)
{
    switch (sale->payment.method) {
    case METHOD_NONE:
        form_field(page, 0, "お支払方法", "なし(無料)");
        break;
    case METHOD_CASH:
        form_amount(page, 0, "お預かり(現金)", sale->payment.tendered_yen);
        form_amount(page, 0, "お釣り", sale->payment.change_yen);
        break;
    case METHOD_QR:
    case METHOD_EMONEY:
    case METHOD_CREDIT:
        print_cashless(page, sale, brand_name);
        break;
    }
}
