/* A display that remembers what it shows. */
#include "drivers/line_display/line_display_driver.h"

#include "common/text/cp932.h"
#include "drivers/monitor/monitor.h"
#include "drivers/simulated/control.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct simulated_display {
    struct line_display base;
    struct monitor monitor; /* guards all below */
    line_display_cells rows[LINE_DISPLAY_ROWS];
    bool has_vanished;
};

static const struct line_display_driver driver;

static struct simulated_display *
simulated(struct line_display *display)
{
    assert(display->driver == &driver);
    return (struct simulated_display *)display;
}

static enum status
gone(struct error_detail *err)
{
    error_set(err, "display_gone", "カスタマーディスプレイに接続できません。ケーブルを確認してください。");
    return STATUS_DEVICE_GONE;
}

static enum status
show(struct line_display *display, line_display_cells rows[LINE_DISPLAY_ROWS], unsigned timeout_ms,
     struct error_detail *err)
{
    (void)timeout_ms;
    struct simulated_display *self = simulated(display);
    monitor_lock(&self->monitor);
    const bool has_vanished = self->has_vanished;
    if (!has_vanished) {
        memcpy(self->rows, rows, sizeof self->rows);
    }
    monitor_unlock(&self->monitor);
    return has_vanished ? gone(err) : STATUS_OK;
}

static enum status
check(struct line_display *display, unsigned timeout_ms, struct error_detail *err)
{
    (void)timeout_ms;
    struct simulated_display *self = simulated(display);
    monitor_lock(&self->monitor);
    const bool has_vanished = self->has_vanished;
    monitor_unlock(&self->monitor);
    return has_vanished ? gone(err) : STATUS_OK;
}

static void
close_display(struct line_display *display)
{
    struct simulated_display *self = simulated(display);
    monitor_finish(&self->monitor);
    free(self);
}

static const struct line_display_driver driver = {
    .name = "simulated",
    .show = show,
    .check = check,
    .close = close_display,
};

enum status
simulated_line_display_open(bool has_kanji, struct line_display **out, struct error_detail *err)
{
    struct simulated_display *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = monitor_init(&self->monitor, err);
    if (status != STATUS_OK) {
        free(self);
        return status;
    }
    self->base.driver = &driver;
    self->base.characters = has_kanji ? LINE_DISPLAY_CP932 : LINE_DISPLAY_KATAKANA;
    memset(self->rows, ' ', sizeof self->rows);
    *out = &self->base;
    return STATUS_OK;
}

enum status
simulated_line_display_text(struct line_display *display, size_t row, struct buffer *out, struct error_detail *err)
{
    struct simulated_display *self = simulated(display);
    assert(row < LINE_DISPLAY_ROWS);
    line_display_cells cells;
    monitor_lock(&self->monitor);
    memcpy(cells, self->rows[row], sizeof cells);
    monitor_unlock(&self->monitor);
    /* Half-width katakana are the same bytes in both character sets. */
    return cp932_to_utf8(out, (const char *)cells, sizeof cells, err);
}

void
simulated_line_display_unplug(struct line_display *display, bool is_unplugged)
{
    struct simulated_display *self = simulated(display);
    monitor_lock(&self->monitor);
    self->has_vanished = is_unplugged;
    monitor_unlock(&self->monitor);
}
