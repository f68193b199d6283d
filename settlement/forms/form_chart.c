/* Lengths follow from the largest bar; an axis is cut at 1, 2 or 5 times a power of ten. */
#include "settlement/forms/form_chart.h"

#include "common/money/yen.h"

#include <stdio.h>

static const double title_height = 16, legend_height = 16, standing_height = 150, axis_width = 62, label_height = 14;
static const double lying_row = 12.5, lying_label = 170, lying_note = 52;
static const double thin = 0.3;

static const struct pen_style title_style = {.size = 10, .is_bold = true};
static const struct pen_style small_style = {.size = 8}, small_right = {.size = 8, .align = PEN_RIGHT},
                              small_centre = {.size = 8, .align = PEN_CENTRE};

double
form_chart_height(const struct form_chart *chart)
{
    const double head = title_height + (chart->series_count > 1 ? legend_height : 0);
    switch (chart->kind) {
    case FORM_NO_CHART:
        return 0;
    case FORM_STACKED:
    case FORM_BESIDE:
        return head + label_height + standing_height + label_height;
    case FORM_LYING:
        return head + lying_row * (double)chart->bar_count + 4;
    }
    return 0;
}

/* The length of a bar: of its parts together, or of its longest. */
static int64_t
length_of(const struct form_chart *chart, const struct form_bar *bar)
{
    int64_t sum = 0, longest = 0;
    for (size_t i = 0; i < chart->series_count; i++) {
        sum += bar->values[i];
        longest = bar->values[i] > longest ? bar->values[i] : longest;
    }
    return chart->kind == FORM_BESIDE ? longest : sum;
}

static int64_t
longest_of(const struct form_chart *chart)
{
    int64_t longest = 1;
    for (size_t i = 0; i < chart->bar_count; i++) {
        const int64_t length = length_of(chart, &chart->bars[i]);
        longest = length > longest ? length : longest;
    }
    return longest;
}

/* The first of 1, 2, 5, 10, 20 … that cuts MOST into at most five. */
static int64_t
step_of(int64_t most)
{
    static const int64_t firsts[] = {1, 2, 5};
    int64_t power = 1;
    for (size_t i = 0;; i++) {
        const int64_t step = firsts[i % 3] * power;
        if (most / step <= 5) {
            return step;
        }
        power *= i % 3 == 2 ? 10 : 1;
    }
}

static double
draw_head(const struct form_chart *chart, struct pen *pen, double x, double y, double width)
{
    pen_write(pen, &title_style, chart->title, x, y, width);
    y += title_height;
    if (chart->series_count < 2) {
        return y;
    }
    for (size_t i = 0; i < chart->series_count; i++, x += 100) {
        pen_fill(pen, (enum pen_fill)(i % PEN_FILL_COUNT), x, y + 2, 16, 8);
        pen_write(pen, &small_style, chart->series[i], x + 20, y, 78);
    }
    return y + legend_height;
}

static void
draw_axis(struct pen *pen, int64_t most, double x, double y, double width)
{
    char text[YEN_TEXT_SIZE];
    const int64_t step = step_of(most);
    for (int64_t value = 0; value <= most; value += step) {
        const double at = y + standing_height * (1 - (double)value / (double)most);
        pen_line(pen, x + axis_width, at, x + width, at, thin);
        pen_write(pen, &small_right, yen_format(text, value), x, at - 6, axis_width - 4);
    }
}

static void
draw_standing(const struct form_chart *chart, struct pen *pen, double x, double y, double width)
{
    const int64_t most = longest_of(chart);
    const double slot = (width - axis_width) / (double)(chart->bar_count > 0 ? chart->bar_count : 1);
    y += label_height;
    draw_axis(pen, most, x, y, width);
    for (size_t i = 0; i < chart->bar_count; i++) {
        const struct form_bar *bar = &chart->bars[i];
        const double left = x + axis_width + slot * (double)i, bottom = y + standing_height;
        const double whole = slot * 0.7 < 40 ? slot * 0.7 : 40, first = left + (slot - whole) / 2;
        const double each = chart->kind == FORM_BESIDE ? whole / (double)chart->series_count : whole;
        double below = bottom;
        for (size_t s = 0; s < chart->series_count; s++) {
            const double height = standing_height * (double)bar->values[s] / (double)most;
            const double at = chart->kind == FORM_BESIDE ? first + each * (double)s : first;
            const double top = (chart->kind == FORM_BESIDE ? bottom : below) - height;
            if (bar->values[s] > 0) {
                pen_fill(pen, (enum pen_fill)(s % PEN_FILL_COUNT), at, top, each, height);
            }
            below = top;
        }
        const double top = bottom - standing_height * (double)length_of(chart, bar) / (double)most;
        pen_write(pen, &small_centre, bar->note, left - 6, top - 12, slot + 12);
        pen_write(pen, &small_centre, bar->label, left - 2, bottom + 2, slot + 4);
    }
}

static void
draw_lying(const struct form_chart *chart, struct pen *pen, double x, double y, double width)
{
    const int64_t most = longest_of(chart);
    const double room = width - lying_label - lying_note;
    for (size_t i = 0; i < chart->bar_count; i++, y += lying_row) {
        const struct form_bar *bar = &chart->bars[i];
        double at = x + lying_label;
        pen_write(pen, &small_right, bar->label, x, y, lying_label - 6);
        for (size_t s = 0; s < chart->series_count; s++) {
            const double length = room * (double)bar->values[s] / (double)most;
            if (bar->values[s] > 0) {
                pen_fill(pen, (enum pen_fill)(s % PEN_FILL_COUNT), at, y + 2, length, lying_row - 4);
            }
            at += length;
        }
        pen_write(pen, &small_right, bar->note, x + width - lying_note, y, lying_note);
    }
}

void
form_chart_draw(const struct form_chart *chart, struct pen *pen, double x, double y, double width)
{
    y = draw_head(chart, pen, x, y, width);
    if (chart->kind == FORM_LYING) {
        draw_lying(chart, pen, x, y, width);
    } else {
        draw_standing(chart, pen, x, y, width);
    }
}
