/* What the forms of this folder share: head and foot of a paper, and how amounts, times and payments read. */
#pragma once

#include "pos/receipt/page.h"
#include "pos/receipt/receipt.h"

enum {
    AMOUNT_SIZE = YEN_TEXT_SIZE + 4, /* "-¥1,000" */
    DATE_SIZE = 40                   /* "2026年11月22日(日)" */
};

/* Each returns OUT. */
const char *amount_text(char out[AMOUNT_SIZE], int64_t amount_yen);
const char *date_text(char out[DATE_SIZE], struct civil_date date);

/* 現金, コード決済, 電子マネー, クレジットカード, なし. */
const char *method_name(enum payment_method method);

/* Training mark, municipality, place, TITLE, 再発行. */
void form_head(struct page *page, const struct receipt_input *input, const char *title);

/* Closing words, the training mark again. */
void form_foot(struct page *page, const struct receipt_input *input, const char *words);

/* "LABEL …… ¥1,234" and "LABEL …… VALUE"; nothing when VALUE is "". */
void form_amount(struct page *page, unsigned indent, const char *label, int64_t amount_yen);
void form_field(struct page *page, unsigned indent, const char *label, const char *value);

/* "LABEL …… 2026年11月22日(日) 10:03", without the weekday where it does not fit; nothing for 0. */
void form_moment(struct page *page, const char *label, int64_t instant_ms);

/* The invoice of the input's sale, a block for each issuer, and its total under TOTAL_LABEL. */
void form_content(struct page *page, const struct receipt_input *input, const char *total_label);

/* The sold lines of SALE whose issuer is ISSUER. */
void form_lines(struct page *page, const struct sale *sale, const char *issuer);

/* How SALE was paid, as the citizen may see it: card numbers by their last four digits. */
void form_payment(struct page *page, const struct sale *sale, const char *brand_name);

/* The forms. */
void form_sale(struct page *page, const struct receipt_input *input);
void form_void(struct page *page, const struct receipt_input *input);
void form_in_doubt(struct page *page, const struct receipt_input *input);
void form_day(struct page *page, const struct receipt_input *input);
