/* A drawer that springs open when it is kicked, by itself or by the printer whose port it hangs on. */
#include "drivers/cash_drawer/cash_drawer_driver.h"
#include "drivers/monitor/monitor.h"
#include "drivers/simulated/control.h"

#include <assert.h>
#include <stdlib.h>

struct simulated_drawer {
    struct cash_drawer base;
    struct monitor monitor; /* guards all below */
    struct printer *through;
    size_t pulses_seen; /* of the printer's */
    struct simulated_drawer_condition condition;
    bool is_open;
    size_t openings;
};

static const struct cash_drawer_driver driver;

static struct simulated_drawer *
simulated(struct cash_drawer *drawer)
{
    assert(drawer->driver == &driver);
    return (struct simulated_drawer *)drawer;
}

static void
spring_open(struct simulated_drawer *self)
{
    if (!self->condition.is_stuck) {
        self->is_open = true;
        self->openings++;
    }
}

/* A pulse inside a receipt acts when somebody looks, as nothing else can see the difference. */
static void
notice_pulses(struct simulated_drawer *self)
{
    const size_t pulses = self->through != NULL ? simulated_printer_pulses(self->through) : 0;
    for (; self->pulses_seen < pulses; self->pulses_seen++) {
        spring_open(self);
    }
}

static enum status
gone(struct error_detail *err)
{
    error_set(err, "drawer_gone", "ドロアーに接続できません。ケーブルを確認してください。");
    return STATUS_DEVICE_GONE;
}

static enum status
open_drawer(struct cash_drawer *drawer, unsigned timeout_ms, struct error_detail *err)
{
    (void)timeout_ms;
    struct simulated_drawer *self = simulated(drawer);
    monitor_lock(&self->monitor);
    const bool has_vanished = self->condition.has_vanished;
    if (!has_vanished) {
        notice_pulses(self);
        spring_open(self);
    }
    monitor_unlock(&self->monitor);
    return has_vanished ? gone(err) : STATUS_OK;
}

static enum status
query(struct cash_drawer *drawer, unsigned timeout_ms, enum drawer_position *out, struct error_detail *err)
{
    (void)timeout_ms;
    struct simulated_drawer *self = simulated(drawer);
    monitor_lock(&self->monitor);
    notice_pulses(self);
    const bool has_vanished = self->condition.has_vanished;
    const bool is_open = self->is_open;
    monitor_unlock(&self->monitor);

    if (has_vanished) {
        return gone(err);
    }
    *out = is_open ? DRAWER_OPENED : DRAWER_CLOSED;
    return STATUS_OK;
}

static void
close_drawer(struct cash_drawer *drawer)
{
    struct simulated_drawer *self = simulated(drawer);
    monitor_finish(&self->monitor);
    free(self);
}

static const struct cash_drawer_driver driver = {
    .name = "simulated",
    .hangs_on_printer = true,
    .open = open_drawer,
    .query = query,
    .close = close_drawer,
};

enum status
simulated_cash_drawer_open(struct printer *through, struct cash_drawer **out, struct error_detail *err)
{
    struct simulated_drawer *self = calloc(1, sizeof *self);
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
    self->through = through;
    self->pulses_seen = through != NULL ? simulated_printer_pulses(through) : 0;
    *out = &self->base;
    return STATUS_OK;
}

void
simulated_cash_drawer_set(struct cash_drawer *drawer, const struct simulated_drawer_condition *condition)
{
    struct simulated_drawer *self = simulated(drawer);
    monitor_lock(&self->monitor);
    notice_pulses(self);
    self->condition = *condition;
    monitor_unlock(&self->monitor);
}

void
simulated_cash_drawer_shut(struct cash_drawer *drawer)
{
    struct simulated_drawer *self = simulated(drawer);
    monitor_lock(&self->monitor);
    notice_pulses(self);
    self->is_open = false;
    monitor_unlock(&self->monitor);
}

size_t
simulated_cash_drawer_openings(struct cash_drawer *drawer)
{
    struct simulated_drawer *self = simulated(drawer);
    monitor_lock(&self->monitor);
    notice_pulses(self);
    const size_t openings = self->openings;
    monitor_unlock(&self->monitor);
    return openings;
}
