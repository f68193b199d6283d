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
