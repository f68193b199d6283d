/* Bytes to and from a USB interface. Three ideas:
 *
 * A request for the device's next bytes is always under way while the interface is ours. Asking only now and then, with
 * time limits, would lose what the device said in the moment a request is taken back.
 *
 * Of what goes out, what counts is how much the device took, which libusb tells also of a transfer that stalled, was
 * taken back, or died with the cable. The rest is sent on from there; nothing that was taken is ever sent again.
 *
 * An endpoint that stalls is cleared and goes on, a few times: devices stall once after a reset and never again. */
#include "drivers/transport/usb_transport.h"

#include "drivers/monitor/monitor.h"
#include "drivers/transport/transport_driver.h"
#include "drivers/transport/usb_device.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum {
    READ_BYTES = 1024,       /* a multiple of every packet size, else a full packet would not fit */
    KEPT_BYTES = 4096,       /* answers that nobody has asked for yet; the oldest are the least worth */
    WRITE_BYTES = 16 * 1024, /* one URB of the kernel's */
    STALLS_MAX = 4,          /* in one call; a device that stalls for ever is broken */
    EMPTY_PAUSE_MS = 10,     /* some printers answer every request at once with nothing */
    TAKE_BACK_MS = 1000,     /* a transfer that is cancelled ends at once, unless the controller hangs */
    SLICE_MS = 100           /* how often the time is looked at */
};

/* INVARIANT: `device.handle` is NULL exactly while nothing is open; then nothing is under way. `kept` holds
 * `kept_length` bytes from the device in order. */
struct usb_transport {
    struct transport base;
    struct usb_selection selection;
    libusb_context *context; /* NULL until first needed */
    struct usb_device device;
    struct libusb_transfer *reading, *writing;
    bool is_reading;
    int writing_is_over; /* as libusb wants it */
    bool is_gone;
    bool has_stalled_in;
    unsigned stalls_in;
    int64_t read_again_ms;
    unsigned char read_bytes[READ_BYTES];
    unsigned char kept[KEPT_BYTES];
    size_t kept_length;
};

static const struct transport_driver driver;

static struct usb_transport *
usb_of(struct transport *transport)
{
    assert(transport->driver == &driver);
    return (struct usb_transport *)transport;
}

static enum status
gone(struct usb_transport *self, struct error_detail *err)
{
    self->is_gone = true;
    return status_from_libusb(LIBUSB_ERROR_NO_DEVICE, err);
}

/* ---- listening --------------------------------------------------------------------------------------------------- */

static void
keep(struct usb_transport *self, const unsigned char *bytes, size_t length)
{
    if (length > KEPT_BYTES - self->kept_length) {
        const size_t surplus = self->kept_length + length - KEPT_BYTES;
        memmove(self->kept, self->kept + surplus, self->kept_length - surplus);
        self->kept_length -= surplus;
    }
    memcpy(self->kept + self->kept_length, bytes, length);
    self->kept_length += length;
}

static void LIBUSB_CALL
on_read(struct libusb_transfer *transfer)
{
    struct usb_transport *self = transfer->user_data;
    self->is_reading = false;
    keep(self, transfer->buffer, (size_t)transfer->actual_length);
    switch (transfer->status) {
    case LIBUSB_TRANSFER_COMPLETED:
        self->stalls_in = 0;
        self->read_again_ms = transfer->actual_length > 0 ? 0 : monitor_now_ms() + EMPTY_PAUSE_MS;
        break;
    case LIBUSB_TRANSFER_STALL:
        self->has_stalled_in = true;
        break;
    case LIBUSB_TRANSFER_CANCELLED:
    case LIBUSB_TRANSFER_TIMED_OUT:
        break;
    case LIBUSB_TRANSFER_OVERFLOW: /* more than it may send at once: noise */
        self->read_again_ms = monitor_now_ms() + EMPTY_PAUSE_MS;
        break;
    case LIBUSB_TRANSFER_ERROR:
    case LIBUSB_TRANSFER_NO_DEVICE:
        self->is_gone = true;
        break;
    }
}

/* See that the device is listened to. */
static void
listen_again(struct usb_transport *self)
{
    if (self->has_stalled_in && !self->is_gone) {
        self->has_stalled_in = false;
        self->stalls_in++;
        self->is_gone =
            self->stalls_in > STALLS_MAX || libusb_clear_halt(self->device.handle, self->device.interface.in) != 0;
    }
    if (self->is_reading || self->is_gone || self->device.interface.in == 0 || monitor_now_ms() < self->read_again_ms) {
        return;
    }
    libusb_fill_bulk_transfer(self->reading, self->device.handle, self->device.interface.in, self->read_bytes,
                              READ_BYTES, on_read, self, /* timeout: none */ 0);
    const int code = libusb_submit_transfer(self->reading);
    self->is_reading = code == LIBUSB_SUCCESS;
    self->is_gone = !self->is_reading;
}

/* Let transfers go on until one ends (*COMPLETED, when not NULL, is set) or UNTIL_MS. */
static void
pump(struct usb_transport *self, int64_t until_ms, int *completed)
{
    listen_again(self);
    int64_t left_ms = until_ms - monitor_now_ms();
    left_ms = left_ms < 0 ? 0 : left_ms < SLICE_MS ? left_ms : SLICE_MS;
    if (!self->is_reading && left_ms > EMPTY_PAUSE_MS) {
        left_ms = EMPTY_PAUSE_MS;
    }
    struct timeval wait = {.tv_sec = 0, .tv_usec = (suseconds_t)(left_ms * 1000)};
    const int code = libusb_handle_events_timeout_completed(self->context, &wait, completed);
    if (code == LIBUSB_ERROR_NO_DEVICE || code == LIBUSB_ERROR_IO) {
        self->is_gone = true;
    }
}

/* ---- open and close ---------------------------------------------------------------------------------------------- */

static void
stop_listening(struct usb_transport *self)
{
    const int64_t deadline_ms = monitor_now_ms() + TAKE_BACK_MS;
    const bool was_gone = self->is_gone;
    self->is_gone = true; /* so that nothing new is begun */
    if (self->is_reading) {
        (void)libusb_cancel_transfer(self->reading); /* fails when it has just ended by itself */
    }
    while (self->is_reading && monitor_now_ms() < deadline_ms) {
        pump(self, deadline_ms, NULL);
    }
    self->is_gone = was_gone || self->is_reading;
}

static void
drop(struct transport *transport)
{
    struct usb_transport *self = usb_of(transport);
    if (self->device.handle == NULL) {
        return;
    }
    stop_listening(self);
    usb_device_close(&self->device); /* a transfer that would not end, ends with it */
    libusb_free_transfer(self->reading);
    libusb_free_transfer(self->writing);
    self->reading = self->writing = NULL;
    self->is_reading = self->has_stalled_in = self->is_gone = false;
    self->kept_length = 0;
    self->stalls_in = 0;
    self->read_again_ms = 0;
}

static enum status
open_device(struct usb_transport *self, struct error_detail *err)
{
    if (self->context == NULL) {
        const int code = libusb_init(&self->context);
        if (code != LIBUSB_SUCCESS) {
            self->context = NULL;
            return status_from_libusb(code == LIBUSB_ERROR_NO_MEM ? code : LIBUSB_ERROR_NO_DEVICE, err);
        }
    }
    enum status status = usb_device_open(self->context, &self->selection, &self->device, err);
    if (status != STATUS_OK) {
        return status;
    }
    self->reading = libusb_alloc_transfer(/* iso_packets= */ 0);
    self->writing = libusb_alloc_transfer(/* iso_packets= */ 0);
    if (self->reading == NULL || self->writing == NULL) {
        drop(&self->base);
        return status_from_libusb(LIBUSB_ERROR_NO_MEM, err);
    }
    return STATUS_OK;
}

static enum status
begin(struct transport *transport, int64_t deadline_ms, bool *out_is_new, struct error_detail *err)
{
    struct usb_transport *self = usb_of(transport);
    (void)deadline_ms; /* everything that open_device asks has a limit of its own */
    if (self->device.handle != NULL) {
        pump(self, 0, NULL); /* what came in between conversations; and whether it is still there */
        if (self->is_gone) {
            drop(transport);
        }
    }
    *out_is_new = self->device.handle == NULL;
    if (self->device.handle != NULL) {
        return STATUS_OK;
    }
    enum status status = open_device(self, err);
    if (status == STATUS_OK) {
        listen_again(self);
    }
    return status;
}

static void
end(struct transport *transport)
{
    (void)usb_of(transport); /* the interface stays ours: giving it back would wake the kernel's driver each time */
}

/* ---- bytes ------------------------------------------------------------------------------------------------------- */

static void LIBUSB_CALL
on_written(struct libusb_transfer *transfer)
{
    struct usb_transport *self = transfer->user_data;
    self->writing_is_over = 1;
}

/* Wait until the transfer out has ended; false when it has not by UNTIL_MS. */
static bool
await_written(struct usb_transport *self, int64_t until_ms)
{
    while (self->writing_is_over == 0 && monitor_now_ms() < until_ms) {
        pump(self, until_ms, &self->writing_is_over);
    }
    return self->writing_is_over != 0;
}

/* One transfer of LENGTH bytes; *OUT_TAKEN whatever the status. STATUS_NOT_FOUND: it stalled. */
static enum status
transfer_out(struct usb_transport *self, const unsigned char *bytes, size_t length, int64_t deadline_ms,
             size_t *out_taken, struct error_detail *err)
{
    *out_taken = 0;
    self->writing_is_over = 0;
    /* libusb does not write to what it sends; its buffer has no const because one type serves both directions. */
    libusb_fill_bulk_transfer(self->writing, self->device.handle, self->device.interface.out,
                              (unsigned char *)(uintptr_t)bytes, (int)length, on_written, self, /* timeout: ours */ 0);
    if (libusb_submit_transfer(self->writing) != LIBUSB_SUCCESS) {
        return gone(self, err);
    }
    if (!await_written(self, deadline_ms)) {
        (void)libusb_cancel_transfer(self->writing); /* fails when it has just ended by itself, which is as good */
        if (!await_written(self, monitor_now_ms() + TAKE_BACK_MS)) {
            *out_taken = length; /* the controller hangs: anything up to all of it may have been taken */
            return gone(self, err);
        }
    }
    *out_taken = (size_t)self->writing->actual_length;
    switch (self->writing->status) {
    case LIBUSB_TRANSFER_COMPLETED:
        return STATUS_OK;
    case LIBUSB_TRANSFER_STALL:
        return STATUS_NOT_FOUND;
    case LIBUSB_TRANSFER_CANCELLED:
    case LIBUSB_TRANSFER_TIMED_OUT:
        error_set(err, "device_busy", "the printer takes nothing");
        return STATUS_BUSY;
    case LIBUSB_TRANSFER_ERROR:
    case LIBUSB_TRANSFER_OVERFLOW:
    case LIBUSB_TRANSFER_NO_DEVICE:
        break;
    }
    return gone(self, err);
}

static enum status
write_bytes(struct transport *transport, const void *bytes, size_t length, int64_t deadline_ms, size_t *out_sent,
            struct error_detail *err)
{
    struct usb_transport *self = usb_of(transport);
    unsigned stalls = 0;
    *out_sent = 0;
    while (*out_sent < length) {
        const size_t left = length - *out_sent;
        size_t taken = 0;
        if (self->is_gone) {
            return gone(self, err);
        }
        enum status status = transfer_out(self, (const unsigned char *)bytes + *out_sent,
                                          left < WRITE_BYTES ? left : WRITE_BYTES, deadline_ms, &taken, err);
        *out_sent += taken;
        if (status == STATUS_NOT_FOUND) {
            if (++stalls > STALLS_MAX || libusb_clear_halt(self->device.handle, self->device.interface.out) != 0) {
                return gone(self, err);
            }
        } else if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status
read_bytes(struct transport *transport, void *out, size_t capacity, int64_t deadline_ms, size_t *out_length,
           struct error_detail *err)
{
    struct usb_transport *self = usb_of(transport);
    pump(self, 0, NULL);
    while (self->kept_length == 0 && !self->is_gone && monitor_now_ms() < deadline_ms) {
        pump(self, deadline_ms, NULL);
    }
    if (self->kept_length > 0) {
        *out_length = self->kept_length < capacity ? self->kept_length : capacity;
        memcpy(out, self->kept, *out_length);
        self->kept_length -= *out_length;
        memmove(self->kept, self->kept + *out_length, self->kept_length);
        return STATUS_OK;
    }
    if (self->is_gone) {
        return gone(self, err);
    }
    error_set(err, "no_answer", "the printer did not answer in time");
    return STATUS_NOT_FOUND;
}

/* The device forgets how far the two pipes had counted, so that the computer has to forget it too: clear_halt does
 * that, but not under a transfer that is on its way. */
static bool
reset(struct transport *transport)
{
    struct usb_transport *self = usb_of(transport);
    if (self->is_gone || !self->device.interface.is_printer_class) {
        return false;
    }
    stop_listening(self);
    const bool is_taken = usb_device_reset(&self->device);
    if (is_taken) {
        self->is_gone =
            libusb_clear_halt(self->device.handle, self->device.interface.out) != 0 ||
            (self->device.interface.in != 0 && libusb_clear_halt(self->device.handle, self->device.interface.in) != 0);
        self->kept_length = 0;
    }
    return is_taken && !self->is_gone;
}

static const char *
identity(const struct transport *transport)
{
    return ((const struct usb_transport *)transport)->device.id.model;
}

static void
destroy(struct transport *transport)
{
    struct usb_transport *self = usb_of(transport);
    drop(transport);
    if (self->context != NULL) {
        libusb_exit(self->context);
    }
    free(self);
}

static const struct transport_driver driver = {
    .name = "usb",
    .is_lasting = true,
    .begin = begin,
    .end = end,
    .drop = drop,
    .write = write_bytes,
    .read = read_bytes,
    .reset = reset,
    .identity = identity,
    .destroy = destroy,
};

enum status
usb_transport_create(struct transport **out, const struct usb_selection *selection, struct error_detail *err)
{
    struct usb_transport *self = calloc(1, sizeof *self);
    if (self == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    self->base.driver = &driver;
    self->selection = *selection;
    *out = &self->base;
    return STATUS_OK;
}
