/* Tokens, their life and their end. */
#include "settlement/access/session.h"

#include "common/bytes/encoding.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/staff_store.h"

#include <stdio.h>
#include <string.h>

enum { MS_PER_SECOND = 1000 };

void
session_csrf_token(char out[SHA256_TEXT_SIZE], const char *token)
{
    static const char purpose[] = "madoguchi-csrf-v1";
    uint8_t digest[SHA256_SIZE];
    hmac_sha256(digest, token, strlen(token), purpose, sizeof purpose - 1);
    hex_encode(out, digest, sizeof digest);
}

void
session_token_hash(uint8_t out[SHA256_SIZE], const char *token)
{
    sha256(out, token, strlen(token));
}

bool
session_is_over(int64_t created_at_ms, int64_t seen_at_ms, int64_t now_ms)
{
    return now_ms - created_at_ms >= (int64_t)SESSION_MAX_SECONDS * MS_PER_SECOND ||
           now_ms - seen_at_ms >= (int64_t)SESSION_IDLE_SECONDS * MS_PER_SECOND;
}

enum status
session_begin(struct store_txn *txn, const struct actor *actor, int64_t now_ms, struct session *out,
              struct error_detail *err)
{
    uint8_t token[SESSION_TOKEN_BYTES];
    enum status status = random_bytes(token, sizeof token, err);
    if (status != STATUS_OK) {
        return status;
    }
    struct session session = {.actor = *actor, .expires_at_ms = now_ms + (int64_t)SESSION_MAX_SECONDS * MS_PER_SECOND};
    hex_encode(session.token, token, sizeof token);
    secret_wipe(token, sizeof token);
    session_csrf_token(session.csrf_token, session.token);

    struct session_row row = {.staff = actor->id, .created_at_ms = now_ms, .seen_at_ms = now_ms};
    session_token_hash(row.token_hash, session.token);
    snprintf(row.address, sizeof row.address, "%s", actor->address);
    status = session_prune(txn, now_ms - (int64_t)SESSION_IDLE_SECONDS * MS_PER_SECOND,
                           now_ms - (int64_t)SESSION_MAX_SECONDS * MS_PER_SECOND, err);
    if (status == STATUS_OK) {
        status = session_add(txn, &row, err);
    }
    if (status == STATUS_OK) {
        *out = session;
    }
    return status;
}

/* The session was used: remember it, so that it is not idle. */
static enum status
touch(struct store *store, const uint8_t token_hash[SHA256_SIZE], int64_t now_ms, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin_write(store, &txn, err);
    if (status == STATUS_OK) {
        status = session_touch(txn, token_hash, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

enum status
session_check(struct store *store, const char *token, bool keeps_alive, int64_t now_ms, struct session *out,
              struct error_detail *err)
{
    if (token == NULL || strlen(token) != SESSION_TOKEN_TEXT_SIZE - 1) {
        error_set(err, "not_signed_in", "サインインしてください。");
        return STATUS_UNAUTHORIZED;
    }
    uint8_t token_hash[SHA256_SIZE];
    session_token_hash(token_hash, token);
    struct session_row row;
    struct staff_row staff;
    struct store_txn *txn = NULL;
    enum status status = store_begin_read(store, &txn, err);
    if (status == STATUS_OK) {
        status = session_find(txn, token_hash, &row, &staff, err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        return status == STATUS_NOT_FOUND ? STATUS_UNAUTHORIZED : status;
    }
    if (!staff.is_active || session_is_over(row.created_at_ms, row.seen_at_ms, now_ms)) {
        error_set(err, "session_expired",
                  "しばらく操作がなかったため、サインインが切れました。もう一度サインインしてください。");
        return STATUS_UNAUTHORIZED;
    }
    if (keeps_alive && now_ms - row.seen_at_ms >= (int64_t)SESSION_TOUCH_SECONDS * MS_PER_SECOND) {
        status = touch(store, token_hash, now_ms, err);
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct session session = {.actor = staff.actor,
                              .must_change_password = staff.must_change_password,
                              .expires_at_ms = row.created_at_ms + (int64_t)SESSION_MAX_SECONDS * MS_PER_SECOND};
    snprintf(session.token, sizeof session.token, "%s", token);
    snprintf(session.sections, sizeof session.sections, "%s", staff.sections);
    session_csrf_token(session.csrf_token, token);
    *out = session;
    return STATUS_OK;
}

enum status
session_finish(struct store *store, const struct session *session, int64_t now_ms, struct error_detail *err)
{
    uint8_t token_hash[SHA256_SIZE];
    session_token_hash(token_hash, session->token);
    struct store_txn *txn = NULL;
    enum status status = store_begin_write(store, &txn, err);
    if (status == STATUS_OK) {
        status = session_end(txn, token_hash, err);
    }
    if (status == STATUS_OK) {
        status = access_log_append(txn, &session->actor, now_ms, &(struct access_entry){.what = "signed_out"}, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}
