/* Codes as dots, for printers that cannot draw them: a piece of paper of its own is given the command, and the picture
 * is taken off it. What stands on the screen, in the tests, and on such a printer's paper is therefore one picture. */
#include "drivers/paper/draw.h"
#include "drivers/paper/machine.h"

#include <stdlib.h>
#include <string.h>

size_t
paper_command_length(const void *bytes, size_t length)
{
    enum { TRAIL_FIRST = 0x40 };
    const unsigned char *data = bytes;
    if (length == 0) {
        return 0;
    }
    if (data[0] == 0x10 || (data[0] >= 0x1b && data[0] <= 0x1d)) {
        const struct command *command = length >= 2 ? paper_command_find(data[0], data[1]) : NULL;
        if (length < 2 || command == NULL) {
            return length < 2 ? 0 : 2;
        }
        const size_t arguments = command->measure == NULL ? command->fixed : command->measure(data + 2, length - 2);
        const bool is_short = (command->measure != NULL && arguments == 0) || arguments > length - 2;
        return is_short ? 0 : 2 + arguments;
    }
    const bool is_lead = (data[0] >= 0x81 && data[0] <= 0x9f) || (data[0] >= 0xe0 && data[0] <= 0xfc);
    return is_lead && length >= 2 && data[1] >= TRAIL_FIRST ? 2 : 1;
}

/* The last picture on PAPER; NULL when there is none. */
static const struct picture *
last_picture(const struct paper *paper)
{
    const struct sheet *sheet = &paper->current;
    for (size_t i = sheet->row_count; i > 0; i--) {
        const struct row *row = &sheet->rows[i - 1];
        if (row->picture_count > 0) {
            return &row->pictures[row->picture_count - 1];
        }
    }
    return NULL;
}

bool
paper_draw_symbol(const void *commands, size_t length, struct paper_dots *out)
{
    enum { WIDEST_COLUMNS = 48 };
    struct paper *paper = NULL;
    if (paper_create(&paper, WIDEST_COLUMNS, NULL) != STATUS_OK) {
        return false;
    }
    paper_feed(paper, commands, length);
    const struct picture *picture = last_picture(paper);
    struct paper_dots dots = {0};
    if (picture != NULL) {
        dots = (struct paper_dots){
            .width = picture->width, .height = picture->height, .width_bytes = (picture->width + 7) / 8};
        dots.dots = calloc(dots.height, dots.width_bytes);
    }
    for (unsigned y = 0; dots.dots != NULL && y < dots.height; y++) {
        memcpy(dots.dots + (size_t)y * dots.width_bytes, picture->dots + (size_t)y * picture->stride, dots.width_bytes);
    }
    paper_destroy(paper);
    if (dots.dots == NULL) {
        return false;
    }
    *out = dots;
    return true;
}
