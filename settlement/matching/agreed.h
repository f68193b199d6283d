/* What was agreed about a brand on a day, asked for millions of payments: terms_book behind a small table of answers.
 * Where nothing was agreed the usual holds: daily statements within STATEMENT_DUE_DAYS, gross deposits, no fee known.
 */
#pragma once

#include "settlement/terms/terms_book.h"

enum {
    /* When a payment must have appeared in a statement of a company whose terms are not in the masters: daily
     * statements come the next working day, and three holidays may follow a weekend. */
    STATEMENT_DUE_DAYS = 5,
    AGREED_ANSWERS = 256, /* brands times the days of a run; a power of two */
    AGREED_BRAND_SIZE = 33
};

/* One answer. INVARIANT: `brand` "" means none yet; a longer brand is never kept. */
struct agreed_answer {
    char brand[AGREED_BRAND_SIZE];
    int64_t day;
    const char *trustee; /* NULL: the masters name none */
    const struct terms *terms;
};

struct agreed {
    const struct catalogue *catalogue;
    struct terms_book *book;
    struct agreed_answer answers[AGREED_ANSWERS];
};

/* CATALOGUE is borrowed. End with agreed_finish, also after a failure. */
enum status agreed_init(struct agreed *agreed, const struct catalogue *catalogue, struct error_detail *err) MUST_CHECK;
void agreed_finish(struct agreed *agreed);

/* Who stands behind BRAND on DAY, and by which terms; NULL where nothing is known. *OUT_TRUSTEE may be NULL. */
const struct terms *
agreed_terms(struct agreed *agreed, const char *brand, struct civil_date day, const char **out_trustee);

/* The last day on which the statement with the payments of BRAND on DAY may still come. */
struct civil_date agreed_statement_due(struct agreed *agreed, const char *brand, struct civil_date day);

/* The last day whose payments by BRAND of TRUSTEE must stand in statements before TODAY. */
struct civil_date
agreed_last_reported(struct agreed *agreed, const char *trustee, const char *brand, struct civil_date today);
