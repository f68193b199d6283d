/* The printer suite on the ESC/POS driver over USB: real libusb on a device that umockdev plays, with the simulated
 * printer behind its endpoints. Run under umockdev-wrapper. */
#include "drivers/escpos_printer/escpos_printer.h"
#include "drivers/transport/usb_transport.h"
#include "tests/contract/support/receipt_printer.h"
#include "tests/contract/support/usb_printer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { VENDOR = 0x04b8, PRODUCT = 0x0202, SOCKET_BYTES = 4096 };

/* Between the endpoints and the simulator. */
struct usb_cable {
    struct usb_printer *device;
    int socket, stop[2];
    pthread_t thread;
    bool is_plugged;
};

static struct receipt_printer shared;
static struct usb_cable cable;

/* What the simulator does not take now, the device NAKs. */
static size_t
take(void *context, const unsigned char *bytes, size_t length)
{
    const struct usb_cable *self = context;
    const ssize_t count = send(self->socket, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    return count > 0 ? (size_t)count : 0;
}

static void *
carry(void *context)
{
    enum { PAUSE_MS = 5 /* how often a device that was held up is looked at again */ };
    struct usb_cable *self = context;
    unsigned char bytes[256];
    for (;;) {
        struct pollfd watched[] = {{.fd = self->stop[0], .events = POLLIN}, {.fd = self->socket, .events = POLLIN}};
        poll(watched, 2, PAUSE_MS);
        if (watched[0].revents != 0) {
            return NULL;
        }
        if (watched[1].revents != 0) {
            const ssize_t count = recv(self->socket, bytes, sizeof bytes, MSG_DONTWAIT);
            if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
                usb_printer_break(self->device, USB_FAULT_UNPLUG, 0); /* the printer vanishes at the next transfer … */
                usb_printer_go_on(self->device);                      /* … or in the one that waits */
                poll(watched, 1, -1);
                return NULL;
            }
            if (count > 0) {
                usb_printer_say(self->device, bytes, (size_t)count);
            }
        }
        usb_printer_go_on(self->device);
    }
}

static void
plug(struct receipt_printer *printer, bool is_plugged)
{
    struct usb_cable *self = printer->cable;
    if (self->is_plugged) {
        usb_printer_unplug(self->device);
        close(self->stop[1]);
        pthread_join(self->thread, NULL);
        close(self->stop[0]);
        close(self->socket);
        self->is_plugged = false;
    }
    if (!is_plugged) {
        return;
    }
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(printer->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int small = SOCKET_BYTES;
    self->socket = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(self->socket >= 0);
    assert_int_equal(setsockopt(self->socket, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
    assert_int_equal(connect(self->socket, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(pipe(self->stop), 0);
    usb_printer_plug(self->device);
    assert_int_equal(pthread_create(&self->thread, NULL, carry, self), 0);
    self->is_plugged = true;
}

static int
set_up(void **state)
{
    struct usb_selection selection = {.vendor = VENDOR, .product = PRODUCT};
    struct escpos_printer_options options = {.model = "auto", .columns = 48};
    struct printer_bench *bench = receipt_printer_bench(&shared);
    *state = bench;
    return bench != NULL && usb_transport_create(&options.transport, &selection, NULL) == STATUS_OK &&
                   escpos_printer_open(&options, &bench->printer, NULL) == STATUS_OK
               ? 0
               : -1;
}

static int
tear_down(void **state)
{
    receipt_printer_bench_free(*state);
    return 0;
}

int
main(void)
{
    const struct usb_printer_options options = {
        .vendor = VENDOR,
        .product = PRODUCT,
        .interface_class = 7,
        .protocol = 2,
        .serial = "J0001",
        .device_id = "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88VI;CLS:PRINTER;",
        .take = take,
        .context = &cable,
    };
    cable.device = usb_printer_create(&options);
    receipt_printer_init(&shared);
    shared.plug = plug;
    shared.cable = &cable;
    const int failures = printer_contract_run("printer: ESC/POS over USB", set_up, tear_down);
    plug(&shared, false);
    usb_printer_destroy(cable.device);
    receipt_printer_finish(&shared);
    return failures;
}
