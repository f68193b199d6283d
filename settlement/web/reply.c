/* Writing answers. */
#include "settlement/web/reply.h"

#include "common/log/log.h"

#include <stdio.h>
#include <string.h>

/* Codes whose HTTP status is not that of their status word. */
static const struct {
    const char *code;
    unsigned http_status;
} special_codes[] = {
    {"not_signed_in", 401},
    {"session_expired", 401},
    {"login_failed", 401},
    {"too_many_attempts", 429},
};

void
reply_begin(struct reply *reply)
{
    buffer_init(&reply->json, REPLY_MAX_BYTES);
    json_writer_init(&reply->writer, &reply->json);
    json_begin_object(&reply->writer, NULL);
}

void
reply_send(struct reply *reply, struct http_request *request, unsigned http_status)
{
    struct error_detail err;
    json_end_object(&reply->writer);
    enum status status = json_finish(&reply->writer, &err);
    if (status == STATUS_OK) {
        http_respond_json(request, http_status, &reply->json);
    } else {
        respond_failure(request, status, &err);
    }
    buffer_finish(&reply->json);
}

void
reply_fail(struct reply *reply, struct http_request *request, enum status status, const struct error_detail *err)
{
    buffer_finish(&reply->json);
    respond_failure(request, status, err);
}

static unsigned
status_of(enum status status, const struct error_detail *err)
{
    for (size_t i = 0; i < sizeof special_codes / sizeof special_codes[0]; i++) {
        if (strcmp(err->code, special_codes[i].code) == 0) {
            return special_codes[i].http_status;
        }
    }
    return http_status_from(status);
}

/* The database is away. Where it is stands in the log; people are told what to do. */
static void
respond_store_away(struct http_request *request, enum status status, const struct error_detail *err)
{
    struct error_detail told;
    log_failure(LOG_LEVEL_ERROR, "store", "answering finance", status, err);
    if (status == STATUS_UNKNOWN_OUTCOME) {
        error_set(
            &told, "outcome_unknown",
            "保存の途中でデータベースとの接続が切れました。画面を読み直し、保存されたかどうかを確かめてください。");
    } else {
        error_set(&told, "busy", "データベースに接続できません。少し待ってから、もう一度操作してください。");
    }
    http_respond_error(request, STATUS_BUSY, &told);
}

/* What the database engine said is for the log; people are told what it means for them. */
static void
respond_store_failed(struct http_request *request, enum status status, const struct error_detail *err)
{
    struct error_detail told;
    log_failure(LOG_LEVEL_ERROR, "store", "answering finance", status, err);
    if (status == STATUS_BUSY) {
        error_set(&told, "busy",
                  "ほかの処理がデータベースを使っているため、行えませんでした。何も変わっていません。少し待ってから、も"
                  "う一度操作してください。");
    } else {
        error_set(&told, err->code,
                  "データベースの処理に失敗しました。何も変わっていません。もう一度行っても同じときは、この時刻と操作を"
                  "管理者に連絡してください。");
    }
    http_respond_error(request, status, &told);
}

void
respond_failure(struct http_request *request, enum status status, const struct error_detail *err)
{
    if (status == STATUS_UNREACHABLE || status == STATUS_UNKNOWN_OUTCOME) {
        respond_store_away(request, status, err);
        return;
    }
    if (strncmp(err->code, "database_", strlen("database_")) == 0) {
        respond_store_failed(request, status, err);
        return;
    }
    unsigned http_status = status_of(status, err);
    if (http_status == http_status_from(status)) {
        http_respond_error(request, status, err);
        return;
    }
    struct buffer json;
    buffer_init(&json, 4 * ERROR_MESSAGE_SIZE);
    struct json_writer writer;
    json_writer_init(&writer, &json);
    json_begin_object(&writer, NULL);
    json_begin_object(&writer, "error");
    json_text(&writer, "code", err->code);
    json_text(&writer, "message", err->message);
    json_end_object(&writer);
    json_end_object(&writer);
    struct error_detail ignored;
    if (json_finish(&writer, &ignored) == STATUS_OK) {
        http_respond_json(request, http_status, &json);
    } else {
        http_respond_error(request, status, err);
    }
    buffer_finish(&json);
}

void
respond_problem(struct http_request *request, enum status status, const char *code, const char *message)
{
    struct error_detail err;
    error_set(&err, code, "%s", message);
    respond_failure(request, status, &err);
}

void
json_text_or_null(struct json_writer *writer, const char *key, const char *text)
{
    json_text(writer, key, text != NULL && text[0] != '\0' ? text : NULL);
}

void
json_int_or_null(struct json_writer *writer, const char *key, int64_t value)
{
    if (value != 0) {
        json_int(writer, key, value);
    } else {
        json_null(writer, key);
    }
}

void
json_instant(struct json_writer *writer, const char *key, int64_t instant_ms)
{
    char text[INSTANT_TEXT_SIZE];
    json_text(writer, key, instant_ms != 0 ? instant_format(text, instant_ms) : NULL);
}

void
json_person(struct json_writer *writer, const char *key, const char *login, const char *name)
{
    if (login == NULL || login[0] == '\0') {
        json_null(writer, key);
        return;
    }
    json_begin_object(writer, key);
    json_text(writer, "login", login);
    json_text(writer, "name", name != NULL && name[0] != '\0' ? name : login);
    json_end_object(writer);
}

void
json_code_name(struct json_writer *writer, const char *key, const char *code, const char *name)
{
    json_begin_object(writer, key);
    json_text(writer, "code", code);
    json_text(writer, "name", name);
    json_end_object(writer);
}

void
json_codes(struct json_writer *writer, const char *key, const char *codes)
{
    json_begin_array(writer, key);
    for (const char *at = codes; *at != '\0';) {
        size_t length = strcspn(at, ",");
        json_text_n(writer, NULL, at, length);
        at += length + (at[length] == ',' ? 1 : 0);
    }
    json_end_array(writer);
}
