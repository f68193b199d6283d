/* Pure date rules; nothing here knows of sales. */
#include "settlement/assessment/fiscal_rules.h"

struct civil_date
fiscal_year_closing_day(int fiscal_year)
{
    return (struct civil_date){.year = fiscal_year + 1, .month = 5, .day = 31};
}

int
assessment_fiscal_year(struct civil_date received_on, struct civil_date drafted_on)
{
    int year = fiscal_year_of(received_on);
    if (civil_date_compare(drafted_on, fiscal_year_closing_day(year)) > 0) {
        return fiscal_year_of(drafted_on);
    }
    return year;
}

bool
assessment_is_in_adjustment_period(int fiscal_year, struct civil_date drafted_on)
{
    return fiscal_year_of(drafted_on) > fiscal_year &&
           civil_date_compare(drafted_on, fiscal_year_closing_day(fiscal_year)) <= 0;
}
