/* By the product's own HTTP client, which the drivers under test do not use. */
#include "tests/contract/support/control.h"

#include "common/http/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ANSWER_MAX_BYTES = 4 * 1024 * 1024, STATUS_OK_HTTP = 200 };

void
control_call(uint16_t port, const char *method, const char *path, const char *body, struct json_value **out)
{
    static const char *const headers[] = {"Content-Type: application/json", NULL};
    struct http_client *client = NULL;
    struct http_answer answer = {0};
    struct error_detail err = {0};
    char url[128];
    snprintf(url, sizeof url, "http://127.0.0.1:%u%s", port, path);
    buffer_init(&answer.body, ANSWER_MAX_BYTES);

    const struct http_call call = {
        .method = method, .url = url, .headers = headers, .body = body, .body_length = body != NULL ? strlen(body) : 0};
    assert_int_equal(http_client_create(&client, &err), STATUS_OK);
    enum status status = http_client_call(client, &call, &answer, &err);
    if (status != STATUS_OK || answer.http_status != STATUS_OK_HTTP) {
        print_error("%s %s: %s %u %s\n", method, path, err.message, answer.http_status, buffer_text(&answer.body));
    }
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(answer.http_status, STATUS_OK_HTTP);
    if (out != NULL) {
        assert_int_equal(json_parse(out, buffer_text(&answer.body), answer.body.length, &err), STATUS_OK);
    }
    http_client_destroy(client);
    buffer_finish(&answer.body);
}

uint16_t
control_port_in(const struct buffer *line, const char *key)
{
    struct json_value *ready = NULL;
    int64_t port = 0;
    assert_int_equal(json_parse(&ready, buffer_text(line), line->length, NULL), STATUS_OK);
    assert_int_equal(json_get_int(ready, key, 1, UINT16_MAX, &port, NULL), STATUS_OK);
    json_free(ready);
    return (uint16_t)port;
}
