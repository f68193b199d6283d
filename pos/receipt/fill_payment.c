/* How it was paid, as whoever gets the paper may see it. */
#include "pos/receipt/fill.h"

#include <stdio.h>
#include <string.h>

enum {
    LAST_DIGITS = 4, /* of a card number: the most that a shop's copy may show */
    FIRST_DIGITS = 6,
    CARD_NUMBER_MIN = 13 /* a shorter one keeps its beginning to itself: too little would be left hidden */
};

const char *
fill_method_name(enum payment_method method)
{
    switch (method) {
    case METHOD_NONE:
        return "なし";
    case METHOD_CASH:
        return "現金";
    case METHOD_QR:
        return "コード決済";
    case METHOD_EMONEY:
        return "電子マネー";
    case METHOD_CREDIT:
        return "クレジットカード";
    }
    return "";
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* MASKED as the citizen may see it: twelve stars and what of its end is digits, at most four. On the shop's copy, what
 * of its beginning is digits as well, at most six. The record should hold no more, but a faulty terminal might send
 * anything. "" when nothing of its end is a digit. */
static void
format_number(char out[FILL_CARD_NUMBER_SIZE], const char *masked, bool is_shop_copy)
{
    const size_t length = strlen(masked);
    size_t last = 0, first = 0;
    while (last < LAST_DIGITS && last < length && is_digit(masked[length - last - 1])) {
        last++;
    }
    while (is_shop_copy && length >= CARD_NUMBER_MIN && first < FIRST_DIGITS && first + last < length &&
           is_digit(masked[first])) {
        first++;
    }
    if (last == 0) {
        out[0] = '\0';
        return;
    }
    snprintf(out, FILL_CARD_NUMBER_SIZE, "%.*s%s%s", (int)first, masked, first > 0 ? "******" : "************",
             masked + length - last);
}

void
fill_payment(struct fill *fill, const struct receipt_input *input)
{
    const struct sale_payment *payment = &input->sale->payment;
    struct receiptline_value *values = fill->values;
    const bool is_cashless = payment->method != METHOD_NONE && payment->method != METHOD_CASH;
    values[PAPERS_AT_METHOD].text = payment_method_word(payment->method);
    values[PAPERS_AT_METHOD_NAME].text = fill_method_name(payment->method);
    values[PAPERS_AT_IS_FREE].number = payment->method == METHOD_NONE;
    values[PAPERS_AT_IS_CASHLESS].number = is_cashless;
    values[PAPERS_AT_IS_USAGE_TITLED].number = input->is_usage_titled && is_cashless;
    values[PAPERS_AT_TENDERED].number = payment->tendered_yen;
    values[PAPERS_AT_CHANGE].number = payment->change_yen;
    if (!is_cashless) {
        return;
    }
    format_number(fill->card_number, payment->masked_number, input->form == RECEIPT_SHOP_COPY);
    values[PAPERS_AT_BRAND].text = input->brand_name;
    values[PAPERS_AT_CARD_NUMBER].text = fill->card_number;
    values[PAPERS_AT_AMOUNT].number = input->sale->content.total_yen - payment->cash_part_yen;
    values[PAPERS_AT_CASH_PART].number = payment->cash_part_yen;
    values[PAPERS_AT_ACCEPTED_AT].number = payment->accepted_at_ms;
    values[PAPERS_AT_APPROVAL_CODE].text = payment->approval_code;
    values[PAPERS_AT_SLIP_NUMBER].text = payment->slip_number;
    values[PAPERS_AT_ACQUIRER_REFERENCE].text = payment->acquirer_reference;
}
