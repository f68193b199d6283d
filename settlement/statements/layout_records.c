/* Layouts from JSON: the records of a fixed-width file and the trailer of a CSV file. */
#include "common/json/reader.h"
#include "settlement/statements/layout_plan.h"

enum { SELECTOR_MAX_BYTES = 200 };

/* "text": one word, or a list of which any may stand there. */
enum status
layout_read_texts(struct layout_context *context, const struct json_value *value, const char *where,
                  struct record_selector *selector)
{
    bool is_list = json_is_array(value);
    if (is_list && (json_count(value) == 0 || json_count(value) > LAYOUT_TEXTS_MAX)) {
        return layout_refuse(context, where, "text は %d 件までの配列で書いてください。", (int)LAYOUT_TEXTS_MAX);
    }
    const struct json_value *item = is_list ? json_first(value) : value;
    do {
        const char *text = "";
        if (!json_as_text(item, &text) || strlen(text) > SELECTOR_MAX_BYTES) {
            return layout_refuse(context, where, "text に、この種類の行のしるしを書いてください。");
        }
        enum status status = layout_encode(context, text, &selector->texts[selector->text_count++]);
        if (status != STATUS_OK) {
            return status;
        }
        item = is_list ? json_next(item) : NULL;
    } while (item != NULL);
    return STATUS_OK;
}

static enum status
read_selector(struct layout_context *context, const struct json_value *object, const char *where,
              struct record_plan *record)
{
    struct record_selector *selector = &record->selectors[record->selector_count++];
    enum status status = layout_read_texts(context, json_member(object, "text"), where, selector);
    if (status != STATUS_OK || context->layout->kind == LAYOUT_CSV) {
        return status != STATUS_OK ? status : layout_read_place(context, object, where, &selector->place);
    }
    size_t length = selector->texts[0].length;
    for (unsigned i = 0; i < selector->text_count; i++) {
        if (selector->texts[i].length == 0 || selector->texts[i].length != length) {
            return layout_refuse(context, where, "text が空か、長さが揃っていません。");
        }
    }
    int64_t offset;
    int64_t room = (int64_t)context->layout->record_length - (int64_t)length;
    status = json_get_int(object, "offset", 0, room, &offset, context->err);
    if (status != STATUS_OK) {
        error_prefix(context->err, "書式の %s: ", where);
        return status;
    }
    selector->place.offset = (uint32_t)offset;
    selector->place.length = (uint32_t)length;
    return STATUS_OK;
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
    static const char *const csv_keys[] = {"column", "is", "of", "number", "minus", NULL};
    static const char *const fixed_keys[] = {"offset", "length", "is", "of", "number", "minus", NULL};
    static const char *const xml_keys[] = {"path", "is", "of", "number", "minus", "optional", NULL};
    static const char *const figures[] = {"count", "sum", "absolute_sum", "records", "headers", "fee_sum", "net"};
    const char *const *const keys[] = {[LAYOUT_CSV] = csv_keys, [LAYOUT_FIXED] = fixed_keys, [LAYOUT_XML] = xml_keys};
    enum status status = layout_check_keys(context, object, where, keys[context->layout->kind]);
    const char *figure = "";
    if (status == STATUS_OK) {
        status = json_get_text(object, "is", SELECTOR_MAX_BYTES, &figure, context->err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    int index = layout_word_index(figure, figures, sizeof figures / sizeof figures[0]);
    if (index < 0) {
        return layout_refuse(context, where,
                             "is は count, sum, absolute_sum, fee_sum, net, records, headers のどれかです。");
    }
    check->figure = (enum check_figure)index;
    context->layout->checks_fees =
        context->layout->checks_fees || check->figure == CHECK_FEE_SUM || check->figure == CHECK_NET;
    status = read_classes(context, json_member(object, "of"), where, &check->classes);
    if (status == STATUS_OK && !json_is_null(json_member(object, "number"))) {
        check->has_number = true;
        status = layout_read_number(context, json_member(object, "number"), where, &check->number);
    }
    if (status == STATUS_OK) {
        status = json_get_bool_or(object, "optional", false, &check->is_optional, context->err);
    }
    check->place_count = 1;
    if (status == STATUS_OK) {
        status = layout_read_place(context, object, where, &check->places[0]);
    }
    if (status == STATUS_OK && !json_is_null(json_member(object, "minus"))) {
        check->place_count = 2;
        status = layout_read_one_place(context, json_member(object, "minus"), where, &check->places[1]);
    }
    return status;
}

enum status
layout_read_checks(struct layout_context *context, const struct json_value *list, const char *where,
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
    static const char *const keys[] = {"column", "text", "checks", "below", NULL};
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
    int64_t below = 0;
    status = read_selector(context, trailer, "trailer", record);
    if (status == STATUS_OK) {
        status = json_get_int_or(trailer, "below", 0, 3, 0, &below, context->err);
        record->below = (unsigned)below;
    }
    if (status == STATUS_OK) {
        status = layout_read_checks(context, json_member(trailer, "checks"), "trailer", record);
    }
    layout->has_header = has_header;
    return status;
}

static enum status
read_record(struct layout_context *context, const struct json_value *object, struct record_plan *record)
{
    static const char *const keys[] = {"is", "when", "fields", "checks", NULL};
    static const char *const fixed_when_keys[] = {"offset", "text", NULL};
    static const char *const csv_when_keys[] = {"column", "text", NULL};
    static const char *const roles[] = {"header", "line", "trailer", "end", "skip", "totals"};
    const char *const *when_keys = context->layout->kind == LAYOUT_CSV ? csv_when_keys : fixed_when_keys;
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
        return layout_refuse(context, "records", "is は header, line, trailer, end, totals, skip のどれかです。");
    }
    record->role = (enum record_role)index;
    if (json_count(when) == 0 || json_count(when) > LAYOUT_SELECTORS_MAX) {
        return layout_refuse(context, role, "when を 1〜%d 件の配列で書いてください。", (int)LAYOUT_SELECTORS_MAX);
    }
    for (const struct json_value *item = json_first(when); item != NULL && status == STATUS_OK;
         item = json_next(item)) {
        status = layout_check_keys(context, item, role, when_keys);
        if (status == STATUS_OK) {
            status = read_selector(context, item, role, record);
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
    return status == STATUS_OK ? layout_read_checks(context, json_member(object, "checks"), role, record) : status;
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
