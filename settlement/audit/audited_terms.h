/* The audit's own reading of what was agreed with payment companies (docs/masters.md, `terms` and `bank_holidays`),
 * from the published document. Nothing of terms/ is used: the arithmetic of closings, pay days and fees stands here a
 * second time. Borrows the document. Days are days since 1970-01-01. */
#pragma once

#include "common/json/reader.h"

#include <stdbool.h>
#include <stdint.h>

struct audited_terms {
    const struct json_value *rows;
    const struct json_value *holidays;
    const struct json_value *brands;
};

struct audited_terms audited_terms_of(const struct json_value *document);

/* How TRUSTEE pays what it owes for DAY. */
struct audited_payment {
    bool has_terms;
    int64_t pay_day; /* 0 without terms */
    bool is_net;
    bool is_together;
    int64_t minimum_yen;
    bool carries_negative;
};
struct audited_payment audited_payment_of(const struct audited_terms *terms, const char *trustee, int64_t day);

/* The fee that was agreed for BRAND on DAY. False where no rate was. */
struct audited_fee {
    const struct json_value *row; /* which terms these are */
    int64_t rate;                 /* millionths */
    bool is_per_line;
};
bool audited_fee_of(const struct audited_terms *terms, const char *brand, int64_t day, struct audited_fee *out);

/* Of YEN, rounded as agreed; of a refund what its sale cost, negative. */
int64_t audited_fee_yen(const struct audited_fee *fee, int64_t yen);
