/* The HTTP client, over libcurl. */
#include "common/http/client.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_CONNECT_TIMEOUT_MS = 3000, DEFAULT_TIMEOUT_MS = 15000 };

struct http_client {
    CURL *handle;
    char *ca_file; /* NULL: the system's */
    char *certificate_file;
    char *key_file;
    char reason[CURL_ERROR_SIZE]; /* libcurl's sentence about the last call */
    atomic_bool is_cancelled;
    bool has_whole_headers; /* of the answer that is coming in */
};

static pthread_once_t global_once = PTHREAD_ONCE_INIT;

static void
start_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

enum status
http_client_create(struct http_client **out, struct error_detail *err)
{
    pthread_once(&global_once, start_curl);
    struct http_client *client = calloc(1, sizeof *client);
    if (client != NULL) {
        client->handle = curl_easy_init();
    }
    if (client == NULL || client->handle == NULL) {
        free(client);
        error_set(err, "no_memory", "the HTTP client could not be made");
        return STATUS_NO_MEMORY;
    }
    *out = client;
    return STATUS_OK;
}

/* Looked at once, when the program starts: a mistake is found by the operator and not by a citizen. */
static enum status
take_file(char **out, const char *path, bool is_private, struct error_detail *err)
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
        status = take_file(&client->ca_file, security->ca_file, false, err);
    }
    if (status == STATUS_OK) {
        status = take_file(&client->certificate_file, security->certificate_file, false, err);
    }
    if (status == STATUS_OK) {
        status = take_file(&client->key_file, security->key_file, true, err);
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

void
http_client_destroy(struct http_client *client)
{
    if (client != NULL) {
        curl_easy_cleanup(client->handle);
        free(client->ca_file);
        free(client->certificate_file);
        free(client->key_file);
        free(client);
    }
}

void
http_client_cancel(struct http_client *client)
{
    atomic_store(&client->is_cancelled, true);
}

static int
on_progress(void *context, curl_off_t download_total, curl_off_t download_now, curl_off_t upload_total,
            curl_off_t upload_now)
{
    (void)download_total;
    (void)download_now;
    (void)upload_total;
    (void)upload_now;
    const struct http_client *client = context;
    return atomic_load(&client->is_cancelled) ? 1 : 0;
}

/* The empty line ends the headers. libcurl counts an answer that breaks off before it as a whole one without a body. */
static size_t
on_header(char *bytes /* NOLINT(readability-non-const-parameter): libcurl's prototype */, size_t size, size_t count,
          void *context)
{
    struct http_client *client = context;
    size_t length = size * count;
    client->has_whole_headers = length > 0 && (bytes[0] == '\r' || bytes[0] == '\n');
    return length;
}

static size_t
on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct buffer *body = context;
    buffer_append(body, bytes, size * count);
    return body->has_failed ? 0 : size * count;
}

/* Codes of a try that did not come to sending. */
static bool
is_before_sending(CURLcode code)
{
    return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
           code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_SSL_CONNECT_ERROR ||
           code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE;
}

static bool
is_about_certificates(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE;
}

static void
set_options(struct http_client *client, const struct http_call *call, struct curl_slist *headers,
            struct http_answer *answer)
{
    CURL *handle = client->handle;
    curl_easy_reset(handle); /* keeps the live connections */
    curl_easy_setopt(handle, CURLOPT_URL, call->url);
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, call->method);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, client->reason);
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    if (client->ca_file != NULL) {
        curl_easy_setopt(handle, CURLOPT_CAINFO, client->ca_file);
        curl_easy_setopt(handle, CURLOPT_CAPATH, NULL); /* the private root alone, not the world's beside it */
    }
    if (client->certificate_file != NULL) {
        curl_easy_setopt(handle, CURLOPT_SSLCERT, client->certificate_file);
        curl_easy_setopt(handle, CURLOPT_SSLKEY, client->key_file);
    }
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)(call->connect_timeout_ms > 0 ? call->connect_timeout_ms : DEFAULT_CONNECT_TIMEOUT_MS));
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)(call->timeout_ms > 0 ? call->timeout_ms : DEFAULT_TIMEOUT_MS));
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, client);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer->body);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, client);
    bool is_question = strcmp(call->method, "GET") == 0;
    if (call->body != NULL || !is_question) {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body_length);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, call->body != NULL ? call->body : "");
    }
    if (!is_question) {
        /* When a kept connection dies under a request, libcurl sends the request again by itself, though the peer may
         * have acted on the first: one charge would become two. Only a connection of its own prevents that. */
        curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
    }
}

static enum status
perform(struct http_client *client, struct http_answer *answer, struct error_detail *err)
{
    client->reason[0] = '\0';
    CURLcode code = curl_easy_perform(client->handle);
    const char *reason = client->reason[0] != '\0' ? client->reason : curl_easy_strerror(code);
    if (code == CURLE_OK && client->has_whole_headers) {
        long http_status = 0;
        curl_easy_getinfo(client->handle, CURLINFO_RESPONSE_CODE, &http_status);
        answer->http_status = (unsigned)http_status;
        return STATUS_OK;
    }
    /* Only a call that sent no byte can say "nothing was sent". The connect time does not tell (it is zero on a reused
     * connection), nor does the code alone: curl tries once more by itself when a reused connection dies under a
     * question, and the second try may fail to connect after the first was seen; and what is no HTTP at all comes back
     * as an "unsupported protocol". The size of what was sent counts both tries. */
    long sent_bytes = 0;
    curl_easy_getinfo(client->handle, CURLINFO_REQUEST_SIZE, &sent_bytes);
    bool is_unsent = sent_bytes == 0 && (is_before_sending(code) || code == CURLE_OPERATION_TIMEDOUT);
    if (is_unsent) {
        const bool is_refused = is_about_certificates(code);
        error_set(err, is_refused ? "certificate_refused" : "not_reached",
                  is_refused ? "the certificate is not believed: %s" : "not reached: %s", reason);
        return STATUS_UNREACHABLE;
    }
    if (answer->body.has_failed) {
        error_set(err, "no_answer", "the answer exceeds %zu bytes", answer->body.limit);
    } else {
        error_set(err, "no_answer", "no whole answer: %s", code == CURLE_OK ? "it broke off in its headers" : reason);
    }
    return STATUS_UNKNOWN_OUTCOME;
}

static void
keep_header(struct http_client *client, const char *name, char *out, size_t size)
{
    struct curl_header *header = NULL;
    bool is_there = name != NULL && curl_easy_header(client->handle, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK;
    if (is_there && strlen(header->value) < size) {
        memcpy(out, header->value, strlen(header->value) + 1);
    }
}

static void
keep_headers(struct http_client *client, const struct http_call *call, struct http_answer *answer)
{
    if (answer->http_status == 0) {
        return;
    }
    keep_header(client, call->wanted_header, answer->header, sizeof answer->header);
    for (size_t i = 0; i < call->wanted_count; i++) {
        keep_header(client, call->wanted[i].name, call->wanted[i].value, call->wanted[i].size);
    }
}

enum status
http_client_call(struct http_client *client, const struct http_call *call, struct http_answer *answer,
                 struct error_detail *err)
{
    if (atomic_load(&client->is_cancelled)) {
        error_set(err, "cancelled", "the program is stopping");
        return STATUS_UNREACHABLE;
    }
    answer->http_status = 0;
    answer->header[0] = '\0';
    for (size_t i = 0; i < call->wanted_count; i++) {
        call->wanted[i].value[0] = '\0';
    }
    client->has_whole_headers = false;
    buffer_clear(&answer->body);
    /* "Expect:" off: curl would wait a second for 100-continue before larger bodies. */
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    for (const char *const *line = call->headers; line != NULL && *line != NULL && headers != NULL; line++) {
        struct curl_slist *longer = curl_slist_append(headers, *line);
        if (longer == NULL) {
            curl_slist_free_all(headers);
        }
        headers = longer;
    }
    if (headers == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    set_options(client, call, headers, answer);
    enum status status = perform(client, answer, err);
    keep_headers(client, call, answer);
    curl_slist_free_all(headers);
    return status;
}
