/* What a place sells on a day, as its keys show it: for looking ahead (「4/1に何が変わるか」). Pure. */
#pragma once

#include "common/clock/civil.h"
#include "common/json/reader.h"

/* An item on two days. NULL: it is not sold on that day. Borrowed from the document. */
struct offer {
    const char *code;
    const struct json_value *on_first;
    const struct json_value *on_second;
    const struct json_value *tariff_first; /* the tariff's row of that day, where the item has one */
    const struct json_value *tariff_second;
    bool has_changed;
};

/* The items of DOCUMENT that PLACE (a code; NULL: all places together) sells on FIRST or on SECOND (YYYY-MM-DD), in the
 * order of the document. *OUT is given: free(). STATUS_NOT_FOUND for an unknown place. */
enum status masters_offers(const struct json_value *document, const char *place, const char *first, const char *second,
                           struct offer **out, size_t *out_count, struct error_detail *err) MUST_CHECK;

/* Whether ITEM stands on PLACE's keys or belongs to a facility that it serves, whatever the day. */
bool masters_place_sells(const struct json_value *place, const struct json_value *item);
