/* usbdevfs, as much of it as libusb uses, in answers to its ioctls. URBs are queued, finished by the device's side, and
 * reaped by libusb. The node of the device is a FIFO that is full exactly while nothing can be reaped: so poll(2) tells
 * libusb what it would on a real node, which no regular file can.
 *
 * Everything below `lock` is shared between umockdev's thread, which asks, and the test's. */
#define _GNU_SOURCE

#include "tests/contract/support/usb_printer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <umockdev.h>
#include <unistd.h>

enum {
    INTERFACE = 1, /* not 0, and endpoints that are nobody's habit: drivers must read them from the descriptors */
    ENDPOINT_OUT = 0x03,
    ENDPOINT_IN = 0x81,
    CONFIGURATION = 1,
    SAID_MAX_BYTES = 64 * 1024,
    FIRST_ADDRESS = 4,
    DEVICE_BYTES = 18,
    NODE_SIZE = 64,
    STRING_MAKER = 1,
    STRING_PRODUCT = 2,
    STRING_SERIAL = 3
};

struct usb_printer {
    struct usb_printer_options options;
    UMockdevTestbed *testbed;
    UMockdevIoctlBase *handler;
    unsigned address; /* of the last plug-in */
    bool is_plugged;
    int fifo;
    char node[NODE_SIZE], folder[NODE_SIZE + 32];
    unsigned char descriptors[128];
    size_t descriptors_length;

    pthread_mutex_t lock;
    /* URBs (UMockdevIoctlData, referenced) that wait for the device, that wait to be reaped, and that wait to be reaped
     * by whoever opened the device before it was unplugged. */
    GQueue waiting, done, orphans;
    unsigned char said[SAID_MAX_BYTES];
    size_t said_length;
    bool is_claimed, is_out_halted, is_in_halted, is_gone, is_deaf;
    bool has_told_unplugged;
    enum usb_fault fault;
    size_t until_fault;
    struct usb_printer_counts counts;
};

/* ---- what the device is ------------------------------------------------------------------------------------------ */

static void
describe(struct usb_printer *printer)
{
    const struct usb_printer_options *options = &printer->options;
    const unsigned char endpoints = options->is_one_way ? 1 : 2;
    const unsigned char total = (unsigned char)(9 + 9 + 9 + 7 * endpoints);
    const unsigned char bytes[] = {
        DEVICE_BYTES,
        1,
        0x00,
        2,
        0,
        0,
        0,
        64,
        options->vendor & 0xff,
        options->vendor >> 8,
        options->product & 0xff,
        options->product >> 8,
        0x00,
        1,
        STRING_MAKER,
        STRING_PRODUCT,
        options->serial != NULL ? STRING_SERIAL : 0,
        1,
        /* the configuration: two interfaces, of which the first is a keyboard without endpoints */
        9,
        2,
        total,
        0,
        2,
        CONFIGURATION,
        0,
        0xc0,
        50,
        9,
        4,
        0,
        0,
        0,
        3,
        1,
        1,
        0,
        9,
        4,
        INTERFACE,
        0,
        endpoints,
        options->interface_class,
        options->interface_class == 7 ? 1 : 0,
        options->protocol,
        0,
        7,
        5,
        ENDPOINT_OUT,
        2,
        64,
        0,
        0,
        7,
        5,
        ENDPOINT_IN,
        2,
        64,
        0,
        0,
    };
    printer->descriptors_length = DEVICE_BYTES + total;
    memcpy(printer->descriptors, bytes, printer->descriptors_length);
}

/* A string descriptor of ASCII TEXT into OUT; its length. */
static int
string_descriptor(unsigned char *out, int capacity, const char *text)
{
    const int length = 2 + 2 * (int)strlen(text);
    unsigned char all[256] = {(unsigned char)length, 3};
    for (size_t i = 0; text[i] != '\0' && 2 * i + 3 < sizeof all; i++) {
        all[2 + 2 * i] = (unsigned char)text[i];
    }
    const int count = length < capacity ? length : capacity;
    memcpy(out, all, (size_t)count);
    return count;
}

/* The answer to the control request SETUP (eight bytes) in OUT; its length, or −1: the device stalls it. */
static int
answer_request(struct usb_printer *printer, const unsigned char *setup, unsigned char *out)
{
    enum {
        IN_STANDARD = 0x80,
        IN_CLASS = 0xa1,
        OUT_CLASS = 0x21,
        GET_DESCRIPTOR = 6,
        CONFIGURATION_KIND = 2,
        STRING = 3
    };
    const struct usb_printer_options *options = &printer->options;
    const int capacity = setup[6] | setup[7] << 8;
    const unsigned index = setup[4] | (unsigned)setup[5] << 8;
    if (setup[0] == IN_STANDARD && setup[1] == GET_DESCRIPTOR && setup[3] == CONFIGURATION_KIND && setup[2] == 0) {
        const int length = (int)printer->descriptors_length - DEVICE_BYTES;
        const int count = length < capacity ? length : capacity;
        memcpy(out, printer->descriptors + DEVICE_BYTES, (size_t)count);
        return count;
    }
    if (setup[0] == IN_STANDARD && setup[1] == GET_DESCRIPTOR && setup[3] == STRING) {
        const char *const texts[] = {NULL, "Maker", "Receipt printer", options->serial};
        if (setup[2] == 0 && capacity >= 4) {
            memcpy(out, "\4\3\x09\4", 4);
            return 4;
        }
        return setup[2] <= STRING_SERIAL && texts[setup[2]] != NULL ? string_descriptor(out, capacity, texts[setup[2]])
                                                                    : -1;
    }
    if (options->interface_class != 7) {
        return -1;
    }
    if (setup[0] == IN_CLASS && setup[1] == 0 && index == INTERFACE << 8 && options->device_id != NULL) {
        const int length = (int)strlen(options->device_id) + 2;
        const int count = length < capacity ? length : capacity;
        out[0] = (unsigned char)(length >> 8);
        out[1] = (unsigned char)length;
        memcpy(out + 2, options->device_id, count > 2 ? (size_t)(count - 2) : 0);
        return count;
    }
    if (setup[0] == OUT_CLASS && setup[1] == 2 && index == INTERFACE) {
        printer->counts.resets++;
        printer->said_length = 0;
        return 0;
    }
    return -1;
}

/* ---- URBs -------------------------------------------------------------------------------------------------------- */

static void
show_ready(struct usb_printer *printer, bool is_ready)
{
    static char filling[4096];
    if (is_ready) {
        while (read(printer->fifo, filling, sizeof filling) > 0) {
        }
    } else {
        while (write(printer->fifo, filling, sizeof filling) > 0) {
        }
    }
}

static struct usbdevfs_urb *
urb_of(UMockdevIoctlData *data)
{
    return (struct usbdevfs_urb *)(void *)data->data;
}

/* Takes DATA's reference. */
static void
finish(struct usb_printer *printer, UMockdevIoctlData *data, int status, int actual)
{
    urb_of(data)->status = status;
    urb_of(data)->actual_length = actual;
    g_queue_push_tail(&printer->done, data);
    show_ready(printer, true);
}

static void
tell_unplugged(struct usb_printer *printer)
{
    if (!printer->has_told_unplugged && printer->options.unplugged != NULL) {
        printer->has_told_unplugged = true;
        printer->options.unplugged(printer->options.context);
    }
}

static void
vanish(struct usb_printer *printer)
{
    printer->is_gone = true;
    while (!g_queue_is_empty(&printer->waiting)) {
        UMockdevIoctlData *data = g_queue_pop_head(&printer->waiting);
        finish(printer, data, -ESHUTDOWN, urb_of(data)->endpoint == ENDPOINT_OUT ? urb_of(data)->actual_length : 0);
    }
    show_ready(printer, true);
    tell_unplugged(printer);
}

/* The fault's moment has come: what becomes of the transfer DATA (referenced), of which `actual_length` were taken. */
static void
strike(struct usb_printer *printer, UMockdevIoctlData *data)
{
    const enum usb_fault fault = printer->fault;
    printer->fault = fault == USB_FAULT_STALLS ? fault : USB_FAULT_NONE;
    switch (fault) {
    case USB_FAULT_STALL:
    case USB_FAULT_STALLS:
        printer->is_out_halted = true;
        finish(printer, data, -EPIPE, urb_of(data)->actual_length);
        break;
    case USB_FAULT_UNPLUG:
        finish(printer, data, -ESHUTDOWN, urb_of(data)->actual_length);
        vanish(printer);
        break;
    default:
        printer->is_deaf = true;
        g_queue_push_head(&printer->waiting, data);
        break;
    }
}

/* Let the device take of the transfer DATA (referenced) what it will. Whether the next one may follow. */
static bool
take(struct usb_printer *printer, UMockdevIoctlData *data)
{
    struct usbdevfs_urb *urb = urb_of(data);
    const size_t done = (size_t)urb->actual_length;
    size_t left = (size_t)urb->buffer_length - done;
    const bool has_fault = printer->fault != USB_FAULT_NONE && printer->until_fault <= left;
    left = has_fault ? printer->until_fault : left;
    const size_t taken =
        left > 0 ? printer->options.take(printer->options.context, (unsigned char *)urb->buffer + done, left) : 0;
    urb->actual_length += (int)taken;
    printer->counts.taken += taken;
    printer->until_fault -= printer->fault != USB_FAULT_NONE ? taken : 0;
    if (has_fault && taken == left) {
        strike(printer, data);
        return !printer->is_deaf && !printer->is_out_halted && !printer->is_gone;
    }
    if (taken < left) {
        g_queue_push_head(&printer->waiting, data);
        return false;
    }
    finish(printer, data, 0, urb->actual_length);
    return true;
}

static UMockdevIoctlData *
pop_waiting(struct usb_printer *printer, unsigned char endpoint)
{
    for (GList *each = printer->waiting.head; each != NULL; each = each->next) {
        UMockdevIoctlData *data = each->data;
        if (urb_of(data)->endpoint == endpoint) {
            g_queue_delete_link(&printer->waiting, each);
            return data;
        }
    }
    return NULL;
}

/* Move on whatever can. */
static void
work(struct usb_printer *printer)
{
    UMockdevIoctlData *data;
    while (!printer->is_gone && !printer->is_deaf && !printer->is_out_halted &&
           (data = pop_waiting(printer, ENDPOINT_OUT)) != NULL) {
        if (!take(printer, data)) {
            break;
        }
    }
    while (!printer->is_gone && (printer->is_in_halted || printer->said_length > 0) &&
           (data = pop_waiting(printer, ENDPOINT_IN)) != NULL) {
        if (printer->is_in_halted) {
            finish(printer, data, -EPIPE, 0);
            continue;
        }
        struct usbdevfs_urb *urb = urb_of(data);
        const size_t room = (size_t)urb->buffer_length;
        const size_t count = printer->said_length < room ? printer->said_length : room;
        memcpy(urb->buffer, printer->said, count);
        printer->said_length -= count;
        memmove(printer->said, printer->said + count, printer->said_length);
        finish(printer, data, 0, (int)count);
    }
}

/* ---- ioctls: each answers a return value and an errno ------------------------------------------------------------ */

struct reply {
    int value, error;
};

static const struct reply fine = {0, 0};

static struct reply
refuse(struct usb_printer *printer, int error)
{
    printer->counts.refused++;
    return (struct reply){-1, error};
}

static struct reply
submit(struct usb_printer *printer, UMockdevIoctlData *data)
{
    struct usbdevfs_urb *urb = urb_of(data);
    (void)umockdev_ioctl_data_resolve(data, G_STRUCT_OFFSET(struct usbdevfs_urb, buffer), (gulong)urb->buffer_length,
                                      NULL);
    urb->actual_length = 0;
    if (urb->type == USBDEVFS_URB_TYPE_CONTROL) {
        enum { SETUP_BYTES = 8 };
        unsigned char *setup = urb->buffer;
        const int count = answer_request(printer, setup, setup + SETUP_BYTES);
        g_object_ref(data);
        finish(printer, data, count < 0 ? -EPIPE : 0, count < 0 ? 0 : count);
        return fine;
    }
    const bool has_in = !printer->options.is_one_way;
    if (urb->type != USBDEVFS_URB_TYPE_BULK ||
        !(urb->endpoint == ENDPOINT_OUT || (urb->endpoint == ENDPOINT_IN && has_in))) {
        return refuse(printer, ENOENT);
    }
    if (!printer->is_claimed) {
        return refuse(printer, EINVAL);
    }
    g_object_ref(data);
    if (urb->endpoint == ENDPOINT_OUT && printer->is_out_halted) {
        finish(printer, data, -EPIPE, 0);
        return fine;
    }
    g_queue_push_tail(&printer->waiting, data);
    work(printer);
    return fine;
}

static struct reply
discard(struct usb_printer *printer, gulong address)
{
    for (GList *each = printer->waiting.head; each != NULL; each = each->next) {
        UMockdevIoctlData *data = each->data;
        if (data->client_addr == address) {
            g_queue_delete_link(&printer->waiting, each);
            finish(printer, data, -ENOENT, urb_of(data)->endpoint == ENDPOINT_OUT ? urb_of(data)->actual_length : 0);
            return fine;
        }
    }
    return (struct reply){-1, EINVAL};
}

static struct reply
reap(struct usb_printer *printer, UMockdevIoctlData *pointer, bool is_old_node)
{
    UMockdevIoctlData *data = g_queue_pop_head(is_old_node ? &printer->orphans : &printer->done);
    if (data == NULL) {
        return (struct reply){-1, is_old_node || printer->is_gone ? ENODEV : EAGAIN};
    }
    umockdev_ioctl_data_set_ptr(pointer, 0, data);
    g_object_unref(data);
    if (is_old_node) {
        return fine;
    }
    show_ready(printer, !g_queue_is_empty(&printer->done) || printer->is_gone);
    return fine;
}

static struct reply
clear_halt(struct usb_printer *printer, unsigned endpoint)
{
    if (endpoint != ENDPOINT_OUT && endpoint != ENDPOINT_IN) {
        return refuse(printer, EINVAL);
    }
    printer->counts.cleared_halts++;
    if (endpoint == ENDPOINT_OUT) {
        printer->is_out_halted = false;
    } else {
        printer->is_in_halted = false;
    }
    work(printer);
    return fine;
}

static struct reply
claim(struct usb_printer *printer, unsigned interface)
{
    if (interface != INTERFACE) {
        return refuse(printer, ENOENT);
    }
    printer->is_claimed = true;
    printer->counts.claims++;
    return fine;
}

static struct reply
driver_request(struct usb_printer *printer, const struct usbdevfs_ioctl *request)
{
    return request->ifno == INTERFACE && (unsigned)request->ioctl_code == USBDEVFS_CONNECT ? (struct reply){1, 0}
                                                                                           : refuse(printer, ENODATA);
}

static struct reply
handle(struct usb_printer *printer, gulong request, UMockdevIoctlData *argument, UMockdevIoctlData *data,
       bool is_old_node)
{
    if (is_old_node) {
        /* Opened before the device was unplugged, asked after it came back. */
        return request == USBDEVFS_REAPURBNDELAY ? reap(printer, data, true) : (struct reply){-1, ENODEV};
    }
    if (printer->is_gone && request != USBDEVFS_REAPURBNDELAY && request != USBDEVFS_DISCARDURB) {
        return (struct reply){-1, ENODEV};
    }
    switch (request) {
    case USBDEVFS_GET_CAPABILITIES:
        *(guint32 *)(void *)data->data =
            USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_CONTINUATION | USBDEVFS_CAP_REAP_AFTER_DISCONNECT |
            (printer->options.has_no_scatter ? 0u : USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_BULK_SCATTER_GATHER);
        return fine;
    case USBDEVFS_CLAIMINTERFACE:
        return claim(printer, *(unsigned *)(void *)data->data);
    case USBDEVFS_DISCONNECT_CLAIM:
        printer->counts.detached++;
        return claim(printer, ((struct usbdevfs_disconnect_claim *)(void *)data->data)->interface);
    case USBDEVFS_RELEASEINTERFACE:
        printer->is_claimed = false;
        printer->counts.releases++;
        return fine;
    case USBDEVFS_GETDRIVER:
        snprintf(((struct usbdevfs_getdriver *)(void *)data->data)->driver, USBDEVFS_MAXDRIVERNAME + 1, "usblp");
        return fine;
    case USBDEVFS_IOCTL:
        return driver_request(printer, (const struct usbdevfs_ioctl *)(void *)data->data);
    case USBDEVFS_CLEAR_HALT:
        return clear_halt(printer, *(unsigned *)(void *)data->data);
    case USBDEVFS_SUBMITURB:
        return submit(printer, data);
    case USBDEVFS_DISCARDURB:
        return discard(printer, *(gulong *)(void *)argument->data);
    case USBDEVFS_REAPURBNDELAY:
        return reap(printer, data, false);
    default:
        return refuse(printer, ENOTTY);
    }
}

static gboolean
on_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer context)
{
    struct usb_printer *printer = context;
    const gulong request = umockdev_ioctl_client_get_request(client);
    UMockdevIoctlData *argument = umockdev_ioctl_client_get_arg(client);
    const gulong size = _IOC_SIZE(request);
    (void)base;
    pthread_mutex_lock(&printer->lock);
    const bool is_old_node = strcmp(umockdev_ioctl_client_get_devnode(client), printer->node) != 0;
    UMockdevIoctlData *data =
        request != USBDEVFS_DISCARDURB && size > 0 ? umockdev_ioctl_data_resolve(argument, 0, size, NULL) : NULL;
    const struct reply reply = handle(printer, request, argument, data, is_old_node);
    if (data != NULL) {
        g_object_unref(data);
    }
    umockdev_ioctl_client_complete(client, reply.value, reply.error);
    pthread_mutex_unlock(&printer->lock);
    return TRUE;
}

/* ---- the cable --------------------------------------------------------------------------------------------------- */

static void
fail(const char *what, const GError *error)
{
    fprintf(stderr, "usb_printer: %s: %s\n", what, error != NULL ? error->message : strerror(errno));
    abort();
}

struct usb_printer *
usb_printer_create(const struct usb_printer_options *options)
{
    struct usb_printer *printer = calloc(1, sizeof *printer);
    if (printer == NULL) {
        fail("memory", NULL);
        return NULL;
    }
    printer->options = *options;
    printer->fifo = -1;
    printer->address = FIRST_ADDRESS - 1;
    pthread_mutex_init(&printer->lock, NULL);
    describe(printer);
    printer->testbed = umockdev_testbed_new();
    printer->handler = umockdev_ioctl_base_new();
    g_signal_connect(printer->handler, "handle-ioctl", G_CALLBACK(on_ioctl), printer);
    return printer;
}

/* The node as a FIFO; the sticky bit is umockdev's mark for "character device". */
static void
replace_node(struct usb_printer *printer)
{
    char *root = umockdev_testbed_get_root_dir(printer->testbed);
    char *path = g_strdup_printf("%s%s", root, printer->node);
    if (unlink(path) != 0 || mkfifo(path, 0666) != 0 || chmod(path, 0666 | S_ISVTX) != 0 ||
        (printer->fifo = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)) < 0) {
        fail(path, NULL);
    }
    g_free(path);
    g_free(root);
}

void
usb_printer_plug(struct usb_printer *printer)
{
    usb_printer_unplug(printer);
    pthread_mutex_lock(&printer->lock);
    printer->address++;
    printer->is_claimed = printer->is_out_halted = printer->is_in_halted = printer->is_gone = printer->is_deaf = false;
    printer->has_told_unplugged = false;
    printer->fault = USB_FAULT_NONE;
    printer->said_length = 0;
    while (!g_queue_is_empty(&printer->done)) {
        g_queue_push_tail(&printer->orphans, g_queue_pop_head(&printer->done));
    }
    snprintf(printer->node, sizeof printer->node, "/dev/bus/usb/001/%03u", printer->address);
    pthread_mutex_unlock(&printer->lock);
    snprintf(printer->folder, sizeof printer->folder, "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-3");

    GString *hex = g_string_new("");
    for (size_t i = 0; i < printer->descriptors_length; i++) {
        g_string_append_printf(hex, "%02X", printer->descriptors[i]);
    }
    char *text =
        g_strdup_printf("P: %s\nN: %s=%s\nE: DEVNAME=%s\nE: DEVTYPE=usb_device\nE: BUSNUM=001\nE: DEVNUM=%03u\n"
                        "E: MAJOR=189\nE: MINOR=%u\nE: SUBSYSTEM=usb\nA: busnum=1\nA: devnum=%u\n"
                        "A: bConfigurationValue=%d\nA: speed=12\nA: dev=189:%u\nA: idVendor=%04x\n"
                        "A: idProduct=%04x\nH: descriptors=%s\n",
                        printer->folder + 4, printer->node + 5, hex->str, printer->node, printer->address,
                        printer->address - 1, printer->address, CONFIGURATION, printer->address - 1,
                        printer->options.vendor, printer->options.product, hex->str);
    GError *error = NULL;
    if (!umockdev_testbed_add_from_string(printer->testbed, text, &error) ||
        !umockdev_testbed_attach_ioctl(printer->testbed, printer->node, printer->handler, &error)) {
        fail("adding the device", error);
    }
    replace_node(printer);
    pthread_mutex_lock(&printer->lock);
    show_ready(printer, false);
    pthread_mutex_unlock(&printer->lock);
    umockdev_testbed_uevent(printer->testbed, printer->folder, "add"); /* the node is as it stays */
    g_string_free(hex, TRUE);
    g_free(text);
    printer->is_plugged = true;
}

void
usb_printer_unplug(struct usb_printer *printer)
{
    if (!printer->is_plugged) {
        return;
    }
    pthread_mutex_lock(&printer->lock);
    vanish(printer);
    pthread_mutex_unlock(&printer->lock);
    umockdev_testbed_uevent(printer->testbed, printer->folder, "remove");
    umockdev_testbed_remove_device(printer->testbed, printer->folder);
    close(printer->fifo);
    printer->fifo = -1;
    printer->is_plugged = false;
}

void
usb_printer_destroy(struct usb_printer *printer)
{
    usb_printer_unplug(printer);
    for (unsigned address = FIRST_ADDRESS; address <= printer->address; address++) {
        char node[NODE_SIZE];
        snprintf(node, sizeof node, "/dev/bus/usb/001/%03u", address);
        umockdev_testbed_detach_ioctl(printer->testbed, node, NULL);
    }
    g_queue_clear_full(&printer->waiting, g_object_unref);
    g_queue_clear_full(&printer->done, g_object_unref);
    g_queue_clear_full(&printer->orphans, g_object_unref);
    g_object_unref(printer->handler);
    g_object_unref(printer->testbed);
    pthread_mutex_destroy(&printer->lock);
    free(printer);
}

void
usb_printer_break(struct usb_printer *printer, enum usb_fault fault, size_t after_bytes)
{
    pthread_mutex_lock(&printer->lock);
    printer->fault = fault;
    printer->until_fault = after_bytes;
    pthread_mutex_unlock(&printer->lock);
}

void
usb_printer_answer(struct usb_printer *printer, const void *bytes, size_t length)
{
    if (length <= SAID_MAX_BYTES - printer->said_length && !printer->is_gone) {
        memcpy(printer->said + printer->said_length, bytes, length);
        printer->said_length += length;
    }
}

void
usb_printer_say(struct usb_printer *printer, const void *bytes, size_t length)
{
    pthread_mutex_lock(&printer->lock);
    usb_printer_answer(printer, bytes, length);
    work(printer);
    pthread_mutex_unlock(&printer->lock);
}

void
usb_printer_stall_in(struct usb_printer *printer)
{
    pthread_mutex_lock(&printer->lock);
    printer->is_in_halted = true;
    work(printer);
    pthread_mutex_unlock(&printer->lock);
}

void
usb_printer_go_on(struct usb_printer *printer)
{
    pthread_mutex_lock(&printer->lock);
    printer->is_deaf = false;
    work(printer);
    pthread_mutex_unlock(&printer->lock);
}

struct usb_printer_counts
usb_printer_counts(struct usb_printer *printer)
{
    pthread_mutex_lock(&printer->lock);
    const struct usb_printer_counts counts = printer->counts;
    pthread_mutex_unlock(&printer->lock);
    return counts;
}
