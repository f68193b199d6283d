/* What stands against closing a fiscal year, and what would be declared. */
#pragma once

#include "common/clock/civil.h"
#include "common/signing/signing.h"
#include "settlement/store/year_closing_store.h"

/* INVARIANT: received_yen + outstanding_yen = assessed_yen. */
struct closing_facts {
    int fiscal_year;
    char closing_day[CIVIL_DATE_TEXT_SIZE]; /* 出納閉鎖: 31 May */
    bool is_after_closing_day;              /* only then can the year be closed */
    struct year_obstacle obstacles[CLOSING_QUESTION_COUNT];
    int64_t assessed_count;
    int64_t assessed_yen;    /* 減額 negative */
    int64_t received_yen;    /* come by the closing day, or by today before it */
    int64_t outstanding_yen; /* 収入未済 */
    char record_sha256[SHA256_TEXT_SIZE];
};

/* Whether QUESTION forbids the closing. The others go beside it and are shown: money in doubt is in no 調定 and will be
 * income of the year in which it is found; 要確認, 払込 and refunds go on in the new year. */
bool closing_is_obstacle(enum closing_question question);

/* Whether nothing stands against it. */
bool closing_is_possible(const struct closing_facts *facts);

/* Of FISCAL_YEAR as on TODAY. STATUS_OVERFLOW for a year with more 調定 than collection can hold. */
enum status closing_facts_read(struct closing_facts *out, struct store_txn *txn, const char *municipality,
                               int fiscal_year, struct civil_date today, struct error_detail *err) MUST_CHECK;
