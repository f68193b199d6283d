/* Answers of the finance API: JSON written piece by piece and sent whole, errors with the HTTP status that
 * docs/protocol/finance-http.md gives their code. For this folder only. */
#pragma once

#include "common/clock/civil.h"
#include "common/http/server.h"
#include "common/json/writer.h"

enum {
    REPLY_MAX_BYTES = 32 * 1024 * 1024 /* 500 rows, each with a journal line of up to 64 KiB */
};

struct reply {
    struct buffer json;
    struct json_writer writer;
};

/* Begin an answer that is one object. End it by reply_send or reply_drop. */
void reply_begin(struct reply *reply);

/* Close the object and send it. */
void reply_send(struct reply *reply, struct http_request *request, unsigned http_status);

/* Throw away what was written, and answer the error. */
void reply_fail(struct reply *reply, struct http_request *request, enum status status, const struct error_detail *err);

/* Answer an error that needs no reply begun. */
void respond_failure(struct http_request *request, enum status status, const struct error_detail *err);
void respond_problem(struct http_request *request, enum status status, const char *code, const char *message);

/* A member that is null for "" or 0. */
void json_text_or_null(struct json_writer *writer, const char *key, const char *text);
void json_int_or_null(struct json_writer *writer, const char *key, int64_t value);

/* An instant as text; null for 0. */
void json_instant(struct json_writer *writer, const char *key, int64_t instant_ms);

/* {"login","name"}, or null for an empty login. An empty name is shown as the login. */
void json_person(struct json_writer *writer, const char *key, const char *login, const char *name);

/* "a,b" as ["a","b"]. */
void json_codes(struct json_writer *writer, const char *key, const char *codes);

/* {"code","name"}. */
void json_code_name(struct json_writer *writer, const char *key, const char *code, const char *name);
