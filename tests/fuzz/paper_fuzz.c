/* Any bytes at the printer's data cable: read without a fault, within the limits, and shown as text. The first byte
 * chooses the width and in what pieces the rest comes. */
#include "drivers/paper/paper.h"
#include "tests/fuzz/target.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const unsigned widths[] = {48, 42, 32};
    struct paper *paper = NULL;
    struct buffer text;
    const size_t piece = length > 0 && bytes[0] % 2 == 1 ? 7 : SIZE_MAX;
    if (paper_create(&paper, widths[length > 0 ? bytes[0] % 3 : 0], NULL) != STATUS_OK) {
        return 0;
    }
    for (size_t done = 0; done < length;) {
        const size_t step = length - done < piece ? length - done : piece;
        paper_feed(paper, bytes + done, step);
        done += step;
    }
    buffer_init(&text, PAPER_TEXT_MAX_BYTES);
    for (size_t i = 0; i < paper_sheet_count(paper); i++) {
        buffer_clear(&text);
        if (paper_text(paper, i, &text, NULL) == STATUS_NOT_FOUND) {
            abort();
        }
    }
    buffer_finish(&text);
    paper_tear(paper);
    paper_destroy(paper);
    return 0;
}
