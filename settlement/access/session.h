/* A browser that is signed in.
 *
 * The browser holds a random token in a cookie; the store holds its SHA-256 only, so that a copy of the database signs
 * nobody in. The CSRF token is derived from it by HMAC: it needs no storage, and another site can learn neither. */
#pragma once

#include "common/signing/signing.h"
#include "settlement/access/actor.h"
#include "settlement/store/staff_store.h"

enum {
    SESSION_TOKEN_BYTES = 32,     /* 256 bits: not guessable */
    SESSION_TOKEN_TEXT_SIZE = 65, /* hexadecimal and a NUL */
    SESSION_IDLE_SECONDS = 30 * 60,
    SESSION_MAX_SECONDS = 12 * 60 * 60, /* a working day with overtime */
    SESSION_TOUCH_SECONDS = 60          /* a session's row is written at most this often */
};

struct session {
    struct actor actor;
    char token[SESSION_TOKEN_TEXT_SIZE];
    char csrf_token[SHA256_TEXT_SIZE];
    bool must_change_password;          /* and until then nothing else is answered (web/admit.c) */
    char sections[STAFF_SECTIONS_SIZE]; /* 所属 that an approver approves for (staff_store.h) */
    int64_t expires_at_ms;              /* the absolute end; idleness may end it earlier */
};

/* The CSRF token that belongs to a session token. */
void session_csrf_token(char out[SHA256_TEXT_SIZE], const char *token);

/* The key under which the store knows TOKEN. */
void session_token_hash(uint8_t out[SHA256_SIZE], const char *token);

/* Whether a session created and last seen then is over. Pure. */
bool session_is_over(int64_t created_at_ms, int64_t seen_at_ms, int64_t now_ms);

/* Begin a session of ACTOR inside TXN. OUT->actor becomes ACTOR; whether the password must be changed is the caller's
 * to say. */
enum status session_begin(struct store_txn *txn, const struct actor *actor, int64_t now_ms, struct session *out,
                          struct error_detail *err) MUST_CHECK;

/* Whose TOKEN is. KEEPS_ALIVE: the request counts as activity. STATUS_UNAUTHORIZED with the code "not_signed_in" or
 * "session_expired". */
enum status session_check(struct store *store, const char *token, bool keeps_alive, int64_t now_ms, struct session *out,
                          struct error_detail *err) MUST_CHECK;

/* End the session of TOKEN (sign-out). */
enum status
session_finish(struct store *store, const struct session *session, int64_t now_ms, struct error_detail *err) MUST_CHECK;
