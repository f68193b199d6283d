/* One rounding rule for everything that is published. */
#include "settlement/statistics/share.h"

#include <stdio.h>

bool
share_per_mille(int64_t *out, int64_t part, int64_t whole)
{
    if (part < 0 || part > SHARE_MAX || whole <= 0 || whole > SHARE_MAX) {
        return false;
    }
    *out = (part * 2000 + whole) / (whole * 2);
    return true;
}

const char *
share_words(char out[SHARE_TEXT_SIZE], bool is_known, int64_t per_mille)
{
    if (is_known) {
        snprintf(out, SHARE_TEXT_SIZE, "%lld.%lld%%", (long long)(per_mille / 10), (long long)(per_mille % 10));
    } else {
        snprintf(out, SHARE_TEXT_SIZE, "－");
    }
    return out;
}
