/* Each direction has one store; it is filled only when it is empty, so that a printer that takes nothing holds the host
 * up.
 *
 * Linux 6.1's printer gadget keeps a transfer that was read in part over an unplugging that frees it, and frees what a
 * reader is in (f_printer.c, current_rx_req): the machine's memory is damaged. So transfers are read whole, and nobody
 * reads while the cable is pulled. That is the gadget's side only; the host's is what is tested. */
#include "tests/kernel/printer_cable.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

enum { STORE_BYTES = 8192 /* one transfer of the gadget */, SOCKET_BYTES = 4096 };

struct store {
    unsigned char bytes[STORE_BYTES];
    size_t begin, end;
};

static bool
is_nothing_now(ssize_t count)
{
    return count < 0 && (errno == EAGAIN || errno == EINTR);
}

/* False at the end of what FROM has to say. */
static bool
fill(struct store *store, int from)
{
    const ssize_t count = read(from, store->bytes, sizeof store->bytes);
    if (is_nothing_now(count)) {
        return true;
    }
    store->begin = 0;
    store->end = count > 0 ? (size_t)count : 0;
    return count > 0;
}

/* False when TO is gone. */
static bool
empty(struct store *store, int to)
{
    const ssize_t count = write(to, store->bytes + store->begin, store->end - store->begin);
    store->begin += count > 0 ? (size_t)count : 0;
    return count >= 0 || is_nothing_now(count);
}

static bool
has_any(const struct store *store)
{
    return store->end > store->begin;
}

static void *
carry(void *context)
{
    struct printer_cable *cable = context;
    struct store to_printer = {.end = 0}, to_host = {.end = 0};
    bool has_hung_up = false;
    while (!has_hung_up) {
        struct pollfd watched[] = {
            {.fd = cable->stop[0], .events = POLLIN},
            {.fd = cable->device,
             .events = (short)((has_any(&to_printer) ? 0 : POLLIN) | (has_any(&to_host) ? POLLOUT : 0))},
            {.fd = cable->socket,
             .events = (short)((has_any(&to_host) ? 0 : POLLIN) | (has_any(&to_printer) ? POLLOUT : 0))},
        };
        if (poll(watched, 3, -1) < 0 || watched[0].revents != 0) {
            return NULL;
        }
        if ((watched[1].revents & POLLIN) != 0) {
            (void)fill(&to_printer, cable->device); /* nothing while the host is away */
        }
        if ((watched[1].revents & POLLOUT) != 0) {
            (void)empty(&to_host, cable->device);
        }
        if ((watched[2].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
            has_hung_up = !fill(&to_host, cable->socket);
        }
        if (!has_hung_up && (watched[2].revents & POLLOUT) != 0) {
            has_hung_up = !empty(&to_printer, cable->socket);
        }
    }
    gadget_unplug(&cable->gadget);
    poll(&(struct pollfd){.fd = cable->stop[0], .events = POLLIN}, 1, -1);
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
    assert_int_equal(fcntl(descriptor, F_SETFL, O_NONBLOCK), 0);
    return descriptor;
}

void
printer_cable_plug(struct printer_cable *cable, uint16_t port)
{
    struct termios settings;
    cable->socket = connect_to(port);
    assert_int_equal(pipe(cable->stop), 0);
    gadget_plug(&cable->gadget);
    cable->device = open(cable->path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (cable->device < 0) {
        fail_msg("%s cannot be opened: %s", cable->path, strerror(errno));
    }
    if (isatty(cable->device)) {
        assert_int_equal(tcgetattr(cable->device, &settings), 0);
        cfmakeraw(&settings);
        assert_int_equal(tcsetattr(cable->device, TCSANOW, &settings), 0);
    }
    assert_int_equal(pthread_create(&cable->thread, NULL, carry, cable), 0);
    cable->is_plugged = true;
}

void
printer_cable_pull(struct printer_cable *cable)
{
    if (!cable->is_plugged) {
        return;
    }
    close(cable->stop[1]);
    pthread_join(cable->thread, NULL);
    gadget_unplug(&cable->gadget);
    close(cable->stop[0]);
    close(cable->device);
    close(cable->socket);
    cable->is_plugged = false;
}
