/* How wide the cells of a line are. Found by looking at what other printers of this markup do, so that a template looks
 * alike on all of them: stars share what is left, the later ones take the odd columns; what is too wide is taken from
 * the widest. */
#include "common/receiptline/program.h"

static unsigned
borders_of(const struct settings *settings, size_t visible)
{
    if (visible == 0) {
        return 0;
    }
    return settings->border == BORDER_LINE ? (unsigned)visible + 1
                                           : (unsigned)settings->border * ((unsigned)visible - 1);
}

static size_t
count_visible(const unsigned *widths, size_t count)
{
    size_t visible = 0;
    for (size_t i = 0; i < count; i++) {
        visible += widths[i] > 0;
    }
    return visible;
}

unsigned
program_line_width(const struct settings *settings, const unsigned *widths, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += widths[i];
    }
    return sum + borders_of(settings, count_visible(widths, count));
}

/* Give FREE columns to the stars, at least one to each. */
static void
share(unsigned *widths, const bool *is_star, size_t count, size_t stars, unsigned free)
{
    size_t nth = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_star[i]) {
            const unsigned width = (unsigned)((nth + 1) * free / stars - nth * free / stars);
            widths[i] = width > 0 ? width : 1;
            nth++;
        }
    }
}

static size_t
last_visible(const unsigned *widths, size_t count)
{
    while (count > 1 && widths[count - 1] == 0) {
        count--;
    }
    return count - 1;
}

static void
shrink(const struct settings *settings, unsigned *widths, size_t count, unsigned columns)
{
    while (program_line_width(settings, widths, count) > columns) {
        size_t widest = 0;
        for (size_t i = 1; i < count; i++) {
            widest = widths[i] >= widths[widest] ? i : widest;
        }
        if (widths[widest] == 1) {
            widest = last_visible(widths, count); /* more cells and borders than columns: the last ones go */
        }
        widths[widest]--;
    }
}

size_t
program_widths(const struct settings *settings, size_t count, unsigned columns, unsigned out[RECEIPTLINE_CELLS_MAX])
{
    bool is_star[RECEIPTLINE_CELLS_MAX] = {false};
    const bool is_list = settings->mode == WIDTH_LIST;
    const size_t cells = is_list ? settings->width_count : count;
    size_t stars = 0;
    for (size_t i = 0; i < cells; i++) {
        is_star[i] = !is_list || settings->widths[i] == WIDTH_STAR;
        out[i] = is_star[i] ? 1 : settings->widths[i];
        stars += is_star[i];
    }
    const unsigned used = program_line_width(settings, out, cells) - (unsigned)stars;
    if (stars > 0) {
        share(out, is_star, cells, stars, used < columns ? columns - used : 0);
    }
    shrink(settings, out, cells, columns);
    return cells;
}
