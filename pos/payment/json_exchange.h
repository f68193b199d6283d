/* One call of a JSON network over HTTPS: what the adapters that speak it have in common. */
#pragma once

#include "common/http/client.h"
#include "pos/payment/channel.h"

enum { NETWORK_URL_SIZE = 256 };

struct json_exchange {
    struct http_client *client;
    char base_url[NETWORK_URL_SIZE]; /* without a slash at the end */
};

struct json_request {
    const char *method;
    const char *path;            /* from "/", with its query */
    const char *const *headers;  /* besides the content type; NULL-terminated; may be NULL */
    const char *content_type;    /* of the body */
    const struct buffer *body;   /* NULL: none */
    unsigned timeout_ms;         /* of the whole call */
    unsigned connect_timeout_ms; /* 0: 3,000 */
};

enum { NETWORK_ANSWER_MAX_BYTES = 64 * 1024, NETWORK_REQUEST_MAX_BYTES = 8 * 1024 };

/* STATUS_REFUSED for an address that would send a secret in the clear. Close it after success or failure. */
enum status json_exchange_open(struct json_exchange *exchange, const char *base_url,
                               const struct http_security *security, struct error_detail *err) MUST_CHECK;
void json_exchange_close(struct json_exchange *exchange);

/* As http_client_call; ANSWER->body is initialised by the caller. */
enum status json_exchange_call(struct json_exchange *exchange, const struct json_request *request,
                               struct http_answer *answer, struct error_detail *err) MUST_CHECK;

/* What a clerk reads when the network cannot be used: NAME is what it is called. */
void json_exchange_explain(const struct error_detail *err, const char *name, char reason[REASON_SIZE]);
