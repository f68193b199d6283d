/* The table of addresses. `/v1/` is for tills (docs/protocol/journal.md), `/api/` for finance staff
 * (docs/protocol/finance-http.md), everything else the screens' files. The context of every handler is the
 * `struct service`. */
#include "settlement/serve/routes.h"

#include "settlement/serve/health.h"
#include "settlement/serve/screens.h"

const struct http_route service_routes[] = {
    {.method = "GET", .pattern = "/health", .handle = health_endpoint, .execution = HTTP_WORKER},
    {.method = "GET", .pattern = "/*", .handle = screens_endpoint, .execution = HTTP_INLINE},
};

const size_t service_routes_count = sizeof service_routes / sizeof service_routes[0];
