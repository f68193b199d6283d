/* Drawing a form's chart: bars with an axis, a legend and notes, in black and white. For the module only. */
#pragma once

#include "settlement/forms/form.h"
#include "settlement/forms/pen.h"

/* Points; 0 when there is no chart. */
double form_chart_height(const struct form_chart *chart);

/* With its upper left corner at (X, Y). */
void form_chart_draw(const struct form_chart *chart, struct pen *pen, double x, double y, double width);
