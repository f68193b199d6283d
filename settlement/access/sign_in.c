/* Passwords are checked outside any transaction: scrypt takes tens of milliseconds, and selling must not wait for it.
 */
#include "settlement/access/sign_in.h"

#include "settlement/access/staff.h"
#include "settlement/store/access_log_store.h"
#include "settlement/store/staff_store.h"

#include <stdio.h>
#include <string.h>

enum { MS_PER_SECOND = 1000 };

/* What a password is compared with when there is no such user, so that both take the same time. Nothing hashes to it.
 */
static const char nobodys_hash[] = "scrypt$32768$8$1$00000000000000000000000000000000$"
                                   "0000000000000000000000000000000000000000000000000000000000000000";

int64_t
sign_in_wait_seconds(int64_t failures, int64_t failed_at_ms, int64_t now_ms)
{
    int64_t age_ms = now_ms - failed_at_ms;
    if (failures < SIGN_IN_FREE_FAILURES || age_ms >= (int64_t)SIGN_IN_FORGET_SECONDS * MS_PER_SECOND) {
        return 0;
    }
    int64_t wait = SIGN_IN_FIRST_WAIT_SECONDS;
    for (int64_t i = SIGN_IN_FREE_FAILURES; i < failures && wait < SIGN_IN_MAX_WAIT_SECONDS; i++) {
        wait *= 2;
    }
    wait = wait > SIGN_IN_MAX_WAIT_SECONDS ? SIGN_IN_MAX_WAIT_SECONDS : wait;
    /* A clock that went back must not hold anybody longer than one wait. */
    int64_t passed = age_ms < 0 ? 0 : age_ms / MS_PER_SECOND;
    return passed >= wait ? 0 : wait - passed;
}

static enum status
find_user(struct store *store, const char *login, int64_t now_ms, struct staff_row *out, bool *out_exists,
          int64_t *out_wait_seconds, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    int64_t failures = 0;
    int64_t failed_at_ms = 0;
    enum status status = store_begin_read(store, &txn, err);
    if (status == STATUS_OK) {
        status = sign_in_failures(txn, login, &failures, &failed_at_ms, err);
    }
    if (status == STATUS_OK) {
        status = staff_find(txn, login, out, err);
        *out_exists = status == STATUS_OK && out->is_active;
        status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
    }
    store_end(txn);
    if (status != STATUS_OK) {
        return status;
    }
    *out_wait_seconds = sign_in_wait_seconds(failures, failed_at_ms, now_ms);
    if (*out_wait_seconds > 0) {
        error_set(err, "too_many_attempts",
                  "サインインの失敗が続いたため、受け付けを止めています。%lld秒後にもう一度お試しください。",
                  (long long)*out_wait_seconds);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

/* Remember the failure and answer it. */
static enum status
fail(struct store *store, const struct actor *actor, int64_t now_ms, struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin_write(store, &txn, err);
    if (status == STATUS_OK) {
        status = sign_in_failure_add(txn, actor->login, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = sign_in_failure_prune(txn, now_ms - (int64_t)SIGN_IN_FORGET_SECONDS * MS_PER_SECOND, SIGN_IN_NAMES_MAX,
                                       err);
    }
    if (status == STATUS_OK && actor->id != 0) {
        status = access_log_append(txn, actor, now_ms, &(struct access_entry){.what = "sign_in_failed"}, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    if (status != STATUS_OK) {
        return status;
    }
    error_set(err, "login_failed", "利用者IDまたはパスワードが違います。");
    return STATUS_UNAUTHORIZED;
}

/* STAFF's or, when the user does not exist, nobody's. */
static bool
password_fits(const struct staff_row *staff, bool exists, const char *password)
{
    bool is_short_enough = strlen(password) <= PASSWORD_MAX_BYTES;
    bool is_right = password_is_right(exists ? staff->password_hash : nobodys_hash, is_short_enough ? password : "");
    return is_right && exists && is_short_enough;
}

/* Scrypt took its time outside the transaction: what an administrator did meanwhile is not undone. */
static enum status
hold_unchanged(struct store_txn *txn, const struct staff_row *seen, struct error_detail *err)
{
    struct staff_row now;
    enum status status = staff_hold(txn, seen->actor.municipality, seen->actor.login, &now, err);
    if (status == STATUS_OK && (strcmp(now.password_hash, seen->password_hash) != 0 ||
                                strcmp(now.actor.name, seen->actor.name) != 0 || now.actor.role != seen->actor.role ||
                                now.is_active != seen->is_active || strcmp(now.sections, seen->sections) != 0)) {
        error_set(err, "wrong_state", "その間に登録の内容が変わりました。もう一度行ってください。");
        status = STATUS_CONFLICT;
    }
    return status;
}

enum status
sign_in(struct store *store, const char *login, const char *password, const char *address, int64_t now_ms,
        struct session *out, int64_t *out_wait_seconds, struct error_detail *err)
{
    struct staff_row staff = {0};
    bool exists = false;
    *out_wait_seconds = 0;
    enum status status = find_user(store, login, now_ms, &staff, &exists, out_wait_seconds, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!exists) {
        staff = (struct staff_row){0};
        snprintf(staff.actor.login, sizeof staff.actor.login, "%s", login);
    }
    snprintf(staff.actor.address, sizeof staff.actor.address, "%s", address);
    if (!password_fits(&staff, exists, password)) {
        return fail(store, &staff.actor, now_ms, err);
    }

    struct store_txn *txn = NULL;
    status = store_begin_write(store, &txn, err);
    if (status == STATUS_OK) {
        status = hold_unchanged(txn, &staff, err);
    }
    if (status == STATUS_OK) {
        status = sign_in_failure_clear(txn, login, err);
    }
    if (status == STATUS_OK) {
        status = session_begin(txn, &staff.actor, now_ms, out, err);
    }
    if (status == STATUS_OK) {
        status = access_log_append(txn, &staff.actor, now_ms, &(struct access_entry){.what = "signed_in"}, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    if (status == STATUS_OK) {
        out->must_change_password = staff.must_change_password;
        snprintf(out->sections, sizeof out->sections, "%s", staff.sections);
    }
    return status;
}

enum status
password_change(struct store *store, const struct session *session, const char *old, const char *fresh, int64_t now_ms,
                int64_t *out_wait_seconds, struct error_detail *err)
{
    const struct actor *actor = &session->actor;
    struct staff_row staff = {0};
    bool exists = false;
    *out_wait_seconds = 0;
    enum status status = find_user(store, actor->login, now_ms, &staff, &exists, out_wait_seconds, err);
    if (status != STATUS_OK) {
        return status;
    }
    if (!password_fits(&staff, exists, old)) {
        return fail(store, actor, now_ms, err);
    }
    struct staff_row changed = staff;
    changed.must_change_password = false;
    status = password_check_rule(fresh, err);
    if (status == STATUS_OK && strcmp(old, fresh) == 0) {
        error_set(err, "password_too_weak", "新しいパスワードは、今のものと違うものにしてください。");
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = password_hash(changed.password_hash, fresh, err);
    }
    if (status != STATUS_OK) {
        return status;
    }

    uint8_t kept[SHA256_SIZE];
    session_token_hash(kept, session->token);
    struct store_txn *txn = NULL;
    status = store_begin_write(store, &txn, err);
    if (status == STATUS_OK) {
        status = hold_unchanged(txn, &staff, err);
    }
    if (status == STATUS_OK) {
        status = staff_update(txn, &changed, err);
    }
    if (status == STATUS_OK) {
        status = session_end_others(txn, actor->id, kept, err);
    }
    if (status == STATUS_OK) {
        status = staff_record(txn, actor, "password_changed", &staff, &changed, "", now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}
