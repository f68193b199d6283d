/* New masters: checked, cut, and put in force in one transaction with the line that says so.
 *
 * Cutting a city's document takes a while, and selling does not wait for it: the parts are staged under the lock a few
 * at a time, under a version that is not in force yet. What is in force changes between two citizens. */
#include "common/bytes/encoding.h"
#include "pos/till/masters_keeping.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { STAGED_BYTES = 512 * 1024 /* written in one transaction: some milliseconds of an SD card */ };

/* ---- is it wanted? ---- */

enum status
applied_masters_load(struct till *till, struct applied_masters *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    *out = (struct applied_masters){0};
    enum status status = database_statement(
        till->db, "SELECT version, sha256, extract FROM masters_applied ORDER BY version DESC LIMIT 1", &row, err);
    if (status == STATUS_OK) {
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && has_row) {
        out->version = statement_column_int(row, 0);
        snprintf(out->document_sha256, sizeof out->document_sha256, "%s", statement_column_text(row, 1));
        snprintf(out->head_sha256, sizeof out->head_sha256, "%s", statement_column_text(row, 2));
        statement_reset(row);
    }
    return status;
}

enum status
masters_check_signature(const struct till *till, int64_t version, const char *sha256, const char *signature,
                        struct error_detail *err)
{
    char text[160 + SHA256_TEXT_SIZE];
    uint8_t bytes[SIGNATURE_SIZE + 2];
    size_t length = 0;
    if (!till->knows_masters_key) {
        return STATUS_OK;
    }
    snprintf(text, sizeof text, "madoguchi-masters-v1\n%s\n%lld\n%s\n", till->municipality, (long long)version, sha256);
    bool is_signed = signature != NULL && strlen(signature) == MASTERS_SIGNATURE_TEXT_SIZE - 1 &&
                     base64_decode(bytes, sizeof bytes, &length, signature, strlen(signature)) == STATUS_OK &&
                     length == SIGNATURE_SIZE && signature_is_valid(till->masters_key, text, strlen(text), bytes);
    if (!is_signed) {
        error_set(err, "masters_not_signed",
                  "署名を確かめられない商品の登録が届きました。使っていません。管理者に連絡してください。");
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static bool
is_between_citizens(const struct till *till)
{
    return till->basket.content.line_count == 0 && till->other_kind == OTHER_NONE &&
           till->foreground.state == FOREGROUND_NONE;
}

static enum status
check_basket(const struct till *till, struct error_detail *err)
{
    if (!is_between_citizens(till)) {
        error_set(err, "basket_open", "new masters wait until this basket is paid or cleared");
        return STATUS_BUSY;
    }
    return STATUS_OK;
}

/* The same document once more: what lies on the disk is not whole, or its signature is not known yet. */
static bool
is_wanted_again(const struct till *till, const struct masters_offer *offer)
{
    return till->masters != NULL && strcmp(till->masters->sha256, offer->identity.document_sha256) == 0 &&
           (masters_are_damaged(till->masters) || till->masters_are_unsigned);
}

/* Under the lock. *OUT_IS_WANTED is false for what is in force already, or older. */
static enum status
check_offer(struct till *till, const struct masters_offer *offer, bool *out_is_wanted, struct error_detail *err)
{
    struct applied_masters applied;
    const struct extract_identity *identity = &offer->identity;
    *out_is_wanted = false;
    bool needs_signature = offer->signature != NULL || !offer->is_kept;
    enum status status = needs_signature ? masters_check_signature(till, identity->version, identity->document_sha256,
                                                                   offer->signature, err)
                                         : STATUS_OK;
    if (status != STATUS_OK) {
        return status;
    }
    bool is_newer = till->masters == NULL || identity->version > till->masters->version;
    if (!is_newer) {
        *out_is_wanted = is_wanted_again(till, offer);
        return STATUS_OK;
    }
    status = applied_masters_load(till, &applied, err);
    if (status == STATUS_OK && applied.version == identity->version &&
        strcmp(applied.document_sha256, identity->document_sha256) != 0) {
        error_set(err, "other_masters", "masters version %lld is not the one that was applied",
                  (long long)identity->version);
        status = STATUS_CONFLICT;
    }
    if (status == STATUS_OK && applied.version > identity->version) {
        return STATUS_OK; /* the newer one comes again: this service, or its backup, is behind */
    }
    if (status == STATUS_OK) {
        status = check_basket(till, err);
    }
    *out_is_wanted = status == STATUS_OK;
    return status;
}

/* ---- staging ---- */

/* Parts that wait to be written. INVARIANT: `inside` while a transaction is open, with the lock held. */
struct staging {
    struct till *till;
    int64_t version;
    size_t bytes;
    size_t last_part;
    bool is_inside;
};

static enum status
stage_begin(struct staging *staging, struct error_detail *err)
{
    till_lock(staging->till);
    enum status status = database_begin(staging->till->db, err);
    staging->is_inside = status == STATUS_OK;
    staging->bytes = 0;
    if (status != STATUS_OK) {
        till_unlock(staging->till, false);
    }
    return status;
}

static enum status
stage_end(struct staging *staging, enum status status, struct error_detail *err)
{
    if (!staging->is_inside) {
        return status;
    }
    if (status == STATUS_OK) {
        status = database_commit(staging->till->db, err);
    }
    if (status != STATUS_OK) {
        database_rollback(staging->till->db);
    }
    staging->is_inside = false;
    till_unlock(staging->till, false);
    return status;
}

static enum status
stage_part(void *context, size_t part, const void *bytes, size_t length, struct error_detail *err)
{
    struct staging *staging = context;
    struct statement *insert;
    enum status status = staging->is_inside ? STATUS_OK : stage_begin(staging, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = database_statement(staging->till->db,
                                "INSERT OR REPLACE INTO masters_part (version, part, bytes) VALUES (?1, ?2, ?3)",
                                &insert, err);
    if (status == STATUS_OK) {
        statement_bind_int(insert, 1, staging->version);
        statement_bind_int(insert, 2, (int64_t)part);
        statement_bind_blob(insert, 3, bytes, length);
        status = statement_run(insert, err);
    }
    staging->bytes += length;
    staging->last_part = part > staging->last_part ? part : staging->last_part;
    bool is_full = staging->bytes >= STAGED_BYTES || part == 0;
    return status != STATUS_OK || is_full ? stage_end(staging, status, err) : STATUS_OK;
}

/* ---- in force ---- */

static enum status
run_for_version(struct till *till, const char *sql, int64_t version, int64_t second, struct error_detail *err)
{
    struct statement *statement;
    enum status status = database_statement(till->db, sql, &statement, err);
    if (status == STATUS_OK) {
        statement_bind_int(statement, 1, version);
        if (second >= 0) {
            statement_bind_int(statement, 2, second);
        }
        status = statement_run(statement, err);
    }
    return status;
}

/* What went before goes: a catalogue of megabytes for every change would fill a small computer's card. */
static enum status
forget_others(struct till *till, int64_t version, size_t last_part, struct error_detail *err)
{
    static const char *const texts[] = {"DELETE FROM masters_document WHERE version <> ?1",
                                        "DELETE FROM masters_signature WHERE version <> ?1",
                                        "DELETE FROM masters_part WHERE version <> ?1"};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && status == STATUS_OK; i++) {
        status = run_for_version(till, texts[i], version, -1, err);
    }
    return status == STATUS_OK ? run_for_version(till, "DELETE FROM masters_part WHERE version = ?1 AND part > ?2",
                                                 version, (int64_t)last_part, err)
                               : status;
}

static enum status
store_document(struct till *till, const struct masters_offer *offer, struct error_detail *err)
{
    struct statement *insert;
    enum status status = database_statement(
        till->db, "INSERT OR REPLACE INTO masters_document (version, sha256, document) VALUES (?1, ?2, ?3)", &insert,
        err);
    if (status == STATUS_OK) {
        statement_bind_int(insert, 1, offer->identity.version);
        statement_bind_text(insert, 2, offer->identity.document_sha256);
        statement_bind_blob(insert, 3, offer->document, offer->length);
        status = statement_run(insert, err);
    }
    if (status != STATUS_OK || offer->signature == NULL) {
        return status;
    }
    status = database_statement(
        till->db, "INSERT OR REPLACE INTO masters_signature (version, signature) VALUES (?1, ?2)", &insert, err);
    if (status == STATUS_OK) {
        statement_bind_int(insert, 1, offer->identity.version);
        statement_bind_text(insert, 2, offer->signature);
        status = statement_run(insert, err);
    }
    return status;
}

/* The line, unless the journal says of this very extract that it is in force: what was mended is no news. */
static enum status
record_applied(struct till *till, const struct extract_identity *identity, struct error_detail *err)
{
    struct applied_masters applied;
    enum status status = applied_masters_load(till, &applied, err);
    bool is_known = applied.version == identity->version && strcmp(applied.head_sha256, identity->head_sha256) == 0;
    if (status != STATUS_OK || is_known) {
        return status;
    }
    struct json_writer *body = record_body(till);
    json_int(body, "version", identity->version);
    json_text(body, "sha256", identity->document_sha256);
    json_text(body, "extract", identity->head_sha256);
    return record_line(till, "masters.applied", err);
}

/* Under the lock. */
static enum status
put_in_force(struct till *till, const struct masters_offer *offer, size_t last_part, struct error_detail *err)
{
    struct masters *masters = NULL;
    const struct extract_identity *identity = &offer->identity;
    bool is_same = till->masters != NULL && strcmp(till->masters->sha256, identity->document_sha256) == 0;
    enum status status = is_same ? STATUS_OK : check_basket(till, err); /* a citizen may have come meanwhile */
    if (status == STATUS_OK) {
        status = record_begin(till, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = store_document(till, offer, err);
    if (status == STATUS_OK) {
        status = forget_others(till, identity->version, last_part, err);
    }
    if (status == STATUS_OK) {
        status = record_applied(till, identity, err);
    }
    if (status == STATUS_OK) {
        status = masters_open(&masters, till->db, identity->version, identity->head_sha256, err);
    }
    if (status != STATUS_OK) {
        record_rollback(till);
        return status;
    }
    status = record_commit(till, err);
    if (status != STATUS_OK) {
        masters_destroy(masters);
        return status;
    }
    masters_destroy(till->masters);
    till->masters = masters;
    till->masters_are_unsigned = till->knows_masters_key && offer->signature == NULL;
    till->masters_checked_to = 0;
    return STATUS_OK;
}

static enum status
cut_and_apply(struct till *till, struct masters_offer *offer, const char *place, struct error_detail *err)
{
    struct staging staging = {.till = till, .version = offer->identity.version};
    const struct extract_sink sink = {.put = stage_part, .context = &staging};
    enum status status = extract_write(offer->document, offer->length, place, &sink, &offer->identity, err);
    if (status != STATUS_OK) {
        return stage_end(&staging, status, err);
    }
    assert(!staging.is_inside); /* part 0 came last */
    till_lock(till);
    status = put_in_force(till, offer, staging.last_part, err);
    till_unlock(till, status == STATUS_OK);
    return status;
}

/* A refusal is for people to see; what waits for the basket is not. */
static void
show_outcome(struct till *till, enum status status, const struct error_detail *err)
{
    till_lock(till);
    struct reported_state *shown = &till->masters_state;
    const char *message = status == STATUS_REFUSED && strcmp(err->code, "masters_not_signed") == 0 ? err->message
                          : status == STATUS_OK || status == STATUS_BUSY
                              ? ""
                              : "新しい商品の登録を取り込めませんでした。管理者に連絡してください。";
    bool has_changed = status != STATUS_BUSY && strcmp(shown->message, message) != 0;
    if (has_changed) {
        snprintf(shown->message, sizeof shown->message, "%s", message);
    }
    till_unlock(till, has_changed);
}

enum status
masters_apply(struct till *till, struct masters_offer *offer, struct error_detail *err)
{
    struct error_detail failure = {0};
    char place[CODE_SIZE];
    bool is_wanted = false;
    enum status status = extract_peek_version(offer->document, offer->length, &offer->identity.version, &failure);
    if (status == STATUS_OK) {
        sha256_text(offer->identity.document_sha256, offer->document, offer->length);
        till_lock(till);
        memcpy(place, till->place, sizeof place);
        status = check_offer(till, offer, &is_wanted, &failure);
        till_unlock(till, false);
    }
    if (status == STATUS_OK && is_wanted) {
        status = cut_and_apply(till, offer, place, &failure);
    }
    show_outcome(till, status, &failure);
    if (status != STATUS_OK && err != NULL) {
        *err = failure;
    }
    return status;
}

enum status
till_apply_signed_masters(struct till *till, const char *document, size_t length, const char *signature,
                          struct error_detail *err)
{
    struct masters_offer offer = {.document = document, .length = length, .signature = signature};
    return masters_apply(till, &offer, err);
}

enum status
till_apply_masters(struct till *till, const char *document, size_t length, struct error_detail *err)
{
    return till_apply_signed_masters(till, document, length, NULL, err);
}

bool
till_can_take_masters(struct till *till)
{
    till_lock(till);
    bool can = is_between_citizens(till);
    till_unlock(till, false);
    return can;
}

int64_t
till_masters_version(struct till *till, char sha256[SHA256_TEXT_SIZE])
{
    till_lock(till);
    bool is_whole = till->masters != NULL && !till->masters_are_unsigned && !masters_are_damaged(till->masters);
    int64_t version = till->masters != NULL ? till->masters->version : 0;
    snprintf(sha256, SHA256_TEXT_SIZE, "%s", is_whole ? till->masters->sha256 : "");
    till_unlock(till, false);
    return version;
}

enum status
till_set_masters_key(struct till *till, const char *key_hex, struct error_detail *err)
{
    uint8_t key[PUBLIC_KEY_SIZE];
    struct statement *update;
    if (strlen(key_hex) != 2 * PUBLIC_KEY_SIZE || hex_decode(key, sizeof key, key_hex, strlen(key_hex)) != STATUS_OK) {
        error_set(err, "masters_key", "the key of the masters is 64 hexadecimal digits");
        return STATUS_INVALID;
    }
    till_lock(till);
    enum status status =
        database_statement(till->db, "UPDATE enrolment SET masters_key = ?1 WHERE id = 1", &update, err);
    if (status == STATUS_OK) {
        statement_bind_text(update, 1, key_hex);
        status = statement_run(update, err);
    }
    if (status == STATUS_OK && database_changes(till->db) != 1) {
        error_set(err, "not_enrolled", "this till is not enrolled yet");
        status = STATUS_REFUSED;
    }
    if (status == STATUS_OK) {
        till->masters_are_unsigned =
            till->masters != NULL && (!till->knows_masters_key || memcmp(till->masters_key, key, sizeof key) != 0);
        memcpy(till->masters_key, key, sizeof key);
        till->knows_masters_key = true;
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}
