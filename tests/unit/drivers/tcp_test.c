/* The stream tells apart: never connected, nothing in time, gone, and how much was sent. */
#include "drivers/monitor/monitor.h"
#include "drivers/transport/tcp.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { SOON_MS = 50, LONG_MS = 10000 };

/* A listening socket on a port of the kernel's choice. */
static int
listen_anywhere(uint16_t *out_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    const int small = 4096;
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(descriptor >= 0);
    assert_int_equal(setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(descriptor, 4), 0);
    assert_int_equal(getsockname(descriptor, (struct sockaddr *)&address, &size), 0);
    *out_port = ntohs(address.sin_port);
    return descriptor;
}

static int64_t
in_ms(int64_t duration_ms)
{
    return monitor_now_ms() + duration_ms;
}

static void
only_numeric_addresses_are_hosts(void **state)
{
    (void)state;

    assert_true(tcp_host_is_valid("192.0.2.7"));
    assert_true(tcp_host_is_valid("2001:db8::7"));
    assert_true(tcp_host_is_valid("localhost"));
    assert_false(tcp_host_is_valid("printer.example"));
    assert_false(tcp_host_is_valid("192.0.2"));
    assert_false(tcp_host_is_valid(""));
}

static void
a_closed_port_is_unreachable(void **state)
{
    (void)state;
    struct tcp_stream *stream = NULL;
    uint16_t port = 0;
    close(listen_anywhere(&port));

    assert_int_equal(tcp_connect(&stream, "127.0.0.1", port, in_ms(LONG_MS), NULL), STATUS_UNREACHABLE);
    assert_null(stream);
}

static void
silence_is_not_found_and_an_end_is_gone(void **state)
{
    (void)state;
    struct tcp_stream *stream = NULL;
    uint16_t port = 0;
    char byte;
    size_t got = 0;
    int listener = listen_anywhere(&port);

    assert_int_equal(tcp_connect(&stream, "localhost", port, in_ms(LONG_MS), NULL), STATUS_OK);
    int peer = accept(listener, NULL, NULL);
    assert_int_equal(tcp_read(stream, &byte, 1, in_ms(SOON_MS), &got, NULL), STATUS_NOT_FOUND);
    assert_int_equal(tcp_read(stream, &byte, 1, 0, &got, NULL), STATUS_NOT_FOUND);
    assert_int_equal(send(peer, "x", 1, 0), 1);
    assert_int_equal(tcp_read(stream, &byte, 1, in_ms(LONG_MS), &got, NULL), STATUS_OK);
    assert_int_equal(got, 1);
    close(peer);
    assert_int_equal(tcp_read(stream, &byte, 1, in_ms(LONG_MS), &got, NULL), STATUS_DEVICE_GONE);

    tcp_close(stream);
    close(listener);
}

static void
a_peer_that_does_not_read_stalls_the_write_and_the_count_is_told(void **state)
{
    (void)state;
    struct tcp_stream *stream = NULL;
    uint16_t port = 0;
    size_t sent = 0;
    const size_t length = 64 * 1024 * 1024;
    char *bytes = calloc(1, length);
    int listener = listen_anywhere(&port);
    assert_non_null(bytes);

    assert_int_equal(tcp_connect(&stream, "127.0.0.1", port, in_ms(LONG_MS), NULL), STATUS_OK);
    assert_int_equal(tcp_write(stream, bytes, length, in_ms(SOON_MS), &sent, NULL), STATUS_BUSY);
    assert_true(sent > 0 && sent < length);

    tcp_close(stream);
    close(listener);
    free(bytes);
}

static void
a_reset_in_the_middle_is_gone(void **state)
{
    (void)state;
    struct tcp_stream *stream = NULL;
    uint16_t port = 0;
    size_t sent = 0;
    const struct linger reset = {.l_onoff = 1, .l_linger = 0};
    int listener = listen_anywhere(&port);

    assert_int_equal(tcp_connect(&stream, "127.0.0.1", port, in_ms(LONG_MS), NULL), STATUS_OK);
    int peer = accept(listener, NULL, NULL);
    assert_int_equal(setsockopt(peer, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
    close(peer);
    enum status status = STATUS_OK;
    for (int i = 0; i < 1000 && status == STATUS_OK; i++) {
        status = tcp_write(stream, "x", 1, in_ms(LONG_MS), &sent, NULL);
    }
    assert_int_equal(status, STATUS_DEVICE_GONE);
    assert_int_equal(sent, 0);

    tcp_close(stream);
    close(listener);
}

static void
closing_nothing_is_fine(void **state)
{
    (void)state;
    tcp_close(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_numeric_addresses_are_hosts),
        cmocka_unit_test(a_closed_port_is_unreachable),
        cmocka_unit_test(silence_is_not_found_and_an_end_is_gone),
        cmocka_unit_test(a_peer_that_does_not_read_stalls_the_write_and_the_count_is_told),
        cmocka_unit_test(a_reset_in_the_middle_is_gone),
        cmocka_unit_test(closing_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
