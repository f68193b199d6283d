/* The era of a day comes from common/clock. */
#include "settlement/forms/wareki.h"

#include <stdio.h>

enum { LAST_MONTH_OF_FISCAL_YEAR = 3, LAST_DAY_OF_MARCH = 31 };

/* "8年", "元年". */
static void
year_text(char *out, size_t size, struct era_year era)
{
    if (era.year == 1) {
        snprintf(out, size, "%s元年", era.era);
    } else {
        snprintf(out, size, "%s%d年", era.era, era.year);
    }
}

const char *
wareki_day(char out[WAREKI_TEXT_SIZE], struct civil_date date)
{
    char year[WAREKI_TEXT_SIZE / 2];
    year_text(year, sizeof year, civil_date_era(date));
    snprintf(out, WAREKI_TEXT_SIZE, "%s%d月%d日", year, date.month, date.day);
    return out;
}

const char *
wareki_short_day(char out[WAREKI_TEXT_SIZE], struct civil_date date)
{
    struct era_year era = civil_date_era(date);
    snprintf(out, WAREKI_TEXT_SIZE, "%c%d.%d.%d", era.letter, era.year, date.month, date.day);
    return out;
}

const char *
wareki_fiscal_year(char out[WAREKI_TEXT_SIZE], int fiscal_year)
{
    /* The newest era that begins within the year is that of its last day, less the year that began in January. */
    struct era_year era =
        civil_date_era((struct civil_date){fiscal_year + 1, LAST_MONTH_OF_FISCAL_YEAR, LAST_DAY_OF_MARCH});
    if (era.year > 1) {
        era.year--;
    } else {
        era = civil_date_era((struct civil_date){fiscal_year, 4, 1}); /* the era changed in the year's last quarter */
    }
    char year[WAREKI_TEXT_SIZE / 2];
    year_text(year, sizeof year, era);
    snprintf(out, WAREKI_TEXT_SIZE, "%s度", year);
    return out;
}
