/* Books of cash: 日計表 and 月計表 (what was taken, paid in and left), 現金出納簿 (each movement with its balance),
 * 釣銭管理簿 (the float of each drawer). Columns and words; figures are the caller's. */
#pragma once

#include "settlement/forms/cash_form.h"

/* 日計表 has a row per 所属, 月計表 a row per day. SECTION "" when it is of all. */
enum cash_table { CASH_TABLE_DAY, CASH_TABLE_MONTH };
void cash_table_form(struct form *form, const char *issuer, enum cash_table table, const char *from, const char *to,
                     const char *section);
/* LABEL is the 所属 or the day; before + deposits − paid = left. */
void cash_table_row(struct form *form, const char *label, const struct cash_sums *sums, int64_t before_yen,
                    int64_t paid_yen, int64_t left_yen, enum form_role role);

void cash_book_form(struct form *form, const char *issuer, const char *from, const char *to, const char *section,
                    const char *officer);
/* DAY "" for what is carried forward. FORM_TOTAL: the sums of both sides, and the balance. */
void cash_book_row(struct form *form, const char *day, const char *section, const char *words, int64_t in_yen,
                   int64_t out_yen, int64_t balance_yen, enum form_role role);

void float_form(struct form *form, const char *issuer, const char *from, const char *to, const char *section);
/* The float of one drawer's day: what it was opened with, what was lent or returned meanwhile, what was in the drawer's
 * count at the close, what went back. */
struct float_line {
    const char *place;
    const char *terminal;
    const char *business_date;
    int64_t opening_yen;
    int64_t moved_yen;
    int64_t close_yen;
    int64_t counted_yen;
    int64_t deposit_yen;
    int64_t returned_yen;
    const char *clerk;
};
void float_form_row(struct form *form, const struct float_line *line);
