/* Line displays (UnifiedPOS LineDisplay) of two rows of twenty columns, for callers. Used by one thread at a time.
 *
 * A row has a left and a right text. The right one (an amount) is never cut; the left one gives way. */
#pragma once

#include "common/outcome/status.h"

enum {
    LINE_DISPLAY_COLUMNS = 20, /* what every customer display of a counter has */
    LINE_DISPLAY_ROWS = 2
};

/* UTF-8, borrowed, never NULL; "" where there is nothing. */
struct line_display_row {
    const char *left;
    const char *left_kana; /* its reading in kana, for displays without kanji; "" when `left` has no kanji */
    const char *right;
};

struct line_display;

const char *line_display_name(const struct line_display *display);

/* Show both rows, each padded to its width. What the display's characters lack becomes "?". STATUS_DEVICE_GONE,
 * STATUS_BUSY (it takes nothing), STATUS_INVALID (not UTF-8): what it shows then is not known; the next call shows all
 * again. */
enum status line_display_show(struct line_display *display, const struct line_display_row rows[LINE_DISPLAY_ROWS],
                              unsigned timeout_ms, struct error_detail *err) MUST_CHECK;

/* Whether the display can be reached, without changing what it shows. STATUS_DEVICE_GONE, STATUS_BUSY (another program
 * has it), STATUS_UNAUTHORIZED. Displays answer nothing: STATUS_OK says that its port or address is there. */
enum status line_display_check(struct line_display *display, unsigned timeout_ms, struct error_detail *err) MUST_CHECK;
void line_display_close(struct line_display *display); /* leaves it as it is; NULL is fine */
