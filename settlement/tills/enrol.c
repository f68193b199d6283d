/* POST /v1/enrolments. */
#include "common/bytes/encoding.h"
#include "common/json/reader.h"
#include "common/json/writer.h"
#include "common/log/log.h"
#include "settlement/enrolment/enrolment.h"
#include "settlement/service.h"
#include "settlement/tills/endpoints.h"
#include "settlement/tills/refusal.h"

#include <string.h>

/* KEY receives the bytes that out->public_key points to. Texts are borrowed from BODY. */
static enum status
read_request(const struct json_value *body, struct enrolment_request *out, uint8_t key[PUBLIC_KEY_SIZE],
             struct error_detail *err)
{
    const char *key_text;
    enum status status = json_get_text(body, "code", 64, &out->code, err);
    if (status == STATUS_OK) {
        status = json_get_text(body, "public_key", 2 * PUBLIC_KEY_SIZE, &key_text, err);
    }
    if (status == STATUS_OK) {
        status = json_get_text_or(body, "software", SOFTWARE_NAME_SIZE - 1, "", &out->software, err);
    }
    if (status == STATUS_OK) {
        status = hex_decode(key, PUBLIC_KEY_SIZE, key_text, strlen(key_text));
        out->public_key = key;
        if (status != STATUS_OK) {
            error_set(err, "wrong_member", "\"public_key\" must be 64 hexadecimal digits");
        }
    }
    return status == STATUS_OK ? STATUS_OK : STATUS_INVALID;
}

static enum status
enrol(struct service *service, const struct enrolment_request *request, struct terminal *out, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin_write(service->store, &txn, err);
    if (status == STATUS_OK) {
        status = enrolment_use_code(txn, request, out, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

static void
respond_enrolled(struct http_request *request, const struct service *service, const struct terminal *terminal)
{
    uint8_t public_key[PUBLIC_KEY_SIZE];
    char key_text[2 * PUBLIC_KEY_SIZE + 1];
    signing_key_public(service->masters_key, public_key);
    hex_encode(key_text, public_key, sizeof public_key);
    struct buffer json;
    buffer_init(&json, 1024);
    struct json_writer writer;
    json_writer_init(&writer, &json);
    json_begin_object(&writer, NULL);
    json_text(&writer, "municipality", terminal->municipality);
    json_text(&writer, "terminal", terminal->terminal);
    json_text(&writer, "place", terminal->place);
    json_text(&writer, "masters_key", key_text);
    json_end_object(&writer);
    struct error_detail err;
    enum status status = json_finish(&writer, &err);
    if (status == STATUS_OK) {
        http_respond_json(request, 201, &json);
    } else {
        refuse_till(request, status, &err);
    }
    buffer_finish(&json);
}

void
enrol_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    size_t length;
    const char *text = http_request_body(request, &length);
    struct enrolment_request wanted = {.now_ms = clock_now_ms(&service->clock)};
    uint8_t key[PUBLIC_KEY_SIZE];
    struct terminal terminal;
    enum status status = json_parse(&body, text, length, &err);
    if (status == STATUS_OK) {
        status = read_request(body, &wanted, key, &err);
    }
    if (status == STATUS_OK) {
        status = enrol(service, &wanted, &terminal, &err);
    }
    if (status == STATUS_OK) {
        log_line(LOG_LEVEL_NOTICE, terminal.terminal, "enrolled at %s (%s)", terminal.place, terminal.software);
        respond_enrolled(request, service, &terminal);
    } else {
        refuse_till(request, status, &err);
    }
    json_free(body);
}
