/* Who this till is, what it may sell, and which clerk stands at it. */
#include "pos/till/till_parts.h"

#include "common/signing/signing.h"

#include <stdio.h>
#include <string.h>

enum status
till_enrol(struct till *till, const char *municipality, const char *terminal, const char *place,
           const char *public_key_hex, struct error_detail *err)
{
    till_lock(till);
    enum status status = STATUS_OK;
    if (till->is_enrolled) {
        error_set(err, "already_enrolled", "this till is enrolled already, as %s", till->terminal);
        status = STATUS_REFUSED;
    } else if (!terminal_id_is_valid(terminal) || !municipality_code_is_valid(municipality)) {
        error_set(err, "wrong_identity", "terminal \"%s\" of municipality \"%s\" is not a valid name", terminal,
                  municipality);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK && terminal_id_is_for_training(terminal) != till->is_training) {
        error_set(err, "training_terminal",
                  "terminal ids that begin with " TRAINING_TERMINAL_PREFIX " are those of training tills: \"%s\"",
                  terminal);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        snprintf(till->journal.terminal, sizeof till->journal.terminal, "%s", terminal);
        struct json_writer *body = record_body(till);
        json_text(body, "municipality", municipality);
        json_text(body, "terminal", terminal);
        json_text(body, "place", place);
        json_text(body, "public_key", public_key_hex);
        status = record_single(till, "terminal.enrolled", err);
    }
    if (status == STATUS_OK) {
        till->is_enrolled = true;
        snprintf(till->municipality, sizeof till->municipality, "%s", municipality);
        snprintf(till->terminal, sizeof till->terminal, "%s", terminal);
        snprintf(till->place, sizeof till->place, "%s", place);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}

bool
till_is_enrolled(struct till *till)
{
    till_lock(till);
    bool is_enrolled = till->is_enrolled;
    till_unlock(till, false);
    return is_enrolled;
}

void
till_identity(struct till *till, char terminal[TERMINAL_ID_SIZE], char place[CODE_SIZE])
{
    till_lock(till);
    memcpy(terminal, till->terminal, TERMINAL_ID_SIZE);
    memcpy(place, till->place, CODE_SIZE);
    till_unlock(till, false);
}

int64_t
till_masters_version(struct till *till, char sha256[SHA256_TEXT_SIZE])
{
    till_lock(till);
    int64_t version = till->masters != NULL ? till->masters->version : 0;
    snprintf(sha256, SHA256_TEXT_SIZE, "%s", till->masters != NULL ? till->masters->sha256 : "");
    till_unlock(till, false);
    return version;
}

/* Whether the journal says of this very document that it is in force. STATUS_CONFLICT when it says so of another one
 * with the same version. */
static enum status
is_applied(struct till *till, const struct masters *masters, bool *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    *out = false;
    enum status status =
        database_statement(till->db, "SELECT sha256 FROM masters_applied WHERE version = ?1", &row, err);
    if (status == STATUS_OK) {
        statement_bind_int(row, 1, masters->version);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && has_row) {
        *out = strcmp(statement_column_text(row, 0), masters->sha256) == 0;
        statement_reset(row);
        if (!*out) {
            error_set(err, "other_masters", "masters version %lld is not the one that was applied",
                      (long long)masters->version);
            status = STATUS_CONFLICT;
        }
    }
    return status;
}

/* Store the document and the line that says so, in one transaction. */
static enum status
record_masters(struct till *till, const struct masters *masters, const char *document, size_t length,
               struct error_detail *err)
{
    struct statement *insert;
    bool is_known; /* applied before, and altered or lost on this disk since: no second line */
    enum status status = is_applied(till, masters, &is_known, err);
    if (status == STATUS_OK) {
        status = record_begin(till, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = database_statement(
        till->db, "INSERT OR REPLACE INTO masters_document (version, sha256, document) VALUES (?1, ?2, ?3)", &insert,
        err);
    if (status == STATUS_OK) {
        statement_bind_int(insert, 1, masters->version);
        statement_bind_text(insert, 2, masters->sha256);
        statement_bind_blob(insert, 3, document, length);
        status = statement_run(insert, err);
    }
    if (status == STATUS_OK && !is_known) {
        struct json_writer *body = record_body(till);
        json_int(body, "version", masters->version);
        json_text(body, "sha256", masters->sha256);
        status = record_line(till, "masters.applied", err);
    }
    if (status != STATUS_OK) {
        record_rollback(till);
        return status;
    }
    return record_commit(till, err);
}

enum status
till_apply_masters(struct till *till, const char *document, size_t length, struct error_detail *err)
{
    struct masters *masters = NULL;
    till_lock(till);
    enum status status = masters_read(&masters, document, length, till->place, err);
    bool is_newer = status == STATUS_OK && (till->masters == NULL || masters->version > till->masters->version);
    if (is_newer && (till->basket.content.line_count > 0 || till->foreground.state != FOREGROUND_NONE)) {
        error_set(err, "basket_open", "new masters wait until this basket is paid or cleared");
        is_newer = false;
        status = STATUS_BUSY;
    }
    if (is_newer) {
        status = record_masters(till, masters, document, length, err);
    }
    if (is_newer && status == STATUS_OK) {
        masters_destroy(till->masters);
        till->masters = masters;
        masters = NULL; /* now the till's */
    }
    masters_destroy(masters);
    till_unlock(till, is_newer);
    return status;
}

static enum status
record_clerk(struct till *till, const char *kind, const char *clerk, struct error_detail *err)
{
    struct json_writer *body = record_body(till);
    json_text(body, "clerk", clerk);
    return record_single(till, kind, err);
}

enum status
till_sign_in(struct till *till, const char *clerk, const char *pin, struct error_detail *err)
{
    struct signed_in_clerk present;
    enum status status = pin_check(till, clerk, pin, &present, err);
    if (status != STATUS_OK) {
        return status;
    }
    till_lock(till);
    bool comes_back =
        atomic_load(&till->is_locked) && till->clerk.is_present && strcmp(till->clerk.code, present.code) == 0;
    if (till->foreground.state == FOREGROUND_RUNNING) {
        error_set(err, "payment_running", "お支払いの処理中です。終わってから交代してください。");
        status = STATUS_REFUSED;
    } else if (!comes_back) {
        status = record_clerk(till, "clerk.signed_in", present.code, err);
    }
    if (status == STATUS_OK) {
        till->clerk = present;
        lock_open(till);
    }
    till_unlock(till, true);
    return status;
}

enum status
till_sign_out(struct till *till, struct error_detail *err)
{
    till_lock(till);
    enum status status = STATUS_OK;
    if (till->foreground.state == FOREGROUND_RUNNING) {
        error_set(err, "payment_running", "お支払いの処理中です。終わってから交代してください。");
        status = STATUS_REFUSED;
    } else if (till->clerk.is_present) {
        status = record_clerk(till, "clerk.signed_out", till->clerk.code, err);
    }
    if (status == STATUS_OK) {
        till->clerk = (struct signed_in_clerk){0};
        lock_open(till);
    }
    till_unlock(till, status == STATUS_OK);
    return status;
}
