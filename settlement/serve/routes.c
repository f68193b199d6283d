/* The table of addresses. `/v1/` is for tills (docs/protocol/journal.md), `/api/` for finance staff
 * (docs/protocol/finance-http.md, web/routes.c), everything else the screens' files. The context of every handler is
 * the `struct service`. */
#include "settlement/serve/routes.h"

#include "settlement/serve/health.h"
#include "settlement/serve/metrics.h"
#include "settlement/serve/screens.h"
#include "settlement/tills/endpoints.h"
#include "settlement/web/routes.h"

#include <stdlib.h>
#include <string.h>

static const struct http_route till_routes[] = {
    {.method = "GET", .pattern = "/health", .handle = health_endpoint, .execution = HTTP_WORKER},
    {.method = "GET", .pattern = "/healthz", .handle = healthz_endpoint, .execution = HTTP_INLINE},
    {.method = "GET", .pattern = "/readyz", .handle = readyz_endpoint, .execution = HTTP_WORKER},
    {.method = "GET", .pattern = "/metrics", .handle = metrics_endpoint, .execution = HTTP_WORKER},
    {.method = "POST",
     .pattern = "/v1/terminals/:terminal/journal",
     .handle = upload_endpoint,
     .execution = HTTP_WORKER,
     .body_limit = UPLOAD_MAX_BYTES},
    {.method = "GET",
     .pattern = "/v1/terminals/:terminal/position",
     .handle = position_endpoint,
     .execution = HTTP_WORKER},
    {.method = "GET", .pattern = "/v1/terminals/:terminal/proofs", .handle = proofs_endpoint, .execution = HTTP_WORKER},
    {.method = "GET", .pattern = "/v1/masters", .handle = masters_endpoint, .execution = HTTP_WORKER},
    {.method = "POST",
     .pattern = "/v1/enrolments",
     .handle = enrol_endpoint,
     .execution = HTTP_WORKER,
     .body_limit = ENROL_BODY_MAX_BYTES},
};

/* Last, because the first row that matches wins. */
static const struct http_route screen_routes[] = {
    {.method = "GET", .pattern = "/*", .handle = screens_endpoint, .execution = HTTP_INLINE},
};

enum {
    TILL_ROUTE_COUNT = sizeof till_routes / sizeof till_routes[0],
    SCREEN_ROUTE_COUNT = sizeof screen_routes / sizeof screen_routes[0]
};

enum status
service_routes_create(struct http_route **out, size_t *out_count, struct error_detail *err)
{
    size_t count = TILL_ROUTE_COUNT + finance_routes_count + SCREEN_ROUTE_COUNT;
    struct http_route *routes = calloc(count, sizeof *routes);
    if (routes == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    memcpy(routes, till_routes, sizeof till_routes);
    memcpy(routes + TILL_ROUTE_COUNT, finance_routes, finance_routes_count * sizeof *routes);
    memcpy(routes + TILL_ROUTE_COUNT + finance_routes_count, screen_routes, sizeof screen_routes);
    *out = routes;
    *out_count = count;
    return STATUS_OK;
}
