/* Signing in with a login and a password, and changing the password. */
#pragma once

#include "settlement/access/session.h"

enum {
    PASSWORD_MIN_BYTES = 12,  /* length beats composition rules (NIST SP 800-63B); these accounts approve money */
    PASSWORD_MAX_BYTES = 256, /* more is not typed by people; bounds what scrypt is fed */

    /* After this many failures in a row a name must wait: long enough for a typist's mistakes … */
    SIGN_IN_FREE_FAILURES = 5,
    /* … then twice as long after each further failure, up to the maximum: 15 minutes give 96 guesses a day, and nobody
     * is locked out for ever by somebody else's guessing. */
    SIGN_IN_FIRST_WAIT_SECONDS = 15,
    SIGN_IN_MAX_WAIT_SECONDS = 15 * 60,
    /* A day later nothing is held against a name. */
    SIGN_IN_FORGET_SECONDS = 24 * 60 * 60,
    /* Names remembered at once, typed by anybody: bounds the table under attack. */
    SIGN_IN_NAMES_MAX = 10000
};

/* Seconds from NOW_MS until a name with FAILURES in a row, the last at FAILED_AT_MS, may try again; 0: at once. Pure.
 */
int64_t sign_in_wait_seconds(int64_t failures, int64_t failed_at_ms, int64_t now_ms);

/* Check LOGIN and PASSWORD and begin a session. STATUS_UNAUTHORIZED with the code "login_failed": the same, and after
 * the same time, for an unknown name, a wrong password and an inactive user. STATUS_REFUSED "too_many_attempts":
 * *OUT_WAIT_SECONDS says how long. A few tens of milliseconds of scrypt, outside any transaction. */
enum status sign_in(struct store *store, const char *login, const char *password, const char *address, int64_t now_ms,
                    struct session *out, int64_t *out_wait_seconds, struct error_detail *err) MUST_CHECK;

/* Replace the password of SESSION's user after checking OLD; other sessions of the user end, and a first password is
 * none any more. FRESH must be another one. STATUS_UNAUTHORIZED
 * "login_failed", STATUS_INVALID "password_too_weak", STATUS_REFUSED "too_many_attempts" as above. */
enum status password_change(struct store *store, const struct session *session, const char *old, const char *fresh,
                            int64_t now_ms, int64_t *out_wait_seconds, struct error_detail *err) MUST_CHECK;
