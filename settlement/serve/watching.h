/* What the service counts about its requests, and the log line of each. Counting is lock-free and done on the server's
 * thread; reading may be done from any. */
#pragma once

#include "common/http/server.h"

#include <stdatomic.h>

enum watching_requests { WATCHING_NO_REQUESTS, WATCHING_FAILURES, WATCHING_ALL_REQUESTS };

/* Requests of one kind share a histogram. */
enum watching_group { GROUP_UPLOAD, GROUP_TILL, GROUP_FINANCE, GROUP_OTHER, GROUP_COUNT };

enum {
    WATCHING_STATUSES = 17, /* HTTP statuses that are told apart; the last place takes all others */
    WATCHING_BUCKETS = 12   /* the last one is +Inf */
};

/* Upper bounds of the buckets, in microseconds, without the last. */
extern const int64_t watching_bounds_us[WATCHING_BUCKETS - 1];
/* The statuses in their order; 0 ends them and stands for "other". */
extern const unsigned watching_statuses[WATCHING_STATUSES];

struct watching_histogram {
    atomic_uint_fast64_t buckets[WATCHING_BUCKETS]; /* not cumulative */
    atomic_uint_fast64_t sum_us;
};

struct watching {
    const struct http_route *routes; /* borrowed */
    size_t route_count;
    enum watching_requests logged;
    atomic_uint_fast64_t (*by_route)[WATCHING_STATUSES]; /* route_count + 1 rows; the last for no route */
    struct watching_histogram durations[GROUP_COUNT];
    _Atomic(struct http_server *) server; /* NULL until it runs */
    atomic_bool is_stopping;
    int64_t started_at_ms;
};

/* STATUS_NO_MEMORY. *OUT is given: watching_destroy (NULL is fine). */
enum status watching_create(struct watching **out, const struct http_route *routes, size_t route_count,
                            enum watching_requests logged, int64_t now_ms, struct error_detail *err) MUST_CHECK;
void watching_destroy(struct watching *watching);

/* For http_server_options.observe; CONTEXT is the `struct service`. */
void watching_observe(const struct http_observation *observation, void *context);

const char *watching_group_name(enum watching_group group);
