/* What is to be said about a draft: errors and warnings of the document that it would make, and warnings about days. */
#pragma once

#include "settlement/masters/overlay.h"
#include "settlement/masters/validate.h"

/* Merge OVERLAY and add to REMARKS. An index in a remark counts the rows of the merged document, which are the rows of
 * overlay_rows without those taken out. TODAY (YYYY-MM-DD) decides what is too late for a change. */
enum status masters_draft_remarks(struct overlay *overlay, const char *today, struct remarks *remarks,
                                  struct error_detail *err) MUST_CHECK;
