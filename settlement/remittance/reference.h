/* 払込番号: what a 現金払込書 is known by, on paper ("2026-000012") and, where the bank passes it on, in the bank's
 * record
 * ("HK2026000012": letters and digits that every transfer form takes). PURE. */
#pragma once

#include "settlement/statements/text_view.h"

#include <stdint.h>

enum {
    REMITTANCE_NUMBER_MAX = 999999, /* six digits: a city of 500 offices that pay in twice a day uses 250,000 a year */
    REMITTANCE_REFERENCE_SIZE = 24
};

/* NUMBER of FISCAL_YEAR (2000 … 2999) as one integer that is compared. */
int64_t remittance_key(int64_t fiscal_year, int64_t number);

/* "2026-000012" and "HK2026000012". Return OUT. */
const char *remittance_number_format(char out[REMITTANCE_REFERENCE_SIZE], int64_t fiscal_year, int64_t number);
const char *remittance_reference_format(char out[REMITTANCE_REFERENCE_SIZE], int64_t fiscal_year, int64_t number);

/* The key that TEXT names by a reference with no letter or digit around it; 0 when it names none, and −1 when it names
 * two that differ. */
int64_t remittance_key_in(struct text_view text);
