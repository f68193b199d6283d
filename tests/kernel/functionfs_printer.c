/* Three threads: one answers on endpoint 0, one carries what the host sends to the simulator, one carries answers back.
 * The second and third run while the cable is in, and are waited for when it is pulled.
 *
 * A transfer in the wrong direction on an endpoint's file halts that endpoint: the host sees a stall
 * (Documentation/usb/functionfs.rst of the kernel). One packet is taken at a time, so that a transfer of the host's is
 * taken in part when something happens in it. */
#include "tests/kernel/functionfs_printer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/usb/functionfs.h>

enum {
    PACKET_BYTES = 512,
    SOCKET_BYTES = 4096,
    STALL_PAUSE_NS = 2 * 1000 * 1000,
    GET_DEVICE_ID = 0,
    GET_PORT_STATUS = 1
};

#define FOLDER "/run/functionfs-printer"

/* A printer's interface (class 7, both ways) with endpoints 1 OUT and 2 IN, for a packet size. */
#define INTERFACE(low, high)                                                                                           \
    9, 4, 0, 0, 2, 7, 1, 2, 0, /**/ 7, 5, 0x01, 2, low, high, 0, /**/ 7, 5, 0x82, 2, low, high, 0

/* magic, length, flags (full and high speed), three descriptors of each. */
static const uint8_t descriptors[] = {
    3, 0, 0, 0, 66, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, INTERFACE(64, 0), INTERFACE(0, 2)};
static const uint8_t no_strings[] = {2, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
static const char device_id[] = "\0\x31MFG:EPSON;CMD:ESC/POS;MDL:TM-T88VI;CLS:PRINTER;"; /* led by its length */

/* ---- endpoint 0 -------------------------------------------------------------------------------------------------- */

static void
answer_setup(int control, const struct usb_ctrlrequest *setup)
{
    static const uint8_t port_status[] = {0x18}; /* selected, no error */
    const bool is_in = (setup->bRequestType & 0x80) != 0;
    const size_t wanted = setup->wLength;
    const size_t length = sizeof device_id - 1 < wanted ? sizeof device_id - 1 : wanted;
    ssize_t done = 0;
    if (is_in && setup->bRequest == GET_DEVICE_ID) {
        done = write(control, device_id, length);
    } else if (is_in && setup->bRequest == GET_PORT_STATUS) {
        done = write(control, port_status, sizeof port_status);
    } else if (is_in) {
        done = read(control, NULL, 0); /* the wrong way: refused by a stall */
    } else {
        done = read(control, NULL, 0);
    }
    (void)done; /* the host may have given up waiting */
}

static void *
serve_control(void *context)
{
    const struct functionfs_printer *printer = context;
    struct usb_functionfs_event event;
    for (;;) {
        const ssize_t count = read(printer->control, &event, sizeof event);
        if (count == (ssize_t)sizeof event && event.type == FUNCTIONFS_SETUP) {
            answer_setup(printer->control, &event.u.setup);
        } else if (count < 0 && errno != EINTR && errno != EIDRM) {
            return NULL; /* EIDRM: the host asks something else already */
        }
    }
}

/* ---- what the host sends ----------------------------------------------------------------------------------------- */

static void
halt_out(const struct functionfs_printer *printer)
{
    (void)!write(printer->out, "", 1);
}

/* Act on the fault that is due. Under the lock. False when the cable is out. */
static bool
act(struct functionfs_printer *printer)
{
    while (printer->is_carrying && printer->fault != FAULT_NONE && printer->after == 0) {
        switch (printer->fault) {
        case FAULT_STALL:
            printer->fault = FAULT_NONE;
            printer->stalls++;
            halt_out(printer);
            break;
        case FAULT_STALL_ON:
            printer->stalls++;
            halt_out(printer); /* when it is halted still, this changes nothing */
            pthread_mutex_unlock(&printer->lock);
            nanosleep(&(struct timespec){.tv_nsec = STALL_PAUSE_NS}, NULL);
            pthread_mutex_lock(&printer->lock);
            break;
        case FAULT_TAKE_NONE:
            pthread_cond_wait(&printer->changed, &printer->lock);
            break;
        case FAULT_PULL:
            printer->fault = FAULT_NONE;
            return false;
        case FAULT_NONE:
            break;
        }
    }
    return printer->is_carrying;
}

static bool
send_all(int socket, const uint8_t *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t count = send(socket, bytes, length, MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        bytes += count;
        length -= (size_t)count;
    }
    return true;
}

static void
carry_out(struct functionfs_printer *printer)
{
    uint8_t packet[PACKET_BYTES];
    for (;;) {
        pthread_mutex_lock(&printer->lock);
        const bool goes_on = act(printer);
        pthread_mutex_unlock(&printer->lock);
        if (!goes_on) {
            return;
        }
        const ssize_t count = read(printer->out, packet, sizeof packet);
        if (count < 0 && errno != EINTR) {
            return;
        }
        const size_t taken = count > 0 ? (size_t)count : 0;
        pthread_mutex_lock(&printer->lock);
        printer->after -= taken < printer->after ? taken : printer->after;
        pthread_mutex_unlock(&printer->lock);
        if (!send_all(printer->socket, packet, taken)) {
            return;
        }
    }
}

/* ---- what the printer answers ------------------------------------------------------------------------------------ */

static bool
say(struct functionfs_printer *printer, const uint8_t *bytes, size_t length)
{
    pthread_mutex_lock(&printer->lock);
    const size_t step = printer->speaks_in_bytes ? 1 : length;
    const bool is_stalled = printer->stalls_next_answer;
    printer->stalls_next_answer = false;
    pthread_mutex_unlock(&printer->lock);
    if (is_stalled) {
        uint8_t none;
        (void)!read(printer->in, &none, 1);
    }
    for (size_t at = 0; at < length; at += step) {
        if (write(printer->in, bytes + at, step) != (ssize_t)step) {
            return false;
        }
    }
    return true;
}

static void
carry_in(struct functionfs_printer *printer)
{
    uint8_t packet[PACKET_BYTES - 1]; /* never a full one: nothing has to mark its end */
    for (;;) {
        const ssize_t count = recv(printer->socket, packet, sizeof packet, 0);
        if (count <= 0 || !say(printer, packet, (size_t)count)) {
            return;
        }
    }
}

/* ---- the cable --------------------------------------------------------------------------------------------------- */

/* Run CARRY each time that the cable is in. When it ends by itself the cable is pulled, as a printer's that is off. */
static void
carry_while_plugged(struct functionfs_printer *printer, void (*carry)(struct functionfs_printer *))
{
    pthread_mutex_lock(&printer->lock);
    for (;;) {
        while (!printer->is_carrying) {
            pthread_cond_wait(&printer->changed, &printer->lock);
        }
        printer->carriers++;
        pthread_cond_broadcast(&printer->changed);
        pthread_mutex_unlock(&printer->lock);
        carry(printer);
        pthread_mutex_lock(&printer->lock);
        const bool is_first = printer->is_carrying;
        printer->is_carrying = false;
        pthread_cond_broadcast(&printer->changed);
        pthread_mutex_unlock(&printer->lock);
        if (is_first) {
            shutdown(printer->socket, SHUT_RDWR);
            gadget_unplug(&printer->gadget);
        }
        pthread_mutex_lock(&printer->lock);
        printer->carriers--;
        pthread_cond_broadcast(&printer->changed);
        while (printer->carriers > 0) { /* both have seen the end before either begins again */
            pthread_cond_wait(&printer->changed, &printer->lock);
        }
    }
}

static void *
serve_out(void *context)
{
    carry_while_plugged(context, carry_out);
    return NULL;
}

static void *
serve_in(void *context)
{
    carry_while_plugged(context, carry_in);
    return NULL;
}

static int
connect_to(uint16_t port)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int small = SOCKET_BYTES;
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(descriptor >= 0);
    assert_int_equal(setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
    assert_int_equal(connect(descriptor, (const struct sockaddr *)&address, sizeof address), 0);
    return descriptor;
}

void
functionfs_printer_plug(struct functionfs_printer *printer, uint16_t port)
{
    printer->socket = connect_to(port);
    printer->is_plugged = true;
    gadget_plug(&printer->gadget);
    pthread_mutex_lock(&printer->lock);
    printer->is_carrying = true;
    pthread_cond_broadcast(&printer->changed);
    while (printer->is_carrying && printer->carriers < 2) {
        pthread_cond_wait(&printer->changed, &printer->lock);
    }
    pthread_mutex_unlock(&printer->lock);
}

void
functionfs_printer_pull(struct functionfs_printer *printer)
{
    if (!printer->is_plugged) {
        return;
    }
    pthread_mutex_lock(&printer->lock);
    printer->is_carrying = false;
    pthread_cond_broadcast(&printer->changed);
    pthread_mutex_unlock(&printer->lock);
    shutdown(printer->socket, SHUT_RDWR);
    gadget_unplug(&printer->gadget);
    pthread_mutex_lock(&printer->lock);
    while (printer->carriers > 0) {
        pthread_cond_wait(&printer->changed, &printer->lock);
    }
    pthread_mutex_unlock(&printer->lock);
    close(printer->socket);
    printer->is_plugged = false;
}

/* ---- for the tests ----------------------------------------------------------------------------------------------- */

static int
open_file(const char *path, int flags)
{
    const int descriptor = open(path, flags | O_CLOEXEC);
    assert_true(descriptor >= 0);
    return descriptor;
}

void
functionfs_printer_create(struct functionfs_printer *printer, const struct gadget_names *names)
{
    void *(*const serve[])(void *) = {serve_control, serve_out, serve_in};
    assert_int_equal(pthread_mutex_init(&printer->lock, NULL), 0);
    assert_int_equal(pthread_cond_init(&printer->changed, NULL), 0);
    gadget_create(&printer->gadget, "functionfs-printer", 0, names);
    gadget_make_function(&printer->gadget, "ffs.printer");
    gadget_use_function(&printer->gadget, "ffs.printer");
    assert_int_equal(mkdir(FOLDER, 0755), 0);
    assert_int_equal(mount("printer", FOLDER, "functionfs", 0, NULL), 0);
    printer->control = open_file(FOLDER "/ep0", O_RDWR);
    assert_int_equal(write(printer->control, descriptors, sizeof descriptors), sizeof descriptors);
    assert_int_equal(write(printer->control, no_strings, sizeof no_strings), sizeof no_strings);
    /* O_NONBLOCK: to fail while the cable is out; with it in, transfers are waited for all the same. */
    printer->out = open_file(FOLDER "/ep1", O_RDWR | O_NONBLOCK);
    printer->in = open_file(FOLDER "/ep2", O_RDWR | O_NONBLOCK);
    for (size_t i = 0; i < sizeof serve / sizeof serve[0]; i++) {
        assert_int_equal(pthread_create(&printer->threads[i], NULL, serve[i], printer), 0);
    }
}

void
functionfs_printer_set_fault(struct functionfs_printer *printer, enum functionfs_fault fault, size_t after)
{
    pthread_mutex_lock(&printer->lock);
    printer->fault = fault;
    printer->after = after;
    pthread_cond_broadcast(&printer->changed);
    pthread_mutex_unlock(&printer->lock);
}

void
functionfs_printer_set_answers(struct functionfs_printer *printer, bool stalls_next, bool speaks_in_bytes)
{
    pthread_mutex_lock(&printer->lock);
    printer->stalls_next_answer = stalls_next;
    printer->speaks_in_bytes = speaks_in_bytes;
    pthread_mutex_unlock(&printer->lock);
}

unsigned
functionfs_printer_stalls(struct functionfs_printer *printer)
{
    pthread_mutex_lock(&printer->lock);
    const unsigned stalls = printer->stalls;
    pthread_mutex_unlock(&printer->lock);
    return stalls;
}
