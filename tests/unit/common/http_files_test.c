/* The files of the screens: what is served, as what, and what never is. */
#include "common/http/files.h"

#include "tests/unit/common/scratch.h"
#include "tests/unit/common/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

struct window {
    struct scratch scratch;
    struct http_files *files;
    struct http_server *server;
    uint16_t port;
};

static void
handle_file(struct http_request *request, void *context)
{
    const struct window *window = context;
    http_files_respond(window->files, request, http_request_parameter(request, "*"));
}

static const struct http_route routes[] = {{"GET", "/*", handle_file, HTTP_INLINE, 0}};

static void
add_file(const struct scratch *scratch, const char *name, const char *text)
{
    char path[SCRATCH_PATH_SIZE];
    scratch_write(scratch_path(scratch, path, name), text, strlen(text));
}

static void
add_folder(const struct scratch *scratch, const char *name)
{
    char path[SCRATCH_PATH_SIZE];
    assert_int_equal(mkdir(scratch_path(scratch, path, name), 0700), 0);
}

static int
open_window(void **state)
{
    static struct window window;
    char path[SCRATCH_PATH_SIZE];
    if (scratch_make(&window.scratch) != 0) {
        return -1;
    }
    add_folder(&window.scratch, "screen");
    add_folder(&window.scratch, "screen/fonts");
    add_folder(&window.scratch, "screen/.git");
    add_file(&window.scratch, "secret.txt", "secret");
    add_file(&window.scratch, "screen/index.html", "<p>窓口</p>");
    add_file(&window.scratch, "screen/app.js", "let a;");
    add_file(&window.scratch, "screen/empty.css", "");
    add_file(&window.scratch, "screen/fonts/a.woff2", "font");
    add_file(&window.scratch, "screen/.hidden.html", "hidden");
    add_file(&window.scratch, "screen/.git/config.txt", "hidden");
    add_file(&window.scratch, "screen/program.exe", "no screen's");
    add_file(&window.scratch, "screen/no_ending", "no screen's");
    scratch_path(&window.scratch, path, "screen/link.txt");
    if (symlink("../secret.txt", path) != 0 ||
        http_files_load(&window.files, scratch_path(&window.scratch, path, "screen"), NULL) != STATUS_OK) {
        return -1;
    }
    const struct http_server_options options = {.routes = routes, .route_count = 1, .context = &window};
    if (http_server_start(&window.server, &options, NULL) != STATUS_OK) {
        return -1;
    }
    window.port = http_server_port(window.server);
    *state = &window;
    return 0;
}

static int
close_window(void **state)
{
    struct window *window = *state;
    http_server_stop(window->server);
    http_files_destroy(window->files);
    scratch_remove_folder(window->scratch.folder);
    return 0;
}

static void
get(const struct window *window, const char *path, const char *header, struct wire_answer *answer)
{
    char request[1000];
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n", path, header);
    wire_ask(window->port, request, answer);
}

static void
a_file_is_served_with_its_type(void **state)
{
    static const struct {
        const char *path, *type, *text;
    } cases[] = {
        {"/", "text/html; charset=utf-8", "<p>窓口</p>"},
        {"/index.html", "text/html; charset=utf-8", "<p>窓口</p>"},
        {"//app.js", "text/javascript; charset=utf-8", "let a;"},
        {"/app.js?v=1", "text/javascript; charset=utf-8", "let a;"},
        {"/empty.css", "text/css; charset=utf-8", ""},
        {"/fonts/a.woff2", "font/woff2", "font"},
        {"/fonts%2Fa.woff2", "font/woff2", "font"},
    };
    struct wire_answer answer;
    wire_answer_init(&answer);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char value[100];
        get(*state, cases[i].path, "", &answer);
        assert_int_equal(answer.status, 200);
        assert_string_equal(wire_header(&answer, "Content-Type", value, sizeof value), cases[i].type);
        assert_string_equal(wire_header(&answer, "Cache-Control", value, sizeof value), "no-cache");
        assert_string_equal(buffer_text(&answer.body), cases[i].text);
    }
    wire_answer_finish(&answer);
}

static void
nothing_else_is_served(void **state)
{
    static const char *const nowhere[] = {
        "/absent.html",     "/.hidden.html",  "/.git/config.txt",   "/program.exe",     "/no_ending",
        "/link.txt",        "/../secret.txt", "/%2e%2e/secret.txt", "/fonts/../app.js", "/fonts",
        "/fonts/",          "/./app.js",      "/app.js/",           "/APP.JS",          "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt", "/%FF%FE.html",
    };
    struct wire_answer answer;
    wire_answer_init(&answer);
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        get(*state, nowhere[i], "", &answer);
        if (answer.status != 404) {
            fail_msg("%s: %u", nowhere[i], answer.status);
        }
        assert_null(strstr(buffer_text(&answer.body), "secret\""));
        assert_non_null(strstr(buffer_text(&answer.body), "\"no_such_file\""));
    }
    wire_answer_finish(&answer);
}

static void
a_file_that_the_browser_has_is_not_sent_again(void **state)
{
    struct wire_answer answer;
    char tag[100];
    char header[200];
    wire_answer_init(&answer);
    get(*state, "/app.js", "", &answer);
    wire_header(&answer, "ETag", tag, sizeof tag);
    assert_int_equal(strlen(tag), 66); /* a hash in quotes */
    snprintf(header, sizeof header, "If-None-Match: %s\r\n", tag);
    get(*state, "/app.js", header, &answer);
    assert_int_equal(answer.status, 304);
    assert_int_equal(answer.body.length, 0);
    get(*state, "/index.html", header, &answer);
    assert_int_equal(answer.status, 200);
    wire_answer_finish(&answer);
}

static void
a_folder_that_is_not_there_is_not_found(void **state)
{
    const struct window *window = *state;
    struct http_files *files = NULL;
    struct error_detail err;
    char path[SCRATCH_PATH_SIZE];
    assert_int_equal(http_files_load(&files, scratch_path(&window->scratch, path, "absent"), &err), STATUS_NOT_FOUND);
    assert_non_null(strstr(err.message, "absent"));
    assert_int_equal(http_files_load(&files, scratch_path(&window->scratch, path, "secret.txt"), &err), STATUS_IO);
    assert_null(files);
    http_files_destroy(NULL);
}

static void
too_many_too_large_and_too_deep_files_are_refused(void **state)
{
    const struct window *window = *state;
    struct http_files *files = NULL;
    char name[100];
    char path[SCRATCH_PATH_SIZE];
    add_folder(&window->scratch, "many");
    for (int i = 0; i < 501; i++) {
        snprintf(name, sizeof name, "many/%d.txt", i);
        add_file(&window->scratch, name, "");
    }
    assert_int_equal(http_files_load(&files, scratch_path(&window->scratch, path, "many"), NULL), STATUS_OVERFLOW);

    char *text = malloc(4 * 1024 * 1024 + 2);
    assert_non_null(text);
    memset(text, 'x', 4 * 1024 * 1024 + 1);
    text[4 * 1024 * 1024 + 1] = '\0';
    add_folder(&window->scratch, "large");
    add_file(&window->scratch, "large/a.txt", text);
    assert_int_equal(http_files_load(&files, scratch_path(&window->scratch, path, "large"), NULL), STATUS_OVERFLOW);

    text[4 * 1024 * 1024] = '\0';
    add_folder(&window->scratch, "sum");
    for (int i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "sum/%d.txt", i);
        add_file(&window->scratch, name, text);
        enum status expected = i < 4 ? STATUS_OK : STATUS_OVERFLOW;
        assert_int_equal(http_files_load(&files, scratch_path(&window->scratch, path, "sum"), NULL), expected);
        http_files_destroy(files);
        files = NULL;
    }
    free(text);

    snprintf(name, sizeof name, "deep");
    for (int i = 0; i < 7; i++) {
        add_folder(&window->scratch, name);
        snprintf(name + strlen(name), sizeof name - strlen(name), "/d");
    }
    assert_int_equal(http_files_load(&files, scratch_path(&window->scratch, path, "deep"), NULL), STATUS_OVERFLOW);
    assert_null(files);
}

#define AT_A_WINDOW(test) cmocka_unit_test_setup_teardown(test, open_window, close_window)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        AT_A_WINDOW(a_file_is_served_with_its_type),
        AT_A_WINDOW(nothing_else_is_served),
        AT_A_WINDOW(a_file_that_the_browser_has_is_not_sent_again),
        AT_A_WINDOW(a_folder_that_is_not_there_is_not_found),
        AT_A_WINDOW(too_many_too_large_and_too_deep_files_are_refused),
    };
    return cmocka_run_group_tests_name("http files", tests, NULL, NULL);
}
