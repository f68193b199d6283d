/* Lookups by walking: tables other than items have at most some hundred rows, and finance asks once per group, not once
 * per sale. */
#include "settlement/catalogue/catalogue.h"

#include "settlement/store/masters_store.h"

#include <stdlib.h>
#include <string.h>

struct catalogue {
    struct json_value *document; /* NULL: no masters yet */
};

static const struct {
    const char *word;
    const char *name;
} parts[ACCOUNT_PART_COUNT] = {
    [ACCOUNT_FUND] = {"fund", "会計"}, [ACCOUNT_KAN] = {"kan", "款"},     [ACCOUNT_KOU] = {"kou", "項"},
    [ACCOUNT_MOKU] = {"moku", "目"},   [ACCOUNT_SETSU] = {"setsu", "節"}, [ACCOUNT_SAISETSU] = {"saisetsu", "細節"},
};

const char *
account_part_word(enum account_part part)
{
    return parts[part].word;
}

const char *
account_part_name(enum account_part part)
{
    return parts[part].name;
}

enum status
catalogue_load(struct catalogue **out, struct store_txn *txn, const char *municipality, struct error_detail *err)
{
    struct catalogue *catalogue = calloc(1, sizeof *catalogue);
    if (catalogue == NULL) {
        error_set(err, "no_memory", "out of memory");
        return STATUS_NO_MEMORY;
    }
    struct buffer document;
    buffer_init(&document, JSON_TEXT_MAX_BYTES);
    struct masters_version version;
    enum status status = masters_current(txn, municipality, &version, &document, err);
    if (status == STATUS_OK) {
        status = json_parse(&catalogue->document, buffer_text(&document), document.length, err);
    } else if (status == STATUS_NOT_FOUND) {
        status = STATUS_OK;
    }
    buffer_finish(&document);
    if (status != STATUS_OK) {
        catalogue_destroy(catalogue);
        return status;
    }
    *out = catalogue;
    return STATUS_OK;
}

void
catalogue_destroy(struct catalogue *catalogue)
{
    if (catalogue == NULL) {
        return;
    }
    json_free(catalogue->document);
    free(catalogue);
}

static const char *
text_member(const struct json_value *object, const char *key)
{
    const char *text = NULL;
    return json_as_text(json_member(object, key), &text) ? text : NULL;
}

const struct json_value *
catalogue_table(const struct catalogue *catalogue, const char *table)
{
    return json_member(catalogue->document, table);
}

static const struct json_value *
find_row(const struct catalogue *catalogue, const char *table, const char *code)
{
    const struct json_value *row = json_first(catalogue_table(catalogue, table));
    for (; row != NULL; row = json_next(row)) {
        const char *text = text_member(row, "code");
        if (text != NULL && strcmp(text, code) == 0) {
            return row;
        }
    }
    return NULL;
}

const char *
catalogue_name(const struct catalogue *catalogue, const char *table, const char *code)
{
    const char *name = text_member(find_row(catalogue, table, code), "name");
    return name != NULL ? name : code;
}

const char *
catalogue_municipality_name(const struct catalogue *catalogue, const char *code)
{
    const char *name = text_member(json_member(catalogue->document, "municipality"), "name");
    return name != NULL ? name : code;
}

static bool
is_valid_on(const struct json_value *row, struct civil_date day)
{
    char text[CIVIL_DATE_TEXT_SIZE];
    civil_date_format(text, day);
    const char *from = text_member(row, "valid_from");
    const char *to = text_member(row, "valid_to");
    return (from == NULL || strcmp(from, text) <= 0) && (to == NULL || strcmp(text, to) <= 0);
}

const char *
catalogue_trustee_of(const struct catalogue *catalogue, const char *brand, struct civil_date day)
{
    const struct json_value *row = json_first(catalogue_table(catalogue, "brands"));
    for (; row != NULL; row = json_next(row)) {
        const char *code = text_member(row, "code");
        if (code != NULL && strcmp(code, brand) == 0 && is_valid_on(row, day)) {
            return text_member(row, "trustee");
        }
    }
    return NULL;
}

bool
catalogue_facility(const struct catalogue *catalogue, const char *facility, struct civil_date day,
                   struct facility_view *out)
{
    const struct json_value *row = json_first(catalogue_table(catalogue, "facilities"));
    for (; row != NULL; row = json_next(row)) {
        const char *code = text_member(row, "code");
        if (code == NULL || strcmp(code, facility) != 0 || !is_valid_on(row, day)) {
            continue;
        }
        const char *name = text_member(row, "name");
        const char *section = text_member(row, "section");
        const char *run_by = text_member(row, "operator");
        const char *revenue = text_member(row, "revenue");
        *out = (struct facility_view){
            .name = name != NULL ? name : code,
            .section = section != NULL ? section : "",
            .run_by = run_by != NULL ? run_by : "",
            .is_operator_fee = revenue != NULL && strcmp(revenue, "operator_fee") == 0,
        };
        return true;
    }
    return false;
}

const char *
catalogue_trustee_kana(const struct catalogue *catalogue, const char *trustee)
{
    return text_member(find_row(catalogue, "trustees", trustee), "kana");
}

bool
catalogue_account(const struct catalogue *catalogue, const char *account, struct account_parts *out)
{
    const struct json_value *row = find_row(catalogue, "accounts", account);
    if (row == NULL) {
        return false;
    }
    for (int part = 0; part < ACCOUNT_PART_COUNT; part++) {
        const struct json_value *member = json_member(row, parts[part].word);
        const char *code = text_member(member, "code");
        const char *name = text_member(member, "name");
        out->code[part] = code != NULL ? code : "";
        out->name[part] = name != NULL ? name : "";
    }
    return true;
}
