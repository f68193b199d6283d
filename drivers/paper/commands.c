/* The commands of Epson's reference that this printer knows, as a table: what they are called, how long they are, what
 * they change. A row without a function is known and changes nothing on paper. What asks for something that cannot be
 * drawn here (rotation, page mode) says so by machine_unknown rather than printing something else. */
#include "drivers/paper/machine.h"

enum { DLE = 0x10, ESC = 0x1b, FS = 0x1c, GS = 0x1d };

/* Switches take 0/1 or '0'/'1': the lowest bit decides in both. */
static bool
is_on(unsigned char argument)
{
    return (argument & 1) != 0;
}

static void
initialise(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)arguments, (void)length;
    machine_reset(paper);
}

static void
print_mode(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    struct style *style = &paper->now.style;
    style->is_small = (arguments[0] & 0x01) != 0;
    style->is_emphasised = (arguments[0] & 0x08) != 0;
    style->height_factor = (arguments[0] & 0x10) != 0 ? 2 : 1;
    style->width_factor = (arguments[0] & 0x20) != 0 ? 2 : 1;
    style->underline_dots = (arguments[0] & 0x80) != 0 ? 1 : 0;
}

static void
kanji_print_mode(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.style.width_factor = (arguments[0] & 0x04) != 0 ? 2 : 1;
    paper->now.style.height_factor = (arguments[0] & 0x08) != 0 ? 2 : 1;
    paper->now.kanji_underline_dots = (arguments[0] & 0x80) != 0 ? 1 : 0;
}

static void
kanji_quadruple(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.style.width_factor = paper->now.style.height_factor = is_on(arguments[0]) ? 2 : 1;
}

static void
character_size(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.style.width_factor = (uint8_t)((arguments[0] >> 4 & 7) + 1);
    paper->now.style.height_factor = (uint8_t)((arguments[0] & 7) + 1);
}

static void
emphasise(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.style.is_emphasised = is_on(arguments[0]);
}

static void
invert(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.style.is_inverse = is_on(arguments[0]);
}

static uint8_t
underline_dots(unsigned char argument)
{
    const unsigned dots = argument >= '0' ? argument - '0' : argument;
    return (uint8_t)(dots <= 2 ? dots : 0);
}

static void
underline(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.style.underline_dots = underline_dots(arguments[0]);
}

static void
kanji_underline(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.kanji_underline_dots = underline_dots(arguments[0]);
}

static void
font(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.style.is_small = is_on(arguments[0]);
}

static void
align(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    const unsigned n = arguments[0] >= '0' ? arguments[0] - '0' : arguments[0];
    if (n <= ALIGN_RIGHT && paper_row_is_empty(&paper->line)) { /* only taken at the beginning of a line */
        paper->now.alignment = (enum alignment)n;
    }
}

static void
character_spacing(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.character_spacing = arguments[0];
}

static void
kanji_spacing(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.kanji_left = arguments[0];
    paper->now.kanji_right = arguments[1];
}

static void
kanji_code(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.kanji_code = is_on(arguments[0]) ? KANJI_SHIFT_JIS : KANJI_JIS;
}

static void
kanji_mode_on(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)arguments, (void)length;
    paper->now.is_kanji_mode = true;
}

static void
kanji_mode_off(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)arguments, (void)length;
    paper->now.is_kanji_mode = false;
}

static void
code_page(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.code_page = arguments[0];
}

static void
country(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.country = arguments[0];
}

static void
line_spacing_default(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)arguments, (void)length;
    paper->now.line_spacing = LINE_SPACING_DEFAULT;
}

static void
line_spacing(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.line_spacing = arguments[0];
}

static void
feed_lines(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    machine_feed_lines(paper, arguments[0]);
}

static void
feed_dots(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    machine_feed_dots(paper, arguments[0]);
}

static void
move_absolute(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    machine_move_to(paper, read_word(arguments));
}

static void
move_relative(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    const unsigned distance = read_word(arguments);
    if (distance < 0x8000) {
        machine_move_to(paper, paper->x + distance);
    } else if (0x10000 - distance <= paper->x) {
        machine_move_to(paper, paper->x - (0x10000 - distance));
    }
}

static void
left_margin(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    const unsigned margin = read_word(arguments);
    if (paper_row_is_empty(&paper->line) && margin + CELL_WIDTH <= paper->width_dots) {
        paper->now.left_margin = margin;
        const unsigned room = paper->width_dots - margin;
        paper->now.area_width = paper->now.area_width < room ? paper->now.area_width : room;
    }
}

static void
area_width(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    const unsigned width = read_word(arguments);
    const unsigned room = paper->width_dots - paper->now.left_margin;
    if (paper_row_is_empty(&paper->line) && width >= CELL_WIDTH) {
        paper->now.area_width = width < room ? width : room;
    }
}

static void
pulse(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)arguments, (void)length;
    paper->report.drawer_pulses++;
}

static void
cut(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)arguments, (void)length;
    machine_cut(paper);
}

static void
barcode_height(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.barcode_height = arguments[0] > 0 ? arguments[0] : 1;
}

static void
barcode_module(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    if (arguments[0] >= 2 && arguments[0] <= 6) {
        paper->now.module_dots = arguments[0];
    }
}

static void
barcode_text_position(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    paper->now.text_position = arguments[0] & 3;
}

static void
upside_down(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    if (is_on(arguments[0])) {
        machine_unknown(paper, "ESC", '{');
    }
}

static void
rotate(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)length;
    if ((arguments[0] & 3) != 0) {
        machine_unknown(paper, "ESC", 'V');
    }
}

static void
page_mode(struct paper *paper, const unsigned char *arguments, size_t length)
{
    (void)arguments, (void)length;
    machine_unknown(paper, "ESC", 'L');
}

/* "(" commands: a letter, a length of two bytes, the rest. Only those that draw are looked at. */
static void
parenthesis(struct paper *paper, const unsigned char *arguments, size_t length)
{
    if (arguments[0] == 'k') {
        paper_apply_symbol(paper, arguments + 3, length - 3);
    } else if (arguments[0] == 'L') {
        paper_apply_graphics(paper, arguments + 3, length - 3);
    } else if (arguments[0] != 'A' && arguments[0] != 'H' && arguments[0] != 'E' && arguments[0] != 'K') {
        machine_unknown(paper, "GS (", arguments[0]);
    }
}

static void
long_graphics(struct paper *paper, const unsigned char *arguments, size_t length)
{
    paper_apply_graphics(paper, arguments + 5, length - 5);
}

static const struct command commands[] = {
    {DLE, 0x04, .measure = paper_measure_status_request},
    {DLE, 0x05, .fixed = 1},
    {DLE, 0x14, .measure = paper_measure_real_time_request},

    {ESC, '@', .apply = initialise},
    {ESC, '!', .fixed = 1, .apply = print_mode},
    {ESC, ' ', .fixed = 1, .apply = character_spacing},
    {ESC, '$', .fixed = 2, .apply = move_absolute},
    {ESC, '%', .fixed = 1},
    {ESC, '(', .measure = paper_measure_parenthesis},
    {ESC, '*', .measure = paper_measure_column_picture, .apply = paper_apply_column_picture},
    {ESC, '-', .fixed = 1, .apply = underline},
    {ESC, '2', .apply = line_spacing_default},
    {ESC, '3', .fixed = 1, .apply = line_spacing},
    {ESC, '=', .fixed = 1},
    {ESC, '?', .fixed = 1},
    {ESC, 'D', .measure = paper_measure_tabs},
    {ESC, 'E', .fixed = 1, .apply = emphasise},
    {ESC, 'G', .fixed = 1, .apply = emphasise}, /* double-strike looks the same on a thermal head */
    {ESC, 'J', .fixed = 1, .apply = feed_dots},
    {ESC, 'L', .apply = page_mode},
    {ESC, 'M', .fixed = 1, .apply = font},
    {ESC, 'R', .fixed = 1, .apply = country},
    {ESC, 'S', .fixed = 0},
    {ESC, 'T', .fixed = 1},
    {ESC, 'U', .fixed = 1},
    {ESC, 'V', .fixed = 1, .apply = rotate},
    {ESC, 'W', .fixed = 8},
    {ESC, '\\', .fixed = 2, .apply = move_relative},
    {ESC, 'a', .fixed = 1, .apply = align},
    {ESC, 'c', .fixed = 2},
    {ESC, 'd', .fixed = 1, .apply = feed_lines},
    {ESC, 'i', .apply = cut},
    {ESC, 'm', .apply = cut},
    {ESC, 'p', .fixed = 3, .apply = pulse},
    {ESC, 'r', .fixed = 1},
    {ESC, 't', .fixed = 1, .apply = code_page},
    {ESC, 'u', .fixed = 1},
    {ESC, 'v', .fixed = 0},
    {ESC, '{', .fixed = 1, .apply = upside_down},

    {FS, '!', .fixed = 1, .apply = kanji_print_mode},
    {FS, '&', .apply = kanji_mode_on},
    {FS, '(', .measure = paper_measure_parenthesis},
    {FS, '-', .fixed = 1, .apply = kanji_underline},
    {FS, '.', .apply = kanji_mode_off},
    {FS, '2', .fixed = 2 + USER_GLYPH_BYTES, .apply = paper_apply_define_glyph},
    {FS, '?', .fixed = 2, .apply = paper_apply_cancel_glyph},
    {FS, 'C', .fixed = 1, .apply = kanji_code},
    {FS, 'S', .fixed = 2, .apply = kanji_spacing},
    {FS, 'W', .fixed = 1, .apply = kanji_quadruple},

    {GS, '!', .fixed = 1, .apply = character_size},
    {GS, '$', .fixed = 2},
    {GS, '(', .measure = paper_measure_parenthesis, .apply = parenthesis},
    {GS, '*', .measure = paper_measure_downloaded_picture},
    {GS, '8', .measure = paper_measure_long_graphics, .apply = long_graphics},
    {GS, 'B', .fixed = 1, .apply = invert},
    {GS, 'H', .fixed = 1, .apply = barcode_text_position},
    {GS, 'I', .fixed = 1},
    {GS, 'L', .fixed = 2, .apply = left_margin},
    {GS, 'P', .fixed = 2},
    {GS, 'T', .fixed = 1},
    {GS, 'V', .measure = paper_measure_cut, .apply = cut},
    {GS, 'W', .fixed = 2, .apply = area_width},
    {GS, '\\', .fixed = 2},
    {GS, 'a', .fixed = 1},
    {GS, 'b', .fixed = 1},
    {GS, 'f', .fixed = 1},
    {GS, 'h', .fixed = 1, .apply = barcode_height},
    {GS, 'k', .measure = paper_measure_barcode, .apply = paper_apply_barcode},
    {GS, 'r', .fixed = 1},
    {GS, 'v', .measure = paper_measure_raster, .apply = paper_apply_raster},
    {GS, 'w', .fixed = 1, .apply = barcode_module},
};

const struct command *
paper_command_find(unsigned char prefix, unsigned char code)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (commands[i].prefix == prefix && commands[i].code == code) {
            return &commands[i];
        }
    }
    return NULL;
}
