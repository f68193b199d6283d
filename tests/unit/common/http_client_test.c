/* What became of a request: the difference between "nothing was sent" and "it may have happened" is a citizen's money.
 */
#include "common/http/client.h"

#include "tests/unit/common/wire.h"

#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- A peer that does what the test says, request by request ---- */

enum act {
    ANSWER,                /* 200, and the connection stays */
    ANSWER_ERROR,          /* 500 */
    ANSWER_WITHOUT_LENGTH, /* ends by closing */
    ANSWER_ELSEWHERE,      /* 302 */
    CLOSE_WITHOUT_ANSWER,
    RESET_WITHOUT_ANSWER,
    HALF_A_STATUS_LINE,
    HALF_THE_HEADERS,
    HALF_A_BODY,
    HALF_THE_CHUNKS,
    GARBAGE,
    SILENCE, /* until the caller hangs up */
};

enum { ACTS_MAX = 8, CONNECTIONS_MAX = 32, REQUEST_MAX_BYTES = 200000 };

struct peer;

/* One connection to the peer, served by a thread of its own. */
struct visit {
    pthread_t thread;
    struct peer *peer;
    int connection;
};

struct peer {
    pthread_t thread;
    int listening;
    uint16_t port;
    enum act acts[ACTS_MAX]; /* what comes after the last is ANSWER */
    atomic_int requests;
    atomic_int connections;
    struct visit visits[CONNECTIONS_MAX];
    pthread_mutex_t lock;
    struct buffer last; /* the last whole request as it came; read after peer_stop */
    struct http_client *client;
    struct http_answer answer;
    char url[64];
};

/* Read one request into INCOMING. False when the caller hung up. */
static bool
read_request(struct buffer *incoming, int connection)
{
    buffer_clear(incoming);
    for (;;) {
        const char *end = strstr(buffer_text(incoming), "\r\n\r\n");
        const char *length = strstr(buffer_text(incoming), "Content-Length: ");
        if (end != NULL) {
            size_t wanted = length != NULL && length < end ? strtoul(length + 16, NULL, 10) : 0;
            if (incoming->length >= (size_t)(end - incoming->data) + 4 + wanted) {
                return true;
            }
        }
        char bytes[8192];
        ssize_t count = recv(connection, bytes, sizeof bytes, 0);
        if (count <= 0) {
            return false;
        }
        buffer_append(incoming, bytes, (size_t)count);
    }
}

/* Whether the connection stays. */
static bool
do_act(int connection, enum act act)
{
    static const char *const words[] = {
        [ANSWER] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        [ANSWER_ERROR] = "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops",
        [ANSWER_WITHOUT_LENGTH] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall",
        [ANSWER_ELSEWHERE] = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        [CLOSE_WITHOUT_ANSWER] = "",
        [RESET_WITHOUT_ANSWER] = "",
        [HALF_A_STATUS_LINE] = "HTTP/1.1 2",
        [HALF_THE_HEADERS] = "HTTP/1.1 200 OK\r\nContent-Le",
        [HALF_A_BODY] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        [HALF_THE_CHUNKS] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        [GARBAGE] = "\x02\x00\x51 this is a payment terminal\r\n\r\n",
        [SILENCE] = "",
    };
    send(connection, words[act], strlen(words[act]), MSG_NOSIGNAL);
    if (act == SILENCE) {
        char byte;
        while (recv(connection, &byte, 1, 0) > 0) {
        }
    }
    if (act == RESET_WITHOUT_ANSWER) {
        const struct linger now = {.l_onoff = 1};
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    return act == ANSWER || act == ANSWER_ERROR || act == ANSWER_ELSEWHERE;
}

static void *
visit_main(void *context)
{
    struct visit *visit = context;
    struct peer *peer = visit->peer;
    struct timeval patience = {.tv_sec = 30};
    struct buffer incoming;
    buffer_init(&incoming, REQUEST_MAX_BYTES);
    setsockopt(visit->connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    bool stays = true;
    while (stays && read_request(&incoming, visit->connection)) {
        pthread_mutex_lock(&peer->lock);
        buffer_clear(&peer->last);
        buffer_append(&peer->last, incoming.data, incoming.length);
        pthread_mutex_unlock(&peer->lock);
        int number = atomic_fetch_add(&peer->requests, 1);
        stays = do_act(visit->connection, number < ACTS_MAX ? peer->acts[number] : ANSWER);
    }
    close(visit->connection);
    buffer_finish(&incoming);
    return NULL;
}

static void *
peer_main(void *context)
{
    struct peer *peer = context;
    int count = 0;
    int connection;
    while (count < CONNECTIONS_MAX && (connection = accept(peer->listening, NULL, NULL)) >= 0) {
        struct visit *visit = &peer->visits[count];
        *visit = (struct visit){.peer = peer, .connection = connection};
        atomic_fetch_add(&peer->connections, 1); /* before the answer, after which the test looks */
        if (pthread_create(&visit->thread, NULL, visit_main, visit) != 0) {
            abort();
        }
        count++;
    }
    for (int i = 0; i < count; i++) {
        pthread_join(peer->visits[i].thread, NULL);
    }
    return NULL;
}

static int
peer_open(void **state)
{
    struct peer *peer = calloc(1, sizeof *peer);
    if (peer == NULL || (peer->listening = wire_listen(16, &peer->port)) < 0 ||
        http_client_create(&peer->client, NULL) != STATUS_OK) {
        return -1;
    }
    snprintf(peer->url, sizeof peer->url, "http://127.0.0.1:%u/charge", peer->port);
    pthread_mutex_init(&peer->lock, NULL);
    buffer_init(&peer->last, REQUEST_MAX_BYTES);
    buffer_init(&peer->answer.body, 1000);
    *state = peer;
    return 0;
}

static void
peer_start(struct peer *peer)
{
    assert_int_equal(pthread_create(&peer->thread, NULL, peer_main, peer), 0);
}

static void
peer_stop(struct peer *peer)
{
    if (peer->thread != 0) {
        http_client_destroy(peer->client);
        peer->client = NULL;
        shutdown(peer->listening, SHUT_RDWR);
        pthread_join(peer->thread, NULL);
        peer->thread = 0;
    }
}

static int
peer_close(void **state)
{
    struct peer *peer = *state;
    peer_stop(peer);
    http_client_destroy(peer->client);
    close(peer->listening);
    pthread_mutex_destroy(&peer->lock);
    buffer_finish(&peer->last);
    buffer_finish(&peer->answer.body);
    free(peer);
    return 0;
}

static enum status
call(struct peer *peer, const char *method, const char *body, unsigned timeout_ms, struct error_detail *err)
{
    static const char *const headers[] = {"Content-Type: application/json", "Idempotency-Key: 42", NULL};
    const struct http_call call = {
        .method = method,
        .url = peer->url,
        .headers = headers,
        .body = body,
        .body_length = body != NULL ? strlen(body) : 0,
        .timeout_ms = timeout_ms,
    };
    return http_client_call(peer->client, &call, &peer->answer, err);
}

/* ---- Whole answers ---- */

static void
a_whole_answer_is_ok_whatever_its_http_status(void **state)
{
    struct peer *peer = *state;
    static const struct {
        enum act act;
        unsigned http_status;
        const char *body;
    } cases[] = {{ANSWER, 200, "ok"},
                 {ANSWER_ERROR, 500, "oops"},
                 {ANSWER_ELSEWHERE, 302, ""},
                 {ANSWER_WITHOUT_LENGTH, 200, "all"},
                 {ANSWER, 200, "ok"}};
    for (size_t i = 0; i < 5; i++) {
        peer->acts[i] = cases[i].act;
    }
    peer_start(peer);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(call(peer, "POST", "{\"amount\":450}", 0, NULL), STATUS_OK);
        assert_int_equal(peer->answer.http_status, cases[i].http_status);
        assert_string_equal(buffer_text(&peer->answer.body), cases[i].body);
    }
    assert_int_equal(atomic_load(&peer->requests), 5);
}

static void
wanted_headers_are_kept_when_they_are_there_and_fit(void **state)
{
    struct peer *peer = *state;
    char location[32] = "old";
    char absent[32] = "old";
    char small[4] = "old";
    const struct http_wanted wanted[] = {
        {"location", location, sizeof location}, {"X-None", absent, sizeof absent}, {"Location", small, sizeof small}};
    const struct http_call asked = {.method = "POST", .url = peer->url, .wanted = wanted, .wanted_count = 3};
    peer->acts[0] = ANSWER_ELSEWHERE;
    peer->acts[1] = CLOSE_WITHOUT_ANSWER;
    peer_start(peer);
    assert_int_equal(http_client_call(peer->client, &asked, &peer->answer, NULL), STATUS_OK);
    assert_string_equal(location, "http://127.0.0.1:1/");
    assert_string_equal(absent, "");
    assert_string_equal(small, "");

    assert_int_equal(http_client_call(peer->client, &asked, &peer->answer, NULL), STATUS_UNKNOWN_OUTCOME);
    assert_string_equal(location, ""); /* nothing is left of an earlier answer */
}

static void
a_request_is_sent_as_it_was_given(void **state)
{
    struct peer *peer = *state;
    peer_start(peer);
    assert_int_equal(call(peer, "POST", "{\"amount\":450}", 0, NULL), STATUS_OK);
    peer_stop(peer);
    const char *text = buffer_text(&peer->last);
    assert_int_equal(strncmp(text, "POST /charge HTTP/1.1\r\n", 23), 0);
    assert_non_null(strstr(text, "\r\nIdempotency-Key: 42\r\n"));
    assert_non_null(strstr(text, "\r\nContent-Type: application/json\r\n"));
    assert_non_null(strstr(text, "\r\nContent-Length: 14\r\n"));
    assert_null(strstr(text, "Expect:"));
    assert_non_null(strstr(text, "\r\n\r\n{\"amount\":450}"));
}

static void
other_methods_and_empty_bodies_are_sent_as_they_are(void **state)
{
    struct peer *peer = *state;
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE"};
    peer_start(peer);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(call(peer, methods[i], NULL, 0, NULL), STATUS_OK);
        assert_int_equal(atomic_load(&peer->requests), (int)i + 1);
    }
    peer_stop(peer);
    assert_int_equal(strncmp(buffer_text(&peer->last), "DELETE /charge HTTP/1.1\r\n", 25), 0);
}

/* Some servers answer 411 to a POST that does not say how long it is. */
static void
a_post_without_a_body_says_so(void **state)
{
    struct peer *peer = *state;
    peer_start(peer);
    assert_int_equal(call(peer, "POST", NULL, 0, NULL), STATUS_OK);
    peer_stop(peer);
    assert_non_null(strstr(buffer_text(&peer->last), "\r\nContent-Length: 0\r\n"));
}

static void
a_large_body_is_sent_whole(void **state)
{
    struct peer *peer = *state;
    enum { SIZE = 150000 };
    char *body = malloc(SIZE + 1);
    assert_non_null(body);
    memset(body, 'b', SIZE);
    body[SIZE] = '\0';
    peer_start(peer);
    assert_int_equal(call(peer, "POST", body, 0, NULL), STATUS_OK);
    peer_stop(peer);
    assert_true(peer->last.length > SIZE);
    assert_non_null(strstr(buffer_text(&peer->last), body));
    free(body);
}

static void
questions_share_a_connection(void **state)
{
    struct peer *peer = *state;
    peer_start(peer);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(call(peer, "GET", NULL, 0, NULL), STATUS_OK);
    }
    assert_int_equal(atomic_load(&peer->requests), 10);
    assert_int_equal(atomic_load(&peer->connections), 1);
}

static void
an_answer_may_fill_its_buffer_and_not_more(void **state)
{
    struct peer *peer = *state;
    struct error_detail err;
    peer->acts[1] = ANSWER_ERROR; /* four bytes */
    peer_start(peer);
    buffer_finish(&peer->answer.body);
    buffer_init(&peer->answer.body, 2);
    assert_int_equal(call(peer, "GET", NULL, 0, NULL), STATUS_OK);
    assert_int_equal(call(peer, "GET", NULL, 0, &err), STATUS_UNKNOWN_OUTCOME);
    assert_non_null(strstr(err.message, "2 bytes"));
    assert_int_equal(call(peer, "GET", NULL, 0, NULL), STATUS_OK);
    assert_string_equal(buffer_text(&peer->answer.body), "ok");
}

/* ---- Nothing was sent ---- */

static void
a_port_where_nobody_listens_is_unreachable(void **state)
{
    struct peer *peer = *state;
    struct error_detail err;
    close(peer->listening);
    peer->listening = -1;
    peer->answer.http_status = 200;
    assert_int_equal(call(peer, "POST", "{}", 0, &err), STATUS_UNREACHABLE);
    assert_string_equal(err.code, "not_reached");
    assert_int_equal(peer->answer.http_status, 0);
}

static void
an_address_that_is_none_is_unreachable(void **state)
{
    struct peer *peer = *state;
    static const char *const wrong[] = {"",        "nonsense://127.0.0.1/",  "ftp://127.0.0.1/", "file:///etc/passwd",
                                        "http://", "http://127.0.0.1:99999/"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snprintf(peer->url, sizeof peer->url, "%s", wrong[i]);
        assert_int_equal(call(peer, "POST", "{}", 0, NULL), STATUS_UNREACHABLE);
    }
}

static void
a_peer_that_speaks_no_tls_has_seen_nothing(void **state)
{
    struct peer *peer = *state;
    snprintf(peer->url, sizeof peer->url, "https://127.0.0.1:%u/", peer->port);
    /* It reads the first bytes of TLS as no request, and hangs up when the patience of the client ends. */
    peer_start(peer);
    assert_int_equal(call(peer, "POST", "{}", 500, NULL), STATUS_UNREACHABLE);
    assert_int_equal(atomic_load(&peer->requests), 0);
}

/* A listening socket whose queue is full drops what comes: the way a cut network looks. */
static void
a_timeout_in_connecting_is_unreachable(void **state)
{
    struct peer *peer = *state;
    enum { FILLERS = 8 };
    struct wire fillers[FILLERS];
    uint16_t port;
    int listening = wire_listen(0, &port);
    assert_true(listening >= 0);
    for (int i = 0; i < FILLERS; i++) {
        struct sockaddr_in address = {
            .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        fillers[i].socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        (void)connect(fillers[i].socket, (struct sockaddr *)&address, sizeof address);
    }
    snprintf(peer->url, sizeof peer->url, "http://127.0.0.1:%u/", port);
    const struct http_call timed[] = {
        {.method = "POST", .url = peer->url, .body = "{}", .body_length = 2, .connect_timeout_ms = 200},
        {.method = "POST", .url = peer->url, .body = "{}", .body_length = 2, .timeout_ms = 200},
    };
    for (int i = 0; i < 2; i++) {
        struct error_detail err;
        assert_int_equal(http_client_call(peer->client, &timed[i], &peer->answer, &err), STATUS_UNREACHABLE);
    }
    for (int i = 0; i < FILLERS; i++) {
        close(fillers[i].socket);
    }
    close(listening);
}

/* ---- It may have happened ---- */

static void
whatever_is_not_a_whole_answer_is_an_unknown_outcome(void **state)
{
    struct peer *peer = *state;
    static const enum act acts[] = {CLOSE_WITHOUT_ANSWER,
                                    RESET_WITHOUT_ANSWER,
                                    HALF_A_STATUS_LINE,
                                    HALF_THE_HEADERS,
                                    HALF_A_BODY,
                                    HALF_THE_CHUNKS,
                                    GARBAGE};
    memcpy(peer->acts, acts, sizeof acts);
    peer_start(peer);
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        struct error_detail err;
        if (call(peer, "POST", "{}", 0, &err) != STATUS_UNKNOWN_OUTCOME) {
            fail_msg("act %d", (int)acts[i]);
        }
        assert_string_equal(err.code, "no_answer");
        assert_int_equal(peer->answer.http_status, 0);
        assert_int_equal(atomic_load(&peer->requests), (int)i + 1);
    }
}

static void
a_timeout_after_the_connection_stood_is_an_unknown_outcome(void **state)
{
    struct peer *peer = *state;
    peer->acts[0] = SILENCE;
    peer_start(peer);
    assert_int_equal(call(peer, "POST", "{}", 300, NULL), STATUS_UNKNOWN_OUTCOME);
    assert_int_equal(atomic_load(&peer->requests), 1);
}

/* The kept connection must not make a second charge of one: a request that was lost on it is not sent again by itself,
 * and is not taken for unsent. */
static void
a_request_lost_behind_an_answered_one_is_unknown_and_was_sent_once(void **state)
{
    static const enum act losses[] = {CLOSE_WITHOUT_ANSWER, RESET_WITHOUT_ANSWER, SILENCE, HALF_A_BODY, GARBAGE};
    for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++) {
        for (int first_is_question = 0; first_is_question < 2; first_is_question++) {
            void *inner = NULL;
            assert_int_equal(peer_open(&inner), 0);
            struct peer *peer = inner;
            peer->acts[1] = losses[i];
            peer_start(peer);
            assert_int_equal(call(peer, first_is_question ? "GET" : "POST", NULL, 0, NULL), STATUS_OK);
            assert_int_equal(call(peer, "POST", "{\"amount\":450}", 1000, NULL), STATUS_UNKNOWN_OUTCOME);
            assert_int_equal(atomic_load(&peer->requests), 2);
            assert_int_equal(peer_close(&inner), 0);
        }
    }
    (void)state;
}

static void
a_question_lost_on_a_kept_connection_is_asked_again_or_unknown_but_never_unreachable(void **state)
{
    static const enum act losses[] = {CLOSE_WITHOUT_ANSWER, RESET_WITHOUT_ANSWER, SILENCE, HALF_A_BODY, GARBAGE};
    for (size_t i = 0; i < sizeof losses / sizeof losses[0]; i++) {
        void *inner = NULL;
        assert_int_equal(peer_open(&inner), 0);
        struct peer *peer = inner;
        peer->acts[1] = losses[i];
        peer_start(peer);
        assert_int_equal(call(peer, "GET", NULL, 0, NULL), STATUS_OK);
        enum status status = call(peer, "GET", NULL, 1000, NULL);
        assert_true(status == STATUS_OK || status == STATUS_UNKNOWN_OUTCOME);
        assert_int_equal(peer_close(&inner), 0);
    }
    (void)state;
}

/* The peer went away between two calls: a request then goes nowhere, and that is certain. */
static void
a_peer_that_is_gone_by_the_next_call_is_unreachable(void **state)
{
    struct peer *peer = *state;
    peer->acts[0] = ANSWER_WITHOUT_LENGTH;
    peer_start(peer);
    assert_int_equal(call(peer, "POST", "{}", 0, NULL), STATUS_OK);
    shutdown(peer->listening, SHUT_RDWR);
    pthread_join(peer->thread, NULL);
    peer->thread = 0;
    close(peer->listening);
    peer->listening = -1;
    assert_int_equal(call(peer, "POST", "{}", 0, NULL), STATUS_UNREACHABLE);
    assert_int_equal(atomic_load(&peer->requests), 1);
}

/* ---- Shutting down ---- */

static void *
cancel_when_asked(void *context)
{
    struct peer *peer = context;
    while (atomic_load(&peer->requests) == 0) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    http_client_cancel(peer->client);
    return NULL;
}

static void
a_call_that_is_cancelled_from_another_thread_is_an_unknown_outcome(void **state)
{
    struct peer *peer = *state;
    struct error_detail err;
    pthread_t canceller;
    peer->acts[0] = SILENCE;
    peer_start(peer);
    assert_int_equal(pthread_create(&canceller, NULL, cancel_when_asked, peer), 0);
    assert_int_equal(call(peer, "POST", "{}", 60000, &err), STATUS_UNKNOWN_OUTCOME);
    pthread_join(canceller, NULL);
    assert_int_not_equal(call(peer, "POST", "{}", 0, &err), STATUS_OK);
    assert_string_equal(err.code, "cancelled");
    assert_int_equal(atomic_load(&peer->requests), 1);
}

static void
no_client_can_be_destroyed(void **state)
{
    (void)state;
    http_client_destroy(NULL);
}

struct caller {
    pthread_t thread;
    struct peer *peer;
    int done;
};

static void *
call_often(void *context)
{
    struct caller *caller = context;
    struct http_client *client;
    struct http_answer answer = {0};
    const struct http_call call = {.method = "GET", .url = caller->peer->url};
    if (http_client_create(&client, NULL) != STATUS_OK) {
        return NULL;
    }
    buffer_init(&answer.body, 100);
    caller->done = http_client_call(client, &call, &answer, NULL) == STATUS_OK;
    buffer_finish(&answer.body);
    http_client_destroy(client);
    return NULL;
}

static void
clients_of_several_threads_do_not_disturb_each_other(void **state)
{
    struct peer *peer = *state;
    struct caller callers[8];
    peer_start(peer);
    for (int i = 0; i < 8; i++) {
        callers[i] = (struct caller){.peer = peer};
        assert_int_equal(pthread_create(&callers[i].thread, NULL, call_often, &callers[i]), 0);
    }
    for (int i = 0; i < 8; i++) {
        pthread_join(callers[i].thread, NULL);
        assert_int_equal(callers[i].done, 1);
    }
}

#define WITH_A_PEER(test) cmocka_unit_test_setup_teardown(test, peer_open, peer_close)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_A_PEER(a_whole_answer_is_ok_whatever_its_http_status),
        WITH_A_PEER(wanted_headers_are_kept_when_they_are_there_and_fit),
        WITH_A_PEER(a_request_is_sent_as_it_was_given),
        WITH_A_PEER(other_methods_and_empty_bodies_are_sent_as_they_are),
        WITH_A_PEER(a_post_without_a_body_says_so),
        WITH_A_PEER(a_large_body_is_sent_whole),
        WITH_A_PEER(questions_share_a_connection),
        WITH_A_PEER(an_answer_may_fill_its_buffer_and_not_more),
        WITH_A_PEER(a_port_where_nobody_listens_is_unreachable),
        WITH_A_PEER(an_address_that_is_none_is_unreachable),
        WITH_A_PEER(a_peer_that_speaks_no_tls_has_seen_nothing),
        WITH_A_PEER(a_timeout_in_connecting_is_unreachable),
        WITH_A_PEER(whatever_is_not_a_whole_answer_is_an_unknown_outcome),
        WITH_A_PEER(a_timeout_after_the_connection_stood_is_an_unknown_outcome),
        cmocka_unit_test(a_request_lost_behind_an_answered_one_is_unknown_and_was_sent_once),
        cmocka_unit_test(a_question_lost_on_a_kept_connection_is_asked_again_or_unknown_but_never_unreachable),
        WITH_A_PEER(a_peer_that_is_gone_by_the_next_call_is_unreachable),
        WITH_A_PEER(a_call_that_is_cancelled_from_another_thread_is_an_unknown_outcome),
        cmocka_unit_test(no_client_can_be_destroyed),
        WITH_A_PEER(clients_of_several_threads_do_not_disturb_each_other),
    };
    return cmocka_run_group_tests_name("http client", tests, NULL, NULL);
}
