/* Loading a document into the store, and looking into the current one. */
#include "settlement/masters/masters.h"

#include <stdio.h>
#include <string.h>

/* Fill what names the version: municipality, number, hash of the canonical bytes. DOCUMENT was validated. */
static enum status
describe(const struct json_value *document, const struct buffer *canonical, int64_t now_ms, struct masters_version *out,
         struct error_detail *err)
{
    const char *code;
    *out = (struct masters_version){.loaded_at_ms = now_ms};
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

enum status
masters_load(struct store_txn *txn, const char *text, size_t length, int64_t now_ms, struct masters_version *out,
             bool *out_is_new, struct error_detail *err)
{
    struct json_value *document = NULL;
    struct buffer canonical;
    buffer_init(&canonical, JSON_TEXT_MAX_BYTES);
    struct masters_version version;
    enum status status = json_parse(&document, text, length, err);
    if (status == STATUS_OK) {
        status = masters_validate(document, err);
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
