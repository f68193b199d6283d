/* The door to line displays: composes the rows, bounds the time, dispatches. */
#include "drivers/line_display/line_display_driver.h"

#include <assert.h>

enum {
    DISPLAY_TIMEOUT_MAX_MS = 2000 /* 60 bytes at 1,200 baud take half a second; a citizen looks away before two */
};

const char *
line_display_name(const struct line_display *display)
{
    assert(display != NULL);
    return display->driver->name;
}

enum status
line_display_show(struct line_display *display, const struct line_display_row rows[LINE_DISPLAY_ROWS],
                  unsigned timeout_ms, struct error_detail *err)
{
    assert(display != NULL);
    line_display_cells cells[LINE_DISPLAY_ROWS];
    for (int i = 0; i < LINE_DISPLAY_ROWS; i++) {
        enum status status = line_display_compose(display->characters, &rows[i], cells[i], err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    const unsigned bounded = timeout_ms < DISPLAY_TIMEOUT_MAX_MS ? timeout_ms : DISPLAY_TIMEOUT_MAX_MS;
    return display->driver->show(display, cells, bounded, err);
}

enum status
line_display_check(struct line_display *display, unsigned timeout_ms, struct error_detail *err)
{
    assert(display != NULL);
    return display->driver->check(display, timeout_ms, err);
}

void
line_display_close(struct line_display *display)
{
    if (display != NULL) {
        display->driver->close(display);
    }
}
