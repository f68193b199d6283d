/* Reading CASE.json. */
#include "pos/commands/tariff_case.h"

#include "common/json/place.h"

#include <stdlib.h>
#include <string.h>

/* What reading a case carries along. */
struct case_reading {
    struct tariff_case *example;
    const struct tariff_document *document;
    const char *text;
    size_t length;
    bool *is_of_document;
    struct error_detail *err;
};

/* Refuse the member at PATH. */
static enum status
refuse(const struct case_reading *reading, const char *path, const char *sentence)
{
    unsigned line;
    unsigned column;
    json_place(reading->text, reading->length, path, &line, &column);
    error_set_at(reading->err, line, column, "wrong_case", "%s: %s", path, sentence);
    return STATUS_INVALID;
}

static enum status
check_keys(const struct case_reading *reading, const struct json_value *object, const char *const *allowed)
{
    for (const struct json_value *item = json_first(object); item != NULL; item = json_next(item)) {
        const char *const *key = allowed;
        while (*key != NULL && strcmp(*key, json_key(item)) != 0) {
            key++;
        }
        if (*key == NULL) {
            return refuse(reading, json_key(item), "ここには書けない項目です。綴りを確かめてください");
        }
    }
    return STATUS_OK;
}

static enum status
find_granter(const struct case_reading *reading, const struct json_value *row, struct tariff_granted *granted)
{
    const struct json_value *granter = json_member(row, "granter");
    const char *only = tariff_reduction_granter(granted->reduction, 0);
    bool has_one = tariff_reduction_granter(granted->reduction, 1) == NULL;
    if (json_is_null(granter) && has_one) {
        granted->granter = only;
        return STATUS_OK;
    }
    return json_as_text(granter, &granted->granter)
               ? STATUS_OK
               : refuse(reading, "reductions", "granter に減免を決定した課を書いてください");
}

static enum status
read_reduction(const struct case_reading *reading, const struct json_value *row)
{
    static const char *const allowed[] = {"rule", "granter", NULL};
    struct tariff_case *example = reading->example;
    const char *rule;
    enum status status = check_keys(reading, row, allowed);
    if (status != STATUS_OK) {
        return status;
    }
    if (!json_as_text(json_member(row, "rule"), &rule) || example->granted_count == TARIFF_GRANTED_MAX) {
        return refuse(reading, "reductions", "[{\"rule\":コード,\"granter\":課}] を 4 件まで書いてください");
    }
    size_t index = example->granted_count;
    status = tariff_document_find_reduction(reading->document, rule, example->date, &example->reductions[index],
                                            reading->err);
    if (status != STATUS_OK) {
        *reading->is_of_document = true;
        return status;
    }
    example->granted_count++;
    example->granted[index].reduction = example->reductions[index];
    return find_granter(reading, row, &example->granted[index]);
}

static enum status
read_case(const struct case_reading *reading)
{
    static const char *const allowed[] = {"tariff", "on", "facts", "reductions", "note", NULL};
    struct tariff_case *example = reading->example;
    const char *code;
    const char *on;
    enum status status = check_keys(reading, example->json, allowed);
    if (status != STATUS_OK) {
        return status;
    }
    if (!json_as_text(json_member(example->json, "tariff"), &code)) {
        return refuse(reading, "tariff", "料金のコードを書いてください");
    }
    if (!json_as_text(json_member(example->json, "on"), &on) ||
        civil_date_parse(&example->date, on, strlen(on)) != STATUS_OK) {
        return refuse(reading, "on", "営業日を 2026-11-22 の形で書いてください");
    }
    status = tariff_document_find(reading->document, code, example->date, &example->tariff, reading->err);
    if (status != STATUS_OK) {
        *reading->is_of_document = true;
        return status;
    }
    const struct json_value *list = json_member(example->json, "reductions");
    if (!json_is_null(list) && !json_is_array(list)) {
        return refuse(reading, "reductions", "[{\"rule\":コード,\"granter\":課}] を 4 件まで書いてください");
    }
    for (const struct json_value *row = json_first(list); row != NULL && status == STATUS_OK; row = json_next(row)) {
        status = read_reduction(reading, row);
    }
    return status;
}

enum status
tariff_case_open(struct tariff_case **out, const struct tariff_document *document, const char *text, size_t length,
                 bool *out_is_of_document, struct error_detail *err)
{
    struct tariff_case *example = calloc(1, sizeof *example);
    if (example == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    struct case_reading reading = {.example = example,
                                   .document = document,
                                   .text = text,
                                   .length = length,
                                   .is_of_document = out_is_of_document,
                                   .err = err};
    *out_is_of_document = false;
    enum status status = json_parse(&example->json, text, length, err);
    if (status == STATUS_OK) {
        status = read_case(&reading);
    }
    if (status != STATUS_OK) {
        tariff_case_destroy(example);
        return status;
    }
    *out = example;
    return STATUS_OK;
}

void
tariff_case_destroy(struct tariff_case *example)
{
    if (example == NULL) {
        return;
    }
    for (size_t i = 0; i < example->granted_count; i++) {
        tariff_reduction_destroy(example->reductions[i]);
    }
    tariff_destroy(example->tariff);
    json_free(example->json);
    free(example);
}

enum status
tariff_case_price(struct tariff_case *example, struct error_detail *err)
{
    return tariff_price(example->tariff, json_member(example->json, "facts"), example->granted, example->granted_count,
                        example->date, &example->result, err);
}
