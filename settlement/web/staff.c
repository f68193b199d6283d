/* 職員: who may sign in, for the administrator. The rules are in access/staff.h. */
#include "settlement/access/staff.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <string.h>

enum {
    TEXT_MAX_BYTES = 1024 /* longer than any login, name, role or password; the verb checks it exactly */
};

struct page {
    struct json_writer *writer;
    int64_t limit;
    int64_t written;
    bool has_more;
    char last[LOGIN_SIZE];
};

static enum status
write_person(const struct staff_listing *listing, void *context)
{
    struct page *page = context;
    if (page->written == page->limit) {
        page->has_more = true;
        return STATUS_OK;
    }
    const struct actor *person = &listing->row.actor;
    struct json_writer *writer = page->writer;
    json_begin_object(writer, NULL);
    json_text(writer, "login", person->login);
    json_text(writer, "name", person->name);
    json_text(writer, "role", role_word(person->role));
    json_text(writer, "role_name", role_name(person->role));
    json_codes(writer, "sections", listing->row.sections);
    json_bool(writer, "is_active", listing->row.is_active);
    json_bool(writer, "must_change_password", listing->row.must_change_password);
    json_instant(writer, "created_at", listing->created_at_ms);
    json_person(writer, "created_by", listing->created_by, listing->created_by_name);
    json_end_object(writer);
    page->written++;
    snprintf(page->last, sizeof page->last, "%s", person->login);
    return STATUS_OK;
}

static void
write_roles(struct json_writer *writer)
{
    json_begin_array(writer, "roles");
    for (int role = 0; role < ROLE_COUNT; role++) {
        json_begin_object(writer, NULL);
        json_text(writer, "role", role_word((enum role)role));
        json_text(writer, "role_name", role_name((enum role)role));
        json_end_object(writer);
    }
    json_end_array(writer);
}

/* What may be chosen: the 所属 of the masters. */
static void
write_choices(struct json_writer *writer, const struct catalogue *catalogue)
{
    const struct json_value *row = json_first(catalogue_table(catalogue, "sections"));
    json_begin_array(writer, "sections");
    for (; row != NULL; row = json_next(row)) {
        const char *code = "";
        const char *name = "";
        if (json_as_text(json_member(row, "code"), &code) && json_as_text(json_member(row, "name"), &name)) {
            json_begin_object(writer, NULL);
            json_text(writer, "code", code);
            json_text(writer, "name", name);
            json_end_object(writer);
        }
    }
    json_end_array(writer);
}

void
staff_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct store_txn *txn = NULL;
    struct cursor cursor;
    bool has_cursor = false;
    struct catalogue *catalogue = NULL;
    struct reply reply;
    reply_begin(&reply);
    struct page page = {.writer = &reply.writer};
    enum status status = asked_limit(request, &page.limit, &err);
    if (status == STATUS_OK) {
        status = asked_cursor(request, 1, &cursor, &has_cursor, &err);
    }
    if (status == STATUS_OK) {
        status = asked_begin_read(request, service, &txn, &err);
    }
    if (status == STATUS_OK) {
        status = catalogue_load(&catalogue, txn, asked_actor(request)->municipality, &err);
    }
    write_roles(&reply.writer);
    write_choices(&reply.writer, catalogue);
    json_begin_array(&reply.writer, "rows");
    if (status == STATUS_OK) {
        status = staff_each(txn, asked_actor(request)->municipality, has_cursor ? cursor.parts[0] : NULL,
                            page.limit + 1, write_person, &page, &err);
    }
    json_end_array(&reply.writer);
    store_end(txn);
    catalogue_destroy(catalogue);
    if (status != STATUS_OK) {
        reply_fail(&reply, request, status, &err);
        return;
    }
    if (page.has_more) {
        json_cursor(&reply.writer, (const char *const[]){page.last}, 1);
    } else {
        json_null(&reply.writer, "next");
    }
    reply_send(&reply, request, 200);
}

/* What a deed is told; texts are borrowed from BODY, which json_free ends. */
struct told {
    struct json_value *body;
    const char *login;
    const char *name;
    const char *password;
    const char *reason;
    enum role role;
    const char *sections[STAFF_SECTIONS_MAX];
    size_t section_count;
};

enum { NEEDS_PERSON = 1, NEEDS_PASSWORD = 2, NEEDS_LOGIN = 4, NEEDS_SECTIONS = 8 };

static enum status
read_role(const struct json_value *body, enum role *out, struct error_detail *err)
{
    const char *word = NULL;
    enum status status = json_get_text(body, "role", TEXT_MAX_BYTES, &word, err);
    return status == STATUS_OK && !role_from_word(out, word) ? STATUS_INVALID : status;
}

static enum status
read_sections(const struct json_value *body, struct told *told, struct error_detail *err)
{
    const struct json_value *codes = NULL;
    enum status status = json_get_array(body, "sections", &codes, err);
    if (status != STATUS_OK || json_count(codes) > STAFF_SECTIONS_MAX) {
        return STATUS_INVALID;
    }
    for (const struct json_value *code = json_first(codes); code != NULL; code = json_next(code)) {
        if (!json_as_text(code, &told->sections[told->section_count++])) {
            return STATUS_INVALID;
        }
    }
    return STATUS_OK;
}

static enum status
read_told(const struct http_request *request, unsigned needs, struct told *out, struct error_detail *err)
{
    *out = (struct told){.login = http_request_parameter(request, "login"), .name = "", .password = ""};
    enum status status = asked_body(request, &out->body, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = json_get_text_or(out->body, "reason", STAFF_REASON_MAX_BYTES, "", &out->reason, err);
    if (status == STATUS_OK && (needs & NEEDS_LOGIN) != 0) {
        status = json_get_text(out->body, "login", TEXT_MAX_BYTES, &out->login, err);
    }
    if (status == STATUS_OK && (needs & NEEDS_PERSON) != 0) {
        status = json_get_text(out->body, "name", TEXT_MAX_BYTES, &out->name, err);
    }
    if (status == STATUS_OK && (needs & NEEDS_PERSON) != 0) {
        status = read_role(out->body, &out->role, err);
    }
    if (status == STATUS_OK && (needs & NEEDS_SECTIONS) != 0) {
        status = read_sections(out->body, out, err);
    }
    if (status == STATUS_OK && (needs & NEEDS_PASSWORD) != 0) {
        status = json_get_text(out->body, "password", TEXT_MAX_BYTES, &out->password, err);
    }
    if (status != STATUS_OK) {
        status = STATUS_INVALID;
        error_set(err, "invalid_request",
                  "入力を確かめてください。役割と所属(100件まで)は一覧から選び、理由は1000文字以内です("
                  "書かなくてもかまいません)。");
    }
    return status;
}

typedef enum status (*staff_deed)(struct store *store, const struct actor *actor, const struct told *told,
                                  int64_t now_ms, struct error_detail *err);

static void
act(struct http_request *request, struct service *service, unsigned needs, staff_deed deed)
{
    struct error_detail err;
    struct told told;
    enum status status = read_told(request, needs, &told, &err);
    if (status == STATUS_OK) {
        status = deed(service->store, asked_actor(request), &told, asked_now_ms(service), &err);
    }
    json_free(told.body);
    if (status != STATUS_OK) {
        respond_failure(request, status, &err);
        return;
    }
    screens_tell(service, "staff");
    http_respond_empty(request, 204);
}

static enum status
create(struct store *store, const struct actor *actor, const struct told *told, int64_t now_ms,
       struct error_detail *err)
{
    return staff_create(store, actor, told->login, told->name, told->role, told->password, told->reason, now_ms, err);
}

static enum status
change(struct store *store, const struct actor *actor, const struct told *told, int64_t now_ms,
       struct error_detail *err)
{
    return staff_change(store, actor, told->login, told->name, told->role, told->reason, now_ms, err);
}

static enum status
scope(struct store *store, const struct actor *actor, const struct told *told, int64_t now_ms, struct error_detail *err)
{
    return staff_set_sections(store, actor, told->login, told->sections, told->section_count, told->reason, now_ms,
                              err);
}

static enum status
deactivate(struct store *store, const struct actor *actor, const struct told *told, int64_t now_ms,
           struct error_detail *err)
{
    return staff_set_active(store, actor, told->login, /* is_active = */ false, told->reason, now_ms, err);
}

static enum status
reactivate(struct store *store, const struct actor *actor, const struct told *told, int64_t now_ms,
           struct error_detail *err)
{
    return staff_set_active(store, actor, told->login, /* is_active = */ true, told->reason, now_ms, err);
}

static enum status
reset(struct store *store, const struct actor *actor, const struct told *told, int64_t now_ms, struct error_detail *err)
{
    return staff_reset_password(store, actor, told->login, told->password, told->reason, now_ms, err);
}

void
staff_create_endpoint(struct http_request *request, void *context)
{
    act(request, context, NEEDS_LOGIN | NEEDS_PERSON | NEEDS_PASSWORD, create);
}

void
staff_change_endpoint(struct http_request *request, void *context)
{
    act(request, context, NEEDS_PERSON, change);
}

void
staff_sections_endpoint(struct http_request *request, void *context)
{
    act(request, context, NEEDS_SECTIONS, scope);
}

void
staff_deactivate_endpoint(struct http_request *request, void *context)
{
    act(request, context, 0, deactivate);
}

void
staff_reactivate_endpoint(struct http_request *request, void *context)
{
    act(request, context, 0, reactivate);
}

void
staff_password_endpoint(struct http_request *request, void *context)
{
    act(request, context, NEEDS_PASSWORD, reset);
}
