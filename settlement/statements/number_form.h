/* How a company writes its amounts, when they are not the plain yen of yen_parse: "1,234円", "▲450", "(450)", "450.00",
 * hundredths. The result is whole yen in any case; what is no whole yen is refused unless the layout names a rounding.
 */
#pragma once

#include "common/outcome/status.h"
#include "settlement/statements/text_view.h"

enum {
    NUMBER_DECIMALS_MAX = 6,  /* Adyen writes fees with up to six */
    NUMBER_NEGATIVES_MAX = 4, /* ways to write a minus */
    NUMBER_TEXT_MAX_BYTES = 64
};

enum number_rounding { NUMBER_EXACT, NUMBER_DOWN, NUMBER_HALF_UP, NUMBER_UP };

/* INVARIANT: divide_by is a power of ten, 1 … 10^6. Texts are in the file's encoding. All zero but divide_by: the form
 * of yen_parse. */
struct number_form {
    unsigned decimals; /* digits that may stand behind the point */
    int64_t divide_by; /* the file counts in minor units: 100 for hundredths */
    char group;        /* 0: no separator of thousands */
    bool allows_plus;
    bool allows_spaces; /* around it */
    bool allows_parentheses;
    bool allows_trailing_minus;
    enum number_rounding rounding; /* of the magnitude */
    struct text_view negatives[NUMBER_NEGATIVES_MAX];
    unsigned negative_count;
    struct text_view unit; /* may stand behind it; empty: none */
};

/* STATUS_INVALID: no number of this form. STATUS_OVERFLOW: beyond ±YEN_LIMIT. STATUS_REFUSED: not a whole yen. */
enum status number_read(const struct number_form *form, struct text_view text, int64_t *out_yen) MUST_CHECK;
