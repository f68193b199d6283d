/* Start and stop, in order: what is started later may use what was started before, and is stopped first. */
#include "settlement/serve/serve.h"

#include "common/http/files.h"
#include "common/http/tls.h"
#include "common/log/log.h"
#include "settlement/imports/layouts.h"
#include "settlement/intake/intake.h"
#include "settlement/ledger/ledger_thread.h"
#include "settlement/masters/book.h"
#include "settlement/masters/signature.h"
#include "settlement/nightly/nightly_thread.h"
#include "settlement/serve/equip.h"
#include "settlement/serve/routes.h"
#include "settlement/serve/settings.h"
#include "settlement/serve/watching.h"
#include "settlement/service.h"
#include "settlement/web/admit.h"
#include "settlement/work/works.h"

#include <stdio.h>
#include <stdlib.h>

struct serving {
    struct service service;
    struct http_files *files;
    struct layouts *layouts;
    struct signing_key *masters_key;
    struct http_route *routes;
    struct http_tls *tls; /* NULL: plain HTTP */
    struct http_server *server;
    struct nightly_thread *nightly; /* NULL: no hour is set */
};

/* Tell the finance screens that WHAT changed; they ask again. */
static void
publish_change(struct service *service, const char *what)
{
    char event[64];
    int length = snprintf(event, sizeof event, "{\"what\":\"%s\"}", what);
    http_event_hub_publish(service->hub, "changed", event, (size_t)length);
}

static void
on_lines_came(void *context)
{
    struct service *service = context;
    ledger_thread_wake(service->ledger);
}

static void
on_fork_found(void *context, const char *terminal, int64_t sequence)
{
    log_line(LOG_LEVEL_ERROR, terminal, "quarantined: two different lines under sequence %lld", (long long)sequence);
    publish_change(context, "terminals");
}

static void
on_ledger_advanced(const struct ledger_advance *advance, void *context)
{
    if (advance->parked > 0) {
        log_line(LOG_LEVEL_WARNING, "ledger", "%lld lines could not be interpreted and are parked",
                 (long long)advance->parked);
        publish_change(context, "parked");
    }
    publish_change(context, "journal");
}

static void
on_night_done(void *context)
{
    publish_change(context, "discrepancies");
    publish_change(context, "assessments");
}

static enum status
start_nights(struct serving *serving, const struct config *settings, struct error_detail *err)
{
    struct nightly_hours hours = {.backup_folder = config_text(settings, "nightly", "backup_folder"),
                                  .layouts_folder = config_text(settings, "imports", "layouts"),
                                  .copies_kept = config_integer(settings, "nightly", "copies"),
                                  .works = serving->service.works,
                                  .listener = on_night_done,
                                  .context = &serving->service};
    const char *at = config_text(settings, "nightly", "at");
    if (at[0] == '\0') {
        return STATUS_OK;
    }
    if (!nightly_minute_read(&hours.minute, at)) {
        return config_reject(settings, "nightly", "at", err, "is not an hour like 03:30");
    }
    return nightly_thread_start(&serving->nightly, serving->service.store, serving->service.clock, &hours, err);
}

/* Both files or none. */
static enum status
open_tls(struct serving *serving, const struct config *settings, struct error_detail *err)
{
    const char *certificate = config_text(settings, "listen", "certificate_file");
    const char *key = config_text(settings, "listen", "key_file");
    if ((certificate[0] == '\0') != (key[0] == '\0')) {
        return config_reject(settings, "listen", certificate[0] == '\0' ? "certificate_file" : "key_file", err,
                             "is missing: HTTPS needs both certificate_file and key_file");
    }
    return certificate[0] != '\0' ? http_tls_open(&serving->tls, certificate, key, err) : STATUS_OK;
}

static enum status
start_server(struct serving *serving, const struct config *settings, struct error_detail *err)
{
    size_t route_count;
    enum status status = service_routes_create(&serving->routes, &route_count, err);
    if (status == STATUS_OK) {
        status = open_tls(serving, settings, err);
    }
    if (status == STATUS_OK) {
        serving->service.tls = serving->tls;
        status = equip_watching(&serving->service, settings, serving->routes, route_count, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct http_server_options options = {
        .address = config_text(settings, "listen", "address"),
        .port = (uint16_t)config_integer(settings, "listen", "port"),
        .tls = serving->tls,
        .routes = serving->routes,
        .route_count = route_count,
        .admit = web_admit,
        .observe = watching_observe,
        .context = &serving->service,
        .worker_threads = (unsigned)config_integer(settings, "listen", "workers"),
        .connection_limit = (unsigned)config_integer(settings, "listen", "connections"),
        .address_connection_limit = (unsigned)config_integer(settings, "listen", "connections_per_address"),
        .patience_seconds = (unsigned)config_integer(settings, "listen", "patience_seconds"),
    };
    status = http_server_start(&serving->server, &options, err);
    if (status == STATUS_OK) {
        atomic_store(&serving->service.watching->server, serving->server);
    }
    return status;
}

static enum status
open_masters(struct serving *serving, const struct config *settings, struct error_detail *err)
{
    struct buffer path;
    buffer_init(&path, 4096);
    enum status status = settings_masters_key(&path, config_text(settings, "masters", "key_file"),
                                              config_text(settings, "store", "database"), err);
    if (status == STATUS_OK) {
        status = masters_key_open(&serving->masters_key, serving->service.store, buffer_text(&path),
                                  clock_now_ms(&serving->service.clock), err);
    }
    if (status == STATUS_OK) {
        status = masters_shelf_create(&serving->service.shelf, err);
    }
    serving->service.masters_key = serving->masters_key;
    buffer_finish(&path);
    return status;
}

static enum status
start_parts(struct serving *serving, const struct config *settings, struct error_detail *err)
{
    struct service *service = &serving->service;
    service->clock = clock_system();
    enum status status = store_open(&service->store, config_text(settings, "store", "database"), err);
    if (status != STATUS_OK) {
        return status;
    }
    status = open_masters(serving, settings, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = works_create(&service->works, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = http_event_hub_create(&service->hub, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = layouts_load(&serving->layouts, config_text(settings, "imports", "layouts"), err);
    if (status != STATUS_OK) {
        return status;
    }
    service->layouts = serving->layouts;
    const char *share = config_text(settings, "screens", "share");
    if (share[0] != '\0') {
        status = http_files_load(&serving->files, share, err);
        if (status != STATUS_OK) {
            return status;
        }
        service->files = serving->files;
    }
    status = ledger_thread_start(&service->ledger, service->store, on_ledger_advanced, service, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct intake_listener listener = {.lines_came = on_lines_came, .fork_found = on_fork_found, .context = service};
    status = intake_start(&service->intake, service->store, service->clock, &listener, err);
    if (status == STATUS_OK) {
        status = start_server(serving, settings, err);
    }
    return status == STATUS_OK ? start_nights(serving, settings, err) : status;
}

enum status
serving_start(struct serving **out, const struct config *settings, struct error_detail *err)
{
    struct serving *serving = calloc(1, sizeof *serving);
    if (serving == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    enum status status = start_parts(serving, settings, err);
    if (status != STATUS_OK) {
        serving_stop(serving);
        return status;
    }
    *out = serving;
    return STATUS_OK;
}

uint16_t
serving_port(const struct serving *serving)
{
    return http_server_port(serving->server);
}

bool
serving_is_secure(const struct serving *serving)
{
    return serving->tls != NULL;
}

enum status
serving_reload(struct serving *serving, bool *out_has_changed, struct error_detail *err)
{
    *out_has_changed = false;
    return serving->tls != NULL ? http_tls_reload(serving->tls, out_has_changed, err) : STATUS_OK;
}

void
serving_stop(struct serving *serving)
{
    if (serving == NULL) {
        return;
    }
    if (serving->service.watching != NULL) {
        atomic_store(&serving->service.watching->is_stopping, true);
    }
    works_cancel_all(serving->service.works); /* long work ends at its next safe point, and what it worked on waits */
    intake_drain(serving->service.intake);    /* answers every upload that waits; later ones are told to come again */
    http_server_stop(serving->server);
    http_tls_close(serving->tls);
    nightly_thread_stop(serving->nightly);
    works_destroy(serving->service.works);
    watching_destroy(serving->service.watching);
    free(serving->routes);
    intake_destroy(serving->service.intake);
    ledger_thread_stop(serving->service.ledger);
    http_event_hub_destroy(serving->service.hub);
    http_files_destroy(serving->files);
    layouts_destroy(serving->layouts);
    signing_key_destroy(serving->masters_key);
    masters_shelf_destroy(serving->service.shelf);
    store_close(serving->service.store);
    free(serving);
}
