/* Drawing for printers. A glyph is drawn once in the program's life: looking fonts up takes milliseconds. */
#include "drivers/paper/draw.h"

#include "drivers/paper/font.h"

#include <pango/pangocairo.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { KNOWN_MAX = 256, NAME_SIZE = 12, INK = 110 /* of 255: darker is a dot; thin strokes stay */ };

/* Glyphs drawn so far, and characters that no font has; the oldest gives way. */
static struct {
    pthread_mutex_t lock;
    struct {
        char name[NAME_SIZE];
        bool is_drawn;
        uint8_t dots[PAPER_GLYPH_BYTES];
    } known[KNOWN_MAX];
    size_t count;
} drawn = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void
collect_dots(cairo_surface_t *surface, uint8_t dots[PAPER_GLYPH_BYTES])
{
    cairo_surface_flush(surface);
    const unsigned char *ink = cairo_image_surface_get_data(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    memset(dots, 0, PAPER_GLYPH_BYTES);
    for (int x = 0; x < PAPER_GLYPH_DOTS; x++) {
        for (int y = 0; y < PAPER_GLYPH_DOTS; y++) {
            if (ink[y * stride + x] >= INK) {
                dots[x * 3 + y / 8] |= (uint8_t)(0x80 >> y % 8);
            }
        }
    }
}

/* The glyph in the middle of its cell, pressed together where it is wider. */
static bool
draw(const char *name, uint8_t dots[PAPER_GLYPH_BYTES])
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, PAPER_GLYPH_DOTS, PAPER_GLYPH_DOTS);
    cairo_t *cairo = cairo_create(surface);
    struct paper_font font;
    PangoRectangle extents;
    paper_font_init(&font);
    pango_layout_set_text(font.layout, name, -1);
    const bool is_known = pango_layout_get_unknown_glyphs_count(font.layout) == 0;
    PangoLayoutLine *line = pango_layout_get_line_readonly(font.layout, 0);
    pango_layout_line_get_extents(line, NULL, &extents);
    const double advance = (double)extents.width / PANGO_SCALE;
    if (advance > PAPER_GLYPH_DOTS) {
        cairo_scale(cairo, PAPER_GLYPH_DOTS / advance, 1);
    } else {
        cairo_translate(cairo, (PAPER_GLYPH_DOTS - advance) / 2, 0);
    }
    cairo_move_to(cairo, 0, PAPER_FONT_BASELINE);
    pango_cairo_show_layout_line(cairo, line);
    const bool is_drawn = is_known && cairo_status(cairo) == CAIRO_STATUS_SUCCESS &&
                          cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
    if (is_drawn) {
        collect_dots(surface, dots);
    }
    paper_font_finish(&font);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return is_drawn;
}

bool
paper_draw_glyph(const char *text, size_t length, uint8_t dots[PAPER_GLYPH_BYTES])
{
    char name[NAME_SIZE] = "";
    if (length == 0 || length >= NAME_SIZE) {
        return false;
    }
    memcpy(name, text, length);
    pthread_mutex_lock(&drawn.lock);
    const size_t kept = drawn.count < KNOWN_MAX ? drawn.count : KNOWN_MAX;
    size_t place = 0;
    while (place < kept && strcmp(drawn.known[place].name, name) != 0) {
        place++;
    }
    if (place == kept) {
        place = drawn.count++ % KNOWN_MAX;
        memcpy(drawn.known[place].name, name, NAME_SIZE);
        drawn.known[place].is_drawn = draw(name, drawn.known[place].dots);
    }
    const bool is_drawn = drawn.known[place].is_drawn;
    if (is_drawn) {
        memcpy(dots, drawn.known[place].dots, PAPER_GLYPH_BYTES);
    }
    pthread_mutex_unlock(&drawn.lock);
    return is_drawn;
}

/* ---- pictures ---------------------------------------------------------------------------------------------------- */

struct source {
    const unsigned char *bytes;
    size_t left;
};

static cairo_status_t
read_bytes(void *closure, unsigned char *data, unsigned length)
{
    struct source *source = closure;
    if (length > source->left) {
        return CAIRO_STATUS_READ_ERROR;
    }
    memcpy(data, source->bytes, length);
    source->bytes += length;
    source->left -= length;
    return CAIRO_STATUS_SUCCESS;
}

static unsigned
read_size(const unsigned char *bytes)
{
    return (unsigned)bytes[0] << 24 | (unsigned)bytes[1] << 16 | (unsigned)bytes[2] << 8 | bytes[3];
}

/* The size stands in the first chunk: too large a picture is never unpacked. */
static bool
has_a_size_that_fits(const unsigned char *png, size_t length)
{
    static const unsigned char start[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    if (length < sizeof start - 1 + 8 || memcmp(png, start, sizeof start - 1) != 0) {
        return false;
    }
    const unsigned width = read_size(png + sizeof start - 1), height = read_size(png + sizeof start + 3);
    return width >= 1 && width <= PAPER_PICTURE_MAX_WIDTH && height >= 1 && height <= PAPER_PICTURE_MAX_HEIGHT;
}

/* How dark the block of FACTOR × FACTOR dots at (X, Y) is: 0 paper … 255 black. Cairo's pixels are multiplied by their
 * opacity. */
static int
darkness(cairo_surface_t *surface, unsigned x, unsigned y, unsigned factor)
{
    const unsigned width = (unsigned)cairo_image_surface_get_width(surface);
    const unsigned height = (unsigned)cairo_image_surface_get_height(surface);
    const unsigned char *pixels = cairo_image_surface_get_data(surface);
    const size_t stride = (size_t)cairo_image_surface_get_stride(surface);
    unsigned sum = 0, count = 0;
    for (unsigned row = y * factor; row < (y + 1) * factor && row < height; row++) {
        for (unsigned column = x * factor; column < (x + 1) * factor && column < width; column++) {
            uint32_t pixel;
            memcpy(&pixel, pixels + row * stride + column * sizeof pixel, sizeof pixel);
            const unsigned opacity = pixel >> 24;
            const unsigned light =
                ((pixel >> 16 & 0xff) * 299 + (pixel >> 8 & 0xff) * 587 + (pixel & 0xff) * 114) / 1000;
            sum += opacity - (light < opacity ? light : opacity);
            count++;
        }
    }
    return count > 0 ? (int)(sum / count) : 0;
}

/* Floyd and Steinberg's way: what a dot is too dark or too light is passed on to its neighbours. Pure black and white
 * come out as they are. */
static void
spread(cairo_surface_t *surface, unsigned factor, struct paper_dots *out, int *errors)
{
    int *here = errors, *below = errors + out->width + 2;
    for (unsigned y = 0; y < out->height; y++) {
        memset(below, 0, (out->width + 2) * sizeof *below);
        for (unsigned x = 0; x < out->width; x++) {
            const int wanted = darkness(surface, x, y, factor) + here[x + 1] / 16;
            const bool is_black = wanted > 127;
            const int rest = wanted - (is_black ? 255 : 0);
            if (is_black) {
                out->dots[y * out->width_bytes + x / 8] |= (uint8_t)(0x80 >> x % 8);
            }
            here[x + 2] += rest * 7;
            below[x] += rest * 3;
            below[x + 1] += rest * 5;
            below[x + 2] += rest;
        }
        int *swap = here;
        here = below;
        below = swap;
    }
}

static enum status
make_dots(cairo_surface_t *surface, unsigned max_width, struct paper_dots *out, struct error_detail *err)
{
    const unsigned width = (unsigned)cairo_image_surface_get_width(surface);
    const unsigned height = (unsigned)cairo_image_surface_get_height(surface);
    const unsigned factor = (width + max_width - 1) / max_width;
    struct paper_dots dots = {.width = (width + factor - 1) / factor, .height = (height + factor - 1) / factor};
    dots.width_bytes = (dots.width + 7) / 8;
    dots.dots = calloc(dots.height, dots.width_bytes);
    int *errors = calloc(2 * ((size_t)dots.width + 2), sizeof *errors);
    if (dots.dots == NULL || errors == NULL) {
        free(dots.dots);
        free(errors);
        error_set(err, "no_memory", "no memory for a picture");
        return STATUS_NO_MEMORY;
    }
    spread(surface, factor, &dots, errors);
    free(errors);
    *out = dots;
    return STATUS_OK;
}

enum status
paper_read_png(const void *png, size_t length, unsigned max_width, struct paper_dots *out, struct error_detail *err)
{
    if (!has_a_size_that_fits(png, length)) {
        error_set(err, "not_a_picture", "no PNG of at most %d × %d dots", PAPER_PICTURE_MAX_WIDTH,
                  PAPER_PICTURE_MAX_HEIGHT);
        return STATUS_INVALID;
    }
    struct source source = {png, length};
    cairo_surface_t *read = cairo_image_surface_create_from_png_stream(read_bytes, &source);
    enum status status = STATUS_INVALID;
    if (cairo_surface_status(read) != CAIRO_STATUS_SUCCESS) {
        error_set(err, "not_a_picture", "the PNG cannot be read: %s",
                  cairo_status_to_string(cairo_surface_status(read)));
        cairo_surface_destroy(read);
        return status;
    }
    /* A picture may come without opacity; painted onto one that has it, all are alike. */
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, cairo_image_surface_get_width(read),
                                                          cairo_image_surface_get_height(read));
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_surface(cairo, read, 0, 0);
    cairo_paint(cairo);
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) {
        status = make_dots(surface, max_width, out, err);
    } else {
        error_set(err, "no_memory", "no memory for a picture");
        status = STATUS_NO_MEMORY;
    }
    cairo_surface_destroy(surface);
    cairo_surface_destroy(read);
    return status;
}
