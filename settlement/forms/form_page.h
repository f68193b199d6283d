/* Where everything of a form stands on its A4 pages. The flow is walked twice, first without drawing: only then it is
 * known how many pages there are. For the module only. */
#pragma once

#include "settlement/forms/form.h"
#include "settlement/forms/pen.h"

/* A4 upright, in points. */
#define FORM_PAGE_SHORT 595.276
#define FORM_PAGE_LONG 841.890

/* Draw FORM from a new page on; the caller has set the surface to the form's size. STATUS_NO_MEMORY. */
enum status form_draw(const struct form *form, struct pen *pen, struct error_detail *err) MUST_CHECK;
