/* Canonical JSON out. */
#include "common/json/writer.h"

#include "common/text/utf8.h"

#include <string.h>

#define EXACT_INTEGER_MAX INT64_C(9007199254740991) /* 2^53 − 1 */

void
json_writer_init(struct json_writer *writer, struct buffer *out)
{
    *writer = (struct json_writer){.out = out};
}

/* The shortest escape of each byte that JSON does not take as it is (RFC 8259 §7); everything else stays UTF-8. */
static void
append_quoted(struct buffer *out, const char *text, size_t length)
{
    static const char short_escape[32] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    buffer_append_byte(out, '"');
    size_t start = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\') {
            continue;
        }
        buffer_append(out, text + start, i - start);
        start = i + 1;
        if (byte >= 0x20) {
            buffer_append_byte(out, '\\');
            buffer_append_byte(out, byte);
        } else if (short_escape[byte] != 0) {
            buffer_append_byte(out, '\\');
            buffer_append_byte(out, (unsigned char)short_escape[byte]);
        } else {
            buffer_printf(out, "\\u%04x", byte);
        }
    }
    if (start < length) {
        buffer_append(out, text + start, length - start);
    }
    buffer_append_byte(out, '"');
}

static bool
is_in_object(const struct json_writer *writer)
{
    return writer->depth > 0 && writer->depth <= JSON_DEPTH_MAX &&
           (writer->object_levels >> (writer->depth - 1) & 1U) != 0;
}

static void
begin_value(struct json_writer *writer, const char *key)
{
    bool is_second_root = writer->depth == 0 && writer->needs_comma;
    if (is_second_root || (key != NULL) != is_in_object(writer) || (key != NULL && !utf8_is_valid(key, strlen(key)))) {
        writer->has_failed = true;
    }
    if (writer->needs_comma) {
        buffer_append_byte(writer->out, ',');
    }
    if (key != NULL) {
        append_quoted(writer->out, key, strlen(key));
        buffer_append_byte(writer->out, ':');
    }
    writer->needs_comma = true;
}

static void
begin_container(struct json_writer *writer, const char *key, bool is_object)
{
    begin_value(writer, key);
    buffer_append_byte(writer->out, is_object ? '{' : '[');
    writer->needs_comma = false;
    if (writer->depth < JSON_DEPTH_MAX) {
        uint32_t level = UINT32_C(1) << writer->depth;
        writer->object_levels = is_object ? writer->object_levels | level : writer->object_levels & ~level;
    } else {
        writer->has_failed = true;
    }
    writer->depth++;
}

static void
end_container(struct json_writer *writer, bool is_object)
{
    if (writer->depth == 0 || is_in_object(writer) != is_object) {
        writer->has_failed = true;
    }
    buffer_append_byte(writer->out, is_object ? '}' : ']');
    writer->needs_comma = true;
    writer->depth -= writer->depth > 0 ? 1 : 0;
}

void
json_begin_object(struct json_writer *writer, const char *key)
{
    begin_container(writer, key, /* is_object= */ true);
}

void
json_end_object(struct json_writer *writer)
{
    end_container(writer, /* is_object= */ true);
}

void
json_begin_array(struct json_writer *writer, const char *key)
{
    begin_container(writer, key, /* is_object= */ false);
}

void
json_end_array(struct json_writer *writer)
{
    end_container(writer, /* is_object= */ false);
}

void
json_int(struct json_writer *writer, const char *key, int64_t value)
{
    begin_value(writer, key);
    if (value > EXACT_INTEGER_MAX || value < -EXACT_INTEGER_MAX) {
        writer->has_failed = true;
        return;
    }
    buffer_printf(writer->out, "%lld", (long long)value);
}

void
json_bool(struct json_writer *writer, const char *key, bool value)
{
    begin_value(writer, key);
    buffer_append_text(writer->out, value ? "true" : "false");
}

void
json_null(struct json_writer *writer, const char *key)
{
    begin_value(writer, key);
    buffer_append_text(writer->out, "null");
}

void
json_text(struct json_writer *writer, const char *key, const char *value)
{
    if (value == NULL) {
        json_null(writer, key);
        return;
    }
    json_text_n(writer, key, value, strlen(value));
}

void
json_text_n(struct json_writer *writer, const char *key, const char *value, size_t length)
{
    begin_value(writer, key);
    if (length > 0 && !utf8_is_valid(value, length)) {
        writer->has_failed = true;
        return;
    }
    append_quoted(writer->out, value, length);
}

void
json_raw(struct json_writer *writer, const char *key, const char *value, size_t length)
{
    begin_value(writer, key);
    writer->has_failed = writer->has_failed || length == 0;
    buffer_append(writer->out, value, length);
}

enum status
json_finish(struct json_writer *writer, struct error_detail *err)
{
    enum status status = buffer_check(writer->out, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (writer->has_failed || writer->depth != 0 || !writer->needs_comma) {
        error_set(err, "not_json",
                  "a text that is not UTF-8, a number beyond 2^53, too deep a nesting, or calls that do not pair");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}
