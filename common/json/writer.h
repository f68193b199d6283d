/* Writes JSON in the one canonical form of this program: no white space, members in the order of the calls, strings
 * with the shortest escapes, integers only. The bytes are what is hashed and signed, so the form is part of the
 * protocol (docs/protocol/journal.md).
 *
 * Usage: json_begin_object(&w, NULL); json_int(&w, "amount", 450); json_end_object(&w); then json_finish(&w, err).
 * KEY is NULL for array elements and for the root, and only there. Failures (a full buffer, malformed UTF-8, too deep,
 * a key too few or too many, ends that do not pair) are remembered and reported once, by json_finish; the buffer then
 * holds a part. */
#pragma once

#include "common/bytes/buffer.h"

enum {
    JSON_DEPTH_MAX = 32 /* deeper than any record here; bounds recursion in readers */
};

struct json_writer {
    struct buffer *out; /* borrowed */
    unsigned depth;
    uint32_t object_levels; /* bit d − 1: the container at depth d is an object */
    bool needs_comma;       /* a value stands at this depth already */
    bool has_failed;
};

void json_writer_init(struct json_writer *writer, struct buffer *out);
void json_begin_object(struct json_writer *writer, const char *key);
void json_end_object(struct json_writer *writer);
void json_begin_array(struct json_writer *writer, const char *key);
void json_end_array(struct json_writer *writer);

/* VALUE within ±(2^53 − 1), beyond which other readers' doubles would change it (a failure otherwise). */
void json_int(struct json_writer *writer, const char *key, int64_t value);
void json_bool(struct json_writer *writer, const char *key, bool value);
void json_null(struct json_writer *writer, const char *key);

/* VALUE is NUL-terminated UTF-8; NULL writes null. */
void json_text(struct json_writer *writer, const char *key, const char *value);
void json_text_n(struct json_writer *writer, const char *key, const char *value, size_t length);

/* VALUE is one JSON value already in canonical form (e.g. a body read from the journal). */
void json_raw(struct json_writer *writer, const char *key, const char *value, size_t length);

/* STATUS_OK when a whole value was written and nothing failed. */
enum status json_finish(struct json_writer *writer, struct error_detail *err) MUST_CHECK;
