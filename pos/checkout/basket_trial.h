/* The copy on which a change of a basket is tried; for this folder only. */
#pragma once

#include "pos/checkout/basket.h"

/* This thread's copy of BASKET's content; change it, then keep it or forget it. */
struct sale_content *basket_trial(const struct basket *basket);

/* Total the copy and put it in force when it is sound and its record fits. */
enum status basket_keep_trial(struct basket *basket, struct error_detail *err) MUST_CHECK;

enum status basket_check_index(const struct basket *basket, size_t index, struct error_detail *err) MUST_CHECK;
