/* The lines of an imported file, raw and parsed, and what became of each. */
#include "settlement/store/import_store.h"
#include "settlement/store/matching_query_store.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/evidence.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *state;
    const char *name;
} states[] = {
    {"matched", "合意"},          {"open", "未処理"},  {"closed", "処理済み"},
    {"credited", "入金消込済み"}, {"other", "対象外"}, {"aside", "差替えのため対象外"},
};

static const char *
state_name(const char *state)
{
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(states[i].state, state) == 0) {
            return states[i].name;
        }
    }
    return state;
}

/* Line numbers are collected first, because a line is read again while it is written. One more than `limit` tells
 * whether there is a next page. */
struct page {
    bool is_found;
    bool is_bank;
    int64_t limit;
    int64_t lines[ROWS_MAX + 1];
    int64_t count;
};

static enum status
see_kind(const struct import_row *row, void *context)
{
    struct page *page = context;
    page->is_found = true;
    page->is_bank = strcmp(row->kind, "bank") == 0;
    return STATUS_OK;
}

static enum status
collect_statement_line(const struct statement_line *line, void *context)
{
    struct page *page = context;
    page->lines[page->count++] = line->line;
    return STATUS_OK;
}

static enum status
collect_bank_line(const struct bank_line *line, void *context)
{
    struct page *page = context;
    page->lines[page->count++] = line->line;
    return STATUS_OK;
}

static enum status
collect(struct page *page, struct store_txn *txn, const char *municipality, int64_t id, int64_t after,
        struct error_detail *err)
{
    enum status status = import_each(txn, municipality, id, 0, 1, see_kind, page, err);
    if (status == STATUS_OK && !page->is_found) {
        error_set(err, "not_found", "取込(%lld)はありません。", (long long)id);
        return STATUS_NOT_FOUND;
    }
    if (status != STATUS_OK) {
        return status;
    }
    return page->is_bank ? bank_line_each(txn, id, 0, after, page->limit + 1, collect_bank_line, page, err)
                         : statement_line_each(txn, id, 0, after, page->limit + 1, collect_statement_line, page, err);
}

static enum status
write_lines(struct json_writer *writer, const struct page *page, struct store_txn *txn, const char *municipality,
            const struct layouts *layouts, int64_t id, struct error_detail *err)
{
    struct shown_file file;
    shown_file_init(&file);
    enum status status = STATUS_OK;
    json_begin_array(writer, "rows");
    for (int64_t i = 0; status == STATUS_OK && i < page->count && i < page->limit; i++) {
        const char *state;
        status = import_line_state(txn, id, page->lines[i], page->is_bank, &state, err);
        if (status != STATUS_OK) {
            break;
        }
        json_begin_object(writer, NULL);
        json_int(writer, "line", page->lines[i]);
        json_text(writer, "state", state);
        json_text(writer, "state_name", state_name(state));
        status = json_file_members(writer, &file, txn, municipality, layouts, id, page->lines[i], err);
        json_end_object(writer);
    }
    json_end_array(writer);
    shown_file_finish(&file);
    return status;
}

void
import_lines_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    const char *municipality = asked_actor(request)->municipality;
    struct error_detail err;
    int64_t id = 0;
    struct cursor cursor;
    bool has_cursor = false;
    struct page page = {0};
    struct store_txn *txn = NULL;
    struct reply reply;
    reply_begin(&reply);
    enum status status = asked_id(request, "id", &id, &err);
    if (status == STATUS_OK) {
        status = asked_limit(request, &page.limit, &err);
    }
    if (status == STATUS_OK) {
        status = asked_cursor(request, 1, &cursor, &has_cursor, &err);
    }
    int64_t after = status == STATUS_OK && has_cursor ? strtoll(cursor.parts[0], NULL, 10) : 0;
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = collect(&page, txn, municipality, id, after, &err);
    }
    if (status == STATUS_OK) {
        status = write_lines(&reply.writer, &page, txn, municipality, service->layouts, id, &err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    char last[24];
    if (page.count > page.limit) {
        snprintf(last, sizeof last, "%lld", (long long)page.lines[page.limit - 1]);
        json_cursor(&reply.writer, (const char *const[]){last}, 1);
    } else {
        json_null(&reply.writer, "next");
    }
    reply_send(&reply, request, 200);
}
