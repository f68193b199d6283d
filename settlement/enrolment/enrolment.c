/* One-time codes. */
#include "settlement/enrolment/enrolment.h"

#include "common/text/utf8.h"
#include "settlement/masters/masters.h"

#include <assert.h>
#include <string.h>

enum { CODE_LETTERS = 12, GROUP_LETTERS = 4 };

/* Crockford's base 32: no I, L, O, U, so that a code read aloud or from paper has one reading. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static enum status
make_text(char out[ENROLMENT_CODE_TEXT_SIZE], struct error_detail *err)
{
    uint8_t bytes[CODE_LETTERS];
    enum status status = random_bytes(bytes, sizeof bytes, err);
    if (status != STATUS_OK) {
        return status;
    }
    size_t at = 0;
    for (size_t i = 0; i < CODE_LETTERS; i++) {
        if (i > 0 && i % GROUP_LETTERS == 0) {
            out[at++] = '-';
        }
        out[at++] = alphabet[bytes[i] % 32]; /* 256 is a multiple of 32: every letter is as likely */
    }
    out[at] = '\0';
    secret_wipe(bytes, sizeof bytes);
    return STATUS_OK;
}

/* The letters of CODE in one form, hashed. False when it cannot be a code. */
static bool
hash_code(uint8_t out[SHA256_SIZE], const char *code)
{
    char letters[CODE_LETTERS];
    size_t count = 0;
    for (const char *at = code; *at != '\0'; at++) {
        if (*at == '-' || *at == ' ') {
            continue;
        }
        char letter = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
        letter = letter == 'O' ? '0' : letter == 'I' || letter == 'L' ? '1' : letter;
        if (count == CODE_LETTERS || strchr(alphabet, letter) == NULL) {
            return false;
        }
        letters[count++] = letter;
    }
    if (count != CODE_LETTERS) {
        return false;
    }
    sha256(out, letters, sizeof letters);
    secret_wipe(letters, sizeof letters);
    return true;
}

/* STATUS_CONFLICT when lines of the terminal are here, or when it is another municipality's. */
static enum status
check_terminal_is_free(struct store_txn *txn, const char *terminal, const char *municipality, struct error_detail *err)
{
    struct terminal known;
    enum status status = terminal_find(txn, terminal, &known, err);
    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    if (status == STATUS_OK && (known.head_sequence > 0 || strcmp(known.municipality, municipality) != 0)) {
        error_set(err, "terminal_in_use", "the terminal id %s is in use; a till that starts anew needs a new one",
                  terminal);
        return STATUS_CONFLICT;
    }
    return status;
}

static enum status
check_offer(struct store_txn *txn, const struct enrolment_offer *offer, struct error_detail *err)
{
    if (!terminal_id_is_valid(offer->terminal)) {
        error_set(err, "wrong_terminal", "\"%s\" is not a terminal id (1 to 16 of A–Z, 0–9 and '-')", offer->terminal);
        return STATUS_INVALID;
    }
    if (terminal_id_is_for_training(offer->terminal)) {
        error_set(err, "training_terminal",
                  "\"%s\": terminal ids that begin with " TRAINING_TERMINAL_PREFIX " are those of training tills",
                  offer->terminal);
        return STATUS_INVALID;
    }
    if (terminal_id_is_of_desk(offer->terminal)) {
        error_set(err, "desk_terminal",
                  "\"%s\": terminal ids that begin with " DESK_TERMINAL_PREFIX " are those of the finance desk",
                  offer->terminal);
        return STATUS_INVALID;
    }
    if (!municipality_code_is_valid(offer->municipality)) {
        error_set(err, "wrong_municipality", "\"%s\" is not a 全国地方公共団体コード of six digits",
                  offer->municipality);
        return STATUS_INVALID;
    }
    size_t length = strlen(offer->place);
    if (length == 0 || length >= PLACE_CODE_SIZE || !utf8_is_valid(offer->place, length)) {
        error_set(err, "wrong_place", "a place's code has 1 to %d bytes", PLACE_CODE_SIZE - 1);
        return STATUS_INVALID;
    }
    enum status status = masters_check_place(txn, offer->municipality, offer->place, err);
    return status == STATUS_OK ? check_terminal_is_free(txn, offer->terminal, offer->municipality, err) : status;
}

static void
copy_text(char *out, size_t size, const char *text)
{
    size_t length = utf8_prefix(text, strlen(text), size - 1);
    memcpy(out, text, length);
    out[length] = '\0';
}

enum status
enrolment_make_code(struct store_txn *txn, const struct enrolment_offer *offer, char out[ENROLMENT_CODE_TEXT_SIZE],
                    int64_t *out_expires_at_ms, struct error_detail *err)
{
    char text[ENROLMENT_CODE_TEXT_SIZE];
    enum status status = check_offer(txn, offer, err);
    if (status == STATUS_OK) {
        status = make_text(text, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct enrolment_code code = {
        .created_at_ms = offer->now_ms,
        .expires_at_ms = offer->now_ms + ENROLMENT_CODE_LIFE_MS,
    };
    bool is_code = hash_code(code.code_hash, text);
    assert(is_code);
    (void)is_code;
    copy_text(code.municipality, sizeof code.municipality, offer->municipality);
    copy_text(code.terminal, sizeof code.terminal, offer->terminal);
    copy_text(code.place, sizeof code.place, offer->place);
    copy_text(code.created_by, sizeof code.created_by, offer->created_by);
    status = enrolment_code_put(txn, &code, err);
    if (status == STATUS_OK) {
        memcpy(out, text, sizeof text);
        *out_expires_at_ms = code.expires_at_ms;
    }
    secret_wipe(text, sizeof text);
    return status;
}

static enum status
enrol(struct store_txn *txn, const struct enrolment_request *request, const struct enrolment_code *code,
      struct terminal *out, struct error_detail *err)
{
    enum status status = check_terminal_is_free(txn, code->terminal, code->municipality, err);
    if (status != STATUS_OK) {
        return status;
    }
    *out = (struct terminal){
        .state = TERMINAL_ACTIVE, .state_since_ms = request->now_ms, .enrolled_at_ms = request->now_ms};
    copy_text(out->terminal, sizeof out->terminal, code->terminal);
    copy_text(out->municipality, sizeof out->municipality, code->municipality);
    copy_text(out->place, sizeof out->place, code->place);
    copy_text(out->software, sizeof out->software, request->software);
    memcpy(out->public_key, request->public_key, sizeof out->public_key);
    status = terminal_put(txn, out, err);
    if (status == STATUS_OK) {
        status = enrolment_code_set_used(txn, code->code_hash, request->public_key, request->now_ms, err);
    }
    return status;
}

enum status
enrolment_use_code(struct store_txn *txn, const struct enrolment_request *request, struct terminal *out,
                   struct error_detail *err)
{
    uint8_t hash[SHA256_SIZE];
    struct enrolment_code code;
    enum status status = STATUS_NOT_FOUND;
    if (hash_code(hash, request->code)) {
        status = enrolment_code_find(txn, hash, &code, err);
    } else {
        error_set(err, "unknown_code", "there is no such enrolment code; ask for a new one");
    }
    if (status == STATUS_NOT_FOUND) {
        return STATUS_UNAUTHORIZED;
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (code.used_at_ms != 0) {
        if (memcmp(code.used_public_key, request->public_key, PUBLIC_KEY_SIZE) == 0) {
            return terminal_find(txn, code.terminal, out, err);
        }
        error_set(err, "used_code", "this enrolment code was used with another key; ask for a new one");
        return STATUS_CONFLICT;
    }
    if (request->now_ms >= code.expires_at_ms) {
        error_set(err, "expired_code", "this enrolment code is older than 24 hours; ask for a new one");
        return STATUS_UNAUTHORIZED;
    }
    return enrol(txn, request, &code, out, err);
}
