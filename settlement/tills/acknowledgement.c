/* What is durable here. */
#include "settlement/tills/acknowledgement.h"

#include "common/bytes/encoding.h"
#include "common/json/writer.h"

void
respond_acknowledged(struct http_request *request, unsigned http_status, int64_t sequence,
                     const uint8_t hash[SHA256_SIZE], const struct error_detail *err)
{
    char hash_text[SHA256_TEXT_SIZE];
    hex_encode(hash_text, hash, SHA256_SIZE);
    struct buffer json;
    buffer_init(&json, 8 * ERROR_MESSAGE_SIZE);
    struct json_writer writer;
    json_writer_init(&writer, &json);
    json_begin_object(&writer, NULL);
    if (err != NULL) {
        http_request_note_outcome(request, err->code);
        json_begin_object(&writer, "error");
        json_text(&writer, "code", err->code);
        json_text(&writer, "message", err->message);
        json_end_object(&writer);
    }
    json_begin_object(&writer, "acknowledged");
    json_int(&writer, "sequence", sequence);
    json_text(&writer, "hash", hash_text);
    json_end_object(&writer);
    json_end_object(&writer);
    struct error_detail failure;
    enum status status = json_finish(&writer, &failure);
    if (status == STATUS_OK) {
        http_respond_json(request, http_status, &json);
    } else {
        http_respond_error(request, status, &failure);
    }
    buffer_finish(&json);
}
