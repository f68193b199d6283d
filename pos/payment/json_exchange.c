/* Calls. */
#include "pos/payment/json_exchange.h"

#include <stdio.h>
#include <string.h>

enum status
json_exchange_open(struct json_exchange *exchange, const char *base_url, const struct http_security *security,
                   struct error_detail *err)
{
    *exchange = (struct json_exchange){0};
    size_t length = strlen(base_url);
    while (length > 0 && base_url[length - 1] == '/') {
        length--;
    }
    if (length >= sizeof exchange->base_url) {
        error_set(err, "too_long", "the network's address is too long");
        return STATUS_OVERFLOW;
    }
    if (!http_url_keeps_secrets(base_url)) {
        error_set(err, "secret_in_the_clear", "%s: secrets are sent over https only (http to this computer alone)",
                  base_url);
        return STATUS_REFUSED;
    }
    memcpy(exchange->base_url, base_url, length);
    return http_client_create_secure(&exchange->client, security, err);
}

void
json_exchange_close(struct json_exchange *exchange)
{
    http_client_destroy(exchange->client);
    exchange->client = NULL;
}

enum status
json_exchange_call(struct json_exchange *exchange, const struct json_request *request, struct http_answer *answer,
                   struct error_detail *err)
{
    enum { HEADERS_MAX = 8, PATH_MAX_BYTES = 512 };
    char url[NETWORK_URL_SIZE + PATH_MAX_BYTES];
    char content_type[96];
    const char *headers[HEADERS_MAX + 2] = {NULL};
    size_t count = 0;
    for (; request->headers != NULL && request->headers[count] != NULL && count < HEADERS_MAX; count++) {
        headers[count] = request->headers[count];
    }
    if (request->body != NULL) {
        snprintf(content_type, sizeof content_type, "Content-Type: %s", request->content_type);
        headers[count] = content_type;
    }
    if (strlen(request->path) >= PATH_MAX_BYTES) {
        error_set(err, "too_long", "the path is too long");
        return STATUS_UNREACHABLE; /* nothing was sent */
    }
    snprintf(url, sizeof url, "%s%s", exchange->base_url, request->path);
    const struct http_call call = {
        .method = request->method,
        .url = url,
        .headers = headers,
        .body = request->body != NULL ? buffer_text(request->body) : NULL,
        .body_length = request->body != NULL ? request->body->length : 0,
        .connect_timeout_ms = request->connect_timeout_ms,
        .timeout_ms = request->timeout_ms,
    };
    return http_client_call(exchange->client, &call, answer, err);
}

void
json_exchange_explain(const struct error_detail *err, const char *name, char reason[REASON_SIZE])
{
    if (http_is_about_certificates(err)) {
        snprintf(reason, REASON_SIZE,
                 "%sの接続先の証明書を確認できません。安全のため使いません。システム担当に連絡してください。", name);
    } else if (strcmp(err->code, "unauthorized") == 0) {
        snprintf(reason, REASON_SIZE, "%sの認証情報が拒まれました。システム担当に連絡してください。", name);
    } else {
        snprintf(reason, REASON_SIZE, "%sの接続先につながりません。現金・カード・電子マネーは使えます。", name);
    }
}
