/* ESC/POS on standard input as pictures of the paper on standard output: for each sheet its length in four bytes, the
 * first the highest, and a PNG. COLUMNS is 48 or 32. Exit status 1 when the bytes hold what the paper does not know. */
#include "drivers/paper/paper.h"

#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
    struct paper *paper = NULL;
    struct buffer png;
    char bytes[4096];
    size_t length;
    struct error_detail err = {0};
    if (argc != 2 || paper_create(&paper, (unsigned)strtoul(argv[1], NULL, 10), &err) != STATUS_OK) {
        fprintf(stderr, "paper_picture COLUMNS: %s\n", err.message);
        return 1;
    }
    while ((length = fread(bytes, 1, sizeof bytes, stdin)) > 0) {
        paper_feed(paper, bytes, length);
    }
    buffer_init(&png, PAPER_PNG_MAX_BYTES);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < paper_sheet_count(paper) && status == STATUS_OK; i++) {
        buffer_clear(&png);
        status = paper_png(paper, i, &png, &err);
        for (unsigned shift = 32; shift > 0; shift -= 8) {
            putchar((int)(png.length >> (shift - 8) & 0xff));
        }
        fwrite(png.data, 1, png.length, stdout);
    }
    const struct paper_report *report = paper_report(paper);
    if (status == STATUS_OK &&
        (report->unknown_commands > 0 || report->sheets_thrown_away > 0 || fflush(stdout) != 0)) {
        error_set(&err, "unknown", "%s is not known to the paper, or too many sheets", report->first_unknown);
        status = STATUS_INVALID;
    }
    if (status != STATUS_OK) {
        fprintf(stderr, "paper_picture: %s\n", err.message);
    }
    buffer_finish(&png);
    paper_destroy(paper);
    return status == STATUS_OK ? 0 : 1;
}
