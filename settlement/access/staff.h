/* The people who may sign in: added, renamed, given another role, sent away and taken back, given a new password.
 *
 * Every deed is one transaction with its entry in the access log, which says the whole person before and after; so the
 * audit tells from the log alone what the table of staff must be. Nobody changes their own role or sends themselves
 * away, and a municipality keeps an active administrator (migration 0036 says so, too). */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/store/staff_store.h"

enum {
    STAFF_REASON_MAX_BYTES = 1000 * 3,           /* a thousand characters of Japanese */
    STAFF_STATE_SIZE = 512 + STAFF_SECTIONS_SIZE /* what the access log says of a person */
};

/* "role=approver active=1 first_password=0 password=0123456789abcdef name=鈴木 一郎", with
 * "sections=a,b " before the name when they approve for some 所属 only: `password` is the beginning of
 * the SHA-256 of the (salted) hash, by which a hash that was put there by hand is noticed and nothing is learnt. */
void staff_state_text(char out[STAFF_STATE_SIZE], const struct staff_row *row);

/* The entry WHAT in the access log about AFTER's person, who was BEFORE (NULL: nobody). */
enum status
staff_record(struct store_txn *txn, const struct actor *actor, const char *what, const struct staff_row *before,
             const struct staff_row *after, const char *reason, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* Whether SECTION is among the joined SECTIONS, or SECTIONS is "". Pure. */
bool staff_sections_hold(const char *sections, const char *section);

/* Whether PASSWORD is long enough and not too long: else STATUS_INVALID "password_too_weak". */
enum status password_check_rule(const char *password, struct error_detail *err) MUST_CHECK;

/* Add a user, for the operator at the console. STATUS_INVALID for a malformed login, name or password, STATUS_CONFLICT
 * when the login is taken. ACTOR is the operator. */
enum status user_add(struct store *store, const struct actor *actor, const char *login, const char *name,
                     enum role role, const char *password, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* The deeds of the page 職員. ACTOR administers; LOGIN is of ACTOR's municipality, else STATUS_NOT_FOUND. REASON may be
 * empty. STATUS_REFUSED "own_staff" for what nobody does to themselves, "last_administrator"; STATUS_CONFLICT
 * "wrong_state" when the person is so already; STATUS_INVALID for malformed texts. */

/* The password is for the first sign-in only. */
enum status
staff_create(struct store *store, const struct actor *actor, const char *login, const char *name, enum role role,
             const char *password, const char *reason, int64_t now_ms, struct error_detail *err) MUST_CHECK;
enum status staff_change(struct store *store, const struct actor *actor, const char *login, const char *name,
                         enum role role, const char *reason, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* An approver approves the 調定 of SECTIONS only (codes of the masters); COUNT 0: of all. Whoever is given another role
 * has none. STATUS_CONFLICT "wrong_state" for who is no approver. */
enum status
staff_set_sections(struct store *store, const struct actor *actor, const char *login, const char *const *sections,
                   size_t count, const char *reason, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* Sent away, all their sessions end. */
enum status staff_set_active(struct store *store, const struct actor *actor, const char *login, bool is_active,
                             const char *reason, int64_t now_ms, struct error_detail *err) MUST_CHECK;

/* A password for the next sign-in only; all their sessions end. One's own is changed with the old one (sign_in.h). */
enum status
staff_reset_password(struct store *store, const struct actor *actor, const char *login, const char *password,
                     const char *reason, int64_t now_ms, struct error_detail *err) MUST_CHECK;
