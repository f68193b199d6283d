/* The whole document: its tables row by row, then what rows say about each other. */
#include "settlement/masters/validate.h"

#include "common/identity/identity.h"
#include "settlement/masters/validation.h"

#include <assert.h>
#include <stdlib.h>

static int
compare_rows(const void *a, const void *b)
{
    const struct indexed_row *left = a;
    const struct indexed_row *right = b;
    int order = strcmp(left->code, right->code);
    if (order == 0) {
        order = (left->second > right->second) - (left->second < right->second);
    }
    if (order == 0) {
        order = strcmp(left->from, right->from);
    }
    return order != 0 ? order : (left->index > right->index) - (left->index < right->index);
}

struct field_report
row_report(const struct validation *validation, const struct row_index *table, size_t index)
{
    return (struct field_report){
        .remarks = validation->remarks, .place = {.table = table->table->key, .index = index}, .prefix = ""};
}

static struct field_report
root_report(const struct validation *validation, const char *member)
{
    return (struct field_report){
        .remarks = validation->remarks, .place = {.table = member, .index = REMARK_NO_ROW}, .prefix = ""};
}

static struct indexed_row
index_row(const struct table *table, const struct json_value *value, size_t index)
{
    struct indexed_row row = {
        .value = value,
        .code = text_or(value, table_code_key(table), ""),
        .from = table->has_validity ? text_or(value, "valid_from", "") : "",
        .to = table->has_validity ? text_or(value, "valid_to", "9999-99-99") : "9999-99-99",
        .index = index,
    };
    if (table->second_key != NULL && !json_as_int(json_member(value, table->second_key), &row.second)) {
        row.second = 0;
    }
    return row;
}

/* Check the rows of one table by themselves and remember them sorted. */
static enum status
read_table(const struct validation *validation, struct row_index *out, const struct table *table)
{
    const struct json_value *list = json_member(validation->document, table->key);
    struct field_report report = root_report(validation, "");
    size_t count = json_count(list);
    out->table = table;
    if (list == NULL && table->is_optional) {
        return STATUS_OK;
    }
    if (!json_is_array(list) || count > table->rows_max) {
        field_refuse(&report, table->key, "%sは%zu行までの並び（[ ]）にしてください。", table->title, table->rows_max);
        return STATUS_OK;
    }
    out->rows = calloc(count + 1, sizeof *out->rows);
    if (out->rows == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        struct field_report row = row_report(validation, out, out->count);
        size_t errors_before = validation->remarks->error_count;
        object_check(table->fields, table->field_count, table->has_other_members, item, &row);
        out->rows[out->count] = index_row(table, item, out->count);
        out->rows[out->count].is_wrong = validation->remarks->error_count > errors_before;
        out->count++;
    }
    qsort(out->rows, out->count, sizeof *out->rows, compare_rows);
    return STATUS_OK;
}

/* Two rows of one code: never, or not on the same day. */
static void
check_codes(const struct validation *validation, const struct row_index *table)
{
    const struct indexed_row *longest = NULL; /* of the rows of this code so far, the one that lasts longest */
    const char *code_key = table_code_key(table->table);
    for (size_t i = 0; i < table->count; i++) {
        const struct indexed_row *row = &table->rows[i];
        struct field_report report = row_report(validation, table, row->index);
        if (table->table->has_validity && strcmp(row->to, row->from) < 0) {
            field_refuse(&report, "valid_to", "適用開始日（%.*s）より前です。", SHOWN(row->from));
        }
        if (longest == NULL || strcmp(row->code, longest->code) != 0 || row->second != longest->second) {
            longest = row;
            continue;
        }
        if (!table->table->has_validity) {
            field_refuse(&report, code_key, "「%.*s」は%zu行目にもあります。コードは一つにしてください。",
                         SHOWN(row->code), longest->index + 1);
        } else if (strcmp(row->from, longest->to) <= 0) {
            field_refuse(&report, "valid_from",
                         "「%.*s」の期間が%zu行目（%.*sから%.*s）と重なっています。前の行の適用終了日を、この行の"
                         "適用開始日の前日にしてください。",
                         SHOWN(row->code), longest->index + 1, SHOWN(longest->from),
                         SHOWN(longest->to[0] == '9' ? "終わりなし" : longest->to));
        }
        longest = strcmp(row->to, longest->to) > 0 ? row : longest;
    }
}

const struct row_index *
rows_of_table(const struct validation *validation, const char *key)
{
    for (size_t i = 0; i < masters_table_count; i++) {
        if (strcmp(masters_tables[i].key, key) == 0) {
            return &validation->tables[i];
        }
    }
    assert(!"the schema refers to a table that exists");
    return NULL;
}

const struct indexed_row *
rows_of_code(const struct validation *validation, const char *key, const char *code, size_t *out_count)
{
    const struct row_index *table = rows_of_table(validation, key);
    size_t low = 0;
    size_t high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(table->rows[middle].code, code) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    size_t end = low;
    while (end < table->count && strcmp(table->rows[end].code, code) == 0) {
        end++;
    }
    *out_count = end - low;
    return end > low ? &table->rows[low] : NULL;
}

static void
check_reference(const struct validation *validation, const struct field *field, const struct json_value *value,
                const struct field_report *report)
{
    const char *code;
    size_t ignored;
    if (json_as_text(value, &code) && rows_of_code(validation, field->refers_to, code, &ignored) == NULL) {
        field_refuse(report, field->key,
                     "「%.*s」は%sにありません。登録済みのコードにするか、先に%sへ登録してください。", SHOWN(code),
                     masters_table(field->refers_to)->title, masters_table(field->refers_to)->title);
    }
}

static void
check_references(const struct validation *validation, const struct row_index *table, const struct indexed_row *row)
{
    struct field_report report = row_report(validation, table, row->index);
    for (size_t i = 0; i < table->table->field_count; i++) {
        const struct field *field = &table->table->fields[i];
        const struct json_value *value = json_member(row->value, field->key);
        if (field->kind == FIELD_REFERENCE) {
            check_reference(validation, field, value, &report);
        } else if (field->kind == FIELD_REFERENCES) {
            for (const struct json_value *item = json_first(value); item != NULL; item = json_next(item)) {
                check_reference(validation, field, item, &report);
            }
        }
    }
}

static enum status
check_tables(struct validation *validation)
{
    assert(masters_table_count <= TABLES_MAX);

    for (size_t i = 0; i < masters_table_count; i++) {
        validation->tables[i].table = &masters_tables[i];
        enum status status = read_table(validation, &validation->tables[i], &masters_tables[i]);
        if (status != STATUS_OK) {
            return status;
        }
        check_codes(validation, &validation->tables[i]);
    }
    for (size_t i = 0; i < masters_table_count; i++) {
        for (size_t k = 0; k < validation->tables[i].count; k++) {
            check_references(validation, &validation->tables[i], &validation->tables[i].rows[k]);
        }
    }
    check_rules(validation);
    check_scan_rules(validation);
    return STATUS_OK;
}

static bool
is_root_key(const char *key)
{
    bool is_known = strcmp(key, "municipality") == 0 || strcmp(key, "settings") == 0 || masters_table(key) != NULL;
    for (size_t i = 0; i < masters_root_field_count && !is_known; i++) {
        is_known = strcmp(key, masters_root_fields[i].key) == 0;
    }
    for (size_t i = 0; i < masters_common_field_count && !is_known; i++) {
        is_known = strcmp(key, masters_common_fields[i].key) == 0;
    }
    return is_known;
}

/* Members of the document itself: tables, the fields beside them, and two objects. */
static void
check_root(const struct validation *validation)
{
    const struct json_value *document = validation->document;
    struct field_report report = root_report(validation, "");
    for (const struct json_value *member = json_first(document); member != NULL; member = json_next(member)) {
        if (!is_root_key(json_key(member))) {
            field_refuse(&report, json_key(member), "この名前の項目はありません。つづりを確かめてください。");
        }
    }
    for (size_t i = 0; i < masters_root_field_count; i++) {
        field_check(&masters_root_fields[i], document, &report);
    }
    for (size_t i = 0; i < masters_common_field_count; i++) {
        field_check(&masters_common_fields[i], document, &report);
    }
    report = root_report(validation, "municipality");
    const struct json_value *municipality = json_member(document, "municipality");
    if (object_check(masters_municipality_fields, masters_municipality_field_count, false, municipality, &report) &&
        !municipality_code_is_valid(text_or(municipality, "code", ""))) {
        field_refuse(&report, "code", "全国地方公共団体コード（検査数字を含む6桁）ではありません。");
    }
    report = root_report(validation, "settings");
    object_check(masters_settings_fields, masters_settings_field_count, false, json_member(document, "settings"),
                 &report);
}

enum status
masters_check(const struct json_value *document, struct remarks *remarks, struct error_detail *err)
{
    struct validation validation = {.document = document, .remarks = remarks};
    if (!json_is_object(document)) {
        struct field_report report = root_report(&validation, "");
        field_refuse(&report, "", "マスタのファイルではありません（{ で始まる文書にしてください）。");
        return STATUS_OK;
    }
    check_root(&validation);
    enum status status = check_tables(&validation);
    for (size_t i = 0; i < TABLES_MAX; i++) {
        free(validation.tables[i].rows);
    }
    if (status != STATUS_OK || remarks->has_failed) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    return STATUS_OK;
}

enum status
masters_validate(const struct json_value *document, struct error_detail *err)
{
    struct remarks remarks;
    remarks_init(&remarks);
    enum status status = masters_check(document, &remarks, err);
    if (status == STATUS_OK) {
        status = remarks_status(&remarks, err);
    }
    remarks_finish(&remarks);
    return status;
}
