/* Which devices are printers. The one idea: nothing is sent to a device, and none is opened, before its descriptors
 * (which the kernel keeps) say that it may be one; and without being named, only a receipt printer is taken, since the
 * office printer beside it is of the same USB class and would print pages of bytes. */
#include "drivers/transport/usb_device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONTROL_TIMEOUT_MS = 1000,
    CONFIGURATIONS_MAX = 8,
    CLASS_PRINTER = 7,
    CLASS_VENDOR = 0xff,
    PROTOCOL_IPP = 4,
    REQUEST_DEVICE_ID = 0,
    REQUEST_SOFT_RESET = 2
};

/* Makers of receipt printers, by what their devices say and public driver lists; none but Epson makes other printers.
 */
static const struct {
    uint16_t vendor, product; /* product 0: all of them */
    bool makes_others;        /* only with ESC/POS in the device id, or by the vendor's own interface */
} makers[] = {
    {0x04b8, 0, true},                                /* Epson: TM printers, but also every Epson inkjet */
    {0x0519, 0, false},                               /* Star Micronics */
    {0x1d90, 0, false},                               /* Citizen Systems */
    {0x2730, 0, false},                               /* Citizen Systems, older */
    {0x1504, 0, false},                               /* Bixolon */
    {0x0dd4, 0, false},                               /* Custom */
    {0x0416, 0x5011, false},                          /* POS-58, POS-80 (Winbond's id, on devices of many names) */
    {0x0483, 0x5743, false},                          /* the same (ST's id) */
    {0x0fe6, 0x811e, false},                          /* the same (ICS's id) */
    {0x28e9, 0x0289, false},                          /* the same (GigaDevice's id) */
    {0x6868, 0x0200, false},                          /* Zjiang */
    {0x6868, 0x0500, false}, {0x4b43, 0x3538, false}, /* Caysn */
};

enum maker { MAKER_UNKNOWN, MAKER_OF_MANY, MAKER_OF_RECEIPT_PRINTERS };

static enum maker
find_maker(uint16_t vendor, uint16_t product)
{
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
        if (makers[i].vendor == vendor && (makers[i].product == 0 || makers[i].product == product)) {
            return makers[i].makes_others ? MAKER_OF_MANY : MAKER_OF_RECEIPT_PRINTERS;
        }
    }
    return MAKER_UNKNOWN;
}

enum status
status_from_libusb(int code, struct error_detail *err)
{
    switch (code) {
    case LIBUSB_SUCCESS:
        return STATUS_OK;
    case LIBUSB_ERROR_NO_DEVICE:
    case LIBUSB_ERROR_NOT_FOUND:
        error_set(err, "usb_gone", "USBプリンターが見つかりません。電源とケーブルを確認してください。");
        return STATUS_DEVICE_GONE;
    case LIBUSB_ERROR_ACCESS:
        error_set(err, "usb_forbidden", "USBプリンターを使う権限がありません。管理者に連絡してください。");
        return STATUS_UNAUTHORIZED;
    case LIBUSB_ERROR_BUSY:
        error_set(err, "usb_busy", "USBプリンターは別のプログラムが使っています。管理者に連絡してください。");
        return STATUS_BUSY;
    case LIBUSB_ERROR_NO_MEM:
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    default:
        error_set(err, "usb_failed", "USBプリンターとの通信に失敗しました(%s)。ケーブルを差し直してください。",
                  libusb_error_name(code));
        return STATUS_IO;
    }
}

/* Whether the kernel's copy of DEVICE's descriptors shows an interface of CLASS; nothing is sent. */
static bool
has_interface(libusb_device *device, uint8_t class)
{
    struct libusb_config_descriptor *configuration = NULL;
    bool is_found = false;
    if (libusb_get_active_config_descriptor(device, &configuration) != LIBUSB_SUCCESS) {
        return false;
    }
    for (uint8_t i = 0; i < configuration->bNumInterfaces; i++) {
        for (int j = 0; j < configuration->interface[i].num_altsetting; j++) {
            const struct libusb_interface_descriptor *each = &configuration->interface[i].altsetting[j];
            is_found = is_found || (each->bInterfaceClass == class && each->bInterfaceProtocol != PROTOCOL_IPP);
        }
    }
    libusb_free_config_descriptor(configuration);
    return is_found;
}

static bool
is_named(const struct usb_selection *selection)
{
    return selection->vendor != 0 || selection->product != 0;
}

static bool
is_worth_opening(libusb_device *device, const struct libusb_device_descriptor *descriptor,
                 const struct usb_selection *selection)
{
    if (is_named(selection)) {
        return descriptor->idVendor == selection->vendor && descriptor->idProduct == selection->product;
    }
    return has_interface(device, CLASS_PRINTER) ||
           (find_maker(descriptor->idVendor, descriptor->idProduct) != MAKER_UNKNOWN &&
            has_interface(device, CLASS_VENDOR));
}

/* The printer's interface, from the descriptor of the configuration that is active, as the device itself gives it. */
static bool
read_interface(libusb_device_handle *handle, bool is_vendor_trusted, struct usb_printer_interface *out)
{
    unsigned char bytes[USB_CONFIGURATION_MAX_BYTES];
    int active = 0;
    if (libusb_get_configuration(handle, &active) != LIBUSB_SUCCESS) {
        return false;
    }
    for (uint8_t index = 0; index < CONFIGURATIONS_MAX; index++) {
        enum { VALUE_AT = 5 };
        const int length = libusb_get_descriptor(handle, LIBUSB_DT_CONFIG, index, bytes, sizeof bytes);
        if (length <= VALUE_AT) {
            return false;
        }
        if (bytes[VALUE_AT] == active || active == 0) {
            return usb_find_printer_interface(bytes, (size_t)length, is_vendor_trusted, out);
        }
    }
    return false;
}

static void
read_device_id(libusb_device_handle *handle, const struct usb_printer_interface *interface, struct usb_device_id *out)
{
    unsigned char bytes[USB_DEVICE_ID_MAX_BYTES];
    *out = (struct usb_device_id){0};
    if (!interface->is_printer_class) {
        return;
    }
    /* The interface and its alternate go into wIndex in that order, unlike everywhere else in USB. */
    const int length = libusb_control_transfer(
        handle, LIBUSB_ENDPOINT_IN | LIBUSB_REQUEST_TYPE_CLASS | LIBUSB_RECIPIENT_INTERFACE, REQUEST_DEVICE_ID, 0,
        (uint16_t)(interface->number << 8 | interface->alternate), bytes, sizeof bytes, CONTROL_TIMEOUT_MS);
    if (length > 0) {
        (void)usb_parse_device_id(bytes, (size_t)length, out); /* cheap printers have none that can be read */
    }
}

static void
read_text(libusb_device_handle *handle, uint8_t index, char out[USB_TEXT_SIZE])
{
    out[0] = '\0';
    if (index != 0 && libusb_get_string_descriptor_ascii(handle, index, (unsigned char *)out, USB_TEXT_SIZE) < 0) {
        out[0] = '\0';
    }
}

/* Whether the open device is the one that is meant. */
static bool
is_meant(const struct usb_device *device, const struct libusb_device_descriptor *descriptor,
         const struct usb_selection *selection)
{
    char serial[USB_TEXT_SIZE];
    const enum maker maker = find_maker(descriptor->idVendor, descriptor->idProduct);
    if (!is_named(selection) && maker != MAKER_OF_RECEIPT_PRINTERS && !usb_device_id_has_escpos(&device->id) &&
        !(maker == MAKER_OF_MANY && !device->interface.is_printer_class)) {
        return false;
    }
    if (selection->serial[0] == '\0') {
        return true;
    }
    read_text(device->handle, descriptor->iSerialNumber, serial);
    return strcmp(serial, selection->serial) == 0;
}

/* Open DEVICE to look at it: its interface and device id, nothing claimed. A code of libusb's; LIBUSB_ERROR_NOT_FOUND
 * when it is not the printer that is meant. */
static int
look_at(libusb_device *device, const struct libusb_device_descriptor *descriptor, const struct usb_selection *selection,
        struct usb_device *out)
{
    const bool is_vendor_trusted =
        is_named(selection) || find_maker(descriptor->idVendor, descriptor->idProduct) != MAKER_UNKNOWN;
    *out = (struct usb_device){0};
    int code = libusb_open(device, &out->handle);
    if (code != LIBUSB_SUCCESS) {
        return code;
    }
    if (read_interface(out->handle, is_vendor_trusted, &out->interface)) {
        read_device_id(out->handle, &out->interface, &out->id);
        if (is_meant(out, descriptor, selection)) {
            return LIBUSB_SUCCESS;
        }
    }
    libusb_close(out->handle);
    out->handle = NULL;
    return LIBUSB_ERROR_NOT_FOUND;
}

static int
claim(const struct usb_device *device)
{
    (void)libusb_set_auto_detach_kernel_driver(device->handle, 1); /* usblp; absent where the kernel has none */
    int code = libusb_claim_interface(device->handle, device->interface.number);
    if (code == LIBUSB_SUCCESS && device->interface.has_alternates) {
        code = libusb_set_interface_alt_setting(device->handle, device->interface.number, device->interface.alternate);
        if (code != LIBUSB_SUCCESS) {
            (void)libusb_release_interface(device->handle, device->interface.number);
        }
    }
    return code;
}

static int
by_place(const void *a, const void *b)
{
    libusb_device *const *left = a, *const *right = b;
    const int bus = libusb_get_bus_number(*left) - libusb_get_bus_number(*right);
    return bus != 0 ? bus : libusb_get_device_address(*left) - libusb_get_device_address(*right);
}

/* All devices by bus and address; free with libusb_free_device_list. Negative: a code of libusb's. */
static ssize_t
list_devices(libusb_context *context, libusb_device ***out)
{
    const ssize_t count = libusb_get_device_list(context, out);
    if (count > 0) {
        qsort(*out, (size_t)count, sizeof **out, by_place);
    }
    return count;
}

enum status
usb_device_open(libusb_context *context, const struct usb_selection *selection, struct usb_device *out,
                struct error_detail *err)
{
    libusb_device **devices = NULL;
    const ssize_t count = list_devices(context, &devices);
    if (count < 0) {
        return status_from_libusb((int)count, err);
    }
    int code =
        LIBUSB_ERROR_NOT_FOUND; /* the first reason why a printer that is there cannot be used outlives the rest */
    bool is_open = false;
    for (ssize_t i = 0; i < count && !is_open; i++) {
        struct libusb_device_descriptor descriptor;
        if (libusb_get_device_descriptor(devices[i], &descriptor) != LIBUSB_SUCCESS ||
            !is_worth_opening(devices[i], &descriptor, selection)) {
            continue;
        }
        int each = look_at(devices[i], &descriptor, selection, out);
        if (each == LIBUSB_SUCCESS) {
            each = claim(out);
            is_open = each == LIBUSB_SUCCESS;
        }
        if (!is_open && out->handle != NULL) {
            libusb_close(out->handle);
            out->handle = NULL;
        }
        code = is_open || code == LIBUSB_ERROR_NOT_FOUND ? each : code;
    }
    libusb_free_device_list(devices, /* unref_devices= */ 1);
    return status_from_libusb(code, err);
}

void
usb_device_close(struct usb_device *device)
{
    if (device->handle != NULL) {
        (void)libusb_release_interface(device->handle, device->interface.number); /* fails when it is unplugged */
        libusb_close(device->handle);
        device->handle = NULL;
    }
}

bool
usb_device_reset(const struct usb_device *device)
{
    return device->interface.is_printer_class &&
           libusb_control_transfer(device->handle, LIBUSB_REQUEST_TYPE_CLASS | LIBUSB_RECIPIENT_INTERFACE,
                                   REQUEST_SOFT_RESET, 0, device->interface.number, NULL, 0, CONTROL_TIMEOUT_MS) >= 0;
}

/* ---- the list ---------------------------------------------------------------------------------------------------- */

static void
describe(libusb_device *device, const struct libusb_device_descriptor *descriptor, struct usb_printer_found *out)
{
    const struct usb_selection any = {0};
    struct usb_device opened;
    *out = (struct usb_printer_found){
        .vendor = descriptor->idVendor,
        .product = descriptor->idProduct,
        .bus = libusb_get_bus_number(device),
        .address = libusb_get_device_address(device),
    };
    const int code = look_at(device, descriptor, &any, &opened);
    out->access = code == LIBUSB_ERROR_NOT_FOUND ? STATUS_NOT_FOUND : status_from_libusb(code, NULL);
    if (code != LIBUSB_SUCCESS) {
        return;
    }
    out->is_printer_class = opened.interface.is_printer_class;
    out->is_held_by_kernel = libusb_kernel_driver_active(opened.handle, opened.interface.number) == 1;
    read_text(opened.handle, descriptor->iSerialNumber, out->serial);
    snprintf(out->maker, sizeof out->maker, "%s", opened.id.maker);
    snprintf(out->model, sizeof out->model, "%s", opened.id.model);
    if (out->maker[0] == '\0') {
        read_text(opened.handle, descriptor->iManufacturer, out->maker);
    }
    if (out->model[0] == '\0') {
        read_text(opened.handle, descriptor->iProduct, out->model);
    }
    libusb_close(opened.handle);
}

enum status
usb_printers_list(struct usb_printer_found *out, size_t capacity, size_t *out_count, struct error_detail *err)
{
    const struct usb_selection any = {0};
    libusb_context *context = NULL;
    libusb_device **devices = NULL;
    *out_count = 0;
    int code = libusb_init(&context);
    if (code == LIBUSB_ERROR_NO_MEM) {
        return status_from_libusb(code, err);
    }
    if (code != LIBUSB_SUCCESS) {
        return STATUS_OK; /* a computer without USB has no printers on it */
    }
    const ssize_t count = list_devices(context, &devices);
    for (ssize_t i = 0; i < count && *out_count < capacity; i++) {
        struct libusb_device_descriptor descriptor;
        if (libusb_get_device_descriptor(devices[i], &descriptor) == LIBUSB_SUCCESS &&
            is_worth_opening(devices[i], &descriptor, &any)) {
            describe(devices[i], &descriptor, &out[*out_count]);
            *out_count += out[*out_count].access != STATUS_NOT_FOUND ? 1 : 0;
        }
    }
    if (count >= 0) {
        libusb_free_device_list(devices, /* unref_devices= */ 1);
    }
    libusb_exit(context);
    return STATUS_OK;
}
