/* One thread, poll, and one small buffer each way. */
#define _XOPEN_SOURCE 700 /* pseudo-terminals */

#include "tests/contract/support/serial_cable.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { CARRIED_BYTES = 512, SOCKET_BYTES = 4096, PORT_CLOSED_PAUSE_MS = 5 };

/* Bytes on their way: read, not yet written. */
struct carried {
    char bytes[CARRIED_BYTES];
    size_t length;
};

void
serial_cable_init(struct serial_cable *cable, const char *name)
{
    memset(cable, 0, sizeof *cable);
    snprintf(cable->path, sizeof cable->path, "%s-%ld", name, (long)getpid());
    unlink(cable->path);
}

/* False when the side that is read has ended. */
static bool
take(struct carried *carried, int descriptor)
{
    const ssize_t count = read(descriptor, carried->bytes, sizeof carried->bytes);
    if (count > 0) {
        carried->length = (size_t)count;
    }
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR || errno == EIO));
}

static bool
give(struct carried *carried, int descriptor, bool is_socket)
{
    const ssize_t count = is_socket ? send(descriptor, carried->bytes, carried->length, MSG_NOSIGNAL)
                                    : write(descriptor, carried->bytes, carried->length);
    if (count > 0) {
        carried->length -= (size_t)count;
        memmove(carried->bytes, carried->bytes + count, carried->length);
    }
    return count >= 0 || errno == EAGAIN || errno == EINTR || errno == EIO;
}

static short
wanted(const struct carried *out, const struct carried *in)
{
    return (short)((out->length > 0 ? POLLOUT : 0) | (in->length == 0 ? POLLIN : 0));
}

static void *
carry(void *context)
{
    struct serial_cable *cable = context;
    struct carried to_device = {.length = 0}, to_port = {.length = 0};
    bool is_open = true;
    while (is_open) {
        struct pollfd watched[] = {
            {.fd = cable->stop[0], .events = POLLIN},
            {.fd = cable->socket, .events = wanted(&to_device, &to_port)},
            {.fd = cable->master, .events = wanted(&to_port, &to_device)},
        };
        poll(watched, 3, -1);
        const bool nobody_has_the_port_open = (watched[2].revents & POLLHUP) != 0;
        if (nobody_has_the_port_open && (watched[2].revents & (POLLIN | POLLOUT)) == 0) {
            to_port.length = 0; /* as on a line that nobody listens to */
            struct pollfd others[] = {watched[0], {.fd = cable->socket, .events = POLLIN}};
            poll(others, 2, PORT_CLOSED_PAUSE_MS);
            watched[0].revents = others[0].revents;
            watched[1].revents = others[1].revents;
        }
        if (watched[0].revents != 0) {
            break;
        }
        if ((watched[1].revents & (POLLIN | POLLHUP | POLLERR)) != 0 && to_port.length == 0) {
            is_open = take(&to_port, cable->socket);
        }
        if ((watched[1].revents & POLLOUT) != 0 && to_device.length > 0) {
            is_open = give(&to_device, cable->socket, /* is_socket= */ true) && is_open;
        }
        if ((watched[2].revents & POLLIN) != 0 && to_device.length == 0) {
            (void)take(&to_device, cable->master);
        }
        if ((watched[2].revents & POLLOUT) != 0 && to_port.length > 0) {
            (void)give(&to_port, cable->master, /* is_socket= */ false);
        }
    }
    unlink(cable->path);
    close(cable->master);
    close(cable->socket);
    return NULL;
}

void
serial_cable_plug(struct serial_cable *cable, uint16_t port)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int small = SOCKET_BYTES;
    serial_cable_pull(cable);
    cable->socket = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(cable->socket >= 0);
    assert_int_equal(setsockopt(cable->socket, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
    assert_int_equal(connect(cable->socket, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(fcntl(cable->socket, F_SETFL, O_NONBLOCK), 0);
    cable->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    assert_true(cable->master >= 0);
    assert_int_equal(grantpt(cable->master), 0);
    assert_int_equal(unlockpt(cable->master), 0);
    assert_int_equal(pipe(cable->stop), 0);
    assert_int_equal(symlink(ptsname(cable->master), cable->path), 0);
    assert_int_equal(pthread_create(&cable->thread, NULL, carry, cable), 0);
    cable->is_plugged = 1;
}

void
serial_cable_pull(struct serial_cable *cable)
{
    if (cable->is_plugged == 0) {
        return;
    }
    close(cable->stop[1]);
    pthread_join(cable->thread, NULL);
    close(cable->stop[0]);
    cable->is_plugged = 0;
}
