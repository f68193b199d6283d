/* Whether the service can do its work, for monitoring. The context of each is the `struct service`. */
#pragma once

#include "common/http/server.h"

/* GET /healthz: 200 {"health":"ok"} while the program runs; touches nothing else. */
void healthz_endpoint(struct http_request *request, void *context);

/* GET /readyz: whether requests should be sent here: 200 or 503, {"checks":[{"check","ok","detail"},…],"ready":…} with
 * `database`, `ledger`, `disk` and `running`. */
void readyz_endpoint(struct http_request *request, void *context);

/* GET /health: 200 {"health":"ok","software":…,"now_ms":…,"waiting_runs":…}, the last being uploads
 * that the ledger has not interpreted yet; 503 when the store cannot be read. */
void health_endpoint(struct http_request *request, void *context);
