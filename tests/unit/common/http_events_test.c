/* Server-sent events: newcomers, crowds, the slow, the gone, and the end of the program. */
#include "common/http/server.h"

#include "tests/unit/common/wire.h"

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
#include <time.h>

#include <cmocka.h>

enum {
    LISTENERS_MAX = 64,
    PATIENCE_ROUNDS = 3000, /* of 10 ms: no working server needs that long */
};

struct studio {
    struct http_server *server;
    struct http_event_hub *hub;
    struct http_event_hub *other_hub;
    uint16_t port;
};

static void
handle_events(struct http_request *request, void *context)
{
    const struct studio *studio = context;
    http_respond_events(request, studio->hub);
}

static void
handle_other_events(struct http_request *request, void *context)
{
    const struct studio *studio = context;
    http_respond_events(request, studio->other_hub);
}

static const struct http_route routes[] = {
    {"GET", "/events", handle_events, HTTP_INLINE, 0},
    {"GET", "/worker-events", handle_events, HTTP_WORKER, 0},
    {"GET", "/other-events", handle_other_events, HTTP_INLINE, 0},
};

static int
open_studio(void **state)
{
    struct studio *studio = calloc(1, sizeof *studio);
    if (studio == NULL) {
        return -1;
    }
    const struct http_server_options options = {.routes = routes,
                                                .route_count = sizeof routes / sizeof routes[0],
                                                .context = studio,
                                                .idle_timeout_seconds = 1};
    if (http_event_hub_create(&studio->hub, NULL) != STATUS_OK ||
        http_event_hub_create(&studio->other_hub, NULL) != STATUS_OK ||
        http_server_start(&studio->server, &options, NULL) != STATUS_OK) {
        return -1;
    }
    studio->port = http_server_port(studio->server);
    *state = studio;
    return 0;
}

static int
close_studio(void **state)
{
    struct studio *studio = *state;
    http_server_stop(studio->server);
    http_event_hub_destroy(studio->hub);
    http_event_hub_destroy(studio->other_hub);
    free(studio);
    return 0;
}

static void
publish(struct http_event_hub *hub, const char *name, const char *data)
{
    http_event_hub_publish(hub, name, data, strlen(data));
}

/* Open a stream and read up to its first line. */
static void
listen_at(const struct studio *studio, const char *path, struct wire *wire)
{
    struct wire_answer answer;
    char request[100];
    char type[100];
    wire_answer_init(&answer);
    assert_true(wire_open(wire, studio->port));
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path);
    assert_true(wire_send_text(wire, request));
    assert_true(wire_read_headers(wire, &answer));
    assert_int_equal(answer.status, 200);
    assert_string_equal(wire_header(&answer, "Content-Type", type, sizeof type), "text/event-stream; charset=utf-8");
    assert_string_equal(wire_header(&answer, "Cache-Control", type, sizeof type), "no-store");
    assert_true(wire_read_until(wire, "retry: 1000\n\n"));
    wire_answer_finish(&answer);
}

/* Poll until the hub has COUNT listeners: the server learns of comings and goings in its own time. */
static void
wait_for_listeners(struct http_event_hub *hub, size_t count, bool must_publish)
{
    for (int i = 0; i < PATIENCE_ROUNDS && http_event_hub_listeners(hub) != count; i++) {
        if (must_publish) {
            publish(hub, "tick", "{}");
        }
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    assert_int_equal(http_event_hub_listeners(hub), count);
}

static void
an_event_reaches_whoever_listens(void **state)
{
    const struct studio *studio = *state;
    static const char *const paths[] = {"/events", "/worker-events"};
    for (size_t i = 0; i < 2; i++) {
        struct wire wire;
        listen_at(studio, paths[i], &wire);
        publish(studio->hub, "state", "{\"total_yen\":450}");
        assert_true(wire_read_until(&wire, "event: state\ndata: {\"total_yen\":450}\n\n"));
        publish(studio->hub, "state", "{\"name\":\"窓口\"}");
        assert_true(wire_read_until(&wire, "event: state\ndata: {\"name\":\"窓口\"}\n\n"));
        wire_close(&wire);
    }
}

static void
a_newcomer_is_sent_the_last_event_of_each_name(void **state)
{
    const struct studio *studio = *state;
    struct wire wire;
    publish(studio->hub, "state", "1");
    publish(studio->hub, "printer", "2");
    publish(studio->hub, "state", "3");
    publish(studio->other_hub, "state", "9");
    listen_at(studio, "/events", &wire);
    assert_true(wire_read_until(&wire, "event: state\ndata: 3\n\nevent: printer\ndata: 2\n\n"));
    publish(studio->hub, "state", "4");
    assert_true(wire_read_until(&wire, "event: state\ndata: 4\n\n"));
    assert_null(strstr(buffer_text(&wire.stream), "data: 1"));
    assert_null(strstr(buffer_text(&wire.stream), "data: 9"));
    wire_close(&wire);
}

static void
hubs_of_one_server_are_apart(void **state)
{
    const struct studio *studio = *state;
    struct wire wire, other;
    listen_at(studio, "/events", &wire);
    listen_at(studio, "/other-events", &other);
    publish(studio->other_hub, "a", "other");
    publish(studio->hub, "a", "first");
    assert_true(wire_read_until(&wire, "event: a\ndata: "));
    assert_true(wire_read_until(&wire, "first\n\n"));
    assert_true(wire_read_until(&other, "event: a\ndata: other\n\n"));
    wire_close(&wire);
    wire_close(&other);
}

static void
a_crowd_hears_everything_and_one_too_many_is_turned_away(void **state)
{
    const struct studio *studio = *state;
    static struct wire wires[LISTENERS_MAX];
    struct wire_answer answer;
    for (int i = 0; i < LISTENERS_MAX; i++) {
        listen_at(studio, i % 2 == 0 ? "/events" : "/worker-events", &wires[i]);
    }
    assert_int_equal(http_event_hub_listeners(studio->hub), LISTENERS_MAX);
    wire_answer_init(&answer);
    wire_ask(studio->port, "GET /events HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 503);
    wire_answer_finish(&answer);
    for (int event = 0; event < 50; event++) {
        char data[32];
        snprintf(data, sizeof data, "%d", event);
        publish(studio->hub, "n", data);
    }
    for (int i = 0; i < LISTENERS_MAX; i++) {
        assert_true(wire_read_until(&wires[i], "event: n\ndata: 0\n\n"));
        assert_true(wire_read_until(&wires[i], "event: n\ndata: 49\n\n"));
        wire_close(&wires[i]);
    }
    wait_for_listeners(studio->hub, 0, true);
    listen_at(studio, "/events", &wires[0]); /* there is room again */
    wire_close(&wires[0]);
}

struct speaker {
    pthread_t thread;
    struct http_event_hub *hub;
    int number;
};

enum { SPEAKERS = 4, SENTENCES = 200 };

static void *
speak(void *context)
{
    const struct speaker *speaker = context;
    for (int i = 0; i < SENTENCES; i++) {
        char name[16];
        char data[64];
        snprintf(name, sizeof name, "speaker-%d", speaker->number);
        snprintf(data, sizeof data, "{\"speaker\":%d,\"sentence\":%d}", speaker->number, i);
        publish(speaker->hub, name, data);
    }
    return NULL;
}

static void
events_of_several_threads_arrive_whole_and_in_their_order(void **state)
{
    const struct studio *studio = *state;
    struct speaker speakers[SPEAKERS];
    struct wire wires[SPEAKERS];
    for (int i = 0; i < SPEAKERS; i++) {
        listen_at(studio, "/events", &wires[i]);
    }
    for (int i = 0; i < SPEAKERS; i++) {
        speakers[i] = (struct speaker){.hub = studio->hub, .number = i};
        assert_int_equal(pthread_create(&speakers[i].thread, NULL, speak, &speakers[i]), 0);
    }
    for (int i = 0; i < SPEAKERS; i++) {
        for (int sentence = 0; sentence < SENTENCES; sentence++) { /* wire i follows speaker i */
            char expected[128];
            snprintf(expected, sizeof expected, "event: speaker-%d\ndata: {\"speaker\":%d,\"sentence\":%d}\n\n", i, i,
                     sentence);
            assert_true(wire_read_until(&wires[i], expected));
        }
    }
    for (int i = 0; i < SPEAKERS; i++) {
        pthread_join(speakers[i].thread, NULL);
        wire_close(&wires[i]);
    }
}

static void
a_large_event_arrives_whole(void **state)
{
    const struct studio *studio = *state;
    enum { SIZE = 512 * 1024 }; /* the most that is promised */
    struct wire wire;
    char *data = malloc(SIZE + 1);
    assert_non_null(data);
    memset(data, 'x', SIZE);
    data[SIZE] = '\0';
    memcpy(data + SIZE - 4, "last", 4);
    listen_at(studio, "/events", &wire);
    publish(studio->hub, "large", data);
    assert_true(wire_read_until(&wire, "last\n\n"));
    wire_close(&wire);
    listen_at(studio, "/events", &wire); /* a newcomer is sent it, too, and stays */
    assert_true(wire_read_until(&wire, "last\n\n"));
    publish(studio->hub, "small", "next");
    assert_true(wire_read_until(&wire, "data: next\n\n"));
    wire_close(&wire);
    free(data);
}

/* Its backlog is bounded, and its staying away must not cost the others anything. */
static void
a_listener_that_does_not_read_is_cut_off_and_the_others_hear_on(void **state)
{
    const struct studio *studio = *state;
    enum { SIZE = 60000, EVENTS = 400 };
    struct wire slow, quick;
    int small = 4096;
    char *data = malloc(SIZE + 1);
    assert_non_null(data);
    memset(data, 'x', SIZE);
    data[SIZE] = '\0';
    assert_true(wire_open(&slow, studio->port));
    setsockopt(slow.socket, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    assert_true(wire_send_text(&slow, "GET /events HTTP/1.1\r\nHost: x\r\n\r\n"));
    wait_for_listeners(studio->hub, 1, false);
    listen_at(studio, "/events", &quick);
    for (int i = 0; i < EVENTS; i++) {
        char mark[32];
        snprintf(mark, sizeof mark, "{\"mark\":%d}", i);
        publish(studio->hub, "large", data);
        publish(studio->hub, "mark", mark);
        snprintf(mark, sizeof mark, "data: {\"mark\":%d}\n\n", i);
        assert_true(wire_read_until(&quick, mark));
    }
    for (int i = 0; i < PATIENCE_ROUNDS && http_event_hub_listeners(studio->hub) > 1; i++) {
        char mark[40];
        snprintf(mark, sizeof mark, "{\"still\":%d}", i);
        publish(studio->hub, "mark", mark);
        snprintf(mark, sizeof mark, "data: {\"still\":%d}\n\n", i);
        assert_true(wire_read_until(&quick, mark));
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    assert_int_equal(http_event_hub_listeners(studio->hub), 1);
    assert_true(wire_is_stream_ended_by_peer(&slow));
    wire_close(&slow);
    wire_close(&quick);
    free(data);
}

static void
an_event_that_cannot_be_sent_cuts_everyone_off_and_is_not_kept(void **state)
{
    const struct studio *studio = *state;
    enum { SIZE = 600000 };
    struct wire wire;
    char *data = malloc(SIZE + 1);
    assert_non_null(data);
    memset(data, 'x', SIZE);
    data[SIZE] = '\0';
    publish(studio->hub, "state", "{\"before\":1}");
    listen_at(studio, "/events", &wire);
    publish(studio->hub, "state", data);
    assert_true(wire_is_stream_ended_by_peer(&wire));
    wire_close(&wire);
    wait_for_listeners(studio->hub, 0, false);
    listen_at(studio, "/events", &wire);
    publish(studio->hub, "mark", "m");
    assert_true(wire_read_until(&wire, "event: mark\ndata: m\n\n"));
    assert_null(strstr(buffer_text(&wire.stream), "before"));
    wire_close(&wire);
    free(data);
}

static void
listeners_that_leave_are_noticed(void **state)
{
    const struct studio *studio = *state;
    for (int round = 0; round < 10; round++) {
        struct wire wires[4];
        for (int i = 0; i < 4; i++) {
            listen_at(studio, i % 2 == 0 ? "/events" : "/worker-events", &wires[i]);
        }
        for (int i = 0; i < 4; i++) {
            wire_close(&wires[i]);
        }
        publish(studio->hub, "state", "{}");
    }
    wait_for_listeners(studio->hub, 0, true);
}

/* Whoever listens is not idle, though the connection says nothing for longer than the idle timeout. */
static void
a_silent_stream_is_not_idle(void **state)
{
    const struct studio *studio = *state;
    struct wire wire;
    listen_at(studio, "/events", &wire);
    nanosleep(&(struct timespec){.tv_sec = 2, .tv_nsec = 500000000}, NULL);
    publish(studio->hub, "state", "still");
    assert_true(wire_read_until(&wire, "data: still\n\n"));
    wire_close(&wire);
}

static void
streams_end_when_the_server_stops(void **state)
{
    struct studio *studio = *state;
    struct wire wires[8];
    for (int i = 0; i < 8; i++) {
        listen_at(studio, i % 3 == 0 ? "/other-events" : i % 3 == 1 ? "/events" : "/worker-events", &wires[i]);
    }
    publish(studio->hub, "last", "words");
    http_server_stop(studio->server);
    studio->server = NULL;
    assert_int_equal(http_event_hub_listeners(studio->hub), 0);
    assert_int_equal(http_event_hub_listeners(studio->other_hub), 0);
    for (int i = 0; i < 8; i++) {
        if (i % 3 != 0) {
            assert_true(wire_read_until(&wires[i], "data: words\n\n"));
        }
        assert_true(wire_is_stream_ended_by_peer(&wires[i]));
        assert_true(wire_is_closed_by_peer(&wires[i]));
        wire_close(&wires[i]);
    }
    publish(studio->hub, "state", "nobody hears this");
}

struct visitor {
    pthread_t thread;
    uint16_t port;
    atomic_bool *is_over;
    int number;
    atomic_int heard;
};

/* Comes, listens for a moment, goes, and comes again. */
static void *
come_and_go(void *context)
{
    struct visitor *visitor = context;
    static const char *const paths[] = {"/events", "/worker-events", "/other-events"};
    struct wire_answer answer;
    wire_answer_init(&answer);
    for (int i = visitor->number; !atomic_load(visitor->is_over); i++) {
        struct wire wire;
        char request[100];
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", paths[i % 3]);
        if (wire_open(&wire, visitor->port) && wire_send_text(&wire, request) && wire_read_headers(&wire, &answer) &&
            answer.status == 200 && wire_read_until(&wire, "retry: 1000\n\n")) {
            atomic_fetch_add(&visitor->heard, 1);
            if (i % 2 == 0) {
                wire_read_until(&wire, "data: ");
            }
        }
        wire_close(&wire);
    }
    wire_answer_finish(&answer);
    return NULL;
}

struct announcer {
    pthread_t thread;
    struct http_event_hub *hub;
    atomic_bool *is_over;
};

static void *
announce(void *context)
{
    const struct announcer *announcer = context;
    while (!atomic_load(announcer->is_over)) {
        publish(announcer->hub, "state", "{\"total_yen\":450}");
        sched_yield();
    }
    return NULL;
}

static void
a_stop_among_comers_goers_and_announcements_ends_cleanly(void **state)
{
    (void)state;
    for (int round = 0; round < 8; round++) {
        enum { VISITORS = 6 };
        void *inner = NULL;
        atomic_bool is_over = false;
        struct visitor visitors[VISITORS];
        struct announcer announcers[2];
        assert_int_equal(open_studio(&inner), 0);
        struct studio *studio = inner;
        for (int i = 0; i < 2; i++) {
            announcers[i] = (struct announcer){.hub = i == 0 ? studio->hub : studio->other_hub, .is_over = &is_over};
            assert_int_equal(pthread_create(&announcers[i].thread, NULL, announce, &announcers[i]), 0);
        }
        for (int i = 0; i < VISITORS; i++) {
            visitors[i] = (struct visitor){.port = studio->port, .is_over = &is_over, .number = i};
            assert_int_equal(pthread_create(&visitors[i].thread, NULL, come_and_go, &visitors[i]), 0);
        }
        while (atomic_load(&visitors[0].heard) < 3 * round) {
            sched_yield();
        }
        http_server_stop(studio->server);
        studio->server = NULL;
        atomic_store(&is_over, true);
        for (int i = 0; i < VISITORS; i++) {
            pthread_join(visitors[i].thread, NULL);
        }
        for (int i = 0; i < 2; i++) {
            pthread_join(announcers[i].thread, NULL);
        }
        assert_int_equal(close_studio(&inner), 0);
    }
}

static void
a_hub_that_nobody_heard_can_be_destroyed(void **state)
{
    (void)state;
    struct http_event_hub *hub;
    assert_int_equal(http_event_hub_create(&hub, NULL), STATUS_OK);
    publish(hub, "state", "{}");
    http_event_hub_destroy(hub);
    http_event_hub_destroy(NULL);
}

#define IN_A_STUDIO(test) cmocka_unit_test_setup_teardown(test, open_studio, close_studio)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_STUDIO(an_event_reaches_whoever_listens),
        IN_A_STUDIO(a_newcomer_is_sent_the_last_event_of_each_name),
        IN_A_STUDIO(hubs_of_one_server_are_apart),
        IN_A_STUDIO(a_crowd_hears_everything_and_one_too_many_is_turned_away),
        IN_A_STUDIO(events_of_several_threads_arrive_whole_and_in_their_order),
        IN_A_STUDIO(a_large_event_arrives_whole),
        IN_A_STUDIO(a_listener_that_does_not_read_is_cut_off_and_the_others_hear_on),
        IN_A_STUDIO(an_event_that_cannot_be_sent_cuts_everyone_off_and_is_not_kept),
        IN_A_STUDIO(listeners_that_leave_are_noticed),
        IN_A_STUDIO(a_silent_stream_is_not_idle),
        IN_A_STUDIO(streams_end_when_the_server_stops),
        cmocka_unit_test(a_stop_among_comers_goers_and_announcements_ends_cleanly),
        cmocka_unit_test(a_hub_that_nobody_heard_can_be_destroyed),
    };
    return cmocka_run_group_tests_name("http events", tests, NULL, NULL);
}
