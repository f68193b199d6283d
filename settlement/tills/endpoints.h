/* The addresses under /v1/. The context of each is the `struct service`. */
#pragma once

#include "common/http/server.h"
#include "settlement/intake/upload.h"

enum {
    ENROL_BODY_MAX_BYTES = 4 * 1024 /* a code, a key and a name */
};

/* POST /v1/terminals/:terminal/journal, body ≤ UPLOAD_MAX_BYTES. Answered by the intake's writer after the commit. */
void upload_endpoint(struct http_request *request, void *context);

/* GET /v1/terminals/:terminal/position, signed. */
void position_endpoint(struct http_request *request, void *context);

/* POST /v1/enrolments, body ≤ ENROL_BODY_MAX_BYTES. */
void enrol_endpoint(struct http_request *request, void *context);

/* GET /v1/masters, signed; 304 when If-None-Match names the current version. */
void masters_endpoint(struct http_request *request, void *context);

/* GET /v1/terminals/:terminal/proofs, signed both ways: what statements prove of payments that this till doubts. */
void proofs_endpoint(struct http_request *request, void *context);
