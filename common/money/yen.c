/* Integer yen. */
#include "common/money/yen.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

bool
yen_is_valid(int64_t amount_yen)
{
    return amount_yen >= -YEN_LIMIT && amount_yen <= YEN_LIMIT;
}

enum status
yen_add(int64_t *out_yen, int64_t a_yen, int64_t b_yen)
{
    if (!yen_is_valid(a_yen) || !yen_is_valid(b_yen) || !yen_is_valid(a_yen + b_yen)) {
        return STATUS_OVERFLOW;
    }
    *out_yen = a_yen + b_yen;
    return STATUS_OK;
}

enum status
yen_subtract(int64_t *out_yen, int64_t a_yen, int64_t b_yen)
{
    if (!yen_is_valid(a_yen) || !yen_is_valid(b_yen)) {
        return STATUS_OVERFLOW;
    }
    return yen_add(out_yen, a_yen, -b_yen);
}

enum status
yen_multiply(int64_t *out_yen, int64_t unit_yen, int64_t count)
{
    int64_t product;
    if (!yen_is_valid(unit_yen) || __builtin_mul_overflow(unit_yen, count, &product) || !yen_is_valid(product)) {
        return STATUS_OVERFLOW;
    }
    *out_yen = product;
    return STATUS_OK;
}

enum status
yen_fraction(int64_t *out_yen, int64_t a_yen, int64_t numerator, int64_t denominator)
{
    assert(numerator >= 0 && numerator <= 1000000);
    assert(denominator > 0 && denominator <= 1000000);

    if (!yen_is_valid(a_yen)) {
        return STATUS_OVERFLOW;
    }
    int64_t magnitude = a_yen < 0 ? -a_yen : a_yen;
    /* Split so that 10^15 × 10^6 is never formed: a = q·d + r, so floor(a·n/d) = q·n + floor(r·n/d), r·n < 10^12. */
    int64_t whole = magnitude / denominator;
    int64_t rest = magnitude % denominator;
    int64_t product;
    if (__builtin_mul_overflow(whole, numerator, &product) || !yen_is_valid(product)) {
        return STATUS_OVERFLOW;
    }
    product += rest * numerator / denominator;
    if (!yen_is_valid(product)) {
        return STATUS_OVERFLOW;
    }
    *out_yen = a_yen < 0 ? -product : product;
    return STATUS_OK;
}

enum status
yen_parse(int64_t *out_yen, const char *text, size_t length)
{
    bool is_negative = length > 0 && text[0] == '-';
    size_t start = is_negative ? 1 : 0;
    if (length == start) {
        return STATUS_INVALID;
    }
    for (size_t i = start; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return STATUS_INVALID;
        }
    }
    if (length - start > 16) {
        return STATUS_OVERFLOW;
    }
    int64_t magnitude = 0;
    for (size_t i = start; i < length; i++) {
        magnitude = magnitude * 10 + (text[i] - '0');
    }
    if (!yen_is_valid(magnitude)) {
        return STATUS_OVERFLOW;
    }
    *out_yen = is_negative ? -magnitude : magnitude;
    return STATUS_OK;
}

const char *
yen_format(char out[YEN_TEXT_SIZE], int64_t amount_yen)
{
    char digits[YEN_TEXT_SIZE];
    yen_format_plain(digits, amount_yen);
    const char *source = digits;
    char *target = out;
    if (*source == '-') {
        *target++ = *source++;
    }
    size_t left = strlen(source);
    while (left > 0) {
        *target++ = *source++;
        left--;
        if (left > 0 && left % 3 == 0) {
            *target++ = ',';
        }
    }
    *target = '\0';
    return out;
}

const char *
yen_format_plain(char out[YEN_TEXT_SIZE], int64_t amount_yen)
{
    snprintf(out, YEN_TEXT_SIZE, "%lld", (long long)amount_yen);
    return out;
}
