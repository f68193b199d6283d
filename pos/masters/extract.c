/* Cutting a document: its members are walked without being built; the rows that the place needs go into the head or
 * become entries of the shelf, as they stand. Order of members does not matter, so the place is looked for first. */
#include "pos/masters/cutting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum status
split_members(struct cutting *cutting, const char *document, size_t length)
{
    struct json_span root;
    struct member member;
    enum status status = json_span_check(&root, document, length, cutting->err);
    if (status != STATUS_OK) {
        return status;
    }
    struct json_walk walk = json_walk_into(root);
    while (root.length > 0 && root.start[0] == '{' && json_walk_member(&walk, &member.key, &member.value)) {
        bool is_odd = cutting->member_count == MEMBERS_MAX || memchr(member.key.start, '\\', member.key.length) != NULL;
        for (size_t i = 0; i < cutting->member_count && !is_odd; i++) {
            const struct json_span *other = &cutting->members[i].key;
            is_odd = other->length == member.key.length && memcmp(other->start, member.key.start, other->length) == 0;
        }
        if (is_odd) {
            error_set(cutting->err, "wrong_member",
                      "the member \"%.*s\" is not one of a masters document, or stands twice",
                      (int)(member.key.length < 40 ? member.key.length : 40), member.key.start);
            return STATUS_INVALID;
        }
        cutting->members[cutting->member_count++] = member;
    }
    return STATUS_OK;
}

/* The value of member KEY; an empty span when there is none. */
static struct json_span
member_value(const struct cutting *cutting, const char *key)
{
    for (size_t i = 0; i < cutting->member_count; i++) {
        if (json_span_is(cutting->members[i].key, key)) {
            return cutting->members[i].value;
        }
    }
    return (struct json_span){"", 0};
}

/* Call TAKE for each row of array KEY. */
static enum status
each_row(struct cutting *cutting, const char *key, size_t most, bool is_required, row_taker take)
{
    struct json_span list = member_value(cutting, key);
    struct json_span text;
    size_t index = 0;
    if ((list.length == 0 && is_required) || (list.length > 0 && list.start[0] != '[' && !json_span_is(list, "null"))) {
        error_set(cutting->err, "wrong_member", "\"%s\" must be an array", key);
        return STATUS_INVALID;
    }
    struct json_walk walk = json_walk_into(list);
    for (; json_walk_element(&walk, &text); index++) {
        struct json_value *object = NULL;
        struct row row = {.err = cutting->err};
        if (index == most) {
            error_set(cutting->err, "too_many_rows", "\"%s\" has more than %zu rows", key, most);
            return STATUS_OVERFLOW;
        }
        row.status = json_parse(&object, text.start, text.length, cutting->err);
        row.object = object;
        if (row.status == STATUS_OK) {
            take(cutting, &row, text, index);
        }
        json_free(object);
        if (row.status != STATUS_OK) {
            error_prefix(cutting->err, "%s[%zu]: ", key, index);
            return row.status;
        }
    }
    return STATUS_OK;
}

/* ---- what goes into the head ---- */

/* Whether the row is for this place; rows without "places" are for all. */
static bool
is_for_place(const struct cutting *cutting, const struct json_value *row)
{
    const struct json_value *list = json_member(row, "places");
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        const char *code;
        if (json_as_text(item, &code) && strcmp(code, cutting->place.code) == 0) {
            return true;
        }
    }
    return json_is_null(list);
}

static void
keep_row(struct cutting *cutting, struct row *row, struct json_span text, size_t index)
{
    (void)index;
    if (is_for_place(cutting, row->object)) {
        json_raw(&cutting->head, NULL, text.start, text.length);
    }
}

static void
keep_facility(struct cutting *cutting, struct row *row, struct json_span text, size_t index)
{
    const char *code = "";
    json_as_text(json_member(row->object, "code"), &code);
    if (cutting_has_facility(cutting, code)) {
        keep_row(cutting, row, text, index);
    }
}

static void
find_place(struct cutting *cutting, struct row *row, struct json_span text, size_t index)
{
    const char *code = "";
    (void)text;
    (void)index;
    json_as_text(json_member(row->object, "code"), &code);
    if (strcmp(code, cutting->place.code) == 0) {
        read_place(row, &cutting->place);
    }
}

static void
keep_place(struct cutting *cutting, struct row *row, struct json_span text, size_t index)
{
    const char *code = "";
    json_as_text(json_member(row->object, "code"), &code);
    if (strcmp(code, cutting->place.code) == 0) {
        keep_row(cutting, row, text, index);
    }
}

static enum status
write_head_rows(struct cutting *cutting)
{
    static const struct {
        const char *key;
        bool is_required;
        row_taker take;
    } kinds[] = {
        {"places", true, keep_place},    {"issuers", true, keep_row},     {"exemptions", true, keep_row},
        {"brands", true, keep_row},      {"clerks", true, keep_row},      {"facilities", false, keep_facility},
        {"drawers", false, keep_row},    {"reductions", false, keep_row}, {"policies", false, keep_row},
        {"scan_rules", false, keep_row}, {"templates", false, keep_row},  {"accounts", false, keep_row},
        {"sections", false, keep_row},
    };
    static const char *const whole[] = {"municipality", "quick_tender_yen", "settings"};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && status == STATUS_OK; i++) {
        json_begin_array(&cutting->head, kinds[i].key);
        status = each_row(cutting, kinds[i].key, EXTRACT_ROWS_MAX, kinds[i].is_required, kinds[i].take);
        json_end_array(&cutting->head);
    }
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        struct json_span value = member_value(cutting, whole[i]);
        if (value.length > 0) {
            json_raw(&cutting->head, whole[i], value.start, value.length);
        }
    }
    return status;
}

/* ---- the whole ---- */

static enum status
read_version(const struct cutting *cutting, int64_t *out)
{
    struct json_span text = member_value(cutting, "version");
    struct json_value *value = NULL;
    enum status status = json_parse(&value, text.start, text.length, cutting->err);
    bool is_version = status == STATUS_OK && json_as_int(value, out) && *out >= 1;
    json_free(value);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (!is_version) {
        error_set(cutting->err, "wrong_member", "\"version\" must be an integer from 1");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
find_own_place(struct cutting *cutting, const char *code)
{
    snprintf(cutting->place.code, sizeof cutting->place.code, "%s", code);
    enum status status = each_row(cutting, "places", EXTRACT_ROWS_MAX, true, find_place);
    if (status == STATUS_OK && cutting->place.name[0] == '\0') {
        error_set(cutting->err, "unknown_place", "the masters do not know the place \"%s\"", code);
        status = STATUS_NOT_FOUND;
    }
    return status;
}

static enum status
write_head(struct cutting *cutting, const struct extract_sink *sink, const struct extract_identity *identity,
           struct buffer *head)
{
    struct buffer directory;
    buffer_init(&directory, EXTRACT_HEAD_MAX);
    json_begin_object(&cutting->head, NULL);
    json_int(&cutting->head, "format", EXTRACT_FORMAT);
    json_int(&cutting->head, "version", identity->version);
    json_text(&cutting->head, "document", identity->document_sha256);
    enum status status = write_head_rows(cutting);
    if (status == STATUS_OK) {
        status = entries_write(&cutting->entries, sink, &directory, cutting->err);
    }
    if (status == STATUS_OK) {
        json_raw(&cutting->head, "pages", buffer_text(&directory), directory.length);
        json_end_object(&cutting->head);
        status = json_finish(&cutting->head, cutting->err);
    }
    if (status == STATUS_OK) {
        status = sink->put(sink->context, 0, buffer_text(head), head->length, cutting->err);
    }
    buffer_finish(&directory);
    return status;
}

enum status
extract_write(const char *document, size_t length, const char *place, const struct extract_sink *sink,
              struct extract_identity *out, struct error_detail *err)
{
    struct extract_identity identity = {0};
    struct buffer head;
    struct cutting *cutting = calloc(1, sizeof *cutting);
    if (cutting == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    cutting->err = err;
    buffer_init(&head, EXTRACT_HEAD_MAX);
    json_writer_init(&cutting->head, &head);
    sha256_text(identity.document_sha256, document, length);
    enum status status = split_members(cutting, document, length);
    if (status == STATUS_OK) {
        status = read_version(cutting, &identity.version);
    }
    if (status == STATUS_OK) {
        status = find_own_place(cutting, place);
    }
    if (status == STATUS_OK) {
        status = each_row(cutting, "items", EXTRACT_ITEMS_MAX, true, shelve_item);
    }
    if (status == STATUS_OK) {
        status = each_row(cutting, "tariffs", EXTRACT_ROWS_MAX, false, shelve_tariff);
    }
    if (status == STATUS_OK) {
        status = write_head(cutting, sink, &identity, &head);
    }
    if (status == STATUS_OK) {
        sha256_text(identity.head_sha256, buffer_text(&head), head.length);
        *out = identity;
    }
    entries_finish(&cutting->entries);
    buffer_finish(&head);
    free(cutting);
    return status;
}

enum status
extract_peek_version(const char *document, size_t length, int64_t *out, struct error_detail *err)
{
    struct cutting *cutting = calloc(1, sizeof *cutting);
    if (cutting == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    cutting->err = err;
    enum status status = split_members(cutting, document, length);
    if (status == STATUS_OK) {
        status = read_version(cutting, out);
    }
    free(cutting);
    return status;
}
