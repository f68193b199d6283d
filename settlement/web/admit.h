/* The door of the finance API: who asks, from where, and with which right. Runs before every handler. */
#pragma once

#include "common/http/server.h"

/* For http_server_options.admit; CONTEXT is the `struct service`. Addresses outside `/api/` pass. True when the handler
 * may run: the session is attached then (not for routes that need no right). Otherwise the request is answered. */
bool web_admit(struct http_request *request, const struct http_route *route, void *context);

/* Where the request came from: the address that the TLS proxy on this machine passes on, else "127.0.0.1". */
const char *asked_address(const struct http_request *request, char *out, size_t size);
