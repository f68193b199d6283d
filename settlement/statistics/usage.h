/* How citizens paid in a fiscal year: by month and by brand. PURE.
 *
 * INVARIANT: total = Σ months, of each method; Σ brands of a month = its methods other than `none`. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

enum usage_method { USAGE_CASH, USAGE_QR, USAGE_EMONEY, USAGE_CREDIT, USAGE_NONE, USAGE_METHOD_COUNT };

enum {
    USAGE_MONTHS = 12,     /* from April */
    USAGE_BRANDS_MAX = 64, /* three times what the city takes today; brands come and go by date */
    USAGE_BRAND_SIZE = 33
};

struct usage_sum {
    int64_t count;
    int64_t amount_yen;
};

struct usage_brand {
    char brand[USAGE_BRAND_SIZE];
    enum usage_method method;
    struct usage_sum months[USAGE_MONTHS];
    struct usage_sum total;
};

struct usage_year {
    int fiscal_year;
    struct usage_sum months[USAGE_MONTHS][USAGE_METHOD_COUNT];
    struct usage_sum total[USAGE_METHOD_COUNT];
    struct usage_sum refunds[USAGE_MONTHS]; /* by the month they were paid in; in no other sum */
    struct usage_sum refund_total;
    struct usage_brand brands[USAGE_BRANDS_MAX]; /* in the order in which they came */
    size_t brand_count;
};

void usage_year_init(struct usage_year *year, int fiscal_year);

/* Add what was paid in MONTH ("YYYY-MM") with BRAND ("" for cash and none). STATUS_INVALID for a month of another year
 * or an unknown METHOD ("cash", "qr", "emoney", "credit", "none"), STATUS_OVERFLOW for a brand too many. */
enum status usage_add(struct usage_year *year, const char *month, const char *method, const char *brand, int64_t count,
                      int64_t amount_yen, struct error_detail *err) MUST_CHECK;
enum status usage_add_refund(struct usage_year *year, const char *month, int64_t count, int64_t amount_yen,
                             struct error_detail *err) MUST_CHECK;

/* Cash and cashless of one row of methods; 0円 issues are in neither. */
struct usage_sum usage_cashless(const struct usage_sum methods[USAGE_METHOD_COUNT]);
struct usage_sum usage_paid(const struct usage_sum methods[USAGE_METHOD_COUNT]);

/* 0 … 11 for April … March of FISCAL_YEAR; −1 for any other month or text. */
int usage_month_index(int fiscal_year, const char *month);

/* "2026-04" of month INDEX. Returns OUT. */
enum { USAGE_MONTH_SIZE = 24 };
const char *usage_month_text(char out[USAGE_MONTH_SIZE], int fiscal_year, int index);

/* "cash" and "現金". Static. */
const char *usage_method_word(enum usage_method method);
const char *usage_method_name(enum usage_method method);
