/* What the pages of the masters look at: a version, or a draft over the version that it changes. For this folder only.
 */
#pragma once

#include "settlement/masters/draft.h"
#include "settlement/masters/overlay.h"
#include "settlement/web/asked.h"
#include "settlement/web/reply.h"

struct masters_view {
    struct service *service;
    struct store_txn *txn;
    const struct masters_book *book;
    struct overlay overlay;
    bool has_draft;
    struct masters_draft draft;
};

/* By the query `draft`, or `version` (the current one when neither stands there). A draft that was published lies over
 * the version before the one that it became. KIND limits the draft's changes (NULL: all). VIEW must be closed, also
 * after a failure. */
enum status masters_view_open(struct masters_view *view, struct service *service, const struct http_request *request,
                              const char *kind, struct error_detail *err) MUST_CHECK;

/* The same for draft ID. */
enum status
masters_view_open_draft(struct masters_view *view, struct service *service, const struct http_request *request,
                        int64_t id, const char *kind, struct error_detail *err) MUST_CHECK;
void masters_view_close(struct masters_view *view);

/* The query `kind`. STATUS_INVALID. */
enum status
asked_kind(const struct http_request *request, const struct table **out, struct error_detail *err) MUST_CHECK;

/* The desk of who asks. */
struct masters_desk asked_desk(struct service *service, const struct http_request *request);

/* "key", "row" (never a PIN), "published" (of a changed row), "state", "revision", "is_conflict", "by", "at", "period"
 * of an open object. TODAY decides the period. */
void json_masters_row(struct json_writer *writer, const struct table *table, const struct overlay_row *row,
                      const char *today);

/* The row as a screen may see it: without the hash of a PIN. */
void json_masters_value(struct json_writer *writer, const char *key, const struct json_value *row);

void json_masters_draft(struct json_writer *writer, const char *key, const struct masters_draft *draft);

/* "remarks":[…], "error_count", "warning_count", "is_cut" of an open object: those of row KEY of table KIND, or all
 * when KIND is NULL. */
enum status json_masters_remarks(struct json_writer *writer, struct masters_view *view, const char *kind,
                                 const char *key, struct error_detail *err) MUST_CHECK;

/* "YYYY-MM-DD" of the request's time. Returns OUT. */
const char *asked_today(const struct service *service, char out[CIVIL_DATE_TEXT_SIZE]);
