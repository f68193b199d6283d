/* Small things that all files here use: rounding of yen, days, lists of codes, texts that are cut at a character. */
#include "common/tariff/tariff_parts.h"
#include "common/text/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int64_t
tariff_round(int64_t numerator, int64_t denominator, struct tariff_rounding rounding)
{
    assert(numerator >= 0 && denominator > 0 && rounding.to_yen > 0);

    int64_t step = denominator * rounding.to_yen;
    int64_t whole = numerator / step;
    int64_t rest = numerator % step;
    bool is_up = (rounding.mode == ROUND_UP && rest > 0) || (rounding.mode == ROUND_NEAREST && rest >= step - rest);
    return (whole + (is_up ? 1 : 0)) * rounding.to_yen;
}

struct civil_date
tariff_date_shift(struct civil_date date, int days)
{
    static const struct civil_date first = {1900, 1, 1};
    static const struct civil_date last = {2199, 12, 31};
    int64_t shifted = civil_date_to_days(date) + days;
    if (shifted < civil_date_to_days(first)) {
        return first;
    }
    return shifted > civil_date_to_days(last) ? last : civil_date_from_days(shifted);
}

bool
tariff_codes_have(const char (*codes)[TARIFF_CODE_SIZE], size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(codes[i], code) == 0) {
            return true;
        }
    }
    return false;
}

void
tariff_text_print(char out[TARIFF_TEXT_SIZE], const char *format, ...)
{
    char whole[ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(whole, sizeof whole, format, arguments);
    va_end(arguments);
    size_t length = utf8_prefix(whole, strlen(whole), TARIFF_TEXT_SIZE - 1);
    memcpy(out, whole, length);
    out[length] = '\0';
}
