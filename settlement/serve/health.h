/* GET /health: whether the service can do its work, for monitoring. */
#pragma once

#include "common/http/server.h"

/* CONTEXT is the `struct service`. 200 {"health":"ok","software":…,"now_ms":…,"waiting_runs":…}, the last being uploads
 * that the ledger has not interpreted yet; 503 when the store cannot be read. */
void health_endpoint(struct http_request *request, void *context);
