/* Small things that all files here use: rounding of yen, lists of codes, texts that are cut at a character. */
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
