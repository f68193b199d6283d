/* Warnings about days: a row that is in force is better ended than changed, because what it says is what was sold by.
 */
#include "settlement/masters/draft_remarks.h"

#include "settlement/masters/field.h"

#include <stdlib.h>

/* Members that may change under a row in force without anybody having sold by the old ones. */
static bool
is_harmless(const char *key)
{
    static const char *const keys[] = {"valid_to",  "kana", "name_en", "name_zh", "name_ko",
                                       "favourite", "note", "sample",  "category"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(keys[i], key) == 0) {
            return true;
        }
    }
    return false;
}

static bool
says_the_same(const struct json_value *a, const struct json_value *b)
{
    struct buffer left;
    struct buffer right;
    struct error_detail ignored;
    buffer_init(&left, JSON_TEXT_MAX_BYTES);
    buffer_init(&right, JSON_TEXT_MAX_BYTES);
    bool is_same = a != NULL && b != NULL && json_write_canonical(a, &left, &ignored) == STATUS_OK &&
                   json_write_canonical(b, &right, &ignored) == STATUS_OK &&
                   strcmp(buffer_text(&left), buffer_text(&right)) == 0;
    buffer_finish(&left);
    buffer_finish(&right);
    return is_same || (json_is_null(a) && json_is_null(b));
}

/* The first member that a row in force would change under those who sold by it; NULL when there is none. */
static const char *
changed_member(const struct table *table, const struct json_value *before, const struct json_value *after)
{
    for (size_t i = 0; i < table->field_count; i++) {
        const char *key = table->fields[i].key;
        if (!is_harmless(key) && !says_the_same(json_member(before, key), json_member(after, key))) {
            return key;
        }
    }
    return NULL;
}

static void
warn_about_days(const struct overlay_row *row, const struct table *table, size_t index, const char *today,
                struct remarks *remarks)
{
    struct remark_place place = {.table = table->key, .index = index};
    const char *from = text_or(row->value, "valid_from", "9999");
    if (row->state == OVERLAY_ADDED && strcmp(from, today) <= 0) {
        remarks_warn(remarks, place, "valid_from",
                     "適用開始日がもう来ています。レジが受け取りしだい、すぐに有効になります。");
    }
    if (row->state != OVERLAY_CHANGED || strcmp(text_or(row->published, "valid_from", "9999"), today) > 0) {
        return;
    }
    const char *member = changed_member(table, row->published, row->value);
    if (member != NULL) {
        remarks_warn(
            remarks, place, member,
            "適用中の行の内容を直接変えています。これまでの売上は変わりません。ある日から変えるときは「この日から変更」"
            "を使ってください。");
    }
    const char *to = text_or(row->value, "valid_to", "9999");
    if (strcmp(to, today) < 0 && strcmp(text_or(row->published, "valid_to", "9999"), to) != 0) {
        remarks_warn(remarks, place, "valid_to",
                     "適用終了日が過ぎています。レジが受け取りしだい、すぐに売れなくなります。");
    }
}

static enum status
warn_about_kind(struct overlay *overlay, const struct table *table, const char *today, struct remarks *remarks,
                struct error_detail *err)
{
    struct overlay_row *rows = NULL;
    size_t count = 0;
    size_t index = 0;
    enum status status = overlay_rows(overlay, table, &rows, &count, err);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (rows[i].change != NULL) {
            warn_about_days(&rows[i], table, index, today, remarks);
        }
        index += rows[i].state != OVERLAY_REMOVED ? 1 : 0;
    }
    free(rows);
    return status;
}

enum status
masters_draft_remarks(struct overlay *overlay, const char *today, struct remarks *remarks, struct error_detail *err)
{
    struct json_value *document = NULL;
    size_t conflicts;
    enum status status = overlay_merge(overlay, overlay->book->version.version + 1, &document, &conflicts, err);
    if (status == STATUS_OK) {
        status = masters_check(document, remarks, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < masters_table_count; i++) {
        bool has_changes = false;
        for (size_t k = 0; k < overlay->change_count && !has_changes; k++) {
            has_changes = strcmp(overlay->changes[k].kind, masters_tables[i].key) == 0;
        }
        if (has_changes && masters_tables[i].has_validity) {
            status = warn_about_kind(overlay, &masters_tables[i], today, remarks, err);
        }
    }
    json_free(document);
    return status;
}
