/* Calls to the settlement service, signed with the till's key. */
#include "pos/uplink/service.h"

#include "common/bytes/encoding.h"
#include "common/json/reader.h"
#include "common/json/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER_SIZE = 256,
    UPLOAD_TIMEOUT_MS = 20000,
    ASK_TIMEOUT_MS = 10000,
    MASTERS_TIMEOUT_MS = 60000,
    REPLY_MAX_BYTES = 64 * 1024,
    RETRY_AFTER_MAX_S = 300 /* a service that asks for more is not believed */
};

static enum status
sign_header(const struct settlement_service *service, const struct buffer *statement, char out[HEADER_SIZE],
            struct error_detail *err)
{
    uint8_t signature[SIGNATURE_SIZE];
    char text[BASE64_SIZE(SIGNATURE_SIZE)];
    enum status status = signing_key_sign(service->key, buffer_text(statement), statement->length, signature, err);
    if (status == STATUS_OK) {
        base64_encode(text, signature, sizeof signature);
        snprintf(out, HEADER_SIZE, "Madoguchi-Signature: %s", text);
    }
    return status;
}

static void
copy_text(const struct json_value *object, const char *key, char *out, size_t size)
{
    const char *text = "";
    json_as_text(json_member(object, key), &text);
    snprintf(out, size, "%s", text);
}

static bool
read_position(const struct json_value *object, struct journal_position *out)
{
    const char *hash;
    return json_as_int(json_member(object, "sequence"), &out->sequence) &&
           json_as_text(json_member(object, "hash"), &hash) &&
           hex_decode(out->hash, SHA256_SIZE, hash, strlen(hash)) == STATUS_OK;
}

/* `acknowledged` may stand at the top or inside the error. */
static enum status
read_reply(const struct http_answer *answer, struct service_reply *out, struct error_detail *err)
{
    struct json_value *json;
    *out = (struct service_reply){.http_status = answer->http_status};
    if (answer->http_status == 503 && strspn(answer->header, "0123456789") > 0) {
        unsigned long seconds = strtoul(answer->header, NULL, 10);
        out->retry_after_ms = (unsigned)(seconds < RETRY_AFTER_MAX_S ? seconds : RETRY_AFTER_MAX_S) * 1000;
    }
    enum status status = json_parse(&json, buffer_text(&answer->body), answer->body.length, err);
    if (status != STATUS_OK) {
        error_set(err, "garbled_answer", "the settlement service answered %u with something that is not JSON",
                  answer->http_status);
        return STATUS_UNKNOWN_OUTCOME;
    }
    const struct json_value *error = json_member(json, "error");
    copy_text(error, "code", out->code, sizeof out->code);
    copy_text(error, "message", out->message, sizeof out->message);
    out->has_acknowledged = read_position(json_member(json, "acknowledged"), &out->acknowledged) ||
                            read_position(json_member(error, "acknowledged"), &out->acknowledged);
    json_free(json);
    return STATUS_OK;
}

enum status
service_upload(struct settlement_service *service, int64_t first, const struct journal_position *last,
               const struct buffer *lines, struct service_reply *out, struct error_detail *err)
{
    char url[SERVICE_URL_SIZE + 64];
    char signature[HEADER_SIZE];
    struct buffer statement;
    struct http_answer answer;
    buffer_init(&statement, 512);
    buffer_init(&answer.body, REPLY_MAX_BYTES);
    enum status status =
        journal_upload_statement(&statement, service->terminal, first, last->sequence, last->hash, err);
    if (status == STATUS_OK) {
        status = sign_header(service, &statement, signature, err);
    }
    if (status == STATUS_OK) {
        const char *headers[] = {"Content-Type: application/x-ndjson", signature, NULL};
        snprintf(url, sizeof url, "%s/v1/terminals/%s/journal", service->url, service->terminal);
        const struct http_call call = {.method = "POST",
                                       .url = url,
                                       .headers = headers,
                                       .body = buffer_text(lines),
                                       .body_length = lines->length,
                                       .timeout_ms = UPLOAD_TIMEOUT_MS,
                                       .wanted_header = "Retry-After"};
        status = http_client_call(service->client, &call, &answer, err);
    }
    if (status == STATUS_OK) {
        status = read_reply(&answer, out, err);
    }
    buffer_finish(&statement);
    buffer_finish(&answer.body);
    return status;
}

/* A signed GET of CALL's path, with its wanted header and time-out. EXTRA is one more header, or NULL. */
static enum status
signed_get(struct settlement_service *service, struct http_call call, int64_t now_ms, const char *extra,
           struct http_answer *answer, struct error_detail *err)
{
    char url[SERVICE_URL_SIZE + 96];
    char terminal[64];
    char time[64];
    char signature[HEADER_SIZE];
    struct buffer statement;
    buffer_init(&statement, 1024);
    const char *path = call.url;
    snprintf(url, sizeof url, "%s%s", service->url, path);
    snprintf(terminal, sizeof terminal, "Madoguchi-Terminal: %s", service->terminal);
    snprintf(time, sizeof time, "Madoguchi-Time: %lld", (long long)now_ms);
    enum status status = signed_request_statement(&statement, service->terminal, "GET", path, now_ms, "", 0, err);
    if (status == STATUS_OK) {
        status = sign_header(service, &statement, signature, err);
    }
    if (status == STATUS_OK) {
        const char *headers[] = {terminal, time, signature, extra, NULL};
        call.method = "GET";
        call.url = url;
        call.headers = headers;
        status = http_client_call(service->client, &call, answer, err);
    }
    buffer_finish(&statement);
    return status;
}

enum status
service_position(struct settlement_service *service, int64_t now_ms, struct service_reply *out,
                 struct error_detail *err)
{
    char path[96];
    struct http_answer answer;
    buffer_init(&answer.body, REPLY_MAX_BYTES);
    snprintf(path, sizeof path, "/v1/terminals/%s/position", service->terminal);
    const struct http_call call = {.url = path, .timeout_ms = ASK_TIMEOUT_MS};
    enum status status = signed_get(service, call, now_ms, NULL, &answer, err);
    if (status == STATUS_OK) {
        status = read_reply(&answer, out, err);
    }
    buffer_finish(&answer.body);
    return status;
}

enum status
service_masters(struct settlement_service *service, int64_t now_ms, const char *known_sha256,
                struct masters_answer *out, struct error_detail *err)
{
    char known[SHA256_TEXT_SIZE + 32];
    const struct http_call call = {
        .url = "/v1/masters", .timeout_ms = MASTERS_TIMEOUT_MS, .wanted_header = "Madoguchi-Masters-Signature"};
    snprintf(known, sizeof known, "If-None-Match: \"%s\"", known_sha256);
    enum status status = signed_get(service, call, now_ms, known_sha256[0] != '\0' ? known : NULL, &out->http, err);
    if (status != STATUS_OK) {
        return status;
    }
    out->is_new = out->http.http_status == 200;
    if (!out->is_new && out->http.http_status != 304) {
        error_set(err, "no_masters", "the settlement service answered %u to the question for masters",
                  out->http.http_status);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

enum status
service_proofs(struct settlement_service *service, int64_t now_ms, struct http_answer *out, struct error_detail *err)
{
    char path[96];
    snprintf(path, sizeof path, "/v1/terminals/%s/proofs", service->terminal);
    const struct http_call call = {
        .url = path, .timeout_ms = ASK_TIMEOUT_MS, .wanted_header = "Madoguchi-Proofs-Signature"};
    enum status status = signed_get(service, call, now_ms, NULL, out, err);
    if (status == STATUS_OK && out->http_status != 200) {
        error_set(err, "no_proofs", "the settlement service answered %u to the question for proofs", out->http_status);
        return STATUS_REFUSED;
    }
    return status;
}

static enum status
read_enrolment(const struct http_answer *answer, struct enrolment_answer *out, struct error_detail *err)
{
    struct json_value *json;
    enum status status = json_parse(&json, buffer_text(&answer->body), answer->body.length, err);
    if (status != STATUS_OK) {
        return STATUS_UNKNOWN_OUTCOME;
    }
    copy_text(json, "municipality", out->municipality, sizeof out->municipality);
    copy_text(json, "terminal", out->terminal, sizeof out->terminal);
    copy_text(json, "place", out->place, sizeof out->place);
    copy_text(json, "masters_key", out->masters_key, sizeof out->masters_key);
    if (answer->http_status >= 300 || out->terminal[0] == '\0') {
        char code[ERROR_CODE_SIZE];
        char message[ERROR_MESSAGE_SIZE];
        copy_text(json_member(json, "error"), "code", code, sizeof code);
        copy_text(json_member(json, "error"), "message", message, sizeof message);
        error_set(err, code[0] != '\0' ? code : "not_enrolled",
                  "the settlement service did not enrol this till: %.300s", message);
        status = STATUS_REFUSED;
    }
    json_free(json);
    return status;
}

enum status
service_enrol(struct settlement_service *service, const char *code, struct enrolment_answer *out,
              struct error_detail *err)
{
    char url[SERVICE_URL_SIZE + 32];
    uint8_t public_key[PUBLIC_KEY_SIZE];
    char public_key_text[2 * PUBLIC_KEY_SIZE + 1];
    struct buffer body;
    struct json_writer writer;
    struct http_answer answer;
    buffer_init(&body, 1024);
    buffer_init(&answer.body, REPLY_MAX_BYTES);
    signing_key_public(service->key, public_key);
    hex_encode(public_key_text, public_key, sizeof public_key);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_text(&writer, "code", code);
    json_text(&writer, "public_key", public_key_text);
    json_text(&writer, "software", "madoguchi-pos " MADOGUCHI_VERSION);
    json_end_object(&writer);
    enum status status = json_finish(&writer, err);
    if (status == STATUS_OK) {
        static const char *const headers[] = {"Content-Type: application/json", NULL};
        snprintf(url, sizeof url, "%s/v1/enrolments", service->url);
        const struct http_call call = {.method = "POST",
                                       .url = url,
                                       .headers = headers,
                                       .body = buffer_text(&body),
                                       .body_length = body.length,
                                       .timeout_ms = ASK_TIMEOUT_MS};
        status = http_client_call(service->client, &call, &answer, err);
    }
    if (status == STATUS_OK) {
        status = read_enrolment(&answer, out, err);
    }
    buffer_finish(&body);
    buffer_finish(&answer.body);
    return status;
}
