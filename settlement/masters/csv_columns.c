/* Members as cells, cells as members. */
#include "settlement/masters/csv_columns.h"

#include "common/clock/civil.h"
#include "common/money/yen.h"
#include "settlement/masters/field.h"
#include "settlement/masters/pin.h"

#include <stdio.h>

static const char others_key[] = "*";
static const char others_title[] = "料金の内容";

size_t
csv_columns_of(const struct table *table, struct csv_column out[CSV_CELLS_MAX])
{
    size_t count = 0;
    size_t field_count = table->field_count + masters_common_field_count;
    for (size_t i = 0; i < field_count; i++) {
        if (i == table->field_count && table->has_other_members) {
            out[count++] = (struct csv_column){0};
        }
        const struct field *field =
            i < table->field_count ? &table->fields[i] : &masters_common_fields[i - table->field_count];
        if (field->kind == FIELD_CODE_NAME) {
            out[count++] = (struct csv_column){.field = field, .part = "code"};
            out[count++] = (struct csv_column){.field = field, .part = "name"};
        } else {
            out[count++] = (struct csv_column){.field = field};
        }
    }
    return count;
}

/* "price_yen", "fund.code", "*". */
static void
column_key(const struct csv_column *column, char out[CSV_TITLE_SIZE])
{
    if (column->field == NULL) {
        snprintf(out, CSV_TITLE_SIZE, "%s", others_key);
    } else if (column->field->kind == FIELD_PIN_HASH) {
        snprintf(out, CSV_TITLE_SIZE, "pin");
    } else {
        snprintf(out, CSV_TITLE_SIZE, "%s%s%s", column->field->key, column->part != NULL ? "." : "",
                 column->part != NULL ? column->part : "");
    }
}

static void
column_words(const struct csv_column *column, char out[CSV_TITLE_SIZE])
{
    const char *part = column->part == NULL ? "" : strcmp(column->part, "code") == 0 ? "コード" : "名称";
    snprintf(out, CSV_TITLE_SIZE, "%s%s", column->field != NULL ? column->field->title : others_title, part);
}

const char *
csv_column_title(const struct csv_column *column, char out[CSV_TITLE_SIZE])
{
    char key[CSV_TITLE_SIZE];
    char words[CSV_TITLE_SIZE];
    column_key(column, key);
    column_words(column, words);
    snprintf(out, CSV_TITLE_SIZE, "%.90s[%.60s]", words, key);
    return out;
}

size_t
csv_column_named(const struct csv_column *columns, size_t count, const char *text)
{
    const char *bracket = strrchr(text, '[');
    size_t length = strlen(text);
    char asked[CSV_TITLE_SIZE];
    if (bracket != NULL && text[length - 1] == ']') {
        snprintf(asked, sizeof asked, "%.*s", (int)(text + length - 1 - (bracket + 1)), bracket + 1);
    } else {
        snprintf(asked, sizeof asked, "%s", text);
    }
    for (size_t i = 0; i < count; i++) {
        char key[CSV_TITLE_SIZE];
        char words[CSV_TITLE_SIZE];
        column_key(&columns[i], key);
        column_words(&columns[i], words);
        if (strcmp(asked, key) == 0 || strcmp(asked, words) == 0) {
            return i;
        }
    }
    return count;
}

/* One element of a list, with what would end it escaped. */
static void
append_element(struct buffer *out, const char *text, bool is_only)
{
    if (is_only && (text[0] == '\0' || strcmp(text, "[]") == 0)) {
        buffer_append_byte(out, '\\'); /* not the sign of an empty list, and not nothing */
    }
    for (; *text != '\0'; text++) {
        if (*text == '|' || *text == '\\') {
            buffer_append_byte(out, '\\');
        }
        buffer_append_byte(out, (unsigned char)*text);
    }
}

static void
append_list(struct buffer *out, const struct json_value *list)
{
    bool is_only = json_count(list) == 1;
    bool is_first = true;
    buffer_append_text(out, json_count(list) == 0 ? "[]" : "");
    for (const struct json_value *item = json_first(list); item != NULL; item = json_next(item)) {
        const char *text;
        int64_t number;
        buffer_append_text(out, is_first ? "" : "|");
        if (json_as_text(item, &text)) {
            append_element(out, text, is_only);
        } else if (json_as_int(item, &number)) {
            buffer_printf(out, "%lld", (long long)number);
        }
        is_first = false;
    }
}

static void
append_json(struct buffer *out, const struct json_value *value)
{
    struct error_detail ignored;
    struct buffer text;
    buffer_init(&text, CSV_FILE_MAX_BYTES);
    if (json_write_canonical(value, &text, &ignored) == STATUS_OK) {
        buffer_append(out, buffer_text(&text), text.length);
    }
    buffer_finish(&text);
}

/* The members that the schema does not name; "" when there are none. */
static void
append_others(struct buffer *out, const struct table *table, const struct json_value *row)
{
    struct buffer text;
    struct json_writer writer;
    struct error_detail ignored;
    bool has_any = false;
    buffer_init(&text, CSV_FILE_MAX_BYTES);
    json_writer_init(&writer, &text);
    json_begin_object(&writer, NULL);
    for (const struct json_value *member = json_first(row); member != NULL; member = json_next(member)) {
        if (table_field(table, json_key(member)) == NULL) {
            json_value(&writer, json_key(member), member);
            has_any = true;
        }
    }
    json_end_object(&writer);
    if (json_finish(&writer, &ignored) == STATUS_OK && has_any) {
        buffer_append(out, buffer_text(&text), text.length);
    }
    buffer_finish(&text);
}

void
csv_cell_text(struct buffer *out, const struct table *table, const struct csv_column *column,
              const struct json_value *row)
{
    const struct field *field = column->field;
    if (field == NULL) {
        append_others(out, table, row);
        return;
    }
    const struct json_value *value = json_member(row, field->key);
    const char *text;
    int64_t number;
    if (field->kind == FIELD_PIN_HASH || masters_member_is_silent(field, value)) {
        return;
    }
    if (column->part != NULL) {
        buffer_append_text(out, text_or(value, column->part, ""));
    } else if (field->kind == FIELD_BOOLEAN) {
        buffer_append_text(out, json_is_true(value) ? "はい" : "いいえ");
    } else if (field->kind == FIELD_ROWS) {
        append_json(out, value);
    } else if (json_is_array(value)) {
        append_list(out, value);
    } else if (json_as_text(value, &text)) {
        buffer_append_text(out, text);
    } else if (json_as_int(value, &number)) {
        buffer_printf(out, "%lld", (long long)number);
    }
}

static enum status
wrong_cell(struct error_detail *err, const char *message)
{
    error_set(err, "wrong_cell", "%s", message);
    return STATUS_INVALID;
}

/* "1,200円" as spreadsheets and people write it. */
static enum status
read_number(const char *cell, int64_t *out, struct error_detail *err)
{
    char digits[32];
    size_t used = 0;
    for (const char *at = cell; *at != '\0'; at++) {
        if (*at == ',' || *at == ' ') {
            continue;
        }
        if (strcmp(at, "円") == 0) {
            break;
        }
        if (used + 1 >= sizeof digits) {
            return wrong_cell(err, "整数にしてください。");
        }
        digits[used++] = *at;
    }
    return yen_parse(out, digits, used) == STATUS_OK ? STATUS_OK : wrong_cell(err, "整数にしてください。");
}

/* "2027/4/1", which a spreadsheet makes of a day, as "2027-04-01"; anything else stays as it is. */
static const char *
read_day(const char *cell, char out[CIVIL_DATE_TEXT_SIZE])
{
    int year;
    int month;
    int day;
    char behind;
    if (sscanf(cell, "%4d%*[/-]%2d%*[/-]%2d%c", &year, &month, &day, &behind) != 3 || year < 1900 || year > 2199 ||
        month < 1 || month > 12 || day < 1 || day > 31) {
        return cell;
    }
    return civil_date_format(out, (struct civil_date){.year = year, .month = month, .day = day});
}

static enum status
write_boolean(struct json_writer *writer, const struct field *field, const char *cell, struct error_detail *err)
{
    static const char *const yes[] = {"はい", "true", "TRUE", "1", "○", NULL};
    static const char *const no[] = {"いいえ", "false", "FALSE", "0", "×", NULL};
    for (size_t i = 0; yes[i] != NULL; i++) {
        if (strcmp(cell, yes[i]) == 0) {
            json_bool(writer, field->key, true);
            return STATUS_OK;
        }
        if (strcmp(cell, no[i]) == 0) {
            json_bool(writer, field->key, false);
            return STATUS_OK;
        }
    }
    return wrong_cell(err, "「はい」か「いいえ」にしてください。");
}

/* The word itself, or the name that people know it by. */
static const char *
read_word(const struct field *field, const char *text)
{
    for (const struct field_word *word = field->words; word != NULL && word->word != NULL; word++) {
        if (strcmp(word->name, text) == 0) {
            return word->word;
        }
    }
    return text;
}

static enum status
write_element(struct json_writer *writer, const struct field *field, const char *text, struct error_detail *err)
{
    int64_t number;
    if (field->kind != FIELD_INTEGERS) {
        json_text(writer, NULL, read_word(field, text));
        return STATUS_OK;
    }
    enum status status = read_number(text, &number, err);
    if (status == STATUS_OK) {
        json_int(writer, NULL, number);
    }
    return status;
}

static enum status
write_list(struct json_writer *writer, const struct field *field, const char *cell, struct error_detail *err)
{
    struct buffer element;
    enum status status = STATUS_OK;
    buffer_init(&element, CSV_FILE_MAX_BYTES);
    json_begin_array(writer, field->key);
    for (const char *at = cell; status == STATUS_OK && strcmp(cell, "[]") != 0; at++) {
        if (*at == '\\' && at[1] != '\0') {
            buffer_append_byte(&element, (unsigned char)*++at);
        } else if (*at == '|' || *at == '\0') {
            status = write_element(writer, field, buffer_text(&element), err);
            buffer_clear(&element);
        } else if (*at != '\\') {
            buffer_append_byte(&element, (unsigned char)*at);
        }
        if (*at == '\0') {
            break;
        }
    }
    json_end_array(writer);
    buffer_finish(&element);
    return status;
}

static enum status
write_json(struct json_writer *writer, const char *key, const char *cell, struct error_detail *err)
{
    struct json_value *value = NULL;
    enum status status = json_parse(&value, cell, strlen(cell), err);
    if (status == STATUS_OK) {
        json_value(writer, key, value);
    } else if (status == STATUS_INVALID) {
        char message[160];
        snprintf(message, sizeof message, "JSONとして読めません（%.120s）。", err->message);
        status = wrong_cell(err, message);
    }
    json_free(value);
    return status;
}

enum status
csv_write_others(struct json_writer *writer, const struct table *table, const char *cell, struct error_detail *err)
{
    struct json_value *value = NULL;
    if (cell[0] == '\0') {
        return STATUS_OK;
    }
    enum status status = json_parse(&value, cell, strlen(cell), err);
    if (status == STATUS_INVALID || (status == STATUS_OK && !json_is_object(value))) {
        json_free(value);
        return wrong_cell(err, "JSONの { } として読めません。");
    }
    for (const struct json_value *member = json_first(value); member != NULL; member = json_next(member)) {
        if (table_field(table, json_key(member)) != NULL) {
            json_free(value);
            return wrong_cell(err, "ほかの列にある項目は、ここには書けません。");
        }
        json_value(writer, json_key(member), member);
    }
    json_free(value);
    return status;
}

static void
write_code_name(struct json_writer *writer, const struct field *field, const char *code, const char *name)
{
    if (code[0] == '\0' && name[0] == '\0') {
        return;
    }
    json_begin_object(writer, field->key);
    json_text(writer, "code", code);
    json_text(writer, "name", name);
    json_end_object(writer);
}

static enum status
write_pin(struct json_writer *writer, const struct field *field, const char *cell, struct error_detail *err)
{
    char hash[PASSWORD_HASH_TEXT_SIZE];
    enum status status = masters_hash_pin(hash, cell, err);
    if (status == STATUS_OK) {
        json_text(writer, field->key, hash);
    }
    return status;
}

/* A cell without text: a list or a text that must be there is empty, anything else is absent. */
static void
write_nothing(struct json_writer *writer, const struct field *field)
{
    bool is_list = field->kind == FIELD_TEXTS || field->kind == FIELD_REFERENCES || field->kind == FIELD_INTEGERS ||
                   field->kind == FIELD_WORDS;
    if (field->is_optional) {
        return;
    }
    if (is_list) {
        json_begin_array(writer, field->key);
        json_end_array(writer);
    } else if (field->kind == FIELD_REGISTRATION_NUMBER || (field->kind == FIELD_TEXT && field->minimum == 0)) {
        json_text(writer, field->key, "");
    }
}

enum status
csv_write_member(struct json_writer *writer, const struct field *field, const char *cell, const char *name_cell,
                 struct error_detail *err)
{
    char day[CIVIL_DATE_TEXT_SIZE];
    int64_t number;
    enum status status;
    if (field->kind == FIELD_CODE_NAME) {
        write_code_name(writer, field, cell, name_cell);
        return STATUS_OK;
    }
    if (cell[0] == '\0') {
        write_nothing(writer, field);
        return STATUS_OK;
    }
    switch (field->kind) {
    case FIELD_INTEGER:
        status = read_number(cell, &number, err);
        if (status == STATUS_OK) {
            json_int(writer, field->key, number);
        }
        return status;
    case FIELD_BOOLEAN:
        return write_boolean(writer, field, cell, err);
    case FIELD_DATE:
        json_text(writer, field->key, read_day(cell, day));
        return STATUS_OK;
    case FIELD_WORD:
        json_text(writer, field->key, read_word(field, cell));
        return STATUS_OK;
    case FIELD_TEXTS:
    case FIELD_REFERENCES:
    case FIELD_INTEGERS:
    case FIELD_WORDS:
        return write_list(writer, field, cell, err);
    case FIELD_ROWS:
        return write_json(writer, field->key, cell, err);
    case FIELD_PIN_HASH:
        return write_pin(writer, field, cell, err);
    case FIELD_CODE:
    case FIELD_TEXT:
    case FIELD_REFERENCE:
    case FIELD_REGISTRATION_NUMBER:
    case FIELD_TERMINAL:
    case FIELD_CODE_NAME:
        break;
    }
    json_text(writer, field->key, cell);
    return STATUS_OK;
}
