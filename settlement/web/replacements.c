/* Corrected files in the place of earlier ones: what would change, who proposed it, and the second person's answer. */
#include "settlement/imports/replacement.h"
#include "settlement/matching/reconcile.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/replacement_json.h"
#include "settlement/web/reply.h"
#include "settlement/web/run_json.h"
#include "settlement/work/works.h"

#include <string.h>

/* ---- JSON ---- */

static void
write_side(struct json_writer *writer, const char *line_key, const char *yen_key, const char *fee_key,
           const struct compared_line *line)
{
    if (line == NULL) {
        json_null(writer, line_key);
        json_null(writer, yen_key);
        json_null(writer, fee_key);
        return;
    }
    json_int(writer, line_key, line->line);
    json_int(writer, yen_key, line->amount_yen);
    json_int(writer, fee_key, line->fee_yen);
}

static int64_t
sum_of(const struct growing *side)
{
    int64_t sum = 0; /* the file's own sum was found in range when it was read */
    const struct compared_line *lines = side->elements;
    for (size_t i = 0; i < side->count; i++) {
        sum += lines[i].amount_yen;
    }
    return sum;
}

void
json_difference(struct json_writer *writer, const char *key, struct difference *difference)
{
    difference_order(difference);
    const struct difference_entry *entries = difference->entries.elements;
    int64_t shown = 0;
    json_begin_object(writer, key);
    json_int(writer, "same_count", difference->counts[DIFFERENCE_SAME]);
    json_int(writer, "changed_count", difference->counts[DIFFERENCE_CHANGED]);
    json_int(writer, "gone_count", difference->counts[DIFFERENCE_GONE]);
    json_int(writer, "added_count", difference->counts[DIFFERENCE_ADDED]);
    json_int(writer, "earlier_yen", sum_of(&difference->earlier));
    json_int(writer, "later_yen", sum_of(&difference->later));
    json_begin_array(writer, "rows");
    for (size_t i = 0; i < difference->entries.count && shown < DIFFERENCE_SHOWN_MAX; i++) {
        if (entries[i].kind == DIFFERENCE_SAME) {
            break; /* these come last */
        }
        shown++;
        json_begin_object(writer, NULL);
        json_text(writer, "kind", difference_kind_word(entries[i].kind));
        json_text(writer, "kind_name", difference_kind_name(entries[i].kind));
        write_side(writer, "earlier_line", "earlier_yen", "earlier_fee_yen",
                   difference_earlier(difference, &entries[i]));
        write_side(writer, "later_line", "later_yen", "later_fee_yen", difference_later(difference, &entries[i]));
        json_end_object(writer);
    }
    json_end_array(writer);
    json_end_object(writer);
}

static const char *
state_name(const char *state)
{
    return strcmp(state, "proposed") == 0 ? "二人目の確認待ち" : strcmp(state, "done") == 0 ? "差替え済み" : "差戻し";
}

void
json_replacement_members(struct json_writer *writer, const struct replacement_row *row)
{
    json_int(writer, "id", row->id);
    json_int(writer, "earlier", row->earlier);
    json_int(writer, "later", row->later);
    json_text(writer, "state", row->state);
    json_text(writer, "state_name", state_name(row->state));
    json_int(writer, "same_count", row->same_count);
    json_int(writer, "changed_count", row->changed_count);
    json_int(writer, "gone_count", row->gone_count);
    json_int(writer, "added_count", row->added_count);
    json_person(writer, "proposed_by", row->proposed_by, row->proposed_by_name);
    json_instant(writer, "proposed_at", row->proposed_at_ms);
    json_text(writer, "reason", row->reason);
    json_person(writer, "decided_by", row->decided_by, row->decided_by_name);
    json_instant(writer, "decided_at", row->decided_at_ms);
    json_text(writer, "decided_reason", row->decided_reason);
}

enum status
json_import_standing(struct json_writer *writer, struct store_txn *txn, const char *municipality, int64_t id,
                     struct error_detail *err)
{
    int64_t chain = 0;
    int64_t standing = 0;
    int64_t waiting = 0;
    bool is_kept_out = false;
    enum status status = replacement_chain(txn, municipality, id, &chain, &standing, &waiting, err);
    if (status == STATUS_OK) {
        status = replacement_is_kept_out(txn, id, &is_kept_out, err);
    }
    if (status == STATUS_OK) {
        json_int_or_null(writer, "replaced_by", standing != id ? standing : 0);
        json_int_or_null(writer, "replacement", waiting);
        json_bool(writer, "counts", standing == id && !is_kept_out);
    }
    return status;
}

struct period {
    struct json_writer *writer;
    struct store_txn *txn;
    const char *municipality;
    int64_t ids[REPLACEABLE_SHOWN_MAX];
    size_t count;
};

static enum status
keep_id(int64_t id, void *context)
{
    struct period *period = context;
    if (period->count < REPLACEABLE_SHOWN_MAX) {
        period->ids[period->count++] = id;
    }
    return STATUS_OK;
}

enum status
json_same_period(struct json_writer *writer, struct store_txn *txn, const char *municipality, const char *layout,
                 const char *first_on, const char *last_on, struct error_detail *err)
{
    struct period period = {.writer = writer, .txn = txn, .municipality = municipality};
    enum status status = first_on[0] == '\0' ? STATUS_OK
                                             : replaceable_each(txn, municipality, layout, first_on, last_on,
                                                                REPLACEABLE_SHOWN_MAX, keep_id, &period, err);
    json_begin_array(writer, "same_period");
    for (size_t i = 0; status == STATUS_OK && i < period.count; i++) {
        struct import_facts facts;
        status = import_facts_read(&facts, txn, municipality, period.ids[i], err);
        if (status == STATUS_OK) {
            json_begin_object(writer, NULL);
            json_int(writer, "id", facts.id);
            json_text(writer, "file_name", facts.file_name);
            json_int(writer, "line_count", facts.line_count);
            json_text(writer, "from", facts.first_on);
            json_text(writer, "to", facts.last_on);
            json_end_object(writer);
        }
    }
    json_end_array(writer);
    return status;
}

/* ---- endpoints ---- */

static enum status
write_row(const struct replacement_row *row, void *context)
{
    struct json_writer *writer = context;
    json_begin_object(writer, NULL);
    json_replacement_members(writer, row);
    json_end_object(writer);
    return STATUS_OK;
}

void
replacements_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    int64_t import = 0;
    struct reply reply;
    reply_begin(&reply);
    enum status status = asked_int(request, "import", 0, 0, INT64_MAX, &import, &err);
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = replacement_each(txn, asked_actor(request)->municipality, 0, import, ROWS_MAX, write_row,
                                  &reply.writer, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}

/* One replacement while it is written. */
struct one {
    struct json_writer *writer;
    int64_t earlier;
    int64_t later;
};

static enum status
write_one(const struct replacement_row *row, void *context)
{
    struct one *one = context;
    one->earlier = row->earlier;
    one->later = row->later;
    json_replacement_members(one->writer, row);
    return STATUS_OK;
}

/* REPLACEMENT with its DIFFERENCE, made of the two files as they came. */
static enum status
write_replacement(struct json_writer *writer, struct store_txn *txn, const char *municipality, int64_t id,
                  struct error_detail *err)
{
    struct one one = {.writer = writer};
    struct import_facts facts = {0};
    struct difference difference;
    enum status status = replacement_each(txn, municipality, id, 0, 1, write_one, &one, err);
    if (status == STATUS_OK && one.later == 0) {
        error_set(err, "not_found", "差替え(%lld)はありません。", (long long)id);
        return STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = import_facts_read(&facts, txn, municipality, one.later, err);
    }
    difference_init(&difference);
    if (status == STATUS_OK) {
        status = difference_add_import(&difference, &difference.earlier, txn, one.earlier, facts.is_statement, err);
    }
    if (status == STATUS_OK) {
        status = difference_add_import(&difference, &difference.later, txn, one.later, facts.is_statement, err);
    }
    if (status == STATUS_OK) {
        status = difference_make(&difference, err);
    }
    if (status == STATUS_OK) {
        json_difference(writer, "difference", &difference);
    }
    difference_finish(&difference);
    return status;
}

/* Answer with replacement ID, and with RUN unless NULL. */
static void
respond_replacement(struct http_request *request, struct service *service, int64_t id, const struct run_row *run,
                    unsigned http_status)
{
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = write_replacement(&reply.writer, txn, asked_actor(request)->municipality, id, &err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    if (run != NULL) {
        json_run(&reply.writer, "run", run);
    }
    reply_send(&reply, request, http_status);
}

void
replacement_endpoint(struct http_request *request, void *context)
{
    struct error_detail err;
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    respond_replacement(request, context, id, NULL, 200);
}

/* The body's "reason", "" when there is none; borrowed from *OUT_BODY. */
static enum status
read_reason(struct http_request *request, struct json_value **out_body, const char **out, struct error_detail *err)
{
    enum status status = asked_body(request, out_body, err);
    if (status == STATUS_OK &&
        json_get_text_or(*out_body, "reason", REPLACEMENT_REASON_MAX_BYTES, "", out, err) != STATUS_OK) {
        error_set(err, "invalid_request", "理由を1000文字以内で入力してください。");
        status = STATUS_INVALID;
    }
    return status;
}

static void
tell(struct service *service)
{
    screens_tell(service, "imports");
    screens_tell(service, "discrepancies");
}

void
import_replace_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct proposal proposal = {0};
    struct run_row run;
    const char *reason = NULL;
    int64_t earlier = 0;
    int64_t later = 0;
    enum status status = asked_id(request, "id", &earlier, &err);
    if (status == STATUS_OK) {
        status = read_reason(request, &body, &reason, &err);
    }
    if (status == STATUS_OK) {
        status = json_get_int(body, "by", 1, INT64_MAX, &later, &err);
    }
    if (status == STATUS_OK) {
        status = replacement_put(service->store, asked_actor(request), earlier, later, reason, asked_now_ms(service),
                                 &proposal, &err);
    }
    if (status == STATUS_OK && proposal.is_done) {
        status = reconcile(service->store, asked_actor(request), &service->clock, &run, &err);
    }
    json_free(body);
    tell(service);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    respond_replacement(request, service, proposal.id, NULL, 201);
}

void
replacement_confirm_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    struct run_row run = {0};
    const char *reason = NULL;
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = read_reason(request, &body, &reason, &err);
    }
    if (status == STATUS_OK) {
        struct work *work =
            works_begin(service->works, WORK_REPLACEMENT, asked_actor(request), NULL, asked_now_ms(service));
        screens_tell(service, "works");
        status =
            replacement_confirm(service->store, asked_actor(request), id, reason, &service->clock, work, &run, &err);
        works_end(service->works, work, status, &err, asked_now_ms(service));
        screens_tell(service, "works");
    }
    json_free(body);
    tell(service);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    respond_replacement(request, service, id, &run, 200);
}

void
replacement_refuse_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct json_value *body = NULL;
    const char *reason = NULL;
    int64_t id = 0;
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = read_reason(request, &body, &reason, &err);
    }
    if (status == STATUS_OK) {
        status = replacement_refuse(service->store, asked_actor(request), id, reason, asked_now_ms(service), &err);
    }
    json_free(body);
    tell(service);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    respond_replacement(request, service, id, NULL, 200);
}
