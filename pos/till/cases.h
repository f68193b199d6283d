/* Cases: what a clerk enters for an item that a tariff prices, and the reductions that come with it. */
#pragma once

#include "common/json/reader.h"
#include "common/tariff/tariff.h"

struct till;

/* A reduction as the request names it; borrowed. GRANTER NULL: the only one that may grant it. */
struct granted_choice {
    const char *rule;
    const char *granter;
};

/* Borrowed. */
struct case_input {
    const char *item;
    const struct json_value *facts; /* an object; NULL: nothing answered */
    struct granted_choice granted[TARIFF_GRANTED_MAX];
    size_t granted_count;
    const char *ticket; /* the ticket that it pays; NULL: none. Then a price of 0 is refused: `nothing_to_pay` */
};

/* Append {"item","name","category","price_yen","questions":null|{…},"reductions":[{"code","name","granters"}]}: what is
 * asked for ITEM, and which reductions may be granted for it. STATUS_NOT_FOUND. */
enum status
till_write_questions(struct till *till, const char *item, struct buffer *out, struct error_detail *err) MUST_CHECK;

/* Append {"item","lines","total_yen"} (tariff_result_write), or {"item","fault":{"code","message"}} when the case has
 * no price (yet). Changes nothing. */
enum status till_price_case(struct till *till, const struct case_input *input, struct buffer *out,
                            struct error_detail *err) MUST_CHECK;

/* Put the lines of the case into the basket, in the place of set REPLACED (0: none). */
enum status
till_put_case(struct till *till, const struct case_input *input, int64_t replaced, struct error_detail *err) MUST_CHECK;
