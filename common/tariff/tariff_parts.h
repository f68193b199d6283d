/* What the files of this folder share: the tariff in memory, and a case on its way to lines. */
#pragma once

#include "common/tariff/member.h"
#include "common/tariff/tariff.h"

enum {
    FACTORS_MAX = 3,   /* 住所, 入場料, 営利: what the ordinances that we know multiply by */
    CHOICES_MAX = 8,   /* of one factor: keys in two rows on a screen */
    PERCENT_MAX = 500, /* with 3 factors and a day: 10^7 yen × 500^4 < 2^63 */
    DAY_RULES_MAX = 12,
    DATES_MAX = 400, /* twenty holidays a year for as long as anybody plans */
    LISTED_MAX = 40  /* codes that a rule may name: bands, categories, rooms */
};

/* One answer of a factor. INVARIANT: the first choice of a factor is its default. */
struct tariff_choice {
    char code[TARIFF_CODE_SIZE];
    char name[TARIFF_TEXT_SIZE];
    char hint[TARIFF_TEXT_SIZE];
    int64_t percent; /* of the price, 0 … PERCENT_MAX */
};

/* A question whose answer changes prices: 市内/市外, 入場料を徴収する …. */
struct tariff_factor {
    char code[TARIFF_CODE_SIZE];
    char name[TARIFF_TEXT_SIZE];
    struct tariff_choice choices[CHOICES_MAX];
    size_t choice_count;
    char (*parts)[TARIFF_CODE_SIZE]; /* NULL: every part */
    size_t part_count;
};

/* A price, or one price for each choice of a factor (whose percents then do not count). */
struct tariff_price_of {
    int64_t yen;
    int factor; /* −1: `yen` is the price */
    int64_t by_choice_yen[CHOICES_MAX];
};

enum rounding_mode { ROUND_DOWN, ROUND_UP, ROUND_NEAREST };

/* To a multiple of `to_yen`. */
struct tariff_rounding {
    int64_t to_yen;
    enum rounding_mode mode;
};

/* Certain days. INVARIANT: `weekdays` has bit d for weekday d, 0 = Sunday, and bit 7 for the tariff's holidays. */
struct tariff_day_set {
    unsigned weekdays;
    bool except_holidays;
    struct civil_date *dates; /* owned */
    size_t date_count;
    struct civil_date *except_dates; /* owned */
    size_t except_date_count;
};

/* A price of certain days: 土曜無料開放 (0 percent), 土日祝 (120). */
struct tariff_day_rule {
    char name[TARIFF_TEXT_SIZE];
    int64_t percent;
    struct tariff_day_set days;
    char (*bands)[TARIFF_CODE_SIZE]; /* these lists, owned: NULL for all */
    size_t band_count;
    char (*categories)[TARIFF_CODE_SIZE];
    size_t category_count;
    char (*parts)[TARIFF_CODE_SIZE];
    size_t part_count;
};

struct tariff {
    char code[TARIFF_CODE_SIZE];
    char name[TARIFF_TEXT_SIZE];
    const struct tariff_form *form;
    struct civil_date valid_from;
    struct civil_date valid_to; /* the last day; year 0: no end */
    struct tariff_rounding rounding;
    struct tariff_rounding reduction_rounding;
    struct tariff_factor factors[FACTORS_MAX];
    size_t factor_count;
    struct civil_date *holidays;
    size_t holiday_count;
    struct tariff_day_rule *day_rules;
    size_t day_rule_count;
    void *terms; /* the form's own; owned */
};

struct pricing;
struct question_list;

/* A form of tariff. All are pure. */
struct tariff_form {
    const char *name;
    bool has_days;                   /* whether `days` may stand in the row */
    bool has_factors;                /* whether `factors` may */
    const char *const *reserved_ids; /* ids of its questions, NULL-terminated: no factor may be called so */

    /* Read the form's own members of ROW into TARIFF's terms, which exist from then on even after a failure (in ROW).
     */
    void (*read)(struct tariff *tariff, struct member_row *row);
    void (*destroy)(void *terms); /* NULL: free() suffices */
    bool (*has_part)(const struct tariff *tariff, const char *part);
    bool (*has_band)(const struct tariff *tariff, const char *code);              /* NULL: no bands */
    bool (*has_category)(const struct tariff *tariff, const char *code);          /* NULL: no categories */
    void (*write_parts)(const struct tariff *tariff, struct json_writer *writer); /* texts of an array */
    void (*ask)(const struct tariff *tariff, struct civil_date date, struct question_list *questions);
    void (*price)(const struct tariff *tariff, struct pricing *pricing); /* outcome in pricing->status */
};

extern const struct tariff_form tariff_fixed_form;
extern const struct tariff_form tariff_steps_form;
extern const struct tariff_form tariff_persons_form;
extern const struct tariff_form tariff_bands_form;
extern const struct tariff_form tariff_parking_form;
extern const struct tariff_form tariff_season_form;

/* NULL when there is no form of that name. */
const struct tariff_form *tariff_form_find(const char *name);

/* Read KEY as a price of 0 to TARIFF_TOTAL_MAX_YEN: a number, or an object from every choice of one factor to numbers.
 */
void
tariff_price_read(const struct tariff *tariff, struct member_row *row, const char *key, struct tariff_price_of *out);
/* The same for a VALUE that stands under KEY of ROW's object OUTER_KEY. */
void tariff_price_read_value(const struct tariff *tariff, struct member_row *row, const char *key,
                             const struct json_value *value, struct tariff_price_of *out);

/* Factors and days: their rows, their effects (factor.c, day_rule.c). */
void tariff_factors_read(struct tariff *tariff, struct member_row *row);
void tariff_days_read(struct tariff *tariff, struct member_row *row);
void tariff_factors_check(const struct tariff *tariff, struct member_row *row); /* codes, once the form is read */
void tariff_days_check(const struct tariff *tariff, struct member_row *row);
void tariff_days_destroy(struct tariff *tariff);

/* `weekdays`, `dates` … of ROW, one of the two at least; and whether DATE is one of them. */
void tariff_day_set_read(struct tariff_day_set *set, struct member_row *row);
void tariff_day_set_finish(struct tariff_day_set *set);
bool tariff_day_set_has(const struct tariff *tariff, const struct tariff_day_set *set, struct civil_date date);

/* The first rule that fits, or NULL. BAND is NULL for prices without bands. */
const struct tariff_day_rule *tariff_day_rule_for(const struct tariff *tariff, struct civil_date date, const char *band,
                                                  const char *category, const char *part);

void tariff_rounding_read(struct member_row *row, const char *key, struct tariff_rounding *out);

/* NUMERATOR / DENOMINATOR (≥ 0, > 0) yen, rounded. */
int64_t tariff_round(int64_t numerator, int64_t denominator, struct tariff_rounding rounding);

/* As civil_date_add_days, but stops at the calendar's ends. */
struct civil_date tariff_date_shift(struct civil_date date, int days);

bool tariff_codes_have(const char (*codes)[TARIFF_CODE_SIZE], size_t count, const char *code);

/* Print into OUT, cut at a character. */
void tariff_text_print(char out[TARIFF_TEXT_SIZE], const char *format, ...) PRINTF_LIKE(2, 3);

/* --- reductions (reduction.c) --- */

enum {
    RATES_MAX = 8,    /* parts of one price */
    GRANTERS_MAX = 8, /* keys on a till's screen */
    COVERED_MAX = 200 /* items or facilities of one reduction */
};

/* INVARIANT: `percent` > 0, or percent is −1 and `yen` > 0. */
struct reduction_rate {
    char part[TARIFF_CODE_SIZE];
    int64_t percent; /* taken off, 1 … 100 */
    int64_t yen;     /* taken off each unit, or, with `is_per_use`, off the case */
    bool is_per_use;
};

/* The rate for PART: its own, else that of `all`; NULL when there is none. */
const struct reduction_rate *reduction_rate_for(const struct tariff_reduction *reduction, const char *part);

/* What RATE takes off a line, given what is left of a sum per use (NULL: all of it). */
int64_t reduction_rate_yen(const struct reduction_rate *rate, struct tariff_rounding rounding, int64_t unit_price_yen,
                           int64_t quantity, const int64_t *left_yen);

/* Rate INDEX, NULL beyond the last; and the index of RATE, which is one of the reduction's. */
const struct reduction_rate *reduction_rate_at(const struct tariff_reduction *reduction, size_t index);
size_t reduction_rate_index(const struct tariff_reduction *reduction, const struct reduction_rate *rate);
