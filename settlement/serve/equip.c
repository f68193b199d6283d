/* Settings of logs, metrics and readiness. */
#include "settlement/serve/equip.h"

#include "common/log/log.h"
#include "common/signing/signing.h"
#include "settlement/serve/watching.h"

#include <stdio.h>
#include <string.h>

enum { TOKEN_MIN = 16, TOKEN_MAX = 128 };

static enum status
choose_format(const struct config *settings, struct error_detail *err)
{
    const char *format = config_text(settings, "log", "format");
    if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0) {
        return config_reject(settings, "log", "format", err, "is text or json");
    }
    log_set_format(strcmp(format, "json") == 0 ? LOG_FORMAT_JSON : LOG_FORMAT_TEXT);
    return STATUS_OK;
}

static enum status
choose_requests(const struct config *settings, enum watching_requests *out, struct error_detail *err)
{
    static const char *const words[] = {
        [WATCHING_NO_REQUESTS] = "none", [WATCHING_FAILURES] = "failures", [WATCHING_ALL_REQUESTS] = "all"};
    const char *requests = config_text(settings, "log", "requests");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(requests, words[i]) == 0) {
            *out = (enum watching_requests)i;
            return STATUS_OK;
        }
    }
    return config_reject(settings, "log", "requests", err, "is none, failures or all");
}

static enum status
read_token(struct service *service, const struct config *settings, struct error_detail *err)
{
    const char *path = config_text(settings, "metrics", "token_file");
    if (path[0] == '\0') {
        return STATUS_OK;
    }
    struct buffer text;
    buffer_init(&text, 1024);
    buffer_reserve(&text, 1024);
    enum status status = file_check_private(path, err);
    if (status == STATUS_OK) {
        status = buffer_read_file(&text, path, err);
    }
    if (status == STATUS_OK) {
        size_t length = strcspn(buffer_text(&text), "\r\n");
        if (length < TOKEN_MIN || length > TOKEN_MAX) {
            error_set(err, "wrong_token", "%s: a token has %d to %d letters on one line", path, TOKEN_MIN, TOKEN_MAX);
            status = STATUS_INVALID;
        } else {
            memcpy(service->metrics_token, buffer_text(&text), length);
        }
    }
    if (text.data != NULL) {
        secret_wipe(text.data, text.length);
    }
    buffer_finish(&text);
    return status;
}

/* The folder of the file DATABASE. */
static void
find_data_folder(struct service *service, const char *database)
{
    const char *slash = strrchr(database, '/');
    if (slash == NULL) {
        snprintf(service->data_folder, sizeof service->data_folder, ".");
    } else {
        snprintf(service->data_folder, sizeof service->data_folder, "%.*s", (int)(slash - database + 1), database);
    }
}

enum status
equip_watching(struct service *service, const struct config *settings, const struct http_route *routes,
               size_t route_count, struct error_detail *err)
{
    enum watching_requests requests = WATCHING_FAILURES;
    find_data_folder(service, config_text(settings, "store", "database"));
    service->ready_lag_ms = config_integer(settings, "ready", "ledger_lag_seconds") * 1000;
    service->ready_disk_bytes = config_integer(settings, "ready", "disk_free_mib") * 1024 * 1024;
    enum status status = choose_format(settings, err);
    if (status == STATUS_OK) {
        status = choose_requests(settings, &requests, err);
    }
    if (status == STATUS_OK) {
        status = read_token(service, settings, err);
    }
    if (status == STATUS_OK) {
        status = watching_create(&service->watching, routes, route_count, requests, clock_now_ms(&service->clock), err);
    }
    return status;
}
