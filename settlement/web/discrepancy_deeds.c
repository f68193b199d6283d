/* What people do with a discrepancy: one, or many at once. */
#include "common/json/reader.h"
#include "settlement/matching/deed.h"
#include "settlement/web/asked.h"
#include "settlement/web/discrepancy_json.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The name of the text of a deed, and the sentence for one that cannot be read. */
static const struct {
    const char *text_key;
    const char *sentence;
} forms[DEED_COUNT] = {
    [DEED_ASSIGN] = {NULL, "担当にする利用者を選んでください。"},
    [DEED_RESOLVE] = {"reason", "処置と理由を入力してください(理由は1000文字以内)。"},
    [DEED_CONFIRM] = {"reason", "確認か差戻しかを選んでください。"},
    [DEED_REJECT] = {"reason", "差し戻す理由を入力してください。"},
    [DEED_COMMENT] = {"text", "コメントを1000文字以内で入力してください。"},
    [DEED_EXPECT] = {"reason", "いつまで待つかと、その理由を入力してください(理由は1000文字以内)。"},
    [DEED_UNDO] = {"reason", "取り消す理由を1000文字以内で入力してください。"},
    [DEED_UNDO_CONFIRM] = {"reason", "確認した内容は1000文字以内で入力してください。"},
    [DEED_UNDO_STOP] = {"reason", "理由は1000文字以内で入力してください。"},
};

/* The members of BODY that a deed of OUT->kind has; texts are borrowed from it. */
static enum status
read_deed(const struct json_value *body, struct deed *out, struct error_detail *err)
{
    const char *kind = NULL;
    bool is_read = json_get_int_or(body, "version", 0, INT64_MAX, 0, &out->version, err) == STATUS_OK &&
                   json_get_text_or(body, "owner", LOGIN_SIZE - 1, NULL, &out->owner, err) == STATUS_OK &&
                   json_get_text_or(body, "on", CIVIL_DATE_TEXT_SIZE - 1, NULL, &out->on, err) == STATUS_OK &&
                   json_get_text_or(body, "kind", 64, NULL, &kind, err) == STATUS_OK;
    if (is_read && forms[out->kind].text_key != NULL) {
        is_read =
            json_get_text_or(body, forms[out->kind].text_key, DEED_TEXT_MAX_BYTES, NULL, &out->text, err) == STATUS_OK;
    }
    if (is_read && out->kind == DEED_RESOLVE) {
        is_read = kind != NULL && resolution_from_word(&out->resolution, kind);
    }
    if (!is_read) {
        error_set(err, "invalid_request", "%s", forms[out->kind].sentence);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static void
do_one(struct http_request *request, struct service *service, enum deed_kind kind, bool is_decision)
{
    struct error_detail err;
    struct json_value *body = NULL;
    struct deed deed = {.kind = kind};
    const char *decision = NULL;
    enum status status = asked_id(request, "id", &deed.id, &err);
    if (status == STATUS_OK) {
        status = asked_body(request, &body, &err);
    }
    if (status == STATUS_OK && is_decision) {
        bool is_read = json_get_text(body, "decision", 16, &decision, &err) == STATUS_OK &&
                       (strcmp(decision, "confirm") == 0 || strcmp(decision, "reject") == 0);
        deed.kind = is_read && strcmp(decision, "reject") == 0 ? DEED_REJECT : kind;
        if (!is_read) {
            error_set(&err, "invalid_request", "%s", forms[DEED_CONFIRM].sentence);
            status = STATUS_INVALID;
        }
    }
    if (status == STATUS_OK) {
        status = read_deed(body, &deed, &err);
    }
    if (status == STATUS_OK) {
        status = deed_do(service->store, asked_actor(request), &deed, asked_now_ms(service), &err);
    }
    json_free(body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "discrepancies");
    respond_discrepancy(request, service, deed.id);
}

void
discrepancy_assign_endpoint(struct http_request *request, void *context)
{
    do_one(request, context, DEED_ASSIGN, false);
}

void
discrepancy_resolve_endpoint(struct http_request *request, void *context)
{
    do_one(request, context, DEED_RESOLVE, false);
}

void
discrepancy_confirm_endpoint(struct http_request *request, void *context)
{
    do_one(request, context, DEED_CONFIRM, true);
}

void
discrepancy_comment_endpoint(struct http_request *request, void *context)
{
    do_one(request, context, DEED_COMMENT, false);
}

void
discrepancy_expect_endpoint(struct http_request *request, void *context)
{
    do_one(request, context, DEED_EXPECT, false);
}

void
discrepancy_undo_endpoint(struct http_request *request, void *context)
{
    do_one(request, context, DEED_UNDO, false);
}

void
discrepancy_undo_confirm_endpoint(struct http_request *request, void *context)
{
    do_one(request, context, DEED_UNDO_CONFIRM, false);
}

void
discrepancy_undo_stop_endpoint(struct http_request *request, void *context)
{
    do_one(request, context, DEED_UNDO_STOP, false);
}

/* ---- many at once ---- */

struct bulk {
    struct deed *deeds;
    struct deed_outcome *outcomes;
    size_t count;
};

static enum status
refuse_bulk(struct error_detail *err)
{
    error_set(err, "invalid_request", "対象は1件以上%d件以下で選んでください。", DEEDS_MAX);
    return STATUS_INVALID;
}

/* {"deed":"assign", …its members…, "rows":[{"id","version"}]}: the members hold for all rows. */
static enum status
read_bulk(const struct json_value *body, struct bulk *out, struct error_detail *err)
{
    const char *word = NULL;
    const struct json_value *rows;
    struct deed common = {0};
    enum status status = json_get_text(body, "deed", 32, &word, err);
    if (status != STATUS_OK || !deed_from_word(&common.kind, word) || common.kind == DEED_CONFIRM ||
        common.kind == DEED_REJECT || common.kind == DEED_UNDO_CONFIRM) {
        /* A second person looks at each: that is what the second person is for. */
        error_set(err, "invalid_request", "まとめてできる操作を選んでください。二人目の確認は1件ずつ行います。");
        return STATUS_INVALID;
    }
    status = read_deed(body, &common, err);
    if (status == STATUS_OK && (json_get_array(body, "rows", &rows, err) != STATUS_OK || json_count(rows) == 0 ||
                                json_count(rows) > DEEDS_MAX)) {
        return refuse_bulk(err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    out->deeds = calloc(json_count(rows), sizeof *out->deeds);
    out->outcomes = calloc(json_count(rows), sizeof *out->outcomes);
    if (out->deeds == NULL || out->outcomes == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (const struct json_value *row = json_first(rows); row != NULL; row = json_next(row)) {
        struct deed *deed = &out->deeds[out->count++];
        *deed = common;
        if (json_get_int(row, "id", 1, INT64_MAX, &deed->id, err) != STATUS_OK ||
            json_get_int_or(row, "version", 0, INT64_MAX, 0, &deed->version, err) != STATUS_OK) {
            return refuse_bulk(err);
        }
    }
    return STATUS_OK;
}

static void
write_outcomes(struct json_writer *writer, const struct bulk *bulk)
{
    int64_t done = 0;
    json_begin_array(writer, "refused");
    for (size_t i = 0; i < bulk->count; i++) {
        const struct deed_outcome *outcome = &bulk->outcomes[i];
        if (outcome->status == STATUS_OK) {
            done++;
            continue;
        }
        json_begin_object(writer, NULL);
        json_int(writer, "id", bulk->deeds[i].id);
        json_text(writer, "code", outcome->err.code);
        json_text(writer, "message", outcome->err.message);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_int(writer, "done_count", done);
}

void
discrepancies_bulk_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct bulk bulk = {0};
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_bulk(body, &bulk, &err);
    }
    if (status == STATUS_OK) {
        status = deed_do_each(service->store, asked_actor(request), bulk.deeds, bulk.count, asked_now_ms(service),
                              bulk.outcomes, &err);
    }
    if (status == STATUS_OK) {
        struct reply reply;
        reply_begin(&reply);
        write_outcomes(&reply.writer, &bulk);
        screens_tell(service, "discrepancies");
        reply_send(&reply, request, 200);
    } else {
        respond_failure(request, status, &err);
    }
    free(bulk.deeds);
    free(bulk.outcomes);
    json_free(body);
}
