/* Signed requests. */
#include "settlement/tills/signed_request.h"

#include "common/bytes/encoding.h"
#include "common/records/journal_line.h"

#include <stdlib.h>
#include <string.h>

enum { FORMER_KEYS_MAX = 4 /* looked at for a better answer only; each costs a check */ };

enum status
signature_header(const struct http_request *request, uint8_t out[SIGNATURE_SIZE], struct error_detail *err)
{
    const char *text = http_request_header(request, "Madoguchi-Signature");
    size_t length;
    if (text == NULL || base64_decode(out, SIGNATURE_SIZE, &length, text, strlen(text)) != STATUS_OK ||
        length != SIGNATURE_SIZE) {
        error_set(err, "bad_signature", "the header Madoguchi-Signature is missing or no signature");
        return STATUS_UNAUTHORIZED;
    }
    return STATUS_OK;
}

enum status
calling_terminal(struct service *service, const char *id, struct terminal *out, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin_read(service->store, &txn, err);
    if (status == STATUS_OK) {
        status = terminal_find(txn, id, out, err);
    }
    store_end(txn);
    return status == STATUS_NOT_FOUND ? STATUS_UNAUTHORIZED : status;
}

/* Milliseconds as a plain decimal number; false for anything else. */
static bool
read_time(const char *text, int64_t *out)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 15 || text[digits] != '\0') {
        return false;
    }
    *out = strtoll(text, NULL, 10);
    return true;
}

static enum status
check_time(struct service *service, const char *text, int64_t *out_ms, struct error_detail *err)
{
    if (text == NULL || !read_time(text, out_ms)) {
        error_set(err, "bad_signature", "the header Madoguchi-Time is missing or no time");
        return STATUS_UNAUTHORIZED;
    }
    int64_t difference_ms = clock_now_ms(&service->clock) - *out_ms;
    if (difference_ms > SIGNED_REQUEST_SKEW_MS || difference_ms < -SIGNED_REQUEST_SKEW_MS) {
        error_set(err, "wrong_time", "the till's clock is %lld seconds %s the service's",
                  (long long)llabs(difference_ms / 1000), difference_ms > 0 ? "behind" : "ahead of");
        return STATUS_UNAUTHORIZED;
    }
    return STATUS_OK;
}

/* Say so when the signature is right under a key with which this terminal was enrolled before: that till was replaced,
 * and its people must be told something else than that its signature is wrong. */
static enum status
explain_signature(struct service *service, const struct terminal *terminal, const struct buffer *statement,
                  const uint8_t signature[SIGNATURE_SIZE], struct error_detail *err)
{
    uint8_t keys[FORMER_KEYS_MAX][PUBLIC_KEY_SIZE];
    size_t count = 0;
    struct store_txn *txn = NULL;
    enum status status = store_begin_read(service->store, &txn, err);
    if (status == STATUS_OK) {
        status = enrolment_keys_of(txn, terminal->terminal, FORMER_KEYS_MAX, keys, &count, err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        if (memcmp(keys[i], terminal->public_key, PUBLIC_KEY_SIZE) != 0 &&
            signature_is_valid(keys[i], buffer_text(statement), statement->length, signature)) {
            error_set(err, "replaced",
                      "%s was enrolled anew with another key; this till needs a terminal id of its own",
                      terminal->terminal);
            return STATUS_UNAUTHORIZED;
        }
    }
    error_set(err, "bad_signature", "the signature is not %s's over this request", terminal->terminal);
    return STATUS_UNAUTHORIZED;
}

static enum status
check_signature(struct service *service, const struct http_request *request, const struct terminal *terminal,
                int64_t time_ms, struct error_detail *err)
{
    uint8_t signature[SIGNATURE_SIZE];
    enum status status = signature_header(request, signature, err);
    if (status != STATUS_OK) {
        return status;
    }
    size_t body_length;
    const char *body = http_request_body(request, &body_length);
    struct buffer statement;
    buffer_init(&statement, 2048);
    status = signed_request_statement(&statement, terminal->terminal, http_request_method(request),
                                      http_request_path(request), time_ms, body, body_length, err);
    if (status == STATUS_OK &&
        !signature_is_valid(terminal->public_key, buffer_text(&statement), statement.length, signature)) {
        status = explain_signature(service, terminal, &statement, signature, err);
    }
    buffer_finish(&statement);
    return status;
}

enum status
signed_request_check(struct service *service, struct http_request *request, struct terminal *out,
                     struct error_detail *err)
{
    const char *id = http_request_header(request, "Madoguchi-Terminal");
    if (id == NULL) {
        error_set(err, "unknown_terminal", "the header Madoguchi-Terminal is missing");
        return STATUS_UNAUTHORIZED;
    }
    enum status status = calling_terminal(service, id, out, err);
    int64_t time_ms = 0;
    if (status == STATUS_OK) {
        http_request_note_subject(request, out->terminal);
        status = check_time(service, http_request_header(request, "Madoguchi-Time"), &time_ms, err);
    }
    if (status == STATUS_OK) {
        status = check_signature(service, request, out, time_ms, err);
    }
    if (status == STATUS_OK && out->state == TERMINAL_REVOKED) {
        error_set(err, "revoked", "this terminal was revoked: %s", out->state_reason);
        status = STATUS_UNAUTHORIZED;
    }
    return status;
}
