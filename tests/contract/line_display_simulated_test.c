/* The line display suite on the simulated display, with kanji and without. */
#include "drivers/simulated/control.h"
#include "tests/contract/line_display_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
set_gone(struct line_display_bench *bench, bool is_gone)
{
    simulated_line_display_unplug(bench->display, is_gone);
}

static void
read_row(struct line_display_bench *bench, unsigned row, char out[SHOWN_TEXT_SIZE])
{
    struct buffer text;
    buffer_init(&text, SHOWN_TEXT_SIZE);
    assert_int_equal(simulated_line_display_text(bench->display, row, &text, NULL), STATUS_OK);
    while (text.length > 0 && text.data[text.length - 1] == ' ') {
        buffer_truncate(&text, text.length - 1);
    }
    snprintf(out, SHOWN_TEXT_SIZE, "%s", buffer_text(&text));
    buffer_finish(&text);
}

static int
set_up(void **state, bool has_kanji)
{
    struct line_display_bench *bench = calloc(1, sizeof *bench);
    if (bench == NULL || simulated_line_display_open(has_kanji, &bench->display, NULL) != STATUS_OK) {
        free(bench);
        return -1;
    }
    bench->has_kanji = has_kanji;
    bench->set_gone = set_gone;
    bench->read = read_row;
    *state = bench;
    return 0;
}

static int
set_up_kanji(void **state)
{
    return set_up(state, true);
}

static int
set_up_katakana(void **state)
{
    return set_up(state, false);
}

static int
tear_down(void **state)
{
    struct line_display_bench *bench = *state;
    line_display_close(bench->display);
    free(bench);
    return 0;
}

int
main(void)
{
    return line_display_contract_run("simulated, kanji", set_up_kanji, tear_down) +
           line_display_contract_run("simulated, katakana", set_up_katakana, tear_down);
}
