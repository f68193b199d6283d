/* Pictures and two-dimensional codes. */
#include "drivers/paper/machine.h"

#include <stdio.h>
#include <string.h>

static void
label_by_size(struct picture *picture)
{
    char size[32];
    int length = snprintf(size, sizeof size, "%ux%u", picture->width, picture->height);
    paper_picture_label(picture, "image", size, (size_t)length);
}

/* GS v 0: m xL xH yL yH rows of x bytes; m doubles the dots. ARGUMENTS begins with the '0'. */
void
paper_apply_raster(struct paper *paper, const unsigned char *arguments, size_t length)
{
    const unsigned width_bytes = read_word(arguments + 2);
    const unsigned height = read_word(arguments + 4);
    struct picture picture;
    if (!paper_picture_init(&picture, width_bytes * 8, height)) {
        paper->report.dropped++;
        return;
    }
    memcpy(picture.dots, arguments + 6, length - 6);
    if (!paper_picture_enlarge(&picture, (arguments[1] & 1) != 0 ? 2 : 1, (arguments[1] & 2) != 0 ? 2 : 1)) {
        paper->report.dropped++;
    }
    label_by_size(&picture);
    machine_put_picture(paper, &picture);
}

/* ESC *: a strip of 8 or 24 dots, column by column; density in the low bit. */
void
paper_apply_column_picture(struct paper *paper, const unsigned char *arguments, size_t length)
{
    const unsigned columns = read_word(arguments + 1);
    const unsigned column_bytes = arguments[0] >= 32 ? 3 : 1;
    struct picture strip;
    if (!paper_picture_init(&strip, columns, column_bytes * 8)) {
        paper->report.dropped++;
        return;
    }
    const unsigned char *data = arguments + 3;
    for (size_t i = 0; i < (length - 3) * 8; i++) {
        if ((data[i / 8] & (0x80 >> i % 8)) != 0) {
            paper_picture_set(&strip, (unsigned)(i / 8 / column_bytes), (unsigned)(i % (column_bytes * 8)));
        }
    }
    const bool is_dense = (arguments[0] & 1) != 0;
    if (!paper_picture_enlarge(&strip, is_dense ? 1 : 2, column_bytes == 1 ? 3 : 1)) {
        paper->report.dropped++;
    }
    machine_put_inline(paper, &strip);
}

/* Function 112: m fn a bx by c xL xH yL yH rows. */
static void
store_graphics(struct paper *paper, const unsigned char *parameters, size_t length)
{
    enum { HEAD = 10 };
    paper_picture_finish(&paper->stored);
    const unsigned width = length >= HEAD ? read_word(parameters + 6) : 0;
    const unsigned height = length >= HEAD ? read_word(parameters + 8) : 0;
    if ((size_t)(width + 7) / 8 * height != length - HEAD || !paper_picture_init(&paper->stored, width, height)) {
        paper->report.dropped++;
        return;
    }
    memcpy(paper->stored.dots, parameters + HEAD, length - HEAD);
    if (!paper_picture_enlarge(&paper->stored, parameters[3] == 2 ? 2 : 1, parameters[4] == 2 ? 2 : 1)) {
        paper->report.dropped++;
    }
    label_by_size(&paper->stored);
}

/* GS ( L and GS 8 L, after the length: m fn … */
void
paper_apply_graphics(struct paper *paper, const unsigned char *arguments, size_t length)
{
    if (length < 2) {
        machine_unknown(paper, "GS (", 'L');
        return;
    }
    switch (arguments[1]) {
    case 112:
        store_graphics(paper, arguments, length);
        break;
    case 2:
    case 50:
        if (paper->stored.dots != NULL) {
            machine_put_picture(paper, &paper->stored);
        }
        break;
    default:
        machine_unknown(paper, "GS ( L", arguments[1]);
        break;
    }
}

static void
print_qr(struct paper *paper)
{
    struct picture picture = {0};
    const struct buffer *data = &paper->symbol;
    if (data->length == 0 ||
        !paper_qr_draw(&picture, data->data, data->length, paper->now.qr_module_dots, paper->now.qr_correction)) {
        paper->report.dropped++;
        return;
    }
    paper_picture_label(&picture, "QR", data->data, data->length);
    machine_put_picture(paper, &picture);
}

static void
store_symbol(struct paper *paper, const unsigned char *data, size_t length)
{
    buffer_clear(&paper->symbol);
    buffer_append(&paper->symbol, data, length);
    if (buffer_check(&paper->symbol, NULL) != STATUS_OK) {
        buffer_clear(&paper->symbol);
        paper->report.dropped++;
    }
}

/* GS ( k, after the length: cn fn parameters. cn 49 is QR. */
void
paper_apply_symbol(struct paper *paper, const unsigned char *arguments, size_t length)
{
    if (length < 3 || arguments[0] != 49) {
        machine_unknown(paper, "GS ( k", length > 0 ? arguments[0] : 0);
        return;
    }
    switch (arguments[1]) {
    case 65: /* model: what follows is drawn as model 2, which every reader knows */
        break;
    case 67:
        if (arguments[2] >= 1 && arguments[2] <= 16) {
            paper->now.qr_module_dots = arguments[2];
        }
        break;
    case 69:
        if (arguments[2] >= 48 && arguments[2] <= 51) {
            paper->now.qr_correction = arguments[2];
        }
        break;
    case 80:
        store_symbol(paper, arguments + 3, length - 3);
        break;
    case 81:
        print_qr(paper);
        break;
    default:
        machine_unknown(paper, "GS ( k", arguments[1]);
        break;
    }
}
