/* An answer that is lost on a kept-alive connection: found when a gateway had charged and the till believed that
 * nothing had been sent, because curl reports no connect time for a connection that it reuses. */
#include "common/http/client.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* Answers the first request of its one connection, reads the second, and says nothing until the peer hangs up. */
static void *
answer_once(void *context)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    char bytes[4096];
    int listening = *(int *)context;
    int connection = accept(listening, NULL, NULL);
    ssize_t count = recv(connection, bytes, sizeof bytes, 0);
    if (count > 0) {
        count = send(connection, answer, sizeof answer - 1, 0);
    }
    while (count > 0) {
        count = recv(connection, bytes, sizeof bytes, 0);
    }
    close(connection);
    return NULL;
}

static void
an_answer_lost_on_a_reused_connection_is_an_unknown_outcome(void **state)
{
    (void)state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listening, 1), 0);
    assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &length), 0);
    pthread_t server;
    assert_int_equal(pthread_create(&server, NULL, answer_once, &listening), 0);
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", ntohs(address.sin_port));
    struct http_client *client = NULL;
    struct error_detail err;
    struct http_answer answer;
    buffer_init(&answer.body, 1024);
    assert_int_equal(http_client_create(&client, &err), STATUS_OK);
    const struct http_call call = {.method = "POST", .url = url, .body = "x", .body_length = 1, .timeout_ms = 500};

    enum status first = http_client_call(client, &call, &answer, &err);
    enum status second = http_client_call(client, &call, &answer, &err);

    assert_int_equal(first, STATUS_OK);
    assert_int_equal(second, STATUS_UNKNOWN_OUTCOME);
    http_client_destroy(client);
    buffer_finish(&answer.body);
    close(listening);
    pthread_join(server, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_lost_on_a_reused_connection_is_an_unknown_outcome),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
