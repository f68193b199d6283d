/* Drafting, proposing, returning and approving 調定. */
#include "settlement/assessment/approval.h"
#include "settlement/assessment/drafting.h"
#include "settlement/store/assessment_query_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/assessment_json.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <string.h>

/* A body {"assessments":[{"id","version"}],"summary"|"reason"}, read. */
struct choices {
    struct assessment_choice rows[ASSESSMENT_CHOICES_MAX];
    size_t count;
    const char *text; /* NULL when absent; borrowed from the body */
};

static enum status
read_choices(const struct json_value *body, const char *text_key, size_t text_max, struct choices *out,
             struct error_detail *err)
{
    const struct json_value *array;
    enum status status = json_get_array(body, "assessments", &array, err);
    if (status == STATUS_OK && (json_count(array) == 0 || json_count(array) > ASSESSMENT_CHOICES_MAX)) {
        error_set(err, "invalid_request", "調定は1件以上%d件以下で選んでください。", ASSESSMENT_CHOICES_MAX);
        return STATUS_INVALID;
    }
    for (const struct json_value *row = json_first(array); status == STATUS_OK && row != NULL; row = json_next(row)) {
        struct assessment_choice *choice = &out->rows[out->count++];
        status = json_get_int(row, "id", 1, INT64_MAX, &choice->id, err);
        if (status == STATUS_OK) {
            status = json_get_int(row, "version", 1, INT64_MAX, &choice->version, err);
        }
    }
    if (status == STATUS_OK && text_key != NULL) {
        status = json_get_text_or(body, text_key, text_max, NULL, &out->text, err);
    }
    if (status != STATUS_OK) {
        error_set(err, "invalid_request", "選んだ調定の指定が正しくありません。一覧を開き直してください。");
    }
    return status;
}

struct rows {
    struct json_writer *writer;
    struct civil_date today;
};

static enum status
write_row(const struct assessment_record *record, void *context)
{
    struct rows *rows = context;
    json_assessment(rows->writer, NULL, record, -1, rows->today);
    return STATUS_OK;
}

/* Answer {"rows":[…]}: the chosen records as they stand now, in the order given. */
static void
respond_rows(struct http_request *request, struct service *service, const struct choices *choices)
{
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct rows rows = {.writer = &reply.writer, .today = civil_date_at(asked_now_ms(service))};
    enum status status = asked_begin_read(request, service, &txn, &err);
    json_begin_array(&reply.writer, "rows");
    for (size_t i = 0; status == STATUS_OK && i < choices->count; i++) {
        struct assessment_query query = {
            .municipality = asked_actor(request)->municipality, .id = choices->rows[i].id, .limit = 1};
        status = assessment_each(txn, &query, write_row, &rows, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}

/* Tell the screens, and answer. A refused deed may have remade drafts, so screens are told in any case. */
static void
end_deed(struct http_request *request, struct service *service, const struct choices *choices, enum status status,
         const struct error_detail *err)
{
    screens_tell(service, "assessments");
    if (status != STATUS_OK) {
        respond_failure(request, status, err);
        return;
    }
    respond_rows(request, service, choices);
}

void
assessments_propose_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct choices choices = {0};
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_choices(body, "summary", ASSESSMENT_SUMMARY_MAX_BYTES, &choices, &err);
    }
    if (status == STATUS_OK) {
        status = assessment_propose(service->store, asked_actor(request), choices.rows, choices.count, choices.text,
                                    asked_now_ms(service), &err);
    }
    json_free(body);
    end_deed(request, service, &choices, status, &err);
}

void
assessments_return_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct choices choices = {0};
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_choices(body, "reason", ASSESSMENT_REASON_MAX_BYTES, &choices, &err);
    }
    if (status == STATUS_OK && (choices.text == NULL || choices.text[0] == '\0')) {
        error_set(&err, "invalid_request", "差し戻す理由を入力してください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = assessment_return(service->store, asked_actor(request), choices.rows, choices.count, choices.text,
                                   asked_now_ms(service), &err);
    }
    json_free(body);
    end_deed(request, service, &choices, status, &err);
}

void
assessments_approve_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct choices choices = {0};
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_choices(body, NULL, 0, &choices, &err);
    }
    if (status == STATUS_OK) {
        status = assessment_approve(service->store, asked_actor(request), choices.rows, choices.count,
                                    asked_now_ms(service), &err);
    }
    json_free(body);
    end_deed(request, service, &choices, status, &err);
}

/* `to`: yesterday unless said; a day that is not over yet may be drafted, a day to come may not. */
static enum status
read_to(const struct json_value *body, struct civil_date today, struct civil_date *out, struct error_detail *err)
{
    const char *text;
    enum status status = json_get_text_or(body, "to", CIVIL_DATE_TEXT_SIZE, NULL, &text, err);
    *out = civil_date_add_days(today, -1);
    if (status == STATUS_OK && text != NULL) {
        status = civil_date_parse(out, text, strlen(text));
    }
    if (status != STATUS_OK || civil_date_compare(*out, today) > 0) {
        error_set(err, "invalid_request", "調定を作成する日の指定が正しくありません。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

void
assessments_draft_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct civil_date to;
    struct drafting_result result;
    int64_t held_count = 0;
    int64_t held_yen = 0;
    int64_t now_ms = asked_now_ms(service);
    struct store_txn *txn = NULL;
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = read_to(body, civil_date_at(now_ms), &to, &err);
    }
    if (status == STATUS_OK) {
        status = assessment_draft_until(service->store, asked_actor(request), to, now_ms, &result, &err);
    }
    json_free(body);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = held_money_total(txn, asked_actor(request)->municipality, &held_count, &held_yen, &err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "assessments");
    struct reply reply;
    reply_begin(&reply);
    json_int(&reply.writer, "created", result.created);
    json_int(&reply.writer, "remade", result.remade);
    json_int(&reply.writer, "dropped", result.removed);
    json_int(&reply.writer, "held_count", held_count);
    json_int(&reply.writer, "held_yen", held_yen);
    json_int(&reply.writer, "operator_count", result.operator_count);
    json_int(&reply.writer, "operator_yen", result.operator_yen);
    reply_send(&reply, request, 200);
}
