/* Sums inside an XML file beside those that its layout names as checks: opening balance and movements must come to the
 * closing balance, and the details of a line to its amount. For xml_reader.c. */
#pragma once

#include "settlement/statements/tally.h"
#include "settlement/statements/xml_slots.h"

/* An element whose amount is added up, while it is open. Its slots: amount, direction, kind (of a balance). */
struct xml_open_sum {
    const struct xml_sum *plan;
    struct slots slots;
    size_t scope; /* the length of its element's path; 0: none is open */
};

/* INVARIANT: opening and closing are of the open group, the figures of details of the open line. */
struct xml_sums {
    const struct xml_plan *plan;
    struct xml_open_sum balance;
    struct xml_open_sum detail;
    bool has_opening, has_closing;
    int64_t opening_yen, closing_yen;
    unsigned detail_count;
    int64_t detail_yen;         /* of details that say their direction, with sign */
    int64_t detail_without_yen; /* of those that do not: the line's */
    bool is_detail_unknown;     /* some detail says no amount */
};

void xml_sums_init(struct xml_sums *sums, const struct xml_plan *plan);
void xml_sums_finish(struct xml_sums *sums);
void xml_sums_begin_group(struct xml_sums *sums);
void xml_sums_begin_line(struct xml_sums *sums);

/* The element at PATH (relative to its record), whose whole path is LENGTH long, opens: true when it is one of SUM's.
 */
bool xml_sums_open(struct xml_open_sum *sum, const char *path, size_t length);
void xml_sums_fill(struct xml_sums *sums, unsigned depth, const char *text, size_t length);

/* An element closes. STATUS_INVALID "statement_incomplete": a balance is no number. The caller adds the place. */
enum status xml_sums_close(struct xml_sums *sums, unsigned depth, size_t length, struct error_detail *err) MUST_CHECK;

/* The group ends, its lines are in TALLY. STATUS_INVALID "statement_incomplete". */
enum status
xml_sums_check_balance(const struct xml_sums *sums, const struct tally *tally, struct error_detail *err) MUST_CHECK;

/* LINE was read. STATUS_INVALID "statement_field". */
enum status
xml_sums_check_details(const struct xml_sums *sums, const struct bank_line *line, struct error_detail *err) MUST_CHECK;

/* Whether TEXT is one of SELECTOR's. */
bool xml_selector_holds(const struct record_selector *selector, struct text_view text);
