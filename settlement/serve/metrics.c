/* The text format of Prometheus, 0.0.4: HELP and TYPE before each family, one sample a line. */
#include "settlement/serve/metrics.h"

#include "common/http/tls.h"
#include "common/signing/signing.h"
#include "settlement/intake/intake.h"
#include "settlement/serve/condition.h"
#include "settlement/serve/watching.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ANSWER_MAX_BYTES = 1024 * 1024 };

static bool
may_ask(const struct service *service, const struct http_request *request)
{
    if (service->metrics_token[0] == '\0') {
        return http_request_peer_is_loopback(request) && http_request_header(request, "X-Forwarded-For") == NULL;
    }
    static const char scheme[] = "Bearer ";
    const char *given = http_request_header(request, "Authorization");
    return given != NULL && strncmp(given, scheme, sizeof scheme - 1) == 0 &&
           strlen(given) == sizeof scheme - 1 + strlen(service->metrics_token) &&
           secrets_are_equal(given + sizeof scheme - 1, service->metrics_token, strlen(service->metrics_token));
}

static void
family(struct buffer *out, const char *name, const char *type, const char *help)
{
    buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
single(struct buffer *out, const char *name, const char *type, const char *help, int64_t value)
{
    family(out, name, type, help);
    buffer_printf(out, "%s %" PRId64 "\n", name, value);
}

/* VALUE is in millionths. */
static void
single_fraction(struct buffer *out, const char *name, const char *type, const char *help, int64_t value)
{
    family(out, name, type, help);
    buffer_printf(out, "%s %" PRId64 ".%06" PRId64 "\n", name, value / 1000000, value % 1000000);
}

static void
write_requests(struct buffer *out, struct watching *watching)
{
    static const char name[] = "madoguchi_http_requests_total";
    family(out, name, "counter", "Requests that have ended, by route, method and HTTP status.");
    for (size_t row = 0; row <= watching->route_count; row++) {
        const struct http_route *route = row < watching->route_count ? &watching->routes[row] : NULL;
        for (size_t column = 0; column < WATCHING_STATUSES; column++) {
            uint64_t value = atomic_load(&watching->by_route[row][column]);
            if (value == 0) {
                continue;
            }
            char status[16];
            snprintf(status, sizeof status, "%u", watching_statuses[column]);
            buffer_printf(out, "%s{route=\"%s\",method=\"%s\",status=\"%s\"} %" PRIu64 "\n", name,
                          route != NULL ? route->pattern : "none", route != NULL ? route->method : "any",
                          watching_statuses[column] != 0 ? status : "other", value);
        }
    }
}

static void
write_durations(struct buffer *out, struct watching *watching)
{
    static const char name[] = "madoguchi_http_request_duration_seconds";
    family(out, name, "histogram", "From the whole head of a request to its sent answer, without streams of events.");
    for (int group = 0; group < GROUP_COUNT; group++) {
        struct watching_histogram *histogram = &watching->durations[group];
        const char *label = watching_group_name((enum watching_group)group);
        uint64_t count = 0;
        for (size_t i = 0; i < WATCHING_BUCKETS; i++) {
            count += atomic_load(&histogram->buckets[i]);
            char bound[32] = "+Inf";
            if (i < WATCHING_BUCKETS - 1) {
                snprintf(bound, sizeof bound, "%" PRId64 ".%06" PRId64, watching_bounds_us[i] / 1000000,
                         watching_bounds_us[i] % 1000000);
            }
            buffer_printf(out, "%s_bucket{group=\"%s\",le=\"%s\"} %" PRIu64 "\n", name, label, bound, count);
        }
        uint64_t sum_us = atomic_load(&histogram->sum_us);
        buffer_printf(out, "%s_sum{group=\"%s\"} %" PRIu64 ".%06" PRIu64 "\n", name, label, sum_us / 1000000,
                      sum_us % 1000000);
        buffer_printf(out, "%s_count{group=\"%s\"} %" PRIu64 "\n", name, label, count);
    }
}

static void
write_server(struct buffer *out, struct watching *watching)
{
    struct http_server_counts counts;
    struct http_server *server = atomic_load(&watching->server);
    if (server == NULL) {
        return;
    }
    http_server_count(server, &counts);
    single(out, "madoguchi_http_connections", "gauge", "Open connections.", (int64_t)counts.connections);
    single(out, "madoguchi_http_connections_total", "counter", "Connections that were made.",
           (int64_t)counts.connections_begun);
    single(out, "madoguchi_http_connections_cut_total", "counter", "Connections that were cut off for slowness.",
           (int64_t)counts.connections_cut);
    single(out, "madoguchi_http_body_bytes", "gauge", "Memory of the bodies of requests.", (int64_t)counts.body_bytes);
    single(out, "madoguchi_http_waiting_requests", "gauge", "Requests that wait for a worker.",
           (int64_t)counts.waiting_jobs);
}

static void
write_intake(struct buffer *out, struct intake *intake)
{
    struct intake_counts counts;
    intake_count(intake, &counts);
    single(out, "madoguchi_intake_uploads_total", "counter", "Uploads that were decided upon.",
           (int64_t)counts.uploads);
    single(out, "madoguchi_intake_lines_total", "counter", "Journal lines that were stored.", (int64_t)counts.lines);
    single(out, "madoguchi_intake_refused_total", "counter", "Uploads for which the queue had no room.",
           (int64_t)counts.refused);
    single(out, "madoguchi_intake_commits_total", "counter", "Groups of uploads that were committed together.",
           (int64_t)counts.commits);
    single_fraction(out, "madoguchi_intake_commit_seconds_total", "counter", "Time that these commits took.",
                    (int64_t)counts.commit_us);
    single(out, "madoguchi_intake_waiting_uploads", "gauge", "Uploads that wait for the writer.",
           (int64_t)counts.waiting);
    single(out, "madoguchi_intake_waiting_bytes", "gauge", "Bytes of these uploads.", (int64_t)counts.waiting_bytes);
}

static void
write_condition(struct buffer *out, struct service *service)
{
    struct condition condition;
    struct error_detail err;
    condition_find(service, &condition, &err);
    single(out, "madoguchi_database_up", "gauge", "1 when the database answers.", condition.store_answers ? 1 : 0);
    if (condition.store_answers) {
        single(out, "madoguchi_ledger_waiting_uploads", "gauge", "Stored uploads that the ledger has not interpreted.",
               condition.waiting_runs);
        single_fraction(out, "madoguchi_ledger_lag_seconds", "gauge", "Age of the oldest of them.",
                        condition.ledger_lag_ms * 1000);
    }
    if (condition.knows_disk) {
        single(out, "madoguchi_disk_free_bytes", "gauge", "Free space where the database lies.",
               condition.disk_free_bytes);
        single(out, "madoguchi_disk_size_bytes", "gauge", "Size of that file system.", condition.disk_size_bytes);
    }
    if (service->tls != NULL) {
        single(out, "madoguchi_certificate_expires_timestamp_seconds", "gauge",
               "When the server's certificate ends to be valid.", http_tls_expires_at_ms(service->tls) / 1000);
    }
}

/* Resident memory in bytes; −1 when the system does not tell. */
static int64_t
resident_bytes(void)
{
    long pages = -1;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%*s %ld", &pages) != 1) {
        pages = -1;
    }
    if (file != NULL) {
        fclose(file);
    }
    return pages < 0 ? -1 : (int64_t)pages * sysconf(_SC_PAGESIZE);
}

static void
write_process(struct buffer *out, const struct watching *watching)
{
    struct timespec used;
    family(out, "madoguchi_build_info", "gauge", "Always 1; the version is the label.");
    buffer_printf(out, "madoguchi_build_info{version=\"%s\"} 1\n", MADOGUCHI_VERSION);
    single_fraction(out, "process_start_time_seconds", "gauge", "When the service started, seconds since 1970.",
                    watching->started_at_ms * 1000);
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0) {
        single_fraction(out, "process_cpu_seconds_total", "counter", "Processor time of all threads.",
                        (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000);
    }
    int64_t resident = resident_bytes();
    if (resident >= 0) {
        single(out, "process_resident_memory_bytes", "gauge", "Memory in use.", resident);
    }
}

void
metrics_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    if (!may_ask(service, request)) {
        error_set(&err, "not_for_you",
                  "metrics are read from this computer, or with the token of [metrics] token_file");
        http_respond_error(request, STATUS_UNAUTHORIZED, &err);
        return;
    }
    struct buffer text;
    buffer_init(&text, ANSWER_MAX_BYTES);
    write_process(&text, service->watching);
    write_requests(&text, service->watching);
    write_durations(&text, service->watching);
    write_server(&text, service->watching);
    write_intake(&text, service->intake);
    write_condition(&text, service);
    enum status status = buffer_check(&text, &err);
    if (status == STATUS_OK) {
        http_respond(request, 200, "text/plain; version=0.0.4; charset=utf-8", buffer_text(&text), text.length);
    } else {
        http_respond_error(request, status, &err);
    }
    buffer_finish(&text);
}
