/* The table of addresses. `/v1/` is for tills (docs/protocol/journal.md), `/api/` for finance staff
 * (docs/protocol/finance-http.md), everything else the screens' files. The context of every handler is the
 * `struct service`. */
#include "settlement/serve/routes.h"

#include "settlement/serve/health.h"
#include "settlement/serve/screens.h"
#include "settlement/tills/endpoints.h"

const struct http_route service_routes[] = {
    {.method = "GET", .pattern = "/health", .handle = health_endpoint, .execution = HTTP_WORKER},
    {.method = "POST",
     .pattern = "/v1/terminals/:terminal/journal",
     .handle = upload_endpoint,
     .execution = HTTP_WORKER,
     .body_limit = UPLOAD_MAX_BYTES},
    {.method = "GET",
     .pattern = "/v1/terminals/:terminal/position",
     .handle = position_endpoint,
     .execution = HTTP_WORKER},
    {.method = "GET", .pattern = "/v1/masters", .handle = masters_endpoint, .execution = HTTP_WORKER},
    {.method = "POST",
     .pattern = "/v1/enrolments",
     .handle = enrol_endpoint,
     .execution = HTTP_WORKER,
     .body_limit = ENROL_BODY_MAX_BYTES},
    {.method = "GET", .pattern = "/*", .handle = screens_endpoint, .execution = HTTP_INLINE},
};

const size_t service_routes_count = sizeof service_routes / sizeof service_routes[0];
