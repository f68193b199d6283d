/* A USB device with two bulk pipes in a umockdev testbed: real libusb speaks to it through emulated usbdevfs.
 *
 * The node is a FIFO that is full while no URB can be reaped, so that libusb's poll waits as on a real device. The
 * program must run under umockdev-wrapper. As strict as the kernel: unknown endpoints and unclaimed interfaces are
 * refused. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <umockdev.h>

enum mock_usb_fault {
    MOCK_USB_FINE,
    MOCK_USB_STALLS,   /* the next read of the IN pipe is answered by a stall */
    MOCK_USB_NAKS,     /* nothing is sent any more: reads wait for ever */
    MOCK_USB_VANISHES, /* it is pulled out while the next bytes are written to it */
    MOCK_USB_HELD      /* another program has the interface */
};

struct mock_usb {
    /* Set before mock_usb_create. RECEIVE gets what is written, in umockdev's thread, and answers by mock_usb_send. */
    uint16_t vendor, product;
    void (*receive)(struct mock_usb *usb, const uint8_t *bytes, size_t length);
    void *context;

    UMockdevTestbed *bed;
    UMockdevIoctlBase *handler;
    int fifo;        /* −1: never plugged in */
    unsigned times;  /* plugged in so far: each time as another device of the bus */
    char device[32]; /* /dev/bus/usb/001/004 */
    bool is_plugged_in;
    GMutex lock; /* guards all below */
    enum mock_usb_fault fault;
    bool is_claimed, is_gone;
    GQueue *packets, *waiting, *done;
};

void mock_usb_create(struct mock_usb *usb);
void mock_usb_plug_in(struct mock_usb *usb);
void mock_usb_unplug(struct mock_usb *usb);
void mock_usb_set_fault(struct mock_usb *usb, enum mock_usb_fault fault);

/* One packet for the IN pipe. Only from `receive`, or while unplugged. */
void mock_usb_send(struct mock_usb *usb, const uint8_t *bytes, size_t length);
void mock_usb_destroy(struct mock_usb *usb);
