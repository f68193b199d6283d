/* 調定票 and 集合調定内訳票 (財務規則 of cities; 地方自治法231条, 施行令154条): what stands on them. Pure. */
#pragma once

#include "settlement/assessment/record.h"
#include "settlement/forms/form.h"

/* Fill FORM (begun here; the caller finishes it) with the slip of RECORD: 調定票, 増額調定票 or 減額調定票. ISSUER is
 * the city's name. A record that is not approved says so in its title and has no number. 収入済額 is not on it: it
 * grows while the paper lies in its binder. */
void assessment_slip_form(struct form *form, const struct assessment_record *record, const char *issuer);

/* Begin the breakdown of RECORD; add its lines in their order, then end it: totals are summed of the lines, and must be
 * what the record says (STATUS_INVALID "breakdown_differs" otherwise: the paper would contradict itself). */
struct assessment_breakdown {
    struct form *form;
    int64_t count;
    int64_t amount_yen;
    int64_t tax_yen;
    bool has_overflowed;
};
void assessment_breakdown_begin(struct assessment_breakdown *breakdown, struct form *form,
                                const struct assessment_record *record, const char *issuer);
void
assessment_breakdown_add(struct assessment_breakdown *breakdown, int64_t number, const struct assessment_line *line);
enum status assessment_breakdown_end(struct assessment_breakdown *breakdown, const struct assessment_record *record,
                                     struct error_detail *err) MUST_CHECK;
