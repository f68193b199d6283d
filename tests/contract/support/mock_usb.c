/* usbdevfs, as far as libusb uses it for bulk transfers. */
#include "tests/contract/support/mock_usb.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/usbdevice_fs.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { ENDPOINT_OUT = 0x02, ENDPOINT_IN = 0x81, FIRST_ADDRESS = 4, ADDRESSES = 100 };

static const char path[] = "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-3";

static void
set_reapable(const struct mock_usb *usb, bool is_reapable)
{
    static char bytes[4096];
    if (usb->fifo < 0) {
        return;
    }
    if (is_reapable) {
        while (read(usb->fifo, bytes, sizeof bytes) > 0) {
        }
    } else {
        while (write(usb->fifo, bytes, sizeof bytes) > 0) {
        }
    }
}

static struct usbdevfs_urb *
urb_of(UMockdevIoctlData *data)
{
    return (struct usbdevfs_urb *)(void *)data->data;
}

static void
finish(struct mock_usb *usb, UMockdevIoctlData *data, int status, size_t length)
{
    urb_of(data)->status = status;
    urb_of(data)->actual_length = (int)length;
    g_queue_push_tail(usb->done, data);
    set_reapable(usb, true);
}

/* Give what there is to read to who waits for it. */
static void
deliver(struct mock_usb *usb)
{
    while (!g_queue_is_empty(usb->waiting)) {
        if (usb->is_gone) {
            finish(usb, g_queue_pop_head(usb->waiting), -ESHUTDOWN, 0);
        } else if (usb->fault == MOCK_USB_STALLS) {
            usb->fault = MOCK_USB_FINE;
            finish(usb, g_queue_pop_head(usb->waiting), -EPIPE, 0);
        } else if (usb->fault != MOCK_USB_NAKS && !g_queue_is_empty(usb->packets)) {
            UMockdevIoctlData *data = g_queue_pop_head(usb->waiting);
            GBytes *packet = g_queue_pop_head(usb->packets);
            const size_t length = MIN(g_bytes_get_size(packet), (size_t)urb_of(data)->buffer_length);
            memcpy(urb_of(data)->buffer, g_bytes_get_data(packet, NULL), length);
            g_bytes_unref(packet);
            finish(usb, data, 0, length);
        } else {
            return;
        }
    }
}

void
mock_usb_send(struct mock_usb *usb, const uint8_t *bytes, size_t length)
{
    g_queue_push_tail(usb->packets, g_bytes_new(bytes, length));
}

/* 0, or what the ioctl fails with. */
static int
submit(struct mock_usb *usb, UMockdevIoctlData *data)
{
    struct usbdevfs_urb *urb = urb_of(data);
    if (!usb->is_claimed || urb->type != USBDEVFS_URB_TYPE_BULK) {
        return EINVAL;
    }
    if (urb->endpoint != ENDPOINT_IN && urb->endpoint != ENDPOINT_OUT) {
        return ENOENT;
    }
    if (urb->buffer_length > 0) {
        UMockdevIoctlData *buffer =
            umockdev_ioctl_data_resolve(data, offsetof(struct usbdevfs_urb, buffer), (size_t)urb->buffer_length, NULL);
        g_object_unref(buffer); /* `data` keeps it */
    }
    g_object_ref(data);
    if (urb->endpoint == ENDPOINT_IN) {
        g_queue_push_tail(usb->waiting, data);
    } else if (usb->fault == MOCK_USB_VANISHES) {
        usb->is_gone = true;
        finish(usb, data, -ESHUTDOWN, 0);
    } else {
        usb->receive(usb, urb->buffer, (size_t)urb->buffer_length);
        finish(usb, data, 0, (size_t)urb->buffer_length);
    }
    deliver(usb);
    return 0;
}

static int
discard(struct mock_usb *usb, gulong address)
{
    for (GList *each = usb->waiting->head; each != NULL; each = each->next) {
        UMockdevIoctlData *data = each->data;
        if (data->client_addr == address) {
            g_queue_delete_link(usb->waiting, each);
            finish(usb, data, -ENOENT, 0);
            return 0;
        }
    }
    return EINVAL;
}

static int
reap(struct mock_usb *usb, UMockdevIoctlData *argument)
{
    UMockdevIoctlData *data = g_queue_pop_head(usb->done);
    if (data == NULL) {
        set_reapable(usb, usb->is_gone);
        return usb->is_gone ? ENODEV : EAGAIN;
    }
    umockdev_ioctl_data_set_ptr(argument, 0, data);
    g_object_unref(data);
    set_reapable(usb, usb->is_gone || !g_queue_is_empty(usb->done));
    return 0;
}

static int
answer(struct mock_usb *usb, gulong request, UMockdevIoctlData *argument)
{
    if (usb->is_gone && request != USBDEVFS_REAPURBNDELAY && request != USBDEVFS_DISCARDURB) {
        return ENODEV;
    }
    if (request == USBDEVFS_DISCARDURB) {
        gulong address;
        memcpy(&address, argument->data, sizeof address);
        return discard(usb, address);
    }
    UMockdevIoctlData *data =
        _IOC_SIZE(request) > 0 ? umockdev_ioctl_data_resolve(argument, 0, _IOC_SIZE(request), NULL) : NULL;
    int failure = 0;
    switch (request) {
    case USBDEVFS_GET_CAPABILITIES:
        *(guint32 *)(void *)data->data = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_BULK_CONTINUATION |
                                         USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
        break;
    case USBDEVFS_CLAIMINTERFACE:
    case USBDEVFS_DISCONNECT_CLAIM:
        failure = usb->fault == MOCK_USB_HELD ? EBUSY : 0;
        usb->is_claimed = failure == 0;
        break;
    case USBDEVFS_RELEASEINTERFACE:
        usb->is_claimed = false;
        break;
    case USBDEVFS_CLEAR_HALT:
        break;
    case USBDEVFS_GETDRIVER:
    case USBDEVFS_IOCTL:
        failure = ENODATA; /* no driver of the kernel has it */
        break;
    case USBDEVFS_SUBMITURB:
        failure = submit(usb, data);
        break;
    case USBDEVFS_REAPURBNDELAY:
        failure = reap(usb, data);
        break;
    default:
        failure = ENOTTY;
        break;
    }
    if (data != NULL) {
        g_object_unref(data);
    }
    return failure;
}

static gboolean
handle(UMockdevIoctlBase *handler, UMockdevIoctlClient *client, gpointer context)
{
    (void)handler;
    struct mock_usb *usb = context;
    g_mutex_lock(&usb->lock);
    const int failure = answer(usb, umockdev_ioctl_client_get_request(client), umockdev_ioctl_client_get_arg(client));
    g_mutex_unlock(&usb->lock);
    umockdev_ioctl_client_complete(client, failure == 0 ? 0 : -1, failure);
    return TRUE;
}

void
mock_usb_create(struct mock_usb *usb)
{
    g_mutex_init(&usb->lock);
    usb->bed = umockdev_testbed_new();
    if (!umockdev_in_mock_environment()) {
        fail_msg("this program must run under umockdev-wrapper");
    }
    usb->handler = umockdev_ioctl_base_new();
    g_signal_connect(usb->handler, "handle-ioctl", G_CALLBACK(handle), usb);
    usb->packets = g_queue_new();
    usb->waiting = g_queue_new();
    usb->done = g_queue_new();
    usb->fifo = -1;
}

static void
empty(struct mock_usb *usb)
{
    g_queue_clear_full(usb->packets, (GDestroyNotify)g_bytes_unref);
    g_queue_clear_full(usb->waiting, g_object_unref);
    g_queue_clear_full(usb->done, g_object_unref);
    usb->is_claimed = false;
}

void
mock_usb_plug_in(struct mock_usb *usb)
{
    const uint8_t descriptors[] = {
        18,
        1,
        0x00,
        2,
        0,
        0,
        0,
        64,
        (uint8_t)usb->vendor,
        (uint8_t)(usb->vendor >> 8),
        (uint8_t)usb->product,
        (uint8_t)(usb->product >> 8),
        0x00,
        1,
        0,
        0,
        0,
        1, /* device */
        9,
        2,
        32,
        0,
        1,
        1,
        0,
        0x80,
        50, /* configuration */
        9,
        4,
        0,
        0,
        2,
        0xFF,
        0xFF,
        0xFF,
        0, /* a vendor's interface */
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
        0, /* its pipes */
    };
    char hex[2 * sizeof descriptors + 1], text[1024], real[512];
    GError *failure = NULL;
    const unsigned address = FIRST_ADDRESS + usb->times++ % ADDRESSES;
    snprintf(usb->device, sizeof usb->device, "/dev/bus/usb/001/%03u", address);
    for (size_t i = 0; i < sizeof descriptors; i++) {
        snprintf(hex + 2 * i, 3, "%02X", descriptors[i]);
    }
    snprintf(text, sizeof text,
             "P: %s\nN: %s=%s\nE: DEVNAME=%s\nE: DEVTYPE=usb_device\nE: BUSNUM=001\nE: DEVNUM=%03u\nE: MAJOR=189\n"
             "E: MINOR=%u\nE: SUBSYSTEM=usb\nA: busnum=1\nA: devnum=%u\nA: bConfigurationValue=1\nA: speed=12\n"
             "A: dev=189:%u\nA: idVendor=%04x\nA: idProduct=%04x\nH: descriptors=%s\n",
             path + strlen("/sys"), usb->device + strlen("/dev/"), hex, usb->device, address, address - 1, address,
             address - 1, usb->vendor, usb->product, hex);
    g_mutex_lock(&usb->lock);
    empty(usb);
    usb->is_gone = false;
    g_mutex_unlock(&usb->lock);
    assert_true(umockdev_testbed_add_from_string(usb->bed, text, &failure));
    assert_true(umockdev_testbed_attach_ioctl(usb->bed, usb->device, usb->handler, &failure));
    char *root = umockdev_testbed_get_root_dir(usb->bed);
    snprintf(real, sizeof real, "%s%s", root, usb->device);
    g_free(root);
    assert_int_equal(unlink(real), 0);
    assert_int_equal(mkfifo(real, 0600), 0);
    assert_int_equal(chmod(real, 0666 | S_ISVTX), 0);
    if (usb->fifo >= 0) {
        close(usb->fifo);
    }
    usb->fifo = open(real, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    assert_true(usb->fifo >= 0);
    set_reapable(usb, false);
    usb->is_plugged_in = true;
}

void
mock_usb_unplug(struct mock_usb *usb)
{
    if (!usb->is_plugged_in) {
        return;
    }
    usb->is_plugged_in = false;
    g_mutex_lock(&usb->lock);
    usb->is_gone = true;
    deliver(usb);
    set_reapable(usb, true);
    g_mutex_unlock(&usb->lock);
    umockdev_testbed_uevent(usb->bed, path, "remove");
    umockdev_testbed_remove_device(usb->bed, path);
}

void
mock_usb_set_fault(struct mock_usb *usb, enum mock_usb_fault fault)
{
    g_mutex_lock(&usb->lock);
    usb->fault = fault;
    g_mutex_unlock(&usb->lock);
}

void
mock_usb_destroy(struct mock_usb *usb)
{
    mock_usb_unplug(usb);
    close(usb->fifo);
    usb->fifo = -1;
    empty(usb);
    g_queue_free(usb->packets);
    g_queue_free(usb->waiting);
    g_queue_free(usb->done);
    g_object_unref(usb->handler);
    g_object_unref(usb->bed);
    g_mutex_clear(&usb->lock);
}
