/* 31 May decides. */
#include "settlement/assessment/refund_treatment.h"

#include "settlement/assessment/fiscal_rules.h"

struct refund_treatment
refund_treatment_of(struct civil_date received, struct civil_date back)
{
    int year = fiscal_year_of(received);
    bool is_open = civil_date_compare(back, fiscal_year_closing_day(year)) <= 0;
    return (struct refund_treatment){.is_decrease = is_open, .fiscal_year = is_open ? year : fiscal_year_of(back)};
}

const char *
refund_treatment_name(struct refund_treatment treatment)
{
    return treatment.is_decrease ? "戻出・減額調定" : "歳出（償還金）";
}
