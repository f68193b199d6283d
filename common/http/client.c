/* The HTTP client as the program has it. The one idea: the module (libcurl and all it stands on) is loaded by the first
 * call and not when a client is made, so that a till sells before it can send. */
#include "common/http/client.h"

#include "common/http/curl_client.h"
#include "common/module/module.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static struct module module = MODULE_INIT(HTTP_CLIENT_MODULE, struct curl_client_operations);

/* INVARIANT: `operations` is set before `curl`, and neither changes afterwards. */
struct http_client {
    atomic_bool is_cancelled;
    struct http_security security; /* owned texts, or NULL */
    const struct curl_client_operations *operations;
    _Atomic(struct curl_client *) curl; /* NULL until the first call; another thread may cancel it */
};

enum status
http_client_create(struct http_client **out, struct error_detail *err)
{
    struct http_client *client = calloc(1, sizeof *client);
    if (client == NULL) {
        error_set(err, "no_memory", "the HTTP client could not be made");
        return STATUS_NO_MEMORY;
    }
    *out = client;
    return STATUS_OK;
}

/* Looked at once, when the program starts: a mistake is found by the operator and not by a citizen. */
static enum status
take_file(const char **out, const char *path, bool is_private, struct error_detail *err)
{
    if (path == NULL || path[0] == '\0') {
        return STATUS_OK;
    }
    enum status status = is_private ? file_check_private(path, err) : file_check_readable(path, err);
    if (status == STATUS_OK && (*out = strdup(path)) == NULL) {
        error_set(err, "no_memory", "out of memory");
        status = STATUS_NO_MEMORY;
    }
    return status;
}

enum status
http_client_create_secure(struct http_client **out, const struct http_security *security, struct error_detail *err)
{
    struct http_client *client = NULL;
    enum status status = http_client_create(&client, err);
    if (status == STATUS_OK) {
        status = take_file(&client->security.ca_file, security->ca_file, false, err);
    }
    if (status == STATUS_OK) {
        status = take_file(&client->security.certificate_file, security->certificate_file, false, err);
    }
    if (status == STATUS_OK) {
        status = take_file(&client->security.key_file, security->key_file, true, err);
    }
    if (status != STATUS_OK) {
        http_client_destroy(client);
        return status;
    }
    *out = client;
    return STATUS_OK;
}

bool
http_url_keeps_secrets(const char *url)
{
    static const char *const beginnings[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
    if (strncmp(url, "https://", 8) == 0) {
        return true;
    }
    if (strchr(url, '@') != NULL) {
        return false; /* what stands before it is no host */
    }
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        const size_t length = strlen(beginnings[i]);
        /* The host ends there: 127.0.0.1.example.com is somebody else's. */
        if (strncmp(url, beginnings[i], length) == 0 &&
            (url[length] == '\0' || url[length] == ':' || url[length] == '/')) {
            return true;
        }
    }
    return false;
}

bool
http_is_about_certificates(const struct error_detail *err)
{
    static const char beginning[] = "certificate_";
    return strncmp(err->code, beginning, sizeof beginning - 1) == 0;
}

void
http_client_destroy(struct http_client *client)
{
    if (client == NULL) {
        return;
    }
    struct curl_client *curl = atomic_load(&client->curl);
    if (curl != NULL) {
        client->operations->destroy(curl);
    }
    free((char *)client->security.ca_file);
    free((char *)client->security.certificate_file);
    free((char *)client->security.key_file);
    free(client);
}

void
http_client_cancel(struct http_client *client)
{
    atomic_store(&client->is_cancelled, true);
    struct curl_client *curl = atomic_load(&client->curl);
    if (curl != NULL) {
        client->operations->cancel(curl);
    }
}

static enum status
connect_module(struct http_client *client, struct error_detail *err)
{
    const void *operations;
    struct curl_client *curl = NULL;
    enum status status = module_operations(&module, &operations, err);
    if (status == STATUS_OK) {
        client->operations = operations;
        status = client->operations->create(&curl, &client->security, err);
    }
    if (status == STATUS_OK) {
        atomic_store(&client->curl, curl);
    }
    return status;
}

static void
forget_answer(const struct http_call *call, struct http_answer *answer)
{
    answer->http_status = 0;
    answer->header[0] = '\0';
    for (size_t i = 0; i < call->wanted_count; i++) {
        call->wanted[i].value[0] = '\0';
    }
    buffer_clear(&answer->body);
}

enum status
http_client_call(struct http_client *client, const struct http_call *call, struct http_answer *answer,
                 struct error_detail *err)
{
    if (atomic_load(&client->curl) == NULL) {
        if (connect_module(client, err) != STATUS_OK) {
            forget_answer(call, answer);
            return STATUS_UNREACHABLE; /* whatever the reason: nothing was sent */
        }
    }
    /* Who cancelled before there was something to cancel is heard here. */
    if (atomic_load(&client->is_cancelled)) {
        error_set(err, "cancelled", "the program is stopping");
        return STATUS_UNREACHABLE;
    }
    return client->operations->call(atomic_load(&client->curl), call, answer, err);
}
