/* A printer on a USB that is not there: a device in umockdev's testbed whose usbdevfs is played by this process, so
 * that the real libusb above it finds, claims and talks to it. Programs that use it run under umockdev-wrapper.
 *
 * It is stricter than the lab: endpoints, interfaces and requests that the descriptors do not name are refused as the
 * kernel refuses them, and a byte is taken exactly once. Faults happen at a byte: the test says how many more are taken
 * before. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct usb_printer;

enum usb_fault {
    USB_FAULT_NONE,
    USB_FAULT_STALL,  /* the endpoint halts, once; the device goes on when that is cleared */
    USB_FAULT_STALLS, /* it halts each time again */
    USB_FAULT_NAK,    /* it takes nothing more, and says nothing of it */
    USB_FAULT_UNPLUG  /* it is gone, in the middle of the transfer */
};

struct usb_printer_options {
    uint16_t vendor, product;
    uint8_t interface_class, protocol; /* 7 and 2; or 0xff for a vendor's own */
    const char *serial;                /* NULL: none */
    const char *device_id;             /* "MFG:…;"; NULL: the request stalls */
    bool is_one_way;                   /* no endpoint from the device */
    bool has_no_scatter;               /* an old controller: large transfers are many URBs of 16 KiB */

    /* The device behind it takes bytes: how many of LENGTH it takes now; the rest waits, as NAK does, until
     * usb_printer_go_on. Called from umockdev's thread. */
    size_t (*take)(void *context, const unsigned char *bytes, size_t length);
    void (*unplugged)(void *context); /* NULL: nobody asks; called once for each plug-in, from any thread */
    void *context;
};

/* Options are copied. Not plugged in yet. */
struct usb_printer *usb_printer_create(const struct usb_printer_options *options);
void usb_printer_destroy(struct usb_printer *printer);

void usb_printer_plug(struct usb_printer *printer);
void usb_printer_unplug(struct usb_printer *printer);

/* FAULT happens after AFTER_BYTES more bytes were taken on the bulk endpoint. */
void usb_printer_break(struct usb_printer *printer, enum usb_fault fault, size_t after_bytes);

/* From within `take`: the device says LENGTH bytes. */
void usb_printer_answer(struct usb_printer *printer, const void *bytes, size_t length);

/* From anywhere else: the device says LENGTH bytes, or halts the endpoint by which it says them, once. */
void usb_printer_say(struct usb_printer *printer, const void *bytes, size_t length);
void usb_printer_stall_in(struct usb_printer *printer);

/* The device takes bytes again. */
void usb_printer_go_on(struct usb_printer *printer);

/* What happened so far. */
struct usb_printer_counts {
    size_t taken;                   /* bytes on the bulk endpoint */
    unsigned cleared_halts, resets; /* requests */
    unsigned claims, releases;
    unsigned detached; /* times the kernel's driver was sent away */
    unsigned refused;  /* requests for what is not there */
};
struct usb_printer_counts usb_printer_counts(struct usb_printer *printer);
