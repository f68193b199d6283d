/* Counters and the request log. */
#include "settlement/serve/watching.h"

#include "common/log/log.h"
#include "settlement/service.h"

#include <stdlib.h>
#include <string.h>

const int64_t watching_bounds_us[WATCHING_BUCKETS - 1] = {1000,   2500,   5000,    10000,   25000,   50000,
                                                          100000, 250000, 1000000, 5000000, 30000000};
const unsigned watching_statuses[WATCHING_STATUSES] = {200, 201, 204, 304, 400, 401, 403, 404, 405,
                                                       409, 413, 415, 429, 500, 502, 503, 0};

const char *
watching_group_name(enum watching_group group)
{
    static const char *const names[] = {
        [GROUP_UPLOAD] = "upload", [GROUP_TILL] = "till", [GROUP_FINANCE] = "finance", [GROUP_OTHER] = "other"};
    return names[group];
}

enum status
watching_create(struct watching **out, const struct http_route *routes, size_t route_count,
                enum watching_requests logged, int64_t now_ms, struct error_detail *err)
{
    struct watching *watching = calloc(1, sizeof *watching);
    if (watching == NULL || (watching->by_route = calloc(route_count + 1, sizeof *watching->by_route)) == NULL) {
        free(watching);
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    watching->routes = routes;
    watching->route_count = route_count;
    watching->logged = logged;
    watching->started_at_ms = now_ms;
    *out = watching;
    return STATUS_OK;
}

void
watching_destroy(struct watching *watching)
{
    if (watching != NULL) {
        free(watching->by_route);
        free(watching);
    }
}

static enum watching_group
group_of(const struct http_route *route)
{
    if (route == NULL) {
        return GROUP_OTHER;
    }
    if (strcmp(route->pattern, "/v1/terminals/:terminal/journal") == 0) {
        return GROUP_UPLOAD;
    }
    return strncmp(route->pattern, "/v1/", 4) == 0    ? GROUP_TILL
           : strncmp(route->pattern, "/api/", 5) == 0 ? GROUP_FINANCE
                                                      : GROUP_OTHER;
}

static void
count(struct watching *watching, const struct http_observation *observation)
{
    size_t row = observation->route != NULL ? (size_t)(observation->route - watching->routes) : watching->route_count;
    size_t column = 0;
    while (watching_statuses[column] != 0 && watching_statuses[column] != observation->http_status) {
        column++;
    }
    atomic_fetch_add(&watching->by_route[row][column], 1);
    /* A stream of events lasts as long as somebody looks; it would drown the others. */
    if (observation->route != NULL && strcmp(observation->route->pattern, "/api/events") == 0) {
        return;
    }
    struct watching_histogram *histogram = &watching->durations[group_of(observation->route)];
    size_t bucket = 0;
    while (bucket < WATCHING_BUCKETS - 1 && observation->duration_us > watching_bounds_us[bucket]) {
        bucket++;
    }
    atomic_fetch_add(&histogram->buckets[bucket], 1);
    atomic_fetch_add(&histogram->sum_us, (uint64_t)observation->duration_us);
}

static void
log_request(const struct http_observation *observation)
{
    const struct log_member members[] = {
        {.name = "request", .text = observation->id},
        {.name = "method", .text = observation->method},
        {.name = "path", .text = observation->path},
        {.name = "terminal", .text = observation->subject},
        {.name = "status", .number = observation->http_status},
        {.name = "outcome", .text = observation->outcome[0] != '\0' ? observation->outcome : "ok"},
        {.name = "duration_us", .number = observation->duration_us},
    };
    enum log_level level = observation->http_status >= 500 ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO;
    log_event(level, "request", "answered", members, sizeof members / sizeof members[0]);
}

void
watching_observe(const struct http_observation *observation, void *context)
{
    const struct service *service = context;
    count(service->watching, observation);
    bool is_failure = observation->http_status >= 400;
    if (service->watching->logged == WATCHING_ALL_REQUESTS ||
        (service->watching->logged == WATCHING_FAILURES && is_failure)) {
        log_request(observation);
    }
}
