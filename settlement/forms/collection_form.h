/* 調定収納一覧表, 収入未済一覧表, 収納日計表 and 決済手数料支出依頼書 (地方自治法210条: 総計予算主義): what stands on
 * them. Pure. Rows are added in the order in which they shall stand; totals are summed of them. */
#pragma once

#include "settlement/forms/form.h"

/* Texts of one row; names as people read them. */
struct collection_words {
    const char *account;
    const char *section;
    const char *route;
};

/* 調定収納一覧表 of FISCAL_YEAR as of DAY ("YYYY-MM-DD"). */
struct collection_sums {
    int64_t assessed_yen;
    int64_t received_yen;
    int64_t due_later_yen;
    int64_t late_yen;
    int64_t unreported_yen;
};
void collection_year_form(struct form *form, const char *issuer, int fiscal_year, const char *day);
void collection_year_row(struct form *form, const struct collection_words *words, const struct collection_sums *sums,
                         enum form_role role);

/* 収納日計表 of FROM … TO. */
void collection_day_form(struct form *form, const char *issuer, const char *from, const char *to);
void collection_day_row(struct form *form, const char *day, const char *source, int fiscal_year,
                        const struct collection_words *words, int64_t amount_yen, enum form_role role);

/* 決済手数料支出依頼書 for a trustee, or all: deposits of FROM … TO with what was taken off, or is billed. */
void collection_fee_form(struct form *form, const char *issuer, const char *from, const char *to);
void collection_fee_row(struct form *form, const char *day, const char *trustee, const char *payout, int64_t gross_yen,
                        int64_t fee_yen, int64_t came_yen, bool is_deducted, enum form_role role);
