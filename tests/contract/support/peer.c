/* One accepting thread. Stopping shuts the listener down, which ends its accept. */
#include "tests/contract/support/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { READ_TIMEOUT_MS = 20 * 1000 };

static void *
accept_all(void *context)
{
    struct peer *peer = context;
    for (unsigned number = 1;; number++) {
        int descriptor = accept(peer->listener, NULL, NULL);
        if (descriptor < 0) {
            return NULL;
        }
        peer->serve(descriptor, number, peer->context);
        close(descriptor);
    }
}

void
peer_start(struct peer *peer, peer_serve serve, void *context)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    peer->serve = serve;
    peer->context = context;
    peer->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(peer->listener >= 0);
    assert_int_equal(bind(peer->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(peer->listener, 8), 0);
    assert_int_equal(getsockname(peer->listener, (struct sockaddr *)&address, &size), 0);
    peer->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&peer->thread, NULL, accept_all, peer), 0);
}

void
peer_stop(struct peer *peer)
{
    shutdown(peer->listener, SHUT_RDWR);
    pthread_join(peer->thread, NULL);
    close(peer->listener);
}

bool
peer_read(int descriptor, void *out, size_t length)
{
    char *cursor = out;
    while (length > 0) {
        struct pollfd entry = {.fd = descriptor, .events = POLLIN};
        if (poll(&entry, 1, READ_TIMEOUT_MS) != 1) {
            return false;
        }
        ssize_t got = recv(descriptor, cursor, length, 0);
        if (got <= 0) {
            return false;
        }
        cursor += got;
        length -= (size_t)got;
    }
    return true;
}

bool
peer_write(int descriptor, const void *bytes, size_t length)
{
    return send(descriptor, bytes, length, MSG_NOSIGNAL) == (ssize_t)length;
}

void
peer_reset_on_close(int descriptor)
{
    const struct linger reset = {.l_onoff = 1, .l_linger = 0};
    (void)!setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}
