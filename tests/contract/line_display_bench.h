/* What the line display suite needs to handle an implementation. */
#pragma once

#include "drivers/line_display/line_display.h"

enum { SHOWN_TEXT_SIZE = 4 * LINE_DISPLAY_COLUMNS + 1 };

struct line_display_bench {
    struct line_display *display;
    void *context;
    bool has_kanji;
    void (*set_gone)(struct line_display_bench *bench, bool is_gone);
    /* What a person reads in ROW, without the blanks at its end. */
    void (*read)(struct line_display_bench *bench, unsigned row, char out[SHOWN_TEXT_SIZE]);
};

int line_display_contract_run(const char *name, int (*set_up)(void **state), int (*tear_down)(void **state));
