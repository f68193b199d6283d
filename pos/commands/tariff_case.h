/* CASE.json of `madoguchi-pos tariff`: which tariff, on which day, the answers, and who granted what. */
#pragma once

#include "common/tariff/document.h"

enum { TARIFF_CASE_MAX_BYTES = 64 * 1024 }; /* as a journal line, in which such a case will stand */

/* INVARIANT: `result` is meaningful once tariff_case_price was STATUS_OK. */
struct tariff_case {
    struct json_value *json;
    struct tariff *tariff;
    struct civil_date date;
    struct tariff_reduction *reductions[TARIFF_GRANTED_MAX];
    struct tariff_granted granted[TARIFF_GRANTED_MAX];
    size_t granted_count;
    struct tariff_result result;
};

/* Read LENGTH bytes of TEXT, taking its tariff and reductions from DOCUMENT. *OUT is given: tariff_case_destroy.
 * STATUS_INVALID or STATUS_NOT_FOUND, with line and column where there are; *OUT_IS_OF_DOCUMENT tells whether they are
 * of the document. */
enum status tariff_case_open(struct tariff_case **out, const struct tariff_document *document, const char *text,
                             size_t length, bool *out_is_of_document, struct error_detail *err) MUST_CHECK;
void tariff_case_destroy(struct tariff_case *example);

/* As tariff_price. */
enum status tariff_case_price(struct tariff_case *example, struct error_detail *err) MUST_CHECK;
