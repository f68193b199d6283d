/* 還付命令票 (戻出) and its sister for what goes back after the books closed (歳出・償還金). Words and columns; figures
 * are the caller's. Source: cities' 財務規則; 地方自治法施行令165条の7, 165条の8. */
#pragma once

#include "settlement/assessment/refund_treatment.h"
#include "settlement/forms/form.h"

/* Days are "YYYY-MM-DD". What is not known yet is "". */
struct refund_paper {
    const char *refund;
    struct refund_treatment treatment;
    const char *receipt_number;
    const char *received_on;
    int64_t sale_yen;
    int64_t amount_yen;
    const char *means; /* in words */
    const char *reason;
    const char *requested_on;
    const char *requested_by;
    const char *approved_by;
    const char *paid_on;
    const char *state; /* in words */
    bool is_withdrawn;
    int64_t requested_at_ms;
};
void refund_form(struct form *form, const char *issuer, const struct refund_paper *paper);

struct refund_form_line {
    const char *item;
    const char *account;
    const char *section;
    int64_t sold_yen;
    int64_t back_yen;
};
/* FORM_TOTAL: texts are ignored. */
void refund_form_row(struct form *form, const struct refund_form_line *line, enum form_role role);
