/* The trigger goes out once for each opening. When only a part of it was taken in time, the rest is not sent later: a
 * drawer that opens by itself, with nobody at it, is worse than one that is opened by its key. */
#include "drivers/trigger_drawer/trigger_drawer.h"

#include "drivers/cash_drawer/cash_drawer_driver.h"
#include "drivers/monitor/monitor.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct trigger_drawer {
    struct cash_drawer base;
    struct transport *transport;
    uint8_t trigger[TRIGGER_MAX_BYTES];
    size_t length;
};

static const struct cash_drawer_driver driver;

static struct trigger_drawer *
trigger_of(struct cash_drawer *drawer)
{
    assert(drawer->driver == &driver);
    return (struct trigger_drawer *)drawer;
}

static enum status
say(enum status status, struct error_detail *err)
{
    if (status == STATUS_DEVICE_GONE) {
        error_set(err, "drawer_gone", "ドロアーにつながりません。ケーブルを確認してください。");
        return status;
    }
    error_set(err, "drawer_pulse_failed", "ドロアーを開けませんでした。鍵で開けて、管理者に連絡してください。");
    return STATUS_IO;
}

static enum status
open_drawer(struct cash_drawer *drawer, unsigned timeout_ms, struct error_detail *err)
{
    struct trigger_drawer *self = trigger_of(drawer);
    const int64_t deadline_ms = monitor_now_ms() + timeout_ms;
    bool is_new;
    size_t sent = 0;
    enum status status = transport_begin(self->transport, deadline_ms, &is_new, err);
    if (status != STATUS_OK) {
        return say(status, err);
    }
    status = transport_write(self->transport, self->trigger, self->length, deadline_ms, &sent, err);
    if (status != STATUS_OK) {
        transport_drop(self->transport);
        return say(status, err);
    }
    transport_end(self->transport);
    return STATUS_OK;
}

static enum status
query(struct cash_drawer *drawer, unsigned timeout_ms, enum drawer_position *out, struct error_detail *err)
{
    struct trigger_drawer *self = trigger_of(drawer);
    bool is_new;
    enum status status = transport_begin(self->transport, monitor_now_ms() + timeout_ms, &is_new, err);
    if (status != STATUS_OK) {
        return say(status, err);
    }
    transport_end(self->transport);
    *out = DRAWER_UNKNOWN;
    return STATUS_OK;
}

static void
close_drawer(struct cash_drawer *drawer)
{
    struct trigger_drawer *self = trigger_of(drawer);
    transport_destroy(self->transport);
    free(self);
}

static const struct cash_drawer_driver driver = {
    .name = "trigger",
    .open = open_drawer,
    .query = query,
    .close = close_drawer,
};

enum status
trigger_drawer_open(const struct trigger_drawer_options *options, struct cash_drawer **out, struct error_detail *err)
{
    struct trigger_drawer *self = NULL;
    enum status status = STATUS_OK;
    if (options->length == 0 || options->length > TRIGGER_MAX_BYTES) {
        error_set(err, "drawer_option_invalid", "cash drawer: the trigger is 1 to %d bytes", TRIGGER_MAX_BYTES);
        status = STATUS_INVALID;
    } else if ((self = calloc(1, sizeof *self)) == NULL) {
        error_set(err, "no_memory", "out of memory");
        status = STATUS_NO_MEMORY;
    }
    if (status != STATUS_OK) {
        transport_destroy(options->transport);
        return status;
    }
    self->base.driver = &driver;
    self->transport = options->transport;
    memcpy(self->trigger, options->trigger, options->length);
    self->length = options->length;
    *out = &self->base;
    return STATUS_OK;
}

bool
trigger_parse(const char *text, struct trigger_drawer_options *out)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const size_t length = strlen(text);
    if (length == 0 || length % 2 != 0 || length / 2 > TRIGGER_MAX_BYTES || strspn(text, digits) != length) {
        return false;
    }
    for (size_t i = 0; i < length / 2; i++) {
        const char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};
        out->trigger[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    out->length = length / 2;
    return true;
}
