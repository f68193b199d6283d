/* Trying a tariff: what it asks, what it says of a case, line by line. The engine is the tills' own (common/tariff), so
 * the price seen here is the price that will be taken. */
#include "common/tariff/tariff.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/masters_view.h"

#include <stdlib.h>
#include <string.h>

/* A case that is tried. Borrowed from the body and the document. */
struct trial {
    struct civil_date date;
    struct tariff *tariff;
    const struct json_value *facts; /* NULL: only the questions are wanted */
    struct tariff_granted granted[TARIFF_GRANTED_MAX];
    struct tariff_reduction *reductions[TARIFF_GRANTED_MAX];
    size_t granted_count;
};

static const char *
text_member(const struct json_value *row, const char *key, const char *fallback)
{
    const char *text;
    return json_as_text(json_member(row, key), &text) ? text : fallback;
}

/* The row of CODE in table KIND that is valid on DAY, or NULL. */
static const struct json_value *
row_on(const struct json_value *document, const char *kind, const char *code, const char *day)
{
    for (const struct json_value *row = json_first(json_member(document, kind)); row != NULL; row = json_next(row)) {
        if (strcmp(text_member(row, "code", ""), code) == 0 && strcmp(text_member(row, "valid_from", ""), day) <= 0 &&
            strcmp(day, text_member(row, "valid_to", "9999")) <= 0) {
            return row;
        }
    }
    return NULL;
}

static enum status
read_tariff(const struct json_value *body, const struct json_value *document, const char *day, struct trial *trial,
            struct error_detail *err)
{
    const struct json_value *row = json_member(body, "row"); /* as it stands in the form, not saved yet */
    if (!json_is_object(row)) {
        row = row_on(document, "tariffs", text_member(body, "tariff", ""), day);
    }
    if (row == NULL) {
        error_set(err, "not_found", "%s に適用される料金表はありません。日を変えてください。", day);
        return STATUS_NOT_FOUND;
    }
    return tariff_read(&trial->tariff, row, err);
}

static enum status
read_reductions(const struct json_value *body, const struct json_value *document, const char *day, struct trial *trial,
                struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (const struct json_value *asked = json_first(json_member(body, "reductions")); asked != NULL;
         asked = json_next(asked)) {
        const struct json_value *row = row_on(document, "reductions", text_member(asked, "code", ""), day);
        if (row == NULL || trial->granted_count == TARIFF_GRANTED_MAX) {
            error_set(err, "invalid_request", "その日に使える減免ではないか、減免が多すぎます。");
            return STATUS_INVALID;
        }
        struct tariff_reduction **reduction = &trial->reductions[trial->granted_count];
        status = tariff_reduction_read(reduction, row, err);
        if (status != STATUS_OK) {
            return status;
        }
        trial->granted[trial->granted_count++] = (struct tariff_granted){
            .reduction = *reduction, .granter = text_member(asked, "granter", tariff_reduction_granter(*reduction, 0))};
    }
    return status;
}

static enum status
read_trial(const struct json_value *body, const struct json_value *document, struct civil_date today,
           struct trial *trial, struct error_detail *err)
{
    char day[CIVIL_DATE_TEXT_SIZE];
    const char *asked = text_member(body, "date", NULL);
    trial->date = today;
    if (asked != NULL && civil_date_parse(&trial->date, asked, strlen(asked)) != STATUS_OK) {
        error_set(err, "invalid_request", "日を 2027-04-01 のように入力してください。");
        return STATUS_INVALID;
    }
    civil_date_format(day, trial->date);
    trial->facts = json_is_object(json_member(body, "facts")) ? json_member(body, "facts") : NULL;
    enum status status = read_tariff(body, document, day, trial, err);
    return status == STATUS_OK ? read_reductions(body, document, day, trial, err) : status;
}

static void
finish_trial(struct trial *trial)
{
    for (size_t i = 0; i < TARIFF_GRANTED_MAX; i++) {
        tariff_reduction_destroy(trial->reductions[i]);
    }
    tariff_destroy(trial->tariff);
}

/* The price, or the sentence why there is none: a case that is not finished yet is no failure of the request. */
static enum status
write_price(struct json_writer *writer, const struct trial *trial, struct error_detail *err)
{
    struct tariff_result *result = calloc(1, sizeof *result);
    if (result == NULL) {
        error_set(err, "no_memory", "メモリが足りません。");
        return STATUS_NO_MEMORY;
    }
    enum status status =
        tariff_price(trial->tariff, trial->facts, trial->granted, trial->granted_count, trial->date, result, err);
    if (status == STATUS_OK) {
        json_begin_object(writer, "result");
        tariff_result_write(result, writer);
        json_end_object(writer);
        json_null(writer, "problem");
    } else {
        json_null(writer, "result");
        json_text(writer, "problem", err->message);
    }
    free(result);
    return status == STATUS_NO_MEMORY ? status : STATUS_OK;
}

static enum status
write_trial(struct reply *reply, const struct trial *trial, struct error_detail *err)
{
    struct buffer questions;
    buffer_init(&questions, REPLY_MAX_BYTES);
    enum status status = tariff_questions(trial->tariff, trial->date, &questions, err);
    if (status == STATUS_OK) {
        json_raw(&reply->writer, "tariff", buffer_text(&questions), questions.length);
        status = trial->facts != NULL ? write_price(&reply->writer, trial, err) : STATUS_OK;
    }
    buffer_finish(&questions);
    return status;
}

void
masters_trial_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct masters_view view = {0};
    struct json_value *body = NULL;
    struct json_value *document = NULL;
    struct trial trial = {0};
    struct reply reply;
    size_t ignored;
    reply_begin(&reply);
    enum status status = asked_body(request, &body, &err);
    if (status == STATUS_OK) {
        status = masters_view_open(&view, service, request, NULL, &err);
    }
    if (status == STATUS_OK) {
        status = overlay_merge(&view.overlay, view.book->version.version, &document, &ignored, &err);
    }
    if (status == STATUS_OK) {
        status = read_trial(body, document, civil_date_at(asked_now_ms(service)), &trial, &err);
    }
    if (status == STATUS_OK) {
        status = write_trial(&reply, &trial, &err);
    }
    finish_trial(&trial);
    json_free(document);
    json_free(body);
    masters_view_close(&view);
    if (status == STATUS_OK) {
        reply_send(&reply, request, 200);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}
