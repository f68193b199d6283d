/* Who asks: the till whose key signed the request. */
#pragma once

#include "settlement/service.h"
#include "settlement/store/terminal_store.h"

enum {
    SIGNED_REQUEST_SKEW_MS = 10 * 60 * 1000 /* docs/protocol/journal.md; a replay inside it only repeats a read */
};

/* Check the headers Madoguchi-Terminal, -Time and -Signature of REQUEST. *OUT is the till, active or quarantined: a
 * quarantined till goes on selling and needs its masters. STATUS_UNAUTHORIZED: "unknown_terminal", "revoked",
 * "bad_signature", "replaced", "wrong_time". */
enum status signed_request_check(struct service *service, struct http_request *request, struct terminal *out,
                                 struct error_detail *err) MUST_CHECK;

/* Find TERMINAL for a request that only it may make; STATUS_UNAUTHORIZED ("unknown_terminal") when it is not here. */
enum status
calling_terminal(struct service *service, const char *id, struct terminal *out, struct error_detail *err) MUST_CHECK;

/* Decode the header Madoguchi-Signature. STATUS_UNAUTHORIZED ("bad_signature") when it is absent or malformed. */
enum status
signature_header(const struct http_request *request, uint8_t out[SIGNATURE_SIZE], struct error_detail *err) MUST_CHECK;
