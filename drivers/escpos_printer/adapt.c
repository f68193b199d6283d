/* Command by command. The one idea: what is not translated passes as it came, so that a command nobody here knows is
 * the printer's matter and not ours. */
#include "drivers/escpos_printer/adapt.h"

#include "drivers/escpos/encoder.h"
#include "drivers/paper/draw.h"

#include <string.h>

enum {
    LINES_TO_CUTTER = 4, /* from the head to the knife or the edge: 13 to 16 mm */
    CELL_DOTS = 12,
    CELL_HEIGHT_DOTS = 24,
    BARCODE_TEXT_BELOW = 2
};

/* INVARIANT: `symbol` holds the commands GS ( k since the job began that set or stored something, none that print. */
struct adapting {
    const struct escpos_model *model;
    struct buffer *out;
    struct buffer symbol;
    unsigned char size, alignment;                             /* GS !, ESC a as last told */
    unsigned char barcode_height, barcode_width, barcode_text; /* GS h, GS w, GS H */
};

static bool
begins(const unsigned char *bytes, size_t length, const char *command, size_t command_length)
{
    return length >= command_length && memcmp(bytes, command, command_length) == 0;
}

/* A picture is whole bytes wide: what a narrower code lacks to that stands at its right, and would move it from where
 * the printer puts a code that it drew itself. */
static void
shift_right(struct paper_dots *dots, unsigned by)
{
    for (unsigned y = 0; by > 0 && y < dots->height; y++) {
        uint8_t *row = dots->dots + (size_t)y * dots->width_bytes;
        for (unsigned i = dots->width_bytes; i > 0; i--) {
            const unsigned from_left = i > 1 ? (unsigned)row[i - 2] << (8 - by) : 0u;
            row[i - 1] = (uint8_t)((unsigned)row[i - 1] >> by | from_left);
        }
    }
}

static void
append_dots(struct adapting *self, struct paper_dots *dots)
{
    struct escpos printer;
    const unsigned lacking = dots->width_bytes * 8 - dots->width;
    const unsigned alignment = self->alignment & 0x0f; /* given as a number or as a digit */
    shift_right(dots, alignment == ESCPOS_CENTER ? lacking / 2 : alignment == ESCPOS_RIGHT ? lacking : 0);
    escpos_init(&printer, self->out, 1);
    escpos_raster(&printer, dots->dots, dots->width_bytes, dots->height);
}

/* GS ( k: cn fn at 5 and 6. */
static bool
adapt_symbol(struct adapting *self, const unsigned char *command, size_t length)
{
    enum { QR = 49, PRINT = 81, HEAD_BYTES = 7 };
    if (length < HEAD_BYTES || command[5] != QR || self->model->draws_qr) {
        return false;
    }
    if (command[6] != PRINT) {
        buffer_append(&self->symbol, command, length);
        return true;
    }
    struct paper_dots dots;
    const size_t settings = self->symbol.length;
    buffer_append(&self->symbol, command, length);
    const bool is_drawn = buffer_check(&self->symbol, NULL) == STATUS_OK &&
                          paper_draw_symbol(self->symbol.data, self->symbol.length, &dots);
    if (is_drawn) {
        append_dots(self, &dots);
        paper_dots_finish(&dots);
    }
    buffer_truncate(&self->symbol, settings);
    return true; /* what cannot be drawn would not have been printed by the printer either */
}

/* The characters below a bar code, in the middle of it. */
static void
append_text_below(struct adapting *self, const char *text, size_t length, unsigned code_width)
{
    const unsigned width = (unsigned)length * CELL_DOTS;
    buffer_append(self->out, "\x1d!\0", 3);
    if ((self->alignment & 0x0f) == ESCPOS_LEFT && width < code_width) {
        const unsigned start = (code_width - width) / 2;
        buffer_append(self->out, "\x1b$", 2);
        buffer_append_byte(self->out, start & 0xff);
        buffer_append_byte(self->out, start >> 8);
    }
    buffer_append(self->out, text, length);
    buffer_append(self->out, "\x1bJ", 2); /* no space below, whatever the job's lines have */
    buffer_append_byte(self->out, CELL_HEIGHT_DOTS);
    buffer_append(self->out, "\x1d!", 2);
    buffer_append_byte(self->out, self->size);
}

/* CODE128's data as the characters they stand for. Returns how many. */
static size_t
code128_text(char *out, size_t capacity, const unsigned char *data, size_t length)
{
    size_t count = 0;
    char set = 'B';
    for (size_t i = 0; i < length && count + 2 < capacity; i++) {
        if (data[i] == '{' && i + 1 < length && set != 'C' && data[i + 1] == '{') {
            out[count++] = (char)data[++i];
        } else if (data[i] == '{' && i + 1 < length) {
            i++;
            set = data[i] >= 'A' && data[i] <= 'C' ? (char)data[i] : set;
        } else if (set == 'C') {
            out[count++] = (char)('0' + data[i] / 10 % 10);
            out[count++] = (char)('0' + data[i] % 10);
        } else {
            out[count++] = data[i] >= ' ' && data[i] <= '~' ? (char)data[i] : ' ';
        }
    }
    return count;
}

/* GS k m n data. */
static bool
adapt_barcode(struct adapting *self, const unsigned char *command, size_t length)
{
    enum { CODE128 = 73, HEAD_BYTES = 4, COUNTED_FORMS = 65, TEXT_MAX = 512 };
    if (self->model->draws_barcodes || length <= HEAD_BYTES || command[2] < COUNTED_FORMS) {
        return false;
    }
    struct paper_dots dots;
    struct buffer drawing;
    char text[TEXT_MAX];
    buffer_init(&drawing, length + 16);
    buffer_append(&drawing, "\x1dh", 2);
    buffer_append_byte(&drawing, self->barcode_height);
    buffer_append(&drawing, "\x1dw", 2);
    buffer_append_byte(&drawing, self->barcode_width);
    buffer_append(&drawing, command, length);
    const bool is_drawn =
        buffer_check(&drawing, NULL) == STATUS_OK && paper_draw_symbol(drawing.data, drawing.length, &dots);
    buffer_finish(&drawing);
    if (!is_drawn) {
        return false; /* a kind that is not drawn here: the printer's own chance */
    }
    append_dots(self, &dots);
    if (self->barcode_text == BARCODE_TEXT_BELOW) {
        const unsigned char *data = command + HEAD_BYTES;
        const size_t count =
            command[2] == CODE128 ? code128_text(text, sizeof text, data, length - HEAD_BYTES) : length - HEAD_BYTES;
        append_text_below(self, command[2] == CODE128 ? text : (const char *)data, count, dots.width);
    }
    paper_dots_finish(&dots);
    return true;
}

/* GS V. */
static bool
adapt_cut(struct adapting *self)
{
    if (self->model->cutting == ESCPOS_CUTS_AFTER_FEED) {
        return false;
    }
    buffer_append(self->out,
                  "\x1b"
                  "d",
                  2);
    buffer_append_byte(self->out, LINES_TO_CUTTER);
    if (self->model->cutting == ESCPOS_CUTS_AT_ONCE) {
        buffer_append(self->out, "\x1dV\x01", 3);
    }
    return true;
}

/* Keep what the command sets; it goes on to the printer as well. */
static void
follow_settings(struct adapting *self, const unsigned char *command, size_t length)
{
    if (begins(command, length, "\x1b@", 2)) {
        self->size = self->alignment = 0;
    }
    if (length != 3) {
        return;
    }
    unsigned char *slot = begins(command, length, "\x1d!", 2) ? &self->size
                          : begins(command, length,
                                   "\x1b"
                                   "a",
                                   2)
                              ? &self->alignment
                          : begins(command, length, "\x1dh", 2) ? &self->barcode_height
                          : begins(command, length, "\x1dw", 2) ? &self->barcode_width
                          : begins(command, length, "\x1dH", 2) ? &self->barcode_text
                                                                : NULL;
    if (slot != NULL) {
        *slot = command[2];
    }
}

enum status
printer_job_adapt(const struct escpos_model *model, const void *bytes, size_t length, struct buffer *out,
                  struct error_detail *err)
{
    enum { HEIGHT_AT_FIRST = 162, WIDTH_AT_FIRST = 3, SYMBOL_MAX_BYTES = 256 * 1024 };
    const unsigned char *cursor = bytes;
    if (model->draws_qr && model->draws_barcodes && model->cutting == ESCPOS_CUTS_AFTER_FEED) {
        buffer_append(out, bytes, length);
        return buffer_check(out, err);
    }
    struct adapting self = {
        .model = model, .out = out, .barcode_height = HEIGHT_AT_FIRST, .barcode_width = WIDTH_AT_FIRST};
    buffer_init(&self.symbol, SYMBOL_MAX_BYTES);
    while (length > 0) {
        size_t step = paper_command_length(cursor, length);
        step = step == 0 ? length : step; /* the end of the job is cut off: so it stays */
        const bool is_translated = begins(cursor, step, "\x1d(k", 3)  ? adapt_symbol(&self, cursor, step)
                                   : begins(cursor, step, "\x1dk", 2) ? adapt_barcode(&self, cursor, step)
                                   : begins(cursor, step, "\x1dV", 2) ? adapt_cut(&self)
                                                                      : false;
        if (!is_translated) {
            follow_settings(&self, cursor, step);
            buffer_append(out, cursor, step);
        }
        cursor += step;
        length -= step;
    }
    buffer_finish(&self.symbol);
    return buffer_check(out, err);
}
