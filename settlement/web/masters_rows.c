/* The masters as lists: what kinds there are, their rows, the names that forms offer, and what is wrong. */
#include "settlement/web/endpoints.h"
#include "settlement/web/masters_view.h"
#include "settlement/web/search_fold.h"

#include <stdlib.h>
#include <string.h>

static void
write_words(struct json_writer *writer, const struct field_word *words)
{
    json_begin_array(writer, "words");
    for (; words != NULL && words->word != NULL; words++) {
        json_begin_object(writer, NULL);
        json_text(writer, "word", words->word);
        json_text(writer, "name", words->name);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static const char *
field_kind_word(enum field_kind kind)
{
    static const char *const words[] = {
        [FIELD_CODE] = "code",
        [FIELD_TEXT] = "text",
        [FIELD_TEXTS] = "texts",
        [FIELD_INTEGER] = "integer",
        [FIELD_INTEGERS] = "integers",
        [FIELD_BOOLEAN] = "boolean",
        [FIELD_DATE] = "date",
        [FIELD_WORD] = "word",
        [FIELD_WORDS] = "words",
        [FIELD_CODE_NAME] = "code_name",
        [FIELD_REFERENCE] = "reference",
        [FIELD_REFERENCES] = "references",
        [FIELD_REGISTRATION_NUMBER] = "text",
        [FIELD_TERMINAL] = "text",
        [FIELD_PIN_HASH] = "pin",
        [FIELD_ROWS] = "rows",
    };
    return words[kind];
}

static void
write_field(struct json_writer *writer, const struct field *field)
{
    json_begin_object(writer, NULL);
    json_text(writer, "key", field->key);
    json_text(writer, "title", field->title);
    json_text(writer, "kind", field_kind_word(field->kind));
    json_bool(writer, "is_optional", field->is_optional);
    json_bool(writer, "is_yen", field->is_yen);
    json_int(writer, "minimum", field->minimum);
    json_int(writer, "maximum", field->maximum);
    json_int(writer, "most", (int64_t)field->most);
    json_text(writer, "refers_to", field->refers_to);
    write_words(writer, field->words);
    json_begin_array(writer, "fields");
    for (size_t i = 0; i < field->field_count; i++) {
        json_begin_object(writer, NULL);
        json_text(writer, "key", field->fields[i].key);
        json_text(writer, "title", field->fields[i].title);
        json_text(writer, "kind", field_kind_word(field->fields[i].kind));
        json_bool(writer, "is_optional", field->fields[i].is_optional);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_end_object(writer);
}

static void
write_kind(struct json_writer *writer, const struct table *table)
{
    json_begin_object(writer, NULL);
    json_text(writer, "kind", table->key);
    json_text(writer, "title", table->title);
    json_text(writer, "code", table_code_key(table));
    json_bool(writer, "has_validity", table->has_validity);
    json_bool(writer, "has_other_members", table->has_other_members);
    json_bool(writer, "is_single", table == &masters_settings_row);
    json_int(writer, "rows_max", (int64_t)table->rows_max);
    json_begin_array(writer, "fields");
    for (size_t i = 0; i < table->field_count; i++) {
        write_field(writer, &table->fields[i]);
    }
    for (size_t i = 0; i < masters_common_field_count && table != &masters_settings_row; i++) {
        write_field(writer, &masters_common_fields[i]);
    }
    json_end_array(writer);
    json_end_object(writer);
}

void
masters_schema_endpoint(struct http_request *request, void *context)
{
    (void)context;
    struct reply reply;
    reply_begin(&reply);
    json_begin_array(&reply.writer, "kinds");
    for (size_t i = 0; i < masters_kind_count(); i++) {
        write_kind(&reply.writer, masters_kind_at(i));
    }
    json_end_array(&reply.writer);
    reply_send(&reply, request, 200);
}

/* What narrows a list of rows. */
struct row_filter {
    const struct table *table;
    const char *date;
    char search[256]; /* folded */
    const char *state;
    const struct http_request *request;
};

static enum status
read_filter(const struct http_request *request, struct row_filter *out, struct error_detail *err)
{
    const char *search = asked_text(request, "search");
    *out = (struct row_filter){.request = request, .state = asked_text(request, "state")};
    search_fold(out->search, sizeof out->search, search != NULL ? search : "");
    enum status status = asked_kind(request, &out->table, err);
    return status == STATUS_OK ? asked_day(request, "date", &out->date, err) : status;
}

static bool
is_valid_on(const struct json_value *row, const char *date)
{
    const char *from = NULL;
    const char *to = NULL;
    bool has_from = json_as_text(json_member(row, "valid_from"), &from);
    bool has_to = json_as_text(json_member(row, "valid_to"), &to);
    return (!has_from || strcmp(from, date) <= 0) && (!has_to || strcmp(date, to) <= 0);
}

static bool
is_found(const struct json_value *row, const char *folded)
{
    bool found = folded[0] == '\0';
    for (const struct json_value *member = json_first(row); member != NULL && !found; member = json_next(member)) {
        const char *text;
        if (json_is_object(member)) {
            found = is_found(member, folded); /* 款項目節 of an account */
        } else if (strcmp(json_key(member), "pin_hash") != 0 && json_as_text(member, &text)) {
            found = search_matches(text, folded);
        }
    }
    return found;
}

/* Members that the query asks for by their names: facility=museum, category=… A list fits when it holds the value. */
static bool
has_asked_members(const struct row_filter *filter, const struct json_value *row)
{
    for (size_t i = 0; i < filter->table->field_count; i++) {
        const struct field *field = &filter->table->fields[i];
        const char *wanted = field->kind != FIELD_PIN_HASH ? asked_text(filter->request, field->key) : NULL;
        const struct json_value *value = json_member(row, field->key);
        const char *text;
        bool fits = wanted == NULL || (json_as_text(value, &text) && strcmp(text, wanted) == 0);
        for (const struct json_value *item = json_first(value); item != NULL && !fits; item = json_next(item)) {
            fits = json_as_text(item, &text) && strcmp(text, wanted) == 0;
        }
        if (!fits) {
            return false;
        }
    }
    return true;
}

static bool
passes(const struct row_filter *filter, const struct overlay_row *row)
{
    if (filter->state != NULL && strcmp(filter->state, "touched") == 0 && row->change == NULL) {
        return false;
    }
    return (filter->date == NULL || is_valid_on(row->value, filter->date)) && is_found(row->value, filter->search) &&
           has_asked_members(filter, row->value);
}

/* Write those of ROWS that pass, from behind AFTER (NULL: the first), at most LIMIT; then how many pass in all. */
static void
write_rows(struct reply *reply, const struct row_filter *filter, const struct overlay_row *rows, size_t count,
           const char *after, int64_t limit, const char *today)
{
    int64_t total = 0;
    int64_t written = 0;
    bool is_behind = after == NULL;
    const char *last = NULL;
    bool has_more = false;
    json_begin_array(&reply->writer, "rows");
    for (size_t i = 0; i < count; i++) {
        bool is_wanted = passes(filter, &rows[i]);
        total += is_wanted ? 1 : 0;
        if (is_behind && is_wanted && written < limit) {
            json_begin_object(&reply->writer, NULL);
            json_masters_row(&reply->writer, filter->table, &rows[i], today);
            json_end_object(&reply->writer);
            written++;
            last = rows[i].key;
        } else if (is_behind && is_wanted) {
            has_more = true;
        }
        is_behind = is_behind || strcmp(rows[i].key, after) == 0;
    }
    json_end_array(&reply->writer);
    json_int(&reply->writer, "total", total);
    if (has_more) {
        json_cursor(&reply->writer, &last, 1);
    } else {
        json_null(&reply->writer, "next");
    }
}

void
masters_rows_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct masters_view view = {0};
    struct row_filter filter;
    struct overlay_row *rows = NULL;
    size_t count = 0;
    struct cursor cursor;
    bool has_cursor = false;
    int64_t limit = 0;
    char today[CIVIL_DATE_TEXT_SIZE];
    enum status status = read_filter(request, &filter, &err);
    if (status == STATUS_OK) {
        status = asked_limit(request, &limit, &err);
    }
    if (status == STATUS_OK) {
        status = asked_cursor(request, 1, &cursor, &has_cursor, &err);
    }
    if (status == STATUS_OK) {
        status = masters_view_open(&view, service, request, filter.table->key, &err);
    }
    if (status == STATUS_OK) {
        status = overlay_rows(&view.overlay, filter.table, &rows, &count, &err);
    }
    if (status == STATUS_OK) {
        struct reply reply;
        reply_begin(&reply);
        json_int(&reply.writer, "version", view.book->version.version);
        write_rows(&reply, &filter, rows, count, has_cursor ? cursor.parts[0] : NULL, limit,
                   asked_today(service, today));
        reply_send(&reply, request, 200);
    } else {
        respond_failure(request, status, &err);
    }
    free(rows);
    masters_view_close(&view);
}

static int
compare_texts(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(left[0], right[0]);
}

/* Distinct values of MEMBER with the names of their rows, sorted by value; the last row of a code gives its name. */
static void
write_names(struct reply *reply, const struct table *table, const char *member, const struct overlay_row *rows,
            size_t count, const char *folded, int64_t limit, const char *(*pairs)[2])
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const char *text;
        const char *name = "";
        const struct json_value *value = rows[i].value;
        if (rows[i].state == OVERLAY_REMOVED || !json_as_text(json_member(value, member), &text)) {
            continue;
        }
        if (!json_as_text(json_member(value, "name"), &name) &&
            !json_as_text(json_member(json_member(value, "setsu"), "name"), &name)) {
            name = text;
        }
        if (strcmp(member, table_code_key(table)) != 0) {
            name = text;
        }
        if (search_matches(text, folded) || search_matches(name, folded)) {
            pairs[used][0] = text;
            pairs[used++][1] = name;
        }
    }
    qsort(pairs, used, sizeof *pairs, compare_texts);
    int64_t written = 0;
    json_begin_array(&reply->writer, "rows");
    for (size_t i = 0; i < used && written < limit; i++) {
        if (i + 1 < used && strcmp(pairs[i][0], pairs[i + 1][0]) == 0) {
            continue;
        }
        json_code_name(&reply->writer, NULL, pairs[i][0], pairs[i][1]);
        written++;
    }
    json_end_array(&reply->writer);
}

void
masters_names_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct masters_view view = {0};
    const struct table *table = NULL;
    struct overlay_row *rows = NULL;
    size_t count = 0;
    int64_t limit = 0;
    const char *(*pairs)[2] = NULL;
    const char *search = asked_text(request, "search");
    const char *member = asked_text(request, "member");
    char folded[256];
    search_fold(folded, sizeof folded, search != NULL ? search : "");
    enum status status = asked_kind(request, &table, &err);
    if (status == STATUS_OK) {
        status = asked_limit(request, &limit, &err);
    }
    if (status == STATUS_OK) {
        status = masters_view_open(&view, service, request, table->key, &err);
    }
    if (status == STATUS_OK) {
        status = overlay_rows(&view.overlay, table, &rows, &count, &err);
    }
    if (status == STATUS_OK && (pairs = calloc(count + 1, sizeof *pairs)) == NULL) {
        error_set(&err, "no_memory", "メモリが足りません。");
        status = STATUS_NO_MEMORY;
    }
    bool is_secret = member != NULL && strcmp(member, "pin_hash") == 0;
    if (status == STATUS_OK && !is_secret) {
        struct reply reply;
        reply_begin(&reply);
        write_names(&reply, table, member != NULL ? member : table_code_key(table), rows, count, folded, limit, pairs);
        reply_send(&reply, request, 200);
    } else if (status == STATUS_OK) {
        respond_problem(request, STATUS_INVALID, "invalid_request", "この項目は一覧にできません。");
    } else {
        respond_failure(request, status, &err);
    }
    free(pairs);
    free(rows);
    masters_view_close(&view);
}

void
masters_check_endpoint(struct http_request *request, void *context)
{
    struct service *service = context;
    struct error_detail err;
    struct masters_view view = {0};
    struct reply reply;
    reply_begin(&reply);
    enum status status = masters_view_open(&view, service, request, NULL, &err);
    if (status == STATUS_OK) {
        status = json_masters_remarks(&reply.writer, &view, NULL, NULL, &err);
    }
    masters_view_close(&view);
    if (status == STATUS_OK) {
        reply_send(&reply, request, 200);
    } else {
        reply_fail(&reply, request, status, &err);
    }
}
