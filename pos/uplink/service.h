/* The settlement service as the till calls it: upload, position, masters (docs/protocol/journal.md). */
#pragma once

#include "common/http/client.h"
#include "common/signing/signing.h"
#include "pos/journal/journal.h"

enum {
    SERVICE_URL_SIZE = 256,
    SERVICE_ANSWER_MAX_BYTES = 8 * 1024 * 1024 /* the masters of a large city */
};

/* INVARIANT: `url` has no trailing slash. Used by one thread. */
struct settlement_service {
    struct http_client *client;
    const struct signing_key *key; /* borrowed */
    char url[SERVICE_URL_SIZE];
    char terminal[TERMINAL_ID_SIZE];
};

/* What the service said, beyond STATUS_OK. `code` is the error's code, "" when the answer was 2xx. */
struct service_reply {
    unsigned http_status;
    unsigned retry_after_ms; /* how long the service asked to wait; 0: it did not */
    char code[ERROR_CODE_SIZE];
    char message[ERROR_MESSAGE_SIZE];
    bool has_acknowledged;
    struct journal_position acknowledged;
};

/* Upload LINES (each ended by '\n'), which are FIRST … LAST. STATUS_OK when an answer came that is understood, whatever
 * it says: read *OUT. STATUS_UNREACHABLE and STATUS_UNKNOWN_OUTCOME are the same to the caller: try again. */
enum status service_upload(struct settlement_service *service, int64_t first, const struct journal_position *last,
                           const struct buffer *lines, struct service_reply *out, struct error_detail *err) MUST_CHECK;

enum status service_position(struct settlement_service *service, int64_t now_ms, struct service_reply *out,
                             struct error_detail *err) MUST_CHECK;

/* What the service publishes. */
struct masters_answer {
    bool is_new;
    struct http_answer http;
};

/* The masters document into OUT->http.body (init by the caller) and its signature (base64; "" from a
 * service that does not sign) into OUT->http.header, unless its hash is
 * KNOWN_SHA256: then OUT->is_new is false. */
enum status service_masters(struct settlement_service *service, int64_t now_ms, const char *known_sha256,
                            struct masters_answer *out, struct error_detail *err) MUST_CHECK;

/* What statements prove of this till's payments: the document into OUT->body (init by the caller), its signature
 * (base64, "" where there is none) into OUT->header. STATUS_REFUSED when the service answers anything but 200. */
enum status service_proofs(struct settlement_service *service, int64_t now_ms, struct http_answer *out,
                           struct error_detail *err) MUST_CHECK;

/* Enrol with a one-time code. Texts are filled from the answer. */
struct enrolment_answer {
    char municipality[MUNICIPALITY_CODE_SIZE];
    char terminal[TERMINAL_ID_SIZE];
    char place[33];
    char masters_key[2 * PUBLIC_KEY_SIZE + 1]; /* "" from a service that does not sign masters */
};
enum status service_enrol(struct settlement_service *service, const char *code, struct enrolment_answer *out,
                          struct error_detail *err) MUST_CHECK;
