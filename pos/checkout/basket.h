/* What the citizen owes so far: a list of lines under an id that becomes the sale's. Pure; lives in memory. */
#pragma once

#include "pos/checkout/sale.h"

/* INVARIANT: content is totalled; `id` is new after every sale and every clearing. */
struct basket {
    char id[IDENTITY_TEXT_SIZE];
    struct sale_content content;
};

/* An empty basket with a new id made at INSTANT_MS. */
enum status basket_init(struct basket *basket, int64_t instant_ms, struct error_detail *err) MUST_CHECK;

/* Add LINE (its quantity, 1 … BASKET_QUANTITY_MAX); a line of the same item, price and no exemption grows instead. On
 * failure nothing changes. */
enum status basket_add(struct basket *basket, const struct sale_line *line, struct error_detail *err) MUST_CHECK;

/* INDEX from 0. STATUS_NOT_FOUND when there is no such line. */
enum status
basket_set_quantity(struct basket *basket, size_t index, int64_t quantity, struct error_detail *err) MUST_CHECK;
enum status basket_remove(struct basket *basket, size_t index, struct error_detail *err) MUST_CHECK;

/* EXEMPTION NULL takes the exemption back. */
enum status basket_set_exemption(struct basket *basket, size_t index, const struct exemption *exemption,
                                 struct error_detail *err) MUST_CHECK;

/* Number of things in it (sum of quantities). */
int64_t basket_count(const struct basket *basket);
