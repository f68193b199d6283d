/* Members of a body, with the failure remembered. */
#include "settlement/ledger/effect_readers.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { COUNT_MAX = 1000000000 };

void
body_refuse(struct member_reader *reader, const char *code, const char *format, ...)
{
    if (reader->status != STATUS_OK) {
        return;
    }
    char message[ERROR_MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    error_set(reader->err, code, "%s", message);
    reader->status = STATUS_INVALID;
}

void
body_text(struct member_reader *reader, const char *key, size_t max_bytes, const char **out)
{
    if (reader->status == STATUS_OK) {
        reader->status = json_get_text(reader->object, key, max_bytes, out, reader->err);
    }
}

void
body_text_or_none(struct member_reader *reader, const char *key, size_t max_bytes, const char **out)
{
    if (reader->status == STATUS_OK) {
        reader->status = json_get_text_or(reader->object, key, max_bytes, "", out, reader->err);
    }
}

void
body_id(struct member_reader *reader, const char *key, const char **out)
{
    body_text(reader, key, IDENTITY_TEXT_SIZE - 1, out);
    if (reader->status == STATUS_OK && !identity_is_valid(*out)) {
        body_refuse(reader, "wrong_body", "%sが識別番号(UUID)ではありません。", key);
    }
}

void
body_word(struct member_reader *reader, const char *key, const char *const *words, const char **out)
{
    body_text(reader, key, CODE_MAX_BYTES, out);
    if (reader->status != STATUS_OK) {
        return;
    }
    while (*words != NULL && strcmp(*words, *out) != 0) {
        words++;
    }
    if (*words == NULL) {
        body_refuse(reader, "wrong_body", "%sの値「%s」を知りません。", key, *out);
    }
}

void
body_yen(struct member_reader *reader, const char *key, int64_t minimum_yen, int64_t *out)
{
    if (reader->status == STATUS_OK) {
        reader->status = json_get_int(reader->object, key, minimum_yen, LINE_MAX_YEN, out, reader->err);
    }
}

void
body_sequence(struct member_reader *reader, const char *key, int64_t *out)
{
    if (reader->status == STATUS_OK) {
        reader->status = json_get_int(reader->object, key, 1, JOURNAL_SEQUENCE_MAX, out, reader->err);
    }
}

void
body_count(struct member_reader *reader, const char *key, int64_t *out)
{
    if (reader->status == STATUS_OK) {
        reader->status = json_get_int(reader->object, key, 0, COUNT_MAX, out, reader->err);
    }
}

void
body_instant_or_none(struct member_reader *reader, const char *key, int64_t *out_ms)
{
    const char *text = "";
    body_text_or_none(reader, key, INSTANT_TEXT_SIZE - 1, &text);
    *out_ms = 0;
    if (reader->status == STATUS_OK && text[0] != '\0' && instant_parse(out_ms, text, strlen(text)) != STATUS_OK) {
        body_refuse(reader, "wrong_body", "%sが時刻ではありません。", key);
    }
}
