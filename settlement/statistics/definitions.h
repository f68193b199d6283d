/* What the figures mean, in the sentences that stand on every screen, paper and file of them. PURE. */
#pragma once

#include <stddef.h>

enum statistics_subject {
    STATISTICS_CASHLESS,
    STATISTICS_CERTIFICATES,
    STATISTICS_FACILITIES,
    STATISTICS_HOURS,
    STATISTICS_DEPOSITS,
    STATISTICS_SAVINGS,
    STATISTICS_SUBJECT_COUNT
};

/* "cashless" and "キャッシュレス比率". Static. */
const char *statistics_subject_word(enum statistics_subject subject);
const char *statistics_subject_name(enum statistics_subject subject);

/* The sentences of SUBJECT; *OUT_COUNT of them. Static. */
const char *const *statistics_definitions(enum statistics_subject subject, size_t *out_count);
