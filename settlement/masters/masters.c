/* Loading a document into the store, and looking into the current one. */
#include "settlement/masters/masters.h"

#include "common/json/locate.h"

#include <stdio.h>
#include <string.h>

/* Fill what names the version: municipality, number, hash of the canonical bytes. DOCUMENT was validated. */
static enum status
describe(const struct json_value *document, const struct buffer *canonical, int64_t now_ms, struct masters_version *out,
         struct error_detail *err)
{
    const char *code;
    *out = (struct masters_version){.loaded_at_ms = now_ms, .proposed_by = "cli"};
    enum status status = json_get_int(document, "version", 1, INT64_MAX, &out->version, err);
    if (status == STATUS_OK) {
        status = json_get_text(json_member(document, "municipality"), "code", MUNICIPALITY_CODE_SIZE - 1, &code, err);
    }
    if (status == STATUS_OK) {
        snprintf(out->municipality, sizeof out->municipality, "%s", code);
        sha256_text(out->sha256, buffer_text(canonical), canonical->length);
    }
    return status;
}

/* Store VERSION unless it is the current one already. */
static enum status
publish(struct store_txn *txn, const struct masters_version *version, const struct buffer *canonical, bool *out_is_new,
        struct error_detail *err)
{
    struct masters_version current;
    enum status status = masters_current(txn, version->municipality, &current, NULL, err);
    if (status == STATUS_OK && current.version == version->version && strcmp(current.sha256, version->sha256) == 0) {
        *out_is_new = false;
        return STATUS_OK;
    }
    if (status == STATUS_OK && version->version <= current.version) {
        error_set(err, "old_version", "version: %lld is not greater than the current %lld; tills hold that one",
                  (long long)version->version, (long long)current.version);
        return STATUS_CONFLICT;
    }
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        return status;
    }
    *out_is_new = true;
    return masters_put(txn, version, buffer_text(canonical), canonical->length, err);
}

void
masters_place_in_file(const struct remark *remark, const char *text, size_t length, unsigned *out_line,
                      unsigned *out_column)
{
    char path[REMARK_PATH_SIZE];
    if (!json_locate(text, length, remark_path(remark, path), out_line, out_column)) {
        *out_line = 0;
        *out_column = 0;
    }
}

enum status
masters_examine(struct json_value **out, const char *text, size_t length, struct remarks *remarks,
                struct error_detail *err)
{
    struct json_value *document = NULL;
    enum status status = json_parse(&document, text, length, err);
    if (status == STATUS_OK) {
        status = masters_check(document, remarks, err);
    }
    if (status != STATUS_OK) {
        json_free(document);
        return status;
    }
    *out = document;
    return STATUS_OK;
}

/* The first error with its place in the file. */
static enum status
refuse_file(const struct remarks *remarks, const char *text, size_t length, struct error_detail *err)
{
    enum status status = remarks_status(remarks, err);
    for (size_t i = 0; status == STATUS_INVALID && i < remarks->count; i++) {
        if (!remarks->rows[i].is_warning) {
            char path[REMARK_PATH_SIZE];
            unsigned line;
            unsigned column;
            masters_place_in_file(&remarks->rows[i], text, length, &line, &column);
            error_set_at(err, line, column, "wrong_masters", "%s: %s（%u行目 %u文字目。誤りは全部で%zu件）",
                         remark_path(&remarks->rows[i], path), remarks->rows[i].message, line, column,
                         remarks->error_count);
            break;
        }
    }
    return status;
}

enum status
masters_load(struct store_txn *txn, const char *text, size_t length, int64_t now_ms, struct masters_version *out,
             bool *out_is_new, struct error_detail *err)
{
    struct json_value *document = NULL;
    struct buffer canonical;
    buffer_init(&canonical, JSON_TEXT_MAX_BYTES);
    struct masters_version version;
    struct remarks remarks;
    remarks_init(&remarks);
    enum status status = masters_examine(&document, text, length, &remarks, err);
    if (status == STATUS_OK) {
        status = refuse_file(&remarks, text, length, err);
    }
    if (status == STATUS_OK) {
        status = json_write_canonical(document, &canonical, err);
    }
    if (status == STATUS_OK) {
        status = describe(document, &canonical, now_ms, &version, err);
    }
    if (status == STATUS_OK) {
        status = publish(txn, &version, &canonical, out_is_new, err);
    }
    if (status == STATUS_OK) {
        *out = version;
    }
    remarks_finish(&remarks);
    buffer_finish(&canonical);
    json_free(document);
    return status;
}

static bool
has_place(const struct json_value *document, const char *place)
{
    for (const struct json_value *row = json_first(json_member(document, "places")); row != NULL;
         row = json_next(row)) {
        const char *code;
        if (json_as_text(json_member(row, "code"), &code) && strcmp(code, place) == 0) {
            return true;
        }
    }
    return false;
}

enum status
masters_check_place(struct store_txn *txn, const char *municipality, const char *place, struct error_detail *err)
{
    struct buffer text;
    buffer_init(&text, JSON_TEXT_MAX_BYTES);
    struct json_value *document = NULL;
    struct masters_version version;
    enum status status = masters_current(txn, municipality, &version, &text, err);
    if (status == STATUS_NOT_FOUND) {
        buffer_finish(&text);
        return STATUS_OK;
    }
    if (status == STATUS_OK) {
        status = json_parse(&document, buffer_text(&text), text.length, err);
    }
    if (status == STATUS_OK && !has_place(document, place)) {
        error_set(err, "unknown_place", "the place \"%s\" does not stand in version %lld of the masters", place,
                  (long long)version.version);
        status = STATUS_INVALID;
    }
    json_free(document);
    buffer_finish(&text);
    return status;
}
