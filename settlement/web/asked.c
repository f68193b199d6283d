/* Reading requests. Whatever a browser sends is checked here before a domain folder sees it. */
#include "settlement/web/asked.h"

#include "common/json/writer.h"
#include "common/text/utf8.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CURSOR_SEPARATOR '~'

const struct session *
asked_session(const struct http_request *request)
{
    const struct session *session = http_request_attached(request);
    assert(session != NULL);
    return session;
}

const struct actor *
asked_actor(const struct http_request *request)
{
    return &asked_session(request)->actor;
}

enum status
asked_begin_read(const struct http_request *request, struct service *service, struct store_txn **out,
                 struct error_detail *err)
{
    return store_begin_read_for(service->store, asked_actor(request)->municipality, out, err);
}

const char *
asked_text(const struct http_request *request, const char *name)
{
    const char *text = http_request_query(request, name);
    return text != NULL && text[0] != '\0' && utf8_is_valid(text, strlen(text)) ? text : NULL;
}

static enum status
wrong_parameter(const char *name, struct error_detail *err)
{
    error_set(err, "invalid_request", "条件「%s」の指定が正しくありません。", name);
    return STATUS_INVALID;
}

static bool
parse_int(const char *text, int64_t min, int64_t max, int64_t *out)
{
    if (text[0] == '\0' || text[0] == ' ' || text[0] == '+') {
        return false;
    }
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || number < min || number > max) {
        return false;
    }
    *out = number;
    return true;
}

enum status
asked_int(const struct http_request *request, const char *name, int64_t fallback, int64_t min, int64_t max,
          int64_t *out, struct error_detail *err)
{
    const char *text = asked_text(request, name);
    *out = fallback;
    if (text != NULL && !parse_int(text, min, max, out)) {
        return wrong_parameter(name, err);
    }
    return STATUS_OK;
}

enum status
asked_day(const struct http_request *request, const char *name, const char **out, struct error_detail *err)
{
    const char *text = asked_text(request, name);
    struct civil_date day;
    if (text != NULL && civil_date_parse(&day, text, strlen(text)) != STATUS_OK) {
        return wrong_parameter(name, err);
    }
    *out = text;
    return STATUS_OK;
}

enum status
asked_limit(const struct http_request *request, int64_t *out, struct error_detail *err)
{
    return asked_int(request, "limit", ROWS_DEFAULT, 1, ROWS_MAX, out, err);
}

enum status
asked_id(const struct http_request *request, const char *name, int64_t *out, struct error_detail *err)
{
    if (!parse_int(http_request_parameter(request, name), 1, INT64_MAX, out)) {
        error_set(err, "not_found", "指定された番号のものはありません。");
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

enum status
asked_cursor(const struct http_request *request, size_t count, struct cursor *out, bool *out_has,
             struct error_detail *err)
{
    assert(count >= 1 && count <= CURSOR_PARTS_MAX);

    const char *text = asked_text(request, "after");
    *out_has = text != NULL;
    if (text == NULL) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < count; i++) {
        const char *end = strchr(text, CURSOR_SEPARATOR);
        size_t length = end != NULL ? (size_t)(end - text) : strlen(text);
        bool is_last = i + 1 == count;
        if (length >= CURSOR_PART_MAX_BYTES || (end == NULL) != is_last) {
            return wrong_parameter("after", err);
        }
        memcpy(out->parts[i], text, length);
        out->parts[i][length] = '\0';
        text += length + 1;
    }
    return STATUS_OK;
}

void
json_cursor(struct json_writer *writer, const char *const *parts, size_t count)
{
    char text[CURSOR_PARTS_MAX * CURSOR_PART_MAX_BYTES];
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        int length = snprintf(text + used, sizeof text - used, "%s%s", i > 0 ? "~" : "", parts[i]);
        used += (size_t)length;
        if (used >= sizeof text) {
            json_null(writer, "next"); /* no key is that long */
            return;
        }
    }
    json_text(writer, "next", text);
}

enum status
asked_body(const struct http_request *request, struct json_value **out, struct error_detail *err)
{
    size_t length;
    const char *body = http_request_body(request, &length);
    if (length == 0) {
        body = "{}";
        length = 2;
    }
    enum status status = json_parse(out, body, length, err);
    if (status == STATUS_OK && !json_is_object(*out)) {
        json_free(*out);
        status = STATUS_INVALID;
    }
    if (status == STATUS_INVALID) {
        error_set(err, "invalid_json", "送られた内容を読めませんでした。画面を再読み込みしてください。");
    }
    return status;
}

int64_t
asked_now_ms(const struct service *service)
{
    return clock_now_ms(&service->clock);
}

void
screens_tell(struct service *service, const char *what)
{
    char event[64];
    int length = snprintf(event, sizeof event, "{\"what\":\"%s\"}", what);
    http_event_hub_publish(service->hub, "changed", event, (size_t)length);
}
