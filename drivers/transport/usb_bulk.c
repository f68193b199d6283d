/* libusb, synchronously. Endpoints are read from the descriptors: gadgets and later models number them as they like. */
#include "drivers/transport/usb_bulk.h"

#include <assert.h>
#include <stdlib.h>

#include <libusb-1.0/libusb.h>

enum { PACKET_ROUND = 512 /* a read that is no multiple of the packet size may overflow */, READ_MAX = 4096 };

struct usb_bulk {
    libusb_context *context;
    libusb_device_handle *handle;
    int interface;
    uint8_t out, in;
    bool is_claimed;
};

static enum status
fail(int code, const char *what, struct error_detail *err)
{
    switch (code) {
    case LIBUSB_ERROR_NO_DEVICE:
    case LIBUSB_ERROR_NOT_FOUND:
        error_set(err, "usb_gone", "USB機器に接続できません。ケーブルを確認してください。");
        return STATUS_DEVICE_GONE;
    case LIBUSB_ERROR_BUSY:
        error_set(err, "usb_busy", "USB機器をほかのプログラムが使っています。");
        return STATUS_BUSY;
    case LIBUSB_ERROR_ACCESS:
        error_set(err, "usb_refused", "USB機器を使う権限がありません。設置担当者に連絡してください。");
        return STATUS_UNAUTHORIZED;
    case LIBUSB_ERROR_NO_MEM:
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    default:
        error_set(err, "usb_failed", "USB機器が応答しません(%s: %s)。", what, libusb_error_name(code));
        return STATUS_IO;
    }
}

static bool
find_endpoints(struct usb_bulk *usb, const struct libusb_interface_descriptor *interface)
{
    usb->out = usb->in = 0;
    for (uint8_t i = 0; i < interface->bNumEndpoints; i++) {
        const struct libusb_endpoint_descriptor *endpoint = &interface->endpoint[i];
        if ((endpoint->bmAttributes & LIBUSB_TRANSFER_TYPE_MASK) != LIBUSB_TRANSFER_TYPE_BULK) {
            continue;
        }
        if ((endpoint->bEndpointAddress & LIBUSB_ENDPOINT_IN) != 0) {
            usb->in = usb->in == 0 ? endpoint->bEndpointAddress : usb->in;
        } else {
            usb->out = usb->out == 0 ? endpoint->bEndpointAddress : usb->out;
        }
    }
    usb->interface = interface->bInterfaceNumber;
    return usb->out != 0 && usb->in != 0;
}

static int
find_interface(struct usb_bulk *usb, libusb_device *device)
{
    struct libusb_config_descriptor *configuration = NULL;
    bool is_found = false;
    const int code = libusb_get_active_config_descriptor(device, &configuration);
    if (code != LIBUSB_SUCCESS) {
        return code;
    }
    for (uint8_t i = 0; i < configuration->bNumInterfaces && !is_found; i++) {
        is_found = configuration->interface[i].num_altsetting > 0 &&
                   find_endpoints(usb, &configuration->interface[i].altsetting[0]);
    }
    libusb_free_config_descriptor(configuration);
    return is_found ? LIBUSB_SUCCESS : LIBUSB_ERROR_NOT_SUPPORTED;
}

static bool
is_wanted(libusb_device *device, const struct usb_bulk_id *ids, size_t count)
{
    struct libusb_device_descriptor descriptor;
    if (libusb_get_device_descriptor(device, &descriptor) != LIBUSB_SUCCESS) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (ids[i].vendor == descriptor.idVendor && ids[i].product == descriptor.idProduct) {
            return true;
        }
    }
    return false;
}

/* LIBUSB_ERROR_NOT_FOUND when there is none. */
static int
open_device(struct usb_bulk *usb, const struct usb_bulk_id *ids, size_t count)
{
    libusb_device **devices = NULL;
    const ssize_t found = libusb_get_device_list(usb->context, &devices);
    int code = found < 0 ? (int)found : LIBUSB_ERROR_NOT_FOUND;
    for (ssize_t i = 0; i < found && code == LIBUSB_ERROR_NOT_FOUND; i++) {
        if (is_wanted(devices[i], ids, count)) {
            code = find_interface(usb, devices[i]);
            code = code == LIBUSB_SUCCESS ? libusb_open(devices[i], &usb->handle) : code;
        }
    }
    if (found >= 0) {
        libusb_free_device_list(devices, 1);
    }
    return code;
}

enum status
usb_bulk_open(struct usb_bulk **out, const struct usb_bulk_id *ids, size_t count, struct error_detail *err)
{
    struct usb_bulk *usb = calloc(1, sizeof *usb);
    if (usb == NULL) {
        return fail(LIBUSB_ERROR_NO_MEM, "open", err);
    }
    int code = libusb_init(&usb->context);
    if (code == LIBUSB_SUCCESS) {
        code = open_device(usb, ids, count);
    } else {
        usb->context = NULL;
        code = code == LIBUSB_ERROR_NO_MEM ? code : LIBUSB_ERROR_NOT_FOUND; /* a computer without USB */
    }
    if (code == LIBUSB_SUCCESS) {
        (void)libusb_set_auto_detach_kernel_driver(usb->handle, 1); /* unsupported where no driver can be attached */
        code = libusb_claim_interface(usb->handle, usb->interface);
        usb->is_claimed = code == LIBUSB_SUCCESS;
    }
    if (code != LIBUSB_SUCCESS) {
        const enum status status = fail(code, "open", err);
        usb_bulk_close(usb);
        return status == STATUS_DEVICE_GONE ? STATUS_NOT_FOUND : status;
    }
    *out = usb;
    return STATUS_OK;
}

enum status
usb_bulk_look(const struct usb_bulk_id *ids, size_t count, struct error_detail *err)
{
    libusb_context *context = NULL;
    libusb_device **devices = NULL;
    bool is_there = false;
    const int code = libusb_init(&context);
    if (code == LIBUSB_ERROR_NO_MEM) {
        return fail(code, "look", err);
    }
    const ssize_t found = code == LIBUSB_SUCCESS ? libusb_get_device_list(context, &devices) : 0;
    for (ssize_t i = 0; i < found && !is_there; i++) {
        is_there = is_wanted(devices[i], ids, count);
    }
    if (devices != NULL) {
        libusb_free_device_list(devices, /* unref_devices= */ 1);
    }
    if (code == LIBUSB_SUCCESS) {
        libusb_exit(context);
    }
    return is_there ? STATUS_OK : STATUS_NOT_FOUND;
}

void
usb_bulk_close(struct usb_bulk *usb)
{
    if (usb == NULL) {
        return;
    }
    if (usb->is_claimed) {
        (void)libusb_release_interface(usb->handle, usb->interface); /* fails when the device is gone */
    }
    if (usb->handle != NULL) {
        libusb_close(usb->handle);
    }
    if (usb->context != NULL) {
        libusb_exit(usb->context);
    }
    free(usb);
}

enum status
usb_bulk_write(struct usb_bulk *usb, const uint8_t *bytes, size_t length, unsigned timeout_ms, struct error_detail *err)
{
    int sent = 0; /* libusb leaves it alone when nothing was submitted */
    assert(length <= READ_MAX);
    const int code =
        libusb_bulk_transfer(usb->handle, usb->out, (unsigned char *)(uintptr_t)bytes, (int)length, &sent, timeout_ms);
    if (code == LIBUSB_ERROR_PIPE) {
        (void)libusb_clear_halt(usb->handle, usb->out);
    }
    if (code == LIBUSB_SUCCESS && (size_t)sent == length) {
        return STATUS_OK;
    }
    return fail(code == LIBUSB_SUCCESS ? LIBUSB_ERROR_IO : code, "write", err);
}

enum status
usb_bulk_read(struct usb_bulk *usb, uint8_t *out, size_t capacity, unsigned timeout_ms, size_t *out_length,
              struct error_detail *err)
{
    unsigned char bytes[READ_MAX];
    int received = 0;
    const size_t rounded = (capacity + PACKET_ROUND - 1) / PACKET_ROUND * PACKET_ROUND;
    assert(rounded <= sizeof bytes);
    const int code = libusb_bulk_transfer(usb->handle, usb->in, bytes, (int)rounded, &received, timeout_ms);
    if (code == LIBUSB_ERROR_PIPE) {
        (void)libusb_clear_halt(usb->handle, usb->in);
    }
    if (code == LIBUSB_ERROR_TIMEOUT && received == 0) {
        return STATUS_NOT_FOUND;
    }
    if (code != LIBUSB_SUCCESS) {
        return fail(code, "read", err);
    }
    if (received <= 0 || (size_t)received > capacity) {
        return fail(LIBUSB_ERROR_OVERFLOW, "read", err);
    }
    *out_length = (size_t)received;
    for (int i = 0; i < received; i++) {
        out[i] = bytes[i];
    }
    return STATUS_OK;
}
