/* The server as browsers and tills meet it: routes, limits, workers, answers from elsewhere, and its end. */
#include "common/http/server.h"
#include "common/json/reader.h"

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
#include <time.h>

#include <cmocka.h>

/* ---- A till's back office in miniature ---- */

/* Requests that another thread answers, as the writer thread of a service does. */
struct desk {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t clerk;
    struct http_request *waiting[1024];
    size_t count;
    bool is_closed;
    bool is_held; /* the clerk waits until it is let go */
};

struct office {
    struct http_server *server;
    uint16_t port;
    struct desk desk;
    atomic_int attached_alive;
    atomic_int handled;
    pthread_mutex_t gate_lock;
    pthread_cond_t gate_changed;
    bool is_gate_open;
    int in_gate;
};

static void
respond_text(struct http_request *request, const char *text)
{
    http_respond(request, 200, "text/plain", text, strlen(text));
}

/* "METHOD PATH terminal=… sequence=… rest=… query=… header=… cookie=… body=N:…" */
static void
handle_echo(struct http_request *request, void *context)
{
    struct office *office = context;
    struct buffer text;
    size_t length;
    const char *body = http_request_body(request, &length);
    const char *query = http_request_query(request, "q");
    const char *header = http_request_header(request, "x-test");
    const char *cookie = http_request_cookie(request, "session");
    buffer_init(&text, 100000);
    buffer_printf(&text, "%s %s terminal=%s sequence=%s rest=%s", http_request_method(request),
                  http_request_path(request), http_request_parameter(request, "terminal"),
                  http_request_parameter(request, "sequence"), http_request_parameter(request, "*"));
    buffer_printf(&text, " query=%s header=%s cookie=%s body=%zu:", query != NULL ? query : "-",
                  header != NULL ? header : "-", cookie != NULL ? cookie : "-", length);
    buffer_append(&text, body, length);
    atomic_fetch_add(&office->handled, 1);
    http_respond(request, 200, "text/plain", buffer_text(&text), text.length);
    buffer_finish(&text);
}

static void
handle_later(struct http_request *request, void *context)
{
    struct office *office = context;
    struct desk *desk = &office->desk;
    pthread_mutex_lock(&desk->lock);
    desk->waiting[desk->count++] = request;
    pthread_cond_broadcast(&desk->changed);
    pthread_mutex_unlock(&desk->lock);
}

static void *
clerk_main(void *context)
{
    struct office *office = context;
    struct desk *desk = &office->desk;
    pthread_mutex_lock(&desk->lock);
    while (!desk->is_closed || desk->count > 0) {
        if (desk->count == 0 || desk->is_held) {
            pthread_cond_wait(&desk->changed, &desk->lock);
            continue;
        }
        struct http_request *request = desk->waiting[--desk->count];
        pthread_mutex_unlock(&desk->lock);
        handle_echo(request, office);
        pthread_mutex_lock(&desk->lock);
    }
    pthread_mutex_unlock(&desk->lock);
    return NULL;
}

/* Answers when the test opens the gate. */
static void
handle_gate(struct http_request *request, void *context)
{
    struct office *office = context;
    pthread_mutex_lock(&office->gate_lock);
    office->in_gate++;
    pthread_cond_broadcast(&office->gate_changed);
    while (!office->is_gate_open) {
        pthread_cond_wait(&office->gate_changed, &office->gate_lock);
    }
    office->in_gate--;
    pthread_mutex_unlock(&office->gate_lock);
    respond_text(request, "through");
}

static void
open_gate(struct office *office)
{
    pthread_mutex_lock(&office->gate_lock);
    office->is_gate_open = true;
    pthread_cond_broadcast(&office->gate_changed);
    pthread_mutex_unlock(&office->gate_lock);
}

static void
wait_for_gate(struct office *office, int count)
{
    pthread_mutex_lock(&office->gate_lock);
    while (office->in_gate < count) {
        pthread_cond_wait(&office->gate_changed, &office->gate_lock);
    }
    pthread_mutex_unlock(&office->gate_lock);
}

static void
handle_error(struct http_request *request, void *context)
{
    (void)context;
    struct error_detail err;
    error_set_at(&err, 3, 14, "bad_line", "3行目の\"金額\"が読めません");
    http_respond_error(request, STATUS_INVALID, &err);
}

static void
handle_busy(struct http_request *request, void *context)
{
    (void)context;
    http_respond_error(request, STATUS_BUSY, NULL);
}

static void
handle_locked_out(struct http_request *request, void *context)
{
    (void)context;
    http_respond_header(request, "Retry-After", "900");
    http_respond_error(request, STATUS_BUSY, NULL);
}

static void
handle_headers(struct http_request *request, void *context)
{
    (void)context;
    http_respond_header(request, "X-One", "1");
    http_respond_header(request, "cache-control", "max-age=5");
    respond_text(request, "ok");
}

static void
handle_forged_header(struct http_request *request, void *context)
{
    (void)context;
    http_respond_header(request, "Content-Disposition", "attachment; filename=\"a\"\r\nSet-Cookie: session=forged");
    respond_text(request, "ok");
}

static void
handle_many_headers(struct http_request *request, void *context)
{
    (void)context;
    for (int i = 0; i < 8; i++) {
        char name[8];
        snprintf(name, sizeof name, "X-%d", i);
        http_respond_header(request, name, "v");
    }
    respond_text(request, "ok");
}

static void
handle_empty(struct http_request *request, void *context)
{
    (void)context;
    http_respond_empty(request, 204);
}

static void
handle_json(struct http_request *request, void *context)
{
    (void)context;
    struct buffer json;
    buffer_init(&json, 100);
    buffer_append_text(&json, "{\"a\":1}");
    http_respond_json(request, 201, &json);
    buffer_finish(&json);
}

static void
handle_attached(struct http_request *request, void *context)
{
    (void)context;
    const char *value = http_request_attached(request);
    respond_text(request, value != NULL ? value : "nothing attached");
}

static void
free_attached(void *value)
{
    struct office **office = value;
    atomic_fetch_sub(&office[-1]->attached_alive, 1);
    free(office - 1);
}

/* Refuses whoever says so; leaves a text for the handler that frees itself. */
static bool
admit(struct http_request *request, const struct http_route *route, void *context)
{
    struct office *office = context;
    (void)route;
    const char *who = http_request_header(request, "x-who");
    if (who == NULL) {
        return true;
    }
    if (strcmp(who, "stranger") == 0) {
        http_respond_error(request, STATUS_UNAUTHORIZED, NULL);
        return false;
    }
    struct office **memory = malloc(sizeof *memory + strlen(who) + 1);
    if (memory == NULL) {
        abort();
    }
    memory[0] = office;
    memcpy(memory + 1, who, strlen(who) + 1);
    atomic_fetch_add(&office->attached_alive, 1);
    http_request_attach(request, memory + 1, free_attached);
    return true;
}

static const struct http_route routes[] = {
    {"GET", "/", handle_echo, HTTP_INLINE, 0},
    {"GET", "/inline", handle_echo, HTTP_INLINE, 0},
    {"GET", "/worker", handle_echo, HTTP_WORKER, 0},
    {"GET", "/later", handle_later, HTTP_INLINE, 0},
    {"GET", "/worker-later", handle_later, HTTP_WORKER, 0},
    {"GET", "/gate", handle_gate, HTTP_WORKER, 0},
    {"POST", "/inline", handle_echo, HTTP_INLINE, 1000},
    {"POST", "/worker", handle_echo, HTTP_WORKER, 1000},
    {"POST", "/later", handle_later, HTTP_INLINE, 1000},
    {"POST", "/large", handle_echo, HTTP_WORKER, 90000},
    {"GET", "/error", handle_error, HTTP_INLINE, 0},
    {"GET", "/busy", handle_busy, HTTP_WORKER, 0},
    {"GET", "/locked-out", handle_locked_out, HTTP_INLINE, 0},
    {"GET", "/headers", handle_headers, HTTP_INLINE, 0},
    {"GET", "/forged-header", handle_forged_header, HTTP_INLINE, 0},
    {"GET", "/many-headers", handle_many_headers, HTTP_WORKER, 0},
    {"DELETE", "/empty", handle_empty, HTTP_INLINE, 0},
    {"PUT", "/empty", handle_empty, HTTP_INLINE, 0},
    {"GET", "/json", handle_json, HTTP_INLINE, 0},
    {"GET", "/attached", handle_attached, HTTP_WORKER, 0},
    {"GET", "/attached-later", handle_later, HTTP_INLINE, 0},
    {"GET", "/v1/terminals/:terminal/journal", handle_echo, HTTP_INLINE, 0},
    {"GET", "/v1/terminals/:terminal/lines/:sequence", handle_echo, HTTP_INLINE, 0},
    {"GET", "/v1/terminals/all", handle_echo, HTTP_INLINE, 0},
    {"GET", "/files/*", handle_echo, HTTP_INLINE, 0},
};

static int
open_office(void **state)
{
    struct office *office = calloc(1, sizeof *office);
    if (office == NULL) {
        return -1;
    }
    pthread_mutex_init(&office->desk.lock, NULL);
    pthread_cond_init(&office->desk.changed, NULL);
    pthread_mutex_init(&office->gate_lock, NULL);
    pthread_cond_init(&office->gate_changed, NULL);
    const struct http_server_options options = {
        .routes = routes, .route_count = sizeof routes / sizeof routes[0], .context = office, .admit = admit};
    if (pthread_create(&office->desk.clerk, NULL, clerk_main, office) != 0 ||
        http_server_start(&office->server, &options, NULL) != STATUS_OK) {
        return -1;
    }
    office->port = http_server_port(office->server);
    *state = office;
    return 0;
}

static void
stop_office(struct office *office)
{
    http_server_stop(office->server);
    office->server = NULL;
}

static int
close_office(void **state)
{
    struct office *office = *state;
    stop_office(office);
    pthread_mutex_lock(&office->desk.lock);
    office->desk.is_closed = true;
    office->desk.is_held = false;
    pthread_cond_broadcast(&office->desk.changed);
    pthread_mutex_unlock(&office->desk.lock);
    pthread_join(office->desk.clerk, NULL);
    int alive = atomic_load(&office->attached_alive);
    pthread_mutex_destroy(&office->desk.lock);
    pthread_cond_destroy(&office->desk.changed);
    pthread_mutex_destroy(&office->gate_lock);
    pthread_cond_destroy(&office->gate_changed);
    free(office);
    return alive == 0 ? 0 : -1;
}

/* ---- Asking it ---- */

static void
assert_answer(const struct office *office, const char *request, unsigned expected_status, const char *expected_part)
{
    struct wire_answer answer;
    wire_answer_init(&answer);
    wire_ask(office->port, request, &answer);
    if (answer.status != expected_status || strstr(buffer_text(&answer.body), expected_part) == NULL) {
        fail_msg("%s\n→ %u %s", request, answer.status, buffer_text(&answer.body));
    }
    wire_answer_finish(&answer);
}

static void
get(const struct office *office, const char *path, unsigned expected_status, const char *expected_part)
{
    char request[3000];
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path);
    assert_answer(office, request, expected_status, expected_part);
}

static void
routes_and_their_parameters_are_matched(void **state)
{
    const struct office *office = *state;
    get(office, "/", 200, "GET / terminal= sequence= rest= ");
    get(office, "/inline", 200, "GET /inline ");
    get(office, "/worker", 200, "GET /worker ");
    get(office, "/v1/terminals/KO-01/journal", 200, "terminal=KO-01 sequence= ");
    get(office, "/v1/terminals/KO-01/lines/12", 200, "terminal=KO-01 sequence=12 ");
    get(office, "/v1/terminals/all", 200, "terminal= sequence= ");
    get(office, "/files/a.js", 200, "rest=a.js ");
    get(office, "/files/deep/er/a.js", 200, "rest=deep/er/a.js ");
    get(office, "/files/", 200, "rest= ");
}

static void
parts_of_a_request_are_decoded(void **state)
{
    const struct office *office = *state;
    get(office, "/v1/terminals/%E7%AA%93%20A/journal", 200, "terminal=窓 A ");
    get(office, "/inline?q=%E7%AA%93+%261&other=2", 200, "query=窓 &1 ");
    get(office, "/inline?other=2", 200, "query=- ");
    assert_answer(office, "GET /inline HTTP/1.1\r\nHost: x\r\nX-TEST: value\r\nCookie: a=b; session=abc\r\n\r\n", 200,
                  "header=value cookie=abc ");
}

static void
what_is_nowhere_is_a_404_in_json(void **state)
{
    const struct office *office = *state;
    static const char *const nowhere[] = {
        "/nowhere",
        "/inline/",
        "/inlin",
        "/inlinee",
        "//inline",
        "/v1/terminals//journal",
        "/v1/terminals/KO-01",
        "/v1/terminals/KO-01/journal/",
        "/v1/terminals/a/b/journal",
        "/files",
        "/%69nline/x",
        "/INLINE",
    };
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        get(office, nowhere[i], 404, "{\"error\":{\"code\":\"no_such_address\",");
    }
}

static void
a_path_or_parameter_that_is_too_long_is_nowhere(void **state)
{
    const struct office *office = *state;
    char path[2000];
    snprintf(path, sizeof path, "/v1/terminals/%0255d/journal", 7);
    get(office, path, 200, "0007 sequence= ");
    snprintf(path, sizeof path, "/v1/terminals/%0256d/journal", 7);
    get(office, path, 404, "no_such_address");
    snprintf(path, sizeof path, "/files/%0255d", 7);
    get(office, path, 200, "0007 query");
    snprintf(path, sizeof path, "/files/%0256d", 7);
    get(office, path, 404, "no_such_address");
    snprintf(path, sizeof path, "/%01500d", 7);
    get(office, path, 404, "no_such_address");
}

static void
another_method_is_a_405_that_names_the_right_ones(void **state)
{
    const struct office *office = *state;
    struct wire_answer answer;
    char allow[100];
    assert_answer(office, "DELETE /inline HTTP/1.1\r\nHost: x\r\n\r\n", 405, "\"method_not_allowed\"");
    assert_answer(office, "POST /json HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 405,
                  "\"method_not_allowed\"");
    assert_answer(office, "NONSENSE /json HTTP/1.1\r\nHost: x\r\n\r\n", 405, "\"method_not_allowed\"");
    wire_answer_init(&answer);
    wire_ask(office->port, "PATCH /inline HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 405);
    assert_string_equal(wire_header(&answer, "Allow", allow, sizeof allow), "GET, POST");
    wire_answer_finish(&answer);
}

/* COUNT bytes of 'b' behind HEAD, in one piece or in chunks. */
static void
post(const struct office *office, const char *path, size_t count, bool is_chunked, unsigned expected_status,
     const char *expected_part)
{
    struct buffer request;
    buffer_init(&request, 1000000);
    buffer_printf(&request, "POST %s HTTP/1.1\r\nHost: x\r\n", path);
    if (is_chunked) {
        buffer_append_text(&request, "Transfer-Encoding: chunked\r\n\r\n");
    } else {
        buffer_printf(&request, "Content-Length: %zu\r\n\r\n", count);
    }
    for (size_t left = count; left > 0;) {
        size_t piece = is_chunked && left > 300 ? 300 : left;
        if (is_chunked) {
            buffer_printf(&request, "%zx\r\n", piece);
        }
        for (size_t i = 0; i < piece; i++) {
            buffer_append_byte(&request, 'b');
        }
        if (is_chunked) {
            buffer_append_text(&request, "\r\n");
        }
        left -= piece;
    }
    if (is_chunked) {
        buffer_append_text(&request, "0\r\n\r\n");
    }
    assert_int_equal(buffer_check(&request, NULL), STATUS_OK);
    assert_answer(office, buffer_text(&request), expected_status, expected_part);
    buffer_finish(&request);
}

static void
a_body_is_taken_up_to_its_limit_and_refused_beyond(void **state)
{
    const struct office *office = *state;
    static const char *const paths[] = {"/inline", "/worker", "/later"};
    for (size_t i = 0; i < 3; i++) {
        for (int is_chunked = 0; is_chunked < 2; is_chunked++) {
            post(office, paths[i], 0, is_chunked, 200, " body=0:");
            post(office, paths[i], 1, is_chunked, 200, " body=1:b");
            post(office, paths[i], 1000, is_chunked, 200, " body=1000:bbb");
            post(office, paths[i], 1001, is_chunked, 413, "\"body_too_large\"");
            post(office, paths[i], 100000, is_chunked, 413, "\"body_too_large\"");
        }
    }
    for (int is_chunked = 0; is_chunked < 2; is_chunked++) {
        post(office, "/large", 90000, is_chunked, 200, " body=90000:bbb");
        post(office, "/large", 90001, is_chunked, 413, "\"body_too_large\"");
    }
    assert_int_equal(atomic_load(&((struct office *)*state)->handled), 20);
}

static void
a_body_where_none_belongs_is_refused(void **state)
{
    const struct office *office = *state;
    assert_answer(office, "GET /inline HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nb", 413, "\"body_too_large\"");
    assert_answer(office, "GET /worker HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\n",
                  413, "\"body_too_large\"");
    assert_answer(office, "GET /inline HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 200, " body=0:");
}

static void
a_connection_goes_on_after_a_refusal(void **state)
{
    const struct office *office = *state;
    struct wire wire;
    struct wire_answer answer;
    wire_answer_init(&answer);
    assert_true(wire_open(&wire, office->port));
    for (int i = 0; i < 5; i++) {
        assert_true(wire_send_text(&wire, "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n"));
        assert_true(wire_read_answer(&wire, &answer));
        assert_int_equal(answer.status, 404);
        assert_true(wire_send_text(&wire, "POST /inline HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n"));
        for (int j = 0; j < 20; j++) {
            char hundred[101];
            memset(hundred, 'b', 100);
            hundred[100] = '\0';
            assert_true(wire_send_text(&wire, hundred));
        }
        assert_true(wire_read_answer(&wire, &answer));
        assert_int_equal(answer.status, 413);
        assert_true(wire_send_text(&wire, "GET /worker HTTP/1.1\r\nHost: x\r\n\r\n"));
        assert_true(wire_read_answer(&wire, &answer));
        assert_int_equal(answer.status, 200);
    }
    wire_close(&wire);
    wire_answer_finish(&answer);
}

static void
a_body_of_any_bytes_arrives_whole_in_small_pieces(void **state)
{
    const struct office *office = *state;
    static const char body[] = "a\0b\xFF\r\n\r\nGET / HTTP/1.1\r\n\r\n";
    struct wire wire;
    struct wire_answer answer;
    char head[100];
    wire_answer_init(&answer);
    assert_true(wire_open(&wire, office->port));
    snprintf(head, sizeof head, "POST /worker HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n\r\n", sizeof body - 1);
    for (const char *at = head; *at != '\0'; at++) {
        assert_true(wire_send(&wire, at, 1));
    }
    for (size_t i = 0; i < sizeof body - 1; i++) {
        assert_true(wire_send(&wire, body + i, 1));
    }
    assert_true(wire_read_answer(&wire, &answer));
    assert_int_equal(answer.status, 200);
    assert_true(answer.body.length > sizeof body - 1);
    assert_memory_equal(answer.body.data + answer.body.length - (sizeof body - 1), body, sizeof body - 1);
    wire_close(&wire);
    wire_answer_finish(&answer);
}

static void
answers_come_from_the_poll_thread_workers_and_elsewhere(void **state)
{
    const struct office *office = *state;
    static const char *const paths[] = {"/inline", "/worker", "/later", "/worker-later"};
    for (int round = 0; round < 50; round++) {
        get(office, paths[round % 4], 200, paths[round % 4]);
    }
}

static void
requests_sent_in_one_go_are_answered_in_their_order(void **state)
{
    const struct office *office = *state;
    static const char *const paths[] = {"/later", "/inline", "/worker", "/worker-later", "/nowhere", "/inline"};
    struct buffer requests;
    struct wire wire;
    struct wire_answer answer;
    buffer_init(&requests, 1000);
    wire_answer_init(&answer);
    for (size_t i = 0; i < 6; i++) {
        buffer_printf(&requests, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", paths[i]);
    }
    assert_true(wire_open(&wire, office->port));
    assert_true(wire_send_text(&wire, buffer_text(&requests)));
    for (size_t i = 0; i < 6; i++) {
        assert_true(wire_read_answer(&wire, &answer));
        assert_int_equal(answer.status, i == 4 ? 404 : 200);
        assert_true(i == 4 || strstr(buffer_text(&answer.body), paths[i]) != NULL);
    }
    wire_close(&wire);
    wire_answer_finish(&answer);
    buffer_finish(&requests);
}

enum { CUSTOMERS = 64, VISITS = 12 };

struct customer {
    pthread_t thread;
    uint16_t port;
    int number;
    int served;
};

static void *
visit(void *context)
{
    struct customer *customer = context;
    static const char *const paths[] = {"/inline", "/worker", "/later", "/worker-later"};
    struct wire wire;
    struct wire_answer answer;
    wire_answer_init(&answer);
    bool is_open = wire_open(&wire, customer->port);
    for (int i = 0; is_open && i < VISITS; i++) {
        char request[200];
        char expected[100];
        const char *path = paths[(customer->number + i) % 4];
        snprintf(request, sizeof request, "GET %s?q=%d-%d HTTP/1.1\r\nHost: x\r\nX-Who: %d\r\n\r\n", path,
                 customer->number, i, customer->number);
        snprintf(expected, sizeof expected, "query=%d-%d ", customer->number, i);
        is_open = wire_send_text(&wire, request) && wire_read_answer(&wire, &answer);
        customer->served += answer.status == 200 && strstr(buffer_text(&answer.body), expected) != NULL;
    }
    wire_close(&wire);
    wire_answer_finish(&answer);
    return NULL;
}

static void
sixty_four_connections_are_served_at_once_and_each_with_its_own(void **state)
{
    struct office *office = *state;
    static struct customer customers[CUSTOMERS];
    for (int i = 0; i < CUSTOMERS; i++) {
        customers[i] = (struct customer){.port = office->port, .number = i};
        assert_int_equal(pthread_create(&customers[i].thread, NULL, visit, &customers[i]), 0);
    }
    for (int i = 0; i < CUSTOMERS; i++) {
        pthread_join(customers[i].thread, NULL);
        assert_int_equal(customers[i].served, VISITS);
    }
    assert_int_equal(atomic_load(&office->handled), CUSTOMERS * VISITS);
}

static void
who_is_not_admitted_does_not_reach_the_handler(void **state)
{
    struct office *office = *state;
    static const char *const paths[] = {"/inline", "/worker", "/later", "/worker-later"};
    for (size_t i = 0; i < 4; i++) {
        char request[200];
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\nX-Who: stranger\r\n\r\n", paths[i]);
        assert_answer(office, request, 403, "\"unauthorized\"");
    }
    assert_int_equal(atomic_load(&office->handled), 0);
}

static void
what_admit_leaves_reaches_the_handler_and_is_freed_once(void **state)
{
    struct office *office = *state;
    for (int i = 0; i < 20; i++) {
        assert_answer(office, "GET /attached HTTP/1.1\r\nHost: x\r\nX-Who: clerk 07\r\n\r\n", 200, "clerk 07");
        assert_answer(office, "GET /attached-later HTTP/1.1\r\nHost: x\r\nX-Who: clerk 08\r\n\r\n", 200, "body=0:");
        get(office, "/attached", 200, "nothing attached");
    }
    stop_office(office);
    assert_int_equal(atomic_load(&office->attached_alive), 0);
}

static void
every_answer_carries_the_security_headers(void **state)
{
    const struct office *office = *state;
    static const char *const paths[] = {"/inline", "/worker", "/later", "/nowhere", "/error", "/busy", "/json"};
    struct wire_answer answer;
    wire_answer_init(&answer);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        char request[100];
        char value[500];
        snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", paths[i]);
        wire_ask(office->port, request, &answer);
        assert_string_equal(wire_header(&answer, "Cache-Control", value, sizeof value), "no-store");
        assert_string_equal(wire_header(&answer, "X-Content-Type-Options", value, sizeof value), "nosniff");
        assert_non_null(
            strstr(wire_header(&answer, "Content-Security-Policy", value, sizeof value), "default-src 'none'"));
        assert_string_equal(wire_header(&answer, "Referrer-Policy", value, sizeof value), "no-referrer");
    }
    wire_answer_finish(&answer);
}

static void
headers_of_the_handler_are_sent_and_replace_ours_in_any_case(void **state)
{
    const struct office *office = *state;
    struct wire_answer answer;
    char value[100];
    wire_answer_init(&answer);
    wire_ask(office->port, "GET /headers HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(wire_header(&answer, "X-One", value, sizeof value), "1");
    assert_string_equal(wire_header(&answer, "Cache-Control", value, sizeof value), "max-age=5");
    assert_null(strstr(buffer_text(&answer.headers), "no-store"));
    wire_ask(office->port, "GET /many-headers HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(wire_header(&answer, "X-7", value, sizeof value), "v");
    wire_answer_finish(&answer);
}

/* Dropping it silently would send the answer without what the handler meant it to carry. */
static void
a_header_that_cannot_be_sent_makes_the_answer_a_500(void **state)
{
    const struct office *office = *state;
    struct wire_answer answer;
    wire_answer_init(&answer);
    wire_ask(office->port, "GET /forged-header HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 500);
    assert_null(strstr(buffer_text(&answer.headers), "forged"));
    wire_answer_finish(&answer);
}

static void
an_error_is_answered_as_json_with_its_place(void **state)
{
    const struct office *office = *state;
    struct wire_answer answer;
    char value[100];
    wire_answer_init(&answer);
    wire_ask(office->port, "GET /error HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 400);
    assert_string_equal(wire_header(&answer, "Content-Type", value, sizeof value), "application/json; charset=utf-8");
    assert_string_equal(buffer_text(&answer.body),
                        "{\"error\":{\"code\":\"bad_line\",\"message\":\"3行目の\\\"金額\\\"が読めません\","
                        "\"line\":3,\"column\":14}}");
    wire_ask(office->port, "GET /busy HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 503);
    assert_string_equal(wire_header(&answer, "Retry-After", value, sizeof value), "1");
    assert_string_equal(buffer_text(&answer.body), "{\"error\":{\"code\":\"busy\",\"message\":\"\"}}");
    wire_ask(office->port, "GET /locked-out HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_string_equal(wire_header(&answer, "Retry-After", value, sizeof value), "900");
    assert_null(strstr(buffer_text(&answer.headers), "Retry-After: 1\r"));
    wire_answer_finish(&answer);
}

static void
json_and_empty_answers_are_what_they_say(void **state)
{
    const struct office *office = *state;
    get(office, "/json", 201, "{\"a\":1}");
    struct wire_answer answer;
    wire_answer_init(&answer);
    wire_ask(office->port, "DELETE /empty HTTP/1.1\r\nHost: x\r\n\r\n", &answer);
    assert_int_equal(answer.status, 204);
    assert_int_equal(answer.body.length, 0);
    wire_answer_finish(&answer);
}

static void
every_status_has_an_http_status(void **state)
{
    (void)state;
    static const enum status all[] = {
#define STATUS_AS_ITEM(name, word) name,
        STATUS_LIST(STATUS_AS_ITEM)
#undef STATUS_AS_ITEM
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        unsigned http_status = http_status_from(all[i]);
        assert_true(http_status >= 200 && http_status < 600);
        assert_int_equal(http_status == 200, all[i] == STATUS_OK);
    }
    assert_int_equal(http_status_from(STATUS_INVALID), 400);
    assert_int_equal(http_status_from(STATUS_UNAUTHORIZED), 403);
    assert_int_equal(http_status_from(STATUS_NOT_FOUND), 404);
    assert_int_equal(http_status_from(STATUS_CONFLICT), 409);
    assert_int_equal(http_status_from(STATUS_OVERFLOW), 413);
    assert_int_equal(http_status_from(STATUS_BUSY), 503);
    assert_int_equal(http_status_from((enum status)9999), 500);
}

static void
nonsense_on_the_wire_is_refused_and_the_server_goes_on(void **state)
{
    const struct office *office = *state;
    static const char *const nonsense[] = {
        "\r\n\r\n\r\n\r\n",
        "nonsense\r\n\r\n",
        "GET\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "POST /inline HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /inline HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /inline HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
        "GET / HTTP/1.1\r\nno colon here\r\n\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    };
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++) {
        struct wire wire;
        assert_true(wire_open(&wire, office->port));
        wire_send_text(&wire, nonsense[i]);
        wire_close(&wire);
    }
    struct buffer request;
    buffer_init(&request, 200000);
    buffer_append_text(&request, "GET / HTTP/1.1\r\nHost: x\r\n");
    for (int i = 0; i < 2000; i++) {
        buffer_printf(&request, "X-%d: 0123456789012345678901234567890123456789\r\n", i);
    }
    buffer_append_text(&request, "\r\n");
    struct wire_answer answer;
    wire_answer_init(&answer);
    wire_ask(office->port, buffer_text(&request), &answer);
    assert_int_not_equal(answer.status, 200);
    wire_answer_finish(&answer);
    buffer_finish(&request);
    get(office, "/inline", 200, "GET /inline ");
}

static void
only_loopback_addresses_are_listened_on(void **state)
{
    (void)state;
    static const char *const wrong[] = {"0.0.0.0", "192.0.2.1", "10.0.0.1",   "localhost", "::1",
                                        "::",      "",          "127.0.0.1x", "128.0.0.1", "127.0.0"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct http_server *server = NULL;
        struct error_detail err;
        const struct http_server_options options = {.address = wrong[i], .routes = routes, .route_count = 1};
        assert_int_equal(http_server_start(&server, &options, &err), STATUS_REFUSED);
        assert_string_equal(err.code, "not_loopback");
        assert_null(server);
    }
    struct http_server *server;
    const struct http_server_options options = {.address = "127.0.0.2", .routes = routes, .route_count = 1};
    assert_int_equal(http_server_start(&server, &options, NULL), STATUS_OK);
    http_server_stop(server);
}

/* Two tills on one port would each get half of the clerk's requests. */
static void
a_port_that_is_taken_is_refused_by_its_number(void **state)
{
    const struct office *office = *state;
    struct http_server *second = NULL;
    struct error_detail err;
    char number[16];
    const struct http_server_options options = {.port = office->port, .routes = routes, .route_count = 1};
    assert_int_equal(http_server_start(&second, &options, &err), STATUS_IO);
    snprintf(number, sizeof number, ":%u", office->port);
    assert_non_null(strstr(err.message, number));
    assert_null(second);
}

static void
a_port_is_free_again_after_the_stop(void **state)
{
    struct office *office = *state;
    struct http_server *second;
    struct wire wire;
    assert_true(wire_open(&wire, office->port)); /* a connection that lingers */
    get(office, "/inline", 200, "");
    stop_office(office);
    const struct http_server_options options = {
        .port = office->port, .routes = routes, .route_count = 2, .context = office};
    assert_int_equal(http_server_start(&second, &options, NULL), STATUS_OK);
    get(office, "/inline", 200, "GET /inline ");
    http_server_stop(second);
    wire_close(&wire);
}

static void *
stop_in_thread(void *context)
{
    stop_office(context);
    return NULL;
}

static void
a_stop_lets_running_requests_finish_and_answers_them(void **state)
{
    struct office *office = *state;
    enum { RUNNING = 3 };
    struct wire wires[RUNNING];
    struct wire_answer answer;
    pthread_t stopper;
    wire_answer_init(&answer);
    for (int i = 0; i < RUNNING; i++) {
        assert_true(wire_open(&wires[i], office->port));
        assert_true(wire_send_text(&wires[i], "GET /gate HTTP/1.1\r\nHost: x\r\n\r\n"));
    }
    wait_for_gate(office, RUNNING);
    assert_int_equal(pthread_create(&stopper, NULL, stop_in_thread, office), 0);
    open_gate(office);
    pthread_join(stopper, NULL);
    for (int i = 0; i < RUNNING; i++) {
        assert_true(wire_read_answer(&wires[i], &answer));
        assert_int_equal(answer.status, 200);
        assert_string_equal(buffer_text(&answer.body), "through");
        wire_close(&wires[i]);
    }
    wire_answer_finish(&answer);
}

static void
a_stop_waits_for_answers_that_another_thread_owes(void **state)
{
    struct office *office = *state;
    enum { OWED = 8 };
    struct wire wires[OWED];
    struct wire_answer answer;
    pthread_t stopper;
    wire_answer_init(&answer);
    pthread_mutex_lock(&office->desk.lock);
    office->desk.is_held = true;
    pthread_mutex_unlock(&office->desk.lock);
    for (int i = 0; i < OWED; i++) {
        assert_true(wire_open(&wires[i], office->port));
        assert_true(wire_send_text(&wires[i], i % 2 == 0 ? "GET /later HTTP/1.1\r\nHost: x\r\n\r\n"
                                                         : "GET /worker-later HTTP/1.1\r\nHost: x\r\n\r\n"));
    }
    pthread_mutex_lock(&office->desk.lock);
    while (office->desk.count < OWED) {
        pthread_cond_wait(&office->desk.changed, &office->desk.lock);
    }
    pthread_mutex_unlock(&office->desk.lock);
    assert_int_equal(pthread_create(&stopper, NULL, stop_in_thread, office), 0);
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL); /* let the stop come as far as it can without them */
    pthread_mutex_lock(&office->desk.lock);
    office->desk.is_held = false;
    pthread_cond_broadcast(&office->desk.changed);
    pthread_mutex_unlock(&office->desk.lock);
    pthread_join(stopper, NULL);
    for (int i = 0; i < OWED; i++) {
        assert_true(wire_read_answer(&wires[i], &answer));
        assert_int_equal(answer.status, 200);
        wire_close(&wires[i]);
    }
    wire_answer_finish(&answer);
}

struct pest {
    pthread_t thread;
    uint16_t port;
    atomic_bool *is_over;
    int answered;
    int broken;
};

/* Asks on and on, over one connection while it lasts and a new one then. */
static void *
pester(void *context)
{
    struct pest *pest = context;
    static const char *const paths[] = {"/inline", "/worker", "/later", "/worker-later"};
    struct wire_answer answer;
    wire_answer_init(&answer);
    while (!atomic_load(pest->is_over)) {
        struct wire wire;
        bool is_open = wire_open(&wire, pest->port);
        for (int i = 0; is_open && !atomic_load(pest->is_over); i++) {
            char request[100];
            snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", paths[i % 4]);
            is_open = wire_send_text(&wire, request) && wire_read_answer(&wire, &answer);
            pest->answered += answer.status == 200;
            pest->broken += is_open && answer.status != 200 && answer.status != 503;
        }
        wire_close(&wire);
    }
    wire_answer_finish(&answer);
    return NULL;
}

static void
a_stop_in_the_middle_of_business_ends_cleanly(void **state)
{
    (void)state;
    for (int round = 0; round < 10; round++) {
        enum { PESTS = 8 };
        void *inner = NULL;
        struct pest pests[PESTS];
        atomic_bool is_over = false;
        assert_int_equal(open_office(&inner), 0);
        struct office *office = inner;
        for (int i = 0; i < PESTS; i++) {
            pests[i] = (struct pest){.port = office->port, .is_over = &is_over};
            assert_int_equal(pthread_create(&pests[i].thread, NULL, pester, &pests[i]), 0);
        }
        while (atomic_load(&office->handled) < 50 * round) {
            sched_yield();
        }
        stop_office(office);
        atomic_store(&is_over, true);
        for (int i = 0; i < PESTS; i++) {
            pthread_join(pests[i].thread, NULL);
            assert_int_equal(pests[i].broken, 0);
        }
        assert_int_equal(close_office(&inner), 0);
    }
}

static void
a_customer_who_leaves_while_waiting_hurts_nobody(void **state)
{
    struct office *office = *state;
    pthread_mutex_lock(&office->desk.lock);
    office->desk.is_held = true;
    pthread_mutex_unlock(&office->desk.lock);
    for (int i = 0; i < 20; i++) {
        struct wire wire;
        assert_true(wire_open(&wire, office->port));
        assert_true(wire_send_text(&wire, i % 2 == 0 ? "GET /later HTTP/1.1\r\nHost: x\r\nX-Who: a\r\n\r\n"
                                                     : "GET /worker-later HTTP/1.1\r\nHost: x\r\nX-Who: b\r\n\r\n"));
        pthread_mutex_lock(&office->desk.lock);
        while (office->desk.count < (size_t)i + 1) {
            pthread_cond_wait(&office->desk.changed, &office->desk.lock);
        }
        pthread_mutex_unlock(&office->desk.lock);
        wire_close(&wire);
    }
    pthread_mutex_lock(&office->desk.lock);
    office->desk.is_held = false;
    pthread_cond_broadcast(&office->desk.changed);
    pthread_mutex_unlock(&office->desk.lock);
    get(office, "/worker", 200, "GET /worker ");
    stop_office(office);
    assert_int_equal(atomic_load(&office->attached_alive), 0);
}

static void
a_server_that_was_never_started_can_be_stopped(void **state)
{
    (void)state;
    http_server_stop(NULL);
}

#define IN_AN_OFFICE(test) cmocka_unit_test_setup_teardown(test, open_office, close_office)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_AN_OFFICE(routes_and_their_parameters_are_matched),
        IN_AN_OFFICE(parts_of_a_request_are_decoded),
        IN_AN_OFFICE(what_is_nowhere_is_a_404_in_json),
        IN_AN_OFFICE(a_path_or_parameter_that_is_too_long_is_nowhere),
        IN_AN_OFFICE(another_method_is_a_405_that_names_the_right_ones),
        IN_AN_OFFICE(a_body_is_taken_up_to_its_limit_and_refused_beyond),
        IN_AN_OFFICE(a_body_where_none_belongs_is_refused),
        IN_AN_OFFICE(a_connection_goes_on_after_a_refusal),
        IN_AN_OFFICE(a_body_of_any_bytes_arrives_whole_in_small_pieces),
        IN_AN_OFFICE(answers_come_from_the_poll_thread_workers_and_elsewhere),
        IN_AN_OFFICE(requests_sent_in_one_go_are_answered_in_their_order),
        IN_AN_OFFICE(sixty_four_connections_are_served_at_once_and_each_with_its_own),
        IN_AN_OFFICE(who_is_not_admitted_does_not_reach_the_handler),
        IN_AN_OFFICE(what_admit_leaves_reaches_the_handler_and_is_freed_once),
        IN_AN_OFFICE(every_answer_carries_the_security_headers),
        IN_AN_OFFICE(headers_of_the_handler_are_sent_and_replace_ours_in_any_case),
        IN_AN_OFFICE(a_header_that_cannot_be_sent_makes_the_answer_a_500),
        IN_AN_OFFICE(an_error_is_answered_as_json_with_its_place),
        IN_AN_OFFICE(json_and_empty_answers_are_what_they_say),
        cmocka_unit_test(every_status_has_an_http_status),
        IN_AN_OFFICE(nonsense_on_the_wire_is_refused_and_the_server_goes_on),
        cmocka_unit_test(only_loopback_addresses_are_listened_on),
        IN_AN_OFFICE(a_port_that_is_taken_is_refused_by_its_number),
        IN_AN_OFFICE(a_port_is_free_again_after_the_stop),
        IN_AN_OFFICE(a_stop_lets_running_requests_finish_and_answers_them),
        IN_AN_OFFICE(a_stop_waits_for_answers_that_another_thread_owes),
        cmocka_unit_test(a_stop_in_the_middle_of_business_ends_cleanly),
        IN_AN_OFFICE(a_customer_who_leaves_while_waiting_hurts_nobody),
        cmocka_unit_test(a_server_that_was_never_started_can_be_stopped),
    };
    return cmocka_run_group_tests_name("http server", tests, NULL, NULL);
}
