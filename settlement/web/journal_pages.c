/* The journals as they came: line by line, one line with its place in the chain, and the lines that nobody could read.
 */
#include "common/bytes/encoding.h"
#include "settlement/store/journal_store.h"
#include "settlement/store/terminal_query_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/journal_line_json.h"
#include "settlement/web/reply.h"
#include "settlement/web/viewed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* A page ends early when this much is written: 500 of the longest lines, raw and parsed, would not fit an answer.
     */
    PAGE_MAX_BYTES = REPLY_MAX_BYTES / 2,
    PARKED_REASON_SIZE = 1024
};

/* The till named in the path, when it is one of the user's city. */
static enum status
asked_terminal(const struct http_request *request, struct store_txn *txn, struct terminal *out,
               struct error_detail *err)
{
    const char *id = http_request_parameter(request, "terminal");
    enum status status = terminal_find(txn, id, out, err);
    bool is_foreign = status == STATUS_OK && strcmp(out->municipality, asked_actor(request)->municipality) != 0;
    if (status == STATUS_NOT_FOUND || is_foreign) {
        error_set(err, "not_found", "この番号の端末は登録されていません。");
        return STATUS_NOT_FOUND;
    }
    return status;
}

static enum status
write_listed_line(struct json_writer *writer, struct store_txn *txn, const struct journal_run *run, const char *line,
                  size_t length, struct error_detail *err)
{
    char reason[PARKED_REASON_SIZE];
    struct journal_line read;
    json_begin_object(writer, NULL);
    enum status status = json_journal_line_members(writer, line, length, &read, err);
    if (status == STATUS_OK) {
        status = parked_reason(txn, run->terminal, read.sequence, reason, sizeof reason, err);
    }
    if (status == STATUS_OK) {
        json_instant(writer, "received_at", run->received_at_ms);
        json_bool(writer, "is_parked", reason[0] != '\0');
    }
    json_end_object(writer);
    return status;
}

/* Write lines FROM … LAST. *OUT_NEXT is the first that was not written. */
static enum status
write_lines(struct reply *reply, struct store_txn *txn, const char *terminal, int64_t from, int64_t last,
            int64_t *out_next, struct error_detail *err)
{
    struct buffer lines;
    buffer_init(&lines, JOURNAL_RUN_MAX_BYTES);
    enum status status = STATUS_OK;
    int64_t sequence = from;
    while (status == STATUS_OK && sequence <= last && reply->json.length < PAGE_MAX_BYTES) {
        struct journal_run run;
        status = journal_run_of(txn, terminal, sequence, &run, &lines, err);
        if (status != STATUS_OK) {
            break;
        }
        struct line_cursor cursor = {.at = run.lines, .end = run.lines + run.length};
        const char *line;
        size_t length;
        for (int64_t at = run.first; status == STATUS_OK && at <= last && reply->json.length < PAGE_MAX_BYTES &&
                                     line_cursor_next(&cursor, &line, &length);
             at++) {
            if (at == sequence) {
                status = write_listed_line(&reply->writer, txn, &run, line, length, err);
                sequence++;
            }
        }
        if (status == STATUS_OK && sequence <= last && sequence <= run.last && reply->json.length < PAGE_MAX_BYTES) {
            error_set(err, "run_is_short", "端末 %s の記録 %lld が欠けています。", terminal, (long long)sequence);
            status = STATUS_CORRUPT;
        }
    }
    buffer_finish(&lines);
    *out_next = sequence;
    return status;
}

static enum status
write_journal(const struct http_request *request, struct store_txn *txn, struct reply *reply, struct error_detail *err)
{
    struct terminal terminal;
    int64_t from = 1;
    int64_t after = 0;
    int64_t limit = 0;
    enum status status = asked_terminal(request, txn, &terminal, err);
    if (status == STATUS_OK) {
        status = asked_int(request, "from", 1, 1, JOURNAL_SEQUENCE_MAX, &from, err);
    }
    if (status == STATUS_OK) {
        status = asked_int(request, "after", 0, 0, JOURNAL_SEQUENCE_MAX, &after, err);
    }
    if (status == STATUS_OK) {
        status = asked_limit(request, &limit, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    from = after >= from ? after + 1 : from;
    int64_t last = from + limit - 1 < terminal.head_sequence ? from + limit - 1 : terminal.head_sequence;
    int64_t next = from;
    json_text(&reply->writer, "terminal", terminal.terminal);
    json_begin_array(&reply->writer, "rows");
    status = write_lines(reply, txn, terminal.terminal, from, last, &next, err);
    json_end_array(&reply->writer);
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)(next - 1));
    json_text(&reply->writer, "next", next <= terminal.head_sequence ? text : NULL);
    return status;
}

/* Begin a read, let WRITE fill the answer, send it. */
typedef enum status (*page_writer)(const struct http_request *request, struct store_txn *txn, struct reply *reply,
                                   struct error_detail *err);

static enum status
note_line(const struct http_request *request, struct service *service, struct error_detail *err)
{
    char object[64];
    snprintf(object, sizeof object, "journal:%s:%s", http_request_parameter(request, "terminal"),
             http_request_parameter(request, "sequence"));
    return viewed_note(request, service, "journal_line_viewed", object, "", err);
}

/* IS_NOTED: one line, and reading it is a matter of record. */
static void
respond_read(struct http_request *request, struct service *service, page_writer write, bool is_noted)
{
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    enum status status = asked_begin_read(request, service, &txn, &err);
    if (status == STATUS_OK) {
        status = write(request, txn, &reply, &err);
    }
    store_end(txn);
    if (status == STATUS_OK && is_noted) {
        status = note_line(request, service, &err);
    }
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    reply_send(&reply, request, 200);
}

void
journal_endpoint(struct http_request *request, void *context)
{
    respond_read(request, context, write_journal, /* is_noted = */ false);
}

/* Whether LINE carries the hash of the line before it, as stored; zeros in line 1. */
static enum status
previous_is_right(struct store_txn *txn, const struct journal_line *line, bool *out, struct error_detail *err)
{
    uint8_t hash[SHA256_SIZE] = {0};
    enum status status = STATUS_OK;
    if (line->sequence > 1) {
        int64_t received_at_ms;
        struct buffer before;
        buffer_init(&before, JOURNAL_LINE_MAX_BYTES + 1);
        status = journal_line_of(txn, line->terminal, line->sequence - 1, &before, &received_at_ms, err);
        if (status == STATUS_OK) {
            journal_line_hash(hash, buffer_text(&before), before.length);
        }
        buffer_finish(&before);
    }
    if (status == STATUS_OK) {
        *out = memcmp(hash, line->previous, sizeof hash) == 0;
    }
    return status;
}

static enum status
write_chained_line(struct json_writer *writer, struct store_txn *txn, const struct buffer *bytes,
                   int64_t received_at_ms, struct error_detail *err)
{
    struct journal_line line;
    bool is_right = false;
    char reason[PARKED_REASON_SIZE];
    char previous[SHA256_TEXT_SIZE];
    json_begin_object(writer, "line");
    enum status status = json_journal_line_members(writer, buffer_text(bytes), bytes->length, &line, err);
    if (status == STATUS_OK) {
        status = previous_is_right(txn, &line, &is_right, err);
    }
    if (status == STATUS_OK) {
        status = parked_reason(txn, line.terminal, line.sequence, reason, sizeof reason, err);
    }
    if (status == STATUS_OK) {
        hex_encode(previous, line.previous, sizeof line.previous);
        json_text(writer, "previous", previous);
        json_bool(writer, "previous_is_right", is_right);
        json_instant(writer, "received_at", received_at_ms);
        json_text_or_null(writer, "parked_reason", reason);
    }
    json_end_object(writer);
    return status;
}

static enum status
write_one_line(const struct http_request *request, struct store_txn *txn, struct reply *reply, struct error_detail *err)
{
    struct terminal terminal;
    int64_t sequence = 0;
    int64_t received_at_ms = 0;
    struct buffer line;
    buffer_init(&line, JOURNAL_LINE_MAX_BYTES + 1);
    enum status status = asked_terminal(request, txn, &terminal, err);
    if (status == STATUS_OK) {
        status = asked_id(request, "sequence", &sequence, err);
    }
    if (status == STATUS_OK) {
        status = journal_line_of(txn, terminal.terminal, sequence, &line, &received_at_ms, err);
        if (status == STATUS_NOT_FOUND) {
            error_set(err, "not_found", "端末 %s の記録 %lld はまだ届いていません。", terminal.terminal,
                      (long long)sequence);
        }
    }
    if (status == STATUS_OK) {
        status = write_chained_line(&reply->writer, txn, &line, received_at_ms, err);
    }
    buffer_finish(&line);
    return status;
}

void
journal_line_endpoint(struct http_request *request, void *context)
{
    respond_read(request, context, write_one_line, /* is_noted = */ true);
}

/* One row more than `limit` is read; it tells whether there is a next page. */
struct parked_page {
    struct reply *reply;
    struct store_txn *txn;
    int64_t limit;
    int64_t written;
    bool has_more;
    char last_terminal[TERMINAL_ID_SIZE];
    char last_sequence[24];
};

static enum status
write_parked(const struct parked_view *parked, void *context, struct error_detail *err)
{
    struct parked_page *page = context;
    if (page->written == page->limit || page->reply->json.length >= PAGE_MAX_BYTES) {
        page->has_more = true;
        return STATUS_OK;
    }
    int64_t received_at_ms = 0;
    struct buffer line;
    buffer_init(&line, JOURNAL_LINE_MAX_BYTES + 1);
    enum status status = journal_line_of(page->txn, parked->terminal, parked->sequence, &line, &received_at_ms, err);
    if (status == STATUS_OK) {
        struct json_writer *writer = &page->reply->writer;
        json_begin_object(writer, NULL);
        json_text(writer, "terminal", parked->terminal);
        json_int(writer, "sequence", parked->sequence);
        json_text(writer, "kind", parked->kind);
        json_text(writer, "business_date", parked->business_date);
        json_instant(writer, "received_at", received_at_ms);
        json_text(writer, "reason", parked->reason);
        json_text_n(writer, "raw", buffer_text(&line), line.length);
        json_end_object(writer);
        snprintf(page->last_terminal, sizeof page->last_terminal, "%s", parked->terminal);
        snprintf(page->last_sequence, sizeof page->last_sequence, "%lld", (long long)parked->sequence);
        page->written++;
    }
    buffer_finish(&line);
    return status;
}

static enum status
write_parked_page(const struct http_request *request, struct store_txn *txn, struct reply *reply,
                  struct error_detail *err)
{
    struct parked_page page = {.reply = reply, .txn = txn};
    struct cursor cursor;
    bool has_cursor = false;
    enum status status = asked_limit(request, &page.limit, err);
    if (status == STATUS_OK) {
        status = asked_cursor(request, 2, &cursor, &has_cursor, err);
    }
    json_begin_array(&reply->writer, "rows");
    if (status == STATUS_OK) {
        status = parked_view_each(txn, asked_actor(request)->municipality, has_cursor ? cursor.parts[0] : NULL,
                                  has_cursor ? strtoll(cursor.parts[1], NULL, 10) : 0, page.limit + 1, write_parked,
                                  &page, err);
    }
    json_end_array(&reply->writer);
    if (page.has_more) {
        json_cursor(&reply->writer, (const char *const[]){page.last_terminal, page.last_sequence}, 2);
    } else {
        json_null(&reply->writer, "next");
    }
    return status;
}

void
parked_endpoint(struct http_request *request, void *context)
{
    respond_read(request, context, write_parked_page, /* is_noted = */ false);
}
