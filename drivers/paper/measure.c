/* How many argument bytes a command has where its own bytes say so. Each function answers 0 until enough is there to
 * tell, and looks at no more than it was given. */
#include "drivers/paper/machine.h"

size_t
paper_measure_parenthesis(const unsigned char *arguments, size_t length)
{
    return length < 3 ? 0 : 3 + (size_t)read_word(arguments + 1);
}

size_t
paper_measure_long_graphics(const unsigned char *arguments, size_t length)
{
    return length < 5 ? 0 : 5 + (read_word(arguments + 1) | (size_t)read_word(arguments + 3) << 16);
}

size_t
paper_measure_raster(const unsigned char *arguments, size_t length)
{
    return length < 6 ? 0 : 6 + (size_t)read_word(arguments + 2) * read_word(arguments + 4);
}

size_t
paper_measure_column_picture(const unsigned char *arguments, size_t length)
{
    return length < 3 ? 0 : 3 + (size_t)read_word(arguments + 1) * (arguments[0] >= 32 ? 3 : 1);
}

size_t
paper_measure_cut(const unsigned char *arguments, size_t length)
{
    if (length < 1) {
        return 0;
    }
    return arguments[0] <= 1 || arguments[0] == '0' || arguments[0] == '1' ? 1 : 2;
}

/* Up to and with a NUL; LIMIT where none comes. */
static size_t
measure_text(const unsigned char *arguments, size_t length, size_t limit)
{
    for (size_t i = 0; i < length && i < limit; i++) {
        if (arguments[i] == 0) {
            return i + 1;
        }
    }
    return length < limit ? 0 : limit;
}

size_t
paper_measure_tabs(const unsigned char *arguments, size_t length)
{
    enum { TABS_MAX = 33 };
    return measure_text(arguments, length, TABS_MAX);
}

size_t
paper_measure_barcode(const unsigned char *arguments, size_t length)
{
    enum { OLD_FORM_LAST = 6, OLD_FORM_MAX = 257 };
    if (length < 2) {
        return 0;
    }
    if (arguments[0] <= OLD_FORM_LAST) {
        size_t text = measure_text(arguments + 1, length - 1, OLD_FORM_MAX);
        return text == 0 ? 0 : 1 + text;
    }
    return 2 + (size_t)arguments[1];
}

size_t
paper_measure_downloaded_picture(const unsigned char *arguments, size_t length)
{
    return length < 2 ? 0 : 2 + (size_t)arguments[0] * arguments[1] * 8;
}

size_t
paper_measure_status_request(const unsigned char *arguments, size_t length)
{
    return length < 1 ? 0 : arguments[0] == 7 || arguments[0] == 8 || arguments[0] == 18 ? 2 : 1;
}

size_t
paper_measure_real_time_request(const unsigned char *arguments, size_t length)
{
    if (length < 1) {
        return 0;
    }
    return arguments[0] == 8 ? 8 : arguments[0] == 7 ? 2 : 3;
}
