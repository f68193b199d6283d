/* Opening the masters at start-up, and looking after them while the till runs. */
#include "pos/till/masters_keeping.h"

#include "common/log/log.h"

#include <stdio.h>
#include <string.h>

enum { PIECES_AT_A_TIME = 4 /* looked at in one round, under the lock: about 100 microseconds */ };

static enum status
load_signature(struct till *till, int64_t version, char out[MASTERS_SIGNATURE_TEXT_SIZE], struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    out[0] = '\0';
    enum status status =
        database_statement(till->db, "SELECT signature FROM masters_signature WHERE version = ?1", &row, err);
    if (status == STATUS_OK) {
        statement_bind_int(row, 1, version);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && has_row) {
        snprintf(out, MASTERS_SIGNATURE_TEXT_SIZE, "%s", statement_column_text(row, 0));
        statement_reset(row);
    }
    return status;
}

/* The stored document of APPLIED, if it is the one of the journal. */
static enum status
read_document(struct till *till, const struct applied_masters *applied, struct buffer *out, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    char sha256[SHA256_TEXT_SIZE];
    enum status status =
        database_statement(till->db, "SELECT document FROM masters_document WHERE version = ?1", &row, err);
    if (status == STATUS_OK) {
        statement_bind_int(row, 1, applied->version);
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && has_row) {
        size_t length;
        const void *document = statement_column_blob(row, 0, &length);
        buffer_append(out, document, length);
        statement_reset(row);
        status = buffer_check(out, err);
    }
    if (status == STATUS_OK) {
        sha256_text(sha256, buffer_text(out), out->length);
        if (!has_row || strcmp(sha256, applied->document_sha256) != 0) {
            error_set(err, "masters_damaged", "the masters document was altered on this disk, or is not there");
            status = STATUS_CORRUPT;
        }
    }
    return status;
}

/* Cut the extract anew from the stored document: it was damaged, or another version of this program made it. */
static enum status
mend(struct till *till, struct error_detail *err)
{
    struct applied_masters applied;
    struct buffer document;
    char signature[MASTERS_SIGNATURE_TEXT_SIZE] = "";
    buffer_init(&document, JSON_TEXT_MAX_BYTES);
    till_lock(till);
    enum status status = applied_masters_load(till, &applied, err);
    if (status == STATUS_OK) {
        status = read_document(till, &applied, &document, err);
    }
    if (status == STATUS_OK) {
        status = load_signature(till, applied.version, signature, err);
    }
    till_unlock(till, false);
    if (status == STATUS_OK) {
        struct masters_offer offer = {.document = buffer_text(&document),
                                      .length = document.length,
                                      .signature = signature[0] != '\0' ? signature : NULL,
                                      .is_kept = true};
        status = masters_apply(till, &offer, err);
    }
    buffer_finish(&document);
    return status;
}

/* A signature that does not fit is an alteration; none at all stands with what was applied before the till knew a key.
 */
static enum status
check_stored_signature(struct till *till, const struct applied_masters *applied, struct error_detail *err)
{
    char signature[MASTERS_SIGNATURE_TEXT_SIZE];
    enum status status = load_signature(till, applied->version, signature, err);
    till->masters_are_unsigned = status == STATUS_OK && till->knows_masters_key && signature[0] == '\0';
    if (status == STATUS_OK && signature[0] != '\0') {
        status = masters_check_signature(till, applied->version, applied->document_sha256, signature, err);
    }
    return status;
}

static enum status
open_applied(struct till *till, const struct applied_masters *applied, struct error_detail *err)
{
    enum status status = check_stored_signature(till, applied, err);
    if (status == STATUS_OK) {
        status = masters_open(&till->masters, till->db, applied->version, applied->head_sha256, err);
    }
    if (status == STATUS_OK && strcmp(till->masters->sha256, applied->document_sha256) != 0) {
        masters_destroy(till->masters);
        till->masters = NULL;
        error_set(err, "masters_damaged", "the extract is of another document than the journal says");
        status = STATUS_CORRUPT;
    }
    return status;
}

enum status
load_masters(struct till *till, struct error_detail *err)
{
    struct applied_masters applied;
    struct error_detail reason = {0};
    enum status status = applied_masters_load(till, &applied, err);
    if (status != STATUS_OK || applied.version == 0) {
        return status;
    }
    status = open_applied(till, &applied, &reason);
    if (status == STATUS_CORRUPT || status == STATUS_NOT_FOUND || status == STATUS_INVALID) {
        log_failure(LOG_LEVEL_NOTICE, till->terminal, "opening the masters; they are cut anew", status, &reason);
        status = mend(till, &reason);
    }
    if (status == STATUS_CORRUPT || status == STATUS_REFUSED || status == STATUS_INVALID) {
        /* Altered on this disk, or not the service's. Nothing is sold by it; the uplink fetches it anew. */
        log_failure(LOG_LEVEL_ERROR, till->terminal, "opening the masters; they are fetched anew", status, &reason);
        return STATUS_OK;
    }
    if (status != STATUS_OK && err != NULL) {
        *err = reason;
    }
    return status;
}

/* Look at the next pieces; true when one is damaged. */
static bool
check_some(struct till *till)
{
    struct error_detail err;
    bool has_more = true;
    till_lock(till);
    bool is_damaged = till->masters != NULL && masters_are_damaged(till->masters);
    for (int i = 0; i < PIECES_AT_A_TIME && till->masters != NULL && has_more && !is_damaged; i++) {
        enum status status = masters_check_piece(till->masters, till->masters_checked_to, &has_more, &err);
        till->masters_checked_to = has_more ? till->masters_checked_to + 1 : 0;
        is_damaged = status == STATUS_CORRUPT;
    }
    till_unlock(till, false);
    return is_damaged;
}

void
look_after_masters(struct till *till)
{
    struct error_detail err;
    if (!check_some(till)) {
        return;
    }
    enum status status = mend(till, &err);
    if (status == STATUS_OK) {
        log_line(LOG_LEVEL_WARNING, till->terminal, "the masters were damaged on this disk; they have been cut anew");
    } else if (!till->has_told_damage) {
        log_failure(LOG_LEVEL_ERROR, till->terminal, "mending the masters; they are fetched anew", status, &err);
    }
    till->has_told_damage = status != STATUS_OK;
}
