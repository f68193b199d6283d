/* What a request asks, checked: query parameters, path parameters, JSON bodies, and who asks. For this folder only. */
#pragma once

#include "common/clock/civil.h"
#include "common/http/server.h"
#include "common/json/reader.h"
#include "common/json/writer.h"
#include "settlement/access/session.h"
#include "settlement/service.h"
#include "settlement/store/store.h"

enum {
    ROWS_DEFAULT = 100,
    ROWS_MAX = 500,                        /* a screenful many times over; bounds the answer */
    SMALL_BODY_MAX = 64 * 1024,            /* bodies of decisions */
    EXPORT_BODY_MAX = 512 * 1024,          /* the ids of a large export */
    FINANCE_LAYOUT_BODY_MAX = 1024 * 1024, /* a descriptor of 256 KiB, escaped */
    MASTERS_ROW_BODY_MAX = 1024 * 1024, /* one row: a tariff with every room and band, an item list of 20,000 codes */
    CURSOR_PART_MAX_BYTES = 256,
    CURSOR_PARTS_MAX = 4
};

/* The session that `web_admit` attached. Never NULL behind a route that needs a right. */
const struct session *asked_session(const struct http_request *request);
const struct actor *asked_actor(const struct http_request *request);

/* Begin to read for who asks: on PostgreSQL no row of another municipality is seen, whatever the question (store.h).
 * Every read of this folder begins so. */
enum status asked_begin_read(const struct http_request *request, struct service *service, struct store_txn **out,
                             struct error_detail *err) MUST_CHECK;

/* A text filter: NULL when absent or empty. */
const char *asked_text(const struct http_request *request, const char *name);

/* STATUS_INVALID "invalid_request" names the parameter. OUT stays FALLBACK when absent or empty. */
enum status asked_int(const struct http_request *request, const char *name, int64_t fallback, int64_t min, int64_t max,
                      int64_t *out, struct error_detail *err) MUST_CHECK;

/* A day as text: NULL when absent or empty; checked. */
enum status
asked_day(const struct http_request *request, const char *name, const char **out, struct error_detail *err) MUST_CHECK;

/* `limit`: 1 … ROWS_MAX. */
enum status asked_limit(const struct http_request *request, int64_t *out, struct error_detail *err) MUST_CHECK;

/* A positive number in the path. STATUS_NOT_FOUND for anything else. */
enum status
asked_id(const struct http_request *request, const char *name, int64_t *out, struct error_detail *err) MUST_CHECK;

/* `after`: the parts of a cursor, as json_cursor wrote them. PARTS are filled with texts; *OUT_HAS false when absent.
 * STATUS_INVALID when the number of parts is not COUNT. */
struct cursor {
    char parts[CURSOR_PARTS_MAX][CURSOR_PART_MAX_BYTES];
};
enum status asked_cursor(const struct http_request *request, size_t count, struct cursor *out, bool *out_has,
                         struct error_detail *err) MUST_CHECK;

/* Write "next": the COUNT parts joined by '~', which stands in none of them. */
void json_cursor(struct json_writer *writer, const char *const *parts, size_t count);

/* The body as a JSON object (an empty body is {}). *OUT is given: json_free. */
enum status
asked_body(const struct http_request *request, struct json_value **out, struct error_detail *err) MUST_CHECK;

/* The time of the request, and the day in Japan. */
int64_t asked_now_ms(const struct service *service);

/* Tell every screen that WHAT has changed. */
void screens_tell(struct service *service, const char *what);
