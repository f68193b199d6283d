/* GET /metrics: figures for Prometheus (docs/operations/metrics.md). */
#pragma once

#include "common/http/server.h"

/* CONTEXT is the `struct service`. Text format 0.0.4. Who may ask: with a configured token who shows it as
 * `Authorization: Bearer …`, otherwise this computer itself, not through a proxy. 403 for anybody else. */
void metrics_endpoint(struct http_request *request, void *context);
