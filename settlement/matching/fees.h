/* The fees that statements name against those that were agreed: one 手数料差 for each brand of a payout that differs.
 */
#pragma once

#include "settlement/matching/disagreements.h"

/* Look at the lines of COLLECTED that came with new imports. A file that names no fee on any line is left out: its fees
 * are billed apart. What is found is a remark: the payments agree, and it stays until a person has read it. */
enum status fees_compare(const struct collected *collected, struct agreed *agreed, struct disagreements *disagreements,
                         struct error_detail *err) MUST_CHECK;
