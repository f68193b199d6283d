/* Files of tariffs. A fault's message begins with the member's path; its place is looked up by that path. */
#include "common/tariff/document.h"

#include "common/json/place.h"
#include "common/tariff/member.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char tariffs_key[] = "tariffs";
static const char reductions_key[] = "reductions";

struct tariff_document {
    const char *text; /* borrowed */
    size_t length;
    struct json_value *json;
};

/* Begin ERR's message with "LIST[INDEX]." and give it the place that the path names; a place that it has stays. */
static void
place_fault(const struct tariff_document *document, const char *list, size_t index, struct error_detail *err)
{
    char path[ERROR_MESSAGE_SIZE];
    const char *end = strstr(err->message, ": ");
    bool is_whole_row = end == err->message;
    error_prefix(err, "%s[%zu]%s", list, index, is_whole_row ? "" : ".");
    end = strstr(err->message, ": ");
    size_t length = end != NULL ? (size_t)(end - err->message) : 0;
    memcpy(path, err->message, length);
    path[length] = '\0';
    json_place(document->text, document->length, path, &err->line, &err->column);
}

static const struct json_value *
list_of(const struct tariff_document *document, const char *key)
{
    return json_member(document->json, key);
}

/* A masters document has many members beside; another file may have only these. */
static enum status
check_members(struct tariff_document *document, struct error_detail *err)
{
    bool is_masters = json_member(document->json, "municipality") != NULL;
    for (const struct json_value *item = json_first(document->json); item != NULL && !is_masters;
         item = json_next(item)) {
        const char *key = json_key(item);
        if (strcmp(key, tariffs_key) != 0 && strcmp(key, reductions_key) != 0 && strcmp(key, "sample") != 0 &&
            strcmp(key, "note") != 0) {
            error_set(err, "wrong_tariff", "%s: ここに書けるのは tariffs と reductions です", key);
            json_place(document->text, document->length, key, &err->line, &err->column);
            return STATUS_INVALID;
        }
    }
    static const char *const keys[] = {tariffs_key, reductions_key};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const struct json_value *list = list_of(document, keys[i]);
        if (list != NULL && (!json_is_array(list) || json_count(list) > TARIFF_ROWS_OF_FILE_MAX)) {
            error_set(err, "wrong_tariff", "%s: [ ] の中に %d 件まで書いてください", keys[i], TARIFF_ROWS_OF_FILE_MAX);
            json_place(document->text, document->length, keys[i], &err->line, &err->column);
            return STATUS_INVALID;
        }
    }
    return STATUS_OK;
}

enum status
tariff_document_open(struct tariff_document **out, const char *text, size_t length, struct error_detail *err)
{
    struct error_detail ignored;
    struct error_detail *detail = err != NULL ? err : &ignored;
    struct tariff_document *document = calloc(1, sizeof *document);
    if (document == NULL) {
        error_set(detail, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    *document = (struct tariff_document){.text = text, .length = length};
    enum status status = json_parse(&document->json, text, length, detail);
    if (status == STATUS_OK && !json_is_object(document->json)) {
        error_set_at(detail, 1, 1, "wrong_tariff", "{\"tariffs\":[ … ],\"reductions\":[ … ]} の形で書いてください");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = check_members(document, detail);
    }
    if (status != STATUS_OK) {
        tariff_document_destroy(document);
        return status;
    }
    *out = document;
    return STATUS_OK;
}

void
tariff_document_destroy(struct tariff_document *document)
{
    if (document != NULL) {
        json_free(document->json);
        free(document);
    }
}

size_t
tariff_document_tariffs(const struct tariff_document *document)
{
    return json_count(list_of(document, tariffs_key));
}

size_t
tariff_document_reductions(const struct tariff_document *document)
{
    return json_count(list_of(document, reductions_key));
}

/* When a row is valid; false for a row without a right code and days, which its own check tells. */
struct validity {
    const char *code;
    const char *from; /* days as text sort as days */
    const char *to;
    size_t index;
};

static bool
read_validity(const struct json_value *row, size_t index, struct validity *out)
{
    struct civil_date date;
    *out = (struct validity){.to = "9999-12-31", .index = index};
    bool has_code = json_as_text(json_member(row, "code"), &out->code);
    bool has_from = json_as_text(json_member(row, "valid_from"), &out->from) &&
                    civil_date_parse(&date, out->from, strlen(out->from)) == STATUS_OK;
    const struct json_value *to = json_member(row, "valid_to");
    bool has_to = json_is_null(to) ||
                  (json_as_text(to, &out->to) && civil_date_parse(&date, out->to, strlen(out->to)) == STATUS_OK);
    return has_code && has_from && has_to && strcmp(out->from, out->to) <= 0;
}

static int
compare_validities(const void *a, const void *b)
{
    const struct validity *left = a;
    const struct validity *right = b;
    int order = strcmp(left->code, right->code);
    order = order != 0 ? order : strcmp(left->from, right->from);
    return order != 0 ? order : (left->index > right->index) - (left->index < right->index);
}

struct check {
    const struct tariff_document *document;
    void (*found)(void *context, const struct error_detail *fault);
    void *context;
    size_t faults;
};

/* Count a fault of row INDEX and tell it, unless so many were told that nobody reads on. */
static void
tell(struct check *check, const char *list, size_t index, struct error_detail *fault)
{
    if (check->faults++ < TARIFF_FAULTS_MAX) {
        place_fault(check->document, list, index, fault);
        check->found(check->context, fault);
    }
}

/* Read one row to see whether it can be read. */
static enum status
try_row(const char *key, const struct json_value *row, struct error_detail *err)
{
    if (key == tariffs_key) {
        struct tariff *tariff = NULL;
        enum status status = tariff_read(&tariff, row, err);
        if (status == STATUS_OK) {
            tariff_destroy(tariff);
        }
        return status;
    }
    struct tariff_reduction *reduction = NULL;
    enum status status = tariff_reduction_read(&reduction, row, err);
    if (status == STATUS_OK) {
        tariff_reduction_destroy(reduction);
    }
    return status;
}

static enum status
check_rows(struct check *check, const char *key, struct error_detail *err)
{
    size_t index = 0;
    for (const struct json_value *row = json_first(list_of(check->document, key)); row != NULL; row = json_next(row)) {
        struct error_detail fault = {0};
        enum status status = try_row(key, row, &fault);
        if (status == STATUS_NO_MEMORY) {
            error_set(err, "no_memory", "out of memory");
            return status;
        }
        if (status != STATUS_OK) {
            tell(check, key, index, &fault);
        }
        index++;
    }
    return STATUS_OK;
}

/* Sorted by code and first day, a row can only overlap one before it, and then it overlaps the one that ends last. */
static void
check_overlaps(struct check *check, const char *key, struct validity *rows, size_t count)
{
    qsort(rows, count, sizeof *rows, compare_validities);
    size_t longest = 0;
    for (size_t i = 1; i < count; i++) {
        if (strcmp(rows[i].code, rows[longest].code) != 0) {
            longest = i;
            continue;
        }
        if (strcmp(rows[i].from, rows[longest].to) <= 0 && check->faults < TARIFF_FAULTS_MAX) {
            struct error_detail fault = {0};
            char path[MEMBER_PATH_SIZE];
            unsigned line;
            unsigned column;
            snprintf(path, sizeof path, "%s[%zu].valid_from", key, rows[longest].index);
            json_place(check->document->text, check->document->length, path, &line, &column);
            error_set(
                &fault, "overlap",
                "valid_from: %.32s は %u 行目の %s[%zu] と有効期間が重なります。どちらかの valid_to か valid_from を"
                "直してください",
                rows[i].code, line, key, rows[longest].index);
            tell(check, key, rows[i].index, &fault);
        }
        longest = strcmp(rows[i].to, rows[longest].to) > 0 ? i : longest;
    }
}

static enum status
check_list(struct check *check, const char *key, struct error_detail *err)
{
    enum status status = check_rows(check, key, err);
    if (status != STATUS_OK) {
        return status;
    }
    const struct json_value *list = list_of(check->document, key);
    struct validity *rows = calloc(json_count(list) + 1, sizeof *rows);
    if (rows == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    size_t count = 0;
    size_t index = 0;
    for (const struct json_value *row = json_first(list); row != NULL; row = json_next(row)) {
        count += read_validity(row, index++, &rows[count]) ? 1 : 0;
    }
    check_overlaps(check, key, rows, count);
    free(rows);
    return STATUS_OK;
}

enum status
tariff_document_check(const struct tariff_document *document,
                      void (*found)(void *context, const struct error_detail *fault), void *context,
                      struct error_detail *err)
{
    struct check check = {.document = document, .found = found, .context = context};
    enum status status = check_list(&check, tariffs_key, err);
    if (status == STATUS_OK) {
        status = check_list(&check, reductions_key, err);
    }
    if (status == STATUS_OK && check.faults > 0) {
        error_set(err, "wrong_tariff", "%zu か所を直してください", check.faults);
        status = STATUS_INVALID;
    }
    return status;
}

bool
tariff_document_first_day(const struct tariff_document *document, const char *code, struct civil_date *out)
{
    size_t index = 0;
    for (const struct json_value *row = json_first(list_of(document, tariffs_key)); row != NULL; row = json_next(row)) {
        struct validity validity;
        if (read_validity(row, index++, &validity) && strcmp(validity.code, code) == 0) {
            return civil_date_parse(out, validity.from, strlen(validity.from)) == STATUS_OK;
        }
    }
    return false;
}

/* The only row of list KEY with CODE that is valid on DATE. */
static enum status
find_row(const struct tariff_document *document, const char *key, const char *code, struct civil_date date,
         const struct json_value **out, size_t *out_index, struct error_detail *err)
{
    char day[CIVIL_DATE_TEXT_SIZE];
    size_t index = 0;
    *out = NULL;
    civil_date_format(day, date);
    for (const struct json_value *row = json_first(list_of(document, key)); row != NULL; row = json_next(row)) {
        struct validity validity;
        bool is_readable = read_validity(row, index, &validity);
        bool fits = is_readable && strcmp(validity.code, code) == 0 && strcmp(validity.from, day) <= 0 &&
                    strcmp(day, validity.to) <= 0;
        if (fits && *out != NULL) {
            error_set(err, "overlap", "%s の %s が %s に2つあります。--check で確かめてください", key, code, day);
            return STATUS_CONFLICT;
        }
        if (fits) {
            *out = row;
            *out_index = index;
        }
        index++;
    }
    if (*out == NULL) {
        error_set(err, "not_found", "%s に有効な %s が %s にありません", day, code, key);
        return STATUS_NOT_FOUND;
    }
    return STATUS_OK;
}

enum status
tariff_document_find(const struct tariff_document *document, const char *code, struct civil_date date,
                     struct tariff **out, struct error_detail *err)
{
    const struct json_value *row;
    size_t index = 0;
    struct error_detail detail = {0};
    enum status status = find_row(document, tariffs_key, code, date, &row, &index, &detail);
    if (status == STATUS_OK) {
        status = tariff_read(out, row, &detail);
        if (status == STATUS_INVALID) {
            place_fault(document, tariffs_key, index, &detail);
        }
    }
    if (status != STATUS_OK && err != NULL) {
        *err = detail;
    }
    return status;
}

enum status
tariff_document_find_reduction(const struct tariff_document *document, const char *code, struct civil_date date,
                               struct tariff_reduction **out, struct error_detail *err)
{
    const struct json_value *row;
    size_t index = 0;
    struct error_detail detail = {0};
    enum status status = find_row(document, reductions_key, code, date, &row, &index, &detail);
    if (status == STATUS_OK) {
        status = tariff_reduction_read(out, row, &detail);
        if (status == STATUS_INVALID) {
            place_fault(document, reductions_key, index, &detail);
        }
    }
    if (status != STATUS_OK && err != NULL) {
        *err = detail;
    }
    return status;
}
