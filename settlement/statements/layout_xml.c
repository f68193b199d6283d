/* Layouts from JSON: what only XML has: the elements of a group and its lines, lines that do not count yet, balances,
 * and the details of a line. */
#include "common/json/reader.h"
#include "settlement/statements/layout_plan.h"

/* An element's path, required. */
static enum status
read_element(struct layout_context *context, const struct json_value *root, const char *key, const char **out)
{
    const char *path;
    enum status status = json_get_text(root, key, LAYOUT_PATH_MAX_BYTES, &path, context->err);
    if (status == STATUS_OK && !layout_is_path(path, /* may_end_in_attribute= */ false)) {
        return layout_refuse(context, key, "要素名を \"A/B\" の形で書いてください。");
    }
    *out = status == STATUS_OK ? arena_copy(&context->layout->arena, path, strlen(path)) : NULL;
    return status == STATUS_OK && *out == NULL ? STATUS_NO_MEMORY : status;
}

/* {"path", "amount": {"path", "number"}, "direction", "out"}. */
static enum status
read_sum(struct layout_context *context, const struct json_value *object, const char *where, struct xml_sum *out)
{
    static const char *const amount_keys[] = {"path", "also_called", "number", NULL};
    const struct json_value *amount = NULL;
    const struct json_value *direction = json_member(object, "direction");
    const char *word = "";
    enum status status = read_element(context, object, "path", &out->path);
    if (status == STATUS_OK) {
        status = json_get_object(object, "amount", &amount, context->err);
    }
    if (status == STATUS_OK) {
        status = layout_check_keys(context, amount, where, amount_keys);
    }
    if (status == STATUS_OK) {
        status = layout_read_place(context, amount, where, &out->amount);
    }
    if (status == STATUS_OK && !json_is_null(json_member(amount, "number"))) {
        out->has_number = true;
        status = layout_read_number(context, json_member(amount, "number"), where, &out->number);
    }
    if (status == STATUS_OK && !json_is_null(direction)) {
        status = layout_read_one_place(context, direction, where, &out->direction);
        if (status == STATUS_OK) {
            status = json_get_text(object, "out", LAYOUT_VALUE_MAX_BYTES, &word, context->err);
        }
        status = status == STATUS_OK ? layout_encode(context, word, &out->out) : status;
    }
    return status;
}

static enum status
read_balance(struct layout_context *context, const struct json_value *object, struct xml_plan *xml)
{
    static const char *const keys[] = {"path", "amount", "direction", "out", "kind", "opening", "closing", NULL};
    enum status status = layout_check_keys(context, object, "balance", keys);
    if (status == STATUS_OK) {
        status = read_sum(context, object, "balance", &xml->balance);
    }
    if (status == STATUS_OK) {
        status = layout_read_one_place(context, json_member(object, "kind"), "balance", &xml->balance_kind);
    }
    if (status == STATUS_OK) {
        status = layout_read_texts(context, json_member(object, "opening"), "balance", &xml->opening);
    }
    return status == STATUS_OK ? layout_read_texts(context, json_member(object, "closing"), "balance", &xml->closing)
                               : status;
}

static enum status
read_details(struct layout_context *context, const struct json_value *object, struct xml_plan *xml)
{
    static const char *const keys[] = {"path", "amount", "direction", "out", NULL};
    enum status status = layout_check_keys(context, object, "details", keys);
    return status == STATUS_OK ? read_sum(context, object, "details", &xml->detail) : status;
}

static enum status
read_skips(struct layout_context *context, const struct json_value *list, struct xml_plan *xml)
{
    static const char *const keys[] = {"path", "text", NULL};
    if (!json_is_array(list) || json_count(list) > LAYOUT_SELECTORS_MAX) {
        return layout_refuse(context, "skip", "%d 件までの配列で書いてください。", (int)LAYOUT_SELECTORS_MAX);
    }
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        struct record_selector *skip = &xml->skips[xml->skip_count++];
        enum status status = layout_check_keys(context, item, "skip", keys);
        if (status == STATUS_OK) {
            status = layout_read_texts(context, json_member(item, "text"), "skip", skip);
        }
        if (status == STATUS_OK) {
            status = layout_read_one_place(context, json_member(item, "path"), "skip", &skip->place);
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status
read_rest(struct layout_context *context, const struct json_value *root, struct record_plan *group)
{
    struct xml_plan *xml = &context->layout->xml;
    const struct json_value *skip = json_member(root, "skip");
    const struct json_value *balance = json_member(root, "balance");
    const struct json_value *details = json_member(root, "details");
    enum status status = layout_read_checks(context, json_member(root, "checks"), "checks", group);
    if (status == STATUS_OK && !json_is_null(skip)) {
        status = read_skips(context, skip, xml);
    }
    if (status == STATUS_OK && !json_is_null(balance)) {
        status = read_balance(context, balance, xml);
    }
    return status == STATUS_OK && !json_is_null(details) ? read_details(context, details, xml) : status;
}

enum status
layout_read_xml(struct layout_context *context, const struct json_value *root)
{
    struct layout *layout = context->layout;
    struct record_plan *group = &layout->records[0];
    struct record_plan *line = &layout->records[1];
    group->role = RECORD_HEADER;
    line->role = RECORD_LINE;
    layout->record_count = 2;
    const struct json_value *fields = NULL;
    const struct json_value *header = json_member(root, "header");
    enum status status = read_element(context, root, "group", &layout->group_path);
    if (status == STATUS_OK) {
        status = read_element(context, root, "line", &layout->line_path);
    }
    if (status == STATUS_OK) {
        status = json_get_object(root, "fields", &fields, context->err);
    }
    if (status == STATUS_OK && !json_is_null(header)) {
        status = json_is_object(header) ? layout_read_fields(context, header, group)
                                        : layout_refuse(context, "header", "{ … } で書いてください。");
    }
    if (status == STATUS_OK) {
        status = layout_read_fields(context, fields, line);
    }
    return status == STATUS_OK ? read_rest(context, root, group) : status;
}
