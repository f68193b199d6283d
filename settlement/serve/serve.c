/* Start and stop, in order: what is started later may use what was started before, and is stopped first. */
#include "settlement/serve/serve.h"

#include "common/http/files.h"
#include "settlement/serve/routes.h"
#include "settlement/service.h"

#include <stdlib.h>

struct serving {
    struct service service;
    struct http_files *files;
    struct http_server *server;
};

static enum status
start_server(struct serving *serving, const struct config *settings, struct error_detail *err)
{
    struct http_server_options options = {
        .address = config_text(settings, "listen", "address"),
        .port = (uint16_t)config_integer(settings, "listen", "port"),
        .routes = service_routes,
        .route_count = service_routes_count,
        .context = &serving->service,
        .worker_threads = (unsigned)config_integer(settings, "listen", "workers"),
        .connection_limit = (unsigned)config_integer(settings, "listen", "connections"),
    };
    return http_server_start(&serving->server, &options, err);
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
    status = http_event_hub_create(&service->hub, err);
    if (status != STATUS_OK) {
        return status;
    }
    const char *share = config_text(settings, "screens", "share");
    if (share[0] != '\0') {
        status = http_files_load(&serving->files, share, err);
        if (status != STATUS_OK) {
            return status;
        }
        service->files = serving->files;
    }
    return start_server(serving, settings, err);
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

void
serving_stop(struct serving *serving)
{
    if (serving == NULL) {
        return;
    }
    http_server_stop(serving->server);
    http_event_hub_destroy(serving->service.hub);
    http_files_destroy(serving->files);
    store_close(serving->service.store);
    free(serving);
}
