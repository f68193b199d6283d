/* The order of a file's records, whatever they are made of:
 *
 *   header → line … → trailer   once per account or batch, then   end;   totals anywhere
 *
 * A layout may lack any of header, trailer and end; what it has, the file must have, in this order. */
#pragma once

#include "settlement/statements/tally.h"

/* INVARIANT: lines may come while `is_open`: a header is open, or the layout has none and no trailer came. */
struct record_flow {
    bool has_role[RECORD_TOTALS + 1]; /* the layout has records of this role */
    bool is_open;
    bool has_ended;
    bool has_totals;
    uint32_t totals_line;
    int64_t totals[LAYOUT_CHECKS_MAX];
};

void record_flow_begin(struct record_flow *flow, const struct layout *layout);

/* A record of ROLE stands at LINE: whether it may, here. Counts it in TALLY. STATUS_INVALID "statement_incomplete". */
enum status record_flow_take(struct record_flow *flow, struct tally *tally, enum record_role role, uint32_t line,
                             struct error_detail *err) MUST_CHECK;

/* Hold FIGURES, the texts of PLAN's checks, against TALLY; those of totals are kept for record_flow_finish. *OUT_BAD:
 * the check that disagrees; the caller adds its place. */
enum status
record_flow_check(struct record_flow *flow, const struct tally *tally, const struct record_plan *plan, uint32_t line,
                  const struct text_view (*figures)[2], unsigned *out_bad, struct error_detail *err) MUST_CHECK;

/* The file ends behind LINE. */
enum status record_flow_finish(struct record_flow *flow, const struct tally *tally, const struct layout *layout,
                               uint32_t line, struct error_detail *err) MUST_CHECK;
