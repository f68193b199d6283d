/* Two letters, four digits of the year, six of the number. */
#include "settlement/remittance/reference.h"

#include <inttypes.h>
#include <stdio.h>

enum { DIGITS = 10, LENGTH = 2 + DIGITS, NUMBERS = 1000000 };

int64_t
remittance_key(int64_t fiscal_year, int64_t number)
{
    return fiscal_year * NUMBERS + number;
}

const char *
remittance_number_format(char out[REMITTANCE_REFERENCE_SIZE], int64_t fiscal_year, int64_t number)
{
    snprintf(out, REMITTANCE_REFERENCE_SIZE, "%04" PRId64 "-%06" PRId64, fiscal_year % 10000, number % NUMBERS);
    return out;
}

const char *
remittance_reference_format(char out[REMITTANCE_REFERENCE_SIZE], int64_t fiscal_year, int64_t number)
{
    snprintf(out, REMITTANCE_REFERENCE_SIZE, "HK%04" PRId64 "%06" PRId64, fiscal_year % 10000, number % NUMBERS);
    return out;
}

static bool
is_alphanumeric(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* The key of the reference that begins at AT with LEFT bytes behind it, or 0. */
static int64_t
key_at(const char *at, size_t left)
{
    int64_t key = 0;
    if (left < LENGTH || at[0] != 'H' || at[1] != 'K' || (left > LENGTH && is_alphanumeric(at[LENGTH]))) {
        return 0;
    }
    for (size_t i = 2; i < LENGTH; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return 0;
        }
        key = key * 10 + (at[i] - '0');
    }
    return key;
}

int64_t
remittance_key_in(struct text_view text)
{
    int64_t found = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (i > 0 && is_alphanumeric(text.at[i - 1])) {
            continue;
        }
        int64_t key = key_at(text.at + i, text.length - i);
        if (key != 0 && found != 0 && key != found) {
            return -1;
        }
        found = key != 0 ? key : found;
    }
    return found;
}
