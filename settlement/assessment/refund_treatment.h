/* How money that goes back stands in the books. PURE.
 *
 * Source: 地方自治法施行令165条の7 (歳入の誤納又は過納の戻出: out of the revenue it came in as, while that year's books
 * are open), 165条の8 and 令142条 (books close on 31 May; what goes back later is expenditure of the running year). */
#pragma once

#include "common/clock/civil.h"

struct refund_treatment {
    bool is_decrease; /* 戻出 and 減額調定; otherwise 歳出 (償還金利子及び割引料) */
    int fiscal_year;  /* whose books: the sale's, or the running year's */
};

/* Of a sale received on RECEIVED, given back on BACK. */
struct refund_treatment refund_treatment_of(struct civil_date received, struct civil_date back);

/* "戻出・減額調定" or "歳出（償還金）". Static. */
const char *refund_treatment_name(struct refund_treatment treatment);
