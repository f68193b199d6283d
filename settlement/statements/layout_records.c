/* Layouts from JSON: the records of a fixed-width file and the trailer of a CSV file. */
#include "common/json/reader.h"
#include "settlement/statements/layout_plan.h"

enum { SELECTOR_MAX_BYTES = 200 };

static enum status
read_selector(struct layout_context *context, const struct json_value *object, const char *key, const char *where,
              struct record_plan *record)
{
    struct record_selector *selector = &record->selectors[record->selector_count++];
    const char *text;
    enum status status = json_get_text(object, key, SELECTOR_MAX_BYTES, &text, context->err);
    if (status != STATUS_OK) {
        error_prefix(context->err, "書式の %s: ", where);
        return status;
    }
    status = layout_encode(context, text, &selector->text);
    if (status != STATUS_OK || context->layout->kind == LAYOUT_CSV) {
        return status != STATUS_OK ? status : layout_read_place(context, object, where, &selector->place);
    }
    int64_t offset;
    int64_t room = (int64_t)context->layout->record_length - (int64_t)selector->text.length;
    status = json_get_int(object, "offset", 0, room, &offset, context->err);
    if (status != STATUS_OK) {
        error_prefix(context->err, "書式の %s: ", where);
        return status;
    }
    selector->place.offset = (uint32_t)offset;
    selector->place.length = (uint32_t)selector->text.length;
    return selector->text.length > 0 ? STATUS_OK : layout_refuse(context, where, "text が空です。");
}

/* "of": a class, or a list of classes, of lines. */
static enum status
read_classes(struct layout_context *context, const struct json_value *value, const char *where, unsigned *out)
{
    static const char *const statement_words[] = {"sale", "reversal", "refund", "fee", "ignore"};
    static const char *const bank_words[] = {"in", "out"};
    bool is_bank = context->layout->gives == LAYOUT_GIVES_BANK;
    *out = json_is_null(value) ? ~0U : 0;
    bool is_list = json_is_array(value);
    const struct json_value *item = is_list ? json_first(value) : value;
    while (item != NULL && !json_is_null(item)) {
        const char *text = "";
        int index = -1;
        if (json_as_text(item, &text)) {
            index = is_bank ? layout_word_index(text, bank_words, 2) : layout_word_index(text, statement_words, 5);
        }
        if (index < 0) {
            return layout_refuse(context, where,
                                 is_bank ? "of は \"in\" か \"out\" です。"
                                         : "of は sale, reversal, refund, fee, ignore から書きます。");
        }
        *out |= 1U << index;
        item = is_list ? json_next(item) : NULL;
    }
    return STATUS_OK;
}

static enum status
read_check(struct layout_context *context, const struct json_value *object, const char *where,
           struct record_check *check)
{
    static const char *const csv_keys[] = {"column", "is", "of", NULL};
    static const char *const fixed_keys[] = {"offset", "length", "is", "of", NULL};
    static const char *const figures[] = {"count", "sum", "absolute_sum", "records", "headers"};
    bool is_csv = context->layout->kind == LAYOUT_CSV;
    enum status status = layout_check_keys(context, object, where, is_csv ? csv_keys : fixed_keys);
    const char *figure = "";
    if (status == STATUS_OK) {
        status = json_get_text(object, "is", SELECTOR_MAX_BYTES, &figure, context->err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    int index = layout_word_index(figure, figures, sizeof figures / sizeof figures[0]);
    if (index < 0) {
        return layout_refuse(context, where, "is は count, sum, absolute_sum, records, headers のどれかです。");
    }
    check->figure = (enum check_figure)index;
    status = read_classes(context, json_member(object, "of"), where, &check->classes);
    return status == STATUS_OK ? layout_read_place(context, object, where, &check->place) : status;
}

static enum status
read_checks(struct layout_context *context, const struct json_value *list, const char *where,
            struct record_plan *record)
{
    if (json_is_null(list)) {
        return STATUS_OK;
    }
    if (!json_is_array(list) || json_count(list) > LAYOUT_CHECKS_MAX) {
        return layout_refuse(context, where, "checks は %d 件までの配列で書いてください。", (int)LAYOUT_CHECKS_MAX);
    }
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        enum status status = read_check(context, item, where, &record->checks[record->check_count++]);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

enum status
layout_read_trailer(struct layout_context *context, const struct json_value *trailer)
{
    static const char *const keys[] = {"column", "text", "checks", NULL};
    struct layout *layout = context->layout;
    struct record_plan *record = &layout->records[layout->record_count++];
    record->role = RECORD_TRAILER;
    enum status status = layout_check_keys(context, trailer, "trailer", keys);
    if (status != STATUS_OK) {
        return status;
    }
    /* The trailer has its own columns, so that they go by number. */
    bool has_header = layout->has_header;
    layout->has_header = false;
    status = read_selector(context, trailer, "text", "trailer", record);
    if (status == STATUS_OK) {
        status = read_checks(context, json_member(trailer, "checks"), "trailer", record);
    }
    layout->has_header = has_header;
    return status;
}

static enum status
read_record(struct layout_context *context, const struct json_value *object, struct record_plan *record)
{
    static const char *const keys[] = {"is", "when", "fields", "checks", NULL};
    static const char *const when_keys[] = {"offset", "text", NULL};
    static const char *const roles[] = {"header", "line", "trailer", "end", "skip"};
    enum status status = layout_check_keys(context, object, "records", keys);
    const char *role = "";
    if (status == STATUS_OK) {
        status = json_get_text(object, "is", SELECTOR_MAX_BYTES, &role, context->err);
    }
    const struct json_value *when = NULL;
    if (status == STATUS_OK) {
        status = json_get_array(object, "when", &when, context->err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    int index = layout_word_index(role, roles, sizeof roles / sizeof roles[0]);
    if (index < 0) {
        return layout_refuse(context, "records", "is は header, line, trailer, end, skip のどれかです。");
    }
    record->role = (enum record_role)index;
    if (json_count(when) == 0 || json_count(when) > LAYOUT_SELECTORS_MAX) {
        return layout_refuse(context, role, "when を 1〜%d 件の配列で書いてください。", (int)LAYOUT_SELECTORS_MAX);
    }
    for (const struct json_value *item = json_first(when); item != NULL && status == STATUS_OK;
         item = json_next(item)) {
        status = layout_check_keys(context, item, role, when_keys);
        if (status == STATUS_OK) {
            status = read_selector(context, item, "text", role, record);
        }
    }
    bool may_have_fields = record->role == RECORD_HEADER || record->role == RECORD_LINE;
    const struct json_value *fields = json_member(object, "fields");
    if (status == STATUS_OK && !json_is_null(fields) && (!may_have_fields || !json_is_object(fields))) {
        return layout_refuse(context, role, "fields は header と line に { … } で書きます。");
    }
    if (status == STATUS_OK && may_have_fields) {
        status = layout_read_fields(context, fields, record);
    }
    return status == STATUS_OK ? read_checks(context, json_member(object, "checks"), role, record) : status;
}

enum status
layout_read_records(struct layout_context *context, const struct json_value *records)
{
    struct layout *layout = context->layout;
    size_t count = json_count(records);
    if (count == 0 || count > LAYOUT_RECORDS_MAX) {
        return layout_refuse(context, "records", "1〜%d 種類のレコードを配列で書いてください。",
                             (int)LAYOUT_RECORDS_MAX);
    }
    bool has_line = false;
    for (const struct json_value *item = json_first(records); item != NULL; item = json_next(item)) {
        struct record_plan *record = &layout->records[layout->record_count++];
        enum status status = read_record(context, item, record);
        if (status != STATUS_OK) {
            return status;
        }
        has_line = has_line || record->role == RECORD_LINE;
    }
    return has_line ? STATUS_OK : layout_refuse(context, "records", "\"is\": \"line\" のレコードが必要です。");
}
