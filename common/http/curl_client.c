/* The HTTP client, over libcurl: a module of its own. */
#include "common/http/curl_client.h"

#include "common/module/provide.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_CONNECT_TIMEOUT_MS = 3000, DEFAULT_TIMEOUT_MS = 15000 };

struct curl_client {
    CURL *handle;
    const struct http_security *security; /* the program's client keeps it */
    char reason[CURL_ERROR_SIZE];         /* libcurl's sentence about the last call */
    atomic_bool is_cancelled;
    bool has_whole_headers; /* of the answer that is coming in */
};

static pthread_once_t global_once = PTHREAD_ONCE_INIT;

static void
start_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static enum status
curl_client_create(struct curl_client **out, const struct http_security *security, struct error_detail *err)
{
    pthread_once(&global_once, start_curl);
    struct curl_client *client = calloc(1, sizeof *client);
    if (client != NULL) {
        client->security = security;
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

static void
curl_client_destroy(struct curl_client *client)
{
    if (client != NULL) {
        curl_easy_cleanup(client->handle);
        free(client);
    }
}

static void
curl_client_cancel(struct curl_client *client)
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
    const struct curl_client *client = context;
    return atomic_load(&client->is_cancelled) ? 1 : 0;
}

/* The empty line ends the headers. libcurl counts an answer that breaks off before it as a whole one without a body. */
static size_t
on_header(char *bytes /* NOLINT(readability-non-const-parameter): libcurl's prototype */, size_t size, size_t count,
          void *context)
{
    struct curl_client *client = context;
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

/* What is wrong with the peer's certificate. OpenSSL tells of the chain; the name is looked at by libcurl, after a
 * chain that is good. */
static const char *
certificate_fault(CURL *handle, CURLcode code)
{
    enum {
        GOOD,
        UNSPECIFIED,
        NOT_YET_VALID = 9,
        EXPIRED,
        SELF_SIGNED = 18,
        SELF_SIGNED_ROOT,
        NO_ISSUER_HERE,
        NO_ISSUER_FIRST
    };
    enum { NO_ISSUER = 2, OTHER_HOST = 62, OTHER_ADDRESS = 64 }; /* OpenSSL's numbers, which libcurl hands on */
    long result = GOOD;
    if (code != CURLE_PEER_FAILED_VERIFICATION ||
        curl_easy_getinfo(handle, CURLINFO_SSL_VERIFYRESULT, &result) != CURLE_OK) {
        return "certificate_refused";
    }
    switch (result) {
    case GOOD:
    case UNSPECIFIED: /* what libcurl begins with, and leaves when the chain is good and the name is not */
    case OTHER_HOST:
    case OTHER_ADDRESS:
        return "certificate_wrong_name";
    case EXPIRED:
        return "certificate_expired";
    case NOT_YET_VALID:
        return "certificate_not_yet_valid";
    case SELF_SIGNED:
    case SELF_SIGNED_ROOT:
    case NO_ISSUER:
    case NO_ISSUER_HERE:
    case NO_ISSUER_FIRST:
        return "certificate_unknown_issuer";
    default:
        return "certificate_refused";
    }
}

static void
set_options(struct curl_client *client, const struct http_call *call, struct curl_slist *headers,
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
    if (client->security->ca_file != NULL) {
        curl_easy_setopt(handle, CURLOPT_CAINFO, client->security->ca_file);
        curl_easy_setopt(handle, CURLOPT_CAPATH, NULL); /* the private root alone, not the world's beside it */
    }
    if (client->security->certificate_file != NULL) {
        curl_easy_setopt(handle, CURLOPT_SSLCERT, client->security->certificate_file);
        curl_easy_setopt(handle, CURLOPT_SSLKEY, client->security->key_file);
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
perform(struct curl_client *client, struct http_answer *answer, struct error_detail *err)
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
        error_set(err, is_refused ? certificate_fault(client->handle, code) : "not_reached",
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
keep_header(struct curl_client *client, const char *name, char *out, size_t size)
{
    struct curl_header *header = NULL;
    bool is_there = name != NULL && curl_easy_header(client->handle, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK;
    if (is_there && strlen(header->value) < size) {
        memcpy(out, header->value, strlen(header->value) + 1);
    }
}

static void
keep_headers(struct curl_client *client, const struct http_call *call, struct http_answer *answer)
{
    if (answer->http_status == 0) {
        return;
    }
    keep_header(client, call->wanted_header, answer->header, sizeof answer->header);
    for (size_t i = 0; i < call->wanted_count; i++) {
        keep_header(client, call->wanted[i].name, call->wanted[i].value, call->wanted[i].size);
    }
}

static enum status
curl_client_call(struct curl_client *client, const struct http_call *call, struct http_answer *answer,
                 struct error_detail *err)
{
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

static const struct curl_client_operations operations = {
    .create = curl_client_create,
    .destroy = curl_client_destroy,
    .call = curl_client_call,
    .cancel = curl_client_cancel,
};

const struct module_provides madoguchi_module = {
    .version = MADOGUCHI_VERSION,
    .operations_size = sizeof operations,
    .operations = &operations,
};
