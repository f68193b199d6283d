/* What a USB device says of itself, read: its configuration descriptor and its IEEE 1284 device id. Pure: any bytes may
 * come, and none is believed further than it is there. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    USB_TEXT_SIZE = 64,                 /* a name or serial number of a device; the rest is cut */
    USB_CONFIGURATION_MAX_BYTES = 4096, /* printers' are under a hundred; composite devices' a few hundred */
    USB_DEVICE_ID_MAX_BYTES = 1024
};

/* The interface of a device that a printer is talked to by. */
struct usb_printer_interface {
    uint8_t number, alternate;
    bool has_alternates;   /* the alternate must be chosen before use */
    bool is_printer_class; /* class 7, which has device ids and resets; else the vendor's own */
    uint8_t out;           /* address of the bulk endpoint to the device */
    uint8_t in;            /* … and from it; 0: it never says anything */
};

/* The best interface in the LENGTH bytes of a configuration descriptor with all that follows it: of the printer class
 * in both directions; of the vendor's own class (with IS_VENDOR_TRUSTED) in both directions; of the printer class one
 * way. Never 1284.4 or IPP over USB, which are other languages. False when there is none. */
bool
usb_find_printer_interface(const void *bytes, size_t length, bool is_vendor_trusted, struct usb_printer_interface *out);

/* "MFG:EPSON;CMD:ESC/POS;MDL:TM-m30III;CLS:PRINTER;" Texts are printable ASCII, cut to their size. */
struct usb_device_id {
    char maker[USB_TEXT_SIZE];
    char model[USB_TEXT_SIZE];
    char languages[USB_TEXT_SIZE];
};

/* LENGTH bytes of a device id, beginning with its two bytes of length (which many devices count wrong: both the length
 * said and the bytes that are there bound it). Missing members are "". False when it is no device id. */
bool usb_parse_device_id(const void *bytes, size_t length, struct usb_device_id *out);

/* Whether the comma-separated languages of ID have ESC/POS among them. */
bool usb_device_id_has_escpos(const struct usb_device_id *id);

/* "04b8:0202" in hexadecimal; false for anything else. */
bool usb_parse_ids(const char *text, uint16_t *out_vendor, uint16_t *out_product);
