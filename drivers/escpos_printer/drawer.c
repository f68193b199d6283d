/* A cash drawer on an ESC/POS printer's drawer port. */
#include "drivers/cash_drawer/cash_drawer_driver.h"
#include "drivers/escpos_printer/device.h"
#include "drivers/escpos_printer/escpos_printer.h"

#include <assert.h>
#include <stdlib.h>

enum {
    PULSE_ON_MS = 100, /* enough for any solenoid, short enough not to warm one that is stuck */
    PULSE_OFF_MS = 400,
    PRINTER_OFFLINE = 0x08 /* in the answer to DLE EOT 1 */
};

struct escpos_drawer_device {
    struct cash_drawer base;
    struct escpos_printer *printer;
    enum escpos_drawer pin;
    enum escpos_drawer_switch wiring;
};

static const struct cash_drawer_driver driver;

static struct escpos_drawer_device *
drawer_of(struct cash_drawer *drawer)
{
    assert(drawer->driver == &driver);
    return (struct escpos_drawer_device *)drawer;
}

/* A printer without paper must still open its drawer, so the pulse goes in real time when it is offline. */
static enum status
send_pulse(struct escpos_drawer_device *self, unsigned char status_1, int64_t deadline_ms, struct error_detail *err)
{
    struct buffer bytes;
    struct escpos printer;
    buffer_init(&bytes, 32);
    escpos_init(&printer, &bytes, 1);
    if ((status_1 & PRINTER_OFFLINE) != 0) {
        escpos_drawer_pulse_now(&printer, self->pin);
    } else {
        escpos_drawer_pulse(&printer, self->pin, PULSE_ON_MS, PULSE_OFF_MS);
    }
    size_t sent = 0;
    enum status status = escpos_finish(&printer, err);
    if (status == STATUS_OK) {
        status = transport_write(self->printer->session.transport, bytes.data, bytes.length, deadline_ms, &sent, err);
    }
    buffer_finish(&bytes);
    if (status != STATUS_OK) {
        error_set(err, "drawer_pulse_failed", "ドロアーを開けませんでした。プリンターを確認してください。");
        return STATUS_IO;
    }
    return STATUS_OK;
}

static enum status
open_drawer(struct cash_drawer *drawer, unsigned timeout_ms, struct error_detail *err)
{
    struct escpos_drawer_device *self = drawer_of(drawer);
    struct printer_session *session = &self->printer->session;
    const int64_t deadline_ms = monitor_now_ms() + timeout_ms;
    unsigned char before = 0;
    unsigned char after = 0;
    enum status status = escpos_printer_begin(self->printer, deadline_ms, err);
    if (status != STATUS_OK) {
        return status;
    }
    const bool has_status = escpos_printer_model(self->printer)->has_status;
    if (has_status) {
        status = printer_session_ask(session, 1, deadline_ms, &before, err);
    }
    if (status == STATUS_OK) {
        status = send_pulse(self, before, deadline_ms, err);
    }
    if (status == STATUS_OK && has_status) {
        /* Its answer proves that the printer has read the pulse, which a closed connection might have thrown away. */
        status = printer_session_ask(session, 1, deadline_ms, &after, err);
    }
    escpos_printer_end(self->printer, status);
    return status;
}

static enum status
query(struct cash_drawer *drawer, unsigned timeout_ms, enum drawer_position *out, struct error_detail *err)
{
    struct escpos_drawer_device *self = drawer_of(drawer);
    const int64_t deadline_ms = monitor_now_ms() + timeout_ms;
    unsigned char byte = 0;
    enum status status = escpos_printer_begin(self->printer, deadline_ms, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!escpos_printer_model(self->printer)->has_status) {
        escpos_printer_end(self->printer, STATUS_OK);
        *out = DRAWER_UNKNOWN;
        return STATUS_OK;
    }
    status = printer_session_ask(&self->printer->session, 1, deadline_ms, &byte, err);
    escpos_printer_end(self->printer, status);
    if (status != STATUS_OK) {
        return status;
    }
    const bool is_high = escpos_drawer_pin_is_high(byte);
    switch (self->wiring) {
    case ESCPOS_DRAWER_NO_SWITCH:
        *out = DRAWER_UNKNOWN;
        break;
    case ESCPOS_DRAWER_OPENS_LOW:
        *out = is_high ? DRAWER_CLOSED : DRAWER_OPENED;
        break;
    case ESCPOS_DRAWER_OPENS_HIGH:
        *out = is_high ? DRAWER_OPENED : DRAWER_CLOSED;
        break;
    }
    return STATUS_OK;
}

static void
close_drawer(struct cash_drawer *drawer)
{
    free(drawer_of(drawer));
}

static const struct cash_drawer_driver driver = {
    .name = "escpos",
    .hangs_on_printer = true,
    .open = open_drawer,
    .query = query,
    .close = close_drawer,
};

enum status
escpos_printer_drawer_open(struct printer *printer, enum escpos_drawer pin, enum escpos_drawer_switch wiring,
                           struct cash_drawer **out, struct error_detail *err)
{
    struct escpos_drawer_device *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    self->base.driver = &driver;
    self->printer = escpos_printer_of(printer);
    self->pin = pin;
    self->wiring = wiring;
    *out = &self->base;
    return STATUS_OK;
}
