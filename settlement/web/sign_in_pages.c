/* Signing in and out, and who I am. */
#include "common/json/reader.h"
#include "settlement/access/sign_in.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/web/admit.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <string.h>

enum { PASSWORD_TYPED_MAX_BYTES = 1024, COOKIE_SIZE = 200 };

static void
write_me(struct json_writer *writer, const struct session *session, const struct catalogue *catalogue, int64_t now_ms)
{
    const struct actor *actor = &session->actor;
    char text[INSTANT_TEXT_SIZE];
    json_begin_object(writer, "user");
    json_text(writer, "login", actor->login);
    json_text(writer, "name", actor->name);
    json_text(writer, "role", role_word(actor->role));
    json_text(writer, "role_name", role_name(actor->role));
    json_codes(writer, "sections", session->sections);
    json_end_object(writer);
    json_begin_array(writer, "rights");
    for (int right = RIGHT_READ; right < RIGHT_COUNT; right++) {
        if (role_has_right(actor->role, (enum right)right)) {
            json_text(writer, NULL, right_word((enum right)right));
        }
    }
    json_end_array(writer);
    json_code_name(writer, "municipality", actor->municipality,
                   catalogue_municipality_name(catalogue, actor->municipality));
    json_bool(writer, "must_change_password", session->must_change_password);
    json_text(writer, "csrf_token", session->csrf_token);
    json_int(writer, "idle_seconds", SESSION_IDLE_SECONDS);
    json_text(writer, "expires_at", instant_format(text, session->expires_at_ms));
    json_text(writer, "today", civil_date_format(text, civil_date_at(now_ms)));
    json_text(writer, "software", "madoguchi-settlement " MADOGUCHI_VERSION);
}

static void
respond_me(struct http_request *request, struct service *service, const struct session *session)
{
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct catalogue *catalogue = NULL;
    enum status status = store_begin_read_for(service->store, session->actor.municipality, &txn, &err);
    if (status == STATUS_OK) {
        status = catalogue_load(&catalogue, txn, session->actor.municipality, &err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    struct reply reply;
    reply_begin(&reply);
    write_me(&reply.writer, session, catalogue, asked_now_ms(service));
    reply_send(&reply, request, 200);
    catalogue_destroy(catalogue);
}

static bool
is_behind_tls(const struct http_request *request)
{
    if (http_request_is_secure(request)) {
        return true;
    }
    const char *scheme = http_request_header(request, "X-Forwarded-Proto");
    return scheme != NULL && strcmp(scheme, "https") == 0;
}

/* TOKEN "" clears the cookie. */
static void
set_cookie(struct http_request *request, const char *token)
{
    char cookie[COOKIE_SIZE];
    snprintf(cookie, sizeof cookie, "madoguchi_session=%s; HttpOnly; SameSite=Strict; Path=/%s%s", token,
             token[0] == '\0' ? "; Max-Age=0" : "", is_behind_tls(request) ? "; Secure" : "");
    http_respond_header(request, "Set-Cookie", cookie);
}

static void
respond_wait(struct http_request *request, enum status status, const struct error_detail *err, int64_t wait_seconds)
{
    if (wait_seconds > 0) {
        char text[24];
        snprintf(text, sizeof text, "%lld", (long long)wait_seconds);
        http_respond_header(request, "Retry-After", text);
    }
    respond_failure(request, status, err);
}

void
login_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    const char *login = NULL;
    const char *password = NULL;
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK &&
        (json_get_text(body, "login", LOGIN_SIZE - 1, &login, &err) != STATUS_OK ||
         json_get_text(body, "password", PASSWORD_TYPED_MAX_BYTES, &password, &err) != STATUS_OK)) {
        error_set(&err, "login_failed", "利用者IDまたはパスワードが違います。");
        status = STATUS_UNAUTHORIZED;
    }
    struct session session;
    int64_t wait_seconds = 0;
    if (status == STATUS_OK) {
        char address[sizeof session.actor.address];
        asked_address(request, address, sizeof address);
        status =
            sign_in(service->store, login, password, address, asked_now_ms(service), &session, &wait_seconds, &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_wait(request, status, &err, wait_seconds);
        return;
    }
    set_cookie(request, session.token);
    respond_me(request, service, &session);
    secret_wipe(&session, sizeof session);
}

void
logout_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    enum status status = session_finish(service->store, asked_session(request), asked_now_ms(service), &err);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    set_cookie(request, "");
    http_respond_empty(request, 204);
}

void
me_endpoint(struct http_request *request, void *context)
{
    respond_me(request, context, asked_session(request));
}

void
password_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    const char *old = NULL;
    const char *fresh = NULL;
    int64_t wait_seconds = 0;
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = json_get_text(body, "old", PASSWORD_TYPED_MAX_BYTES, &old, &err);
    }
    if (status == STATUS_OK) {
        status = json_get_text(body, "new", PASSWORD_TYPED_MAX_BYTES, &fresh, &err);
    }
    if (status == STATUS_OK) {
        status = password_change(service->store, asked_session(request), old, fresh, asked_now_ms(service),
                                 &wait_seconds, &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_wait(request, status, &err, wait_seconds);
        return;
    }
    http_respond_empty(request, 204);
}
