/* Negative yen take △, the sign of public accounts, which no eye overlooks as it does a hyphen. */
#include "settlement/forms/form_words.h"

#include "common/money/yen.h"
#include "settlement/forms/wareki.h"

#include <stdio.h>
#include <string.h>

const char *
form_words(char out[FORM_WORDS_SIZE], const struct form_column *column, const struct form_cell *cell)
{
    if (cell->is_blank) {
        return "";
    }
    if (column->kind == FORM_COUNT || column->kind == FORM_YEN) {
        char number[YEN_TEXT_SIZE];
        yen_format(number, cell->number);
        const bool is_negative = number[0] == '-';
        snprintf(out, FORM_WORDS_SIZE, "%s%s", is_negative ? "△" : "", number + is_negative);
        return out;
    }
    if (column->kind == FORM_SHARE) {
        snprintf(out, FORM_WORDS_SIZE, "%lld.%lld", (long long)(cell->number / 10), (long long)(cell->number % 10));
        return out;
    }
    struct civil_date day;
    if (column->kind == FORM_DAY && civil_date_parse(&day, cell->text, strlen(cell->text)) == STATUS_OK) {
        char short_day[WAREKI_TEXT_SIZE];
        snprintf(out, FORM_WORDS_SIZE, "%s", wareki_short_day(short_day, day));
        return out;
    }
    return cell->text;
}
