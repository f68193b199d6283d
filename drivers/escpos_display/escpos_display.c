/* Both rows are written whole each time: no clearing, so nothing flickers, and a display that was switched off and on
 * again is right after the next change. */
#include "drivers/escpos_display/escpos_display.h"

#include "drivers/line_display/line_display_driver.h"
#include "drivers/monitor/monitor.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct escpos_display {
    struct line_display base;
    struct transport *transport;
};

static const struct line_display_driver driver;

static struct escpos_display *
escpos(struct line_display *display)
{
    assert(display->driver == &driver);
    return (struct escpos_display *)display;
}

/* Initialise; katakana page and the Japanese set with ¥ at 5C; overwrite mode; no cursor. */
static const unsigned char katakana_start[] = {0x1B, '@', 0x1B, 't', 1, 0x1B, 'R', 8, 0x1F, 1, 0x1F, 'C', 0};
static const unsigned char kanji_start[] = {0x1B, '@', 0x1B, 'R', 8, 0x1F, 1, 0x1F, 'C', 0};

enum { ROW_BYTES = 4 + LINE_DISPLAY_COLUMNS };

/* US $ x y, then the row. */
static void
put_row(unsigned char out[ROW_BYTES], unsigned char row, const line_display_cells cells)
{
    const unsigned char move[4] = {0x1F, '$', 1, row};
    memcpy(out, move, sizeof move);
    memcpy(out + sizeof move, cells, LINE_DISPLAY_COLUMNS);
}

static enum status
show(struct line_display *display, line_display_cells rows[LINE_DISPLAY_ROWS], unsigned timeout_ms,
     struct error_detail *err)
{
    struct escpos_display *self = escpos(display);
    unsigned char bytes[sizeof katakana_start + LINE_DISPLAY_ROWS * ROW_BYTES];
    const bool has_kanji = display->characters == LINE_DISPLAY_CP932;
    const size_t start_length = has_kanji ? sizeof kanji_start : sizeof katakana_start;
    const int64_t deadline_ms = monitor_now_ms() + timeout_ms;
    bool is_new;
    enum status status = transport_begin(self->transport, deadline_ms, &is_new, err);
    if (status != STATUS_OK) {
        return status;
    }
    memcpy(bytes, has_kanji ? kanji_start : katakana_start, start_length);
    for (unsigned char i = 0; i < LINE_DISPLAY_ROWS; i++) {
        put_row(bytes + start_length + i * ROW_BYTES, (unsigned char)(i + 1), rows[i]);
    }
    size_t sent;
    status =
        transport_write(self->transport, bytes, start_length + LINE_DISPLAY_ROWS * ROW_BYTES, deadline_ms, &sent, err);
    if (status == STATUS_DEVICE_GONE) {
        transport_drop(self->transport);
    } else {
        transport_end(self->transport);
    }
    return status;
}

static enum status
check(struct line_display *display, unsigned timeout_ms, struct error_detail *err)
{
    struct escpos_display *self = escpos(display);
    bool is_new;
    const enum status status = transport_begin(self->transport, monitor_now_ms() + timeout_ms, &is_new, err);
    if (status == STATUS_OK) {
        transport_end(self->transport);
    }
    return status;
}

static void
close_display(struct line_display *display)
{
    struct escpos_display *self = escpos(display);
    transport_destroy(self->transport);
    free(self);
}

static const struct line_display_driver driver = {
    .name = "escpos-display",
    .show = show,
    .check = check,
    .close = close_display,
};

enum status
escpos_display_open(const struct escpos_display_options *options, struct line_display **out, struct error_detail *err)
{
    struct escpos_display *self = calloc(1, sizeof *self);
    if (self == NULL) {
        transport_destroy(options->transport);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    self->base.driver = &driver;
    self->base.characters = options->has_kanji ? LINE_DISPLAY_CP932 : LINE_DISPLAY_KATAKANA;
    self->transport = options->transport;
    *out = &self->base;
    return STATUS_OK;
}
