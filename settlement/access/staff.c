/* A deed reads the person under a lock, changes the copy, and writes row and entry together. Passwords are hashed
 * before: scrypt takes tens of milliseconds, and selling must not wait for it. */
#include "settlement/access/staff.h"

#include "common/bytes/encoding.h"
#include "common/text/utf8.h"
#include "settlement/access/sign_in.h"
#include "settlement/catalogue/catalogue.h"
#include "settlement/store/access_log_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PASSWORD_MARK_BYTES = 8, NAME_MAX_CHARACTERS = 40 };

void
staff_state_text(char out[STAFF_STATE_SIZE], const struct staff_row *row)
{
    uint8_t digest[SHA256_SIZE];
    char mark[2 * PASSWORD_MARK_BYTES + 1];
    sha256(digest, row->password_hash, strlen(row->password_hash));
    hex_encode(mark, digest, PASSWORD_MARK_BYTES);
    const bool has_sections = row->sections[0] != '\0';
    snprintf(out, STAFF_STATE_SIZE, "role=%s active=%d first_password=%d password=%s %s%s%sname=%s",
             role_word(row->actor.role), row->is_active, row->must_change_password, mark,
             has_sections ? "sections=" : "", row->sections, has_sections ? " " : "", row->actor.name);
}

enum status
staff_record(struct store_txn *txn, const struct actor *actor, const char *what, const struct staff_row *before,
             const struct staff_row *after, const char *reason, int64_t now_ms, struct error_detail *err)
{
    char object[LOGIN_SIZE + 8];
    char texts[2][STAFF_STATE_SIZE] = {"", ""};
    snprintf(object, sizeof object, "staff:%s", after->actor.login);
    if (before != NULL) {
        staff_state_text(texts[0], before);
    }
    staff_state_text(texts[1], after);
    const struct access_entry entry = {
        .what = what, .object = object, .before = texts[0], .after = texts[1], .reason = reason};
    return access_log_append(txn, actor, now_ms, &entry, err);
}

bool
staff_sections_hold(const char *sections, const char *section)
{
    const char *at = sections;
    size_t length = strlen(section);
    while (*at != '\0') {
        size_t next = strcspn(at, ",");
        if (next == length && strncmp(at, section, length) == 0) {
            return true;
        }
        at += next + (at[next] == ',' ? 1 : 0);
    }
    return sections[0] == '\0';
}

enum status
password_check_rule(const char *password, struct error_detail *err)
{
    size_t length = strlen(password);
    if (length < PASSWORD_MIN_BYTES || length > PASSWORD_MAX_BYTES || !utf8_is_valid(password, length)) {
        error_set(err, "password_too_weak", "パスワードは%d文字以上%d文字以下にしてください。", PASSWORD_MIN_BYTES,
                  PASSWORD_MAX_BYTES);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
check_login(const char *login, struct error_detail *err)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
    size_t length = strlen(login);
    if (length == 0 || length >= LOGIN_SIZE || strspn(login, allowed) != length || strcmp(login, "cli") == 0) {
        error_set(err, "login_malformed",
                  "利用者IDは半角の英小文字・数字・「.」「-」「_」で64文字以内です(「cli」は使えません)。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* A control character or spaces alone would make a person whom no list shows. */
static bool
is_shown(const char *name)
{
    bool has_ink = false;
    for (const char *at = name; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == '\x7f') {
            return false;
        }
        has_ink = has_ink || *at != ' ';
    }
    return has_ink;
}

static enum status
check_name(const char *name, struct error_detail *err)
{
    size_t length = strlen(name);
    if (length >= PERSON_NAME_SIZE || !utf8_is_valid(name, length) || utf8_count(name) > NAME_MAX_CHARACTERS ||
        !is_shown(name)) {
        error_set(err, "name_malformed", "氏名は1文字以上%d文字以内です。", NAME_MAX_CHARACTERS);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
check_reason(const char *reason, struct error_detail *err)
{
    if (strlen(reason) > STAFF_REASON_MAX_BYTES || !utf8_is_valid(reason, strlen(reason))) {
        error_set(err, "invalid_request", "理由は1000文字以内で書いてください。");
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* Write ROW, its entry, and end. On failure nothing happened. */
static enum status
add(struct store *store, const struct actor *actor, struct staff_row *row, const char *reason, int64_t now_ms,
    struct error_detail *err)
{
    struct store_txn *txn = NULL;
    enum status status = store_begin_write_for(store, actor->municipality, &txn, err);
    if (status == STATUS_OK) {
        status = staff_add(txn, row, now_ms, actor->login, &row->actor.id, err);
    }
    if (status == STATUS_OK) {
        status = staff_record(txn, actor, "user_added", NULL, row, reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(txn, err);
    }
    store_end(txn);
    return status;
}

static enum status
make(struct store *store, const struct actor *actor, const char *login, const char *name, enum role role,
     const char *password, bool must_change_password, const char *reason, int64_t now_ms, struct error_detail *err)
{
    struct staff_row row = {.actor = {.role = role}, .is_active = true, .must_change_password = must_change_password};
    enum status status = check_login(login, err);
    if (status == STATUS_OK) {
        status = check_name(name, err);
    }
    if (status == STATUS_OK) {
        status = check_reason(reason, err);
    }
    if (status == STATUS_OK) {
        status = password_check_rule(password, err);
    }
    if (status == STATUS_OK) {
        status = password_hash(row.password_hash, password, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    snprintf(row.actor.login, sizeof row.actor.login, "%s", login);
    snprintf(row.actor.name, sizeof row.actor.name, "%s", name);
    snprintf(row.actor.municipality, sizeof row.actor.municipality, "%s", actor->municipality);
    return add(store, actor, &row, reason, now_ms, err);
}

enum status
user_add(struct store *store, const struct actor *actor, const char *login, const char *name, enum role role,
         const char *password, int64_t now_ms, struct error_detail *err)
{
    return make(store, actor, login, name, role, password, /* must_change_password = */ false, "", now_ms, err);
}

enum status
staff_create(struct store *store, const struct actor *actor, const char *login, const char *name, enum role role,
             const char *password, const char *reason, int64_t now_ms, struct error_detail *err)
{
    return make(store, actor, login, name, role, password, /* must_change_password = */ true, reason, now_ms, err);
}

/* A deed under way: the transaction, and the person as it found them. */
struct deed {
    struct store_txn *txn;
    struct staff_row before;
    struct staff_row after; /* a copy to change */
    int64_t administrators; /* active ones */
};

/* The administrators are held first and always in one order, so that two of them who take each other away do not both
 * count the other. */
static enum status
begin(struct deed *deed, struct store *store, const struct actor *actor, const char *login, const char *reason,
      struct error_detail *err)
{
    *deed = (struct deed){0};
    enum status status = check_reason(reason, err);
    if (status == STATUS_OK) {
        status = store_begin_write_for(store, actor->municipality, &deed->txn, err);
    }
    if (status == STATUS_OK) {
        status = staff_hold_administrators(deed->txn, actor->municipality, &deed->administrators, err);
    }
    if (status == STATUS_OK) {
        status = staff_hold(deed->txn, actor->municipality, login, &deed->before, err);
    }
    deed->after = deed->before;
    return status;
}

/* SO_FAR: what came of it until here. Writes, commits and ends. */
static enum status
end(struct deed *deed, enum status so_far, const struct actor *actor, const char *what, const char *reason,
    int64_t now_ms, struct error_detail *err)
{
    enum status status = so_far;
    const struct staff_row *after = &deed->after;
    if (status == STATUS_OK) {
        status = staff_update(deed->txn, after, err);
    }
    if (status == STATUS_OK && strcmp(after->sections, deed->before.sections) != 0) {
        status = staff_put_sections(deed->txn, after, err);
    }
    if (status == STATUS_OK && (!after->is_active || strcmp(after->password_hash, deed->before.password_hash) != 0)) {
        status = session_end_others(deed->txn, after->actor.id, NULL, err);
    }
    if (status == STATUS_OK) {
        status = staff_record(deed->txn, actor, what, &deed->before, after, reason, now_ms, err);
    }
    if (status == STATUS_OK) {
        status = store_commit(deed->txn, err);
    }
    store_end(deed->txn);
    return status;
}

static enum status
refuse_own(const struct deed *deed, const struct actor *actor, const char *sentence, struct error_detail *err)
{
    if (deed->before.actor.id != actor->id) {
        return STATUS_OK;
    }
    error_set(err, "own_staff", "%s", sentence);
    return STATUS_UNAUTHORIZED;
}

/* The change would leave nobody who could undo it. */
static enum status
keep_an_administrator(const struct deed *deed, struct error_detail *err)
{
    bool was = deed->before.is_active && deed->before.actor.role == ROLE_ADMINISTRATOR;
    bool is = deed->after.is_active && deed->after.actor.role == ROLE_ADMINISTRATOR;
    if (was && !is && deed->administrators <= 1) {
        error_set(err, "last_administrator",
                  "ほかに有効な管理者がいません。先に別の管理者を登録してから行ってください。");
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

enum status
staff_change(struct store *store, const struct actor *actor, const char *login, const char *name, enum role role,
             const char *reason, int64_t now_ms, struct error_detail *err)
{
    struct deed deed = {0};
    enum status status = check_name(name, err);
    if (status == STATUS_OK) {
        status = begin(&deed, store, actor, login, reason, err);
    }
    if (status == STATUS_OK && role != deed.before.actor.role) {
        status = refuse_own(&deed, actor, "自分の役割は変えられません。別の管理者に頼んでください。", err);
    }
    if (status == STATUS_OK) {
        snprintf(deed.after.actor.name, sizeof deed.after.actor.name, "%s", name);
        deed.after.actor.role = role;
        deed.after.sections[0] = role == ROLE_APPROVER ? deed.after.sections[0] : '\0';
        status = keep_an_administrator(&deed, err);
    }
    if (status == STATUS_OK && role == deed.before.actor.role && strcmp(name, deed.before.actor.name) == 0) {
        error_set(err, "wrong_state", "氏名も役割も今と同じです。何も変えていません。");
        status = STATUS_CONFLICT;
    }
    return end(&deed, status, actor, "user_changed", reason, now_ms, err);
}

static int
compare_codes(const void *one, const void *other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* The masters have CODE among their 所属. */
static bool
is_section(const struct catalogue *catalogue, const char *code)
{
    const struct json_value *row = json_first(catalogue_table(catalogue, "sections"));
    const char *found = "";
    while (row != NULL && !(json_as_text(json_member(row, "code"), &found) && strcmp(found, code) == 0)) {
        row = json_next(row);
    }
    return row != NULL && strchr(code, ',') == NULL;
}

/* COUNT codes in order and once each, joined, when the masters know them all. */
static enum status
join_sections(char out[STAFF_SECTIONS_SIZE], const struct catalogue *catalogue, const char *const *sections,
              size_t count, struct error_detail *err)
{
    const char *sorted[STAFF_SECTIONS_MAX];
    size_t length = 0;
    out[0] = '\0';
    memcpy(sorted, sections, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_codes);
    for (size_t i = 0; i < count; i++) {
        if (!is_section(catalogue, sorted[i]) || length + strlen(sorted[i]) + 2 > STAFF_SECTIONS_SIZE) {
            error_set(err, "invalid_request", "所属「%s」はマスタにありません。一覧を読み直してください。", sorted[i]);
            return STATUS_INVALID;
        }
        if (i == 0 || strcmp(sorted[i], sorted[i - 1]) != 0) {
            length +=
                (size_t)snprintf(out + length, STAFF_SECTIONS_SIZE - length, "%s%s", i == 0 ? "" : ",", sorted[i]);
        }
    }
    return STATUS_OK;
}

static enum status
choose_sections(struct deed *deed, const struct actor *actor, const char *const *sections, size_t count,
                struct error_detail *err)
{
    struct catalogue *catalogue = NULL;
    if (deed->before.actor.role != ROLE_APPROVER) {
        error_set(err, "wrong_state", "承認する所属を決められるのは、承認者だけです。");
        return STATUS_CONFLICT;
    }
    enum status status = catalogue_load(&catalogue, deed->txn, actor->municipality, err);
    if (status == STATUS_OK) {
        status = join_sections(deed->after.sections, catalogue, sections, count, err);
    }
    catalogue_destroy(catalogue);
    if (status == STATUS_OK && strcmp(deed->after.sections, deed->before.sections) == 0) {
        error_set(err, "wrong_state", "承認する所属は今と同じです。何も変えていません。");
        status = STATUS_CONFLICT;
    }
    return status;
}

enum status
staff_set_sections(struct store *store, const struct actor *actor, const char *login, const char *const *sections,
                   size_t count, const char *reason, int64_t now_ms, struct error_detail *err)
{
    struct deed deed = {0};
    enum status status = STATUS_OK;
    if (count > STAFF_SECTIONS_MAX) {
        error_set(err, "invalid_request", "所属は%d件まで選べます。選ばなければ、すべての所属です。",
                  STAFF_SECTIONS_MAX);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        status = begin(&deed, store, actor, login, reason, err);
    }
    if (status == STATUS_OK) {
        status = refuse_own(&deed, actor, "自分の所属は変えられません。別の管理者に頼んでください。", err);
    }
    if (status == STATUS_OK) {
        status = choose_sections(&deed, actor, sections, count, err);
    }
    return end(&deed, status, actor, "user_scoped", reason, now_ms, err);
}

enum status
staff_set_active(struct store *store, const struct actor *actor, const char *login, bool is_active, const char *reason,
                 int64_t now_ms, struct error_detail *err)
{
    struct deed deed;
    enum status status = begin(&deed, store, actor, login, reason, err);
    if (status == STATUS_OK) {
        status = refuse_own(&deed, actor, "自分の利用は止められません。別の管理者に頼んでください。", err);
    }
    if (status == STATUS_OK && is_active == deed.before.is_active) {
        error_set(err, "wrong_state", "%sさんの利用は、もう%s。一覧を読み直してください。", deed.before.actor.name,
                  is_active ? "有効です" : "止めてあります");
        status = STATUS_CONFLICT;
    }
    if (status == STATUS_OK) {
        deed.after.is_active = is_active;
        status = keep_an_administrator(&deed, err);
    }
    return end(&deed, status, actor, is_active ? "user_reactivated" : "user_deactivated", reason, now_ms, err);
}

enum status
staff_reset_password(struct store *store, const struct actor *actor, const char *login, const char *password,
                     const char *reason, int64_t now_ms, struct error_detail *err)
{
    struct deed deed = {0};
    char hash[PASSWORD_HASH_TEXT_SIZE];
    enum status status = password_check_rule(password, err);
    if (status == STATUS_OK) {
        status = password_hash(hash, password, err);
    }
    if (status == STATUS_OK) {
        status = begin(&deed, store, actor, login, reason, err);
    }
    if (status == STATUS_OK) {
        status = refuse_own(&deed, actor, "自分のパスワードは、右上の「パスワードを変える」で変えてください。", err);
    }
    if (status == STATUS_OK) {
        snprintf(deed.after.password_hash, sizeof deed.after.password_hash, "%s", hash);
        deed.after.must_change_password = true;
        status = sign_in_failure_clear(deed.txn, login, err);
    }
    return end(&deed, status, actor, "password_reset", reason, now_ms, err);
}
