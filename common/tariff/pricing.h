/* A case on its way to lines: its answers, read strictly, and the lines made of them; for this folder only.
 *
 * As in member.h the first failure stays: later calls give harmless values, and the form's `price` is read from top to
 * bottom. */
#pragma once

#include "common/tariff/tariff_parts.h"

enum {
    FACTS_MAX = 24,     /* questions of one tariff */
    BASE_ROWS_MAX = 11, /* rows of a price before factors, day and reduction: the last needs one */
    SCALED_ROWS_MAX = 7 /* the same for forms with factors and days, which need four more */
};

struct pricing {
    const struct tariff *tariff;
    const struct json_value *facts; /* an object, or NULL */
    const struct tariff_granted *granted;
    size_t granted_count;
    struct civil_date date; /* the business date; a form that asks for the day of use puts that in `day` */
    struct civil_date day;  /* whose day rules count */
    struct tariff_result *out;
    struct error_detail *err;
    enum status status;
    const char *known[FACTS_MAX];
    size_t known_count;
    size_t chosen[FACTORS_MAX];                      /* index of each factor's choice */
    int64_t left_yen[TARIFF_GRANTED_MAX][RATES_MAX]; /* of reductions per use */
};

/* Record a sentence for the clerk, unless one stands there. */
void pricing_refuse(struct pricing *pricing, const char *code, const char *format, ...) PRINTF_LIKE(3, 4);

/* Answers. ID is static; LABEL is the question's, for the sentence. A value is NULL when there is no answer. */
const struct json_value *fact_value(struct pricing *pricing, const char *id);
bool fact_is_given(struct pricing *pricing, const char *id);
int64_t
fact_count(struct pricing *pricing, const char *id, const char *label, int64_t min, int64_t max, int64_t fallback);
/* A FALLBACK of NULL: must be answered. Borrowed; "" after a failure. */
const char *fact_text(struct pricing *pricing, const char *id, const char *label, const char *fallback);
bool fact_flag(struct pricing *pricing, const char *id, const char *label);
struct civil_date fact_date(struct pricing *pricing, const char *id, const char *label, struct civil_date fallback);
/* In ms; must be answered. 0 after a failure. */
int64_t fact_instant(struct pricing *pricing, const char *id, const char *label);

/* Of the answer ID, an object code → count: the count of CODE, whose name is LABEL; 0 when left out. */
int64_t fact_count_of(struct pricing *pricing, const char *id, const char *code, const char *label, int64_t max);
/* Refuse an answer ID that is no object, or has codes that are not known. */
void fact_check_object(struct pricing *pricing, const char *id, const char *label,
                       bool (*is_known_code)(const void *context, const char *code), const void *context);

/* Refuse answers to questions that nobody asked. */
void facts_finish(struct pricing *pricing);

/* What a unit costs before factors, day and reduction. */
struct base_price {
    const char *part;
    const char *category; /* "" for none */
    const char *band;     /* NULL for none */
    const char *label;    /* of the line, without the marks of factors */
    const char *mark;     /* put into the label's brackets first: "団体"; NULL for none */
    int64_t quantity;
    struct tariff_price_of price;          /* ignored when there are rows */
    const char *row_text;                  /* "一般": the row says "一般 200円 × 3" */
    struct tariff_row rows[BASE_ROWS_MAX]; /* instead: the price of one unit in rows; their sum is ≥ 0 */
    size_t row_count;
};

/* Make a line of it: factors, the day's rule, the reduction, and all rows. */
void pricing_add(struct pricing *pricing, const struct base_price *base);

/* The price for the chosen factors. */
int64_t pricing_price(const struct pricing *pricing, const struct tariff_price_of *price);

/* The line's next row; nothing when there are TARIFF_ROWS_MAX (asserted). */
void line_add_row(struct tariff_line *line, int64_t yen, const char *format, ...) PRINTF_LIKE(3, 4);
