/* An HTTP client over libcurl that tells apart what a payment must tell apart: "nothing was sent" and "sent, but no
 * whole answer". One client is used by one thread at a time. It keeps connections alive for GET; every other method has
 * a connection of its own, because on a kept one it could be sent twice without our knowing. HTTPS certificates are
 * always verified, TLS is 1.2 or newer; redirects are not followed. Nothing of a request or an answer is logged. */
#pragma once

#include "common/bytes/buffer.h"

struct http_client;

/* Whom to believe, and who we are, on HTTPS. All may be NULL. Borrowed until http_client_create_secure returns. */
struct http_security {
    const char *ca_file;          /* PEM; believed instead of the system's: a private root */
    const char *certificate_file; /* PEM; ours, for mutual TLS */
    const char *key_file;         /* PEM, of mode 0600: a key that others may read is refused */
};

/* A header of the answer to be kept: VALUE, of SIZE bytes, is "" when there is none, or a longer one. */
struct http_wanted {
    const char *name;
    char *value;
    size_t size;
};

struct http_call {
    const char *method;
    const char *url;
    const char *const *headers; /* "Name: value" lines, NULL-terminated; may be NULL */
    const void *body;           /* may be NULL */
    size_t body_length;
    unsigned connect_timeout_ms;      /* 0: 3,000 */
    unsigned timeout_ms;              /* whole call; 0: 15,000 */
    const char *wanted_header;        /* the answer's header to keep; NULL: none */
    const struct http_wanted *wanted; /* more of them */
    size_t wanted_count;
};

enum { HTTP_WANTED_HEADER_SIZE = 256 };

struct http_answer {
    unsigned http_status;                 /* 0 unless a whole answer came */
    struct buffer body;                   /* init by the caller, with the largest answer it accepts as limit */
    char header[HTTP_WANTED_HEADER_SIZE]; /* the value of call->wanted_header; "" when there is none, or a longer one */
};

enum status http_client_create(struct http_client **out, struct error_detail *err) MUST_CHECK;

/* The same, with certificates of its own. STATUS_REFUSED for a key that others may read, STATUS_NOT_FOUND or STATUS_IO
 * for a file that cannot be read. */
enum status http_client_create_secure(struct http_client **out, const struct http_security *security,
                                      struct error_detail *err) MUST_CHECK;

/* Whether a secret may be sent to URL: https, or this computer itself. */
bool http_url_keeps_secrets(const char *url);
void http_client_destroy(struct http_client *client);

/* STATUS_OK: a whole answer came, whatever its HTTP status. STATUS_UNREACHABLE: no connection was made, the peer has
 * seen nothing (ERR a "certificate_…" code, see http_is_about_certificates: it is not whom we want to speak to, or does
 * not believe us).
 * STATUS_UNKNOWN_OUTCOME: the request may have been seen and acted upon; the body may hold a part. */
enum status http_client_call(struct http_client *client, const struct http_call *call, struct http_answer *answer,
                             struct error_detail *err) MUST_CHECK;

/* Whether ERR says that certificates stood in the way: "certificate_expired", "certificate_not_yet_valid" (or the clock
 * here is wrong), "certificate_wrong_name", "certificate_unknown_issuer", "certificate_refused" for everything else. */
bool http_is_about_certificates(const struct error_detail *err);

/* Make a call that is under way in another thread fail soon (STATUS_UNKNOWN_OUTCOME), for shutting down. Later calls
 * fail too. May be called from any thread. */
void http_client_cancel(struct http_client *client);
