/* Papers of cash: 現金払込書 and 収納日報 of one 払込 or period; 日計表, 月計表, 現金出納簿 and 釣銭管理簿 are in
 * cash_book_form. Columns and words; figures are the caller's. */
#pragma once

#include "settlement/forms/form.h"

/* 現金払込書. Days are "YYYY-MM-DD". What is not known yet is "" or 0. */
struct remittance_paper {
    const char *number;    /* 2026-000012 */
    const char *reference; /* HK2026000012 */
    int fiscal_year;
    const char *section;
    const char *officer;
    const char *bank;
    const char *pay_on;
    int64_t amount_yen;
    int64_t close_count;
    int64_t difference_yen;
    int64_t prepared_at_ms;
    const char *prepared_by;
    const char *paid_on;
    const char *receipt;
    const char *confirmed_by;
    bool is_undone;
    bool is_after_closing; /* 払込日 is behind 5/31 of the year's end: it can only be income of the new year */
};
void remittance_form(struct form *form, const char *issuer, const struct remittance_paper *paper);

/* A close on it, or its total (FORM_TOTAL: texts are ignored). */
struct remittance_line {
    const char *place;
    const char *terminal;
    const char *business_date;
    int64_t number; /* of the 精算; 0 */
    int64_t expected_yen;
    int64_t counted_yen;
    int64_t difference_yen;
    const char *reason;
    int64_t float_yen;
    int64_t deposit_yen;
};
void remittance_form_row(struct form *form, const struct remittance_line *line, enum form_role role);

/* What closes of one or many drawers come to. `sales_yen` are before voids. */
struct cash_sums {
    int64_t sale_count;
    int64_t sales_yen;
    int64_t void_yen;
    int64_t refund_yen;
    int64_t in_yen;
    int64_t out_yen;
    int64_t difference_yen;
    int64_t deposit_yen;
    int64_t cashless_count;
    int64_t cashless_yen;
};
void cash_sums_add(struct cash_sums *to, const struct cash_sums *more);

/* 収納日報: closes by 所属 and 出納員. SECTION and OFFICER are named in the head when it is of one; "" otherwise. */
void receipts_form(struct form *form, const char *issuer, const char *from, const char *to, const char *section,
                   const char *officer);
struct receipts_words {
    const char *office; /* 所属（出納員） */
    const char *place;
    const char *terminal;
    const char *business_date;
    int64_t number;
};
void receipts_form_row(struct form *form, const struct receipts_words *words, const struct cash_sums *sums,
                       enum form_role role);

/* FROM … TO in the head of FORM; one day when they are the same. */
void cash_form_period(struct form *form, const char *from, const char *to);
