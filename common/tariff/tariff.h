/* Tariffs: from what is asked of a case to priced lines, each explained (docs/tariffs.md).
 *
 * A tariff is a row of the masters. It is pure: no clock, no floating point, no I/O; the day and every instant come in
 * as parameters, so that the same case has the same price on the till, in the service and in a test ten years on.
 *
 *     tariff_read → tariff_questions (what to ask) → facts (what a clerk entered) → tariff_price → lines
 *
 * Errors of a row (tariff_read, tariff_reduction_read) begin with the member's path, "categories[1].price_yen: …",
 * which json_place finds in the text; errors of facts are sentences for the clerk. All are in Japanese and say what to
 * do. */
#pragma once

#include "common/clock/civil.h"
#include "common/json/reader.h"
#include "common/json/writer.h"
#include "common/money/yen.h"

enum {
    TARIFF_CODE_SIZE = 33,     /* codes of masters: 1 to 32 of [0-9A-Za-z_-] */
    TARIFF_TEXT_SIZE = 121,    /* names and rows: up to 40 kanji, what a receipt's line and a journal line hold */
    TARIFF_LINES_MAX = 40,     /* lines of one result: a basket holds 100 */
    TARIFF_ROWS_MAX = 12,      /* rows that explain a line: what fits beside it on a screen */
    TARIFF_QUANTITY_MAX = 999, /* of one line: three keys on the pad, as in a basket */
    TARIFF_GRANTED_MAX = 4     /* reductions in one case: each for another part of the price */
};

/* The dearest result: one payment is at most 9,999,999 yen. */
#define TARIFF_TOTAL_MAX_YEN INT64_C(9999999)

struct tariff;

/* Read one row of `tariffs`, strictly: a member that the form does not have is refused. ROW is borrowed for the call
 * only. *OUT is given: tariff_destroy. STATUS_INVALID, STATUS_NO_MEMORY. */
enum status tariff_read(struct tariff **out, const struct json_value *row, struct error_detail *err) MUST_CHECK;
void tariff_destroy(struct tariff *tariff);

/* Borrowed from the tariff. */
const char *tariff_code(const struct tariff *tariff);
const char *tariff_name(const struct tariff *tariff);
const char *tariff_form_name(const struct tariff *tariff);
bool tariff_is_valid_on(const struct tariff *tariff, struct civil_date date);

/* Append the object {"tariff","name","form","parts":[…],"questions":[…]}: what must be asked for a case on that day, in
 * the order of asking. A question is {"id","kind","label","hint","required", …} and its answer is the member `id` of
 * the facts:
 *
 *   kind     more members                                          the answer
 *   count    unit, min, max, default                               an integer
 *   counts   rows [{code, name, hint, unit, min, max, default,     an object, code → integer; codes left out are 0
 *            price_yen?}]
 *   choice   choices [{code, name, hint}], default?                a code
 *   choices  choices                                               an array of codes
 *   grid     columns [{code, name, hint}],                         an object, row's code → array of column codes; a row
 *            rows [{code, name, hint, prices_yen}]                 has the columns that its prices_yen names
 *   flag     default                                               true or false
 *   date     default, min, max                                     "YYYY-MM-DD"
 *   instant  default ("now" or null)                               "YYYY-MM-DDTHH:MM" in Japan, or ISO 8601 with offset
 *   yen      min, max, default                                     an integer
 *
 * An answer left out takes the default; a required one without a default must be given. */
enum status tariff_questions(const struct tariff *tariff, struct civil_date business_date, struct buffer *out,
                             struct error_detail *err) MUST_CHECK;

/* A row of `reductions` (減免). */
struct tariff_reduction;

enum status
tariff_reduction_read(struct tariff_reduction **out, const struct json_value *row, struct error_detail *err) MUST_CHECK;
void tariff_reduction_destroy(struct tariff_reduction *reduction);
const char *tariff_reduction_code(const struct tariff_reduction *reduction);
const char *tariff_reduction_name(const struct tariff_reduction *reduction);
bool tariff_reduction_is_valid_on(const struct tariff_reduction *reduction, struct civil_date date);

/* Offices that may grant it; INDEX from 0, NULL beyond the last. */
const char *tariff_reduction_granter(const struct tariff_reduction *reduction, size_t index);

/* Whether it is for ITEM at FACILITY (codes; FACILITY NULL or "" when the item has none): rows without `items` and
 * `facilities` are for all. tariff_price does not ask this: it knows no items. */
bool tariff_reduction_covers(const struct tariff_reduction *reduction, const char *item, const char *facility);

/* Whether it is about any part of a price of TARIFF: one that is not makes a case without a price. */
bool tariff_reduction_fits(const struct tariff_reduction *reduction, const struct tariff *tariff);

/* What REDUCTION takes off QUANTITY (1 … TARIFF_QUANTITY_MAX) units at UNIT_PRICE_YEN (0 … TARIFF_TOTAL_MAX_YEN) of
 * part PART, with the default rounding: for items with a price of their own, whose part is "all". 0 … unit × quantity.
 */
int64_t tariff_reduction_yen(const struct tariff_reduction *reduction, const char *part, int64_t unit_price_yen,
                             int64_t quantity);

/* A reduction that a case is granted, and by whom. Borrowed. */
struct tariff_granted {
    const struct tariff_reduction *reduction;
    const char *granter;
};

struct tariff_row {
    char text[TARIFF_TEXT_SIZE];
    int64_t yen; /* negative for what is taken off */
};

/* One line of a sale. INVARIANT: 0 ≤ reduction_yen ≤ unit_price_yen × quantity; amount_yen = unit_price_yen × quantity
 * − reduction_yen = Σ rows.yen ≥ 0; 1 ≤ quantity ≤ TARIFF_QUANTITY_MAX; 1 ≤ row_count. */
struct tariff_line {
    char label[TARIFF_TEXT_SIZE];    /* what tells it from the item's other lines: "一般(団体)"; may be "" */
    char category[TARIFF_CODE_SIZE]; /* for counting: category of person, room, equipment …; may be "" */
    char part[TARIFF_CODE_SIZE];     /* of the price, as reductions name it: "room" … */
    int64_t unit_price_yen;
    int64_t quantity;
    char reduction_rule[TARIFF_CODE_SIZE]; /* "" when nothing is taken off */
    char reduction_name[TARIFF_TEXT_SIZE];
    char reduction_granter[TARIFF_TEXT_SIZE];
    int64_t reduction_yen;
    int64_t amount_yen;
    struct tariff_row rows[TARIFF_ROWS_MAX];
    size_t row_count;
};

/* About 90 KiB. INVARIANT: 1 ≤ line_count; total_yen = Σ lines.amount_yen ≤ TARIFF_TOTAL_MAX_YEN; people who pay
 * nothing are lines too, because they are counted. */
struct tariff_result {
    struct tariff_line lines[TARIFF_LINES_MAX];
    size_t line_count;
    int64_t total_yen;
};

/* Price a case. FACTS is an object of answers (NULL: none given; the order of its members does not matter). GRANTED are
 * GRANTED_COUNT reductions, valid on BUSINESS_DATE; two that would meet in one line are refused. Whether the tariff
 * itself is valid on that day is the caller's choice of the row. STATUS_INVALID: an answer is missing, unknown or
 * impossible; STATUS_REFUSED: not sold like that (a room in a band that it has no price for, a reduction that fits no
 * part); STATUS_OVERFLOW: dearer or longer than a sale can be. */
enum status tariff_price(const struct tariff *tariff, const struct json_value *facts,
                         const struct tariff_granted *granted, size_t granted_count, struct civil_date business_date,
                         struct tariff_result *out, struct error_detail *err) MUST_CHECK;

/* Write the members "lines" ([{label, category, part, quantity, unit_price_yen, reduction?, amount_yen, rows}]) and
 * "total_yen" into an object that is open. */
void tariff_result_write(const struct tariff_result *result, struct json_writer *writer);
