/* In this order: is the route known, does the request come from our own pages, who is it, is it their doing (CSRF), is
 * their password their own, and may they.
 */
#include "settlement/web/admit.h"

#include "settlement/access/right.h"
#include "settlement/access/session.h"
#include "settlement/service.h"
#include "settlement/web/asked.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
free_session(void *value)
{
    secret_wipe(value, sizeof(struct session));
    free(value);
}

/* "http://host:port" or "https://host:port" of the very host that was asked. */
static bool
origin_is_ours(const struct http_request *request)
{
    const char *origin = http_request_header(request, "Origin");
    const char *host = http_request_header(request, "Host");
    const char *site = http_request_header(request, "Sec-Fetch-Site");
    if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0) {
        return false;
    }
    if (origin == NULL) {
        return true; /* no browser of today leaves it out of a cross-site POST; programs have none */
    }
    const char *scheme_end = strstr(origin, "://");
    return host != NULL && scheme_end != NULL && strcmp(scheme_end + 3, host) == 0;
}

static bool
csrf_token_is_right(const struct http_request *request, const struct session *session)
{
    const char *token = http_request_header(request, "X-CSRF-Token");
    return token != NULL && strlen(token) == SHA256_TEXT_SIZE - 1 &&
           secrets_are_equal(token, session->csrf_token, SHA256_TEXT_SIZE - 1);
}

const char *
asked_address(const struct http_request *request, char *out, size_t size)
{
    /* From this machine the header is the proxy's, and its last element the one that it saw; from elsewhere anybody
     * could write it. */
    const char *forwarded =
        http_request_peer_is_loopback(request) ? http_request_header(request, "X-Forwarded-For") : NULL;
    const char *last = forwarded != NULL ? strrchr(forwarded, ',') : NULL;
    const char *text = last != NULL ? last + 1 : forwarded;
    while (text != NULL && *text == ' ') {
        text++;
    }
    snprintf(out, size, "%s", text != NULL && text[0] != '\0' ? text : http_request_peer(request));
    return out;
}

static bool
check_session(struct http_request *request, struct service *service, enum right right, bool is_reading)
{
    struct error_detail err;
    struct session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        respond_problem(request, STATUS_NO_MEMORY, "no_memory", "メモリが足りません。");
        return false;
    }
    bool keeps_alive = strcmp(http_request_path(request), "/api/events") != 0;
    enum status status = session_check(service->store, http_request_cookie(request, "madoguchi_session"), keeps_alive,
                                       asked_now_ms(service), session, &err);
    if (status == STATUS_OK) {
        asked_address(request, session->actor.address, sizeof session->actor.address);
        if (!is_reading && !csrf_token_is_right(request, session)) {
            error_set(&err, "csrf_refused", "画面が古くなっています。再読み込みしてから、もう一度操作してください。");
            status = STATUS_UNAUTHORIZED;
        } else if (session->must_change_password && right != RIGHT_SIGNED_IN) {
            error_set(&err, "password_must_change",
                      "管理者が付けたパスワードです。自分のパスワードに変えてから使ってください。");
            status = STATUS_UNAUTHORIZED;
        } else if (!role_has_right(session->actor.role, right)) {
            error_set(&err, "no_right", "この操作は「%s」の権限では行えません。", role_name(session->actor.role));
            status = STATUS_UNAUTHORIZED;
        }
    }
    if (status != STATUS_OK) {
        free_session(session);
        respond_failure(request, status, &err);
        return false;
    }
    http_request_attach(request, session, free_session);
    return true;
}

bool
web_admit(struct http_request *request, const struct http_route *route, void *context)
{
    struct service *service = context;
    if (strncmp(route->pattern, "/api/", 5) != 0) {
        return true;
    }
    enum right right;
    if (!right_of_route(&right, route->method, route->pattern)) {
        respond_problem(request, STATUS_NOT_FOUND, "not_found", "このアドレスには何もありません。");
        return false;
    }
    bool is_reading = strcmp(route->method, "GET") == 0;
    if (!is_reading && !origin_is_ours(request)) {
        respond_problem(request, STATUS_UNAUTHORIZED, "origin_refused",
                        "ほかのページからの操作は受け付けません。この画面から操作してください。");
        return false;
    }
    return right == RIGHT_NONE || check_session(request, service, right, is_reading);
}
